//! What both servers change along with a column that goes, without being asked: an index that somebody created by hand
//! loses the column, or goes as well.

use std::collections::BTreeSet;

use super::super::RULES;
use super::super::implied::implied_indexes;
use super::super::quote::string;
use super::difference::keys;
use crate::model::{Collection, RawObject, Table};
use crate::name::Name;
use crate::sql::identifiers;

/// The query that names them, for columns of a table as it is before.
pub(super) fn columns(table: &Table, gone: &[&Name], named: &BTreeSet<String>) -> String {
    let list = |names: &mut dyn Iterator<Item = &str>| names.map(string).collect::<Vec<_>>().join(", ");
    let keys = keys(table);
    let implied = implied_indexes(table);
    let known = std::iter::once("PRIMARY")
        .chain(keys.iter().map(|key| key.name().as_str()))
        .chain(implied.iter().map(|index| index.name.as_str()))
        .chain(table.foreign_keys.iter().map(|key| key.name.as_str()))
        .chain(named.iter().map(String::as_str));
    let known: BTreeSet<&str> = known.collect();
    let name = table.name.name.as_str();
    format!(
        "SELECT DISTINCT CONCAT({index}, index_name) AS found\n\
         FROM information_schema.statistics\n\
         WHERE table_schema = DATABASE() AND table_name = {table} AND column_name IN ({gone})\n    \
             AND index_name NOT IN ({known})\n\
         ORDER BY 1",
        index = string(&format!("index of {name}: ")),
        table = string(name),
        gone = list(&mut gone.iter().map(|name| name.as_str())),
        known = list(&mut known.into_iter()),
    )
}

/// All that raw objects name.
pub(super) fn named(objects: &Collection<RawObject>) -> BTreeSet<String> {
    let texts = objects.iter().map(|object| &object.create.common);
    texts.flat_map(|text| identifiers(text, &RULES)).map(|found| found.name.into_owned()).collect()
}
