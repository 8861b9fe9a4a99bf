//! What a row of operations takes from whoever has data now: what they made themselves can go without a loss.

use std::collections::BTreeSet;

use super::{Edit, Loss, Op, TableEdit};
use crate::name::{Name, ObjectName};

/// Whether somebody agreed to lose what goes by this name.
#[must_use]
pub fn is_agreed(agreed: &[String], name: &str) -> bool {
    agreed.iter().any(|word| word == "all" || word == name)
}

/// The operations that lose what was there before the first of them ran, each with what it loses. Rows that a table
/// got since it was created by one of the operations don't count: nobody but the run itself has seen them. Where all
/// rows of a table go, what was lost of them before goes without saying.
pub fn losses<'o>(ops: impl IntoIterator<Item = &'o Op>) -> Vec<(&'o Op, String)> {
    let mut made = Made::default();
    let mut lost: Vec<Lost<'o>> = Vec::new();
    for op in ops {
        if let Op::Table(TableEdit::Drop(table)) = op {
            lost.retain(|lost| lost.table.as_ref() != Some(&table.name));
        }
        if let Loss::Loses(what) = op.loss()
            && !made.holds(op)
        {
            lost.push(Lost { op, what, table: part_of(op) });
        }
        made.follow(op);
        for table in lost.iter_mut().filter_map(|lost| lost.table.as_mut()) {
            *table = renamed(op, table);
        }
    }
    lost.into_iter().map(|Lost { op, what, table: _ }| (op, what)).collect()
}

/// A loss, and the table that the thing is a part of, by its name of the moment.
struct Lost<'o> {
    op: &'o Op,
    what: String,
    table: Option<ObjectName>,
}

/// The table that a column belongs to.
fn part_of(op: &Op) -> Option<ObjectName> {
    match op {
        Op::Column { table, .. } => Some(table.clone()),
        Op::Namespace(_)
        | Op::Enum(_)
        | Op::EnumValue { .. }
        | Op::Table(_)
        | Op::PrimaryKey { .. }
        | Op::Unique { .. }
        | Op::ForeignKey { .. }
        | Op::Check { .. }
        | Op::Index { .. }
        | Op::View(_)
        | Op::Object(_)
        | Op::Row { .. } => None,
    }
}

/// What a table is called after an operation.
fn renamed(op: &Op, name: &ObjectName) -> ObjectName {
    match op {
        Op::Table(TableEdit::Rename { from, to }) if from == name => to.clone(),
        Op::Namespace(Edit::Rename { from, to }) if name.namespace.as_ref() == Some(from) => {
            ObjectName { namespace: Some(to.clone()), name: name.name.clone() }
        }
        _ => name.clone(),
    }
}

/// What the operations made so far and have not taken away, by its name of the moment.
#[derive(Default)]
struct Made {
    tables: BTreeSet<ObjectName>,
    columns: BTreeSet<(ObjectName, Name)>,
}

impl Made {
    /// Whether all that an operation touches was made before it.
    fn holds(&self, op: &Op) -> bool {
        match op {
            Op::Table(TableEdit::Drop(table)) => self.tables.contains(&table.name),
            Op::Column { table, edit } => {
                self.tables.contains(table) || self.columns.contains(&(table.clone(), edit.key().clone()))
            }
            Op::Table(_)
            | Op::Namespace(_)
            | Op::Enum(_)
            | Op::EnumValue { .. }
            | Op::PrimaryKey { .. }
            | Op::Unique { .. }
            | Op::ForeignKey { .. }
            | Op::Check { .. }
            | Op::Index { .. }
            | Op::View(_)
            | Op::Object(_)
            | Op::Row { .. } => false,
        }
    }

    fn follow(&mut self, op: &Op) {
        match op {
            Op::Table(TableEdit::Create(table)) => {
                self.tables.insert(table.name.clone());
            }
            Op::Table(TableEdit::Drop(table)) => {
                self.tables.remove(&table.name);
                self.columns.retain(|(of, _)| *of != table.name);
            }
            Op::Table(TableEdit::Rename { .. }) | Op::Namespace(Edit::Rename { .. }) => {
                self.tables = self.tables.iter().map(|table| renamed(op, table)).collect();
                let columns = self.columns.iter();
                self.columns = columns.map(|(table, column)| (renamed(op, table), column.clone())).collect();
            }
            Op::Column { table, edit } => match edit {
                Edit::Create(column) => drop(self.columns.insert((table.clone(), column.name.clone()))),
                Edit::Drop(column) => drop(self.columns.remove(&(table.clone(), column.name.clone()))),
                Edit::Rename { from, to } => {
                    if self.columns.remove(&(table.clone(), from.clone())) {
                        self.columns.insert((table.clone(), to.clone()));
                    }
                }
                Edit::Alter { .. } => {}
            },
            Op::Table(TableEdit::Alter { .. })
            | Op::Namespace(_)
            | Op::Enum(_)
            | Op::EnumValue { .. }
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
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Column, Portable, Table, Type};

    fn name(text: &str) -> ObjectName {
        ObjectName::unqualified(Name::new(text).unwrap())
    }

    fn table(of: &str) -> Box<Table> {
        Box::new(Table::new(name(of)))
    }

    fn column(of: &str, edit: impl Fn(Box<Column>) -> Edit<Column>) -> Op {
        let (table, column) = of.split_once('.').unwrap();
        let column = Column::new(Name::new(column).unwrap(), Type::Portable(Portable::Text));
        Op::Column { table: name(table), edit: edit(Box::new(column)) }
    }

    fn lost(ops: &[Op]) -> Vec<String> {
        losses(ops).into_iter().map(|(_, what)| what).collect()
    }

    #[test]
    fn what_was_there_before_is_lost() {
        let ops = [Op::Table(TableEdit::Drop(table("a"))), column("b.c", Edit::Drop)];
        assert_eq!(lost(&ops), ["all rows of `a`", "the values of `b.c`"]);
    }

    #[test]
    fn what_the_operations_made_is_not() {
        let rename = |from, to| Op::Table(TableEdit::Rename { from: name(from), to: name(to) });
        let ops = [
            Op::Table(TableEdit::Create(table("a"))),
            rename("a", "b"),
            column("b.c", Edit::Drop),
            Op::Table(TableEdit::Drop(table("b"))),
            column("d.e", Edit::Create),
            rename("d", "f"),
            column("f.e", Edit::Drop),
        ];
        assert_eq!(lost(&ops), Vec::<String>::new());
    }

    #[test]
    fn what_goes_with_its_table_is_not_said_twice() {
        let ops = [
            column("a.c", Edit::Drop),
            column("d.e", Edit::Drop),
            Op::Table(TableEdit::Rename { from: name("a"), to: name("b") }),
            Op::Table(TableEdit::Drop(table("b"))),
        ];
        assert_eq!(lost(&ops), ["the values of `d.e`", "all rows of `b`"]);
    }

    #[test]
    fn a_name_that_was_used_again_is_no_excuse() {
        let ops = [
            Op::Table(TableEdit::Create(table("a"))),
            Op::Table(TableEdit::Rename { from: name("a"), to: name("b") }),
            Op::Table(TableEdit::Rename { from: name("c"), to: name("a") }),
            Op::Table(TableEdit::Drop(table("a"))),
        ];
        assert_eq!(lost(&ops), ["all rows of `a`"]);
    }
}
