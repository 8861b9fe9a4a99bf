//! Processes that are killed when the run's work is committed and what the database looks like is not written down yet:
//! the run counts, and whoever looks next sees what is so.

use super::{APPLY, FOREVER, Shop};
use crate::support::running::Running;
use crate::support::sql;

/// Kills a run that stands behind its commit, and waits until it has let go of the database.
fn kill(shop: &Shop, run: Running) {
    shop.wait_until("it is committed", |shop| {
        sql::rows(&shop.url, "SELECT count(*) FROM schemactl_journal WHERE event = 'applied'") == ["2"]
    });
    std::thread::sleep(std::time::Duration::from_millis(200));
    run.kill();
    if shop.is_postgres() {
        shop.wait_until("it is unlocked", |shop| !shop.is_locked());
    }
}

/// What holds once the run is dead and nothing holds the next ones.
fn expect_whole(shop: &Shop, whole: &super::Picture, when: &str) {
    let status = shop.project.run(&["status", "--check"]);
    assert_eq!(status.code, Some(0), "{when}: {status}");
    // There is no observation of this moment: the revisions are what the database is held against.
    let drift = shop.project.run(&["drift"]);
    assert!(drift.code == Some(0) && drift.stderr.contains("the revisions that it has"), "{when}: {drift}");
    sql::execute(&shop.url, "CREATE INDEX by_hand ON users (age)");
    let drift = shop.project.run(&["drift"]);
    assert!(drift.code == Some(4) && drift.stdout.contains("by_hand"), "{when}: {drift}");
    sql::execute(&shop.url, "DROP INDEX by_hand");
    let apply = shop.apply();
    assert!(apply.code == Some(0) && apply.stderr.contains("nothing to apply"), "{when}: {apply}");
    shop.is_whole(whole, when);
    // The next run observes again.
    shop.project.run(&["rollback", "-q", "--allow-destructive", "all"]).ok();
    shop.apply().ok();
    let drift = shop.project.run(&["drift"]);
    assert!(drift.code == Some(0) && drift.stderr.contains("what it was at"), "{when}: {drift}");
}

#[test]
fn killed_before_the_observation() {
    for shop in Shop::each() {
        let whole = shop.whole();
        let forever = if shop.is_postgres() { "SELECT pg_sleep(600)" } else { FOREVER };
        shop.configure(&format!("    after-run (sql)\"{forever}\""));
        let run = shop.start(&APPLY);
        kill(&shop, run);
        shop.configure("");
        expect_whole(&shop, &whole, if shop.is_postgres() { "postgres" } else { "sqlite" });
    }
}

/// Holds a run when it writes down what it has seen, with nothing that it could see; until this is opened.
enum Gate {
    Lock(sql::Session),
    Trigger,
}

impl Gate {
    fn of(shop: &Shop) -> Self {
        if shop.is_postgres() {
            let mut session = sql::Session::open(&shop.url);
            session.execute("BEGIN; LOCK TABLE schemactl_observed IN SHARE MODE");
            return Self::Lock(session);
        }
        // A trigger takes no recursive query.
        let many: Vec<String> = (0..60).map(|number| format!("schemactl_journal AS j{number}")).collect();
        let forever = format!("SELECT count(*) FROM {}", many.join(", "));
        let trigger = "CREATE TRIGGER gate AFTER INSERT ON schemactl_observed BEGIN";
        sql::execute(&shop.url, &format!("{trigger} {forever}; END"));
        Self::Trigger
    }

    fn open(self, shop: &Shop) {
        match self {
            Self::Lock(session) => drop(session),
            Self::Trigger => sql::execute(&shop.url, "DROP TRIGGER gate"),
        }
    }
}

#[test]
fn killed_in_the_observation() {
    for shop in Shop::each() {
        let whole = shop.whole();
        let gate = Gate::of(&shop);
        let run = shop.start(&APPLY);
        kill(&shop, run);
        gate.open(&shop);
        expect_whole(&shop, &whole, if shop.is_postgres() { "postgres" } else { "sqlite" });
    }
}

#[test]
fn killed_before_the_observation_of_a_push() {
    for shop in Shop::each() {
        shop.apply().ok();
        let schema = shop.project.read("schema/shop.kdl");
        shop.project.write("schema/shop.kdl", schema.replace("column age int", "column age bigint"));
        let observed = sql::rows(&shop.url, "SELECT body FROM schemactl_observed");
        let gate = Gate::of(&shop);
        let is_pushed = match shop.is_postgres() {
            true => {
                "SELECT count(*) FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'age' \
                     AND atttypid = 'bigint'::regtype"
            }
            false => {
                "SELECT count(*) FROM pragma_table_info('users') WHERE name = 'age' AND lower(type) = 'bigint'"
            }
        };
        let run = shop.start(&["push", "--allow-destructive", "all"]);
        shop.wait_until("it is pushed", |shop| sql::rows(&shop.url, is_pushed) == ["1"]);
        std::thread::sleep(std::time::Duration::from_millis(200));
        run.kill();
        if shop.is_postgres() {
            shop.wait_until("it is unlocked", |shop| !shop.is_locked());
        }
        gate.open(&shop);
        assert_eq!(sql::rows(&shop.url, "SELECT body FROM schemactl_observed"), observed);
        shop.project.run(&["status", "--check"]).ok();
        // Nobody knows yet that it was a push.
        let drift = shop.project.run(&["drift"]);
        assert!(drift.code == Some(4) && drift.stdout.contains("users.age"), "{drift}");
        shop.project.run(&["push", "-q"]).ok();
        shop.project.run(&["drift"]).ok();
        shop.project.run(&["plan", "-m", "bigger", "-q"]).ok();
        let apply = shop.apply();
        assert!(apply.code == Some(0) && apply.stderr.contains("was pushed"), "{apply}");
        shop.project.run(&["status", "--check"]).ok();
    }
}
