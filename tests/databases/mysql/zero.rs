//! The number 0 in a column that numbers its rows: both servers take it for no number and give the next one, unless they
//! are told otherwise.

use super::trial::{Rows, Trial};
use crate::support::mysql;
use crate::support::project::Project;
use crate::support::sql;

#[test]
fn a_column_that_numbers_its_rows_from_now_on_keeps_its_zero() {
    let before = "table t {\n column id int primary-key\n column v int\n}\n";
    let after = "table t {\n column id bigint identity primary-key\n column v int\n}\n";
    Trial::new("zero").change(before, "INSERT INTO t VALUES (0, 7), (3, 8)", after, Rows::Kept);
    Trial::new("zero").change(
        after,
        "INSERT INTO t (v) VALUES (7), (8); UPDATE t SET id = 0 WHERE v = 7",
        before,
        Rows::Kept,
    );
}

#[test]
fn a_reference_row_can_have_the_number_zero() {
    let mut project = Project::empty();
    let database = mysql::database("zero");
    let url = &database.url;
    project.hide(url, "[URL]");
    project.write(
        "schemactl.kdl",
        format!("project t {{ dialects mysql }}\nenv dev default=#true {{ url \"{url}\" }}\n"),
    );
    let schema = "table kinds {\n    column id int identity primary-key\n    column name \"varchar(20)\"\n}\n\
                  data kinds key=id {\n    row id=0 name=none\n    row id=1 name=one\n}\n";
    project.write("schema/t.kdl", schema);
    project.run(&["plan", "-q", "-m", "kinds"]).ok();
    project.run(&["apply", "-q"]).ok();
    let rows = || sql::rows(url, "SELECT id, name FROM kinds ORDER BY id");
    assert_eq!(rows(), ["0|none", "1|one"]);
    project.run(&["drift"]).ok();
    // The mode is the statement's alone.
    project.replace("schema/t.kdl", "row id=0 name=none", "row id=2 name=two");
    project.run(&["plan", "-q", "-m", "others"]).ok();
    project.run(&["apply", "-q", "--allow-destructive", "all"]).ok();
    assert_eq!(rows(), ["1|one", "2|two"]);
    project.run(&["rollback", "-1", "-q", "--allow-destructive", "all"]).ok();
    assert_eq!(rows(), ["0|none", "1|one"]);
    // Scripts for the servers' own clients say it as well.
    let script = project.run(&["sql", "base:head"]).ok();
    assert!(script.contains("NO_AUTO_VALUE_ON_ZERO"), "{script}");
}
