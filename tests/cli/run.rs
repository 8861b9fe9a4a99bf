//! Commands that work on a database, as a person at an SQLite file meets them.

use insta::assert_snapshot;

use super::plan::shop;

#[test]
fn a_file_that_does_not_exist_is_a_database_that_nothing_ran_on() {
    let project = shop();
    assert_snapshot!(project.run(&["status"]), @"
    database   sqlite://shop.db (dev)
    at         base
    applied    0
    pending    1
      0001_first_tables
    ----- stderr
    the database sqlite://shop.db doesn't exist yet
    next: `schemactl apply`
    ");
    assert_snapshot!(project.run(&["status", "--check"]), @"
    database   sqlite://shop.db (dev)
    at         base
    applied    0
    pending    1
      0001_first_tables
    ----- stderr
    the database sqlite://shop.db doesn't exist yet
    next: `schemactl apply`
    ----- exit 4
    ");
    assert_snapshot!(project.run(&["status", "--format=json"]), @r#"
    {
      "applied": 0,
      "at": [],
      "database": "sqlite://shop.db",
      "environment": "dev",
      "format": 1,
      "pending": [
        "0001_first_tables"
      ],
      "problems": [],
      "pushed": null,
      "unfinished": null
    }
    ----- stderr
    the database sqlite://shop.db doesn't exist yet
    "#);
    assert_snapshot!(project.run(&["apply", "--dry-run"]), @"
    0001_first_tables                                       af1349b9 → aef2f350
      +  enum   status  draft published archived
      +  table  users   3 columns
      +  table  posts   4 columns
    3 steps: 3 to add · undo: yes
    ----- stderr
    the database sqlite://shop.db doesn't exist yet
    ");
    assert_snapshot!(project.run(&["log", "--applied"]), @"
    ----- stderr
    the database sqlite://shop.db doesn't exist yet
    nothing has run on this database
    ");
    assert_snapshot!(project.run(&["rollback"]), @"
    ----- stderr
    error[E705]: the database `[PROJECT]/shop.db` doesn't exist
    help: run `schemactl apply` to create it
    explain: schemactl explain E705
    ----- exit 1
    ");
    assert!(!project.path("shop.db").exists());
}

#[test]
fn an_environment_that_makes_no_database_says_what_to_do() {
    let project = shop();
    project.write(
        "schemactl.kdl",
        "project shop { dialects sqlite }\nenv live default=#true { url \"sqlite://shop.db\"; protect }\n",
    );
    assert_snapshot!(project.run(&["apply", "--yes"]), @"
    ----- stderr
    error[E705]: the database `sqlite://shop.db` doesn't exist, and its environment never makes one
    help: correct the URL, or write `create` into the environment if a new database is meant
    explain: schemactl explain E705
    ----- exit 1
    ");
    assert!(!project.path("shop.db").exists());
}

#[test]
fn a_failed_rollback_names_the_step_as_it_is_undone() {
    let project = shop();
    project.run(&["apply"]).ok();
    let url = "sqlite://shop.db?mode=ro";
    assert_snapshot!(project.run(&["rollback", "--allow-destructive", "all", "--url", url]), @r#"
    undo 0001_first_tables                                  aef2f350 → af1349b9
      -  table  posts   4 columns
           ! loses all rows of `posts`
      -  table  users   3 columns
           ! loses all rows of `users`
      -  enum   status  draft published archived
    ----- stderr
    error[E711]: `0001_first_tables` (- table posts 4 columns): a statement failed: attempt to write a readonly database
    statement: DROP TABLE "posts"
    everything was rolled back: the database is as it was
    help: connect where it can be written: not to a standby, not with `mode=ro`, and as a user who may write the file
    explain: schemactl explain E711
    ----- exit 1
    "#);
}

#[test]
fn there_and_back() {
    let project = shop();
    assert_snapshot!(project.run(&["apply"]), @"
    0001_first_tables                                       af1349b9 → aef2f350
      +  enum   status  draft published archived
      +  table  users   3 columns
      +  table  posts   4 columns
    3 steps: 3 to add · undo: yes
    ----- stderr
         Applied 0001_first_tables ([TIME])
    ");
    assert_snapshot!(project.run(&["apply"]), @"
    ----- stderr
    nothing to apply: the database is up to date
    ");
    assert_snapshot!(project.run(&["status"]), @"
    database   sqlite://shop.db (dev)
    at         0001_first_tables
    applied    1
    pending    0
    ");
    assert_snapshot!(project.run(&["rollback"]), @"
    undo 0001_first_tables                                  aef2f350 → af1349b9
      -  table  posts   4 columns
           ! loses all rows of `posts`
      -  table  users   3 columns
           ! loses all rows of `users`
      -  enum   status  draft published archived
    ----- stderr
    error[E831]: this loses all rows of `posts`, all rows of `users`
    help: if that is meant, run it with `--allow-destructive posts,users`
    explain: schemactl explain E831
    ----- exit 3
    ");
    assert_snapshot!(project.run(&["rollback", "--allow-destructive", "posts"]), @"
    undo 0001_first_tables                                  aef2f350 → af1349b9
      -  table  posts   4 columns
           ! loses all rows of `posts`
      -  table  users   3 columns
           ! loses all rows of `users`
      -  enum   status  draft published archived
    ----- stderr
    error[E831]: this loses all rows of `users`
    help: if that is meant, run it with `--allow-destructive users`
    explain: schemactl explain E831
    ----- exit 3
    ");
    assert_snapshot!(project.run(&["rollback", "--allow-destructive", "users,posts"]), @"
    undo 0001_first_tables                                  aef2f350 → af1349b9
      -  table  posts   4 columns
           ! loses all rows of `posts`
      -  table  users   3 columns
           ! loses all rows of `users`
      -  enum   status  draft published archived
    ----- stderr
     Rolled back 0001_first_tables ([TIME])
    ");
    assert_snapshot!(project.run(&["rollback"]), @"
    ----- stderr
    nothing to roll back: the database is there already
    ");
    assert_snapshot!(project.run(&["log", "--applied"]), @"
    rolled-back 0001_first_tables  [MOMENT]     [TIME]  tester@[HOST]
    applied     0001_first_tables  [MOMENT]     [TIME]  tester@[HOST]
    ");
    assert_snapshot!(project.run(&["log", "--applied", "-n", "1", "--format=json"]), @r#"
    {
      "events": [
        {
          "actor": "tester@[HOST]",
          "digest": "r1:5d6b7dd306d36895439d3408408c9eb9de6f1f68a95d417001012bfe434ae993",
          "duration_ms": [TIME],
          "environment": null,
          "event": "rolled-back",
          "id": "8a9efc16423f",
          "revision": "0001_first_tables",
          "run": "[RUN]",
          "seq": 2,
          "started": "[MOMENT]",
          "tool": "0.1.0",
          "variables": {}
        }
      ],
      "format": 1
    }
    "#);
}

#[test]
fn what_runs_is_told_in_lines_of_json() {
    let project = shop();
    assert_snapshot!(project.run(&["apply", "--dry-run", "--format=json"]), @r#"
    {"direction":"up","event":"planned","format":1,"revisions":["0001_first_tables"]}
    ----- stderr
    the database sqlite://shop.db doesn't exist yet
    "#);
    assert_snapshot!(project.run(&["apply", "--format=json"]), @r#"
    {"direction":"up","event":"planned","format":1,"revisions":["0001_first_tables"]}
    {"event":"started","revision":"0001_first_tables","direction":"up","work":3}
    {"event":"working","revision":"0001_first_tables","piece":0,"what":"CREATE TABLE \"users\" (\n    \"id\" integer NOT NULL CONSTRAINT \"users_pkey\" PRIMARY KEY AUTOINCREMENT,\n    \"email\" varchar(320) NOT NULL CONSTRAINT \"users_email_key\" UNIQUE,\n    \"name\" text\n)"}
    {"event":"working","revision":"0001_first_tables","piece":1,"what":"CREATE TABLE \"posts\" (\n    \"id\" integer NOT NULL CONSTRAINT \"posts_pkey\" PRIMARY KEY AUTOINCREMENT,\n    \"author_id\" bigint NOT NULL CONSTRAINT \"posts_author_id_fkey\" REFERENCES \"users\" (\"id\") ON DELETE CASCADE,\n    \"title\" varchar(80) NOT NULL,\n    \"status\" text NOT NULL DEFAULT 'draft' CONSTRAINT \"status_enum\" CHECK (\"status\" IN ('draft', 'published', 'archived'))\n)"}
    {"event":"working","revision":"0001_first_tables","piece":2,"what":"CREATE INDEX \"posts_author_id_idx\" ON \"posts\" (\"author_id\")"}
    {"event":"finished","revision":"0001_first_tables","direction":"up","duration_ms":[TIME]}
    "#);
    assert_snapshot!(project.run(&["apply", "--format=json"]), @r#"{"direction":"up","event":"planned","format":1,"revisions":[]}"#);
    assert_snapshot!(project.run(&["rollback", "--format=json"]), @r#"
    {"direction":"down","event":"planned","format":1,"revisions":["0001_first_tables"]}
    {"diagnostics":[{"code":"E831","help":"if that is meant, run it with `--allow-destructive posts,users`","labels":[],"message":"this loses all rows of `posts`, all rows of `users`","severity":"error"}],"event":"failed","exit":3,"format":1}
    ----- exit 3
    "#);
    assert_snapshot!(project.run(&["rollback", "--format=json", "--allow-destructive=all"]), @r#"
    {"direction":"down","event":"planned","format":1,"revisions":["0001_first_tables"]}
    {"event":"started","revision":"0001_first_tables","direction":"down","work":2}
    {"event":"working","revision":"0001_first_tables","piece":0,"what":"DROP TABLE \"posts\""}
    {"event":"working","revision":"0001_first_tables","piece":1,"what":"DROP TABLE \"users\""}
    {"event":"finished","revision":"0001_first_tables","direction":"down","duration_ms":[TIME]}
    "#);
    assert_snapshot!(project.run(&["stamp", "head", "--force", "--format=json"]), @r#"
    {
      "events": [
        {
          "event": "stamped",
          "revision": "0001_first_tables"
        }
      ],
      "format": 1
    }
    "#);
}

#[test]
fn the_verbs_of_other_tools_work() {
    let project = shop();
    project.replace("schema/shop.kdl", "varchar(80)", "varchar(90)");
    assert_snapshot!(project.run(&["revision", "--autogenerate", "-m", "wider titles"]), @"
    0002_wider_titles                                       aef2f350 → 32c9c280
      ~  column  posts.title  varchar(80) → varchar(90)
    1 step: 1 to change · 1 transaction · undo: yes, but every value of `posts.title` must fit `varchar(80)`
    ----- stderr
           Wrote snapshots/s1-32c9c2803a9f37e3.kdl
           Wrote revisions/0002_wider_titles.kdl
    next: `schemactl apply`
    ");
    assert_snapshot!(project.run(&["revision", "-m", "back fill"]), @"
    ----- stderr
           Wrote revisions/0003_back_fill.kdl
    next: `schemactl edit` to write the hook
    ");
    assert_snapshot!(project.run(&["upgrade", "+1"]), @"
    0001_first_tables                                       af1349b9 → aef2f350
      +  enum   status  draft published archived
      +  table  users   3 columns
      +  table  posts   4 columns
    3 steps: 3 to add · undo: yes
    ----- stderr
         Applied 0001_first_tables ([TIME])
    ");
    assert_snapshot!(project.run(&["upgrade", "wider_titles"]), @"
    0002_wider_titles                                       aef2f350 → 32c9c280
      ~  column  posts.title  varchar(80) → varchar(90)
    1 step: 1 to change · undo: yes, but every value of `posts.title` must fit `varchar(80)`
    ----- stderr
         Applied 0002_wider_titles ([TIME])
    ");
    assert_snapshot!(project.run(&["current"]), @"
    database   sqlite://shop.db (dev)
    at         0002_wider_titles
    applied    2
    pending    1
      0003_back_fill
    ----- stderr
    next: `schemactl apply`
    ");
    assert_snapshot!(project.run(&["history"]), @"
    0003_back_fill                                          0b29856a1a17  2026-11-21T10:00:00Z
    0002_wider_titles                                       23fdaeffa48d  2026-11-21T10:00:00Z
    0001_first_tables                                       8a9efc16423f  2026-11-21T10:00:00Z
    ");
    assert_snapshot!(project.run(&["heads"]), @"0003_back_fill                                          0b29856a1a17  2026-11-21T10:00:00Z");
    assert_snapshot!(project.run(&["upgrade"]), @"
    ----- stderr
    error[E502]: `0003_back_fill`: hook `back-fill` has no `up` yet
    help: write it with `schemactl edit`, or say that nothing is to be done: `up nothing`
    explain: schemactl explain E502
    ----- exit 1
    ");
    assert_snapshot!(project.run(&["upgrade", "base"]), @"
    ----- stderr
    error[E830]: `base` lies behind the database, and `apply` only goes forward
    help: go back with `schemactl rollback base`
    explain: schemactl explain E830
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["upgrade", "-1"]), @"
    ----- stderr
    error[E830]: `-1` lies behind the database, and `apply` only goes forward
    help: go back with `schemactl rollback -1`
    explain: schemactl explain E830
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["downgrade", "-1"]), @"
    undo 0002_wider_titles                                  32c9c280 → aef2f350
      ~  column  posts.title  varchar(90) → varchar(80)
           ! every value of `posts.title` must fit `varchar(80)`
    ----- stderr
     Rolled back 0002_wider_titles ([TIME])
    ");
    assert_snapshot!(project.run(&["downgrade", "base", "--allow-destructive", "all"]), @"
    undo 0001_first_tables                                  aef2f350 → af1349b9
      -  table  posts   4 columns
           ! loses all rows of `posts`
      -  table  users   3 columns
           ! loses all rows of `users`
      -  enum   status  draft published archived
    ----- stderr
     Rolled back 0001_first_tables ([TIME])
    ");
}

#[test]
fn a_stamp_records_and_runs_nothing() {
    let project = shop();
    assert_snapshot!(project.run(&["stamp", "head", "--force"]), @"
    ----- stderr
         Stamped 0001_first_tables
    ");
    assert_snapshot!(project.run(&["stamp", "head", "--force"]), @"
    ----- stderr
    nothing to stamp: the journal says so already
    ");
    assert_snapshot!(project.run(&["stamp", "base", "--force"]), @"
    ----- stderr
       Unstamped 0001_first_tables
    ");
    assert_snapshot!(project.run(&["stamp", "head", "--purge", "--force"]), @"
    ----- stderr
          Purged the journal
         Stamped 0001_first_tables
    ");
    assert_snapshot!(project.run(&["stamp", "heda"]), @"
    ----- stderr
    error[E430]: there is no revision `heda`
    help: write `head` if that is meant; `schemactl log` lists all
    explain: schemactl explain E430
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["log", "--applied"]), @"
    stamped     0001_first_tables  [MOMENT]     [TIME]  tester@[HOST]
    purged                         [MOMENT]     [TIME]  tester@[HOST]
    unstamped   0001_first_tables  [MOMENT]     [TIME]  tester@[HOST]
    stamped     0001_first_tables  [MOMENT]     [TIME]  tester@[HOST]
    ");
}

#[test]
fn the_quieter_a_run_is_the_less_of_its_plan_is_shown() {
    let project = shop();
    project.run(&["apply", "-q"]).ok();
    project.replace("schema/shop.kdl", "    column name text nullable\n", "");
    project.replace("schema/shop.kdl", "column title \"varchar(80)\"", "column title text");
    assert_snapshot!(project.run(&["plan", "-m", "no names", "-q"]), @"
    0002_no_names                                           aef2f350 → e51bdc3f
      -  column  users.name  text null
           ! loses the values of `users.name`
    ");
    assert_snapshot!(project.run(&["apply", "-q"]), @"
    0002_no_names                                           aef2f350 → e51bdc3f
      -  column  users.name  text null
           ! loses the values of `users.name`
    ----- stderr
    error[E831]: this loses the values of `users.name`
    help: if that is meant, run it with `--allow-destructive users.name`
    explain: schemactl explain E831
    ----- exit 3
    ");
    assert_snapshot!(project.run(&["apply", "-qq"]), @"
    ----- stderr
    error[E831]: this loses the values of `users.name`
    help: if that is meant, run it with `--allow-destructive users.name`
    explain: schemactl explain E831
    ----- exit 3
    ");
    assert_snapshot!(project.run(&["apply", "-qq", "--allow-destructive", "all"]), @"");
    assert_snapshot!(project.run(&["rollback", "base", "-qq", "--allow-destructive", "all"]), @"");
}

#[test]
fn a_check_that_only_follows_a_rename_asks_for_nothing() {
    let project = shop();
    project.replace(
        "schema/shop.kdl",
        "column name text nullable\n",
        "column name text nullable\n    check \"length(name) > 1\" name=users_name_long\n",
    );
    project.run(&["plan", "-q", "-m", "long names"]).ok();
    project.run(&["apply", "-q"]).ok();
    project.replace("schema/shop.kdl", "column name text", "column full_name text was=name");
    project.replace("schema/shop.kdl", "length(name)", "length(full_name)");
    assert_snapshot!(project.run(&["plan", "-m", "full names"]), @"
    0003_full_names                                         0f8f15a7 → f7ea5b8f
      -> column  users.name             name → full_name
      ~  check   users.users_name_long  length(name) > 1 → length(full_name) > 1
    2 steps: 1 to change, 1 to rename · 1 transaction · undo: yes
    ----- stderr
           Wrote snapshots/s1-f7ea5b8f068c4ee1.kdl
           Wrote revisions/0003_full_names.kdl
         Updated schema/shop.kdl: `was=` is taken out, the revision has the rename
    next: `schemactl apply`
    ");
    project.run(&["apply", "-q"]).ok();
    assert_snapshot!(project.run(&["rollback"]), @"
    undo 0003_full_names                                    f7ea5b8f → 0f8f15a7
      ~  check   users.users_name_long  length(full_name) > 1 → length(name) > 1
      -> column  users.full_name        full_name → name
    ----- stderr
     Rolled back 0003_full_names ([TIME])
    ");
    project.replace("schema/shop.kdl", "length(full_name) > 1", "length(full_name) > 2");
    assert_snapshot!(project.run(&["plan", "--dry-run", "--amend"]), @"
    0003_full_names                                         0f8f15a7 → fbda8ab7
      -> column  users.name             name → full_name
      ~  check   users.users_name_long  length(name) > 1 → length(full_name) > 1
      ~  check   users.users_name_long  length(full_name) > 1 → length(full_name) > 2
           ! every row of `users` must satisfy `users_name_long`
           ! on postgres all rows are read, and their table can't be used meanwhile
    3 steps: 2 to change, 1 to rename · 1 transaction · undo: yes, but every row of `users` must satisfy `users_name_long`
    ");
}

#[test]
fn the_journal_notes_who_ran_as_far_as_is_known() {
    let mut project = shop();
    project.set("USER", "").set("LOGNAME", "tester");
    project.run(&["apply", "-q"]).ok();
    assert!(project.run(&["log", "--applied"]).ok().contains("tester@[HOST]"));
    project.set("LOGNAME", "");
    project.run(&["rollback", "base", "-q", "--allow-destructive", "all"]).ok();
    let actor = "SELECT actor FROM schemactl_journal WHERE event = 'rolled-back'";
    let rows = crate::support::sql::rows(&project.sqlite("shop.db"), actor);
    let known = rows.iter().all(|actor| !actor.contains("unknown") && !actor.starts_with('@'));
    assert!(known && rows.len() == 1, "{rows:?}");
}

#[cfg(unix)]
#[test]
fn a_database_that_cant_be_looked_at_is_not_taken_for_a_new_one() {
    let project = shop();
    std::os::unix::fs::symlink("shop.db", project.path("shop.db")).expect("nothing has its name");
    let told = project.run(&["status"]).fails(1);
    assert_snapshot!(told, @"
    error[E703]: can't connect to `sqlite://shop.db`: unable to open database file
    help: run as a user who may read and write the file and its folder
    explain: schemactl explain E703
    ");
    assert_eq!(project.run(&["apply"]).fails(1), told);
}
