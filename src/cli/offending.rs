//! From what a database refused to the rows that are to blame.

use crate::change::{Op, Step, ops};
use crate::name::DialectName;
use crate::plan::{Contradiction, Direction, Rule, offending_rows};
use crate::runner::connection::ErrorKind;
use crate::runner::run::Failure;

/// The operation that rows contradict, and the query that finds them.
pub(super) fn find(
    failure: &Failure,
    steps: &[Step],
    direction: Direction,
    dialect: &DialectName,
) -> Option<(Op, String)> {
    let error = failure.error.as_ref()?;
    let rule = match error.kind {
        ErrorKind::UniqueViolation => Rule::Unique,
        ErrorKind::NotNull => Rule::NotNull,
        ErrorKind::ForeignKey => Rule::ForeignKey,
        ErrorKind::Check => Rule::Check,
        ErrorKind::Range => Rule::Range,
        _ => return None,
    };
    let served = failure.at.iter().flat_map(|at| &at.steps).filter_map(|step| steps.get(*step));
    let ops: Vec<Op> = ops(served.cloned().collect::<Vec<_>>().as_slice()).cloned().collect();
    let ops: Vec<Op> = match direction {
        Direction::Up => ops,
        Direction::Down => ops.into_iter().map(Op::inverse).collect(),
    };
    let contradiction =
        Contradiction { rule, constraint: error.constraint.as_deref(), columns: &error.columns };
    let (op, query) = offending_rows(&ops.iter().collect::<Vec<_>>(), contradiction, dialect)?;
    Some((op.clone(), query))
}
