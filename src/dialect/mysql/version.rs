//! Which version of which product can do what. Facts are from the manuals of MySQL 8.0 to 9.7 and of MariaDB 10.6 to
//! 11.8, and measured on MariaDB 10.6 and 10.11 and on MySQL 8.0.28 and 9.7.

use super::errors::{E566, E569};
use super::options::{self, COMPRESSED, ENFORCED, INVISIBLE, ON_UPDATE, SRID};
use super::types::{JSON, MyType};
use crate::change::{Edit, Op};
use crate::diagnostic::Diagnostic;
use crate::dialect::made::{Part, made};
use crate::dialect::{Product, Supported, Version};
use crate::model::{Check, Column, Index, KeyPart, Order, State, Table};
use crate::name::{Name, ObjectName};

/// The versions that this dialect is for: MySQL from the first on that keeps checks.
pub(super) const SUPPORTED: &[Supported] = &[
    Supported { oldest: Product::MySql.version(8, 0, 16), newest: Product::MySql.version(9, 7, 0) },
    Supported { oldest: Product::MariaDb.version(10, 6, 0), newest: Product::MariaDb.version(10, 11, 0) },
];

/// Whether it is MariaDB.
pub(super) fn is_mariadb(version: Version) -> bool {
    version.product == Product::MariaDb
}

/// Whether there is a type `uuid`.
pub(super) fn has_uuid(version: Version) -> bool {
    is_mariadb(version) && version.is_at_least(10, 7, 0)
}

/// Whether a generated column can be `NOT NULL`.
pub(super) fn has_required_generated(version: Version) -> bool {
    !is_mariadb(version)
}

/// Whether a column gets another name without a word on what speaks of it: MySQL refuses that.
pub(super) fn renames_within_expressions(version: Version) -> bool {
    is_mariadb(version)
}

/// Whether ALTER TABLE takes `ALGORITHM=INSTANT`, for all that is one: before, little of it was.
pub(super) fn has_instant(version: Version) -> bool {
    is_mariadb(version) || version.is_at_least(8, 0, 29)
}

/// Whether columns can be invisible.
fn has_invisible_columns(version: Version) -> bool {
    is_mariadb(version) || version.is_at_least(8, 0, 23)
}

/// Whether keys are kept in the order that is written, and not just read.
fn has_descending_keys(version: Version) -> bool {
    !is_mariadb(version) || version.is_at_least(10, 8, 0)
}

/// What an operation would create that this version doesn't have.
/// In the state there is all that the operation is one of many to lead to.
pub(super) fn refusals(op: &Op, state: &State, version: Version) -> Vec<Diagnostic> {
    let refusal = |(table, part): (&ObjectName, Part<'_>)| match part {
        Part::Column(item) => column(table, item, state, version),
        Part::Index(item) => index(table, item, version),
        Part::Check(item) => check(table, item, state, version),
        Part::Unique(_) => None,
    };
    let misnamed = [misnamed(op, state, version), named_twice(op, state, version)];
    made(op).into_iter().filter_map(refusal).chain(misnamed.into_iter().flatten()).collect()
}

/// A name that something gets which another thing has.
fn misnamed(op: &Op, state: &State, version: Version) -> Option<Diagnostic> {
    let (Op::Column { table, edit: Edit::Rename { to, .. } }
    | Op::Check { table, edit: Edit::Rename { to, .. } }) = op
    else {
        return None;
    };
    let owner = state.tables.get(table)?;
    let same = |name: &Name| name.as_str().eq_ignore_ascii_case(to.as_str());
    let check = owner.checks.iter().find(|check| same(&check.name))?;
    if !is_mariadb(version) && matches!(op, Op::Check { .. }) {
        return meeting(table, check, state);
    }
    let column = owner.columns.iter().find(|column| same(&column.name))?;
    of_json(table, check, column, state, version)
}

/// A check and a unique key of one table with the same name, which are both constraints to MariaDB.
fn named_twice(op: &Op, state: &State, version: Version) -> Option<Diagnostic> {
    let made = made(op).into_iter().filter_map(|(table, part)| match part {
        Part::Check(item) => Some((table, &item.name)),
        Part::Unique(item) => Some((table, &item.name)),
        Part::Index(item) => Some((table, &item.name)),
        Part::Column(_) => None,
    });
    let renamed = match op {
        Op::Check { table, edit: Edit::Rename { to, .. } }
        | Op::Unique { table, edit: Edit::Rename { to, .. } }
        | Op::Index { table, edit: Edit::Rename { to, .. } } => Some((table, to)),
        _ => None,
    };
    let has_both = |(table, name): &(&ObjectName, &Name)| {
        let same = |other: &Name| other.as_str().eq_ignore_ascii_case(name.as_str());
        let table = state.tables.get(*table).filter(|table| table.checks.keys().any(same));
        table.is_some_and(|table| has_unique_key(table, name, version))
    };
    let (table, name) = made.chain(renamed).find(has_both)?;
    let what = format!("`{name}` of `{table}` is the name of a check and of a unique key");
    Some(refuse(what, version, "give one of them another name"))
}

/// Whether a table has a unique key of this name, which then can be no check's: on MariaDB.
pub(super) fn has_unique_key(table: &Table, name: &Name, version: Version) -> bool {
    let same = |other: &Name| other.as_str().eq_ignore_ascii_case(name.as_str());
    is_mariadb(version)
        && (table.uniques.keys().any(same)
            || table.indexes.iter().any(|index| index.unique && same(&index.name)))
}

fn refuse(what: String, version: Version, help: &str) -> Diagnostic {
    let message = format!("{what}, which {} {version} doesn't have", version.product.title());
    let other = if is_mariadb(version) { Product::MySql } else { Product::MariaDb };
    Diagnostic::error(&E569, message).help(format!(
        "{help}; for {} alone, write `servers {}` beside `dialects`",
        other.title(),
        other.word()
    ))
}

fn column(table: &ObjectName, item: &Column, state: &State, version: Version) -> Option<Diagnostic> {
    let mut checks = state.tables.get(table).into_iter().flat_map(|table| &table.checks);
    if let Some(refused) = checks.find_map(|check| of_json(table, check, item, state, version)) {
        return Some(refused);
    }
    let is_stamped = options::get(&item.options, ON_UPDATE).is_some();
    if is_mariadb(version) && is_stamped && !item.nullable && item.default.common.is_none() {
        let what = format!("column `{table}.{}` is required, has `on-update` and no default", item.name);
        let help =
            "add `default=(sql)\"CURRENT_TIMESTAMP\"`: MariaDB can't alter a table with a column like this";
        return Some(refuse(what, version, help));
    }
    let is_hidden = options::switch(&item.options, INVISIBLE, false);
    if is_hidden && !has_invisible_columns(version) {
        return Some(refuse(
            format!("column `{table}.{}` is invisible", item.name),
            version,
            "remove `invisible`",
        ));
    }
    let is_given = item.default.common.is_some() || item.identity.is_some() || item.generated.is_some();
    if is_mariadb(version) && is_hidden && !item.nullable && !is_given {
        let what = format!("column `{table}.{}` is required and invisible and has no default", item.name);
        return Some(refuse(what, version, "add a default, or `nullable`"));
    }
    let other = if is_mariadb(version) { SRID } else { COMPRESSED };
    options::get(&item.options, other)?;
    let what = format!("column `{table}.{}` has the option `{other}`", item.name);
    Some(refuse(what, version, "remove the option"))
}

fn index(table: &ObjectName, item: &Index, version: Version) -> Option<Diagnostic> {
    let descends = item.keys.iter().any(|key| key.order == Order::Descending);
    if descends && !has_descending_keys(version) {
        let what = format!("index `{}` of `{table}` has a descending key", item.name);
        return Some(refuse(what, version, "remove `order=desc`"));
    }
    let computed = item.keys.iter().any(|key| matches!(key.on, KeyPart::Expression(_)));
    (is_mariadb(version) && computed).then(|| {
        let what = format!("index `{}` of `{table}` is over an expression", item.name);
        refuse(what, version, "add a `virtual` column with the expression, and index that")
    })
}

fn check(table: &ObjectName, item: &Check, state: &State, version: Version) -> Option<Diagnostic> {
    let name = &item.name;
    if !is_mariadb(version) {
        return meeting(table, item, state);
    }
    if !options::switch(&item.options, ENFORCED, true) {
        let what = format!("check `{name}` of `{table}` is not enforced");
        return Some(refuse(what, version, "remove `enforced=#false`"));
    }
    let mut columns = state.tables.get(table).into_iter().flat_map(|table| &table.columns);
    columns.find_map(|column| of_json(table, item, column, state, version))
}

/// A check with the name of the one that MariaDB gives to a `json` column by itself.
fn of_json(
    table: &ObjectName,
    item: &Check,
    column: &Column,
    state: &State,
    version: Version,
) -> Option<Diagnostic> {
    let name = &item.name;
    let is_taken = is_mariadb(version)
        && name.as_str().eq_ignore_ascii_case(column.name.as_str())
        && MyType::of(&column.ty.common, &state.enums).is(JSON);
    is_taken.then(|| {
        let what = format!("check `{name}` of `{table}` has the name of a `json` column's own check");
        refuse(what, version, "give the check another name")
    })
}

/// A check with the name of one of another table: MySQL tells them apart in the whole database, MariaDB in their tables,
/// where it gives those without a name the same ones in each. A table that has another name in the end is left out. Both
/// are told in the same words, so that it is told once where both are new.
fn meeting(table: &ObjectName, item: &Check, state: &State) -> Option<Diagnostic> {
    let same = |other: &&Check| other.name.as_str().to_lowercase() == item.name.as_str().to_lowercase();
    let owner = state.tables.get(table)?;
    let mut others = state.tables.iter().filter(|other| other.name != owner.name);
    let other = others.find_map(|other| Some((&other.name, &other.checks.iter().find(same)?.name)))?;
    let mut pair = [(table, &item.name), other];
    pair.sort();
    let [(owner, other), (table, name)] = pair;
    let message = format!("check `{name}` of `{table}` has the name of check `{other}` of `{owner}`");
    let help = "give the check another name; for MariaDB alone, write `servers mariadb` beside `dialects`";
    Some(Diagnostic::error(&E566, message).help(help))
}
