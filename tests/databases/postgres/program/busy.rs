//! Tables that others are using while a revision wants to change them.

use std::thread;
use std::time::Duration;

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
    let waiting = thread::spawn(move || {
        thread::sleep(Duration::from_millis(900));
        reader.execute("COMMIT");
        reader
    });
    let output = shop.run(&["apply"]);
    let words = &output.stderr;
    assert!(words.contains("Retrying 0002_step"), "{output}");
    assert!(
        words.contains("canceling statement due to lock timeout; `users` is in use by process"),
        "{output}"
    );
    assert!(words.contains("`report` as `postgres`"), "{output}");
    assert!(words.contains("idle in transaction, in a transaction since 20"), "{output}");
    assert!(!words.contains("bystander"), "{output}");
    output.ok();
    drop(waiting.join());
}

#[test]
fn readers_pass_while_a_revision_waits() {
    let shop = Shop::new("convoy", BEFORE);
    shop.plan(BEFORE, &[]).apply().plan(AFTER, &[]);
    let mut long = shop.session();
    long.execute("BEGIN; SELECT * FROM users");
    let url = shop.database.url.clone();
    thread::scope(|scope| {
        let run = scope.spawn(|| shop.run(&["apply"]));
        // Without a limit each of these would wait behind the run, and the run for the transaction, for good.
        let mut short = crate::support::sql::Session::open(&url);
        for _ in 0..10 {
            short.execute("SELECT * FROM users");
            thread::sleep(Duration::from_millis(50));
        }
        long.execute("COMMIT");
        run.join().unwrap().ok();
    });
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
