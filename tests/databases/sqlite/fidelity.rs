//! What a table made anew must not lose: rows that refer to it, triggers, views, numbering, order, kinds of values,
//! objects that no revision created.

use super::Change;

#[test]
fn children_triggers_and_views_survive() {
    let schema = |ty: &str| {
        format!(
            r#"
table parent {{
    column id bigint identity primary-key
    column label {ty} nullable collate=NOCASE
    column doubled int generated=(sql)"id * 2"
    index name=parent_label {{ on label order=desc; where (sql)"label <> ''" }}
}}
table child {{
    column id int primary-key
    column parent_id bigint references="parent.id" on-delete=cascade
}}
table log {{ column what text; }}
view labels {{ as (sql)"SELECT id, label FROM parent"; depends-on parent }}
view upper_labels {{ as (sql)"SELECT upper(label) AS label FROM labels"; depends-on labels }}
object parent_log {{
    create "CREATE TRIGGER parent_log AFTER UPDATE ON parent BEGIN INSERT INTO log VALUES (new.label); END"
    drop "DROP TRIGGER parent_log"
    depends-on parent log
}}
"#
        )
    };
    let mut change = Change::new(
        &schema("text"),
        "INSERT INTO parent (label) VALUES ('a'), ('b'), ('c'); DELETE FROM parent WHERE id = 3;
         INSERT INTO child VALUES (1, 1), (2, 2);
         CREATE TRIGGER child_log AFTER INSERT ON child BEGIN INSERT INTO log SELECT label FROM parent; END;
         CREATE INDEX by_hand ON parent (doubled);
         CREATE VIEW hand_made AS SELECT count(*) AS n FROM upper_labels;",
        &schema("\"varchar(9)\""),
    );
    assert_eq!(change.rebuilds(), 1);
    change.up().unwrap();
    assert_eq!(change.rows("SELECT id, parent_id FROM child"), ["1|1", "2|2"]);
    assert_eq!(change.rows("SELECT label FROM upper_labels"), ["A", "B"]);
    assert_eq!(change.rows("SELECT n FROM hand_made"), ["2"]);
    assert_eq!(change.rows("SELECT id FROM parent WHERE label = 'A' AND doubled = 2"), ["1"]);
    let objects = "SELECT name FROM sqlite_schema WHERE type IN ('index', 'trigger') AND name NOT LIKE 'sqlite%' ORDER BY name";
    assert_eq!(change.rows(objects), ["by_hand", "child_log", "parent_label", "parent_log"]);
    change.execute("UPDATE parent SET label = 'z' WHERE id = 1; INSERT INTO parent (label) VALUES ('new')");
    assert_eq!(change.rows("SELECT what FROM log"), ["z"]);
    assert_eq!(change.rows("SELECT max(id) FROM parent"), ["4"], "the number 3 was given out before");
    assert_eq!(change.rows("PRAGMA legacy_alter_table"), ["0"]);
    change.down().unwrap();
    assert_eq!(change.rows(objects), ["by_hand", "child_log", "parent_label", "parent_log"]);
    assert_eq!(change.rows("PRAGMA integrity_check"), ["ok"]);
}

#[test]
fn the_options_of_a_table_change_and_stay() {
    let schema = |options: &str, ty: &str| {
        format!("table t {{\n {options}\n column id int primary-key\n column a {ty} nullable\n}}\n")
    };
    let strict = "(sqlite)options strict=#true without-rowid=#true";
    let mut change =
        Change::new(&schema(strict, "int"), "INSERT INTO t VALUES (1, 2)", &schema(strict, "text"));
    change.there_and_back();
    assert_eq!(change.rows("SELECT id, a, typeof(a) FROM t"), ["1|2|integer"]);
    let mut change = Change::new(&schema("", "int"), "INSERT INTO t VALUES (1, 2)", &schema(strict, "int"));
    change.there_and_back();
}

#[test]
fn numbers_of_deleted_rows_come_again_only_where_that_is_said() {
    let schema = |options: &str| {
        format!("table t {{\n {options}\n column id bigint identity primary-key\n column a int\n}}\n")
    };
    let reused = schema("(sqlite)options autoincrement=#false");
    let again = "DELETE FROM t WHERE id = 2; INSERT INTO t (a) VALUES (6); SELECT id FROM t ORDER BY id";
    let mut change = Change::new(&reused, "INSERT INTO t (a) VALUES (4), (5)", &schema(""));
    change.there_and_back();
    assert_eq!(change.rows(again), ["1", "2"]);
    let mut change = Change::new(&schema(""), "INSERT INTO t (a) VALUES (4), (5)", &reused);
    change.there_and_back();
    assert_eq!(change.rows(again), ["1", "3"]);
}

#[test]
fn row_numbers_stay_where_nothing_else_names_a_row() {
    let schema = |ty: &str| format!("table t {{\n column a {ty}\n}}\n");
    let mut change =
        Change::new(&schema("int"), "INSERT INTO t (rowid, a) VALUES (5, 1), (9, 2)", &schema("text"));
    change.up().unwrap();
    assert_eq!(change.rows("SELECT rowid, a FROM t ORDER BY rowid"), ["5|1", "9|2"]);
}

#[test]
fn names_can_hold_anything() {
    let schema = |ty: &str, column: &str| {
        format!(
            "enum \"mo'od\" \"it's\" \"; DROP TABLE x; --\"\ntable \"o\\\"dd;--\" {{\n column \"i d\" int primary-key\n column {column} {ty} nullable\n column \"sel'ect\" \"mo'od\" nullable\n check \"\\\"ünï\\\" <> 'x'\" name=\"che\\\"ck\"\n index \"ünï\" name=\"in dex\"\n unique \"i d\" \"sel'ect\" name=\"u;\"\n}}\n"
        )
    };
    let mut change = Change::new(
        &schema("text", "\"ünï\""),
        "INSERT INTO \"o\"\"dd;--\" (\"i d\", \"sel'ect\") VALUES (1, 'it''s')",
        &schema("\"varchar(9)\"", "\"ünï\""),
    );
    change.there_and_back();
    assert_eq!(change.rows("SELECT \"i d\" FROM \"o\"\"dd;--\""), ["1"]);
}

#[test]
fn rows_that_break_a_rule_stop_the_run_whatever_becomes_of_them_later() {
    let schema = |option: &str, rows: &str| {
        format!("table t {{\n column id int primary-key\n column a int nullable\n{option}\n}}\n{rows}")
    };
    let rows = "INSERT INTO t VALUES (1, 7), (2, 7), (3, NULL)";
    for conflict in ["ignore", "replace", "fail", "rollback"] {
        let unique = format!("unique a {{ (sqlite)options on-conflict={conflict}; }}");
        let mut change = Change::new(&schema("", ""), rows, &schema(&unique, ""));
        assert!(change.refusal().contains("UNIQUE constraint failed"), "{conflict}");
        assert_eq!(change.rows("SELECT count(*) FROM t"), ["3"], "{conflict}");
        change.execute("UPDATE t SET a = id");
        change.up().unwrap();
        assert_eq!(change.rows("SELECT count(*) FROM t"), ["3"], "{conflict}");
        change.down().unwrap();
        assert_eq!(change.rows("SELECT count(*) FROM t"), ["3"], "{conflict}");
    }
    let unique = "unique a { (sqlite)options on-conflict=replace; }";
    let data = "data t { row id=9 a=7; }";
    let mut change = Change::new(&schema(unique, ""), "INSERT INTO t VALUES (1, 7)", &schema(unique, data));
    assert!(change.refusal().contains("UNIQUE constraint failed"));
    assert_eq!(change.rows("SELECT id FROM t"), ["1"]);
}
