//! The options: those that are spelled as in Alembic, and what is said of those that are not.

use insta::assert_snapshot;

use super::{chain, forked, told};

#[test]
fn an_option_of_another_name_is_answered_with_that_name() {
    let project = chain(&[]);
    let lines = [
        "-c other.ini upgrade head",
        "-n prod current",
        "-x tenant=one upgrade head",
        "upgrade head -x tenant=one",
        "--raiseerr current",
        "init -t async",
        "init --package",
        "revision -m x --rev-id 1",
        "revision -m x --version-path other",
        "upgrade head --tag v1",
        "history -i",
        "history --indicate-current",
        "ensure_version",
        "list_templates",
        "init alembic",
        "merge -m a --branch-label x",
        "merge --splice",
    ];
    let tips = lines.map(|line| {
        let output = project.shell(&format!("schemactl {line}"));
        assert_eq!(output.code, Some(2), "{output}");
        let text = output.to_string();
        let tip =
            text.lines().find_map(|line| line.trim().strip_prefix("tip: ")).unwrap_or("none").to_owned();
        format!("{line}\n    {tip}")
    });
    assert_snapshot!(tips.join("\n"), @"
    -c other.ini upgrade head
        `--project DIR` names the folder that has `schemactl.kdl`
    -n prod current
        `--name NAME` chooses a project in `schemactl.kdl`, `--env NAME` an environment
    -x tenant=one upgrade head
        `--var NAME=VALUE` says what a variable of hooks is worth, where hooks run
    upgrade head -x tenant=one
        `--var NAME=VALUE` says what a variable of hooks is worth, where hooks run
    --raiseerr current
        `schemactl explain CODE` says more of an error
    init -t async
        there is one layout; `--dialects` chooses the databases
    init --package
        there is one layout; `--dialects` chooses the databases
    revision -m x --rev-id 1
        an id is made of what the revision is; `schemactl tag NAME REVISION` gives it another name
    revision -m x --version-path other
        a project has one folder of revisions; `--name NAME` works on another project
    upgrade head --tag v1
        no code runs that could read it; `schemactl tag NAME REVISION` names a revision
    history -i
        `schemactl log --graph --env NAME` marks what the database has
    history --indicate-current
        `schemactl log --graph --env NAME` marks what the database has
    ensure_version
        the journal is made by the first run that needs it
    list_templates
        there is one layout, that of `schemactl init`
    init alembic
        `schemactl init --project alembic` begins a project in that folder
    merge -m a --branch-label x
        `schemactl label NAME REVISION` names the branch, once the revision is there
    merge --splice
        `schemactl plan --parent REVISION --fork` begins a branch behind any revision
    ");
}

#[test]
fn current_says_by_its_exit_code_whether_all_heads_are_there() {
    let project = forked();
    project.run(&["upgrade", "mine", "-q"]).ok();
    for option in ["-c", "--check-heads", "--check"] {
        let output = project.run(&["current", option]);
        assert_eq!(output.code, Some(4), "{output}");
        assert!(output.stdout.contains("pending    1\n  0002_theirs"), "{output}");
    }
    project.run(&["upgrade", "heads", "-q"]).ok();
    project.run(&["current", "--check-heads"]).ok();
}

#[test]
fn a_range_of_history_may_begin_with_a_minus() {
    // Only as `-r-3:`.
    let project = chain(&["a", "b"]);
    project.run(&["upgrade", "+2", "-q"]).ok();
    assert_snapshot!(told(
        &project,
        &[
            "history -r -1:",
            "history -r-1:head",
            "history --rev-range 1:2",
            "log -r ..1",
            "log -1..head",
            "log -1",
            "log -r 1 2",
            "log -r nope"
        ]
    ), @"
    $ schemactl history -r -1:
    0003_b                                                  b6e2693d1b1c  2026-11-21T10:00:00Z
    0002_a                                                  288938ce0b71  2026-11-21T10:00:00Z
    $ schemactl history -r-1:head
    0003_b                                                  b6e2693d1b1c  2026-11-21T10:00:00Z
    0002_a                                                  288938ce0b71  2026-11-21T10:00:00Z
    $ schemactl history --rev-range 1:2
    0002_a                                                  288938ce0b71  2026-11-21T10:00:00Z
    $ schemactl log -r ..1
    0001_users                                              110fad498c5a  2026-11-21T10:00:00Z
    $ schemactl log -1..head
    error: unexpected argument '-1' found

      tip: write it from where the database is: `current-1..head`, or put `--` before it: `-- -1..head`

    Usage: schemactl log [OPTIONS] [RANGE]

    For more information, try '--help'.
    ----- exit 2
    $ schemactl log -1
    0001_users                                              110fad498c5a  2026-11-21T10:00:00Z
    $ schemactl log -r 1 2
    error: the argument '--range <RANGE>' cannot be used with '[RANGE]'

    Usage: schemactl log --range <RANGE> [RANGE]

    For more information, try '--help'.
    ----- exit 2
    $ schemactl log -r nope
    error[E430]: there is no revision `nope`
    help: run `schemactl log` for a list of revisions
    ----- exit 2
    ");
}

#[test]
fn quiet_takes_away_words_and_no_data() {
    // `-q` silences what `current` was asked for.
    let project = chain(&["a"]);
    project.run(&["upgrade", "+1", "-q"]).ok();
    for line in
        ["current", "history", "heads", "branches", "show head", "upgrade head --sql", "history --applied"]
    {
        let loud = project.shell(&format!("schemactl {line} 2>/dev/null")).ok();
        assert_eq!(project.shell(&format!("schemactl -qq {line}")).ok(), loud, "{line}");
    }
}

#[test]
fn what_has_two_names_takes_both() {
    let project = forked();
    project.run(&["revision", "-m", "rows", "--head", "mine", "--branch-label", "jobs", "-q"]).ok();
    let side = ["revision", "-m", "side", "--head", "1", "--splice", "--depends-on", "theirs", "-q"];
    project.run(&side).ok();
    assert_snapshot!(told(&project, &["history --graph", "heads --resolve-dependencies", "branches -v"]), @"
    $ schemactl history --graph
    ○ 0003_rows                                               15a9c57c1136  2026-11-21T10:00:00Z  (jobs) (head)
    │ ○ 0002_side                                               dd738f91f984  2026-11-21T10:00:00Z needs 0002_theirs (head)
    │ │ ○ 0002_theirs                                             355921966a87  2026-11-21T10:00:00Z (head)
    ○ │ │ 0002_mine                                               fee1e80f563e  2026-11-21T10:00:00Z
    ├─╯ │
    ├───╯
    ○ 0001_users                                              110fad498c5a  2026-11-21T10:00:00Z
    $ schemactl heads --resolve-dependencies
    0002_side                                               dd738f91f984  2026-11-21T10:00:00Z
    0003_rows                                               15a9c57c1136  2026-11-21T10:00:00Z  (jobs)
    $ schemactl branches -v
    project: [PROJECT]/schemactl.kdl
    0001_users                                              110fad498c5a  2026-11-21T10:00:00Z
      0002_mine → 0003_rows
      0002_theirs → 0002_theirs, 0002_side
      0002_side
    ");
}
