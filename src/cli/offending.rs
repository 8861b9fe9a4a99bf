//! From what a database refused to the rows that are to blame, on the database as the failed run leaves it.

use std::collections::BTreeSet;

use super::database::Database;
use crate::change::{self, Down, Hook, Op, Script, Seen, Step};
use crate::dialect::Rule;
use crate::model::State;
use crate::plan::touched::leave;
use crate::plan::{Direction, Offence, Probe, Refusal, Segment, Undone, effect, offending_rows};
use crate::runner::connection::{Connection, DatabaseError, ErrorKind};
use crate::runner::run::{At, Job, Stopped};

/// What rows contradict.
pub(super) struct Found {
    /// The operations, as they ran.
    pub(super) ops: Vec<Op>,
    /// A query that finds the rows, if there is one for the database as it is.
    pub(super) query: Option<String>,
    /// The hooks that ran before and were undone: the rows may look different without them.
    pub(super) hooks: Vec<String>,
    /// Ways to find out by trying, where there is no query.
    probes: Vec<Probe>,
}

impl Found {
    /// The same with a query for some of the rows, where trying their values finds any. That it can't be tried leaves
    /// the message without a query, and is nothing to tell of.
    pub(super) async fn tried(self, connection: &mut Connection) -> Self {
        if self.query.is_some() {
            return self;
        }
        for probe in &self.probes {
            if let Ok(Some(query)) = rows_of(probe, connection).await {
                return Self { query: Some(query), ..self };
            }
        }
        self
    }
}

async fn rows_of(probe: &Probe, connection: &mut Connection) -> Result<Option<String>, DatabaseError> {
    connection.begin().await?;
    let values = values_of(probe, connection).await;
    connection.rollback().await?;
    let values = values?;
    if values.is_empty() {
        return Ok(None);
    }
    let rules = connection.rules();
    let values: Vec<String> = values.iter().map(|value| rules.literal(value)).collect();
    Ok(Some(format!("{}{})", probe.rows, values.join(", "))))
}

async fn values_of(probe: &Probe, connection: &mut Connection) -> Result<BTreeSet<String>, DatabaseError> {
    for statement in &probe.prepare {
        connection.execute(statement).await?;
    }
    let rows = connection.query(&probe.find).await?;
    Ok(rows.iter().filter_map(|row| row.get(0)).map(str::to_owned).collect())
}

/// The operations that rows contradict, and the query that finds the rows.
pub(super) fn find(
    database: &Database,
    jobs: &[Job],
    stopped: &Stopped,
    direction: Direction,
) -> Option<Found> {
    let error = stopped.failure.error.as_ref()?;
    let rule = match error.kind {
        ErrorKind::UniqueViolation => Rule::Unique,
        ErrorKind::NotNull => Rule::NotNull,
        ErrorKind::ForeignKey => Rule::ForeignKey,
        ErrorKind::Check => Rule::Check,
        ErrorKind::Range | ErrorKind::Format => Rule::Type,
        _ => return None,
    };
    let at = stopped.failure.at.as_deref();
    let refusal = Refusal {
        rule,
        constraint: error.constraint.as_deref(),
        table: error.table.as_deref(),
        columns: &error.columns,
        sql: at.map_or("", |at| &at.sql),
    };
    let run = undone(database, jobs, stopped, direction)?;
    let served = run.served(stopped.at, at);
    let undone = Undone { ops: &run.ops, served: &served, now: &run.now };
    let server = database.server();
    let Offence { ops, query, probes } = offending_rows(refusal, undone, server.dialect, server.version)?;
    let last = ops.last().copied().unwrap_or_default();
    let hooks = run.hooks.into_iter().filter(|(before, _)| *before <= last).map(|(_, name)| name).collect();
    let ops = ops.iter().filter_map(|op| run.ops.get(*op).cloned()).collect();
    Some(Found { ops, query, hooks, probes })
}

/// What was undone, as the dialect sees it.
struct Run {
    /// The state that the database is in.
    now: State,
    /// The operations as they run.
    ops: Vec<Op>,
    /// Of each its job and its step, by index.
    places: Vec<(usize, usize)>,
    /// The hooks with a script, each with how many operations run before it.
    hooks: Vec<(usize, String)>,
}

impl Run {
    /// The operations that a statement served; without one, at the end of a transaction, all of the job.
    fn served(&self, job: usize, at: Option<&At>) -> Vec<usize> {
        let is = |(of, step): &(usize, usize)| *of == job && at.is_none_or(|at| at.steps.contains(step));
        self.places.iter().enumerate().filter(|(_, place)| is(place)).map(|(index, _)| index).collect()
    }
}

/// What didn't commit of the jobs from the first unfinished one to the one that failed.
fn undone(database: &Database, jobs: &[Job], stopped: &Stopped, direction: Direction) -> Option<Run> {
    let dialect = database.server().dialect.name();
    let first = jobs.get(stopped.finished)?;
    let mut seen = Seen::new(&first.start, dialect);
    let (ran, left) = first.segments.split_at((first.done + stopped.segments).min(first.segments.len()));
    let left = places(left);
    let committed: BTreeSet<usize> = places(ran).difference(&left).copied().collect();
    for (index, step) in steps(first, direction) {
        if let Step::Op(op) = step
            && committed.contains(&index)
        {
            seen.pass(&op);
        }
    }
    let mut now = seen.state().clone();
    // Half a step is there as its statements left it.
    let halves = ran.iter().flat_map(|segment| &segment.work);
    let halves = halves.filter(|work| work.steps.iter().any(|step| left.contains(step))).filter_map(effect);
    halves.for_each(|effect| leave(&mut now, effect));
    let mut run = Run { now, ops: Vec::new(), places: Vec::new(), hooks: Vec::new() };
    for (place, job) in jobs.iter().enumerate().take(stopped.at + 1).skip(stopped.finished) {
        for (index, step) in steps(job, direction) {
            if place == stopped.finished && committed.contains(&index) {
                continue;
            }
            match step {
                Step::Op(op) => {
                    for op in seen.pass(&op) {
                        run.ops.push(op);
                        run.places.push((place, index));
                    }
                }
                Step::Hook(hook) => {
                    if moves_rows(&hook, direction) {
                        run.hooks.push((run.ops.len(), hook.name.to_string()));
                    }
                }
            }
        }
    }
    Some(run)
}

/// The steps that segments serve.
fn places(segments: &[Segment]) -> BTreeSet<usize> {
    segments.iter().flat_map(|segment| &segment.work).flat_map(|work| &work.steps).copied().collect()
}

/// The steps of a job as they run, each with its place in the revision.
fn steps(job: &Job, direction: Direction) -> Vec<(usize, Step)> {
    match direction {
        Direction::Up => job.steps.iter().cloned().enumerate().collect(),
        Direction::Down => change::undone(&job.steps),
    }
}

fn moves_rows(hook: &Hook, direction: Direction) -> bool {
    match (direction, &hook.down) {
        (Direction::Up, _) => hook.up != Script::Nothing,
        (Direction::Down, Down::Script(script)) => *script != Script::Nothing,
        (Direction::Down, Down::Irreversible { .. }) => false,
    }
}
