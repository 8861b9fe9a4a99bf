//! Ctrl-C and requests to terminate: the first rolls back and ends cleanly, the second ends at once.

use insta::assert_snapshot;

use super::{APPLY, FOREVER, Shop};
use crate::support::sql;

const SECOND: &str = "revisions/0002_second.kdl";
const JSON: [&str; 5] = ["apply", "--allow-destructive", "all", "--format", "json"];

/// A hook that never ends, of which the events show the name of its hook.
fn endless(shop: &Shop) -> String {
    let sql = if shop.is_postgres() { "SELECT pg_sleep(600)" } else { FOREVER };
    format!("data endless {{ up (sql)\"/* endless */ {sql}\"; down nothing }}")
}

#[test]
fn the_first_interrupt_rolls_back() {
    for signal in ["INT", "TERM"] {
        for shop in Shop::each() {
            let before = shop.picture();
            let revision = shop.project.read(SECOND);
            shop.insert_hook(SECOND, usize::MAX, &endless(&shop));
            let mut run = shop.start(&JSON);
            assert!(run.reads("/* endless */"));
            run.signal(signal);
            let (code, words) = run.ends();
            assert_eq!(code, Some(130), "{signal}: {words}");
            assert!(words.contains("\"code\":\"E713\"") && words.contains("\"exit\":130"), "{words}");
            assert!(!shop.is_locked(), "the lock is given back");
            shop.is_still(&before, signal);
            shop.project.write(SECOND, revision);
            shop.apply().ok();
        }
    }
}

#[test]
fn what_ran_before_an_interrupt_stays_and_is_named() {
    for shop in Shop::each() {
        let shop = shop.with_new_status();
        let third = shop.project.read("revisions/0003_third.kdl");
        shop.insert_hook("revisions/0003_third.kdl", 0, &endless(&shop));
        let run = shop.start(&["apply", "--allow-destructive", "all", "-v"]);
        shop.wait_until("the second revision has run", |shop| {
            sql::rows(&shop.url, "SELECT name FROM schemactl_journal").contains(&"0002_second".to_owned())
        });
        run.signal("INT");
        let (code, words) = run.ends();
        assert_eq!(code, Some(130), "{words}");
        assert!(words.contains("`0002_second` ran before and stays"), "{words}");
        assert!(words.contains("go on with `schemactl apply`"), "{words}");
        shop.project.write("revisions/0003_third.kdl", third);
        shop.apply().ok();
        shop.is_whole(&shop.whole(), "after the interrupt");
    }
}

#[test]
fn the_second_interrupt_ends_at_once() {
    // One that a server doesn't cancel.
    let shop = Shop::new("postgres");
    let before = shop.picture();
    let stubborn = "DO $$ BEGIN LOOP BEGIN PERFORM pg_sleep(600); EXCEPTION WHEN query_canceled THEN NULL; END; \
                    END LOOP; END $$";
    shop.insert_hook(SECOND, 0, &format!("data stubborn {{ up (sql)\"{stubborn}\"; down nothing }}"));
    ends_at_the_second(&shop, |shop| {
        let asleep = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
        sql::rows(&shop.url, asleep) == ["1"]
    });
    // The server notices, and rolls back.
    shop.wait_until("it is unlocked", |shop| !shop.is_locked());
    shop.is_still(&before, "at the second interrupt");

    // A commit that waits for a reader, in which a library looks for no interrupt.
    let shop = Shop::new("sqlite");
    let before = shop.picture();
    let mut reader = sql::Session::open(&shop.url);
    reader.execute("BEGIN");
    reader.rows("SELECT * FROM users");
    ends_at_the_second(&shop, Shop::is_committing);
    drop(reader);
    shop.is_still(&before, "at the second interrupt");
    assert_eq!(sql::rows(&shop.url, "PRAGMA integrity_check"), ["ok"]);
}

/// Interrupts a run when it is there, and again.
fn ends_at_the_second(shop: &Shop, is_there: impl Fn(&Shop) -> bool) {
    let mut run = shop.start(&JSON);
    assert!(run.reads("\"working\""));
    shop.wait_until("it works", is_there);
    run.signal("INT");
    // Time enough to end by itself, which it must not.
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert!(run.goes_on(), "the first interrupt is waiting for the database");
    run.signal("INT");
    let (code, words) = run.ends();
    assert_eq!(code, Some(130), "{words}");
}

#[test]
fn a_run_that_waits_can_be_interrupted() {
    for shop in Shop::each() {
        let before = shop.picture();
        // Somebody writes, so that the transaction is tried again and again.
        let mut other = sql::Session::open(&shop.url);
        other.execute(if shop.is_postgres() { "BEGIN; LOCK TABLE users" } else { "BEGIN IMMEDIATE" });
        let mut run = shop.start(&JSON);
        assert!(run.reads("\"retrying\""));
        run.signal("INT");
        let (code, words) = run.ends();
        assert_eq!(code, Some(130), "{words}");
        drop(other);
        shop.is_still(&before, "after waiting");
    }
}

#[test]
fn progress_is_shown_on_a_terminal_only() {
    let shop = Shop::new("postgres");
    shop.insert_hook(SECOND, 0, "data slow { up (sql)\"SELECT 'slow', pg_sleep(1)\"; down nothing }");
    let quiet = shop.project.run(&APPLY);
    assert!(!quiet.stderr.contains("slow"), "{quiet}");
    shop.project.run(&["rollback", "1", "-q", "--allow-destructive", "all"]).ok();
    let shown =
        shop.project.shell("TERM=xterm script -qec 'schemactl apply --allow-destructive all' /dev/null");
    assert!(shown.stdout.contains("0002_second: SELECT 'slow', pg_sleep(1)"), "{shown}");
}

#[test]
fn an_interrupt_is_reported_in_words() {
    let shop = Shop::new("sqlite");
    shop.insert_hook(SECOND, 0, &endless(&shop));
    let run = shop.start(&APPLY);
    shop.wait_until("it is locked", Shop::is_locked);
    // Nothing but the progress on a terminal tells that it has begun with the hook.
    std::thread::sleep(std::time::Duration::from_millis(300));
    run.signal("INT");
    let (_, words) = run.ends();
    assert_snapshot!(&words[words.find("error").unwrap()..], @"
    error[E713]: `0002_second` (hook endless): hook `endless` failed: interrupted
    statement: /* endless */ WITH RECURSIVE forever(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM forever) SELECT count(*) FROM forever
    everything was rolled back: the database is as it was
    explain: schemactl explain E713
    ");
}
