//! A state written into the schema files that declare another one: what differs is edited where it stands, all else
//! stays byte for byte. Whoever calls this reads the result again; should an edit have missed, nothing is lost. No I/O.

mod home;
mod lines;
mod object;
mod part;
mod patch;
mod rows;
mod table;

use std::collections::{BTreeMap, HashMap, HashSet};

use super::errors::E113;
use super::parse::Parsed;
use super::types::Marks;
use crate::diagnostic::{Diagnostic, SourceId, Sources, Span};
use crate::document::{self, Document, Node};
use crate::model::State;
use crate::name::ObjectName;
use lines::Edit;
use part::Users;

/// Files with another text than before.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rewritten {
    /// Those that were there.
    pub edited: BTreeMap<SourceId, String>,
    /// Those that are new, by their paths below the folder of the schema.
    pub added: BTreeMap<String, String>,
}

/// How much of a node that changes is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Care {
    /// Everything that says the same as before.
    Entries,
    /// Its place: it is printed anew.
    Nodes,
}

/// Edits the files so that they declare another state.
///
/// # Errors
/// E113: something comes from a template and is not to change for all that use it.
pub fn rewrite(
    sources: &Sources,
    files: &[SourceId],
    parsed: &Parsed,
    wanted: &State,
    care: Care,
) -> Result<Rewritten, Vec<Diagnostic>> {
    let documents: Vec<(SourceId, Document<'_>)> =
        files.iter().map(|file| (*file, document::read(*file, &sources.get(*file).text).0)).collect();
    let enums: HashSet<ObjectName> = wanted.enums.keys().cloned().collect();
    let mut rewriter = Rewriter {
        sources,
        files,
        parsed,
        wanted,
        care,
        marks: Marks::WhereNeeded(&enums),
        nodes: Nodes::of(&documents),
        users: Users::default(),
        edits: Vec::new(),
        shared: HashMap::new(),
        problems: Vec::new(),
    };
    rewriter.objects(&documents);
    rewriter.tables();
    rewriter.settle_shared();
    let mut rewritten = Rewritten::default();
    rewriter.add_new(&documents, &mut rewritten);
    let Rewriter { edits, problems, .. } = rewriter;
    if !problems.is_empty() {
        return Err(problems);
    }
    for file in files {
        let own: Vec<&Edit> = edits.iter().filter(|edit| edit.source == *file).collect();
        let text = &sources.get(*file).text;
        if own.is_empty() {
            continue;
        }
        let new = lines::apply(text, &own).unwrap_or_else(|| text.to_string());
        rewritten.edited.insert(*file, new);
    }
    Ok(rewritten)
}

struct Rewriter<'r> {
    sources: &'r Sources,
    files: &'r [SourceId],
    parsed: &'r Parsed,
    wanted: &'r State,
    care: Care,
    marks: Marks<'r>,
    nodes: Nodes<'r>,
    users: Users,
    edits: Vec<Edit>,
    /// What is to happen to nodes of templates, with the tables that want it.
    shared: HashMap<Span, Vec<(ObjectName, String, Vec<Edit>)>>,
    problems: Vec<Diagnostic>,
}

impl<'r> Rewriter<'r> {
    fn text(&self, source: SourceId) -> &'r str {
        &self.sources.get(source).text
    }

    /// The edits that make a node's printed form `after` where it was `before`.
    fn changed(&self, node: &Node<'_>, before: &str, after: &str, flat: bool) -> Vec<Edit> {
        let text = self.text(node.span.source);
        let (old, _) = document::read(node.span.source, before);
        let (new, _) = document::read(node.span.source, after);
        if let ([old], [new], Care::Entries) = (&*old.nodes, &*new.nodes, self.care) {
            let written = |text, node| patch::Written { text, node };
            let (old, new) = (written(before, old), written(after, new));
            if let Some(edits) = patch::patch(patch::Written { text, node }, old, new, flat) {
                return edits;
            }
        }
        let indent = lines::indentation(text, node.span.range().start).unwrap_or_default();
        vec![Edit::replace(node.span, lines::indented(after, indent))]
    }

    fn removed(&self, node: &Node<'_>) -> Edit {
        lines::remove(self.text(node.span.source), node, self.nodes.floor(node))
    }

    /// Edits templates where all tables that use one want the same.
    fn settle_shared(&mut self) {
        let mut spans: Vec<Span> = self.shared.keys().copied().collect();
        spans.sort();
        for span in spans {
            let Some(asked) = self.shared.remove(&span) else { continue };
            let Some((table, what, edits)) = asked.first() else { continue };
            let agreed = asked.iter().all(|(_, _, other)| other == edits);
            if agreed && asked.len() == self.users.count(span) {
                self.edits.extend(edits.clone());
                continue;
            }
            let message = format!("{what} of `{table}` comes from a template, which other tables use");
            let help = format!("write the nodes of the template into `{table}` in place of its `use`");
            self.problems.push(Diagnostic::error(&E113, message).at(span, "").help(help));
        }
    }
}

/// The nodes of all files by their places.
struct Nodes<'n> {
    by_span: HashMap<Span, &'n Node<'n>>,
    /// For each node, where what stands in front of it ends.
    floors: HashMap<Span, usize>,
}

impl<'n> Nodes<'n> {
    fn of(documents: &'n [(SourceId, Document<'n>)]) -> Self {
        let mut nodes = Self { by_span: HashMap::new(), floors: HashMap::new() };
        documents.iter().for_each(|(_, document)| nodes.add(&document.nodes, 0));
        nodes
    }

    fn add(&mut self, list: &'n [Node<'n>], start: usize) {
        let mut floor = start;
        for node in list {
            self.by_span.insert(node.span, node);
            self.floors.insert(node.span, floor);
            floor = node.span.range().end;
            if let Some(block) = &node.block {
                self.add(&block.nodes, block.span.range().start + 1);
            }
        }
    }

    fn get(&self, span: Span) -> Option<&'n Node<'n>> {
        self.by_span.get(&span).copied()
    }

    fn floor(&self, node: &Node<'_>) -> usize {
        self.floors.get(&node.span).copied().unwrap_or_default()
    }
}
