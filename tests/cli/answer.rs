//! `schemactl plan`: its questions, and the ways to answer them.

use insta::assert_snapshot;

use super::plan::shop;

#[test]
fn what_can_be_a_rename_is_asked() {
    let project = shop();
    let before = project.files();
    project.replace("schema/shop.kdl", "column name text", "column full_name text");
    assert_snapshot!(project.run(&["plan"]), @r#"
    ----- stderr
    a question has to be answered first:

      was the column `users.name` renamed to `users.full_name`?
        --rename users.name=users.full_name
            yes, to `users.full_name`: what it holds is kept
        --drop users.name
            no, `users.name` is dropped: what it holds is lost

    Answer with these options, or on a terminal, or by lines of a file for `--answers FILE`:

        rename "users.name" "users.full_name"
    ----- exit 3
    "#);
    assert_eq!(project.files(), before);
    assert_snapshot!(project.run(&["plan", "--format=json"]), @r#"
    {
      "exit": 3,
      "format": 1,
      "questions": [
        {
          "choices": [
            {
              "answer": "rename \"users.name\" \"users.full_name\"",
              "meaning": "yes, to `users.full_name`: what it holds is kept",
              "option": "--rename users.name=users.full_name"
            },
            {
              "answer": "drop \"users.name\"",
              "meaning": "no, `users.name` is dropped: what it holds is lost",
              "option": "--drop users.name"
            }
          ],
          "kind": "rename",
          "question": "was the column `users.name` renamed to `users.full_name`?"
        }
      ]
    }
    ----- exit 3
    "#);
    assert_snapshot!(project.run(&["plan", "--dry-run", "--rename", "users.name=users.full_name"]), @"
    0002_rename_column_users_name                           aef2f350 → d4f4351a
      -> column  users.name  name → full_name
    1 step: 1 to rename · 1 transaction · undo: yes
    ");
    assert_snapshot!(project.run(&["plan", "--dry-run", "--rename", "users.name=full_name"]), @"
    0002_rename_column_users_name                           aef2f350 → d4f4351a
      -> column  users.name  name → full_name
    1 step: 1 to rename · 1 transaction · undo: yes
    ");
    assert_snapshot!(project.run(&["plan", "--dry-run", "--drop", "users.name"]), @"
    0002_change_users                                       aef2f350 → d4f4351a
      +  column  users.full_name  text null
      -  column  users.name       text null
           ! loses the values of `users.name`
    2 steps: 1 to add, 1 to drop · 1 transaction · undo: structure yes, the values of `users.name` no
    ");
    assert_snapshot!(project.run(&["plan", "--dry-run", "--no-renames"]), @"
    0002_change_users                                       aef2f350 → d4f4351a
      +  column  users.full_name  text null
      -  column  users.name       text null
           ! loses the values of `users.name`
    2 steps: 1 to add, 1 to drop · 1 transaction · undo: structure yes, the values of `users.name` no
    ");
}

#[test]
fn the_lines_that_are_printed_answer_together() {
    let project = shop();
    project.replace("schema/shop.kdl", "column name text nullable", "column first text\ncolumn last text");
    project.replace("schema/shop.kdl", "column title \"varchar(80)\"", "column headline \"varchar(80)\"");
    let questions = project.run(&["plan"]).stderr;
    let asked = questions.lines().filter(|line| line.ends_with(':') || line.ends_with('?'));
    assert_snapshot!(asked.collect::<Vec<_>>().join("\n"), @"
    3 questions have to be answered first:
      was the column `posts.title` renamed to `posts.headline`?
      if `posts.headline` is new: what do the rows of `posts` get in the new column `headline`, which is required?
      was the column `users.name` renamed, and to what?
      if `users.first` is new: what do the rows of `users` get in the new column `first`, which is required?
      if `users.last` is new: what do the rows of `users` get in the new column `last`, which is required?
    Answer with these options, or on a terminal, or by lines of a file for `--answers FILE`:
    ");
    let (_, lines) = questions.rsplit_once("FILE`:\n").expect("they are told");
    assert_snapshot!(lines, @r#"
    rename "posts.title" "posts.headline"
    rename "users.name" "users.last"
    default "users.first" VALUE
    "#);
    project.write("answers.kdl", lines.replace("VALUE", "0"));
    project.run(&["plan", "-q", "--answers", "answers.kdl"]).ok();
}

#[test]
fn a_required_column_is_asked_about() {
    let project = shop();
    project.replace(
        "schema/shop.kdl",
        "column name text nullable",
        "column name text nullable\ncolumn age int",
    );
    assert_snapshot!(project.run(&["plan"]), @r#"
    ----- stderr
    a question has to be answered first:

      what do the rows of `users` get in the new column `age`, which is required?
        --default users.age=VALUE
            this value, in the rows that exist; new ones must bring their own
        --fill users.age
            what a hook computes: it is added for you to write, and NOT NULL follows it
        --assume-empty users
            nothing, the table is empty; where it isn't, apply fails and changes nothing

    Answer with these options, or on a terminal, or by lines of a file for `--answers FILE`:

        default "users.age" VALUE
    ----- exit 3
    "#);
    assert_snapshot!(project.run(&["plan", "--dry-run", "--default", "users.age=18", "--sql"]), @r#"
    0002_change_users                                       aef2f350 → 891631db
      +  column  users.age       int null
      »  data    fill-users-age
      ~  column  users.age       int null → int
           ! `users.age` must have no NULL
           ! on postgres all rows are read, and their table can't be used meanwhile
    3 steps: 1 to add, 1 to change, 1 to move data · 1 transaction · undo: yes

    -- sqlite: apply
    PRAGMA foreign_keys = OFF;
    BEGIN;
    ALTER TABLE "users" ADD COLUMN "age" integer;
    -- hook fill-users-age
    UPDATE users SET age = 18;
    CREATE TABLE "_schemactl_new_users" (
        "id" integer NOT NULL CONSTRAINT "users_pkey" PRIMARY KEY AUTOINCREMENT,
        "email" varchar(320) NOT NULL CONSTRAINT "users_email_key" UNIQUE,
        "name" text,
        "age" integer NOT NULL
    );
    INSERT INTO "_schemactl_new_users" ("id", "email", "name", "age") SELECT "id", "email", "name", "age" FROM "users";
    DELETE FROM sqlite_sequence WHERE name = '_schemactl_new_users';
    INSERT INTO sqlite_sequence (name, seq) SELECT '_schemactl_new_users', seq FROM sqlite_sequence WHERE name = 'users';
    DROP TABLE "users";
    PRAGMA legacy_alter_table = ON;
    ALTER TABLE "_schemactl_new_users" RENAME TO "users";
    PRAGMA legacy_alter_table = OFF;
    COMMIT;
    PRAGMA foreign_keys = ON;

    -- sqlite: rollback
    PRAGMA foreign_keys = OFF;
    BEGIN;
    CREATE TABLE "_schemactl_new_users" (
        "id" integer NOT NULL CONSTRAINT "users_pkey" PRIMARY KEY AUTOINCREMENT,
        "email" varchar(320) NOT NULL CONSTRAINT "users_email_key" UNIQUE,
        "name" text,
        "age" integer
    );
    INSERT INTO "_schemactl_new_users" ("id", "email", "name", "age") SELECT "id", "email", "name", "age" FROM "users";
    DELETE FROM sqlite_sequence WHERE name = '_schemactl_new_users';
    INSERT INTO sqlite_sequence (name, seq) SELECT '_schemactl_new_users', seq FROM sqlite_sequence WHERE name = 'users';
    DROP TABLE "users";
    PRAGMA legacy_alter_table = ON;
    ALTER TABLE "_schemactl_new_users" RENAME TO "users";
    PRAGMA legacy_alter_table = OFF;
    -- hook fill-users-age
    ALTER TABLE "users" DROP COLUMN "age";
    COMMIT;
    PRAGMA foreign_keys = ON;

    -- postgres: apply
    BEGIN;
    ALTER TABLE "users" ADD COLUMN "age" integer;
    -- hook fill-users-age
    UPDATE users SET age = 18;
    ALTER TABLE "users" ALTER COLUMN "age" SET NOT NULL;
    COMMIT;

    -- postgres: rollback
    BEGIN;
    ALTER TABLE "users" ALTER COLUMN "age" DROP NOT NULL;
    -- hook fill-users-age
    ALTER TABLE "users" DROP COLUMN "age";
    COMMIT;
    "#);
    assert_snapshot!(project.run(&["plan", "--dry-run", "--assume-empty", "users"]), @"
    0002_add_column_users_age                               aef2f350 → 891631db
      +  column  users.age  int
           ! `users` must be empty: `age` is required and has no default
    1 step: 1 to add · 1 transaction · undo: yes
    ");
    project.run(&["plan", "-m", "age", "--fill", "users.age", "-q"]).ok();
    assert_snapshot!(project.read("revisions/0002_age.kdl"), @r#"
    revision "0002_age" {
        id "5f33c04b723f"
        parent "0001_first_tables" digest="r1:5d6b7dd306d36895439d3408408c9eb9de6f1f68a95d417001012bfe434ae993"
        from "s1:aef2f35051bd0d8bf77ae9285710bafbdd4fa886f9dce0b3f4a2adfd64078a82"
        to "s1:891631db6a540aafbdb6413a429c17649be35897772f07a22d679edb2ae1ef55"
        message "age"
        created "2026-11-21T10:00:00Z"
    }
    ops {
        add-column users {
            column age int nullable
        }
        data fill-users-age {
            up (sql)"-- unfilled: write the SQL that `apply` runs, or `up nothing` in place of this"
            expect (sql)"SELECT count(*) FROM users WHERE age IS NULL" is=0
            down nothing
        }
        alter-column users {
            from {
                column age int nullable
            }
            to {
                column age int
            }
        }
    }
    "#);
}

#[test]
fn a_required_column_that_another_replaces_can_be_filled_on_the_way_back() {
    let project = shop();
    project.replace("schema/shop.kdl", "column title \"varchar(80)\"", "column headline text");
    let answers = ["plan", "-m", "headlines", "--fill", "posts.headline"];
    assert_snapshot!(project.run(&answers), @"
    0002_headlines                                          aef2f350 → 150dd83b
      ~  column  posts.title          varchar(80) → varchar(80) null
      +  column  posts.headline       text null
      »  data    fill-posts-headline  not written yet
      ~  column  posts.headline       text null → text
           ! `posts.headline` must have no NULL
           ! on postgres all rows are read, and their table can't be used meanwhile
      -  column  posts.title          varchar(80) null
           ! loses the values of `posts.title`
    5 steps: 1 to add, 2 to change, 1 to drop, 1 to move data · 1 transaction · undo: structure yes, the values of `posts.title` no
    ----- stderr
           Wrote snapshots/s1-150dd83bdfcad8f9.kdl
           Wrote revisions/0002_headlines.kdl
    next: `schemactl edit` to write the hook
    ");
    let file = "revisions/0002_headlines.kdl";
    let stub = project.read(file);
    let hook = stub
        .lines()
        .filter(|line| line.contains("unfilled"))
        .map(|line| line.trim().split(' ').next().unwrap());
    assert_eq!(hook.collect::<Vec<_>>(), ["up", "down"]);
    // Planned again, the column still gives way.
    project.replace(
        "schema/shop.kdl",
        "column headline text",
        "column headline text\ncolumn teaser text nullable",
    );
    assert_snapshot!(project.run(&["plan", "--amend"]), @"
    0002_headlines                                          aef2f350 → c523184b
      ~  column  posts.title          varchar(80) → varchar(80) null
      +  column  posts.headline       text null
      »  data    fill-posts-headline  not written yet
      ~  column  posts.headline       text null → text
           ! `posts.headline` must have no NULL
           ! on postgres all rows are read, and their table can't be used meanwhile
      +  column  posts.teaser         text null
      -  column  posts.title          varchar(80) null
           ! loses the values of `posts.title`
    6 steps: 2 to add, 2 to change, 1 to drop, 1 to move data · 1 transaction · undo: structure yes, the values of `posts.title` no
    ----- stderr
         Amended snapshots/s1-c523184bf2255a71.kdl
         Amended revisions/0002_headlines.kdl
    next: `schemactl edit` to write the hook
    ");
}

#[test]
fn a_removed_value_is_asked_about() {
    let project = shop();
    project.replace("schema/shop.kdl", "draft published archived", "draft published");
    assert_snapshot!(project.run(&["plan"]), @r#"
    ----- stderr
    a question has to be answered first:

      what becomes of rows with `status.archived` in `posts.status`?
        --replace status.archived=VALUE
            they get this value instead
        --assume-unused status.archived
            there are none; where there are, apply fails and changes nothing

    Answer with these options, or on a terminal, or by lines of a file for `--answers FILE`:

        replace "status.archived" VALUE
    ----- exit 3
    "#);
    let sql = ["plan", "--dry-run", "--sql", "--dialect", "postgres"];
    assert_snapshot!(project.run(&[&sql[..], &["--replace", "status.archived=draft"]].concat()), @r#"
    0002_change_enum_status                                 aef2f350 → 13b073f6
      »  data  replace-status-archived
           ! forgets which rows had `archived`
      ~  enum  status                   draft published archived → draft published
           ! no row may hold `archived` of `status`
           ! on postgres all rows are written anew, and their table can't be used meanwhile
    2 steps: 1 to change, 1 to move data · 1 transaction · undo: structure yes, which rows had `archived` no

    -- postgres: apply
    BEGIN;
    -- hook replace-status-archived
    UPDATE posts SET status = 'draft' WHERE status = 'archived';
    ALTER TYPE "status" RENAME TO "status_schemactl_old";
    CREATE TYPE "status" AS ENUM ('draft', 'published');
    ALTER TABLE "posts"
        ALTER COLUMN "status" DROP DEFAULT,
        ALTER COLUMN "status" TYPE "status" USING "status"::text::"status",
        ALTER COLUMN "status" SET DEFAULT 'draft';
    DROP TYPE "status_schemactl_old";
    COMMIT;

    -- postgres: rollback
    BEGIN;
    ALTER TYPE "status" ADD VALUE 'archived';
    COMMIT;
    BEGIN;
    -- hook replace-status-archived
    COMMIT;
    "#);
    assert_snapshot!(project.run(&["plan", "--dry-run", "--assume-unused", "status.archived"]), @"
    0002_change_enum_status                                 aef2f350 → 13b073f6
      ~  enum  status  draft published archived → draft published
           ! no row may hold `archived` of `status`
           ! on postgres all rows are written anew, and their table can't be used meanwhile
    1 step: 1 to change · 1 transaction · undo: yes
    ");
}

#[test]
fn answers_may_stand_in_a_file() {
    let project = shop();
    project.replace(
        "schema/shop.kdl",
        "column name text nullable",
        "column full_name text nullable\ncolumn age int\ncolumn city text",
    );
    project.write(
        "answers.kdl",
        "rename \"users.name\" \"users.full_name\" // as the customers said\n\
         default \"users.age\" 18\nfill users.city\n",
    );
    assert_snapshot!(project.run(&["plan", "--dry-run", "--answers", "answers.kdl"]), @"
    0002_change_users                                       aef2f350 → f6bfe08b
      -> column  users.name       name → full_name
      +  column  users.age        int null
      »  data    fill-users-age
      ~  column  users.age        int null → int
           ! `users.age` must have no NULL
           ! on postgres all rows are read, and their table can't be used meanwhile
      +  column  users.city       text null
      »  data    fill-users-city  not written yet
      ~  column  users.city       text null → text
           ! `users.city` must have no NULL
           ! on postgres all rows are read, and their table can't be used meanwhile
    7 steps: 2 to add, 2 to change, 1 to rename, 2 to move data · 1 transaction · undo: yes
    ");
    project.write("answers.kdl", "renam \"a\" \"b\"\ndefault users.age (now)\"x\"\nfill\n");
    assert_snapshot!(project.run(&["plan", "--answers", "answers.kdl"]), @r#"
    ----- stderr
    error[E013]: unknown node `renam`
       ╭─[answers.kdl:1:1]
     1 │ renam "a" "b"
       · ─────
     2 │ default users.age (now)"x"
       ╰────
    help: write `rename`
    error[E015]: `default` takes a value or `(sql)` text, not a value marked `(now)`
       ╭─[answers.kdl:2:19]
     1 │ renam "a" "b"
     2 │ default users.age (now)"x"
       ·                   ────────
     3 │ fill
       ╰────
    help: write a value or `(sql)` text
    error[E014]: `fill` needs a column
       ╭─[answers.kdl:3:1]
     2 │ default users.age (now)"x"
     3 │ fill
       · ────
       ╰────
    help: write the column behind it
    explain: schemactl explain E013 E015 E014
    ----- exit 2
    "#);
    assert_snapshot!(project.run(&["plan", "--answers", "none.kdl"]), @"
    ----- stderr
    error[E602]: can't read `none.kdl`: it doesn't exist
    help: make it, or correct the path
    explain: schemactl explain E602
    ----- exit 2
    ");
}

#[test]
fn an_answer_to_nothing_is_refused() {
    let project = shop();
    let before = project.files();
    project.replace(
        "schema/shop.kdl",
        "column name text nullable",
        "column name text nullable\ncolumn age int",
    );
    let mistakes = ["--rename", "users.nam=users.age", "--default", "users.age=1"];
    assert_snapshot!(project.run(&[&["plan"], &mistakes[..]].concat()), @"
    ----- stderr
    error[E812]: nothing can be renamed from `users.nam` to `users.age`
    help: name a thing that the last revision has and one that the schema has: `--rename TABLE.COLUMN=TABLE.COLUMN`, with the table's name as it is now
    explain: schemactl explain E812
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["plan", "--default", "users.age=1", "--fill", "users.aged"]), @"
    ----- stderr
    error[E812]: there is nothing to answer about `users.aged`
    help: take the answer back, or correct the name: `schemactl plan` lists the questions
    explain: schemactl explain E812
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["plan", "--default", "users.age", "--rename", "=x", "--default", "a.b=("]), @r#"
    ----- stderr
    error[E811]: `--rename =x` lacks a part
    help: write what was and what it becomes: `--rename OLD=NEW`
    error[E811]: `--default users.age` lacks a part
    help: write the column and its value: `--default COLUMN=VALUE`
    error[E811]: `(` is not a value
    help: write `0`, `#true`, `"text"` or `(sql)"now()"`
    explain: schemactl explain E811
    ----- exit 2
    "#);
    assert_eq!(project.files(), before);
}

#[test]
fn a_removed_value_is_replaced_by_one_of_the_others() {
    let project = shop();
    project.replace("schema/shop.kdl", "draft published archived", "draft published");
    assert_snapshot!(project.run(&["plan", "--replace", "status.archived=gone"]), @"
    ----- stderr
    error[E811]: `gone` can't take the place of `status.archived`: it is not a value of `status`
    help: use one of `draft`, `published`
    explain: schemactl explain E811
    ----- exit 2
    ");
}
