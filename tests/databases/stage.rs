//! A database on which schemas are created and changed as `apply` and `rollback` do it, for tests that look at what
//! comes of it. Blocking, and used again for the next schema: a new PostgreSQL database takes longer than most tests.

use std::fmt;

use schemactl::change::{Site, Step};
use schemactl::diagnostic::Diagnostic;
use schemactl::dialect::mysql::Mysql;
use schemactl::dialect::postgres::Postgres;
use schemactl::dialect::sqlite::Sqlite;
use schemactl::dialect::{Dialect, Effect, Inspection, Rebuild};
use schemactl::diff::diff;
use schemactl::hash::{RevisionDigest, StateHash};
use schemactl::model::State;
use schemactl::name::{Name, ObjectName};
use schemactl::plan::{Direction, Lowering, Segment, Task, Values};
use schemactl::project::JournalName;
use schemactl::runner::catalog::{Catalog, inspect};
use schemactl::runner::connection::{Connection, DatabaseError, Target};
use schemactl::runner::journal::{Location, RevisionRef, Writer};
use schemactl::runner::run::{Job, Patience, Runner, Stopped};
use schemactl::runner::settle::{Became, settle};
use tokio::runtime::Runtime;

use crate::connection::Fresh;
use crate::strategies::Profile;

/// A database and its dialect.
pub struct Stage {
    pub dialect: &'static dyn Dialect,
    /// What schemas may be generated for it.
    pub profile: Profile,
    /// The environment whose reference rows it has; without one it has them all.
    pub environment: Option<Name>,
    // These are dropped in this order.
    connection: Connection,
    runtime: Runtime,
    database: Fresh,
    fresh: fn() -> Fresh,
}

/// Why a change did not come to its end.
#[derive(Debug)]
pub enum Refused {
    /// It can't be rendered.
    Lowered(Vec<Diagnostic>),
    /// The database stopped it.
    Stopped(Box<Stopped>, String),
}

impl Refused {
    /// The codes of the problems.
    pub fn codes(&self) -> Vec<&'static str> {
        match self {
            Self::Lowered(problems) => problems.iter().map(|problem| problem.code.id).collect(),
            Self::Stopped(stopped, _) => vec![stopped.failure.diagnostic.code.id],
        }
    }

    /// Whether the server has no cast between two types that only it knows.
    pub fn is_cast(&self) -> bool {
        let words = ["cannot cast type", "Cannot cast '"];
        matches!(self, Self::Stopped(stopped, _) if words.iter().any(|words| stopped.failure.diagnostic.message.contains(words)))
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Lowered(problems) => problems.iter().try_for_each(|problem| writeln!(f, "{problem}")),
            Self::Stopped(stopped, script) => {
                let at = stopped.failure.at.as_ref().map_or("", |at| at.sql.as_str());
                writeln!(f, "{}\nat {at}\nin\n{script}", stopped.failure.diagnostic)
            }
        }
    }
}

impl Stage {
    /// An SQLite database in memory.
    pub fn sqlite() -> Self {
        Self::new(&Sqlite, Profile::Sqlite, || Fresh::at("sqlite::memory:".to_owned()))
    }

    /// An SQLite database in a file, for others to look at.
    pub fn sqlite_file() -> Self {
        Self::new(&Sqlite, Profile::Sqlite, Fresh::sqlite)
    }

    /// A PostgreSQL database.
    pub fn postgres() -> Self {
        Self::new(&Postgres, Profile::Postgres, Fresh::postgres)
    }

    /// A MySQL or MariaDB database.
    pub fn mysql() -> Self {
        Self::new(&Mysql, Profile::Mysql, Fresh::mysql)
    }

    fn new(dialect: &'static dyn Dialect, profile: Profile, fresh: fn() -> Fresh) -> Self {
        let database = fresh();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let connection = runtime.block_on(database.connect());
        Self { dialect, profile, environment: None, connection, runtime, database, fresh }
    }

    /// Where the database is.
    pub fn url(&self) -> &str {
        &self.database.url
    }

    /// An object's name as it stands in SQL.
    pub fn quoted(&self, name: &ObjectName) -> String {
        let parts = name.namespace.iter().chain([&name.name]);
        parts.map(|part| self.dialect.quoted(part)).collect::<Vec<_>>().join(".")
    }

    /// Leaves nothing of what was in the database.
    pub fn clear(&mut self) {
        if self.profile != Profile::Postgres {
            let database = (self.fresh)();
            self.connection = self.runtime.block_on(database.connect());
            self.database = database;
            return;
        }
        let own =
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'";
        for namespace in self.rows(own) {
            let namespace = self.connection.quote_name(&namespace);
            self.execute(&format!("DROP SCHEMA {namespace} CASCADE"));
        }
        self.execute("CREATE SCHEMA public");
        self.execute("COMMENT ON SCHEMA public IS 'standard public schema'");
    }

    /// A new database with this schema, in place of what there was.
    pub fn create(&mut self, state: &State) -> Result<(), Refused> {
        self.clear();
        let empty = State::default();
        let ops = diff(&empty, state, &[]).expect("creation asks nothing");
        let steps: Vec<Step> = ops.into_iter().map(Step::Op).collect();
        self.run(&steps, &empty, Direction::Up)
    }

    /// As `create`, but by the bare statements, with no journal beside them.
    pub fn lay(&mut self, state: &State) -> Result<(), String> {
        self.clear();
        let empty = State::default();
        let ops = diff(&empty, state, &[]).expect("creation asks nothing");
        let steps: Vec<Step> = ops.into_iter().map(Step::Op).collect();
        let lowered = self.lower(&steps, &empty, Direction::Up);
        let segments = lowered.map_err(|problems| Refused::Lowered(problems).to_string())?;
        for work in segments.iter().flat_map(|segment| &segment.work) {
            if let Task::Statement(statement) = &work.task {
                self.attempt(&statement.sql).map_err(|error| format!("{error}\nat {}", statement.sql))?;
            }
        }
        Ok(())
    }

    /// What the steps are lowered to.
    pub fn lower(
        &self,
        steps: &[Step],
        start: &State,
        direction: Direction,
    ) -> Result<Vec<Segment>, Vec<Diagnostic>> {
        let site = self.environment.as_ref().map_or(Site::Any, |name| Site::In(Some(name)));
        Lowering::new(start, self.dialect, self.connection.version()).revision(steps, site, direction)
    }

    /// Runs the steps of a revision one way: of the only one since the schema was created.
    pub fn run(&mut self, steps: &[Step], start: &State, direction: Direction) -> Result<(), Refused> {
        self.run_as("", steps, start, direction)
    }

    /// As `run`, for one of several revisions, by its name.
    pub fn run_as(
        &mut self,
        name: &str,
        steps: &[Step],
        start: &State,
        direction: Direction,
    ) -> Result<(), Refused> {
        let segments = self.lower(steps, start, direction).map_err(Refused::Lowered)?;
        let script = script(&segments);
        let Self { connection, runtime, dialect, environment, .. } = self;
        let (dialect, environment) = (*dialect, environment.clone());
        let stopped = runtime.block_on(async {
            let location = Location::new(connection, None, &JournalName::default());
            let journal = location.read(connection).await.unwrap();
            let id = format!("r{}{name}", journal.exists);
            let revision = RevisionRef { id: id.clone(), name: id.clone(), digest: RevisionDigest::of(&id) };
            let reaches = StateHash::of("state");
            let job = Job {
                revision,
                environment,
                direction,
                segments,
                done: 0,
                in_doubt: false,
                reaches,
                steps: steps.to_vec(),
                start: start.clone(),
            };
            let writer = Writer::new(location, &journal, "test", "test@host");
            let (patience, values) = (Patience::default(), &Values::default());
            Runner { connection, dialect, writer, patience, agreed: &[], values, events: &mut |_| {} }
                .run(&[job])
                .await
        });
        stopped.map_err(|stopped| Refused::Stopped(Box::new(stopped), script))
    }

    /// The catalog as it is now.
    pub fn catalog(&mut self) -> Catalog {
        self.runtime.block_on(Catalog::read(&mut self.connection, self.dialect)).unwrap()
    }

    /// The catalog as a schema, as it is now.
    pub fn inspect(&mut self) -> Inspection {
        self.try_inspect().unwrap()
    }

    /// The same, or why it can't be read.
    pub fn try_inspect(&mut self) -> Result<Inspection, Diagnostic> {
        self.runtime.block_on(inspect(&mut self.connection, self.dialect))
    }

    /// What the catalog says became of a statement; `around` is the schema before it.
    pub fn settle(&mut self, around: &State, effect: &Effect) -> Became {
        let target = Target::parse(self.url()).unwrap();
        let settled = settle(&mut self.connection, self.dialect, &target, around, effect);
        self.runtime.block_on(settled).unwrap()
    }

    /// Runs one statement.
    pub fn execute(&mut self, sql: &str) {
        self.attempt(sql).unwrap_or_else(|error| panic!("{error}\nin {sql}"));
    }

    /// Runs one statement, or says why it can't.
    pub fn attempt(&mut self, sql: &str) -> Result<(), DatabaseError> {
        self.runtime.block_on(self.connection.execute(sql)).map(drop)
    }

    /// The rows of a query, columns joined by `|` and null as `NULL`.
    pub fn rows(&mut self, query: &str) -> Vec<String> {
        let rows = self.runtime.block_on(self.connection.query(query));
        let rows = rows.unwrap_or_else(|error| panic!("{error}\nin {query}"));
        let cell = |cell: &Option<String>| cell.clone().unwrap_or_else(|| "NULL".to_owned());
        rows.iter().map(|row| row.cells().iter().map(cell).collect::<Vec<_>>().join("|")).collect()
    }
}

/// What segments run, as SQL; a rebuild as its script.
pub fn script(segments: &[Segment]) -> String {
    let tasks = segments.iter().flat_map(|segment| &segment.work).map(|work| &work.task);
    let texts = tasks.map(|task| match task {
        Task::Statement(statement) => format!("{};\n", statement.sql),
        Task::Rebuild(rebuild) => alone(rebuild),
        Task::Hook(hook) => hook.statements.iter().map(|sql| format!("{sql};\n")).collect(),
    });
    texts.collect()
}

/// A rebuild as a script that runs alone: foreign keys are switched off before the transaction begins, since SQLite ignores
/// the switch inside of one.
fn alone(rebuild: &Rebuild) -> String {
    let before = ["PRAGMA foreign_keys = OFF", "BEGIN IMMEDIATE"].map(str::to_owned);
    let after = ["PRAGMA foreign_key_check", "COMMIT", "PRAGMA foreign_keys = ON"].map(str::to_owned);
    let lines = before.into_iter().chain(rebuild.statements()).chain(after);
    lines.map(|line| line + ";\n").collect()
}

/// In what two catalogs differ, a line each.
pub fn differences(expected: &Catalog, now: &Catalog) -> String {
    expected.differences(now).iter().map(|difference| format!("{difference}\n")).collect()
}
