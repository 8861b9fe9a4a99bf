//! Views. One with options is a raw object, because the schema language has no words for them.

use super::build::{Build, Draft, Rests};
use super::cells_of;
use super::expression::readable;
use crate::diagnostic::Diagnostic;
use crate::dialect::CatalogRows;
use crate::dialect::mysql::quote::ident;
use crate::model::{SqlText, View};
use crate::name::ObjectName;

/// All views.
pub(super) fn read(rows: &CatalogRows, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    for cells in cells_of(rows, "view") {
        let name = cells.name(0)?;
        let printed = cells.optional(1)?.unwrap_or_default();
        if printed.is_empty() {
            let reason = "can't be read by this user, who has no right to SHOW VIEW";
            build.unmanaged("view", name.as_str(), "", reason);
            continue;
        }
        let query = readable(&build.qualifier.stripped(printed));
        let (check, security, algorithm) = (cells.optional(2)?, cells.optional(3)?, cells.optional(4)?);
        if check.is_none() && security.is_none() && algorithm.is_none() {
            build.inspection.state.views.replace(View {
                name: ObjectName::unqualified(name),
                only: None,
                query: SqlText::from(query.as_str()),
                depends_on: Vec::new(),
                comment: None,
            });
            continue;
        }
        let mut create = "CREATE".to_owned();
        create.extend(algorithm.map(|algorithm| format!(" ALGORITHM={algorithm}")));
        create.extend(security.map(|_| " SQL SECURITY INVOKER"));
        create += &format!(" VIEW {} AS\n{query}", ident(&name));
        create.extend(check.map(|check| format!("\nWITH {check} CHECK OPTION")));
        let drop = format!("DROP VIEW {}", ident(&name));
        build.draft(Draft { kind: "view", name, create, drop, rests: Rests::Mentioned(query) });
    }
    Ok(())
}
