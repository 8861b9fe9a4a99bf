//! PostgreSQL's catalog read back as a schema. Pure: rows in, a state out.

#[allow(dead_code, reason = "the readers of tables and objects follow")]
mod build;
#[allow(dead_code, reason = "the readers of tables and objects follow")]
mod cells;
mod namespace;
mod objects;

use crate::diagnostic::Diagnostic;
use crate::dialect::{CatalogRows, Inspection, Surroundings};

use build::Build;

/// The schema that the rows describe.
pub(super) fn inspect(rows: &CatalogRows, surroundings: Surroundings<'_>) -> Result<Inspection, Diagnostic> {
    let mut build = Build::new(surroundings);
    namespace::read(rows, &mut build)?;
    objects::read(rows, &mut build)?;
    let mut inspection = objects::finish(build);
    inspection.unmanaged.sort();
    Ok(inspection)
}
