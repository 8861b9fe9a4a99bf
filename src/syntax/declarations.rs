//! What stands at the top of the files and in `schema` blocks, sorted by kind before any of it is read.

use std::collections::{HashMap, HashSet};

use super::errors::E107;
use super::places::Spot;
use super::reading::Reading;
use super::template::Templates;
use crate::diagnostic::{Diagnostic, Span};
use crate::document::cursor::report_unknown;
use crate::document::{Cursor, Document, Node};
use crate::model::{Collection, Namespace, Rename};
use crate::name::{Name, ObjectName};

/// What can stand in a `schema` block.
const IN_SCHEMA: &[&str] = &["enum", "table", "view", "object", "data"];
/// What can stand at the top.
const AT_TOP: &[&str] = &["schema", "template", "enum", "table", "view", "object", "data"];

/// A node with the namespace that it stands in.
pub(super) type Declared<'d, 'a> = (Option<Name>, &'d Node<'a>);

/// The nodes of all files by kind, in the order in which they are written.
#[derive(Default)]
pub(super) struct Declarations<'d, 'a> {
    pub(super) namespaces: Collection<Namespace>,
    pub(super) namespace_spots: HashMap<Name, Spot>,
    pub(super) renames: Vec<Rename>,
    pub(super) templates: Templates<'d, 'a>,
    pub(super) enums: Vec<Declared<'d, 'a>>,
    pub(super) tables: Vec<Declared<'d, 'a>>,
    pub(super) views: Vec<Declared<'d, 'a>>,
    pub(super) objects: Vec<Declared<'d, 'a>>,
    pub(super) data: Vec<Declared<'d, 'a>>,
}

impl<'d, 'a> Declarations<'d, 'a> {
    /// Sorts the nodes of a file.
    pub(super) fn add(&mut self, document: &'d Document<'a>, cx: &Reading<'d>) {
        for node in &document.nodes {
            match node.name.as_str() {
                "schema" => self.add_schema(node, cx),
                "template" => self.templates.insert(node, cx),
                _ => self.add_object(None, node, AT_TOP, cx),
            }
        }
    }

    /// Sorts the nodes of a `schema` block. A schema can have several blocks, of which one may have the comment.
    fn add_schema(&mut self, node: &'d Node<'a>, cx: &Reading<'d>) {
        let mut cursor = Cursor::new(node, cx.sink);
        let text = cursor.text("name");
        let name = text.as_ref().and_then(|text| cx.name(text));
        let comment = cx.text_prop(&mut cursor, "comment");
        let was = cx.was(&mut cursor);
        let children = cursor.children();
        cursor.finish();
        let (Some(name), Some(text)) = (name, text) else { return };
        self.renames.extend(was.map(|from| Rename::Namespace { from, to: name.clone() }));
        let spot = Spot::named(node, text.span);
        match self.namespaces.get_mut(&name) {
            None => {
                self.namespace_spots.insert(name.clone(), spot);
                // The name is free, so this adds it.
                self.namespaces.replace(Namespace { name: name.clone(), comment });
            }
            Some(namespace) if namespace.comment.is_none() => namespace.comment = comment,
            Some(namespace) if comment.is_some() && namespace.comment != comment => {
                let first: Option<Span> = self.namespace_spots.get(&name).map(|spot| spot.head);
                let message = format!("the schema `{name}` has two comments");
                let mut diagnostic = Diagnostic::error(&E107, message).at(text.span, "the second one");
                if let Some(first) = first {
                    diagnostic = diagnostic.at(first, "the first one");
                }
                cx.report(diagnostic.help("delete one of them"));
            }
            Some(_) => {}
        }
        for child in children {
            self.add_object(Some(&name), child, IN_SCHEMA, cx);
        }
    }

    fn add_object(
        &mut self,
        namespace: Option<&Name>,
        node: &'d Node<'a>,
        known: &[&'static str],
        cx: &Reading<'d>,
    ) {
        let list = match node.name.as_str() {
            "enum" => &mut self.enums,
            "table" => &mut self.tables,
            "view" => &mut self.views,
            "object" => &mut self.objects,
            "data" => &mut self.data,
            _ => {
                let parent = namespace.map(|_| "schema");
                return report_unknown(cx.sink, parent, node, known.iter().copied());
            }
        };
        list.push((namespace.cloned(), node));
    }

    /// The names of all enums, as far as they can be read.
    pub(super) fn enum_names(&self) -> HashSet<ObjectName> {
        let names = self.enums.iter().filter_map(|(namespace, node)| {
            let first = node.entries.iter().find(|entry| entry.name.is_none())?;
            let name = Name::new(first.as_str()?).ok()?;
            Some(ObjectName { namespace: namespace.clone(), name })
        });
        names.collect()
    }
}
