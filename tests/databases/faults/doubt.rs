//! Statements that no transaction may hold, cut off in the middle: what became of them is found out, never guessed.

use insta::assert_snapshot;

use super::{APPLY, SECOND as SCHEMA, Shop};
use crate::support::sql;

const INDEX: &str = r#"
object posts_by_title {
    create (sql)"CREATE UNIQUE INDEX CONCURRENTLY posts_by_title ON posts (title)"
    drop (sql)"DROP INDEX CONCURRENTLY posts_by_title"
    depends-on posts
}
"#;

/// A shop whose third revision builds an index beside the running application, with a hook behind it.
fn shop() -> Shop {
    let shop = Shop::new("postgres");
    shop.apply().ok();
    shop.project
        .write("schema/shop.kdl", SCHEMA)
        .write("schema/postgres.kdl", INDEX.replace("object posts", "(postgres)object posts"));
    shop.project.run(&["plan", "-q", "-m", "third"]).ok();
    shop.insert_hook(
        "revisions/0003_third.kdl",
        1,
        "data note { up (sql)\"UPDATE users SET name = 'noted'\"; down nothing }",
    );
    shop
}

fn is_done(shop: &Shop, when: &str) {
    let index = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('posts_by_title')";
    assert_eq!(sql::rows(&shop.url, index), ["t"], "{when}");
    assert_eq!(sql::rows(&shop.url, "SELECT DISTINCT name FROM users"), ["noted"], "{when}");
    shop.project.run(&["status", "--check", "-q"]).ok();
}

/// What the journal says of the third revision: the events with what they are about.
fn events(shop: &Shop) -> Vec<String> {
    sql::rows(
        &shop.url,
        "SELECT event || coalesce(' ' || segment, '') FROM schemactl_journal WHERE name = '0003_third' ORDER BY seq",
    )
}

#[test]
fn killed_while_an_index_is_built_the_next_run_completes() {
    let shop = shop();
    // A build waits for every transaction that may have seen the table.
    let mut reader = sql::Session::open(&shop.url);
    reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
    reader.rows("SELECT * FROM posts");
    let mut run = shop.start(&["apply", "--format", "json"]);
    assert!(run.reads("CONCURRENTLY"));
    shop.wait_until("it is being built", |shop| {
        sql::rows(&shop.url, "SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass('posts_by_title')")
            == ["1"]
    });
    run.kill();
    assert_eq!(events(&shop), ["intended 0"]);
    drop(reader);
    // The server goes on with it, and keeps the run's lock meanwhile.
    shop.apply().ok();
    is_done(&shop, "after the kill");
    assert_eq!(events(&shop), ["intended 0", "done 0", "applied"]);
}

#[test]
fn what_is_left_of_an_index_is_removed_and_built_anew() {
    let shop = shop();
    // As if the server itself had gone down: begun, and not valid.
    shop.project.run(&["apply", "-q"]).ok();
    sql::execute(
        &shop.url,
        "DELETE FROM schemactl_journal WHERE name = '0003_third' AND event <> 'intended'",
    );
    sql::execute(
        &shop.url,
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'posts_by_title'::regclass",
    );
    assert_snapshot!(shop.project.run(&["rollback", "-q"]).stderr, @"
    error[E725]: a statement of `0003_third` was begun, and nothing says what became of it
    help: go on with `schemactl apply`, which finds out, then roll back
    explain: schemactl explain E725
    ");
    shop.apply().ok();
    is_done(&shop, "after the server went down");
    assert_eq!(events(&shop), ["intended 0", "intended 0", "done 0", "applied"]);
}

#[test]
fn what_no_catalog_tells_is_not_guessed() {
    let shop = Shop::new("postgres");
    shop.apply().ok();
    // Nobody knows which name the server gave it.
    let index = INDEX
        .replace("object posts", "(postgres)object posts")
        .replace("CONCURRENTLY posts_by_title ON", "CONCURRENTLY ON");
    shop.project.write("schema/shop.kdl", SCHEMA).write("schema/postgres.kdl", index);
    shop.project.run(&["plan", "-q", "-m", "third"]).ok();
    shop.apply().ok();
    sql::execute(
        &shop.url,
        "DELETE FROM schemactl_journal WHERE name = '0003_third' AND event <> 'intended'",
    );
    let refused = shop.project.run(&["apply", "-q"]);
    assert_eq!(refused.code, Some(5), "{refused}");
    assert_snapshot!(refused.stderr, @"
    error[E725]: `0003_third`: a statement was begun outside of a transaction, and nothing says what became of it
    statement: CREATE UNIQUE INDEX CONCURRENTLY ON posts (title)
    help: look whether it happened, then record it: `schemactl stamp 0003_third`, or `schemactl stamp` the one before
    explain: schemactl explain E725
    ");
    shop.project.run(&["stamp", "0003_third", "-q"]).ok();
    shop.project.run(&["status", "--check", "-q"]).ok();
}

#[test]
fn an_index_that_rows_contradict_leaves_nothing_behind() {
    let shop = shop();
    sql::execute(&shop.url, "UPDATE posts SET title = 'same'");
    let before = shop.picture();
    assert_snapshot!(shop.project.run(&["apply", "-q"]).stderr, @r#"
    error[E709]: `0003_third` (+ object posts_by_title): a statement failed: could not create unique index "posts_by_title"; Key (title)=(same) is duplicated.
    statement: CREATE UNIQUE INDEX CONCURRENTLY posts_by_title ON posts (title)
    everything was rolled back: the database is as it was
    explain: schemactl explain E709
    "#);
    let now = shop.picture();
    assert_eq!(now.rows, before.rows);
    super::same_catalog(&now.catalog, &before.catalog, "after the refusal");
    assert_eq!(events(&shop), ["intended 0", "failed 0"]);
    sql::execute(&shop.url, "UPDATE posts SET title = id::text");
    shop.apply().ok();
    is_done(&shop, "with rows corrected");
}

#[test]
fn interrupted_while_an_index_is_built_nothing_is_left() {
    let shop = shop();
    let mut reader = sql::Session::open(&shop.url);
    reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
    reader.rows("SELECT * FROM posts");
    let mut run = shop.start(&["apply", "--format", "json"]);
    assert!(run.reads("CONCURRENTLY"));
    shop.wait_until("it is being built", |shop| {
        sql::rows(&shop.url, "SELECT count(*) FROM pg_index WHERE indexrelid = to_regclass('posts_by_title')")
            == ["1"]
    });
    run.signal("INT");
    // Removing what is left waits for the reader as well.
    shop.wait_until("it is being removed", |shop| shop.is_waiting("DROP INDEX CONCURRENTLY"));
    drop(reader);
    let (code, words) = run.ends();
    assert_eq!(code, Some(130), "{words}");
    assert_eq!(sql::rows(&shop.url, "SELECT to_regclass('posts_by_title') IS NULL"), ["t"]);
    assert_eq!(events(&shop), ["intended 0", "failed 0"]);
    shop.apply().ok();
    is_done(&shop, "after the interrupt");
}

#[test]
fn a_part_that_ran_can_be_undone_and_the_undoing_resumed() {
    let shop = shop();
    let whole = shop.picture();
    let revision = shop.project.read("revisions/0003_third.kdl");
    shop.project.replace(
        "revisions/0003_third.kdl",
        "UPDATE users SET name = 'noted'",
        "UPDATE user_s SET name = ''",
    );
    // Unless somebody says otherwise, what was committed before the failure is undone.
    assert_snapshot!(shop.project.run(&["apply", "-q"]).fails(1), @r#"
    error[E707]: `0003_third` (hook note): hook `note` failed: relation "user_s" does not exist
    statement: UPDATE user_s SET name = ''
    what ran before was undone: the database is as it was
    help: correct the hook with `schemactl edit 0003_third`
    explain: schemactl explain E707
    "#);
    let now = shop.picture();
    assert_eq!(now.rows, whole.rows);
    super::same_catalog(&now.catalog, &whole.catalog, "compensated");
    let stopped = shop.project.run(&["apply", "-q", "--no-compensate"]);
    assert_eq!(stopped.code, Some(7), "{stopped}");
    assert_snapshot!(stopped.stderr, @r#"
    error[E707]: `0003_third` (hook note): hook `note` failed: relation "user_s" does not exist
    statement: UPDATE user_s SET name = ''
    a part of it ran before and stays
    help: undo what ran with `schemactl rollback`, correct the hook with `schemactl edit 0003_third`, and run `schemactl apply`
    explain: schemactl explain E707
    "#);
    // Edited in between, the journal's places would mean something else.
    shop.project.write("revisions/0003_third.kdl", &revision);
    assert_snapshot!(shop.project.run(&["apply", "-q"]), @"
    ----- stderr
    error[E723]: `0003_third` was edited after a part of it had run
    help: restore `0003_third.kdl` as it was and undo that part with `schemactl rollback`, then edit it
    explain: schemactl explain E723
    ----- exit 5
    ");
    shop.project.replace(
        "revisions/0003_third.kdl",
        "UPDATE users SET name = 'noted'",
        "UPDATE user_s SET name = ''",
    );
    // Its own undoing is interrupted, too.
    let mut reader = sql::Session::open(&shop.url);
    reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ");
    reader.rows("SELECT * FROM posts");
    let mut run = shop.start(&["rollback", "--format", "json"]);
    assert!(run.reads("CONCURRENTLY"));
    shop.wait_until("it waits for the reader", |shop| shop.is_waiting("DROP INDEX CONCURRENTLY"));
    run.kill();
    drop(reader);
    shop.project.run(&["rollback", "-q"]).ok();
    let now = shop.picture();
    super::same_catalog(&now.catalog, &whole.catalog, "undone");
    assert_eq!(
        shop.project.run(&["status", "--format", "json"]).ok().matches("0003_third").count(),
        1,
        "it is pending"
    );
    shop.project.write("revisions/0003_third.kdl", &revision);
    shop.project.run(&APPLY).ok();
    is_done(&shop, "after undoing");
}
