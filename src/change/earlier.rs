//! Columns as they were: a reference row that doesn't say a column holds what the column was filled with when the row
//! came to be, and no later default changes that.

use std::collections::BTreeMap;

use super::{Edit, Op, TableEdit};
use crate::model::{Column, ForDialect, Type, Value};
use crate::name::{DialectName, Name, ObjectName};

/// What columns were before operations changed how new rows are filled, under all names that they have had since.
#[derive(Debug, Clone, Default)]
pub struct Earlier(BTreeMap<ObjectName, BTreeMap<Name, Vec<Column>>>);

impl Earlier {
    /// What operations, one after the other, leave behind.
    #[must_use]
    pub fn of<'a>(ops: impl IntoIterator<Item = &'a Op>) -> Self {
        let mut earlier = Self::default();
        ops.into_iter().for_each(|op| earlier.follow(op));
        earlier
    }

    /// Notes what an operation changes.
    pub fn follow(&mut self, op: &Op) {
        match op {
            Op::Column { table, edit: Edit::Alter { from, to } } if is_filled_otherwise(from, to) => {
                self.columns_mut(table, &from.name).push((**from).clone());
            }
            Op::Column { table, edit: Edit::Rename { from, to } } => {
                let known = self.columns(table, from).to_vec();
                if !known.is_empty() {
                    self.columns_mut(table, to).extend(known);
                }
            }
            Op::Table(TableEdit::Rename { from, to }) => self.rename(from, to),
            Op::Namespace(Edit::Rename { from, to }) => {
                let within = self.0.keys().filter(|name| name.namespace.as_ref() == Some(from));
                for name in within.cloned().collect::<Vec<_>>() {
                    self.rename(&name, &ObjectName::qualified(to.clone(), name.name.clone()));
                }
            }
            Op::EnumValue { of: _, from, to } => self.rename_value(from, to),
            Op::Namespace(_)
            | Op::Enum(_)
            | Op::Table(_)
            | Op::Column { .. }
            | Op::PrimaryKey { .. }
            | Op::Unique { .. }
            | Op::ForeignKey { .. }
            | Op::Check { .. }
            | Op::Index { .. }
            | Op::View(_)
            | Op::Object(_)
            | Op::Row { .. } => {}
        }
    }

    /// What a column was, the oldest first; empty where it is as it has always been.
    #[must_use]
    pub fn columns(&self, table: &ObjectName, column: &Name) -> &[Column] {
        self.0.get(table).and_then(|columns| columns.get(column)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The columns as one dialect sees them.
    #[must_use]
    pub fn for_dialect(mut self, dialect: &DialectName) -> Self {
        for columns in self.0.values_mut().flat_map(BTreeMap::values_mut) {
            *columns = columns.iter().filter_map(|column| column.for_dialect(dialect)).collect();
        }
        self
    }

    fn columns_mut(&mut self, table: &ObjectName, column: &Name) -> &mut Vec<Column> {
        self.0.entry(table.clone()).or_default().entry(column.clone()).or_default()
    }

    fn rename(&mut self, from: &ObjectName, to: &ObjectName) {
        for (name, columns) in self.0.get(from).cloned().unwrap_or_default() {
            self.columns_mut(to, &name).extend(columns);
        }
    }

    /// A value of an enum is in rows under its present name.
    fn rename_value(&mut self, from: &str, to: &str) {
        for column in self.0.values_mut().flat_map(BTreeMap::values_mut).flatten() {
            let Column { ty, default, .. } = column;
            if matches!(ty.common, Type::Enum(_))
                && let Some(Value::Text(value)) = &mut default.common
                && **value == *from
            {
                *value = to.into();
            }
        }
    }
}

/// Whether a row that doesn't say the column gets something else in one than in the other.
fn is_filled_otherwise(from: &Column, to: &Column) -> bool {
    from.default != to.default
        || from.nullable != to.nullable
        || from.generated != to.generated
        || from.identity != to.identity
}
