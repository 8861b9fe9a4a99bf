//! The one enum of operations.

use super::Edit;
use crate::model::{
    Check, Column, EnumType, ForeignKey, Index, Namespace, PrimaryKey, RawObject, Row, Table, TableSettings,
    Unique, View,
};
use crate::name::{Name, ObjectName};

/// One reversible operation on a schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Op {
    /// A namespace.
    Namespace(Edit<Namespace>),
    /// An enum; an alter adds, removes or reorders values, or changes the comment.
    Enum(Edit<EnumType>),
    /// A value of an enum gets another name; defaults and reference rows that use it follow.
    EnumValue {
        /// The enum.
        of: ObjectName,
        /// The value's name before.
        from: Box<str>,
        /// The value's name after.
        to: Box<str>,
    },
    /// A table as a whole.
    Table(TableEdit),
    /// A column.
    Column {
        /// The table.
        table: ObjectName,
        /// What happens to it.
        edit: Edit<Column>,
    },
    /// A primary key.
    PrimaryKey {
        /// The table.
        table: ObjectName,
        /// What happens to it.
        edit: Edit<PrimaryKey>,
    },
    /// A unique constraint.
    Unique {
        /// The table.
        table: ObjectName,
        /// What happens to it.
        edit: Edit<Unique>,
    },
    /// A foreign key.
    ForeignKey {
        /// The referring table.
        table: ObjectName,
        /// What happens to it.
        edit: Edit<ForeignKey>,
    },
    /// A check.
    Check {
        /// The table.
        table: ObjectName,
        /// What happens to it.
        edit: Edit<Check>,
    },
    /// An index.
    Index {
        /// The table.
        table: ObjectName,
        /// What happens to it.
        edit: Edit<Index>,
    },
    /// A view.
    View(Edit<View>),
    /// A raw object.
    Object(Edit<RawObject>),
    /// A reference row.
    Row {
        /// The table.
        table: ObjectName,
        /// The columns that tell rows apart.
        key: Vec<Name>,
        /// What happens to the row.
        edit: RowEdit,
    },
}

/// What can happen to a table as a whole. A new table comes with all that it holds but the foreign keys that
/// would close a cycle; those are operations of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TableEdit {
    /// It comes to be.
    Create(Box<Table>),
    /// It goes; this is what it was.
    Drop(Box<Table>),
    /// Its settings change.
    Alter {
        /// The table.
        table: ObjectName,
        /// What they were.
        from: Box<TableSettings>,
        /// What they become.
        to: Box<TableSettings>,
    },
    /// It gets another name, possibly in another namespace; whatever refers to it follows.
    Rename {
        /// The name that it had.
        from: ObjectName,
        /// The name that it gets.
        to: ObjectName,
    },
}

/// What can happen to a reference row.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RowEdit {
    /// It comes to be.
    Insert(Row),
    /// It goes; this is what it was.
    Delete(Row),
    /// Its key stays and other cells change.
    Update {
        /// What it was.
        from: Row,
        /// What it becomes.
        to: Row,
    },
}

impl Op {
    /// The table that the operation changes from within.
    #[must_use]
    pub fn table(&self) -> Option<&ObjectName> {
        match self {
            Self::Column { table, .. }
            | Self::PrimaryKey { table, .. }
            | Self::Unique { table, .. }
            | Self::ForeignKey { table, .. }
            | Self::Check { table, .. }
            | Self::Index { table, .. }
            | Self::Row { table, .. } => Some(table),
            Self::Namespace(_)
            | Self::Enum(_)
            | Self::EnumValue { .. }
            | Self::Table(_)
            | Self::View(_)
            | Self::Object(_) => None,
        }
    }

    /// The operation that undoes this one; its inverse is this one again.
    #[must_use]
    pub fn inverse(self) -> Self {
        match self {
            Self::Namespace(edit) => Self::Namespace(edit.inverse()),
            Self::Enum(edit) => Self::Enum(edit.inverse()),
            Self::EnumValue { of, from, to } => Self::EnumValue { of, from: to, to: from },
            Self::Table(edit) => Self::Table(edit.inverse()),
            Self::Column { table, edit } => Self::Column { table, edit: edit.inverse() },
            Self::PrimaryKey { table, edit } => Self::PrimaryKey { table, edit: edit.inverse() },
            Self::Unique { table, edit } => Self::Unique { table, edit: edit.inverse() },
            Self::ForeignKey { table, edit } => Self::ForeignKey { table, edit: edit.inverse() },
            Self::Check { table, edit } => Self::Check { table, edit: edit.inverse() },
            Self::Index { table, edit } => Self::Index { table, edit: edit.inverse() },
            Self::View(edit) => Self::View(edit.inverse()),
            Self::Object(edit) => Self::Object(edit.inverse()),
            Self::Row { table, key, edit } => Self::Row { table, key, edit: edit.inverse() },
        }
    }
}

impl TableEdit {
    /// The edit that undoes this one.
    #[must_use]
    pub fn inverse(self) -> Self {
        match self {
            Self::Create(table) => Self::Drop(table),
            Self::Drop(table) => Self::Create(table),
            Self::Alter { table, from, to } => Self::Alter { table, from: to, to: from },
            Self::Rename { from, to } => Self::Rename { from: to, to: from },
        }
    }
}

impl RowEdit {
    /// Whether there are databases that it brings the row to.
    #[must_use]
    pub fn comes(&self) -> bool {
        match self {
            Self::Insert(_) => true,
            Self::Delete(_) => false,
            Self::Update { from, to } => !from.is_wherever(to),
        }
    }

    /// Whether there are databases that it takes the row from.
    #[must_use]
    pub fn goes(&self) -> bool {
        match self {
            Self::Insert(_) => false,
            Self::Delete(_) => true,
            Self::Update { from, to } => !to.is_wherever(from),
        }
    }

    /// The edit that undoes this one.
    #[must_use]
    pub fn inverse(self) -> Self {
        match self {
            Self::Insert(row) => Self::Delete(row),
            Self::Delete(row) => Self::Insert(row),
            Self::Update { from, to } => Self::Update { from: to, to: from },
        }
    }
}
