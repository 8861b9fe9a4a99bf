//! Operations in a revision's file: one node each, which reads like a command.

use super::definition::{Member, Object};
use crate::change::{Edit, Op, TableEdit};
use crate::diagnostic::Diagnostic;
use crate::document::write::Writer;
use crate::document::{Cursor, Node, Sink, cursor};
use crate::model::{
    Check, Column, EnumType, ForeignKey, Index, Named, Namespace, PrimaryKey, RawObject, Table, Unique, View,
};
use crate::name::ObjectName;
use crate::revision::errors::E417;
use crate::syntax::{self, Reading, read_settings, write_settings};

/// Every node that is an operation.
const WORDS: &[&str] = &[
    "create-schema",
    "drop-schema",
    "alter-schema",
    "rename-schema",
    "create-enum",
    "drop-enum",
    "alter-enum",
    "rename-enum",
    "rename-enum-value",
    "create-table",
    "drop-table",
    "alter-table",
    "rename-table",
    "add-column",
    "drop-column",
    "alter-column",
    "rename-column",
    "add-primary-key",
    "drop-primary-key",
    "alter-primary-key",
    "rename-primary-key",
    "add-unique",
    "drop-unique",
    "alter-unique",
    "rename-unique",
    "add-foreign-key",
    "drop-foreign-key",
    "alter-foreign-key",
    "rename-foreign-key",
    "add-check",
    "drop-check",
    "alter-check",
    "rename-check",
    "add-index",
    "drop-index",
    "alter-index",
    "rename-index",
    "create-view",
    "drop-view",
    "alter-view",
    "rename-view",
    "create-object",
    "drop-object",
    "alter-object",
    "rename-object",
    "rows",
    "data",
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verb {
    Create,
    Drop,
    Alter,
    Rename,
}

/// Reads an operation.
pub(super) fn read(node: &Node<'_>, sink: &Sink) -> Option<Op> {
    let word = node.name.as_str();
    if !WORDS.contains(&word) {
        cursor::report_unknown(sink, Some("ops"), node, WORDS.iter().copied());
        return None;
    }
    if word == "rename-enum-value" {
        return read_rename_value(node, sink);
    }
    let (verb, what) = word.split_once('-')?;
    let verb = match verb {
        "create" | "add" => Verb::Create,
        "drop" => Verb::Drop,
        "alter" => Verb::Alter,
        _ => Verb::Rename,
    };
    match what {
        "schema" => object::<Namespace>(verb, node, sink).map(Op::Namespace),
        "enum" => object::<EnumType>(verb, node, sink).map(Op::Enum),
        "view" => object::<View>(verb, node, sink).map(Op::View),
        "object" => object::<RawObject>(verb, node, sink).map(Op::Object),
        "table" => table(verb, node, sink).map(Op::Table),
        "column" => member::<Column>(verb, node, sink).map(|(table, edit)| Op::Column { table, edit }),
        "primary-key" => {
            member::<PrimaryKey>(verb, node, sink).map(|(table, edit)| Op::PrimaryKey { table, edit })
        }
        "unique" => member::<Unique>(verb, node, sink).map(|(table, edit)| Op::Unique { table, edit }),
        "foreign-key" => {
            member::<ForeignKey>(verb, node, sink).map(|(table, edit)| Op::ForeignKey { table, edit })
        }
        "check" => member::<Check>(verb, node, sink).map(|(table, edit)| Op::Check { table, edit }),
        "index" => member::<Index>(verb, node, sink).map(|(table, edit)| Op::Index { table, edit }),
        _ => None,
    }
}

/// Reads an edit of something at the top: `create-enum post_status draft live`.
fn object<T: Object>(verb: Verb, node: &Node<'_>, sink: &Sink) -> Option<Edit<T>> {
    let cx = Reading::canonical(sink);
    match verb {
        Verb::Create => T::read(node, &cx).map(|item| Edit::Create(Box::new(item))),
        Verb::Drop => T::read(node, &cx).map(|item| Edit::Drop(Box::new(item))),
        Verb::Alter => {
            let mut cursor = Cursor::new(node, sink);
            let (from, to) = from_to(&mut cursor);
            cursor.finish();
            altered(node, T::read(from?, &cx), T::read(to?, &cx), sink)
        }
        Verb::Rename => {
            let mut cursor = Cursor::new(node, sink);
            let (from, to) = (cursor.text("old name"), cursor.text("new name"));
            cursor.finish();
            let (from, to) = (T::read_key(&from?, &cx), T::read_key(&to?, &cx));
            Some(Edit::Rename { from: from?, to: to? })
        }
    }
}

/// Reads an edit of something in a table: `add-column users { column … }`.
fn member<T: Member>(verb: Verb, node: &Node<'_>, sink: &Sink) -> Option<(ObjectName, Edit<T>)> {
    let cx = Reading::canonical(sink);
    let mut cursor = Cursor::new(node, sink);
    let table = cursor.text("table").and_then(|text| cx.object(&text));
    match verb {
        Verb::Create | Verb::Drop => {
            let definition = cursor.child(T::WORD);
            if definition.is_none() {
                report_definition(&cursor, T::WORD);
            }
            cursor.finish();
            let table = table?;
            let item = Box::new(T::read(definition?, &table, &cx)?);
            Some((table, if verb == Verb::Create { Edit::Create(item) } else { Edit::Drop(item) }))
        }
        Verb::Alter => {
            let (from, to) = from_to(&mut cursor);
            cursor.finish();
            let table = table?;
            let read = |side| definition::<T>(side, &table, &cx);
            let edit = altered(node, from.and_then(read), to.and_then(read), sink)?;
            Some((table, edit))
        }
        Verb::Rename => {
            let (from, to) = (cursor.text("old name"), cursor.text("new name"));
            cursor.finish();
            let (from, to) = (cx.name(&from?), cx.name(&to?));
            Some((table?, Edit::Rename { from: from?, to: to? }))
        }
    }
}

/// Reads the one definition in `from { column … }`.
fn definition<'d, T: Member>(node: &'d Node<'_>, table: &ObjectName, cx: &Reading<'d>) -> Option<T> {
    let mut cursor = Cursor::new(node, cx.sink());
    let definition = cursor.child(T::WORD);
    if definition.is_none() {
        report_definition(&cursor, T::WORD);
    }
    cursor.finish();
    T::read(definition?, table, cx)
}

fn report_definition(cursor: &Cursor<'_, '_>, word: &str) {
    let message = format!("`{}` needs the definition of the {}", cursor.name(), word.replace('-', " "));
    let help = format!("write it in braces: `{{ {word} … }}`");
    cursor.report(Diagnostic::error(&E417, message).at(cursor.span(), "").help(help));
}

/// Takes the two sides of a change.
fn from_to<'d, 'a>(cursor: &mut Cursor<'d, 'a>) -> (Option<&'d Node<'a>>, Option<&'d Node<'a>>) {
    let sides = ["from", "to"].map(|side| (side, cursor.child(side)));
    for (side, _) in sides.iter().filter(|(_, node)| node.is_none()) {
        let message = format!("`{}` lacks `{side}`", cursor.name());
        let diagnostic = Diagnostic::error(&E417, message).at(cursor.span(), "");
        cursor.report(diagnostic.help("write what it was as `from` and what it becomes as `to`"));
    }
    let [(_, from), (_, to)] = sides;
    (from, to)
}

/// Joins the two sides of a change, which keeps the name.
fn altered<T: Named>(node: &Node<'_>, from: Option<T>, to: Option<T>, sink: &Sink) -> Option<Edit<T>> {
    let (from, to) = (from?, to?);
    if from.key() != to.key() {
        let message = format!("`{}` is about `{}` first and `{}` then", node.name, from.key(), to.key());
        let diagnostic = Diagnostic::error(&E417, message).at(node.name.span, "");
        sink.report(diagnostic.help("write the same name on both sides; a rename is a step of its own"));
        return None;
    }
    Some(Edit::Alter { from: Box::new(from), to: Box::new(to) })
}

fn table(verb: Verb, node: &Node<'_>, sink: &Sink) -> Option<TableEdit> {
    if verb != Verb::Alter {
        return Some(match object::<Table>(verb, node, sink)? {
            Edit::Create(table) => TableEdit::Create(table),
            Edit::Drop(table) => TableEdit::Drop(table),
            Edit::Rename { from, to } => TableEdit::Rename { from, to },
            Edit::Alter { from: _, to: _ } => return None,
        });
    }
    let cx = Reading::canonical(sink);
    let mut cursor = Cursor::new(node, sink);
    let table = cursor.text("table").and_then(|text| cx.object(&text));
    let (from, to) = from_to(&mut cursor);
    cursor.finish();
    let [from, to] = [from?, to?].map(|side| Box::new(read_settings(side, &cx)));
    Some(TableEdit::Alter { table: table?, from, to })
}

/// Reads `rename-enum-value post_status live published`.
fn read_rename_value(node: &Node<'_>, sink: &Sink) -> Option<Op> {
    let mut cursor = Cursor::new(node, sink);
    let of = cursor.text("enum").and_then(|text| Reading::canonical(sink).object(&text));
    let (from, to) = (cursor.text("old value"), cursor.text("new value"));
    cursor.finish();
    Some(Op::EnumValue { of: of?, from: from?.text.into(), to: to?.text.into() })
}

/// Writes an operation that is not one on a row.
pub(super) fn write(w: &mut Writer, op: &Op) {
    match op {
        Op::Namespace(edit) => write_object(w, edit),
        Op::Enum(edit) => write_object(w, edit),
        Op::EnumValue { of, from, to } => {
            w.node("rename-enum-value").arg(&syntax::object_reference(of)).arg(from).arg(to);
        }
        Op::Table(edit) => write_table_edit(w, edit),
        Op::Column { table, edit } => write_member(w, table, edit),
        Op::PrimaryKey { table, edit } => write_member(w, table, edit),
        Op::Unique { table, edit } => write_member(w, table, edit),
        Op::ForeignKey { table, edit } => write_member(w, table, edit),
        Op::Check { table, edit } => write_member(w, table, edit),
        Op::Index { table, edit } => write_member(w, table, edit),
        Op::View(edit) => write_object(w, edit),
        Op::Object(edit) => write_object(w, edit),
        Op::Row { table, key, edit } => super::row::write(w, table, key, &[edit]),
    }
}

fn write_object<T: Object>(w: &mut Writer, edit: &Edit<T>) {
    let word = |verb: &str| format!("{verb}-{}", T::WORD);
    match edit {
        Edit::Create(item) => item.write(w, &word("create")),
        Edit::Drop(item) => item.write(w, &word("drop")),
        Edit::Alter { from, to } => w.node(&word("alter")).children(|w| {
            from.write(w, "from");
            to.write(w, "to");
        }),
        Edit::Rename { from, to } => {
            w.node(&word("rename")).arg(&T::write_key(from)).arg(&T::write_key(to));
        }
    }
}

fn write_table_edit(w: &mut Writer, edit: &TableEdit) {
    match edit {
        TableEdit::Create(table) => table.write(w, "create-table"),
        TableEdit::Drop(table) => table.write(w, "drop-table"),
        TableEdit::Alter { table, from, to } => {
            w.node("alter-table").arg(&syntax::object_reference(table)).children(|w| {
                write_settings(w, "from", from);
                write_settings(w, "to", to);
            });
        }
        TableEdit::Rename { from, to } => {
            w.node("rename-table").arg(&syntax::object_reference(from)).arg(&syntax::object_reference(to));
        }
    }
}

fn write_member<T: Member>(w: &mut Writer, table: &ObjectName, edit: &Edit<T>) {
    let mut node = |verb: &str, write: &dyn Fn(&mut Writer)| {
        w.node(&format!("{verb}-{}", T::WORD)).arg(&syntax::object_reference(table)).children(write);
    };
    match edit {
        Edit::Create(item) => node("add", &|w| item.write(w, table)),
        Edit::Drop(item) => node("drop", &|w| item.write(w, table)),
        Edit::Alter { from, to } => node("alter", &|w| {
            w.node("from").children(|w| from.write(w, table));
            w.node("to").children(|w| to.write(w, table));
        }),
        Edit::Rename { from, to } => {
            let mut line = w.node(&format!("rename-{}", T::WORD));
            line.arg(&syntax::object_reference(table)).arg(from).arg(to);
        }
    }
}
