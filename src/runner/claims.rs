//! What belongs to another project on the same database: the names of what it has made there. Pure.

use std::collections::BTreeSet;
use std::fmt::Display;

use crate::change::{Edit, Op, TableEdit};
use crate::dialect::{Inspection, Unmanaged};
use crate::model::{Collection, Named, State};
use crate::name::{Name, ObjectName};

/// Names that belong to a project.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Claims {
    namespaces: BTreeSet<Name>,
    /// Enums, tables and views, which share their names on some databases.
    relations: BTreeSet<ObjectName>,
    objects: BTreeSet<ObjectName>,
    /// Kinds and names of what there are no words for.
    unmanaged: BTreeSet<(Box<str>, Box<str>)>,
}

impl Claims {
    /// The names in a state.
    #[must_use]
    pub fn of_state(state: &State) -> Self {
        let State { namespaces, enums, tables, views, objects, data: _ } = state;
        let relations = enums.keys().chain(tables.keys()).chain(views.keys());
        Self {
            namespaces: namespaces.keys().cloned().collect(),
            relations: relations.cloned().collect(),
            objects: objects.keys().cloned().collect(),
            unmanaged: BTreeSet::new(),
        }
    }

    /// The names in what was observed.
    #[must_use]
    pub fn of_inspection(inspection: &Inspection) -> Self {
        let Inspection { state, unmanaged, unseen: _ } = inspection;
        Self { unmanaged: unmanaged.iter().map(named).collect(), ..Self::of_state(state) }
    }

    /// Adds other names.
    pub fn extend(&mut self, other: Self) {
        let Self { namespaces, relations, objects, unmanaged } = other;
        self.namespaces.extend(namespaces);
        self.relations.extend(relations);
        self.objects.extend(objects);
        self.unmanaged.extend(unmanaged);
    }

    /// Without the names of a state: what somebody has is nobody else's.
    #[must_use]
    pub fn without(mut self, own: &State) -> Self {
        let Self { namespaces, relations, objects, unmanaged: _ } = Self::of_state(own);
        self.namespaces.retain(|name| !namespaces.contains(name));
        self.relations.retain(|name| !relations.contains(name));
        self.objects.retain(|name| !objects.contains(name));
        self
    }

    /// The names as somebody says them for whom unqualified names are in another namespace.
    #[must_use]
    pub fn seen_from(self, theirs: &Name, ours: &Name) -> Self {
        let said = |name: ObjectName| match name.namespace {
            None => ObjectName { namespace: Some(theirs.clone()), ..name },
            Some(namespace) if namespace == *ours => ObjectName { namespace: None, ..name },
            Some(_) => name,
        };
        let Self { namespaces, relations, objects, unmanaged } = self;
        let relations = relations.into_iter().map(said).collect();
        let objects = objects.into_iter().map(said).collect();
        Self { namespaces, relations, objects, unmanaged }
    }

    /// Takes what belongs to the project out of what was seen, with all that is there for it alone.
    pub fn leave_out(&self, inspection: &mut Inspection) {
        let Self { namespaces, relations, objects, unmanaged } = self;
        let state = &mut inspection.state;
        let wholes = state.wholes();
        let is_theirs = |object: &&crate::model::RawObject| match wholes.of(object) {
            Some(whole) => relations.contains(whole),
            None => objects.contains(&object.name),
        };
        let parts: Vec<ObjectName> =
            state.objects.iter().filter(is_theirs).map(|object| object.name.clone()).collect();
        remove(&mut state.objects, &parts);
        remove(&mut state.enums, relations);
        remove(&mut state.tables, relations);
        remove(&mut state.views, relations);
        remove(&mut state.namespaces, namespaces);
        inspection.unmanaged.retain(|one| !unmanaged.contains(&named(one)));
    }

    /// The names that operations would make and that belong to the project already, as people say them.
    #[must_use]
    pub fn taken_by(&self, ops: &[Op]) -> Vec<String> {
        let mut taken = BTreeSet::new();
        for op in ops {
            match op {
                Op::Namespace(edit) => taken.extend(made(edit).and_then(|name| held(&self.namespaces, name))),
                Op::Enum(edit) => taken.extend(made(edit).and_then(|name| held(&self.relations, name))),
                Op::Table(TableEdit::Create(table)) => taken.extend(held(&self.relations, &table.name)),
                Op::Table(TableEdit::Rename { to, .. }) => taken.extend(held(&self.relations, to)),
                Op::View(edit) => taken.extend(made(edit).and_then(|name| held(&self.relations, name))),
                Op::Object(edit) => taken.extend(made(edit).and_then(|name| held(&self.objects, name))),
                Op::Table(TableEdit::Drop(_) | TableEdit::Alter { .. })
                | Op::EnumValue { .. }
                | Op::Column { .. }
                | Op::PrimaryKey { .. }
                | Op::Unique { .. }
                | Op::ForeignKey { .. }
                | Op::Check { .. }
                | Op::Index { .. }
                | Op::Row { .. } => {}
            }
        }
        taken.into_iter().collect()
    }

    /// The names that two projects have in common, as people say them.
    #[must_use]
    pub fn common(&self, other: &Self) -> Vec<String> {
        let namespaces = self.namespaces.intersection(&other.namespaces).map(ToString::to_string);
        let relations = self.relations.intersection(&other.relations).map(ToString::to_string);
        let objects = self.objects.intersection(&other.objects).map(ToString::to_string);
        namespaces.chain(relations).chain(objects).collect()
    }
}

fn named(one: &Unmanaged) -> (Box<str>, Box<str>) {
    (one.kind.clone(), one.name.clone())
}

fn remove<'n, T: Named>(items: &mut Collection<T>, names: impl IntoIterator<Item = &'n T::Key>)
where
    T::Key: 'n,
{
    names.into_iter().for_each(|name| drop(items.remove(name)));
}

/// The name under which an edit makes something.
fn made<T: Named>(edit: &Edit<T>) -> Option<&T::Key> {
    match edit {
        Edit::Create(item) => Some(item.key()),
        Edit::Rename { to, .. } => Some(to),
        Edit::Drop(_) | Edit::Alter { .. } => None,
    }
}

fn held<N: Ord + Display>(names: &BTreeSet<N>, name: &N) -> Option<String> {
    names.contains(name).then(|| name.to_string())
}
