//! What stops a run before anything gets lost.

use insta::assert_snapshot;

use super::Change;

fn schema(inside: &str) -> String {
    format!("table t {{\n column id int primary-key\n{inside}\n}}\n")
}

#[test]
fn rows_that_break_the_new_rule_stop_the_run() {
    let mut change = Change::new(
        &schema("column a int nullable"),
        "INSERT INTO t (id) VALUES (1)",
        &schema("column a int default=1"),
    );
    assert_snapshot!(change.refusal(), @r"
    E709: table `t` is made anew: can't copy the rows: NOT NULL constraint failed: t.a
    correct the rows in a hook in front of this step
    ");
    assert_eq!(change.rows("SELECT id, a FROM t"), ["1|NULL"]);
    assert_eq!(change.rows("SELECT name FROM sqlite_schema WHERE name LIKE '%schemactl_new%'"), [""; 0]);
}

#[test]
fn values_that_have_no_place_in_the_new_type_stop_the_run() {
    let mut change = Change::new(
        &schema("column a text nullable"),
        "INSERT INTO t VALUES (1, '42'), (2, 'forty-two')",
        &schema("column a int nullable"),
    );
    assert_snapshot!(change.refusal(), @r"
    E732: 1 value of `t.a` can't become integer, for example `forty-two`
    correct them in a hook in front of this step
    ");
    change.execute("UPDATE t SET a = NULL WHERE id = 2");
    change.there_and_back();
    assert_eq!(change.rows("SELECT a, typeof(a) FROM t WHERE id = 1"), ["42|text"]);
}

#[test]
fn values_that_would_silently_change_stop_the_run() {
    let mut change = Change::new(
        &schema("column a int nullable\ncolumn b int nullable"),
        "ALTER TABLE t DROP COLUMN a; ALTER TABLE t ADD COLUMN a text; INSERT INTO t VALUES (1, 2, '007')",
        &schema("column a int nullable\ncolumn b text nullable"),
    );
    assert_snapshot!(change.refusal(), @r"
    E732: values of `t.a` would become of another type
    compare the column's type in the database with the one in the schema
    ");
}

#[test]
fn a_column_that_no_revision_created_stops_the_run() {
    let mut change = Change::new(
        &schema("column a int nullable"),
        "ALTER TABLE t ADD COLUMN precious text",
        &schema("column a text nullable"),
    );
    assert_snapshot!(change.refusal(), @r"
    E731: table `t` has columns that no revision created: `precious`
    take the change into the schema, or undo it in the database
    ");
}

#[test]
fn a_constraint_that_no_revision_created_stops_the_run() {
    // As in a database that was there before its first revision, which was stamped.
    let mut change = Change::new(
        &schema("column a int nullable\ncheck \"a > 0\" name=positive"),
        "DROP TABLE t; CREATE TABLE t (ID INTEGER PRIMARY KEY, a INT CHECK (A>0), CHECK (a < 10), \
         UNIQUE (a) ON CONFLICT IGNORE); INSERT INTO t VALUES (1, 2)",
        &schema("column a text nullable\ncheck \"a > 0\" name=positive"),
    );
    assert_snapshot!(change.refusal(), @r"
    E731: table `t` has constraints that no revision created: `check ( a < 10 )`, `unique ( a ) on conflict ignore`
    take them into the schema, or make the table without them
    ");
    change.execute("DROP TABLE t; CREATE TABLE t (ID INTEGER PRIMARY KEY, a INT CHECK (A>0))");
    change.up().unwrap();
}

#[test]
fn objects_that_would_break_stop_the_run() {
    let before = schema("column a int nullable\ncolumn b int nullable");
    let after = schema("column b text nullable");
    for (object, name) in [
        ("CREATE INDEX mine ON t (a)", "mine"),
        ("CREATE VIEW mine AS SELECT a FROM t", "mine"),
        ("CREATE TRIGGER mine AFTER INSERT ON t BEGIN UPDATE t SET b = new.a; END", "trigger"),
    ] {
        let mut change = Change::new(&before, object, &after);
        let refusal = change.refusal();
        assert!(refusal.starts_with("E735") && refusal.contains(name), "{refusal}");
        assert_eq!(change.rows("SELECT count(*) FROM pragma_table_info('t')"), ["3"]);
    }
}

#[test]
fn new_orphans_stop_the_run_and_old_ones_do_not() {
    let schema = |reference: &str| {
        format!(
            "table p {{ column id int primary-key; }}\ntable t {{\n column id int primary-key\n column p_id int nullable {reference}\n}}\n"
        )
    };
    let mut change = Change::new(&schema(""), "INSERT INTO t VALUES (1, 9)", &schema("references=\"p.id\""));
    assert_snapshot!(change.refusal(), @r"
    E734: row 1 of `t` refers to a row that `p` does not have
    remove or correct the rows in a hook of this revision, or before it by hand
    ");
    let mut change = Change::new(
        &schema("references=\"p.id\""),
        "PRAGMA foreign_keys = OFF; INSERT INTO t VALUES (1, 9)",
        &schema("references=\"p.id\" on-delete=cascade"),
    );
    change.there_and_back();
}

#[test]
fn a_foreign_key_that_no_database_can_follow_stops_nothing_else() {
    let schema = |ty: &str| {
        format!(
            "table p {{ column id int primary-key; }}\ntable t {{\n column id int primary-key\n \
             column p_id {ty} nullable references=p.id\n}}\n"
        )
    };
    let rows = "PRAGMA foreign_keys = OFF; CREATE TABLE loose (a REFERENCES p (gone)); INSERT INTO loose VALUES (1);";
    let mut change = Change::new(&schema("int"), rows, &schema("bigint"));
    change.up().unwrap();
    change.down().unwrap();
    let orphan = format!("{rows} CREATE TABLE other (a REFERENCES t (id)); INSERT INTO t VALUES (1, 9);");
    let mut change = Change::new(&schema("int"), &orphan, &schema("bigint"));
    change.up().unwrap();
    let without_key =
        "table p { column id int; }\ntable t {\n column id int primary-key\n column p_id int nullable\n}\n";
    let mut change = Change::new(
        &schema("int").replace(" references=p.id", ""),
        "CREATE TABLE mine (a REFERENCES p (id));",
        without_key,
    );
    assert_snapshot!(change.refusal(), @r#"E707: can't check foreign keys: foreign key mismatch - "mine" referencing "p""#);
}
