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
      "revisions": 1,
      "written": []
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
fn an_edited_snapshot_is_found_and_a_missing_one_is_made() {
    let project = shop();
    let files = project.files();
    let snapshot = files.iter().find(|file| file.starts_with("snapshots/")).unwrap().clone();
    let text = project.read(&snapshot);
    project.replace(&snapshot, "varchar(80)", "varchar(81)");
    assert_snapshot!(project.run(&["verify"]), @"
    ----- stderr
    error[E401]: `snapshots/s1-aef2f35051bd0d8b.kdl` was edited or cut short: it is not the state that its name says
    help: delete the file; `schemactl verify` writes that of a head again
    explain: schemactl explain E401
    ----- exit 5
    ");
    std::fs::remove_file(project.path(&snapshot)).unwrap();
    assert_snapshot!(project.run(&["check"]), @r#"
    ----- stderr
    error[E405]: the snapshot `snapshots/s1-aef2f35051bd0d8b.kdl` is missing
    help: run `schemactl verify`, which writes it, and commit the file
    explain: schemactl explain E405
    ----- exit 4
    "#);
    assert_snapshot!(project.run(&["verify", "--format=json"]), @r#"
    {
      "findings": [],
      "format": 1,
      "revisions": 1,
      "written": [
        "snapshots/s1-aef2f35051bd0d8b.kdl"
      ]
    }
    ----- stderr
           Wrote snapshots/s1-aef2f35051bd0d8b.kdl
        Verified 1 revision
    "#);
    project.run(&["check"]).ok();
    std::fs::remove_file(project.path(&snapshot)).unwrap();
    assert_snapshot!(project.run(&["verify"]), @"
    ----- stderr
           Wrote snapshots/s1-aef2f35051bd0d8b.kdl
        Verified 1 revision
    ");
    assert_eq!(project.read(&snapshot), text);
}

#[test]
fn without_a_project_there_is_nothing_to_check() {
    assert_eq!(Project::empty().run(&["check"]).code, Some(2));
    assert_eq!(Project::empty().run(&["verify"]).code, Some(2));
}
