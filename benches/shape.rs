//! The schemas that are measured: tables with twelve columns, two indexes and two foreign keys each, and a few
//! views. The same for every run.

use schemactl::diagnostic::Sources;
use schemactl::dialect::Dialect;
use schemactl::dialect::postgres::Postgres;
use schemactl::dialect::sqlite::Sqlite;
use schemactl::model::State;
use schemactl::syntax::parse;

/// Tables in a schema: what does not grow in proportion shows between neighbours.
pub const TABLES: &[usize] = &[100, 1_000, 5_000];

/// The dialects that are measured.
pub const DIALECTS: [&dyn Dialect; 2] = [&Sqlite, &Postgres];

/// A schema as a person writes it.
pub fn text(tables: usize) -> String {
    (0..tables).map(|number| table(number, "")).collect()
}

/// The same schema with a column more in its first table.
pub fn text_with_column(tables: usize) -> String {
    (0..tables)
        .map(|number| table(number, if number == 0 { "    column extra text nullable\n" } else { "" }))
        .collect()
}

fn table(number: usize, more: &str) -> String {
    let (parent, owner) = (number / 2, number / 3);
    format!(
        "table t{number:05} {{
    column id bigint identity primary-key
    column parent_id bigint nullable references=\"t{parent:05}.id\" on-delete=cascade
    column owner_id bigint nullable references=\"t{owner:05}.id\"
    column code \"varchar(40)\"
    column title text
    column note text nullable
    column amount \"decimal(12,2)\" default=0
    column active bool default=#true
    column kind int default=1
    column payload json nullable
    column created_at timestamptz default=(sql)\"CURRENT_TIMESTAMP\"
    column updated_at timestamptz nullable
{more}    index code created_at
    index parent_id kind
}}

"
    )
}

/// Views, each over a table and the view before it.
pub fn views(count: usize) -> String {
    let view = |number: usize| {
        let before = number
            .checked_sub(1)
            .map_or(String::new(), |before| format!(", (SELECT count(*) FROM v{before:05}) AS n"));
        format!("view v{number:05} {{\n    as (sql)\"SELECT id, title{before} FROM t00000\"\n}}\n\n")
    };
    (0..count).map(view).collect()
}

/// The state that a text means.
pub fn state(text: &str) -> State {
    let mut sources = Sources::default();
    let file = sources.add("schema.kdl", text);
    let names = DIALECTS.map(Dialect::name);
    let (parsed, problems) = parse(&sources, &[file], &names);
    parsed.unwrap_or_else(|| panic!("{problems:?}")).state
}
