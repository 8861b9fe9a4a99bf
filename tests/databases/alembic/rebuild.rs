//! SQLite's tables made anew, where batch mode loses rows, triggers, views and more.

use super::Bench;
use crate::support::sql::Session;

const BEFORE: &str = r#"
table parents {
    column id bigint identity primary-key
    column name text { collate NOCASE }
    column size int
    column double_size int generated=(sql)"size * 2"
    index name
}
table children {
    column id bigint identity primary-key
    column parent_id bigint references=parents.id on-delete=cascade
}
view names { as "SELECT name FROM parents" }
"#;

/// Everything that a rebuild can lose, made by hand beside what the schema has.
const ROWS: &str = "
    PRAGMA foreign_keys = ON;
    CREATE TABLE log (line text);
    CREATE TRIGGER watch AFTER INSERT ON parents BEGIN INSERT INTO log VALUES (NEW.name); END;
    CREATE INDEX by_hand ON parents (size DESC) WHERE size > 1;
    INSERT INTO parents (id, name, size) VALUES (1, 'one', 1), (2, 'two', 2), (9, 'gone', 9);
    DELETE FROM parents WHERE id = 9;
    INSERT INTO children (parent_id) VALUES (1), (2);
    DELETE FROM log;
";

fn stricter() -> String {
    BEFORE.replace("column size int", "column size int\n    check \"size < 100\"\n    unique name")
}

#[test]
fn a_rebuild_keeps_all_that_the_table_has() {
    // With foreign keys on, every child of a CASCADE is deleted; triggers, collation, AUTOINCREMENT and hand-made
    // indexes are lost, and a view or a generated column ends the run.
    let bench = Bench::sqlite();
    bench.reach(BEFORE, &[]);
    bench.execute(ROWS);
    let whole = || {
        [
            bench.rows("SELECT id, name, size, double_size FROM parents ORDER BY id"),
            bench.rows("SELECT id, parent_id FROM children ORDER BY id"),
            bench.rows("SELECT seq FROM sqlite_sequence WHERE name = 'parents'"),
            bench.rows(
                "SELECT name FROM sqlite_schema WHERE name IN ('watch', 'by_hand', 'names') ORDER BY 1",
            ),
            bench.rows("SELECT name FROM names ORDER BY 1"),
            bench.rows("PRAGMA foreign_key_check"),
            bench.rows("PRAGMA integrity_check"),
        ]
    };
    let before = whole();
    // What was made by hand is agreed to once.
    bench.run(&["drift", "--accept"]).ok();
    assert_eq!(before[1].len(), 2);
    bench.there_and_back(&stricter(), &[]);
    assert_eq!(whole(), before);
    bench.refuses("INSERT INTO parents (name, size) VALUES ('x', 100)");
    bench.refuses("INSERT INTO parents (name, size) VALUES ('ONE', 1)");
    bench.execute("INSERT INTO parents (name, size) VALUES ('three', 3)");
    assert_eq!(bench.rows("SELECT max(id) FROM parents"), ["10"], "a number is not given out twice");
    assert_eq!(bench.rows("SELECT line FROM log"), ["three"], "the trigger fires");
    bench.back();
    assert_eq!(bench.rows("SELECT count(*) FROM children"), ["2"]);
}

#[test]
fn a_rebuild_can_be_written_down_as_sql() {
    // `--sql` ends in "batch mode … requires a live database connection".
    let bench = Bench::sqlite();
    bench.reach(BEFORE, &[]);
    bench.execute(ROWS);
    bench.plan(&stricter(), &[]);
    let shown = bench.run(&["show", "--sql", "--dialect", "sqlite"]).ok();
    let (_, script) = shown.split_once("-- sqlite: apply\n").expect("it shows how it is applied");
    let (up, down) = script.split_once("-- sqlite: rollback\n").expect("and how it is undone");
    let mut session = Session::open(&bench.fresh.url);
    session.execute(up);
    assert!(session.try_rows("INSERT INTO parents (name, size) VALUES ('x', 100)").is_err());
    session.execute(down);
    session.execute("INSERT INTO parents (name, size) VALUES ('x', 100)");
    assert_eq!(session.rows("SELECT count(*) FROM children"), ["2"]);
}

#[test]
fn a_rebuild_that_fails_leaves_nothing_behind() {
    // The temporary table stays, and the next run fails because of it.
    let bench = Bench::sqlite();
    bench.reach("table t { column id int primary-key; column a int nullable }", &[]);
    bench.execute("INSERT INTO t VALUES (1, NULL)");
    let catalog =
        || bench.rows("SELECT name, sql FROM sqlite_schema WHERE name <> 'schemactl_journal' ORDER BY 1");
    let before = catalog();
    bench.plan("table t { column id int primary-key; column a int }", &[]);
    let failed = bench.run(&["apply"]);
    assert_eq!(failed.code, Some(1), "{failed}");
    assert_eq!(catalog(), before);
    bench.execute("UPDATE t SET a = 0");
    bench.run(&["apply"]).ok();
    bench.refuses("INSERT INTO t VALUES (2, NULL)");
}
