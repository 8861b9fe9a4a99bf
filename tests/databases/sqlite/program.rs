//! The program on files as people have them: odd paths, write-ahead logs, tables with names that SQLite uses itself,
//! rows that contradict foreign keys already, objects of other hands.

use crate::support::project::Project;
use crate::support::sql;

const SCHEMA: &str = r#"
table main { column rowid int; column oid text nullable; column v int }
table temp { column _rowid_ int; column rowid text nullable }
table parent { column id int primary-key; column code text unique }
table child {
    column id bigint identity primary-key
    column parent_id int references="parent.id" on-delete=cascade
    column code text nullable references="parent.code" on-update=cascade
    column shout text generated=(sql)"upper(code)"
}
view codes { as "SELECT code FROM child" }
view first_codes { as "SELECT min(code) AS code FROM codes" }
object words { create (sql)"CREATE VIRTUAL TABLE words USING fts5(body)"; drop (sql)"DROP TABLE words" }
"#;

const ROWS: &str = "
PRAGMA journal_mode = WAL; PRAGMA foreign_keys = OFF;
INSERT INTO main VALUES (7, 'o', 1), (8, NULL, 2); INSERT INTO temp VALUES (1, 'a');
INSERT INTO parent VALUES (1, 'A'); INSERT INTO child (id, parent_id, code) VALUES (3, 1, 'A'), (5, 99, 'q');
INSERT INTO words VALUES ('hello world');
CREATE INDEX mine ON child (code COLLATE NOCASE DESC) WHERE code IS NOT NULL;
CREATE TABLE log (what); CREATE VIEW seen AS SELECT p.code, c.id FROM parent p JOIN child c ON c.parent_id = p.id;
CREATE TRIGGER noted AFTER UPDATE ON child BEGIN INSERT INTO log VALUES (new.code); END";

/// Everything that is in the database but the journal's rows.
fn dump(url: &str) -> Vec<String> {
    let mut session = sql::Session::open(url);
    let schema = "SELECT type, name, replace(sql, '\"', '') FROM sqlite_schema \
                  WHERE sql IS NOT NULL AND name NOT LIKE 'words%' ORDER BY 1, 2";
    let mut dump = session.rows(schema);
    for rows in [
        "SELECT rowid, oid, v FROM main ORDER BY 1",
        "SELECT * FROM temp",
        "SELECT * FROM parent",
        "SELECT id, parent_id, code, shout FROM child ORDER BY 1",
        "SELECT * FROM words WHERE body MATCH 'hello'",
        "SELECT * FROM log",
        "SELECT * FROM seen",
        "SELECT * FROM first_codes",
        "SELECT * FROM sqlite_sequence ORDER BY 1",
        "PRAGMA journal_mode",
    ] {
        dump.extend(session.rows(rows));
    }
    dump
}

#[test]
fn a_file_as_people_have_them_goes_there_and_back() {
    let project = Project::empty();
    let url = "sqlite://a%20shop%3F.db";
    project
        .write("schemactl.kdl", format!("project shop {{ dialects sqlite }}\nenv dev {{ url \"{url}\" }}\n"));
    project.write("schema/schema.kdl", SCHEMA);
    project.run(&["plan", "-m", "one"]).ok();
    project.run(&["apply", "--env", "dev"]).ok();
    let file = project.sqlite("a%20shop%3F.db");
    sql::execute(&file, ROWS);
    let before = dump(&file);
    project
        .replace("schema/schema.kdl", "column v int", "column v text")
        .replace("schema/schema.kdl", "column _rowid_ int", "column _rowid_ bigint")
        .replace("schema/schema.kdl", "column code text unique", "column code \"varchar(9)\" unique")
        .replace("schema/schema.kdl", "upper(code)", "lower(code)");
    project.run(&["plan", "-m", "two"]).ok();
    for _ in ["first", "second"] {
        project.run(&["apply", "--env", "dev", "--allow-drift"]).ok();
        assert_eq!(sql::rows(&file, "SELECT group_concat(shout) FROM child"), ["a,q"]);
        project.run(&["rollback", "--env", "dev", "--allow-destructive", "all", "--allow-drift"]).ok();
        assert_eq!(dump(&file), before);
    }
    assert_eq!(sql::rows(&file, "PRAGMA integrity_check"), ["ok"]);
}
