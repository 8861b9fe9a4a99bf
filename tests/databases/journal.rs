//! The journal in real databases: what is written is what is read, in the transaction that it belongs to.

use std::time::Duration;

use schemactl::hash::{RevisionDigest, StateHash, TextDigest};
use schemactl::plan::Direction;
use schemactl::project::JournalName;
use schemactl::runner::connection::{Connection, ErrorKind};
use schemactl::runner::journal::{
    Completion, Entry, Event, Journal, Location, Place, Progress, RevisionRef, Writer,
};

use super::connection::{Fresh, block_on};
use crate::support::sql;

fn revision(id: &str) -> RevisionRef {
    RevisionRef { id: id.to_owned(), name: format!("0001_it's_{id}"), digest: RevisionDigest::of(id) }
}

fn applied(id: &str) -> Entry {
    let event = Event::Completed {
        completion: Completion::Applied,
        revision: revision(id),
        state: StateHash::of(id),
    };
    Entry {
        event,
        sql: Some(TextDigest::of("CREATE")),
        started: "2026-11-21T10:00:00.25Z".parse().unwrap(),
        duration: Duration::from_millis(1500),
        message: Some("a 'remark' \\ 🙂".to_owned()),
    }
}

fn part(id: &str, progress: Progress) -> Entry {
    let place = Place { direction: Direction::Up, segment: 2, statement: Some(0) };
    Entry::now(Event::Part { progress, revision: revision(id), place })
}

async fn open(connection: &mut Connection) -> (Location, Journal, Writer) {
    let location = Location::new(connection, None, &JournalName::default());
    let journal = location.read(connection).await.unwrap();
    let writer = Writer::new(location.clone(), &journal, "run 1", "ann@box");
    (location, journal, writer)
}

async fn execute(connection: &mut Connection, statements: &[String]) {
    for sql in statements {
        connection.execute(sql).await.unwrap();
    }
}

#[test]
fn what_is_written_is_what_is_read() {
    block_on(async {
        for fresh in Fresh::every() {
            let mut connection = fresh.connect().await;
            let (location, journal, mut writer) = open(&mut connection).await;
            assert_eq!(journal, Journal::default());
            let entries = [applied("1"), part("2", Progress::Intended), part("2", Progress::Done)];
            for entry in &entries {
                writer.append(&mut connection, std::slice::from_ref(entry)).await.unwrap();
            }
            let journal = location.read(&mut connection).await.unwrap();
            let read: Vec<_> = journal.records.iter().map(|record| record.entry.event.clone()).collect();
            assert_eq!(read, entries.clone().map(|entry| entry.event));
            assert_eq!(journal.records[0].entry, entries[0]);
            assert_eq!(
                (journal.records[0].run.as_str(), journal.records[0].actor.as_str()),
                ("run 1", "ann@box")
            );
            assert_eq!(journal.state, Some(StateHash::of("1")));
            assert_eq!(journal.unfinished.unwrap().done.len(), 1);
        }
    });
}

/// The format is read by every later version, so it may only grow.
#[test]
fn the_format_is_frozen() {
    block_on(async {
        for fresh in Fresh::every() {
            let mut connection = fresh.connect().await;
            let (_, _, mut writer) = open(&mut connection).await;
            writer.append(&mut connection, &[applied("1")]).await.unwrap();
            writer.append(&mut connection, &[part("2", Progress::Intended)]).await.unwrap();
            writer.append(&mut connection, &[Entry::now(Event::Purged)]).await.unwrap();
            let rows = sql::rows(
                &fresh.url,
                "SELECT seq, format, run, event, revision, name, digest, state, direction, segment, statement, \
                 sql_digest, duration_ms, actor, message FROM schemactl_journal ORDER BY seq",
            );
            insta::allow_duplicates! {
                insta::assert_snapshot!(rows.join("\n"), @r"
                1|j1|run 1|applied|1|0001_it's_1|r1:d63bd9a826af91c1fea371965a64e11ee20f13e46b5f52c59901136605b3a487|s1:d63bd9a826af91c1fea371965a64e11ee20f13e46b5f52c59901136605b3a487|NULL|NULL|NULL|t1:50f960b518223d9278089e8e40e635fb4475b24deb7812d47da429041928437b|1500|ann@box|a 'remark' \ 🙂
                2|j1|run 1|intended|2|0001_it's_2|r1:813e9b729141e7f385afa0a2d0df3e6c3789e427ffe4aeef566a565bc8f2fe3d|NULL|up|2|0|NULL|0|ann@box|NULL
                3|j1|run 1|purged|NULL|NULL|NULL|NULL|NULL|NULL|NULL|NULL|0|ann@box|NULL
                ");
            }
            let times = "SELECT started, finished FROM schemactl_journal WHERE seq = 1";
            assert_eq!(sql::rows(&fresh.url, times), ["2026-11-21T10:00:00.25Z|2026-11-21T10:00:01.75Z"]);
        }
    });
}

#[test]
fn a_row_is_undone_with_its_transaction_and_so_is_the_table() {
    block_on(async {
        for fresh in Fresh::each() {
            let mut connection = fresh.connect().await;
            let (location, _, mut writer) = open(&mut connection).await;
            connection.begin().await.unwrap();
            execute(&mut connection, &writer.rows(&[applied("1")])).await;
            connection.rollback().await.unwrap();
            assert!(!location.read(&mut connection).await.unwrap().exists);
            connection.begin().await.unwrap();
            connection.commit_after(&writer.rows(&[applied("1"), applied("2")])).await.unwrap();
            writer.committed(2);
            writer.append(&mut connection, &[applied("3")]).await.unwrap();
            assert_eq!(location.read(&mut connection).await.unwrap().applied.len(), 3);
        }
    });
}

#[test]
fn who_has_not_seen_the_last_row_adds_none() {
    block_on(async {
        for fresh in Fresh::every() {
            let mut connection = fresh.connect().await;
            let (_, _, mut first) = open(&mut connection).await;
            let (location, _, mut second) = open(&mut connection).await;
            first.append(&mut connection, &[applied("1")]).await.unwrap();
            let error = second.append(&mut connection, &[applied("2")]).await.unwrap_err();
            assert_eq!(error.kind, ErrorKind::UniqueViolation, "{error}");
            assert_eq!(location.read(&mut connection).await.unwrap().applied.len(), 1);
        }
    });
}

#[test]
fn a_table_of_another_version_is_refused() {
    block_on(async {
        for fresh in Fresh::every() {
            let mut connection = fresh.connect().await;
            connection.execute("CREATE TABLE schemactl_journal (seq bigint)").await.unwrap();
            let location = Location::new(&connection, None, &JournalName::default());
            let error = location.read(&mut connection).await.unwrap_err();
            assert!(error.to_string().starts_with("E717: the table "), "{error}");
        }
    });
}

#[test]
fn a_deleted_row_is_noticed() {
    block_on(async {
        for fresh in Fresh::every() {
            let mut connection = fresh.connect().await;
            let (location, _, mut writer) = open(&mut connection).await;
            for id in ["1", "2", "3"] {
                writer.append(&mut connection, &[applied(id)]).await.unwrap();
            }
            connection.execute("DELETE FROM schemactl_journal WHERE seq = 2").await.unwrap();
            let error = location.read(&mut connection).await.unwrap_err();
            assert_eq!(
                error.to_string(),
                "E715: row 2 of the journal is missing: the one behind it has the number 3"
            );
        }
    });
}

#[test]
fn a_user_who_may_not_create_the_journal_is_told_so() {
    block_on(async {
        let fresh = Fresh::postgres();
        let role = format!("test_{}_reader", std::process::id());
        sql::execute(&fresh.url, &format!("REVOKE CREATE ON SCHEMA public FROM public; CREATE ROLE {role}"));
        let mut connection = fresh.connect().await;
        connection.execute(&format!("SET ROLE {role}")).await.unwrap();
        let (_, _, mut writer) = open(&mut connection).await;
        let error = writer.append(&mut connection, &[applied("1")]).await.unwrap_err();
        let said = writer.explain(&error).to_string();
        assert_eq!(
            said,
            "E716: can't create the journal \"public\".\"schemactl_journal\": permission denied for schema public"
        );
        connection.close().await.unwrap();
        sql::execute(&fresh.url, &format!("DROP ROLE {role}"));
    });
}

#[test]
fn without_a_namespace_to_create_it_in_the_journal_says_so() {
    block_on(async {
        let fresh = Fresh::postgres();
        sql::execute(&fresh.url, "DROP SCHEMA public");
        let mut connection = fresh.connect().await;
        let (_, journal, mut writer) = open(&mut connection).await;
        assert!(!journal.exists);
        let error = writer.append(&mut connection, &[applied("1")]).await.unwrap_err();
        assert!(writer.explain(&error).to_string().starts_with("E716: "), "{error}");
    });
}

#[test]
fn the_journal_stays_where_it_was_when_a_hook_moves_the_search_path() {
    block_on(async {
        let fresh = Fresh::postgres();
        sql::execute(&fresh.url, "CREATE SCHEMA other; CREATE SCHEMA kept");
        let mut connection = fresh.connect().await;
        let location = Location::new(&connection, Some("kept"), &JournalName::default());
        let mut writer = Writer::new(location.clone(), &Journal::default(), "run", "ann@box");
        connection.execute("SET search_path = other").await.unwrap();
        writer.append(&mut connection, &[applied("1")]).await.unwrap();
        assert_eq!(location.scope(), "\"kept\".\"schemactl_journal\"");
        let other = JournalName::new("schemactl_journal_other").unwrap();
        let other = Location::new(&connection, Some("kept"), &other);
        assert_eq!(other.scope(), location.scope(), "runs of two projects wait for each other");
        assert_eq!(other.read(&mut connection).await.unwrap().end(), 0);
        assert_eq!(sql::rows(&fresh.url, "SELECT count(*) FROM kept.schemactl_journal"), ["1"]);
        let elsewhere =
            Location::new(&connection, None, &JournalName::default()).read(&mut connection).await.unwrap();
        assert!(!elsewhere.exists);
    });
}
