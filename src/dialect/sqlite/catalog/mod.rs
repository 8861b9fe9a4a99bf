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
WHERE tbl_name NOT IN ('schemactl_journal', 'schemactl_observed') AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
AND tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')
ORDER BY type, name",
}];

/// The facts in rows of that query: the object, what the fact is about, its name, the fact.
pub(super) fn normalise(rows: Vec<CatalogRow>) -> Vec<CatalogRow> {
    rows.into_iter().flat_map(|row| facts(&row)).collect()
}

/// The constraints of one CREATE TABLE that another doesn't have, whatever their names are.
pub(super) fn unknown_constraints(live: &str, known: &str) -> Vec<String> {
    let constraints = |sql| {
        let facts = table::facts(sql).unwrap_or_default().into_iter();
        facts.filter(|fact| fact.about == "constraint").map(|fact| fact.text)
    };
    let known: Vec<String> = constraints(known).map(|text| essence(&text)).collect();
    constraints(live).filter(|text| !known.contains(&essence(text))).collect()
}

/// What a constraint is about. A primary key is the only one of its table, and two foreign keys between the same
/// columns are one; what they do besides is not more than the state says.
fn essence(constraint: &str) -> String {
    if constraint.contains(" on conflict ") {
        return constraint.to_owned();
    }
    let end = match constraint.split(' ').next() {
        Some("primary") => Some("primary".len()),
        Some("foreign") => constraint.find(" references ").map(|at| {
            let table = at + " references ".len();
            constraint[table..].find(' ').map_or(constraint.len(), |length| table + length)
        }),
        Some(_) | None => None,
    };
    constraint[..end.unwrap_or(constraint.len())].to_owned()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constraints_of_other_hands_are_told_from_the_same_in_other_words() {
        let known = "CREATE TABLE t (a int NOT NULL CONSTRAINT t_pkey PRIMARY KEY, \
             b int CONSTRAINT t_b_fkey REFERENCES u (x) ON DELETE CASCADE CONSTRAINT c CHECK (b > 0), \
             CONSTRAINT t_a_b_key UNIQUE (a, b))";
        for same in [
            known,
            "create table T ([a] INTEGER PRIMARY KEY, b, unique (\"a\", B), check ((b > 0)), check (b>0), foreign key (b) references u)",
            "CREATE TABLE t (a int)",
        ] {
            let unknown = unknown_constraints(same, known);
            assert!(unknown.is_empty() || unknown == ["check ( ( b > 0 ) )"], "{same}: {unknown:?}");
        }
        let live = "CREATE TABLE t (a int PRIMARY KEY ON CONFLICT REPLACE, b int CHECK (b > 1) UNIQUE, \
             c REFERENCES u, UNIQUE (a, b) ON CONFLICT IGNORE)";
        assert_eq!(
            unknown_constraints(live, known),
            [
                "primary key ( a ) on conflict replace",
                "check ( b > 1 )",
                "unique ( b )",
                "foreign key ( c ) references u",
                "unique ( a , b ) on conflict ignore",
            ]
        );
    }
}
