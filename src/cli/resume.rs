//! What a run left half done, or leaves so when it fails: settled by looking at the catalog before anything else is
//! worked out, undone where that is wanted.

use std::time::Duration;

use super::context::Context;
use super::database::{Database, exclusively, record};
use super::exit::Exit;
use super::failure::Failure;
use super::progress::Progress;
use super::prompt::Prompt;
use super::running::{Run, perform};
use crate::diagnostic::Diagnostic;
use crate::model::State;
use crate::project::config::Policy;
use crate::runner::connection::ErrorKind;
use crate::runner::course::Course;
use crate::runner::errors::E738;
use crate::runner::jobs;
use crate::runner::journal::{Entry, Event, Place, Progress as Step, RevisionRef};
use crate::runner::run::Stopped;
use crate::runner::settle::{self, Became, Views};
use crate::syntax;

/// Whether what was committed of a revision is undone when the rest fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Compensate {
    /// It is.
    Always,
    /// It is if the person at the terminal wants it.
    Ask,
    /// It stays.
    Never,
}

impl Compensate {
    /// Without a word on it: unless the environment is protected, where somebody has to be asked.
    pub(crate) fn of(policy: &Policy, yes: bool) -> Self {
        match (policy.protect, yes) {
            (false, _) => Self::Always,
            (true, false) => Self::Ask,
            (true, true) => Self::Never,
        }
    }
}

/// What became of the part of a revision that was committed before the rest failed.
#[derive(Debug)]
pub(super) enum Left {
    /// It stays, or there is none.
    Stays,
    /// It was undone.
    Undone,
    /// To undo it failed, and why.
    Stuck(Vec<Diagnostic>),
}

/// Settles what an earlier run left in doubt, if it did, while no other run can be under way; returns of which revision.
pub(super) async fn settle_alone(
    context: &mut Context,
    database: &mut Database,
    run: &str,
    timeout: Duration,
) -> Result<Option<RevisionRef>, Failure> {
    let Some(Doubt { revision, .. }) = doubtful(database)? else { return Ok(None) };
    // What the earlier run began goes on in the server when its process is gone, and keeps the lock meanwhile.
    exclusively(context, database, run, timeout, async |context, database| {
        database.refresh().await?;
        database.fits()?;
        settle(context, database).await
    })
    .await?;
    Ok(Some(revision))
}

/// A statement in doubt that the catalog can be asked about.
struct Doubt {
    revision: RevisionRef,
    course: Course,
    place: Place,
}

fn doubtful(database: &Database) -> Result<Option<Doubt>, Failure> {
    let Database { history, standing, .. } = database;
    let Some(open) = &standing.unfinished else { return Ok(None) };
    let Some(place) = open.doubtful else { return Ok(None) };
    let course = Course::of(history, standing, open, database.server())?;
    let course = course.filter(|course| course.statement(place).is_some());
    Ok(course.map(|course| Doubt { revision: open.revision.clone(), course, place }))
}

/// Settles what an earlier run left in doubt, if it did: the journal says afterwards what the catalog says. The caller
/// holds the lock.
///
/// # Errors
/// E738: the catalog says neither.
pub(super) async fn settle(context: &mut Context, database: &mut Database) -> Result<(), Failure> {
    let Some(Doubt { revision, course, place }) = doubtful(database)? else { return Ok(()) };
    let Some((sql, effect)) = course.statement(place) else { return Ok(()) };
    let number = place.segment + 1;
    let progress = Progress::start(&context.printer, &format!("{}: looking at the catalog", revision.name));
    let around = course.state(usize::try_from(place.segment).unwrap_or(usize::MAX), database.server())?;
    let session = &mut database.session;
    let (connection, dialect) = (&mut session.connection, session.dialect);
    let became = settle::settle(connection, dialect, &database.address, &around, effect).await;
    drop(progress);
    let (step, message) = match became? {
        Became::Done => (Step::Done, "an interrupted run had done it"),
        Became::Open => (Step::Failed, "an interrupted run had not done it"),
        Became::Other(views) => return Err(neither(&revision, (number, sql), &views)),
    };
    let event = Event::Part { progress: step, revision: revision.clone(), place };
    let entry = Entry { message: Some(message.to_owned()), ..Entry::now(event) };
    record(database, "settle", &[entry]).await?;
    context.printer.status("Settled", format_args!("statement {number} of `{}`: {message}", revision.name));
    Ok(())
}

fn neither(revision: &RevisionRef, (number, sql): (u32, &str), views: &Views) -> Failure {
    let Views { before, live, after } = views;
    let name = &revision.name;
    let mut message = format!(
        "statement {number} of `{name}` was begun, and what it touches is neither as before it nor as after it"
    );
    message.push_str(&format!("\nstatement: {}", sql.trim()));
    for (title, state) in [("before it", before), ("after it", after), ("in the database", live)] {
        message.push_str(&format!("\n{title}:\n{}", indented(state)));
    }
    let help = format!(
        "bring it by hand to what it is before or after, then go on with `schemactl apply` or undo what ran with \
         `schemactl rollback`; if the database has all of the revision: `schemactl stamp {name}`"
    );
    Failure::from(Diagnostic::error(&E738, message).help(help)).exit(Exit::PARTIAL)
}

fn indented(state: &State) -> String {
    let text = syntax::print(state);
    let lines: Vec<String> = text.lines().map(|line| format!("  {line}")).collect();
    if lines.is_empty() { "  nothing".to_owned() } else { lines.join("\n") }
}

/// Undoes what was committed of the revision that a run stopped in, if that is wanted.
pub(super) async fn compensate(
    context: &mut Context,
    database: &mut Database,
    run: &Run<'_>,
    stopped: &Stopped,
) -> Left {
    // Who interrupts a run wants no other to begin, and without a connection there is no lock.
    let ended = matches!(stopped.failure.kind(), Some(ErrorKind::Cancelled | ErrorKind::ConnectionLost));
    if run.compensate == Compensate::Never || ended {
        return Left::Stays;
    }
    match undo(context, database, run).await {
        Ok(true) => Left::Undone,
        Ok(false) => Left::Stays,
        Err(failure) => Left::Stuck(failure.diagnostics),
    }
}

/// Whether there was something to undo and it was undone.
async fn undo(context: &mut Context, database: &mut Database, run: &Run<'_>) -> Result<bool, Failure> {
    database.refresh().await?;
    let Some(open) = database.standing.unfinished.clone() else { return Ok(false) };
    let name = &open.revision.name;
    if run.compensate == Compensate::Ask {
        let Some(prompt) = Prompt::available(context) else { return Ok(false) };
        // Who leaves the question has not agreed.
        let agreed = prompt.confirm(&format!("`{name}` failed half-way. Undo what ran of it?"));
        if !agreed.unwrap_or(false) {
            return Ok(false);
        }
    }
    let job = jobs::undo(&database.history, &database.standing, &open, database.server())?;
    let Some(job) = job else { return Ok(false) };
    let title = format!("undoing {name}");
    let ran = perform(context, database, run, (&title, &[job], false)).await;
    ran.map_err(|stopped| Failure::from(stopped.failure.diagnostic))?;
    Ok(true)
}
