//! What rests on what, by the names in the state. Most of it the catalog says. What bodies of functions say is only
//! guessed from their words, and so gives way wherever it would close a circle.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use petgraph::algo::tarjan_scc;
use petgraph::graph::DiGraph;

use super::body;
use crate::diagnostic::Diagnostic;
use crate::dialect::CatalogRows;
use crate::dialect::postgres::RULES;
use crate::dialect::postgres::catalog::DEPENDENCY;
use crate::dialect::postgres::inspect::build::{Build, Draft, Need};
use crate::dialect::postgres::inspect::cells_of;
use crate::model::State;
use crate::name::{Name, ObjectName};
use crate::sql::identifiers;

/// What each object rests on.
#[derive(Debug, Default)]
pub(super) struct Dependencies {
    by_key: HashMap<String, ObjectName>,
    needs: HashMap<ObjectName, BTreeSet<ObjectName>>,
    /// What needs something unmanaged, by the place of that in the list.
    strangers: BTreeMap<usize, BTreeSet<ObjectName>>,
}

/// How an object is called among all: what dependencies call its kind, and its identity.
pub(super) fn key(class: &str, identity: &str) -> String {
    format!("{class} {identity}")
}

/// What a word in a body can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    /// A table, a view, a type: anything that stands without arguments.
    Thing,
    Function,
}

impl Dependencies {
    /// What the rows say, of drafts that have their names and of all that the state has.
    pub(super) fn read(rows: &CatalogRows, drafts: &[Draft], build: &Build<'_>) -> Result<Self, Diagnostic> {
        let state = &build.inspection.state;
        let mut edges: HashMap<String, Vec<String>> = HashMap::new();
        for cells in cells_of(rows, DEPENDENCY) {
            let to = key(cells.text(2)?, cells.text(3)?);
            edges.entry(key(cells.text(0)?, cells.text(1)?)).or_default().push(to);
        }
        let mut found = Self::default();
        let nodes = edges.iter().flat_map(|(from, to)| to.iter().chain([from]));
        for key in nodes {
            if let Some(name) = node(key, build) {
                found.by_key.insert(key.clone(), name);
            }
        }
        found.by_key.extend(build.follows.iter().map(|(key, table)| (key.clone(), table.clone())));
        found.by_key.extend(drafts.iter().map(|draft| (draft.key.clone(), draft.name.clone())));
        for (key, name) in &found.by_key {
            let needs = found.needs.entry(name.clone()).or_default();
            needs.extend(beneath(key, &edges, &found.by_key));
            let strangers = edges.get(key).into_iter().flatten();
            for place in strangers.filter_map(|key| build.strangers.get(key)) {
                found.strangers.entry(*place).or_default().insert(name.clone());
            }
        }
        for draft in drafts {
            let needed = draft.needs.iter().filter_map(|need| match need {
                Need::Named(name) => Some(name.clone()),
                Need::Draft(key) => found.by_key.get(key).cloned(),
            });
            found.needs.entry(draft.name.clone()).or_default().extend(needed);
        }
        for table in &state.tables {
            let others = table.foreign_keys.iter().map(|key| key.table.clone());
            found.needs.entry(table.name.clone()).or_default().extend(others);
        }
        for (name, needs) in &mut found.needs {
            needs.remove(name);
        }
        found.guess(drafts, build);
        Ok(found)
    }

    /// What rests on something unmanaged, by the place of that in the list.
    pub(super) fn of_strangers(&self) -> BTreeMap<usize, BTreeSet<ObjectName>> {
        self.strangers.clone()
    }

    /// What an object rests on.
    pub(super) fn of(&self, name: &ObjectName) -> BTreeSet<ObjectName> {
        self.needs.get(name).cloned().unwrap_or_default()
    }

    /// Adds what the bodies of functions mention.
    fn guess(&mut self, drafts: &[Draft], build: &Build<'_>) {
        let state = &build.inspection.state;
        let mut meanings: HashMap<String, Vec<(Meaning, ObjectName)>> = HashMap::new();
        for name in state.tables.keys().chain(state.views.keys()).chain(state.enums.keys()) {
            meanings.entry(name.name.to_string()).or_default().push((Meaning::Thing, name.clone()));
        }
        for draft in drafts {
            let meaning = match draft.key.split(' ').next() {
                Some("relation" | "type") => Meaning::Thing,
                Some("function") => Meaning::Function,
                Some(_) | None => continue,
            };
            if let Some((_, own)) = names(&draft.key) {
                meanings.entry(own.to_string()).or_default().push((meaning, draft.name.clone()));
            }
        }
        for draft in drafts.iter().filter(|draft| matches!(draft.kind, "function" | "procedure")) {
            for mention in body::mentions(&draft.create) {
                let candidates = meanings.get(&mention.name).into_iter().flatten();
                let fits = |meaning: Meaning| meaning == Meaning::Thing || mention.is_called;
                let candidates = candidates.filter(|(meaning, _)| fits(*meaning)).map(|(_, name)| name);
                let namespace = mention.namespace.as_deref().and_then(|of| Name::new(of).ok());
                let wanted = namespace.map(|of| build.namespace(of));
                let is_near = |name: &&ObjectName| name.namespace == wanted.clone().flatten();
                let mut found: Vec<&ObjectName> = candidates.clone().filter(is_near).collect();
                if found.is_empty() && wanted.is_none() {
                    found = candidates.collect();
                }
                for other in found {
                    if *other != draft.name && !self.reaches(other, &draft.name) {
                        self.needs.entry(draft.name.clone()).or_default().insert(other.clone());
                    }
                }
            }
        }
    }

    /// Whether an object rests on another, directly or through others.
    fn reaches(&self, from: &ObjectName, to: &ObjectName) -> bool {
        let mut left = vec![from];
        let mut seen: HashSet<&ObjectName> = HashSet::new();
        while let Some(name) = left.pop() {
            if name == to {
                return true;
            }
            if seen.insert(name) {
                left.extend(self.needs.get(name).into_iter().flatten());
            }
        }
        false
    }

    /// Writes down what views rest on, where their words don't tell: raw objects always, other views where words that
    /// mean something else would close a circle.
    pub(super) fn declare(&self, state: &mut State) {
        let mut by_word: HashMap<String, Vec<ObjectName>> = HashMap::new();
        for name in state.views.keys() {
            by_word.entry(name.name.as_str().to_lowercase()).or_default().push(name.clone());
        }
        let mut edges: Vec<(&ObjectName, &ObjectName)> =
            self.needs.iter().flat_map(|(from, to)| to.iter().map(move |to| (from, to))).collect();
        for view in &state.views {
            for word in view.query.values().flat_map(|query| identifiers(query, &RULES)) {
                let others = by_word.get(&word.name.to_lowercase()).into_iter().flatten();
                edges.extend(others.filter(|other| **other != view.name).map(|other| (&view.name, other)));
            }
        }
        let circled = circled(&edges);
        let views: HashSet<ObjectName> = state.views.keys().cloned().collect();
        // These come before views in any case.
        let others: HashSet<ObjectName> = state.tables.keys().chain(state.enums.keys()).cloned().collect();
        for view in state.views.iter_mut() {
            let is_said = |name: &ObjectName| {
                !others.contains(name) && (!views.contains(name) || circled.contains(&view.name))
            };
            view.depends_on = self.of(&view.name).into_iter().filter(is_said).collect();
        }
    }
}

/// The objects that rest on each other in a circle.
fn circled(edges: &[(&ObjectName, &ObjectName)]) -> HashSet<ObjectName> {
    let mut graph: DiGraph<&ObjectName, ()> = DiGraph::new();
    let mut nodes = HashMap::new();
    for (from, to) in edges {
        let [from, to] = [*from, *to].map(|name| *nodes.entry(name).or_insert_with(|| graph.add_node(name)));
        graph.add_edge(from, to, ());
    }
    let circles = tarjan_scc(&graph).into_iter().filter(|circle| circle.len() > 1);
    circles.flatten().filter_map(|node| graph.node_weight(node).map(|name| (*name).clone())).collect()
}

/// The table, view or enum that a key is of, if it is of one.
fn node(key: &str, build: &Build<'_>) -> Option<ObjectName> {
    let state = &build.inspection.state;
    let (namespace, name) = names(key)?;
    let name = ObjectName { namespace: build.namespace(namespace), name };
    let is_there = match key.split(' ').next()? {
        "relation" => state.tables.contains(&name) || state.views.contains(&name),
        "type" => state.enums.contains(&name),
        _ => false,
    };
    is_there.then_some(name)
}

/// The namespace and the name that an identity begins with.
fn names(key: &str) -> Option<(Name, Name)> {
    let (_, identity) = key.split_once(' ')?;
    let mut parts = identifiers(identity, &RULES).map(|part| Name::new(&part.name).ok());
    Some((parts.next()??, parts.next()??))
}

/// The known objects that an object rests on, directly or through what is not known itself: an extension through its
/// members, a range through its functions.
fn beneath(
    key: &str,
    edges: &HashMap<String, Vec<String>>,
    known: &HashMap<String, ObjectName>,
) -> BTreeSet<ObjectName> {
    let mut left: Vec<&String> = edges.get(key).into_iter().flatten().collect();
    let mut seen: HashSet<&String> = HashSet::new();
    let mut found = BTreeSet::new();
    while let Some(next) = left.pop() {
        if !seen.insert(next) {
            continue;
        }
        match known.get(next) {
            Some(name) => drop(found.insert(name.clone())),
            None => left.extend(edges.get(next).into_iter().flatten()),
        }
    }
    found
}
