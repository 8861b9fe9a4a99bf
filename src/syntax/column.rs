//! Columns, with the constraints that can be said in short behind them.

use std::collections::BTreeMap;

use super::derive;
use super::draft::Draft;
use super::errors::E107;
use super::key::{self, Rules};
use super::places::Spot;
use super::reading::Reading;
use super::types::Marks;
use super::{habit, options, reference, types, value};
use crate::diagnostic::{Diagnostic, Span};
use crate::document::write::{Line, Literal, Writer};
use crate::document::{Cursor, Entry, Node};
use crate::model::{
    Column, Deferrable, ForeignKey, Generated, Identity, IdentityMode, Options, PerDialect, PrimaryKey,
    Storage, Type, Unique, Value,
};
use crate::name::{DialectName, Name, ObjectName};

const IDENTITIES: &[(&str, IdentityMode)] = &[
    ("by-default", IdentityMode::ByDefault),
    ("always", IdentityMode::Always),
    ("serial", IdentityMode::Serial),
];

/// Reads a column without constraints: `column id bigint identity`.
pub fn read_column<'d>(node: &'d Node<'_>, cx: &Reading<'d>) -> Option<Column> {
    let mut cursor = Cursor::new(node, cx.sink);
    let head = Head::take(&mut cursor, cx);
    let draft = draft(&mut cursor, head, cx);
    cursor.finish();
    draft.map(|draft| draft.item)
}

/// A column with the constraints that stand behind it.
pub(super) struct ColumnDraft {
    pub(super) column: Draft<Column>,
    pub(super) primary_key: Option<Draft<PrimaryKey>>,
    pub(super) unique: Option<Draft<Unique>>,
    pub(super) foreign_key: Option<Draft<ForeignKey>>,
}

/// Reads a column of a table.
pub(super) fn draft_column<'d>(
    node: &'d Node<'_>,
    table: &ObjectName,
    cx: &Reading<'d>,
) -> Option<ColumnDraft> {
    let mut cursor = Cursor::new(node, cx.sink);
    let head = Head::take(&mut cursor, cx);
    let primary_key = cursor.flag_span("primary-key");
    let unique = cursor.flag_span("unique");
    let references = cursor.text_prop("references");
    let rules = key::rules(&mut cursor, cx);
    let column = draft(&mut cursor, head, cx);
    habit::report_in_column(&mut cursor, cx);
    cursor.finish();
    if references.is_none() && rules != Rules::default() {
        report_rules(node, cx);
    }
    let target = references.as_ref().and_then(|text| cx.column(text));
    let column = column?;
    let columns = vec![column.item.name.clone()];
    let only = &column.item.only;
    let constraint = |head: Span| Spot::named(node, head);
    Some(ColumnDraft {
        primary_key: primary_key.map(|span| {
            let name = derive::primary_key(table).name(0);
            let options = Options::new();
            unnamed(PrimaryKey { name, columns: columns.clone(), options }, constraint(span))
        }),
        unique: unique.map(|span| {
            let name = derive::unique(table, &columns).name(0);
            let (columns, only) = (columns.clone(), only.clone());
            let (deferrable, options) = (Deferrable::No, Options::new());
            unnamed(
                Unique { name, only, columns, nulls_not_distinct: false, deferrable, options },
                constraint(span),
            )
        }),
        foreign_key: target.zip(references).map(|((to, reference), text)| {
            let name = derive::foreign_key(table, &columns).name(0);
            let (columns, only) = (columns.clone(), only.clone());
            let Rules { on_delete, on_update, deferrable } = rules;
            let references = vec![reference];
            let table = to;
            unnamed(
                ForeignKey { name, only, columns, table, references, on_delete, on_update, deferrable },
                constraint(text.span),
            )
        }),
        column,
    })
}

fn unnamed<T>(item: T, spot: Spot) -> Draft<T> {
    Draft { item, written: false, was: None, spot }
}

/// Reports rules of a foreign key on a column that refers to nothing.
fn report_rules(node: &Node<'_>, cx: &Reading<'_>) {
    for entry in &node.entries {
        let word = entry.name.as_ref().map_or(entry.as_str(), |name| Some(name.as_str()));
        if let Some(word @ ("on-delete" | "on-update" | "deferrable")) = word {
            cx.report_alone(word, entry.span, "references");
        }
    }
}

/// What stands at the front of a column. It is taken first, so that a column may be called `unique`.
struct Head {
    only: Option<DialectName>,
    name: Option<Name>,
    ty: Option<Type>,
    span: Span,
}

impl Head {
    fn take<'d>(cursor: &mut Cursor<'d, '_>, cx: &Reading<'d>) -> Self {
        let only = cx.only(cursor);
        let text = cursor.text("name");
        let name = text.as_ref().and_then(|text| cx.name(text));
        let span = text.map_or(cursor.span(), |text| text.span);
        let mut arguments = cursor.node().entries.iter().filter(|entry| entry.name.is_none());
        let is_flag = |entry: &Entry<'_>| entry.annotation.is_none() && entry.as_str().is_some_and(is_flag);
        let ty = if arguments.nth(1).is_some_and(is_flag) {
            cursor.report_missing(
                "`column` needs a type",
                "write the type behind the name: `column id bigint`",
            );
            None
        } else {
            types::read(cursor, cx)
        };
        Self { only, name, ty, span }
    }
}

/// Whether a word behind the name is surely not its type.
pub(super) fn is_flag(word: &str) -> bool {
    matches!(word, "nullable" | "identity" | "virtual" | "primary-key" | "unique" | "deferrable")
}

/// Takes everything else of a column but constraints.
fn draft<'d>(cursor: &mut Cursor<'d, '_>, head: Head, cx: &Reading<'d>) -> Option<Draft<Column>> {
    let Head { only, name, ty, span } = head;
    let nullable = cursor.flag("nullable");
    let identity = identity(cursor, cx);
    let default = default(cursor, cx);
    let generated = generated(cursor, cx);
    let collation = collation(cursor, cx);
    let comment = cx.text_prop(cursor, "comment");
    let was = cx.was(cursor);
    // What else is named by a dialect is an exception for it; so known properties are taken before.
    let overrides = overrides(cursor, cx);
    let options = options::children(cursor, cx);
    let spot = Spot::named(cursor.node(), span);
    let ty = PerDialect { common: ty?, overrides };
    let item =
        Column { name: name?, only, ty, nullable, default, generated, identity, collation, comment, options };
    Some(Draft { item, written: true, was, spot })
}

fn overrides<'d>(cursor: &mut Cursor<'d, '_>, cx: &Reading<'d>) -> BTreeMap<DialectName, Type> {
    let exceptions = cx.dialect_props(cursor);
    exceptions
        .into_iter()
        .filter_map(|(dialect, entry)| Some((dialect, types::read_entry(cursor, entry, cx)?)))
        .collect()
}

fn identity<'d>(cursor: &mut Cursor<'d, '_>, cx: &Reading<'d>) -> Option<Identity> {
    let flag = cursor.flag("identity").then_some(IdentityMode::ByDefault);
    let mode = cx.word_prop(cursor, "identity", IDENTITIES).or(flag);
    let start = number(cursor, cx, "identity-start", mode.is_some());
    let increment = number(cursor, cx, "identity-increment", mode.is_some());
    mode.map(|mode| Identity { mode, start, increment })
}

fn number<'d>(cursor: &mut Cursor<'d, '_>, cx: &Reading<'d>, prop: &'d str, identity: bool) -> Option<i64> {
    let entry = cursor.prop(prop)?;
    if !identity {
        cx.report_alone(prop, entry.span, "identity");
    }
    cursor.integer_of(entry)
}

fn default<'d>(cursor: &mut Cursor<'d, '_>, cx: &Reading<'d>) -> PerDialect<Option<Value>> {
    let short = cursor.prop("default");
    match (cursor.child("default"), short) {
        (Some(node), short) => {
            report_both(short, node, cx);
            let literal = |cursor: &Cursor<'_, '_>, entry: &Entry<'_>| value::read(cursor, entry, cx);
            value::optional_node(node, cx, literal, |_, entry| value::marked(entry, cx))
        }
        (None, Some(entry)) => PerDialect::same(value::read(cursor, entry, cx)),
        (None, None) => PerDialect::default(),
    }
}

fn generated<'d>(cursor: &mut Cursor<'d, '_>, cx: &Reading<'d>) -> Option<Generated> {
    let on_reading = cursor.flag_span("virtual");
    let short = cursor.prop("generated");
    let expression = match (cursor.child("generated"), short) {
        (Some(node), short) => {
            report_both(short, node, cx);
            value::sql_node(node, cx)
        }
        (None, Some(entry)) => value::sql_prop(cursor, entry),
        (None, None) => {
            if let Some(span) = on_reading {
                cx.report_alone("virtual", span, "generated");
            }
            None
        }
    };
    let storage = if on_reading.is_some() { Storage::Virtual } else { Storage::Stored };
    expression.map(|expression| Generated { expression, storage })
}

fn collation<'d>(cursor: &mut Cursor<'d, '_>, cx: &Reading<'d>) -> PerDialect<Option<Box<str>>> {
    let short = cursor.prop("collate");
    let plain = |cursor: &Cursor<'_, '_>, entry: &Entry<'_>| match (&entry.annotation, entry.as_str()) {
        (None, Some(text)) => Some(text.into()),
        (_, _) => cursor.report_kind(entry, "the name of a collation"),
    };
    match (cursor.child("collate"), short) {
        (Some(node), short) => {
            report_both(short, node, cx);
            value::optional_node(node, cx, plain, |cursor, entry| match entry.as_str() {
                Some(text) => Some(text.into()),
                None => cursor.report_kind(entry, "the name of a collation"),
            })
        }
        (None, Some(entry)) => PerDialect::same(plain(cursor, entry)),
        (None, None) => PerDialect::default(),
    }
}

/// Reports an attribute that stands both behind the column and in its block.
fn report_both(short: Option<&Entry<'_>>, node: &Node<'_>, cx: &Reading<'_>) {
    if let Some(entry) = short {
        let message = format!("`{}` is given twice", node.name);
        let diagnostic = Diagnostic::error(&E107, message).at(node.name.span, "again here");
        cx.report(diagnostic.at(entry.span, "first here").help("delete one of them"));
    }
}

/// The constraints of a table that are written behind one of its columns.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Shorthands<'t> {
    pub(super) primary_key: bool,
    pub(super) unique: bool,
    pub(super) foreign_key: Option<&'t ForeignKey>,
}

/// Writes a column without constraints.
pub fn write_column(w: &mut Writer, column: &Column) {
    write_with(w, column, Shorthands::default(), Marks::Always);
}

/// Writes a column with the constraints that stand behind it.
pub(super) fn write_with(w: &mut Writer, column: &Column, shorthands: Shorthands<'_>, marks: Marks<'_>) {
    let Column { name, only, ty, nullable, default, generated, identity, collation, comment, options } =
        column;
    let mut line = key::start(w, only.as_ref(), "column");
    line.arg(name);
    types::with_literal(&ty.common, marks, |literal| {
        line.arg(literal);
    });
    for (dialect, ty) in &ty.overrides {
        types::with_literal(ty, marks, |literal| {
            line.prop(dialect.as_str(), literal);
        });
    }
    line.flag_if("nullable", *nullable);
    write_identity(&mut line, *identity);
    line.flag_if("primary-key", shorthands.primary_key).flag_if("unique", shorthands.unique);
    if let Some(value) = same(default) {
        line.prop_if("default", value.as_ref().map(value::literal_of));
    }
    if let Some(Generated { expression, storage }) = generated {
        line.flag_if("virtual", *storage == Storage::Virtual);
        line.prop_if("generated", same(expression).map(|text| value::sql_literal(text)));
    }
    if let Some(collation) = same(collation) {
        line.prop_if("collate", collation.as_deref());
    }
    if let Some(key) = shorthands.foreign_key {
        let ForeignKey { name: _, only: _, columns: _, table, references, on_delete, on_update, deferrable } =
            key;
        for column in references {
            line.prop("references", &reference::write_column(table, column));
        }
        let (on_delete, on_update, deferrable) = (*on_delete, *on_update, *deferrable);
        key::write_rules(&mut line, Rules { on_delete, on_update, deferrable });
    }
    line.prop_if("comment", comment.as_deref().map(Literal::quoted));
    line.children(|w| {
        options::write(w, options);
        if same(default).is_none() {
            value::write_optional(w, "default", default, value::literal_of);
        }
        if let Some(Generated { expression, storage: _ }) = generated
            && same(expression).is_none()
        {
            value::write_sql(&mut w.node("generated"), expression);
        }
        if same(collation).is_none() {
            value::write_optional(w, "collate", collation, |name| Literal::from(&**name));
        }
    });
}

fn write_identity(line: &mut Line<'_>, identity: Option<Identity>) {
    let Some(Identity { mode, start, increment }) = identity else { return };
    match mode {
        IdentityMode::ByDefault => {
            line.flag("identity");
        }
        IdentityMode::Always => {
            line.prop("identity", "always");
        }
        IdentityMode::Serial => {
            line.prop("identity", "serial");
        }
    }
    line.prop_if("identity-start", start).prop_if("identity-increment", increment);
}

/// What holds for every dialect, if there is no exception.
fn same<T>(value: &PerDialect<T>) -> Option<&T> {
    value.overrides.is_empty().then_some(&value.common)
}
