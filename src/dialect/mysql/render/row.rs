//! Reference rows: inserts and deletes of one table are batched. They change rows alone and share the transaction of the
//! journal; numbers that a row brings along move the server's own count by themselves.

use std::collections::BTreeSet;

use super::super::going::Writing;
use super::super::late::with_zeros;
use super::Renderer;
use crate::change::{Op, RowEdit};
use crate::dialect::going::Going;
use crate::dialect::{row, spelling};
use crate::model::{Row, Table, Value};
use crate::name::{Name, ObjectName};

impl Renderer<'_> {
    /// A run of edits of one table's rows.
    pub(super) fn rows(&mut self, table: &ObjectName, ops: &[&Op]) {
        let mut inserted = Vec::new();
        let mut deleted = Vec::new();
        for op in ops {
            let Op::Row { key, edit, .. } = op else { continue };
            match edit {
                RowEdit::Insert(row) => inserted.push(row),
                RowEdit::Delete(row) => deleted.push((op.subject(), key.as_slice(), row)),
                RowEdit::Update { from, to } => self.update(table, key, from, to),
            }
        }
        if !inserted.is_empty() {
            self.insert(table, &inserted);
        }
        let Some(table) = self.live.tables.get(table) else { return };
        // InnoDB looks at references row by row, in an order of its own, and not when the statement has ended.
        let together = if refers_to_itself(table) { 1 } else { deleted.len().max(1) };
        let writing = Writing { version: self.out.version, enums: &self.database.enums };
        let (state, earlier) = (&self.live, self.earlier);
        let statements = deleted.chunks(together).filter_map(|rows| {
            let (_, key, _) = rows.first()?;
            let rows = rows.iter().map(|(name, _, row)| (name.clone(), *row)).collect();
            Some(Going { state, earlier, table, key, rows, follows: true }.delete(&writing))
        });
        for (sql, guard) in statements.collect::<Vec<_>>() {
            self.out.guarded(sql, guard);
        }
    }

    fn insert(&mut self, table: &ObjectName, rows: &[&Row]) {
        let columns = row::filled(rows);
        self.relax_doomed(table, &columns);
        let writing = Writing { version: self.out.version, enums: &self.database.enums };
        let sql = row::insert(table, &columns, "", rows, &writing);
        let known = self.database.tables.get(table);
        let is_zero = known.is_some_and(|known| rows.iter().any(|row| numbers_zero(known, row)));
        self.out.inside(if is_zero { with_zeros(&sql) } else { sql });
    }

    /// Columns that the rows don't fill any more, because they go in this batch, must not ask for a value.
    fn relax_doomed(&mut self, table: &ObjectName, filled: &BTreeSet<&Name>) {
        let known = self.database.tables.get(table);
        let doomed = known.map(|table| row::doomed(table, self.ops, filled)).unwrap_or_default();
        if doomed.is_empty() {
            return;
        }
        self.relaxed.extend(doomed.into_iter().map(|column| (table.clone(), column)));
        self.flush(table);
    }

    fn update(&mut self, table: &ObjectName, key: &[Name], from: &Row, to: &Row) {
        let Some(known) = self.database.tables.get(table) else { return };
        let writing = Writing { version: self.out.version, enums: &self.database.enums };
        if let Some(sql) = spelling::update(known, key, (from, to), self.ops, &writing) {
            self.out.inside(sql);
        }
    }
}

/// Whether a row has a 0 for a column that numbers its rows, and would be given the next number instead.
fn numbers_zero(table: &Table, row: &Row) -> bool {
    let numbered = table.columns.iter().find(|column| column.identity.is_some());
    match numbered.and_then(|column| row.cells.get(&column.name)) {
        Some(Value::Number(text) | Value::Text(text) | Value::Sql(text)) => text.trim().parse() == Ok(0.0),
        Some(Value::Bool(on)) => !on,
        Some(Value::Null) | None => false,
    }
}

fn refers_to_itself(table: &Table) -> bool {
    table.foreign_keys.iter().any(|key| key.table == table.name)
}
