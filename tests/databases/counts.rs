//! How many queries things take: the same number whatever the size of the schema and the length of the chain. A
//! proxy in front of the server counts what passes, so nothing in between can forget to.

use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use schemactl::dialect::find;
use schemactl::runner::catalog::Catalog;
use url::Url;

use crate::connection::{Fresh, block_on};
use crate::strategies::build::dialect as name;
use crate::support::project::Project;
use crate::support::sql;

/// A database behind a proxy.
struct Counted {
    /// The way through the proxy.
    url: String,
    queries: Arc<AtomicUsize>,
    database: Fresh,
}

impl Counted {
    fn new(dialect: &str) -> Self {
        let (database, port, plain) = match dialect {
            "mysql" => (Fresh::mysql(), 3306, ("ssl-mode", "disabled")),
            _ => (Fresh::postgres(), 5432, ("sslmode", "disable")),
        };
        let forward = if dialect == "mysql" { forward_commands } else { forward_messages };
        let direct: Url = database.url.parse().unwrap();
        let server = (direct.host_str().unwrap().to_owned(), direct.port().unwrap_or(port));
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let mut url = direct.clone();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
        url.query_pairs_mut().append_pair(plain.0, plain.1);
        let queries = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&queries);
        // Ends with the process, as the listener has no other end.
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let upstream = TcpStream::connect((server.0.as_str(), server.1)).unwrap();
                let (mut from, mut to) = (upstream.try_clone().unwrap(), client.try_clone().unwrap());
                thread::spawn(move || {
                    // Either side may hang up at any time, which ends the other.
                    let _ = io::copy(&mut from, &mut to);
                    let _ = to.shutdown(Shutdown::Both);
                });
                let counter = Arc::clone(&counter);
                thread::spawn(move || {
                    let _ = forward(&client, &upstream, &counter);
                    let _ = upstream.shutdown(Shutdown::Both);
                });
            }
        });
        Self { url: url.into(), queries, database }
    }

    /// How many queries something sends.
    fn count(&self, work: impl FnOnce()) -> usize {
        let before = self.queries.load(Ordering::SeqCst);
        work();
        self.queries.load(Ordering::SeqCst) - before
    }
}

/// Passes on what a client of MySQL sends and counts its commands that are answered.
fn forward_commands(mut client: &TcpStream, mut server: &TcpStream, queries: &AtomicUsize) -> io::Result<()> {
    const QUIT: u8 = 1;
    const CLOSE: u8 = 25;
    loop {
        // A packet has its length, its number since the last command, and then the command.
        let mut packet = vec![0; 4];
        client.read_exact(&mut packet)?;
        let length = u32::from_le_bytes([packet[0], packet[1], packet[2], 0]);
        let is_command = packet[3] == 0;
        packet.resize(4 + length as usize, 0);
        client.read_exact(&mut packet[4..])?;
        if is_command && packet.get(4).is_some_and(|command| ![QUIT, CLOSE].contains(command)) {
            queries.fetch_add(1, Ordering::SeqCst);
        }
        server.write_all(&packet)?;
    }
}

/// Passes on what a client of PostgreSQL sends and counts its messages that hold a query, simple or prepared.
fn forward_messages(mut client: &TcpStream, mut server: &TcpStream, queries: &AtomicUsize) -> io::Result<()> {
    let mut first = true;
    loop {
        // All messages but the first begin with a letter; all have their length, which counts itself.
        let mut head = vec![0; if first { 4 } else { 5 }];
        client.read_exact(&mut head)?;
        let length = head.last_chunk::<4>().map_or(4, |length| u32::from_be_bytes(*length));
        let mut rest = vec![0; length.saturating_sub(4) as usize];
        client.read_exact(&mut rest)?;
        if !first && matches!(head[0], b'Q' | b'P') {
            queries.fetch_add(1, Ordering::SeqCst);
        }
        first = false;
        server.write_all(&[head, rest].concat())?;
    }
}

/// Tables that refer to each other, each with what takes rows of the catalog.
fn tables(dialect: &str, count: usize) -> String {
    let table = |number: usize| {
        format!(
            "CREATE TABLE t{number} (id int PRIMARY KEY, name varchar(20) UNIQUE CHECK (name <> ''), other int, \
             FOREIGN KEY (other) REFERENCES t{} (id)); CREATE INDEX i{number} ON t{number} (other, name); {}",
            number.saturating_sub(1),
            if dialect == "mysql" { trigger(number) } else { String::new() }
        )
    };
    (0..count).map(table).collect()
}

/// A body with a string, which the catalog has no exact text of.
fn trigger(number: usize) -> String {
    format!("CREATE TRIGGER r{number} BEFORE INSERT ON t{number} FOR EACH ROW SET NEW.name = 'it''s';")
}

#[test]
fn the_catalog_of_many_tables_takes_as_many_queries_as_that_of_one() {
    for (word, many, queries) in [("postgres", 200, 4), ("mysql", 500, 4)] {
        let dialect = find(&name(word)).unwrap();
        let counts = [1, many].map(|count| {
            let counted = Counted::new(word);
            sql::execute(&counted.database.url, &tables(word, count));
            let fresh = Fresh::at(counted.url.clone());
            block_on(async {
                let mut connection = fresh.connect().await;
                let before = counted.queries.load(Ordering::SeqCst);
                let catalog = Catalog::read(&mut connection, dialect).await.unwrap();
                assert!(!catalog.differences(&Catalog::default()).is_empty());
                counted.queries.load(Ordering::SeqCst) - before
            })
        });
        // The transaction begins, all queries go together, and it ends. PostgreSQL sets it up besides; MySQL is asked for
        // the bodies, all together.
        assert_eq!(counts, [queries, queries], "{word}");
    }
}

/// A project with so many revisions of one statement each.
fn planned(dialect: &str, revisions: usize) -> Project {
    let project = Project::empty();
    project.write("schemactl.kdl", format!("project counted {{ dialects {dialect} }}\n"));
    for revision in 0..revisions {
        let tables =
            (0..=revision).map(|number| format!("table t{number} {{ column id int primary-key }}\n"));
        project.write("schema/schema.kdl", tables.collect::<String>());
        project.run(&["plan", "-m", "more"]).ok();
    }
    project
}

/// `status` asks for one thing more: whether a schema was pushed ahead of the revisions.
#[test]
fn with_nothing_to_do_it_takes_few_queries() {
    for (dialect, counts) in [("postgres", [4, 3, 3]), ("mysql", [5, 4, 4])] {
        for revisions in [1, 30] {
            let counted = Counted::new(dialect);
            let project = planned(dialect, revisions);
            project.run(&["apply", "--url", &counted.database.url]).ok();
            let commands: [&[&str]; 3] = [&["status"], &["apply"], &["log", "--applied"]];
            let found = commands.map(|command| {
                let arguments = [command, &["--url", &counted.url][..]].concat();
                counted.count(|| drop(project.run(&arguments).ok()))
            });
            assert_eq!(found, counts, "{commands:?} with {revisions} revisions on {dialect}");
        }
    }
}

/// One to begin, one for the statement, one for the journal's row and the end; where each statement commits by itself, a
/// row before it and one behind it have transactions of their own.
#[test]
fn a_revision_of_one_statement_takes_few_queries() {
    for (dialect, queries) in [("postgres", 3), ("mysql", 3)] {
        let counts = [1, 11].map(|revisions| {
            let counted = Counted::new(dialect);
            let project = planned(dialect, revisions);
            counted.count(|| drop(project.run(&["apply", "--url", &counted.url]).ok()))
        });
        assert_eq!(counts[1] - counts[0], 10 * queries, "{counts:?} on {dialect}");
    }
}

/// A new database runs a checkpoint whatever led to it: as many queries for three revisions as for thirty-one that come and go.
#[test]
fn a_checkpoint_takes_as_many_queries_whatever_it_stands_for() {
    for dialect in ["postgres", "mysql"] {
        let counts = [3, 31].map(|revisions| {
            let project = Project::empty();
            project.write("schemactl.kdl", format!("project counted {{ dialects {dialect} }}\n"));
            for revision in 0..revisions {
                let more = if revision % 2 == 1 { "column b int nullable; index b" } else { "" };
                let schema = format!("table t {{ column id int primary-key; {more}\n}}\n");
                project.write("schema/schema.kdl", schema);
                project.run(&["plan", "-m", "there and back"]).ok();
            }
            project.run(&["checkpoint", "-q"]).ok();
            let [begun, replayed] =
                [&[][..], &["--no-checkpoint", "--allow-destructive", "all"]].map(|more| {
                    let counted = Counted::new(dialect);
                    let arguments = [&["apply", "--url", &counted.url], more].concat();
                    counted.count(|| drop(project.run(&arguments).ok()))
                });
            assert!(replayed > begun, "{dialect}: {replayed} without the checkpoint, {begun} with it");
            begun
        });
        assert_eq!(counts[0], counts[1], "{dialect}");
    }
}
