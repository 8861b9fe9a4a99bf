//! Alembic's versions: who they are and on whom they build, read from what their files say at the top level.

use std::collections::{BTreeMap, BTreeSet};

use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;

use super::Folder;
use super::errors::{E901, E902, E907, E908};
use super::python::{self, Value};
use crate::diagnostic::Diagnostic;

/// How many names a message has.
const NAMED_MAX: usize = 5;

/// One version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// Its id.
    pub id: String,
    /// The ids of those that it builds on.
    pub parents: Vec<String>,
    /// The ids of those that it depends on beside them.
    pub depends_on: Vec<String>,
    /// The names of the branch that it begins.
    pub labels: Vec<String>,
    /// What it is for: the first line of its docstring.
    pub message: String,
    /// Its file.
    pub file: String,
}

/// All versions of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Graph {
    versions: BTreeMap<String, Version>,
}

impl Graph {
    /// Reads the versions of a folder.
    ///
    /// # Errors
    /// There are none; one computes what it is; two have the same id; one that others name is missing.
    pub fn read(folder: &Folder) -> Result<Self, Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let mut versions: BTreeMap<String, Version> = BTreeMap::new();
        for (path, text) in folder {
            let name = path.rsplit('/').next().unwrap_or(path);
            let Some(text) = text.as_deref().filter(|_| name.ends_with(".py") && name != "__init__.py")
            else {
                continue;
            };
            match version(path, text) {
                Ok(version) => {
                    let (id, file) = (version.id.clone(), version.file.clone());
                    if let Some(other) = versions.insert(id.clone(), version) {
                        let message = format!("`{}` and `{file}` are both version `{id}`", other.file);
                        let help = "remove the one that has never run, or give it an id of its own";
                        problems.push(Diagnostic::error(&E902, message).help(help));
                    }
                }
                Err(found) => problems.extend(found),
            }
        }
        if problems.is_empty() && versions.is_empty() {
            let message = "Alembic finds no versions in the folder: they are files `*.py` with a `revision`";
            let help = "name the folder that has `env.py` and `versions/`, or that of the versions itself";
            problems.push(Diagnostic::error(&E901, message).help(help));
        }
        let mut graph = Self { versions };
        graph.resolve(&mut problems);
        problems.extend(graph.circle());
        if problems.is_empty() { Ok(graph) } else { Err(problems) }
    }

    /// Every version, by its id.
    pub fn versions(&self) -> impl ExactSizeIterator<Item = &Version> {
        self.versions.values()
    }

    /// The version with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Version> {
        self.versions.get(id)
    }

    /// The versions that none builds on.
    #[must_use]
    pub fn heads(&self) -> Vec<&Version> {
        let parents: BTreeSet<&String> = self.versions().flat_map(|version| &version.parents).collect();
        self.versions().filter(|version| !parents.contains(&version.id)).collect()
    }

    /// The versions that a database at these lacks, in the order of their ids.
    #[must_use]
    pub fn pending(&self, at: &[String]) -> Vec<&Version> {
        let mut has: BTreeSet<&str> = BTreeSet::new();
        let mut open: Vec<&str> = at.iter().map(String::as_str).collect();
        while let Some(id) = open.pop() {
            if let Some(version) = self.versions.get(id)
                && has.insert(&version.id)
            {
                open.extend(version.parents.iter().chain(&version.depends_on).map(String::as_str));
            }
        }
        self.versions().filter(|version| !has.contains(version.id.as_str())).collect()
    }

    /// Looks up what versions name: parents by id, dependencies also by the start of an id or by a label.
    fn resolve(&mut self, problems: &mut Vec<Diagnostic>) {
        let known: BTreeMap<String, Vec<String>> =
            self.versions().map(|version| (version.id.clone(), version.labels.clone())).collect();
        let find = |name: &str| {
            let mut starts = known.keys().filter(|id| id.starts_with(name));
            let by_start = starts.next().filter(|_| starts.next().is_none());
            let by_label = || known.iter().find(|(_, labels)| labels.iter().any(|label| label == name));
            known.get_key_value(name).map(|(id, _)| id).or(by_start).or_else(|| by_label().map(|(id, _)| id))
        };
        for version in self.versions.values_mut() {
            let Version { id, parents, depends_on, file, .. } = version;
            let mut missing = |name: &str| {
                let message = format!("`{file}` builds on `{name}`, and no file is that version");
                let help = format!("put the file of `{name}` back, or correct `{id}`");
                problems.push(Diagnostic::error(&E908, message).help(help));
            };
            parents.iter().filter(|name| !known.contains_key(*name)).for_each(|name| missing(name));
            for name in depends_on {
                match find(name) {
                    Some(found) => name.clone_from(found),
                    None => missing(name),
                }
            }
        }
    }

    /// Versions that build on each other in a circle.
    fn circle(&self) -> Option<Diagnostic> {
        let ids: Vec<&String> = self.versions.keys().collect();
        let place = |id: &String| ids.binary_search(&id).ok();
        let edges = self.versions().enumerate().flat_map(|(at, version)| {
            let names = version.parents.iter().chain(&version.depends_on);
            names.filter_map(place).map(move |below| (at, below))
        });
        let graph: DiGraph<(), (), usize> = DiGraph::from_edges(edges);
        let circles = tarjan_scc(&graph).into_iter().filter(|nodes| match nodes.as_slice() {
            [alone] => graph.contains_edge(*alone, *alone),
            _ => true,
        });
        let circles = circles.map(|nodes| {
            let mut names: Vec<&String> = nodes.into_iter().map(|node| ids[node.index()]).collect();
            names.sort();
            names
        });
        let names: Vec<String> =
            circles.min()?.into_iter().take(NAMED_MAX).map(|id| format!("`{id}`")).collect();
        let message = format!("versions build on each other in a circle: {}", names.join(", "));
        Some(Diagnostic::error(&E908, message).help("correct `down_revision` in one of their files"))
    }
}

/// The version that a file is.
fn version(path: &str, text: &str) -> Result<Version, Vec<Diagnostic>> {
    let module = python::read(text);
    let mut problems = Vec::new();
    let mut names = |name: &str| match texts(module.values.get(name)) {
        Some(names) => names,
        None => {
            problems.push(computed(path, name));
            Vec::new()
        }
    };
    let mut ids = names("revision");
    let (parents, labels, depends_on) = (names("down_revision"), names("branch_labels"), names("depends_on"));
    let id = ids.pop();
    let Some(id) = id.filter(|_| ids.is_empty() && problems.is_empty()) else {
        if problems.is_empty() {
            let message = format!("`{path}` has no `revision` at its top level");
            let help = "write it as `revision = \"…\"`, or move the file out of the folder";
            problems.push(Diagnostic::error(&E907, message).help(help));
        }
        return Err(problems);
    };
    let docstring = module.docstring.unwrap_or_default();
    let message =
        docstring.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned();
    Ok(Version { id, parents, depends_on, labels, message, file: path.to_owned() })
}

fn computed(path: &str, name: &str) -> Diagnostic {
    let message = format!("`{path}` computes its `{name}`, and no code is run here");
    Diagnostic::error(&E907, message)
        .help("write the value out as text, `None` or a tuple of texts: `alembic history` prints it")
}

/// The texts of a value; `None` for one that is computed.
fn texts(value: Option<&Value>) -> Option<Vec<String>> {
    match value {
        None | Some(Value::None) => Some(Vec::new()),
        Some(Value::Text(text)) => Some(vec![text.clone()]),
        Some(Value::List(items)) => items
            .iter()
            .map(|item| match item {
                Value::Text(text) => Some(text.clone()),
                Value::None | Value::List(_) | Value::Computed => None,
            })
            .collect(),
        Some(Value::Computed) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder(files: &[(&str, &str)]) -> Folder {
        files.iter().map(|(path, text)| ((*path).to_owned(), Some((*text).to_owned()))).collect()
    }

    fn problems(files: &[(&str, &str)]) -> Vec<String> {
        let problems = Graph::read(&folder(files)).unwrap_err();
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_graph_is_read_from_the_files() {
        let graph = Graph::read(&folder(&[
            ("a.py", "\"\"\"first\n\nmore\"\"\"\nrevision = 'aa11'\ndown_revision = None\nbranch_labels = ('main',)\n"),
            ("b.py", "revision = 'bb'\ndown_revision = 'aa11'\n"),
            ("c.py", "revision = 'cc'\ndown_revision = None\ndepends_on = 'aa'\n"),
            ("d.py", "revision = 'dd'\ndown_revision = ('bb', 'cc')\n"),
            ("e.py", "revision = 'ee'\ndown_revision = 'dd'\ndepends_on = ('main', )\n"),
            ("sub/f.py", "revision = 'ff'\ndown_revision = 'dd'\n"),
            ("__init__.py", "x = 1"),
        ]))
        .unwrap();
        let ids = |versions: Vec<&Version>| versions.iter().map(|one| one.id.clone()).collect::<Vec<_>>();
        assert_eq!(graph.get("aa11").unwrap().message, "first");
        assert_eq!(ids(graph.heads()), ["ee", "ff"]);
        assert_eq!(graph.get("ee").unwrap().depends_on, ["aa11"]);
        assert_eq!(ids(graph.pending(&["dd".to_owned()])), ["ee", "ff"]);
        assert_eq!(ids(graph.pending(&["cc".to_owned()])), ["bb", "dd", "ee", "ff"]);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_file() {
        insta::assert_debug_snapshot!(problems(&[
            ("a.py", "revision = make()\ndown_revision = None\n"),
            ("b.py", "if True:\n    revision = 'b'\n"),
        ]), @r#"
        [
            "E907: `a.py` computes its `revision`, and no code is run here",
            "E907: `b.py` has no `revision` at its top level",
        ]
        "#);
        insta::assert_debug_snapshot!(problems(&[
            ("a.py", "revision = 'a'\n"),
            ("b.py", "revision = 'a'\n"),
            ("c.py", "revision = 'c'\ndown_revision = 'gone'\n"),
        ]), @r#"
        [
            "E902: `a.py` and `b.py` are both version `a`",
            "E908: `c.py` builds on `gone`, and no file is that version",
        ]
        "#);
        insta::assert_debug_snapshot!(problems(&[
            ("a.py", "revision = 'a'\ndown_revision = 'b'\n"),
            ("b.py", "revision = 'b'\ndown_revision = 'a'\n"),
        ]), @r#"
        [
            "E908: versions build on each other in a circle: `a`, `b`",
        ]
        "#);
        insta::assert_debug_snapshot!(problems(&[
            ("a.py", "revision = 'aa11'\n"),
            ("b.py", "revision = 'b'\ndown_revision = 'aa'\n"),
            ("c.py", "revision = 'c'\ndown_revision = 'c'\n"),
            ("d.py", "revision = 'd'\ndown_revision = 'c'\n"),
        ]), @r#"
        [
            "E908: `b.py` builds on `aa`, and no file is that version",
            "E908: versions build on each other in a circle: `c`",
        ]
        "#);
        assert_eq!(problems(&[("a.sql", "")]).len(), 1);
    }
}
