//! Small states within large ones: the objects that one statement touches, put into the schema around them and cut out
//! of it again.

use std::collections::BTreeSet;

use crate::dialect::Effect;
use crate::model::{Collection, Named, State};
use crate::name::ObjectName;

/// Puts what a statement leaves in the place of what it found. Foreign keys follow a table that gets another name.
pub fn leave(state: &mut State, effect: &Effect) {
    if let Some((from, to)) = effect.renamed_table() {
        for key in state.tables.iter_mut().flat_map(|table| table.foreign_keys.iter_mut()) {
            if key.table == *from {
                key.table.clone_from(to);
            }
        }
    }
    put(state, &effect.before, &effect.after);
}

/// Puts objects in the place of others. Reference rows are no matter of statements that change the schema.
pub fn put(state: &mut State, before: &State, after: &State) {
    replace(&mut state.namespaces, &before.namespaces, &after.namespaces);
    replace(&mut state.enums, &before.enums, &after.enums);
    replace(&mut state.tables, &before.tables, &after.tables);
    replace(&mut state.views, &before.views, &after.views);
    replace(&mut state.objects, &before.objects, &after.objects);
}

fn replace<T: Named + Clone>(items: &mut Collection<T>, before: &Collection<T>, after: &Collection<T>)
where
    T::Key: Clone,
{
    for gone in before.keys().filter(|key| !after.contains(key)) {
        items.remove(gone);
    }
    after.iter().for_each(|item| drop(items.replace(item.clone())));
}

/// What a state has of the objects of others, by their names; where a name is only there in other letters, by those,
/// since some servers keep all names in small ones.
#[must_use]
pub fn cut(state: &State, like: &[&State]) -> State {
    State {
        namespaces: pick(&state.namespaces, like, |like| &like.namespaces),
        enums: pick(&state.enums, like, |like| &like.enums),
        tables: pick(&state.tables, like, |like| &like.tables),
        views: pick(&state.views, like, |like| &like.views),
        objects: pick(&state.objects, like, |like| &like.objects),
        data: Collection::new(),
    }
}

fn pick<T: Named + Clone>(
    items: &Collection<T>,
    like: &[&State],
    of: impl Fn(&State) -> &Collection<T>,
) -> Collection<T>
where
    T::Key: ToString,
{
    let names = || like.iter().flat_map(|state| of(state).keys());
    let is_named = |item: &&T| {
        let spelled = |name: &T::Key| name.to_string().to_lowercase();
        names().any(|name| name == item.key())
            || names().any(|name| !items.contains(name) && spelled(name) == spelled(item.key()))
    };
    items.iter().filter(is_named).cloned().collect()
}

/// The objects of a part of a state, with everything that they rest on, however far away: what has to be there for them
/// to be created.
#[must_use]
pub fn with_sources(state: &State, part: &State) -> State {
    let wholes = state.wholes();
    let mut wanted: BTreeSet<ObjectName> = BTreeSet::new();
    let mut left: Vec<ObjectName> = part.tables.keys().chain(part.views.keys()).cloned().collect();
    left.extend(part.objects.keys().cloned());
    while let Some(name) = left.pop() {
        if !wanted.insert(name.clone()) {
            continue;
        }
        if let Some(table) = state.tables.get(&name) {
            left.extend(table.foreign_keys.iter().map(|key| key.table.clone()));
        }
        if let Some(view) = state.views.get(&name) {
            left.extend(state.sources_of_view(view));
        }
        if let Some(object) = state.objects.get(&name) {
            left.extend(object.depends_on.iter().cloned());
            left.extend(wholes.of(object).cloned());
        }
    }
    let wanted = |name: &ObjectName| wanted.contains(name);
    State {
        namespaces: state.namespaces.clone(),
        enums: state.enums.clone(),
        tables: state.tables.iter().filter(|table| wanted(&table.name)).cloned().collect(),
        views: state.views.iter().filter(|view| wanted(&view.name)).cloned().collect(),
        objects: state.objects.iter().filter(|object| wanted(&object.name)).cloned().collect(),
        data: Collection::new(),
    }
}
