//! Which tables refer to which, kept while operations follow each other: to drop thousands of tables or columns
//! must not mean to look through all tables each time.

use foldhash::HashMap;

use super::{Edit, Op, TableEdit};
use crate::model::{ForeignKey, State, Table};
use crate::name::ObjectName;

/// What is known of the foreign keys of a state. It goes along with one state, and only operations change that.
#[derive(Debug, Default)]
pub struct References(Option<HashMap<ObjectName, Vec<ObjectName>>>);

impl References {
    /// The foreign keys to a table, each with the table that has it.
    pub(super) fn to<'s>(
        &mut self,
        state: &'s State,
        target: &ObjectName,
    ) -> impl Iterator<Item = (&'s Table, &'s ForeignKey)> {
        let known = self.0.get_or_insert_with(|| {
            let mut known = HashMap::default();
            state.tables.iter().for_each(|table| note_all(&mut known, table));
            known
        });
        // A table may have gone or have lost its foreign key since it was noted.
        let tables = known.get(target).into_iter().flatten().filter_map(|name| state.tables.get(name));
        let keys = tables.flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)));
        keys.filter(|(_, key)| key.table == *target).collect::<Vec<_>>().into_iter()
    }

    /// Follows an operation that was applied, on the state that it led to.
    pub(super) fn follow(&mut self, op: &Op, state: &State) {
        let Some(known) = &mut self.0 else { return };
        match op {
            Op::Table(TableEdit::Create(table)) => note_all(known, table),
            Op::ForeignKey { table, edit: Edit::Create(key) | Edit::Alter { to: key, .. } } => {
                note(known, table, key);
            }
            Op::Table(TableEdit::Rename { from, to })
            | Op::View(Edit::Rename { from, to })
            | Op::Object(Edit::Rename { from, to }) => self.rename(from, to, state),
            // The names of many tables change; they are read again when they are asked for.
            Op::Namespace(Edit::Rename { .. }) => self.0 = None,
            Op::Namespace(_)
            | Op::Enum(_)
            | Op::EnumValue { .. }
            | Op::Table(TableEdit::Drop(_) | TableEdit::Alter { .. })
            | Op::Column { .. }
            | Op::PrimaryKey { .. }
            | Op::Unique { .. }
            | Op::ForeignKey { .. }
            | Op::Check { .. }
            | Op::Index { .. }
            | Op::View(_)
            | Op::Object(_)
            | Op::Row { .. } => {}
        }
    }

    /// Follows a rename of what foreign keys refer to, on the state that it led to. A table takes its own along.
    pub(super) fn rename(&mut self, from: &ObjectName, to: &ObjectName, state: &State) {
        let Some(known) = &mut self.0 else { return };
        if let Some(owners) = known.remove(from) {
            known.entry(to.clone()).or_default().extend(owners);
        }
        state.tables.get(to).into_iter().for_each(|table| note_all(known, table));
    }
}

fn note_all(known: &mut HashMap<ObjectName, Vec<ObjectName>>, table: &Table) {
    table.foreign_keys.iter().for_each(|key| note(known, &table.name, key));
}

fn note(known: &mut HashMap<ObjectName, Vec<ObjectName>>, owner: &ObjectName, key: &ForeignKey) {
    let owners = known.entry(key.table.clone()).or_default();
    if owners.last() != Some(owner) {
        owners.push(owner.clone());
    }
}
