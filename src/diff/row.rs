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
            Some(before) => push(RowEdit::Update { from: before.clone(), to: row.clone() }),
        }
    }
}
