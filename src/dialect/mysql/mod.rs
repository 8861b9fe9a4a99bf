//! MySQL and MariaDB: one dialect, two products. What they differ in is asked of the version, in `version.rs`.
//! Each statement of theirs that changes the schema commits by itself, so each is one change of one object.

mod catalog;
mod check;
mod definition;
pub mod errors;
mod going;
mod implied;
mod inspect;
mod late;
mod misfit;
mod normal;
mod offline;
mod options;
mod quote;
mod render;
mod script;
mod types;
mod version;

use std::sync::LazyLock;

pub use late::{each_behind, reopens};

use super::{
    Action, Batch, Books, CatalogQuery, CatalogRow, CatalogRows, DefinitionQuery, Dialect, Inspection,
    Offline, Supported, Surroundings, Version,
};
use crate::diagnostic::Diagnostic;
use crate::model::{Naming, State, Type};
use crate::name::{DialectName, Name};
use crate::sql::{Case, Rules};

/// How both read SQL in the `sql_mode` that connecting sets.
pub const RULES: Rules = Rules {
    nested_comments: false,
    backslash_escapes: true,
    hash_comments: true,
    executable_comments: true,
    dash_comments_need_space: true,
    backtick_identifiers: true,
    double_quoted_strings: true,
    atomic_bodies: false,
    compound_bodies: true,
    schema_commits: true,
    case: Case::Ignored,
    reserved: &RESERVED,
    ..Rules::STANDARD
};

/// Words that stand in expressions and that both products reserve.
const RESERVED: [&str; 61] = [
    "and", "as", "asc", "between", "binary", "both", "by", "case", "char", "check", "collate", "convert",
    "create", "cross", "database", "default", "desc", "distinct", "div", "else", "exists", "false", "from",
    "group", "having", "if", "in", "inner", "insert", "interval", "into", "is", "join", "leading", "left",
    "like", "limit", "mod", "natural", "not", "null", "on", "or", "order", "outer", "over", "regexp",
    "replace", "right", "rlike", "select", "then", "trailing", "true", "union", "unsigned", "using",
    "values", "when", "where", "xor",
];

/// How this program's own tables are made, whatever the server's defaults are: transactional, for every text, compared
/// letter by letter.
pub const BOOKS: Books = Books {
    text: "longtext",
    names_keys: false,
    options: " ENGINE = InnoDB ROW_FORMAT = DYNAMIC DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
};

static NAME: LazyLock<DialectName> =
    LazyLock::new(|| DialectName::new(Name::new("mysql").expect("the text is a name")));

/// MySQL from 8.0.16 on, MariaDB from 10.6 on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Mysql;

impl Dialect for Mysql {
    fn name(&self) -> DialectName {
        NAME.clone()
    }

    fn supported(&self) -> &'static [Supported] {
        version::SUPPORTED
    }

    fn naming(&self) -> Naming {
        Naming::PerTable
    }

    fn check(&self, state: &State) -> Vec<Diagnostic> {
        check::check(state)
    }

    fn misread(&self, what: &str, sql: &str) -> Option<Diagnostic> {
        check::joined(what, sql)
    }

    fn render(&self, batch: Batch<'_>, version: Version) -> Result<Vec<Action>, Vec<Diagnostic>> {
        render::render(batch, version)
    }

    fn converts(&self, from: &Type, to: &Type) -> bool {
        misfit::converts(from, to)
    }

    fn offline(&self) -> &'static dyn Offline {
        &offline::Script
    }

    fn rules(&self) -> &'static Rules {
        &RULES
    }

    fn books(&self) -> Books {
        BOOKS
    }

    fn journals(&self) -> &'static str {
        "SELECT NULL, CONVERT(table_name USING utf8mb4) FROM information_schema.tables \
         WHERE table_schema = DATABASE() AND LEFT(table_name, 17) = 'schemactl_journal' ORDER BY table_name"
    }

    fn catalog(&self) -> &'static [CatalogQuery] {
        catalog::QUERIES
    }

    fn definitions(&self, rows: &CatalogRows) -> Vec<DefinitionQuery> {
        catalog::definitions(rows)
    }

    fn inspect(&self, rows: &CatalogRows, surroundings: Surroundings<'_>) -> Result<Inspection, Diagnostic> {
        inspect::inspect(rows, surroundings)
    }

    fn normalise(&self, kind: &'static str, rows: Vec<CatalogRow>) -> Vec<CatalogRow> {
        catalog::normalise(kind, rows)
    }

    fn misfit(&self, column: &str, from: &Type, to: &Type, version: Version) -> Option<String> {
        misfit::misfit(column, from, to, version)
    }

    fn not_among(&self, column: &str, ty: &Type, values: &[Box<str>]) -> String {
        misfit::not_among(column, ty, values)
    }

    fn normal(&self, state: &State) -> State {
        normal::normal(state)
    }
}

#[cfg(test)]
mod tests;
