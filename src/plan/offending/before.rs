//! Names as they were before renames that are undone, in what describes rows; and whether what it speaks of is there.

use super::{Key, Rows, Which};
use crate::change::{Edit, Op, TableEdit};
use crate::model::State;
use crate::name::{Name, ObjectName};
use crate::sql::{Rules, identifiers, rename_column, rename_table};

impl Rows {
    /// The same rows in the names from before these operations.
    pub(super) fn before(mut self, ran: &[Op], rules: &Rules) -> Self {
        for op in ran.iter().rev() {
            self.step_back(op, rules);
        }
        self
    }

    fn step_back(&mut self, op: &Op, rules: &Rules) {
        match op {
            Op::Namespace(Edit::Rename { from, to }) => self.tables(|table| {
                if table.namespace.as_ref() == Some(to) {
                    table.namespace = Some(from.clone());
                }
            }),
            Op::Table(TableEdit::Rename { from, to }) => {
                self.texts(|text| rename_table(text, to.name.as_str(), from.name.as_str(), rules));
                self.tables(|table| {
                    if table == to {
                        table.clone_from(from);
                    }
                });
            }
            Op::Column { table, edit: Edit::Rename { from, to } } => {
                if self.table == *table {
                    let owner = table.name.as_str();
                    self.texts(|text| rename_column(text, owner, to.as_str(), from.as_str(), rules));
                }
                self.columns(table, |column| {
                    if column == to {
                        column.clone_from(from);
                    }
                });
            }
            Op::Enum(Edit::Rename { from, to }) => match &mut self.which {
                Which::Others { of, .. } if of == to => of.clone_from(from),
                _ => {}
            },
            Op::EnumValue { of: changed, from, to } => match &mut self.which {
                Which::Others { columns: _, of, values } if of == changed => {
                    values.iter_mut().filter(|value| *value == to).for_each(|value| value.clone_from(from));
                }
                _ => {}
            },
            _ => {}
        }
    }

    fn tables(&mut self, change: impl Fn(&mut ObjectName)) {
        change(&mut self.table);
        if let Which::Dangling { table, .. } | Which::Referring { table, .. } = &mut self.which {
            change(table);
        }
    }

    fn columns(&mut self, owner: &ObjectName, change: impl Fn(&mut Name)) {
        let own = self.table == *owner;
        match &mut self.which {
            Which::Null(column) | Which::Misfit { column, .. } if own => change(column),
            Which::Repeated { keys, .. } if own => keys.iter_mut().for_each(|key| {
                if let Key::Column(column) = key {
                    change(column);
                }
            }),
            Which::Others { columns, .. } if own => {
                columns.iter_mut().for_each(|(column, _)| change(column));
            }
            Which::Dangling { columns, table, references }
            | Which::Referring { columns, table, references, values: _ } => {
                if own {
                    columns.iter_mut().for_each(&change);
                }
                if table == owner {
                    references.iter_mut().for_each(&change);
                }
            }
            Which::All
            | Which::Null(_)
            | Which::Repeated { .. }
            | Which::Breaking(_)
            | Which::Misfit { .. }
            | Which::Others { .. } => {}
        }
    }

    fn texts(&mut self, change: impl Fn(&str) -> String) {
        match &mut self.which {
            Which::Repeated { keys, filter, nulls: _ } => {
                for key in keys {
                    if let Key::Expression(text) = key {
                        *text = change(text);
                    }
                }
                filter.iter_mut().for_each(|text| *text = change(text));
            }
            Which::Breaking(text) => *text = change(text),
            Which::All
            | Which::Null(_)
            | Which::Dangling { .. }
            | Which::Referring { .. }
            | Which::Misfit { .. }
            | Which::Others { .. } => {}
        }
    }

    /// Whether the tables and columns are in a state; `made` are columns that may stand in texts and came later.
    pub(super) fn is_in(&self, state: &State, made: &[Name], rules: &Rules) -> bool {
        let Some(table) = state.tables.get(&self.table) else { return false };
        let has = |column: &Name| table.columns.contains(column);
        let knows = |text: &str| {
            let lacks = |name: &str| made.iter().any(|made| made.as_str() == name && !has(made));
            !identifiers(text, rules).any(|found| lacks(&found.name))
        };
        match &self.which {
            Which::All => true,
            Which::Null(column) | Which::Misfit { column, .. } => has(column),
            Which::Repeated { keys, filter, nulls: _ } => {
                let key = |key: &Key| match key {
                    Key::Column(column) => has(column),
                    Key::Expression(text) => knows(text),
                };
                keys.iter().all(key) && filter.iter().all(|text| knows(text))
            }
            Which::Breaking(text) => knows(text),
            Which::Dangling { columns, table, references }
            | Which::Referring { columns, table, references, values: _ } => {
                let target = state.tables.get(table);
                let there = |target: &crate::model::Table| {
                    references.iter().all(|column| target.columns.contains(column))
                };
                columns.iter().all(has) && target.is_some_and(there)
            }
            Which::Others { columns, .. } => columns.iter().all(|(column, _)| has(column)),
        }
    }
}

/// The columns that operations add.
pub(super) fn made(ops: &[Op]) -> Vec<Name> {
    let created = ops.iter().filter_map(|op| match op {
        Op::Column { edit: Edit::Create(column), .. } => Some(column.name.clone()),
        _ => None,
    });
    created.collect()
}
