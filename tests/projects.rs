//! The projects that the repository keeps, its own and the examples: what `check` says of them, and what the README's
//! first command does with the bookshop.

use std::collections::BTreeSet;
use std::path::Path;

use insta::assert_snapshot;

use crate::support::project::Project;
use crate::support::transcript;

/// Every kept project with its folder, the repository's own as `.`.
fn projects() -> Vec<(String, Project)> {
    let mut projects = vec![(".".to_owned(), Project::sample())];
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples");
    for example in examples.read_dir().expect("the examples are there").flatten() {
        if example.path().join("schemactl.kdl").exists() {
            let folder = format!("examples/{}", example.file_name().display());
            projects.push((folder.clone(), Project::copy_of(&folder)));
        }
    }
    projects
}

#[test]
fn a_table_is_renamed_and_a_column_split() {
    let project = Project::copy_of("examples/rename_with_backfill");
    transcript::replay_document(&project, "examples/rename_with_backfill/README.md");
}

#[test]
fn every_kept_project_is_checked_laid_out_and_whole() {
    let projects = projects();
    assert!(projects.len() >= 5, "{}", projects.len());
    for (folder, project) in projects {
        let before = project.files();
        for arguments in [&["check"][..], &["fmt", "--check"], &["verify"]] {
            let output = project.run(arguments);
            assert_eq!(output.code, Some(0), "{folder}: {arguments:?}\n{output}");
        }
        assert_eq!(project.files(), before, "{folder}: `verify` wrote what was missing");
    }
}

#[test]
fn every_snapshot_is_the_state_behind_a_revision() {
    for (folder, project) in projects() {
        let files = project.files();
        let below = |start: &str| files.iter().filter(|file| file.starts_with(start)).collect::<Vec<_>>();
        let hash = |text: &str| {
            text.lines()
                .find_map(|line| line.trim().strip_prefix("to \"s1:").map(|hash| hash[..16].to_owned()))
        };
        let reached: BTreeSet<String> = below("revisions/")
            .into_iter()
            .filter(|file| file.ends_with(".kdl"))
            .map(|file| {
                format!("snapshots/s1-{}.kdl", hash(&project.read(file)).expect("a revision has `to`"))
            })
            .collect();
        let kept: BTreeSet<String> = below("snapshots/").into_iter().cloned().collect();
        assert_eq!(kept, reached, "{folder}");
    }
}

/// The README shows a part of the output, with `…` where it leaves lines out.
#[test]
fn the_first_command_of_the_readme_makes_a_bookshop() {
    let readme = include_str!("../README.md");
    let (_, section) = readme.split_once("## Two commands").expect("the section is there");
    let block = section.split("```").nth(1).expect("the section has a block").strip_prefix("console\n");
    let (command, shown) = block.and_then(|block| block.strip_prefix("$ ")?.split_once('\n')).unwrap();
    let project = Project::sample();
    let output = project.shell(&command.replace("cargo run -q --", "schemactl")).ok();
    let mut rest = output.lines();
    for line in shown.lines().filter(|line| *line != "…") {
        let line = line.replace("0.01 s", "[TIME]");
        assert!(rest.any(|found| found == line), "the output has no `{line}` at its place:\n{output}");
    }
    assert!(project.path("bookshop.db").exists());
    assert_eq!(project.run(&["status", "--check"]).code, Some(0));
    assert_eq!(project.run(&["apply"]).stderr, "nothing to apply: the database is up to date\n");
    assert_snapshot!(project.run(&["-q", "rollback", "base"]).fails(3), @"
    error[E831]: this loses all rows of `reviews`, all rows of `stock_movements`, all rows of `book_genres`, all rows of `genres`, all rows of `order_items`, all rows of `orders`, all rows of `addresses`, all rows of `customers`, all rows of `countries`, all rows of `book_authors`, all rows of `books`, all rows of `publishers`, all rows of `authors`
    help: if all of that is meant, run it with `--allow-destructive all`
    explain: schemactl explain E831
    ");
}
