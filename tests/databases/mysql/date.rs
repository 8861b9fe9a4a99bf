//! Dates that are none, such as `0000-00-00`: MariaDB takes them unless it is told otherwise, many applications have them as
//! defaults, and a server that refuses them refuses each change of a table that has one.

use crate::support::mysql;
use crate::support::project::Project;
use crate::support::sql;

const POSTS: &str = "CREATE TABLE posts (
        id bigint unsigned NOT NULL AUTO_INCREMENT PRIMARY KEY,
        day date NOT NULL DEFAULT '0000-00-00',
        made datetime NOT NULL DEFAULT '0000-00-00 00:00:00',
        shown timestamp NOT NULL DEFAULT '0000-00-00 00:00:00',
        changed datetime DEFAULT NULL,
        title varchar(20) NOT NULL DEFAULT '',
        said varchar(20) DEFAULT NULL
    );
    INSERT INTO posts (day, made, changed, said) VALUES
        (DEFAULT, DEFAULT, '0000-00-00', '0000-00-00'),
        ('2024-00-00', '2024-02-29', '2024-02-29', '2024-02-00')";

#[test]
fn tables_with_dates_that_are_none_come_change_and_go() {
    let database = mysql::database("date");
    let url = &database.url;
    sql::execute(url, POSTS);
    let project = Project::empty();
    project.run(&["init", "--from", url, "--stamp", "-q"]).ok();
    let run = |arguments: &[&str]| project.run(&[arguments, &["--url", url]].concat());
    let rows = || sql::rows(url, "SELECT id, day, made, shown, changed, title, said FROM posts ORDER BY id");
    let (created, before) = (sql::rows(url, "SHOW CREATE TABLE posts"), rows());
    for (from, to) in [
        // Instant, with a copy, and of the dates themselves.
        ("column title", "column more int nullable\n    column title"),
        ("\"varchar(20)\" default=\"\"", "\"varchar(300)\" default=\"\""),
        ("id \"bigint unsigned\"", "id \"int unsigned\""),
        ("changed \"timestamp(0)\"", "changed \"timestamptz(0)\""),
        ("said \"varchar(20)\"", "said date"),
    ] {
        project.replace("schema/schema.kdl", from, to);
        project.run(&["plan", "-q", "-m", "change"]).ok();
        run(&["apply", "-q", "--allow-destructive", "all"]).ok();
        run(&["rollback", "-q", "--allow-destructive", "all"]).ok();
        assert_eq!(rows(), before, "{to}");
        run(&["apply", "-q", "--allow-destructive", "all"]).ok();
    }
    assert_eq!(
        sql::rows(url, "SELECT said, changed FROM posts ORDER BY id"),
        ["0000-00-00|0000-00-00 00:00:00", "2024-02-00|2024-02-29 00:00:00"]
    );
    run(&["rollback", "0001_baseline", "-q", "--allow-destructive", "all"]).ok();
    assert_eq!((sql::rows(url, "SHOW CREATE TABLE posts"), rows()), (created.clone(), before));
    // The baseline makes the same on an empty database, by itself and as a script.
    run(&["rollback", "base", "-q", "--allow-destructive", "all"]).ok();
    run(&["apply", "0001_baseline", "-q"]).ok();
    let unnumbered = created[0].replace("AUTO_INCREMENT=3 ", "");
    assert_eq!(sql::rows(url, "SHOW CREATE TABLE posts"), [unnumbered]);
    run(&["drift"]).ok();
    let script = project.run(&["sql", "base:0001_baseline"]).ok();
    assert!(!script.contains("NO_ZERO"), "{script}");
}

#[test]
fn a_row_without_a_date_is_refused_where_the_date_is_required() {
    let database = mysql::database("date");
    let url = &database.url;
    sql::execute(url, POSTS);
    let project = Project::empty();
    project.run(&["init", "--from", url, "--stamp", "-q"]).ok();
    project.replace("schema/schema.kdl", "column title", "column due date\n    column title");
    project.run(&["plan", "-q", "-m", "due", "--assume-empty", "posts"]).ok();
    let created = sql::rows(url, "SHOW CREATE TABLE posts");
    project.run(&["apply", "-q", "--url", url]).fails(1);
    assert_eq!(sql::rows(url, "SHOW CREATE TABLE posts"), created);
}
