//! The parts of a schema that may be missing from the database in the middle of a batch: dropped because
//! something beneath them changes, or not created yet because something that they need still comes.

use crate::name::{Name, ObjectName};

/// A part, by the name that it has in the state at hand. A table's parts are ordered as they can be created.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// Something inside of a table.
    Member(ObjectName, Member),
    /// A raw object.
    Object(ObjectName),
    /// A view.
    View(ObjectName),
}

/// A part inside of a table.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Member {
    /// A generated column.
    Generated(Name),
    /// That a column is NOT NULL.
    NotNull(Name),
    /// The primary key.
    PrimaryKey,
    /// A unique constraint.
    Unique(Name),
    /// A check.
    Check(Name),
    /// A foreign key.
    ForeignKey(Name),
    /// An index.
    Index(Name),
}

impl Part {
    /// The part after a table got another name.
    pub(super) fn moved(self, from: &ObjectName, to: &ObjectName) -> Self {
        match self {
            Self::Member(table, member) if table == *from => Self::Member(to.clone(), member),
            Self::Object(name) if name == *from => Self::Object(to.clone()),
            Self::View(name) if name == *from => Self::View(to.clone()),
            Self::Member(..) | Self::Object(_) | Self::View(_) => self,
        }
    }

    /// Whether a foreign key to this table may rest on the part.
    pub(super) fn is_key_of(&self, name: &ObjectName) -> bool {
        match self {
            Self::Member(table, member) => {
                table == name
                    && match member {
                        Member::Generated(_) | Member::PrimaryKey | Member::Unique(_) | Member::Index(_) => {
                            true
                        }
                        Member::NotNull(_) | Member::Check(_) | Member::ForeignKey(_) => false,
                    }
            }
            Self::Object(_) | Self::View(_) => false,
        }
    }
}
