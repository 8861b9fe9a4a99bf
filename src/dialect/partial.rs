//! What is said of parts of a table for the databases that can do it, told to those that can't.

use crate::model::{Index, Table};

/// The options of columns, keys, checks and indexes of a projected table, each with what it is of.
pub(super) fn part_options(table: &Table) -> impl Iterator<Item = (String, &str)> {
    let columns = table.columns.iter().map(|column| ("column", &column.name, &column.options));
    let keys = table.primary_key.iter().map(|key| ("primary key", &key.name, &key.options));
    let uniques = table.uniques.iter().map(|unique| ("unique", &unique.name, &unique.options));
    let checks = table.checks.iter().map(|check| ("check", &check.name, &check.options));
    let indexes = table.indexes.iter().map(|index| ("index", &index.name, &index.options));
    columns.chain(keys).chain(uniques).chain(checks).chain(indexes).flat_map(move |(kind, name, options)| {
        let words = options.values().flat_map(|set| set.keys());
        words.map(move |word| (format!("{kind} `{name}` of `{}`", table.name), &**word))
    })
}

/// Whether an index tells rows apart by the beginning of a value alone. Where whole values are indexed it would allow
/// more; an index that isn't unique only finds the same rows in less or more time.
pub(super) fn is_unique_by_prefix(index: &Index) -> bool {
    index.unique && index.keys.iter().any(|key| key.prefix.is_some())
}
