//! What is declared at the top or in a `schema` block and stays or goes: everything but the blocks of tables.

use super::Rewriter;
use crate::diagnostic::SourceId;
use crate::document::write::{Literal, Writer};
use crate::document::{Document, Node};
use crate::model::{Collection, Named, Namespace, Place};
use crate::name::{Name, ObjectName};
use crate::syntax::object::{write_enum_in, write_object_in, write_view_in};
use crate::syntax::reading::Scope;

impl<'r> Rewriter<'r> {
    pub(super) fn objects(&mut self, documents: &[(SourceId, Document<'_>)]) {
        let (parsed, wanted) = (self.parsed, self.wanted);
        self.namespaces(documents);
        self.kind(&parsed.state.enums, &wanted.enums, Place::Enum, |w, item| {
            write_enum_in(w, "enum", item, Scope::In(item.name.namespace.as_ref()));
        });
        self.kind(&parsed.state.views, &wanted.views, Place::View, |w, item| {
            write_view_in(w, "view", item, Scope::In(item.name.namespace.as_ref()));
        });
        self.kind(&parsed.state.objects, &wanted.objects, Place::Object, |w, item| {
            write_object_in(w, "object", item, Scope::In(item.name.namespace.as_ref()));
        });
        for table in &parsed.state.tables {
            if !wanted.tables.contains(&table.name) {
                self.remove(&table.name, &Place::Table(table.name.clone()));
            }
        }
        self.rows(documents);
    }

    fn kind<T: Named<Key = ObjectName> + PartialEq>(
        &mut self,
        before: &Collection<T>,
        after: &Collection<T>,
        place: impl Fn(ObjectName) -> Place,
        write: impl Fn(&mut Writer, &T),
    ) {
        let print = |item: &T| {
            let mut w = Writer::new();
            write(&mut w, item);
            w.finish()
        };
        for item in before {
            let name = item.key();
            match after.get(name) {
                None => self.remove(name, &place(name.clone())),
                Some(new) if new != item => {
                    if let Some(node) = self.node(&place(name.clone())) {
                        let edits = self.changed(node, &print(item), &print(new), false);
                        self.edits.extend(edits);
                    }
                }
                Some(_) => {}
            }
        }
    }

    pub(super) fn node(&self, place: &Place) -> Option<&'r Node<'r>> {
        self.nodes.get(self.parsed.places.get(place)?.whole)
    }

    fn remove(&mut self, name: &ObjectName, place: &Place) {
        // It goes with the namespace.
        if name.namespace.as_ref().is_some_and(|name| !self.wanted.namespaces.contains(name)) {
            return;
        }
        if let Some(node) = self.node(place) {
            let edit = self.removed(node);
            self.edits.push(edit);
        }
    }

    fn namespaces(&mut self, documents: &[(SourceId, Document<'_>)]) {
        let (parsed, wanted) = (self.parsed, self.wanted);
        for before in &parsed.state.namespaces {
            let blocks = documents.iter().flat_map(|(_, document)| &document.nodes);
            let blocks: Vec<&Node<'_>> = blocks.filter(|node| opens(node, &before.name)).collect();
            match wanted.namespaces.get(&before.name) {
                None => {
                    let edits: Vec<_> = blocks.into_iter().map(|node| self.removed(node)).collect();
                    self.edits.extend(edits);
                }
                Some(after) if after != before => {
                    let has_comment = |node: &&&Node<'_>| {
                        node.entries
                            .iter()
                            .any(|entry| entry.name.as_ref().is_some_and(|name| name.as_str() == "comment"))
                    };
                    if let Some(node) = blocks.iter().find(has_comment).or(blocks.first()) {
                        let edits =
                            self.changed_head(node, &print_namespace(before), &print_namespace(after));
                        self.edits.extend(edits);
                    }
                }
                Some(_) => {}
            }
        }
    }
}

/// Whether a node is a `schema` block of this namespace.
pub(super) fn opens(node: &Node<'_>, namespace: &Name) -> bool {
    let first = node.entries.iter().find(|entry| entry.name.is_none());
    node.name.as_str() == "schema" && first.and_then(|entry| entry.as_str()) == Some(namespace.as_str())
}

fn print_namespace(Namespace { name, comment }: &Namespace) -> String {
    let mut w = Writer::new();
    w.node("schema").arg(name).prop_if("comment", comment.as_deref().map(Literal::quoted));
    w.finish()
}
