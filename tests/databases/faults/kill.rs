//! Processes that are killed, at every statement and around every write of the journal: the next run completes, and
//! nothing is cleaned up by hand.

use super::{APPLY, FOREVER, Shop};
use crate::support::sql;

const JSON: [&str; 5] = ["apply", "--allow-destructive", "all", "--format", "json"];

#[test]
fn killed_at_any_piece_of_work_the_next_run_completes() {
    for kind in ["sqlite", "postgres"] {
        let whole = Shop::new(kind).with_new_status().whole();
        let mut pieces = 1;
        loop {
            let shop = Shop::new(kind).with_new_status();
            let mut run = shop.start(&JSON);
            let worked = (0..pieces).all(|_| run.reads("\"working\""));
            run.kill();
            shop.apply().ok();
            shop.is_whole(&whole, &format!("{kind}, piece {pieces}"));
            if !worked {
                break;
            }
            pieces += 1;
        }
        assert!(pieces > 6, "{pieces} pieces");
    }
}

/// Where a run is held on a server: the test holds the advisory lock 7, which each of these waits for.
const HELD_ON_A_SERVER: [(&str, &str); 4] = [
    (
        "before the row",
        "CREATE TRIGGER gate BEFORE INSERT ON schemactl_journal FOR EACH ROW EXECUTE FUNCTION gate()",
    ),
    (
        "behind the row",
        "CREATE TRIGGER gate AFTER INSERT ON schemactl_journal FOR EACH ROW EXECUTE FUNCTION gate()",
    ),
    (
        "in the commit",
        "CREATE CONSTRAINT TRIGGER gate AFTER INSERT ON schemactl_journal DEFERRABLE INITIALLY DEFERRED \
         FOR EACH ROW EXECUTE FUNCTION gate()",
    ),
    ("at a statement", "CREATE EVENT TRIGGER gate ON ddl_command_end EXECUTE FUNCTION gate_of_event()"),
];

#[test]
fn killed_around_a_write_of_a_servers_journal_the_next_run_completes() {
    let whole = Shop::new("postgres").with_new_status().whole();
    for (place, trigger) in HELD_ON_A_SERVER {
        for revision in ["+1", "+2"] {
            let shop = Shop::new("postgres").with_new_status();
            if revision == "+2" {
                shop.project.run(&["apply", "+1", "-q", "--allow-destructive", "all"]).ok();
            }
            let before = shop.picture();
            sql::execute(
                &shop.url,
                "CREATE SCHEMA held; SET search_path = held;
                 CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS
                 $$ BEGIN PERFORM pg_advisory_xact_lock_shared(0, 7); RETURN NEW; END $$;
                 CREATE FUNCTION gate_of_event() RETURNS event_trigger LANGUAGE plpgsql AS
                 $$ BEGIN PERFORM pg_advisory_xact_lock_shared(0, 7); END $$;",
            );
            sql::execute(&shop.url, &format!("SET search_path = public, held; {trigger}"));
            let mut gate = sql::Session::open(&shop.url);
            gate.execute("SELECT pg_advisory_lock(0, 7)");
            let run = shop.start(&APPLY);
            shop.wait_until("it is held", |shop| {
                let waiting = "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database \
                               WHERE datname = current_database() AND locktype = 'advisory' AND NOT granted";
                sql::rows(&shop.url, waiting) != ["0"]
            });
            run.kill();
            // The server notices by itself and rolls back, though nobody opens the gate.
            shop.wait_until("it is unlocked", |shop| !shop.is_locked());
            drop(gate);
            let remove = match place {
                "at a statement" => "DROP EVENT TRIGGER gate; DROP SCHEMA held CASCADE",
                _ => "DROP SCHEMA held CASCADE",
            };
            sql::execute(&shop.url, remove);
            let when = format!("{place}, from {revision}");
            shop.is_still(&before, &when);
            shop.apply().ok();
            shop.is_whole(&whole, &when);
        }
    }
}

#[test]
fn killed_around_a_write_of_a_files_journal_the_next_run_completes() {
    for place in ["BEFORE", "AFTER"] {
        let shop = Shop::new("sqlite");
        let (before, whole) = (shop.picture(), shop.whole());
        sql::execute(
            &shop.url,
            &format!(
                "CREATE VIEW forever AS {FOREVER};
                 CREATE TRIGGER gate {place} INSERT ON schemactl_journal BEGIN SELECT * FROM forever; END;"
            ),
        );
        let mut run = shop.start(&JSON);
        assert!(run.reads("\"piece\":5"), "the last piece of work");
        std::thread::sleep(std::time::Duration::from_millis(300));
        assert!(run.goes_on(), "the gate holds it");
        run.kill();
        sql::execute(&shop.url, "DROP TRIGGER gate; DROP VIEW forever");
        shop.is_still(&before, place);
        shop.apply().ok();
        shop.is_whole(&whole, place);
    }
}

#[test]
fn killed_in_the_commit_of_a_file_the_next_run_completes() {
    let shop = Shop::new("sqlite");
    let (before, whole) = (shop.picture(), shop.whole());
    let mut reader = sql::Session::open(&shop.url);
    reader.execute("BEGIN");
    reader.rows("SELECT * FROM users");
    let mut run = shop.start(&JSON);
    assert!(run.reads("\"piece\":5"), "the last piece of work");
    shop.wait_until("the commit waits for the reader", Shop::is_committing);
    assert!(run.goes_on());
    run.kill();
    drop(reader);
    shop.is_still(&before, "in the commit");
    shop.apply().ok();
    shop.is_whole(&whole, "in the commit");
}

/// A process that writes beyond the limit of a file's size is killed by the system in the middle of that write.
#[test]
fn killed_at_any_page_of_a_file_the_next_run_completes() {
    let whole = Shop::new("sqlite").with_new_status().whole();
    let mut killed = 0;
    for pages in 1.. {
        let shop = Shop::new("sqlite").with_new_status();
        let run = shop.project.shell(&format!(
            "ulimit -c 0; ulimit -f {}; exec schemactl apply --allow-destructive all",
            pages * 4096 / 512
        ));
        if run.code == Some(0) {
            break;
        }
        assert_eq!(run.code, None, "{pages} pages: {run}");
        killed += 1;
        shop.apply().ok();
        shop.is_whole(&whole, &format!("{pages} pages"));
        assert_eq!(sql::rows(&shop.url, "PRAGMA integrity_check"), ["ok"]);
    }
    assert!(killed > 5, "{killed} times");
}
