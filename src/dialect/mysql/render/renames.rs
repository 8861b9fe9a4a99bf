//! Names that columns get in a batch: two expressions that differ by them alone are the same.

use std::collections::BTreeMap;

use super::super::RULES;
use crate::change::{Edit, Op, TableEdit};
use crate::model::{Collection, Table};
use crate::name::{Name, ObjectName};
use crate::sql::rename_column;

/// The renames of a batch, by the name that a table has at the moment.
#[derive(Debug, Default)]
pub(super) struct Texts {
    /// The name that a table had first.
    roots: BTreeMap<ObjectName, ObjectName>,
    columns: BTreeMap<ObjectName, Vec<(Name, Name)>>,
    /// What is left of the operations that texts can be ahead of, or behind.
    left: Vec<Pending>,
}

/// An operation that texts can be ahead of, or behind.
#[derive(Debug)]
struct Pending {
    /// Its place in the batch.
    index: usize,
    /// The table's first name.
    table: ObjectName,
    /// The column, check or index that gets another text; nothing where a column gets another name.
    part: Option<Name>,
}

impl Texts {
    /// The renames among operations.
    pub(super) fn of(ops: &[Op]) -> Self {
        let mut texts = Self::default();
        for (index, op) in ops.iter().enumerate() {
            let (table, part) = match op {
                Op::Table(TableEdit::Rename { from, to }) => {
                    texts.follow(from, to);
                    continue;
                }
                Op::Column { table, edit: Edit::Rename { from, to } } => {
                    let root = texts.root(table).clone();
                    texts.columns.entry(root).or_default().push((from.clone(), to.clone()));
                    (table, None)
                }
                Op::Column { table, edit: Edit::Alter { to, .. } } => (table, Some(to.name.clone())),
                Op::Check { table, edit: Edit::Alter { to, .. } } => (table, Some(to.name.clone())),
                Op::Index { table, edit: Edit::Alter { to, .. } } => (table, Some(to.name.clone())),
                _ => continue,
            };
            let table = texts.root(table).clone();
            texts.left.push(Pending { index, table, part });
        }
        texts.roots.clear();
        texts
    }

    /// An operation has come.
    pub(super) fn pass(&mut self, index: usize) {
        self.left.retain(|pending| pending.index != index);
    }

    /// Those of these tables of which columns get other names.
    pub(super) fn renamed(&self, tables: &Collection<Table>) -> Vec<ObjectName> {
        tables.keys().filter(|name| self.columns.contains_key(self.root(name))).cloned().collect()
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

    /// Whether two expressions of a part of a table are the same, but for the names that columns had and get as long as the
    /// operations may be ahead of them, or behind them.
    pub(super) fn same(&self, table: &ObjectName, part: &Name, one: &str, two: &str) -> bool {
        if one == two {
            return true;
        }
        let root = self.root(table);
        let concerns = |pending: &Pending| {
            pending.table == *root && pending.part.as_ref().is_none_or(|pending| pending == part)
        };
        let Some(columns) = self.columns.get(root).filter(|_| self.left.iter().any(concerns)) else {
            return false;
        };
        let last = |text: &str| {
            columns.iter().fold(text.to_owned(), |text, (from, to)| {
                rename_column(&text, table.name.as_str(), from.as_str(), to.as_str(), &RULES)
            })
        };
        last(one) == last(two)
    }
}
