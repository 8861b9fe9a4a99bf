//! Constraints that get another name with their table: those with names that the servers would have given them. The index
//! that came with a foreign key keeps its own.

use super::super::implied::implied_indexes;
use super::super::version::is_mariadb;
use super::change::Key;
use crate::dialect::Version;
use crate::model::Table;
use crate::name::Name;

/// What stands between a table's name and a number in the names of foreign keys.
const FOREIGN_KEY: &str = "_ibfk_";
/// And in those of checks, on MySQL.
const CHECK: &str = "_chk_";

/// Makes a table what the server has made of it along with its name, and says whether constraints got other names.
pub(super) fn rename_along(table: &mut Table, from: &Name, version: Version) -> bool {
    let to = table.name.name.clone();
    let followed = |name: &Name, mark: &str| {
        let rest = name.as_str().strip_prefix(from.as_str())?.strip_prefix(mark)?;
        let next = (!rest.is_empty()).then(|| Name::new(format!("{to}{mark}{rest}")).ok())??;
        Some((name.clone(), next))
    };
    let implied = implied_indexes(table);
    let keys: Vec<_> = table.foreign_keys.keys().filter_map(|name| followed(name, FOREIGN_KEY)).collect();
    for (name, next) in &keys {
        if let Some(index) = implied.iter().find(|index| index.name == *name) {
            Key::of(index).add_to(table);
        }
        table.foreign_keys.rename(name, next.clone());
    }
    if is_mariadb(version) {
        return !keys.is_empty();
    }
    let checks: Vec<_> = table.checks.keys().filter_map(|name| followed(name, CHECK)).collect();
    for (name, next) in &checks {
        table.checks.rename(name, next.clone());
    }
    !(keys.is_empty() && checks.is_empty())
}
