//! Statements that fail: whichever it is, the catalog, the rows and the journal are as before.

use super::Shop;
use crate::support::sql;

#[test]
fn whichever_step_fails_nothing_has_changed() {
    for kind in ["sqlite", "postgres"] {
        let shop = Shop::new(kind);
        let before = shop.picture();
        let file = "revisions/0002_second.kdl";
        let revision = shop.project.read(file);
        let mut place = 0;
        loop {
            shop.insert_hook(
                file,
                place,
                "data boom { up (sql)\"INSERT INTO nowhere VALUES (1)\"; down nothing }",
            );
            let words = shop.apply().fails(1);
            assert!(words.contains("nowhere"), "{kind}, step {place}: {words}");
            assert!(words.contains("everything was rolled back: the database is as it was"), "{words}");
            shop.is_still(&before, &format!("{kind}, step {place}"));
            let last = shop.project.read(file).trim_end().ends_with("down nothing }\n}");
            shop.project.write(file, &revision);
            if last {
                break;
            }
            place += 1;
        }
        assert!(place >= 5, "{place} steps");
        shop.apply().ok();
        shop.is_whole(&shop.whole(), kind);
    }
}

/// Lets the statement with this number fail, of those that change the catalog or the journal.
const FAILING: &str = "
    CREATE SCHEMA fault;
    CREATE SEQUENCE fault.count;
    CREATE FUNCTION fault.fail() RETURNS event_trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF nextval('fault.count') = current_setting('fault.at')::int THEN
            RAISE EXCEPTION 'fault at %', current_setting('fault.at');
        END IF;
    END $$;
    CREATE FUNCTION fault.fail_row() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF nextval('fault.count') = current_setting('fault.at')::int THEN
            RAISE EXCEPTION 'fault at %', current_setting('fault.at');
        END IF;
        RETURN NEW;
    END $$;
    CREATE TRIGGER fail BEFORE INSERT ON schemactl_journal FOR EACH ROW EXECUTE FUNCTION fault.fail_row();
    CREATE EVENT TRIGGER fail ON ddl_command_end EXECUTE FUNCTION fault.fail();
";

#[test]
fn whichever_statement_a_server_refuses_the_next_run_completes() {
    let shop = Shop::new("postgres").with_new_status();
    let whole = shop.whole();
    let mut at = 1;
    loop {
        let shop = Shop::new("postgres").with_new_status();
        sql::execute(&shop.url, FAILING);
        let before = shop.picture();
        shop.configure(&format!("    before-run (sql)\"SET fault.at = {at}\""));
        let output = shop.apply();
        let when = format!("statement {at}: {output}");
        match output.code {
            Some(0) => break,
            Some(1) => shop.is_still(&before, &when),
            Some(7) => assert!(output.stderr.contains("ran before and stays"), "{when}"),
            _ => panic!("{when}"),
        }
        assert!(output.stderr.contains(&format!("fault at {at}")), "{when}");
        shop.configure("    before-run (sql)\"SET fault.at = 0\"");
        shop.apply().ok();
        sql::execute(&shop.url, "DROP EVENT TRIGGER fail; DROP TRIGGER fail ON schemactl_journal");
        sql::execute(&shop.url, "DROP SCHEMA fault CASCADE");
        shop.is_whole(&whole, &when);
        at += 1;
    }
    assert!(at > 10, "{at} statements");
}

#[test]
fn wherever_a_file_cannot_grow_nothing_has_changed() {
    let shop = Shop::new("sqlite").with_new_status();
    let whole = shop.whole();
    let pages = |shop: &Shop| sql::rows(&shop.url, "PRAGMA page_count")[0].parse::<u32>().unwrap();
    let mut room = pages(&shop);
    let mut failures = 0;
    loop {
        let before = shop.picture();
        shop.configure(&format!("    before-run (sql)\"PRAGMA max_page_count = {room}\""));
        let output = shop.apply();
        let when = format!("{room} pages: {output}");
        match output.code {
            Some(0) => break,
            Some(1) => shop.is_still(&before, &when),
            Some(7) => assert!(output.stderr.contains("ran before and stays"), "{when}"),
            _ => panic!("{when}"),
        }
        assert!(output.stderr.contains("error[E712]"), "{when}");
        failures += 1;
        room += 1;
    }
    assert!(failures > 3, "{failures} failures");
    shop.is_whole(&whole, "with room enough");
}
