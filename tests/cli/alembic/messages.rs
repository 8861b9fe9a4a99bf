//! What is said where something is wrong, with the exit code; nothing is written in any of these.

use std::fs;

use insta::assert_snapshot;

use super::{at, chain, forked, told};
use crate::support::project::Project;

/// Changes the one line of a file that begins so.
fn change(project: &Project, file: &str, beginning: &str, line: &str) {
    let lines = project.read(file);
    let changed = lines.lines().map(|old| if old.trim_start().starts_with(beginning) { line } else { old });
    project.write(file, changed.map(|line| format!("{line}\n")).collect::<String>());
}

const DIGEST: &str = "digest=\"r1:9844785f71c62ab5530ac771e63e6121aef9040281bf49d966d6318c37bb4904\"";

#[test]
fn a_place_that_is_not_there() {
    // "Can't locate revision identified by", "Relative revision -5 didn't produce" so many.
    let project = chain(&["a"]);
    project.run(&["upgrade", "-q"]).ok();
    let before = project.files();
    assert_snapshot!(told(
        &project,
        &[
            "upgrade nope",
            "upgrade 000",
            "upgrade +5",
            "downgrade -5",
            "stamp nope",
            "history -r 1:nope",
            "show nope",
            "tag v1 nope",
            "label team nope",
            "squash 1..nope",
            "sql nope..head",
            "checkpoint nope",
            "rebase nope",
            "revision -m x --depends-on nope"
        ]
    ), @"
    $ schemactl upgrade nope
    error[E430]: there is no revision `nope`
    help: run `schemactl log` for a list of revisions
    ----- exit 2
    $ schemactl upgrade 000
    error[E431]: `000` could be `0001_users` (`110fad498c5a`), `0002_a` (`288938ce0b71`)
    help: write the id of the one that is meant
    ----- exit 2
    $ schemactl upgrade +5
    error[E432]: `+5` leads out of the chain: no revision lies further
    help: write `head` for the end of the chain
    ----- exit 2
    $ schemactl downgrade -5
    error[E432]: `-5` leads out of the chain: 2 revisions lie back
    help: write `base` for the end of the chain
    ----- exit 2
    $ schemactl stamp nope
    error[E430]: there is no revision `nope`
    help: run `schemactl log` for a list of revisions
    ----- exit 2
    $ schemactl history -r 1:nope
    error[E430]: there is no revision `nope`
    help: run `schemactl log` for a list of revisions
    ----- exit 2
    $ schemactl show nope
    error[E430]: there is no revision `nope`
    help: run `schemactl log` for a list of revisions
    ----- exit 2
    $ schemactl tag v1 nope
    error[E430]: there is no revision `nope`
    help: run `schemactl log` for a list of revisions
    ----- exit 2
    $ schemactl label team nope
    error[E430]: there is no revision `nope`
    help: run `schemactl log` for a list of revisions
    ----- exit 2
    $ schemactl squash 1..nope
    error[E430]: there is no revision `nope`
    help: run `schemactl log` for a list of revisions
    ----- exit 2
    $ schemactl sql nope..head
    error[E430]: there is no revision `nope`
    help: run `schemactl log` for a list of revisions
    ----- exit 2
    $ schemactl checkpoint nope
    error[E430]: there is no revision `nope`
    help: run `schemactl log` for a list of revisions
    ----- exit 2
    $ schemactl rebase nope
    error[E430]: there is no revision `nope`
    help: run `schemactl log` for a list of revisions
    ----- exit 2
    $ schemactl revision -m x --depends-on nope
    error[E430]: there is no revision `nope`
    help: run `schemactl log` for a list of revisions
    ----- exit 2
    ");
    assert_eq!(project.files(), before);
}

#[test]
fn two_heads_are_named_and_nothing_runs() {
    // "Multiple head revisions are present for given argument 'head'".
    let project = forked();
    project.run(&["upgrade", "1", "-q"]).ok();
    let before = project.files();
    assert_snapshot!(told(
        &project,
        &["upgrade head", "upgrade +1", "revision --autogenerate -m x", "check", "show", "downgrade 1 --sql"]
    ), @"
    $ schemactl upgrade head
    error[E423]: the chain has 2 heads: `0002_mine`, `0002_theirs`
    help: join them with `schemactl merge`, or put one on top of the other with `schemactl rebase`
    ----- exit 3
    $ schemactl upgrade +1
    error[E431]: `+1` could be `0002_mine` (`fee1e80f563e`), `0002_theirs` (`355921966a87`)
    help: write the id of the one that is meant
    ----- exit 2
    $ schemactl revision --autogenerate -m x
    error[E423]: the chain has 2 heads: `0002_mine`, `0002_theirs`
    help: say which of them the revision goes on: `--parent REVISION`; or make one of them with `schemactl merge` or `schemactl rebase`
    ----- exit 3
    $ schemactl check
    error[E423]: the chain has 2 heads: `0002_mine`, `0002_theirs`
    help: join them with `schemactl merge`, or put one on top of the other with `schemactl rebase`
    ----- exit 4
    $ schemactl show
    error[E423]: the chain has 2 heads: `0002_mine`, `0002_theirs`
    help: join them with `schemactl merge`, or put one on top of the other with `schemactl rebase`
    ----- exit 3
    $ schemactl downgrade 1 --sql
    error[E423]: the chain has 2 heads: `0002_mine`, `0002_theirs`
    help: say where the database is that the script runs on: `--from REVISION`
    ----- exit 3
    ");
    assert_eq!(project.files(), before);
    assert_eq!(at(&project), "0001_users");
}

#[test]
fn a_step_back_from_two_branches_needs_a_name() {
    // A warning that it "will be disallowed".
    let project = forked();
    project.run(&["upgrade", "heads", "-q"]).ok();
    assert_snapshot!(told(
        &project,
        &["downgrade -1", "downgrade mine --allow-destructive=all", "downgrade -1 --allow-destructive=all"]
    ), @"
    $ schemactl downgrade -1
    error[E431]: `-1` would be counted from several revisions at once: `0002_mine`, `0002_theirs`
    help: name the place itself; `schemactl log --graph` shows what lies around it
    ----- exit 2
    $ schemactl downgrade mine --allow-destructive=all
    undo 0002_theirs                                        9fd761e2 → 36881e3e
      -  column  users.theirs  text null
           ! loses the values of `users.theirs`
     Rolled back 0002_theirs ([TIME])
    $ schemactl downgrade -1 --allow-destructive=all
    undo 0002_mine                                          a00d47ea → 36881e3e
      -  column  users.mine  text null
           ! loses the values of `users.mine`
     Rolled back 0002_mine ([TIME])
    ");
}

#[test]
fn the_wrong_direction_is_an_error() {
    // "Destination is not a valid upgrade target", or nothing at all and exit code 0.
    let project = chain(&["a"]);
    project.run(&["upgrade", "-q"]).ok();
    assert_snapshot!(told(
        &project,
        &[
            "upgrade 1",
            "downgrade head",
            "upgrade base",
            "upgrade head:1 --sql",
            "downgrade 1:head --sql",
            "history -r head:1"
        ]
    ), @"
    $ schemactl upgrade 1
    error[E830]: `1` lies behind the database, and `apply` only goes forward
    help: go back with `schemactl rollback 1`
    ----- exit 2
    $ schemactl downgrade head
    nothing to roll back: the database is there already
    $ schemactl upgrade base
    error[E830]: `base` lies behind the database, and `apply` only goes forward
    help: go back with `schemactl rollback base`
    ----- exit 2
    $ schemactl upgrade head:1 --sql
    error[E835]: the target lies behind `head`, where the script begins
    help: use `schemactl rollback --sql`, or name another beginning with `--from`
    ----- exit 2
    $ schemactl downgrade 1:head --sql
    error[E835]: the target lies ahead of `1`, where the script begins
    help: use `schemactl apply --sql`, or name another beginning with `--from`
    ----- exit 2
    $ schemactl history -r head:1
    error[E840]: `head:1` means no revisions
    help: name a revision, or the older one first: `FROM..TO`
    ----- exit 2
    ");
}

#[test]
fn a_parent_in_the_middle_needs_to_be_meant() {
    // "Revision is not a head revision; please specify --splice".
    let project = chain(&["a"]);
    let before = project.files();
    assert_snapshot!(told(&project, &["revision -m x --head 1", "revision -m x --head base"]), @"
    $ schemactl revision -m x --head 1
    error[E816]: `0001_users` is no head: `0002_a` builds on it
    help: name a head, which `schemactl heads` lists, or begin a branch there: `--parent 0001_users --fork`
    ----- exit 2
    $ schemactl revision -m x --head base
    error[E823]: `base` is no revision: nothing has run there
    help: name a revision; `schemactl log` lists them
    ----- exit 2
    ");
    assert_eq!(project.files(), before);
}

#[test]
fn revisions_in_a_circle_are_named() {
    // "Cycle is detected", "Self-loop is detected", "Dependency cycle is detected".
    let project = chain(&["a", "b"]);
    let untouched = project.read("revisions/0002_a.kdl");
    let id = |name: &str| {
        let text = project.read(&format!("revisions/{name}.kdl"));
        text.lines()
            .find_map(|line| Some(line.trim().strip_prefix("id ")?.trim_matches('"').to_owned()))
            .unwrap()
    };
    let cases = [
        ("parent", format!("    parent \"0003_b\" {DIGEST}")),
        ("parent", format!("    parent \"0002_a\" {DIGEST}")),
        ("message", format!("    message \"a\"\n    depends-on \"0003_b\" id=\"{}\"", id("0003_b"))),
    ];
    let mut said = String::new();
    for (beginning, line) in cases {
        change(&project, "revisions/0002_a.kdl", beginning, &line);
        let before = project.files();
        said += &told(&project, &["history", "upgrade head", "check"]);
        assert_eq!(project.files(), before);
        project.write("revisions/0002_a.kdl", &untouched);
    }
    assert_snapshot!(said, @"
    $ schemactl history
    error[E422]: `0002_a`, `0003_b` build on each other in a circle
    help: restore the files from version control, or correct one of the parents
    ----- exit 5
    $ schemactl upgrade head
    error[E422]: `0002_a`, `0003_b` build on each other in a circle
    help: restore the files from version control, or correct one of the parents
    ----- exit 5
    $ schemactl check
    error[E422]: `0002_a`, `0003_b` build on each other in a circle
    help: restore the files from version control, or correct one of the parents
    ----- exit 5
    $ schemactl history
    error[E422]: `0002_a` builds on itself
    help: restore the files from version control, or correct one of the parents
    ----- exit 5
    $ schemactl upgrade head
    error[E422]: `0002_a` builds on itself
    help: restore the files from version control, or correct one of the parents
    ----- exit 5
    $ schemactl check
    error[E422]: `0002_a` builds on itself
    help: restore the files from version control, or correct one of the parents
    ----- exit 5
    $ schemactl history
    error[E422]: `0002_a`, `0003_b` need each other in a circle
    help: restore the files from version control, or correct one of the parents or dependencies
    ----- exit 5
    $ schemactl upgrade head
    error[E422]: `0002_a`, `0003_b` need each other in a circle
    help: restore the files from version control, or correct one of the parents or dependencies
    ----- exit 5
    $ schemactl check
    error[E422]: `0002_a`, `0003_b` need each other in a circle
    help: restore the files from version control, or correct one of the parents or dependencies
    ----- exit 5
    ");
}

#[test]
fn a_revision_that_is_there_twice_is_an_error() {
    // A warning, then two identical heads.
    let project = chain(&["a"]);
    let text = project.read("revisions/0002_a.kdl");
    project.write("revisions/0002_copy.kdl", &text);
    let under_another_name = told(&project, &["history"]);
    project.write("revisions/0002_copy.kdl", text.replace("0002_a", "0002_copy"));
    assert_snapshot!(under_another_name + &told(&project, &["upgrade head", "heads"]), @"
    $ schemactl history
    error[E410]: the revision calls itself `0002_a` and its file `0002_copy`
    help: write `0002_copy`
    ----- exit 1
    $ schemactl upgrade head
    error[E421]: `0002_a` and `0002_copy` have the same id `288938ce0b71`
    help: remove the older one if an amend or a rebase was cut off, or the copy if a file was copied
    ----- exit 5
    $ schemactl heads
    error[E421]: `0002_a` and `0002_copy` have the same id `288938ce0b71`
    help: remove the older one if an amend or a rebase was cut off, or the copy if a file was copied
    ----- exit 5
    ");
}

#[test]
fn a_parent_that_is_missing_is_named() {
    // A KeyError with a traceback.
    let project = chain(&["a", "b"]);
    fs::remove_file(project.path("revisions/0002_a.kdl")).unwrap();
    assert_snapshot!(told(&project, &["history", "upgrade head"]), @"
    $ schemactl history
    error[E420]: `0003_b` builds on `0002_a`, which is not there
    help: restore `0002_a.kdl` from version control
    ----- exit 5
    $ schemactl upgrade head
    error[E420]: `0003_b` builds on `0002_a`, which is not there
    help: restore `0002_a.kdl` from version control
    ----- exit 5
    ");
}
