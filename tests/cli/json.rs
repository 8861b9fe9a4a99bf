//! `--format json` where things go wrong: one document on the standard output, and nothing else there.

use insta::assert_snapshot;
use serde_json::Value;

use super::plan::shop;
use crate::support::project::{Output, Project};

/// Every command that reads, and those that show what they would do.
const COMMANDS: &[&[&str]] = &[
    &["status"],
    &["status", "--check"],
    &["log"],
    &["log", "--applied"],
    &["show", "head"],
    &["show", "0009"],
    &["heads"],
    &["drift"],
    &["drift", "--accept"],
    &["drift", "--pull"],
    &["diff", "base", "schema"],
    &["diff", "env:nowhere", "schema"],
    &["inspect"],
    &["check"],
    &["verify"],
    &["fmt", "--check"],
    &["explain", "E998"],
    &["plan", "--dry-run"],
    &["apply", "--dry-run"],
    &["rollback", "--dry-run"],
    &["push", "--dry-run"],
    &["stamp", "0009"],
];

/// The ways to name a database that isn't there.
const PLACES: &[&[&str]] = &[
    &[],
    &["--env", "nowhere"],
    &["--env", "variable"],
    &["--env", "silent"],
    &["--url", "sqlite://no/folder/x.db"],
    &["--url", "nothing://x"],
    &["--url", "no url"],
];

fn project() -> Project {
    let project = shop();
    project.write(
        "schemactl.kdl",
        "project shop { dialects sqlite postgres }\n\
         env dev default=#true { url \"sqlite://dev.db\" }\n\
         env variable { url (env)\"NOT_SET\" }\n\
         env silent { url \"postgres://me:secret@127.0.0.1:1/x\" }\n",
    );
    project
}

/// The only document that a command wrote.
fn document(output: &Output, command: &str) -> Value {
    let document: Value =
        serde_json::from_str(&output.stdout).unwrap_or_else(|error| panic!("{command}: {error}\n{output}"));
    assert_eq!(document["format"], 1, "{command}: {output}");
    document
}

#[test]
fn whatever_goes_wrong_there_is_one_document() {
    let project = project();
    let broken = self::project();
    broken.write("schema/shop.kdl", "table {");
    broken.write("revisions/0001_first_tables.kdl", "revision {");
    let unconfigured = Project::empty();
    let lost = self::project();
    lost.write("schemactl.kdl", "project {");
    for (state, project) in [("whole", project), ("broken", broken), ("none", unconfigured), ("lost", lost)] {
        for command in COMMANDS {
            for place in PLACES {
                let arguments = [*command, place, &["--format", "json"]].concat();
                let output = project.run(&arguments);
                let name = format!("{state}: {}", arguments.join(" "));
                let document = document(&output, &name);
                let explained = |list: &Value| list.as_array().is_some_and(|list| !list.is_empty());
                match output.code {
                    Some(0 | 4 | 5) => {}
                    code => {
                        assert_eq!(document["exit"].as_i64(), code.map(i64::from), "{name}: {output}");
                        assert!(
                            explained(&document["diagnostics"]) || explained(&document["questions"]),
                            "{name}: {output}"
                        );
                    }
                }
                assert!(!output.to_string().contains("secret"), "{name}: {output}");
                assert!(!output.stderr.contains("error["), "{name}: {output}");
            }
        }
    }
}

#[test]
fn commands_that_are_suggested_work_on_the_database_at_hand() {
    let project = project();
    project
        .write("schemactl.kdl", project.read("schemactl.kdl") + "env other { url \"sqlite://other.db\" }\n");
    project.run(&["apply", "-q", "--env", "other"]).ok();
    // The revision was edited since: a problem that `status` tells in its own document.
    project.replace(
        "revisions/0001_first_tables.kdl",
        "ops {",
        "ops {\n    data late { up nothing; down nothing }",
    );
    let output = project.run(&["status", "--env", "other", "--format", "json"]);
    assert_snapshot!(output, @r#"
    {
      "applied": 1,
      "at": [
        "0001_first_tables"
      ],
      "database": "sqlite://other.db",
      "environment": "other",
      "format": 1,
      "pending": [],
      "problems": [
        {
          "code": "E723",
          "help": "restore `0001_first_tables.kdl` as it was and plan the change as a revision of its own; or roll it back with the checkout that applied it; or stamp the database if both do the same: `schemactl stamp 0001_first_tables --env other`",
          "labels": [],
          "message": "`0001_first_tables` was edited, or amended by `plan --amend`, after it was applied at [MOMENT]",
          "severity": "error"
        }
      ],
      "pushed": null,
      "unfinished": null
    }
    ----- exit 5
    "#);
    assert_snapshot!(project.run(&["drift", "--accept", "--url", "sqlite://gone.db"]), @"
    ----- stderr
    error[E705]: the database `gone.db` doesn't exist
    help: run `schemactl apply --url URL` to create it
    explain: schemactl explain E705
    ----- exit 1
    ");
}

/// What each command is asked for where there is nothing to do, or little.
const IDLE: &[(&str, &[&str])] = &[
    ("init", &["init", "--git"]),
    ("import", &[]),
    ("inspect", &["inspect"]),
    ("plan", &["plan"]),
    ("apply", &[]),
    ("rollback", &[]),
    ("status", &["status"]),
    ("stamp", &["stamp", "head"]),
    ("drift", &["drift"]),
    ("drift --accept", &["drift", "--accept"]),
    ("drift --pull", &["drift", "--pull"]),
    ("diff", &["diff"]),
    ("push", &["push"]),
    ("push --dry-run", &["push", "--dry-run"]),
    ("check", &["check"]),
    ("fmt", &["fmt"]),
    ("log", &["log", "head..head"]),
    ("log --applied", &["log", "--applied", "-n", "0"]),
    ("show", &["show"]),
    ("sql", &["sql", "head..head", "--dialect", "sqlite"]),
    ("apply --sql", &["apply", "--sql", "--from", "head", "--dialect", "sqlite"]),
    ("rollback --sql", &["rollback", "head", "--sql", "--dialect", "sqlite"]),
    ("stamp --sql", &["stamp", "head", "--sql", "--from", "head", "--dialect", "sqlite"]),
    ("heads", &["heads"]),
    ("tag", &["tag"]),
    ("label", &["label"]),
    ("branches", &["branches"]),
    ("merge", &["merge"]),
    ("rebase", &["rebase"]),
    ("edit", &["edit"]),
    ("squash", &["squash", "--dry-run"]),
    ("snapshots", &["snapshots", "prune", "--dry-run"]),
    ("verify", &["verify"]),
    ("prove", &["prove"]),
    ("new", &["new", "-m", "nothing"]),
    ("revision", &["revision", "-m", "nothing more"]),
    ("checkpoint", &["checkpoint"]),
    ("explain", &["explain", "E801"]),
    // They write what they are for.
    ("completions", &[]),
    ("man", &[]),
    ("merge_file", &[]),
];

#[test]
fn where_there_is_nothing_to_do_there_is_one_document() {
    let mut project = project();
    project.set("EDITOR", "true");
    project.shell("git init -q").ok();
    project.run(&["apply", "-q"]).ok();
    for (name, arguments) in IDLE.iter().filter(|(_, arguments)| !arguments.is_empty()) {
        let output = project.run(&[arguments, &["--format", "json"][..]].concat());
        document(&output, name);
    }
}
