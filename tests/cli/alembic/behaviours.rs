//! How runs behave, where it is shown nowhere else.

use std::fs;

use insta::assert_snapshot;

use super::{at, chain, told, users};
use crate::support::sql;

#[test]
fn each_revision_is_a_transaction_unless_one_is_asked_for() {
    // One transaction for all, or on SQLite none at all: what ran before the failure stays, and nothing says so.
    let run = |options: &str| {
        let project = chain(&["a"]);
        project.write("schema/shop.kdl", users(&["a"]).replace("}\n", "    column b text\n}\n"));
        project.run(&["revision", "--autogenerate", "-m", "b", "--assume-empty", "users", "-q"]).ok();
        project.run(&["upgrade", "1", "-q"]).ok();
        sql::execute(&project.sqlite("shop.db"), "INSERT INTO users (id) VALUES (1)");
        let output = project.shell(&format!("schemactl -q upgrade head {options}"));
        format!("{:?} {}", output.code, at(&project))
    };
    assert_snapshot!(run("") + "\n" + &run("--single-transaction"), @"
    Some(7) 0002_a
    Some(1) 0001_users
    ");
}

#[test]
fn a_revision_of_another_checkout_stops_no_command_that_looks() {
    // Every command fails, `stamp` included.
    let project = chain(&["a"]);
    project.run(&["upgrade", "-q"]).ok();
    fs::remove_file(project.path("revisions/0002_a.kdl")).unwrap();
    assert_snapshot!(told(
        &project,
        &["current", "history --applied", "upgrade head", "stamp head", "stamp head --purge --force"]
    ), @"
    $ schemactl current
    database   sqlite://shop.db (dev)
    at         0001_users
    applied    1
    pending    0
    error[E722]: the database has revision `0002_a` (288938ce0b71), which is not in this project; tester@[HOST] applied it at [MOMENT]
    help: get the newest revisions, or use the checkout that applied it
    ----- exit 5
    $ schemactl history --applied
    applied     0002_a      [MOMENT]     [TIME]  tester@[HOST]
    applied     0001_users  [MOMENT]     [TIME]  tester@[HOST]
    $ schemactl upgrade head
    error[E722]: the database has revision `0002_a` (288938ce0b71), which is not in this project; tester@[HOST] applied it at [MOMENT]
    help: get the newest revisions, or use the checkout that applied it
    ----- exit 5
    $ schemactl stamp head
    error[E722]: the database has revision `0002_a` (288938ce0b71), which is not in this project; tester@[HOST] applied it at [MOMENT]
    help: get the newest revisions, or use the checkout that applied it
    ----- exit 5
    $ schemactl stamp head --purge --force
          Purged the journal
         Stamped 0001_users
    ");
}

#[test]
fn an_applied_revision_that_was_edited_is_found_before_the_next_run() {
    // Never noticed.
    let project = chain(&["a"]);
    project.run(&["upgrade", "-q"]).ok();
    project.replace("revisions/0002_a.kdl", "message \"a\"", "message \"other\"");
    assert_snapshot!(told(&project, &["current", "upgrade head"]), @"
    $ schemactl current
    database   sqlite://shop.db (dev)
    at         0002_a
    applied    2
    pending    0
    error[E723]: `0002_a` was edited, or amended by `plan --amend`, after it was applied at [MOMENT]
    help: restore `0002_a.kdl` as it was and plan the change as a revision of its own; or roll it back with the checkout that applied it; or stamp the database if both do the same: `schemactl stamp 0002_a`
    ----- exit 5
    $ schemactl upgrade head
    error[E723]: `0002_a` was edited, or amended by `plan --amend`, after it was applied at [MOMENT]
    help: restore `0002_a.kdl` as it was and plan the change as a revision of its own; or roll it back with the checkout that applied it; or stamp the database if both do the same: `schemactl stamp 0002_a`
    ----- exit 5
    ");
}

#[test]
fn versions_may_lie_in_several_folders_and_become_one_chain() {
    let project = crate::support::project::Project::empty();
    let version = |id: &str, parent: &str| format!("revision = '{id}'\ndown_revision = {parent}\n");
    project.write("alembic.ini", "[alembic]\nscript_location = %(here)s/db\npath_separator = newline\nversion_locations =\n    %(here)s/core/versions\n    %(here)s/billing\n");
    project.write("db/env.py", "raise SystemExit\n");
    project.write("core/versions/a.py", version("aaa111", "None"));
    project.write("billing/b.py", version("bbb222", "'aaa111'"));
    sql::execute(
        &project.sqlite("live.db"),
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY); INSERT INTO alembic_version VALUES ('bbb222')",
    );
    sql::execute(&project.sqlite("live.db"), "CREATE TABLE users (id INTEGER PRIMARY KEY)");
    // Named by the folder of the settings, or by that of `env.py`.
    for folder in [".", "db"] {
        let before = project.files();
        let found = project.run(&["import", "alembic", folder]).fails(1);
        assert!(found.contains("2 versions of Alembic's were read, 1 head: `bbb222`"), "{found}");
        assert_eq!(project.files(), before);
    }
    project.write("billing/c.py", "revision = make()\n");
    assert_snapshot!(told(&project, &["import alembic . --url sqlite://live.db"]), @"
    $ schemactl import alembic . --url sqlite://live.db
    error[E907]: `billing/c.py` computes its `revision`, and no code is run here
    help: write the value out as text, `None` or a tuple of texts: `alembic history` prints it
    ----- exit 1
    ");
    fs::remove_file(project.path("billing/c.py")).unwrap();
    project.run(&["import", "alembic", ".", "--url", "sqlite://live.db", "-q"]).ok();
    assert_eq!(at(&project), "0001_baseline_from_alembic_at_bbb222");
    fs::remove_file(project.path("billing/b.py")).unwrap();
    fs::remove_dir(project.path("billing")).unwrap();
    assert_snapshot!(told(&project, &["import alembic . --url sqlite://live.db"]), @"
    $ schemactl import alembic . --url sqlite://live.db
    error[E901]: can't read `billing`: it doesn't exist
    help: name the folder that the tool's files are in
    ----- exit 1
    ");
}
