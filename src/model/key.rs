//! Constraints of a table: primary key, unique, foreign key, check.

use super::collection::named;
use super::{Options, SqlText};
use crate::name::{DialectName, Name, ObjectName};

/// The primary key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrimaryKey {
    /// The constraint's name.
    pub name: Name,
    /// The columns, most significant first.
    pub columns: Vec<Name>,
    /// Such as `on-conflict`.
    pub options: Options,
}

/// A unique constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unique {
    /// The constraint's name.
    pub name: Name,
    /// The only dialect that has it; `None` is all of them.
    pub only: Option<DialectName>,
    /// The columns, most significant first.
    pub columns: Vec<Name>,
    /// Whether two NULLs count as equal.
    pub nulls_not_distinct: bool,
    /// When it is checked.
    pub deferrable: Deferrable,
    /// Such as `on-conflict`.
    pub options: Options,
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ForeignKey {
    /// The constraint's name.
    pub name: Name,
    /// The only dialect that has it; `None` is all of them.
    pub only: Option<DialectName>,
    /// The referring columns.
    pub columns: Vec<Name>,
    /// The table that is referred to.
    pub table: ObjectName,
    /// Its columns, as many as `columns`.
    pub references: Vec<Name>,
    /// What happens to the rows when the row that they refer to is deleted.
    pub on_delete: Action,
    /// What happens to the rows when the key that they refer to changes.
    pub on_update: Action,
    /// When it is checked.
    pub deferrable: Deferrable,
}

/// What a foreign key does when the row that it refers to goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Action {
    /// Refuse, at the end of the statement.
    #[default]
    NoAction,
    /// Refuse at once.
    Restrict,
    /// Follow.
    Cascade,
    /// Become NULL.
    SetNull,
    /// Become the default.
    SetDefault,
}

/// When a constraint is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Deferrable {
    /// At each statement.
    #[default]
    No,
    /// At each statement, unless the transaction asks for its end.
    Immediate,
    /// At the end of the transaction.
    Deferred,
}

/// A check constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The constraint's name.
    pub name: Name,
    /// The only dialect that has it; `None` is all of them.
    pub only: Option<DialectName>,
    /// What must not be false of any row.
    pub expression: SqlText,
    /// Such as `enforced`.
    pub options: Options,
}

named!(PrimaryKey: Name, Unique: Name, ForeignKey: Name, Check: Name);
