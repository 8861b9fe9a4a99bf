//! What an operation makes in tables, part by part: for asking whether a version has such parts.

use crate::change::{Edit, Op, TableEdit};
use crate::model::{Check, Column, Index, Named, Table, Unique};
use crate::name::ObjectName;

/// A part of a table, new or changed.
pub(super) enum Part<'a> {
    Column(&'a Column),
    #[cfg_attr(
        not(any(feature = "postgres", feature = "mysql")),
        expect(dead_code, reason = "two dialects ask for it")
    )]
    Unique(&'a Unique),
    #[cfg_attr(not(feature = "mysql"), expect(dead_code, reason = "one dialect asks for it"))]
    Check(&'a Check),
    Index(&'a Index),
}

/// The parts as they are after the operation, each with its table.
pub(super) fn made(op: &Op) -> Vec<(&ObjectName, Part<'_>)> {
    match op {
        Op::Table(TableEdit::Create(table)) => whole(table),
        Op::Column { table, edit } => one(table, edit, Part::Column),
        Op::Unique { table, edit } => one(table, edit, Part::Unique),
        Op::Check { table, edit } => one(table, edit, Part::Check),
        Op::Index { table, edit } => one(table, edit, Part::Index),
        Op::Namespace(_)
        | Op::Enum(_)
        | Op::EnumValue { .. }
        | Op::Table(_)
        | Op::PrimaryKey { .. }
        | Op::ForeignKey { .. }
        | Op::View(_)
        | Op::Object(_)
        | Op::Row { .. } => Vec::new(),
    }
}

fn whole(table: &Table) -> Vec<(&ObjectName, Part<'_>)> {
    let columns = table.columns.iter().map(Part::Column);
    let uniques = table.uniques.iter().map(Part::Unique);
    let indexes = table.indexes.iter().map(Part::Index);
    let checks = table.checks.iter().map(Part::Check);
    columns.chain(uniques).chain(indexes).chain(checks).map(|part| (&table.name, part)).collect()
}

fn one<'a, T: Named>(
    table: &'a ObjectName,
    edit: &'a Edit<T>,
    part: impl Fn(&'a T) -> Part<'a>,
) -> Vec<(&'a ObjectName, Part<'a>)> {
    match edit {
        Edit::Create(item) | Edit::Alter { to: item, .. } => vec![(table, part(item))],
        Edit::Drop(_) | Edit::Rename { .. } => Vec::new(),
    }
}
