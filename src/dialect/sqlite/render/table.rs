//! Operations on tables and what belongs to them, and on enums, which live in the checks of tables.

use super::Renderer;
use super::rebuild::scratch_name;
use super::tracker::Tracker;
use crate::change::{Edit, Op, TableEdit};
use crate::dialect::sqlite::definition::define;
use crate::dialect::sqlite::normal::same_name;
use crate::dialect::sqlite::{ddl, quote};
use crate::dialect::{Class, Transaction};
use crate::model::{Column, EnumType, ForeignKey, Index, Type};
use crate::name::{Name, ObjectName};

impl Renderer<'_> {
    /// What is known of a table; before anything is, it is in the database as the state says.
    pub(super) fn tracker(&mut self, table: &ObjectName) -> Option<&mut Tracker> {
        if !self.trackers.contains_key(table) {
            let known = self.state.tables.get(table)?;
            let live = define(known, &self.state.enums, &mut self.problems);
            self.trackers.insert(table.clone(), Tracker { live: Some(live), ..Tracker::default() });
        }
        self.trackers.get_mut(table)
    }

    /// Puts an operation on a table off.
    pub(super) fn touch(&mut self, at: usize, table: &ObjectName) {
        if let Some(tracker) = self.tracker(table) {
            tracker.ops.push(at);
        }
    }

    pub(super) fn table(&mut self, at: usize, edit: &TableEdit) {
        match edit {
            TableEdit::Create(table) => {
                let ahead = self.later_foreign_keys(at, &table.name);
                let tracker = Tracker { ops: vec![at], ahead, ..Tracker::default() };
                self.trackers.insert(table.name.clone(), tracker);
            }
            TableEdit::Drop(table) => {
                let tracker = self.trackers.shift_remove(&table.name);
                if tracker.is_some_and(|tracker| tracker.live.is_none()) {
                    return;
                }
                let name = table.name.name.as_str();
                self.hoist_drops(at, name);
                // Enforced foreign keys would first delete every row, and those that refer to it.
                self.emit_in(Transaction::Unguarded, ddl::drop("TABLE", name), Class::Metadata, &[at], None);
            }
            TableEdit::Alter { table, from: _, to: _ } => self.touch(at, table),
            TableEdit::Rename { from, to } => self.rename_table(at, from, to),
        }
    }

    /// The foreign keys that later operations add to a new table; those of a cycle are not part of its creation.
    fn later_foreign_keys(&self, at: usize, table: &ObjectName) -> Vec<ForeignKey> {
        let later = self.ops.iter().skip(at + 1);
        let keys = later.filter_map(|op| match op {
            Op::ForeignKey { table: owner, edit: Edit::Create(key) } if owner == table => {
                Some((**key).clone())
            }
            _ => None,
        });
        keys.collect()
    }

    fn rename_table(&mut self, at: usize, from: &ObjectName, to: &ObjectName) {
        let (old, new) = (from.name.as_str(), to.name.as_str());
        let Some(tracker) = self.tracker(from) else { return };
        if tracker.live.is_some() {
            let rename = |from: &str, to: &str| {
                format!("ALTER TABLE {} RENAME TO {}", quote::name(from), quote::name(to))
            };
            if same_name(old, new) {
                // SQLite takes a change of case alone for a name that is taken.
                let between = scratch_name(old);
                self.emit(rename(old, &between), Class::Metadata, &[at]);
                self.emit(rename(&between, new), Class::Metadata, &[at]);
            } else {
                self.emit(rename(old, new), Class::Metadata, &[at]);
            }
        }
        for tracker in self.trackers.values_mut() {
            tracker.live.iter_mut().for_each(|live| live.rename_table(old, new));
        }
        if let Some((place, _, tracker)) = self.trackers.shift_remove_full(from) {
            self.trackers.shift_insert(place, to.clone(), tracker);
        }
    }

    pub(super) fn column(&mut self, at: usize, table: &ObjectName, edit: &Edit<Column>) {
        match edit {
            Edit::Create(_) | Edit::Alter { .. } => self.touch(at, table),
            Edit::Drop(column) => {
                let Some(tracker) = self.tracker(table) else { return };
                tracker.ops.push(at);
                if tracker.live_has(column.name.as_str()) {
                    tracker.dropped.push(column.name.to_string());
                }
            }
            Edit::Rename { from, to } => self.rename_column(at, table, from, to),
        }
    }

    fn rename_column(&mut self, at: usize, table: &ObjectName, from: &Name, to: &Name) {
        let Some(tracker) = self.tracker(table) else { return };
        if !tracker.dropped.is_empty() {
            // A column that still stands there may have one of the two names.
            self.flush(at, table);
        }
        let Some(tracker) = self.trackers.get_mut(table) else { return };
        if !tracker.live_has(from.as_str()) {
            // Not created yet: it gets the new name at once.
            tracker.ops.push(at);
            return;
        }
        tracker.rename_column(from.as_str(), to.as_str());
        let owner = table.name.as_str();
        for tracker in self.trackers.values_mut() {
            let live = tracker.live.iter_mut();
            live.for_each(|live| live.rename_referenced_column(owner, from.as_str(), to.as_str()));
        }
        let (owner, from, to) = (quote::name(owner), quote::name(from.as_str()), quote::name(to.as_str()));
        self.emit(format!("ALTER TABLE {owner} RENAME COLUMN {from} TO {to}"), Class::Metadata, &[at]);
    }

    pub(super) fn index(&mut self, at: usize, table: &ObjectName, edit: &Edit<Index>) {
        let Some(tracker) = self.tracker(table) else { return };
        tracker.ops.push(at);
        let name = match edit {
            Edit::Create(_) | Edit::Alter { .. } => return,
            Edit::Drop(index) => &index.name,
            Edit::Rename { from, to: _ } => from,
        };
        // Dropped at once, because an index of another table may take the name.
        let Some(live) = &mut tracker.live else { return };
        if let Some(place) = live.indexes.iter().position(|index| index.name == name.as_str()) {
            live.indexes.remove(place);
            self.emit(ddl::drop("INDEX", name.as_str()), Class::Metadata, &[at]);
        }
    }

    pub(super) fn enum_type(&mut self, at: usize, edit: &Edit<EnumType>) {
        match edit {
            // A column that uses it comes after the one and goes before the other.
            Edit::Create(_) | Edit::Drop(_) => {}
            Edit::Alter { .. } | Edit::Rename { .. } => {
                for (table, _) in self.columns_of(edit.key()) {
                    self.touch(at, &table);
                }
            }
        }
    }

    pub(super) fn enum_value(&mut self, at: usize, of: &ObjectName, from: &str, to: &str) {
        for (table, columns) in self.columns_of(of) {
            let Some(tracker) = self.tracker(&table) else { continue };
            tracker.ops.push(at);
            for column in columns {
                if tracker.live_has(column.as_str()) {
                    tracker.rename_value(column.as_str(), from, to);
                }
            }
        }
    }

    /// The columns that have an enum as their type, by table.
    fn columns_of(&self, name: &ObjectName) -> Vec<(ObjectName, Vec<Name>)> {
        let uses = |column: &&Column| matches!(&column.ty.common, Type::Enum(of) if of == name);
        let tables = self.state.tables.iter().map(|table| {
            let columns: Vec<Name> =
                table.columns.iter().filter(uses).map(|column| column.name.clone()).collect();
            (table.name.clone(), columns)
        });
        tables.filter(|(_, columns)| !columns.is_empty()).collect()
    }
}
