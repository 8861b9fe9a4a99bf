//! What `apply` and `rollback` share: showing the plan, asking for consent, running, and saying how it ended.

use std::cell::RefCell;
use std::time::Duration;

use clap::Args;

use super::actor::actor;
use super::consent::{consent, protect};
use super::context::Context;
use super::database::{Database, exclusively, record};
use super::exit::Exit;
use super::failure::Failure;
use super::offline::left_out;
use super::progress::Progress;
use super::resume::Compensate;
use super::variables::VariableArgs;
use super::{intended, lifecycle, observe, others, resume, stopped};
use crate::change::{Op, Seen};
use crate::plan::Direction;
use crate::project::decode::parse_duration;
use crate::runner::connection::ErrorKind;
use crate::runner::journal::{self, Completion, Entry, Journal, RevisionRef};
use crate::runner::run::{Event, Job, Patience, Runner, Stopped, have_values};

/// How a run is done.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// Show what would run, and run nothing
    #[arg(long)]
    pub(crate) dry_run: bool,

    /// Don't ask on a protected environment
    #[arg(long, short)]
    pub(crate) yes: bool,

    /// Run all revisions in one transaction
    #[arg(long, conflicts_with = "idempotent")]
    pub(crate) single_transaction: bool,

    /// Agree to the loss of this data, by the names that the plan shows, or to any with `all`
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    pub(crate) allow_destructive: Vec<String>,

    /// Run also over changes that somebody else has made to the same objects
    #[arg(long)]
    pub(crate) allow_drift: bool,

    /// How long to wait for another run, or for locks of other connections, such as `30s` or `5m`
    #[arg(long, value_name = "TIME", value_parser = duration)]
    pub(crate) lock_timeout: Option<Duration>,

    #[command(flatten)]
    pub(crate) variables: VariableArgs,

    /// Write the values of secret variables into the script
    #[arg(long, requires = "sql")]
    pub(crate) with_secrets: bool,
}

fn duration(text: &str) -> Result<Duration, String> {
    parse_duration(text).ok_or_else(|| "write a number and a unit, such as `30s` or `5m`".to_owned())
}

/// What has to run on a database, worked out again only if its journal says something else.
pub(crate) struct Plan<'a> {
    work_out: &'a dyn Fn(&Database) -> Result<Vec<Job>, Failure>,
    known: RefCell<Option<(Journal, Vec<Job>)>>,
}

impl<'a> Plan<'a> {
    /// Worked out in this way, from the standing of a database.
    pub(crate) fn new(work_out: &'a dyn Fn(&Database) -> Result<Vec<Job>, Failure>) -> Self {
        Self { work_out, known: RefCell::new(None) }
    }

    /// The work, in order.
    pub(crate) fn jobs(&self, database: &Database) -> Result<Vec<Job>, Failure> {
        if let Some((journal, jobs)) = &*self.known.borrow()
            && *journal == database.journal
        {
            return Ok(jobs.clone());
        }
        let jobs = (self.work_out)(database)?;
        *self.known.borrow_mut() = Some((database.journal.clone(), jobs.clone()));
        Ok(jobs)
    }
}

/// A run that was agreed on.
pub(crate) struct Run<'a> {
    /// Its arguments.
    pub(crate) args: &'a RunArgs,
    /// Which way it goes.
    pub(crate) direction: Direction,
    /// The work.
    pub(crate) plan: &'a Plan<'a>,
    /// Whether what was committed of a revision that fails is undone.
    pub(crate) compensate: Compensate,
    /// Whether only the last thing that ran is undone, be it half a revision.
    pub(crate) is_last: bool,
}

impl Run<'_> {
    /// How long it waits for locks of others.
    pub(super) fn timeout(&self, database: &Database) -> Duration {
        self.args.lock_timeout.unwrap_or(database.target.policy.lock_timeout)
    }
}

/// Runs, or shows what would run.
pub(crate) async fn run(
    context: &mut Context,
    mut database: Database,
    run: Run<'_>,
) -> Result<Exit, Failure> {
    context.printer.stream();
    database.fits()?;
    if !run.args.dry_run {
        let timeout = run.timeout(&database);
        let settled = resume::settle_alone(context, &mut database, command(run.direction), timeout).await?;
        if settled.is_some_and(|revision| run.is_last && is_gone(&database, &revision)) {
            return Ok(nothing(context, &database, run.direction));
        }
    }
    let mut jobs = run.plan.jobs(&database)?;
    let had = observe::pushed(&mut database, &jobs).await?;
    if jobs.is_empty() {
        return Ok(nothing(context, &database, run.direction));
    }
    let had: Vec<Job> = jobs.drain(..had).collect();
    had.iter().for_each(|job| {
        context.printer.note(format_args!(
            "the database has `{}` already: its schema was pushed or pulled",
            job.revision.name
        ))
    });
    ready(&database, &jobs)?;
    intended::show(context, &database, &jobs, run.direction);
    for job in &jobs {
        left_out(job)
            .iter()
            .for_each(|words| context.printer.note(format_args!("`{}`: {words}", job.revision.name)));
    }
    refuse_taken(&mut database, &jobs).await?;
    if run.args.dry_run {
        guard(&mut database, &jobs, run.args).await?;
        return Ok(Exit::DONE);
    }
    agree(&database, &jobs, run.args)?;
    protect(context, &database.target, run.args.yes)?;
    let timeout = run.timeout(&database);
    exclusively(context, &mut database, command(run.direction), timeout, async |context, database| {
        locked(context, database, &run).await
    })
    .await
}

/// What is done while no other run can be under way: the journal is read again first.
async fn locked(context: &mut Context, database: &mut Database, run: &Run<'_>) -> Result<Exit, Failure> {
    database.refresh().await?;
    database.fits()?;
    resume::settle(context, database).await?;
    let mut jobs = run.plan.jobs(database)?;
    let had = observe::pushed(database, &jobs).await?;
    if had > 0 {
        let had: Vec<Job> = jobs.drain(..had).collect();
        recorded(context, database, &had).await?;
    } else if jobs.is_empty() {
        return Ok(nothing(context, database, run.direction));
    }
    if jobs.is_empty() {
        return Ok(Exit::DONE);
    }
    ready(database, &jobs)?;
    agree(database, &jobs, run.args)?;
    refuse_taken(database, &jobs).await?;
    guard(database, &jobs, run.args).await?;
    lifecycle::before(database).await?;
    let together = run.args.single_transaction;
    let ran = perform(context, database, run, (command(run.direction), &jobs, together)).await;
    if let Err(stopped) = ran {
        let left = resume::compensate(context, database, run, &stopped).await;
        // Without a connection there is nothing to look at, and the run has said so.
        let is_lost = stopped.failure.kind() == Some(ErrorKind::ConnectionLost);
        if stopped.changed() && !is_lost {
            database.session.connection.clear_cancel();
            observe::observe(context, database, None).await;
        }
        return Err(stopped::explain(database, &jobs, &stopped, run.direction, left).await);
    }
    let after = lifecycle::after(database).await;
    observe::observe(context, database, jobs.last().map(|job| job.reaches)).await;
    after?;
    Ok(Exit::DONE)
}

/// Runs jobs, one by one or together in one transaction, and tells under a title how it goes.
pub(super) async fn perform(
    context: &mut Context,
    database: &mut Database,
    run: &Run<'_>,
    (title, jobs, together): (&str, &[Job], bool),
) -> Result<(), Stopped> {
    let progress = Progress::start(&context.printer, title);
    let run_id = format!("{}-{}", super::clock::now().as_second(), std::process::id());
    let writer = database.session.writer(&database.journal, &run_id, &actor());
    let patience = Patience::of(run.timeout(database));
    let mut events = |event: Event| report(context, &progress, &event);
    let mut runner = Runner {
        connection: &mut database.session.connection,
        dialect: database.session.dialect,
        writer,
        patience,
        agreed: &run.args.allow_destructive,
        values: &database.values,
        events: &mut events,
    };
    if together { runner.run_as_one(jobs).await } else { runner.run(jobs).await }
}

/// Writes down that the database has what was pushed to it.
async fn recorded(context: &mut Context, database: &mut Database, jobs: &[Job]) -> Result<(), Failure> {
    let entry = |job: &Job| {
        let revision = job.revision.clone();
        let event =
            journal::Event::Completed { completion: Completion::Applied, revision, state: job.reaches };
        Entry { message: Some("its schema was pushed or pulled before".to_owned()), ..Entry::now(event) }
    };
    let entries: Vec<Entry> = jobs.iter().map(entry).collect();
    record(database, "apply", &entries).await?;
    observe::observe(context, database, jobs.last().map(|job| job.reaches)).await;
    jobs.iter().for_each(|job| context.printer.status("Recorded", &job.revision.name));
    Ok(())
}

/// Whether nothing of a revision is on the database.
fn is_gone(database: &Database, revision: &RevisionRef) -> bool {
    let standing = &database.standing;
    standing.unfinished.is_none() && !standing.applied.iter().any(|id| id.to_string() == revision.id)
}

pub(super) fn command(direction: Direction) -> &'static str {
    match direction {
        Direction::Up => "apply",
        Direction::Down => "rollback",
    }
}

fn nothing(context: &mut Context, database: &Database, direction: Direction) -> Exit {
    let printer = &mut context.printer;
    if printer.is_json() {
        printer.json(intended::planned(direction, &[]));
    } else {
        let what = match direction {
            Direction::Up if database.history.is_empty() => {
                "nothing to apply: there is no revision, `schemactl plan` writes one"
            }
            Direction::Up => "nothing to apply: the database is up to date",
            Direction::Down => "nothing to roll back: the database is there already",
        };
        printer.note(what);
    }
    Exit::DONE
}

/// Refuses to begin what a hook lacks a value for.
fn ready(database: &Database, jobs: &[Job]) -> Result<(), Failure> {
    Ok(have_values(jobs, &database.values, database.session.dialect.rules())?)
}

/// Refuses to lose data that nobody agreed to lose: what the database has of it.
fn agree(database: &Database, jobs: &[Job], args: &RunArgs) -> Result<(), Failure> {
    let dialect = database.session.dialect.name();
    let of_job = |job: &Job| -> Vec<Op> {
        let mut seen = Seen::new(&job.start, dialect.clone());
        intended::operations(database, job).iter().flat_map(|op| seen.pass(op)).collect()
    };
    let ops: Vec<Op> = jobs.iter().flat_map(of_job).collect();
    consent(&ops, &args.allow_destructive)
}

/// Refuses to make what another project on the database has.
async fn refuse_taken(database: &mut Database, jobs: &[Job]) -> Result<(), Failure> {
    let ops: Vec<Op> = jobs.iter().flat_map(|job| intended::operations(database, job)).collect();
    others::refuse_taken(database, &ops).await
}

/// Refuses to run over changes of others to the same objects.
async fn guard(database: &mut Database, jobs: &[Job], args: &RunArgs) -> Result<(), Failure> {
    let ops: Vec<Op> = jobs.iter().flat_map(|job| intended::operations(database, job)).collect();
    observe::guard(database, &ops, args.allow_drift).await
}

fn report(context: &mut Context, progress: &Progress, event: &Event) {
    if context.printer.is_json() {
        if let Ok(line) = serde_json::to_string(event) {
            context.printer.line(line);
        }
        return;
    }
    match event {
        Event::Started { .. } => {}
        Event::Working { revision, what, .. } => {
            let first = what.lines().next().unwrap_or_default();
            progress.message(&format!("{revision}: {first}"));
        }
        Event::Retrying { revision, reason, pause } => progress.suspend(|| {
            context.printer.status("Retrying", format_args!("{revision} in {pause:.1?}: {reason}"));
        }),
        Event::Finished { revision, direction, duration } => progress.suspend(|| {
            let verb = match direction {
                Direction::Up => "Applied",
                Direction::Down => "Rolled back",
            };
            let seconds = duration.as_secs_f32();
            context.printer.status(verb, format_args!("{revision} ({seconds:.2} s)"));
        }),
    }
}
