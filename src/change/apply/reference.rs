//! Who refers to what: the checks that keep a state whole, and the renames that run through it.

use super::ApplyError;
use crate::change::References;
use crate::model::{KeyPart, State, Table, Type, Value};
use crate::name::{Name, ObjectName};

/// Refuses when another object still needs the relation `name`.
pub(super) fn relation_is_free(
    state: &State,
    kind: &'static str,
    name: &ObjectName,
    references: &mut References,
) -> Result<(), ApplyError> {
    let used = |by: String| Err(ApplyError::InUse(kind, name.to_string(), by));
    if let Some((table, key)) = references.to(state, name).find(|(table, _)| table.name != *name) {
        return used(format!("foreign key `{}` of `{}`", key.name, table.name));
    }
    if let Some(view) = state.views.iter().find(|view| view.depends_on.contains(name)) {
        return used(format!("view `{}`", view.name));
    }
    if let Some(object) = state.objects.iter().find(|object| object.depends_on.contains(name)) {
        return used(format!("object `{}`", object.name));
    }
    match state.data.get(name) {
        Some(_) => used("its reference rows".to_owned()),
        None => Ok(()),
    }
}

/// Refuses when the namespace of an object is not there.
pub(super) fn namespace_exists(state: &State, name: &ObjectName) -> Result<(), ApplyError> {
    match &name.namespace {
        Some(namespace) if !state.namespaces.contains(namespace) => {
            Err(ApplyError::Missing("namespace", namespace.to_string()))
        }
        _ => Ok(()),
    }
}

/// Refuses when a relation of this name is there, of whatever kind.
pub(super) fn relation_is_new(
    state: &State,
    kind: &'static str,
    name: &ObjectName,
) -> Result<(), ApplyError> {
    if state.tables.contains(name) || state.views.contains(name) {
        return Err(ApplyError::Exists(kind, name.to_string()));
    }
    Ok(())
}

/// Refuses when something that an object depends on is not there.
pub(super) fn dependencies_exist(state: &State, names: &[ObjectName]) -> Result<(), ApplyError> {
    let exists = |name: &&ObjectName| {
        state.tables.contains(name)
            || state.views.contains(name)
            || state.objects.contains(name)
            || state.enums.contains(name)
    };
    match names.iter().find(|name| !exists(name)) {
        Some(name) => Err(ApplyError::Missing("object", name.to_string())),
        None => Ok(()),
    }
}

/// Refuses when a type names an enum that is not there.
pub(super) fn type_exists(state: &State, ty: &Type) -> Result<(), ApplyError> {
    match ty {
        Type::Enum(name) if !state.enums.contains(name) => Err(ApplyError::Missing("enum", name.to_string())),
        Type::Array(element) => type_exists(state, element),
        Type::Enum(_) | Type::Portable(_) | Type::Native(_) => Ok(()),
    }
}

/// Lets every reference to a relation follow its rename, which is still to come.
pub(super) fn rename_relation(
    state: &mut State,
    from: &ObjectName,
    to: &ObjectName,
    references: &mut References,
) {
    let owners: Vec<ObjectName> = references.to(state, from).map(|(table, _)| table.name.clone()).collect();
    for owner in owners {
        let owner = state.tables.get_mut(&owner);
        let keys = owner.into_iter().flat_map(|table| table.foreign_keys.iter_mut());
        keys.filter(|key| key.table == *from).for_each(|key| key.table = to.clone());
    }
    let views = state.views.iter_mut().flat_map(|view| &mut view.depends_on);
    let objects = state.objects.iter_mut().flat_map(|object| &mut object.depends_on);
    views.chain(objects).filter(|name| *name == from).for_each(|name| *name = to.clone());
    state.data.rename(from, to.clone());
}

/// Lets every column's type follow the rename of an enum.
pub(super) fn rename_enum(state: &mut State, from: &ObjectName, to: &ObjectName) {
    fn follow(ty: &mut Type, from: &ObjectName, to: &ObjectName) {
        match ty {
            Type::Enum(name) if name == from => *name = to.clone(),
            Type::Array(element) => follow(element, from, to),
            Type::Enum(_) | Type::Portable(_) | Type::Native(_) => {}
        }
    }
    for column in state.tables.iter_mut().flat_map(|table| table.columns.iter_mut()) {
        follow(&mut column.ty.common, from, to);
        column.ty.overrides.values_mut().for_each(|ty| follow(ty, from, to));
    }
    let dependencies = state.views.iter_mut().flat_map(|view| &mut view.depends_on);
    let dependencies = dependencies.chain(state.objects.iter_mut().flat_map(|object| &mut object.depends_on));
    dependencies.filter(|name| *name == from).for_each(|name| *name = to.clone());
}

/// Lets defaults and reference rows follow the rename of an enum's value.
pub(super) fn rename_enum_value(state: &mut State, of: &ObjectName, from: &str, to: &str) {
    let follow = |value: &mut Value| {
        if matches!(value, Value::Text(text) if **text == *from) {
            *value = Value::Text(to.into());
        }
    };
    for table in state.tables.iter_mut() {
        let name = table.name.clone();
        for column in table.columns.iter_mut() {
            if !matches!(&column.ty.common, Type::Enum(name) if name == of) {
                continue;
            }
            let overrides = column.default.overrides.values_mut();
            overrides.chain([&mut column.default.common]).flatten().for_each(follow);
            let Some(data) = state.data.get_mut(&name) else { continue };
            let mut rows = std::mem::take(&mut data.rows);
            rows.values_mut().filter_map(|row| row.cells.get_mut(&column.name)).for_each(follow);
            data.rows = rows.into_values().filter_map(|row| Some((row.key(&data.key)?, row))).collect();
        }
    }
}

/// Whether a key, an index or a foreign key of the table uses the column.
pub(super) fn column_user(table: &Table, column: &Name) -> Option<String> {
    if let Some(key) = table.primary_key.as_ref().filter(|key| key.columns.contains(column)) {
        return Some(format!("primary key `{}`", key.name));
    }
    if let Some(unique) = table.uniques.iter().find(|unique| unique.columns.contains(column)) {
        return Some(format!("unique `{}`", unique.name));
    }
    if let Some(key) = table.foreign_keys.iter().find(|key| key.columns.contains(column)) {
        return Some(format!("foreign key `{}`", key.name));
    }
    let indexed = |part: &KeyPart| matches!(part, KeyPart::Column(name) if name == column);
    let index = table
        .indexes
        .iter()
        .find(|index| index.include.contains(column) || index.keys.iter().any(|key| indexed(&key.on)));
    index.map(|index| format!("index `{}`", index.name))
}

/// Lets keys, indexes, foreign keys and reference rows follow the rename of a column.
pub(super) fn rename_column(state: &mut State, table: &ObjectName, from: &Name, to: &Name) {
    let follow = |name: &mut Name| {
        if name == from {
            *name = to.clone();
        }
    };
    for other in state.tables.iter_mut() {
        let referring = other.foreign_keys.iter_mut().filter(|key| key.table == *table);
        referring.flat_map(|key| &mut key.references).for_each(follow);
    }
    if let Some(table) = state.tables.get_mut(table) {
        table.primary_key.iter_mut().flat_map(|key| &mut key.columns).for_each(follow);
        table.uniques.iter_mut().flat_map(|unique| &mut unique.columns).for_each(follow);
        table.foreign_keys.iter_mut().flat_map(|key| &mut key.columns).for_each(follow);
        for index in table.indexes.iter_mut() {
            index.include.iter_mut().for_each(follow);
            for key in &mut index.keys {
                if let KeyPart::Column(name) = &mut key.on {
                    follow(name);
                }
            }
        }
    }
    if let Some(data) = state.data.get_mut(table) {
        data.key.iter_mut().for_each(follow);
        for row in data.rows.values_mut() {
            if let Some(value) = row.cells.remove(from) {
                row.cells.insert(to.clone(), value);
            }
        }
    }
}
