//! `schemactl plan`: what is shown and what is written.

use insta::assert_snapshot;

use crate::support::project::Project;

/// A shop with one revision behind it.
pub fn shop() -> Project {
    let project = Project::empty();
    project.write(
        "schemactl.kdl",
        "project shop { dialects sqlite postgres }\nenv dev default=#true { url \"sqlite://shop.db\" }\n",
    );
    project.write(
        "schema/shop.kdl",
        r#"
        enum status draft published archived
        table users {
            column id bigint identity primary-key
            column email "varchar(320)" unique
            column name text nullable
        }
        table posts {
            column id bigint identity primary-key
            column author_id bigint references=users.id on-delete=cascade
            column title "varchar(80)"
            column status status default=draft
            index author_id
        }
        "#,
    );
    project.run(&["plan", "-m", "first tables", "-q"]).ok();
    project
}

#[test]
fn a_first_plan_shows_and_writes() {
    let project = Project::empty();
    project.run(&["init", "-q", "--dialects", "sqlite,postgres"]).ok();
    assert_snapshot!(project.run(&["plan", "-m", "First tables!"]), @"
    0001_first_tables                                       af1349b9 → 8b534b84
      +  table  users  4 columns
    1 step: 1 to add · 1 transaction · undo: yes
    ----- stderr
           Wrote snapshots/s1-8b534b84ca5b9e16.kdl
           Wrote revisions/0001_first_tables.kdl
    next: `schemactl apply`
    ");
    assert_snapshot!(project.read("revisions/0001_first_tables.kdl"), @r#"
    revision "0001_first_tables" {
        id a5975dd1ea47
        from "s1:af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262"
        to "s1:8b534b84ca5b9e16242a3ddcddaf316865701404995a919c7f0935f776373332"
        message "First tables!"
        created "2026-11-21T10:00:00Z"
    }
    ops {
        create-table users comment="People who can sign in" {
            column id bigint identity primary-key
            column email "varchar(320)" unique
            column name text nullable
            column created_at timestamptz default=(sql)"CURRENT_TIMESTAMP"
        }
    }
    "#);
    assert_snapshot!(project.files().join("\n"), @"
    .gitattributes
    revisions/0001_first_tables.kdl
    schema/schema.kdl
    schemactl.kdl
    snapshots/s1-8b534b84ca5b9e16.kdl
    ");
    assert_snapshot!(project.run(&["plan"]), @"
    ----- stderr
    nothing to plan: the schema is what the last revision leads to
    ");
    assert_snapshot!(project.run(&["plan", "--format=json"]), @r#"
    {
      "format": 1,
      "revision": null,
      "sql": null,
      "steps": [],
      "updated": [],
      "written": []
    }
    "#);
}

#[test]
fn a_dry_run_writes_nothing() {
    let project = shop();
    let before = project.files();
    project.replace("schema/shop.kdl", "varchar(80)", "varchar(120)");
    assert_snapshot!(project.run(&["plan", "--dry-run", "--sql", "--dialect", "postgres"]), @r#"
    0002_change_column_posts_title                          aef2f350 → 0c4d1885
      ~  column  posts.title  varchar(80) → varchar(120)
    1 step: 1 to change · 1 transaction · undo: yes, but every value of `posts.title` must fit `varchar(80)`

    -- postgres: apply
    BEGIN;
    ALTER TABLE "posts" ALTER COLUMN "title" TYPE varchar(120);
    COMMIT;

    -- postgres: rollback
    BEGIN;
    ALTER TABLE "posts" ALTER COLUMN "title" TYPE varchar(80);
    COMMIT;
    "#);
    assert_eq!(project.files(), before);
}

#[test]
fn losses_are_shown() {
    let project = shop();
    project.replace("schema/shop.kdl", "column name text nullable", "");
    project.replace("schema/shop.kdl", "varchar(80)", "varchar(40)");
    assert_snapshot!(project.run(&["plan"]), @"
    0002_change_posts_and_users                             aef2f350 → daf21af3
      ~  column  posts.title  varchar(80) → varchar(40)
           ! every value of `posts.title` must fit `varchar(40)`
           ! on postgres all rows are written anew, and their table can't be used meanwhile
      -  column  users.name   text null
           ! loses the values of `users.name`
    2 steps: 1 to change, 1 to drop · 1 transaction · undo: structure yes, the values of `users.name` no
    ----- stderr
           Wrote snapshots/s1-daf21af30e668ecb.kdl
           Wrote revisions/0002_change_posts_and_users.kdl
    next: `schemactl apply`
    ");
    assert_snapshot!(project.run(&["plan", "--amend", "--dry-run", "--format=json"]), @r#"
    {
      "format": 1,
      "revision": null,
      "sql": null,
      "steps": [],
      "updated": [],
      "written": []
    }
    "#);
}

#[test]
fn a_head_is_planned_again_around_its_hooks() {
    let project = shop();
    project.replace(
        "schema/shop.kdl",
        "column name text nullable",
        "column name text nullable\ncolumn age int",
    );
    project.run(&["plan", "-m", "age", "--fill", "users.age", "-q"]).ok();
    project.replace(
        "revisions/0002_age.kdl",
        "up (sql)\"-- unfilled: write the SQL that `apply` runs, or `up nothing` in place of this\"",
        "up (sql)\"UPDATE users SET age = 18\"",
    );
    let before = project.read("revisions/0002_age.kdl");
    assert_snapshot!(project.run(&["plan", "--amend"]), @"
    ----- stderr
    nothing to plan: the schema is what the last revision leads to
    ");
    assert_eq!(project.read("revisions/0002_age.kdl"), before);
    project.replace("schema/shop.kdl", "column age int", "column age smallint\ncolumn city text nullable");
    assert_snapshot!(project.run(&["plan", "--amend", "-m", "age and city"]), @"
    0002_age_and_city                                       aef2f350 → 6d7bddf7
      +  column  users.age       smallint null
      »  data    fill-users-age
      ~  column  users.age       smallint null → smallint
           ! `users.age` must have no NULL
           ! on postgres all rows are read, and their table can't be used meanwhile
      +  column  users.city      text null
    4 steps: 2 to add, 1 to change, 1 to move data · 1 transaction · undo: yes
    ----- stderr
         Amended snapshots/s1-6d7bddf7d70aac1b.kdl
         Amended revisions/0002_age_and_city.kdl
    next: `schemactl apply`
    ");
    assert_snapshot!(project.read("revisions/0002_age_and_city.kdl"), @r#"
    revision "0002_age_and_city" {
        id "5f33c04b723f"
        parent "0001_first_tables" digest="r1:5d6b7dd306d36895439d3408408c9eb9de6f1f68a95d417001012bfe434ae993"
        from "s1:aef2f35051bd0d8bf77ae9285710bafbdd4fa886f9dce0b3f4a2adfd64078a82"
        to "s1:6d7bddf7d70aac1b7cb8f10077c803ae56fa8ba04b3aebd39e9aff762d480d00"
        message "age and city"
        created "2026-11-21T10:00:00Z"
    }
    ops {
        add-column users {
            column age smallint nullable
        }
        data fill-users-age {
            up (sql)"UPDATE users SET age = 18"
            expect (sql)"SELECT count(*) FROM users WHERE age IS NULL" is=0
            down nothing
        }
        alter-column users {
            from {
                column age smallint nullable
            }
            to {
                column age smallint
            }
        }
        add-column users {
            column city text nullable
        }
    }
    "#);
    assert!(!project.files().contains(&"revisions/0002_age.kdl".to_owned()));
    project.run(&["verify"]).ok();
}

#[test]
fn there_must_be_something_to_amend() {
    let project = Project::empty();
    project.run(&["init", "-q"]).ok();
    assert_snapshot!(project.run(&["plan", "--amend"]), @"
    ----- stderr
    error[E815]: there is no revision to amend
    help: run `schemactl plan` without `--amend`
    explain: schemactl explain E815
    ----- exit 2
    ");
    assert_eq!(project.run(&["plan", "--amend", "--empty"]).code, Some(2));
}

#[test]
fn what_a_dialect_refuses_is_shown_in_the_schema() {
    let project = shop();
    let before = project.files();
    project.replace("schema/shop.kdl", "column name text nullable", "column name \"text[]\" nullable");
    assert_snapshot!(project.run(&["plan"]), @r#"
    ----- stderr
    error[E510]: `users.name` is an array, which SQLite does not have
       ╭─[schema/shop.kdl:6:20]
     5 │             column email "varchar(320)" unique
     6 │             column name "text[]" nullable
       ·                    ────
     7 │         }
       ╰────
    help: say what SQLite stores instead: `column name "text[]" sqlite=text`
    explain: schemactl explain E510
    ----- exit 1
    "#);
    assert_eq!(project.files(), before);
}

#[test]
fn a_broken_schema_tells_all_that_is_wrong() {
    let project = shop();
    project.replace("schema/shop.kdl", "column name text nullable", "column name txt nulable");
    project.write("schema/other.kdl", "tabel x { }\n");
    assert_snapshot!(project.run(&["plan"]), @r#"
    ----- stderr
    error[E013]: unknown node `tabel`
       ╭─[schema/other.kdl:1:1]
     1 │ tabel x { }
       · ─────
       ╰────
    help: write `table`
    error[E103]: unknown type `txt`
       ╭─[schema/shop.kdl:6:25]
     5 │             column email "varchar(320)" unique
     6 │             column name txt nulable
       ·                         ───
     7 │         }
       ╰────
    help: write `text`, or `(native)"txt"` if the database has such a type
    error[E013]: `column` has no flag `nulable`
       ╭─[schema/shop.kdl:6:29]
     5 │             column email "varchar(320)" unique
     6 │             column name txt nulable
       ·                             ───────
     7 │         }
       ╰────
    help: write `nullable`
    explain: schemactl explain E013 E103
    ----- exit 1
    "#);
    project.write("schema/other.kdl", "table x {\n");
    assert_snapshot!(project.run(&["plan", "--format=json"]), @r#"
    {
      "diagnostics": [
        {
          "code": "E005",
          "help": "add the missing `}`",
          "labels": [
            {
              "column": 9,
              "end": 9,
              "line": 1,
              "path": "schema/other.kdl",
              "start": 8,
              "text": "opened here"
            }
          ],
          "message": "a block is never closed",
          "severity": "error"
        },
        {
          "code": "E103",
          "help": "write `text`, or `(native)\"txt\"` if the database has such a type",
          "labels": [
            {
              "column": 25,
              "end": 192,
              "line": 6,
              "path": "schema/shop.kdl",
              "start": 189,
              "text": ""
            }
          ],
          "message": "unknown type `txt`",
          "severity": "error"
        },
        {
          "code": "E013",
          "help": "write `nullable`",
          "labels": [
            {
              "column": 29,
              "end": 200,
              "line": 6,
              "path": "schema/shop.kdl",
              "start": 193,
              "text": ""
            }
          ],
          "message": "`column` has no flag `nulable`",
          "severity": "error"
        }
      ],
      "exit": 1,
      "format": 1
    }
    ----- exit 1
    "#);
}

#[test]
fn an_empty_revision_has_no_steps() {
    let project = shop();
    assert_snapshot!(project.run(&["plan", "--empty", "-m", "by hand"]), @"
    0002_by_hand                                            aef2f350 → aef2f350
    no steps · undo: yes
    ----- stderr
           Wrote revisions/0002_by_hand.kdl
    next: `schemactl apply`
    ");
    project.run(&["check"]).ok();
}

#[test]
fn without_a_project_there_is_nothing_to_plan() {
    let project = Project::empty();
    assert_snapshot!(project.run(&["plan"]), @"
    ----- stderr
    error[E601]: no `schemactl.kdl` in `[PROJECT]` or above
    help: run `schemactl init` to begin a project here, or name one with `--project DIR`
    explain: schemactl explain E601
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["plan", "--project", "nowhere"]), @"
    ----- stderr
    error[E601]: there is no `schemactl.kdl` in `nowhere`
    help: name the folder that holds it, or run `schemactl init` there
    explain: schemactl explain E601
    ----- exit 2
    ");
    project.write(
        "schemactl.kdl",
        "project shop { dialects sqlit }\nenv dev { url \"postgres://a:secret@b/c\"; protec }\n",
    );
    assert_snapshot!(project.run(&["plan"]), @r#"
    ----- stderr
    error[E603]: unknown dialect `sqlit`
       ╭─[schemactl.kdl:1:25]
     1 │ project shop { dialects sqlit }
       ·                         ─────
     2 │ env dev { url "postgres://a:******@b/c"; protec }
       ╰────
    help: write `sqlite`
    error[E014]: `project` names no dialects
       ╭─[schemactl.kdl:1:1]
     1 │ project shop { dialects sqlit }
       · ───────
     2 │ env dev { url "postgres://a:******@b/c"; protec }
       ╰────
    help: write `dialects` and the databases that it is for
    error[E013]: `env` has no child `protec`
       ╭─[schemactl.kdl:2:42]
     1 │ project shop { dialects sqlit }
     2 │ env dev { url "postgres://a:******@b/c"; protec }
       ·                                          ──────
       ╰────
    help: write `protect`
    explain: schemactl explain E603 E014 E013
    ----- exit 1
    "#);
    project.write("schemactl.kdl", "project shop { dialects sqlite }\n");
    assert_snapshot!(project.run(&["plan"]), @"
    ----- stderr
    error[E602]: can't read `schema`: it doesn't exist
    help: make it, or correct the path
    explain: schemactl explain E602
    ----- exit 1
    ");
}

/// What makes others wait is told of the step that does, and of no other that shares its statement; a new table has
/// nobody to wait for it.
#[test]
fn what_makes_others_wait_is_shown() {
    let project = Project::empty();
    project.run(&["init", "--dialects", "postgres"]).ok();
    project.write(
        "schema/schema.kdl",
        "table users { column id int primary-key; column name text; column age int }",
    );
    project.run(&["plan", "-m", "first"]).ok();
    project.write(
        "schema/schema.kdl",
        r#"
table users {
    column id int primary-key
    column name "varchar(50)"
    column age bigint
    column note text nullable
    check "age > 0"
    index name
}
table posts { column id int primary-key; column user_id int references=users.id; index user_id }
"#,
    );
    assert_snapshot!(project.run(&["plan", "-m", "second"]).ok(), @"
    0002_second                                             4d9cf01a → 5b405fc2
      +  table   posts                  2 columns
      +  column  users.note             text null
      ~  column  users.age              int → bigint
           ! on postgres all rows are written anew, and their table can't be used meanwhile
      ~  column  users.name             text → varchar(50)
           ! every value of `users.name` must fit `varchar(50)`
           ! on postgres all rows are written anew, and their table can't be used meanwhile
      +  check   users.users_age_check  age > 0
           ! every row of `users` must satisfy `users_age_check`
           ! on postgres all rows are read, and their table can't be used meanwhile
      +  index   users.users_name_idx   (name)
           ! on postgres all rows are read, and their table can't be written to meanwhile
    6 steps: 4 to add, 2 to change · 1 transaction · undo: yes, but every value of `users.age` must fit `int`
    ");
}

#[test]
fn changes_of_type_are_judged_where_they_lose() {
    let project = shop();
    project.replace(
        "schema/shop.kdl",
        "column title \"varchar(80)\"",
        "column title \"varchar(80)\"
            column number bigint nullable
            column seen timestamp nullable
            column day date nullable
            column at date nullable",
    );
    project.run(&["plan", "-q"]).ok();
    for (before, after) in [
        ("number bigint", "number double"),
        ("seen timestamp", "seen timestamp postgres=date"),
        ("day date", "day timestamp"),
        ("at date", "at timestamp"),
        ("varchar(80)", "varchar(100)"),
    ] {
        project.replace("schema/shop.kdl", before, after);
    }
    let shown = project.run(&["plan"]).ok();
    let is_told = |line: &&str| line.contains("! loses") || line.contains("undo:");
    assert_snapshot!(shown.lines().filter(is_told).collect::<Vec<_>>().join("\n"), @"
           ! loses what `double` can't hold of `posts.number`
           ! loses what `date` can't hold of `posts.seen` on postgres
    5 steps: 5 to change · 1 transaction · undo: structure yes, data of 2 steps no, but every value of `posts.title` must fit `varchar(80)`, and it loses values in 3 steps
    ");
    project.run(&["apply", "2", "-q"]).ok();
    assert_eq!(project.run(&["apply", "-q"]).code, Some(3));
}
