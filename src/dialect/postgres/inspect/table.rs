//! Tables as a whole: their options, and what belongs to none of their parts.

use std::collections::BTreeMap;

use super::build::Build;
use super::cells_of;
use super::value;
use crate::diagnostic::Diagnostic;
use crate::dialect::cells::Cells;
use crate::dialect::postgres::{Postgres, options};
use crate::dialect::{CatalogRows, Dialect};
use crate::model::{Table, TableSettings, Value};
use crate::name::ObjectName;

/// Plain tables, without columns yet.
pub(super) fn read(rows: &CatalogRows, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    for cells in cells_of(rows, "table") {
        let name = build.object(cells, 0)?;
        let mut options = BTreeMap::new();
        let mut switch = |is_on: bool, option: &str| {
            if is_on {
                options.insert(Box::from(option), Value::Bool(true));
            }
        };
        switch(cells.optional(2)?.is_some(), options::UNLOGGED);
        switch(cells.is(5)?, options::ROW_SECURITY);
        switch(cells.is(6)?, options::FORCED_ROW_SECURITY);
        let mut other = Vec::new();
        for (at, prefix) in [(3, ""), (4, "toast.")] {
            for option in cells.list::<String>(at)? {
                let (key, value) = option.split_once('=').unwrap_or((&option, ""));
                let key = format!("{prefix}{key}");
                if options::is_storage(&key) {
                    options.insert(key.into(), parameter(value));
                } else {
                    other.push((key, value.to_owned()));
                }
            }
        }
        let options =
            if options.is_empty() { BTreeMap::new() } else { BTreeMap::from([(Postgres.name(), options)]) };
        let settings = TableSettings { only: None, comment: cells.kept(11)?, options };
        build.inspection.state.tables.replace(Table { settings, ..Table::new(name.clone()) });
        for (key, value) in other {
            let (set, reset) =
                (format!("SET ({key} = '{}')", value.replace('\'', "''")), format!("RESET ({key})"));
            build.altered(&name, "option", &key, &set, &reset);
        }
        extras(cells, &name, build)?;
    }
    Ok(())
}

/// The value of a storage parameter.
fn parameter(text: &str) -> Value {
    match text {
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        number if value::is_plain(number.strip_prefix('-').unwrap_or(number)) => Value::Number(number.into()),
        text => Value::Text(text.into()),
    }
}

fn extras(cells: Cells<'_>, name: &ObjectName, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    if let Some(identity) = cells.optional(7)? {
        let set = format!("REPLICA IDENTITY {identity}");
        build.altered(name, "replica identity", "replica_identity", &set, "REPLICA IDENTITY DEFAULT");
    }
    if let Some(index) = cells.optional(8)? {
        build.altered(name, "clustering", "cluster", &format!("CLUSTER ON {index}"), "SET WITHOUT CLUSTER");
    }
    for (at, what, reason) in [
        (9, "access method", "says how the server keeps rows, which schemas don't"),
        (10, "tablespace", "says where the server keeps rows, which schemas don't"),
    ] {
        if let Some(value) = cells.optional(at)? {
            build.unmanaged(what, &format!("{name} {value}"), value, reason);
        }
    }
    Ok(())
}
