//! Names that columns get in a batch: two expressions that differ by them alone are the same.

use std::collections::BTreeMap;

use super::super::RULES;
use crate::change::{Edit, Op, TableEdit};
use crate::model::Table;
use crate::name::{Name, ObjectName};
use crate::sql::rename_column;

/// The renames of a batch, by the name that a table has at the moment.
#[derive(Debug, Default)]
pub(super) struct Texts {
    /// The name that a table had first.
    roots: BTreeMap<ObjectName, ObjectName>,
    columns: BTreeMap<ObjectName, Vec<(Name, Name)>>,
}

impl Texts {
    /// The renames among operations.
    pub(super) fn of(ops: &[Op]) -> Self {
        let mut texts = Self::default();
        for op in ops {
            match op {
                Op::Table(TableEdit::Rename { from, to }) => texts.follow(from, to),
                Op::Column { table, edit: Edit::Rename { from, to } } => {
                    let root = texts.root(table).clone();
                    texts.columns.entry(root).or_default().push((from.clone(), to.clone()));
                }
                _ => {}
            }
        }
        texts.roots.clear();
        texts
    }

    /// A table goes by another name from now on.
    pub(super) fn follow(&mut self, from: &ObjectName, to: &ObjectName) {
        let root = self.root(from).clone();
        self.roots.remove(from);
        self.roots.insert(to.clone(), root);
    }

    fn root<'a>(&'a self, table: &'a ObjectName) -> &'a ObjectName {
        self.roots.get(table).unwrap_or(table)
    }

    /// An expression over a table in the names that its columns have at the moment: operations may be ahead of a rename,
    /// or behind it.
    pub(super) fn present(&self, table: &Table, text: &str) -> String {
        let renames = self.columns.get(self.root(&table.name)).map(Vec::as_slice).unwrap_or_default();
        let has = |name: &Name| table.columns.contains(name);
        renames.iter().fold(text.to_owned(), |text, (from, to)| {
            let (absent, present) = match (has(from), has(to)) {
                (true, false) => (to, from),
                (false, true) => (from, to),
                (true, true) | (false, false) => return text,
            };
            rename_column(&text, table.name.name.as_str(), absent.as_str(), present.as_str(), &RULES)
        })
    }

    /// Whether two expressions over a table are the same but for the names that columns had and get.
    pub(super) fn same(&self, table: &ObjectName, one: &str, two: &str) -> bool {
        if one == two {
            return true;
        }
        let Some(columns) = self.columns.get(self.root(table)) else { return false };
        let last = |text: &str| {
            columns.iter().fold(text.to_owned(), |text, (from, to)| {
                rename_column(&text, table.name.as_str(), from.as_str(), to.as_str(), &RULES)
            })
        };
        last(one) == last(two)
    }
}
