//! Conflicts that somebody has decided, between branches of several revisions and between three branches.

use std::fs;

use insta::assert_snapshot;

use crate::support::project::Project;

/// A table of users, whose name is as long as this, and others beside it.
fn schema(length: u32, others: &[&str]) -> String {
    let table = |name| format!("table {name} {{\n    column id bigint primary-key\n}}\n");
    let others: String = others.iter().map(table).collect();
    format!(
        "table users {{\n    column id bigint primary-key\n    column name \"varchar({length})\"\n}}\n{others}"
    )
}

/// A project with the branches of people who did not see each other's revisions: each is a list of messages and of the
/// schema at them. The schema's files are those of the first branch.
fn branched(branches: &[&[(&str, String)]]) -> Project {
    let project = Project::empty();
    project.run(&["init", "-q"]).ok();
    project.write("schema/schema.kdl", schema(50, &[]));
    project.run(&["plan", "-m", "base", "-q"]).ok();
    let mut written = Vec::new();
    for branch in branches {
        let mut own = Vec::new();
        for (message, schema) in *branch {
            project.write("schema/schema.kdl", schema);
            let before = project.files();
            project.run(&["plan", "-m", message, "-q"]).ok();
            let new = project.files().into_iter().filter(|file| !before.contains(file));
            own.extend(new.filter(|file| file.starts_with("revisions/")));
        }
        for file in own {
            written.push((file.clone(), project.read(&file)));
            fs::remove_file(project.path(&file)).unwrap();
        }
    }
    for (file, text) in written {
        project.write(&file, text);
    }
    if let Some((_, schema)) = branches.first().and_then(|branch| branch.last()) {
        project.write("schema/schema.kdl", schema);
    }
    project
}

/// Whatever of the branches a database gets first, it comes to what one that gets all at once comes to, and back.
fn comes_to_the_same(project: &Project, firsts: &[&str]) {
    project.run(&["check"]).ok();
    project.run(&["verify"]).ok();
    project.run(&["apply", "-q", "--url", "sqlite://new.db"]).ok();
    let wanted = project.run(&["inspect", "--url", "sqlite://new.db"]).ok();
    for (at, first) in firsts.iter().enumerate() {
        let url = format!("sqlite://{at}.db");
        for target in first.split(' ').chain(["head"]) {
            project.run(&["apply", target, "-q", "--url", &url, "--allow-destructive", "all"]).ok();
        }
        assert_eq!(project.run(&["inspect", "--url", &url]).ok(), wanted, "{first}");
        project.run(&["rollback", "base", "-q", "--url", &url, "--allow-destructive", "all"]).ok();
        project.run(&["apply", "-q", "--url", &url, "--allow-destructive", "all"]).ok();
        assert_eq!(project.run(&["inspect", "--url", &url]).ok(), wanted, "{first}");
    }
}

const FIRSTS: &[&str] =
    &["0002_ours", "0002_longer", "0003_more", "0002_longer 0002_ours", "0002_ours 0002_longer"];

#[test]
fn a_decision_holds_for_the_first_of_several_revisions() {
    for (option, length) in [("--ours", 100), ("--theirs", 200)] {
        let project = branched(&[
            &[("ours", schema(100, &[]))],
            &[("longer", schema(200, &[])), ("more", schema(200, &["notes"]))],
        ]);
        let heads = ["0002_ours", "0003_more"];
        project.run(&["merge", heads[0], heads[1], option, "users.name", "-q"]).ok();
        assert_eq!(
            project.read("schema/schema.kdl"),
            schema(length, &["notes"]).replace("}\ntable", "}\n\ntable")
        );
        comes_to_the_same(&project, FIRSTS);
    }
}

#[test]
fn a_decision_holds_for_every_step_on_the_way() {
    // Had the type its way for a moment, the values that only the longer one has room for would not fit.
    let project = branched(&[
        &[("ours", schema(200, &[]))],
        &[("shorter", schema(20, &["notes"])), ("more", schema(20, &["notes", "tags"]))],
    ]);
    project.run(&["merge", "0002_ours", "0003_more", "--ours", "users.name", "-q"]).ok();
    project.run(&["apply", "0002_ours", "-q", "--url", "sqlite://shop.db"]).ok();
    assert_snapshot!(project.run(&["apply", "--dry-run", "--url", "sqlite://shop.db"]), @"
    0002_shorter                                            b3bf060d → bd5e83fe
      +  table  notes  1 column
    1 step: 1 to add · undo: yes
    0003_more                                               bd5e83fe → 38b1e2b7
      +  table  tags  1 column
    1 step: 1 to add · undo: yes
    0004_merge_ours_and_more                                38b1e2b7 → 38b1e2b7
    no steps · undo: yes
    ");
}

#[test]
fn a_hook_stays_between_the_steps_that_it_stood_between() {
    // Both branches come to the same, one of them by way of another type.
    let project = branched(&[
        &[("ours", schema(100, &[]))],
        &[("shorter", schema(20, &[])), ("back", schema(100, &[]))],
    ]);
    let hook = "data cut { up (sql)\"UPDATE users SET name = substr(name, 1, 20)\"; down nothing; }";
    project.replace("revisions/0003_back.kdl", "ops {\n", &format!("ops {{\n    {hook}\n"));
    project.run(&["squash", "0001_base..0003_back", "-q", "-m", "cut"]).ok();
    project.run(&["merge", "-q"]).ok();
    project.run(&["apply", "0002_ours", "-q", "--url", "sqlite://shop.db"]).ok();
    assert_snapshot!(project.run(&["apply", "--dry-run", "--url", "sqlite://shop.db"]), @"
    0003_cut                                                34b2da77 → 00d47f43
      ~  column  users.name  varchar(100) → varchar(20)
           ! every value of `users.name` must fit `varchar(20)`
      »  data    cut
      ~  column  users.name  varchar(20) → varchar(100)
    3 steps: 2 to change, 1 to move data · undo: yes, but every value of `users.name` must fit `varchar(20)`
    0004_merge_ours_and_cut                                 00d47f43 → 00d47f43
    no steps · undo: yes
    ");
}

#[test]
fn three_branches_are_joined_with_decisions() {
    for (inner, outer) in
        [("--ours", "--ours"), ("--ours", "--theirs"), ("--theirs", "--ours"), ("--theirs", "--theirs")]
    {
        let project = branched(&[
            &[("ours", schema(100, &[]))],
            &[("longer", schema(200, &["notes"]))],
            &[("longest", schema(300, &["tags"])), ("more", schema(300, &["tags", "more"]))],
        ]);
        project.run(&["merge", "0002_longer", "0003_more", inner, "users.name", "-q", "-m", "inner"]).ok();
        project.run(&["merge", "0002_ours", "0004_inner", outer, "users.name", "-q", "-m", "outer"]).ok();
        let length = match (inner, outer) {
            (_, "--ours") => 100,
            ("--ours", _) => 200,
            _ => 300,
        };
        assert!(project.read("schema/schema.kdl").contains(&format!("varchar({length})")));
        comes_to_the_same(
            &project,
            &[
                "0002_ours",
                "0002_longer",
                "0002_longest",
                "0004_inner",
                "0002_ours 0002_longest",
                "0002_longer 0002_ours",
                "0003_more 0002_ours",
            ],
        );
    }
}

#[test]
fn each_side_of_a_conflict_is_shown_with_its_own() {
    let project = branched(&[
        &[("ours", schema(100, &[]))],
        &[("longer", schema(200, &[])), ("more", schema(200, &["notes"]))],
    ]);
    let said = |arguments: &[&str]| {
        let said = project.run(arguments).to_string();
        let told = |line: &&str| line.starts_with("  0") || line.starts_with("help");
        said.lines().filter(told).collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(said(&["rebase", "0003_more"]), @r#"
      0002_ours  column name "varchar(100)"
      0003_more  column name "varchar(200)"
    help: decide with `schemactl rebase --theirs users.name` for `0002_ours`, or `schemactl rebase --mine users.name` for `0003_more`
    "#);
    assert_snapshot!(said(&["rebase", "0002_ours"]), @r#"
      0003_more  column name "varchar(200)"
      0002_ours  column name "varchar(100)"
    help: decide with `schemactl rebase --theirs users.name` for `0003_more`, or `schemactl rebase --mine users.name` for `0002_ours`
    "#);
    assert_snapshot!(said(&["merge", "0003_more", "0002_ours"]), @r#"
      0003_more  column name "varchar(200)"
      0002_ours  column name "varchar(100)"
    help: decide with `schemactl merge --ours users.name` for `0003_more`, or `schemactl merge --theirs users.name` for `0002_ours`
    "#);
}

/// Two people have joined the same branches, and each has decided for another one.
#[test]
fn merges_that_decide_otherwise_are_told_from_each_other() {
    let project = branched(&[&[("ours", schema(100, &[]))], &[("theirs", schema(200, &[]))]]);
    project.run(&["merge", "--ours", "users.name", "-q", "-m", "mine"]).ok();
    let mine = project.read("revisions/0003_mine.kdl");
    fs::remove_file(project.path("revisions/0003_mine.kdl")).unwrap();
    project.write("schema/schema.kdl", schema(100, &[]));
    project.run(&["merge", "--theirs", "users.name", "-q", "-m", "yours"]).ok();
    project.write("revisions/0003_mine.kdl", mine);
    let help = "help: `0003_mine` joins the same and decides otherwise: remove `0003_yours` or `0003_mine`, and undo it \
                first where it ran";
    for command in ["verify", "check", "merge"] {
        let said = project.run(&[command]).fails(5);
        assert!(said.contains(help), "{said}");
    }
}
