//! Which revisions have to run, and as what: the way from where a database stands to where it shall be, lowered
//! for its dialect and version.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::course::{Course, same};
use super::journal::{RevisionRef, Unfinished};
use super::run::Job;
use super::standing::Standing;
use crate::change::{self, Site, Step};
use crate::diagnostic::Diagnostic;
use crate::dialect::{Dialect, Version};
use crate::hash::StateHash;
use crate::model::State;
use crate::name::Name;
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
/// Everything that keeps them from running: see [`plan::lower`]. E428: steps lead elsewhere than their revision says.
/// E726: a rollback is unfinished. E739: what is left of an unfinished revision isn't what it was.
pub fn forward(
    history: &History,
    standing: &Standing,
    target: &[RevisionId],
    server: Server,
) -> Result<Vec<Job>, Vec<Diagnostic>> {
    // The revision still counts as applied, so that nothing may be missing. What is in doubt is settled first: it may not
    // have happened.
    if let Some(open) = standing.unfinished.as_ref().filter(|open| open.doubtful.is_none()) {
        resumed(open, Direction::Up).map_err(|problem| vec![problem])?;
    }
    let mut walk = Walk::begin(history, standing, server, Direction::Up)?;
    let (mut applied, mut position) = (standing.applied.clone(), standing.position.clone());
    let mut promised = None;
    for link in history.missing(target, &standing.applied) {
        let needs: Vec<RevisionId> = history.needs(link.revision.id).map(|of| of.revision.id).collect();
        let is_next = needs == position;
        walk.over(link, steps(history, link, &applied, is_next)?)?;
        applied.insert(link.revision.id);
        position = if is_next { vec![link.revision.id] } else { history.tips(&applied) };
        promised = is_next.then_some(link.revision.to);
    }
    if promised.is_some_and(|state| state != snapshot::hash(&walk.state)) {
        // One hash tells of all revisions on the way, since an edited step shows in every state behind it; which it is
        // takes a hash for each.
        let faults = history.verify();
        if !faults.is_empty() {
            return Err(faults);
        }
    }
    walk.end()
}

/// The jobs that bring a database back to the target, in order: each undoes a revision that is applied. What an
/// unfinished `apply` left of another one is for [`undo`]; a rollback that is unfinished goes on where it stopped.
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
    let (mut applied, mut position) = (standing.applied.clone(), standing.position.clone());
    for link in history.surplus(target, &standing.applied) {
        applied.remove(&link.revision.id);
        let is_last = position == [link.revision.id];
        walk.over(link, steps(history, link, &applied, is_last)?)?;
        let mut needs = history.needs(link.revision.id).map(|of| of.revision.id);
        position = match (is_last, needs.next(), needs.next()) {
            (true, needed, None) => needed.into_iter().collect(),
            (true, _, Some(_)) | (false, ..) => history.tips(&applied),
        };
    }
    walk.end()
}

/// The steps of a revision between a database that has these revisions and one that has it as well; its own where it is
/// alone with what it builds on.
fn steps<'h>(
    history: &'h History,
    link: &'h Link,
    applied: &BTreeSet<RevisionId>,
    is_alone: bool,
) -> Result<Cow<'h, [Step]>, Vec<Diagnostic>> {
    match is_alone {
        true => Ok(Cow::Borrowed(&link.revision.steps)),
        false => history.steps_on(link, applied).map_err(|problem| vec![problem]),
    }
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
        let earlier = history.earlier_at(&standing.position);
        let lowering = Lowering::new(&state, server.dialect, server.version).behind(earlier);
        Ok(Self { standing, server, direction, state, lowering, jobs: Vec::new(), problems: Vec::new() })
    }

    /// Adds the job of the next revision, with its steps as they come to on this database.
    fn over(&mut self, link: &Link, steps: Cow<'_, [Step]>) -> Result<(), Vec<Diagnostic>> {
        let direction = self.direction;
        let done = match &self.standing.unfinished {
            Some(open) if is(open, link) => resumed(open, direction).map_err(|problem| vec![problem])?,
            Some(_) | None => Resumed::default(),
        };
        let environment = self.standing.environment_of(link.revision.id);
        let lowered = self.lowering.revision(&steps, Site::In(environment), direction);
        let start = self.state.clone();
        replay(&steps, &mut self.state, direction)?;
        let reaches = match (&steps, direction) {
            (Cow::Borrowed(_), Direction::Up) => link.revision.to,
            (Cow::Borrowed(_), Direction::Down) => link.revision.from,
            (Cow::Owned(_), _) => snapshot::hash(&self.state),
        };
        match lowered {
            Ok(segments) => {
                if let Some(open) = self.standing.unfinished.as_ref().filter(|open| is(open, link)) {
                    same(open, direction, &segments, self.server).map_err(|problem| vec![problem])?;
                }
                let work = (steps.into_owned(), start);
                let place = (reference(link), environment.cloned());
                self.jobs.push(job(place, direction, segments, done, reaches, work));
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
    let reaches = snapshot::hash(&before);
    let steps = history.steps_on(link, &standing.applied).map_err(|problem| vec![problem])?.into_owned();
    let mut start = before;
    change::replay(&mut start, change::ops(&steps)).map_err(|(_, why)| {
        vec![Diagnostic::error(&plan::errors::E505, why.to_string()).help("run `schemactl verify`")]
    })?;
    let place = (reference(link), standing.environment_of(link.revision.id).cloned());
    Ok(Some(job(place, Direction::Down, segments, resumed, reaches, (steps, start))))
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

/// E726: what is unfinished has to be finished first.
#[must_use]
pub fn finish_first(open: &Unfinished) -> Diagnostic {
    let command = match open.direction {
        Direction::Up => "apply",
        Direction::Down => "rollback",
    };
    let message = format!("the {command} of `{}` is unfinished", open.revision.name);
    Diagnostic::error(&E726, message).help(format!("finish it first: `schemactl {command}`"))
}

/// # Errors
/// E726: it was going the other way.
fn resumed(open: &Unfinished, direction: Direction) -> Result<Resumed, Diagnostic> {
    if open.direction != direction {
        return Err(finish_first(open));
    }
    let done = open.done.iter().filter(|place| place.direction == direction && open.is_done(**place)).count();
    Ok(Resumed { done, in_doubt: open.doubtful.is_some() })
}

fn job(
    (revision, environment): (RevisionRef, Option<Name>),
    direction: Direction,
    segments: Vec<Segment>,
    Resumed { done, in_doubt }: Resumed,
    reaches: StateHash,
    (steps, start): (Vec<Step>, State),
) -> Job {
    Job { revision, environment, direction, segments, done, in_doubt, reaches, steps, start }
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
