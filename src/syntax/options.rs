//! What one dialect alone knows of an object: `(sqlite)options strict=#true`.

use std::collections::BTreeMap;

use super::errors::E107;
use super::reading::Reading;
use super::value;
use crate::diagnostic::Diagnostic;
use crate::document::write::Writer;
use crate::document::{Cursor, Node};
use crate::model::Options;

/// Takes all options in the block of an object.
pub(super) fn children<'d>(cursor: &mut Cursor<'d, '_>, cx: &Reading<'d>) -> Options {
    let mut options = Options::new();
    for node in cursor.children_named("options") {
        read(node, &mut options, cx);
    }
    options
}

/// Reads `(sqlite)options strict=#true` into what was read before.
pub(super) fn read<'d>(node: &'d Node<'_>, all: &mut Options, cx: &Reading<'d>) {
    let mut cursor = Cursor::new(node, cx.sink);
    let dialect = cx.only(&mut cursor);
    if node.annotation.is_none() {
        let help = "write the name of the database in parentheses in front of it";
        cursor.report_missing("`options` needs a dialect", help);
    }
    let props = cursor.props();
    if props.is_empty() {
        cursor.report_missing("`options` needs options", "write them behind it: `strict=#true`");
    }
    let mut options = BTreeMap::new();
    for (name, entry) in props {
        options.extend(value::read(&cursor, entry, cx).map(|value| (name.as_str().into(), value)));
    }
    cursor.finish();
    let Some(dialect) = dialect else { return };
    let of = all.entry(dialect).or_default();
    for (name, value) in options {
        if of.insert(name, value).is_some() {
            let diagnostic = Diagnostic::error(&E107, "an option is given twice").at(node.name.span, "");
            cx.report(diagnostic.help("delete one of them"));
        }
    }
}

/// Writes them, a line for each dialect.
pub(super) fn write(w: &mut Writer, options: &Options) {
    for (dialect, options) in options {
        let mut line = w.annotated(dialect.as_str(), "options");
        for (name, value) in options {
            line.prop(name, value::literal_of(value));
        }
    }
}
