//! SQLite, op by op: a database that a change was applied to has the catalog of one that was created with the result,
//! and after the way back that of the start, with its rows.

mod change;
mod fidelity;
mod object;
mod program;
mod refusal;
mod words;

use schemactl::change::Step;
use schemactl::diagnostic::{Sources, render};
use schemactl::dialect::Dialect;
use schemactl::dialect::sqlite::Sqlite;
use schemactl::diff::diff;
use schemactl::hash::{RevisionDigest, StateHash};
use schemactl::model::{Rename, State};
use schemactl::name::{Name, ObjectName};
use schemactl::plan::{Direction, Segment, Task, lower};
use schemactl::runner::catalog::Catalog;
use schemactl::runner::connection::Connection;
use schemactl::runner::journal::{Location, RevisionRef, Writer};
use schemactl::runner::run::{Job, Patience, Runner, Stopped};
use schemactl::syntax::{Parsed, parse};

use super::connection::{Fresh, block_on};
use crate::support::sql;

/// Two schemas, the steps between them, and a database that begins at the first.
pub struct Change {
    before: State,
    after: State,
    steps: Vec<Step>,
    pub database: Fresh,
}

fn read(text: &str) -> Parsed {
    let mut sources = Sources::default();
    let file = sources.add("schema.kdl", text);
    let (parsed, problems) = parse(&sources, &[file], &[Sqlite.name()]);
    let shown: String = problems.iter().map(|problem| render(problem, &sources, 100, false)).collect();
    parsed.unwrap_or_else(|| panic!("{shown}"))
}

fn steps(from: &State, parsed: &Parsed) -> Vec<Step> {
    diff(from, &parsed.state, &parsed.renames).unwrap().into_iter().map(Step::Op).collect()
}

fn segments(steps: &[Step], start: &State, direction: Direction) -> Vec<Segment> {
    lower(steps, start, direction, &Sqlite, Sqlite.newest()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

async fn run(
    connection: &mut Connection,
    steps: &[Step],
    start: &State,
    direction: Direction,
) -> Result<(), Stopped> {
    let location = Location::new(connection, None);
    let journal = location.read(connection).await.unwrap();
    let mut runner = Runner {
        connection,
        writer: Writer::new(location, &journal, "test", "test@host"),
        dialect: &Sqlite,
        patience: Patience::default(),
        events: &mut |_| {},
    };
    let id = format!("r{}", journal.exists);
    let job = Job {
        revision: RevisionRef { id: id.clone(), name: id.clone(), digest: RevisionDigest::of(&id) },
        direction,
        segments: segments(steps, start, direction),
        done: 0,
        in_doubt: false,
        reaches: StateHash::of("state"),
    };
    runner.run(&[job]).await
}

async fn catalog(connection: &mut Connection) -> Catalog {
    Catalog::read(connection, &Sqlite).await.unwrap()
}

/// The catalog of a new database with this schema.
async fn fresh(state: &State) -> Catalog {
    let database = Fresh::sqlite();
    let mut connection = database.connect().await;
    let parsed = Parsed { state: state.clone(), renames: Vec::new(), places: Default::default() };
    let steps = steps(&State::default(), &parsed);
    run(&mut connection, &steps, &State::default(), Direction::Up).await.unwrap();
    catalog(&mut connection).await
}

fn compare(now: &Catalog, expected: &Catalog, when: &str) {
    let differences: Vec<String> = expected.differences(now).iter().map(ToString::to_string).collect();
    assert!(differences.is_empty(), "{when}:\n{}", differences.join("\n"));
}

impl Change {
    /// A database with the first schema and what `rows` puts into it.
    pub fn new(before: &str, rows: &str, after: &str) -> Self {
        let (before, after) = (read(before), read(after));
        let database = Fresh::sqlite();
        let creation = steps(&State::default(), &before);
        block_on(async {
            let mut connection = database.connect().await;
            run(&mut connection, &creation, &State::default(), Direction::Up).await.unwrap();
        });
        sql::execute(&database.url, rows);
        let steps = steps(&before.state, &after);
        Self { before: before.state, after: after.state, steps, database }
    }

    /// Says that what was dropped and added is a value of an enum with another name.
    pub fn rename_value(&mut self, of: &str, from: &str, to: &str) {
        let of = ObjectName::unqualified(Name::new(of).unwrap());
        let rename = Rename::EnumValue { of, from: from.into(), to: to.into() };
        let parsed = Parsed { state: self.after.clone(), renames: vec![rename], places: Default::default() };
        self.steps = steps(&self.before, &parsed);
    }

    pub fn up(&self) -> Result<(), Stopped> {
        block_on(async {
            run(&mut self.database.connect().await, &self.steps, &self.before, Direction::Up).await
        })
    }

    pub fn down(&self) -> Result<(), Stopped> {
        block_on(async {
            run(&mut self.database.connect().await, &self.steps, &self.after, Direction::Down).await
        })
    }

    /// Why the way up stops.
    pub fn refusal(&self) -> String {
        let failure = self.up().expect_err("it is refused").failure.diagnostic;
        format!("{failure}\n{}", failure.help.as_deref().unwrap_or(""))
    }

    pub fn rows(&self, query: &str) -> Vec<String> {
        sql::rows(&self.database.url, query)
    }

    pub fn execute(&self, sql: &str) {
        sql::execute(&self.database.url, sql);
    }

    /// There and back, with the catalog compared at both ends, and twice, so that the second time meets what the
    /// first one left.
    pub fn there_and_back(&self) {
        for round in ["first", "second"] {
            self.up().unwrap_or_else(|stopped| panic!("{round} up: {:?}\n{}", stopped.failure, self.sql()));
            self.compare(&self.after, &format!("{round} up\n{}", self.sql()));
            self.down().unwrap_or_else(|stopped| panic!("{round} down: {:?}", stopped.failure));
            self.compare(&self.before, &format!("{round} down"));
        }
    }

    fn compare(&self, state: &State, when: &str) {
        block_on(async {
            let now = catalog(&mut self.database.connect().await).await;
            compare(&now, &fresh(state).await, when);
        });
    }

    /// What runs on the way up; a rebuild as its script.
    pub fn sql(&self) -> String {
        let segments = segments(&self.steps, &self.before, Direction::Up);
        let tasks = segments.iter().flat_map(|segment| &segment.work).map(|work| &work.task);
        let texts = tasks.map(|task| match task {
            Task::Statement(statement) => format!("{};\n", statement.sql),
            Task::Rebuild(rebuild) => rebuild.script(),
            Task::Hook(hook) => hook.statements.join(";\n"),
        });
        texts.collect()
    }

    /// How many tables are made anew on the way up.
    pub fn rebuilds(&self) -> usize {
        let segments = segments(&self.steps, &self.before, Direction::Up);
        let tasks = segments.iter().flat_map(|segment| &segment.work);
        tasks.filter(|work| matches!(work.task, Task::Rebuild(_))).count()
    }
}
