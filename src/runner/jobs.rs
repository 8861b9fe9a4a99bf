//! Which revisions have to run, and as what: the way from where a database stands to where it shall be, lowered
//! for its dialect and version.

use super::course::Course;
use super::journal::{RevisionRef, Unfinished};
use super::run::Job;
use super::standing::Standing;
use crate::change::{self, Step};
use crate::diagnostic::Diagnostic;
use crate::dialect::{Dialect, Version};
use crate::hash::StateHash;
use crate::model::State;
use crate::plan::{self, Direction, Lowering, Segment};
use crate::revision::{History, Link, RevisionId};
use crate::runner::errors::{E725, E726};
use crate::snapshot;

/// What a database runs: its dialect and version.
#[derive(Clone, Copy)]
pub struct Server {
    /// The dialect.
    pub dialect: &'static dyn Dialect,
    /// The version.
    pub version: Version,
}

/// The jobs that bring a database forward to the target, in order.
///
/// # Errors
/// Everything that keeps them from running: see [`plan::lower`]. E726: a rollback is unfinished.
pub fn forward(
    history: &History,
    standing: &Standing,
    target: &[RevisionId],
    server: Server,
) -> Result<Vec<Job>, Vec<Diagnostic>> {
    let mut walk = Walk::begin(history, standing, server, Direction::Up)?;
    let mut position = standing.position.clone();
    for link in history.missing(target, &standing.applied) {
        let parents: Vec<RevisionId> = history.parents(link.revision.id).map(|of| of.revision.id).collect();
        let known = (parents == position).then_some(link.revision.to);
        walk.over(link, known)?;
        position = vec![link.revision.id];
    }
    walk.end()
}

/// The jobs that bring a database back to the target, in order. An unfinished revision is undone first, as far as
/// it came.
///
/// # Errors
/// Everything that keeps them from running, known before anything runs: see [`plan::lower`].
pub fn back(
    history: &History,
    standing: &Standing,
    target: &[RevisionId],
    server: Server,
) -> Result<Vec<Job>, Vec<Diagnostic>> {
    let mut walk = Walk::begin(history, standing, server, Direction::Down)?;
    for link in history.surplus(target, &standing.applied) {
        let linear = link.revision.parents.len() < 2;
        walk.over(link, linear.then_some(link.revision.from))?;
    }
    walk.end()
}

/// The way from where a database stands over one revision after the other, in one direction.
struct Walk<'a> {
    standing: &'a Standing,
    server: Server,
    direction: Direction,
    state: State,
    lowering: Lowering<'static>,
    jobs: Vec<Job>,
    problems: Vec<Diagnostic>,
}

impl<'a> Walk<'a> {
    fn begin(
        history: &History,
        standing: &'a Standing,
        server: Server,
        direction: Direction,
    ) -> Result<Self, Vec<Diagnostic>> {
        let state = history.state_at(&standing.position).map_err(|problem| vec![problem])?;
        let lowering = Lowering::new(&state, server.dialect, server.version);
        Ok(Self { standing, server, direction, state, lowering, jobs: Vec::new(), problems: Vec::new() })
    }

    /// Adds the job of the next revision. `reaches` is the state behind it where the revision names that.
    fn over(&mut self, link: &Link, reaches: Option<StateHash>) -> Result<(), Vec<Diagnostic>> {
        let direction = self.direction;
        let done = match &self.standing.unfinished {
            Some(open) if is(open, link) => resumed(open, direction).map_err(|problem| vec![problem])?,
            Some(_) | None => Resumed::default(),
        };
        let steps = &link.revision.steps;
        let lowered = self.lowering.revision(steps, direction);
        replay(steps, &mut self.state, direction)?;
        let reaches = reaches.unwrap_or_else(|| snapshot::hash(&self.state));
        match lowered {
            Ok(segments) => {
                self.jobs.push(job(reference(link), direction, segments, done, reaches));
            }
            Err(found) => {
                self.problems.extend(found.into_iter().map(|problem| named(problem, link)));
                self.lowering = Lowering::new(&self.state, self.server.dialect, self.server.version);
            }
        }
        Ok(())
    }

    fn end(self) -> Result<Vec<Job>, Vec<Diagnostic>> {
        if self.problems.is_empty() { Ok(self.jobs) } else { Err(self.problems) }
    }
}

/// The job that undoes what an unfinished `apply` left of a revision, or goes on undoing it.
///
/// # Errors
/// E725: what is left can't be told from the journal. Otherwise what keeps it from running.
pub fn undo(
    history: &History,
    standing: &Standing,
    open: &Unfinished,
    server: Server,
) -> Result<Option<Job>, Vec<Diagnostic>> {
    let Some(link) = history.links().iter().find(|link| is(open, link)) else { return Ok(None) };
    if open.direction == Direction::Up && open.doubtful.is_some() {
        let message =
            format!("a statement of `{}` was begun, and nothing says what became of it", open.revision.name);
        return Err(vec![
            Diagnostic::error(&E725, message)
                .help("go on with `schemactl apply`, which finds out, then roll back"),
        ]);
    }
    let Some(course) = Course::of(history, standing, open, server)? else { return Ok(None) };
    let course = match open.direction {
        Direction::Up => course.undone(server)?,
        Direction::Down => course,
    };
    let before = history.state_at(&standing.position).map_err(|problem| vec![problem])?;
    let resumed = Resumed { done: course.done, in_doubt: open.doubtful.is_some() };
    let segments = course.segments_of_revision();
    Ok(Some(job(reference(link), Direction::Down, segments, resumed, snapshot::hash(&before))))
}

/// A revision as the journal pins it.
#[must_use]
pub fn reference(link: &Link) -> RevisionRef {
    RevisionRef {
        id: link.revision.id.to_string(),
        name: link.revision.name.to_string(),
        digest: link.digest,
    }
}

pub(super) fn is(open: &Unfinished, link: &Link) -> bool {
    open.revision.id == link.revision.id.to_string()
}

/// Where an unfinished revision goes on.
#[derive(Debug, Clone, Copy, Default)]
struct Resumed {
    /// How many segments are done.
    done: usize,
    /// Whether the next one was begun, and nothing says what became of it.
    in_doubt: bool,
}

/// # Errors
/// E726: it was going the other way.
fn resumed(open: &Unfinished, direction: Direction) -> Result<Resumed, Diagnostic> {
    let name = &open.revision.name;
    if open.direction != direction {
        let (way, command) = match open.direction {
            Direction::Up => ("apply", "apply"),
            Direction::Down => ("rollback", "rollback"),
        };
        let message = format!("the {way} of `{name}` is unfinished");
        return Err(Diagnostic::error(&E726, message).help(format!("finish it first: `schemactl {command}`")));
    }
    let done = open.done.iter().filter(|place| place.direction == direction && open.is_done(**place)).count();
    Ok(Resumed { done, in_doubt: open.doubtful.is_some() })
}

fn job(
    revision: RevisionRef,
    direction: Direction,
    segments: Vec<Segment>,
    Resumed { done, in_doubt }: Resumed,
    reaches: StateHash,
) -> Job {
    Job { revision, direction, segments, done, in_doubt, reaches }
}

fn replay(steps: &[Step], state: &mut State, direction: Direction) -> Result<(), Vec<Diagnostic>> {
    let result = match direction {
        Direction::Up => change::replay(state, change::ops(steps)),
        Direction::Down => {
            let ops: Vec<_> = change::ops(steps).rev().cloned().map(change::Op::inverse).collect();
            change::replay(state, &ops)
        }
    };
    result.map_err(|(step, error)| {
        let message = format!("operation {} does not fit: {error}", step + 1);
        vec![Diagnostic::error(&plan::errors::E505, message).help("run `schemactl verify`")]
    })
}

fn named(problem: Diagnostic, link: &Link) -> Diagnostic {
    Diagnostic { message: format!("`{}`: {}", link.revision.name, problem.message), ..problem }
}
