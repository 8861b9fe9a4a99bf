//! Runs revisions on a database, one after the other: each in as few transactions as the database allows, the
//! journal's row in the last of them, so that the journal never claims what did not happen.

mod carried;
mod event;
mod execute;
mod failure;
mod hook;
mod outside;
mod retry;
pub mod script;
mod spare;
mod work;

pub use event::Event;
pub use execute::Runner;
pub use failure::{At, Failure, Stopped};
pub use retry::Patience;
pub(super) use work::text_of;

use std::collections::{BTreeMap, BTreeSet};

use crate::change::{Op, Step, ops};
use crate::diagnostic::Diagnostic;
use crate::dialect::Transaction;
use crate::hash::StateHash;
use crate::model::{State, is_within};
use crate::name::{Name, ObjectName};
use crate::plan::{Direction, HookTask, Segment, Task, Values, Work, hooks};
use crate::runner::errors::E721;
use crate::runner::journal::RevisionRef;
use crate::sql::Rules;

/// How much of a statement a message shows, in characters.
const SHOWN_MAX: usize = 60;

/// A revision to run in one direction.
#[derive(Debug, Clone)]
pub struct Job {
    /// Which revision, as the journal pins it.
    pub revision: RevisionRef,
    /// The environment that it runs in, if any.
    pub environment: Option<Name>,
    /// Which way.
    pub direction: Direction,
    /// The work, lowered for the database's dialect and version.
    pub segments: Vec<Segment>,
    /// How many of the segments an earlier run has done.
    pub done: usize,
    /// Whether the next segment was begun by a run that ended before it could say what became of it.
    pub in_doubt: bool,
    /// The state that the database is in afterwards.
    pub reaches: StateHash,
    /// The steps that the work is of, in the order of the revision: its own, or what they come to on a database that
    /// has other branches as well.
    pub steps: Vec<Step>,
    /// The state that they begin in, or end in on the way down.
    pub start: State,
}

impl Job {
    /// The hooks among what is left that are for other environments, with those.
    #[must_use]
    pub fn left_out(&self) -> Vec<&HookTask> {
        let is_left_out = |hook: &&HookTask| !is_within(&hook.only_env, self.environment.as_ref());
        hooks(self.segments.iter().skip(self.done)).filter(is_left_out).collect()
    }

    /// The reference rows that are for other environments: of each table how many, and for which.
    #[must_use]
    pub fn rows_left_out(&self) -> BTreeMap<&ObjectName, (usize, BTreeSet<&Name>)> {
        let mut left_out: BTreeMap<&ObjectName, (BTreeSet<String>, BTreeSet<&Name>)> = BTreeMap::new();
        for op in ops(&self.steps) {
            let Op::Row { table, key: _, edit } = op else { continue };
            if !edit.is_for(self.environment.as_ref()) {
                let (rows, names) = left_out.entry(table).or_default();
                rows.insert(op.subject());
                names.extend(edit.environments());
            }
        }
        left_out.into_iter().map(|(table, (rows, names))| (table, (rows.len(), names))).collect()
    }

    /// The environment that it runs in, where that matters to a step of the revision; `Some(None)` where that is none.
    #[must_use]
    pub fn environment_that_matters(&self) -> Option<Option<&Name>> {
        self.steps.iter().any(Step::is_limited).then_some(self.environment.as_ref())
    }

    /// How many pieces of work are left.
    #[must_use]
    pub fn left(&self) -> usize {
        self.segments.iter().skip(self.done).map(|segment| segment.work.len()).sum()
    }
}

/// The beginning of a statement.
fn shortened(sql: &str) -> String {
    let line = sql.lines().next().unwrap_or_default();
    match line.char_indices().nth(SHOWN_MAX) {
        Some((end, _)) => format!("{} …", line.get(..end).unwrap_or_default()),
        None => line.to_owned(),
    }
}

/// Whether all is there that hooks need: the variables that they use are declared, stand where a value can stand, and have
/// values.
///
/// # Errors
/// E506, E507, E508: what is not as it must be, for each hook.
pub fn have_values(jobs: &[Job], values: &Values, rules: &Rules) -> Result<(), Vec<Diagnostic>> {
    let of_job = |job: &Job| {
        let named = |problem: Diagnostic| Diagnostic {
            message: format!("`{}`: {}", job.revision.name, problem.message),
            ..problem
        };
        let lacking = values.lacking(job.segments.iter().skip(job.done), rules);
        lacking.into_iter().map(named).collect::<Vec<_>>()
    };
    let problems: Vec<Diagnostic> = jobs.iter().flat_map(of_job).collect();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Whether jobs can share one transaction.
///
/// # Errors
/// E721: one can't.
pub fn can_share(jobs: &[Job]) -> Result<(), Diagnostic> {
    let alone = |job: &&Job| job.segments.len() > 1 || job.segments.iter().any(|part| !part.transactional);
    let Some(job) = jobs.iter().find(alone) else { return Ok(()) };
    let outside = |work: &Work| match &work.task {
        Task::Statement(statement) => statement.transaction == Transaction::Outside,
        Task::Rebuild(_) | Task::Hook(_) => false,
    };
    let mut work = job.segments.iter().flat_map(|segment| &segment.work);
    let why = match work.find(|work| outside(work)) {
        Some(work) => format!(": no transaction can hold `{}`", shortened(&work::text(&work.task))),
        None => String::new(),
    };
    let message = format!("`{}` can't share a transaction with others{why}", job.revision.name);
    Err(Diagnostic::error(&E721, message).help("run without `--single-transaction`"))
}
