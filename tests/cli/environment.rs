//! Which database a command works on, and by which policies.

use insta::assert_snapshot;

use super::plan::shop;
use crate::support::project::Project;

fn two_environments() -> Project {
    let project = shop();
    project.write(
        "schemactl.kdl",
        "project shop { dialects sqlite postgres }\n\
         env dev default=#true { url \"sqlite://dev.db\" }\n\
         env test { url \"sqlite://test.db\" }\n\
         env live { url (env)\"DATABASE_URL\"; protect }\n",
    );
    project
}

/// The line of `status` that says which database it is.
fn database(project: &Project, arguments: &[&str]) -> String {
    let arguments: Vec<&str> = ["status"].iter().chain(arguments).copied().collect();
    project.run(&arguments).ok().lines().next().unwrap_or_default().to_owned()
}

#[test]
fn a_database_of_a_kind_that_the_project_is_not_for_is_refused() {
    let project = shop();
    project.write(
        "schemactl.kdl",
        "project shop { dialects postgres mysql }\nenv dev { url \"sqlite://dev.db\" }\n",
    );
    assert_snapshot!(project.run(&["apply", "--env", "dev"]), @r#"
    ----- stderr
    error[E619]: the project is not for SQLite
       ╭─[schemactl.kdl:1:25]
     1 │ project shop { dialects postgres mysql }
       ·                         ────┬─── ──┬──
       ·                             │      ╰── it is for this
       ·                             ╰── it is for this
     2 │ env dev { url "sqlite://dev.db" }
       ╰────
    help: name another URL, or add `sqlite` to `dialects` and run `schemactl check`
    explain: schemactl explain E619
    ----- exit 2
    "#);
    assert!(!project.path("dev.db").exists());
}

#[test]
fn options_come_before_variables_and_those_before_the_default() {
    let mut project = two_environments();
    assert_snapshot!(database(&project, &[]), @"database   sqlite://dev.db (dev)");
    project.set("DATABASE_URL", "sqlite://variable.db");
    assert_snapshot!(database(&project, &[]), @"database   sqlite://dev.db (dev)");
    project.write(".env", "SCHEMACTL_ENV=live\nDATABASE_URL=sqlite://file.db\n");
    assert_snapshot!(database(&project, &[]), @"database   sqlite://variable.db (live)");
    project.set("SCHEMACTL_ENV", "test");
    assert_snapshot!(database(&project, &[]), @"database   sqlite://test.db (test)");
    assert_snapshot!(database(&project, &["--env", "dev"]), @"database   sqlite://dev.db (dev)");
    assert_snapshot!(database(&project, &["--url", "sqlite://option.db"]), @"database   sqlite://option.db");
    assert_snapshot!(database(&project, &["--url", "sqlite://option.db", "--env", "live"]), @"database   sqlite://option.db (live)");
    project.set("SCHEMACTL_ENV", "");
    assert_snapshot!(database(&project, &[]), @"database   sqlite://dev.db (dev)");
}

#[test]
fn a_database_that_is_not_named_is_an_error() {
    let project = two_environments();
    assert_snapshot!(project.run(&["status", "--env", "tset"]), @"
    ----- stderr
    error[E606]: unknown environment `tset`, named by `--env`
    help: use `test`
    explain: schemactl explain E606
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["status", "--env", "live"]), @r#"
    ----- stderr
    error[E608]: the environment `live` takes its URL from `DATABASE_URL`, which is not set
       ╭─[schemactl.kdl:4:16]
     3 │ env test { url "sqlite://test.db" }
     4 │ env live { url (env)"DATABASE_URL"; protect }
       ·                ───────────────────
       ╰────
    help: set `DATABASE_URL`, or put it into `.env`
    explain: schemactl explain E608
    ----- exit 1
    "#);
    assert_snapshot!(project.run(&["apply", "--url", "oracle://root:s3cret@db/shop"]), @"
    ----- stderr
    error[E702]: there is no kind of database named `oracle`
    help: write one of `sqlite://path/to/file.db`, `postgres://user@host/database`, `mysql://user@host/database`
    explain: schemactl explain E702
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["apply", "--url", "postgres://anna:s3cret@127.0.0.1:1/shop?passwort=s3cret"]), @"
    ----- stderr
    error[E701]: the database URL has no parameter `passwort`
    help: write `password`
    explain: schemactl explain E701
    ----- exit 2
    ");
    project.write("schemactl.kdl", "project shop { dialects sqlite }\nenv dev { url \"sqlite://dev.db\" }\n");
    assert_snapshot!(project.run(&["status"]), @"
    ----- stderr
    error[E607]: no environment is chosen, and none is the default
    help: name one with `--env NAME`, or a database with `--url URL`
    explain: schemactl explain E607
    ----- exit 2
    ");
}

#[test]
fn a_protected_environment_is_changed_only_when_someone_says_so() {
    let mut project = two_environments();
    project.set("DATABASE_URL", "sqlite://live.db").write("live.db", "");
    assert_snapshot!(project.run(&["apply", "--env", "live", "-q"]), @"
    ----- stderr
    error[E832]: `live` is protected, and nobody can be asked
    help: run it on a terminal, or with `--yes`
    explain: schemactl explain E832
    ----- exit 3
    ");
    assert_snapshot!(project.run(&["stamp", "head", "--env", "live"]), @"
    ----- stderr
    error[E832]: `live` is protected, and nobody can be asked
    help: run it on a terminal, or with `--yes`
    explain: schemactl explain E832
    ----- exit 3
    ");
    assert_snapshot!(project.run(&["apply", "--env", "live", "-q", "--yes"]), @"");
    assert_snapshot!(project.run(&["rollback", "--env", "live", "-q", "--yes"]), @"
    undo 0001_first_tables                                  aef2f350 → af1349b9
      -  table  posts  4 columns
           ! loses all rows of `posts`
      -  table  users  3 columns
           ! loses all rows of `users`
    ----- stderr
    error[E831]: this loses all rows of `posts`, all rows of `users`
    help: if that is meant, run it with `--allow-destructive posts,users`
    explain: schemactl explain E831
    ----- exit 3
    ");
    assert_snapshot!(project.run(&["rollback", "--env", "live", "-q", "--allow-destructive", "all"]), @"
    undo 0001_first_tables                                  aef2f350 → af1349b9
      -  table  posts  4 columns
           ! loses all rows of `posts`
      -  table  users  3 columns
           ! loses all rows of `users`
    ----- stderr
    error[E832]: `live` is protected, and nobody can be asked
    help: run it on a terminal, or with `--yes`
    explain: schemactl explain E832
    ----- exit 3
    ");
}

#[test]
fn statements_of_an_environment_run_around_a_run() {
    let project = shop();
    let configure = |before: &str, after: &str| {
        project.write(
            "schemactl.kdl",
            format!(
                "project shop {{ dialects sqlite postgres }}\nenv dev default=#true {{ url \"sqlite://shop.db\"\n\
                 before-run (sql)\"{before}\"\nafter-run (sql)\"{after}\"\n}}\n"
            ),
        );
    };
    configure("CREATE TABLE runs (note text)", "INSERT INTO runs SELECT count(*) || ' users' FROM users");
    assert_snapshot!(project.run(&["apply", "-q"]), @"");
    assert_eq!(crate::support::sql::rows(&project.sqlite("shop.db"), "SELECT note FROM runs"), ["0 users"]);
    // Nothing to run: nothing around it either.
    assert_snapshot!(project.run(&["apply"]), @"
    ----- stderr
    nothing to apply: the database is up to date
    ");
}

#[test]
fn suggested_commands_work_on_the_same_environment() {
    let project = two_environments();
    assert_snapshot!(project.run(&["status", "--env", "test"]), @r#"
    database   sqlite://test.db (test)
    at         base
    applied    0
    pending    1
      0001_first_tables
    ----- stderr
    the database sqlite://test.db doesn't exist yet
    next: `schemactl apply --env test`
    "#);
    project.run(&["apply", "-q", "--env", "test"]).ok();
    project.run(&["new", "-q", "-m", "first"]).ok();
    write_hook(&project, "revisions/0002_first.kdl", "SELECT 1");
    project.run(&["new", "-q", "-m", "second"]).ok();
    write_hook(&project, "revisions/0003_second.kdl", "SELECT wrong");
    assert_snapshot!(project.run(&["apply", "--env", "test"]), @r#"
    0002_first                                              aef2f350 → aef2f350
      »  data  first
    1 step: 1 to move data · undo: yes
    0003_second                                             aef2f350 → aef2f350
      »  data  second
    1 step: 1 to move data · undo: yes
    ----- stderr
         Applied 0002_first ([TIME])
    error[E707]: `0003_second` (hook second): hook `second` failed: no such column: wrong
    statement: SELECT wrong
    `0002_first` ran before and stays
    help: correct the hook with `schemactl edit 0003_second`; then go on with `schemactl apply --env test`, or undo what ran with `schemactl rollback --env test`
    explain: schemactl explain E707
    ----- exit 7
    "#);
    assert_snapshot!(project.run(&["apply", "--env", "test", "--format", "json"]), @r#"
    {"direction":"up","event":"planned","format":1,"revisions":["0003_second"]}
    {"event":"started","revision":"0003_second","direction":"up","work":1}
    {"event":"working","revision":"0003_second","piece":0,"what":"SELECT wrong"}
    {"diagnostics":[{"code":"E707","help":"correct the hook with `schemactl edit 0003_second`","labels":[],"message":"`0003_second` (hook second): hook `second` failed: no such column: wrong\nstatement: SELECT wrong\neverything was rolled back: the database is as it was","severity":"error"}],"event":"failed","exit":1,"format":1}
    ----- exit 1
    "#);
}

#[test]
fn several_revisions_that_ran_are_undone_together() {
    let project = shop();
    project.run(&["apply", "-q"]).ok();
    for (file, name, sql) in [
        ("revisions/0002_first.kdl", "first", "SELECT 1"),
        ("revisions/0003_second.kdl", "second", "SELECT 1"),
        ("revisions/0004_third.kdl", "third", "SELECT wrong"),
    ] {
        project.run(&["new", "-q", "-m", name]).ok();
        write_hook(&project, file, sql);
    }
    let words = project.run(&["apply"]).fails(7);
    assert!(words.contains("`0002_first`, `0003_second` ran before and stay\n"), "{words}");
    assert!(words.contains("or undo what ran with `schemactl rollback -2`\n"), "{words}");
    project.run(&["rollback", "-2", "-q"]).ok();
    assert!(project.run(&["status"]).ok().contains("0001_first_tables"));
}

/// Writes the SQL of a new hook.
fn write_hook(project: &Project, file: &str, sql: &str) {
    let stub = project.read(file);
    let lines = stub.lines().map(|line| match line.trim_start().split(' ').next() {
        Some("up") => format!("        up (sql)\"{sql}\"\n"),
        Some("down") => "        down nothing\n".to_owned(),
        _ => format!("{line}\n"),
    });
    project.write(file, lines.collect::<String>());
}

/// The library of PostgreSQL asks the system as well, whatever the environment says.
#[cfg(all(unix, feature = "postgres"))]
#[test]
fn the_user_of_a_server_is_that_of_the_system() {
    let mut project = shop();
    let account = project.shell("id -un").ok();
    let url = "postgres://127.0.0.1:1/shop";
    for user in ["", "tester"] {
        project.set("USER", user);
        let words = project.run(&["status", "--url", url]).fails(1);
        assert!(words.contains(&format!("postgres://{}@127.0.0.1", account.trim())), "{words}");
    }
    project.set("PGUSER", "ada");
    let words = project.run(&["status", "--url", url]).fails(1);
    assert!(words.contains("postgres://ada@127.0.0.1"), "{words}");
}
