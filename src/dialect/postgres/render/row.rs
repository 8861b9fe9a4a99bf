//! Reference rows: inserts and deletes of one table are batched, and sequences move past inserted numbers.

use std::collections::BTreeSet;

use crate::change::{Op, RowEdit};
use crate::dialect::going::Going;
use crate::dialect::postgres::Postgres;
use crate::dialect::{Class, row, spelling};
use crate::model::{Identity, IdentityMode, Row, Table};
use crate::name::{Name, ObjectName};

use super::super::quote::ident;
use super::super::sequence;
use super::Renderer;
use super::output::Pass;

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
        if let [(_, key, _), ..] = deleted.as_slice()
            && let Some(table) = self.live.tables.get(table)
        {
            let key = *key;
            let rows = deleted.into_iter().map(|(name, _, row)| (name, row)).collect();
            let going = Going { state: &self.live, earlier: self.earlier, table, key, rows, follows: true };
            let (sql, guard) = going.delete(&Postgres);
            self.out.push(sql, Class::Batch);
            self.out.guard(guard);
        }
    }

    fn insert(&mut self, table: &ObjectName, rows: &[&Row]) {
        let columns = row::filled(rows);
        let numbered =
            self.live.tables.get(table).map(|table| identities(table, &columns)).unwrap_or_default();
        let always = numbered.iter().any(|(_, identity)| identity.mode == IdentityMode::Always);
        self.relax_doomed(table, &columns);
        let overriding = if always { " OVERRIDING SYSTEM VALUE" } else { "" };
        self.out.push(row::insert(table, &columns, overriding, rows, &Postgres), Class::Batch);
        for (column, identity) in numbered {
            self.out.push(sequence::advance(table, &column, &identity), Class::Metadata);
        }
    }

    /// Columns that the rows don't fill any more, because they go in this batch, must not ask for a value.
    fn relax_doomed(&mut self, table: &ObjectName, filled: &BTreeSet<&Name>) {
        let known = self.live.tables.get(table);
        let doomed = known.map(|table| row::doomed(table, self.ops, filled)).unwrap_or_default();
        for column in doomed {
            if self.relaxed.insert((table.clone(), column.clone())) {
                let sql = format!("ALTER COLUMN {} DROP NOT NULL", ident(&column));
                self.clause(table, Pass::Drop, &column, sql, Class::Metadata);
            }
        }
    }

    fn update(&mut self, table: &ObjectName, key: &[Name], from: &Row, to: &Row) {
        let known = self.live.tables.get(table);
        if let Some(sql) =
            known.and_then(|table| spelling::update(table, key, (from, to), self.ops, &Postgres))
        {
            self.out.push(sql, Class::Batch);
        }
    }
}

fn identities(table: &Table, columns: &BTreeSet<&Name>) -> Vec<(Name, Identity)> {
    let numbered = table.columns.iter().filter(|column| columns.contains(&column.name));
    numbered.filter_map(|column| Some((column.name.clone(), column.identity?))).collect()
}
