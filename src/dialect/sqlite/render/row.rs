//! Reference rows: one statement each.

use super::Renderer;
use crate::change::{Op, RowEdit};
use crate::dialect::going::Going;
use crate::dialect::spelling::update;
use crate::dialect::sqlite::definition::Definition;
use crate::dialect::sqlite::{Sqlite, quote};
use crate::dialect::{Class, Transaction};
use crate::model::Row;
use crate::name::{Name, ObjectName};

impl Renderer<'_> {
    pub(super) fn row(&mut self, at: usize, table: &ObjectName, key: &[Name], edit: &RowEdit) {
        // The row may refer to a table that is not created yet.
        self.flush_all(at);
        let name = quote::name(table.name.as_str());
        let live = self.tracker(table).and_then(|tracker| tracker.live.as_ref());
        let or_abort = live.map_or("", Definition::or_abort);
        // In a circle of foreign keys some row comes before the one that it refers to.
        let circle = self.trackers.get(table).is_some_and(|tracker| !tracker.ahead.is_empty());
        let transaction = if circle { Transaction::Unguarded } else { Transaction::Inside };
        let mut guard = None;
        let sql = match edit {
            RowEdit::Insert(Row { cells, only_env: _ }) => {
                let values = quote::list(cells.values().map(quote::value));
                format!("INSERT{or_abort} INTO {name} ({}) VALUES ({values})", quote::names(cells.keys()))
            }
            RowEdit::Delete(row) => {
                let Some(known) = self.state.tables.get(table) else { return };
                let subject = self.ops.get(at).map(Op::subject).unwrap_or_default();
                let rows = vec![(subject, row)];
                let (state, earlier) = (&self.state, self.earlier);
                let going = Going { state, earlier, table: known, key, rows, follows: !circle };
                let (sql, rows) = going.delete(&Sqlite);
                guard = Some(rows);
                sql
            }
            RowEdit::Update { from, to } => {
                let known = self.state.tables.get(table);
                let Some(sql) = known.and_then(|table| update(table, key, (from, to), self.ops, &Sqlite))
                else {
                    return;
                };
                sql.replacen("UPDATE", &format!("UPDATE{or_abort}"), 1)
            }
        };
        self.emit_in(transaction, sql, Class::Batch, &[at], guard);
    }
}
