//! What a run is about to do, shown and taken apart into the operations that somebody has to agree to.

use std::collections::BTreeSet;

use serde_json::json;

use super::context::Context;
use super::cost::Cost;
use super::database::Database;
use super::plan_view::View;
use crate::change::{Down, Op, Script, Step, undone};
use crate::plan::{Direction, effect};
use crate::revision::Link;
use crate::runner::run::Job;
use crate::snapshot;

/// The first event: which revisions are about to run.
pub(super) fn planned(direction: Direction, jobs: &[Job]) -> serde_json::Value {
    let names: Vec<&str> = jobs.iter().map(|job| job.revision.name.as_str()).collect();
    json!({ "event": "planned", "direction": direction, "revisions": names })
}

/// The revision that a job runs.
pub(super) fn link<'d>(database: &'d Database, job: &Job) -> Option<&'d Link> {
    database.history.get(job.revision.id.parse().ok()?)
}

/// The operations that a job runs, in its direction.
pub(super) fn operations(database: &Database, job: &Job) -> Vec<Op> {
    let steps = in_order(database, job).into_iter().map(|(_, step)| step);
    let op = |step: Step| match step {
        Step::Op(op) => Some(op),
        Step::Hook(_) => None,
    };
    steps.filter_map(op).collect()
}

/// The steps that a job runs, with their places in the revision, as they run: of a revision of which a part has run,
/// those that are left.
fn in_order(database: &Database, job: &Job) -> Vec<(usize, Step)> {
    let Some(Link { revision, .. }) = link(database, job) else { return Vec::new() };
    let steps: Vec<(usize, Step)> = match job.direction {
        Direction::Up => job.steps.iter().cloned().enumerate().collect(),
        Direction::Down => undone(&job.steps),
    };
    let is_applied = database.standing.applied.contains(&revision.id);
    let is_whole = job.done == 0 && (job.direction == Direction::Up || is_applied);
    let work = job.segments.iter().skip(job.done).flat_map(|segment| &segment.work);
    let left: BTreeSet<usize> = work.flat_map(|work| &work.steps).copied().collect();
    steps.into_iter().filter(|(place, _)| is_whole || left.contains(place)).collect()
}

/// Shows what is about to run.
pub(super) fn show(context: &mut Context, database: &Database, jobs: &[Job], direction: Direction) {
    let printer = &mut context.printer;
    if printer.is_json() {
        return printer.json(planned(direction, jobs));
    }
    for job in jobs {
        let Some(Link { revision, .. }) = link(database, job) else { continue };
        let steps = in_order(database, job);
        let (places, steps): (Vec<usize>, Vec<Step>) = steps.into_iter().filter(runs(job.direction)).unzip();
        // How often it commits, its end tells.
        let cost = Cost::of(database.session.dialect.name().as_str(), &job.segments);
        let costs = [Cost { commits: 0, ..cost.ordered(&places) }];
        let name = match job.direction {
            Direction::Up => revision.name.to_string(),
            Direction::Down => format!("undo {}", revision.name),
        };
        let (from, to) = match job.direction {
            // With another branch on the database, the revision leads from its state to another one than alone.
            Direction::Up if job.reaches != revision.to => (snapshot::hash(&job.start), job.reaches),
            Direction::Up => (revision.from, revision.to),
            Direction::Down => (revision.to, revision.from),
        };
        let is_summed = job.direction == Direction::Up;
        View { name: &name, from, to, steps: &steps, costs: &costs, is_summed }.print(printer);
    }
    let work = jobs.iter().flat_map(|job| &job.segments).flat_map(|segment| &segment.work);
    if work.clone().any(|work| effect(work).is_some()) {
        let dialect = database.session.dialect.name();
        printer.note(format_args!("on {dialect} each statement that changes the schema commits by itself"));
    }
}

/// Whether a step is shown in a direction: not a hook that has nothing to do on the way back.
fn runs(direction: Direction) -> impl Fn(&(usize, Step)) -> bool {
    move |(_, step)| match step {
        Step::Hook(hook) => direction == Direction::Up || hook.down != Down::Script(Script::Nothing),
        Step::Op(_) => true,
    }
}
