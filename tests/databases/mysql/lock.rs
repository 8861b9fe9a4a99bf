//! What is special about the run's lock on MySQL and MariaDB, where locks belong to the whole server.

use std::time::Duration;

use crate::connection::{Fresh, block_on};
use crate::lock::acquire;
use crate::support::{mysql, sql};

const LONG: Duration = Duration::from_secs(60);

/// Where the case of names doesn't matter, two spellings are one database.
#[test]
fn two_spellings_of_a_database_lead_to_one_lock() {
    block_on(async {
        let server = mysql::Own::like_server("--lower-case-table-names=1");
        sql::execute(&server.url, "CREATE DATABASE shop");
        let [mut one, mut two] = [
            Fresh::at(format!("{}/Shop", server.url)).connect().await,
            Fresh::at(format!("{}/sHOP", server.url)).connect().await,
        ];
        let held = acquire(&mut one, "a", Duration::ZERO).await.unwrap();
        assert!(acquire(&mut two, "a", Duration::ZERO).await.is_err());
        held.release(&mut one).await.unwrap();
    });
}

/// The server works on for a client that is gone, and the lock stays with it: the next run waits for both.
#[test]
fn a_statement_of_a_client_that_is_gone_keeps_the_lock() {
    block_on(async {
        let fresh = Fresh::mysql();
        let (mut one, mut two) = (fresh.connect().await, fresh.connect().await);
        let _held = acquire(&mut one, "a", Duration::ZERO).await.unwrap();
        one.execute("CREATE TABLE t (a int)").await.unwrap();
        let mut user = sql::Session::open(&fresh.url);
        user.execute("LOCK TABLES t READ");
        let waits = async {
            let waiting = "SELECT id FROM information_schema.processlist WHERE db = DATABASE() \
                           AND info LIKE '%INSERT INTO t %' AND state LIKE 'Waiting for table%'";
            while sql::rows(&fresh.url, waiting).is_empty() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::select! {
            done = one.execute("INSERT INTO t VALUES (1)") => panic!("somebody uses the table: {done:?}"),
            () = waits => {}
        }
        drop(one);
        let refused = acquire(&mut two, "a", Duration::ZERO).await.unwrap_err();
        assert!(
            refused.contains(", `schemactl test` as `") && refused.contains(", at a statement for "),
            "{refused}"
        );
        drop(user);
        acquire(&mut two, "a", LONG).await.unwrap().release(&mut two).await.unwrap();
    });
}
