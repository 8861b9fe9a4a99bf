//! Tables and their columns.

use std::collections::BTreeMap;

use super::collection::named;
use super::{Check, Collection, ForeignKey, Index, PerDialect, PrimaryKey, SqlText, Type, Unique, Value};
use crate::name::{DialectName, Name, ObjectName};

/// What one dialect alone knows of an object, such as `strict` or `invisible`, by dialect and word.
pub type Options = BTreeMap<DialectName, BTreeMap<Box<str>, Value>>;

/// A table with all that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: ObjectName,
    /// What is said of the table as a whole.
    pub settings: TableSettings,
    /// Columns, in the order in which a new table gets them.
    pub columns: Collection<Column>,
    /// The primary key.
    pub primary_key: Option<PrimaryKey>,
    /// Unique constraints.
    pub uniques: Collection<Unique>,
    /// Foreign keys.
    pub foreign_keys: Collection<ForeignKey>,
    /// Check constraints.
    pub checks: Collection<Check>,
    /// Indexes.
    pub indexes: Collection<Index>,
}

/// What is said of a table as a whole, apart from its name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TableSettings {
    /// The only dialect that has this table; `None` is all of them.
    pub only: Option<DialectName>,
    /// A comment for people.
    pub comment: Option<Box<str>>,
    /// Such as `strict` or `unlogged`.
    pub options: Options,
}

impl Table {
    /// A table with nothing in it.
    #[must_use]
    pub fn new(name: ObjectName) -> Self {
        Self {
            name,
            settings: TableSettings::default(),
            columns: Collection::new(),
            primary_key: None,
            uniques: Collection::new(),
            foreign_keys: Collection::new(),
            checks: Collection::new(),
            indexes: Collection::new(),
        }
    }
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: Name,
    /// The only dialect that has this column; `None` is all of them.
    pub only: Option<DialectName>,
    /// Its type.
    pub ty: PerDialect<Type>,
    /// Whether it may hold NULL.
    pub nullable: bool,
    /// What a new row gets when nothing is given.
    pub default: PerDialect<Option<Value>>,
    /// How it is computed, when it is not stored by the writer.
    pub generated: Option<Generated>,
    /// How the database numbers it, if it does.
    pub identity: Option<Identity>,
    /// The collation, by the name that the dialect has for it.
    pub collation: PerDialect<Option<Box<str>>>,
    /// A comment for people.
    pub comment: Option<Box<str>>,
    /// Such as `invisible`.
    pub options: Options,
}

impl Column {
    /// A column that takes any value of its type but NULL.
    #[must_use]
    pub fn new(name: Name, ty: Type) -> Self {
        Self {
            name,
            only: None,
            ty: PerDialect::same(ty),
            nullable: false,
            default: PerDialect::default(),
            generated: None,
            identity: None,
            collation: PerDialect::default(),
            comment: None,
            options: Options::new(),
        }
    }
}

/// A computed column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The expression.
    pub expression: SqlText,
    /// When it is computed.
    pub storage: Storage,
}

/// When a generated column is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Storage {
    /// On writing.
    Stored,
    /// On reading.
    Virtual,
}

/// A column that the database numbers by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// Whether a writer may give a number.
    pub mode: IdentityMode,
    /// The first number, if not 1.
    pub start: Option<i64>,
    /// The step, if not 1.
    pub increment: Option<i64>,
}

/// Whether a writer may give an identity column's number, and how PostgreSQL keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum IdentityMode {
    /// The database's number unless one is given.
    ByDefault,
    /// Always the database's number.
    Always,
    /// The database's number unless one is given; on PostgreSQL by a default and a sequence of its own, as the type
    /// `serial` makes them.
    Serial,
}

named!(Table: ObjectName, Column: Name);
