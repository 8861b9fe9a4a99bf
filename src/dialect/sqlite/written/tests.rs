//! Statements that SQLite takes, and texts that it does not.

use proptest::prelude::*;
use proptest::test_runner::Config;

use super::{declared_type, index, table, value, view};
use crate::dialect::sqlite::inspect::inspect;
use crate::dialect::{CatalogRows, Product, Surroundings};

/// Pieces that statements are made of.
const PIECES: &[&str] = &[
    "CREATE",
    "TABLE",
    "INDEX",
    "VIEW",
    "TRIGGER",
    "VIRTUAL",
    "UNIQUE",
    "TEMP",
    "IF",
    "NOT",
    "EXISTS",
    "t",
    "u",
    "\"a b\"",
    "[x]",
    "`y`",
    "'z'",
    "\"",
    "'",
    "[",
    "(",
    ")",
    "((",
    "))",
    ",",
    ";",
    ".",
    "INTEGER",
    "TEXT",
    "text",
    "varchar(20)",
    "decimal(",
    "NULL",
    "PRIMARY",
    "KEY",
    "AUTOINCREMENT",
    "ASC",
    "DESC",
    "CHECK",
    "DEFAULT",
    "-",
    "+",
    "1",
    "0x1F",
    "1e",
    "x'ab'",
    "COLLATE",
    "NOCASE",
    "REFERENCES",
    "FOREIGN",
    "ON",
    "DELETE",
    "UPDATE",
    "CASCADE",
    "SET",
    "CONFLICT",
    "REPLACE",
    "MATCH",
    "DEFERRABLE",
    "INITIALLY",
    "DEFERRED",
    "GENERATED",
    "ALWAYS",
    "AS",
    "STORED",
    "CONSTRAINT",
    "a_enum",
    "IN",
    "WITHOUT",
    "ROWID",
    "STRICT",
    "WHERE",
    "SELECT",
    "FROM",
    "--",
    "/*",
    "*/",
    "\n",
    "é",
    "🦀",
    "\0",
];

fn statement() -> impl Strategy<Value = String> {
    let pieces =
        prop::collection::vec(prop::sample::select(PIECES), 0..40).prop_map(|pieces| pieces.join(" "));
    let head = prop::sample::select(vec!["", "CREATE TABLE t (a", "CREATE INDEX i ON t (", "CREATE VIEW v "]);
    prop_oneof![
        4 => (head, pieces).prop_map(|(head, rest)| format!("{head} {rest}")),
        1 => any::<String>(),
    ]
}

proptest! {
    #![proptest_config(Config { cases: 512, failure_persistence: None, ..Config::default() })]

    #[test]
    fn no_text_is_too_odd_to_be_read(texts in prop::collection::vec(statement(), 1..6)) {
        let mut rows = Vec::new();
        for (at, text) in texts.iter().enumerate() {
            let _ = (table(text), index(text), view(text), value(text), declared_type(text));
            let kind = ["table", "index", "view", "trigger"][at % 4];
            let name = if text.len() % 7 == 0 { String::new() } else { format!("t{at}") };
            rows.push([name, kind.to_owned(), "t0".to_owned(), text.clone()].map(Some).to_vec());
        }
        let mut catalog = CatalogRows::default();
        catalog.push("object", rows);
        let version = Product::Sqlite.version(3, 50, 0);
        let inspection = inspect(&catalog, Surroundings { namespace: None, version }).unwrap();
        let state = inspection.state;
        prop_assert_eq!(crate::model::validate(&state, crate::model::Naming::Common), vec![]);
        let indexes = state.tables.iter().map(|table| table.indexes.len()).sum::<usize>();
        let managed = state.tables.len() + indexes + state.views.len() + state.objects.len();
        prop_assert_eq!(managed + inspection.unmanaged.len(), texts.len());
    }
}

#[test]
fn texts_that_are_no_statement_are_none() {
    for text in [
        "",
        "CREATE TABLE t",
        "CREATE TABLE t ()",
        "CREATE TABLE t (a",
        "CREATE TABLE t (a,)",
        "CREATE TABLE t (a, UNIQUE)",
        "CREATE TABLE t (a, UNIQUE (a),)",
        "CREATE TABLE t (a varchar(max))",
        "CREATE TABLE t (a DEFAULT)",
        "CREATE TABLE t (a REFERENCES)",
        "CREATE TABLE t (a) NONSENSE",
        "CREATE TABLE t AS SELECT 1",
        "CREATE VIRTUAL TABLE t USING fts5 (a)",
    ] {
        assert_eq!(table(text), None, "{text}");
    }
    assert_eq!(index("CREATE INDEX i ON t (a) NONSENSE"), None);
    assert_eq!(view("CREATE VIEW v (a) AS SELECT 1"), None);
}

#[test]
fn a_row_without_a_statement_is_no_catalog() {
    let mut catalog = CatalogRows::default();
    catalog.push(
        "object",
        vec![vec![Some("t".to_owned()), Some("table".to_owned()), Some("t".to_owned()), None]],
    );
    let version = Product::Sqlite.version(3, 50, 0);
    let refused = inspect(&catalog, Surroundings { namespace: None, version }).unwrap_err();
    assert_eq!(refused.to_string(), "E520: the database keeps no statement for `t`");
}
