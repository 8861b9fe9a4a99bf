//! What belongs to a table: columns, keys, constraints, indexes.

use super::ApplyError;
use super::reference::{column_user, rename_column, type_exists};
use crate::change::{Edit, References};
use crate::model::{
    Check, Collection, Column, ForeignKey, Index, KeyPart, Named, PrimaryKey, State, Table, Unique,
};
use crate::name::{Name, ObjectName};

fn find<'a>(state: &'a mut State, table: &ObjectName) -> Result<&'a mut Table, ApplyError> {
    state.tables.get_mut(table).ok_or_else(|| ApplyError::Missing("table", table.to_string()))
}

/// Edits one thing of a collection, strictly.
pub(super) fn edit_in<T: Named + Clone + PartialEq>(
    items: &mut Collection<T>,
    kind: &'static str,
    edit: &Edit<T>,
) -> Result<(), ApplyError> {
    let expect = |items: &Collection<T>, item: &T| match items.get(item.key()) {
        None => Err(ApplyError::Missing(kind, item.key().to_string())),
        Some(now) if now != item => Err(ApplyError::Differs(kind, item.key().to_string())),
        Some(_) => Ok(()),
    };
    match edit {
        Edit::Create(item) => {
            items.insert((**item).clone()).map_err(|item| ApplyError::Exists(kind, item.key().to_string()))
        }
        Edit::Drop(item) => {
            expect(items, item)?;
            items.remove(item.key());
            Ok(())
        }
        Edit::Alter { from, to } => {
            if from.key() != to.key() {
                return Err(ApplyError::Invalid(
                    kind,
                    from.key().to_string(),
                    "an alter can't change the name",
                ));
            }
            expect(items, from)?;
            items.replace((**to).clone());
            Ok(())
        }
        Edit::Rename { from, to } => {
            if !items.contains(from) {
                return Err(ApplyError::Missing(kind, from.to_string()));
            }
            if items.rename(from, to.clone()) {
                Ok(())
            } else {
                Err(ApplyError::Exists(kind, to.to_string()))
            }
        }
    }
}

pub(super) fn column(
    state: &mut State,
    table: &ObjectName,
    edit: &Edit<Column>,
    references: &mut References,
) -> Result<(), ApplyError> {
    if let Edit::Create(column) | Edit::Alter { to: column, .. } = edit {
        column.ty.values().try_for_each(|ty| type_exists(state, ty))?;
    }
    if let Edit::Drop(column) = edit {
        column_is_free(state, table, &column.name, references)?;
    }
    edit_in(&mut find(state, table)?.columns, "column", edit)?;
    if let Edit::Rename { from, to } = edit {
        rename_column(state, table, from, to);
    }
    Ok(())
}

fn column_is_free(
    state: &State,
    table: &ObjectName,
    column: &Name,
    references: &mut References,
) -> Result<(), ApplyError> {
    let used = |by| Err(ApplyError::InUse("column", format!("{table}.{column}"), by));
    if let Some(by) = state.tables.get(table).and_then(|table| column_user(table, column)) {
        return used(by);
    }
    let mut keys = references.to(state, table);
    if let Some((other, key)) = keys.find(|(_, key)| key.references.contains(column)) {
        return used(format!("foreign key `{}` of `{}`", key.name, other.name));
    }
    let rows = state.data.get(table);
    if rows.is_some_and(|data| data.rows.values().any(|row| row.cells.contains_key(column))) {
        return used("reference rows".to_owned());
    }
    Ok(())
}

pub(super) fn primary_key(
    state: &mut State,
    table: &ObjectName,
    edit: &Edit<PrimaryKey>,
) -> Result<(), ApplyError> {
    const KIND: &str = "primary key";
    let table = find(state, table)?;
    if let Edit::Create(key) | Edit::Alter { to: key, .. } = edit {
        check_columns(table, &key.columns)?;
        if let (Edit::Create(_), Some(now)) = (edit, &table.primary_key) {
            return Err(ApplyError::Exists(KIND, now.name.to_string()));
        }
    }
    let mut keys: Collection<PrimaryKey> = table.primary_key.take().into_iter().collect();
    let result = edit_in(&mut keys, KIND, edit);
    table.primary_key = keys.into_iter().next();
    result
}

/// The constraints and indexes that a table keeps in a collection and that refer to nothing else.
pub(super) trait Member: Named<Key = Name> + Clone + PartialEq {
    const KIND: &'static str;
    fn collection(table: &mut Table) -> &mut Collection<Self>;
    fn check(&self, table: &Table) -> Result<(), ApplyError>;
}

impl Member for Unique {
    const KIND: &'static str = "unique";

    fn collection(table: &mut Table) -> &mut Collection<Self> {
        &mut table.uniques
    }

    fn check(&self, table: &Table) -> Result<(), ApplyError> {
        check_columns(table, &self.columns)
    }
}

impl Member for Check {
    const KIND: &'static str = "check";

    fn collection(table: &mut Table) -> &mut Collection<Self> {
        &mut table.checks
    }

    fn check(&self, _: &Table) -> Result<(), ApplyError> {
        Ok(())
    }
}

impl Member for Index {
    const KIND: &'static str = "index";

    fn collection(table: &mut Table) -> &mut Collection<Self> {
        &mut table.indexes
    }

    fn check(&self, table: &Table) -> Result<(), ApplyError> {
        check_index_columns(table, self)
    }
}

pub(super) fn constraint<T: Member>(
    state: &mut State,
    table: &ObjectName,
    edit: &Edit<T>,
) -> Result<(), ApplyError> {
    let table = find(state, table)?;
    if let Edit::Create(item) | Edit::Alter { to: item, .. } = edit {
        item.check(table)?;
    }
    edit_in(T::collection(table), T::KIND, edit)
}

pub(super) fn foreign_key(
    state: &mut State,
    table: &ObjectName,
    edit: &Edit<ForeignKey>,
) -> Result<(), ApplyError> {
    if let Edit::Create(key) | Edit::Alter { to: key, .. } = edit {
        check_foreign_key(state, key)?;
        check_columns(find(state, table)?, &key.columns)?;
    }
    edit_in(&mut find(state, table)?.foreign_keys, "foreign key", edit)
}

/// Refuses a foreign key to a table or column that is not there. The columns of a table that a raw object creates are
/// not known.
pub(super) fn check_foreign_key(state: &State, key: &ForeignKey) -> Result<(), ApplyError> {
    if state.table_as_object(&key.table).is_some() {
        return Ok(());
    }
    let target =
        state.tables.get(&key.table).ok_or_else(|| ApplyError::Missing("table", key.table.to_string()))?;
    check_columns(target, &key.references)
}

/// Refuses columns that the table doesn't have.
pub(super) fn check_columns(table: &Table, columns: &[Name]) -> Result<(), ApplyError> {
    match columns.iter().find(|column| !table.columns.contains(column)) {
        Some(column) => Err(ApplyError::Missing("column", format!("{}.{column}", table.name))),
        None => Ok(()),
    }
}

/// Refuses an index over columns that the table doesn't have.
pub(super) fn check_index_columns(table: &Table, index: &Index) -> Result<(), ApplyError> {
    check_columns(table, &index.include)?;
    index.keys.iter().try_for_each(|key| match &key.on {
        KeyPart::Column(column) => check_columns(table, std::slice::from_ref(column)),
        KeyPart::Expression(_) => Ok(()),
    })
}
