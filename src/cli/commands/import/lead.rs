//! The operations between two states that were read from a database one after the other, proven to lead there and back.

use std::collections::BTreeSet;

use crate::change::{Op, replay};
use crate::dialect::Dialect;
use crate::diff::{self, DiffError};
use crate::model::{Column, PerDialect, Rename, State, Table};
use crate::name::ObjectName;

/// What leads from one state to the next.
pub(super) struct Steps {
    /// The operations.
    pub(super) ops: Vec<Op>,
    /// Statements behind them that let numbers go on.
    pub(super) behind: Vec<String>,
}

/// Finds them, taking those of the renames that fit.
///
/// # Errors
/// Why there are none, in words.
pub(super) fn lead(
    from: &State,
    to: &State,
    renames: &[Rename],
    dialect: &dyn Dialect,
) -> Result<Steps, String> {
    // What numbers a column and goes on as an object of its own, or the other way round, can't be there twice: the column
    // lets go of it first.
    let (bare, freed) = unnumbered(from, to, dialect);
    let (plain, _) = unnumbered(to, from, dialect);
    let found = diff::usable(&bare, &plain, renames);
    let between = |from: &State, to: &State, renames: &[Rename]| diff::diff(from, to, renames);
    let ops = [between(from, &bare, &[]), between(&bare, &plain, &found), between(&plain, to, &[])];
    let ops: Result<Vec<Vec<Op>>, DiffError> = ops.into_iter().collect();
    let ops = ops.map_err(|error| error.to_string())?.concat();
    let mut state = from.clone();
    replay(&mut state, &ops).map_err(|(_, error)| error.to_string())?;
    let leads = state == *to;
    let inverse: Vec<Op> = ops.iter().rev().cloned().map(Op::inverse).collect();
    if !leads || replay(&mut state, &inverse).is_err() || state != *from {
        return Err("its operations don't lead there and back".to_owned());
    }
    let behind = freed.iter().flat_map(|sequence| renumbered(sequence, to, dialect)).collect();
    Ok(Steps { ops, behind })
}

/// A state in which no column brings along what the other state has as an object, and which objects those are.
fn unnumbered(state: &State, other: &State, dialect: &dyn Dialect) -> (State, BTreeSet<ObjectName>) {
    let (mut bare, mut freed) = (state.clone(), BTreeSet::new());
    for table in &state.tables {
        let is_taken = |column: &&Column| {
            dialect.numbering(&table.name, column).is_some_and(|sequence| other.objects.contains(&sequence))
        };
        let taken: Vec<&Column> = table.columns.iter().filter(is_taken).collect();
        for column in taken {
            freed.extend(dialect.numbering(&table.name, column));
            let columns = bare.tables.get_mut(&table.name).map(|table| &mut table.columns);
            if let Some(column) = columns.and_then(|columns| columns.get_mut(&column.name)) {
                column.identity = None;
                column.default = PerDialect::same(None);
            }
        }
    }
    (bare, freed)
}

/// The statements that let a sequence go on behind the rows of the columns that take their numbers from it.
fn renumbered(sequence: &ObjectName, state: &State, dialect: &dyn Dialect) -> Vec<String> {
    let takes = |column: &Column| {
        let default = column.default.get(&dialect.name());
        default.as_ref().is_some_and(|value| format!("{value:?}").contains(sequence.name.as_str()))
    };
    let of_table = |table: &Table| {
        let columns = table.columns.iter().filter(|column| takes(column));
        columns.filter_map(|column| dialect.renumber(sequence, &table.name, &column.name)).collect::<Vec<_>>()
    };
    state.tables.iter().flat_map(of_table).collect()
}
