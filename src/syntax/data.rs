//! Reference rows.

use std::collections::{BTreeMap, BTreeSet};

use super::errors::{E111, E114};
use super::places::Spot;
use super::reading::{Reading, Scope};
use super::value;
use crate::diagnostic::{Diagnostic, Span};
use crate::document::write::{Line, Writer};
use crate::document::{Cursor, Node};
use crate::model::errors::E203;
use crate::model::{DataSet, Row, Value};
use crate::name::{Name, ObjectName};

/// Reference rows as they were read.
pub(super) struct DataDraft {
    pub(super) item: DataSet,
    pub(super) spot: Spot,
    /// The environments that its rows are limited to.
    pub(super) only_env: Vec<Name>,
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
    let only_env = only_env(&mut cursor, cx);
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
        let row = Row { only_env: only_env.clone(), ..read_row(node, cx) };
        let Some(key) = row.key(&data.key) else {
            report_missing(node, &row, &data.key, cx);
            continue;
        };
        if let Some(other) = first.insert(key.clone(), node.span) {
            report_again(cx, &data, node.span, Some(other));
            continue;
        }
        rows.push((key.clone(), Spot::of(node)));
        data.rows.insert(key, row);
    }
    Some(DataDraft { item: data, spot: Spot::named(node, head), only_env, rows })
}

/// Takes `only-env="dev,test"`.
fn only_env<'d>(cursor: &mut Cursor<'d, '_>, cx: &Reading<'d>) -> Vec<Name> {
    let Some(text) = cursor.text_prop("only-env") else { return Vec::new() };
    environments(text.as_str()).unwrap_or_else(|| {
        let diagnostic = Diagnostic::error(&E114, format!("`{text}` is no list of environments"));
        cx.report(diagnostic.at(text.span, "").help(ENVIRONMENTS));
        Vec::new()
    })
}

/// What to write for several environments.
pub const ENVIRONMENTS: &str = "write their names with commas between: `only-env=\"dev,test\"`";

/// Reads `dev,test`: the names in order, so that theirs is no difference; `None` if one is none.
#[must_use]
pub fn environments(text: &str) -> Option<Vec<Name>> {
    let names: Option<BTreeSet<Name>> = text.split(',').map(|part| Name::new(part.trim()).ok()).collect();
    names.map(|names| names.into_iter().collect())
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

/// Reads a row from a node of any name: `row id=1 name=note`. What it is limited to stands outside of it.
pub fn read_row<'d>(node: &'d Node<'_>, cx: &Reading<'d>) -> Row {
    let mut cursor = Cursor::new(node, cx.sink);
    let mut row = Row::default();
    for (name, entry) in cursor.props() {
        if let (Some(name), Some(value)) = (cx.name(name), value::read(&cursor, entry, cx)) {
            row.cells.insert(name, value);
        }
    }
    cursor.finish();
    row
}

fn report_missing(node: &Node<'_>, row: &Row, key: &[Name], cx: &Reading<'_>) {
    for column in key.iter().filter(|column| !row.cells.contains_key(*column)) {
        let message = format!("the row has no value for `{column}`, which is in its key");
        let diagnostic = Diagnostic::error(&E111, message).at(node.name.span, "");
        cx.report(diagnostic.help(format!("write `{column}=` and the value")));
    }
}

/// Reports a row with the key of another one.
pub(super) fn report_again(cx: &Reading<'_>, data: &DataSet, again: Span, first: Option<Span>) {
    let message = format!("two rows of `{}` have the same {}", data.name, columns(&data.key));
    let diagnostic = Diagnostic::error(&E111, message).at(again, "again here");
    let diagnostic =
        first.into_iter().fold(diagnostic, |diagnostic, first| diagnostic.at(first, "first here"));
    cx.report(diagnostic.help("delete one of them, or give it another key"));
}

/// Reports a block whose rows are told apart in another way than those of another block of the table.
pub(super) fn report_other_key(
    cx: &Reading<'_>,
    (table, key, other): (&ObjectName, &[Name], &[Name]),
    again: Span,
    first: Option<Span>,
) {
    let message =
        format!("the rows of `{table}` are told apart by {} and by {}", columns(key), columns(other));
    let diagnostic = Diagnostic::error(&E111, message).at(again, "here");
    let diagnostic = first.into_iter().fold(diagnostic, |diagnostic, first| diagnostic.at(first, "and here"));
    cx.report(diagnostic.help("write the same `key` in both"));
}

fn columns(key: &[Name]) -> String {
    let names: Vec<String> = key.iter().map(|name| format!("`{name}`")).collect();
    names.join(" and ")
}

/// Writes the reference rows of a table: a node for those that are everywhere, and one for each choice of environments.
pub(super) fn write_data(w: &mut Writer, data: &DataSet, scope: Scope<'_>) {
    let mut parts: Vec<(&[Name], Vec<&Row>)> = data.by_environments().into_iter().collect();
    if parts.is_empty() {
        parts.push((&[], Vec::new()));
    }
    for (at, (only_env, rows)) in parts.into_iter().enumerate() {
        if at > 0 {
            w.blank();
        }
        write_part(w, data, (only_env, &rows), scope);
    }
}

/// Writes those of the rows of a table that are limited to these environments.
pub(super) fn write_part(
    w: &mut Writer,
    data: &DataSet,
    (only_env, rows): (&[Name], &[&Row]),
    scope: Scope<'_>,
) {
    let DataSet { name, key, rows: _ } = data;
    let mut line = w.node("data");
    line.arg(&*scope.text(name));
    let short = match &**key {
        [column] => Some(column),
        _ => None,
    };
    line.prop_if("key", short);
    write_only_env(&mut line, only_env);
    line.children(|w| {
        if short.is_none() {
            write_key(w, key);
        }
        for row in rows {
            write_row(w, "row", row);
        }
    });
}

/// Writes `only-env="dev,test"`, or nothing for what is everywhere.
pub fn write_only_env(line: &mut Line<'_>, only_env: &[Name]) {
    write_environments(line, "only-env", only_env);
}

/// Writes a list of environments under a word.
pub fn write_environments(line: &mut Line<'_>, word: &str, names: &[Name]) {
    if !names.is_empty() {
        let names: Vec<&str> = names.iter().map(Name::as_str).collect();
        line.prop(word, names.join(",").as_str());
    }
}

/// Writes `key a b`.
pub fn write_key(w: &mut Writer, key: &[Name]) {
    w.node("key").args(key);
}

/// Writes a row as a node of any name, without the environments that it is limited to.
pub fn write_row(w: &mut Writer, word: &str, row: &Row) {
    let Row { cells, only_env: _ } = row;
    let mut line = w.node(word);
    for (column, value) in cells {
        line.prop(column.as_str(), value::literal_of(value));
    }
}
