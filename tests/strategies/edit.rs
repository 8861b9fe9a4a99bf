//! Edits of a spec: drop, add, rename, replace or move a thing of any kind, or change one attribute of it. New
//! content comes from a second schema.

use proptest::collection::vec;
use proptest::prelude::*;
use schemactl::model::Rename;

use super::Profile;
use super::build::{Built, Named};
use super::spec::{self, Column, Id, Schema};
use super::types::is_castable;

/// Edits, and the schema that they take new content from.
#[derive(Debug, Clone)]
pub struct Edits {
    list: Vec<Edit>,
    donor: Schema,
}

impl Edits {
    /// Forgets the last edit; false when there was none.
    pub fn pop(&mut self) -> bool {
        self.list.pop().is_some()
    }
}

#[derive(Debug, Clone)]
struct Edit {
    kind: Kind,
    verb: Verb,
    table: u8,
    at: u8,
    from: u8,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Namespace,
    Enum,
    EnumValue,
    Table,
    Settings,
    Rows,
    Column,
    PrimaryKey,
    Unique,
    ForeignKey,
    Check,
    Index,
    View,
    Object,
}

#[derive(Debug, Clone, Copy)]
enum Verb {
    Drop,
    Add,
    Rename,
    Replace,
    Move,
    /// Changes one attribute of a column; replaces anything else.
    Tweak(u8),
}

pub fn edits() -> impl Strategy<Value = Edits> {
    use Kind::*;
    let kind = prop_oneof![
        8 => Just(Column),
        8 => prop::sample::select(vec![Namespace, Enum, EnumValue, Table, Settings, Rows]),
        8 => prop::sample::select(vec![PrimaryKey, Unique, ForeignKey, Check, Index, View, Object]),
    ];
    let verb = prop_oneof![
        1 => Just(Verb::Drop),
        1 => Just(Verb::Add),
        1 => Just(Verb::Rename),
        1 => Just(Verb::Replace),
        1 => Just(Verb::Move),
        3 => (0..9_u8).prop_map(Verb::Tweak),
    ];
    let edit = (kind, verb, any::<u8>(), any::<u8>(), any::<u8>())
        .prop_map(|(kind, verb, table, at, from)| Edit { kind, verb, table, at, from });
    (vec(edit, 0..9), spec::schema()).prop_map(|(list, donor)| Edits { list, donor })
}

/// The schema after the edits. For a database, types change only where a cast keeps the rows.
pub fn apply(schema: &Schema, edits: &Edits, profile: Profile) -> Schema {
    let mut schema = schema.clone();
    for edit in &edits.list {
        edit.apply(&mut schema, &edits.donor, profile);
    }
    schema
}

impl Edit {
    fn apply(&self, schema: &mut Schema, donor: &Schema, profile: Profile) {
        match self.kind {
            Kind::Namespace => return self.list(&mut schema.namespaces, &donor.namespaces),
            Kind::Enum => return self.list(&mut schema.enums, &donor.enums),
            Kind::EnumValue => {
                let (Some(to), Some(from)) =
                    (at_mut(&mut schema.enums, self.table), at(&donor.enums, self.from))
                else {
                    return;
                };
                self.list(&mut to.values, &from.values);
                if to.values.is_empty() {
                    to.values.clone_from(&from.values);
                }
                return;
            }
            Kind::Table => return self.list(&mut schema.tables, &donor.tables),
            Kind::View => return self.list(&mut schema.views, &donor.views),
            Kind::Object => return self.list(&mut schema.objects, &donor.objects),
            Kind::Settings | Kind::Rows | Kind::Column | Kind::PrimaryKey | Kind::Unique => {}
            Kind::ForeignKey | Kind::Check | Kind::Index => {}
        }
        if let (Some(to), Some(from)) = (at_mut(&mut schema.tables, self.table), at(&donor.tables, self.from))
        {
            self.in_table(to, from, profile);
        }
    }

    fn in_table(&self, to: &mut spec::Table, from: &spec::Table, profile: Profile) {
        match self.kind {
            Kind::Settings => to.settings = from.settings.clone(),
            Kind::Rows => to.rows = from.rows.clone(),
            Kind::Column => self.column(to, from, profile),
            Kind::PrimaryKey => self.list(&mut to.primary_key, &from.primary_key),
            Kind::Unique => self.list(&mut to.uniques, &from.uniques),
            Kind::ForeignKey => self.list(&mut to.foreign_keys, &from.foreign_keys),
            Kind::Check => self.list(&mut to.checks, &from.checks),
            Kind::Index => self.list(&mut to.indexes, &from.indexes),
            Kind::Namespace | Kind::Enum | Kind::EnumValue | Kind::Table | Kind::View | Kind::Object => {}
        }
    }

    fn column(&self, to: &mut spec::Table, from: &spec::Table, profile: Profile) {
        let is_last = to.columns.len() == 1;
        match self.verb {
            Verb::Drop if is_last => {}
            Verb::Drop | Verb::Add | Verb::Rename | Verb::Move => self.list(&mut to.columns, &from.columns),
            Verb::Replace | Verb::Tweak(_) => {
                let (Some(to), Some(from)) = (at_mut(&mut to.columns, self.at), at(&from.columns, self.from))
                else {
                    return;
                };
                let before = to.clone();
                match self.verb {
                    Verb::Tweak(attribute) => tweak(to, from, attribute),
                    _ => *to = Column { id: to.id, ..from.clone() },
                }
                if profile != Profile::Any && !is_castable(before.kind, to.kind) {
                    to.kind = before.kind;
                }
                // A computed column is a text or an integer, whatever its kind.
                if profile != Profile::Any && !is_castable(to.kind, 0) {
                    to.generated = before.generated;
                }
            }
        }
    }

    fn list<T: Identified + Clone>(&self, to: &mut Vec<T>, from: &[T]) {
        let new = at(from, self.from);
        let index = usize::from(self.at) % to.len().max(1);
        match (self.verb, new) {
            (Verb::Drop, _) if !to.is_empty() => {
                to.remove(index);
            }
            (Verb::Add, Some(new)) => to.insert(index, new.clone()),
            (Verb::Rename, Some(new)) if !to.is_empty() => to[index].id_mut().name = new.id().name,
            (Verb::Replace | Verb::Tweak(_), Some(new)) if !to.is_empty() => {
                let id = to[index].id();
                to[index] = new.with(id, &to[index]);
            }
            (Verb::Move, _) if !to.is_empty() => {
                let moved = to.remove(index);
                to.push(moved);
            }
            _ => {}
        }
    }
}

fn tweak(to: &mut Column, from: &Column, attribute: u8) {
    match attribute {
        0 => to.kind = from.kind,
        1 => to.nullable = !to.nullable,
        2 => to.default = from.default,
        3 => to.generated = from.generated,
        4 => to.identity = from.identity,
        5 => to.collation = from.collation,
        6 => to.comment = from.comment,
        7 => to.only = from.only,
        8 => to.overrides = from.overrides,
        _ => to.options = from.options,
    }
}

fn at<T>(list: &[T], index: u8) -> Option<&T> {
    list.get(usize::from(index) % list.len().max(1))
}

fn at_mut<T>(list: &mut [T], index: u8) -> Option<&mut T> {
    let length = list.len().max(1);
    list.get_mut(usize::from(index) % length)
}

/// A thing of a spec that stays the same thing under another name.
trait Identified: Sized {
    fn id(&self) -> Id;
    fn id_mut(&mut self) -> &mut Id;
    /// This content for the thing with that id, which was the other until now.
    fn with(&self, id: Id, before: &Self) -> Self;
}

macro_rules! identified {
    ($($type:ident: $($kept:ident),*;)+) => {
        $(impl Identified for spec::$type {
            fn id(&self) -> Id {
                self.id
            }

            fn id_mut(&mut self) -> &mut Id {
                &mut self.id
            }

            #[allow(clippy::needless_update, reason = "some have no other field")]
            fn with(&self, id: Id, _before: &Self) -> Self {
                Self { id, $($kept: _before.$kept.clone(),)* ..self.clone() }
            }
        })+
    };
}

// A table can't become limited to another dialect: its rows would have to go with it.
identified! {
    Namespace:;
    Enum:;
    EnumValue:;
    Table: only;
    Column:;
    Key:;
    ForeignKey:;
    Check:;
    Index:;
    View:;
    Object:;
}

/// What goes by another name after the edits.
pub fn renames(from: &Built, to: &Built) -> Vec<Rename> {
    let mut renames = Vec::new();
    for (key, new) in &to.names {
        let old = from.names.iter().find(|(other, _)| other == key);
        renames.extend(old.and_then(|(_, old)| rename(old, new)));
    }
    renames
}

fn rename(old: &Named, new: &Named) -> Option<Rename> {
    if old == new {
        return None;
    }
    match (old.clone(), new.clone()) {
        (Named::Namespace(from), Named::Namespace(to)) => Some(Rename::Namespace { from, to }),
        (Named::Enum(from), Named::Enum(to)) => Some(Rename::Enum { from, to }),
        (Named::EnumValue(_, from), Named::EnumValue(of, to)) => {
            (from != to).then_some(Rename::EnumValue { of, from, to })
        }
        (Named::Table(from), Named::Table(to)) => Some(Rename::Table { from, to }),
        (Named::Member(_, kind, from), Named::Member(of, member, to)) if kind == member => {
            (from != to).then_some(Rename::Member { of, member, from, to })
        }
        (Named::View(from), Named::View(to)) => Some(Rename::View { from, to }),
        (Named::Object(from), Named::Object(to)) => Some(Rename::Object { from, to }),
        _ => None,
    }
}
