//! Reference rows.

use std::collections::BTreeMap;

use crate::change::{Op, RowEdit};
use crate::model::{DataSet, Row, State, Value};

/// The operations that lead from one state's reference rows to another's. Where the key's columns change, all
/// rows go and come again.
pub(super) fn compare(from: &State, to: &State, ops: &mut Vec<Op>) {
    let none = BTreeMap::new();
    for data in &to.data {
        match from.data.get(&data.name) {
            Some(before) if before.key == data.key => rows(data, &before.rows, &data.rows, ops),
            Some(before) => {
                rows(before, &before.rows, &none, ops);
                rows(data, &none, &data.rows, ops);
            }
            None => rows(data, &none, &data.rows, ops),
        }
    }
    for data in from.data.iter().filter(|data| !to.data.contains(&data.name)) {
        rows(data, &data.rows, &none, ops);
    }
}

fn rows(data: &DataSet, from: &BTreeMap<Vec<Value>, Row>, to: &BTreeMap<Vec<Value>, Row>, ops: &mut Vec<Op>) {
    let mut push = |edit| ops.push(Op::Row { table: data.name.clone(), key: data.key.clone(), edit });
    for (key, row) in from.iter().filter(|(key, _)| !to.contains_key(*key)) {
        debug_assert_eq!(row.key(&data.key).as_ref(), Some(key));
        push(RowEdit::Delete(row.clone()));
    }
    for (key, row) in to {
        match from.get(key) {
            None => push(RowEdit::Insert(row.clone())),
            Some(before) if before == row => {}
            Some(before) => change(before, row).into_iter().for_each(&mut push),
        }
    }
}

/// The edits that change a row. Where it goes from some environments and comes to others, it goes first.
fn change(from: &Row, to: &Row) -> Vec<RowEdit> {
    let update = |from: &Row, to: &Row| RowEdit::Update { from: from.clone(), to: to.clone() };
    if from.is_wherever(to) || to.is_wherever(from) {
        return vec![update(from, to)];
    }
    let only_env: Vec<_> = from.only_env.iter().filter(|name| to.only_env.contains(name)).cloned().collect();
    if only_env.is_empty() {
        return vec![RowEdit::Delete(from.clone()), RowEdit::Insert(to.clone())];
    }
    let between = Row { only_env, ..from.clone() };
    vec![update(from, &between), update(&between, to)]
}
