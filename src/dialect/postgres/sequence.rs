//! The sequences behind identity columns.

use crate::model::{Column, Identity, IdentityMode};
use crate::name::{DERIVED_BYTES_MAX, Name, ObjectName};

use super::quote::{ident, object, string};
use super::types::PgType;

/// Whether a column is numbered as `serial` is: by a default that takes from a sequence which belongs to it.
pub(super) fn is_serial(column: &Column) -> bool {
    column.identity.is_some_and(|identity| identity.mode == IdentityMode::Serial)
}

/// The name that the server gives to the sequence of a `serial` column: what is too long is cut, the longer of the two
/// first.
pub(super) fn serial_name(table: &str, column: &str) -> String {
    const AROUND: usize = "__seq".len();
    let (mut head, mut tail) = (table.len(), column.len());
    while head + tail + AROUND > DERIVED_BYTES_MAX {
        if head > tail { head -= 1 } else { tail -= 1 }
    }
    let cut = |text: &'_ str, bytes: usize| text[..text.floor_char_boundary(bytes)].to_owned();
    format!("{}_{}_seq", cut(table, head), cut(column, tail))
}

/// The sequence of a `serial` column.
pub(super) fn of_serial(table: &ObjectName, column: &Name) -> ObjectName {
    let name = serial_name(table.name.as_str(), column.as_str());
    // It begins with a table's name and is no longer than one may be.
    table.sibling(
        Name::new(name).unwrap_or_else(|_| Name::derived(&[table.name.as_str(), column.as_str(), "seq"])),
    )
}

/// Creates the sequence of a `serial` column that is there already.
pub(super) fn create_serial(table: &ObjectName, column: &Column) -> String {
    format!(
        "CREATE SEQUENCE {} AS {} OWNED BY {}.{}",
        object(&of_serial(table, &column.name)),
        PgType::of(&column.ty.common).sql(),
        object(table),
        ident(&column.name)
    )
}

/// Gives the sequence of a `serial` column the type that the column has got.
pub(super) fn retype_serial(table: &ObjectName, column: &Column) -> String {
    let sequence = object(&of_serial(table, &column.name));
    format!("ALTER SEQUENCE {sequence} AS {}", PgType::of(&column.ty.common).sql())
}

/// The default that takes from the sequence of a `serial` column.
pub(super) fn next_of_serial(table: &ObjectName, column: &Name) -> String {
    format!("nextval({})", string(&object(&of_serial(table, column))))
}

/// Lets the sequence of a column go on where another one stands.
pub(super) fn take_over(table: &ObjectName, column: &Name, other: &ObjectName) -> String {
    format!(
        "SELECT setval(pg_get_serial_sequence({}, {}), last_value, is_called) FROM {}",
        string(&object(table)),
        string(column.as_str()),
        object(other)
    )
}

/// Lets a sequence go on behind the numbers that a column has; where it has none, the sequence stays where it is.
pub(super) fn renumber(sequence: &ObjectName, table: &ObjectName, column: &Name) -> String {
    let (name, column) = (string(&object(sequence)), ident(column));
    let table = object(table);
    format!("SELECT setval({name}, max({column})) FROM {table} HAVING max({column}) IS NOT NULL")
}

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
