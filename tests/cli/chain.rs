//! The commands that look at the chain of revisions: `log`, `show`, `heads`, `new`, `edit`, `revision`.

use insta::assert_snapshot;

use super::plan::shop;
use crate::support::project::Project;

/// A shop with two revisions.
pub(super) fn two() -> Project {
    let project = shop();
    project.replace(
        "schema/shop.kdl",
        "column name text nullable",
        "column name text nullable\ncolumn age int",
    );
    project.run(&["plan", "-m", "age", "--default", "users.age=18", "-q"]).ok();
    project
}

#[test]
fn the_newest_comes_first() {
    let project = two();
    assert_snapshot!(project.run(&["log"]), @"
    0002_age                                                5f33c04b723f  2026-11-21T10:00:00Z
    0001_first_tables                                       8a9efc16423f  2026-11-21T10:00:00Z
    ");
    assert_snapshot!(project.run(&["history", "-n", "1", "--format", "json"]), @r#"
    {
      "format": 1,
      "revisions": [
        {
          "created": "2026-11-21T10:00:00Z",
          "digest": "r1:dd7de014a4cd9594bf145332622164eef55284aab79090ef5c00661da984cbae",
          "from": "s1:aef2f35051bd0d8bf77ae9285710bafbdd4fa886f9dce0b3f4a2adfd64078a82",
          "id": "5f33c04b723f",
          "labels": [],
          "message": "age",
          "name": "0002_age",
          "parents": [
            "0001_first_tables"
          ],
          "tags": [],
          "to": "s1:891631db6a540aafbdb6413a429c17649be35897772f07a22d679edb2ae1ef55"
        }
      ]
    }
    "#);
    assert_snapshot!(project.run(&["heads"]), @"0002_age                                                5f33c04b723f  2026-11-21T10:00:00Z");
    assert_snapshot!(project.run(&["heads", "--format", "json"]), @r#"
    {
      "format": 1,
      "heads": [
        {
          "branches": [],
          "created": "2026-11-21T10:00:00Z",
          "from": "s1:aef2f35051bd0d8bf77ae9285710bafbdd4fa886f9dce0b3f4a2adfd64078a82",
          "id": "5f33c04b723f",
          "labels": [],
          "message": "age",
          "name": "0002_age",
          "needed_by": [],
          "parents": [
            "0001_first_tables"
          ],
          "tags": [],
          "to": "s1:891631db6a540aafbdb6413a429c17649be35897772f07a22d679edb2ae1ef55"
        }
      ]
    }
    "#);
}

#[test]
fn an_empty_chain_says_so() {
    let project = Project::empty();
    project.run(&["init", "-q"]).ok();
    assert_snapshot!(project.run(&["log"]), @"
    ----- stderr
    there are no revisions yet
    next: `schemactl plan`
    ");
    assert_snapshot!(project.run(&["show"]), @"
    ----- stderr
    error[E823]: `head` is no revision: nothing has run there
    help: name a revision; `schemactl log` lists them
    explain: schemactl explain E823
    ----- exit 2
    ");
    assert_eq!(project.run(&["heads"]).ok(), "");
    assert_eq!(project.run(&["check"]).code, Some(4));
}

#[test]
fn a_revision_is_shown_with_its_sql() {
    let project = two();
    assert_snapshot!(project.run(&["show"]), @"
    message  age
    id       5f33c04b723f
    parent   0001_first_tables
    created  2026-11-21T10:00:00Z

    0002_age                                                aef2f350 → 891631db
      +  column  users.age       int null
      »  data    fill-users-age
      ~  column  users.age       int null → int
           ! `users.age` must have no NULL
           ! on postgres all rows are read, and their table can't be used meanwhile
    3 steps: 1 to add, 1 to change, 1 to move data · 1 transaction · undo: yes
    ");
    assert_snapshot!(project.run(&["show", "head-1", "--sql", "--dialect", "sqlite"]), @r#"
    message  first tables
    id       8a9efc16423f
    created  2026-11-21T10:00:00Z

    0001_first_tables                                       af1349b9 → aef2f350
      +  enum   status  draft published archived
      +  table  users   3 columns
      +  table  posts   4 columns
    3 steps: 3 to add · 1 transaction · undo: yes

    -- sqlite: apply
    BEGIN;
    CREATE TABLE "users" (
        "id" integer NOT NULL CONSTRAINT "users_pkey" PRIMARY KEY AUTOINCREMENT,
        "email" varchar(320) NOT NULL CONSTRAINT "users_email_key" UNIQUE,
        "name" text
    );
    CREATE TABLE "posts" (
        "id" integer NOT NULL CONSTRAINT "posts_pkey" PRIMARY KEY AUTOINCREMENT,
        "author_id" bigint NOT NULL CONSTRAINT "posts_author_id_fkey" REFERENCES "users" ("id") ON DELETE CASCADE,
        "title" varchar(80) NOT NULL,
        "status" text NOT NULL DEFAULT 'draft' CONSTRAINT "status_enum" CHECK ("status" IN ('draft', 'published', 'archived'))
    );
    CREATE INDEX "posts_author_id_idx" ON "posts" ("author_id");
    COMMIT;

    -- sqlite: rollback
    PRAGMA foreign_keys = OFF;
    BEGIN;
    DROP TABLE "posts";
    DROP TABLE "users";
    COMMIT;
    PRAGMA foreign_keys = ON;
    "#);
    assert_snapshot!(project.run(&["show", "2", "--format", "json"]), @r#"
    {
      "digest": "r1:dd7de014a4cd9594bf145332622164eef55284aab79090ef5c00661da984cbae",
      "format": 1,
      "revision": {
        "created": "2026-11-21T10:00:00Z",
        "from": "s1:aef2f35051bd0d8bf77ae9285710bafbdd4fa886f9dce0b3f4a2adfd64078a82",
        "id": "5f33c04b723f",
        "labels": [],
        "message": "age",
        "name": "0002_age",
        "parents": [
          "0001_first_tables"
        ],
        "tags": [],
        "to": "s1:891631db6a540aafbdb6413a429c17649be35897772f07a22d679edb2ae1ef55"
      },
      "sql": null,
      "steps": [
        {
          "detail": "int null",
          "kind": "column",
          "sign": "+",
          "subject": "users.age"
        },
        {
          "detail": "",
          "kind": "data",
          "sign": "»",
          "subject": "fill-users-age"
        },
        {
          "detail": "int null → int",
          "hazards": [
            "on postgres all rows are read, and their table can't be used meanwhile"
          ],
          "kind": "column",
          "needs": "`users.age` must have no NULL",
          "sign": "~",
          "subject": "users.age"
        }
      ]
    }
    "#);
    for name in ["0002", "2", "0002_age", "0002_age.kdl", "age", "head"] {
        assert!(project.run(&["show", name]).ok().contains("message  age"), "{name}");
    }
}

#[test]
fn an_unknown_revision_is_refused() {
    let project = two();
    assert_snapshot!(project.run(&["show", "0009"]), @"
    ----- stderr
    error[E430]: there is no revision `0009`
    help: run `schemactl log` for a list of revisions
    explain: schemactl explain E430
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["show", "000"]), @"
    ----- stderr
    error[E431]: `000` could be `0001_first_tables` (`8a9efc16423f`), `0002_age` (`5f33c04b723f`)
    help: write the id of the one that is meant
    explain: schemactl explain E431
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["show", "base"]), @"
    ----- stderr
    error[E823]: `base` is no revision: nothing has run there
    help: name a revision; `schemactl log` lists them
    explain: schemactl explain E823
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["show", "--dialect", "sqlite"]), @"
    ----- stderr
    error: the following required arguments were not provided:
      --sql

    Usage: schemactl show --sql --dialect <DIALECT> [REVISION]

    For more information, try '--help'.
    ----- exit 2
    ");
}

#[test]
fn a_revision_for_data_has_a_hook_to_write() {
    let project = two();
    assert_snapshot!(project.run(&["new", "-m", "Back fill: names"]), @"
    ----- stderr
           Wrote revisions/0003_back_fill_names.kdl
    next: `schemactl edit` to write the hook
    ");
    assert_snapshot!(project.read("revisions/0003_back_fill_names.kdl"), @r##"
    revision "0003_back_fill_names" {
        id "94a6d3417d70"
        parent "0002_age" digest="r1:dd7de014a4cd9594bf145332622164eef55284aab79090ef5c00661da984cbae"
        from "s1:891631db6a540aafbdb6413a429c17649be35897772f07a22d679edb2ae1ef55"
        to "s1:891631db6a540aafbdb6413a429c17649be35897772f07a22d679edb2ae1ef55"
        message "Back fill: names"
        created "2026-11-21T10:00:00Z"
    }
    ops {
        data back-fill-names {
            up (sql)"-- unfilled: write the SQL that `apply` runs, or `up nothing` in place of this"
            down (sql)#"-- unfilled: write the SQL that takes it back, `down nothing`, or `down irreversible reason="…"`"#
        }
    }
    "##);
    assert_eq!(project.run(&["new"]).code, Some(2));
}

#[test]
fn other_tools_words_are_understood() {
    let project = two();
    project.replace("schema/shop.kdl", "column age int", "column age bigint");
    assert_snapshot!(project.run(&["revision", "--autogenerate", "-m", "wider"]), @"
    0003_wider                                              891631db → 7bd495fe
      ~  column  users.age  int → bigint
           ! on postgres all rows are written anew, and their table can't be used meanwhile
    1 step: 1 to change · 1 transaction · undo: yes, but every value of `users.age` must fit `int`
    ----- stderr
           Wrote snapshots/s1-7bd495fe6f9d4820.kdl
           Wrote revisions/0003_wider.kdl
    next: `schemactl apply`
    ");
    assert_snapshot!(project.run(&["revision", "-m", "data only"]), @"
    ----- stderr
           Wrote revisions/0004_data_only.kdl
    next: `schemactl edit` to write the hook
    ");
}

#[test]
fn an_edited_revision_is_checked() {
    let mut project = two();
    project.set("EDITOR", "false");
    project.set("VISUAL", "sed -i 's/message .*/message \"the age\"/'");
    assert_snapshot!(project.run(&["edit"]), @"
    ----- stderr
         Checked revisions/0002_age.kdl
    ");
    assert!(project.read("revisions/0002_age.kdl").contains("message \"the age\""));
    project.set("VISUAL", "sed -i s/18/19/");
    assert_snapshot!(project.run(&["edit", "2"]), @"
    ----- stderr
         Checked revisions/0002_age.kdl
    ");
    project.set("VISUAL", "sed -i s/19/18/");
    assert_snapshot!(project.run(&["edit", "2"]), @"
    ----- stderr
         Checked revisions/0002_age.kdl
    ");
    project.set("VISUAL", "sed -i s/users/user/");
    assert_snapshot!(project.run(&["edit", "1"]), @r#"
    ----- stderr
    error[E424]: `0001_first_tables` was changed after `0002_age` had built on it
       ╭─[revisions/0002_age.kdl:3:12]
     2 │     id "5f33c04b723f"
     3 │     parent "0001_first_tables" digest="r1:5d6b7dd306d36895439d3408408c9eb9de6f1f68a95d417001012bfe434ae993"
       ·            ─────────┬─────────
       ·                     ╰── it was `r1:5d6b7dd306d36895439d3408408c9eb9de6f1f68a95d417001012bfe434ae993` then
     4 │     from "s1:aef2f35051bd0d8bf77ae9285710bafbdd4fa886f9dce0b3f4a2adfd64078a82"
       ╰────
       ╭─[revisions/0001_first_tables.kdl:1:10]
     1 │ revision "0001_first_tables" {
       ·          ─────────┬─────────
       ·                   ╰── it is `r1:de1ec3d84329f671661991f50036665aba0094ed6ac9e753c0141f85b0c6b087` now
     2 │     id "8a9efc16423f"
       ╰────
    help: run `git checkout -- revisions/0001_first_tables.kdl` or take the change back otherwise, and put it into a new revision
    explain: schemactl explain E424
    ----- exit 5
    "#);
    project.set("VISUAL", "sed -i s/user/users/");
    project.run(&["edit", "1"]);
    project.set("VISUAL", "");
    assert_snapshot!(project.run(&["edit"]), @"
    ----- stderr
    error[E822]: the editor `false` failed: exit status: 1
    help: set `VISUAL` or `EDITOR` to an editor that is installed
    explain: schemactl explain E822
    ----- exit 1
    ");
}

#[test]
fn a_tag_is_a_name_in_the_file_that_changes_no_digest() {
    let project = two();
    let digests = |project: &Project| {
        let log = project.run(&["log", "--format", "json"]).ok();
        log.lines().filter(|line| line.contains("digest")).map(str::to_owned).collect::<Vec<_>>()
    };
    let before = digests(&project);
    project.run(&["apply", "-q"]).ok();
    assert_snapshot!(project.run(&["tag"]), @"
    ----- stderr
    no revision has a tag
    ");
    assert_snapshot!(project.run(&["tag", "v1.0", "1"]), @"
    ----- stderr
          Tagged 0001_first_tables as v1.0
    ");
    assert_snapshot!(project.run(&["tag", "v1.1"]), @"
    ----- stderr
          Tagged 0002_age as v1.1
    ");
    assert_snapshot!(project.run(&["tag", "v1.1"]), @"
    ----- stderr
    `0002_age` has the tag already
    ");
    assert_snapshot!(project.run(&["tag"]), @"
    v1.1  0002_age  5f33c04b723f
    v1.0  0001_first_tables  8a9efc16423f
    ");
    assert_snapshot!(project.run(&["log"]), @"
    0002_age                                                5f33c04b723f  2026-11-21T10:00:00Z  [v1.1]
    0001_first_tables                                       8a9efc16423f  2026-11-21T10:00:00Z  [v1.0]
    ");
    assert_eq!(digests(&project), before);
    assert_snapshot!(project.run(&["apply", "v1.1"]), @"
    ----- stderr
    nothing to apply: the database is up to date
    ");
    assert_snapshot!(project.run(&["rollback", "v1.0", "-q", "--allow-destructive=all"]), @"
    undo 0002_age                                           891631db → aef2f350
      -  column  users.age  int null
           ! loses the values of `users.age`
    ");
    assert_snapshot!(project.run(&["tag", "v1.1", "1"]), @"
    ----- stderr
    error[E824]: `0002_age` has the tag `v1.1`
    help: move it: `schemactl tag v1.1 0001_first_tables --move`
    explain: schemactl explain E824
    ----- exit 1
    ");
    assert_snapshot!(project.run(&["tag", "v1.1", "1", "--move"]), @"
    ----- stderr
          Tagged 0001_first_tables as v1.1
    ");
    assert_snapshot!(project.run(&["tag", "--delete", "v1.0"]), @"
    ----- stderr
         Deleted v1.0 in revisions/0001_first_tables.kdl
    ");
    assert_snapshot!(project.run(&["tag", "--format", "json"]), @r#"
    {
      "format": 1,
      "tags": [
        {
          "id": "8a9efc16423f",
          "revision": "0001_first_tables",
          "tag": "v1.1"
        }
      ]
    }
    "#);
    // Not a name, not there, on nothing.
    assert_snapshot!(project.run(&["tag", "head"]), @"
    ----- stderr
    error[E415]: `head` can't be a tag: it has a meaning of its own
    help: use another word, for example `v1.2`
    explain: schemactl explain E415
    ----- exit 1
    ");
    assert_snapshot!(project.run(&["tag", "--delete", "v1.2"]), @"
    ----- stderr
    error[E438]: no revision has the tag `v1.2`
    help: write `v1.1` if that is meant; `schemactl tag` lists all
    explain: schemactl explain E438
    ----- exit 1
    ");
    assert_snapshot!(project.run(&["tag", "v2", "base"]), @"
    ----- stderr
    error[E823]: `base` is no revision: nothing has run there
    help: name a revision; `schemactl log` lists them
    explain: schemactl explain E823
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["tag", "v2", "9"]), @"
    ----- stderr
    error[E430]: there is no revision `9`
    help: run `schemactl log` for a list of revisions
    explain: schemactl explain E430
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["apply", "v1.3"]), @"
    ----- stderr
    error[E430]: there is no revision `v1.3`
    help: write `v1.1` if that is meant; `schemactl log` lists all
    explain: schemactl explain E430
    ----- exit 2
    ");
}

#[test]
fn a_revision_that_was_amended_after_a_database_got_it_is_told_with_its_new_name() {
    let project = shop();
    let url = project.sqlite("colleague.db");
    project.run(&["apply", "-q", "--url", &url]).ok();
    let schema = project.read("schema/shop.kdl");
    project
        .write("schema/shop.kdl", format!("{schema}table more {{\n    column id bigint primary-key\n}}\n"));
    project.run(&["plan", "-q", "--amend", "-m", "all of it"]).ok();
    let refused = project.run(&["apply", "--url", &url]).fails(5);
    let told =
        "which is `0001_all_of_it` now, was edited, or amended by `plan --amend`, after it was applied";
    assert!(refused.contains(told), "{refused}");
    assert!(refused.contains("`schemactl stamp 0001_all_of_it --url URL`"), "{refused}");
}
