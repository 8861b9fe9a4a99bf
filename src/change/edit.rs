//! What can happen to a named thing. The inverse is computed here, once for all kinds.

use crate::model::{ForDialect, Named};
use crate::name::DialectName;

/// An edit of one thing, with all that its inverse needs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edit<T: Named> {
    /// It comes to be.
    Create(Box<T>),
    /// It goes; this is what it was.
    Drop(Box<T>),
    /// It stays under its name and changes.
    Alter {
        /// What it was.
        from: Box<T>,
        /// What it becomes.
        to: Box<T>,
    },
    /// It gets another name and stays as it is.
    Rename {
        /// The name that it had.
        from: T::Key,
        /// The name that it gets.
        to: T::Key,
    },
}

impl<T: Named> Edit<T> {
    /// The edit that undoes this one; its inverse is this one again.
    #[must_use]
    pub fn inverse(self) -> Self {
        match self {
            Self::Create(item) => Self::Drop(item),
            Self::Drop(item) => Self::Create(item),
            Self::Alter { from, to } => Self::Alter { from: to, to: from },
            Self::Rename { from, to } => Self::Rename { from: to, to: from },
        }
    }

    /// The name that the thing has before the edit, or gets when it is created.
    #[must_use]
    pub fn key(&self) -> &T::Key {
        match self {
            Self::Create(item) | Self::Drop(item) | Self::Alter { from: item, .. } => item.key(),
            Self::Rename { from, .. } => from,
        }
    }
}

impl<T: Named + ForDialect + PartialEq> Edit<T> {
    /// The edit as a dialect sees it; `None` when there is nothing to do there. A thing that becomes limited
    /// to another dialect is dropped here. Renames are kept: whether the thing exists on the dialect is for
    /// the caller, who knows the state.
    #[must_use]
    pub fn for_dialect(&self, dialect: &DialectName) -> Option<Self> {
        let project = |item: &T| item.for_dialect(dialect).map(Box::new);
        match self {
            Self::Create(item) => project(item).map(Self::Create),
            Self::Drop(item) => project(item).map(Self::Drop),
            Self::Alter { from, to } => match (project(from), project(to)) {
                (Some(from), Some(to)) if from == to => None,
                (Some(from), Some(to)) => Some(Self::Alter { from, to }),
                (Some(from), None) => Some(Self::Drop(from)),
                (None, Some(to)) => Some(Self::Create(to)),
                (None, None) => None,
            },
            Self::Rename { from, to } => Some(Self::Rename { from: from.clone(), to: to.clone() }),
        }
    }
}
