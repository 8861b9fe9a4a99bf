//! Reference rows.

use std::collections::BTreeMap;

use schemactl::model::{Column, DataSet, Row, Table, Value};
use schemactl::name::Name;

use super::Builder;
use super::column::Draft;
use crate::strategies::spec;
use crate::strategies::types::is_text;

/// Reference rows are counted from here, test rows from below.
pub const FIRST_REFERENCE_ROW: u16 = 100;

impl Builder {
    pub(super) fn data(&mut self, specs: &[spec::Table], drafts: &[Draft]) {
        for (spec, draft) in specs.iter().zip(drafts) {
            let Some(table) = self.state.tables.get(&draft.name).cloned() else { continue };
            if let Some(data) = self.rows_of(spec, &table) {
                self.state.data.replace(data);
            }
        }
    }

    /// Rows for a table that a key tells apart and that needs no other table's rows.
    fn rows_of(&self, spec: &spec::Table, table: &Table) -> Option<DataSet> {
        let key = table.primary_key.as_ref()?.columns.clone();
        let refers = |name: &Name| table.foreign_keys.iter().any(|key| key.columns.contains(name));
        if spec.rows.count == 0 || table.columns.iter().any(|column| refers(&column.name) && !column.nullable)
        {
            return None;
        }
        let mut rows = BTreeMap::new();
        for number in 0..u16::from(spec.rows.count) {
            let n = FIRST_REFERENCE_ROW + u16::from(spec.rows.first) + number;
            let cells = table.columns.iter().enumerate().filter(|(_, column)| !refers(&column.name));
            let cells = cells.filter_map(|(index, column)| {
                let asked = spec.rows.cells >> (index % 8) & 1 == 1;
                Some((column.name.clone(), self.cell(table, column, n, asked)?))
            });
            let row = Row { cells: cells.collect(), only_env: only_env(spec, number) };
            rows.insert(row.key(&key)?, row);
        }
        Some(DataSet { name: table.name.clone(), key, rows })
    }

    /// The n-th value, where one is needed or asked for; computed columns have none.
    fn cell(&self, table: &Table, column: &Column, n: u16, asked: bool) -> Option<Value> {
        let name = &column.name;
        let in_key = table.primary_key.iter().any(|key| key.columns.contains(name))
            || table.uniques.iter().any(|key| key.columns.contains(name))
            || table.indexes.iter().any(|index| index.unique);
        let has_default = column.default.values().all(Option::is_some) || column.identity.is_some();
        let needed = in_key || !(column.nullable || has_default);
        if column.generated.is_some() || !(needed || asked) {
            return None;
        }
        let value = self.sample(&column.ty.common, n);
        if !in_key && is_text(&column.ty.common) && n.is_multiple_of(3) {
            return Some(Value::Sql("upper('abc')".into()));
        }
        Some(if !in_key && column.nullable && n.is_multiple_of(5) { Value::Null } else { value })
    }
}

/// The environments that a row is limited to; most are everywhere.
fn only_env(spec: &spec::Table, number: u16) -> Vec<Name> {
    let names: &[&str] = match (u16::from(spec.rows.cells) + number) % 7 {
        0 => &["dev"],
        1 => &["dev", "test"],
        2 => &["test"],
        _ => &[],
    };
    names.iter().map(|name| Name::new(*name).expect("a plain word is a name")).collect()
}
