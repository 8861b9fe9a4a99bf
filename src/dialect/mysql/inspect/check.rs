//! Checks. On MariaDB one of a column has the column's name; the one that makes `json` of a text follows from the type.

use std::collections::HashSet;

use super::build::{Build, options};
use super::expression::readable;
use super::{cells_of, printed};
use crate::diagnostic::Diagnostic;
use crate::dialect::CatalogRows;
use crate::dialect::mysql::options::ENFORCED;
use crate::dialect::mysql::quote::ident;
use crate::dialect::mysql::version::is_mariadb;
use crate::model::{Check, Options, Portable, SqlText, Type, Value};
use crate::name::ObjectName;

/// The columns, by table, whose own check is that they hold JSON.
pub(super) fn of_json(rows: &CatalogRows) -> Result<HashSet<(&str, &str)>, Diagnostic> {
    let mut columns = HashSet::new();
    for cells in cells_of(rows, "check") {
        let column = cells.text(1)?;
        if cells.optional(4)?.is_some() && cells.text(2)? == format!("json_valid({})", ident(column)) {
            columns.insert((cells.text(0)?, column));
        }
    }
    Ok(columns)
}

/// Adds the checks to their tables.
pub(super) fn read(rows: &CatalogRows, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    let json = of_json(rows)?;
    for cells in cells_of(rows, "check") {
        let (table, name) = (ObjectName::unqualified(cells.name(0)?), cells.name(1)?);
        let Some(owner) = build.inspection.state.tables.get_mut(&table) else { continue };
        let of_column = cells.optional(4)?.is_some();
        let is_json = |ty: &Type| *ty == Type::Portable(Portable::Json);
        if of_column
            && json.contains(&(cells.text(0)?, cells.text(1)?))
            && owner.columns.get(&name).is_some_and(|column| is_json(&column.ty.common))
        {
            continue;
        }
        let text = readable(&printed::expression(cells.text(2)?, build.version));
        let column = owner.columns.get(&name);
        if of_column && column.is_none() {
            let reason = "belongs to a column that had its name once, and goes when that column is changed";
            build.unmanaged("check", &format!("{table}.{name}"), &text, reason);
            continue;
        }
        if !of_column && column.is_some() && is_mariadb(build.version) {
            // What has the name of a column is taken for a part of the column.
            let set = format!("ADD CONSTRAINT {} CHECK ({text})", ident(&name));
            let unset = format!("DROP CONSTRAINT {}", ident(&name));
            build.altered(&table.name, name.as_str(), &set, &unset);
            continue;
        }
        let words = cells.optional(3)?.map(|_| (ENFORCED, Value::Bool(false)));
        let check = Check {
            name: name.clone(),
            only: None,
            expression: SqlText::from(text.as_str()),
            options: words.map_or_else(Options::new, |word| options([word])),
        };
        if owner.checks.insert(check).is_err() {
            let reason = "has the name of another check of its table";
            build.unmanaged("check", &format!("{table}.{name}"), &text, reason);
        }
    }
    Ok(())
}
