//! The test harness under test: what it hides, what it replays, and what it reports.

use insta::assert_snapshot;

use crate::support::markdown::blocks;
use crate::support::project::Project;
use crate::support::transcript::{first_difference, replayed};

#[test]
fn an_output_is_one_block_without_folders_and_durations() {
    let mut project = Project::empty();
    project.hide("54321", "[PORT]");
    assert_snapshot!(project.shell("pwd; echo $HOME; echo 'Applied a (0.4 s) within 5 s, port 54321'; exit 3"), @r"
    [PROJECT]
    [HOME]
    Applied a ([TIME]) within 5 s, port [PORT]
    ----- exit 3
    ");
    assert_snapshot!(project.shell("kill -9 $$"), @"----- ended by a signal");
}

#[test]
fn a_command_sees_nothing_of_the_machine_but_the_path() {
    let mut project = Project::empty();
    project.set("DATABASE_URL", "sqlite://a.db");
    assert_snapshot!(project.shell("env | grep -Ev '^(PATH|PWD|OLDPWD|SHLVL|_)=' | sort"), @r"
    COLUMNS=100
    DATABASE_URL=sqlite://a.db
    HOME=[HOME]
    LC_ALL=C.UTF-8
    NO_COLOR=1
    SCHEMACTL_TEST_NOW=2026-11-21T10:00:00Z
    TZ=UTC
    USER=tester
    ");
    assert_snapshot!(project.shell("basename $(command -v schemactl)"), @"schemactl");
}

#[test]
fn files_are_written_listed_and_edited() {
    let project = Project::empty();
    project.write("schema/a.kdl", "table a\n").write("b.txt", "").replace(
        "schema/a.kdl",
        "table a",
        "table b",
    );
    assert_eq!(project.files(), ["b.txt", "schema/a.kdl"]);
    assert_eq!(project.read("schema/a.kdl"), "table b\n");
}

#[test]
fn a_transcript_is_replayed_and_its_output_replaced() {
    let document = r#"Text stays, and so does what is not a console:

```sh
$ not run
```

```console
$ echo one; echo two >&2
stale
$ printf '%s\n' a \
>   b | wc -l

$ exit 3
```
"#;
    assert_snapshot!(replayed(&Project::empty(), document), @r"
    Text stays, and so does what is not a console:

    ```sh
    $ not run
    ```

    ```console
    $ echo one; echo two >&2
    one
    two
    $ printf '%s\n' a \
    >   b | wc -l
    2
    $ exit 3
    [exit 3]
    ```
    ");
}

#[test]
fn a_transcript_writes_files_and_stays_in_a_folder() {
    let document =
        "```console\n$ mkdir a && cd a\n```\n\n```kdl a/b.kdl\nx\n```\n\n```console\n$ cat b.kdl\n```\n";
    assert_snapshot!(replayed(&Project::empty(), document), @r"
    ```console
    $ mkdir a && cd a
    ```

    ```kdl a/b.kdl
    x
    ```

    ```console
    $ cat b.kdl
    x
    ```
    ");
}

#[test]
fn the_first_difference_of_a_transcript_is_named() {
    assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
    assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some((2, "b", "c")));
    assert_eq!(first_difference("a\n", "a\nc\n"), Some((2, "(nothing)", "c")));
}

#[test]
fn blocks_are_found_with_their_lines() {
    let page = "text\n```kdl E103\na\n  b\n```\n  ```sh\n  c\n  ```\n";
    let found: Vec<(&str, usize, String)> =
        blocks(page).into_iter().map(|block| (block.info, block.line, block.text)).collect();
    assert_eq!(found, [("kdl E103", 2, "a\n  b\n".to_owned()), ("sh", 6, "c\n".to_owned())]);
}
