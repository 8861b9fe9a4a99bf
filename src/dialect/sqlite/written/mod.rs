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

use super::definition::{Definition, IndexDef};

/// A CREATE TABLE.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrittenTable {
    /// The table, without its indexes. Constraints without a name have an empty one. What says the same as leaving
    /// it out is left out, and a key column that is never NULL says so.
    pub definition: Definition,
    /// What a definition can't hold, in one spelling.
    pub odd: Vec<String>,
}

/// A CREATE INDEX. A key that is one name is a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WrittenIndex {
    /// The table.
    pub table: String,
    /// The index.
    pub definition: IndexDef,
}
