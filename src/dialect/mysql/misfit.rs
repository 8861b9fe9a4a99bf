//! Which values fit which type.

use super::quote::string;
use crate::dialect::Version;
use crate::model::Type;

/// Whether values become those of another type by themselves.
pub(super) fn converts(from: &Type, to: &Type) -> bool {
    from == to
}

/// What holds for the values of a column that a type has no place for.
pub(super) fn misfit(column: &str, from: &Type, to: &Type, version: Version) -> Option<String> {
    let _ = (column, from, to, version);
    None
}

/// What holds for the values of a column of an enum that are none of these.
pub(super) fn not_among(column: &str, _ty: &Type, values: &[Box<str>]) -> String {
    let values: Vec<String> = values.iter().map(|value| string(value)).collect();
    format!("{column} NOT IN ({})", values.join(", "))
}
