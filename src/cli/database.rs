//! A command's way to a database: the environment resolved, a connection, the journal held against the chain. The
//! runtime is built here, so that commands without a database never pay for one.

use std::time::Duration;

use super::actor::actor;
use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::interrupt;
use super::observe::Earlier;
use super::others::{self, Others};
use super::progress::Progress;
use super::told::Chain;
use crate::diagnostic::{Diagnostic, Sources};
use crate::plan::Values;
use crate::project::environment::Target;
use crate::project::{JournalName, Project};
use crate::revision::{History, RevisionId, Target as Place};
use crate::runner::connection::{self, DatabaseError, Options};
use crate::runner::errors::{E703, E705};
use crate::runner::jobs::{self, Server};
use crate::runner::journal::{Entry, Journal};
use crate::runner::lock::RunLock;
use crate::runner::newfile::NewFile;
use crate::runner::session::Session;
use crate::runner::standing::Standing;

/// A database as a command finds it.
pub(crate) struct Database {
    /// The environment with its policies.
    pub(crate) target: Target,
    /// Where it is.
    pub(crate) address: connection::Target,
    /// What the variables of hooks are worth.
    pub(crate) values: Values,
    /// The project's revisions, as the database knows them.
    pub(crate) history: History,
    chain: Chain,
    /// The connection.
    pub(crate) session: Session,
    /// What has run on it.
    pub(crate) journal: Journal,
    /// Where that is in the chain.
    pub(crate) standing: Standing,
    /// What others had changed when the run began.
    pub(crate) earlier: Option<Earlier>,
    /// The other projects on it, once they were looked for.
    pub(crate) others: Option<Others>,
}

impl Database {
    /// The project.
    pub(crate) fn project(&self) -> &Project {
        self.chain.project()
    }

    /// What it runs.
    pub(crate) fn server(&self) -> Server {
        Server { dialect: self.session.dialect, version: self.session.connection.version() }
    }

    /// Reads the journal again.
    pub(crate) async fn refresh(&mut self) -> Result<(), Failure> {
        self.journal = self.session.journal().await?;
        self.others = None;
        // What lies aside was read when the database was opened, unless another run has begun on it since.
        self.history = self.chain.told(&self.journal, &mut Sources::default())?;
        self.standing = Standing::new(&self.journal, &self.history, self.target.environment.clone());
        others::attribute(self.chain.project(), &self.journal, &mut self.standing.problems);
        Ok(())
    }

    /// Refuses a database whose journal doesn't fit the chain.
    pub(crate) fn fits(&self) -> Result<(), Failure> {
        match self.standing.problems.as_slice() {
            [] => Ok(()),
            problems => Err(Failure::from(problems.to_vec()).exit(Exit::INTEGRITY)),
        }
    }

    /// Refuses a database that has a part of a revision: nobody means it to be like that.
    ///
    /// # Errors
    /// E726: which revision.
    pub(crate) fn is_whole(&self) -> Result<(), Failure> {
        self.standing.unfinished.as_ref().map_or(Ok(()), |open| Err(jobs::finish_first(open).into()))
    }
}

/// Says of an empty database whether there is something to do.
pub(crate) type IsNeeded<'a> = &'a dyn Fn(&Database) -> Result<bool, Failure>;

/// What a command does with a database, which decides what becomes of one that is a file and doesn't exist.
#[derive(Clone, Copy)]
pub(crate) enum Access<'a> {
    /// It only looks: a missing file is a database that nothing has run on, and stays missing.
    Read,
    /// The same, and shows of one that is new that it begins at the newest checkpoint on the way to this target.
    Foresee(&'a str),
    /// It changes what is there: a missing file is an error.
    Change,
    /// It may be the first to run: a missing file is made, where the environment allows it, if this says of an empty
    /// database that there is something to do.
    Create(IsNeeded<'a>),
    /// The same, and one that is new begins at the newest checkpoint on the way to this target.
    Begin(&'a str, IsNeeded<'a>),
}

impl<'a> Access<'a> {
    /// What says of an empty database whether there is something to do, where a missing one may be made.
    fn is_needed(self) -> Option<IsNeeded<'a>> {
        match self {
            Self::Create(is_needed) | Self::Begin(_, is_needed) => Some(is_needed),
            Self::Read | Self::Foresee(_) | Self::Change => None,
        }
    }
}

/// Where the database is, for a name that is counted from there; for others no database is asked.
pub(crate) fn position_for(name: &str, run: &str, context: &mut Context) -> Result<Vec<RevisionId>, Failure> {
    let mut position = Vec::new();
    if Place::is_relative(name) {
        with_database(context, run, Access::Read, async |_, database| {
            position.clone_from(&database.standing.position);
            Ok(Exit::DONE)
        })?;
    }
    Ok(position)
}

/// Connects and does the work. `run` is what the server shows beside the connection.
pub(crate) fn with_database(
    context: &mut Context,
    run: &str,
    access: Access<'_>,
    work: impl AsyncFnOnce(&mut Context, Database) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    let project = context.project()?;
    let history = project.read_history(&mut context.sources)?;
    let target = context.target(&project)?;
    let values = context.values(&project)?;
    let address = connection::Target::parse(target.url.expose())?.in_folder(&target.base);
    let mut chain = Chain::new(project, history);
    if let Access::Begin(target, _) | Access::Foresee(target) = access {
        chain.begin(context, target)?;
    }
    let create = access.is_needed().is_some() && target.policy.create;
    block_on(async {
        // Dropped when the connection is closed.
        let mut _made = None;
        let options = Options { create, ..Options::new(run) };
        let sources = &mut context.sources;
        let database = match (access, access.is_needed(), address.stand_in()) {
            (Access::Read | Access::Foresee(_), _, Some(empty)) => {
                context.printer.note(format_args!("the database {address} doesn't exist yet"));
                open(&empty, &options, (target, values), chain, sources).await?
            }
            (_, Some(is_needed), Some(empty)) if create => {
                let database = open(&empty, &options, (target, values), chain, sources).await?;
                match is_needed(&database)? {
                    true => {
                        _made = NewFile::of(&address);
                        let place = (database.target, database.values);
                        open(&address, &options, place, database.chain, sources).await?
                    }
                    false => database,
                }
            }
            (_, Some(_), Some(_)) => return Err(must_be_made(&address)),
            (_, _, _) => open(&address, &options, (target, values), chain, sources).await?,
        };
        stop_on_interrupt(&database.session);
        work(context, database).await
    })
}

/// E705, for a run that could begin but for its environment, which makes no database.
fn must_be_made(address: &connection::Target) -> Failure {
    let message = format!("the database `{address}` doesn't exist, and its environment never makes one");
    Diagnostic::error(&E705, message)
        .help("correct the URL, or write `create` into the environment if a new database is meant")
        .into()
}

/// Does work on a database while no other run on it can be under way. `run` is what others that wait are told.
///
/// # Errors
/// E706: another run did not end in time. Otherwise those of the work.
pub(crate) async fn exclusively<T>(
    context: &mut Context,
    database: &mut Database,
    run: &str,
    timeout: Duration,
    work: impl AsyncFnOnce(&mut Context, &mut Database) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let scope = database.session.location.scope();
    let printer = &mut context.printer;
    // A statement that a killed run left to the server can take long.
    let progress = Progress::start(printer, "waiting for the lock");
    let mut waiting =
        |holder: &str| progress.suspend(|| printer.status("Waiting", format_args!("for {holder}")));
    let lock = RunLock::acquire(&mut database.session.connection, &scope, run, timeout, &mut waiting).await;
    drop(progress);
    let lock = lock?;
    let outcome = work(context, database).await;
    let released = lock.release(&mut database.session.connection).await;
    let done = outcome?;
    released?;
    Ok(done)
}

/// Does work that talks to databases.
///
/// # Errors
/// E703: the system has no room for it. Otherwise those of the work.
pub(crate) fn block_on<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|error| {
        Diagnostic::error(&E703, format!("can't start: {error}")).help("free some resources of the system")
    })?;
    runtime.block_on(work)
}

/// Connects to a database that is only looked at. `journal` is the table that says what has run on it.
///
/// # Errors
/// See [`Session::open`].
pub(crate) async fn session(
    address: &connection::Target,
    run: &str,
    journal: &JournalName,
) -> Result<Session, Diagnostic> {
    let opened = Session::open(address, &Options::new(run), journal).await;
    opened.map_err(|problem| match problem.code == &E705 {
        true => problem.help("correct the URL: a database that is only looked at is not made"),
        false => problem,
    })
}

/// Connects to a database that is there and does the work. `journal` is the table that says what has run on it, for the
/// project at hand.
pub(crate) fn with_session(
    context: &mut Context,
    run: &str,
    address: &connection::Target,
    journal: &JournalName,
    work: impl AsyncFnOnce(&mut Context, Session) -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    block_on(async {
        let session = session(address, run, journal).await?;
        stop_on_interrupt(&session);
        work(context, session).await
    })
}

/// Lets an interrupt cancel the statement that is under way.
fn stop_on_interrupt(session: &Session) {
    let canceller = session.connection.canceller();
    interrupt::listen(async move {
        // Whether the server could be asked or not, no further statement is begun.
        let _ = canceller.cancel().await;
    });
}

/// Connects, and reads what has run.
async fn open(
    address: &connection::Target,
    options: &Options,
    (target, values): (Target, Values),
    mut chain: Chain,
    sources: &mut Sources,
) -> Result<Database, Failure> {
    let mut session = Session::open(address, options, chain.project().journal()).await?;
    chain.project().admits(session.dialect, session.connection.version())?;
    let journal = session.journal().await?;
    let history = chain.told(&journal, sources)?;
    let mut standing = Standing::new(&journal, &history, target.environment.clone());
    others::attribute(chain.project(), &journal, &mut standing.problems);
    let address = address.clone();
    let (earlier, others) = (None, None);
    Ok(Database { target, address, values, history, chain, session, journal, standing, earlier, others })
}

/// Adds rows to the journal, all in one transaction, and reads it again. `what` is what the run is about.
///
/// # Errors
/// They can't be written, and none was; or they can't be read again.
pub(crate) async fn record(database: &mut Database, what: &str, entries: &[Entry]) -> Result<(), Failure> {
    let run = format!("{what}-{}", std::process::id());
    let writer = database.session.writer(&database.journal, &run, &actor());
    let connection = &mut database.session.connection;
    let failed = |error: DatabaseError| writer.explain(&error);
    connection.begin().await.map_err(failed)?;
    if let Err(refused) = connection.commit_after(&writer.rows(entries)).await {
        // The first error is what counts; a lost connection rolls back by itself.
        let _ = connection.rollback().await;
        return Err(failed(refused.error).into());
    }
    database.refresh().await
}
