//! Namespaces.

use super::build::Build;
use super::cells::Cells;
use crate::diagnostic::Diagnostic;
use crate::dialect::CatalogRows;
use crate::model::Namespace;

/// All but the namespace of unqualified names, which is where a schema begins.
pub(super) fn read(rows: &CatalogRows, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    for cells in Cells::of(rows, "namespace") {
        if let Some(name) = build.namespace(cells.name(0)?) {
            build.inspection.state.namespaces.replace(Namespace { name, comment: cells.kept(1)? });
        }
    }
    Ok(())
}
