//! A database file that a run had to make: gone with a run that fails, and never anybody else's.

use std::fs;

use super::{FOREVER, Shop};
use crate::support::sql;

const FIRST: &str = "revisions/0001_first.kdl";
const FAILING: &str = "data fail { up (sql)\"SELECT nowhere FROM nothing\"; down nothing }";

/// A project with its first revision alone, and no database yet.
fn first() -> Shop {
    let shop = Shop::empty("sqlite");
    fs::remove_file(shop.project.path("revisions/0002_second.kdl")).unwrap();
    shop
}

/// The files of databases, with their locks.
fn left(shop: &Shop) -> Vec<String> {
    shop.project.files().into_iter().filter(|file| file.starts_with("shop.db")).collect()
}

#[test]
fn a_run_that_fails_leaves_no_file() {
    let shop = first();
    shop.insert_hook(FIRST, usize::MAX, FAILING);
    shop.apply().fails(1);
    assert_eq!(left(&shop), [""; 0]);
    shop.configure("    before-run (sql)\"SELECT nowhere\"");
    shop.apply().fails(1);
    assert_eq!(left(&shop), [""; 0]);
    // Whoever says no leaves nothing either.
    shop.configure("    protect\n    create");
    shop.apply().fails(3);
    assert_eq!(left(&shop), [""; 0]);
}

#[test]
fn a_file_that_was_there_or_holds_something_stays() {
    let shop = first();
    shop.insert_hook(FIRST, usize::MAX, FAILING);
    fs::write(shop.project.path("shop.db"), "").unwrap();
    shop.apply().fails(1);
    assert_eq!(left(&shop), ["shop.db"]);
    fs::remove_file(shop.project.path("shop.db")).unwrap();
    shop.configure("    before-run (sql)\"CREATE TABLE mine (id int)\"");
    let words = shop.apply().fails(1);
    assert!(words.contains("everything was rolled back; `before-run` ran before"), "{words}");
    assert_eq!(sql::rows(&shop.url, "SELECT name FROM sqlite_schema"), ["mine"]);
}

#[test]
fn a_run_that_waited_does_not_write_to_a_file_that_is_gone() {
    let shop = first();
    let first = shop.project.read(FIRST);
    shop.insert_hook(
        FIRST,
        0,
        &format!("data endless {{ up (sql)\"/* endless */ {FOREVER}\"; down nothing }}"),
    );
    let mut holder = shop.start(&["apply", "--format", "json"]);
    assert!(holder.reads("/* endless */"));
    shop.project.write(FIRST, first);
    let mut waiting = shop.start(&["apply"]);
    assert!(waiting.says("Waiting for process"));
    // It has opened the file, and comes for the lock when the file is gone.
    waiting.signal("STOP");
    holder.signal("INT");
    assert_eq!(holder.ends().0, Some(130));
    waiting.signal("CONT");
    let (code, words) = waiting.ends();
    assert_eq!(code, Some(1), "{words}");
    assert!(words.contains("was removed in the meantime"), "{words}");
    assert_eq!(left(&shop), [""; 0]);
    shop.apply().ok();
    assert_eq!(sql::rows(&shop.url, "SELECT count(*) FROM users"), ["0"]);
}
