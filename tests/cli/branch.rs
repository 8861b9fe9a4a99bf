//! Branches that live on side by side: what labels name.

use std::fs;

use insta::assert_snapshot;

use crate::support::project::Project;

pub(super) const BASE: &str = "table users {\n    column id bigint primary-key\n}\n";

pub(super) fn with(table: &str) -> String {
    format!("{BASE}table {table} {{\n    column id bigint primary-key\n}}\n")
}

/// A chain with a branch called `billing` of two revisions, and one without a name.
pub(super) fn labelled() -> Project {
    let project = Project::empty();
    project.run(&["init", "-q"]).ok();
    project.write("schema/schema.kdl", BASE);
    project.run(&["plan", "-m", "base", "-q"]).ok();
    project.write("schema/schema.kdl", with("invoices"));
    project.run(&["plan", "-m", "invoices", "-q", "--label", "billing"]).ok();
    project.run(&["plan", "--empty", "-m", "more", "-q"]).ok();
    let names = ["0002_invoices", "0003_more"].map(|name| format!("revisions/{name}.kdl"));
    let own = names.each_ref().map(|name| project.read(name));
    names.iter().for_each(|name| fs::remove_file(project.path(name)).unwrap());
    project.write("schema/schema.kdl", with("posts"));
    project.run(&["plan", "-m", "posts", "-q"]).ok();
    for (name, text) in names.iter().zip(own) {
        project.write(name, text);
    }
    project
}

#[test]
fn a_label_is_shown_where_its_branch_is() {
    let project = labelled();
    assert_snapshot!(project.run(&["label"]), @"billing  0002_invoices  f9d63b8897ab");
    assert_snapshot!(project.run(&["heads"]), @"
    0002_posts                                              952b0ce15411  2026-11-21T10:00:00Z
    0003_more                                               64544360db94  2026-11-21T10:00:00Z  (billing)
    ");
    assert_snapshot!(project.run(&["branches"]), @"
    0001_base                                               bf9d2829de2d  2026-11-21T10:00:00Z
      0002_invoices (billing) → 0003_more
      0002_posts
    ");
    assert_snapshot!(project.run(&["log", "--graph"]), @"
    ○ 0003_more                                               64544360db94  2026-11-21T10:00:00Z (head)
    │ ○ 0002_posts                                              952b0ce15411  2026-11-21T10:00:00Z (head)
    ○ │ 0002_invoices                                           f9d63b8897ab  2026-11-21T10:00:00Z  (billing)
    ├─╯
    ○ 0001_base                                               bf9d2829de2d  2026-11-21T10:00:00Z
    ");
    let shown = project.run(&["show", "billing"]).ok();
    assert_snapshot!(shown.lines().take(6).collect::<Vec<_>>().join("\n"), @"
    message  invoices
    id       f9d63b8897ab
    parent   0001_base
    created  2026-11-21T10:00:00Z
    labels   billing
    ");
}

#[test]
fn a_branch_is_applied_and_rolled_back_alone() {
    let project = labelled();
    let run = |[command, target]: [&str; 2]| match command {
        "rollback" => project.run(&[command, target, "--allow-destructive=all"]).to_string(),
        _ => project.run(&[command, target]).to_string(),
    };
    let at = || project.run(&["status"]).ok().lines().nth(1).unwrap_or_default().to_owned();
    let mut told = Vec::new();
    for arguments in [
        ["apply", "billing@+1"],
        ["apply", "billing@head"],
        ["apply", "heads"],
        ["apply", "billing@head"],
        ["rollback", "billing@-1"],
        ["rollback", "billing@base"],
        ["apply", "0002_invoices@head"],
        ["rollback", "billing"],
        ["rollback", "billing@base"],
        ["rollback", "billing@base"],
    ] {
        let output = run(arguments);
        let first = output.lines().find(|line| line.starts_with("error") || line.starts_with("nothing"));
        told.push(format!("{:<28} {}", arguments.join(" "), first.map_or_else(at, str::to_owned)));
    }
    assert_snapshot!(told.join("\n"), @"
    apply billing@+1             at         0002_invoices
    apply billing@head           at         0003_more
    apply heads                  at         0002_posts, 0003_more
    apply billing@head           nothing to apply: the database is up to date
    rollback billing@-1          at         0002_invoices, 0002_posts
    rollback billing@base        at         0002_posts
    apply 0002_invoices@head     at         0002_posts, 0003_more
    rollback billing             at         0002_invoices
    rollback billing@base        at         0001_base
    rollback billing@base        nothing to roll back: the database is there already
    ");
}

#[test]
fn a_label_means_one_thing() {
    let project = labelled();
    let before = project.files();
    assert_snapshot!(project.run(&["label", "billing", "0002_posts"]), @"
    ----- stderr
    error[E824]: `0002_invoices` has the label `billing`
    help: move it: `schemactl label billing 0002_posts --move`
    explain: schemactl explain E824
    ----- exit 1
    ");
    assert_snapshot!(project.run(&["label", "posts", "0002_invoices"]), @r#"
    ----- stderr
    error[E444]: `posts` can't be a label: `0002_posts` goes by it
       ╭─[revisions/0002_posts.kdl:1:10]
     1 │ revision "0002_posts" {
       ·          ──────┬─────
       ·                ╰── here
     2 │     id "952b0ce15411"
       ╰────
    help: choose another name
    explain: schemactl explain E444
    ----- exit 1
    "#);
    assert_snapshot!(project.run(&["tag", "billing", "1"]), @r#"
    ----- stderr
    error[E415]: `0002_invoices` has the label `billing`
       ╭─[revisions/0002_invoices.kdl:8:12]
     7 │     created "2026-11-21T10:00:00Z"
     8 │     labels billing
       ·            ───┬───
       ·               ╰── here
     9 │ }
       ╰────
    help: choose another name, or free it: `schemactl label --delete billing`
    explain: schemactl explain E415
    ----- exit 1
    "#);
    assert_snapshot!(project.run(&["label", "head", "1"]), @"
    ----- stderr
    error[E444]: `head` can't be a label: it has a meaning of its own
    help: use another word, for example `billing`
    explain: schemactl explain E444
    ----- exit 1
    ");
    assert_snapshot!(project.run(&["label", "a@b", "1"]), @"
    ----- stderr
    error[E444]: `a@b` can't be a label: such names are letters, digits, `_`, `-` and `.`, and begin with none of the last two
    help: use another word, for example `billing`
    explain: schemactl explain E444
    ----- exit 1
    ");
    assert_snapshot!(project.run(&["label", "--delete", "biling"]), @"
    ----- stderr
    error[E438]: no revision has the label `biling`
    help: write `billing` if that is meant; `schemactl label` lists all
    explain: schemactl explain E438
    ----- exit 1
    ");
    assert_eq!(project.files(), before);
    project.run(&["label", "billing", "0003_more", "--move", "-q"]).ok();
    project.run(&["label", "--delete", "billing", "-q"]).ok();
    assert_snapshot!(project.run(&["label"]), @"
    ----- stderr
    no revision has a label
    ");
}

#[test]
fn a_label_given_twice_in_the_files_is_told_with_both_places() {
    let project = labelled();
    project.replace("revisions/0002_posts.kdl", "\n    message", "\n    labels billing\n    message");
    assert_snapshot!(project.run(&["check"]), @r#"
    ----- stderr
    error[E444]: `0002_invoices` and `0002_posts` have the same label `billing`
       ╭─[revisions/0002_posts.kdl:6:12]
     5 │     to "s1:0531743fc53abfac194af397d3395e223f683fbd5b50aba8b527f5f741ae3ed6"
     6 │     labels billing
       ·            ───┬───
       ·               ╰── again here
     7 │     message "posts"
       ╰────
       ╭─[revisions/0002_invoices.kdl:8:12]
     7 │     created "2026-11-21T10:00:00Z"
     8 │     labels billing
       ·            ───┬───
       ·               ╰── first here
     9 │ }
       ╰────
    help: delete one of the two labels
    explain: schemactl explain E444
    ----- exit 4
    "#);
    project.replace("revisions/0002_posts.kdl", "labels billing", "tags billing");
    assert_snapshot!(project.run(&["log"]), @r#"
    ----- stderr
    error[E444]: `billing` is a label of `0002_invoices` and a tag of `0002_posts`
       ╭─[revisions/0002_posts.kdl:6:10]
     5 │     to "s1:0531743fc53abfac194af397d3395e223f683fbd5b50aba8b527f5f741ae3ed6"
     6 │     tags billing
       ·          ───┬───
       ·             ╰── again here
     7 │     message "posts"
       ╰────
       ╭─[revisions/0002_invoices.kdl:8:12]
     7 │     created "2026-11-21T10:00:00Z"
     8 │     labels billing
       ·            ───┬───
       ·               ╰── first here
     9 │ }
       ╰────
    help: delete one of the two
    explain: schemactl explain E444
    ----- exit 1
    "#);
    project.replace("revisions/0002_posts.kdl", "tags billing", "labels invoices");
    assert_snapshot!(project.run(&["log"]), @r#"
    ----- stderr
    error[E444]: the label `invoices` of `0002_posts` could also be `0002_invoices`
       ╭─[revisions/0002_posts.kdl:6:12]
     5 │     to "s1:0531743fc53abfac194af397d3395e223f683fbd5b50aba8b527f5f741ae3ed6"
     6 │     labels invoices
       ·            ────┬───
       ·                ╰── the label
     7 │     message "posts"
       ╰────
       ╭─[revisions/0002_invoices.kdl:1:10]
     1 │ revision "0002_invoices" {
       ·          ───────┬───────
       ·                 ╰── the revision
     2 │     id f9d63b8897ab
       ╰────
    help: write another label, or give the revision's file another slug
    explain: schemactl explain E444
    ----- exit 1
    "#);
}
