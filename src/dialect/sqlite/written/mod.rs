//! What the CREATE statements say that SQLite keeps: tables and indexes as definitions, views as queries. One reader
//! for all who look at them. It reads what SQLite accepts; what it doesn't understand is no definition, never a wrong
//! one.

mod column;
mod created;
mod cursor;
mod expression;
mod index;
mod rule;
mod table;
#[cfg(test)]
mod tests;
mod view;

pub(super) use column::declared_type;
pub(super) use created::{Created, created};
pub(super) use expression::value;
pub(super) use index::index;
pub(super) use table::table;
pub(super) use view::view;

use super::definition::IndexDef;

/// A CREATE INDEX. A key that is one name is a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrittenIndex {
    /// The table.
    pub table: String,
    /// The index.
    pub definition: IndexDef,
}
