//! The generic comparison by name, and what is special to enums.

use crate::change::Edit;
use crate::model::{Collection, EnumType, Named};

/// The edits that lead from one collection to another, by name.
pub(super) fn compare<'a, T: Named + Clone + PartialEq>(
    from: &'a Collection<T>,
    to: &'a Collection<T>,
) -> impl Iterator<Item = Edit<T>> + 'a {
    let present = to.iter().filter_map(|item| match from.get(item.key()) {
        None => Some(Edit::Create(Box::new(item.clone()))),
        Some(before) if before == item => None,
        Some(before) => Some(Edit::Alter { from: Box::new(before.clone()), to: Box::new(item.clone()) }),
    });
    let gone = from.iter().filter(|item| !to.contains(item.key()));
    present.chain(gone.map(|item| Edit::Drop(Box::new(item.clone()))))
}

/// Splits an enum's change that adds and removes values in two, so that a hook between them can move rows from
/// the old values to the new ones.
pub(super) fn split_enum(edit: Edit<EnumType>) -> Vec<Edit<EnumType>> {
    let Edit::Alter { from, to } = &edit else { return vec![edit] };
    let added = to.values.iter().any(|value| !from.values.contains(value));
    let removed = from.values.iter().any(|value| !to.values.contains(value));
    if !(added && removed) {
        return vec![edit];
    }
    let both = Box::new(EnumType { values: union(from, to), ..(**to).clone() });
    vec![Edit::Alter { from: from.clone(), to: both.clone() }, Edit::Alter { from: both, to: to.clone() }]
}

/// The old values with each new one behind the value that it follows in the new order.
fn union(from: &EnumType, to: &EnumType) -> Vec<Box<str>> {
    let mut values = from.values.clone();
    for (index, value) in to.values.iter().enumerate() {
        if values.contains(value) {
            continue;
        }
        let before = index.checked_sub(1).and_then(|index| to.values.get(index));
        let at = before.and_then(|before| values.iter().position(|other| other == before));
        values.insert(at.map_or(0, |at| at + 1), value.clone());
    }
    values
}
