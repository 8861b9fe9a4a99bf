//! Templates: nodes under a name that stand in for `use NAME` in the block of a table.

use std::collections::BTreeMap;

use super::errors::{E106, E107};
use super::places::Spot;
use super::reading::Reading;
use super::table::TableDraft;
use crate::diagnostic::{Diagnostic, Span, near};
use crate::document::{Cursor, Node, Text};
use crate::model::TableSettings;
use crate::name::ObjectName;

/// The templates of all files by name.
#[derive(Default)]
pub(super) struct Templates<'d, 'a>(BTreeMap<&'d str, &'d Node<'a>>);

impl<'d, 'a> Templates<'d, 'a> {
    /// Adds a `template NAME { … }`; reports if there is one of that name.
    pub(super) fn insert(&mut self, node: &'d Node<'a>, cx: &Reading<'d>) {
        let mut cursor = Cursor::new(node, cx.sink);
        let name = cursor.text("name");
        cursor.children();
        cursor.finish();
        let first = node.entries.iter().find(|entry| entry.name.is_none()).and_then(|entry| entry.as_str());
        let (Some(name), Some(key)) = (name, first) else { return };
        if let Some(other) = self.0.insert(key, node) {
            let first: Span = other.name.span;
            let message = format!("the template `{name}` is declared twice");
            let diagnostic =
                Diagnostic::error(&E107, message).at(name.span, "again here").at(first, "first here");
            cx.report(diagnostic.help("delete one of them, or give it another name"));
        }
    }

    /// The template of this name: its name and its nodes.
    pub(super) fn get(&self, name: &str) -> Option<(&'d str, &'d [Node<'a>])> {
        self.0.get_key_value(name).map(|(name, node)| (*name, node.children()))
    }

    /// Reports that there is no template of this name.
    pub(super) fn report_unknown(&self, name: &Text<'_>, cx: &Reading<'_>) {
        let help = match near(name.as_str(), self.0.keys().copied()) {
            Some(near) => format!("write `{near}`"),
            None => format!("declare it: `template {name} {{ … }}`"),
        };
        let message = format!("there is no template `{name}`");
        cx.report(Diagnostic::error(&E106, message).at(name.span, "").help(help));
    }

    /// Reads every template as the block of a table that is thrown away, so that mistakes in a template that
    /// nothing uses are found, too.
    pub(super) fn check(&self, cx: &Reading<'d>) {
        for (name, node) in &self.0 {
            let Ok(name) = crate::name::Name::new(name) else { continue };
            let settings = TableSettings::default();
            let mut draft = TableDraft::new(ObjectName::unqualified(name), None, Spot::of(node), settings);
            draft.read(node.children(), self, cx);
        }
    }
}
