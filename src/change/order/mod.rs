//! Puts operations into an order that works, from what each makes, needs, releases and removes; how they came
//! in doesn't matter. Foreign keys that close a cycle of tables are split off, no others.

mod cycle;
mod mention;
mod resource;
mod uses;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap, HashMap, HashSet};

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::{Edit, Op, TableEdit};
use crate::model::{EnumType, State};
use crate::name::ObjectName;
use resource::{Facts, Footprint, Resource};

/// For each object of a state that needs others: which of them have to be there before it. A word that can mean objects
/// in several namespaces means the one in the object's own.
#[must_use]
pub fn needs(state: &State) -> BTreeMap<ObjectName, BTreeSet<ObjectName>> {
    let empty = State::default();
    let facts = Facts::new(&empty, state);
    let tables = state.tables.iter().map(|table| {
        let said: Vec<&ObjectName> = table.foreign_keys.iter().map(|key| &key.table).collect();
        (&table.name, said, Op::Table(TableEdit::Create(Box::new(table.clone()))))
    });
    let views = state.views.iter().map(|view| {
        (&view.name, view.depends_on.iter().collect(), Op::View(Edit::Create(Box::new(view.clone()))))
    });
    let objects = state.objects.iter().map(|object| {
        (&object.name, object.depends_on.iter().collect(), Op::Object(Edit::Create(Box::new(object.clone()))))
    });
    let needs = tables.chain(views).chain(objects).map(|(name, said, op)| {
        let found = facts.footprint(&op).needs.into_iter().filter_map(|resource| match resource {
            Resource::Object(need) if need != *name => Some(need),
            _ => None,
        });
        let found: BTreeSet<ObjectName> = found.collect();
        let is_nearer = |need: &ObjectName| {
            let near = ObjectName { namespace: name.namespace.clone(), name: need.name.clone() };
            near != *need && found.contains(&near)
        };
        let meant = found.iter().filter(|need| said.contains(need) || !is_nearer(need));
        (name.clone(), meant.cloned().collect())
    });
    needs.collect()
}

/// Operations that wait for each other in a circle.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("these changes wait for each other: {}", .0.join(" → "))]
pub struct Cycle(pub Vec<String>);

/// Orders the operations that lead from one state to another. The order depends on the operations alone. In a
/// circle, what was guessed from the words of views is not held to, foreign keys don't wait for rows, what was guessed
/// from the words of tables is not held to either, and what carries no data goes and comes back instead of changing in
/// place.
///
/// # Errors
/// A circle that can't be broken.
pub fn order(ops: Vec<Op>, from: &State, to: &State) -> Result<Vec<Op>, Cycle> {
    let mut ops = cycle::split_foreign_keys(ops);
    let mut facts = Facts::new(from, to);
    loop {
        let footprints: Vec<Footprint> = ops.iter().map(|op| facts.footprint(op)).collect();
        let (followers, waiting) = edges(&footprints);
        let order = sequence(&ops, &followers, waiting);
        if order.len() == ops.len() {
            let mut ops: Vec<Option<Op>> = ops.into_iter().map(Some).collect();
            return Ok(order.into_iter().filter_map(|op| ops[op].take()).collect());
        }
        let circles = circles(&ops, &followers);
        let stuck: HashSet<usize> = circles.iter().flatten().copied().collect();
        let views = stuck.iter().filter_map(|op| match &ops[*op] {
            Op::View(edit) => Some(edit.key().clone()),
            _ => None,
        });
        if facts.stop_guessing(views) {
            continue;
        }
        let rows = stuck.iter().filter_map(|op| match &ops[*op] {
            Op::Row { table, .. } => Some(table.clone()),
            _ => None,
        });
        let tables = stuck.iter().filter_map(|op| table(&ops[*op]).cloned());
        if facts.let_rows_loose(rows) || facts.stop_guessing(tables) {
            continue;
        }
        let count = ops.len();
        ops = cycle::split_stuck(ops, &stuck, from);
        if ops.len() == count {
            return Err(described(&ops, &circles));
        }
    }
}

/// The table whose words an operation goes by.
fn table(op: &Op) -> Option<&ObjectName> {
    match op {
        Op::Table(TableEdit::Create(table) | TableEdit::Drop(table)) => Some(&table.name),
        Op::Column { table, .. } | Op::Check { table, .. } | Op::Index { table, .. } => Some(table),
        Op::Table(TableEdit::Alter { .. } | TableEdit::Rename { .. })
        | Op::PrimaryKey { .. }
        | Op::Unique { .. }
        | Op::ForeignKey { .. }
        | Op::Namespace(_)
        | Op::Enum(_)
        | Op::EnumValue { .. }
        | Op::View(_)
        | Op::Object(_)
        | Op::Row { .. } => None,
    }
}

/// The operations by index, each behind those that it waits for; those in a circle are left out. Nodes that are no
/// operations are passed by.
fn sequence(ops: &[Op], followers: &[Vec<usize>], mut waiting: Vec<usize>) -> Vec<usize> {
    let keys: Vec<(u8, String)> = ops.iter().map(|op| (rank(op), op.subject())).collect();
    let mut ready: BinaryHeap<_> =
        (0..ops.len()).filter(|op| waiting[*op] == 0).map(|op| Reverse((&keys[op], op))).collect();
    let mut order = Vec::with_capacity(ops.len());
    while let Some(Reverse((_, op))) = ready.pop() {
        order.push(op);
        let mut done = vec![op];
        while let Some(node) = done.pop() {
            for next in &followers[node] {
                waiting[*next] -= 1;
                match keys.get(*next) {
                    _ if waiting[*next] > 0 => {}
                    Some(key) => ready.push(Reverse((key, *next))),
                    None => done.push(*next),
                }
            }
        }
    }
    order
}

/// For each node those that must come after it, and how many must come before it. The operations come first; a node
/// behind them stands between all that remove one thing and all that make it.
fn edges(footprints: &[Footprint]) -> (Vec<Vec<usize>>, Vec<usize>) {
    let mut makers: HashMap<&Resource, Vec<usize>> = HashMap::new();
    let mut removers: HashMap<&Resource, Vec<usize>> = HashMap::new();
    for (op, footprint) in footprints.iter().enumerate() {
        footprint.makes.iter().for_each(|resource| makers.entry(resource).or_default().push(op));
        footprint.removes.iter().for_each(|resource| removers.entry(resource).or_default().push(op));
    }
    let mut followers = vec![Vec::new(); footprints.len()];
    for (op, footprint) in footprints.iter().enumerate() {
        for resource in &footprint.needs {
            makers.get(resource).into_iter().flatten().for_each(|maker| followers[*maker].push(op));
        }
        for resource in &footprint.releases {
            followers[op].extend(removers.get(resource).into_iter().flatten());
        }
    }
    for (resource, makers) in &makers {
        if let Some(removers) = removers.get(resource) {
            replace(removers, makers, &mut followers);
        }
    }
    let mut waiting = vec![0; followers.len()];
    for (node, list) in followers.iter_mut().enumerate() {
        list.sort_unstable();
        list.dedup();
        list.retain(|next| *next != node);
        list.iter().for_each(|next| waiting[*next] += 1);
    }
    (followers, waiting)
}

/// Puts those that remove a thing before those that make it. Rows are many: what does only one of the two waits for a
/// node between them and not for each other.
fn replace(removers: &[usize], makers: &[usize], followers: &mut Vec<Vec<usize>>) {
    let both: Vec<usize> = removers.iter().copied().filter(|op| makers.binary_search(op).is_ok()).collect();
    let without = |ops: &[usize]| -> Vec<usize> {
        ops.iter().copied().filter(|op| both.binary_search(op).is_err()).collect()
    };
    let (only_remove, only_make) = (without(removers), without(makers));
    for op in &both {
        followers[*op].extend(makers);
        only_remove.iter().for_each(|before| followers[*before].push(*op));
    }
    if only_remove.len() > 1 && only_make.len() > 1 {
        let between = followers.len();
        only_remove.iter().for_each(|before| followers[*before].push(between));
        followers.push(only_make);
    } else {
        only_remove.iter().for_each(|before| followers[*before].extend(&only_make));
    }
}

/// The operations that wait for each other, by index.
fn circles(ops: &[Op], followers: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let edges = followers.iter().enumerate().flat_map(|(op, list)| list.iter().map(move |next| (op, *next)));
    let mut graph: DiGraph<(), (), usize> = DiGraph::from_edges(edges);
    while graph.node_count() < followers.len() {
        graph.add_node(());
    }
    let circles = tarjan_scc(&graph).into_iter().filter(|nodes| nodes.len() > 1);
    let ops_of =
        |nodes: Vec<_>| nodes.into_iter().map(NodeIndex::index).filter(|op| *op < ops.len()).collect();
    circles.map(ops_of).collect()
}

/// The first circle, in words that don't depend on how the operations came in.
fn described(ops: &[Op], circles: &[Vec<usize>]) -> Cycle {
    let texts = circles.iter().map(|circle| {
        let mut texts: Vec<String> = circle.iter().map(|op| ops[*op].describe().to_string()).collect();
        texts.sort();
        texts
    });
    Cycle(texts.min().unwrap_or_default())
}

/// The phase of an operation: where nothing forces an order, what comes early here runs first. Things are made
/// before others go, so that a hook between the two finds both.
fn rank(op: &Op) -> u8 {
    match op {
        Op::Object(Edit::Create(object)) if mention::is_beneath_tables(object) => 7,
        Op::Object(Edit::Drop(object)) if mention::is_beneath_tables(object) => 17,
        Op::View(Edit::Drop(_)) | Op::Object(Edit::Drop(_)) => 1,
        Op::ForeignKey { edit: Edit::Drop(_), .. } => 2,
        Op::Check { edit: Edit::Drop(_), .. } => 3,
        Op::Unique { edit: Edit::Drop(_), .. } | Op::PrimaryKey { edit: Edit::Drop(_), .. } => 4,
        Op::Index { edit: Edit::Drop(_), .. } => 5,
        Op::Namespace(Edit::Create(_) | Edit::Alter { .. } | Edit::Rename { .. }) => 6,
        Op::Enum(Edit::Create(_) | Edit::Rename { .. }) | Op::EnumValue { .. } => 7,
        Op::Enum(Edit::Alter { from, to }) => {
            if keeps_values(from, to) {
                7
            } else {
                13
            }
        }
        Op::Table(TableEdit::Create(_) | TableEdit::Rename { .. }) => 8,
        Op::Table(TableEdit::Alter { .. }) => 9,
        Op::Column { edit: Edit::Create(_) | Edit::Rename { .. }, .. } => 10,
        Op::Column { edit: Edit::Alter { .. }, .. } => 11,
        Op::Row { edit, .. } if edit.goes() => 12,
        Op::Row { .. } => 14,
        Op::Column { edit: Edit::Drop(_), .. } => 15,
        Op::Table(TableEdit::Drop(_)) => 16,
        Op::Enum(Edit::Drop(_)) => 17,
        Op::PrimaryKey { .. } => 18,
        Op::Unique { .. } => 19,
        Op::Check { .. } => 20,
        Op::Index { .. } => 21,
        Op::ForeignKey { .. } => 22,
        Op::View(_) | Op::Object(_) => 23,
        Op::Namespace(Edit::Drop(_)) => 24,
    }
}

/// Whether an enum's change takes no value away, so that it can come before what uses the new ones.
fn keeps_values(from: &EnumType, to: &EnumType) -> bool {
    from.values.iter().all(|value| to.values.contains(value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::Name;

    #[test]
    fn what_many_remove_and_many_make_takes_few_edges() {
        let resource = || vec![Resource::Namespace(Name::new("a").unwrap())];
        let removes = || Footprint { removes: resource(), ..Footprint::default() };
        let makes = || Footprint { makes: resource(), ..Footprint::default() };
        let both = || Footprint { makes: resource(), ..removes() };
        let footprints: Vec<Footprint> = [makes(), removes(), both(), makes(), removes(), makes()].into();
        let (followers, waiting) = edges(&footprints);
        assert_eq!(followers, [vec![], vec![2, 6], vec![0, 3, 5], vec![], vec![2, 6], vec![], vec![0, 3, 5]]);
        assert_eq!(waiting, [2, 0, 2, 2, 0, 2, 2]);
        let op = |name: &str| {
            let namespace = crate::model::Namespace { name: Name::new(name).unwrap(), comment: None };
            Op::Namespace(Edit::Create(Box::new(namespace)))
        };
        let ops = ["a", "b", "c", "d", "e", "f"].map(op);
        assert_eq!(sequence(&ops, &followers, waiting), [1, 4, 2, 0, 3, 5]);
    }
}
