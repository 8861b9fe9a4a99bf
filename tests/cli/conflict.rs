//! Files in which git left both sides of a conflict.

use insta::assert_snapshot;

use super::broken::plan;
use super::merge::{BASE, forked};
use super::plan::shop;

#[test]
fn conflicts_that_git_left() {
    let sides =
        "<<<<<<< HEAD\n    column name text\n=======\n    column name varchar(80)\n>>>>>>> topic/names\n";
    let schema = format!("table users {{\n    column id bigint\n{sides}    primary-key id\n}}\n{sides}");
    assert_snapshot!(plan(&schema), @"
    ----- stderr
    error[E017]: the file has a conflict of git that is not solved
       ╭─[schema/a.kdl:3:1]
     2 │     column id bigint
     3 │ <<<<<<< HEAD
       · ──────┬─────
       ·       ╰── one side begins here
     4 │     column name text
     5 │ =======
       · ───┬───
       ·    ╰── the other side begins here
     6 │     column name varchar(80)
     7 │ >>>>>>> topic/names
       · ─────────┬─────────
       ·          ╰── both end here
     8 │     primary-key id
       ╰────
    help: solve it with git, or take either side and run `schemactl merge`, which writes what both say
    explain: schemactl explain E017
    ----- exit 1
    ");
    assert_snapshot!(plan(schema.replace('\n', "\r\n").replace("=======\r\n", "||||||| base\r\n=======\r\n")), @"
    ----- stderr
    error[E017]: the file has a conflict of git that is not solved
       ╭─[schema/a.kdl:3:1]
     2 │     column id bigint
     3 │ <<<<<<< HEAD
       · ──────┬─────
       ·       ╰── one side begins here
     4 │     column name text
     5 │ ||||||| base
     6 │ =======
       · ───┬───
       ·    ╰── the other side begins here
     7 │     column name varchar(80)
     8 │ >>>>>>> topic/names
       · ─────────┬─────────
       ·          ╰── both end here
     9 │     primary-key id
       ╰────
    help: solve it with git, or take either side and run `schemactl merge`, which writes what both say
    explain: schemactl explain E017
    ----- exit 1
    ");
    // A revision, and the configuration.
    let project = shop();
    project.replace(
        "revisions/0001_first_tables.kdl",
        "ops {",
        "<<<<<<< HEAD\nops {\n=======\n>>>>>>> topic\nops {",
    );
    assert_snapshot!(project.run(&["check"]), @"
    ----- stderr
    error[E017]: the file has a conflict of git that is not solved
        ╭─[revisions/0001_first_tables.kdl:8:1]
      7 │ }
      8 │ <<<<<<< HEAD
        · ──────┬─────
        ·       ╰── one side begins here
      9 │ ops {
     10 │ =======
        · ───┬───
        ·    ╰── the other side begins here
     11 │ >>>>>>> topic
        · ──────┬──────
        ·       ╰── both end here
     12 │ ops {
        ╰────
    help: solve it with git, or take either side and run `schemactl merge`, which writes what both say
    explain: schemactl explain E017
    ----- exit 4
    ");
    let project = shop();
    project.write("schemactl.kdl", "<<<<<<< HEAD\nproject shop\n=======\nproject other\n>>>>>>> topic\n");
    assert_snapshot!(project.run(&["plan"]), @"
    ----- stderr
    error[E017]: the file has a conflict of git that is not solved
       ╭─[schemactl.kdl:1:1]
     1 │ <<<<<<< HEAD
       · ──────┬─────
       ·       ╰── one side begins here
     2 │ project shop
     3 │ =======
       · ───┬───
       ·    ╰── the other side begins here
     4 │ project other
     5 │ >>>>>>> topic
       · ──────┬──────
       ·       ╰── both end here
       ╰────
    help: solve it with git, or take either side and run `schemactl merge`, which writes what both say
    explain: schemactl explain E017
    ----- exit 1
    ");
}

#[test]
fn a_merge_says_how_it_goes_on_from_a_conflict() {
    let project = forked(&BASE.replace("text", "text default=anon"), &BASE.replace("text", "text nullable"));
    project.write("schema/schema.kdl", format!("<<<<<<< HEAD\n{BASE}=======\n>>>>>>> topic\n"));
    assert_snapshot!(project.run(&["merge"]), @"
    ----- stderr
    error[E017]: the file has a conflict of git that is not solved
       ╭─[schema/schema.kdl:1:1]
     1 │ <<<<<<< HEAD
       · ──────┬─────
       ·       ╰── one side begins here
     2 │ table users {
       ╰────
       ╭─[schema/schema.kdl:6:1]
     5 │ }
     6 │ =======
       · ───┬───
       ·    ╰── the other side begins here
     7 │ >>>>>>> topic
       · ──────┬──────
       ·       ╰── both end here
       ╰────
    help: take either side, `git checkout --ours schema`, and run `schemactl merge` again, which writes what both say; or solve it by hand and run `schemactl merge --schema`
    explain: schemactl explain E017
    ----- exit 1
    ");
}
