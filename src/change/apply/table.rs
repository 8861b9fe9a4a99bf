//! Tables as a whole.

use super::ApplyError;
use super::member::{check_columns, check_foreign_key, check_index_columns};
use super::reference::{namespace_exists, relation_is_free, relation_is_new, rename_relation, type_exists};
use crate::change::{References, TableEdit};
use crate::model::{State, Table};

const KIND: &str = "table";

pub(super) fn table(
    state: &mut State,
    edit: &TableEdit,
    references: &mut References,
) -> Result<(), ApplyError> {
    match edit {
        TableEdit::Create(table) => {
            check_new(state, table)?;
            state.tables.replace((**table).clone());
        }
        TableEdit::Drop(table) => {
            match state.tables.get(&table.name) {
                None => return Err(ApplyError::Missing(KIND, table.name.to_string())),
                Some(now) if now != &**table => {
                    return Err(ApplyError::Differs(KIND, table.name.to_string()));
                }
                Some(_) => {}
            }
            relation_is_free(state, KIND, &table.name, references)?;
            state.tables.remove(&table.name);
        }
        TableEdit::Alter { table, from, to } => {
            let now =
                state.tables.get_mut(table).ok_or_else(|| ApplyError::Missing(KIND, table.to_string()))?;
            if now.settings != **from {
                return Err(ApplyError::Differs(KIND, table.to_string()));
            }
            now.settings = (**to).clone();
        }
        TableEdit::Rename { from, to } => {
            if !state.tables.contains(from) {
                return Err(ApplyError::Missing(KIND, from.to_string()));
            }
            namespace_exists(state, to)?;
            relation_is_new(state, KIND, to)?;
            rename_relation(state, from, to, references);
            state.tables.rename(from, to.clone());
        }
    }
    Ok(())
}

fn check_new(state: &State, table: &Table) -> Result<(), ApplyError> {
    namespace_exists(state, &table.name)?;
    relation_is_new(state, KIND, &table.name)?;
    for ty in table.columns.iter().flat_map(|column| column.ty.values()) {
        type_exists(state, ty)?;
    }
    let keys = table.primary_key.iter().map(|key| &key.columns);
    for columns in keys.chain(table.uniques.iter().map(|unique| &unique.columns)) {
        check_columns(table, columns)?;
    }
    for index in &table.indexes {
        check_index_columns(table, index)?;
    }
    for key in &table.foreign_keys {
        check_columns(table, &key.columns)?;
        if key.table == table.name {
            check_columns(table, &key.references)?;
        } else {
            check_foreign_key(state, key)?;
        }
    }
    Ok(())
}
