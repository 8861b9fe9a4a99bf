//! Rows that contradict a new rule: the message names the rule, and holds a query that finds the rows.

use super::connection::Fresh;
use crate::support::project::Project;
use crate::support::sql;

const CONFIG: &str =
    "project shop { dialects sqlite postgres }\nenv dev default=#true { url \"sqlite://x.db\" }\n";
const PARENT: &str = "table p { column id int primary-key }\n";
const TABLE: &str =
    "column id int primary-key; column \"A\" int nullable; column b text nullable; column p int nullable";
const ROWS: &str =
    r#"INSERT INTO t (id, "A", b, p) VALUES (1, 1, 'x', 7), (2, 1, 'y', 8), (3, NULL, 'z', NULL)"#;

/// Applies a change to a table with rows, and gives the message and what its query finds.
fn refused(fresh: &Fresh, table: &str) -> (String, Vec<String>) {
    refused_with(fresh, ROWS, table)
}

fn refused_with(fresh: &Fresh, rows: &str, table: &str) -> (String, Vec<String>) {
    let project = Project::empty();
    project.write("schemactl.kdl", CONFIG).write("schema/t.kdl", format!("{PARENT}table t {{ {TABLE} }}\n"));
    project.run(&["plan", "-m", "one"]).ok();
    project.run(&["apply", "--url", &fresh.url]).ok();
    sql::execute(&fresh.url, rows);
    project.write("schema/t.kdl", format!("{PARENT}table t {{ {table} }}\n"));
    project.run(&["plan", "-m", "two"]).ok();
    let words = project.run(&["apply", "--url", &fresh.url, "--allow-destructive", "all"]).fails(1);
    let query = words.lines().find_map(|line| line.trim_start().strip_prefix("the rows: "));
    let query = query.unwrap_or_else(|| panic!("no query in {words}")).to_owned();
    (words, sql::rows(&fresh.url, &query))
}

#[track_caller]
fn expect(table: &str, named: &str, found: &[&str]) {
    for fresh in Fresh::each() {
        let (words, rows) = refused(&fresh, table);
        assert!(words.contains(named), "{}: {words}", fresh.url);
        assert_eq!(rows, found, "{}: {words}", fresh.url);
    }
}

#[test]
fn repeated_values_are_found() {
    expect(&format!("{TABLE}; unique \"A\""), "unique t.t_A_key", &["1|2"]);
    expect(
        &format!("{TABLE}; index name=i unique {{ on \"A\"; where (sql)\"b > 'a'\"; }}"),
        "index t.i",
        &["1|2"],
    );
    let expression = format!("{TABLE}; index name=i unique {{ on (sql)\"length(b)\" }}");
    expect(&expression, "index t.i", &["1|3"]);
}

#[test]
fn rows_without_a_required_value_are_found() {
    expect(&TABLE.replacen(" nullable", "", 1), "column t.A", &["3|NULL|z|NULL"]);
}

#[test]
fn rows_that_break_a_condition_are_found() {
    expect(&format!("{TABLE}; check \"b <> 'y'\" name=no_y"), "check t.no_y", &["2|1|y|8"]);
}

#[test]
fn rows_that_refer_to_nothing_are_found() {
    expect(
        &format!("{TABLE}; foreign-key p {{ references p id }}"),
        "SELECT * FROM \"t\" AS c",
        &["1|1|x|7", "2|1|y|8"],
    );
}

#[test]
fn values_that_do_not_fit_a_type_are_found() {
    // SQLite keeps them: it has no such limits.
    for (change, to, found) in [
        ("b text", "b \"varchar(2)\"", "2|1|long|8"),
        ("\"A\" int", "\"A\" smallint", "3|99999|z|NULL"),
        ("\"A\" int", "\"A\" \"decimal(4,1)\"", "3|99999|z|NULL"),
    ] {
        let fresh = Fresh::postgres();
        let table = TABLE.replacen(change, to, 1);
        let wide = ROWS.replace("'y'", "'long'").replace("(3, NULL", "(3, 99999");
        let (words, rows) = refused_with(&fresh, &wide, &table);
        assert!(words.contains("error[E709]"), "{words}");
        assert_eq!(rows, [found], "{words}");
    }
}
