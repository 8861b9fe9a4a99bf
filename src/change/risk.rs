//! What can happen to data at each step of a row, seen among the others: a table that the row makes has no rows yet,
//! and a text that only follows a rename asks for nothing new.

use std::collections::BTreeSet;

use super::{Down, Edit, Loss, Op, Script, Step, TableEdit, ops};
use crate::model::{Check, Index, IndexKey, KeyPart, SqlText};
use crate::name::{Name, ObjectName};
use crate::sql::{Rules, rename_column, rename_table, same_tokens};

/// What can happen to data at each of these steps, in the order in which they run; what a hook does is its author's.
#[must_use]
pub fn risks(steps: &[Step]) -> Vec<Loss> {
    let new: BTreeSet<&ObjectName> = ops(steps).filter_map(created).collect();
    let risk = |step: &Step| match step {
        Step::Hook(_) => Loss::Nothing,
        Step::Op(op) => match op.loss() {
            Loss::MayFail(_) if op.table().is_some_and(|table| new.contains(table)) => Loss::Nothing,
            Loss::MayFail(_) if follows(op, steps) => Loss::Nothing,
            loss => loss,
        },
    };
    steps.iter().map(risk).collect()
}

/// What must hold for the steps to be undone when there are rows by then; that what they added goes is no surprise.
#[must_use]
pub fn conditions_of_undo(steps: &[Step]) -> Vec<String> {
    let back: Vec<Step> = undone(steps).into_iter().map(|(_, step)| step).collect();
    let mut conditions = Vec::new();
    for (at, (step, risk)) in back.iter().zip(risks(&back)).enumerate() {
        match (risk, step) {
            (Loss::MayFail(what), Step::Op(op)) if !is_filled(op, &back[..at]) => conditions.push(what),
            (Loss::Loses(what), Step::Op(Op::Column { edit: Edit::Alter { .. }, .. })) => {
                conditions.push(format!("it loses {what}"));
            }
            (Loss::MayFail(_) | Loss::Loses(_) | Loss::Nothing, _) => {}
        }
    }
    conditions
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
                && Renames::of(table, steps).explain(expression, &to.expression)
        }
        Op::Index { table, edit: Edit::Alter { from, to } } => {
            Renames::of(table, steps).explain_index(from, to)
        }
        _ => false,
    }
}

/// The renames of a table and of its columns, in order.
struct Renames<'o>(Vec<Renamed<'o>>);

enum Renamed<'o> {
    Table(&'o Name, &'o Name),
    Column(&'o ObjectName, &'o Name, &'o Name),
}

impl<'o> Renames<'o> {
    fn of(table: &'o ObjectName, steps: &'o [Step]) -> Self {
        // A rename may come before the text that follows it, as on the way up, or behind it, as on the way back.
        let mut names = BTreeSet::from([table]);
        for op in ops(steps).chain(ops(steps).rev()) {
            if let Op::Table(TableEdit::Rename { from, to }) = op
                && (names.contains(from) || names.contains(to))
            {
                names.extend([from, to]);
            }
        }
        let renamed = |op: &'o Op| match op {
            Op::Table(TableEdit::Rename { from, to }) if names.contains(from) => {
                Some(Renamed::Table(&from.name, &to.name))
            }
            Op::Column { table, edit: Edit::Rename { from, to } } if names.contains(table) => {
                Some(Renamed::Column(table, from, to))
            }
            _ => None,
        };
        Self(ops(steps).filter_map(renamed).collect())
    }

    fn follow(&self, text: &str) -> String {
        self.0.iter().fold(text.to_owned(), |text, renamed| match renamed {
            Renamed::Table(from, to) => rename_table(&text, from.as_str(), to.as_str(), &Rules::STANDARD),
            Renamed::Column(table, from, to) => {
                rename_column(&text, table.name.as_str(), from.as_str(), to.as_str(), &Rules::STANDARD)
            }
        })
    }

    fn explain(&self, from: &SqlText, to: &SqlText) -> bool {
        let says = |from: &str, to: &str| same_tokens(&self.follow(from), to, &Rules::STANDARD);
        from.overrides.len() == to.overrides.len()
            && says(&from.common, &to.common)
            && from
                .overrides
                .iter()
                .all(|(dialect, from)| to.overrides.get(dialect).is_some_and(|to| says(from, to)))
    }

    fn explain_index(&self, from: &Index, to: &Index) -> bool {
        let predicates = match (&from.predicate, &to.predicate) {
            (None, None) => true,
            (Some(from), Some(to)) => self.explain(from, to),
            (None, Some(_)) | (Some(_), None) => false,
        };
        let key = |(from, to): (&IndexKey, &IndexKey)| match (&from.on, &to.on) {
            (KeyPart::Expression(from), KeyPart::Expression(to)) => self.explain(from, to),
            (from, to) => from == to,
        };
        predicates
            && from.only == to.only
            && from.nulls_not_distinct == to.nulls_not_distinct
            && from.keys.len() == to.keys.len()
            && from.keys.iter().zip(&to.keys).all(key)
    }
}
