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

impl DataSet {
    /// The rows by the environments that they are limited to, those for everywhere first.
    #[must_use]
    pub fn by_environments(&self) -> BTreeMap<&[Name], Vec<&Row>> {
        let mut parts: BTreeMap<&[Name], Vec<&Row>> = BTreeMap::new();
        for row in self.rows.values() {
            parts.entry(&row.only_env).or_default().push(row);
        }
        parts
    }
}

/// A reference row.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Row {
    /// Its cells by column, the key's among them.
    pub cells: BTreeMap<Name, Value>,
    /// The only environments whose databases have it, sorted; none listed is everywhere.
    pub only_env: Vec<Name>,
}

impl Row {
    /// A row that databases have everywhere.
    #[must_use]
    pub fn everywhere(cells: BTreeMap<Name, Value>) -> Self {
        Self { cells, only_env: Vec::new() }
    }

    /// The row for databases that are in this environment, or in none; `None` where it is for others.
    #[must_use]
    pub fn in_environment(&self, environment: Option<&Name>) -> Option<Self> {
        is_within(&self.only_env, environment).then(|| Self::everywhere(self.cells.clone()))
    }

    /// Whether databases of every environment that has the other row have this one as well.
    #[must_use]
    pub fn is_wherever(&self, other: &Self) -> bool {
        let is_named = |name: &Name| self.only_env.contains(name);
        self.only_env.is_empty() || !other.only_env.is_empty() && other.only_env.iter().all(is_named)
    }

    /// The values of the key's columns; `None` when one of them is missing.
    #[must_use]
    pub fn key(&self, columns: &[Name]) -> Option<Vec<Value>> {
        columns.iter().map(|column| self.cells.get(column).cloned()).collect()
    }
}

/// Whether an environment, or being in none, is among those that something is limited to; none listed is everywhere.
#[must_use]
pub fn is_within(only_env: &[Name], environment: Option<&Name>) -> bool {
    only_env.is_empty() || environment.is_some_and(|environment| only_env.contains(environment))
}

named!(Namespace: Name, EnumType: ObjectName, View: ObjectName, RawObject: ObjectName, DataSet: ObjectName);
