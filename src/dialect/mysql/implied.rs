//! The indexes that foreign keys need on their own columns. A server makes one by itself where there is none; it is
//! written out here under the same name, so that what is in a database follows from the schema alone.

use crate::model::{Index, IndexKey, KeyPart, Order, Table};
use crate::name::Name;

/// The index that a foreign key brings along: it has the foreign key's name and columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Implied {
    /// The name of the foreign key and of the index.
    pub(super) name: Name,
    /// The columns.
    pub(super) columns: Vec<Name>,
}

/// The indexes that a table has beside those that are declared. Which of several foreign keys gives one its name doesn't
/// depend on the order in which they came.
pub(super) fn implied_indexes(table: &Table) -> Vec<Implied> {
    let mut implied: Vec<Implied> = Vec::new();
    for key in table.foreign_keys.sorted() {
        let served = is_served(table, &key.columns)
            || implied.iter().any(|other| other.columns.starts_with(&key.columns));
        if !served {
            implied.push(Implied { name: key.name.clone(), columns: key.columns.clone() });
        }
    }
    implied
}

/// Whether a declared key or index begins with these columns.
pub(super) fn is_served(table: &Table, columns: &[Name]) -> bool {
    let by_key = table.primary_key.iter().any(|key| key.columns.starts_with(columns));
    let by_unique = table.uniques.iter().any(|unique| unique.columns.starts_with(columns));
    by_key || by_unique || table.indexes.iter().any(|index| serves(index, columns))
}

/// Whether others can refer to these columns: a key is over them, and over nothing else.
pub(super) fn is_unique(table: &Table, columns: &[Name]) -> bool {
    let by_key = table.primary_key.iter().any(|key| key.columns == columns);
    let by_unique = table.uniques.iter().any(|unique| unique.columns == columns);
    let is_over = |index: &Index| index.unique && index.keys.len() == columns.len() && serves(index, columns);
    by_key || by_unique || table.indexes.iter().any(is_over)
}

fn serves(index: &Index, columns: &[Name]) -> bool {
    let is_tree = index.method.as_ref().is_none_or(|method| method.eq_ignore_ascii_case("btree"));
    let is_column = |(key, column): (&IndexKey, &Name)| {
        // One that is ordered the other way doesn't serve MySQL.
        let plain = key.prefix.is_none() && key.order == Order::Ascending;
        plain && matches!(&key.on, KeyPart::Column(name) if name == column)
    };
    is_tree && index.keys.len() >= columns.len() && index.keys.iter().zip(columns).all(is_column)
}
