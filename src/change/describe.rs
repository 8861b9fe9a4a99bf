//! An operation in words: a sign, what it is about, and what happens to it. The one place that says so for
//! plans, logs and errors.

use std::collections::BTreeMap;
use std::{fmt, iter};

use super::{Edit, Op, RowEdit, TableEdit};
use crate::model::{
    Check, Column, ForeignKey, Identity, IdentityMode, Index, IndexKey, KeyPart, Named, Options, Order,
    PrimaryKey, RawObject, Row, Storage, TableSettings, Unique, Value, View,
};
use crate::name::{DialectName, Name, ObjectName};

/// What an operation does, at a glance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sign {
    /// Something comes to be.
    Create,
    /// Something goes.
    Drop,
    /// Something changes.
    Alter,
    /// Something gets another name.
    Rename,
}

impl fmt::Display for Sign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Create => "+",
            Self::Drop => "-",
            Self::Alter => "~",
            Self::Rename => "->",
        })
    }
}

/// An operation in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// What it does.
    pub sign: Sign,
    /// The kind of thing, such as `column`.
    pub kind: &'static str,
    /// The thing's name, such as `author.bio`.
    pub subject: String,
    /// What it is, what it becomes; may be empty.
    pub detail: String,
}

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.sign, self.kind, self.subject)?;
        if self.detail.is_empty() { Ok(()) } else { write!(f, " {}", self.detail) }
    }
}

impl Op {
    /// The kind of thing that the operation is about.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Namespace(_) => "schema",
            Self::Enum(_) => "enum",
            Self::EnumValue { .. } => "enum value",
            Self::Table(_) => "table",
            Self::Column { .. } => "column",
            Self::PrimaryKey { .. } => "primary key",
            Self::Unique { .. } => "unique",
            Self::ForeignKey { .. } => "foreign key",
            Self::Check { .. } => "check",
            Self::Index { .. } => "index",
            Self::View(_) => "view",
            Self::Object(_) => "object",
            Self::Row { .. } => "row",
        }
    }

    /// The name of what the operation is about, before it.
    #[must_use]
    pub fn subject(&self) -> String {
        let within = |table: &ObjectName, name: &Name| format!("{table}.{name}");
        match self {
            Self::Namespace(edit) => edit.key().to_string(),
            Self::Enum(edit) => edit.key().to_string(),
            Self::EnumValue { of, from, .. } => format!("{of}.{from}"),
            Self::Table(edit) => edit.name().to_string(),
            Self::Column { table, edit } => within(table, edit.key()),
            Self::PrimaryKey { table, edit } => within(table, edit.key()),
            Self::Unique { table, edit } => within(table, edit.key()),
            Self::ForeignKey { table, edit } => within(table, edit.key()),
            Self::Check { table, edit } => within(table, edit.key()),
            Self::Index { table, edit } => within(table, edit.key()),
            Self::View(edit) => edit.key().to_string(),
            Self::Object(edit) => edit.key().to_string(),
            Self::Row { table, key, edit } => {
                let (RowEdit::Insert(row) | RowEdit::Delete(row) | RowEdit::Update { from: row, .. }) = edit;
                let cells = key.iter().filter_map(|column| Some((column, row.cells.get(column)?)));
                let cells: Vec<String> = cells.map(|(column, value)| format!("{column}={value}")).collect();
                format!("{table}[{}]", cells.join(" "))
            }
        }
    }

    /// The operation in words.
    #[must_use]
    pub fn describe(&self) -> Line {
        let (sign, detail) = match self {
            Self::Namespace(edit) => words_or(edit, |_| String::new(), |_, _| [("comment", true)]),
            Self::Enum(edit) => words_or(edit, |item| item.values.join(" "), |_, _| [("comment", true)]),
            Self::EnumValue { from, to, .. } => (Sign::Rename, format!("{from} → {to}")),
            Self::Table(edit) => table(edit),
            Self::Column { edit, .. } => words(edit, column),
            Self::PrimaryKey { edit, .. } => words(edit, primary_key),
            Self::Unique { edit, .. } => words_or(edit, unique, unique_parts),
            Self::ForeignKey { edit, .. } => words_or(edit, foreign_key, foreign_key_parts),
            Self::Check { edit, .. } => words_or(edit, check, check_parts),
            Self::Index { edit, .. } => words_or(edit, index, index_parts),
            Self::View(edit) => words_or(edit, |_| String::new(), view_parts),
            Self::Object(edit) => words_or(edit, |_| String::new(), object_parts),
            Self::Row { edit, .. } => row(edit),
        };
        Line { sign, kind: self.kind(), subject: self.subject(), detail }
    }
}

impl TableEdit {
    /// The table's name before the edit, or the one that it is created under.
    #[must_use]
    pub fn name(&self) -> &ObjectName {
        match self {
            Self::Create(table) | Self::Drop(table) => &table.name,
            Self::Alter { table, .. } => table,
            Self::Rename { from, .. } => from,
        }
    }
}

fn words<T: Named>(edit: &Edit<T>, detail: impl Fn(&T) -> String) -> (Sign, String) {
    match edit {
        Edit::Create(item) => (Sign::Create, detail(item)),
        Edit::Drop(item) => (Sign::Drop, detail(item)),
        Edit::Alter { from, to } => (Sign::Alter, change(&detail(from), &detail(to))),
        Edit::Rename { from, to } => (Sign::Rename, format!("{from} → {to}")),
    }
}

/// A part of a thing that its words leave out, and whether it differs.
type Part = (&'static str, bool);

/// As `words`; where they are the same before and after, the parts that differ are named.
fn words_or<T: Named, const N: usize>(
    edit: &Edit<T>,
    detail: impl Fn(&T) -> String,
    parts: impl Fn(&T, &T) -> [Part; N],
) -> (Sign, String) {
    let (sign, words) = words(edit, detail);
    match edit {
        Edit::Alter { from, to } if words.is_empty() => {
            let differing = parts(from, to).into_iter().filter(|(_, differs)| *differs);
            (sign, differing.map(|(part, _)| part).collect::<Vec<_>>().join(", "))
        }
        Edit::Create(_) | Edit::Drop(_) | Edit::Alter { .. } | Edit::Rename { .. } => (sign, words),
    }
}

fn change(from: &str, to: &str) -> String {
    if from == to { String::new() } else { format!("{from} → {to}") }
}

fn table(edit: &TableEdit) -> (Sign, String) {
    let columns = |count: usize| if count == 1 { "1 column".to_owned() } else { format!("{count} columns") };
    match edit {
        TableEdit::Create(table) => (Sign::Create, columns(table.columns.len())),
        TableEdit::Drop(table) => (Sign::Drop, columns(table.columns.len())),
        TableEdit::Alter { from, to, .. } => (Sign::Alter, change(&settings(from), &settings(to))),
        TableEdit::Rename { from, to } => (Sign::Rename, format!("{from} → {to}")),
    }
}

fn settings(item: &TableSettings) -> String {
    let TableSettings { only: _, comment, options } = item;
    let mut words: Vec<String> = comment.iter().map(|text| format!("comment {text:?}")).collect();
    words.extend(own(options));
    if words.is_empty() { "no options".to_owned() } else { words.join(" ") }
}

fn own(options: &Options) -> impl Iterator<Item = String> {
    let each = |(dialect, set): (&DialectName, &BTreeMap<Box<str>, Value>)| {
        let words: Vec<_> = set.iter().map(|(word, value)| format!("({dialect}){word}={value}")).collect();
        words
    };
    options.iter().flat_map(each)
}

fn column(item: &Column) -> String {
    let Column { name: _, only, ty, nullable, default, generated, identity, collation, comment, options } =
        item;
    let mut words = vec![ty.common.to_string()];
    words.extend(ty.overrides.iter().map(|(dialect, ty)| format!("{dialect}={ty}")));
    if *nullable {
        words.push("null".to_owned());
    }
    if let Some(Identity { mode, start, increment }) = identity {
        words.push(match mode {
            IdentityMode::ByDefault => "identity".to_owned(),
            IdentityMode::Always => "identity=always".to_owned(),
            IdentityMode::Serial => "identity=serial".to_owned(),
        });
        words.extend(start.map(|start| format!("from {start}")));
        words.extend(increment.map(|increment| format!("by {increment}")));
    }
    words.extend(default.common.iter().map(|value| format!("default {value}")));
    for (dialect, value) in &default.overrides {
        words.extend(value.iter().map(|value| format!("{dialect} default {value}")));
    }
    words.extend(generated.iter().map(|generated| {
        let storage = if generated.storage == Storage::Stored { "stored" } else { "virtual" };
        format!("{storage} {}", generated.expression.common)
    }));
    words.extend(collation.values().flatten().map(|collation| format!("collate {collation}")));
    words.extend(only.iter().map(|dialect| format!("only {dialect}")));
    words.extend(comment.iter().map(|text| format!("comment {text:?}")));
    words.extend(own(options));
    words.join(" ")
}

fn names(columns: &[Name]) -> String {
    columns.iter().map(Name::as_str).collect::<Vec<_>>().join(", ")
}

fn primary_key(item: &PrimaryKey) -> String {
    key(&item.columns, &item.options)
}

fn unique(item: &Unique) -> String {
    key(&item.columns, &item.options)
}

fn key(columns: &[Name], options: &Options) -> String {
    iter::once(format!("({})", names(columns))).chain(own(options)).collect::<Vec<_>>().join(" ")
}

fn unique_parts(from: &Unique, to: &Unique) -> [Part; 3] {
    [
        ("only", from.only != to.only),
        ("nulls", from.nulls_not_distinct != to.nulls_not_distinct),
        ("deferrable", from.deferrable != to.deferrable),
    ]
}

fn foreign_key(item: &ForeignKey) -> String {
    format!("({}) references {} ({})", names(&item.columns), item.table, names(&item.references))
}

fn foreign_key_parts(from: &ForeignKey, to: &ForeignKey) -> [Part; 4] {
    [
        ("only", from.only != to.only),
        ("on delete", from.on_delete != to.on_delete),
        ("on update", from.on_update != to.on_update),
        ("deferrable", from.deferrable != to.deferrable),
    ]
}

fn check(item: &Check) -> String {
    iter::once(item.expression.common.to_string()).chain(own(&item.options)).collect::<Vec<_>>().join(" ")
}

fn check_parts(from: &Check, to: &Check) -> [Part; 2] {
    [("only", from.only != to.only), ("expression", from.expression != to.expression)]
}

fn index(item: &Index) -> String {
    let key = |key: &IndexKey| {
        let on = match &key.on {
            KeyPart::Column(name) => name.as_str(),
            KeyPart::Expression(text) => &text.common,
        };
        let prefix = key.prefix.map_or(String::new(), |length| format!("({length})"));
        let order = if key.order == Order::Descending { " desc" } else { "" };
        format!("{on}{prefix}{order}")
    };
    let keys: Vec<String> = item.keys.iter().map(key).collect();
    let unique = if item.unique { "unique " } else { "" };
    let predicate = item.predicate.as_ref().map_or(String::new(), |text| format!(" where {}", text.common));
    let options: String = own(&item.options).map(|word| format!(" {word}")).collect();
    format!("{unique}({}){predicate}{options}", keys.join(", "))
}

fn index_parts(from: &Index, to: &Index) -> [Part; 7] {
    [
        ("only", from.only != to.only),
        ("keys", from.keys != to.keys),
        ("nulls", from.nulls_not_distinct != to.nulls_not_distinct),
        ("condition", from.predicate != to.predicate),
        ("include", from.include != to.include),
        ("method", from.method != to.method),
        ("comment", from.comment != to.comment),
    ]
}

fn view_parts(from: &View, to: &View) -> [Part; 4] {
    [
        ("only", from.only != to.only),
        ("query", from.query != to.query),
        ("depends on", from.depends_on != to.depends_on),
        ("comment", from.comment != to.comment),
    ]
}

fn object_parts(from: &RawObject, to: &RawObject) -> [Part; 4] {
    [
        ("only", from.only != to.only),
        ("create", from.create != to.create),
        ("drop", from.drop != to.drop),
        ("depends on", from.depends_on != to.depends_on),
    ]
}

fn row(edit: &RowEdit) -> (Sign, String) {
    let cells = |row: &Row| {
        row.cells.iter().map(|(column, value)| format!("{column}={value}")).collect::<Vec<_>>().join(" ")
    };
    let (sign, cells, place) = match edit {
        RowEdit::Insert(row) => (Sign::Create, cells(row), only_in(row)),
        RowEdit::Delete(row) => (Sign::Drop, cells(row), only_in(row)),
        RowEdit::Update { from, to } => {
            let differing = |row: &Row, other: &Row| {
                let differs = |(column, value): &(&Name, &Value)| other.cells.get(*column) != Some(*value);
                let cells = row.cells.iter().filter(differs);
                Row::everywhere(cells.map(|(column, value)| (column.clone(), value.clone())).collect())
            };
            let everywhere = |row| only_in(row).unwrap_or_else(|| "everywhere".to_owned());
            let place = if from.only_env == to.only_env {
                only_in(to)
            } else {
                Some(change(&everywhere(from), &everywhere(to)))
            };
            (Sign::Alter, change(&cells(&differing(from, to)), &cells(&differing(to, from))), place)
        }
    };
    let words: Vec<String> = [cells].into_iter().filter(|cells| !cells.is_empty()).chain(place).collect();
    (sign, words.join(", "))
}

/// The environments that a row is limited to, in words.
fn only_in(row: &Row) -> Option<String> {
    (!row.only_env.is_empty()).then(|| format!("only in {}", names(&row.only_env)))
}
