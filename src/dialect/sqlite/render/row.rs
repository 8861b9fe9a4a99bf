//! Reference rows: one statement each.

use super::Renderer;
use crate::change::{Op, RowEdit};
use crate::dialect::going::Going;
use crate::dialect::sqlite::{Sqlite, quote};
use crate::dialect::{Class, Transaction};
use crate::model::{Row, Value};
use crate::name::{Name, ObjectName};

impl Renderer<'_> {
    pub(super) fn row(&mut self, at: usize, table: &ObjectName, key: &[Name], edit: &RowEdit) {
        // The row may refer to a table that is not created yet.
        self.flush_all(at);
        let name = quote::name(table.name.as_str());
        // In a circle of foreign keys some row comes before the one that it refers to.
        let circle = self.trackers.get(table).is_some_and(|tracker| !tracker.ahead.is_empty());
        let transaction = if circle { Transaction::Unguarded } else { Transaction::Inside };
        let mut guard = None;
        let sql = match edit {
            RowEdit::Insert(Row(cells)) => {
                let values = quote::list(cells.values().map(quote::value));
                format!("INSERT INTO {name} ({}) VALUES ({values})", quote::names(cells.keys()))
            }
            RowEdit::Delete(row) => {
                let Some(known) = self.state.tables.get(table) else { return };
                let subject = self.ops.get(at).map(Op::subject).unwrap_or_default();
                let rows = vec![(subject, row)];
                let going = Going { state: &self.state, table: known, key, rows, follows: !circle };
                let (sql, rows) = going.delete(&Sqlite);
                guard = Some(rows);
                sql
            }
            RowEdit::Update { from, to } => {
                let changes = self.changes(table, from, to);
                if changes.is_empty() {
                    return;
                }
                format!("UPDATE {name} SET {} WHERE {}", quote::list(changes), condition(key, from))
            }
        };
        self.emit_in(transaction, sql, Class::Batch, &[at], guard);
    }

    /// The cells that differ; one that is no longer given gets the column's default.
    fn changes(&self, table: &ObjectName, from: &Row, to: &Row) -> Vec<String> {
        let set = |column: &Name, value: String| format!("{} = {value}", quote::name(column.as_str()));
        let differs = |(column, value): &(&Name, &Value)| from.0.get(*column) != Some(*value);
        let given = to.0.iter().filter(differs).map(|(column, value)| set(column, quote::value(value)));
        let columns = self.state.tables.get(table).map(|table| &table.columns);
        let left_out = from.0.keys().filter(|column| !to.0.contains_key(*column)).filter_map(|name| {
            let column = columns.and_then(|columns| columns.get(name))?;
            let default = column.default.common.as_ref();
            // Without a default a required value can only stay; its column is about to go.
            let stays = default.is_none() && !column.nullable;
            (!stays).then(|| set(name, default.map_or_else(|| "NULL".to_owned(), quote::value)))
        });
        given.chain(left_out).collect()
    }
}

/// The row by its key.
fn condition(key: &[Name], row: &Row) -> String {
    let parts = key.iter().map(|column| {
        let name = quote::name(column.as_str());
        match row.0.get(column) {
            None | Some(Value::Null) => format!("{name} IS NULL"),
            Some(value) => format!("{name} = {}", quote::value(value)),
        }
    });
    parts.collect::<Vec<_>>().join(" AND ")
}
