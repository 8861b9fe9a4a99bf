//! Enums.

use super::build::Build;
use super::cells_of;
use crate::diagnostic::Diagnostic;
use crate::dialect::CatalogRows;
use crate::model::EnumType;

/// All enums. One without values can't be declared, and holds nothing.
pub(super) fn read(rows: &CatalogRows, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    for cells in cells_of(rows, "enum") {
        let (name, values, comment) = (build.object(cells, 0)?, cells.list::<Box<str>>(2)?, cells.kept(3)?);
        if values.is_empty() {
            build.unmanaged("enum", &name.to_string(), "", "has no values");
        } else {
            build.inspection.state.enums.replace(EnumType { name, values, comment });
        }
    }
    Ok(())
}
