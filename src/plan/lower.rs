//! Steps become segments.

use super::errors::E505;
use super::{Direction, HookTask, Segment, Task, Work};
use crate::change::{Down, Earlier, Expectation, Hook, Op, Script, Seen, Site, Step, undone};
use crate::diagnostic::Diagnostic;
use crate::dialect::{Action, Batch, Dialect, Hazard, Transaction, Version};
use crate::model::State;

/// What a runner does for a revision's steps on a database of this dialect and version. `start` is the state
/// that the database is in: the revision's `from` on the way up, its `to` on the way down.
///
/// # Errors
/// Everything that keeps the steps from running: hooks that are not written or can't be undone, operations that
/// the dialect has no way to do.
pub fn lower(
    steps: &[Step],
    start: &State,
    direction: Direction,
    dialect: &dyn Dialect,
    version: Version,
) -> Result<Vec<Segment>, Vec<Diagnostic>> {
    Lowering::new(start, dialect, version).revision(steps, Site::Any, direction)
}

/// The steps with their places, as they run: on the way down backwards, each operation as its inverse.
pub(super) fn in_direction(steps: &[Step], direction: Direction) -> Vec<(usize, Step)> {
    match direction {
        Direction::Up => steps.iter().cloned().enumerate().collect(),
        Direction::Down => undone(steps),
    }
}

/// Lowers revisions that follow each other. What the dialect sees of the state goes along from one to the next,
/// so that a long chain costs what its steps cost, however large the schema is.
pub struct Lowering<'a> {
    dialect: &'a dyn Dialect,
    version: Version,
    /// The state so far, with the rows of all environments.
    seen: Seen,
    work: Vec<Work>,
    problems: Vec<Diagnostic>,
}

impl<'a> Lowering<'a> {
    /// Begins with the state that the database is in.
    #[must_use]
    pub fn new(start: &State, dialect: &'a dyn Dialect, version: Version) -> Self {
        let seen = Seen::new(start, dialect.name());
        Self { dialect, version, seen, work: Vec::new(), problems: Vec::new() }
    }

    /// As [`new`](Self::new), behind operations after which columns are not what they were.
    #[must_use]
    pub fn behind(self, earlier: Earlier) -> Self {
        Self { seen: self.seen.behind(earlier), ..self }
    }

    /// Lowers the steps of the next revision as they run there. After an error the state is not known any more.
    ///
    /// # Errors
    /// Those of [`lower`].
    pub fn revision(
        &mut self,
        steps: &[Step],
        site: Site<'_>,
        direction: Direction,
    ) -> Result<Vec<Segment>, Vec<Diagnostic>> {
        let mut run: Vec<(usize, Op)> = Vec::new();
        for (index, step) in in_direction(steps, direction) {
            match step {
                Step::Op(op) => run.push((index, op)),
                Step::Hook(hook) => {
                    self.batch(std::mem::take(&mut run), site);
                    self.hook(index, &site.hook(&hook), direction);
                }
            }
        }
        self.batch(run, site);
        let work = std::mem::take(&mut self.work);
        let problems = std::mem::take(&mut self.problems);
        if problems.is_empty() { Ok(segments(work)) } else { Err(problems) }
    }

    /// Lowers operations between two hooks.
    fn batch(&mut self, run: Vec<(usize, Op)>, site: Site<'_>) {
        let before = self.seen.state().clone();
        let (mut places, mut ops) = (Vec::new(), Vec::new());
        for (place, op) in run {
            match self.seen.follow(&op) {
                Ok(seen) => {
                    let seen: Vec<Op> = seen.into_iter().filter_map(|op| site.op(op)).collect();
                    places.extend(seen.iter().map(|_| place));
                    ops.extend(seen);
                }
                Err(error) => {
                    let message = format!("step {} ({}) does not fit: {error}", place + 1, op.describe());
                    self.problems.push(Diagnostic::error(&E505, message).help("run `schemactl verify`"));
                    return;
                }
            }
        }
        if ops.is_empty() {
            return;
        }
        let batch = Batch {
            before: &site.state(&before),
            ops: &ops,
            after: &site.state(self.seen.state()),
            earlier: self.seen.earlier(),
        };
        match self.dialect.render(batch, self.version) {
            Ok(actions) => self.work.extend(actions.into_iter().map(|action| work(action, &places))),
            Err(problems) => self.problems.extend(problems),
        }
    }

    /// What the dialect takes for something else than what the hook surely means. What is written for it alone is
    /// meant as it is.
    fn misread(&self, hook: &Hook, direction: Direction) -> Option<Diagnostic> {
        let name = self.dialect.name();
        let script = match (direction, &hook.down) {
            (Direction::Up, _) => Some(&hook.up),
            (Direction::Down, Down::Script(script)) => Some(script),
            (Direction::Down, Down::Irreversible { .. }) => None,
        };
        let script = script.and_then(|script| match script {
            Script::Text(text) => Some(&text.sql),
            Script::Nothing | Script::Unfilled => None,
        });
        let checks: [&[Expectation]; 2] = match direction {
            Direction::Up => [&hook.before, &hook.expect],
            Direction::Down => [&hook.after, &[]],
        };
        let checks = checks.into_iter().flatten().map(|check| &check.query);
        let mut shared = script.into_iter().chain(checks).filter(|text| !text.overrides.contains_key(&name));
        shared.find_map(|text| self.dialect.misread(&format!("hook `{}`", hook.name), &text.common))
    }

    fn hook(&mut self, place: usize, hook: &Hook, direction: Direction) {
        match HookTask::new(hook, direction, &self.dialect.name(), self.dialect.rules()) {
            Ok(Some(task)) => {
                self.problems.extend(self.misread(hook, direction));
                self.work.push(Work { steps: vec![place], hazards: Vec::new(), task: Task::Hook(task) })
            }
            Ok(None) => {}
            Err(problem) => self.problems.push(problem),
        }
    }
}

/// An action with the places of its operations in the revision instead of in the batch.
fn work(action: Action, places: &[usize]) -> Work {
    let steps = |ops: &[usize]| ops.iter().filter_map(|op| places.get(*op).copied()).collect();
    let hazards = |of: &[(usize, Hazard)]| {
        of.iter().filter_map(|(op, hazard)| Some((*places.get(*op)?, *hazard))).collect()
    };
    match action {
        Action::Statement(statement) => Work {
            steps: steps(&statement.ops),
            hazards: hazards(&statement.hazards),
            task: Task::Statement(statement),
        },
        Action::Rebuild(rebuild) => {
            Work { steps: steps(&rebuild.ops), hazards: Vec::new(), task: Task::Rebuild(rebuild) }
        }
    }
}

/// Splits work where a statement can't share a transaction, or what follows needs its commit.
fn segments(work: Vec<Work>) -> Vec<Segment> {
    let mut segments: Vec<Segment> = Vec::new();
    let mut open = false;
    for work in work {
        let transaction = match &work.task {
            Task::Statement(statement) => statement.transaction,
            Task::Rebuild(_) | Task::Hook(_) => Transaction::Inside,
        };
        let transactional = transaction != Transaction::Outside;
        match segments.last_mut().filter(|_| open && transactional) {
            Some(segment) => segment.work.push(work),
            None => segments.push(Segment { transactional, work: vec![work] }),
        }
        open = matches!(transaction, Transaction::Inside | Transaction::Unguarded);
    }
    segments
}
