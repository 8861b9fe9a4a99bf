//! Views and raw objects that rest on something that gets another name. Their SQL speaks of the old name before and
//! of the new one after, so they go before the renames and come back behind them, and the way back works as well.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::{Edit, Op, TableEdit};
use crate::model::{RawObject, State};
use crate::name::ObjectName;

/// The operations that drop what rests on renamed things, in no particular order.
pub(super) fn drops(from: &State, renames: &[Op]) -> Vec<Op> {
    let (views, objects) = resting(from, touched(from, renames));
    let views = views.iter().filter_map(|name| from.views.get(name));
    let views = views.map(|view| Op::View(Edit::Drop(Box::new(view.clone()))));
    let objects = objects.iter().filter_map(|name| from.objects.get(name));
    views.chain(objects.map(|object| Op::Object(Edit::Drop(Box::new(object.clone()))))).collect()
}

/// The views and the raw objects without rows that rest on these things, directly or through others.
pub(super) fn resting(from: &State, mut touched: BTreeSet<ObjectName>) -> (Vec<ObjectName>, Vec<ObjectName>) {
    if touched.is_empty() {
        return (Vec::new(), Vec::new());
    }
    let views: Vec<ObjectName> =
        from.views_over(&touched).into_iter().map(|view| view.name.clone()).collect();
    touched.extend(views.iter().cloned());
    let mut objects: Vec<ObjectName> = Vec::new();
    // What holds rows stays where it is: to create it anew would lose them.
    let mut left = from.objects.sorted();
    left.retain(|object| object.holds_no_rows());
    loop {
        let rests = |object: &&RawObject| object.depends_on.iter().any(|name| touched.contains(name));
        let (next, others): (Vec<_>, Vec<_>) = left.into_iter().partition(rests);
        if next.is_empty() {
            return (views, objects);
        }
        touched.extend(next.iter().map(|object| object.name.clone()));
        objects.extend(next.into_iter().map(|object| object.name.clone()));
        left = others;
    }
}

/// The relations and enums that get another name, or whose columns or values do, by their names before.
fn touched(from: &State, renames: &[Op]) -> BTreeSet<ObjectName> {
    let known = from.tables.keys().chain(from.views.keys()).chain(from.enums.keys());
    // By the name that it has at this point: the name that it had at first.
    let mut names: BTreeMap<ObjectName, ObjectName> =
        known.map(|name| (name.clone(), name.clone())).collect();
    let mut touched = BTreeSet::new();
    let mut moves = |from: &ObjectName, to: &ObjectName, names: &mut BTreeMap<ObjectName, ObjectName>| {
        if let Some(first) = names.remove(from) {
            touched.insert(first.clone());
            names.insert(to.clone(), first);
        }
    };
    for op in renames {
        match op {
            Op::Namespace(Edit::Rename { from, to }) => {
                let inside: Vec<ObjectName> =
                    names.keys().filter(|name| name.namespace.as_ref() == Some(from)).cloned().collect();
                for name in inside {
                    moves(&name, &ObjectName::qualified(to.clone(), name.name.clone()), &mut names);
                }
            }
            Op::Enum(Edit::Rename { from, to })
            | Op::Table(TableEdit::Rename { from, to })
            | Op::View(Edit::Rename { from, to }) => moves(from, to, &mut names),
            Op::Column { table, edit: Edit::Rename { .. } } | Op::EnumValue { of: table, .. } => {
                moves(table, table, &mut names);
            }
            _ => {}
        }
    }
    touched
}
