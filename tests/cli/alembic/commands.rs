//! The commands, where what they do is shown nowhere else.

use insta::assert_snapshot;

use super::{at, chain, forked, told, users};

#[test]
fn upgrade_and_downgrade_go_as_far_as_they_are_told() {
    let project = chain(&["a", "b"]);
    let mut places = Vec::new();
    for line in
        ["upgrade +1", "upgrade head", "downgrade -1", "downgrade base", "upgrade 0001_users+1", "upgrade"]
    {
        let consent = if line.starts_with("down") { " --allow-destructive=all" } else { "" };
        project.shell(&format!("schemactl -q {line}{consent}")).ok();
        places.push(format!("{line:<20} {}", at(&project)));
    }
    assert_snapshot!(places.join("\n"), @"
    upgrade +1           0001_users
    upgrade head         0003_b
    downgrade -1         0002_a
    downgrade base       base
    upgrade 0001_users+1 0002_a
    upgrade              0003_b
    ");
}

#[test]
fn a_merge_is_undone_by_one_step_back() {
    // Ends in "Ambiguous walk".
    let project = forked();
    project.run(&["merge", "heads", "-m", "both", "-q"]).ok();
    project.run(&["upgrade", "head", "-q"]).ok();
    assert_snapshot!(told(
        &project,
        &["downgrade -1", "current", "downgrade -1", "log -r -1..head", "upgrade", "log current-1.."]
    ), @"
    $ schemactl downgrade -1
    undo 0003_both                                          a5397a0e → a5397a0e
     Rolled back 0003_both ([TIME])
    $ schemactl current
    database   sqlite://shop.db (dev)
    at         0002_mine, 0002_theirs
    applied    3
    pending    1
      0003_both
    next: `schemactl apply`
    $ schemactl downgrade -1
    error[E431]: `-1` would be counted from several revisions at once: `0002_mine`, `0002_theirs`
    help: name the place itself; `schemactl log --graph` shows what lies around it
    ----- exit 2
    $ schemactl log -r -1..head
    error[E431]: `-1` would be counted from several revisions at once: `0002_mine`, `0002_theirs`
    help: name the place itself; `schemactl log --graph` shows what lies around it
    ----- exit 2
    $ schemactl upgrade
    0003_both                                               a5397a0e → a5397a0e
    no steps · undo: yes
         Applied 0003_both ([TIME])
    $ schemactl log current-1..
    0003_both                                               a38e279af48d  2026-11-21T10:00:00Z
    ");
}

#[test]
fn stamp_takes_a_revision_of_each_branch_at_once() {
    // From a merge to what it joined ends in a KeyError, with half of it recorded.
    let project = forked();
    project.run(&["merge", "-m", "both", "-q"]).ok();
    project.run(&["upgrade", "head", "-q"]).ok();
    assert_snapshot!(told(
        &project,
        &[
            "stamp mine theirs",
            "current",
            "stamp mine --force",
            "stamp mine theirs",
            "stamp mine gone",
            "stamp heads"
        ]
    ), @"
    $ schemactl stamp mine theirs
       Unstamped 0003_both
    $ schemactl current
    database   sqlite://shop.db (dev)
    at         0002_mine, 0002_theirs
    applied    3
    pending    1
      0003_both
    next: `schemactl apply`
    $ schemactl stamp mine --force
       Unstamped 0002_theirs
    $ schemactl stamp mine theirs
         Stamped 0002_theirs
    $ schemactl stamp mine gone
    error[E430]: there is no revision `gone`
    help: write `mine` if that is meant; `schemactl log` lists all
    ----- exit 2
    $ schemactl stamp heads
         Stamped 0003_both
    ");
    let script = project.run(&["stamp", "mine", "theirs", "--sql"]).ok();
    assert_eq!(script.matches("'script', 'stamped'").count(), 3, "{script}");
}

#[test]
fn stamp_looks_at_the_schema_before_it_records() {
    // Whatever is named is written, and the next upgrade fails.
    let project = chain(&["a"]);
    project.run(&["upgrade", "+1", "-q"]).ok();
    assert_snapshot!(told(&project, &["stamp head", "current", "stamp head --force", "log --applied -n 1"]), @r#"
    $ schemactl stamp head
    1 difference from the state to be stamped: nothing is recorded
      - column users.a text null
          put back:  ALTER TABLE "users" ADD COLUMN "a" text;
    next: put back what differs, or record it all the same with `--force`
    ----- exit 4
    $ schemactl current
    database   sqlite://shop.db (dev)
    at         0001_users
    applied    1
    pending    1
      0002_a
    next: `schemactl apply`
    $ schemactl stamp head --force
         Stamped 0002_a
    $ schemactl log --applied -n 1
    stamped     0002_a  [MOMENT]     [TIME]  tester@[HOST]
    "#);
}

#[test]
fn show_and_edit_know_where_the_database_is() {
    let mut project = chain(&["a", "b"]);
    project.set("EDITOR", "true");
    assert_snapshot!(told(&project, &["show current"]), @"
    $ schemactl show current
    the database sqlite://shop.db doesn't exist yet
    error[E823]: `current` is no revision: nothing has run there
    help: name a revision; `schemactl log` lists them
    ----- exit 2
    ");
    project.run(&["upgrade", "+2", "-q"]).ok();
    assert_snapshot!(told(
        &project,
        &["show current", "show -1", "edit current-1", "edit head", "tag v1 current", "show heads"]
    ), @"
    $ schemactl show current
    message  a
    id       288938ce0b71
    parent   0001_users
    created  2026-11-21T10:00:00Z

    0002_a                                                  36881e3e → db8dd5c8
      +  column  users.a  text null
    1 step: 1 to add · 1 transaction · undo: yes
    $ schemactl show -1
    message  users
    id       110fad498c5a
    created  2026-11-21T10:00:00Z

    0001_users                                              af1349b9 → 36881e3e
      +  table  users  1 column
    1 step: 1 to add · 1 transaction · undo: yes
    $ schemactl edit current-1
         Checked revisions/0001_users.kdl
    $ schemactl edit head
         Checked revisions/0003_b.kdl
    $ schemactl tag v1 current
    error[E823]: `current` is counted from where a database is, and no database is asked here
    help: name the revision; `schemactl status` says where a database is
    ----- exit 2
    $ schemactl show heads
    message  b
    id       b6e2693d1b1c
    parent   0002_a
    created  2026-11-21T10:00:00Z

    0003_b                                                  db8dd5c8 → 6c511a0f
      +  column  users.b  text null
    1 step: 1 to add · 1 transaction · undo: yes
    ");
}

#[test]
fn merge_takes_heads_or_two_names() {
    let project = forked();
    let before = project.files();
    assert_snapshot!(told(
        &project,
        &["merge mine", "merge mine gone", "merge mine theirs 1", "merge 1 theirs", "merge current theirs"]
    ), @"
    $ schemactl merge mine
    error[E873]: `0002_mine` alone is named, and two are joined
    help: name the other one behind it, or none: then the heads are joined
    ----- exit 2
    $ schemactl merge mine gone
    error[E430]: there is no revision `gone`
    help: write `mine` if that is meant; `schemactl log` lists all
    ----- exit 2
    $ schemactl merge mine theirs 1
    error[E873]: these are 3 revisions, and two are joined at a time
    help: begin with two, `schemactl merge 0002_mine 0002_theirs`, then join the next with the result
    ----- exit 2
    $ schemactl merge 1 theirs
    error[E873]: of `0001_users` and `0002_theirs` one builds on the other: there is nothing to join
    help: run `schemactl heads` for what can be joined
    ----- exit 2
    $ schemactl merge current theirs
    error[E823]: `current` is counted from where a database is, and no database is asked here
    help: name the revision; `schemactl status` says where a database is
    ----- exit 2
    ");
    assert_eq!(project.files(), before);
    project.run(&["merge", "heads", "-q"]).ok();
    assert_snapshot!(told(&project, &["heads", "merge heads"]), @"
    $ schemactl heads
    0003_merge_mine_and_theirs                              a4b3f8034870  2026-11-21T10:00:00Z
    $ schemactl merge heads
    nothing to join: the chain has one head
    ");
}

#[test]
fn revision_finds_what_changed_and_nothing_else() {
    // Needs a database that is at the head.
    let project = chain(&["a"]);
    project.write("schema/shop.kdl", users(&["a", "b"]));
    assert_snapshot!(told(
        &project,
        &[
            "check",
            "revision --autogenerate -m b --sql",
            "revision --autogenerate -m again",
            "revision -m rows",
            "check"
        ]
    ), @r#"
    $ schemactl check
    error[E820]: the schema has a change that no revision makes: `+ column users.b text null`
    help: run `schemactl plan`, and commit the revision with the schema
    ----- exit 4
    $ schemactl revision --autogenerate -m b --sql
    0003_b                                                  db8dd5c8 → 6c511a0f
      +  column  users.b  text null
    1 step: 1 to add · 1 transaction · undo: yes

    -- sqlite: apply
    BEGIN;
    ALTER TABLE "users" ADD COLUMN "b" text;
    COMMIT;

    -- sqlite: rollback
    BEGIN;
    ALTER TABLE "users" DROP COLUMN "b";
    COMMIT;
           Wrote snapshots/s1-6c511a0f99f87b6e.kdl
           Wrote revisions/0003_b.kdl
    next: `schemactl apply`
    $ schemactl revision --autogenerate -m again
    nothing to plan: the schema is what the last revision leads to
    $ schemactl revision -m rows
           Wrote revisions/0004_rows.kdl
    next: `schemactl edit` to write the hook
    $ schemactl check
    error[E821]: hook `rows` has no up and no down yet
    help: run `schemactl edit 0004_rows`
    ----- exit 4
    "#);
}

#[test]
fn revision_takes_the_answers_that_it_asks_for() {
    let project = chain(&["a"]);
    project.write("schema/shop.kdl", users(&["b"]));
    let asked = project.run(&["revision", "--autogenerate", "-m", "b"]).fails(3);
    assert!(asked.contains("--rename users.a=users.b"), "{asked}");
    project.run(&["revision", "--autogenerate", "-m", "b", "--rename", "users.a=users.b", "-q"]).ok();
    assert_snapshot!(told(&project, &["revision -m rows --sql"]), @"
    $ schemactl revision -m rows --sql
    error: the following required arguments were not provided:
      --autogenerate

    Usage: schemactl revision --autogenerate --message <TEXT> --sql

    For more information, try '--help'.
    ----- exit 2
    ");
}
