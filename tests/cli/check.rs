//! `schemactl check` and `schemactl verify`.

use insta::assert_snapshot;

use super::plan::shop;
use crate::support::project::Project;

#[test]
fn a_sound_project_passes() {
    let project = shop();
    assert_snapshot!(project.run(&["check"]), @"
    ----- stderr
         Checked 1 revision on sqlite, postgres
    ");
    assert_snapshot!(project.run(&["check", "--format=json"]), @r#"
    {
      "findings": [],
      "format": 1,
      "revisions": 1
    }
    ----- stderr
         Checked 1 revision on sqlite, postgres
    "#);
    assert_snapshot!(project.run(&["verify"]), @"
    ----- stderr
        Verified 1 revision
    ");
    assert_snapshot!(project.run(&["verify", "--format=json"]), @r#"
    {
      "findings": [],
      "format": 1,
      "revisions": 1
    }
    ----- stderr
        Verified 1 revision
    "#);
}

#[test]
fn unplanned_changes_and_unwritten_hooks_are_found() {
    let project = shop();
    project.replace("schema/shop.kdl", "varchar(80)", "varchar(90)");
    assert_snapshot!(project.run(&["check"]), @"
    ----- stderr
    error[E820]: the schema has a change that no revision makes: `~ column posts.title varchar(80) → varchar(90)`
    help: run `schemactl plan`, and commit the revision with the schema
    explain: schemactl explain E820
    ----- exit 4
    ");
    project.run(&["plan", "-q"]).ok();
    project.run(&["new", "-m", "back fill", "-q"]).ok();
    assert_snapshot!(project.run(&["check"]), @r#"
    ----- stderr
    error[E821]: hook `back-fill` has no up and no down yet
        ╭─[revisions/0003_back_fill.kdl:10:5]
      9 │ ops {
     10 │     data back-fill {
        ·     ────
     11 │         up (sql)"-- unfilled: write the SQL that `apply` runs, or `up nothing` in place of this"
        ╰────
    help: run `schemactl edit 0003_back_fill`
    explain: schemactl explain E821
    ----- exit 4
    "#);
    assert_snapshot!(project.run(&["check", "--format=json"]), @r#"
    {
      "findings": [
        {
          "code": "E821",
          "help": "run `schemactl edit 0003_back_fill`",
          "labels": [
            {
              "column": 5,
              "end": 400,
              "line": 10,
              "path": "revisions/0003_back_fill.kdl",
              "start": 396,
              "text": ""
            }
          ],
          "message": "hook `back-fill` has no up and no down yet",
          "severity": "error"
        }
      ],
      "format": 1,
      "revisions": 3
    }
    ----- exit 4
    "#);
}

#[test]
fn an_edited_revision_is_found() {
    let project = shop();
    project.replace("schema/shop.kdl", "varchar(80)", "varchar(90)");
    project.run(&["plan", "-q", "-m", "longer"]).ok();
    project.replace("revisions/0001_first_tables.kdl", "varchar(80)", "varchar(70)");
    assert_snapshot!(project.run(&["check"]), @r#"
    ----- stderr
    error[E424]: `0001_first_tables` was changed after `0002_longer` had built on it
       ╭─[revisions/0002_longer.kdl:3:12]
     2 │     id "494d46ab2aed"
     3 │     parent "0001_first_tables" digest="r1:5d6b7dd306d36895439d3408408c9eb9de6f1f68a95d417001012bfe434ae993"
       ·            ─────────┬─────────
       ·                     ╰── it was `r1:5d6b7dd306d36895439d3408408c9eb9de6f1f68a95d417001012bfe434ae993` then
     4 │     from "s1:aef2f35051bd0d8bf77ae9285710bafbdd4fa886f9dce0b3f4a2adfd64078a82"
       ╰────
       ╭─[revisions/0001_first_tables.kdl:1:10]
     1 │ revision "0001_first_tables" {
       ·          ─────────┬─────────
       ·                   ╰── it is `r1:ce611700c47bf6004fbc0523aacd54d01c9e85f20a24bbcb1cb19a201d9643db` now
     2 │     id "8a9efc16423f"
       ╰────
    help: run `git checkout -- revisions/0001_first_tables.kdl` or take the change back otherwise, and put it into a new revision
    explain: schemactl explain E424
    ----- exit 5
    "#);
    assert_eq!(project.run(&["verify"]).code, Some(5));
    assert_eq!(project.run(&["plan"]).code, Some(5));
}

#[test]
fn an_edited_snapshot_is_found_and_a_missing_one_is_made() {
    let project = shop();
    let files = project.files();
    let snapshot = files.iter().find(|file| file.starts_with("snapshots/")).unwrap().clone();
    let text = project.read(&snapshot);
    project.replace(&snapshot, "varchar(80)", "varchar(81)");
    assert_snapshot!(project.run(&["verify"]), @"
    ----- stderr
    error[E401]: `snapshots/s1-aef2f35051bd0d8b.kdl` was edited or cut short: it is not the state that its name says
    help: delete the file and run `schemactl verify`, which writes it again
    explain: schemactl explain E401
    ----- exit 5
    ");
    std::fs::remove_file(project.path(&snapshot)).unwrap();
    assert_snapshot!(project.run(&["verify"]), @"
    ----- stderr
           Wrote snapshots/s1-aef2f35051bd0d8b.kdl
        Verified 1 revision
    ");
    assert_eq!(project.read(&snapshot), text);
}

#[test]
fn two_heads_are_found() {
    let project = shop();
    project.replace("schema/shop.kdl", "varchar(80)", "varchar(90)");
    project.run(&["plan", "-q", "-m", "mine"]).ok();
    let mine = project.read("revisions/0002_mine.kdl");
    std::fs::remove_file(project.path("revisions/0002_mine.kdl")).unwrap();
    project.run(&["plan", "-q", "-m", "theirs"]).ok();
    project.write("revisions/0002_mine.kdl", mine);
    assert_snapshot!(project.run(&["check"]), @r#"
    ----- stderr
    error[E423]: the chain has 2 heads: `0002_mine`, `0002_theirs`
       ╭─[revisions/0002_mine.kdl:1:10]
     1 │ revision "0002_mine" {
       ·          ─────┬─────
       ·               ╰── nothing builds on this one
     2 │     id "354dd525cb71"
       ╰────
       ╭─[revisions/0002_theirs.kdl:1:10]
     1 │ revision "0002_theirs" {
       ·          ──────┬──────
       ·                ╰── nothing builds on this one
     2 │     id "78e7dcde73da"
       ╰────
    help: remove the newer file and run `schemactl plan`, which writes it anew on top of the other
    explain: schemactl explain E423
    ----- exit 5
    "#);
    assert_snapshot!(project.run(&["plan"]), @r#"
    ----- stderr
    error[E423]: the chain has 2 heads: `0002_mine`, `0002_theirs`
       ╭─[revisions/0002_mine.kdl:1:10]
     1 │ revision "0002_mine" {
       ·          ─────┬─────
       ·               ╰── nothing builds on this one
     2 │     id "354dd525cb71"
       ╰────
       ╭─[revisions/0002_theirs.kdl:1:10]
     1 │ revision "0002_theirs" {
       ·          ──────┬──────
       ·                ╰── nothing builds on this one
     2 │     id "78e7dcde73da"
       ╰────
    help: remove the newer file and run `schemactl plan`, which writes it anew on top of the other
    explain: schemactl explain E423
    ----- exit 5
    "#);
    assert_snapshot!(project.run(&["heads"]), @"
    0002_mine                                               354dd525cb71  2026-11-21T10:00:00Z
    0002_theirs                                             78e7dcde73da  2026-11-21T10:00:00Z
    ");
}

#[test]
fn without_a_project_there_is_nothing_to_check() {
    assert_eq!(Project::empty().run(&["check"]).code, Some(2));
    assert_eq!(Project::empty().run(&["verify"]).code, Some(2));
}
