//! Enums, views, and objects that are known by their SQL alone.

use super::errors::{E107, E109};
use super::key::start;
use super::places::Spot;
use super::reading::{Reading, Scope};
use super::{reference, value};
use crate::diagnostic::{Diagnostic, Span};
use crate::document::write::{Line, Literal, Writer};
use crate::document::{Cursor, Node};
use crate::model::{EnumType, RawObject, SqlText, View};
use crate::name::ObjectName;

/// An object as it was read, with what else its declaration says.
pub(super) struct ObjectDraft<T> {
    pub(super) item: T,
    pub(super) was: Option<ObjectName>,
    pub(super) spot: Spot,
}

/// Reads an enum from a node of any name; its first argument is the enum's name, as a reference.
pub fn read_enum<'d>(node: &'d Node<'_>, cx: &Reading<'d>) -> Option<EnumType> {
    draft_enum(node, Scope::Reference, cx).map(|(draft, _)| draft.item)
}

/// The values of an enum that were called something else before: before, now.
pub(super) type ValueRenames = Vec<(Box<str>, Box<str>)>;

pub(super) fn draft_enum<'d>(
    node: &'d Node<'_>,
    scope: Scope<'_>,
    cx: &Reading<'d>,
) -> Option<(ObjectDraft<EnumType>, ValueRenames)> {
    let mut cursor = Cursor::new(node, cx.sink);
    let declared = cx.declared(&mut cursor, scope);
    let comment = cx.text_prop(&mut cursor, "comment");
    let was = cx.was_object(&mut cursor, scope);
    let mut values: Vec<(Box<str>, Span)> =
        cursor.texts().into_iter().map(|text| (text.as_str().into(), text.span)).collect();
    let mut renames = ValueRenames::new();
    for node in cursor.children_named("value") {
        let mut child = Cursor::new(node, cx.sink);
        let text = child.text("value");
        let was = child.text_prop("was");
        child.finish();
        let Some(text) = text else { continue };
        renames.extend(was.map(|was| (was.as_str().into(), text.as_str().into())));
        values.push((text.as_str().into(), text.span));
    }
    cursor.finish();
    let (name, head) = declared?;
    let mut kept: Vec<(Box<str>, Span)> = Vec::with_capacity(values.len());
    for (value, span) in values {
        if let Some((_, first)) = kept.iter().find(|(other, _)| *other == value) {
            let message = format!("the value `{value}` of `{name}` is declared twice");
            let diagnostic =
                Diagnostic::error(&E107, message).at(span, "again here").at(*first, "first here");
            cx.report(diagnostic.help("delete one of them"));
            continue;
        }
        kept.push((value, span));
    }
    let values = kept.into_iter().map(|(value, _)| value).collect();
    let item = EnumType { name, values, comment };
    Some((ObjectDraft { item, was, spot: Spot::named(node, head) }, renames))
}

/// Writes an enum as a node of any name; its first argument is the enum's name, as a reference.
pub fn write_enum(w: &mut Writer, word: &str, item: &EnumType) {
    write_enum_in(w, word, item, Scope::Reference);
}

pub(super) fn write_enum_in(w: &mut Writer, word: &str, item: &EnumType, scope: Scope<'_>) {
    let EnumType { name, values, comment } = item;
    let mut line = w.node(word);
    line.arg(&*scope.text(name)).args(values);
    line.prop_if("comment", comment.as_deref().map(Literal::quoted));
}

/// Reads a view from a node of any name; its first argument is the view's name, as a reference.
pub fn read_view<'d>(node: &'d Node<'_>, cx: &Reading<'d>) -> Option<View> {
    draft_view(node, Scope::Reference, cx).map(|draft| draft.item)
}

pub(super) fn draft_view<'d>(
    node: &'d Node<'_>,
    scope: Scope<'_>,
    cx: &Reading<'d>,
) -> Option<ObjectDraft<View>> {
    let mut cursor = Cursor::new(node, cx.sink);
    let only = cx.only(&mut cursor);
    let declared = cx.declared(&mut cursor, scope);
    let comment = cx.text_prop(&mut cursor, "comment");
    let was = cx.was_object(&mut cursor, scope);
    let query = required_sql(&mut cursor, "as", cx);
    let depends_on = depends_on(&mut cursor, cx);
    cursor.finish();
    let (name, head) = declared?;
    let item = View { name, only, query: query?, depends_on, comment };
    Some(ObjectDraft { item, was, spot: Spot::named(node, head) })
}

/// Writes a view as a node of any name; its first argument is the view's name, as a reference.
pub fn write_view(w: &mut Writer, word: &str, item: &View) {
    write_view_in(w, word, item, Scope::Reference);
}

pub(super) fn write_view_in(w: &mut Writer, word: &str, item: &View, scope: Scope<'_>) {
    let View { name, only, query, depends_on, comment } = item;
    let mut line = start(w, only.as_ref(), word);
    line.arg(&*scope.text(name)).prop_if("comment", comment.as_deref().map(Literal::quoted));
    line.children(|w| {
        write_depends_on(w, depends_on);
        value::write_sql(&mut w.node("as"), query);
    });
}

/// Reads a raw object from a node of any name; its first argument is the object's name, as a reference.
pub fn read_object<'d>(node: &'d Node<'_>, cx: &Reading<'d>) -> Option<RawObject> {
    draft_object(node, Scope::Reference, cx).map(|draft| draft.item)
}

pub(super) fn draft_object<'d>(
    node: &'d Node<'_>,
    scope: Scope<'_>,
    cx: &Reading<'d>,
) -> Option<ObjectDraft<RawObject>> {
    let mut cursor = Cursor::new(node, cx.sink);
    let only = cx.only(&mut cursor);
    let declared = cx.declared(&mut cursor, scope);
    let was = cx.was_object(&mut cursor, scope);
    let create = required_sql(&mut cursor, "create", cx);
    let drop = required_sql(&mut cursor, "drop", cx);
    let depends_on = depends_on(&mut cursor, cx);
    cursor.finish();
    let (name, head) = declared?;
    let item = RawObject { name, only, create: create?, drop: drop?, depends_on };
    Some(ObjectDraft { item, was, spot: Spot::named(node, head) })
}

/// Writes a raw object as a node of any name; its first argument is the object's name, as a reference.
pub fn write_object(w: &mut Writer, word: &str, item: &RawObject) {
    write_object_in(w, word, item, Scope::Reference);
}

pub(super) fn write_object_in(w: &mut Writer, word: &str, item: &RawObject, scope: Scope<'_>) {
    let RawObject { name, only, create, drop, depends_on } = item;
    let mut line = start(w, only.as_ref(), word);
    line.arg(&*scope.text(name));
    line.children(|w| {
        write_depends_on(w, depends_on);
        value::write_sql(&mut w.node("create"), create);
        value::write_sql(&mut w.node("drop"), drop);
    });
}

/// Takes a child of SQL that has to be there.
fn required_sql<'d>(cursor: &mut Cursor<'d, '_>, word: &'d str, cx: &Reading<'d>) -> Option<SqlText> {
    let node = cursor.child(word);
    if node.is_none() {
        let message = format!("`{}` needs `{word}`", cursor.name());
        let diagnostic = Diagnostic::error(&E109, message).at(cursor.span(), "");
        cx.report(diagnostic.help(format!("write `{word} (sql)\"…\"` in its braces")));
    }
    node.and_then(|node| value::sql_node(node, cx))
}

/// Takes `depends-on a b`: sorted and each once, since their order means nothing.
fn depends_on<'d>(cursor: &mut Cursor<'d, '_>, cx: &Reading<'d>) -> Vec<ObjectName> {
    let mut objects = Vec::new();
    for node in cursor.children_named("depends-on") {
        let mut child = Cursor::new(node, cx.sink);
        objects.extend(child.texts().iter().filter_map(|text| cx.object(text)));
        child.finish();
    }
    objects.sort_unstable();
    objects.dedup();
    objects
}

fn write_depends_on(w: &mut Writer, objects: &[ObjectName]) {
    if !objects.is_empty() {
        let mut line: Line<'_> = w.node("depends-on");
        for object in objects {
            line.arg(&reference::write_object(object));
        }
    }
}
