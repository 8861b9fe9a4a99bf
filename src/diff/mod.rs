//! The operations that lead from one state to another, in an order that works. Renames are taken from what the
//! plan was told, never guessed; what looks like one becomes a question.

mod cells;
mod condense;
mod conversion;
mod dependent;
mod follow;
mod lineage;
mod member;
pub mod merge;
mod object;
mod question;
mod rename;
mod row;

use crate::change::{Cycle, Op, TableEdit, order};
use crate::model::{Rename, State, Table};
use crate::name::ObjectName;

pub use cells::has_cells;
pub use condense::{condense, renames};
pub use conversion::{Fate, Replacement, Retyped, replace, retyped};
pub use lineage::Lineage;
pub use question::{Question, questions};
pub use rename::RenameError;

/// Why two states have no operations between them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DiffError {
    /// A rename that can't be.
    #[error(transparent)]
    Rename(#[from] RenameError),
    /// The changes wait for each other.
    #[error(transparent)]
    Order(#[from] Cycle),
    /// A table can't become limited to another dialect, since its rows would have to go with it.
    #[error("table `{0}` can't be limited to other dialects than before")]
    Limit(ObjectName),
}

/// The operations that lead from one state to another, ordered; nothing when they are equal. What is not
/// renamed is dropped and created.
///
/// # Errors
/// See [`DiffError`].
pub fn diff(from: &State, to: &State, renames: &[Rename]) -> Result<Vec<Op>, DiffError> {
    let (renamed, _) = rename::settle(from, to, renames)?;
    let mut ops = dependent::drops(from, &renamed);
    let mut standing = from.clone();
    for op in &ops {
        match op {
            Op::View(edit) => drop(standing.views.remove(edit.key())),
            Op::Object(edit) => drop(standing.objects.remove(edit.key())),
            _ => {}
        }
    }
    ops = order(ops, from, &standing)?;
    let (renamed, mut middle) = rename::settle(&standing, to, renames)?;
    let following = follow::edits(&middle, to, &renamed);
    for op in &following {
        op.apply(&mut middle).map_err(|why| RenameError::Followed(Box::new(why)))?;
    }
    ops.extend(renamed);
    ops.extend(following);
    ops.extend(order(changes(&middle, to)?, &middle, to)?);
    Ok(ops)
}

/// The renames that still lead from one state to the other, in their order.
#[must_use]
pub fn usable(from: &State, to: &State, renames: &[Rename]) -> Vec<Rename> {
    let mut kept: Vec<Rename> = Vec::new();
    for rename in renames {
        kept.push(rename.clone());
        if diff(from, to, &kept).is_err() {
            kept.pop();
        }
    }
    kept
}

/// The renames as operations, and the state with the names after them.
///
/// # Errors
/// A rename that can't be.
pub fn renamed(from: &State, to: &State, renames: &[Rename]) -> Result<(Vec<Op>, State), RenameError> {
    rename::settle(from, to, renames)
}

/// The operations between two states whose things go by the same names, in no particular order.
///
/// # Errors
/// A table becomes limited to other dialects.
pub fn changes(from: &State, to: &State) -> Result<Vec<Op>, DiffError> {
    let mut ops = Vec::new();
    ops.extend(object::compare(&from.namespaces, &to.namespaces).map(Op::Namespace));
    ops.extend(object::compare(&from.enums, &to.enums).flat_map(object::split_enum).map(Op::Enum));
    ops.extend(object::compare(&from.views, &to.views).map(Op::View));
    ops.extend(object::compare(&from.objects, &to.objects).map(Op::Object));
    for table in &to.tables {
        match from.tables.get(&table.name) {
            Some(before) => changed(before, table, &mut ops)?,
            None => ops.push(Op::Table(TableEdit::Create(Box::new(table.clone())))),
        }
    }
    let gone = from.tables.iter().filter(|table| !to.tables.contains(&table.name));
    ops.extend(gone.map(|table| Op::Table(TableEdit::Drop(Box::new(table.clone())))));
    row::compare(from, to, &mut ops);
    Ok(ops)
}

/// The operations between two versions of a table.
fn changed(from: &Table, to: &Table, ops: &mut Vec<Op>) -> Result<(), DiffError> {
    if from == to {
        return Ok(());
    }
    let Table { name, settings, columns, primary_key, uniques, foreign_keys, checks, indexes } = to;
    if from.settings.only != settings.only {
        return Err(DiffError::Limit(name.clone()));
    }
    let table = || name.clone();
    if from.settings != *settings {
        let (from, to) = (Box::new(from.settings.clone()), Box::new(settings.clone()));
        ops.push(Op::Table(TableEdit::Alter { table: table(), from, to }));
    }
    ops.extend(object::compare(&from.columns, columns).map(|edit| Op::Column { table: table(), edit }));
    ops.extend(
        member::primary_key(from.primary_key.as_ref(), primary_key.as_ref())
            .map(|edit| Op::PrimaryKey { table: table(), edit }),
    );
    ops.extend(member::compare(&from.uniques, uniques).map(|edit| Op::Unique { table: table(), edit }));
    ops.extend(
        member::compare(&from.foreign_keys, foreign_keys).map(|edit| Op::ForeignKey { table: table(), edit }),
    );
    ops.extend(member::compare(&from.checks, checks).map(|edit| Op::Check { table: table(), edit }));
    ops.extend(member::compare(&from.indexes, indexes).map(|edit| Op::Index { table: table(), edit }));
    Ok(())
}

#[cfg(test)]
mod tests;
