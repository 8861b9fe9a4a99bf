//! Branches that have merges in them, or go astray on their way: put in a row, made one, or refused.

use std::fs;

use insta::assert_snapshot;

use super::merge::{BASE, forked};
use crate::support::project::Project;

/// A branch that has a merge in it: two revisions on top of the base, joined, and one on top of that.
fn knotted() -> Project {
    let project = forked(
        &BASE.replace("name text\n", "name text default=anon\n"),
        &format!("{BASE}table notes {{\n    column id int primary-key\n}}\n"),
    );
    project.run(&["merge", "-q"]).ok();
    let schema = project.read("schema/schema.kdl");
    project.write("schema/schema.kdl", format!("{schema}table more {{\n    column id int primary-key\n}}\n"));
    project.run(&["plan", "-q", "-m", "more"]).ok();
    project
}

#[test]
fn a_branch_with_a_merge_in_it_is_put_in_a_row() {
    let project = knotted();
    let mine = ["0002_ours", "0002_theirs", "0003_merge_ours_and_theirs", "0004_more"]
        .map(|name| (name, project.read(&format!("revisions/{name}.kdl"))));
    for (name, _) in &mine {
        fs::remove_file(project.path(&format!("revisions/{name}.kdl"))).unwrap();
    }
    let schema = project.read("schema/schema.kdl");
    project.write(
        "schema/schema.kdl",
        BASE.replace("users {", "people was=users {").replace("name text\n", "full_name text was=name\n"),
    );
    project.run(&["plan", "-q", "-m", "rename"]).ok();
    for (name, text) in &mine {
        project.write(&format!("revisions/{name}.kdl"), text);
    }
    project.write("schema/schema.kdl", &schema);
    let merged = Project::empty();
    for file in project.files() {
        merged.write(&file, fs::read(project.path(&file)).unwrap());
    }
    merged.run(&["merge", "-q"]).ok();
    assert_snapshot!(project.run(&["rebase", "0004_more"]), @"
    0003_ours                                               e07288f3 → bd2e1a57
      ~  column  people.full_name  text → text default 'anon'
    1 step: 1 to change · undo: yes
    0004_theirs                                             bd2e1a57 → 110d38db
      +  table  notes  1 column
    1 step: 1 to add · undo: yes
    0005_more                                               110d38db → 43a5bddf
      +  table  more  1 column
    1 step: 1 to add · undo: yes
    ----- stderr
           Moved 0002_ours to 0003_ours
           Moved 0002_theirs to 0004_theirs
    `0003_merge_ours_and_theirs` goes: what it joined lies in a row now
           Moved 0004_more to 0005_more
         Updated schema/schema.kdl
    next: `schemactl apply`
    ");
    project.run(&["check"]).ok();
    assert_snapshot!(project.run(&["log", "--graph"]), @"
    ○ 0005_more                                               722bd6b28cbd  2026-11-21T10:00:00Z (head)
    ○ 0004_theirs                                             cde704be0f08  2026-11-21T10:00:00Z
    ○ 0003_ours                                               b8165295f702  2026-11-21T10:00:00Z
    ○ 0002_rename                                             3ff1bb9959f1  2026-11-21T10:00:00Z
    ○ 0001_base                                               59f8bd0f6d44  2026-11-21T10:00:00Z
    ");
    for (project, name) in [(&project, "rebased"), (&merged, "merged")] {
        project.run(&["apply", "-q", "--url", &format!("sqlite://{name}.db")]).ok();
    }
    let inspect =
        |project: &Project, name| project.run(&["inspect", "--url", &format!("sqlite://{name}.db")]).ok();
    assert_eq!(inspect(&project, "rebased"), inspect(&merged, "merged"));
    assert_eq!(project.read("schema/schema.kdl"), merged.read("schema/schema.kdl"));
}

#[test]
fn branches_within_a_range_become_one() {
    let project = knotted();
    for (name, target) in
        [("all", "head"), ("one", "0002_ours"), ("other", "0002_theirs"), ("base", "0001_base")]
    {
        project.run(&["apply", target, "-q", "--url", &format!("sqlite://{name}.db")]).ok();
    }
    let wanted = project.run(&["inspect", "--url", "sqlite://all.db"]).ok();
    assert_snapshot!(project.run(&["squash", "0002_ours..head"]), @r#"
    ----- stderr
    error[E440]: `0002_theirs` is on a branch that begins before the range
       ╭─[revisions/0002_theirs.kdl:1:10]
     1 │ revision "0002_theirs" {
       ·          ─────────────
     2 │     id cde704be0f08
       ╰────
    help: begin the range where the branches part, or behind their merge
    explain: schemactl explain E440
    ----- exit 1
    "#);
    assert_snapshot!(project.run(&["squash", "base..0002_ours"]), @r#"
    ----- stderr
    error[E440]: `0002_theirs` builds on `0001_base`, within the range
       ╭─[revisions/0002_theirs.kdl:1:10]
     1 │ revision "0002_theirs" {
       ·          ──────┬──────
       ·                ╰── not in the range
     2 │     id cde704be0f08
       ╰────
    help: join the branches with `schemactl merge`, or squash up to `0001_base`
    explain: schemactl explain E440
    ----- exit 1
    "#);
    project.run(&["checkpoint", "-q"]).ok();
    project.run(&["check"]).ok();
    project.run(&["apply", "-q", "--url", "sqlite://pointed.db"]).ok();
    assert_snapshot!(project.run(&["squash", "base..0003_merge_ours_and_theirs", "-m", "beginnings"]), @"
    0003_beginnings                                         af1349b9 → 823a9552
      +  table  notes  1 column
      +  table  users  2 columns
    2 steps: 2 to add · 1 transaction · undo: yes
    ----- stderr
           Wrote revisions/0003_beginnings.kdl
           Moved 4 revisions to revisions/replaced
    next: `schemactl check`, then `schemactl prove`
    ");
    project.run(&["check"]).ok();
    for name in ["all", "one", "other", "base", "pointed", "new"] {
        let url = format!("sqlite://{name}.db");
        project.run(&["apply", "-q", "--no-checkpoint", "--url", &url]).ok();
        assert_eq!(project.run(&["inspect", "--url", &url]).ok(), wanted, "{name}");
        project.run(&["rollback", "base", "-q", "--allow-destructive=all", "--url", &url]).ok();
    }
}

#[test]
fn a_squashed_revision_that_moves_stands_for_itself_alone() {
    let project = knotted();
    project.run(&["apply", "0003_merge_ours_and_theirs", "-q", "--url", "sqlite://parts.db"]).ok();
    project.run(&["squash", "0001_base..head", "-m", "mine", "-q"]).ok();
    let mine = project.read("revisions/0004_mine.kdl");
    fs::remove_file(project.path("revisions/0004_mine.kdl")).unwrap();
    let schema = project.read("schema/schema.kdl");
    project.write("schema/schema.kdl", format!("{BASE}table their {{\n    column id int primary-key\n}}\n"));
    project.run(&["plan", "-q", "-m", "their"]).ok();
    project.write("revisions/0004_mine.kdl", mine);
    project.write("schema/schema.kdl", schema);
    assert_snapshot!(project.run(&["rebase", "0004_mine", "--url", "sqlite://parts.db"]), @"
    ----- stderr
    error[E874]: the database has `0002_ours`, `0002_theirs`, `0003_merge_ours_and_theirs`, which must stay as it is
    help: use `schemactl merge`, or roll it back first
    explain: schemactl explain E874
    ----- exit 1
    ");
    assert_snapshot!(project.run(&["rebase", "0004_mine"]), @"
    0003_mine                                               f0faed35 → 0a4f206e
      +  table   more        1 column
      +  table   notes       1 column
      ~  column  users.name  text → text default 'anon'
    3 steps: 2 to add, 1 to change · undo: yes
    ----- stderr
    warning[E874]: `0004_mine` no longer stands in place of `0002_ours`, `0002_theirs`, `0003_merge_ours_and_theirs`, `0004_more`: a database that has them doesn't fit the chain any more
    help: roll such databases back before, or use `schemactl merge`
    explain: schemactl explain E874
           Moved 0004_mine to 0003_mine
         Updated schema/schema.kdl
    next: `schemactl apply`
    ");
    project.run(&["check"]).ok();
    project.run(&["apply", "-q", "--url", "sqlite://new.db"]).ok();
}

/// A branch that takes back what it did, which another did meanwhile.
#[test]
fn what_contradicts_on_the_way_is_refused_before_it_is_written() {
    let project = forked(
        "table users {\n    column id bigint\n    column name text\n    primary-key id name\n}\n",
        "table users {\n    column id bigint\n    column name text primary-key\n}\n",
    );
    // Their branch goes back to where it began.
    let ours = project.read("revisions/0002_ours.kdl");
    let schema = project.read("schema/schema.kdl");
    fs::remove_file(project.path("revisions/0002_ours.kdl")).unwrap();
    project.write("schema/schema.kdl", BASE);
    project.run(&["plan", "-q", "-m", "back again"]).ok();
    project.write("revisions/0002_ours.kdl", ours);
    project.write("schema/schema.kdl", schema);
    let before = project.files();
    assert_snapshot!(project.run(&["merge"]), @"
    ----- stderr
    error[E872]: on the way, `0002_ours` and `0002_theirs` contradict each other over the primary key `users.users_pkey`
    help: put one branch on top of the other with `schemactl rebase`, or make its revisions one with `schemactl squash`
    explain: schemactl explain E872
    ----- exit 1
    ");
    assert_eq!(project.files(), before);
    // As one revision, their branch changes nothing.
    project.run(&["squash", "0001_base..0003_back_again", "-q"]).ok();
    project.run(&["merge", "-q"]).ok();
    project.run(&["check"]).ok();
    project.run(&["apply", "-q", "--url", "sqlite://new.db"]).ok();
}
