//! Statements that are sent with others in one text, for what they set of the session: the server shows each under the
//! name of its run, and the session is as it was also when one of them fails.

use super::super::{APPLY, Shop};
use super::{JSON, SECOND, user_of, waiting};
use crate::support::{mysql, sql};

const PLAIN: &str = "table n {\n column id int primary-key\n column v int\n}\n";
const NUMBERED: &str = "table n {\n column id int identity primary-key\n column v int\n}\n";
const RECODED: &str =
    "table n {\n column id int primary-key\n column v int\n (mysql)options charset=latin1\n}\n";
const ROWS: &str = "INSERT INTO n VALUES (0, 7), (3, 8)";

#[test]
fn a_text_that_a_killed_run_left_to_the_server_is_waited_for() {
    for schemas in [[PLAIN, NUMBERED], [RECODED, PLAIN]] {
        let database = mysql::database("text");
        let shop = Shop::between(&database.url, schemas);
        shop.project.run(&["apply", "+1", "-q"]).ok();
        sql::execute(&shop.url, ROWS);
        let user = user_of(&shop, "n");
        let run = shop.start(&JSON);
        shop.wait_until("it waits for the table", |shop| !waiting(shop, "ALTER TABLE `n`").is_empty());
        run.kill();
        let status = shop.project.run(&["status"]).ok();
        assert!(status.contains(", `schemactl apply` as `"), "{status}");
        let mut next = shop.start(&APPLY);
        assert!(next.says("Waiting for process"), "the statement of the killed run is under way");
        drop(user);
        let (code, words) = next.ends();
        assert_eq!(code, Some(0), "{words}");
        assert!(words.contains("Waiting for process") && words.contains("`schemactl apply`"), "{words}");
        assert_eq!(sql::rows(&shop.url, "SELECT * FROM n ORDER BY id"), ["0|7", "3|8"]);
        shop.project.run(&["drift"]).ok();
    }
}

#[test]
fn a_text_that_fails_leaves_the_session_as_it_was() {
    let database = mysql::database("text");
    let shop = Shop::between(&database.url, [PLAIN, NUMBERED]);
    shop.project.run(&["apply", "+1", "-q"]).ok();
    sql::execute(&shop.url, ROWS);
    shop.insert_hook(SECOND, 9, "data more { up (sql)\"INSERT INTO n VALUES (0, 9)\"; down nothing }");
    let user = user_of(&shop, "n");
    let run = shop.start(&JSON);
    let waits = |shop: &Shop| !waiting(shop, "ALTER TABLE `n`").is_empty();
    shop.wait_until("it waits for the table", waits);
    shop.wait_until("it has waited for too long", |shop| !waits(shop));
    drop(user);
    let (code, words) = run.ends();
    assert_eq!(code, Some(0), "{words}");
    // The mode in which a 0 is a number was the first statement's.
    assert_eq!(sql::rows(&shop.url, "SELECT * FROM n ORDER BY id"), ["0|7", "3|8", "4|9"]);
}
