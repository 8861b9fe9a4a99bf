//! The catalog as a comparable picture. SQLite keeps the text of every CREATE statement and the pragmas say less
//! than that text does (no names of constraints, no checks), so the picture is made of it: cut into facts, each in
//! one spelling, wherever in the statement it stands.

mod table;

use super::normal::normal;
use crate::dialect::{CatalogQuery, CatalogRow};

/// One query for all: what the tool itself and the library keep is left out, and so are the tables behind a virtual
/// table.
pub(super) static QUERIES: &[CatalogQuery] = &[CatalogQuery {
    kind: "object",
    sql: r"SELECT name, type, tbl_name, sql FROM sqlite_schema
WHERE tbl_name <> 'schemactl_journal' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
AND tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')
ORDER BY type, name",
}];

/// The facts in rows of that query: the object, what the fact is about, its name, the fact.
pub(super) fn normalise(rows: Vec<CatalogRow>) -> Vec<CatalogRow> {
    rows.into_iter().flat_map(|row| facts(&row)).collect()
}

fn facts(row: &CatalogRow) -> Vec<CatalogRow> {
    let cell = |at: usize| row.get(at).and_then(Option::as_deref).unwrap_or_default();
    let (name, kind, table, sql) = (cell(0), cell(1), cell(2), cell(3));
    let table_facts = if kind == "table" { table::facts(sql) } else { None };
    match table_facts {
        Some(facts) => {
            facts.into_iter().map(|fact| cells([name, fact.about, &fact.name, &fact.text])).collect()
        }
        None => vec![cells([name, kind, table, &normal(sql)])],
    }
}

fn cells(texts: [&str; 4]) -> CatalogRow {
    texts.map(|text| Some(text.to_owned())).to_vec()
}
