//! Reference rows.

use std::collections::BTreeMap;

use super::errors::E111;
use super::places::Spot;
use super::reading::{Reading, Scope};
use super::value;
use crate::diagnostic::Diagnostic;
use crate::document::write::Writer;
use crate::document::{Cursor, Node};
use crate::model::errors::E203;
use crate::model::{DataSet, Row, Value};
use crate::name::{Name, ObjectName};

/// Reference rows as they were read.
pub(super) struct DataDraft {
    pub(super) item: DataSet,
    pub(super) spot: Spot,
    pub(super) rows: Vec<(Vec<Value>, Spot)>,
}

/// Reads `data post_kinds key=id { row id=1 name=note }`. Without a key, that of the table tells rows apart;
/// `primary_key` knows it, or that there is none, or that there is no such table.
pub(super) fn draft_data<'d>(
    node: &'d Node<'_>,
    scope: Scope<'_>,
    primary_key: impl FnOnce(&ObjectName) -> Option<Option<Vec<Name>>>,
    cx: &Reading<'d>,
) -> Option<DataDraft> {
    let mut cursor = Cursor::new(node, cx.sink);
    let declared = cx.declared(&mut cursor, scope);
    let key = key(&mut cursor, cx);
    let nodes = cursor.children_named("row");
    let key = key.or_else(|| {
        let (name, span) = declared.as_ref()?;
        let known = primary_key(name);
        match &known {
            Some(Some(_)) => {}
            Some(None) => {
                let help = "write `key=id`, or `{ key a b }` for several columns";
                cursor.report_missing("`data` needs a key, since its table has none", help);
            }
            None => {
                let help = format!("declare it: `table {} {{ … }}`, or correct the name", name.name);
                let message = format!("there is no table `{name}`");
                cx.report(Diagnostic::error(&E203, message).at(*span, "").help(help));
            }
        }
        known.flatten()
    });
    cursor.finish();
    let (name, head) = declared?;
    let key = key?;
    let mut data = DataSet { name, key, rows: BTreeMap::new() };
    let mut rows: Vec<(Vec<Value>, Spot)> = Vec::with_capacity(nodes.len());
    let mut first = BTreeMap::new();
    for node in nodes {
        let row = read_row(node, cx);
        let Some(key) = row.key(&data.key) else {
            report_missing(node, &row, &data.key, cx);
            continue;
        };
        if let Some(other) = first.insert(key.clone(), node.span) {
            let message = format!("two rows of `{}` have the same {}", data.name, columns(&data.key));
            let diagnostic =
                Diagnostic::error(&E111, message).at(node.span, "again here").at(other, "first here");
            cx.report(diagnostic.help("delete one of them, or give it another key"));
            continue;
        }
        rows.push((key.clone(), Spot::of(node)));
        data.rows.insert(key, row);
    }
    Some(DataDraft { item: data, spot: Spot::named(node, head), rows })
}

/// Takes `key=id` or `{ key a b }`.
fn key<'d>(cursor: &mut Cursor<'d, '_>, cx: &Reading<'d>) -> Option<Vec<Name>> {
    let short = cx.name_prop(cursor, "key").map(|name| vec![name]);
    let Some(node) = cursor.child("key") else { return short };
    read_key(node, cx)
}

/// Reads `key a b`: the columns that tell rows apart.
pub fn read_key<'d>(node: &'d Node<'_>, cx: &Reading<'d>) -> Option<Vec<Name>> {
    let mut cursor = Cursor::new(node, cx.sink);
    let texts = cursor.texts();
    if texts.is_empty() {
        cursor.report_missing("`key` needs columns", "write the names of the columns behind it");
    }
    cursor.finish();
    Some(cx.names(&texts)).filter(|names| !names.is_empty())
}

/// Reads a row from a node of any name: `row id=1 name=note`.
pub fn read_row<'d>(node: &'d Node<'_>, cx: &Reading<'d>) -> Row {
    let mut cursor = Cursor::new(node, cx.sink);
    let mut row = Row::default();
    for (name, entry) in cursor.props() {
        if let (Some(name), Some(value)) = (cx.name(name), value::read(&cursor, entry, cx)) {
            row.0.insert(name, value);
        }
    }
    cursor.finish();
    row
}

fn report_missing(node: &Node<'_>, row: &Row, key: &[Name], cx: &Reading<'_>) {
    for column in key.iter().filter(|column| !row.0.contains_key(*column)) {
        let message = format!("the row has no value for `{column}`, which is in its key");
        let diagnostic = Diagnostic::error(&E111, message).at(node.name.span, "");
        cx.report(diagnostic.help(format!("write `{column}=` and the value")));
    }
}

fn columns(key: &[Name]) -> String {
    let names: Vec<String> = key.iter().map(|name| format!("`{name}`")).collect();
    names.join(" and ")
}

/// Writes the reference rows of a table.
pub(super) fn write_data(w: &mut Writer, data: &DataSet, scope: Scope<'_>) {
    let DataSet { name, key, rows } = data;
    let mut line = w.node("data");
    line.arg(&*scope.text(name));
    let short = match &**key {
        [column] => Some(column),
        _ => None,
    };
    line.prop_if("key", short);
    line.children(|w| {
        if short.is_none() {
            write_key(w, key);
        }
        for row in rows.values() {
            write_row(w, "row", row);
        }
    });
}

/// Writes `key a b`.
pub fn write_key(w: &mut Writer, key: &[Name]) {
    w.node("key").args(key);
}

/// Writes a row as a node of any name.
pub fn write_row(w: &mut Writer, word: &str, row: &Row) {
    let Row(cells) = row;
    let mut line = w.node(word);
    for (column, value) in cells {
        line.prop(column.as_str(), value::literal_of(value));
    }
}
