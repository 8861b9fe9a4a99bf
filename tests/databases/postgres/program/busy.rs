//! Tables that others are using while a revision wants to change them.

use std::time::{Duration, Instant};

use super::Shop;

const BEFORE: &str = "table users { column id int primary-key }\ntable other { column id int primary-key }";
const AFTER: &str = "table users { column id int primary-key; column name text nullable }\n\
                     table other { column id int primary-key }";

#[test]
fn who_is_in_the_way_is_named_and_waited_for() {
    let shop = Shop::new("busy", BEFORE);
    shop.plan(BEFORE, &[]).apply().plan(AFTER, &[]);
    let (mut reader, mut bystander) = (shop.session(), shop.session());
    reader.execute("SET application_name = 'report'; BEGIN; SELECT * FROM users");
    bystander.execute("SET application_name = 'bystander'; BEGIN; SELECT * FROM other");
    let mut run = shop.start(&["apply"]);
    assert!(run.says("Retrying 0002_step"));
    reader.execute("COMMIT");
    let (code, words) = run.ends();
    assert!(
        words.contains("canceling statement due to lock timeout; `users` is in use by process"),
        "{words}"
    );
    assert!(words.contains("`report` as `postgres`"), "{words}");
    assert!(words.contains("idle in transaction, in a transaction since 20"), "{words}");
    assert!(!words.contains("bystander"), "{words}");
    assert_eq!(code, Some(0), "{words}");
}

#[test]
fn readers_pass_while_a_revision_waits() {
    let shop = Shop::new("convoy", BEFORE);
    shop.plan(BEFORE, &[]).apply().plan(AFTER, &[]);
    let mut long = shop.session();
    long.execute("BEGIN; SELECT * FROM users");
    let run = shop.start(&["apply"]);
    let mut short = shop.session();
    short.execute("SET statement_timeout = '30s'");
    for _ in 0..3 {
        let waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() \
                       AND wait_event_type = 'Lock' AND query LIKE '%ALTER TABLE%'";
        let end = Instant::now() + Duration::from_secs(60);
        while short.rows(waiting) == ["0"] {
            assert!(Instant::now() < end, "the run never waits");
        }
        // Without a limit this would wait behind the run, and the run for the transaction, for good.
        short.execute("SELECT * FROM users");
    }
    long.execute("COMMIT");
    let (code, words) = run.ends();
    assert_eq!(code, Some(0), "{words}");
}

#[test]
fn a_limit_of_the_role_does_not_break_off_a_run() {
    let shop = Shop::new("limits", BEFORE);
    shop.plan(BEFORE, &[]).apply();
    shop.plan("table users { column id bigint primary-key }\ntable other { column id int primary-key }", &[]);
    shop.session().execute("INSERT INTO users SELECT generate_series(1, 50000)");
    let short = shop.with("options=-cstatement_timeout%3D5%20-clock_timeout%3D1");
    shop.run_at(&short, &["apply"]).ok();
}
