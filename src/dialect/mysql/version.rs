//! Which version of which product can do what. Facts are from the manuals of MySQL 8.0 to 9.7 and of MariaDB 10.6 to
//! 11.8, and measured on MariaDB 10.11 and MySQL 9.7.

use super::errors::E569;
use super::options::{self, COMPRESSED, ENFORCED, ON_UPDATE, SRID};
use crate::change::Op;
use crate::diagnostic::Diagnostic;
use crate::dialect::made::{Part, made};
use crate::dialect::{Product, Supported, Version};
use crate::model::{Check, Column, Index, KeyPart};
use crate::name::ObjectName;

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

/// What an operation would create that this version doesn't have.
pub(super) fn refusals(op: &Op, version: Version) -> Vec<Diagnostic> {
    let refusal = |(table, part): (&ObjectName, Part<'_>)| match part {
        Part::Column(item) => column(table, item, version),
        Part::Index(item) => index(table, item, version),
        Part::Check(item) => check(table, item, version),
        Part::Unique(_) => None,
    };
    made(op).into_iter().filter_map(refusal).collect()
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

fn column(table: &ObjectName, item: &Column, version: Version) -> Option<Diagnostic> {
    let is_stamped = options::get(&item.options, ON_UPDATE).is_some();
    if is_mariadb(version) && is_stamped && !item.nullable && item.default.common.is_none() {
        let what = format!("column `{table}.{}` is required, has `on-update` and no default", item.name);
        let help =
            "add `default=(sql)\"CURRENT_TIMESTAMP\"`: MariaDB can't alter a table with a column like this";
        return Some(refuse(what, version, help));
    }
    let other = if is_mariadb(version) { SRID } else { COMPRESSED };
    options::get(&item.options, other)?;
    let what = format!("column `{table}.{}` has the option `{other}`", item.name);
    Some(refuse(what, version, "remove the option"))
}

fn index(table: &ObjectName, item: &Index, version: Version) -> Option<Diagnostic> {
    let computed = item.keys.iter().any(|key| matches!(key.on, KeyPart::Expression(_)));
    (is_mariadb(version) && computed).then(|| {
        let what = format!("index `{}` of `{table}` is over an expression", item.name);
        refuse(what, version, "add a `virtual` column with the expression, and index that")
    })
}

fn check(table: &ObjectName, item: &Check, version: Version) -> Option<Diagnostic> {
    let enforced = options::switch(&item.options, ENFORCED, true);
    (is_mariadb(version) && !enforced).then(|| {
        let what = format!("check `{}` of `{table}` is not enforced", item.name);
        refuse(what, version, "remove `enforced=#false`")
    })
}
