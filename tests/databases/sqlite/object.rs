//! Views, triggers and indexes around tables that change, and tables that go.

use super::Change;

const TABLES: &str =
    "table t {\n column id int primary-key\n column a int nullable\n column b int nullable\n}\n";

fn view(name: &str, query: &str, on: &str) -> String {
    format!("view {name} {{ as (sql)\"{query}\"; depends-on {on}; }}\n")
}

fn trigger(name: &str, text: &str, on: &str) -> String {
    format!(
        "object {name} {{ create (sql)\"CREATE TRIGGER {name} {text}\"; drop (sql)\"DROP TRIGGER {name}\"; depends-on {on}; }}\n"
    )
}

fn without_a() -> String {
    TABLES.replace(" column a int nullable\n", "")
}

#[test]
fn a_column_goes_from_under_views_and_triggers_that_change_with_it() {
    let before = [
        TABLES,
        &view("one", "SELECT id, a FROM t", "t"),
        &view("two", "SELECT id, a + 1 AS a FROM one", "one"),
        &trigger("fires", "AFTER INSERT ON t BEGIN UPDATE t SET b = new.a; END", "t"),
    ];
    let after = [
        without_a().as_str(),
        &view("one", "SELECT id, b FROM t", "t"),
        &view("two", "SELECT id FROM one", "one"),
        &trigger("fires", "AFTER INSERT ON t BEGIN UPDATE t SET b = 1; END", "t"),
    ]
    .concat();
    let mut change = Change::new(&before.concat(), "INSERT INTO t VALUES (1, 2, 3)", &after);
    assert_eq!(change.rebuilds(), 0, "{}", change.sql());
    change.there_and_back();
    let gone = [TABLES, &view("one", "SELECT id, a FROM t", "t")].concat();
    Change::new(&gone, "SELECT 1", &without_a()).there_and_back();
}

#[test]
fn a_view_that_changes_keeps_its_triggers() {
    let views = |query: &str| {
        let fires =
            trigger("fires", "INSTEAD OF INSERT ON v BEGIN INSERT INTO t (id) VALUES (new.id); END", "v t");
        [TABLES, &view("v", query, "t"), &fires].concat()
    };
    let mut change = Change::new(&views("SELECT id FROM t"), "SELECT 1", &views("SELECT id, a FROM t"));
    change.there_and_back();
    change.up().unwrap();
    change.execute("INSERT INTO v (id) VALUES (4)");
    assert_eq!(change.rows("SELECT id FROM t"), ["4"]);
}

#[test]
fn an_index_name_moves_to_another_table() {
    let schema = |one: &str, two: &str| {
        format!(
            "table a {{\n column id int primary-key\n column x int nullable\n{one}\n}}\ntable b {{\n column id int primary-key\n column x int nullable\n{two}\n}}\n"
        )
    };
    for (from, to) in [("index x name=i", ""), ("", "index x name=i")] {
        let other = |index: &str| if index.is_empty() { "index x name=i" } else { "" };
        Change::new(&schema(from, other(from)), "SELECT 1", &schema(to, other(to))).there_and_back();
    }
}

#[test]
fn a_table_goes_without_its_children() {
    let parent = "table p { column id int primary-key; }\n";
    let child = |reference: &str| {
        format!("table c {{\n column id int primary-key\n column p_id int nullable {reference}\n}}\n")
    };
    let before = [parent, &child("references=\"p.id\" on-delete=cascade")].concat();
    let mut change =
        Change::new(&before, "INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1)", &child(""));
    change.up().unwrap();
    assert_eq!(change.rows("SELECT id, p_id FROM c"), ["1|1"]);
    let dropped = format!("{parent}table c {{ column id int primary-key; }}\n");
    let mut change = Change::new(
        &before,
        "INSERT INTO p VALUES (1); INSERT INTO c VALUES (1, 1)",
        &dropped.replace(parent, ""),
    );
    assert_eq!(change.rebuilds(), 0, "{}", change.sql());
    change.up().unwrap();
    assert_eq!(change.rows("SELECT id FROM c"), ["1"]);
}

#[test]
fn a_table_that_others_refer_to_unknown_to_the_state_is_not_dropped_from_under_them() {
    let mut change = Change::new(
        "table p { column id int primary-key; }\n",
        "INSERT INTO p VALUES (1); CREATE TABLE by_hand (p_id int REFERENCES p (id) ON DELETE CASCADE);
         INSERT INTO by_hand VALUES (1)",
        "",
    );
    assert!(change.refusal().starts_with("E734"), "{}", change.refusal());
    assert_eq!(change.rows("SELECT p_id FROM by_hand"), ["1"]);
}

#[test]
fn rows_in_a_circle_of_new_tables_go_in() {
    let circle = "table a {\n column id int primary-key\n column b_id int nullable references=\"b.id\"\n}\n\
        table b {\n column id int primary-key\n column a_id int nullable references=\"a.id\"\n}\n\
        data a key=id { row id=1 b_id=2; }\ndata b key=id { row id=2; }\n";
    let mut change = Change::new("", "SELECT 1", circle);
    change.up().unwrap();
    assert_eq!(change.rows("SELECT b_id FROM a"), ["2"]);
    assert_eq!(change.rows("PRAGMA foreign_key_check"), [""; 0]);
}
