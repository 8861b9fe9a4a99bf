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

/// A schema with rows, and one that the rows contradict.
struct Whole<'a> {
    start: &'a str,
    rows: &'a [&'a str],
    end: &'a str,
}

impl Whole<'_> {
    /// Applies both, and gives the message and what its query finds.
    fn refused(&self, fresh: &Fresh) -> (String, Vec<String>) {
        let project = Project::empty();
        project.write("schemactl.kdl", CONFIG).write("schema/t.kdl", self.start);
        project.run(&["plan", "-m", "one"]).ok();
        project.run(&["apply", "--url", &fresh.url]).ok();
        self.rows.iter().for_each(|rows| sql::execute(&fresh.url, rows));
        project.write("schema/t.kdl", self.end);
        project.run(&["plan", "-m", "two"]).ok();
        let words = project.run(&["apply", "--url", &fresh.url, "--allow-destructive", "all"]).fails(1);
        let found = sql::rows(&fresh.url, &query(&words));
        (words, found)
    }
}

/// The query that a message holds.
fn query(words: &str) -> String {
    let query = words.lines().find_map(|line| line.trim_start().strip_prefix("the rows: "));
    query.unwrap_or_else(|| panic!("no query in {words}")).to_owned()
}

fn in_table(inside: &str) -> String {
    format!("{PARENT}table t {{ {inside} }}\n")
}

/// Applies a change to a table with rows, and gives the message and what its query finds.
fn refused(fresh: &Fresh, table: &str) -> (String, Vec<String>) {
    refused_with(fresh, ROWS, table)
}

fn refused_with(fresh: &Fresh, rows: &str, table: &str) -> (String, Vec<String>) {
    Whole { start: &in_table(TABLE), rows: &[rows], end: &in_table(table) }.refused(fresh)
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

/// Gives a text another type, and expects the row with the one that is nothing of it.
#[track_caller]
fn expect_text(ty: &str, good: &str, bad: &str) -> Fresh {
    let fresh = Fresh::postgres();
    let rows = format!("INSERT INTO t (id, b) VALUES (1, {good}), (2, {bad}), (3, NULL)");
    let (words, found) = refused_with(&fresh, &rows, &TABLE.replacen("b text", &format!("b {ty}"), 1));
    assert!(words.contains("error[E709]") && words.contains("(~ column t.b"), "{words}");
    assert_eq!(found, [format!("2|NULL|{}|NULL", bad.trim_matches('\''))], "{words}");
    fresh
}

#[test]
fn text_that_is_nothing_of_the_new_type_is_found() {
    for (ty, good, bad) in [
        ("int", "' 42 '", "'4x2'"),
        ("int", "'-7'", "'99999999999'"),
        ("\"decimal(4,1)\"", "'1e2'", "'1000'"),
        ("double", "'.5'", "'five'"),
        ("bool", "'Yes'", "'maybe'"),
        ("uuid", "'{12345678-1234-1234-1234-123456789abc}'", "'12345678'"),
    ] {
        expect_text(ty, good, bad);
    }
}

#[test]
fn text_that_no_pattern_describes_is_found_by_trying() {
    for (ty, good, bad) in [
        ("date", "'2026-02-28'", "'2026-02-30'"),
        ("timestamptz", "'2026-02-28 10:00+02'", "'yesterday or so'"),
        ("interval", "'3 days'", "'three days'"),
        ("json", "'{\"a\": 1}'", "'{a'"),
        ("\"inet\" sqlite=text", "'10.0.0.1'", "'10.0.0.256'"),
    ] {
        let fresh = expect_text(ty, good, bad);
        let left = "SELECT count(*) FROM pg_proc WHERE proname = 'schemactl_fits'";
        assert_eq!(sql::rows(&fresh.url, left), ["0"]);
    }
}

#[test]
fn of_several_columns_that_change_none_is_forgotten() {
    let fresh = Fresh::postgres();
    let rows = "INSERT INTO t (id, \"A\", b) VALUES (1, 1, '1'), (2, 99999, '2'), (3, 3, 'three')";
    let table = TABLE.replacen("\"A\" int", "\"A\" smallint", 1).replacen("b text", "b int", 1);
    let (words, found) = refused_with(&fresh, rows, &table);
    assert!(words.contains("column t.A") && words.contains("column t.b"), "{words}");
    assert_eq!(found, ["2|99999|2|NULL", "3|3|three|NULL"], "{words}");
}

#[test]
fn values_that_sqlite_can_not_convert_are_found() {
    for (from, to, good, bad) in [
        ("text", "int", "'42', ' 7', '2.0', 5", "'4x2', '1.5', x'34'"),
        ("double", "int", "2.0, 3", "1.5"),
        ("text", "\"decimal(4,1)\"", "'1e2', '1.5'", "'five', ''"),
        ("text", "double", "'1', '1.5'", "'five'"),
        ("text", "bool", "'Yes', '0'", "'maybe'"),
        ("int", "text", "1, 'one'", "x'01'"),
    ] {
        let fresh = Fresh::sqlite();
        let table = TABLE.replacen("b text", &format!("b {from}"), 1);
        let row = |(id, value): (usize, &str)| format!("({id}, {value})");
        let insert = |first: usize, list: &str| {
            let rows: Vec<String> = (first..).zip(list.split(", ")).map(row).collect();
            format!("INSERT INTO t (id, b) VALUES {}", rows.join(", "))
        };
        let rows = [insert(1, &format!("NULL, {good}")), insert(100, bad)];
        let end = TABLE.replacen("b text", &format!("b {to}"), 1);
        let rows = rows.each_ref().map(String::as_str);
        let change = Whole { start: &in_table(&table), rows: &rows, end: &in_table(&end) };
        let (words, found) = change.refused(&fresh);
        assert!(words.contains("error[E732]") && words.contains("(~ column t.b"), "{words}");
        assert_eq!(found.len(), bad.split(", ").count(), "{words}\n{found:?}");
        assert!(found.iter().all(|row| row.starts_with("10")), "{words}\n{found:?}");
    }
}

#[test]
fn rows_with_a_value_that_an_enum_loses_are_found() {
    let schema = |values: &str, place: &str| {
        format!(
            "enum mood {{ {values} }}\ntable u {{ column id int primary-key; column m mood }}\n\
             table t {{ column id int primary-key; column {place} nullable }}\n"
        )
    };
    for fresh in Fresh::each() {
        let project = Project::empty();
        let start = schema("value low; value high", "m mood");
        project.write("schemactl.kdl", CONFIG).write("schema/t.kdl", start);
        project.run(&["plan", "-m", "one"]).ok();
        // With another name for a value and for the column in the same revision.
        project.write("schema/t.kdl", schema("value deep was=low; value high; value odd", "n mood was=m"));
        project.run(&["plan", "-m", "two"]).ok();
        project.run(&["apply", "--url", &fresh.url]).ok();
        sql::execute(&fresh.url, "INSERT INTO u VALUES (1, 'deep')");
        sql::execute(&fresh.url, "INSERT INTO t VALUES (1, 'deep'), (2, 'odd'), (3, NULL)");
        let words = project.run(&["rollback", "--url", &fresh.url, "--allow-destructive", "all"]).fails(1);
        assert!(words.contains("`0002_two` (~ enum mood"), "{words}");
        assert_eq!(sql::rows(&fresh.url, &query(&words)), ["2|odd"], "{words}");
    }
}

#[test]
fn text_that_is_no_value_of_an_enum_is_found() {
    for fresh in Fresh::each() {
        let whole = |ty: &str| {
            format!(
                "enum mood low high\n{PARENT}table t {{ column id int primary-key; column b {ty} nullable }}\n"
            )
        };
        let change = Whole {
            start: &whole("text"),
            rows: &["INSERT INTO t VALUES (1, 'low'), (2, 'odd'), (3, NULL)"],
            end: &whole("mood"),
        };
        let (words, found) = change.refused(&fresh);
        assert!(words.contains("(~ column t.b"), "{words}");
        assert_eq!(found, ["2|odd"], "{words}");
    }
}

#[test]
fn the_query_speaks_of_the_names_that_are_there() {
    let table = "column id int primary-key; column \"C\" int nullable was=\"A\"; column d text nullable was=b; column q int nullable was=p";
    for (member, found) in [
        ("unique \"C\"", &["1|2"][..]),
        ("index name=i unique { on (sql)\"length(d)\"; where (sql)\"d > 'a'\"; }", &["1|3"]),
        ("check \"d <> 'y'\" name=no_y", &["2|1|y|8"]),
        ("foreign-key q { references s id }", &["1|1|x|7", "2|1|y|8"]),
    ] {
        for fresh in Fresh::each() {
            let start = format!("{PARENT}table t {{ {TABLE} }}\n");
            let end = format!(
                "table s was=p {{ column id int primary-key }}\ntable r was=t {{ {table}; {member} }}\n"
            );
            let (words, rows) = Whole { start: &start, rows: &[ROWS], end: &end }.refused(&fresh);
            assert_eq!(rows, found, "{words}");
        }
    }
}

#[test]
fn a_rename_that_has_committed_stays_in_the_query() {
    let fresh = Fresh::postgres();
    let project = Project::empty();
    project
        .write("schemactl.kdl", CONFIG.replace("sqlite postgres", "postgres"))
        .write("schema/t.kdl", in_table(TABLE));
    project.run(&["plan", "-m", "one"]).ok();
    project.run(&["apply", "--url", &fresh.url]).ok();
    sql::execute(&fresh.url, ROWS);
    // What can't be in a transaction commits what is in front of it.
    let index = "object ready { create (sql)\"CREATE INDEX CONCURRENTLY ready ON r (b)\"; \
                 drop (sql)\"DROP INDEX ready\"; depends-on r }";
    let end = format!("{PARENT}table r was=t {{ {TABLE}; unique \"A\" }}\n{index}\n");
    project.write("schema/t.kdl", end);
    project.run(&["plan", "-m", "two"]).ok();
    let words = project.run(&["apply", "--no-compensate", "--url", &fresh.url]).fails(7);
    assert_eq!(sql::rows(&fresh.url, &query(&words)), ["1|2"], "{words}");
    assert!(words.contains("FROM \"r\""), "{words}");
}

#[test]
fn a_query_says_which_hooks_it_misses() {
    for fresh in Fresh::each() {
        let project = Project::empty();
        project
            .write("schemactl.kdl", CONFIG)
            .write("schema/t.kdl", format!("{PARENT}table t {{ {TABLE} }}\n"));
        project.run(&["plan", "-m", "one"]).ok();
        project.run(&["apply", "--url", &fresh.url]).ok();
        sql::execute(&fresh.url, ROWS);
        project.write("schema/t.kdl", format!("{PARENT}table t {{ {TABLE}; unique \"A\" }}\n"));
        project.run(&["plan", "-m", "two"]).ok();
        let hook = "ops {\n    data fill {\n        up (sql)\"UPDATE t SET b = 'w'\"\n        down\n    }\n";
        project.replace("revisions/0002_two.kdl", "ops {\n", hook);
        let words = project.run(&["apply", "--url", &fresh.url]).fails(1);
        assert!(words.contains("the rows, once `fill` has run: SELECT \"A\", count(*)"), "{words}");
    }
}

#[test]
fn the_revision_that_failed_is_named_also_in_one_transaction() {
    for fresh in Fresh::each() {
        let project = Project::empty();
        project
            .write("schemactl.kdl", CONFIG)
            .write("schema/t.kdl", format!("{PARENT}table t {{ {TABLE} }}\n"));
        project.run(&["plan", "-m", "one"]).ok();
        project.run(&["apply", "--url", &fresh.url]).ok();
        sql::execute(&fresh.url, ROWS);
        project.write("schema/t.kdl", format!("{PARENT}table r was=t {{ {TABLE} }}\n"));
        project.run(&["plan", "-m", "two"]).ok();
        project.write("schema/t.kdl", format!("{PARENT}table r {{ {TABLE}; unique \"A\" }}\n"));
        project.run(&["plan", "-m", "three"]).ok();
        let words = project.run(&["apply", "--url", &fresh.url, "--single-transaction"]).fails(1);
        assert!(words.contains("`0003_three` (+ unique r.r_A_key"), "{words}");
        assert_eq!(sql::rows(&fresh.url, &query(&words)), ["1|2"], "{words}");
    }
}
