//! Reference rows in columns that are replaced: the new value comes beside the old one before the hook and the old one
//! goes behind it, so that in either direction the state writes these rows and the hook the others.

use std::collections::BTreeSet;

use super::conversion::{Fate, Retyped};
use crate::change::{Op, RowEdit};
use crate::model::{DataSet, Row, State, Value};
use crate::name::{Name, ObjectName};

/// Whether reference rows have values in a column, by which they are not told apart.
#[must_use]
pub fn has_cells(state: &State, table: &ObjectName, column: &Name) -> bool {
    let data = state.data.get(table).filter(|data| !data.key.contains(column));
    data.is_some_and(|data| data.rows.values().any(|row| row.cells.contains_key(column)))
}

/// Takes out the rows that are not there afterwards: on the way back they come last, when everything is as it was for
/// them.
pub(super) fn drop_gone(state: &mut State, to: &State, columns: &[(&Retyped, Fate)]) {
    let names: Vec<ObjectName> = state.data.keys().cloned().collect();
    for name in names {
        let converted = columns.iter().find(|(column, _)| column.table == name);
        let after = converted.map_or(&name, |(column, _)| &column.table_after);
        let Some(data) = state.data.get_mut(&name) else { continue };
        match to.data.get(after) {
            Some(set) if set.key.len() == data.key.len() => {
                data.rows.retain(|position, _| set.rows.contains_key(position));
            }
            None if to.tables.contains(after) => data.rows.clear(),
            // Renamed, or told apart in another way.
            Some(_) | None => {}
        }
        if data.rows.is_empty() {
            state.data.remove(&name);
        }
    }
}

/// Puts the new values beside the old ones. Rows that are told apart by such a column go, and come again with all else
/// that is new.
pub(super) fn add_new(state: &mut State, to: &State, columns: &[(&Retyped, Fate)]) {
    for table in tables(columns) {
        let Some(mut data) = state.data.get(&table).cloned() else { continue };
        let own = || columns.iter().filter(|(column, _)| column.table == table);
        if own().any(|(column, _)| data.key.contains(&column.from.name)) {
            state.data.remove(&table);
            continue;
        }
        for (position, row) in &mut data.rows {
            for (column, fate) in own() {
                let old = &column.from.name;
                match fate {
                    Fate::Dropped => drop(row.cells.remove(old)),
                    Fate::Computed => {
                        let new = new_cell(to, column, position);
                        // NULL is what both columns have of themselves, and what the hook takes for its own.
                        let said = new.filter(|value| **value != Value::Null && row.cells.contains_key(old));
                        let said = said.map(|value| (column.scratch.clone(), value.clone()));
                        if row.cells.get(old) == Some(&Value::Null) {
                            row.cells.remove(old);
                        }
                        row.cells.extend(said);
                    }
                }
            }
        }
        state.data.replace(data);
    }
}

/// Takes the old values away, and gives the operations that do. The columns still have their names from between.
pub(super) fn drop_old(state: &mut State, from: &State, to: &State, columns: &[(&Retyped, Fate)]) -> Vec<Op> {
    let mut ops = Vec::new();
    for table in tables(columns) {
        let (Some(mut data), Some(before)) = (state.data.get(&table).cloned(), from.data.get(&table)) else {
            continue;
        };
        let DataSet { name, key, rows } = &mut data;
        for (position, row) in rows.iter_mut() {
            let held = row.clone();
            let own =
                columns.iter().filter(|(column, fate)| column.table == table && *fate == Fate::Computed);
            for (column, _) in own {
                row.cells.remove(&column.from.name);
                let was_said =
                    before.rows.get(position).is_some_and(|row| row.cells.contains_key(&column.from.name));
                let new = new_cell(to, column, position).filter(|_| was_said);
                row.cells.extend(new.map(|value| (column.scratch.clone(), value.clone())));
            }
            if *row != held {
                let edit = RowEdit::Update { from: held, to: row.clone() };
                ops.push(Op::Row { table: name.clone(), key: key.clone(), edit });
            }
        }
        state.data.replace(data);
    }
    ops
}

/// Lets the rows follow the new column to the name of the old one.
pub(super) fn rename(state: &mut State, column: &Retyped) {
    let Some(data) = state.data.get_mut(&column.table) else { return };
    for Row { cells, only_env: _ } in data.rows.values_mut() {
        if let Some(value) = cells.remove(&column.scratch) {
            cells.insert(column.from.name.clone(), value);
        }
    }
}

fn tables(columns: &[(&Retyped, Fate)]) -> BTreeSet<ObjectName> {
    columns.iter().map(|(column, _)| column.table.clone()).collect()
}

/// What a row has in a column afterwards.
fn new_cell<'a>(to: &'a State, column: &Retyped, position: &[Value]) -> Option<&'a Value> {
    to.data.get(&column.table_after)?.rows.get(position)?.cells.get(&column.to.name)
}
