//! Top-level objects beside tables: namespaces, enums, views, raw objects, reference rows.

use std::collections::BTreeMap;

use super::collection::named;
use super::{SqlText, Value};
use crate::name::{DialectName, Name, ObjectName};

/// A namespace: what SQL calls a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Namespace {
    /// Its name.
    pub name: Name,
    /// A comment for people.
    pub comment: Option<Box<str>>,
}

/// An enumerated type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnumType {
    /// Its name.
    pub name: ObjectName,
    /// Its values, smallest first; none stands twice.
    pub values: Vec<Box<str>>,
    /// A comment for people.
    pub comment: Option<Box<str>>,
}

/// A view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Its name.
    pub name: ObjectName,
    /// The only dialect that has it; `None` is all of them.
    pub only: Option<DialectName>,
    /// The query.
    pub query: SqlText,
    /// What must exist before the view.
    pub depends_on: Vec<ObjectName>,
    /// A comment for people.
    pub comment: Option<Box<str>>,
}

/// An object that is known by its SQL alone: a function, a trigger, a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RawObject {
    /// Its name, for people and for `depends-on`.
    pub name: ObjectName,
    /// The only dialect that has it; `None` is all of them.
    pub only: Option<DialectName>,
    /// SQL that creates it: one statement or several.
    pub create: SqlText,
    /// SQL that drops it.
    pub drop: SqlText,
    /// What must exist before it.
    pub depends_on: Vec<ObjectName>,
}

/// Reference rows of a table: rows that belong to the desired state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataSet {
    /// The table.
    pub name: ObjectName,
    /// The columns that tell its rows apart.
    pub key: Vec<Name>,
    /// The rows by their key's values.
    pub rows: BTreeMap<Vec<Value>, Row>,
}

/// A reference row: its cells by column, the key's among them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row(pub BTreeMap<Name, Value>);

impl Row {
    /// The values of the key's columns; `None` when one of them is missing.
    #[must_use]
    pub fn key(&self, columns: &[Name]) -> Option<Vec<Value>> {
        columns.iter().map(|column| self.0.get(column).cloned()).collect()
    }
}

named!(Namespace: Name, EnumType: ObjectName, View: ObjectName, RawObject: ObjectName, DataSet: ObjectName);
