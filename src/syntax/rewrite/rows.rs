//! Reference rows that come, change and go: each in the block of its environments.

use std::collections::{BTreeSet, HashSet};

use super::object::opens;
use super::{Rewriter, lines};
use crate::diagnostic::SourceId;
use crate::document::write::Writer;
use crate::document::{Document, Node};
use crate::model::{DataSet, Place, Row};
use crate::name::{Name, ObjectName};
use crate::syntax::data::{environments, write_data, write_part, write_row};
use crate::syntax::reading::Scope;

/// A block of reference rows, with the environments that it is limited to.
type Block<'n> = (Vec<Name>, &'n Node<'n>);

impl Rewriter<'_> {
    pub(super) fn rows(&mut self, documents: &[(SourceId, Document<'_>)]) {
        let (parsed, wanted) = (self.parsed, self.wanted);
        for before in &parsed.state.data {
            let name = &before.name;
            // They go with the namespace.
            if name.namespace.as_ref().is_some_and(|name| !wanted.namespaces.contains(name)) {
                continue;
            }
            match wanted.data.get(name) {
                None => blocks(documents, name).iter().for_each(|(_, node)| self.take_out(node)),
                Some(after) if after != before => self.data(&blocks(documents, name), before, after),
                Some(_) => {}
            }
        }
    }

    fn data(&mut self, blocks: &[Block<'_>], before: &DataSet, after: &DataSet) {
        let wanted = after.by_environments();
        let stays = |(only_env, _): &&Block<'_>| wanted.contains_key(&**only_env);
        let Some((_, anchor)) = blocks.iter().rfind(stays).filter(|_| before.key == after.key) else {
            return self.all(blocks, after);
        };
        for (only_env, node) in blocks {
            match wanted.get(&**only_env) {
                None => self.take_out(node),
                Some(rows) => self.block(node, before, (after, only_env, rows)),
            }
        }
        let is_there = |of: &[Name]| blocks.iter().any(|(only_env, _)| only_env == of);
        for (only_env, rows) in wanted.iter().filter(|(only_env, _)| !is_there(only_env)) {
            let mut w = Writer::new();
            write_part(&mut w, after, (only_env, rows), Scope::In(after.name.namespace.as_ref()));
            self.edits.push(lines::below(self.text(anchor.span.source), anchor, &w.finish()));
        }
    }

    /// Writes all rows anew in place of the first block.
    fn all(&mut self, blocks: &[Block<'_>], after: &DataSet) {
        let Some(((_, first), others)) = blocks.split_first() else { return };
        let mut w = Writer::new();
        write_data(&mut w, after, Scope::In(after.name.namespace.as_ref()));
        let edits = self.changed(first, "", &w.finish(), false);
        self.edits.extend(edits);
        others.iter().for_each(|(_, node)| self.take_out(node));
    }

    /// Edits the rows of one block.
    fn block(
        &mut self,
        node: &Node<'_>,
        before: &DataSet,
        (after, only_env, rows): (&DataSet, &[Name], &[&Row]),
    ) {
        let print = |row: &Row| {
            let mut w = Writer::new();
            write_row(&mut w, "row", row);
            w.finish()
        };
        let own = |(_, row): &(_, &Row)| *row.only_env == *only_env;
        let mut gone = HashSet::new();
        for (key, old) in before.rows.iter().filter(own) {
            let Some(here) = self.node(&Place::Row(before.name.clone(), key.clone())) else { continue };
            match after.rows.get(key).filter(|new| *new.only_env == *only_env) {
                None => {
                    gone.insert(here.span);
                    self.take_out(here);
                }
                Some(new) if new != old => {
                    let edits = self.changed(here, &print(old), &print(new), false);
                    self.edits.extend(edits);
                }
                Some(_) => {}
            }
        }
        let known: BTreeSet<_> = before.rows.iter().filter(own).map(|(key, _)| key).collect();
        for row in rows {
            if row.key(&after.key).is_some_and(|key| !known.contains(&key)) {
                self.put(node, "row", &print(row), &gone);
            }
        }
    }

    fn take_out(&mut self, node: &Node<'_>) {
        let edit = self.removed(node);
        self.edits.push(edit);
    }
}

/// The blocks of the reference rows of a table.
fn blocks<'n>(documents: &'n [(SourceId, Document<'n>)], name: &ObjectName) -> Vec<Block<'n>> {
    let top = documents.iter().flat_map(|(_, document)| &document.nodes);
    let nodes: Vec<&Node<'_>> = match &name.namespace {
        None => top.collect(),
        Some(namespace) => top.filter(|node| opens(node, namespace)).flat_map(Node::children).collect(),
    };
    let is_own = |node: &&Node<'_>| {
        let table = node.entries.iter().find(|entry| entry.name.is_none()).and_then(|entry| entry.as_str());
        node.name.as_str() == "data" && table == Some(name.name.as_str())
    };
    let block = |node: &'n Node<'n>| {
        let word = |entry: &&crate::document::Entry<'_>| {
            entry.name.as_ref().is_some_and(|name| name.as_str() == "only-env")
        };
        let only_env = node.entries.iter().find(word).and_then(|entry| environments(entry.as_str()?));
        (only_env.unwrap_or_default(), node)
    };
    nodes.into_iter().filter(is_own).map(block).collect()
}
