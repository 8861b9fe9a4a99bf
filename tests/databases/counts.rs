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
use crate::support::postgres::{self, TestDatabase};
use crate::support::project::Project;
use crate::support::sql;

/// A database behind a proxy.
struct Counted {
    /// The way through the proxy.
    url: String,
    queries: Arc<AtomicUsize>,
    database: TestDatabase,
}

impl Counted {
    fn new() -> Self {
        let database = postgres::database("counted");
        let direct: Url = database.url.parse().unwrap();
        let server = (direct.host_str().unwrap().to_owned(), direct.port().unwrap_or(5432));
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let mut url = direct.clone();
        url.set_host(Some("127.0.0.1")).unwrap();
        url.set_port(Some(listener.local_addr().unwrap().port())).unwrap();
        url.query_pairs_mut().append_pair("sslmode", "disable");
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

/// Passes on what a client sends and counts its messages that hold a query, simple or prepared.
fn forward(mut client: &TcpStream, mut server: &TcpStream, queries: &AtomicUsize) -> io::Result<()> {
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
fn tables(count: usize) -> String {
    let table = |number: usize| {
        format!(
            "CREATE TABLE t{number} (id int PRIMARY KEY, name text UNIQUE CHECK (name <> ''), other int \
             REFERENCES t{}); CREATE INDEX ON t{number} (other);",
            number.saturating_sub(1)
        )
    };
    (0..count).map(table).collect()
}

#[test]
fn the_catalog_of_many_tables_takes_as_many_queries_as_that_of_one() {
    let dialect = find(&name("postgres")).unwrap();
    let counts = [1, 200].map(|count| {
        let counted = Counted::new();
        sql::execute(&counted.database.url, &tables(count));
        let fresh = Fresh::at(counted.url.clone());
        block_on(async {
            let mut connection = fresh.connect().await;
            let before = counted.queries.load(Ordering::SeqCst);
            let catalog = Catalog::read(&mut connection, dialect).await.unwrap();
            assert!(!catalog.differences(&Catalog::default()).is_empty());
            counted.queries.load(Ordering::SeqCst) - before
        })
    });
    // The transaction begins and is set up, all queries go together, and it ends.
    assert_eq!(counts, [4, 4]);
}

/// A project with so many revisions of one statement each.
fn planned(revisions: usize) -> Project {
    let project = Project::empty();
    project.write("schemactl.kdl", "project counted { dialects postgres }\n");
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
fn with_nothing_to_do_it_takes_three_queries() {
    for revisions in [1, 30] {
        let counted = Counted::new();
        let project = planned(revisions);
        project.run(&["apply", "--url", &counted.database.url]).ok();
        for (command, queries) in [("status", 4), ("apply", 3), ("log", 3)] {
            let mut arguments = vec![command, "--url", &counted.url];
            if command == "log" {
                arguments.push("--applied");
            }
            let count = counted.count(|| drop(project.run(&arguments).ok()));
            assert_eq!(count, queries, "{command} with {revisions} revisions");
        }
    }
}

/// One to begin, one for the statement, one for the journal's row and the end.
#[test]
fn a_revision_of_one_statement_takes_three_queries() {
    let counts = [1, 11].map(|revisions| {
        let counted = Counted::new();
        let project = planned(revisions);
        counted.count(|| drop(project.run(&["apply", "--url", &counted.url]).ok()))
    });
    assert_eq!(counts[1] - counts[0], 10 * 3, "{counts:?}");
}
