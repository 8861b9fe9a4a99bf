//! Many operations in a row as few: what leads from the state before the first to the state behind the last, where that
//! takes no more away from whoever has rows.

use super::diff;
use crate::change::{Edit, Loss, Op, TableEdit, losses, replay};
use crate::model::{Member, Named, Rename, State};
use crate::name::{Name, ObjectName};

/// Operations that lead where these do from this state: fewer if they are found, or else the same. Renames stay renames,
/// so rows go along; where the short way would lose what the long way keeps, or keep what it loses, it isn't taken.
#[must_use]
pub fn condense(start: &State, ops: &[Op]) -> Vec<Op> {
    shorter(start, ops).unwrap_or_else(|| ops.to_vec())
}

fn shorter(start: &State, ops: &[Op]) -> Option<Vec<Op>> {
    let mut end = start.clone();
    replay(&mut end, ops).ok()?;
    let found = diff(start, &end, &renames(ops)?).ok()?;
    let mut reached = start.clone();
    replay(&mut reached, &found).ok()?;
    let risks = |ops: &[Op]| ops.iter().filter(|op| matches!(op.loss(), Loss::MayFail(_))).count();
    let is_same = reached == end && losses(&found).len() == losses(ops).len() && risks(&found) <= risks(ops);
    (is_same && found.len() <= ops.len()).then_some(found)
}

/// A thing by one of its names.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Thing {
    Enum(ObjectName),
    Value(ObjectName, Box<str>),
    Table(ObjectName),
    Member(ObjectName, Member, Name),
    View(ObjectName),
    Object(ObjectName),
}

/// What an operation does to names.
enum Effect {
    Created(Thing),
    Dropped(Thing),
    Renamed(Thing, Thing),
    /// Nothing.
    Kept,
}

/// What is called otherwise behind the operations than before them; `None` where a namespace is renamed, which moves all
/// that it holds.
#[must_use]
pub fn renames(ops: &[Op]) -> Option<Vec<Rename>> {
    let mut created: Vec<Thing> = Vec::new();
    // The thing as it was called at first, apart from what it lies in, and as it is called now.
    let mut moved: Vec<(Thing, Thing)> = Vec::new();
    for op in ops {
        match named(op)? {
            Effect::Kept => {}
            Effect::Created(thing) => created.push(thing),
            Effect::Dropped(thing) => {
                let is_gone = |other: &Thing| *other == thing || other.is_in(&thing);
                created.retain(|other| !is_gone(other));
                moved.retain(|(_, now)| !is_gone(now));
            }
            Effect::Renamed(from, to) => {
                let is_known = created.contains(&from) || moved.iter().any(|(_, now)| *now == from);
                let all = created.iter_mut().chain(moved.iter_mut().map(|(_, now)| now));
                all.for_each(|thing| thing.follow(&from, &to));
                if !is_known {
                    moved.push((from, to));
                }
            }
        }
    }
    Some(moved.into_iter().filter_map(|(first, now)| rename(first, now)).collect())
}

fn rename(first: Thing, now: Thing) -> Option<Rename> {
    Some(match (first, now) {
        (Thing::Enum(from), Thing::Enum(to)) if from != to => Rename::Enum { from, to },
        (Thing::Table(from), Thing::Table(to)) if from != to => Rename::Table { from, to },
        (Thing::View(from), Thing::View(to)) if from != to => Rename::View { from, to },
        (Thing::Object(from), Thing::Object(to)) if from != to => Rename::Object { from, to },
        (Thing::Value(_, from), Thing::Value(of, to)) if from != to => Rename::EnumValue { of, from, to },
        (Thing::Member(_, _, from), Thing::Member(of, member, to)) if from != to => {
            Rename::Member { of, member, from, to }
        }
        _ => return None,
    })
}

impl Thing {
    fn is_in(&self, outer: &Self) -> bool {
        match (self, outer) {
            (Self::Value(of, _), Self::Enum(outer)) | (Self::Member(of, ..), Self::Table(outer)) => {
                of == outer
            }
            _ => false,
        }
    }

    /// Takes the new name, if it or what it lies in is what is renamed.
    fn follow(&mut self, from: &Self, to: &Self) {
        if self == from {
            *self = to.clone();
            return;
        }
        match (self, from, to) {
            (Self::Value(of, _), Self::Enum(from), Self::Enum(to))
            | (Self::Member(of, ..), Self::Table(from), Self::Table(to))
                if of == from =>
            {
                *of = to.clone();
            }
            _ => {}
        }
    }
}

/// `None` for a namespace that is renamed.
fn named(op: &Op) -> Option<Effect> {
    fn of<T: Named>(edit: &Edit<T>, thing: impl Fn(T::Key) -> Thing) -> Effect {
        match edit {
            Edit::Create(item) => Effect::Created(thing(item.key().clone())),
            Edit::Drop(item) => Effect::Dropped(thing(item.key().clone())),
            Edit::Rename { from, to } => Effect::Renamed(thing(from.clone()), thing(to.clone())),
            Edit::Alter { from: _, to: _ } => Effect::Kept,
        }
    }
    let within = |table: &ObjectName, member: Member| {
        let table = table.clone();
        move |name: Name| Thing::Member(table.clone(), member, name)
    };
    Some(match op {
        Op::Namespace(Edit::Rename { .. }) => return None,
        Op::Namespace(_) | Op::Row { .. } => Effect::Kept,
        Op::Enum(edit) => of(edit, Thing::Enum),
        Op::View(edit) => of(edit, Thing::View),
        Op::Object(edit) => of(edit, Thing::Object),
        Op::EnumValue { of, from, to } => {
            let value = |value: &str| Thing::Value(of.clone(), value.into());
            Effect::Renamed(value(from), value(to))
        }
        Op::Table(TableEdit::Create(table)) => Effect::Created(Thing::Table(table.name.clone())),
        Op::Table(TableEdit::Drop(table)) => Effect::Dropped(Thing::Table(table.name.clone())),
        Op::Table(TableEdit::Rename { from, to }) => {
            Effect::Renamed(Thing::Table(from.clone()), Thing::Table(to.clone()))
        }
        Op::Table(TableEdit::Alter { table: _, from: _, to: _ }) => Effect::Kept,
        Op::Column { table, edit } => of(edit, within(table, Member::Column)),
        Op::PrimaryKey { table, edit } => of(edit, within(table, Member::PrimaryKey)),
        Op::Unique { table, edit } => of(edit, within(table, Member::Unique)),
        Op::ForeignKey { table, edit } => of(edit, within(table, Member::ForeignKey)),
        Op::Check { table, edit } => of(edit, within(table, Member::Check)),
        Op::Index { table, edit } => of(edit, within(table, Member::Index)),
    })
}
