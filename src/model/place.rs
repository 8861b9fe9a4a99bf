//! Where in a state something is: what problems, questions and refusals point at.

use std::fmt;

use super::{Member, Value};
use crate::name::{Name, ObjectName};

/// A thing in a state, by its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Place {
    /// A namespace.
    Namespace(Name),
    /// An enum.
    Enum(ObjectName),
    /// A table.
    Table(ObjectName),
    /// Something inside a table.
    Member(ObjectName, Member, Name),
    /// A view.
    View(ObjectName),
    /// A raw object.
    Object(ObjectName),
    /// The reference rows of a table.
    Data(ObjectName),
    /// A reference row, by its key's values.
    Row(ObjectName, Vec<Value>),
}

impl Place {
    /// The thing that a place inside another thing belongs to: a member's table, a row's data.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        match self {
            Self::Member(table, ..) => Some(Self::Table(table.clone())),
            Self::Row(table, _) => Some(Self::Data(table.clone())),
            Self::Namespace(_)
            | Self::Enum(_)
            | Self::Table(_)
            | Self::View(_)
            | Self::Object(_)
            | Self::Data(_) => None,
        }
    }
}

/// Writes the kind and the name, as messages say it.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Namespace(name) => write!(f, "the schema `{name}`"),
            Self::Enum(name) => write!(f, "the enum `{name}`"),
            Self::Table(name) => write!(f, "the table `{name}`"),
            Self::Member(table, member, name) => write!(f, "the {} `{table}.{name}`", member.word()),
            Self::View(name) => write!(f, "the view `{name}`"),
            Self::Object(name) => write!(f, "the object `{name}`"),
            Self::Data(name) => write!(f, "the rows of `{name}`"),
            Self::Row(table, key) => {
                let values: Vec<String> = key.iter().map(ToString::to_string).collect();
                write!(f, "the row {} of `{table}`", values.join(", "))
            }
        }
    }
}
