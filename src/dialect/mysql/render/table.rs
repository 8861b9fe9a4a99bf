//! Tables and what belongs to them.

use std::collections::BTreeSet;

use super::super::definition::{Writer, mentions};
use super::super::implied::{implied_indexes, is_unique};
use super::super::quote::object;
use super::super::types::MyType;
use super::super::version;
use super::Renderer;
use super::algorithm::{Judge, Way, is_method};
use super::along::rename_along;
use super::change::Change;
use super::column::in_present_names;
use super::difference::{Shape, difference};
use super::output::of_table;
use super::relied::{Relied, is_keyed};
use crate::change::{Edit, Op, TableEdit, is_required};
use crate::dialect::{Class, Effect};
use crate::model::{Column, ForeignKey, Identity, Index, KeyPart, State, Table};
use crate::name::{Name, ObjectName};

impl Renderer<'_> {
    /// Puts a change of a table off.
    pub(super) fn touch(&mut self, index: usize, table: &ObjectName, op: &Op) {
        let other = self.open.as_ref().is_some_and(|(open, _)| open != table);
        if other || self.comes_again(table, op) {
            self.close();
        }
        if let Op::Column { edit: Edit::Create(column), .. } = op
            && is_required(column)
            && self.rows_follow(index, table)
        {
            self.unfilled.insert((table.clone(), column.name.clone()));
        }
        self.open.get_or_insert_with(|| (table.clone(), BTreeSet::new())).1.insert(index);
    }

    /// Whether a column comes under the name of one that is still there and goes.
    fn comes_again(&self, table: &ObjectName, op: &Op) -> bool {
        let Op::Column { edit: Edit::Create(column), .. } = op else { return false };
        let now = self.database.tables.get(table);
        now.is_some_and(|now| now.columns.contains(&column.name))
    }

    pub(super) fn rows_follow(&self, index: usize, table: &ObjectName) -> bool {
        self.ops.iter().skip(index).any(|op| matches!(op, Op::Row { table: other, .. } if other == table))
    }

    /// The rows of a table have come: what they fill can be required.
    pub(super) fn filled(&mut self, table: &ObjectName, indices: &[usize]) {
        let next = indices.last().map_or(0, |last| last + 1);
        if self.rows_follow(next, table) || !self.unfilled.iter().any(|(of, _)| of == table) {
            return;
        }
        self.unfilled.retain(|(of, _)| of != table);
        let creates = |op: &Op| matches!(op, Op::Column { table: of, edit: Edit::Create(_) } if of == table);
        let created: Vec<usize> =
            (0..next).filter(|index| self.ops.get(*index).is_some_and(creates)).collect();
        self.serve(&created);
        self.flush(table);
    }

    /// Makes the changes that were put off.
    pub(super) fn close(&mut self) {
        let Some((table, ops)) = self.open.take() else { return };
        self.out.serving = ops;
        self.flush(&table);
    }

    /// Makes the table in the database what the operations want it to be.
    pub(super) fn flush(&mut self, name: &ObjectName) {
        let (Some(now), Some(wanted)) = (self.database.tables.get(name), self.live.tables.get(name)) else {
            return;
        };
        let next = self.possible(wanted);
        let suspended = self.suspended_by(now, &next);
        let early = self.early(now, &next);
        let turning = turning(now, &next);
        let new = wanted.foreign_keys.keys().filter(|key| !now.foreign_keys.contains(key));
        let new = new.cloned().collect();
        for (table, key) in suspended {
            self.suspend(&table, &key);
        }
        self.suspended.extend(early.into_iter().map(|key| (name.clone(), key)));
        self.make_room(name, new);
        // A key that was kept may go now, for the operations that wanted it gone.
        if self.keeping.as_ref().is_some_and(|keeping| keeping.contains(name)) {
            self.serve_also(|renderer, op| op.table() == Some(name) && renderer.is_of_key(op));
        }
        if self.misnamed.remove(name) {
            self.serve_also(|_, op| matches!(op, Op::Table(TableEdit::Rename { from: _, to }) if to == name));
        }
        // A column numbers the rows only with its key, be that long behind the operation on the column.
        self.serve_also(|_, op| match op {
            Op::Column { table, edit: Edit::Alter { to, .. } } => table == name && turning.contains(&to.name),
            _ => false,
        });
        let (Some(now), Some(wanted)) = (self.database.tables.get(name), self.live.tables.get(name)) else {
            return;
        };
        let mut wanted = self.possible(wanted);
        let relied = Relied::of(now, &wanted, &self.database.tables);
        if let Some(keeping) = &mut self.keeping
            && relied.keep(now, &mut wanted)
        {
            keeping.insert(name.clone());
        }
        let is_new = self.created.contains(name);
        let from = Shape { table: now, enums: &self.database.enums };
        let to = Shape { table: &wanted, enums: &self.live.enums };
        let changes = difference(from, to, &self.texts, &relied, is_new);
        let mut table = now.clone();
        let enums = self.database.enums.clone();
        self.out.alter(&mut table, changes, [&enums, &self.live.enums.clone()], is_new);
        // The name of a primary key, for one, is in the schema alone.
        table.primary_key.clone_from(&wanted.primary_key);
        self.database.tables.replace(table);
    }

    /// Whether an operation has to wait for as long as a key of its table is kept.
    fn is_of_key(&self, op: &Op) -> bool {
        match op {
            Op::PrimaryKey { .. } | Op::Unique { .. } | Op::Index { .. } => true,
            Op::Column { table, edit: Edit::Alter { from, to } } => {
                let now = self.database.tables.get(table);
                let in_key = now.and_then(|now| now.primary_key.as_ref());
                from.nullable != to.nullable && in_key.is_some_and(|key| key.columns.contains(&to.name))
            }
            _ => false,
        }
    }

    /// A table as the server can have it at this moment.
    pub(super) fn possible(&self, table: &Table) -> Table {
        let mut table = table.clone();
        let name = table.name.clone();
        let unkeyed: Vec<Name> = table
            .columns
            .iter()
            .filter(|column| column.identity.is_some() && !is_keyed(&column.name, &table))
            .map(|column| column.name.clone())
            .collect();
        for column in table.columns.iter_mut() {
            let place = (name.clone(), column.name.clone());
            if self.unfilled.contains(&place) || self.relaxed.contains(&place) {
                column.nullable = true;
            }
            if unkeyed.contains(&column.name) {
                column.identity = None;
            }
        }
        self.leave_out_the_unkeyed(&mut table, &unkeyed);
        in_present_names(&mut table, &self.texts);
        let named = table.clone();
        self.leave_out_the_impossible(&mut table);
        table.indexes.retain(|index| self.fits(index, &named));
        // One that has yet to leave a column which is too long for a key by now.
        let is_long = |name: &Name| {
            let column = named.columns.get(name);
            column.is_some_and(|column| MyType::of(&column.ty.common, &self.live.enums).is_long())
        };
        table.uniques.retain(|unique| !unique.columns.iter().any(is_long));
        let keyed = table.clone();
        table.checks.retain(|check| !version::has_unique_key(&keyed, &check.name, self.out.version));
        table.foreign_keys.retain(|key| !self.suspended.contains(&(name.clone(), key.name.clone())));
        table
    }

    /// Takes out columns that number rows which are there already: they come with their key, and would be required without
    /// a value until then.
    fn leave_out_the_unkeyed(&self, table: &mut Table, unkeyed: &[Name]) {
        let Some(now) = self.database.tables.get(&table.name) else { return };
        for name in unkeyed.iter().filter(|name| !now.columns.contains(name)) {
            leave_out(table, name);
            if table.primary_key.as_ref().is_some_and(|key| key.columns.contains(name)) {
                table.primary_key.clone_from(&now.primary_key);
            }
        }
    }

    /// Takes out what speaks of columns that this batch has dropped, or has yet to add.
    fn leave_out_the_impossible(&self, table: &mut Table) {
        let Some(passing) = self.passing.get(&table.name) else { return };
        let absent: Vec<Name> =
            passing.iter().filter(|name| !table.columns.contains(name)).cloned().collect();
        let is_impossible = |text: &str| absent.iter().any(|name| mentions(text, name));
        table.checks.retain(|check| !is_impossible(&check.expression.common));
        table.indexes.retain(|index| !absent.iter().any(|name| speaks(index, name)));
        let computed = table.columns.iter().filter(|column| {
            column.generated.as_ref().is_some_and(|text| is_impossible(&text.expression.common))
        });
        for name in computed.map(|column| column.name.clone()).collect::<Vec<_>>() {
            leave_out(table, &name);
        }
    }

    /// Whether an index is possible over the types that its columns have at the moment: it can be ahead of a change of
    /// them, or behind it.
    fn fits(&self, index: &Index, table: &Table) -> bool {
        let is_plain = ["fulltext", "spatial"].iter().all(|word| !is_method(index, word));
        index.keys.iter().all(|key| {
            let KeyPart::Column(name) = &key.on else { return true };
            let Some(column) = table.columns.get(name) else { return true };
            let ty = MyType::of(&column.ty.common, &self.live.enums);
            if key.prefix.is_some() { ty.has_beginning() } else { !(is_plain && ty.is_long()) }
        })
    }

    /// The foreign keys that must go for a while, because a column of theirs becomes something else, or takes no NULL any
    /// more in a table that is copied for it.
    fn suspended_by(&self, now: &Table, wanted: &Table) -> Vec<(ObjectName, Name)> {
        let enums = [&self.database.enums, &self.live.enums];
        let judge = Judge { version: self.out.version, table: now, enums };
        let changes = |column: &Column| {
            let Some(next) = wanted.columns.get(&column.name) else { return false };
            let ty = |column: &Column, enums| MyType::of(&column.ty.common, enums);
            let set = || Change::SetColumn { from: Box::new(column.clone()), to: Box::new(next.clone()) };
            ty(column, enums[0]) != ty(next, enums[1])
                || column.collation != next.collation
                || column.identity.map(forget) != next.identity.map(forget)
                || column.options != next.options
                || (column.nullable && !next.nullable && judge.way(&set()) == Way::Copy)
        };
        let changed: Vec<&Name> =
            now.columns.iter().filter(|column| changes(column)).map(|column| &column.name).collect();
        if changed.is_empty() {
            return Vec::new();
        }
        self.foreign_keys_over(&now.name, |name| changed.contains(&name))
    }

    /// The new foreign keys of a table for which the key that they refer to comes only later.
    fn early(&self, now: &Table, wanted: &Table) -> Vec<Name> {
        let is_early = |key: &&ForeignKey| {
            let referred =
                if key.table == wanted.name { Some(wanted) } else { self.database.tables.get(&key.table) };
            !now.foreign_keys.contains(&key.name)
                && referred.is_some_and(|referred| !is_unique(referred, &key.references))
        };
        let keys = wanted.foreign_keys.iter().filter(|_| self.keeping.is_some());
        keys.filter(is_early).map(|key| key.name.clone()).collect()
    }

    /// The foreign keys from or to some columns of a table.
    pub(super) fn foreign_keys_over(
        &self,
        of: &ObjectName,
        is_one: impl Fn(&Name) -> bool,
    ) -> Vec<(ObjectName, Name)> {
        let mut found = Vec::new();
        for table in &self.database.tables {
            for key in &table.foreign_keys {
                let refers = table.name == *of && key.columns.iter().any(&is_one);
                let is_referred = key.table == *of && key.references.iter().any(&is_one);
                if refers || is_referred {
                    found.push((table.name.clone(), key.name.clone()));
                }
            }
        }
        found
    }

    pub(super) fn suspend(&mut self, table: &ObjectName, key: &Name) {
        self.suspended.insert((table.clone(), key.clone()));
        let Some(now) = self.database.tables.get(table) else { return };
        let with_index = implied_indexes(now).iter().any(|index| index.name == *key);
        let mut now = now.clone();
        let change = Change::DropForeignKey { name: key.clone(), with_index };
        let enums = self.database.enums.clone();
        self.out.alter(&mut now, vec![change], [&enums, &enums], self.created.contains(table));
        self.database.tables.replace(now);
    }

    /// Whether an operation is why a foreign key was gone for a while, or about the key itself, which comes with the rest.
    pub(super) fn retypes(&self, op: &Op, table: &ObjectName, key: &Name) -> bool {
        let (of, column) = match op {
            Op::ForeignKey { table: of, edit: Edit::Create(to) | Edit::Alter { to, .. } } => {
                return of == table && to.name == *key;
            }
            Op::ForeignKey { table: of, edit: Edit::Rename { to, .. } } => return of == table && to == key,
            Op::Column { table: of, edit: Edit::Alter { to, .. } } => (of, &to.name),
            Op::Column { table: of, edit: Edit::Rename { to, .. } } => (of, to),
            _ => return false,
        };
        let key = self.live.tables.get(table).and_then(|table| table.foreign_keys.get(key));
        key.is_some_and(|key| {
            (of == table && key.columns.contains(column))
                || (*of == key.table && key.references.contains(column))
        })
    }

    pub(super) fn table(&mut self, index: usize, edit: &TableEdit, op: &Op) {
        if let TableEdit::Alter { table, .. } = edit {
            self.touch(index, table, op);
            return self.apply(index, op);
        }
        self.close();
        self.serve(&[index]);
        match edit {
            TableEdit::Create(table) => {
                self.apply(index, op);
                self.create_table(table);
            }
            TableEdit::Drop(table) => {
                self.apply(index, op);
                if let Some(gone) = self.database.tables.remove(&table.name) {
                    let before = of_table(&gone, &self.database.enums);
                    let effect = Effect { before, after: State::default() };
                    let sql = format!("DROP TABLE {}", object(&table.name));
                    self.out.outside(sql, Class::Metadata, Some(effect));
                }
                self.suspended.retain(|(of, _)| *of != table.name);
            }
            TableEdit::Rename { from, to } => self.rename_table(index, from, to, op),
            TableEdit::Alter { .. } => {}
        }
    }

    fn create_table(&mut self, table: &Table) {
        self.created.insert(table.name.clone());
        let table = self.possible(table);
        self.make_room(&table.name, table.foreign_keys.keys().cloned().collect());
        let writer = Writer { version: self.out.version, enums: &self.live.enums };
        let sql = writer.create_table(&table);
        let after = of_table(&table, &self.live.enums);
        self.out.outside(sql, Class::Metadata, Some(Effect { before: State::default(), after }));
        self.database.tables.replace(table);
    }

    fn rename_table(&mut self, index: usize, from: &ObjectName, to: &ObjectName, op: &Op) {
        let state_of = |state: &State, name: &ObjectName| {
            state.tables.get(name).map(|table| of_table(table, &state.enums)).unwrap_or_default()
        };
        let before = state_of(&self.database, from);
        // Foreign keys of others follow.
        if op.apply(&mut self.database).is_err() {
            self.database.tables.rename(from, to.clone());
        }
        let version = self.out.version;
        if let Some(table) = self.database.tables.get_mut(to)
            && rename_along(table, &from.name, version)
        {
            self.misnamed.insert(to.clone());
        }
        let after = state_of(&self.database, to);
        let sql = format!("RENAME TABLE {} TO {}", object(from), object(to));
        self.out.outside(sql, Class::Metadata, Some(Effect { before, after }));
        if let Some(passing) = self.passing.remove(from) {
            self.passing.entry(to.clone()).or_default().extend(passing);
        }
        for places in [&mut self.unfilled, &mut self.relaxed, &mut self.suspended] {
            *places = std::mem::take(places)
                .into_iter()
                .map(|(table, name)| (if table == *from { to.clone() } else { table }, name))
                .collect();
        }
        for tables in [&mut self.created, &mut self.misnamed].into_iter().chain(&mut self.keeping) {
            if tables.remove(from) {
                tables.insert(to.clone());
            }
        }
        self.apply(index, op);
    }

    pub(super) fn rename_key(&mut self, table: &ObjectName, from: &Name, to: &Name) {
        let Some(now) = self.database.tables.get(table) else { return };
        let mut now = now.clone();
        // An operation behind this one drops such a check, or renames it.
        let meets = version::has_unique_key(&now, from, self.out.version);
        let aside = now.checks.get(to).filter(|_| meets).cloned();
        let mut changes: Vec<Change> = aside.into_iter().map(Change::DropCheck).collect();
        changes.push(Change::RenameKey { from: from.clone(), to: to.clone() });
        let enums = self.database.enums.clone();
        self.serve_also(|_, op| matches!(op, Op::Check { table: of, .. } if of == table));
        self.out.alter(&mut now, changes, [&enums, &enums], self.created.contains(table));
        self.database.tables.replace(now);
    }
}

/// The columns that number the rows in one of two shapes of a table, and not in the other.
fn turning(now: &Table, wanted: &Table) -> Vec<Name> {
    let turns = |column: &&Column| {
        let known = now.columns.get(&column.name);
        known.is_some_and(|known| known.identity.is_some() != column.identity.is_some())
    };
    wanted.columns.iter().filter(turns).map(|column| column.name.clone()).collect()
}

/// What counts of an identity where foreign keys are concerned: where it starts doesn't.
fn forget(identity: Identity) -> Identity {
    Identity { start: None, ..identity }
}

/// Whether an index is over an expression that speaks of a column.
pub(super) fn speaks(index: &Index, column: &Name) -> bool {
    index.keys.iter().any(|key| match &key.on {
        KeyPart::Expression(text) => mentions(&text.common, column),
        KeyPart::Column(_) => false,
    })
}

/// Takes out a column with the keys that are over it.
fn leave_out(table: &mut Table, column: &Name) {
    table.columns.remove(column);
    table.indexes.retain(|index| !is_over(index, column));
    table.uniques.retain(|unique| !unique.columns.contains(column));
    table.foreign_keys.retain(|key| !key.columns.contains(column));
}

/// Whether a column is among the keys of an index.
fn is_over(index: &Index, column: &Name) -> bool {
    index.keys.iter().any(|key| matches!(&key.on, KeyPart::Column(name) if name == column))
}
