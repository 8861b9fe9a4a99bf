//! Real databases: SQLite in a file, and the private PostgreSQL of the tests.

use divan::{Bencher, black_box};
use schemactl::change::Step;
use schemactl::dialect::Dialect;
use schemactl::diff::diff;
use schemactl::hash::{RevisionDigest, StateHash};
use schemactl::model::State;
use schemactl::plan::{Direction, Values, lower};
use schemactl::project::JournalName;
use schemactl::runner::catalog::Catalog;
use schemactl::runner::connection::{Connection, Options, Target};
use schemactl::runner::jobs::{self, Server};
use schemactl::runner::journal::{Journal, Location, RevisionRef, Writer};
use schemactl::runner::run::{Job, Patience, Runner};
use schemactl::runner::standing::Standing;
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::chain::{folder, load};
use crate::postgres::{self, TestDatabase};
use crate::shape::{DIALECTS, state, text};

/// A new database with a connection to it; gone with this value.
struct Database {
    connection: Connection,
    dialect: &'static dyn Dialect,
    _folder: Option<TempDir>,
    _postgres: Option<TestDatabase>,
}

fn runtime() -> Runtime {
    tokio::runtime::Builder::new_current_thread().enable_all().build().expect("the system gives a runtime")
}

impl Database {
    fn sqlite(runtime: &Runtime) -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let connection = connect(runtime, &format!("sqlite://{}", folder.path().join("bench.db").display()));
        Self { connection, dialect: DIALECTS[0], _folder: Some(folder), _postgres: None }
    }

    fn postgres(runtime: &Runtime) -> Self {
        let database = postgres::database("bench");
        let connection = connect(runtime, &database.url);
        Self { connection, dialect: DIALECTS[1], _folder: None, _postgres: Some(database) }
    }

    fn server(&self) -> Server {
        Server { dialect: self.dialect, version: self.connection.version() }
    }

    async fn run(&mut self, jobs: &[Job]) {
        let location = Location::new(&self.connection, None, &JournalName::default());
        let writer = Writer::new(location, &Journal::default(), "bench", "bench@host");
        let connection = &mut self.connection;
        let mut runner = Runner {
            connection,
            dialect: self.dialect,
            writer,
            patience: Patience::default(),
            agreed: &[],
            values: &Values::default(),
            events: &mut |_| {},
        };
        runner.run(jobs).await.expect("the revisions run");
    }

    /// One job for all that leads from one state to another.
    fn job(&self, from: &State, to: &State) -> Job {
        let steps: Vec<Step> = diff(from, to, &[])
            .expect("the states can follow each other")
            .into_iter()
            .map(Step::Op)
            .collect();
        let Server { dialect, version } = self.server();
        let segments = lower(&steps, from, Direction::Up, dialect, version).expect("the dialect can do it");
        let id = "bench".to_owned();
        let revision = RevisionRef { id: id.clone(), name: id.clone(), digest: RevisionDigest::of(&id) };
        let reaches = StateHash::of("state");
        Job {
            revision,
            environment: None,
            direction: Direction::Up,
            segments,
            done: 0,
            in_doubt: false,
            reaches,
            steps,
            start: from.clone(),
        }
    }
}

fn connect(runtime: &Runtime, url: &str) -> Connection {
    let target = Target::parse(url).expect("the URL is right");
    let options = Options { create: true, ..Options::new("bench") };
    runtime.block_on(Connection::connect(&target, &options)).expect("the database is there")
}

fn tables_created(bencher: Bencher<'_, '_>, database: fn(&Runtime) -> Database, tables: usize) {
    let runtime = runtime();
    let to = state(&text(tables));
    bencher
        .with_inputs(|| {
            let database = database(&runtime);
            let job = database.job(&State::default(), &to);
            (database, [job])
        })
        .bench_local_values(|(mut database, jobs)| {
            runtime.block_on(database.run(&jobs));
            database
        });
}

#[divan::bench(args = [100, 1_000], sample_count = 5, sample_size = 1)]
fn tables_created_on_sqlite(bencher: Bencher<'_, '_>, tables: usize) {
    tables_created(bencher, Database::sqlite, tables);
}

#[divan::bench(args = [100, 1_000], sample_count = 5, sample_size = 1)]
fn tables_created_on_postgres(bencher: Bencher<'_, '_>, tables: usize) {
    tables_created(bencher, Database::postgres, tables);
}

/// Revisions of one column each, with their journal.
#[divan::bench(args = [200, 1_000], sample_count = 5, sample_size = 1)]
fn revisions_run_on_sqlite(bencher: Bencher<'_, '_>, revisions: usize) {
    let runtime = runtime();
    let history = load(&folder(20, revisions));
    let standing = Standing::new(&Journal::default(), &history, None);
    let head = history.heads()[0].revision.id;
    bencher
        .with_inputs(|| {
            let database = Database::sqlite(&runtime);
            let jobs = jobs::forward(&history, &standing, &[head], database.server());
            (database, jobs.unwrap_or_else(|problems| panic!("{problems:?}")))
        })
        .bench_local_values(|(mut database, jobs)| {
            runtime.block_on(database.run(&jobs));
            database
        });
}

fn catalog_read(bencher: Bencher<'_, '_>, mut database: Database, runtime: &Runtime, tables: usize) {
    let job = database.job(&State::default(), &state(&text(tables)));
    runtime.block_on(database.run(&[job]));
    let Database { connection, dialect, .. } = &mut database;
    bencher.bench_local(|| runtime.block_on(Catalog::read(black_box(connection), *dialect)));
}

#[divan::bench(args = [100, 1_000], sample_count = 10, sample_size = 1)]
fn catalog_read_on_sqlite(bencher: Bencher<'_, '_>, tables: usize) {
    let runtime = runtime();
    catalog_read(bencher, Database::sqlite(&runtime), &runtime, tables);
}

#[divan::bench(args = [100, 1_000], sample_count = 10, sample_size = 1)]
fn catalog_read_on_postgres(bencher: Bencher<'_, '_>, tables: usize) {
    let runtime = runtime();
    catalog_read(bencher, Database::postgres(&runtime), &runtime, tables);
}

const ROWS: usize = 200_000;
const BEFORE: &str = "table items {\n    column id bigint primary-key\n    column code int\n    column title text\n    index code\n}\n";
const AFTER: &str = "table items {\n    column id bigint primary-key\n    column code int\n    column title text\n    index code\n    check (sql)\"code >= 0\"\n}\n";

fn filled(runtime: &Runtime) -> Database {
    let mut database = Database::sqlite(runtime);
    let job = database.job(&State::default(), &state(BEFORE));
    let rows = format!(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {ROWS}) \
         INSERT INTO items SELECT i, i % 1000, 'the title of item ' || i FROM n"
    );
    runtime.block_on(async {
        database.run(&[job]).await;
        database.connection.execute(&rows).await.expect("the rows fit");
    });
    database
}

/// A constraint that SQLite can't add to a table of 200,000 rows, which is made anew.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn table_made_anew(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    let (before, after) = (state(BEFORE), state(AFTER));
    bencher
        .with_inputs(|| {
            let database = filled(&runtime);
            let job = database.job(&before, &after);
            (database, [job])
        })
        .bench_local_values(|(mut database, jobs)| {
            runtime.block_on(database.run(&jobs));
            database
        });
}

/// The limit of that: the same table created, filled and indexed by the library alone.
#[divan::bench(sample_count = 5, sample_size = 1)]
fn table_copied_by_hand(bencher: Bencher<'_, '_>) {
    let runtime = runtime();
    bencher.with_inputs(|| filled(&runtime)).bench_local_values(|mut database| {
        let statements = [
            "BEGIN",
            "CREATE TABLE copy (id INTEGER NOT NULL PRIMARY KEY, code INTEGER NOT NULL CHECK (code >= 0), title TEXT NOT NULL)",
            "INSERT INTO copy SELECT id, code, title FROM items",
            "DROP TABLE items",
            "ALTER TABLE copy RENAME TO items",
            "CREATE INDEX items_code_idx ON items (code)",
            "COMMIT",
        ];
        for sql in statements {
            runtime.block_on(database.connection.execute(sql)).expect("the copy works");
        }
        database
    });
}
