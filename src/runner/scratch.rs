//! Databases that are made to try something on and dropped after it: in memory where a database is a file, on the
//! same server under names of their own elsewhere.

use std::time::{SystemTime, UNIX_EPOCH};

use super::catalog::{self, Catalog};
use super::connection::{Connection, DatabaseError, Options, Target};
use super::errors;
use super::journal::{RevisionRef, Writer};
use super::run::{Failure, Job, Patience, Runner};
use super::session;
use crate::change::Step;
use crate::diagnostic::Diagnostic;
use crate::dialect::{Dialect, Inspection, Version};
use crate::diff::diff;
use crate::hash::{RevisionDigest, StateHash};
use crate::model::State;
use crate::plan::{Direction, Segment, Values, lower};
use crate::project::JournalName;

/// Makes scratch databases, and drops those that it made.
pub struct Scratches {
    kind: Kind,
    run: String,
    made: Vec<String>,
    count: usize,
}

enum Kind {
    Memory,
    Server { target: Target, connection: Box<Connection> },
}

/// A scratch database with the connection to it.
pub struct Scratch {
    pub(in crate::runner) connection: Connection,
    name: Option<String>,
}

impl Scratches {
    /// For databases of the kind that `target` is, on the same server; nothing in the target's own database is read
    /// or changed. `run` is a plain word that tells in the names what made them.
    ///
    /// # Errors
    /// The server can't be reached, or is too old.
    pub async fn open(target: &Target, run: &str) -> Result<Self, Diagnostic> {
        let kind = match target.in_database("") {
            None => Kind::Memory,
            Some(_) => {
                let connection = Connection::connect(target, &Options::new(format!("scratch {run}"))).await?;
                session::spoken(&connection)?;
                Kind::Server { target: target.clone(), connection: Box::new(connection) }
            }
        };
        // Processes have the same numbers on several machines, and one process can have several of these.
        let moment = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos() % (1 << 40);
        Ok(Self { kind, run: format!("{run}_{moment:x}"), made: Vec::new(), count: 0 })
    }

    /// What the server is; nothing for those that are made in memory.
    #[must_use]
    pub fn version(&self) -> Option<Version> {
        match &self.kind {
            Kind::Memory => None,
            Kind::Server { connection, .. } => Some(connection.version()),
        }
    }

    /// An empty scratch database.
    ///
    /// # Errors
    /// E740: it may not be made. Otherwise why it can't be worked on.
    pub async fn empty(&mut self) -> Result<Scratch, Diagnostic> {
        let options = Options { create: true, ..Options::new(format!("scratch {}", self.run)) };
        let (target, name) = match &mut self.kind {
            Kind::Memory => (Target::parse("sqlite::memory:")?, None),
            Kind::Server { target, connection } => {
                self.count += 1;
                let name = format!("schemactl_scratch_{}_{}", self.run, self.count);
                // Known before it is made: what is interrupted here may be made all the same.
                self.made.push(name.clone());
                connection.create_database(&name).await.map_err(|error| {
                    let message = format!("can't create a scratch database: {error}");
                    let granted = error.hint.as_deref();
                    Diagnostic::error(&errors::E740, message)
                        .help(granted.unwrap_or("connect with a user that may create databases"))
                })?;
                let other = target.in_database(&name).unwrap_or_else(|| target.clone());
                (other, Some(name))
            }
        };
        let mut connection = Connection::connect(&target, &options).await?;
        let settled = connection.settle_namespace(JournalName::DEFAULT).await;
        settled.map_err(|error| error.diagnostic("can't work on a scratch database"))?;
        Ok(Scratch { connection, name })
    }

    /// A scratch database in a state.
    ///
    /// # Errors
    /// E744: the state can't be created at once. Otherwise what keeps it from being made, or the statement that failed.
    pub(in crate::runner) async fn created(
        &mut self,
        state: &State,
        dialect: &dyn Dialect,
    ) -> Result<Scratch, Vec<Diagnostic>> {
        let empty = State::default();
        let ops = diff(&empty, state, &[]).map_err(|error| {
            let message = format!("the state can't be created at once: {error}");
            vec![Diagnostic::error(&errors::E744, message)]
        })?;
        let steps: Vec<Step> = ops.into_iter().map(Step::Op).collect();
        let mut scratch = self.empty().await.map_err(|problem| vec![problem])?;
        let segments = lower(&steps, &empty, Direction::Up, dialect, scratch.connection.version())?;
        let name = "created".to_owned();
        let whole = RevisionRef { id: name.clone(), digest: RevisionDigest::of(&name), name };
        match scratch.run(dialect, &whole, Direction::Up, segments, &Values::default()).await {
            Ok(()) => Ok(scratch),
            Err(failure) => {
                self.discard(scratch).await;
                Err(vec![refused(*failure)])
            }
        }
    }

    /// Drops one scratch database. What is left here is dropped by [`close`](Self::close).
    pub async fn discard(&mut self, scratch: Scratch) {
        let Scratch { connection, name } = scratch;
        // A connection that broke is closed as well.
        let _ = connection.close().await;
        if let Some(name) = name
            && self.drop_database(&name).await.is_ok()
        {
            self.made.retain(|made| *made != name);
        }
    }

    async fn drop_database(&mut self, name: &str) -> Result<(), Diagnostic> {
        let Kind::Server { connection, .. } = &mut self.kind else { return Ok(()) };
        let sql = format!("DROP DATABASE IF EXISTS {}", connection.quote_name(name));
        let dropped = connection.execute(&sql).await;
        dropped
            .map(drop)
            .map_err(|error| error.diagnostic(&format!("can't drop the scratch database `{name}`")))
    }

    /// Drops every scratch database that is left, and closes the connection to the server. A proof that was abandoned
    /// half-way may have left the connection in the middle of a statement, so what is left is dropped on another.
    ///
    /// # Errors
    /// Those that could not be dropped, by name.
    pub async fn close(mut self) -> Result<(), Vec<Diagnostic>> {
        let left = std::mem::take(&mut self.made);
        if let Kind::Server { target, connection } = &mut self.kind
            && !left.is_empty()
        {
            let options = Options::new(format!("scratch {}", self.run));
            **connection = Connection::connect(target, &options).await.map_err(|problem| vec![problem])?;
        }
        let mut problems = Vec::new();
        for name in left {
            if let Err(problem) = self.drop_database(&name).await {
                problems.push(problem);
            }
        }
        if let Kind::Server { connection, .. } = self.kind {
            // Everything that mattered was said above.
            let _ = connection.close().await;
        }
        if problems.is_empty() { Ok(()) } else { Err(problems) }
    }
}

/// The statement that a new database refused, which another one in use may well take.
fn refused(failure: Failure) -> Diagnostic {
    let Failure { mut diagnostic, error, at, .. } = failure;
    if let Some(at) = at {
        diagnostic.message += &format!("\nstatement: {}", at.sql.trim());
    }
    if error.is_some() && diagnostic.help.is_none() {
        diagnostic = diagnostic.help(
            "put what is missing into the schema: a new database has nothing else, and `schemactl inspect --strict` lists \
             what a database has beside its schema",
        );
    }
    diagnostic
}

impl Scratch {
    /// The namespace of names without one, where there are namespaces.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        self.connection.namespace()
    }

    /// The name of the database on its server.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Runs one statement of somebody else's.
    ///
    /// # Errors
    /// The database refuses it.
    pub async fn execute(&mut self, sql: &str) -> Result<(), DatabaseError> {
        self.connection.execute(sql).await.map(drop)
    }

    /// What its catalog says, as a schema.
    ///
    /// # Errors
    /// It can't be read.
    pub async fn inspect(&mut self, dialect: &dyn Dialect) -> Result<Inspection, Diagnostic> {
        catalog::inspect(&mut self.connection, dialect).await
    }

    /// What its catalog says, as a comparable picture.
    ///
    /// # Errors
    /// It can't be read.
    pub async fn catalog(&mut self, dialect: &dyn Dialect) -> Result<Catalog, Diagnostic> {
        let read = Catalog::read(&mut self.connection, dialect).await;
        read.map_err(|error| error.diagnostic("can't read the catalog"))
    }

    /// Runs the steps of a revision on it, which is in the state before.
    ///
    /// # Errors
    /// The steps can't be done here, or the statement that the database refused.
    pub async fn apply(
        &mut self,
        dialect: &dyn Dialect,
        revision: &RevisionRef,
        steps: &[Step],
        before: &State,
    ) -> Result<(), Vec<Diagnostic>> {
        let segments = lower(steps, before, Direction::Up, dialect, self.connection.version())?;
        let ran = self.run(dialect, revision, Direction::Up, segments, &Values::default()).await;
        ran.map_err(|failure| vec![refused(*failure)])
    }

    /// Runs a revision on it.
    ///
    /// # Errors
    /// Why it stopped.
    pub(in crate::runner) async fn run(
        &mut self,
        dialect: &dyn Dialect,
        revision: &RevisionRef,
        direction: Direction,
        segments: Vec<Segment>,
        values: &Values,
    ) -> Result<(), Box<Failure>> {
        let connection = &mut self.connection;
        let writer = Writer::silent();
        let reaches = StateHash::of(&revision.name);
        let job = Job {
            revision: revision.clone(),
            environment: None,
            direction,
            segments,
            done: 0,
            in_doubt: false,
            reaches,
            steps: Vec::new(),
            start: State::default(),
        };
        let patience = Patience::default();
        let mut runner =
            Runner { connection, dialect, writer, patience, agreed: &[], values, events: &mut |_| {} };
        runner.run(&[job]).await.map_err(|stopped| stopped.failure)
    }
}
