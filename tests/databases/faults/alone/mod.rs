//! Statements that commit by themselves, one after the other: wherever a run ends, the next one finishes the revision or
//! undoes what ran of it, and the catalog tells what became of the statement that was under way.

mod failure;
mod kill;
#[cfg(feature = "mysql")]
mod kind;
#[cfg(feature = "mysql")]
mod refused;
mod server;
#[cfg(feature = "mysql")]
mod text;
mod undo;

use serde_json::Value;

use super::{Picture, Shop};
use crate::support::sql;

const SECOND: &str = "revisions/0002_second.kdl";
const JSON: [&str; 5] = ["apply", "--allow-destructive", "all", "--format", "json"];
const ROLLBACK: [&str; 3] = ["rollback", "--allow-destructive", "all"];

/// A shop whose second revision has several statements, with a hook among them.
fn shop() -> Shop {
    with_hook(Shop::new("mysql"))
}

fn with_hook(shop: Shop) -> Shop {
    // Whoever holds the lock stops the run here.
    let hook = "data named { up (sql)\"DO GET_LOCK(DATABASE(), 60); UPDATE users SET name = 'nobody' \
                WHERE name IS NULL; DO RELEASE_LOCK(DATABASE())\"; \
                down (sql)\"UPDATE users SET name = NULL WHERE name = 'nobody'\" }";
    shop.insert_hook(SECOND, 1, hook);
    shop
}

fn whole() -> Picture {
    let shop = shop();
    shop.apply().ok();
    shop.picture()
}

/// Checks that catalog and rows are those of a picture, whatever the journal has seen.
#[track_caller]
pub fn is_like(shop: &Shop, before: &Picture, when: &str) {
    let now = shop.picture();
    assert_eq!(now.rows, before.rows, "{when}");
    super::same_catalog(&now.catalog, &before.catalog, when);
    assert_eq!(unfinished(shop), Value::Null, "{when}");
}

/// What `status` says of a revision that has begun and not ended; null where there is none.
fn unfinished(shop: &Shop) -> Value {
    let status = shop.project.run(&["status", "--format", "json"]).ok();
    let mut status: Value = serde_json::from_str(&status).unwrap();
    status.get_mut("unfinished").map(Value::take).expect("it is always said")
}

/// Whether the second revision has begun and not ended.
pub fn is_unfinished(shop: &Shop) -> bool {
    !unfinished(shop).is_null()
}

/// What the last row of the journal says happened.
fn last_event(shop: &Shop) -> String {
    sql::rows(&shop.url, "SELECT event FROM schemactl_journal ORDER BY seq DESC LIMIT 1").join("")
}

/// Somebody who uses a table, so that no statement changes it until this is dropped.
fn user_of(shop: &Shop, table: &str) -> sql::Session {
    let mut session = sql::Session::open(&shop.url);
    session.execute("START TRANSACTION");
    session.rows(&format!("SELECT * FROM {table} LIMIT 1"));
    session
}

/// The connections of runs that wait for a lock, at a statement with these words.
fn waiting(shop: &Shop, words: &str) -> Vec<String> {
    sql::rows(
        &shop.url,
        &format!(
            "SELECT id FROM information_schema.processlist WHERE db = DATABASE() \
             AND info LIKE '/* schemactl %{words}%' AND state LIKE 'Waiting for table%' AND id <> CONNECTION_ID()"
        ),
    )
}

/// Ends connections of the server.
fn end(shop: &Shop, connections: &[String]) {
    for id in connections {
        sql::execute(&shop.url, &format!("KILL {id}"));
    }
    shop.wait_until("the server has let go", |shop| {
        let left = "SELECT id FROM information_schema.processlist WHERE db = DATABASE()";
        let left = sql::rows(&shop.url, left);
        !connections.iter().any(|id| left.contains(id))
    });
}
