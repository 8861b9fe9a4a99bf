//! Rows for the tables of a generated schema: as many as the operations, in either direction, declare that they can
//! take. The n-th row of a table refers to the n-th rows of others.

use std::collections::{BTreeMap, BTreeSet};

use schemactl::change::{Edit, Op, TableEdit};
use schemactl::model::{
    Column, ForeignKey, IdentityMode, Index, KeyPart, Portable, State, Table, Type, Value,
};
use schemactl::name::{Name, ObjectName};

use crate::stage::Stage;
use crate::strategies::Profile;
use crate::strategies::types::sample;

/// As many rows as go into a table when nothing stands against it.
const ROWS: u16 = 3;

/// The statements that fill a new database, tables that are referred to first.
pub fn inserts(stage: &Stage, state: &State, ops: &[Op]) -> Vec<String> {
    let names = final_names(state, ops);
    let mut empty = must_be_empty(ops);
    let lossy = |ty: &Type| ty.enum_name().is_some_and(|of| ops.iter().any(|op| loses_values(op, of)));
    let of_lossy =
        state.tables.iter().filter(|table| table.columns.iter().any(|column| column.ty.values().any(lossy)));
    empty.extend(of_lossy.map(|table| names[&table.name].clone()));
    let mut counts: BTreeMap<ObjectName, u16> = BTreeMap::new();
    let mut statements = Vec::new();
    for table in &state.tables {
        // A reference row may begin like one of these.
        let by_prefix = |index: &Index| index.unique && index.keys.iter().any(|key| key.prefix.is_some());
        let meets = state.data.contains(&table.name) && table.indexes.iter().any(by_prefix);
        let mut count = if meets || empty.contains(&names[&table.name]) { 0 } else { ROWS };
        for key in table.foreign_keys.iter().filter(|key| is_required(table, key)) {
            count = count.min(counts.get(&key.table).copied().unwrap_or(0));
        }
        statements.extend((1..=count).map(|n| insert(stage, state, table, n, &counts)));
        counts.insert(table.name.clone(), count);
    }
    statements
}

/// Queries for what must be the same after the way back: the rows of tables whose columns stay, their number
/// where some change, nothing of a table that is dropped.
pub fn queries(stage: &Stage, before: &State, after: &State, ops: &[Op]) -> Vec<String> {
    let names = final_names(before, ops);
    let mut queries = Vec::new();
    for table in &before.tables {
        let name = &names[&table.name];
        let dropped = |op: &Op| matches!(op, Op::Table(TableEdit::Drop(gone)) if gone.name == *name);
        if ops.iter().any(dropped) {
            continue;
        }
        let changes = |op: &Op| matches!(op, Op::Column { table, edit: Edit::Drop(_) | Edit::Alter { .. } } if table == name);
        // Reference rows come back as they were declared: what they left out is filled in anew.
        let has_data = before.data.contains(&table.name) || after.data.contains(name);
        let table_name = stage.quoted(&table.name);
        if has_data || ops.iter().any(changes) {
            queries.push(format!("SELECT count(*) FROM {table_name}"));
        } else {
            let columns: Vec<String> = table.columns.keys().map(|name| stage.dialect.quoted(name)).collect();
            queries.push(format!("SELECT {} FROM {table_name} ORDER BY 1", columns.join(", ")));
        }
    }
    queries
}

/// The rows of each query, sorted.
pub fn read(stage: &mut Stage, queries: &[String]) -> Vec<Vec<String>> {
    let sorted = |query: &String| {
        let mut rows = stage.rows(query);
        rows.sort();
        rows
    };
    queries.iter().map(sorted).collect()
}

/// What each table is called when all renames have run, which is what further operations call it.
fn final_names(state: &State, ops: &[Op]) -> BTreeMap<ObjectName, ObjectName> {
    let mut names: BTreeMap<_, _> = state.tables.keys().map(|name| (name.clone(), name.clone())).collect();
    for op in ops {
        for name in names.values_mut() {
            match op {
                Op::Table(TableEdit::Rename { from, to }) if name == from => *name = to.clone(),
                Op::Namespace(Edit::Rename { from, to }) if name.namespace.as_ref() == Some(from) => {
                    name.namespace = Some(to.clone());
                }
                _ => {}
            }
        }
    }
    names
}

/// Tables that an operation can demand to be empty, on the way up or on the way down, given rows as they are made
/// here: different from each other, complete, and in line with every check.
fn must_be_empty(ops: &[Op]) -> BTreeSet<ObjectName> {
    let mut new: BTreeSet<(ObjectName, Name)> = BTreeSet::new();
    let mut empty = BTreeSet::new();
    for op in ops {
        if let Op::Column { table, edit: Edit::Create(column) | Edit::Drop(column) } = op {
            new.insert((table.clone(), column.name.clone()));
        }
    }
    for op in ops {
        let is_new = |table: &ObjectName, column: &Name| new.contains(&(table.clone(), column.clone()));
        let table = match op {
            Op::Column { table, edit: Edit::Create(column) | Edit::Drop(column) } => {
                (!has_value(column)).then_some(table)
            }
            Op::Column { table, edit: Edit::Alter { from, to } } => {
                let becomes_null = from.nullable != to.nullable || from.generated != to.generated;
                (becomes_null || !casts(&from.ty.common, &to.ty.common)).then_some(table)
            }
            Op::PrimaryKey { table, edit: Edit::Create(_) | Edit::Drop(_) | Edit::Alter { .. } } => {
                Some(table)
            }
            Op::Unique { table, edit: Edit::Create(_) | Edit::Drop(_) | Edit::Alter { .. } } => {
                let columns = |op: &Op| match op {
                    Op::Unique { edit: Edit::Create(key) | Edit::Drop(key), .. } => key.columns.clone(),
                    Op::Unique { edit: Edit::Alter { from, to }, .. } => {
                        [&from.columns[..], &to.columns].concat()
                    }
                    _ => Vec::new(),
                };
                columns(op).iter().any(|column| is_new(table, column)).then_some(table)
            }
            Op::Index {
                table,
                edit: Edit::Create(index) | Edit::Drop(index) | Edit::Alter { to: index, .. },
            } => {
                let over_new = index.keys.iter().any(|key| match &key.on {
                    KeyPart::Column(name) => is_new(table, name),
                    KeyPart::Expression(_) => true,
                });
                (index.unique && over_new).then_some(table)
            }
            Op::ForeignKey { table, edit: Edit::Create(_) | Edit::Drop(_) | Edit::Alter { .. } } => {
                Some(table)
            }
            Op::Check { .. } | Op::Namespace(_) | Op::EnumValue { .. } | Op::Table(_) => None,
            Op::Row { table, .. } => Some(table),
            _ => None,
        };
        empty.extend(table.cloned());
    }
    empty
}

/// Whether an enum has values before or after that it has not at the other time; its rows can have any of them.
fn loses_values(op: &Op, of: &ObjectName) -> bool {
    match op {
        Op::Enum(Edit::Alter { from, to }) => {
            from.name == *of && from.values.iter().collect::<BTreeSet<_>>() != to.values.iter().collect()
        }
        _ => false,
    }
}

/// Whether rows that exist get a value in a new column, or need none.
fn has_value(column: &Column) -> bool {
    column.nullable
        || column.generated.is_some()
        || column.identity.is_some()
        || column.default.values().all(|value| !matches!(value, None | Some(Value::Null)))
}

/// Whether values that are numbers or look like them stay what they are.
fn casts(from: &Type, to: &Type) -> bool {
    use Portable::{BigInt, Int, SmallInt, Text, VarChar};
    let plain = |ty: &Type| matches!(ty, Type::Portable(SmallInt | Int | BigInt | Text | VarChar(_)));
    from == to || (plain(from) && plain(to))
}

fn is_required(table: &Table, key: &ForeignKey) -> bool {
    key.columns.iter().any(|name| table.columns.get(name).is_some_and(|column| !column.nullable))
}

fn insert(stage: &Stage, state: &State, table: &Table, n: u16, counts: &BTreeMap<ObjectName, u16>) -> String {
    let profile = stage.profile;
    let mut columns = Vec::new();
    let mut values = Vec::new();
    let mut overrides = "";
    for column in table.columns.iter().filter(|column| column.generated.is_none()) {
        let refers = table.foreign_keys.iter().find(|key| key.columns.contains(&column.name));
        let reaches = refers.is_none_or(|key| counts.get(&key.table).is_some_and(|count| *count >= n));
        let value = sample(&column.ty.common, n, profile, |name| state.enums.get(name));
        columns.push(stage.dialect.quoted(&column.name));
        values.push(if reaches { literal(stage, &value) } else { "NULL".to_owned() });
        let always = column.identity.is_some_and(|identity| identity.mode == IdentityMode::Always);
        if always && profile == Profile::Postgres {
            overrides = "OVERRIDING SYSTEM VALUE ";
        }
    }
    let name = stage.quoted(&table.name);
    format!("INSERT INTO {name} ({}) {overrides}VALUES ({})", columns.join(", "), values.join(", "))
}

fn literal(stage: &Stage, value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(text) | Value::Sql(text) => text.to_string(),
        Value::Text(text) => stage.dialect.rules().literal(text),
    }
}
