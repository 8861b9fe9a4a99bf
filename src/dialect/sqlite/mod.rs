//! SQLite: types, DDL, table rebuilds and the catalog, for the library that is built in. Pure: the SQL is made
//! here and run elsewhere.

mod catalog;
mod check;
mod ddl;
mod definition;
pub mod errors;
mod going;
mod inspect;
mod misfit;
mod normal;
mod offline;
mod options;
mod quote;
mod reference;
mod render;
mod script;
#[cfg(test)]
mod tests;
mod types;
mod written;

use std::sync::LazyLock;

use super::{
    Action, Batch, CatalogQuery, CatalogRow, CatalogRows, Dialect, Inspection, Offline, Product, Supported,
    Surroundings, Version,
};
use crate::diagnostic::Diagnostic;
use crate::model::{State, Type};
use crate::name::{DialectName, Name};
use crate::sql::Rules;

/// SQLite from 3.37 on, the first version with strict tables.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Sqlite;

const SUPPORTED: &[Supported] =
    &[Supported { oldest: Product::Sqlite.version(3, 37, 0), newest: Product::Sqlite.version(3, 51, 3) }];

static NAME: LazyLock<DialectName> =
    LazyLock::new(|| DialectName::new(Name::new("sqlite").expect("the text is a name")));

impl Dialect for Sqlite {
    fn name(&self) -> DialectName {
        NAME.clone()
    }

    fn supported(&self) -> &'static [Supported] {
        SUPPORTED
    }

    fn check(&self, state: &State) -> Vec<Diagnostic> {
        check::check(state)
    }

    fn check_shared(&self, state: &State) -> Vec<Diagnostic> {
        check::check_shared(state)
    }

    fn render(&self, batch: Batch<'_>, _version: Version) -> Result<Vec<Action>, Vec<Diagnostic>> {
        render::render(batch)
    }

    fn converts(&self, from: &Type, to: &Type) -> bool {
        types::converts(from, to)
    }

    fn offline(&self) -> &'static dyn Offline {
        &offline::Script
    }

    fn rules(&self) -> &'static Rules {
        &normal::RULES
    }

    fn inspect(&self, rows: &CatalogRows, surroundings: Surroundings<'_>) -> Result<Inspection, Diagnostic> {
        inspect::inspect(rows, surroundings)
    }

    fn journals(&self) -> &'static str {
        r"SELECT NULL, name FROM sqlite_schema WHERE type = 'table' AND name LIKE 'schemactl\_journal%' ESCAPE '\' ORDER BY name"
    }

    fn catalog(&self) -> &'static [CatalogQuery] {
        catalog::QUERIES
    }

    fn normalise(&self, _kind: &'static str, rows: Vec<CatalogRow>) -> Vec<CatalogRow> {
        catalog::normalise(&rows)
    }

    fn misfit(&self, column: &str, from: &Type, to: &Type, _version: Version) -> Option<String> {
        misfit::misfit(column, from, to)
    }

    fn not_among(&self, column: &str, _ty: &Type, values: &[Box<str>]) -> String {
        misfit::not_among(column, values)
    }

    fn normal(&self, state: &State) -> State {
        inspect::common(state)
    }

    fn unknown_constraints(&self, live: &str, known: &str) -> Vec<String> {
        catalog::unknown_constraints(live, known)
    }
}
