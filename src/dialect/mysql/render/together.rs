//! Changes that a server takes in one statement alone.

use super::super::types::MyType;
use super::change::{Change, Key};
use super::difference::keys;
use super::relied::columns as over;
use crate::model::{Collection, EnumType, KeyPart, Table};
use crate::name::Name;

/// Puts into one statement what the server takes in no other way: a column that numbers itself, and the keys that it is
/// part of; a column that is nothing for a primary key from now on, and the one that it leaves.
pub(super) fn together(changes: Vec<Change>, before: &Table, enums: &Collection<EnumType>) -> Vec<Change> {
    let primary = before.primary_key.as_ref().map(|key| key.columns.as_slice()).unwrap_or_default();
    let numbered = |change: &Change| turns(change, before, primary, enums);
    let columns: Vec<Name> = changes.iter().filter_map(numbered).collect();
    let has = |column: Option<&Name>| column.is_some_and(|column| columns.contains(column));
    let begins_with = |name: &Name| {
        let key = keys(before).into_iter().find(|key| key.name() == name);
        key.is_some_and(|key| has(first_column(&key)))
    };
    let is_key = |change: &Change| match change {
        Change::AddPrimaryKey(key) => key.columns.iter().any(|name| has(Some(name))),
        Change::ReplacePrimaryKey(key) => {
            has(key.columns.first()) || primary.iter().any(|name| has(Some(name)))
        }
        Change::DropPrimaryKey => primary.iter().any(|name| has(Some(name))),
        Change::AddKey(key) => over(key).iter().any(|name| has(Some(name))),
        Change::ReplaceKey(key) => has(first_column(key)) || begins_with(key.name()),
        Change::DropKey(name) => begins_with(name),
        _ => false,
    };
    let mut rest = Vec::new();
    let mut joined = Vec::new();
    let mut place = 0;
    for change in changes {
        if numbered(&change).is_some() || is_key(&change) {
            // Other columns of a key come before it.
            place = rest.len();
            joined.push(change);
        } else {
            rest.push(change);
        }
    }
    match joined.len() {
        0 => {}
        1 => rest.insert(place, joined.remove(0)),
        _ => rest.insert(place, Change::Together(joined)),
    }
    rest
}

/// The column that numbers the rows from now on, or no more, or that is no part of the primary key any more because it may
/// be NULL, is too long for a key, or is computed.
fn turns(change: &Change, before: &Table, primary: &[Name], enums: &Collection<EnumType>) -> Option<Name> {
    match change {
        Change::AddColumn(column) => column.identity.map(|_| column.name.clone()),
        Change::SetColumn { from, to } => {
            let is_long = MyType::of(&to.ty.common, enums).is_long();
            let opens = !from.nullable && to.nullable;
            let leaves = primary.contains(&from.name) && (is_long || opens || to.generated.is_some());
            (leaves || from.identity.is_some() != to.identity.is_some()).then(|| to.name.clone())
        }
        Change::ReplaceColumn(column) => {
            (primary.contains(&column.name) && column.generated.is_some()).then(|| column.name.clone())
        }
        Change::DropColumn(name) => {
            before.columns.get(name).and_then(|column| column.identity).map(|_| name.clone())
        }
        Change::Together(changes) => changes.iter().find_map(|change| turns(change, before, primary, enums)),
        _ => None,
    }
}

/// The column that a key begins with.
pub(super) fn first_column(key: &Key) -> Option<&Name> {
    match key {
        Key::Unique(unique) => unique.columns.first(),
        Key::Index(index) => index.keys.first().and_then(|key| match &key.on {
            KeyPart::Column(name) => Some(name),
            KeyPart::Expression(_) => None,
        }),
    }
}
