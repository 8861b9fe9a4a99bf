//! `schemactl plan`: values on their way to another type, and on the way back to a column that was dropped.

use insta::assert_snapshot;

use super::plan::shop;
use crate::support::sql;

#[test]
fn a_type_that_no_database_converts_to_is_asked_about() {
    let project = shop();
    let before = project.files();
    project.replace(
        "schema/shop.kdl",
        "column status status default=draft",
        "column status smallint default=0",
    );
    assert_snapshot!(project.run(&["plan"]), @r#"
    ----- stderr
    a question has to be answered first:

      how do the values of `posts.status` get from `status` to `smallint`? sqlite does not convert one to the other
        --convert posts.status=SQL
            what this SQL makes of a row; `--convert-back posts.status=SQL` says the same for the way back
        --convert posts.status
            what a hook computes: it is added for you to write, for both ways
        --drop posts.status
            nothing: the column is dropped and added anew, what it holds is lost

    Answer with these options, or on a terminal, or by lines of a file for `--answers FILE`:

        convert "posts.status" (sql)"SQL" back=(sql)"SQL"
    ----- exit 3
    "#);
    assert_eq!(project.files(), before);
    let number = "posts.status=CASE status WHEN 'draft' THEN 0 WHEN 'published' THEN 1 ELSE 2 END";
    assert_snapshot!(project.run(&["plan", "--dry-run", "--convert", number]), @"
    0002_change_posts                                       aef2f350 → a24213bf
      +  column  posts.status_new      smallint null
      ~  column  posts.status          status default 'draft' → status null
      »  data    convert-posts-status  irreversible: nothing says how `smallint` becomes `status` again
      -  column  posts.status          status null
           ! loses the values of `posts.status`
      -> column  posts.status_new      status_new → status
      ~  column  posts.status          smallint null → smallint default 0
           ! `posts.status` must have no NULL
           ! on postgres all rows are read, and their table can't be used meanwhile
    6 steps: 1 to add, 2 to change, 1 to rename, 1 to drop, 1 to move data · 1 transaction · undo: no, `convert-posts-status` is irreversible
    ");
    assert_snapshot!(project.run(&["plan", "--dry-run", "--drop", "posts.status"]), @"
    0002_change_posts                                       aef2f350 → a24213bf
      -  column  posts.status  status default 'draft'
           ! loses the values of `posts.status`
      +  column  posts.status  smallint default 0
    2 steps: 1 to add, 1 to drop · 1 transaction · undo: structure yes, the values of `posts.status` no
    ");
    project.run(&["plan", "-m", "numbers", "--convert", "posts.status", "-q"]).ok();
    assert_snapshot!(project.read("revisions/0002_numbers.kdl").split_once("ops {").unwrap().1, @r##"
        add-column posts {
            column status_new smallint nullable
        }
        alter-column posts {
            from {
                column status (enum)"status" default=draft
            }
            to {
                column status (enum)"status" nullable
            }
        }
        data convert-posts-status {
            up (sql)"-- unfilled: write the SQL that `apply` runs, or `up nothing` in place of this"
            expect (sql)"SELECT count(*) FROM posts WHERE status_new IS NULL" is=0
            down (sql)#"-- unfilled: write the SQL that takes it back, `down nothing`, or `down irreversible reason="…"`"#
            after (sql)"SELECT count(*) FROM posts WHERE status IS NULL" is=0
        }
        drop-column posts {
            column status (enum)"status" nullable
        }
        rename-column posts status_new status
        alter-column posts {
            from {
                column status smallint nullable
            }
            to {
                column status smallint default=0
            }
        }
    }
    "##);
    // Planned again, the hook stays where it was.
    project.replace("schema/shop.kdl", "column title \"varchar(80)\"", "column title text");
    assert_snapshot!(project.run(&["plan", "--amend"]), @"
    0002_numbers                                            aef2f350 → d8e8bb84
      +  column  posts.status_new      smallint null
      ~  column  posts.status          status default 'draft' → status null
      »  data    convert-posts-status  not written yet
      -  column  posts.status          status null
           ! loses the values of `posts.status`
      -> column  posts.status_new      status_new → status
      ~  column  posts.status          smallint null → smallint default 0
           ! `posts.status` must have no NULL
           ! on postgres all rows are read, and their table can't be used meanwhile
      ~  column  posts.title           varchar(80) → text
    7 steps: 1 to add, 3 to change, 1 to rename, 1 to drop, 1 to move data · 1 transaction · undo: structure yes, the values of `posts.status` no, but every value of `posts.title` must fit `varchar(80)`
    ----- stderr
         Amended snapshots/s1-d8e8bb84149afc5a.kdl
         Amended revisions/0002_numbers.kdl
    next: `schemactl edit` to write the hook
    ");
    let answer = ["plan", "--dry-run", "--convert-back", "posts.title=x"];
    assert_snapshot!(project.run(&answer), @"
    ----- stderr
    error: the following required arguments were not provided:
      --convert <COLUMN[=SQL]>

    Usage: schemactl plan --convert <COLUMN[=SQL]> --dry-run --convert-back <COLUMN=SQL>

    For more information, try '--help'.
    ----- exit 2
    ");
}

#[test]
fn a_type_can_be_converted_otherwise_than_the_database_would() {
    let project = shop();
    project.replace("schema/shop.kdl", "column name text nullable", "column name \"varchar(20)\" nullable");
    let short = ["--convert", "users.name=substr(name, 1, 20)", "--convert-back", "users.name=name"];
    assert_snapshot!(project.run(&[&["plan", "-m", "short names"][..], &short].concat()), @"
    0002_short_names                                        aef2f350 → 4997fc93
      +  column  users.name_new      varchar(20) null
      »  data    convert-users-name
      -  column  users.name          text null
           ! loses the values of `users.name`
      -> column  users.name_new      name_new → name
    4 steps: 1 to add, 1 to rename, 1 to drop, 1 to move data · 1 transaction · undo: structure yes, the values of `users.name` no
    ----- stderr
           Wrote snapshots/s1-4997fc937117778e.kdl
           Wrote revisions/0002_short_names.kdl
    next: `schemactl apply`
    ");
    project.run(&["apply", "1", "-q"]).ok();
    let (long, id) = ("a name of more than twenty characters", "INSERT INTO users (email, name) VALUES");
    sql::execute(&project.sqlite("shop.db"), &format!("{id} ('a@b', '{long}')"));
    project.run(&["apply", "--allow-destructive", "users.name"]).ok();
    assert_eq!(sql::rows(&project.sqlite("shop.db"), "SELECT name FROM users"), [long[..20].to_owned()]);
    project.run(&["rollback", "--allow-destructive", "users.name_new"]).ok();
    assert_eq!(sql::rows(&project.sqlite("shop.db"), "SELECT name FROM users"), [long[..20].to_owned()]);
}

#[test]
fn a_revision_by_hand_that_needs_a_cast_is_planned_again() {
    let project = shop();
    project.replace(
        "schema/shop.kdl",
        "column name text nullable",
        "column name text nullable\n    column tag int nullable",
    );
    project.run(&["plan", "-m", "tag", "-q"]).ok();
    project.replace("schema/shop.kdl", "column tag int nullable", "column tag uuid nullable");
    project.run(&["plan", "-m", "other tags", "-q", "--convert", "users.tag"]).ok();
    let planned = project.read("revisions/0003_other_tags.kdl");
    let by_hand = "ops {\n    alter-column users {\n        from { column tag int nullable }\n        \
                   to { column tag uuid nullable }\n    }\n}\n";
    project
        .write("revisions/0003_other_tags.kdl", planned.split_once("ops {").unwrap().0.to_owned() + by_hand);
    assert_snapshot!(project.run(&["check"]), @r#"
    ----- stderr
    error[E531]: `users.tag` can't change from `integer` to `uuid`: PostgreSQL has no cast between them
       ╭─[revisions/0003_other_tags.kdl:1:10]
     1 │ revision "0003_other_tags" {
       ·          ────────┬────────
       ·                  ╰── this revision can't run on postgres
     2 │     id "1d0b0ffae336"
       ╰────
    help: say how the values get there with `schemactl plan --convert users.tag=SQL --convert-back users.tag=SQL`, with `--amend` if this is the last revision
    explain: schemactl explain E531
    ----- exit 4
    "#);
    let sql = "users.tag=CAST(lpad(CAST(tag AS text), 32, '0') AS uuid)";
    let back = "users.tag=CAST(right(CAST(tag AS text), 8) AS int)";
    project.run(&["plan", "--amend", "-q", "--convert", sql, "--convert-back", back]).ok();
    project.run(&["check"]).ok();
}

#[test]
fn reference_rows_get_the_values_of_the_schema() {
    let project = shop();
    let data = |value: &str| format!("data users key=id {{ row id=1 email=a joined={value} }}\n");
    let schema = project.read("schema/shop.kdl");
    let with = |ty: &str, value: &str| {
        let column = format!("column name text nullable\n    column joined {ty} nullable");
        project.write("schema/shop.kdl", schema.replace("column name text nullable", &column) + &data(value));
    };
    with("int", "1");
    project.run(&["plan", "-m", "joined", "-q"]).ok();
    with("date", "\"2026-01-01\"");
    let answers = ["--convert", "users.joined=date(joined)", "--convert-back", "users.joined=1"];
    project.run(&[&["plan", "-m", "dates", "-q"][..], &answers].concat()).ok();
    assert_snapshot!(project.read("revisions/0003_dates.kdl").split_once("ops {").unwrap().1, @r#"

        add-column users {
            column joined_new date nullable
        }
        rows users key=id {
            update {
                from email=a id=1 joined=1
                to email=a id=1 joined=1 joined_new="2026-01-01"
            }
        }
        data convert-users-joined {
            up (sql)"UPDATE users SET joined_new = date(joined) WHERE joined_new IS NULL" (postgres)"UPDATE users SET joined_new = CAST((date(joined)) AS date) WHERE joined_new IS NULL"
            down (sql)"UPDATE users SET joined = 1 WHERE joined IS NULL" (postgres)"UPDATE users SET joined = CAST((1) AS integer) WHERE joined IS NULL"
        }
        rows users key=id {
            update {
                from email=a id=1 joined=1 joined_new="2026-01-01"
                to email=a id=1 joined_new="2026-01-01"
            }
        }
        drop-column users {
            column joined int nullable
        }
        rename-column users joined_new joined
    }
    "#);
    // Planned again, the hook stays between the old values and the new ones.
    project.replace("schema/shop.kdl", "column title \"varchar(80)\"", "column title text");
    project.run(&["plan", "--amend", "-q"]).ok();
    project.run(&["check"]).ok();
}

#[test]
fn a_required_column_that_is_dropped_can_be_filled_when_it_comes_back() {
    let project = shop();
    project.run(&["apply", "-q"]).ok();
    let row = "INSERT INTO users (email) VALUES ('a@b')";
    sql::execute(&project.sqlite("shop.db"), row);
    project.replace("schema/shop.kdl", "column email \"varchar(320)\" unique\n", "");
    assert_snapshot!(project.run(&["plan", "--dry-run"]), @"
    0002_drop_users                                         aef2f350 → c524adb5
      -  unique  users.users_email_key  (email)
      -  column  users.email            varchar(320)
           ! loses the values of `users.email`
    2 steps: 2 to drop · 1 transaction · undo: structure yes, the values of `users.email` no, but the rows must fit 2 steps
    ");
    assert_snapshot!(project.run(&["plan", "--dry-run", "--fill", "users.email"]), @"
    0002_change_users                                       aef2f350 → c524adb5
      -  unique  users.users_email_key  (email)
      ~  column  users.email            varchar(320) → varchar(320) null
      »  data    refill-users-email     not written yet
      -  column  users.email            varchar(320) null
           ! loses the values of `users.email`
    4 steps: 1 to change, 2 to drop, 1 to move data · 1 transaction · undo: structure yes, the values of `users.email` no, but `users` must have no duplicates for `users_email_key`
    ");
    assert_snapshot!(project.run(&["plan", "-m", "no mail", "--default", "users.email=\"?\""]), @"
    0002_no_mail                                            aef2f350 → c524adb5
      -  unique  users.users_email_key  (email)
      ~  column  users.email            varchar(320) → varchar(320) null
      »  data    refill-users-email
      -  column  users.email            varchar(320) null
           ! loses the values of `users.email`
    4 steps: 1 to change, 2 to drop, 1 to move data · 1 transaction · undo: structure yes, the values of `users.email` no, but `users` must have no duplicates for `users_email_key`
    ----- stderr
           Wrote snapshots/s1-c524adb5e26aadc6.kdl
           Wrote revisions/0002_no_mail.kdl
    next: `schemactl apply`
    ");
    project.run(&["apply", "--allow-destructive", "users.email"]).ok();
    assert_snapshot!(project.run(&["rollback"]), @"
    undo 0002_no_mail                                       c524adb5 → aef2f350
      +  column  users.email            varchar(320) null
      »  data    refill-users-email
      ~  column  users.email            varchar(320) null → varchar(320)
           ! `users.email` must have no NULL
      +  unique  users.users_email_key  (email)
           ! `users` must have no duplicates for `users_email_key`
    ----- stderr
     Rolled back 0002_no_mail ([TIME])
    ");
    assert_eq!(sql::rows(&project.sqlite("shop.db"), "SELECT email FROM users"), ["?"]);
    project.replace("schema/shop.kdl", "column name text", "column nick text nullable\n column name text");
    assert_snapshot!(project.run(&["plan", "--dry-run", "--amend"]), @"
    0002_no_mail                                            aef2f350 → 624bb2b1
      -  unique  users.users_email_key  (email)
      +  column  users.nick             text null
      ~  column  users.email            varchar(320) → varchar(320) null
      »  data    refill-users-email
      -  column  users.email            varchar(320) null
           ! loses the values of `users.email`
    5 steps: 1 to add, 1 to change, 2 to drop, 1 to move data · 1 transaction · undo: structure yes, the values of `users.email` no, but `users` must have no duplicates for `users_email_key`
    ");
}

/// The rows get a value that others may have too: what a rollback can't give back, no plan promises.
#[test]
fn a_replaced_value_stays_replaced_and_the_plan_says_so() {
    let project = shop();
    let url = project.sqlite("shop.db");
    project.run(&["apply", "-q", "--url", &url]).ok();
    sql::execute(&url, "INSERT INTO users (email) VALUES ('a@x')");
    sql::execute(
        &url,
        "INSERT INTO posts (author_id, title, status) VALUES (1, 'a', 'archived'), (1, 'b', 'draft')",
    );
    project.replace("schema/shop.kdl", "draft published archived", "draft published");
    let plan = project.run(&["plan", "--replace", "status.archived=draft", "-q"]);
    assert_snapshot!(plan, @"
    0002_change_enum_status                                 aef2f350 → 13b073f6
      »  data  replace-status-archived
           ! forgets which rows had `archived`
    ");
    project.run(&["apply", "-q", "--url", &url]).ok();
    project.run(&["rollback", "-q", "--url", &url]).ok();
    assert_eq!(sql::rows(&url, "SELECT title, status FROM posts ORDER BY 1"), ["a|draft", "b|draft"]);
    // Who remembers them elsewhere has a way back, and nothing is forgotten.
    let file = "revisions/0002_change_enum_status.kdl";
    project.replace(file, "down nothing", "down (sql)\"SELECT 1\"");
    assert!(project.run(&["show", "head"]).ok().contains("undo: yes"));
}
