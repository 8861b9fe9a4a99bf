//! Reference rows in a revision's file: `rows post_kinds key=id only-env=dev { insert id=1 name=note }`.

use crate::change::{Op, RowEdit};
use crate::diagnostic::{Diagnostic, Span};
use crate::document::write::Writer;
use crate::document::{Cursor, Node, Sink, cursor};
use crate::model::Row;
use crate::name::{Name, ObjectName};
use crate::revision::errors::E416;
use crate::syntax::{
    self, Reading, read_key, read_row, write_environments, write_key, write_only_env, write_row,
};

const WORDS: &[&str] = &["insert", "delete", "update"];

/// Reads the operations on rows of one table, each with its place.
pub(super) fn read(node: &Node<'_>, sink: &Sink) -> Vec<(Op, Span)> {
    let cx = Reading::canonical(sink);
    let mut cursor = Cursor::new(node, sink);
    let table = cursor.text("table").and_then(|text| cx.object(&text));
    let short = cursor.text_prop("key").and_then(|text| cx.name(&text)).map(|name| vec![name]);
    let key = cursor.child("key").and_then(|node| read_key(node, &cx)).or(short);
    if key.is_none() {
        cursor.report_missing("`rows` needs a key", "write `key=id`, or `{ key a b }` for several columns");
    }
    let only_env = environments(&mut cursor, "only-env");
    let edits = cursor.children();
    cursor.finish();
    let (Some(table), Some(key)) = (table, key) else { return Vec::new() };
    let op = |node: &&Node<'_>| {
        let edit = edit(node, &key, &only_env, &cx)?;
        Some((Op::Row { table: table.clone(), key: key.clone(), edit }, node.name.span))
    };
    edits.iter().filter_map(op).collect()
}

/// Takes a list of environments.
fn environments<'d>(cursor: &mut Cursor<'d, '_>, word: &'static str) -> Vec<Name> {
    let Some(text) = cursor.text_prop(word) else { return Vec::new() };
    syntax::environments(text.as_str()).unwrap_or_else(|| {
        let diagnostic = Diagnostic::error(&E416, format!("`{text}` is no list of environments"));
        cursor.report(diagnostic.at(text.span, "").help(syntax::ENVIRONMENTS));
        Vec::new()
    })
}

fn edit<'d>(node: &'d Node<'_>, key: &[Name], only_env: &[Name], cx: &Reading<'d>) -> Option<RowEdit> {
    let row = |node, only_env: &[Name]| {
        let row = row(node, key, cx)?;
        Some(Row { only_env: only_env.to_vec(), ..row })
    };
    match node.name.as_str() {
        "insert" => row(node, only_env).map(RowEdit::Insert),
        "delete" => row(node, only_env).map(RowEdit::Delete),
        "update" => {
            let mut cursor = Cursor::new(node, cx.sink());
            let sides = ["from", "to"].map(|side| {
                let node = cursor.child(side);
                if node.is_none() {
                    report(
                        cx,
                        format!("`update` lacks `{side}`"),
                        cursor.span(),
                        "write the whole row on both sides",
                    );
                }
                node
            });
            // What the block says is for both sides; a row that comes to others or goes from some says each.
            let [before, after] = ["from-env", "to-env"].map(|word| environments(&mut cursor, word));
            let is_said = !before.is_empty() || !after.is_empty();
            if is_said && !only_env.is_empty() {
                let message = "`update` names environments, and so does its block".to_owned();
                report(cx, message, node.name.span, "write it into a block without `only-env`");
            }
            cursor.finish();
            let [from, to] = sides;
            let (before, after) = if is_said { (&*before, &*after) } else { (only_env, only_env) };
            let from = from.and_then(|node| row(node, before));
            let to = to.and_then(|node| row(node, after));
            let (from, to) = (from?, to?);
            if from.key(key) != to.key(key) {
                let message = "`update` changes the key of a row".to_owned();
                report(cx, message, node.name.span, "delete the one row and insert the other");
                return None;
            }
            Some(RowEdit::Update { from, to })
        }
        _ => {
            cursor::report_unknown(cx.sink(), Some("rows"), node, WORDS.iter().copied());
            None
        }
    }
}

fn row<'d>(node: &'d Node<'_>, key: &[Name], cx: &Reading<'d>) -> Option<Row> {
    let row = read_row(node, cx);
    let missing = key.iter().find(|column| !row.cells.contains_key(*column));
    if let Some(column) = missing {
        let message = format!("the row has no value for `{column}`, which is in its key");
        report(cx, message, node.name.span, &format!("write `{column}=` and the value"));
        return None;
    }
    Some(row)
}

fn report(cx: &Reading<'_>, message: String, span: Span, help: &str) {
    cx.sink().report(Diagnostic::error(&E416, message).at(span, "").help(help));
}

/// The environments that an edit is limited to as a whole.
pub(super) fn only_env(edit: &RowEdit) -> &[Name] {
    match edit {
        RowEdit::Insert(row) | RowEdit::Delete(row) => &row.only_env,
        RowEdit::Update { from, to } if from.only_env == to.only_env => &to.only_env,
        RowEdit::Update { .. } => &[],
    }
}

/// Writes operations on rows of one table that are limited to the same environments.
pub(super) fn write(w: &mut Writer, table: &ObjectName, key: &[Name], edits: &[&RowEdit]) {
    let mut line = w.node("rows");
    line.arg(&syntax::object_reference(table));
    let short = match key {
        [column] => Some(column),
        _ => None,
    };
    line.prop_if("key", short);
    write_only_env(&mut line, edits.first().map(|edit| only_env(edit)).unwrap_or_default());
    line.children(|w| {
        if short.is_none() {
            write_key(w, key);
        }
        for edit in edits {
            match edit {
                RowEdit::Insert(row) => write_row(w, "insert", row),
                RowEdit::Delete(row) => write_row(w, "delete", row),
                RowEdit::Update { from, to } => {
                    let mut line = w.node("update");
                    if from.only_env != to.only_env {
                        write_environments(&mut line, "from-env", &from.only_env);
                        write_environments(&mut line, "to-env", &to.only_env);
                    }
                    line.children(|w| {
                        write_row(w, "from", from);
                        write_row(w, "to", to);
                    });
                }
            }
        }
    });
}
