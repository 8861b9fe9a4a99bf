//! Rows that don't fit what their table becomes: found before the statement, with a query that finds them. Rows that fit
//! are no hindrance.

use crate::support::mysql::{self, TestDatabase};
use crate::support::project::Project;
use crate::support::sql;

const TABLE: &str = r#"
enum mood sad ok
table p {
    column id int primary-key
}
table t {
    column id int primary-key
    column n int nullable
    column wide bigint nullable
    column money "decimal(10,2)" nullable
    column word "varchar(40)" nullable
    column day "varchar(40)" nullable
    column body text nullable
    column mood mood nullable
    column p int nullable
}
"#;

/// A project whose table has these rows.
fn project(rows: &str) -> (Project, TestDatabase) {
    let mut project = Project::empty();
    let database = mysql::database("fit");
    project.hide(&database.url, "[URL]");
    let config =
        format!("project t {{ dialects mysql }}\nenv dev default=#true {{ url \"{}\" }}\n", database.url);
    project.write("schemactl.kdl", config);
    project.write("schema/t.kdl", TABLE);
    project.run(&["plan", "-q", "-m", "one"]).ok();
    project.run(&["apply", "-q"]).ok();
    sql::execute(&database.url, rows);
    (project, database)
}

/// Plans what the table becomes, by texts that others take the place of.
fn plan(project: &Project, from: &str, to: &str) {
    project.replace("schema/t.kdl", from, to);
    let unused: &[&str] = if to.starts_with("enum") { &["--assume-unused", "mood.sad"] } else { &[] };
    project.run(&[&["plan", "-q", "-m", "two"], unused].concat()).ok();
}

const WRONG: &str = "INSERT INTO t (id, n, wide, money, word, day, body, mood, p) VALUES \
    (1, 7, 5, 1, 'one', '2024-02-29', 'a', 'ok', NULL), \
    (2, 7, 2147483648, 99999.99, 'zwölf 日', '2024-02-30', 'abcdefghijk', 'sad', 8), \
    (3, NULL, 1, 1, 'zwölf 日', 'never', 'abc  ', NULL, NULL)";

#[test]
fn rows_that_do_not_fit_are_named_before_anything_is_changed() {
    let of_table = "column p int nullable\n";
    for (from, to, told, found) in [
        ("column n int nullable", "column n int", "rows have no value in `t.n`", &["3"][..]),
        ("wide bigint", "wide int", "a value in `t.wide` that `int` has no place for", &["2"]),
        ("decimal(10,2)", "decimal(6,2)", "a value in `t.money`", &["2"]),
        ("word \"varchar(40)\"", "word \"varchar(4)\"", "a value in `t.word`", &["2", "3"]),
        ("word \"varchar(40)\"", "word int", "a value in `t.word`", &["1", "2", "3"]),
        ("day \"varchar(40)\"", "day date", "a value in `t.day`", &["2", "3"]),
        ("body text", "body \"varchar(10)\"", "a value in `t.body`", &["2"]),
        ("body text", "body json", "a value in `t.body`", &["1", "2", "3"]),
        ("enum mood sad ok", "enum mood happy ok", "a value in `t.mood`", &["2"]),
        (
            "word \"varchar(40)\" nullable",
            "word \"varchar(40)\" nullable { (mysql)options charset=latin1; }",
            "characters in `t.word` that `latin1` doesn't have",
            &["2", "3"],
        ),
        (of_table, "column p int nullable\n    unique n\n", "rows of `t` are the same in", &["7"]),
        (
            of_table,
            "column p int nullable\n    (mysql)index name=i unique { on word prefix=2; }\n",
            "the same in `i`",
            &["zw"],
        ),
        (
            of_table,
            "column p int nullable\n    foreign-key p references=p.id\n",
            "refer by `t_p_fkey` to rows that are not there",
            &["2"],
        ),
        (
            of_table,
            "column p int nullable\n    check \"wide < 10\" name=small\n",
            "the check `small`",
            &["2"],
        ),
    ] {
        let (project, database) = project(WRONG);
        sql::execute(&database.url, "ALTER TABLE t MODIFY word varchar(40) CHARACTER SET utf8mb4");
        plan(&project, from, to);
        let before = sql::rows(&database.url, "SHOW CREATE TABLE t");
        let words = project.run(&["apply", "-q", "--allow-destructive", "all"]).fails(1);
        assert!(words.contains("error[E709]") && words.contains(told), "{to}: {words}");
        let query = words.lines().find_map(|line| line.trim().strip_prefix("the rows: "));
        let rows = sql::rows(&database.url, query.unwrap_or_else(|| panic!("no query in {words}")));
        let firsts: Vec<&str> = rows.iter().filter_map(|row| row.split('|').next()).collect();
        assert_eq!(firsts, found, "{to}: {words}");
        assert_eq!(sql::rows(&database.url, "SHOW CREATE TABLE t"), before, "{to}");
        sql::execute(&database.url, "DELETE FROM t");
        project.run(&["apply", "-q", "--allow-destructive", "all"]).ok();
    }
}

#[test]
fn values_that_the_server_takes_are_no_hindrance() {
    let fits = "INSERT INTO t (id, n, wide, money, word, day, body, mood, p) VALUES \
        (1, 7, -2147483648, 9999.99, ' 12', '20240229', 'abcd      ', 'ok', NULL), \
        (2, 8, 2147483647, -9999.99, '-1e2', '24-2-9', 'äöüß', 'ok', NULL), \
        (3, 9, NULL, NULL, NULL, NULL, NULL, NULL, NULL), \
        (4, 10, 0, 0, '.5', '2024/02/29', '', 'ok', NULL)";
    for (from, to) in [
        ("column n int nullable", "column n int"),
        ("wide bigint", "wide int"),
        ("decimal(10,2)", "decimal(6,2)"),
        ("word \"varchar(40)\"", "word double"),
        ("day \"varchar(40)\"", "day date"),
        ("body text", "body \"varchar(4)\""),
        ("enum mood sad ok", "enum mood happy ok"),
        ("body text nullable", "body text nullable { (mysql)options charset=latin1; }"),
        (
            "column p int nullable\n",
            "column p int nullable\n    unique word\n    foreign-key p references=p.id\n",
        ),
    ] {
        let (project, _database) = project(fits);
        plan(&project, from, to);
        project.run(&["apply", "-q", "--allow-destructive", "all"]).ok();
    }
}

/// The query of a message, run where the message says it can be.
fn found(database: &TestDatabase, words: &str) -> Vec<String> {
    let query = words
        .lines()
        .find_map(|line| line.trim().split_once(": ").filter(|(key, _)| key.starts_with("the rows")));
    let (_, query) = query.unwrap_or_else(|| panic!("no query in {words}"));
    let rows = sql::rows(&database.url, query);
    rows.iter().filter_map(|row| row.split('|').next()).map(str::to_owned).collect()
}

const ALL: [&str; 4] = ["apply", "-q", "--allow-destructive", "all"];

#[test]
fn the_query_speaks_of_the_names_that_are_there_when_it_is_read() {
    let renamed = TABLE
        .replace("table p {", "table parents was=p {")
        .replace("table t {", "table r was=t {")
        .replace("column n int", "column c int")
        .replace("c int nullable", "c int nullable was=n")
        .replace("column word", "column d")
        .replace(
            "d \"varchar(40)\" nullable\n    column day",
            "d \"varchar(40)\" nullable was=word\n    column day",
        );
    for (member, rows) in [
        ("unique c", &["7"][..]),
        ("(mysql)index name=i unique { on d prefix=2; }", &["zw"]),
        ("check \"c <> 7\" name=no_seven", &["1", "2"]),
        ("foreign-key p references=parents.id", &["2"]),
    ] {
        for leave in [false, true] {
            let (project, database) = project(WRONG);
            let end = format!("column p int nullable\n    {member}\n");
            project.write("schema/t.kdl", renamed.replace("column p int nullable\n", &end));
            project.run(&["plan", "-q", "-m", "two"]).ok();
            let before = sql::rows(&database.url, "SHOW CREATE TABLE t");
            let words = if leave {
                project.run(&[&ALL[..], &["--no-compensate"]].concat()).fails(7)
            } else {
                project.run(&ALL).fails(1)
            };
            assert_eq!(found(&database, &words), rows, "{member}: {words}");
            if leave {
                project.run(&["rollback", "-q", "--allow-destructive", "all"]).ok();
            }
            assert_eq!(sql::rows(&database.url, "SHOW CREATE TABLE t"), before, "{member}");
        }
    }
}

#[test]
fn a_query_says_which_hooks_it_misses() {
    let (project, database) = project(WRONG);
    plan(&project, "column p int nullable\n", "column p int nullable\n    unique n\n");
    let hook = "ops {\n    data fill {\n        up (sql)\"UPDATE t SET body = 'w'\"\n        \
                down (sql)\"UPDATE t SET body = 'v'\"\n    }\n";
    project.replace("revisions/0002_two.kdl", "ops {\n", hook);
    let words = project.run(&ALL).fails(1);
    assert!(words.contains("the rows, once `fill` has run: SELECT `n`, count(*)"), "{words}");
    assert_eq!(found(&database, &words), ["7"], "{words}");
    // Where it stays, it has run.
    let words = project.run(&[&ALL[..], &["--no-compensate"]].concat()).fails(7);
    assert!(words.contains("the rows: SELECT `n`, count(*)"), "{words}");
    assert_eq!(found(&database, &words), ["7"], "{words}");
}

#[test]
fn rows_with_a_value_that_an_enum_loses_on_the_way_back_are_found() {
    let (project, database) = project("INSERT INTO t (id) VALUES (1)");
    let to = TABLE.replace("enum mood sad ok", "enum mood sad { value great was=ok; value odd }");
    let to = to.replace("column mood mood nullable", "column temper mood nullable was=mood");
    project.write("schema/t.kdl", to);
    project.run(&["plan", "-q", "-m", "two"]).ok();
    project.run(&ALL).ok();
    sql::execute(&database.url, "INSERT INTO t (id, temper) VALUES (2, 'odd'), (3, 'great')");
    let words = project.run(&["rollback", "-q", "--allow-destructive", "all"]).fails(1);
    assert_eq!(found(&database, &words), ["2"], "{words}");
    assert!(words.contains("`0002_two` (~ enum mood"), "{words}");
}

#[test]
fn text_that_is_no_value_of_an_enum_is_found() {
    let (project, database) =
        project("INSERT INTO t (id, word) VALUES (1, 'ok'), (2, 'odd'), (3, NULL), (4, '')");
    plan(&project, "column word \"varchar(40)\" nullable", "column word mood nullable");
    let words = project.run(&ALL).fails(1);
    assert!(words.contains("(~ column t.word"), "{words}");
    assert_eq!(found(&database, &words), ["2", "4"], "{words}");
}
