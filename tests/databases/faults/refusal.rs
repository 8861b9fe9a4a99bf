//! Databases that refuse: every message says why and what to do, no secret is in it, and nothing has changed.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;

use insta::assert_snapshot;

use super::{APPLY, Shop};
use crate::support::project::Project;
use crate::support::{postgres, sql};

const SECOND: &str = "revisions/0002_second.kdl";

/// A project without a database.
fn without_a_database(url: &str) -> Project {
    let mut project = Project::empty();
    project.write("schemactl.kdl", "project shop { dialects sqlite postgres }\n");
    project.write("schema/shop.kdl", super::FIRST);
    project.run(&["plan", "-m", "first", "-q"]).ok();
    project.set("PGCONNECT_TIMEOUT", "5");
    let output = project.run(&["apply", "--url", url]);
    assert!(!output.to_string().contains("s3cret"), "{output}");
    project
}

#[test]
fn a_wrong_url_is_named_without_its_password() {
    let apply = |url: &str| without_a_database(url).run(&["apply", "--url", url]);
    assert_snapshot!(apply("postgers://me:s3cret@localhost/shop"), @"
    ----- stderr
    error[E702]: there is no kind of database named `postgers`
    help: write `postgres://`
    explain: schemactl explain E702
    ----- exit 2
    ");
    assert_snapshot!(apply("postgres://me:s3cret@localhost:port/shop"), @"
    ----- stderr
    error[E701]: the database URL is not valid: invalid port number
    help: write `@ : / ? # %` in a password as `%40 %3A %2F %3F %23 %25`
    explain: schemactl explain E701
    ----- exit 2
    ");
    assert_snapshot!(apply("shop.db"), @"
    ----- stderr
    error[E702]: the database URL does not begin with a kind of database
    help: write `sqlite://shop.db`
    explain: schemactl explain E702
    ----- exit 2
    ");
    assert_snapshot!(apply("sqlite://nowhere/shop.db"), @"
    ----- stderr
    error[E703]: can't create `nowhere/shop.db`: its folder doesn't exist
    help: create the folder `nowhere`
    explain: schemactl explain E703
    ----- exit 1
    ");
}

#[test]
fn a_refused_connection_is_named_without_the_password() {
    let apply = |url: &str| without_a_database(url).run(&["apply", "--url", url]);
    // Nothing listens on the port of `discard`.
    assert_snapshot!(apply("postgres://me:s3cret@127.0.0.1:9/shop"), @"
    ----- stderr
    error[E703]: can't connect to `postgres://me@127.0.0.1:9/shop`: Connection refused (os error 111)
    help: check the URL, and that the database is there and may be used
    explain: schemactl explain E703
    ----- exit 1
    ");
    let mut url: url::Url = postgres::server().parse().unwrap();
    url.set_path("/nowhere");
    let mut project = without_a_database(url.as_str());
    project.hide(&url.port().unwrap_or(5432).to_string(), "[PORT]");
    assert_snapshot!(project.run(&["apply", "--url", url.as_str()]), @r#"
    ----- stderr
    error[E703]: can't connect to `postgres://postgres@127.0.0.1:[PORT]/nowhere`: database "nowhere" does not exist
    help: check the URL, and that the database is there and may be used
    explain: schemactl explain E703
    ----- exit 1
    "#);
}

#[test]
fn a_user_without_the_right_to_create_the_journal_is_told_so() {
    let database = postgres::database("no_right");
    let role = format!("test_reader_{}", std::process::id());
    sql::execute(&database.url, &format!("CREATE ROLE {role} LOGIN PASSWORD 's3cret'"));
    let mut url: url::Url = database.url.parse().unwrap();
    url.set_username(&role).unwrap();
    url.set_password(Some("s3cret")).unwrap();
    // Older servers let everybody create tables in `public`.
    sql::execute(&database.url, "REVOKE CREATE ON SCHEMA public FROM PUBLIC");
    let mut project = without_a_database(url.as_str());
    project.hide(&role, "[ROLE]");
    let output = project.run(&["apply", "--url", url.as_str()]).to_string();
    drop(database);
    sql::execute(postgres::server(), &format!("DROP ROLE {role}"));
    assert_snapshot!(output, @r#"
    0001_first                                              af1349b9 → e3a64449
      +  enum   status  draft published archived
      +  table  users   4 columns
      +  table  posts   4 columns
    3 steps: 3 to add · undo: yes
    ----- stderr
    error[E708]: `0001_first` (+ enum status draft published archived): a statement failed: permission denied for schema public
    statement: CREATE TYPE "status" AS ENUM ('draft', 'published', 'archived')
    everything was rolled back: the database is as it was
    help: let an administrator run `GRANT USAGE, CREATE ON SCHEMA public TO [ROLE]`
    explain: schemactl explain E708
    ----- exit 1
    "#);
}

#[test]
fn a_file_that_cannot_be_written_is_left_alone() {
    let shop = Shop::new("sqlite");
    let before = shop.picture();
    let url = format!("{}?mode=ro", shop.url);
    assert_snapshot!(shop.project.run(&["apply", "--allow-destructive", "all", "-q", "--url", &url]).stderr, @r#"
    error[E711]: `0002_second` (+ table likes 2 columns): a statement failed: attempt to write a readonly database
    statement: CREATE TABLE "likes" (
        "user_id" bigint NOT NULL CONSTRAINT "likes_user_id_fkey" REFERENCES "users" ("id"),
        "post_id" bigint NOT NULL CONSTRAINT "likes_post_id_fkey" REFERENCES "posts" ("id"),
        CONSTRAINT "likes_pkey" PRIMARY KEY ("user_id", "post_id")
    )
    everything was rolled back: the database is as it was
    help: connect where it can be written: not to a standby, not with `mode=ro`, and as a user who may write the file
    explain: schemactl explain E711
    "#);
    shop.is_still(&before, "read only");
}

#[test]
fn a_file_that_the_system_protects_is_left_alone() {
    // The folder may be written and the file not, and the other way around.
    for (folder, file) in [(0o777, 0o444), (0o555, 0o666)] {
        let shop = Shop::new("sqlite");
        let before = shop.picture();
        let mode = |path: &str, mode| {
            let path = shop.project.path(path);
            std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
        };
        mode("shop.db", file);
        mode("..", 0o755);
        mode("", folder);
        let refused = as_nobody(&shop, &APPLY);
        mode("", 0o755);
        assert_eq!(refused.status.code(), Some(1), "{refused:?}");
        let words = String::from_utf8(refused.stderr).unwrap();
        assert!(words.contains("error[E711]"), "{words}");
        shop.is_still(&before, "without permission");
    }
}

/// Runs the program as somebody whom the system's permissions stop: they don't stop root.
fn as_nobody(shop: &Shop, arguments: &[&str]) -> std::process::Output {
    const NOBODY: u32 = 65534;
    // Where the tests were built, nobody else may look.
    let program = shop.project.path("../schemactl");
    std::fs::copy(env!("CARGO_BIN_EXE_schemactl"), &program).unwrap();
    let mut command = shop.project.command(&program);
    if std::fs::metadata("/proc/self").unwrap().uid() == 0 {
        command.uid(NOBODY).gid(NOBODY);
    }
    command.args(arguments).output().unwrap()
}

#[test]
fn a_database_that_somebody_else_writes_to_is_left_alone() {
    let shop = Shop::new("sqlite");
    let before = shop.picture();
    let mut other = sql::Session::open(&shop.url);
    other.execute("BEGIN IMMEDIATE");
    let refused = shop.project.run(&["apply", "--allow-destructive", "all", "--lock-timeout", "1s", "-q"]);
    drop(other);
    assert_snapshot!(&refused.stderr, @"
    error[E710]: `0002_second`: can't begin a transaction: database is locked
    everything was rolled back: the database is as it was
    help: wait until the others are done, or give more time with `--lock-timeout 5m`
    explain: schemactl explain E710
    ");
    assert_eq!(refused.code, Some(6));
    shop.is_still(&before, "while somebody wrote");

    let shop = Shop::new("postgres");
    let before = shop.picture();
    let mut other = sql::Session::open(&shop.url);
    other.execute("SET application_name = 'report'; BEGIN; LOCK TABLE users IN ACCESS SHARE MODE");
    let refused = shop.project.run(&["apply", "--allow-destructive", "all", "--lock-timeout", "1s", "-q"]);
    drop(other);
    let process = regex::Regex::new(r"process \d+").unwrap();
    let since = regex::Regex::new(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\+00").unwrap();
    let words = process.replace_all(&refused.stderr, "process [PID]");
    assert_snapshot!(since.replace_all(&words, "[SINCE]"), @r#"
    error[E710]: `0002_second` (+ column users.age int null): a statement failed: canceling statement due to lock timeout; `users` is in use by process [PID], `report` as `postgres` from 127.0.0.1, idle in transaction, in a transaction since [SINCE]
    statement: ALTER TABLE "users" ADD COLUMN "age" integer
    everything was rolled back: the database is as it was
    help: wait until the others are done, or give more time with `--lock-timeout 5m`
    explain: schemactl explain E710
    "#);
    assert_eq!(refused.code, Some(6));
    shop.is_still(&before, "while somebody read");
}

#[test]
fn a_run_waits_until_others_are_done() {
    for shop in Shop::each() {
        let whole = shop.whole();
        let mut other = sql::Session::open(&shop.url);
        other.execute(if shop.is_postgres() { "BEGIN; LOCK TABLE users" } else { "BEGIN IMMEDIATE" });
        let mut run = shop.start(&["apply", "--allow-destructive", "all", "--format", "json"]);
        assert!(run.reads("\"retrying\""));
        drop(other);
        let (code, words) = run.ends();
        assert_eq!(code, Some(0), "{words}");
        shop.is_whole(&whole, "after waiting");
    }
}

/// Puts a hook first into the second revision, and shows what `apply` says; it is the same on each database.
#[track_caller]
fn hooked(hook: &str) -> String {
    let outputs = Shop::each().map(|shop| {
        let before = shop.picture();
        shop.insert_hook(SECOND, 0, hook);
        let output = shop.project.run(&APPLY);
        shop.is_still(&before, &output.to_string());
        assert!(output.code == Some(1), "{output}");
        output.stderr
    });
    let [one, other] = outputs;
    // The databases have words of their own for the same.
    if one == other { one } else { format!("{one}{other}") }
}

#[test]
fn hooks_that_fail_change_nothing() {
    assert_snapshot!(hooked("data tidy { up (sql)\"DELETE FROM posts; COMMIT\"; down nothing }"), @"
    error[E501]: `0002_second`: hook `tidy` contains `COMMIT`
    help: remove it: the hook runs in the revision's transaction
    explain: schemactl explain E501
    ");
    assert_snapshot!(hooked("data tidy { up (sql)\"UPDATE user SET name = 'x'\"; down nothing }"), @r#"
    error[E707]: `0002_second` (hook tidy): hook `tidy` failed: no such table: user
    statement: UPDATE user SET name = 'x'
    everything was rolled back: the database is as it was
    help: correct the hook with `schemactl edit 0002_second`
    explain: schemactl explain E707
    error[E707]: `0002_second` (hook tidy): hook `tidy` failed: syntax error at or near "user"
    statement: UPDATE user SET name = 'x'
    everything was rolled back: the database is as it was
    help: correct the hook with `schemactl edit 0002_second`
    explain: schemactl explain E707
    "#);
    assert_snapshot!(
        hooked("data tidy { up (sql)\"DELETE FROM posts\"; expect (sql)\"SELECT count(*) FROM users\" is=0; down nothing }"),
        @"
    error[E720]: `0002_second` (hook tidy): an expectation of hook `tidy` does not hold: it is `3`, not `0`
    statement: SELECT count(*) FROM users
    everything was rolled back: the database is as it was
    help: look at the rows behind `SELECT count(*) FROM users`, then mend them or the hook
    explain: schemactl explain E720
    "
    );
    assert_snapshot!(
        hooked("data tidy { up (sql)\"DELETE FROM posts\"; expect (sql)\"SELECT id FROM users\" is=0; down nothing }"),
        @"
    error[E720]: `0002_second` (hook tidy): an expectation of hook `tidy` gave 3 rows, not one
    statement: SELECT id FROM users
    everything was rolled back: the database is as it was
    help: write a query with one row and one column, such as `SELECT count(*) …`
    explain: schemactl explain E720
    "
    );
    assert_snapshot!(hooked("data tidy { up (sql)\"-- unfilled: write it\"; down nothing }"), @"
    error[E502]: `0002_second`: hook `tidy` has no `up` yet
    help: write it with `schemactl edit`, or say that nothing is to be done: `up nothing`
    explain: schemactl explain E502
    ");
}

/// What `apply` says of lines in the environment, which is the same on each database but for its words.
#[track_caller]
fn surrounded(lines: &str, code: i32) -> String {
    let outputs = Shop::each().map(|shop| {
        shop.configure(lines);
        let words = shop.apply();
        assert_eq!(words.code, Some(code), "{words}");
        let applied =
            sql::rows(&shop.url, "SELECT name FROM schemactl_journal WHERE event = 'applied'").len();
        assert_eq!(applied, if lines.contains("before-run") { 1 } else { 2 }, "{words}");
        words.stderr.replace("column \"nobody\" does not exist", "no such column: nobody")
    });
    let [sqlite, postgres] = outputs;
    assert_eq!(sqlite, postgres);
    sqlite
}

#[test]
fn the_environments_own_sql_can_fail_before_and_after() {
    assert_snapshot!(surrounded("    before-run (sql)\"SELECT nobody\"", 1), @"
    error[E707]: `before-run` of the environment failed: no such column: nobody
    statement: SELECT nobody
    no revision ran: the database is as it was
    help: correct `before-run` in `schemactl.kdl`
    explain: schemactl explain E707
    ");
    assert_snapshot!(surrounded("    before-run (sql)\"CREATE TABLE mine (id int); SELECT nobody\"", 7), @"
    error[E707]: `before-run` of the environment failed: no such column: nobody
    statement: SELECT nobody
    no revision ran; what `before-run` did before this statement stays
    help: correct `before-run` in `schemactl.kdl`
    explain: schemactl explain E707
    ");
    assert_snapshot!(surrounded("    after-run (sql)\"SELECT nobody\"", 7), @"
         Applied 0002_second ([TIME])
    error[E707]: `after-run` of the environment failed: no such column: nobody
    statement: SELECT nobody
    all revisions ran before and stay
    help: run by hand what is left of `after-run`: with no revision to run, `apply` doesn't run it
    explain: schemactl explain E707
    ");
    assert_snapshot!(surrounded("    after-run (sql)\"CREATE TABLE mine (id int); SELECT nobody\"", 7), @"
         Applied 0002_second ([TIME])
    error[E707]: `after-run` of the environment failed: no such column: nobody
    statement: SELECT nobody
    all revisions ran before and stay, and so does what `after-run` did before this statement
    help: run by hand what is left of `after-run`: with no revision to run, `apply` doesn't run it
    explain: schemactl explain E707
    ");
}

#[test]
fn a_revision_that_fails_says_what_ran_around_it() {
    for (lines, said) in [
        (
            "    before-run (sql)\"SELECT 1\"",
            "rolled back; `before-run` ran before, outside of the transaction",
        ),
        ("    after-run (sql)\"SELECT 1\"", "rolled back; `after-run` did not run"),
    ] {
        for shop in Shop::each() {
            shop.configure(lines);
            shop.insert_hook(SECOND, 0, "data fail { up (sql)\"SELECT nobody\"; down nothing }");
            let words = shop.apply().fails(1);
            assert!(words.contains(said), "{words}");
        }
    }
}
