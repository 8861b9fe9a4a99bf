//! Reference rows: inserts and deletes of one table are batched. They change rows alone and share the transaction of the
//! journal; numbers that a row brings along move the server's own count by themselves.

use std::collections::BTreeSet;

use super::super::quote::{ident, list, object, value};
use super::Renderer;
use crate::change::{Edit, Op, RowEdit};
use crate::model::{Column, Row, Value};
use crate::name::{Name, ObjectName};

/// The most rows that one statement names.
const ROWS_MAX: usize = 500;

/// The operations, those that share statements together: rows of one table, of the same kind and with the same columns.
pub(super) fn runs(ops: &[Op]) -> Vec<Vec<usize>> {
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for index in 0..ops.len() {
        let previous = runs.last_mut().filter(|run| {
            let last = run.last().and_then(|last| ops.get(*last));
            run.len() < ROWS_MAX && last.zip(ops.get(index)).is_some_and(|(one, two)| alike(one, two))
        });
        match previous {
            Some(run) => run.push(index),
            None => runs.push(vec![index]),
        }
    }
    runs
}

fn alike(one: &Op, two: &Op) -> bool {
    let (Op::Row { table, edit, .. }, Op::Row { table: other, edit: next, .. }) = (one, two) else {
        return false;
    };
    table == other
        && match (edit, next) {
            (RowEdit::Insert(one), RowEdit::Insert(two)) => one.0.keys().eq(two.0.keys()),
            (RowEdit::Delete(_), RowEdit::Delete(_)) => true,
            (RowEdit::Insert(_) | RowEdit::Delete(_) | RowEdit::Update { .. }, _) => false,
        }
}

impl Renderer<'_> {
    /// A run of edits of one table's rows.
    pub(super) fn rows(&mut self, table: &ObjectName, ops: &[&Op]) {
        let mut inserted = Vec::new();
        let mut deleted = Vec::new();
        for op in ops {
            let Op::Row { key, edit, .. } = op else { continue };
            match edit {
                RowEdit::Insert(row) => inserted.push(row),
                RowEdit::Delete(row) => deleted.push(matching(key, row)),
                RowEdit::Update { from, to } => self.update(table, key, from, to),
            }
        }
        if !inserted.is_empty() {
            self.insert(table, &inserted);
        }
        // InnoDB looks at references row by row, in an order of its own, and not when the statement has ended.
        if self.refers_to_itself(table) {
            for row in deleted.drain(..) {
                self.out.inside(format!("DELETE FROM {} WHERE {row}", object(table)));
            }
        }
        if !deleted.is_empty() {
            let rows = if deleted.len() == 1 {
                deleted.concat()
            } else {
                format!("({})", deleted.join(")\n   OR ("))
            };
            self.out.inside(format!("DELETE FROM {} WHERE {rows}", object(table)));
        }
    }

    fn refers_to_itself(&self, table: &ObjectName) -> bool {
        let table = self.database.tables.get(table);
        table.is_some_and(|table| table.foreign_keys.iter().any(|key| key.table == table.name))
    }

    fn insert(&mut self, table: &ObjectName, rows: &[&Row]) {
        let columns: BTreeSet<&Name> = rows.iter().flat_map(|row| row.0.keys()).collect();
        self.relax_doomed(table, &columns);
        let tuples: Vec<String> = rows
            .iter()
            .map(|row| format!("({})", row.0.values().map(value).collect::<Vec<_>>().join(", ")))
            .collect();
        let names = list(columns.iter().copied());
        let tuples = tuples.join(",\n    ");
        self.out.inside(format!("INSERT INTO {} ({names}) VALUES\n    {tuples}", object(table)));
    }

    /// Columns that the rows don't fill any more, because they go in this batch, must not ask for a value.
    fn relax_doomed(&mut self, table: &ObjectName, filled: &BTreeSet<&Name>) {
        let goes = |column: &Name| {
            self.ops.iter().any(|op| match op {
                Op::Column { table: of, edit: Edit::Drop(gone) } => of == table && gone.name == *column,
                _ => false,
            })
        };
        let asks = |column: &&Column| {
            !column.nullable
                && column.default.common.is_none()
                && column.identity.is_none()
                && column.generated.is_none()
                && !filled.contains(&column.name)
        };
        let columns = self.database.tables.get(table).into_iter().flat_map(|table| table.columns.iter());
        let doomed: Vec<Name> =
            columns.filter(asks).map(|column| column.name.clone()).filter(|name| goes(name)).collect();
        if doomed.is_empty() {
            return;
        }
        self.relaxed.extend(doomed.into_iter().map(|column| (table.clone(), column)));
        self.flush(table);
    }

    fn update(&mut self, table: &ObjectName, key: &[Name], from: &Row, to: &Row) {
        let changed = to.0.iter().filter(|(column, value)| from.0.get(*column) != Some(*value));
        let mut sets: Vec<String> =
            changed.map(|(column, cell)| format!("{} = {}", ident(column), value(cell))).collect();
        // A cell that is not said any more is the database's to fill, if it can.
        let known = self.database.tables.get(table);
        let fillable = |column: &&Name| {
            let column = known.and_then(|table| table.columns.get(*column));
            column.is_some_and(|column| column.nullable || column.default.common.is_some())
        };
        let unsaid = from.0.keys().filter(|column| !to.0.contains_key(*column)).filter(fillable);
        sets.extend(unsaid.map(|column| format!("{} = DEFAULT", ident(column))));
        if !sets.is_empty() {
            let sql =
                format!("UPDATE {} SET {} WHERE {}", object(table), sets.join(", "), matching(key, from));
            self.out.inside(sql);
        }
    }
}

/// The condition that finds a row by its key.
fn matching(key: &[Name], row: &Row) -> String {
    let conditions: Vec<String> = key
        .iter()
        .map(|column| match row.0.get(column) {
            Some(Value::Null) | None => format!("{} IS NULL", ident(column)),
            Some(cell) => format!("{} = {}", ident(column), value(cell)),
        })
        .collect();
    conditions.join(" AND ")
}
