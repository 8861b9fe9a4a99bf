//! Keys, constraints and indexes: like other things by name, but what is equal under another name is renamed
//! without a question, since no data is at stake.

use crate::change::Edit;
use crate::model::{Collection, Named, PrimaryKey};
use crate::name::Name;

use super::object;

/// The edits that lead from one collection to another; a drop and a create of the same definition are a rename.
pub(super) fn compare<T: Named<Key = Name> + Clone + PartialEq>(
    from: &Collection<T>,
    to: &Collection<T>,
) -> impl Iterator<Item = Edit<T>> {
    let mut gone: Vec<&T> = from.sorted().into_iter().filter(|item| !to.contains(item.key())).collect();
    let mut renames = Vec::new();
    for item in to.sorted().into_iter().filter(|item| !from.contains(item.key())) {
        if let Some(at) = gone.iter().position(|before| same_but_name(*before, item)) {
            renames.push((gone.remove(at).key().clone(), item.key().clone()));
        }
    }
    let edits: Vec<Edit<T>> = object::compare(from, to)
        .filter(|edit| match edit {
            Edit::Create(item) => !renames.iter().any(|(_, to)| to == item.key()),
            Edit::Drop(item) => !renames.iter().any(|(from, _)| from == item.key()),
            Edit::Alter { .. } | Edit::Rename { .. } => true,
        })
        .collect();
    renames.into_iter().map(|(from, to)| Edit::Rename { from, to }).chain(edits)
}

fn same_but_name<T: Named + Clone + PartialEq>(a: &T, b: &T) -> bool {
    let mut a = a.clone();
    a.set_key(b.key().clone());
    a == *b
}

/// The edits that lead from one primary key to another.
pub(super) fn primary_key(
    from: Option<&PrimaryKey>,
    to: Option<&PrimaryKey>,
) -> impl Iterator<Item = Edit<PrimaryKey>> {
    let edits = match (from, to) {
        (None, None) => vec![],
        (None, Some(to)) => vec![Edit::Create(Box::new(to.clone()))],
        (Some(from), None) => vec![Edit::Drop(Box::new(from.clone()))],
        (Some(from), Some(to)) if from == to => vec![],
        (Some(from), Some(to)) if from.name == to.name => {
            vec![Edit::Alter { from: Box::new(from.clone()), to: Box::new(to.clone()) }]
        }
        (Some(from), Some(to)) if same_but_name(from, to) => {
            vec![Edit::Rename { from: from.name.clone(), to: to.name.clone() }]
        }
        (Some(from), Some(to)) => {
            vec![Edit::Drop(Box::new(from.clone())), Edit::Create(Box::new(to.clone()))]
        }
    };
    edits.into_iter()
}
