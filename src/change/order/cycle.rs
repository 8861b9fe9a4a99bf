//! Ways out of a cycle: foreign keys of new and of dropped tables become operations of their own, and what carries
//! no data is dropped and created instead of altered.

use std::collections::{BTreeSet, HashMap, HashSet};

use petgraph::algo::{greedy_feedback_arc_set, tarjan_scc};
use petgraph::graph::{DiGraph, NodeIndex};
use petgraph::visit::EdgeRef;

use crate::change::{Edit, Op, TableEdit};
use crate::model::{ForeignKey, Named, RawObject, State, Table};
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

/// The operations with those that are stuck split, and so that whatever rests on a view that goes and comes back
/// does the same.
pub(super) fn split_stuck(ops: Vec<Op>, stuck: &HashSet<usize>, from: &State) -> Vec<Op> {
    let altered = stuck.iter().filter_map(|index| match &ops[*index] {
        Op::View(Edit::Alter { from, .. }) => Some(from.name.clone()),
        _ => None,
    });
    let mut left: BTreeSet<ObjectName> = altered.collect();
    let over: Vec<ObjectName> = from.views_over(&left).into_iter().map(|view| view.name.clone()).collect();
    left.extend(over);
    let rests = |object: &&RawObject| {
        object.holds_no_rows() && object.depends_on.iter().any(|name| left.contains(name))
    };
    let objects: Vec<ObjectName> =
        from.objects.iter().filter(rests).map(|object| object.name.clone()).collect();
    left.extend(objects);
    let mut split = Vec::with_capacity(ops.len());
    for (index, op) in ops.into_iter().enumerate() {
        let rests = match &op {
            Op::View(edit) => left.remove(edit.key()),
            Op::Object(edit) => left.remove(edit.key()),
            _ => false,
        };
        if rests || stuck.contains(&index) {
            split.extend(split_op(op, from));
        } else {
            split.push(op);
        }
    }
    for name in left {
        if let Some(view) = from.views.get(&name) {
            split.push(Op::View(Edit::Drop(Box::new(view.clone()))));
            split.push(Op::View(Edit::Create(Box::new(view.clone()))));
        } else if let Some(object) = from.objects.get(&name) {
            split.push(Op::Object(Edit::Drop(Box::new(object.clone()))));
            split.push(Op::Object(Edit::Create(Box::new(object.clone()))));
        }
    }
    split
}

/// The alter of something without data, and the rename of an index or a key, as a drop and a create; any other
/// operation as it is.
fn split_op(op: Op, from: &State) -> Vec<Op> {
    match op {
        Op::PrimaryKey { table, edit } => {
            let known = from.tables.get(&table).and_then(|table| table.primary_key.clone());
            split(edit, known, |edit| Op::PrimaryKey { table: table.clone(), edit })
        }
        Op::Unique { table, edit } => {
            let known = from.tables.get(&table).and_then(|table| table.uniques.get(edit.key()).cloned());
            split(edit, known, |edit| Op::Unique { table: table.clone(), edit })
        }
        Op::Index { table, edit } => {
            let known = from.tables.get(&table).and_then(|table| table.indexes.get(edit.key()).cloned());
            split(edit, known, |edit| Op::Index { table: table.clone(), edit })
        }
        Op::ForeignKey { table, edit } => {
            let known = from.tables.get(&table).and_then(|table| table.foreign_keys.get(edit.key()).cloned());
            split(edit, known, |edit| Op::ForeignKey { table: table.clone(), edit })
        }
        Op::Check { table, edit } => {
            let known = from.tables.get(&table).and_then(|table| table.checks.get(edit.key()).cloned());
            split(edit, known, |edit| Op::Check { table: table.clone(), edit })
        }
        Op::View(edit) => split(edit, None, Op::View),
        Op::Object(edit) => split(edit, None, Op::Object),
        Op::Namespace(_) | Op::Enum(_) | Op::EnumValue { .. } => vec![op],
        Op::Table(_) | Op::Column { .. } | Op::Row { .. } => vec![op],
    }
}

/// Splits an edit; a rename needs to know what is renamed.
fn split<T: Named + Clone>(edit: Edit<T>, known: Option<T>, op: impl Fn(Edit<T>) -> Op) -> Vec<Op> {
    match (edit, known) {
        (Edit::Alter { from, to }, _) => vec![op(Edit::Drop(from)), op(Edit::Create(to))],
        (Edit::Rename { to, .. }, Some(before)) => {
            let mut after = before.clone();
            after.set_key(to);
            vec![op(Edit::Drop(Box::new(before))), op(Edit::Create(Box::new(after)))]
        }
        (edit @ (Edit::Create(_) | Edit::Drop(_) | Edit::Rename { .. }), _) => vec![op(edit)],
    }
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
