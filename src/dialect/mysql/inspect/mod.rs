//! The catalog of MySQL and MariaDB read back as a schema. Pure: rows in, a state out. What the schema language has no
//! words for is a raw object where a complete statement can be put together, and else it is named and left alone.

mod body;
mod build;
mod check;
mod column;
mod expression;
mod foreign_key;
mod index;
mod partition;
mod printed;
mod qualifier;
mod sequence;
mod table;
mod value;
mod view;

pub(super) use body::{matters, unended};
pub(super) use expression::common;
pub(super) use foreign_key::leave_out_implied;
pub(super) use index::plain_columns;
pub(super) use qualifier::Qualifier;

use super::errors::E580;
use crate::diagnostic::Diagnostic;
use crate::dialect::cells::Cells;
use crate::dialect::{CatalogRows, Inspection, Surroundings};

use build::Build;

/// The schema that the rows describe.
pub(super) fn inspect(rows: &CatalogRows, surroundings: Surroundings<'_>) -> Result<Inspection, Diagnostic> {
    let mut build = Build::new(rows, surroundings)?;
    table::read(rows, &mut build)?;
    column::read(rows, &mut build)?;
    index::read(rows, &mut build)?;
    check::read(rows, &mut build)?;
    foreign_key::read(rows, &mut build)?;
    partition::read(rows, &mut build)?;
    sequence::read(rows, &mut build)?;
    view::read(rows, &mut build)?;
    body::read(rows, &mut build)?;
    let mut inspection = build.finish();
    inspection.unmanaged.sort();
    Ok(inspection)
}

/// The rows of the query of this kind.
fn cells_of<'a>(rows: &'a CatalogRows, kind: &'static str) -> impl Iterator<Item = Cells<'a>> {
    Cells::of(rows, kind, &E580)
}
