//! SQLite's catalog read back as a schema. Pure: rows in, a state out. What the schema language has no words for is a
//! raw object with its own text: a trigger, a virtual table, and at the last a whole table.

mod build;
mod normal;
mod raw;
mod settle;
mod table;

pub(super) use normal::common;

use super::catalog::{Listing, OBJECT};
use super::errors::E520;
use crate::diagnostic::Diagnostic;
use crate::dialect::{CatalogRow, CatalogRows, Inspection, Surroundings};

/// The schema that the rows describe.
pub(super) fn inspect(rows: &CatalogRows, surroundings: Surroundings<'_>) -> Result<Inspection, Diagnostic> {
    let Surroundings { namespace: _, version: _ } = surroundings;
    let rows = rows.of(OBJECT);
    rows.iter().try_for_each(whole)?;
    Ok(settle::settle(&Listing::new(rows)))
}

/// Refuses a row in which something is missing.
fn whole(row: &CatalogRow) -> Result<(), Diagnostic> {
    if row.len() == 4 && row.iter().all(Option::is_some) {
        return Ok(());
    }
    let name = row.first().and_then(Option::as_deref).unwrap_or_default();
    let message = format!("the database keeps no statement for `{name}`");
    Err(Diagnostic::error(&E520, message).help("look at the file with `PRAGMA integrity_check`"))
}
