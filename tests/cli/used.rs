//! One branch drops a column that the SQL of the other one names: neither of them counts unasked.

use insta::assert_snapshot;

use crate::cli::merge::{BASE, forked, forked_from};
use crate::support::project::Project;

const NAME: &str = "    column name text\n";

/// One branch with this beside the table, the other without the column.
fn beside(text: &str) -> Project {
    forked(&format!("{BASE}{text}"), &BASE.replace(NAME, ""))
}

#[test]
fn a_view_of_a_column_that_the_other_branch_drops_is_a_conflict() {
    let project = beside("view v { as \"SELECT u.name FROM users AS u\"; }\n");
    assert_snapshot!(project.run(&["merge"]), @r#"
    ----- stderr
    error[E870]: the column `users.name` was dropped on one branch, and used on the other by the view `v`
      before       column name text
      0002_ours    view v {
                       as (sql)"SELECT u.name FROM users AS u"
                   }
      0002_theirs  (not there)
        ╭─[revisions/0002_ours.kdl:10:5]
      9 │ ops {
     10 │     create-view v {
        ·     ─────┬─────
        ·          ╰── changed here
     11 │         as (sql)"SELECT u.name FROM users AS u"
        ╰────
        ╭─[revisions/0002_theirs.kdl:10:5]
      9 │ ops {
     10 │     drop-column users {
        ·     ─────┬─────
        ·          ╰── changed here
     11 │         column name text
        ╰────
    help: decide with `schemactl merge --ours users.name` for `0002_ours`, or `schemactl merge --theirs users.name` for `0002_theirs`
    explain: schemactl explain E870
    ----- exit 3
    "#);
    let applied = project.run(&["apply", "heads", "-q", "--url", "sqlite://heads.db"]);
    assert_snapshot!(applied, @"
    ----- stderr
    error[E433]: `0002_ours` and `0002_theirs` contradict each other over the column `users.name`
    help: run `schemactl merge` to see and decide it
    explain: schemactl explain E433
    ----- exit 3
    ");
}

#[test]
fn the_column_stays_or_the_view_goes() {
    for (option, kept) in [("--ours", true), ("--theirs", false)] {
        let project = beside("view v { as \"SELECT name FROM users\"; }\n");
        project.run(&["merge", "-q", option, "users.name"]).ok();
        let schema = project.read("schema/schema.kdl");
        assert_eq!((schema.contains("view v"), schema.contains("column name")), (kept, kept), "{schema}");
        project.run(&["check"]).ok();
        for first in ["0002_ours", "0002_theirs"] {
            let url = project.sqlite(&format!("{first}.db"));
            project.run(&["apply", first, "-q", "--url", &url, "--allow-destructive=all"]).ok();
            project.run(&["apply", "-q", "--url", &url, "--allow-destructive=all"]).ok();
            project.run(&["drift", "-q", "--url", &url]).ok();
        }
    }
}

#[test]
fn whatever_has_sql_of_its_own_can_name_the_column() {
    let trigger = "object t {\n    create \"CREATE TRIGGER t AFTER UPDATE ON users BEGIN SELECT NEW.name; END\"\n    \
                   drop \"DROP TRIGGER t\"\n}\n";
    project_refuses(&beside(trigger));
    for member in [
        "check \"name <> ''\"",
        "index name=i { on id; where \"name <> ''\"; }",
        "column long text { generated \"name || '!'\"; }",
    ] {
        let project = forked(&BASE.replace(NAME, &format!("{NAME}    {member}\n")), &BASE.replace(NAME, ""));
        project_refuses(&project);
    }
    // The same, seen from the other side.
    project_refuses(&forked(
        &BASE.replace(NAME, ""),
        &format!("{BASE}view v {{ as \"SELECT name FROM users\"; }}\n"),
    ));
}

fn project_refuses(project: &Project) {
    let refused = project.run(&["merge"]).fails(3);
    assert!(refused.contains("the column `users.name` was dropped on one branch"), "{refused}");
}

#[test]
fn what_may_be_another_table_s_column_is_none_of_it() {
    let others = "table pets {\n    column id bigint primary-key\n    column name text\n}\n";
    for query in [
        "SELECT name FROM pets JOIN users ON pets.id = users.id",
        "SELECT p.name FROM pets p JOIN users u ON p.id = u.id",
        "SELECT id AS name FROM users",
        "SELECT 'name' FROM users",
    ] {
        let project = beside(&format!("{others}view v {{ as \"{query}\"; }}\n"));
        project.run(&["merge", "-q"]).ok();
    }
    let project = beside(&format!(
        "{others}view v {{ as \"SELECT u.name FROM pets p JOIN users u ON p.id = u.id\"; }}\n"
    ));
    project_refuses(&project);
}

#[test]
fn what_was_there_before_goes_with_the_column() {
    let base = format!("{BASE}view v {{ as \"SELECT name FROM users\"; }}\n");
    let ours = format!("{base}table pets {{\n    column id bigint primary-key\n}}\n");
    let project = forked_from(&base, &ours, &BASE.replace(NAME, ""));
    project.run(&["merge", "-q"]).ok();
    let schema = project.read("schema/schema.kdl");
    assert!(!schema.contains("view v") && !schema.contains("column name"), "{schema}");
}

#[test]
fn a_table_stays_for_the_view_that_uses_it_or_takes_the_view_along() {
    let base = format!("{BASE}data users key=id {{\n    row id=1 name=ann\n}}\n");
    let view = format!("{base}view v {{ as \"SELECT u.id FROM users u\"; }}\n");
    let others = "table pets {\n    column id bigint primary-key\n}\n";
    for (option, kept) in [("--ours", true), ("--theirs", false)] {
        let project = forked_from(&base, &view, others);
        let refused = project.run(&["merge"]).fails(3);
        let said = "the table `users` was dropped on one branch, and used on the other by the view `v`";
        assert!(refused.contains(said), "{refused}");
        project.run(&["merge", "-q", option, "users"]).ok();
        let schema = project.read("schema/schema.kdl");
        let has = ["view v", "table users", "name=ann"].map(|text| schema.contains(text));
        assert_eq!(has, [kept; 3], "{schema}");
        for first in ["0002_ours", "0002_theirs"] {
            let url = project.sqlite(&format!("{first}.db"));
            project.run(&["apply", first, "-q", "--url", &url, "--allow-destructive=all"]).ok();
            project.run(&["apply", "-q", "--url", &url, "--allow-destructive=all"]).ok();
            project.run(&["drift", "-q", "--url", &url]).ok();
        }
    }
}
