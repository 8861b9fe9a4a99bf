//! Scripts that `psql` runs, held against runs: the same catalog, the same journal.

use std::process::Command;

use super::Shop;
use crate::support::postgres::{self, TestDatabase};
use crate::support::sql;

/// Definitions of all that a schema has, and the journal apart from who ran it and when.
const HOLDINGS: [&str; 5] = [
    "SELECT c.oid::regclass, c.relkind, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
            pg_get_expr(d.adbin, d.adrelid)
     FROM pg_class AS c JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
     LEFT JOIN pg_attrdef AS d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE c.relnamespace = 'public'::regnamespace AND c.relname !~ '^schemactl_observed' ORDER BY c.relname, a.attname",
    "SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
     WHERE connamespace = 'public'::regnamespace AND conname !~ '^schemactl_observed' ORDER BY conname",
    "SELECT t.typname, e.enumlabel FROM pg_enum AS e JOIN pg_type AS t ON t.oid = e.enumtypid
     ORDER BY 1, e.enumsortorder",
    "SELECT indexrelid::regclass, pg_get_indexdef(indexrelid), indisvalid FROM pg_index
     WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace
     AND relname <> 'schemactl_observed') ORDER BY indexrelid::regclass::text",
    "SELECT seq, format, event, revision, name, digest, state, direction, segment, statement, sql_digest, tool, message
     FROM schemactl_journal ORDER BY seq",
];

fn holdings(url: &str) -> Vec<String> {
    HOLDINGS.iter().flat_map(|query| sql::rows(url, query)).collect()
}

/// Runs a script and returns what `psql` complained about, with its exit code.
fn psql(database: &TestDatabase, script: &str) -> (Option<i32>, String) {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), script).unwrap();
    let mut psql = Command::new("psql");
    psql.args(["--no-psqlrc", "--quiet", "--dbname", &database.url, "--file"]).arg(file.path());
    let output = psql.output().unwrap_or_else(|error| panic!("psql: {error}"));
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

const BEFORE: &str = "enum mood calm loud
table birds {
    column id bigint identity primary-key
    column name \"varchar(40)\" unique
    column mood mood default=calm
}
";

/// The new value is used at once, which takes a commit in between; the hook has an expectation; and an index is built
/// outside of any transaction, with work in front of it and behind it.
const AFTER: &str = "enum mood calm loud \"it's over\"
table birds {
    column id bigint identity primary-key
    column name \"varchar(80)\" unique
    column mood mood default=\"it's over\"
    column wings int
    index wings
}
object ready {
    create (sql)\"CREATE INDEX CONCURRENTLY ready ON birds (mood)\"
    drop (sql)\"DROP INDEX CONCURRENTLY ready\"
    depends-on birds
}
view loud_birds { as (sql)\"SELECT id FROM birds WHERE mood = 'loud'\" }
";

const ROW: &str = "INSERT INTO birds (name) VALUES (clock_timestamp()::text)";

#[test]
fn a_script_does_what_a_run_does() {
    let shop = Shop::new("script_run", BEFORE);
    shop.plan(BEFORE, &[]).plan(AFTER, &["--default", "birds.wings=2"]);
    let scripted = postgres::database("script_psql");
    for (command, place) in
        [("apply", "1"), ("apply", "1:2"), ("rollback", "2:1"), ("apply", "1:2"), ("rollback", "base")]
    {
        let script = shop.run(&[command, place, "--sql"]).ok();
        if place == "1:2" {
            sql::execute(&scripted.url, ROW);
            sql::execute(&shop.database.url, ROW);
        }
        assert_eq!(psql(&scripted, &script), (Some(0), String::new()), "{script}");
        let place = place.split(':').next_back().unwrap();
        shop.run(&[command, place, "--allow-destructive", "all"]).ok();
        assert_eq!(holdings(&scripted.url), holdings(&shop.database.url), "{command} {place}");
        // Each statement outside of a transaction is noted before it runs and after.
        let alone = "SELECT event FROM schemactl_journal WHERE statement = 0 ORDER BY seq DESC LIMIT 2";
        if place != "1" && place != "base" {
            assert_eq!(sql::rows(&scripted.url, alone), ["done", "intended"], "{script}");
        }
    }
}

#[test]
fn a_script_stops_where_the_journal_is_elsewhere() {
    let shop = Shop::new("script_guard", BEFORE);
    shop.plan(BEFORE, &[]).plan(AFTER, &["--default", "birds.wings=2"]);
    let second = shop.run(&["apply", "--from", "1", "--sql"]).ok();
    let (code, said) = psql(&shop.database, &second);
    assert_eq!(code, Some(3));
    assert!(said.contains("ERROR:  the database is not at 0001_step"), "{said}");
    assert_eq!(sql::rows(&shop.database.url, "SELECT to_regclass('schemactl_journal') IS NULL"), ["t"]);
    // A second run of the same script finds its own traces.
    let all = shop.run(&["apply", "--sql"]).ok();
    assert_eq!(psql(&shop.database, &all).0, Some(0));
    let (code, said) = psql(&shop.database, &all);
    assert_eq!(code, Some(3));
    assert!(said.contains("ERROR:  the database is not at base"), "{said}");
}
