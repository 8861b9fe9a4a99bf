//! Two branches of the chain: what the commands say of them, and how `merge` and `rebase` make one of them again.

use std::fs;

use insta::assert_snapshot;

use crate::support::project::Project;

pub const BASE: &str = "table users {\n    column id bigint primary-key\n    column name text\n}\n";

/// A project in which two people have planned on top of the same revision; the schema's files are the first one's.
pub fn forked(ours: &str, theirs: &str) -> Project {
    forked_from(BASE, ours, theirs)
}

/// The same, from another schema.
pub fn forked_from(base: &str, ours: &str, theirs: &str) -> Project {
    let project = Project::empty();
    project.run(&["init", "-q"]).ok();
    project.write("schema/schema.kdl", base);
    project.run(&["plan", "-m", "base", "-q"]).ok();
    project.write("schema/schema.kdl", ours);
    project.run(&["plan", "-m", "ours", "-q", "--no-renames"]).ok();
    let first = project.read("revisions/0002_ours.kdl");
    fs::remove_file(project.path("revisions/0002_ours.kdl")).unwrap();
    project.write("schema/schema.kdl", theirs);
    project.run(&["plan", "-m", "theirs", "-q", "--no-renames"]).ok();
    project.write("revisions/0002_ours.kdl", first);
    project.write("schema/schema.kdl", ours);
    project
}

fn friendly() -> Project {
    forked(
        &BASE.replace("name text\n", "name text default=anon\n    index name\n"),
        &BASE.replace("users {", "people was=users {").replace("name text\n", "full_name text was=name\n"),
    )
}

#[test]
fn two_heads_are_told_everywhere() {
    let project = friendly();
    assert_snapshot!(project.run(&["heads", "-q"]), @"
    0002_ours                                               c4041c5a17f9  2026-11-21T10:00:00Z
    0002_theirs                                             5682b2749f7c  2026-11-21T10:00:00Z
    ");
    assert_snapshot!(project.run(&["branches"]), @"
    0001_base                                               59f8bd0f6d44  2026-11-21T10:00:00Z
      0002_ours
      0002_theirs
    ");
    assert_snapshot!(project.run(&["log", "--graph"]), @"
    ○ 0002_theirs                                             5682b2749f7c  2026-11-21T10:00:00Z (head)
    │ ○ 0002_ours                                               c4041c5a17f9  2026-11-21T10:00:00Z (head)
    ├─╯
    ○ 0001_base                                               59f8bd0f6d44  2026-11-21T10:00:00Z
    ");
    assert_snapshot!(project.run(&["check"]), @r#"
    ----- stderr
    error[E423]: the chain has 2 heads: `0002_ours`, `0002_theirs`
       ╭─[revisions/0002_ours.kdl:1:10]
     1 │ revision "0002_ours" {
       ·          ─────┬─────
       ·               ╰── nothing builds on this one
     2 │     id c4041c5a17f9
       ╰────
       ╭─[revisions/0002_theirs.kdl:1:10]
     1 │ revision "0002_theirs" {
       ·          ──────┬──────
       ·                ╰── nothing builds on this one
     2 │     id "5682b2749f7c"
       ╰────
    help: join them with `schemactl merge`, or put one on top of the other with `schemactl rebase`
    explain: schemactl explain E423
    ----- exit 4
    "#);
    assert_snapshot!(project.run(&["apply", "--url", "sqlite://shop.db"]), @r#"
    ----- stderr
    error[E423]: the chain has 2 heads: `0002_ours`, `0002_theirs`
       ╭─[revisions/0002_ours.kdl:1:10]
     1 │ revision "0002_ours" {
       ·          ─────┬─────
       ·               ╰── nothing builds on this one
     2 │     id c4041c5a17f9
       ╰────
       ╭─[revisions/0002_theirs.kdl:1:10]
     1 │ revision "0002_theirs" {
       ·          ──────┬──────
       ·                ╰── nothing builds on this one
     2 │     id "5682b2749f7c"
       ╰────
    help: join them with `schemactl merge`, or put one on top of the other with `schemactl rebase`
    explain: schemactl explain E423
    ----- exit 3
    "#);
}

#[test]
fn a_rename_and_an_edit_of_the_same_merge() {
    let project = friendly();
    assert_snapshot!(project.run(&["merge", "--dry-run"]), @"
    0003_merge_ours_and_theirs                              8f2d1cb4 → 8f2d1cb4
    no steps · undo: yes
    ----- stderr
          Proved either order of the branches leads to this state
    ");
    assert!(!project.path("revisions/0003_merge_ours_and_theirs.kdl").exists());
    assert_snapshot!(project.run(&["merge"]), @"
    0003_merge_ours_and_theirs                              8f2d1cb4 → 8f2d1cb4
    no steps · undo: yes
    ----- stderr
          Proved either order of the branches leads to this state
           Wrote snapshots/s1-8f2d1cb4e0f7900e.kdl
           Wrote revisions/0003_merge_ours_and_theirs.kdl
         Updated schema/schema.kdl
    next: `schemactl apply`
    ");
    assert_snapshot!(project.read("schema/schema.kdl"), @"
    table people {
        column id bigint primary-key
        column full_name text default=anon
        index full_name name=users_name_idx
    }
    ");
    project.run(&["check"]).ok();
    project.run(&["apply", "0002_theirs", "--url", "sqlite://shop.db"]).ok();
    assert_snapshot!(project.run(&["apply", "--url", "sqlite://shop.db", "--dry-run"]), @"
    0002_ours                                               e07288f3 → 8f2d1cb4
      ~  column  people.full_name       text → text default 'anon'
      +  index   people.users_name_idx  (full_name)
    2 steps: 1 to add, 1 to change · undo: yes
    0003_merge_ours_and_theirs                              8f2d1cb4 → 8f2d1cb4
    no steps · undo: yes
    ");
    assert_snapshot!(project.run(&["log", "--graph", "--url", "sqlite://shop.db"]), @"
    ○ 0003_merge_ours_and_theirs                              da7a59c5c6d0  2026-11-21T10:00:00Z (head)
    ├─╮
    │ ● 0002_theirs                                             5682b2749f7c  2026-11-21T10:00:00Z
    ○ │ 0002_ours                                               c4041c5a17f9  2026-11-21T10:00:00Z
    ├─╯
    ● 0001_base                                               59f8bd0f6d44  2026-11-21T10:00:00Z
    ");
    assert_snapshot!(project.run(&["merge"]), @"
    ----- stderr
    nothing to join: the chain has one head
    ");
}

fn contrary() -> Project {
    forked(
        &BASE.replace("name text", "name \"varchar(100)\" default=anon"),
        &BASE.replace("name text", "name \"varchar(200)\""),
    )
}

#[test]
fn a_conflict_is_shown_and_decided() {
    let project = contrary();
    let before = project.files();
    assert_snapshot!(project.run(&["merge"]), @r#"
    ----- stderr
    error[E870]: `type` of the column `users.name` was changed on both branches
      before       column name text
      0002_ours    column name "varchar(100)" default=anon
      0002_theirs  column name "varchar(200)"
        ╭─[revisions/0002_ours.kdl:10:5]
      9 │ ops {
     10 │     alter-column users {
        ·     ──────┬─────
        ·           ╰── changed here
     11 │         from {
        ╰────
        ╭─[revisions/0002_theirs.kdl:10:5]
      9 │ ops {
     10 │     alter-column users {
        ·     ──────┬─────
        ·           ╰── changed here
     11 │         from {
        ╰────
    help: decide with `schemactl merge --ours users.name` for `0002_ours`, or `schemactl merge --theirs users.name` for `0002_theirs`
    explain: schemactl explain E870
    ----- exit 3
    "#);
    assert_snapshot!(project.run(&["merge", "--ours", "users.id"]), @"
    ----- stderr
    error[E873]: `users.id` is nothing that both branches changed
    help: leave it out; `schemactl merge` lists the conflicts
    explain: schemactl explain E873
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["apply", "heads", "--url", "sqlite://shop.db"]), @"
    ----- stderr
    error[E433]: `0002_ours` and `0002_theirs` contradict each other over the column `users.name`
    help: run `schemactl merge` to see and decide it
    explain: schemactl explain E433
    ----- exit 3
    ");
    assert_eq!(project.files(), before);
    project.run(&["merge", "--theirs", "users.name", "-q"]).ok();
    // What only one branch changed of the same column stays.
    assert!(project.read("schema/schema.kdl").contains("column name \"varchar(200)\" default=anon"));
    project.run(&["check"]).ok();
    for first in ["0002_ours", "0002_theirs"] {
        let url = format!("sqlite://{first}.db");
        project.run(&["apply", first, "--url", &url, "--allow-destructive", "all"]).ok();
        project.run(&["apply", "--url", &url, "--allow-destructive", "all"]).ok();
        project.run(&["rollback", "base", "--url", &url, "--allow-destructive", "all"]).ok();
    }
}

#[test]
fn the_files_of_the_schema_can_decide() {
    let project = contrary();
    project.write("schema/schema.kdl", BASE.replace("name text", "name \"varchar(150)\" default=anon"));
    assert_snapshot!(project.run(&["merge", "--schema"]), @"
    0003_merge_ours_and_theirs                              fb27bda2 → d2dfd3ce
      ~  column  users.name  varchar(100) default 'anon' → varchar(150) default 'anon'
    1 step: 1 to change · undo: yes, but every value of `users.name` must fit `varchar(100)`
    ----- stderr
          Proved either order of the branches leads to this state
           Wrote snapshots/s1-d2dfd3ce7a6f8d08.kdl
           Wrote revisions/0003_merge_ours_and_theirs.kdl
    next: `schemactl apply`
    ");
    project.run(&["check"]).ok();
    assert!(project.read("revisions/0003_merge_ours_and_theirs.kdl").contains("wins"));
}

#[test]
fn what_does_not_fit_together_is_refused() {
    let project = forked(
        "table posts {\n    column id bigint primary-key\n}\n",
        &format!("{BASE}table notes {{\n    column user_id bigint references=\"users.id\"\n}}\n"),
    );
    let before = project.files();
    assert_snapshot!(project.run(&["merge"]), @"
    ----- stderr
    error[E871]: what both branches changed doesn't fit together: there is no table `users`
    help: declare it: `table users { … }`
    explain: schemactl explain E871
    ----- exit 3
    ");
    assert_eq!(project.files(), before);
}

#[test]
fn a_branch_is_put_on_top_of_the_other() {
    let project = friendly();
    assert_snapshot!(project.run(&["rebase", "0002_ours"]), @"
    0003_ours                                               e07288f3 → 8f2d1cb4
      ~  column  people.full_name       text → text default 'anon'
      +  index   people.users_name_idx  (full_name)
    2 steps: 1 to add, 1 to change · undo: yes
    ----- stderr
           Moved 0002_ours to 0003_ours
         Updated schema/schema.kdl
    next: `schemactl apply`
    ");
    assert_snapshot!(project.read("schema/schema.kdl"), @"
    table people {
        column id bigint primary-key
        column full_name text default=anon
        index full_name name=users_name_idx
    }
    ");
    assert!(!project.path("revisions/0002_ours.kdl").exists());
    project.run(&["check"]).ok();
    assert_snapshot!(project.run(&["log", "--graph"]), @"
    ○ 0003_ours                                               c4041c5a17f9  2026-11-21T10:00:00Z (head)
    ○ 0002_theirs                                             5682b2749f7c  2026-11-21T10:00:00Z
    ○ 0001_base                                               59f8bd0f6d44  2026-11-21T10:00:00Z
    ");
    project.run(&["apply", "--url", "sqlite://shop.db"]).ok();
    assert_snapshot!(project.run(&["rebase"]), @"
    ----- stderr
    nothing to rebase: the chain has one head
    ");
}

#[test]
fn a_branch_that_a_database_has_stays() {
    let project = friendly();
    project.run(&["apply", "0002_ours", "--url", "sqlite://shop.db", "-q"]).ok();
    assert_snapshot!(project.run(&["rebase", "0002_ours", "--url", "sqlite://shop.db"]), @"
    ----- stderr
    error[E874]: the database has `0002_ours`, which must stay as it is
    help: use `schemactl merge`, or roll it back first
    explain: schemactl explain E874
    ----- exit 1
    ");
    project.run(&["rebase", "0002_theirs", "--url", "sqlite://shop.db", "-q"]).ok();
    project.run(&["apply", "--url", "sqlite://shop.db"]).ok();
    project.run(&["check"]).ok();
}

#[test]
fn hooks_move_along_and_are_held_against_new_names() {
    let project = friendly();
    project.replace(
        "revisions/0002_ours.kdl",
        "ops {",
        "ops {\n    data trim-names {\n        up (sql)\"UPDATE users SET name = trim(name)\"\n        down nothing\n    }",
    );
    assert_snapshot!(project.run(&["merge"]), @"
    ----- stderr
    error[E434]: hook `trim-names` of `0002_ours` uses the table `users`, which another branch calls `people`
    help: put it on top with `schemactl rebase 0002_ours`, and write the new name into it
    explain: schemactl explain E434
    ----- exit 3
    ");
    assert_snapshot!(project.run(&["rebase", "0002_ours", "--dry-run"]), @"
    0003_ours                                               e07288f3 → 8f2d1cb4
      »  data    trim-names
      ~  column  people.full_name       text → text default 'anon'
      +  index   people.users_name_idx  (full_name)
    3 steps: 1 to add, 1 to change, 1 to move data · undo: yes
    ----- stderr
    warning[E434]: hook `trim-names` of `0002_ours` uses the table `users`, which another branch calls `people`
    help: write the new name into the hook: `schemactl edit`
    explain: schemactl explain E434
    ");
}

#[test]
fn a_merge_stands_on_what_was_merged() {
    let project = friendly();
    project.run(&["merge", "-q"]).ok();
    project.replace("revisions/0002_ours.kdl", "message \"ours\"", "message \"ours again\"");
    let found = project.run(&["status", "--url", "sqlite://shop.db"]);
    assert_snapshot!(found, @r#"
    ----- stderr
    error[E424]: `0002_ours` was changed after `0003_merge_ours_and_theirs` had built on it
       ╭─[revisions/0003_merge_ours_and_theirs.kdl:3:12]
     2 │     id da7a59c5c6d0
     3 │     parent "0002_ours" digest="r1:2577d863f87d6bd7f5d1e752b51b1bd34ced3328a6607b04ca6f4754fa323d5e"
       ·            ─────┬─────
       ·                 ╰── it was `r1:2577d863f87d6bd7f5d1e752b51b1bd34ced3328a6607b04ca6f4754fa323d5e` then
     4 │     parent "0002_theirs" digest="r1:71849edc76360a036ca0a5c5c0ea08a8348bd0fca9fe2073389fcf97e3a76dc9"
       ╰────
       ╭─[revisions/0002_ours.kdl:1:10]
     1 │ revision "0002_ours" {
       ·          ─────┬─────
       ·               ╰── it is `r1:4bffe1a0a8e0259a21cfd1a87fd91d7b85792c742c7816d5486cd47e538e2b7e` now
     2 │     id c4041c5a17f9
       ╰────
    help: run `git checkout -- revisions/0002_ours.kdl` or take the change back otherwise, and put it into a new revision
    explain: schemactl explain E424
    ----- exit 5
    "#);
    assert_eq!(project.run(&["merge"]).to_string(), found.to_string());
}
