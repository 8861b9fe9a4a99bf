//! What somebody has changed in a database besides the revisions: the differences between two inspections, and those
//! of them that a run would touch. Pure.

use std::collections::BTreeSet;

use crate::change::{Edit, Op, Sign, TableEdit};
use crate::dialect::{Inspection, Unmanaged};
use crate::diff::{DiffError, diff};
use crate::model::Named;
use crate::name::ObjectName;

/// The differences between what was observed and what is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drift {
    /// What happened to everything that there are words for, in an order that works.
    pub ops: Vec<Op>,
    /// What happened to all else.
    pub unmanaged: Vec<Strange>,
}

/// A difference in what schemas have no words for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Strange {
    /// It came.
    Added(Unmanaged),
    /// It went.
    Gone(Unmanaged),
    /// It is another than before.
    Changed {
        /// What it was.
        from: Unmanaged,
        /// What it is.
        to: Unmanaged,
    },
}

impl Strange {
    /// What happened, as a sign, and to what.
    #[must_use]
    pub fn signed(&self) -> (Sign, &Unmanaged) {
        match self {
            Self::Added(what) => (Sign::Create, what),
            Self::Gone(what) => (Sign::Drop, what),
            Self::Changed { to, .. } => (Sign::Alter, to),
        }
    }
}

impl Drift {
    /// The differences between two inspections of a database.
    ///
    /// # Errors
    /// The changes wait for each other.
    pub fn between(before: &Inspection, now: &Inspection) -> Result<Self, DiffError> {
        let ops = diff(&before.state, &now.state, &[])?;
        Ok(Self { ops, unmanaged: strange(&before.unmanaged, &now.unmanaged) })
    }

    /// Whether nothing was changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty() && self.unmanaged.is_empty()
    }

    /// The changes that these operations would meet: those of the same objects, and those of what a foreign key of
    /// theirs builds on.
    #[must_use]
    pub fn met_by<'d>(&'d self, ops: &[Op]) -> Vec<&'d Op> {
        let own: BTreeSet<&ObjectName> = ops.iter().flat_map(own).collect();
        let referred: BTreeSet<&ObjectName> = ops.iter().flat_map(referred).collect();
        let bears = |op: &Op| {
            matches!(op, Op::Table(_) | Op::Column { .. } | Op::PrimaryKey { .. } | Op::Unique { .. })
        };
        let met = |op: &&Op| {
            let changed = self::own(op);
            changed.iter().any(|name| own.contains(name))
                || (bears(op) && changed.iter().any(|name| referred.contains(name)))
        };
        self.ops.iter().filter(met).collect()
    }
}

/// The differences in what schemas have no words for.
#[must_use]
pub fn strange(before: &[Unmanaged], now: &[Unmanaged]) -> Vec<Strange> {
    let same = |one: &Unmanaged, two: &Unmanaged| one.kind == two.kind && one.name == two.name;
    let mut differences = Vec::new();
    for from in before {
        match now.iter().find(|to| same(from, to)) {
            None => differences.push(Strange::Gone(from.clone())),
            Some(to) if to.definition != from.definition => {
                differences.push(Strange::Changed { from: from.clone(), to: to.clone() });
            }
            Some(_) => {}
        }
    }
    let added = now.iter().filter(|to| !before.iter().any(|from| same(from, to)));
    differences.extend(added.cloned().map(Strange::Added));
    differences
}

/// The object that an operation is about, under the names before and after it; the table, for what is in one.
fn own(op: &Op) -> Vec<&ObjectName> {
    match op {
        Op::Namespace(_) => Vec::new(),
        Op::Enum(edit) => names(edit),
        Op::EnumValue { of, .. } => vec![of],
        Op::Table(TableEdit::Create(table) | TableEdit::Drop(table)) => vec![&table.name],
        Op::Table(TableEdit::Rename { from, to }) => vec![from, to],
        Op::Table(TableEdit::Alter { table, .. })
        | Op::Column { table, .. }
        | Op::PrimaryKey { table, .. }
        | Op::Unique { table, .. }
        | Op::ForeignKey { table, .. }
        | Op::Check { table, .. }
        | Op::Index { table, .. }
        | Op::Row { table, .. } => vec![table],
        Op::View(edit) => names(edit),
        Op::Object(edit) => names(edit),
    }
}

/// The tables that the foreign keys of an operation refer to.
fn referred(op: &Op) -> Vec<&ObjectName> {
    match op {
        Op::Table(TableEdit::Create(table)) => table.foreign_keys.iter().map(|key| &key.table).collect(),
        Op::ForeignKey { edit: Edit::Create(key) | Edit::Alter { to: key, .. }, .. } => vec![&key.table],
        _ => Vec::new(),
    }
}

fn names<T: Named<Key = ObjectName>>(edit: &Edit<T>) -> Vec<&ObjectName> {
    match edit {
        Edit::Create(item) | Edit::Drop(item) | Edit::Alter { to: item, .. } => vec![item.key()],
        Edit::Rename { from, to } => vec![from, to],
    }
}
