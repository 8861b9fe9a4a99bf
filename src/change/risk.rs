//! What can happen to data at each step of a row, seen among the others: a table that the row makes has no rows yet,
//! and a text that only follows a rename asks for nothing new.

use std::collections::BTreeSet;

use super::{Down, Edit, Hook, Loss, Op, Renames, Script, Step, TableEdit, ops};
use crate::model::{Check, Index, IndexKey, KeyPart};
use crate::name::ObjectName;

/// What can happen to data at each of these steps, in the order in which they run. What a hook does is its author's, but
/// for one that a plan wrote, as long as nobody gave it a way back.
#[must_use]
pub fn risks(steps: &[Step]) -> Vec<Loss> {
    let new: BTreeSet<&ObjectName> = ops(steps).filter_map(created).collect();
    let risk = |step: &Step| match step {
        Step::Hook(hook) => forgotten(hook, steps),
        Step::Op(op) => match op.loss() {
            Loss::MayFail(_) if op.table().is_some_and(|table| new.contains(table)) => Loss::Nothing,
            Loss::MayFail(_) if follows(op, steps) => Loss::Nothing,
            loss => loss,
        },
    };
    steps.iter().map(risk).collect()
}

/// Where a hook gives rows another value than the one that an enum loses, nobody knows afterwards which they were.
fn forgotten(hook: &Hook, steps: &[Step]) -> Loss {
    let values = ops(steps).flat_map(|op| match op {
        Op::Enum(Edit::Alter { from, to }) => from
            .values
            .iter()
            .filter(|value| !to.values.contains(*value))
            .map(|value| (&to.name, value))
            .collect(),
        _ => Vec::new(),
    });
    let mut values = values.filter(|_| hook.down == Down::Script(Script::Nothing));
    let replaced = values.find(|(of, value)| hook.name == Hook::replacing(of, value, hook.only.as_ref()));
    replaced.map_or(Loss::Nothing, |(_, value)| Loss::Loses(format!("which rows had `{value}`")))
}

/// What can happen to rows that are there by then when the steps are undone; that what they added goes is no surprise.
#[must_use]
pub fn risks_of_undo(steps: &[Step]) -> Vec<Loss> {
    let back: Vec<Step> = undone(steps).into_iter().map(|(_, step)| step).collect();
    let is_told = |at: usize, risk: &Loss| match (risk, &back[at]) {
        (Loss::MayFail(_), Step::Op(op)) => !is_filled(op, &back[..at]),
        (Loss::Loses(_), Step::Op(Op::Column { edit: Edit::Alter { .. }, .. })) => true,
        (Loss::MayFail(_) | Loss::Loses(_) | Loss::Nothing, _) => false,
    };
    let risks = risks(&back).into_iter().enumerate();
    risks.filter(|(at, risk)| is_told(*at, risk)).map(|(_, risk)| risk).collect()
}

/// The steps as they are undone, each operation as its inverse, with their places in the revision.
#[must_use]
pub fn undone(steps: &[Step]) -> Vec<(usize, Step)> {
    let inverse = |step: &Step| match step {
        Step::Op(op) => Step::Op(op.clone().inverse()),
        Step::Hook(hook) => Step::Hook(hook.clone()),
    };
    steps.iter().enumerate().rev().map(|(place, step)| (place, inverse(step))).collect()
}

/// Whether a column that becomes required came back in one of the steps before, with a hook behind it that fills it on
/// the way back.
fn is_filled(op: &Op, before: &[Step]) -> bool {
    let Op::Column { table, edit: Edit::Alter { to, .. } } = op else { return false };
    let came = before.iter().position(|step| match step {
        Step::Op(Op::Column { table: of, edit: Edit::Create(column) }) => {
            of == table && column.name == to.name
        }
        Step::Op(_) | Step::Hook(_) => false,
    });
    let fills = |step: &Step| match step {
        Step::Hook(hook) => hook.down != Down::Script(Script::Nothing),
        Step::Op(_) => false,
    };
    came.is_some_and(|came| before[came..].iter().any(fills))
}

fn created(op: &Op) -> Option<&ObjectName> {
    match op {
        Op::Table(TableEdit::Create(table)) => Some(&table.name),
        _ => None,
    }
}

/// Whether an operation says again what held before, in the names that the renames of the row give.
fn follows(op: &Op, steps: &[Step]) -> bool {
    match op {
        Op::Check { table, edit: Edit::Alter { from, to } } => {
            let Check { name: _, only, expression, options } = &**from;
            *only == to.only
                && *options == to.options
                && Renames::around(table, steps).explain(expression, &to.expression)
        }
        Op::Index { table, edit: Edit::Alter { from, to } } => {
            explains_index(&Renames::around(table, steps), from, to)
        }
        _ => false,
    }
}

fn explains_index(renames: &Renames<'_>, from: &Index, to: &Index) -> bool {
    let predicates = match (&from.predicate, &to.predicate) {
        (None, None) => true,
        (Some(from), Some(to)) => renames.explain(from, to),
        (None, Some(_)) | (Some(_), None) => false,
    };
    let key = |(from, to): (&IndexKey, &IndexKey)| match (&from.on, &to.on) {
        (KeyPart::Expression(from), KeyPart::Expression(to)) => renames.explain(from, to),
        (from, to) => from == to,
    };
    predicates
        && from.only == to.only
        && from.nulls_not_distinct == to.nulls_not_distinct
        && from.keys.len() == to.keys.len()
        && from.keys.iter().zip(&to.keys).all(key)
}
