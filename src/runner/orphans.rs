//! Rows that refer to rows which are not there, for databases whose enforcement of foreign keys can be switched off:
//! a run may leave as many as it found, and no new ones.

use std::collections::BTreeMap;

use super::connection::{Connection, DatabaseError, ErrorKind, Row};
use super::errors::E734;
use super::run::Failure;
use crate::diagnostic::Diagnostic;

/// What a check of all foreign keys finds.
#[derive(Debug, Default)]
pub(super) struct Orphans {
    /// Sorted.
    rows: Vec<Orphan>,
    /// Tables with a foreign key that the database can't follow, so that it checks none of them.
    unchecked: BTreeMap<String, DatabaseError>,
}

/// A row that refers to one that is not there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Orphan {
    table: String,
    rowid: String,
    parent: String,
}

const CHECK: &str = "SELECT \"table\", rowid, parent FROM pragma_foreign_key_check";

/// The rows that violate a foreign key. One key that can't be followed fails the check of all; then each table is
/// checked by itself.
pub(super) async fn find(connection: &mut Connection) -> Result<Orphans, Failure> {
    let mut found = Orphans::default();
    if let Ok(rows) = connection.query(CHECK).await {
        found.rows.extend(rows.iter().map(orphan));
    } else {
        let failed = |error| Failure::of(error, "can't check foreign keys");
        let tables = connection.query("SELECT name FROM sqlite_schema WHERE type = 'table'").await;
        for table in tables.map_err(failed)?.iter().filter_map(|row| row.get(0)) {
            let check = format!("{CHECK}({})", connection.quote_literal(table));
            match connection.query(&check).await {
                Ok(rows) => found.rows.extend(rows.iter().map(orphan)),
                Err(error) => drop(found.unchecked.insert(table.to_owned(), error)),
            }
        }
    }
    found.rows.sort_unstable();
    Ok(found)
}

fn orphan(row: &Row) -> Orphan {
    let [table, rowid, parent] = [0, 1, 2].map(|at| row.get(at).unwrap_or("?").to_owned());
    Orphan { table, rowid, parent }
}

/// The columns of the foreign key that a row violates.
async fn dangling(connection: &mut Connection, orphan: &Orphan) -> Vec<String> {
    let Orphan { table, rowid: _, parent } = orphan;
    let sql = format!(
        "SELECT \"from\" FROM pragma_foreign_key_list({0}) WHERE id = \
         (SELECT min(fkid) FROM pragma_foreign_key_check({0}) WHERE parent = {1}) ORDER BY seq",
        connection.quote_literal(table),
        connection.quote_literal(parent)
    );
    let rows = connection.query(&sql).await.unwrap_or_default();
    rows.iter().filter_map(|row| row.get(0)).map(str::to_owned).collect()
}

/// Fails when rows violate a foreign key that did not before, or a foreign key can't be followed any more.
pub(super) async fn none_new(connection: &mut Connection, before: &Orphans) -> Result<(), Failure> {
    let Orphans { rows, unchecked } = find(connection).await?;
    let mut lost = unchecked.into_iter().filter(|(table, _)| !before.unchecked.contains_key(table));
    if let Some((_, error)) = lost.next() {
        return Err(Failure::of(error, "can't check foreign keys"));
    }
    let mut known = before.rows.iter().peekable();
    let mut fresh = Vec::new();
    for orphan in rows {
        while known.next_if(|old| **old < orphan).is_some() {}
        if known.next_if(|old| **old == orphan).is_none() {
            fresh.push(orphan);
        }
    }
    let Some(first) = fresh.first() else { return Ok(()) };
    let others = match fresh.len() - 1 {
        0 => String::new(),
        count => format!(", and so do {count} more"),
    };
    let Orphan { table, rowid, parent } = first;
    let message = format!("row {rowid} of `{table}` refers to a row that `{parent}` does not have{others}");
    let help = "remove or correct the rows in a hook of this revision, or before it by hand";
    let columns = dangling(connection, first).await;
    let problem = Diagnostic::error(&E734, message).help(help);
    Err(Failure::of_rows(problem, ErrorKind::ForeignKey, table, columns))
}
