//! The run's lock on MySQL and MariaDB, where locks belong to the whole server.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use schemactl::runner::connection::Connection;
use schemactl::runner::lock::RunLock;

use crate::connection::{Fresh, block_on};
use crate::support::{mysql, sql};

const LONG: Duration = Duration::from_secs(60);

async fn acquire(connection: &mut Connection, scope: &str, timeout: Duration) -> Result<RunLock, String> {
    let lock = RunLock::acquire(connection, scope, "apply 7", timeout, &mut |_| {}).await;
    lock.map_err(|error| error.to_string())
}

#[test]
fn one_run_at_a_time_has_the_lock_of_a_database() {
    block_on(async {
        let (fresh, other) = (Fresh::mysql(), Fresh::mysql());
        let (mut one, mut two) = (fresh.connect().await, fresh.connect().await);
        let held = acquire(&mut one, "a", Duration::ZERO).await.unwrap();
        let refused = acquire(&mut two, "a", Duration::from_millis(120)).await.unwrap_err();
        assert!(refused.starts_with("E706: the lock was not obtained within 0.12 s: process "), "{refused}");
        assert!(refused.contains(", idle for "), "{refused}");
        let _b = acquire(&mut two, "b", Duration::ZERO).await.unwrap();
        let _c = acquire(&mut other.connect().await, "a", Duration::ZERO).await.unwrap();
        let (taken, released) = tokio::join!(acquire(&mut two, "a", LONG), async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            held.release(&mut one).await
        });
        released.unwrap();
        taken.unwrap().release(&mut two).await.unwrap();
        let held = acquire(&mut one, "a", Duration::ZERO).await.unwrap();
        drop((held, one));
        acquire(&mut two, "a", LONG).await.unwrap().release(&mut two).await.unwrap();
    });
}

#[test]
fn of_many_runs_one_at_a_time_works() {
    let fresh = Fresh::mysql();
    let (working, worked) = (AtomicUsize::new(0), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..20 {
            scope.spawn(|| {
                block_on(async {
                    let mut connection = fresh.connect().await;
                    let lock = acquire(&mut connection, "a", LONG).await.unwrap();
                    assert_eq!(working.fetch_add(1, Ordering::SeqCst), 0);
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    working.fetch_sub(1, Ordering::SeqCst);
                    worked.fetch_add(1, Ordering::SeqCst);
                    lock.release(&mut connection).await.unwrap();
                });
            });
        }
    });
    assert_eq!(worked.load(Ordering::SeqCst), 20);
}

#[test]
fn a_cancel_ends_the_wait() {
    block_on(async {
        let fresh = Fresh::mysql();
        let (mut one, mut two) = (fresh.connect().await, fresh.connect().await);
        let _held = acquire(&mut one, "a", Duration::ZERO).await.unwrap();
        let canceller = two.canceller();
        let (waited, asked) = tokio::join!(acquire(&mut two, "a", LONG), async {
            tokio::time::sleep(Duration::from_millis(100)).await;
            canceller.cancel().await
        });
        asked.unwrap();
        assert_eq!(waited.unwrap_err(), "E713: interrupted while waiting for the lock");
    });
}

/// Where the case of names doesn't matter, two spellings are one database.
#[test]
fn two_spellings_of_a_database_lead_to_one_lock() {
    block_on(async {
        let server = mysql::Own::start("--lower-case-table-names=1");
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

#[test]
fn a_lock_that_the_session_lost_is_noticed() {
    block_on(async {
        let fresh = Fresh::mysql();
        let mut connection = fresh.connect().await;
        let held = acquire(&mut connection, "a", Duration::ZERO).await.unwrap();
        connection.query("SELECT RELEASE_ALL_LOCKS()").await.unwrap();
        assert!(held.release(&mut connection).await.unwrap_err().to_string().starts_with("E718: "));
    });
}

/// The server works on for a client that is gone, and the lock stays with it: the next run waits for both.
#[test]
fn a_statement_of_a_client_that_is_gone_keeps_the_lock() {
    block_on(async {
        let fresh = Fresh::mysql();
        let (mut one, mut two) = (fresh.connect().await, fresh.connect().await);
        let _held = acquire(&mut one, "a", Duration::ZERO).await.unwrap();
        let statement = "INSERT INTO t SELECT a + sleep(1) FROM t";
        for sql in ["CREATE TABLE t (a int)", "INSERT INTO t VALUES (1), (2)"] {
            one.execute(sql).await.unwrap();
        }
        let begun = tokio::time::timeout(Duration::from_millis(200), one.execute(statement)).await;
        assert!(begun.is_err(), "it takes longer");
        drop(one);
        let refused = acquire(&mut two, "a", Duration::ZERO).await.unwrap_err();
        assert!(
            refused.contains(", `schemactl test` as `") && refused.contains(", at a statement for "),
            "{refused}"
        );
        acquire(&mut two, "a", LONG).await.unwrap().release(&mut two).await.unwrap();
    });
}
