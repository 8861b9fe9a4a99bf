//! Primary keys, unique constraints and indexes. A unique index that says nothing but its columns is a unique constraint
//! to both products.

use super::build::{Build, options};
use super::expression::readable;
use super::{cells_of, printed};
use crate::diagnostic::Diagnostic;
use crate::dialect::CatalogRows;
use crate::dialect::cells::Cells;
use crate::dialect::mysql::options::{COMMENT, INVISIBLE};
use crate::model::{
    Deferrable, Index, IndexKey, KeyPart, Options, Order, PrimaryKey, SqlText, Unique, Value,
};
use crate::name::{Name, ObjectName};
use crate::syntax::derive;

/// The name of every primary key.
const PRIMARY: &str = "PRIMARY";

/// Adds them to their tables.
pub(super) fn read(rows: &CatalogRows, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    let mut found: Option<Found<'_>> = None;
    for cells in cells_of(rows, "index") {
        let (table, name) = (cells.text(0)?, cells.text(1)?);
        if found.as_ref().is_none_or(|found| (found.table, found.name) != (table, name)) {
            if let Some(found) = found.take() {
                found.add(build)?;
            }
            found = Some(Found { table, name, first: cells, keys: Vec::new() });
        }
        if let Some(found) = &mut found {
            found.keys.push(key(cells, build)?);
        }
    }
    found.map_or(Ok(()), |found| found.add(build))
}

/// An index, and its first row, which says what is the same in all of them.
struct Found<'a> {
    table: &'a str,
    name: &'a str,
    first: Cells<'a>,
    keys: Vec<IndexKey>,
}

impl Found<'_> {
    fn add(self, build: &mut Build<'_>) -> Result<(), Diagnostic> {
        let Self { table, name, first, keys } = self;
        let table =
            ObjectName::unqualified(Name::new(table).map_err(|error| first.damaged(0, &error.to_string()))?);
        if first.text(8)? == "VECTOR" && build.inspection.state.tables.contains(&table) {
            let reason = "is over vectors, with options that the catalog doesn't tell";
            build.unmanaged("index", &format!("{table}.{name}"), &format!("{keys:?}"), reason);
            return Ok(());
        }
        let Some(owner) = build.inspection.state.tables.get_mut(&table) else { return Ok(()) };
        let unique = first.optional(5)?.is_some();
        let method = method(first.text(8)?);
        let comment = first.kept(9)?;
        let words = first.optional(10)?.map(|_| (INVISIBLE, Value::Bool(true)));
        let columns = plain_columns(&keys).filter(|_| method.is_none() && words.is_none());
        match columns {
            Some(columns) if name == PRIMARY => {
                let name = derive::primary_key(&table).name(0);
                let options = options(comment.map(|comment| (COMMENT, Value::Text(comment))));
                owner.primary_key = Some(PrimaryKey { name, columns, options });
            }
            None if name == PRIMARY => {
                let definition = format!("{keys:?} {comment:?}");
                let reason = "says more than its columns, which schemas have no words for";
                build.unmanaged("primary key", table.name.as_str(), &definition, reason);
            }
            Some(columns) if unique && comment.is_none() => {
                let name = first.name(1)?;
                let deferrable = Deferrable::No;
                owner.uniques.replace(Unique {
                    name,
                    only: None,
                    columns,
                    nulls_not_distinct: false,
                    deferrable,
                    options: Options::new(),
                });
            }
            _ => {
                owner.indexes.replace(Index {
                    name: first.name(1)?,
                    only: None,
                    keys,
                    unique,
                    nulls_not_distinct: false,
                    predicate: None,
                    include: Vec::new(),
                    method: method.map(Box::from),
                    comment,
                    options: words.map_or_else(Options::new, |word| options([word])),
                });
            }
        }
        Ok(())
    }
}

/// The method, where it is not the only one that there is.
fn method(printed: &str) -> Option<&'static str> {
    match printed {
        "FULLTEXT" => Some("fulltext"),
        "SPATIAL" | "RTREE" => Some("spatial"),
        // A hash is what MariaDB makes of a unique index over text that no tree has room for.
        _ => None,
    }
}

fn key(cells: Cells<'_>, build: &Build<'_>) -> Result<IndexKey, Diagnostic> {
    let on = match cells.optional(4)? {
        Some(text) => {
            KeyPart::Expression(SqlText::from(readable(&printed::expression(text, build.version)).as_str()))
        }
        None => KeyPart::Column(cells.name(3)?),
    };
    // Of shapes, what is indexed is their box.
    let prefix = cells.number(6)?.filter(|_| !cells.text(8).is_ok_and(|method| method == "SPATIAL"));
    Ok(IndexKey {
        on,
        order: if cells.optional(7)?.is_some() { Order::Descending } else { Order::Ascending },
        nulls: None,
        operator_class: None,
        collation: None,
        prefix: prefix.and_then(|length| u32::try_from(length).ok()),
    })
}

/// The columns, if that is all that the keys say.
pub(in crate::dialect::mysql) fn plain_columns(keys: &[IndexKey]) -> Option<Vec<Name>> {
    let plain = keys.iter().map(|key| match key {
        IndexKey {
            on: KeyPart::Column(column),
            order: Order::Ascending,
            nulls: None,
            operator_class: None,
            collation: None,
            prefix: None,
        } => Some(column.clone()),
        _ => None,
    });
    plain.collect()
}
