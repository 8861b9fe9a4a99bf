//! Reference rows.

use super::ApplyError;
use super::member::check_columns;
use crate::change::RowEdit;
use crate::model::{DataSet, Row, State, Value};
use crate::name::{Name, ObjectName};

const KIND: &str = "row of";

pub(super) fn row(
    state: &mut State,
    table: &ObjectName,
    key: &[Name],
    edit: &RowEdit,
) -> Result<(), ApplyError> {
    let name = || table.to_string();
    let known = state.tables.get(table).ok_or_else(|| ApplyError::Missing("table", name()))?;
    let (RowEdit::Insert(row) | RowEdit::Delete(row) | RowEdit::Update { to: row, .. }) = edit;
    let columns: Vec<Name> = row.cells.keys().cloned().collect();
    check_columns(known, &columns)?;
    let position = position(table, key, row)?;
    if !state.data.contains(table) {
        state.data.replace(DataSet { name: table.clone(), key: key.to_vec(), rows: Default::default() });
    }
    let Some(data) = state.data.get_mut(table) else { return Err(ApplyError::Missing(KIND, name())) };
    if data.key != key {
        return Err(ApplyError::Invalid(
            KIND,
            name(),
            "the key's columns are not those of the rows that exist",
        ));
    }
    match edit {
        RowEdit::Insert(row) => {
            if data.rows.contains_key(&position) {
                return Err(ApplyError::Exists(KIND, name()));
            }
            data.rows.insert(position, row.clone());
        }
        RowEdit::Delete(row) => {
            expect(data, &position, row)?;
            data.rows.remove(&position);
        }
        RowEdit::Update { from, to } => {
            expect(data, &position, from)?;
            data.rows.insert(position, to.clone());
        }
    }
    if data.rows.is_empty() {
        state.data.remove(table);
    }
    Ok(())
}

fn position(table: &ObjectName, key: &[Name], row: &Row) -> Result<Vec<Value>, ApplyError> {
    row.key(key).ok_or_else(|| ApplyError::Invalid(KIND, table.to_string(), "a cell of its key is missing"))
}

fn expect(data: &DataSet, position: &[Value], row: &Row) -> Result<(), ApplyError> {
    match data.rows.get(position) {
        None => Err(ApplyError::Missing(KIND, data.name.to_string())),
        Some(now) if now != row => Err(ApplyError::Differs(KIND, data.name.to_string())),
        Some(_) => Ok(()),
    }
}
