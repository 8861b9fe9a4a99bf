//! Namespaces.

use super::build::Build;
use super::cells_of;
use crate::diagnostic::Diagnostic;
use crate::dialect::CatalogRows;
use crate::model::Namespace;

/// All but the namespace of unqualified names, which is where a schema begins.
pub(super) fn read(rows: &CatalogRows, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    for cells in cells_of(rows, "namespace") {
        match (build.namespace(cells.name(0)?), cells.kept(1)?) {
            (Some(name), comment) => {
                drop(build.inspection.state.namespaces.replace(Namespace { name, comment }))
            }
            (None, Some(comment)) => {
                let reason = "is of the namespace that the schema lives in, which is not part of it";
                build.unmanaged("comment", cells.text(0)?, &comment, reason);
            }
            (None, None) => {}
        }
    }
    Ok(())
}
