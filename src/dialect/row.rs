//! Reference rows of databases that take several in one statement: which operations share one, and how rows are
//! inserted.

use std::collections::BTreeSet;

use super::spelling::{Spelling, goes};
use crate::change::{Op, RowEdit};
use crate::model::{Column, Row, Table};
use crate::name::{Name, ObjectName};

/// The most rows that one statement names.
const ROWS_MAX: usize = 500;

/// The operations in the order in which they are rendered, those that share statements together: rows of one
/// table, of the same kind and with the same columns.
pub(super) fn runs(ops: &[Op], first: &[usize]) -> Vec<Vec<usize>> {
    let rest = (0..ops.len()).filter(|index| !first.contains(index));
    let mut runs: Vec<Vec<usize>> = Vec::new();
    for index in first.iter().copied().chain(rest) {
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
    let (Op::Row { table, key, edit }, Op::Row { table: other, key: other_key, edit: next }) = (one, two)
    else {
        return false;
    };
    table == other
        && match (edit, next) {
            (RowEdit::Insert(one), RowEdit::Insert(two)) => one.cells.keys().eq(two.cells.keys()),
            (RowEdit::Delete(_), RowEdit::Delete(_)) => key == other_key,
            (RowEdit::Insert(_) | RowEdit::Delete(_) | RowEdit::Update { .. }, _) => false,
        }
}

/// The columns that rows say, in the order in which they are inserted.
pub(super) fn filled<'a>(rows: &[&'a Row]) -> BTreeSet<&'a Name> {
    rows.iter().flat_map(|row| row.cells.keys()).collect()
}

/// The statement that inserts rows, all of which say these columns; `overriding` stands between these and the values.
pub(super) fn insert(
    table: &ObjectName,
    columns: &BTreeSet<&Name>,
    overriding: &str,
    rows: &[&Row],
    spelling: &dyn Spelling,
) -> String {
    let cells =
        |row: &Row| row.cells.values().map(|cell| spelling.value(cell)).collect::<Vec<_>>().join(", ");
    let tuples: Vec<String> = rows.iter().map(|row| format!("({})", cells(row))).collect();
    let names: Vec<String> = columns.iter().map(|column| spelling.name(column)).collect();
    let (table, names, tuples) = (spelling.table(table), names.join(", "), tuples.join(",\n    "));
    format!("INSERT INTO {table} ({names}){overriding} VALUES\n    {tuples}")
}

/// The columns that ask for a value, are not among those that rows fill, and go with these operations.
pub(super) fn doomed(table: &Table, ops: &[Op], filled: &BTreeSet<&Name>) -> Vec<Name> {
    let asks = |column: &&Column| {
        !column.nullable
            && column.default.common.is_none()
            && column.identity.is_none()
            && column.generated.is_none()
            && !filled.contains(&column.name)
    };
    let asking = table.columns.iter().filter(asks).map(|column| column.name.clone());
    asking.filter(|column| goes(&table.name, column, ops)).collect()
}
