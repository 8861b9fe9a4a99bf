//! Does what was put off for a table: creates it, alters it, or makes it anew.

use std::collections::BTreeSet;

use super::Renderer;
use super::difference::{Alters, Difference};
use super::rebuild::{self, Move};
use super::tracker::Tracker;
use crate::change::{Edit, Op, RowEdit, TableEdit, is_required};
use crate::dialect::sqlite::definition::{Definition, WITHOUT_ROWID, define};
use crate::dialect::sqlite::{NAME, ddl, quote};
use crate::dialect::{Action, Class};
use crate::model::{ForeignKey, Row, Table, Value};
use crate::name::{Name, ObjectName};

impl Renderer<'_> {
    /// Does everything that was put off.
    pub(super) fn flush_all(&mut self, at: usize) {
        let open = self.trackers.iter().filter(|(_, tracker)| !tracker.ops.is_empty());
        for table in open.map(|(table, _)| table.clone()).collect::<Vec<_>>() {
            self.flush(at, &table);
        }
    }

    /// Does what was put off for a table, so that it is as the state says in front of operation `at`.
    pub(super) fn flush(&mut self, at: usize, table: &ObjectName) {
        let Some(tracker) = self.trackers.get_mut(table) else { return };
        if tracker.ops.is_empty() {
            return;
        }
        let mut tracker = std::mem::take(tracker);
        let unfilled = self.unfilled(at, table);
        if let Some(goal) = self.goal(at, table, &tracker, &unfilled) {
            match &tracker.live {
                None => self.create(&goal, &tracker.ops),
                Some(live) => self.change(at, live, &goal, &tracker),
            }
            tracker.live = Some(goal);
        }
        let Tracker { live: _, ops, dropped, renamed: _, values, ahead: _ } = &mut tracker;
        if unfilled.is_empty() {
            ops.clear();
        }
        dropped.clear();
        values.clear();
        self.trackers.insert(table.clone(), tracker);
    }

    /// The required columns that reference rows get a value for from operation `at` on.
    fn unfilled(&self, at: usize, table: &ObjectName) -> BTreeSet<Name> {
        let mut unfilled = BTreeSet::new();
        let Some(known) = self.state.tables.get(table) else { return unfilled };
        for op in self.ops.iter().skip(at) {
            if let Op::Row { table: of, edit: RowEdit::Update { from, to }, .. } = op
                && of == table
            {
                let null =
                    |row: &Row, column| row.cells.get(column).is_none_or(|value| *value == Value::Null);
                unfilled.extend(
                    to.cells.keys().filter(|column| null(from, *column) && !null(to, *column)).cloned(),
                );
            }
        }
        unfilled.retain(|column| known.columns.get(column).is_some_and(is_required));
        unfilled
    }

    fn goal(
        &mut self,
        at: usize,
        table: &ObjectName,
        tracker: &Tracker,
        unfilled: &BTreeSet<Name>,
    ) -> Option<Definition> {
        let mut known = self.state.tables.get(table)?.clone();
        for column in known.columns.iter_mut().filter(|column| unfilled.contains(&column.name)) {
            column.nullable = true;
        }
        tracker.put_texts_ahead_of(&mut known, &self.upcoming_renames(at, table));
        if at < self.ops.len() {
            without_odd_numbering(&mut known);
            without_absent_key(&mut known);
        }
        let columns = known.columns.clone();
        let complete = |key: &&ForeignKey| key.columns.iter().all(|column| columns.contains(column));
        for key in tracker.ahead.iter().filter(complete) {
            // One that is there already is the same.
            let _ = known.foreign_keys.insert(key.clone());
        }
        let mut goal = define(&known, &self.state.enums, &mut self.problems);
        tracker.adopt_renamed_texts(&mut goal);
        Some(goal)
    }

    /// The renames of a table's columns from operation `at` on.
    fn upcoming_renames(&self, at: usize, table: &ObjectName) -> Vec<(Name, Name)> {
        let mut name = table;
        let mut renames = Vec::new();
        for op in self.ops.iter().skip(at) {
            match op {
                Op::Table(TableEdit::Rename { from, to }) if from == name => name = to,
                Op::Column { table, edit: Edit::Rename { from, to } } if table == name => {
                    renames.push((from.clone(), to.clone()));
                }
                _ => {}
            }
        }
        renames
    }

    fn create(&mut self, goal: &Definition, ops: &[usize]) {
        self.emit(ddl::create_table(goal, &goal.name), Class::Metadata, ops);
        for index in &goal.indexes {
            self.emit(ddl::create_index(index, &goal.name), Class::Metadata, ops);
        }
    }

    fn change(&mut self, at: usize, live: &Definition, goal: &Definition, tracker: &Tracker) {
        let difference = Difference::of(live, goal, &tracker.dropped);
        if !difference.removed.is_empty() {
            self.hoist_drops(at, &goal.name);
        }
        match difference.alters() {
            Some(alters) => self.alter(&difference, &alters, goal, &tracker.ops),
            None => {
                let triggers = self.triggers_on(&goal.name);
                let rebuild = rebuild::rebuild(&Move { live, goal, tracker, triggers });
                self.actions.push(Action::Rebuild(Box::new(rebuild)));
            }
        }
    }

    fn alter(&mut self, difference: &Difference<'_>, alters: &Alters<'_>, goal: &Definition, ops: &[usize]) {
        let table = quote::name(&goal.name);
        for index in &difference.old_indexes {
            self.emit(ddl::drop("INDEX", &index.name), Class::Metadata, ops);
        }
        let Alters { added, removed } = alters;
        for (column, constraints) in added {
            let definition = ddl::column_with(column, constraints.iter().copied());
            let class = if constraints.is_empty() { Class::Metadata } else { Class::Validate };
            self.emit(format!("ALTER TABLE {table} ADD COLUMN {definition}"), class, ops);
        }
        for column in removed {
            let name = quote::name(&column.name);
            self.emit(format!("ALTER TABLE {table} DROP COLUMN {name}"), Class::Rewrite, ops);
        }
        for index in &difference.new_indexes {
            self.emit(ddl::create_index(index, &goal.name), Class::Validate, ops);
        }
    }
}

/// Lets columns be plain that can't number themselves, because their primary key has gone ahead of them.
fn without_odd_numbering(table: &mut Table) {
    let key = table.primary_key.as_ref().map(|key| key.columns.as_slice()).unwrap_or_default();
    for column in table.columns.iter_mut().filter(|column| *key != [column.name.clone()]) {
        column.identity = None;
    }
}

/// Lets a table number its rows that is to be sorted by a primary key which it doesn't have yet, or no more.
fn without_absent_key(table: &mut Table) {
    if table.primary_key.is_none()
        && let Some(options) = table.settings.options.get_mut(&*NAME)
    {
        options.remove(WITHOUT_ROWID);
    }
}
