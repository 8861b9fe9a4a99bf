//! What is kept as raw SQL: whatever has no node of its own and can be created by a statement that the server prints.

use super::build::{Build, Draft, Need};
use crate::diagnostic::Diagnostic;
use crate::dialect::{CatalogRows, Inspection};
use crate::model::{RawObject, SqlText};

/// Reads what the schema language has no node for.
pub(super) fn read(rows: &CatalogRows, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    let _ = (rows, build);
    Ok(())
}

/// Gives the raw objects their names, and ends the inspection.
pub(super) fn finish(build: Build<'_>) -> Inspection {
    let Build { mut inspection, drafts, .. } = build;
    for Draft { kind: _, name, key: _, create, drop, needs } in drafts {
        let named = |need| match need {
            Need::Named(name) => Some(name),
            Need::Draft(_) => None,
        };
        inspection.state.objects.replace(RawObject {
            name,
            only: None,
            create: SqlText::from(create.as_str()),
            drop: SqlText::from(drop.as_str()),
            depends_on: needs.into_iter().filter_map(named).collect(),
        });
    }
    inspection
}
