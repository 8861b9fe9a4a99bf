//! What a plan is told of renames: by `was=` in the schema, by a flag, by an answer. No part of a state.

use crate::name::{Name, ObjectName};

/// One thing that had another name before.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rename {
    /// A namespace.
    Namespace {
        /// Before.
        from: Name,
        /// Now.
        to: Name,
    },
    /// An enum.
    Enum {
        /// Before.
        from: ObjectName,
        /// Now.
        to: ObjectName,
    },
    /// A value of an enum.
    EnumValue {
        /// The enum, by its name now.
        of: ObjectName,
        /// Before.
        from: Box<str>,
        /// Now.
        to: Box<str>,
    },
    /// A table.
    Table {
        /// Before.
        from: ObjectName,
        /// Now.
        to: ObjectName,
    },
    /// Something inside a table.
    Member {
        /// The table, by its name now.
        of: ObjectName,
        /// What it is.
        member: Member,
        /// Before.
        from: Name,
        /// Now.
        to: Name,
    },
    /// A view.
    View {
        /// Before.
        from: ObjectName,
        /// Now.
        to: ObjectName,
    },
    /// A raw object.
    Object {
        /// Before.
        from: ObjectName,
        /// Now.
        to: ObjectName,
    },
}

/// The kinds of things inside a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Member {
    /// A column.
    Column,
    /// The primary key.
    PrimaryKey,
    /// A unique constraint.
    Unique,
    /// A foreign key.
    ForeignKey,
    /// A check constraint.
    Check,
    /// An index.
    Index,
}

impl Member {
    /// How people call it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Column => "column",
            Self::PrimaryKey => "primary key",
            Self::Unique => "unique",
            Self::ForeignKey => "foreign key",
            Self::Check => "check",
            Self::Index => "index",
        }
    }
}

impl Rename {
    /// What kind of thing it is, what it is called before, and what after.
    #[must_use]
    pub fn names(&self) -> (&'static str, String, String) {
        match self {
            Self::Namespace { from, to } => ("schema", from.to_string(), to.to_string()),
            Self::Enum { from, to } => ("enum", from.to_string(), to.to_string()),
            Self::EnumValue { of, from, to } => ("enum value", format!("{of}.{from}"), format!("{of}.{to}")),
            Self::Table { from, to } => ("table", from.to_string(), to.to_string()),
            Self::Member { of, member, from, to } => {
                (member.word(), format!("{of}.{from}"), format!("{of}.{to}"))
            }
            Self::View { from, to } => ("view", from.to_string(), to.to_string()),
            Self::Object { from, to } => ("object", from.to_string(), to.to_string()),
        }
    }
}
