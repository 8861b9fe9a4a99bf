//! The sequences behind identity columns.

use crate::model::Identity;
use crate::name::{Name, ObjectName};

use super::quote::{ident, object, string};

/// The step.
pub(super) fn increment(identity: &Identity) -> i64 {
    identity.increment.unwrap_or(1)
}

/// Whether the numbers go down.
pub(super) fn descends(identity: &Identity) -> bool {
    increment(identity) < 0
}

/// The first number: given, or the end of the range that the step leads away from.
pub(super) fn start(identity: &Identity) -> i64 {
    identity.start.unwrap_or(if descends(identity) { -1 } else { 1 })
}

/// Moves the sequence past the numbers that the table holds, never backwards.
pub(super) fn advance(table: &ObjectName, column: &Name, identity: &Identity) -> String {
    let (step, start) = (increment(identity), start(identity));
    let (edge, beyond) = if descends(identity) { ("min", "<") } else { ("max", ">") };
    let unused = start.saturating_sub(step);
    let sequence = format!("pg_get_serial_sequence({}, {})", string(&object(table)), string(column.as_str()));
    format!(
        "SELECT setval(used.sequence, used.edge)\n\
         FROM (SELECT {sequence}::regclass AS sequence, {edge}({column}) AS edge FROM {table}) AS used\n\
         WHERE used.edge {beyond} coalesce(pg_sequence_last_value(used.sequence), {unused})",
        column = ident(column),
        table = object(table),
    )
}
