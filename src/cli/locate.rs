//! Points a dialect's refusal at the schema file: dialects know states, not files, and name what they refuse in
//! backticks.

use crate::diagnostic::Diagnostic;
use crate::model::{Member, Place, State};
use crate::syntax::{Parsed, Places, Spot};

/// Adds the place of the thing that a diagnostic without a place names.
pub(crate) fn locate(mut diagnostic: Diagnostic, parsed: &Parsed) -> Diagnostic {
    if diagnostic.labels.is_empty() {
        let parts: Vec<&str> = diagnostic.message.split('`').collect();
        let words = parts.iter().skip(1).step_by(2);
        // A name within a table can be that of something in another table as well.
        let owned = parts.windows(3).find_map(|three| match three {
            [member, " of ", table] => {
                parsed.places.get(&within(table, member, &parsed.state, &parsed.places)?)
            }
            _ => None,
        });
        if let Some(spot) = owned.or_else(|| words.filter_map(|word| spot(word, parsed)).next()) {
            diagnostic = diagnostic.at(spot.head, "");
        }
    }
    diagnostic
}

fn spot(word: &str, Parsed { state, renames: _, places }: &Parsed) -> Option<Spot> {
    top_level(word, state)
        .or_else(|| {
            let (table, member) = word.rsplit_once('.')?;
            within(table, member, state, places)
        })
        .or_else(|| named(word, state))
        .and_then(|place| places.get(&place))
}

fn top_level(word: &str, state: &State) -> Option<Place> {
    let table = state.tables.keys().find(|name| name.to_string() == word).cloned().map(Place::Table);
    let others = || {
        let item = state.enums.keys().find(|name| name.to_string() == word).cloned().map(Place::Enum);
        let view = || state.views.keys().find(|name| name.to_string() == word).cloned().map(Place::View);
        let object =
            || state.objects.keys().find(|name| name.to_string() == word).cloned().map(Place::Object);
        item.or_else(view).or_else(object)
    };
    table.or_else(others)
}

/// A member by its table's name and its own.
fn within(table: &str, member: &str, state: &State, places: &Places) -> Option<Place> {
    let table = state.tables.iter().find(|item| item.name.to_string() == table)?;
    let kinds = [
        (Member::Column, table.columns.keys().find(|name| name.as_str() == member)),
        (Member::Unique, table.uniques.keys().find(|name| name.as_str() == member)),
        (Member::ForeignKey, table.foreign_keys.keys().find(|name| name.as_str() == member)),
        (Member::Check, table.checks.keys().find(|name| name.as_str() == member)),
        (Member::Index, table.indexes.keys().find(|name| name.as_str() == member)),
    ];
    let place = |(kind, name): (Member, Option<&crate::name::Name>)| {
        Some(Place::Member(table.name.clone(), kind, name?.clone()))
    };
    kinds.into_iter().filter_map(place).find(|place| places.get(place).is_some())
}

/// A constraint or index by its name alone.
fn named(word: &str, state: &State) -> Option<Place> {
    state.tables.iter().find_map(|table| {
        let of = |kind, has: bool| {
            let name = crate::name::Name::new(word).ok().filter(|_| has)?;
            Some(Place::Member(table.name.clone(), kind, name))
        };
        let has = |mut names: Box<dyn Iterator<Item = &crate::name::Name> + '_>| {
            names.any(|name| name.as_str() == word)
        };
        of(Member::Index, has(Box::new(table.indexes.keys())))
            .or_else(|| of(Member::Unique, has(Box::new(table.uniques.keys()))))
            .or_else(|| of(Member::ForeignKey, has(Box::new(table.foreign_keys.keys()))))
            .or_else(|| of(Member::Check, has(Box::new(table.checks.keys()))))
    })
}
