//! PostgreSQL 11 to 18: how operations become its SQL, what it can't do, and which queries picture its catalog.

mod cast;
mod catalog;
mod check;
mod definition;
mod doubt;
pub mod errors;
mod going;
mod inspect;
mod misfit;
mod normal;
mod offline;
mod options;
mod quote;
mod render;
mod script;
mod sequence;
mod types;
mod version;

use super::{
    Action, Batch, CatalogQuery, CatalogRow, CatalogRows, Dialect, Doubt, Inspection, Offline, Supported,
    Surroundings, Version,
};
use crate::diagnostic::Diagnostic;
use crate::model::{Column, State, Type};
use crate::name::{DialectName, Name, ObjectName};
use crate::sql::Rules;

/// How PostgreSQL reads SQL, with `standard_conforming_strings` on.
pub const RULES: Rules =
    Rules { dollar_quotes: true, escape_strings: true, return_ends_comment: true, ..Rules::STANDARD };

/// PostgreSQL.
#[derive(Debug, Clone, Copy, Default)]
pub struct Postgres;

impl Dialect for Postgres {
    fn name(&self) -> DialectName {
        DialectName::new(Name::new("postgres").expect("the name is not empty"))
    }

    fn supported(&self) -> &'static [Supported] {
        version::SUPPORTED
    }

    fn check(&self, state: &State) -> Vec<Diagnostic> {
        check::check(state)
    }

    fn render(&self, batch: Batch<'_>, version: Version) -> Result<Vec<Action>, Vec<Diagnostic>> {
        render::render(batch, version)
    }

    fn converts(&self, from: &Type, to: &Type) -> bool {
        cast::converts(from, to)
    }

    fn cast(&self, expression: &str, to: &Type) -> String {
        cast::cast(expression, to)
    }

    fn numbering(&self, table: &ObjectName, column: &Column) -> Option<ObjectName> {
        sequence::is_serial(column).then(|| sequence::of_serial(table, &column.name))
    }

    fn renumber(&self, sequence: &ObjectName, table: &ObjectName, column: &Name) -> Option<String> {
        Some(sequence::renumber(sequence, table, column))
    }

    fn offline(&self) -> &'static dyn Offline {
        &offline::Script
    }

    fn rules(&self) -> &'static Rules {
        &RULES
    }

    fn doubt(&self, sql: &str) -> Doubt {
        doubt::doubt(sql)
    }

    fn inspect(&self, rows: &CatalogRows, surroundings: Surroundings<'_>) -> Result<Inspection, Diagnostic> {
        inspect::inspect(rows, surroundings)
    }

    fn journals(&self) -> &'static str {
        r"SELECT n.nspname, c.relname FROM pg_catalog.pg_class AS c
JOIN pg_catalog.pg_namespace AS n ON n.oid = c.relnamespace
WHERE c.relkind = 'r' AND c.relname LIKE 'schemactl\_journal%' AND n.nspname NOT LIKE 'pg\_temp\_%'
    AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
ORDER BY n.nspname, c.relname"
    }

    fn catalog(&self) -> &'static [CatalogQuery] {
        catalog::QUERIES
    }

    fn misfit(&self, column: &str, from: &Type, to: &Type, version: Version) -> Option<String> {
        misfit::misfit(column, from, to, version)
    }

    fn probe(&self, column: &str, from: &Type, to: &Type) -> Option<(Vec<String>, String)> {
        misfit::probe(column, from, to)
    }

    fn not_among(&self, column: &str, ty: &Type, values: &[Box<str>]) -> String {
        misfit::not_among(column, ty, values)
    }

    fn normal(&self, state: &State) -> State {
        normal::normal(state)
    }

    fn normalise(&self, kind: &'static str, rows: Vec<CatalogRow>) -> Vec<CatalogRow> {
        if kind == catalog::DEPENDENCY { Vec::new() } else { inspect::normalise(rows) }
    }
}

#[cfg(test)]
mod tests;
