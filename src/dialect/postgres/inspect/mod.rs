//! PostgreSQL's catalog read back as a schema. Pure: rows in, a state out. What has a node is read here, all else in
//! `objects`. A column that takes its numbers from a sequence is `serial` where it is as the server makes such; elsewhere
//! it is a default over a sequence, which is an object.

mod build;
mod column;
mod constraint;
mod enumeration;
mod expression;
mod index;
mod namespace;
mod objects;
mod table;
mod value;
mod view;

use crate::diagnostic::Diagnostic;
use crate::dialect::cells::Cells;
use crate::dialect::postgres::errors::E537;
use crate::dialect::{CatalogRow, CatalogRows, Inspection, Surroundings};

use build::Build;
use column::Columns;
pub(super) use value::is_plain as is_plain_number;

/// The schema that the rows describe.
pub(super) fn inspect(rows: &CatalogRows, surroundings: Surroundings<'_>) -> Result<Inspection, Diagnostic> {
    let mut build = Build::new(surroundings);
    namespace::read(rows, &mut build)?;
    enumeration::read(rows, &mut build)?;
    table::read(rows, &mut build)?;
    let columns = Columns::new(rows, &build)?;
    columns.read(&mut build)?;
    let keys = constraint::read(rows, &columns, &mut build)?;
    index::read(rows, &columns, &mut build)?;
    constraint::foreign_keys(rows, &keys, &mut build)?;
    view::read(rows, &mut build)?;
    objects::read(rows, &mut build)?;
    let mut inspection = objects::finish(rows, build)?;
    inspection.unmanaged.sort();
    Ok(inspection)
}

/// The rows of the query of this kind.
fn cells_of<'a>(rows: &'a CatalogRows, kind: &'static str) -> impl Iterator<Item = Cells<'a>> {
    Cells::of(rows, kind, &E537)
}

/// Rows in which the one form that the server prints in two ways is settled.
pub(super) fn normalise(mut rows: Vec<CatalogRow>) -> Vec<CatalogRow> {
    for cell in rows.iter_mut().flatten().flatten() {
        if let std::borrow::Cow::Owned(settled) = expression::settled(cell) {
            *cell = settled;
        }
    }
    rows
}
