//! What which version of PostgreSQL can do: what has another way is answered, what has none is refused.

use super::errors::E530;
use crate::change::Op;
use crate::diagnostic::Diagnostic;
use crate::dialect::made::{Part, made};
use crate::dialect::{Product, Supported, Version};
use crate::model::{Column, Index, Storage, Unique};
use crate::name::ObjectName;

/// The versions that this dialect is for.
pub(super) const SUPPORTED: &[Supported] =
    &[Supported { oldest: Product::Postgres.version(11, 0, 0), newest: Product::Postgres.version(18, 4, 0) }];

/// Whether `ALTER TYPE … ADD VALUE` may run in a transaction.
pub(super) fn adds_values_in_transaction(version: Version) -> bool {
    version.major >= 12
}

/// Whether `ALTER COLUMN … DROP EXPRESSION` exists.
pub(super) fn drops_expressions(version: Version) -> bool {
    version.major >= 13
}

/// Whether `ALTER COLUMN … SET EXPRESSION` exists.
pub(super) fn sets_expressions(version: Version) -> bool {
    version.major >= 17
}

/// What an operation would create that this version doesn't have.
pub(super) fn refusals(op: &Op, version: Version) -> Vec<Diagnostic> {
    let refusal = |(table, part): (&ObjectName, Part<'_>)| match part {
        Part::Column(item) => generated(table, item, version),
        Part::Unique(item) => unique(table, item, version),
        Part::Index(item) => index(table, item, version),
        Part::Check(_) => None,
    };
    made(op).into_iter().filter_map(refusal).collect()
}

fn refuse(what: String, since: u32, version: Version, help: &str) -> Diagnostic {
    let message = format!("{what} needs PostgreSQL {since}, and this is {}", version.major);
    Diagnostic::error(&E530, message).help(help)
}

fn generated(table: &ObjectName, column: &Column, version: Version) -> Option<Diagnostic> {
    let name = format!("`{table}.{}`", column.name);
    match column.generated.as_ref()?.storage {
        Storage::Virtual if version.major < 18 => Some(refuse(
            format!("the virtual column {name}"),
            18,
            version,
            "store it instead of computing it on reading: remove `virtual`",
        )),
        Storage::Stored if version.major < 12 => Some(refuse(
            format!("the generated column {name}"),
            12,
            version,
            "fill a plain column from a trigger",
        )),
        Storage::Stored | Storage::Virtual => None,
    }
}

fn unique(table: &ObjectName, item: &Unique, version: Version) -> Option<Diagnostic> {
    nulls(item.nulls_not_distinct, &format!("`{}` of `{table}`", item.name), version)
}

fn index(table: &ObjectName, item: &Index, version: Version) -> Option<Diagnostic> {
    nulls(item.nulls_not_distinct, &format!("`{}` of `{table}`", item.name), version)
}

fn nulls(not_distinct: bool, name: &str, version: Version) -> Option<Diagnostic> {
    (not_distinct && version.major < 15).then(|| {
        refuse(
            format!("`nulls-not-distinct` on {name}"),
            15,
            version,
            "add a partial unique index over the rows that hold NULL",
        )
    })
}
