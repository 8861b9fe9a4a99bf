//! Foreign keys of new and of dropped tables that close a cycle become operations of their own.

use std::collections::{HashMap, HashSet};

use petgraph::algo::{greedy_feedback_arc_set, tarjan_scc};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

use crate::change::{Edit, Op, TableEdit};
use crate::model::{ForeignKey, Table};
use crate::name::{Name, ObjectName};

pub(super) fn split_foreign_keys(ops: Vec<Op>) -> Vec<Op> {
    let created = closing(ops.iter().filter_map(|op| match op {
        Op::Table(TableEdit::Create(table)) => Some(&**table),
        _ => None,
    }));
    let dropped = closing(ops.iter().filter_map(|op| match op {
        Op::Table(TableEdit::Drop(table)) => Some(&**table),
        _ => None,
    }));
    if created.is_empty() && dropped.is_empty() {
        return ops;
    }
    let mut split = Vec::with_capacity(ops.len());
    for op in ops {
        match op {
            Op::Table(TableEdit::Create(mut table)) => {
                let keys = take(&mut table, &created);
                split.extend(edits(&table.name, keys, Edit::Create));
                split.push(Op::Table(TableEdit::Create(table)));
            }
            Op::Table(TableEdit::Drop(mut table)) => {
                let keys = take(&mut table, &dropped);
                split.extend(edits(&table.name, keys, Edit::Drop));
                split.push(Op::Table(TableEdit::Drop(table)));
            }
            op => split.push(op),
        }
    }
    split
}

fn edits(
    table: &ObjectName,
    keys: Vec<ForeignKey>,
    edit: fn(Box<ForeignKey>) -> Edit<ForeignKey>,
) -> impl Iterator<Item = Op> {
    keys.into_iter().map(move |key| Op::ForeignKey { table: table.clone(), edit: edit(Box::new(key)) })
}

fn take(table: &mut Table, closing: &HashSet<(ObjectName, Name)>) -> Vec<ForeignKey> {
    let names: Vec<Name> = table.foreign_keys.keys().cloned().collect();
    let names = names.into_iter().filter(|name| closing.contains(&(table.name.clone(), name.clone())));
    names.filter_map(|name| table.foreign_keys.remove(&name)).collect()
}

/// The foreign keys without which no table of the set refers to itself through others; only those inside a
/// cycle are looked at.
fn closing<'a>(tables: impl Iterator<Item = &'a Table>) -> HashSet<(ObjectName, Name)> {
    let mut tables: Vec<&Table> = tables.collect();
    tables.sort_unstable_by(|a, b| a.name.cmp(&b.name));
    let mut graph: DiGraph<(), &Name> = DiGraph::new();
    let nodes: HashMap<&ObjectName, NodeIndex> =
        tables.iter().map(|table| (&table.name, graph.add_node(()))).collect();
    for table in &tables {
        for key in table.foreign_keys.sorted() {
            if key.table != table.name
                && let (Some(from), Some(to)) = (nodes.get(&table.name), nodes.get(&key.table))
            {
                graph.add_edge(*from, *to, &key.name);
            }
        }
    }
    let mut closing = HashSet::new();
    for circle in tarjan_scc(&graph).into_iter().filter(|nodes| nodes.len() > 1) {
        let inside: HashSet<NodeIndex> = circle.into_iter().collect();
        let part = graph.filter_map(|node, ()| inside.contains(&node).then_some(node), |_, name| Some(*name));
        for edge in greedy_feedback_arc_set(&part) {
            let table = tables[part[edge.source()].index()];
            closing.insert((table.name.clone(), (*edge.weight()).clone()));
        }
    }
    closing
}
