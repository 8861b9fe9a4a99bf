//! The names of raw objects: the database's own where only one object has it, otherwise with the kind behind it.

use std::collections::{HashMap, HashSet};

use crate::dialect::postgres::inspect::build::Draft;
use crate::model::State;
use crate::name::{Name, ObjectName};

/// Gives all drafts names that no table, view, enum or other raw object has. The same drafts get the same names,
/// whatever their order.
pub(super) fn settle(mut drafts: Vec<Draft>, state: &State) -> Vec<Draft> {
    drafts.sort_by(|a, b| (&a.name, a.kind, &a.key).cmp(&(&b.name, b.kind, &b.key)));
    let mut wanted: HashMap<ObjectName, usize> = HashMap::new();
    for draft in &drafts {
        *wanted.entry(draft.name.clone()).or_default() += 1;
    }
    let foreign = state.tables.keys().chain(state.views.keys()).chain(state.enums.keys());
    let mut taken: HashSet<ObjectName> = foreign.cloned().collect();
    let is_free = |name: &ObjectName, taken: &HashSet<ObjectName>| !taken.contains(name) && wanted[name] == 1;
    let (free, others): (Vec<usize>, Vec<usize>) =
        (0..drafts.len()).partition(|at| is_free(&drafts[*at].name, &taken));
    taken.extend(free.into_iter().map(|at| drafts[at].name.clone()));
    for at in others {
        let draft = &mut drafts[at];
        let kind = draft.kind.replace(' ', "_");
        let base = [draft.name.name.as_str(), "_", &kind].concat();
        let numbered = (2..).map(|number| format!("{base}_{number}"));
        let names = std::iter::once(base.clone()).chain(numbered).filter_map(|name| Name::new(name).ok());
        let mut names = names.map(|name| draft.name.sibling(name));
        draft.name = names.find(|name| !taken.contains(name)).expect("numbers don't end");
        taken.insert(draft.name.clone());
    }
    drafts
}
