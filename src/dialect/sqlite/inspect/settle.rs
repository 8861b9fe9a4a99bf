//! Finds out how much of a database fits into a state that holds together. SQLite takes more than that: foreign keys
//! to nothing, keys in collations of an application. What doesn't fit is read again, as a raw object.

use std::collections::BTreeSet;

use super::build::build;
use crate::dialect::Inspection;
use crate::dialect::sqlite::catalog::Listing;
use crate::dialect::sqlite::definition::define;
use crate::dialect::sqlite::reference;
use crate::model::errors::E208;
use crate::model::{Member, Naming, Place, Problem, State, Type, validate};
use crate::name::{Name, ObjectName};

/// What has to be read in another way than the plain one.
#[derive(Debug, Default)]
pub(super) struct Exceptions {
    /// Tables and views that are raw objects.
    pub(super) raw: BTreeSet<ObjectName>,
    /// Indexes that are raw objects.
    pub(super) indexes: BTreeSet<Name>,
    /// Columns whose type is a native one, so that it can be compared with any other.
    pub(super) native: BTreeSet<(ObjectName, Name)>,
    /// Raw objects that don't say what they depend on.
    pub(super) free: BTreeSet<ObjectName>,
    /// Raw objects that are unmanaged.
    pub(super) unmanaged: BTreeSet<ObjectName>,
}

/// Reads until nothing contradicts. Each round makes an exception more, so that it ends.
pub(super) fn settle(listing: &Listing) -> Inspection {
    let mut exceptions = Exceptions::default();
    loop {
        let inspection = build(listing, &exceptions);
        if !exceptions.learn(&inspection.state) {
            return inspection;
        }
    }
}

impl Exceptions {
    /// Makes an exception of everything that is wrong with the state; false when nothing is.
    fn learn(&mut self, state: &State) -> bool {
        let mut learnt = false;
        for Problem { code, place, .. } in validate(state, Naming::Common) {
            learnt |= match place {
                Place::Member(_, Member::Index, name) => self.indexes.insert(name),
                Place::Member(table, Member::ForeignKey, key) if code.id == E208.id => {
                    self.compare_anything(state, &table, &key) || self.raw.insert(table)
                }
                Place::Member(name, ..) | Place::Table(name) | Place::View(name) => self.raw.insert(name),
                Place::Object(name) => self.free.insert(name.clone()) || self.unmanaged.insert(name),
                Place::Namespace(_) | Place::Enum(_) | Place::Data(_) | Place::Row(..) => false,
            };
        }
        for table in &state.tables {
            let mut problems = Vec::new();
            define(table, &state.enums, &mut problems);
            learnt |= !problems.is_empty() && self.raw.insert(table.name.clone());
        }
        for (table, _) in reference::unfollowable(state) {
            learnt |= self.raw.insert(table.name.clone());
        }
        learnt
    }

    /// Lets the columns of a foreign key be of native types; false if they are.
    fn compare_anything(&mut self, state: &State, table: &ObjectName, key: &Name) -> bool {
        let Some(table) = state.tables.get(table) else { return false };
        let columns = table.foreign_keys.get(key).into_iter().flat_map(|key| &key.columns);
        let others = columns.filter_map(|name| table.columns.get(name));
        let others = others.filter(|column| !matches!(column.ty.common, Type::Native(_)));
        let others: Vec<_> = others.map(|column| (table.name.clone(), column.name.clone())).collect();
        let is_possible = !others.is_empty();
        self.native.extend(others);
        is_possible
    }
}
