//! Rows as a query: in the SQL that every dialect has, but for the conditions that are a dialect's own.

use super::{Key, Probe, Rows, Which};
use crate::dialect::{Dialect, Version};
use crate::model::Value;
use crate::name::ObjectName;

/// The query that finds the rows, which are all of one table. `None`: no query can.
pub(super) fn query(rows: &[Rows], dialect: &dyn Dialect, version: Version) -> Option<String> {
    let [Rows { table, which }, others @ ..] = rows else { return None };
    let select = format!("SELECT * FROM {}", object(table, dialect));
    match which {
        Which::All => Some(select),
        Which::Null(column) => Some(format!("{select} WHERE {} IS NULL", dialect.quoted(column))),
        Which::Repeated { keys, filter, nulls } => {
            Some(repeated(table, keys, filter.as_deref(), *nulls, dialect))
        }
        Which::Breaking(text) => Some(format!("{select} WHERE NOT ({text})")),
        Which::Dangling { columns, table: target, references } => {
            let present = columns.iter().map(|column| format!("c.{} IS NOT NULL", dialect.quoted(column)));
            let same = references.iter().zip(columns);
            let same =
                same.map(|(there, here)| format!("p.{} = c.{}", dialect.quoted(there), dialect.quoted(here)));
            Some(format!(
                "{select} AS c WHERE {} AND NOT EXISTS (SELECT 1 FROM {} AS p WHERE {})",
                joined(present, " AND "),
                object(target, dialect),
                joined(same, " AND "),
            ))
        }
        Which::Referring { .. } => {
            let all = std::iter::once(which).chain(others.iter().map(|rows| &rows.which));
            let conditions: Vec<String> = all.filter_map(|which| referring(which, dialect)).collect();
            Some(format!("{select} WHERE {}", joined(conditions.into_iter(), " OR ")))
        }
        Which::Misfit { .. } | Which::Others { .. } => {
            let all = std::iter::once(which).chain(others.iter().map(|rows| &rows.which));
            let conditions: Option<Vec<String>> = all.map(|which| misfit(which, dialect, version)).collect();
            Some(format!("{select} WHERE {}", conditions?.join(" OR ")))
        }
    }
}

/// How many values a probe finds.
const VALUES_MAX: usize = 20;

/// The way to find the values that do not fit by trying.
pub(super) fn probe(rows: &Rows, dialect: &dyn Dialect) -> Option<Probe> {
    let Rows { table, which: Which::Misfit { column, from, to } } = rows else { return None };
    let (table, column) = (object(table, dialect), dialect.quoted(column));
    let (prepare, fits) = dialect.probe(&column, from, to)?;
    Some(Probe {
        prepare,
        find: format!("SELECT {column} FROM {table} WHERE NOT {fits} LIMIT {VALUES_MAX}"),
        rows: format!("SELECT * FROM {table} WHERE {column} IN ("),
    })
}

/// What holds for a value that has no place in what its column becomes.
fn misfit(which: &Which, dialect: &dyn Dialect, version: Version) -> Option<String> {
    match which {
        Which::Misfit { column, from, to } => dialect.misfit(&dialect.quoted(column), from, to, version),
        Which::Others { columns, of: _, values } => {
            let conditions =
                columns.iter().map(|(column, ty)| dialect.not_among(&dialect.quoted(column), ty, values));
            Some(joined(conditions, " OR "))
        }
        Which::All
        | Which::Null(_)
        | Which::Repeated { .. }
        | Which::Breaking(_)
        | Which::Dangling { .. }
        | Which::Referring { .. } => None,
    }
}

/// What holds for a row that refers to these values.
fn referring(which: &Which, dialect: &dyn Dialect) -> Option<String> {
    let Which::Referring { columns, table: _, references: _, values } = which else { return None };
    let cells = columns.iter().zip(values);
    let same = cells.map(|(column, value)| format!("{} = {}", dialect.quoted(column), literal(value)));
    Some(joined(same, " AND "))
}

fn literal(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Sql(_) => value.to_string(),
    }
}

fn repeated(
    table: &ObjectName,
    keys: &[Key],
    filter: Option<&str>,
    nulls: bool,
    dialect: &dyn Dialect,
) -> String {
    let keys = keys.iter().map(|key| match key {
        Key::Column(name) => dialect.quoted(name),
        Key::Expression(text) => format!("({text})"),
    });
    let keys: Vec<String> = keys.collect();
    let list = keys.join(", ");
    let values = keys.iter().filter(|_| !nulls).map(|key| format!("{key} IS NOT NULL"));
    let conditions = joined(values.chain(filter.map(|text| format!("({text})"))), " AND ");
    let only = if conditions.is_empty() { String::new() } else { format!(" WHERE {conditions}") };
    format!(
        "SELECT {list}, count(*) FROM {}{only} GROUP BY {list} HAVING count(*) > 1",
        object(table, dialect)
    )
}

fn joined(items: impl Iterator<Item = String>, between: &str) -> String {
    items.collect::<Vec<_>>().join(between)
}

/// The quoted name of a table.
pub(super) fn object(name: &ObjectName, dialect: &dyn Dialect) -> String {
    match &name.namespace {
        Some(namespace) => format!("{}.{}", dialect.quoted(namespace), dialect.quoted(&name.name)),
        None => dialect.quoted(&name.name),
    }
}
