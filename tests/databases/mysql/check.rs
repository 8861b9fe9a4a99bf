//! Checks that have the name of a column: MariaDB keeps them as a part of the column, and forgets them with a definition
//! of the column that doesn't say them.

use super::trial::{Rows, Trial};
use crate::support::project::Project;
use crate::support::{mysql, skipped, sql};

#[test]
fn checks_named_as_a_column_follow_its_changes() {
    let sql = Trial::new("checks").change(
        r#"
table t {
    column id int primary-key
    column a int
    column b int default=3
    column c int nullable
    column d int default=5
    column e json default="{}"
    column f "varchar(20)" default=x
    column g int nullable { generated (sql)"a + 1"; }
    check "a > 0" name=a
    check "b > 0" name=b
    check "d > 0 and b < 100" name=d
    check "c < 9" name=other
    check "length(f) < 20" name=f
    check "g > 0" name=g
}
"#,
        "INSERT INTO t (id, a, c) VALUES (1, 2, 3), (2, 4, NULL)",
        r#"
table t {
    column id int primary-key
    column a bigint comment="larger"
    column bb int default=4 was=b
    column c int nullable
    column other int default=6 was=d
    column e json default="{}"
    column f "varchar(20)" default=y
    column g int nullable { generated (sql)"a + 1"; }
    column h int default=7
    check "a > 0" name=a
    check "bb > 0" name=b
    check "c < 10" name=c
    check "other > 1" name=other
    check "h > 0" name=h
    check "g > 1" name=g
    (mysql)options collation=utf8mb4_bin
}
"#,
        Rows::Kept,
    );
    assert_eq!(mysql::is_mariadb(), sql.contains("COMMENT 'larger' CHECK (a > 0)"), "{sql}");
}

#[test]
fn a_check_that_somebody_wrote_beside_a_column_stays_with_it() {
    if !mysql::is_mariadb() {
        // It takes it for one of the table, with a name of its own.
        return skipped("a check beside a column", "this is MySQL");
    }
    let mut project = Project::empty();
    let database = mysql::database("checks");
    let url = &database.url;
    project.hide(url, "[URL]").set("DATABASE_URL", url);
    sql::execute(
        url,
        "CREATE TABLE goods (id int PRIMARY KEY, price int NOT NULL CHECK (price > 0), size int, \
             CONSTRAINT size CHECK (size < 9), was int CHECK (was > 1)); \
         ALTER TABLE goods RENAME COLUMN was TO `is`; \
         CREATE TABLE others (price smallint NOT NULL CHECK (price > 7))",
    );
    project.run(&["init", "--from", url, "--stamp"]).ok();
    let file =
        project.files().into_iter().find(|file| file.starts_with("schema/")).expect("there is a schema");
    let text = project.read(&file);
    assert!(text.contains("check (sql)\"price > 0\" name=price"), "{text}");
    assert!(text.contains("ADD CONSTRAINT `size` CHECK (size < 9)"), "{text}");
    project.replace(&file, "column price int", "column price bigint");
    project.run(&["plan", "-q", "-m", "larger"]).ok();
    project.run(&["apply", "-q"]).ok();
    let created = sql::rows(url, "SHOW CREATE TABLE goods").remove(0);
    assert!(created.contains("`price` bigint(20) NOT NULL CHECK (`price` > 0)"), "{created}");
    assert!(created.contains("CONSTRAINT `size` CHECK (`size` < 9)"), "{created}");
    assert!(created.contains("`is` int(11) DEFAULT NULL CHECK (`is` > 1)"), "{created}");
    project.run(&["drift"]).ok();
}
