//! Hooks that are for some environments alone.

use insta::assert_snapshot;

use crate::support::project::Project;
use crate::support::sql;

/// Two revisions; the second has a hook for everywhere, one for `dev`, and one for `dev` and `test`.
fn project() -> Project {
    let project = Project::empty();
    let env = |name: &str, more: &str| format!("env {name}{more} {{\n    url \"sqlite://{name}.db\"\n}}\n");
    project.write(
        "schemactl.kdl",
        format!(
            "project shop {{\n    dialects sqlite postgres\n    var size type=int default=1\n}}\n{}{}{}",
            env("dev", " default=#true"),
            env("test", ""),
            env("prod", "")
        ),
    );
    project.write("schema/shop.kdl", "table notes { column id int primary-key; column body text }");
    project.run(&["plan", "-q", "-m", "notes"]).ok();
    project.run(&["new", "-q", "-m", "fill"]).ok();
    let revision = "revisions/0002_fill.kdl";
    let text = project.read(revision);
    let (head, _) = text.split_once("ops {").unwrap();
    let hook = |name: &str, only: &str, id: i32| {
        format!(
            "    data {name}{only} {{\n        up (sql)\"INSERT INTO notes VALUES ({id}, '{name}')\"\n        \
             expect (sql)\"SELECT count(*) FROM notes WHERE id = {id}\" is=1\n        \
             down (sql)\"DELETE FROM notes WHERE body = '{name}'\"\n    }}\n"
        )
    };
    let hooks =
        [hook("all", "", 1), hook("seed", " only-env=dev", 2), hook("samples", " only-env=\"test, dev\"", 3)];
    project.write(revision, format!("{head}ops {{\n{}}}\n", hooks.concat()));
    project
}

fn notes(project: &Project, name: &str) -> Vec<String> {
    sql::rows(&project.sqlite(&format!("{name}.db")), "SELECT body FROM notes ORDER BY id")
}

#[test]
fn a_hook_runs_in_its_environments_alone() {
    let project = project();
    project.run(&["check"]).ok();
    assert_snapshot!(project.run(&["show", "head"]), @"
    message  fill
    id       486f7dfd41a6
    parent   0001_notes
    created  2026-11-21T10:00:00Z

    0002_fill                                               de9528d4 → de9528d4
      »  data  all
      »  data  seed     only in dev
      »  data  samples  only in dev, test
    3 steps: 3 to move data · 1 transaction · undo: yes
    ");
    assert_snapshot!(project.run(&["apply"]), @"
    0001_notes                                              af1349b9 → de9528d4
      +  table  notes  2 columns
    1 step: 1 to add · undo: yes
    0002_fill                                               de9528d4 → de9528d4
      »  data  all
      »  data  seed     only in dev
      »  data  samples  only in dev, test
    3 steps: 3 to move data · undo: yes
    ----- stderr
         Applied 0001_notes ([TIME])
         Applied 0002_fill ([TIME])
    ");
    assert_eq!(notes(&project, "dev"), ["all", "seed", "samples"]);
    assert_snapshot!(project.run(&["apply", "--env=test"]), @"
    0001_notes                                              af1349b9 → de9528d4
      +  table  notes  2 columns
    1 step: 1 to add · undo: yes
    0002_fill                                               de9528d4 → de9528d4
      »  data  all
      »  data  seed     only in dev
      »  data  samples  only in dev, test
    3 steps: 3 to move data · undo: yes
    ----- stderr
    `0002_fill`: hook `seed` is left out: it is for `dev`, and this is `test`
         Applied 0001_notes ([TIME])
         Applied 0002_fill ([TIME])
    ");
    assert_eq!(notes(&project, "test"), ["all", "samples"]);
    assert_snapshot!(project.run(&["apply", "--url=sqlite://prod.db"]), @"
    0001_notes                                              af1349b9 → de9528d4
      +  table  notes  2 columns
    1 step: 1 to add · undo: yes
    0002_fill                                               de9528d4 → de9528d4
      »  data  all
      »  data  seed     only in dev
      »  data  samples  only in dev, test
    3 steps: 3 to move data · undo: yes
    ----- stderr
    `0002_fill`: hook `seed` is left out: it is for `dev`, and this is no environment
    `0002_fill`: hook `samples` is left out: it is for `dev`, `test`, and this is no environment
         Applied 0001_notes ([TIME])
         Applied 0002_fill ([TIME])
    ");
    assert_eq!(notes(&project, "prod"), ["all"]);
    assert_snapshot!(project.run(&["log", "--applied", "-n1", "--url=sqlite://prod.db"]), @"applied     0002_fill  [MOMENT]     [TIME]  tester@[HOST]  in no environment");
    assert_snapshot!(project.run(&["log", "--applied", "-n1", "--env=test"]), @"applied     0002_fill  [MOMENT]     [TIME]  tester@[HOST]  in test");
}

#[test]
fn a_rollback_leaves_out_what_its_apply_left_out() {
    let project = project();
    project.run(&["apply", "-q", "--env=test"]).ok();
    let url = project.sqlite("test.db");
    sql::execute(&url, "INSERT INTO notes VALUES (7, 'seed')");
    // In `dev` the hook `seed` would delete this row; it did not run here.
    assert_snapshot!(project.run(&["rollback", "--env=dev", "--url=sqlite://test.db"]), @"
    undo 0002_fill                                          de9528d4 → de9528d4
      »  data  samples  only in dev, test
      »  data  seed     only in dev
      »  data  all
    ----- stderr
    `0002_fill`: hook `seed` is left out: it is for `dev`, and this is `test`
     Rolled back 0002_fill ([TIME])
    ");
    assert_eq!(notes(&project, "test"), ["seed"]);
    // Applied again, the environment of this run counts.
    project.run(&["apply", "-q", "--env=dev", "--url=sqlite://test.db"]).ok();
    assert_eq!(notes(&project, "test"), ["all", "seed", "samples", "seed"]);
    project.run(&["rollback", "-q", "--env=test"]).ok();
    assert_eq!(notes(&project, "test"), [""; 0]);
}

#[test]
fn a_script_is_for_an_environment() {
    let project = project();
    let script = project.run(&["sql", "1..2", "--env=test"]).ok();
    let told: Vec<&str> =
        script.lines().filter(|line| line.contains("hook") || line.contains("notes")).collect();
    assert_snapshot!(told.join("\n"), @r#"
    -- sql from 0001_notes to 0002_fill
    -- hook `seed` is left out: it is for `dev`, and this is `test`
    CREATE TEMP TABLE schemactl_check (holds CONSTRAINT "the database is not at 0001_notes" CHECK (holds IS TRUE));
    -- hook all
    INSERT INTO notes VALUES (1, 'all');
    CREATE TEMP TABLE schemactl_check (holds CONSTRAINT "an expectation of hook all does not hold: it is not 1" CHECK (holds IS TRUE));
    SELECT count(*) FROM notes WHERE id = 1
    -- hook seed
    -- hook samples
    INSERT INTO notes VALUES (3, 'samples');
    CREATE TEMP TABLE schemactl_check (holds CONSTRAINT "an expectation of hook samples does not hold: it is not 1" CHECK (holds IS TRUE));
    SELECT count(*) FROM notes WHERE id = 3
    "#);
    assert!(script.contains(r#"'{"environment":"test"}'"#), "{script}");
    let script = project.run(&["sql", "1..2"]).ok();
    assert!(script.contains("'seed'") && script.contains(r#"'{"environment":"dev"}'"#), "{script}");
}

#[test]
fn every_environment_is_proven() {
    let project = project();
    assert_snapshot!(project.run(&["prove"]), @"
    ----- stderr
          Proved 0001_notes on sqlite (up, down, up; no rows)
          Proved 0002_fill in dev on sqlite (up, down, up; no rows)
            note 0002_fill in dev: apply stops at rows that were made for it, so it is proven on empty tables: hook `all` failed: UNIQUE constraint failed: notes.id
          Proved 0002_fill in test on sqlite (up, down, up; no rows)
            note 0002_fill in test: apply stops at rows that were made for it, so it is proven on empty tables: hook `all` failed: UNIQUE constraint failed: notes.id
          Proved 0002_fill elsewhere on sqlite (up, down, up; no rows)
            note 0002_fill elsewhere: apply stops at rows that were made for it, so it is proven on empty tables: hook `all` failed: UNIQUE constraint failed: notes.id
            note not tried on postgres; name a server with `--url`
    ");
    project.replace("revisions/0002_fill.kdl", "VALUES (2, 'seed')", "VALUES (2, 'seed', 3)");
    assert_snapshot!(project.run(&["prove", "head"]), @"
      INSERT INTO notes VALUES (2, 'seed', 3)
    ----- stderr
            note 0002_fill in dev: apply stops at rows that were made for it, so it is proven on empty tables: hook `all` failed: UNIQUE constraint failed: notes.id
    error[E741]: `0002_fill` fails on apply: hook `seed` failed: table notes has 2 columns but 3 values were supplied
    help: mend the revision
    explain: schemactl explain E741
          Proved 0002_fill in test on sqlite (up, down, up; no rows)
            note 0002_fill in test: apply stops at rows that were made for it, so it is proven on empty tables: hook `all` failed: UNIQUE constraint failed: notes.id
          Proved 0002_fill elsewhere on sqlite (up, down, up; no rows)
            note 0002_fill elsewhere: apply stops at rows that were made for it, so it is proven on empty tables: hook `all` failed: UNIQUE constraint failed: notes.id
            note not tried on postgres; name a server with `--url`
    ----- exit 4
    ");
    assert_snapshot!(project.run(&["prove", "head", "--env=test"]), @"
    ----- stderr
          Proved 0002_fill on sqlite (up, down, up; no rows)
            note 0002_fill: apply stops at rows that were made for it, so it is proven on empty tables: hook `all` failed: UNIQUE constraint failed: notes.id
            note not tried on postgres; name a server with `--url`
    ");
    assert_snapshot!(project.run(&["prove", "head", "--env=test", "--format=json"]), @r#"
    {
      "dialect": "sqlite",
      "format": 1,
      "revisions": [
        {
          "checkpoint": false,
          "findings": [],
          "notes": [
            "apply stops at rows that were made for it, so it is proven on empty tables: hook `all` failed: UNIQUE constraint failed: notes.id"
          ],
          "place": null,
          "revision": "0002_fill",
          "rows": 0,
          "undone": true
        }
      ]
    }
    "#);
}

#[test]
fn the_environments_of_hooks_must_be_there() {
    let project = project();
    project.replace("revisions/0002_fill.kdl", "only-env=dev", "only-env=def");
    assert_snapshot!(project.run(&["check"]), @r#"
    ----- stderr
    error[E882]: hook `seed` is only for the environment `def`, which there isn't
        ╭─[revisions/0002_fill.kdl:15:5]
     14 │     }
     15 │     data seed only-env=def {
        ·     ────
     16 │         up (sql)"INSERT INTO notes VALUES (2, 'seed')"
        ╰────
    help: write `only-env=dev`
    explain: schemactl explain E882
    ----- exit 4
    "#);
    project.replace("revisions/0002_fill.kdl", "only-env=def", "only-env=\",\"");
    assert_snapshot!(project.run(&["check"]), @r#"
    ----- stderr
    error[E413]: `,` is no list of environments
        ╭─[revisions/0002_fill.kdl:15:24]
     14 │     }
     15 │     data seed only-env="," {
        ·                        ───
     16 │         up (sql)"INSERT INTO notes VALUES (2, 'seed')"
        ╰────
    help: write their names with commas between: `only-env="dev,test"`
    explain: schemactl explain E413
    ----- exit 4
    "#);
}

#[test]
fn the_environments_are_part_of_the_revision() {
    let project = project();
    project.run(&["apply", "-q"]).ok();
    project.replace("revisions/0002_fill.kdl", "only-env=\"test, dev\"", "only-env=\"dev,test\"");
    project.run(&["status"]).ok();
    project.replace("revisions/0002_fill.kdl", "only-env=\"dev,test\"", "only-env=dev");
    let said = project.run(&["apply"]).fails(5);
    assert!(said.contains("E723"), "{said}");
    project.replace("revisions/0002_fill.kdl", "data samples only-env=dev", "data samples only-env=test");
    project.run(&["tag", "kept"]).ok();
    assert!(project.read("revisions/0002_fill.kdl").contains("data samples only-env=test {"));
}

#[test]
fn a_checkpoint_keeps_the_environments_of_hooks() {
    let project = project();
    project.run(&["checkpoint", "-q"]).ok();
    project.run(&["check"]).ok();
    for (name, expected) in
        [("dev", &["all", "seed", "samples"][..]), ("test", &["all", "samples"]), ("prod", &["all"])]
    {
        project.run(&["apply", "-q", "--env", name]).ok();
        assert_eq!(notes(&project, name), expected, "{name}");
        let url = project.sqlite(&format!("{name}.db"));
        let began = "SELECT count(*) FROM schemactl_journal WHERE event = 'applied'";
        assert_eq!(sql::rows(&url, began), ["1"], "{name}");
        // Who takes it back doesn't matter.
        sql::execute(&url, "DELETE FROM notes");
        project.run(&["rollback", "base", "-q", "--allow-destructive=all", "--env=dev", "--url", &url]).ok();
    }
    assert_snapshot!(project.run(&["prove", "head"]), @"
    ----- stderr
          Proved 0002_fill in dev on sqlite (up, down, up; no rows)
            note 0002_fill in dev: apply stops at rows that were made for it, so it is proven on empty tables: hook `all` failed: UNIQUE constraint failed: notes.id
          Proved 0002_fill in test on sqlite (up, down, up; no rows)
            note 0002_fill in test: apply stops at rows that were made for it, so it is proven on empty tables: hook `all` failed: UNIQUE constraint failed: notes.id
          Proved 0002_fill elsewhere on sqlite (up, down, up; no rows)
            note 0002_fill elsewhere: apply stops at rows that were made for it, so it is proven on empty tables: hook `all` failed: UNIQUE constraint failed: notes.id
          Proved checkpoint 0002_fill in dev on sqlite (up, down, up; no rows)
          Proved checkpoint 0002_fill in test on sqlite (up, down, up; no rows)
          Proved checkpoint 0002_fill elsewhere on sqlite (up, down, up; no rows)
            note not tried on postgres; name a server with `--url`
    ");
}
