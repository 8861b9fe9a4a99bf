//! The SQL of hooks that a plan writes: names and values as each database of the project reads them.

use insta::assert_snapshot;

use crate::support::project::Project;
use crate::support::sql;

/// A project with one revision, whose schema is another one since.
fn changed(dialects: &str, before: &str, after: &str) -> Project {
    let project = Project::empty();
    let url = "env dev default=#true { url \"sqlite://shop.db\" }";
    project.write("schemactl.kdl", format!("project shop {{ dialects {dialects} }}\n{url}\n"));
    project.write("schema/shop.kdl", before);
    project.run(&["plan", "-q", "-m", "first"]).ok();
    project.write("schema/shop.kdl", after);
    project
}

/// The lines of the second revision with SQL.
fn hook(project: &Project) -> String {
    let text = project.read("revisions/0002_second.kdl");
    text.lines().filter(|line| line.contains("(sql)")).map(|line| line.trim().to_owned() + "\n").collect()
}

#[test]
fn names_that_are_keywords_stand_in_quotes() {
    let before = "table order {\n    column id bigint primary-key\n}\n";
    let after = before.replace("}", "    column group int\n}");
    let project = changed("sqlite", before, &after);
    project.run(&["apply", "-q"]).ok();
    let url = project.sqlite("shop.db");
    sql::execute(&url, "INSERT INTO \"order\" VALUES (1)");
    project.run(&["plan", "-q", "-m", "second", "--default", "order.group=0"]).ok();
    assert_snapshot!(hook(&project), @r##"
    up (sql)#"UPDATE "order" SET "group" = 0"#
    expect (sql)#"SELECT count(*) FROM "order" WHERE "group" IS NULL"# is=0
    "##);
    project.run(&["apply", "-q"]).ok();
    assert_eq!(sql::rows(&url, "SELECT \"group\" FROM \"order\""), ["0"]);
}

#[test]
fn each_database_has_its_own_quotes_and_escapes() {
    let before = "table Users {\n    column id bigint primary-key\n}\n";
    let after = before.replace("}", "    column Path text\n}");
    let default = "Users.Path=\"C:\\\\new\"";
    let plan = ["plan", "-q", "-m", "second", "--default", default];
    let project = changed("mysql", before, &after);
    project.run(&plan).ok();
    assert_snapshot!(hook(&project), @r##"
    up (sql)#"UPDATE `Users` SET `Path` = 'C:\\new'"#
    expect (sql)"SELECT count(*) FROM `Users` WHERE `Path` IS NULL" is=0
    "##);
    let project = changed("sqlite mysql postgres", before, &after);
    project.run(&plan).ok();
    assert_snapshot!(hook(&project), @r##"
    up (sql)#"UPDATE "Users" SET "Path" = 'C:\new'"# (mysql)#"UPDATE `Users` SET `Path` = 'C:\\new'"# (postgres)#"UPDATE "Users" SET "Path" = E'C:\\new'"#
    expect (sql)#"SELECT count(*) FROM "Users" WHERE "Path" IS NULL"# (mysql)"SELECT count(*) FROM `Users` WHERE `Path` IS NULL" is=0
    "##);
}

#[test]
fn a_removed_value_is_replaced_in_columns_of_any_name() {
    let before = "enum status \"v1.0\" open\ntable order {\n    column id bigint primary-key\n    column rank status\n}\n";
    let project = changed("sqlite mysql", before, &before.replace(" \"v1.0\"", ""));
    project.run(&["plan", "-q", "-m", "second", "--replace", "status.v1.0=open"]).ok();
    assert_snapshot!(hook(&project), @r##"
    up (sql)#"UPDATE "order" SET "rank" = 'open' WHERE "rank" = 'v1.0'"# (mysql)"UPDATE `order` SET `rank` = 'open' WHERE `rank` = 'v1.0'"
    "##);
}

#[test]
fn values_of_enums_may_have_dots() {
    let before = "enum status \"v1.0\" open\ntable notes {\n    column id bigint primary-key\n    column status status\n}\n";
    let project = changed("sqlite", before, &before.replace("v1.0", "v2.0"));
    for rename in ["status.v1.0=status.v2.0", "status.v1.0=v2.0"] {
        let shown = project.run(&["plan", "--dry-run", "--rename", rename]).ok();
        assert!(shown.contains("v1.0 → v2.0"), "{shown}");
    }
    let planned = project.run(&["plan", "--no-renames", "--replace", "status.v1.0=bogus"]);
    assert_snapshot!(planned, @"
    ----- stderr
    error[E811]: `bogus` can't take the place of `status.v1.0`: it is not a value of `status`
    help: use one of `v2.0`, `open`
    explain: schemactl explain E811
    ----- exit 2
    ");
}

#[test]
fn an_answer_that_another_one_makes_idle_is_refused() {
    let before = "enum status \"v1.0\" open\ntable notes {\n    column id bigint primary-key\n    column status status\n}\n";
    let project = changed("sqlite", before, &before.replace(" \"v1.0\"", ""));
    let idle = ["--drop", "status.v1.0", "--fill", "status.v1.0"];
    let planned = project.run(&[&["plan", "--assume-unused", "status.v1.0"], &idle[..]].concat());
    assert_snapshot!(planned, @"
    ----- stderr
    error[E812]: `status.v1.0` is answered otherwise: `--drop` adds nothing
    help: take the answer back, or correct the name: `schemactl plan` lists the questions
    error[E812]: `status.v1.0` is answered otherwise: `--fill` adds nothing
    help: take the answer back, or correct the name: `schemactl plan` lists the questions
    explain: schemactl explain E812
    ----- exit 2
    ");
}

#[test]
fn a_hook_is_for_the_databases_that_have_the_column() {
    let before = "table notes { column id bigint primary-key }";
    let after = "table notes { column id bigint primary-key; (postgres)column weight int }";
    let project = changed("sqlite postgres", before, after);
    project.run(&["plan", "-q", "-m", "second", "--default", "notes.weight=1"]).ok();
    assert!(project.read("revisions/0002_second.kdl").contains("(postgres)data fill-notes-weight"));
    project.run(&["apply", "-q"]).ok();
}

#[test]
fn a_hook_speaks_of_new_names() {
    let before = "enum status open done\ntable notes { column id bigint primary-key; column state status }";
    let after = "enum status done\ntable memos was=notes {\n    column id bigint primary-key\n    \
                 column stand status was=state\n    column weight int\n}\n";
    let project = changed("sqlite", before, before);
    project.run(&["apply", "-q"]).ok();
    let url = project.sqlite("shop.db");
    sql::execute(&url, "INSERT INTO notes VALUES (1, 'open')");
    project.write("schema/shop.kdl", after);
    let answers = ["--replace", "status.open=done", "--default", "memos.weight=3"];
    project.run(&[&["plan", "-q", "-m", "second"], &answers[..]].concat()).ok();
    assert_snapshot!(hook(&project), @r#"
    up (sql)"UPDATE memos SET weight = 3"
    expect (sql)"SELECT count(*) FROM memos WHERE weight IS NULL" is=0
    up (sql)"UPDATE memos SET stand = 'done' WHERE stand = 'open'"
    "#);
    project.run(&["apply", "-q"]).ok();
    assert_eq!(sql::rows(&url, "SELECT stand || weight FROM memos"), ["done3"]);
    project.run(&["rollback", "-q", "--allow-destructive", "all"]).ok();
}
