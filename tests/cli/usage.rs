//! How the program answers to arguments that it doesn't take, and to those that every program takes.

use std::process::Stdio;

use insta::assert_snapshot;

use crate::support::project::Project;

#[test]
fn wrong_usage_exits_with_2() {
    let project = Project::empty();
    assert_snapshot!(project.run(&["inti"]), @"
    ----- stderr
    error: unrecognized subcommand 'inti'

      tip: a similar subcommand exists: 'init'

    Usage: schemactl [OPTIONS] <COMMAND>

    For more information, try '--help'.
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["init", "--colour", "never"]), @"
    ----- stderr
    error: unexpected argument '--colour' found

      tip: a similar argument exists: '--color'

    Usage: schemactl init --color <WHEN>

    For more information, try '--help'.
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["-qv", "init"]), @"
    ----- stderr
    error: the argument '--quiet...' cannot be used with '--verbose...'

    Usage: schemactl --quiet... <COMMAND>

    For more information, try '--help'.
    ----- exit 2
    ");
    assert_eq!(project.run(&[]).code, Some(2));
}

#[test]
fn words_of_other_tools_are_answered_with_those_of_this_one() {
    let project = Project::empty();
    let lines = [
        "migrate dev",
        "schema apply",
        "generate",
        "db push",
        "lint",
        "validate",
        "info",
        "baseline",
        "help plan",
    ];
    let tips = lines.map(|line| {
        let output = project.shell(&format!("schemactl {line}"));
        assert_eq!(output.code, Some(2), "{output}");
        let text = output.to_string();
        let tip = text.lines().find_map(|line| line.trim().strip_prefix("tip: ")).map(str::to_owned);
        format!("{line}: {}", tip.unwrap_or_default())
    });
    assert_snapshot!(tips.join("\n"), @"
    migrate dev: `schemactl plan` writes a revision, `schemactl apply` runs it
    schema apply: `schemactl plan` writes a revision, `schemactl apply` runs it
    generate: `schemactl plan` writes a revision, `schemactl apply` runs it
    db push: `schemactl push` brings a database to the schema, `schemactl drift --pull` takes its changes over
    lint: `schemactl check` renders every revision for every database, `schemactl prove` tries them
    validate: `schemactl verify` says whether the revisions are what they were
    info: `schemactl status` says where the database is
    baseline: `schemactl init --from URL` begins with a database, `schemactl stamp` records what it has
    help plan: `schemactl --help`, and `schemactl COMMAND --help` for one command
    ");
}

#[test]
fn help_and_wrong_usage_are_coloured_as_everything_else() {
    let project = Project::empty();
    for arguments in ["--help", "--nope", "plan --nope"] {
        let colored =
            |option: &str| project.shell(&format!("schemactl {option} {arguments} 2>&1 || true")).ok();
        assert!(colored("--color always").contains('\u{1b}'), "{arguments}");
        assert!(colored("--color=always").contains('\u{1b}'), "{arguments}");
        assert!(!colored("--color never").contains('\u{1b}'), "{arguments}");
    }
    let never = project.shell("CLICOLOR_FORCE=1 NO_COLOR= schemactl --color never --nope 2>&1 || true").ok();
    assert!(!never.contains('\u{1b}'), "{never}");
}

#[cfg(target_os = "linux")]
#[test]
fn output_that_is_lost_is_an_error() {
    let project = Project::empty();
    assert_snapshot!(project.shell("schemactl explain > /dev/full"), @r#"
    error[E804]: can't write the output: No space left on device (os error 28)
    the command itself ended well
    help: make room where the output goes, or send it elsewhere, then run the command again
    explain: schemactl explain E804
    ----- exit 1
    "#);
    assert_snapshot!(project.shell("schemactl explain --format json > /dev/full"), @r#"
    error[E804]: can't write the output: No space left on device (os error 28)
    the command itself ended well
    help: make room where the output goes, or send it elsewhere, then run the command again
    explain: schemactl explain E804
    ----- exit 1
    "#);
    assert_snapshot!(project.shell("schemactl status --format json > /dev/full"), @r#"
    error[E601]: no `schemactl.kdl` in `[PROJECT]` or above
    help: run `schemactl init` to begin a project here, or name one with `--project DIR`
    error[E804]: can't write the output: No space left on device (os error 28)
    help: make room where the output goes, or send it elsewhere, then run the command again
    explain: schemactl explain E601 E804
    ----- exit 2
    "#);
    let project = super::plan::shop();
    assert_snapshot!(project.shell("schemactl apply --format json > /dev/full"), @r#"
    error[E804]: can't write the output: No space left on device (os error 28)
    the command itself ended well
    help: make room where the output goes, or send it elsewhere, then run the command again
    explain: schemactl explain E804
    ----- exit 1
    "#);
    project.run(&["status", "--check"]).ok();
}

#[test]
fn every_shell_has_completions() {
    let project = Project::empty();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = project.run(&["completions", shell]).ok();
        assert!(script.contains("schemactl") && script.contains("explain"), "{shell}");
    }
    assert_eq!(project.run(&["completions", "tcsh"]).code, Some(2));
}

#[test]
fn man_pages_are_made() {
    let project = Project::empty();
    let page = project.run(&["man"]).ok();
    assert!(page.contains(".TH schemactl 1"), "{page}");
    project.run(&["man", "--out", "man1"]).ok();
    assert!(project.files().contains(&"man1/schemactl-init.1".to_owned()));
}

#[test]
fn a_reader_that_leaves_is_no_error() {
    let project = Project::empty();
    let mut child = project
        .command(env!("CARGO_BIN_EXE_schemactl"))
        .args(["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn colour_follows_option_and_variables() {
    let colored = |project: &Project, arguments: &[&str]| project.run(arguments).stdout.contains('\u{1b}');
    let mut project = Project::empty();
    assert!(!colored(&project, &["explain"]));
    assert!(colored(&project, &["explain", "--color", "always"]));
    project.set("NO_COLOR", "").set("CLICOLOR_FORCE", "1");
    assert!(colored(&project, &["explain"]));
    assert!(!colored(&project, &["explain", "--color", "never"]));
}
