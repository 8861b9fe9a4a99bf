//! The run's lock between real connections: one holder at a time, named to those who wait, gone with its holder.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use schemactl::runner::connection::Connection;
use schemactl::runner::lock::RunLock;

use super::connection::{Fresh, block_on};
use crate::support::sql;

const LONG: Duration = Duration::from_secs(60);

pub async fn acquire(connection: &mut Connection, scope: &str, timeout: Duration) -> Result<RunLock, String> {
    let lock = RunLock::acquire(connection, scope, "apply 7", timeout, &mut |_| {}).await;
    lock.map_err(|error| error.to_string())
}

#[test]
fn the_second_run_waits_and_is_told_for_whom() {
    block_on(async {
        let held = ["`schemactl apply 7`, since 2", "`schemactl test` as `", ", idle for "];
        for (fresh, expected) in Fresh::every().iter().zip(held) {
            let (mut one, mut two) = (fresh.connect().await, fresh.connect().await);
            let held = acquire(&mut one, "a", Duration::ZERO).await.unwrap();
            let refused = acquire(&mut two, "a", Duration::from_millis(120)).await.unwrap_err();
            assert!(
                refused.starts_with("E706: the lock was not obtained within 0.12 s: process "),
                "{refused}"
            );
            assert!(refused.contains(expected), "{refused}");
            let mut heard = Vec::new();
            let mut hear = |holder: &str| heard.push(holder.to_owned());
            let waits = RunLock::acquire(&mut two, "a", "apply 8", LONG, &mut hear);
            let (taken, released) = tokio::join!(waits, async {
                tokio::time::sleep(Duration::from_millis(100)).await;
                held.release(&mut one).await
            });
            released.unwrap();
            taken.unwrap().release(&mut two).await.unwrap();
            assert!(heard.len() == 1 && heard[0].contains(expected), "{heard:?}");
        }
    });
}

#[test]
fn a_lock_is_gone_with_its_holder() {
    block_on(async {
        for fresh in Fresh::every() {
            let (mut one, mut two) = (fresh.connect().await, fresh.connect().await);
            let held = acquire(&mut one, "a", Duration::ZERO).await.unwrap();
            drop((held, one));
            acquire(&mut two, "a", LONG).await.unwrap().release(&mut two).await.unwrap();
        }
    });
}

#[test]
fn of_many_runs_one_at_a_time_works() {
    for fresh in Fresh::every() {
        let (fresh, working, worked) =
            (Arc::new(fresh), Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let runs = (0..20).map(|_| {
            let (fresh, working, worked) = (Arc::clone(&fresh), Arc::clone(&working), Arc::clone(&worked));
            std::thread::spawn(move || {
                block_on(async {
                    let mut connection = fresh.connect().await;
                    let lock = acquire(&mut connection, "a", LONG).await.unwrap();
                    assert_eq!(working.fetch_add(1, Ordering::SeqCst), 0);
                    tokio::time::sleep(Duration::from_millis(5)).await;
                    working.fetch_sub(1, Ordering::SeqCst);
                    worked.fetch_add(1, Ordering::SeqCst);
                    lock.release(&mut connection).await.unwrap();
                });
            })
        });
        runs.collect::<Vec<_>>().into_iter().for_each(|run| run.join().unwrap());
        assert_eq!(worked.load(Ordering::SeqCst), 20);
    }
}

#[test]
fn journals_of_one_server_do_not_lock_each_other() {
    block_on(async {
        for [fresh, other] in [[Fresh::postgres(), Fresh::postgres()], [Fresh::mysql(), Fresh::mysql()]] {
            let (mut one, mut two) = (fresh.connect().await, fresh.connect().await);
            let _a = acquire(&mut one, "a", Duration::ZERO).await.unwrap();
            let _b = acquire(&mut two, "b", Duration::ZERO).await.unwrap();
            let _c = acquire(&mut other.connect().await, "a", Duration::ZERO).await.unwrap();
        }
    });
}

#[test]
fn a_cancel_ends_the_wait() {
    block_on(async {
        for fresh in Fresh::every() {
            let (mut one, mut two) = (fresh.connect().await, fresh.connect().await);
            let _held = acquire(&mut one, "a", Duration::ZERO).await.unwrap();
            let canceller = two.canceller();
            let (waited, asked) = tokio::join!(acquire(&mut two, "a", LONG), async {
                tokio::time::sleep(Duration::from_millis(100)).await;
                canceller.cancel().await
            });
            asked.unwrap();
            assert_eq!(waited.unwrap_err(), "E713: interrupted while waiting for the lock");
        }
    });
}

/// The wait for a lock must not be a transaction that the index build waits for.
#[test]
fn waiting_does_not_stop_a_concurrent_index_build() {
    block_on(async {
        let fresh = Fresh::postgres();
        sql::execute(&fresh.url, "CREATE TABLE t (a int)");
        let (mut one, mut two) = (fresh.connect().await, fresh.connect().await);
        let held = acquire(&mut one, "a", Duration::ZERO).await.unwrap();
        let (waited, built) = tokio::join!(acquire(&mut two, "a", LONG), async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            let built = one.execute("CREATE INDEX CONCURRENTLY i ON t (a)").await;
            held.release(&mut one).await.unwrap();
            built
        });
        built.unwrap();
        waited.unwrap().release(&mut two).await.unwrap();
    });
}

#[test]
fn a_lock_that_the_session_lost_is_noticed() {
    block_on(async {
        for (fresh, release) in [
            (Fresh::postgres(), "SELECT pg_advisory_unlock_all()"),
            (Fresh::mysql(), "SELECT RELEASE_ALL_LOCKS()"),
        ] {
            let mut connection = fresh.connect().await;
            let held = acquire(&mut connection, "a", Duration::ZERO).await.unwrap();
            connection.query(release).await.unwrap();
            assert!(held.release(&mut connection).await.unwrap_err().to_string().starts_with("E718: "));
        }
    });
}

#[test]
fn two_ways_to_a_file_lead_to_one_lock() {
    block_on(async {
        let fresh = Fresh::sqlite();
        let mut one = fresh.connect().await;
        let path = std::path::Path::new(fresh.url.trim_start_matches("sqlite://"));
        let link = path.with_file_name("link.db");
        std::os::unix::fs::symlink(path, &link).unwrap();
        let mut two = Fresh::at(format!("sqlite://{}", link.display())).connect().await;
        let held = acquire(&mut one, "a", Duration::ZERO).await.unwrap();
        assert!(acquire(&mut two, "a", Duration::ZERO).await.is_err());
        held.release(&mut one).await.unwrap();
        let mut names: Vec<_> = std::fs::read_dir(path.parent().unwrap())
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        names.sort();
        assert_eq!(names, ["link.db", "shop.db"], "nothing is left behind");
    });
}
