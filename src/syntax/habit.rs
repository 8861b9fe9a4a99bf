//! Words that people bring along from other languages, with what is written here in their place.

use super::reading::Reading;
use super::table::CHILDREN;
use crate::diagnostic::{Diagnostic, Span, near};
use crate::document::cursor::report_unknown;
use crate::document::errors::E013;
use crate::document::{Cursor, Entry, Node};

const IN_COLUMNS: &[(&str, &str)] = &[
    ("auto-increment", "write `identity`"),
    ("autoincrement", "write `identity`"),
    ("check", "write it into the table: `check (sql)\"…\"`"),
    ("foreign-key", "write `references=TABLE.COLUMN`"),
    ("index", "write it into the table: `index COLUMN`"),
    ("not-null", "delete it: a column takes no NULL unless it says `nullable`"),
    ("notnull", "delete it: a column takes no NULL unless it says `nullable`"),
    ("optional", "write `nullable`"),
    ("pk", "write `primary-key`"),
    ("required", "delete it: a column takes no NULL unless it says `nullable`"),
    ("stored", "delete it: what is `generated` is stored unless it says `virtual`"),
];

/// Reports those behind a column, once all that has a meaning is taken.
pub(super) fn report_in_column(cursor: &mut Cursor<'_, '_>, cx: &Reading<'_>) {
    // The first two are the column's name and its type.
    let arguments = cursor.node().entries.iter().filter(|entry| entry.name.is_none()).skip(2);
    let flags: Vec<&str> = arguments.filter_map(Entry::as_str).collect();
    let names = cursor.node().entries.iter().filter_map(|entry| entry.name.as_ref());
    let properties: Vec<(&str, Span)> = names.map(|name| (name.as_str(), name.span)).collect();
    let report = |message: String, span: Span, help: &str| {
        cx.report(Diagnostic::error(&E013, message).at(span, "").help(help));
    };
    for (word, help) in IN_COLUMNS {
        let flag = if flags.contains(word) { cursor.flag_span(word) } else { None };
        if let Some(span) = flag {
            report(format!("`column` has no flag `{word}`"), span, help);
        }
        if let Some((_, span)) = properties.iter().find(|(name, _)| name == word) {
            cursor.prop(word);
            report(format!("`column` has no property `{word}`"), *span, help);
        }
    }
}

/// Reports what can't stand in a table; a column, if it looks like one.
pub(super) fn report_in_table(node: &Node<'_>, cx: &Reading<'_>) {
    let name = node.name.as_str();
    let ty = node.entries.first().filter(|entry| entry.name.is_none()).and_then(Entry::as_str);
    let is_misspelled = near(name, CHILDREN.iter().copied()).is_some();
    let (Some(_), false) = (ty, is_misspelled) else {
        return report_unknown(cx.sink, Some("table"), node, CHILDREN.iter().copied());
    };
    let message = format!("`table` has no child `{name}`");
    let help = format!(
        "write `column {name} …` if it is a column, otherwise use one of `{}`",
        CHILDREN.join("`, `")
    );
    cx.report(Diagnostic::error(&E013, message).at(node.name.span, "").help(help));
}
