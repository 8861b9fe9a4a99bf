//! What one side says in SQL about a column or a table that the other side drops. Merged thing by thing, the text would
//! speak of what isn't there, which no database creates; so somebody has to decide before.

use std::collections::{BTreeMap, BTreeSet};

use super::mix::Thing;
use super::{Choice, Conflict, Side};
use crate::model::{Collection, KeyPart, Member, Named, Place, SqlText, State};
use crate::name::{Name, ObjectName};
use crate::sql::{Mention, Rules, identifiers, mention_of_column};

/// Brings both sides to what is decided: the column stays, or what uses it is as on the side that drops it.
///
/// What nobody has decided on is given back.
pub(super) fn settle(
    base: &State,
    ours: &mut State,
    theirs: &mut State,
    choice: Choice<'_>,
) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    for side in [Side::Ours, Side::Theirs] {
        let (user, dropper) = match side {
            Side::Ours => (&mut *ours, &mut *theirs),
            Side::Theirs => (&mut *theirs, &mut *ours),
        };
        for (column, mut users) in uses(base, user, dropper) {
            let gives_way = |place: &Place| choice(place) == Some(side.other());
            users.retain(|place| {
                let stays = !gives_way(place) && !gives_way(&column);
                if !stays {
                    take(user, dropper, place);
                }
                stays
            });
            if choice(&column) == Some(side) {
                take(dropper, user, &column);
            } else if !users.is_empty() {
                let written: Vec<String> = users.iter().filter_map(|place| text(user, place)).collect();
                let conflict = Conflict {
                    base: text(base, &column),
                    ours: Some(written.join("\n")),
                    theirs: None,
                    place: column,
                    attributes: Vec::new(),
                    users,
                };
                conflicts.push(if side == Side::Ours { conflict } else { conflict.swapped() });
            }
        }
    }
    conflicts
}

/// The columns that one side drops, with the things whose SQL names them since the other side wrote it.
fn uses(base: &State, user: &State, dropper: &State) -> BTreeMap<Place, Vec<Place>> {
    let dropped = base.tables.iter().flat_map(|table| {
        let (mine, others) = (user.tables.get(&table.name), dropper.tables.get(&table.name));
        let is_dropped = move |name: &&Name| {
            mine.zip(others)
                .is_some_and(|(mine, others)| mine.columns.contains(name) && !others.columns.contains(name))
        };
        table.columns.keys().filter(is_dropped).map(|column| (&table.name, column))
    });
    let dropped: Vec<(&ObjectName, &Name)> = dropped.collect();
    let is_gone = |name: &&ObjectName| user.tables.contains(name) && !dropper.tables.contains(name);
    let gone: Vec<&ObjectName> = base.tables.keys().filter(is_gone).collect();
    let mut found: BTreeMap<Place, Vec<Place>> = BTreeMap::new();
    if dropped.is_empty() && gone.is_empty() {
        return found;
    }
    let (before, others) = (texts(base), texts(dropper));
    for (place, texts) in texts(user) {
        if before.get(&place) == Some(&texts) || others.get(&place) == Some(&texts) {
            continue;
        }
        for (table, column) in &dropped {
            if names_column(user, &place, &texts, table, column) {
                let column = Place::Member((*table).clone(), Member::Column, (*column).clone());
                found.entry(column).or_default().push(place.clone());
            }
        }
        if let Some(words) = Words::of(user, &place, &texts) {
            for table in gone.iter().filter(|table| words.are_about(table)) {
                found.entry(Place::Table((*table).clone())).or_default().push(place.clone());
            }
        }
    }
    found
}

/// The words of a view or an object, and what it says that it rests on.
struct Words<'s> {
    of: &'s ObjectName,
    words: BTreeSet<String>,
    depends_on: &'s [ObjectName],
}

impl<'s> Words<'s> {
    fn of(state: &'s State, place: &'s Place, texts: &[&str]) -> Option<Self> {
        let (of, depends_on) = match place {
            Place::View(name) => (name, &state.views.get(name)?.depends_on),
            Place::Object(name) => (name, &state.objects.get(name)?.depends_on),
            Place::Member(..)
            | Place::Namespace(_)
            | Place::Enum(_)
            | Place::Table(_)
            | Place::Data(_)
            | Place::Row(..) => return None,
        };
        let words = texts.iter().flat_map(|text| identifiers(text, &Rules::SHARED));
        let words = words.filter(|word| !word.reserved).map(|word| word.name.to_lowercase());
        Some(Self { of, words: words.collect(), depends_on })
    }

    /// Whether they may be about a relation.
    fn are_about(&self, relation: &ObjectName) -> bool {
        relation != self.of
            && (self.words.contains(&relation.name.as_str().to_lowercase())
                || self.depends_on.contains(relation))
    }
}

/// The SQL of a state.
fn texts(state: &State) -> BTreeMap<Place, Vec<&str>> {
    let mut all: Vec<(Place, &SqlText)> = Vec::new();
    for table in &state.tables {
        let place = |member, name: &Name| Place::Member(table.name.clone(), member, name.clone());
        for column in &table.columns {
            let text = column.generated.as_ref().map(|generated| &generated.expression);
            all.extend(text.map(|text| (place(Member::Column, &column.name), text)));
        }
        for check in &table.checks {
            all.push((place(Member::Check, &check.name), &check.expression));
        }
        for index in &table.indexes {
            let keys = index.keys.iter().filter_map(|key| match &key.on {
                KeyPart::Expression(text) => Some(text),
                KeyPart::Column(_) => None,
            });
            let texts = keys.chain(&index.predicate);
            all.extend(texts.map(|text| (place(Member::Index, &index.name), text)));
        }
    }
    all.extend(state.views.iter().map(|view| (Place::View(view.name.clone()), &view.query)));
    all.extend(state.objects.iter().map(|object| (Place::Object(object.name.clone()), &object.create)));
    let mut texts: BTreeMap<Place, Vec<&str>> = BTreeMap::new();
    for (place, text) in all {
        texts.entry(place).or_default().extend(text.values().map(|text| &**text));
    }
    texts
}

/// Whether SQL at a place names a column. Where it is about several relations, a name without a table in front is this
/// column's if it can be no other's.
fn names_column(state: &State, place: &Place, texts: &[&str], table: &ObjectName, column: &Name) -> bool {
    let mention = |text: &&str| mention_of_column(text, table.name.as_str(), column.as_str(), &Rules::SHARED);
    if let Place::Member(of, ..) = place {
        return of == table && texts.iter().any(|text| mention(text).is_some());
    }
    let Some(words) = Words::of(state, place, texts) else { return false };
    let is_about = |relation: &ObjectName| words.are_about(relation);
    let is_others = state.views.keys().any(is_about)
        || state
            .tables
            .iter()
            .any(|other| other.name != *table && other.columns.contains(column) && is_about(&other.name));
    is_about(table)
        && texts.iter().any(|text| match mention(text) {
            Some(Mention::Qualified) => true,
            Some(Mention::Bare) => !is_others,
            None => false,
        })
}

/// What stands at a place, in the schema language.
fn text(state: &State, place: &Place) -> Option<String> {
    match place {
        Place::Member(of, member, name) => {
            let table = state.tables.get(of)?;
            match member {
                Member::Column => table.columns.get(name).map(|column| column.text(of)),
                Member::Check => table.checks.get(name).map(|check| check.text(of)),
                Member::Index => table.indexes.get(name).map(|index| index.text(of)),
                Member::PrimaryKey | Member::Unique | Member::ForeignKey => None,
            }
        }
        Place::View(name) => state.views.get(name).map(|view| view.text(&())),
        Place::Object(name) => state.objects.get(name).map(|object| object.text(&())),
        Place::Table(name) => state.tables.get(name).map(|table| table.text(&())),
        Place::Namespace(_) | Place::Enum(_) | Place::Data(_) | Place::Row(..) => None,
    }
}

/// Brings what stands at a place to how it is in another state.
fn take(to: &mut State, from: &State, place: &Place) {
    match place {
        Place::Member(of, member, name) => {
            let (Some(to), Some(from)) = (to.tables.get_mut(of), from.tables.get(of)) else { return };
            match member {
                Member::Column => take_one(&mut to.columns, &from.columns, name),
                Member::Check => take_one(&mut to.checks, &from.checks, name),
                Member::Index => take_one(&mut to.indexes, &from.indexes, name),
                Member::PrimaryKey | Member::Unique | Member::ForeignKey => {}
            }
        }
        Place::View(name) => take_one(&mut to.views, &from.views, name),
        Place::Object(name) => take_one(&mut to.objects, &from.objects, name),
        Place::Table(name) => {
            take_one(&mut to.tables, &from.tables, name);
            take_one(&mut to.data, &from.data, name);
        }
        Place::Namespace(_) | Place::Enum(_) | Place::Data(_) | Place::Row(..) => {}
    }
}

fn take_one<T: Named + Clone>(to: &mut Collection<T>, from: &Collection<T>, name: &T::Key) {
    match from.get(name) {
        Some(item) => drop(to.replace(item.clone())),
        None => drop(to.remove(name)),
    }
}
