//! Things that are read but not settled: whether their name was written or derived, what it was before, where it is.

use super::derive::Base;
use super::places::Spot;
use super::reading::Reading;
use crate::document::Cursor;
use crate::name::Name;

/// A constraint, an index or a column as it was read.
#[derive(Debug, Clone)]
pub(super) struct Draft<T> {
    /// The thing; without a written name it has its derived one.
    pub(super) item: T,
    /// Whether the name was written.
    pub(super) written: bool,
    /// The name that it had before.
    pub(super) was: Option<Name>,
    /// Where it stands.
    pub(super) spot: Spot,
}

/// What a constraint or an index says of its name.
pub(super) struct Naming {
    name: Option<Name>,
    was: Option<Name>,
    spot: Spot,
}

impl Naming {
    /// Takes `name=` and `was=`.
    pub(super) fn take<'d>(cursor: &mut Cursor<'d, '_>, cx: &Reading<'d>) -> Self {
        let name = cx.name_prop(cursor, "name");
        Self { name, was: cx.was(cursor), spot: Spot::of(cursor.node()) }
    }

    /// The written name, or the derived one.
    pub(super) fn name<'n>(&self, derived: impl FnOnce() -> Base<'n>) -> Name {
        self.name.clone().unwrap_or_else(|| derived().name(0))
    }

    /// The thing that bears the name.
    pub(super) fn draft<T>(self, item: T) -> Draft<T> {
        Draft { item, written: self.name.is_some(), was: self.was, spot: self.spot }
    }
}
