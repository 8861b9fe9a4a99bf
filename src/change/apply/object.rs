//! Namespaces, enums, views and raw objects.

use super::ApplyError;
use super::member::edit_in;
use super::reference::{
    dependencies_exist, namespace_exists, relation_is_free, relation_is_new, rename_enum, rename_enum_value,
    rename_relation,
};
use crate::change::{Edit, References};
use crate::model::{Collection, EnumType, Named, Namespace, RawObject, State, View};
use crate::name::{Name, ObjectName};

pub(super) fn namespace(state: &mut State, edit: &Edit<Namespace>) -> Result<(), ApplyError> {
    if let Edit::Drop(namespace) = edit
        && let Some(user) = names(state).find(|name| name.namespace.as_ref() == Some(&namespace.name))
    {
        return Err(ApplyError::InUse("namespace", namespace.name.to_string(), format!("`{user}`")));
    }
    edit_in(&mut state.namespaces, "namespace", edit)?;
    if let Edit::Rename { from, to } = edit {
        rename_namespace(state, from, to);
    }
    Ok(())
}

fn names(state: &State) -> impl Iterator<Item = &ObjectName> {
    let State { namespaces: _, enums, tables, views, objects, data: _ } = state;
    enums.keys().chain(tables.keys()).chain(views.keys()).chain(objects.keys())
}

fn rename_namespace(state: &mut State, from: &Name, to: &Name) {
    fn moved<T: Named<Key = ObjectName>>(items: &Collection<T>, from: &Name) -> Vec<ObjectName> {
        items.keys().filter(|name| name.namespace.as_ref() == Some(from)).cloned().collect()
    }
    let target = |name: &ObjectName| ObjectName::qualified(to.clone(), name.name.clone());
    let mut references = References::default();
    for name in moved(&state.enums, from) {
        state.enums.rename(&name, target(&name));
        rename_enum(state, &name, &target(&name));
    }
    for name in moved(&state.tables, from) {
        rename_relation(state, &name, &target(&name), &mut references);
        state.tables.rename(&name, target(&name));
        references.rename(&name, &target(&name), state);
    }
    for name in moved(&state.views, from) {
        state.views.rename(&name, target(&name));
        rename_relation(state, &name, &target(&name), &mut references);
    }
    for name in moved(&state.objects, from) {
        state.objects.rename(&name, target(&name));
        rename_relation(state, &name, &target(&name), &mut references);
    }
}

pub(super) fn enum_type(state: &mut State, edit: &Edit<EnumType>) -> Result<(), ApplyError> {
    const KIND: &str = "enum";
    match edit {
        Edit::Create(item) => namespace_exists(state, &item.name)?,
        Edit::Rename { to, .. } => namespace_exists(state, to)?,
        Edit::Drop(item) => enum_is_free(state, &item.name)?,
        Edit::Alter { .. } => {}
    }
    edit_in(&mut state.enums, KIND, edit)?;
    if let Edit::Rename { from, to } = edit {
        rename_enum(state, from, to);
    }
    Ok(())
}

fn enum_is_free(state: &State, name: &ObjectName) -> Result<(), ApplyError> {
    match state.columns_of_enum(name).first() {
        Some((table, column)) => {
            Err(ApplyError::InUse("enum", name.to_string(), format!("column `{table}.{column}`")))
        }
        None => Ok(()),
    }
}

pub(super) fn enum_value(state: &mut State, of: &ObjectName, from: &str, to: &str) -> Result<(), ApplyError> {
    const KIND: &str = "enum value";
    let item = state.enums.get_mut(of).ok_or_else(|| ApplyError::Missing("enum", of.to_string()))?;
    if item.values.iter().any(|value| **value == *to) {
        return Err(ApplyError::Exists(KIND, to.to_owned()));
    }
    let value = item.values.iter_mut().find(|value| ***value == *from);
    *value.ok_or_else(|| ApplyError::Missing(KIND, from.to_owned()))? = to.into();
    rename_enum_value(state, of, from, to);
    Ok(())
}

pub(super) fn view(
    state: &mut State,
    edit: &Edit<View>,
    references: &mut References,
) -> Result<(), ApplyError> {
    const KIND: &str = "view";
    match edit {
        Edit::Create(view) => {
            namespace_exists(state, &view.name)?;
            relation_is_new(state, KIND, &view.name)?;
            dependencies_exist(state, &view.depends_on)?;
        }
        Edit::Alter { to, .. } => dependencies_exist(state, &to.depends_on)?,
        Edit::Drop(view) => relation_is_free(state, KIND, &view.name, references)?,
        Edit::Rename { to, .. } => {
            namespace_exists(state, to)?;
            relation_is_new(state, KIND, to)?;
        }
    }
    edit_in(&mut state.views, KIND, edit)?;
    if let Edit::Rename { from, to } = edit {
        rename_relation(state, from, to, references);
    }
    Ok(())
}

pub(super) fn object(
    state: &mut State,
    edit: &Edit<RawObject>,
    references: &mut References,
) -> Result<(), ApplyError> {
    const KIND: &str = "object";
    match edit {
        Edit::Create(object) => {
            namespace_exists(state, &object.name)?;
            dependencies_exist(state, &object.depends_on)?;
        }
        Edit::Alter { to, .. } => dependencies_exist(state, &to.depends_on)?,
        Edit::Drop(object) => relation_is_free(state, KIND, &object.name, references)?,
        Edit::Rename { to, .. } => namespace_exists(state, to)?,
    }
    edit_in(&mut state.objects, KIND, edit)?;
    if let Edit::Rename { from, to } = edit {
        rename_relation(state, from, to, references);
    }
    Ok(())
}
