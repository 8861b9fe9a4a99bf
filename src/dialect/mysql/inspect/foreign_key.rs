//! Foreign keys, and the indexes that they bring with them.

use super::build::Build;
use super::cells_of;
use super::index::plain_columns;
use crate::diagnostic::Diagnostic;
use crate::dialect::CatalogRows;
use crate::dialect::cells::Cells;
use crate::dialect::mysql::implied::implied_indexes;
use crate::model::{Action, Deferrable, ForeignKey, Index, Table};
use crate::name::{Name, ObjectName};

/// Adds the foreign keys to their tables, and leaves out what follows from them.
pub(super) fn read(rows: &CatalogRows, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    let mut found: Option<(ObjectName, ForeignKey, Cells<'_>)> = None;
    for cells in cells_of(rows, "foreign_key") {
        let (table, name) = (ObjectName::unqualified(cells.name(0)?), cells.name(1)?);
        match &mut found {
            Some((owner, key, _)) if *owner == table && key.name == name => {}
            _ => {
                if let Some((table, key, first)) = found.take() {
                    add(table, key, first, build)?;
                }
                found = Some((table, started(cells, name)?, cells));
            }
        }
        if let Some((_, key, _)) = &mut found {
            key.columns.push(cells.name(3)?);
            key.references.push(cells.name(6)?);
        }
    }
    if let Some((table, key, first)) = found {
        add(table, key, first, build)?;
    }
    build.inspection.state.tables.iter_mut().for_each(leave_out_implied);
    Ok(())
}

/// The key, without columns yet.
fn started(cells: Cells<'_>, name: Name) -> Result<ForeignKey, Diagnostic> {
    Ok(ForeignKey {
        name,
        only: None,
        columns: Vec::new(),
        table: ObjectName::unqualified(cells.name(5)?),
        references: Vec::new(),
        on_delete: action(cells, 7)?,
        on_update: action(cells, 8)?,
        deferrable: Deferrable::No,
    })
}

fn action(cells: Cells<'_>, at: usize) -> Result<Action, Diagnostic> {
    match cells.optional(at)? {
        None => Ok(Action::NoAction),
        Some("CASCADE") => Ok(Action::Cascade),
        Some("SET NULL") => Ok(Action::SetNull),
        Some("SET DEFAULT") => Ok(Action::SetDefault),
        Some(_) => Err(cells.damaged(at, "is no action")),
    }
}

fn add(
    table: ObjectName,
    key: ForeignKey,
    first: Cells<'_>,
    build: &mut Build<'_>,
) -> Result<(), Diagnostic> {
    let database = first.optional(4)?;
    let known = build.inspection.state.tables.contains(&key.table);
    let Some(owner) = build.inspection.state.tables.get_mut(&table) else { return Ok(()) };
    let reason = match database {
        Some(_) => "refers to a table of another database",
        None if !known => "refers to a table that is not part of the schema",
        None => {
            owner.foreign_keys.replace(key);
            return Ok(());
        }
    };
    let target = database.map(|database| format!("{database}.")).unwrap_or_default();
    let ForeignKey { name, columns, table: other, references, on_delete, on_update, .. } = key;
    let definition = format!("{columns:?} -> {target}{other} {references:?} {on_delete:?} {on_update:?}");
    build.unmanaged("foreign key", &format!("{table}.{name}"), &definition, reason);
    Ok(())
}

/// Leaves out the indexes that a table would get for its foreign keys by itself.
pub(in crate::dialect::mysql) fn leave_out_implied(table: &mut Table) {
    let own: Vec<&Name> =
        table.foreign_keys.iter().filter(|key| is_own(table, key)).map(|key| &key.name).collect();
    if own.is_empty() {
        return;
    }
    let mut without = table.indexes.clone();
    for name in own {
        without.remove(name);
    }
    let with = std::mem::replace(&mut table.indexes, without);
    let implied = implied_indexes(table);
    let mut kept = Vec::new();
    for index in with.iter().filter(|index| !table.indexes.contains(&index.name)) {
        if implied.iter().all(|implied| implied.name != index.name) {
            kept.push(index.clone());
        }
    }
    for index in kept {
        table.indexes.replace(index);
    }
}

/// Whether a table has an index that says no more than a foreign key of this name would bring along.
fn is_own(table: &Table, key: &ForeignKey) -> bool {
    table.indexes.get(&key.name).is_some_and(|index| {
        let Index {
            name: _,
            only: _,
            keys,
            unique,
            nulls_not_distinct: _,
            predicate: _,
            include: _,
            method,
            comment,
            options,
        } = index;
        let plain = !unique && method.is_none() && comment.is_none() && options.is_empty();
        plain && plain_columns(keys).as_ref() == Some(&key.columns)
    })
}
