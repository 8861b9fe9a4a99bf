//! The head of a revision's file: who it is, what it builds on, where it leads.

use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;

use super::Places;
use crate::diagnostic::{Diagnostic, Span};
use crate::document::{Cursor, Node, Sink, Text, Value};
use crate::hash::{RevisionDigest, StateHash};
use crate::name::Name;
use crate::revision::errors::{E410, E411, E412};
use crate::revision::target::mark_fault;
use crate::revision::{Dependency, Mark, Parent, Replaced, RevisionId, RevisionName};

/// The version of the format. A file of another one says so: `revision "…" format=2`.
const FORMAT: i64 = 1;

/// A revision but for its steps.
pub(super) struct Header {
    pub(super) id: RevisionId,
    pub(super) replaces: Vec<Replaced>,
    pub(super) parents: Vec<Parent>,
    pub(super) depends_on: Vec<Dependency>,
    pub(super) from: StateHash,
    pub(super) to: StateHash,
    pub(super) message: Box<str>,
    pub(super) created: Timestamp,
    pub(super) tags: Vec<Name>,
    pub(super) labels: Vec<Name>,
}

/// Reads `revision "0003_split_name" { … }`; `file` is the name that the file gives it.
pub(super) fn read(node: &Node<'_>, file: &RevisionName, sink: &Sink) -> Option<(Header, Places)> {
    let mut cursor = Cursor::new(node, sink);
    let name = cursor.text("name");
    if let Some(name) = name.as_ref().filter(|name| name.as_str() != file.as_str()) {
        let message = format!("the revision calls itself `{name}` and its file `{file}`");
        sink.report(Diagnostic::error(&E410, message).at(name.span, "").help(format!("write `{file}`")));
    }
    if let Some(format) = cursor.integer_prop("format").filter(|format| *format != FORMAT) {
        let message = format!("the revision is written in format {format}, and this is the one for {FORMAT}");
        sink.report(Diagnostic::error(&E411, message).at(cursor.span(), "").help("update schemactl"));
    }
    let id = value::<RevisionId>(&mut cursor, "id");
    let from = value::<StateHash>(&mut cursor, "from");
    let to = value::<StateHash>(&mut cursor, "to");
    let created = value::<Timestamp>(&mut cursor, "created");
    let message = required(&mut cursor, "message").and_then(|node| text(node, sink));
    let nodes = cursor.children_named("replaces");
    let replaces: Vec<Replaced> = nodes.iter().filter_map(|node| replaced(node, sink)).collect();
    let nodes = cursor.children_named("parent");
    let parents: Vec<(Parent, Span)> = nodes.iter().filter_map(|node| parent(node, sink)).collect();
    let nodes = cursor.children_named("depends-on");
    let depends_on: Vec<(Dependency, Span)> =
        nodes.iter().filter_map(|node| dependency(node, sink)).collect();
    let mut marks =
        |mark: Mark| cursor.child(mark.node()).map(|node| self::marks(node, mark, sink)).unwrap_or_default();
    let (tags, labels) = (marks(Mark::Tag), marks(Mark::Label));
    cursor.finish();
    let ((id, id_span), (from, from_span), (to, to_span)) = (id?, from?, to?);
    let (parents, parent_spans) = parents.into_iter().unzip();
    let (depends_on, dependency_spans) = depends_on.into_iter().unzip();
    let (tags, tag_spans) = tags.into_iter().unzip();
    let (labels, label_spans) = labels.into_iter().unzip();
    let places = Places {
        name: name?.span,
        id: id_span,
        parents: parent_spans,
        depends_on: dependency_spans,
        from: from_span,
        to: to_span,
        tags: tag_spans,
        labels: label_spans,
        steps: Vec::new(),
    };
    let message = message?.text.into();
    Some((
        Header { id, replaces, parents, depends_on, from, to, message, created: created?.0, tags, labels },
        places,
    ))
}

fn required<'d, 'a>(cursor: &mut Cursor<'d, 'a>, name: &'static str) -> Option<&'d Node<'a>> {
    let node = cursor.child(name);
    if node.is_none() {
        cursor.report_missing(&format!("`revision` needs `{name}`"), "restore the file from version control");
    }
    node
}

/// Reads a child that holds one text.
fn text<'d>(node: &'d Node<'_>, sink: &'d Sink) -> Option<Text<'d>> {
    let mut cursor = Cursor::new(node, sink);
    let text = cursor.text("value");
    cursor.finish();
    text
}

/// Reads a child that holds one value of a type that has one spelling.
fn value<'d, T: FromStr<Err: Display>>(cursor: &mut Cursor<'d, '_>, name: &'static str) -> Option<(T, Span)> {
    let node = required(cursor, name)?;
    let text = text(node, cursor.sink())?;
    parsed(&text, name, cursor.sink())
}

fn parsed<T: FromStr<Err: Display>>(text: &Text<'_>, what: &str, sink: &Sink) -> Option<(T, Span)> {
    match text.as_str().parse() {
        Ok(value) => Some((value, text.span)),
        Err(error) => {
            let error: T::Err = error;
            let diagnostic = Diagnostic::error(&E412, format!("`{what}` can't be read: {error}"));
            sink.report(diagnostic.at(text.span, "").help("restore the file from version control"));
            None
        }
    }
}

/// Reads `parent "0002_add_posts" digest="r1:…"`, where branches are joined also `{ wins "users.name" }`.
fn parent(node: &Node<'_>, sink: &Sink) -> Option<(Parent, Span)> {
    let mut cursor = Cursor::new(node, sink);
    let name = cursor.text("name");
    let digest = cursor.text_prop("digest");
    if digest.is_none() && !node.entries.iter().any(|entry| entry.name.is_some()) {
        cursor.report_missing("`parent` needs `digest=`", "restore the file from version control");
    }
    let mut wins: Vec<Box<str>> = Vec::new();
    if let Some(node) = cursor.child("wins") {
        let mut cursor = Cursor::new(node, sink);
        for entry in cursor.args() {
            wins.extend(cursor.text_of(entry).map(|text| text.text.into()));
        }
        cursor.finish();
    }
    cursor.finish();
    let (name, span) = parsed::<RevisionName>(&name?, "parent", sink)?;
    let (digest, _) = parsed::<RevisionDigest>(&digest?, "digest", sink)?;
    Some((Parent { name, digest, wins }, span))
}

/// Reads `depends-on "0002_add_posts" id=b7c1f0e2a9d4`.
fn dependency(node: &Node<'_>, sink: &Sink) -> Option<(Dependency, Span)> {
    let mut cursor = Cursor::new(node, sink);
    let name = cursor.text("name");
    let id = cursor.text_prop("id");
    if let (Some(name), None) = (&name, &id)
        && !node.entries.iter().any(|entry| entry.name.is_some())
    {
        let help = format!("write the id behind it; `schemactl show {}` tells it", name.as_str());
        cursor.report_missing("`depends-on` needs `id=`", &help);
    }
    cursor.finish();
    let (name, span) = parsed::<RevisionName>(&name?, "depends-on", sink)?;
    let (id, _) = parsed::<RevisionId>(&id?, "id", sink)?;
    Some((Dependency { name, id }, span))
}

/// Reads `replaces "0002_add_posts id=b7c1f0e2a9d4 digest="r1:…"`.
fn replaced(node: &Node<'_>, sink: &Sink) -> Option<Replaced> {
    let mut cursor = Cursor::new(node, sink);
    let name = cursor.text("name");
    let [id, digest] = ["id", "digest"].map(|word| {
        let text = cursor.text_prop(word);
        if text.is_none() {
            let message = format!("`replaces` needs `{word}=`");
            cursor.report_missing(&message, "restore the file from version control");
        }
        text
    });
    cursor.finish();
    let (name, _) = parsed::<RevisionName>(&name?, "replaces", sink)?;
    let (id, _) = parsed::<RevisionId>(&id?, "id", sink)?;
    let (digest, _) = parsed::<RevisionDigest>(&digest?, "digest", sink)?;
    Some(Replaced { name, id, digest })
}

/// Reads `tags v1 v2`, `labels billing`.
fn marks(node: &Node<'_>, mark: Mark, sink: &Sink) -> Vec<(Name, Span)> {
    let mut cursor = Cursor::new(node, sink);
    let mut marks: Vec<(Name, Span)> = Vec::new();
    for entry in cursor.args() {
        // A tag such as `1.0` is read as a number unless it is quoted.
        let text = match &entry.value {
            Value::Number(number) if entry.annotation.is_none() => number.as_str().to_owned(),
            _ => match cursor.text_of(entry) {
                Some(text) => text.text.into_owned(),
                None => continue,
            },
        };
        let fault = match Name::new(&text) {
            Ok(name) if marks.iter().any(|(other, _)| *other == name) => Some("it is given twice".to_owned()),
            Ok(name) => match mark_fault(&text) {
                Some(fault) => Some(fault.to_owned()),
                None => {
                    marks.push((name, entry.span));
                    None
                }
            },
            Err(error) => Some(error.to_string()),
        };
        if let Some(fault) = fault {
            let diagnostic =
                Diagnostic::error(mark.code(), format!("`{text}` can't be a {}: {fault}", mark.word()));
            sink.report(
                diagnostic
                    .at(entry.span, "")
                    .help(format!("write another word, for example `{}`", mark.example())),
            );
        }
    }
    cursor.finish();
    marks
}
