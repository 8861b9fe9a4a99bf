//! The SQL of a revision's steps on a dialect, in both directions, as a script that a person can read or run.

use std::fmt::Write;

use serde_json::{Value, json};

use crate::change::{Down, Hook, Script, Step};
use crate::diagnostic::Diagnostic;
use crate::dialect::{Dialect, Offline, Transaction, Version};
use crate::model::State;
use crate::plan::{Direction, Segment, Task, lower};

/// A dialect, and the version of the product that is to understand it.
pub(crate) type Server = (&'static dyn Dialect, Version);

/// What a dialect does for steps, in both directions.
pub(crate) struct Lowered {
    /// The word for the database: the dialect's name, unless another product speaks it too.
    pub(crate) dialect: String,
    /// How its client reads statements.
    offline: &'static dyn Offline,
    /// What `apply` does.
    pub(crate) up: Vec<Segment>,
    /// What `rollback` does, or why it can't.
    pub(crate) down: Result<Vec<Segment>, Vec<Diagnostic>>,
}

/// Renders the steps that lead from one state to another. Hooks that are not written yet count as empty here: whether
/// a revision can run is another question than whether a dialect can do its operations.
///
/// # Errors
/// What the dialect can't do.
pub(crate) fn render(
    steps: &[Step],
    from: &State,
    to: &State,
    (dialect, version): Server,
) -> Result<Lowered, Vec<Diagnostic>> {
    let steps: Vec<Step> = steps.iter().cloned().map(written).collect();
    let up = lower(&steps, from, Direction::Up, dialect, version)?;
    let is_final = |step: &Step| matches!(step, Step::Hook(Hook { down: Down::Irreversible { .. }, .. }));
    let down = lower(&steps, to, Direction::Down, dialect, version);
    match down {
        // A hook that can't be undone is a decision of its author's; anything else is a fault.
        Err(problems) if !steps.iter().any(is_final) => Err(problems),
        down => {
            let word = version.product.word().to_owned();
            Ok(Lowered { dialect: word, offline: dialect.offline(), up, down })
        }
    }
}

/// A step with nothing where something is still to be written.
fn written(step: Step) -> Step {
    match step {
        Step::Op(op) => Step::Op(op),
        Step::Hook(mut hook) => {
            let empty = |script: Script| if script == Script::Unfilled { Script::Nothing } else { script };
            hook.up = empty(hook.up);
            if let Down::Script(script) = hook.down {
                hook.down = Down::Script(empty(script));
            }
            Step::Hook(hook)
        }
    }
}

/// Both directions as a script.
pub(crate) fn text(lowered: &Lowered) -> String {
    let Lowered { dialect, offline, up, down } = lowered;
    let mut out = format!("-- {dialect}: apply\n{}", script(up, *offline));
    let _ = writeln!(out, "\n-- {dialect}: rollback");
    match down {
        Ok(down) => out.push_str(&script(down, *offline)),
        Err(problems) => {
            for problem in problems {
                let _ = writeln!(out, "-- {}", problem.message);
            }
        }
    }
    out
}

/// Both directions as JSON: lists of segments, each with its statements.
pub(crate) fn json(lowered: &Lowered) -> Value {
    let Lowered { dialect, offline: _, up, down } = lowered;
    let segments = |segments: &[Segment]| -> Vec<Value> {
        let segment = |segment: &Segment| {
            let statements: Vec<String> =
                segment.work.iter().flat_map(|work| statements(&work.task)).collect();
            json!({ "transaction": segment.transactional, "statements": statements })
        };
        segments.iter().map(segment).collect()
    };
    let undo = match down {
        Ok(down) => segments(down).into(),
        Err(_) => Value::Null,
    };
    json!({ "dialect": dialect, "up": segments(up), "down": undo })
}

/// The statements that a database of this version gets for each of the steps; those that several share stand at the
/// first.
///
/// # Errors
/// What the dialect can't do.
pub(crate) fn by_step(
    steps: &[Step],
    from: &State,
    dialect: &dyn Dialect,
    version: Version,
) -> Result<Vec<Vec<String>>, Vec<Diagnostic>> {
    let mut by_step = vec![Vec::new(); steps.len()];
    let segments = lower(steps, from, Direction::Up, dialect, version)?;
    for work in segments.iter().flat_map(|segment| &segment.work) {
        if let Some(step) = work.steps.first().and_then(|first| by_step.get_mut(*first)) {
            step.extend(statements(&work.task));
        }
    }
    Ok(by_step)
}

/// All statements of segments, in order.
pub(crate) fn flat(segments: &[Segment]) -> Vec<String> {
    let work = segments.iter().flat_map(|segment| &segment.work);
    work.flat_map(|work| statements(&work.task)).collect()
}

/// Segments as a script, with the transactions that the runner opens. Foreign keys are switched off where the runner
/// does so.
pub(crate) fn script(segments: &[Segment], offline: &dyn Offline) -> String {
    let mut out = String::new();
    for Segment { transactional, work } in segments {
        let unguarded = work.iter().any(|work| is_unguarded(&work.task));
        let (before, after) = match (transactional, unguarded) {
            (false, _) => ("", ""),
            (true, false) => ("BEGIN;\n", "COMMIT;\n"),
            (true, true) => ("PRAGMA foreign_keys = OFF;\nBEGIN;\n", "COMMIT;\nPRAGMA foreign_keys = ON;\n"),
        };
        out.push_str(before);
        for work in work {
            if let Task::Hook(hook) = &work.task {
                let _ = writeln!(out, "-- hook {}", hook.name);
            }
            for statement in statements(&work.task) {
                out.push_str(&offline.statement(&statement));
            }
        }
        out.push_str(after);
    }
    if out.is_empty() { "-- nothing to do\n".to_owned() } else { out }
}

/// The statements that lead from one state to another, without transactions around them.
///
/// # Errors
/// What the dialect can't do.
pub(crate) fn plain(
    steps: &[Step],
    from: &State,
    (dialect, version): Server,
) -> Result<String, Vec<Diagnostic>> {
    let segments = lower(steps, from, Direction::Up, dialect, version)?;
    Ok(flat(&segments).iter().map(|statement| dialect.offline().statement(statement)).collect())
}

fn is_unguarded(task: &Task) -> bool {
    match task {
        Task::Rebuild(_) => true,
        Task::Statement(statement) => statement.transaction == Transaction::Unguarded,
        Task::Hook(_) => false,
    }
}

fn statements(task: &Task) -> Vec<String> {
    match task {
        Task::Statement(statement) => vec![statement.sql.clone()],
        Task::Hook(hook) => hook.statements.clone(),
        Task::Rebuild(rebuild) => rebuild.statements(),
    }
}
