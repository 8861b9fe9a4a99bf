//! Foreign keys that SQLite can't follow, because what makes the columns that they refer to unique compares them in
//! other collations than their own.

use super::definition::{Definition, KeyOn, Rule, define};
use super::normal::same_name;
use crate::model::{ForeignKey, State, Table};
use crate::name::Name;

/// The foreign keys, each with its table.
pub(super) fn unfollowable(state: &State) -> Vec<(&Table, &ForeignKey)> {
    let mut found = Vec::new();
    for target in state.tables.iter().filter(|table| may_compare_otherwise(table)) {
        let definition = define(target, &state.enums, &mut Vec::new());
        for table in &state.tables {
            let keys = table.foreign_keys.iter().filter(|key| key.table == target.name);
            found.extend(keys.filter(|key| !is_unique(&definition, &key.references)).map(|key| (table, key)));
        }
    }
    found
}

/// Whether a table says of a key or an index how it compares.
fn may_compare_otherwise(table: &Table) -> bool {
    let uniques = table.uniques.iter().map(|unique| &unique.options);
    let mut options = table.primary_key.iter().map(|key| &key.options).chain(uniques);
    let mut keys = table.indexes.iter().filter(|index| index.unique).flat_map(|index| &index.keys);
    options.any(|options| !options.is_empty()) || keys.any(|key| key.collation.is_some())
}

/// Whether rows of the table can be found by these columns.
fn is_unique(table: &Definition, columns: &[Name]) -> bool {
    let fits = |of: &[(&str, Option<&str>)]| {
        let is_own = |(name, collation): &(&str, Option<&str>)| {
            let own = table.column(name).and_then(|column| column.collation.as_deref());
            let is_same = |said: &str| said.eq_ignore_ascii_case(own.unwrap_or("BINARY"));
            columns.iter().any(|column| same_name(column.as_str(), name)) && collation.is_none_or(is_same)
        };
        of.len() == columns.len() && of.iter().all(is_own)
    };
    let keys = table.constraints.iter().filter_map(|constraint| match &constraint.rule {
        Rule::PrimaryKey(key) | Rule::Unique(key) => Some(key),
        Rule::ForeignKey(_) | Rule::Check { .. } => None,
    });
    let by_key = |of: Vec<(&str, Option<&str>)>| fits(&of);
    let constraints = keys.map(|key| {
        key.columns.iter().map(|column| (column.name.as_str(), column.collation.as_deref())).collect()
    });
    let indexes = table.indexes.iter().filter(|index| index.unique && index.predicate.is_none());
    let indexes = indexes.filter_map(|index| {
        let keys = index.keys.iter().map(|key| match &key.on {
            KeyOn::Column(name) => Some((name.as_str(), key.collation.as_deref())),
            KeyOn::Expression(_) => None,
        });
        keys.collect()
    });
    constraints.chain(indexes).any(by_key)
}
