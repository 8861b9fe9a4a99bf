//! Foreign keys that get the name of one in another table: to the servers such a name is the whole database's, so the one that
//! has it goes first.

use std::collections::BTreeSet;

use super::Renderer;
use crate::change::{Edit, Op, TableEdit};
use crate::model::Table;
use crate::name::{Name, ObjectName};

/// The names that foreign keys have no more behind these operations, or that go over to others.
pub(super) fn given_up(ops: &[Op]) -> BTreeSet<Name> {
    let mut names = BTreeSet::new();
    for op in ops {
        match op {
            Op::ForeignKey { edit: Edit::Drop(key), .. } => names.extend([key.name.clone()]),
            Op::ForeignKey { edit: Edit::Rename { from, .. }, .. } => names.extend([from.clone()]),
            Op::Table(TableEdit::Drop(table)) => names.extend(table.foreign_keys.keys().cloned()),
            _ => {}
        }
    }
    names
}

impl Renderer<'_> {
    /// Takes away the foreign keys of other tables that have the names of some of this one.
    pub(super) fn make_room(&mut self, table: &ObjectName, keys: Vec<Name>) {
        for name in keys {
            if !self.given_up.contains(&name) {
                continue;
            }
            let has_it = |other: &&Table| other.name != *table && other.foreign_keys.contains(&name);
            let holder = self.database.tables.iter().find(has_it).map(|holder| holder.name.clone());
            let Some(holder) = holder else { continue };
            self.serve_also(|_, op| gives_up(op, &holder, &name));
            self.suspend(&holder, &name);
        }
    }
}

/// Whether an operation takes the name from a foreign key of the table.
fn gives_up(op: &Op, table: &ObjectName, name: &Name) -> bool {
    match op {
        Op::ForeignKey { table: of, edit: Edit::Drop(key) } => of == table && key.name == *name,
        Op::ForeignKey { table: of, edit: Edit::Rename { from, .. } } => of == table && from == name,
        Op::Table(TableEdit::Drop(gone)) => gone.name == *table,
        _ => false,
    }
}
