//! Where a new revision goes when there are several heads, and what it depends on.

use insta::assert_snapshot;

use super::branch::{BASE, labelled, with};
use crate::support::project::Project;

/// What `billing` and the trunk come to, and an order that refers to both.
const BOTH: &str = "table users {\n    column id bigint primary-key\n}\ntable invoices {\n    column id bigint primary-key\n}\ntable posts {\n    column id bigint primary-key\n}\n";

#[test]
fn with_several_heads_the_parent_is_chosen() {
    let project = labelled();
    project.write(
        "schema/schema.kdl",
        BOTH.replacen("primary-key\n", "primary-key\n    column name text nullable\n", 1),
    );
    let before = project.files();
    assert_snapshot!(project.run(&["plan", "-m", "names"]).to_string().lines().last().unwrap(), @"----- exit 3");
    assert_snapshot!(project.run(&["plan", "-m", "names", "--parent", "billing"]), @"
    ----- stderr
    error[E816]: `0002_invoices` is no head: `0003_more` builds on it
    help: name a head, which `schemactl heads` lists, or begin a branch there: `--parent 0002_invoices --fork`
    explain: schemactl explain E816
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["plan", "--amend", "--parent", "billing@head"]), @"
    ----- stderr
    error: the argument '--amend' cannot be used with '--parent <REVISION>'

    Usage: schemactl plan --amend

    For more information, try '--help'.
    ----- exit 2
    ");
    assert_eq!(project.files(), before);
    assert_snapshot!(project.run(&["revision", "--autogenerate", "-m", "names", "--head", "billing@head"]), @"
    0004_names                                              0e13f971 → ba4a842c
      +  column  users.name  text null
    1 step: 1 to add · 1 transaction · undo: yes
    ----- stderr
           Wrote snapshots/s1-ba4a842c089920cf.kdl
           Wrote revisions/0004_names.kdl
    next: `schemactl apply`
    ");
    assert_snapshot!(project.run(&["log", "--graph"]), @"
    ○ 0004_names                                              5ee73633224c  2026-11-21T10:00:00Z (head)
    ○ 0003_more                                               64544360db94  2026-11-21T10:00:00Z
    │ ○ 0002_posts                                              952b0ce15411  2026-11-21T10:00:00Z (head)
    ○ │ 0002_invoices                                           f9d63b8897ab  2026-11-21T10:00:00Z  (billing)
    ├─╯
    ○ 0001_base                                               bf9d2829de2d  2026-11-21T10:00:00Z
    ");
    assert_snapshot!(project.run(&["plan", "--parent", "billing@head"]), @"
    ----- stderr
    nothing to plan: the schema is what the last revision leads to
    ");
    // One head that has a label and one that has none are meant to be there.
    assert_snapshot!(project.run(&["check"]), @"
    ----- stderr
         Checked 5 revisions on sqlite
    ");
    project.run(&["apply", "heads", "-q"]).ok();
    assert_snapshot!(project.run(&["new", "-m", "fill", "--parent", "1", "--splice", "--label", "jobs"]), @"
    ----- stderr
           Wrote revisions/0002_fill.kdl
    next: `schemactl edit` to write the hook
    ");
}

#[test]
fn a_branch_begins_where_others_build_already() {
    let project = Project::empty();
    project.run(&["init", "-q"]).ok();
    project.write("schema/schema.kdl", BASE);
    project.run(&["plan", "-m", "base", "-q"]).ok();
    project.write("schema/schema.kdl", with("posts"));
    project.run(&["plan", "-m", "posts", "-q"]).ok();
    project.write("schema/schema.kdl", BOTH);
    assert_snapshot!(project.run(&["plan", "-m", "bills", "--parent", "1", "--fork", "--label", "billing"]), @"
    0002_bills                                              36881e3e → 0e13f971
      +  table  invoices  1 column
    1 step: 1 to add · 1 transaction · undo: yes
    ----- stderr
           Wrote snapshots/s1-0e13f9715046655f.kdl
           Wrote revisions/0002_bills.kdl
    next: `schemactl apply`
    ");
    // What the branch doesn't have can't be changed there.
    project
        .write("schema/schema.kdl", BOTH.replace("posts {\n", "posts {\n    column title text nullable\n"));
    assert_snapshot!(project.run(&["plan", "-m", "titles", "--parent", "billing@head"]), @"
    ----- stderr
    error[E818]: what changed in the schema doesn't fit where the revision goes: table `posts` does not exist
    help: put it on the branch that has this, name that with `--depends-on REVISION`, or join the branches: `schemactl merge`
    explain: schemactl explain E818
    ----- exit 3
    ");
    project.run(&["plan", "-m", "titles", "--parent", "0002_post@base"]).fails(2);
    project.run(&["plan", "-m", "titles", "--parent", "0002_posts", "-q"]).ok();
    assert_snapshot!(project.run(&["check"]), @"
    ----- stderr
         Checked 4 revisions on sqlite
    ");
}

/// The trunk, the branch `billing`, and a revision on the trunk that needs the branch.
fn dependent() -> Project {
    let project = labelled();
    let lines = "table lines {\n    column id bigint primary-key\n    column invoice bigint references=\"invoices.id\"\n    \
                 column post bigint references=\"posts.id\"\n}\n";
    project.write("schema/schema.kdl", format!("{BOTH}{lines}"));
    project.run(&["plan", "-m", "lines", "--parent", "0002_posts"]).fails(3);
    let arguments = ["plan", "-m", "lines", "--parent", "0002_posts", "--depends-on", "billing@head", "-q"];
    project.run(&arguments).ok();
    project
}

#[test]
fn what_a_revision_depends_on_runs_before_it() {
    let project = dependent();
    let text = project.read("revisions/0003_lines.kdl");
    assert_snapshot!(text.lines().take(10).collect::<Vec<_>>().join("\n"), @r#"
    revision "0003_lines" {
        id e7ffe666795b
        parent "0002_posts" digest="r1:16e4caac45e601b8fa7638e7b30c007782a9babb6021211845480e273c956e69"
        depends-on "0003_more" id="64544360db94"
        from "s1:482d4e39a99dee320e288a5a6b9040d8a789cb99f6b25d5362293e3808de02f2"
        to "s1:14ec9811134be329fd321c85b3fce50c0075a6ed6036730837472383b03f6612"
        message "lines"
        created "2026-11-21T10:00:00Z"
    }
    ops {
    "#);
    assert_snapshot!(project.run(&["heads"]), @"
    0003_more                                               64544360db94  2026-11-21T10:00:00Z  (billing)  needed by 0003_lines
    0003_lines                                              e7ffe666795b  2026-11-21T10:00:00Z
    ");
    assert_snapshot!(project.run(&["heads", "--resolve-dependencies"]), @"0003_lines                                              e7ffe666795b  2026-11-21T10:00:00Z");
    assert_snapshot!(project.run(&["log", "--graph"]), @"
    ○ 0003_lines                                              e7ffe666795b  2026-11-21T10:00:00Z needs 0003_more (head)
    │ ○ 0003_more                                               64544360db94  2026-11-21T10:00:00Z (head)
    ○ │ 0002_posts                                              952b0ce15411  2026-11-21T10:00:00Z
    │ ○ 0002_invoices                                           f9d63b8897ab  2026-11-21T10:00:00Z  (billing)
    ├─╯
    ○ 0001_base                                               bf9d2829de2d  2026-11-21T10:00:00Z
    ");
    assert_snapshot!(project.run(&["check"]), @"
    ----- stderr
         Checked 5 revisions on sqlite
    ");
    assert_snapshot!(project.run(&["apply", "0003_lines"]), @"
    0001_base                                               af1349b9 → 36881e3e
      +  table  users  1 column
    1 step: 1 to add · undo: yes
    0002_invoices                                           36881e3e → 0e13f971
      +  table  invoices  1 column
    1 step: 1 to add · undo: yes
    0002_posts                                              0e13f971 → 482d4e39
      +  table  posts  1 column
    1 step: 1 to add · undo: yes
    0003_more                                               482d4e39 → 482d4e39
    no steps · undo: yes
    0003_lines                                              482d4e39 → 14ec9811
      +  table  lines  3 columns
    1 step: 1 to add · undo: yes
    ----- stderr
         Applied 0001_base ([TIME])
         Applied 0002_invoices ([TIME])
         Applied 0002_posts ([TIME])
         Applied 0003_more ([TIME])
         Applied 0003_lines ([TIME])
    ");
    assert_snapshot!(project.run(&["status"]), @"
    database   sqlite://project.db (dev)
    at         0003_lines
    applied    5
    pending    0
    ");
    project.run(&["apply", "heads", "-q"]).ok();
    project.run(&["prove"]).ok();
    // One back: what it depended on stays. What is depended on goes with all that needs it.
    project.run(&["rollback", "0003_lines", "-q"]).ok();
    assert_snapshot!(project.run(&["rollback", "-1", "--allow-destructive=all"]), @"
    undo 0003_lines                                         14ec9811 → 482d4e39
      -  table  lines  3 columns
           ! loses all rows of `lines`
    ----- stderr
     Rolled back 0003_lines ([TIME])
    ");
    assert_snapshot!(project.run(&["status"]), @"
    database   sqlite://project.db (dev)
    at         0002_posts, 0003_more
    applied    4
    pending    1
      0003_lines
    ----- stderr
    next: `schemactl apply heads`
    ");
    project.run(&["apply", "heads", "-q"]).ok();
    assert_snapshot!(project.run(&["rollback", "billing@base", "--allow-destructive=all"]), @"
    undo 0003_lines                                         14ec9811 → 482d4e39
      -  table  lines  3 columns
           ! loses all rows of `lines`
    undo 0003_more                                          0e13f971 → 0e13f971
    undo 0002_invoices                                      0e13f971 → 36881e3e
      -  table  invoices  1 column
           ! loses all rows of `invoices`
    ----- stderr
     Rolled back 0003_lines ([TIME])
     Rolled back 0003_more ([TIME])
     Rolled back 0002_invoices ([TIME])
    ");
    let script = project.run(&["sql", "base..0003_lines", "--dialect", "sqlite"]).ok();
    let order: Vec<&str> = script.lines().filter(|line| line.starts_with("CREATE TABLE")).collect();
    assert_snapshot!(order.join("\n"), @r#"
    CREATE TABLE IF NOT EXISTS "schemactl_journal" (seq bigint NOT NULL CONSTRAINT schemactl_journal_pkey PRIMARY KEY, format text NOT NULL, run text NOT NULL, event text NOT NULL, revision text, name text, digest text, state text, direction text, segment bigint, statement bigint, sql_digest text, started text NOT NULL, finished text NOT NULL, duration_ms bigint NOT NULL, tool text NOT NULL, actor text NOT NULL, message text);
    CREATE TABLE "users" (
    CREATE TABLE "invoices" (
    CREATE TABLE "posts" (
    CREATE TABLE "lines" (
    "#);
}

#[test]
fn dependencies_that_cannot_be() {
    let project = dependent();
    assert_snapshot!(project.run(&["new", "-m", "x", "--parent", "0003_lines", "--depends-on", "1"]), @"
    ----- stderr
    error[E817]: a revision there builds on `0001_base` anyway
    help: leave `--depends-on` out; it is for revisions of other branches
    explain: schemactl explain E817
    ----- exit 2
    ");
    project.run(&["squash", "0002_posts..0003_lines"]).fails(1);
    let posts = project.read("revisions/0003_lines.kdl");
    let line = posts.lines().find(|line| line.contains("depends-on")).unwrap();
    project.replace("revisions/0003_lines.kdl", line, "    depends-on \"0003_more\" id=aaaaaaaaaaaa");
    assert_snapshot!(project.run(&["log"]), @r#"
    ----- stderr
    error[E445]: `0003_lines` depends on `0003_more` (`aaaaaaaaaaaa`), which is not there
       ╭─[revisions/0003_lines.kdl:4:16]
     3 │     parent "0002_posts" digest="r1:16e4caac45e601b8fa7638e7b30c007782a9babb6021211845480e273c956e69"
     4 │     depends-on "0003_more" id=aaaaaaaaaaaa
       ·                ───────────
     5 │     from "s1:482d4e39a99dee320e288a5a6b9040d8a789cb99f6b25d5362293e3808de02f2"
       ╰────
    help: write `id=64544360db94` if that one is meant
    explain: schemactl explain E445
    ----- exit 5
    "#);
    project.replace("revisions/0003_lines.kdl", " id=aaaaaaaaaaaa", "");
    assert_snapshot!(project.run(&["log"]), @r#"
    ----- stderr
    error[E014]: `depends-on` needs `id=`
       ╭─[revisions/0003_lines.kdl:4:5]
     3 │     parent "0002_posts" digest="r1:16e4caac45e601b8fa7638e7b30c007782a9babb6021211845480e273c956e69"
     4 │     depends-on "0003_more"
       ·     ──────────
     5 │     from "s1:482d4e39a99dee320e288a5a6b9040d8a789cb99f6b25d5362293e3808de02f2"
       ╰────
    help: write the id behind it; `schemactl show 0003_more` tells it
    explain: schemactl explain E014
    ----- exit 1
    "#);
    project.replace("revisions/0003_lines.kdl", "    depends-on \"0003_more\"", line);
    let own = project.run(&["log", "-n", "5"]).ok();
    let id = own
        .lines()
        .find(|line| line.contains("0003_lines"))
        .and_then(|line| line.split_whitespace().nth(1))
        .unwrap();
    let circle = format!("\n    depends-on \"0003_lines\" id=\"{id}\"\n    from");
    project.replace("revisions/0002_invoices.kdl", "\n    from", &circle);
    assert_snapshot!(project.run(&["log"]), @r#"
    ----- stderr
    error[E422]: `0002_invoices`, `0003_lines`, `0003_more` need each other in a circle
       ╭─[revisions/0002_invoices.kdl:4:16]
     3 │     parent "0001_base" digest="r1:c2a324d190764f04433da5e5f06d859e843b51989e3dc904b80167085c33772a"
     4 │     depends-on "0003_lines" id="e7ffe666795b"
       ·                ──────┬─────
       ·                      ╰── depends on it
     5 │     from "s1:36881e3e6b4b644fc873ca26b1ab735c076190afff27a842012b143927aab321"
       ╰────
       ╭─[revisions/0003_lines.kdl:4:16]
     3 │     parent "0002_posts" digest="r1:16e4caac45e601b8fa7638e7b30c007782a9babb6021211845480e273c956e69"
     4 │     depends-on "0003_more" id="64544360db94"
       ·                ─────┬─────
       ·                     ╰── depends on it
     5 │     from "s1:482d4e39a99dee320e288a5a6b9040d8a789cb99f6b25d5362293e3808de02f2"
       ╰────
       ╭─[revisions/0003_more.kdl:3:12]
     2 │     id "64544360db94"
     3 │     parent "0002_invoices" digest="r1:d35b179b72bca8e64e67eee1e4fcc0cf3d5fd4a0d6cf2312d38d54b2ff400cb2"
       ·            ───────────────
     4 │     from "s1:0e13f9715046655fc6a7a4d80ed516e82c44db3d54cfb09caa637333c82c562e"
       ╰────
    help: restore the files from version control, or correct one of the parents or dependencies
    explain: schemactl explain E422
    ----- exit 5
    "#);
}

#[test]
fn a_rebase_puts_dependencies_below() {
    let project = dependent();
    let rebased = project.run(&["rebase", "0003_lines", "--onto", "0001_base"]).to_string();
    let moved: Vec<&str> = rebased.lines().map(str::trim).filter(|line| line.starts_with("Moved")).collect();
    assert_snapshot!(moved.join("\n"), @"
    Moved 0002_invoices to 0002_invoices
    Moved 0002_posts to 0003_posts
    Moved 0003_more to 0004_more
    Moved 0003_lines to 0005_lines
    ");
    assert!(!project.read("revisions/0005_lines.kdl").contains("depends-on"));
    assert_snapshot!(project.run(&["check"]), @"
    ----- stderr
         Checked 5 revisions on sqlite
    ");
}
