//! What things were called at first: followed through renames, so that two branches can tell that they speak of the
//! same thing. Only what was renamed, or has a name that something else had, is written down.

use std::collections::{BTreeMap, BTreeSet};

use super::rename::Thing;
use crate::change::{Edit, Op, TableEdit};
use crate::model::{Member, Named};
use crate::name::{Name, ObjectName};

/// The first names of the things in a state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lineage {
    /// By the name now, the name at first.
    first: BTreeMap<Thing, Thing>,
}

impl Lineage {
    /// Follows an operation. `mark` tells what is new under a name that something else had from everything else that
    /// ever was: no two revisions have the same.
    pub fn follow(&mut self, op: &Op, mark: &str) {
        match edited(op) {
            Some(Edited::Renamed(from, to)) => self.rename(&from, &to),
            Some(Edited::Created(_)) if self.first.is_empty() => {}
            Some(Edited::Created(thing)) => {
                self.first.remove(&thing);
                let first = self.unchanged(&thing);
                if self.first.values().any(|other| *other == first) {
                    let apart = first.marked(mark);
                    self.first.insert(thing, apart);
                }
            }
            Some(Edited::Dropped(thing)) => self.first.retain(|of, _| *of != thing && !of.is_in(&thing)),
            None => {}
        }
    }

    pub(super) fn rename(&mut self, from: &Thing, to: &Thing) {
        let first = self.first_name(from);
        let moved = std::mem::take(&mut self.first).into_iter().filter(|(of, _)| of != from);
        self.first = moved.map(|(of, first)| (of.moved_with(from, to), first)).collect();
        if self.unchanged(to) != first {
            self.first.insert(to.clone(), first);
        }
    }

    /// What a thing was called at first.
    pub(super) fn first_name(&self, thing: &Thing) -> Thing {
        self.first.get(thing).cloned().unwrap_or_else(|| self.unchanged(thing))
    }

    /// What a thing that was never renamed was called at first: only what it lies in may have been.
    fn unchanged(&self, thing: &Thing) -> Thing {
        thing.outer().map_or_else(|| thing.clone(), |outer| thing.within(&self.first_name(&outer)))
    }

    /// What is called now what was called so at first.
    pub(super) fn now(&self, first: &Thing) -> Option<Thing> {
        if let Some((now, _)) = self.first.iter().find(|(_, other)| *other == first) {
            return Some(now.clone());
        }
        let now = match first.outer() {
            Some(outer) => first.within(&self.now(&outer)?),
            None => first.clone(),
        };
        (!self.first.contains_key(&now)).then_some(now)
    }

    /// The first names of everything that has another one, in this lineage or in one of these.
    pub(super) fn renamed<'l>(lineages: impl IntoIterator<Item = &'l Self>) -> BTreeSet<Thing> {
        lineages.into_iter().flat_map(|lineage| lineage.first.values().cloned()).collect()
    }

    /// What either of two knows.
    pub(super) fn union(mut self, other: Self) -> Self {
        self.first.extend(other.first);
        self
    }
}

/// What an operation does to a name.
enum Edited {
    Renamed(Thing, Thing),
    Created(Thing),
    Dropped(Thing),
}

fn edited(op: &Op) -> Option<Edited> {
    fn of<T: Named>(edit: &Edit<T>, thing: impl Fn(T::Key) -> Thing) -> Option<Edited> {
        Some(match edit {
            Edit::Create(item) => Edited::Created(thing(item.key().clone())),
            Edit::Drop(item) => Edited::Dropped(thing(item.key().clone())),
            Edit::Rename { from, to } => Edited::Renamed(thing(from.clone()), thing(to.clone())),
            Edit::Alter { from: _, to: _ } => return None,
        })
    }
    let member = |table: &ObjectName, member: Member| {
        let table = table.clone();
        move |name: Name| Thing::Member(table.clone(), member, name)
    };
    match op {
        Op::Namespace(edit) => of(edit, Thing::Namespace),
        Op::Enum(edit) => of(edit, Thing::Enum),
        Op::View(edit) => of(edit, Thing::View),
        Op::Object(edit) => of(edit, Thing::Object),
        Op::EnumValue { of, from, to } => {
            let value = |value: &str| Thing::EnumValue(of.clone(), value.into());
            Some(Edited::Renamed(value(from), value(to)))
        }
        Op::Table(TableEdit::Create(table)) => Some(Edited::Created(Thing::Table(table.name.clone()))),
        Op::Table(TableEdit::Drop(table)) => Some(Edited::Dropped(Thing::Table(table.name.clone()))),
        Op::Table(TableEdit::Rename { from, to }) => {
            Some(Edited::Renamed(Thing::Table(from.clone()), Thing::Table(to.clone())))
        }
        Op::Table(TableEdit::Alter { table: _, from: _, to: _ }) | Op::Row { .. } => None,
        Op::Column { table, edit } => of(edit, member(table, Member::Column)),
        Op::PrimaryKey { table, edit } => of(edit, member(table, Member::PrimaryKey)),
        Op::Unique { table, edit } => of(edit, member(table, Member::Unique)),
        Op::ForeignKey { table, edit } => of(edit, member(table, Member::ForeignKey)),
        Op::Check { table, edit } => of(edit, member(table, Member::Check)),
        Op::Index { table, edit } => of(edit, member(table, Member::Index)),
    }
}

impl Thing {
    /// What it lies in.
    pub(super) fn outer(&self) -> Option<Self> {
        match self {
            Self::Namespace(_) => None,
            Self::Enum(name) | Self::Table(name) | Self::View(name) | Self::Object(name) => {
                name.namespace.clone().map(Self::Namespace)
            }
            Self::EnumValue(of, _) => Some(Self::Enum(of.clone())),
            Self::Member(of, ..) => Some(Self::Table(of.clone())),
        }
    }

    /// The thing of the same own name in something else of the same kind as what it lies in.
    pub(super) fn within(&self, outer: &Self) -> Self {
        let qualified = |name: &ObjectName, namespace: &Name| ObjectName {
            namespace: Some(namespace.clone()),
            name: name.name.clone(),
        };
        match (self, outer) {
            (Self::Enum(name), Self::Namespace(outer)) => Self::Enum(qualified(name, outer)),
            (Self::Table(name), Self::Namespace(outer)) => Self::Table(qualified(name, outer)),
            (Self::View(name), Self::Namespace(outer)) => Self::View(qualified(name, outer)),
            (Self::Object(name), Self::Namespace(outer)) => Self::Object(qualified(name, outer)),
            (Self::EnumValue(_, value), Self::Enum(of)) => Self::EnumValue(of.clone(), value.clone()),
            (Self::Member(_, member, name), Self::Table(of)) => {
                Self::Member(of.clone(), *member, name.clone())
            }
            (thing, _) => thing.clone(),
        }
    }

    /// Whether it lies in another thing, however deep.
    fn is_in(&self, other: &Self) -> bool {
        self.outer().is_some_and(|outer| outer == *other || outer.is_in(other))
    }

    /// The thing after a rename of what it lies in.
    fn moved_with(self, from: &Self, to: &Self) -> Self {
        match self.outer() {
            Some(outer) if outer == *from => self.within(to),
            Some(outer) if outer.is_in(from) => self.within(&outer.moved_with(from, to)),
            Some(_) | None => self,
        }
    }

    /// A name that nothing has ever had.
    fn marked(&self, mark: &str) -> Self {
        let name = |name: &Name| Name::derived(&[name.as_str(), mark]);
        let object = |of: &ObjectName| of.sibling(name(&of.name));
        match self {
            Self::Namespace(old) => Self::Namespace(name(old)),
            Self::Enum(old) => Self::Enum(object(old)),
            Self::EnumValue(of, old) => Self::EnumValue(of.clone(), format!("{old} {mark}").into()),
            Self::Table(old) => Self::Table(object(old)),
            Self::View(old) => Self::View(object(old)),
            Self::Object(old) => Self::Object(object(old)),
            Self::Member(of, member, old) => Self::Member(of.clone(), *member, name(old)),
        }
    }
}
