//! Conditions on values that have no place in what their column becomes: what a rebuild would refuse, said about the
//! table that is there.

use super::quote;
use super::types::{Kind, converted, stored};
use crate::model::Type;

/// What holds for a value that doesn't get one of the new type's classes.
pub(super) fn misfit(column: &str, from: &Type, to: &Type) -> Option<String> {
    let kind = |ty| stored(ty, false).ok().map(|stored| stored.kind);
    let (from, to) = (kind(from)?, kind(to)?);
    let value = converted(column.to_owned(), from, to);
    // A comparison with a number reads text as the affinity of a column does: only what is a number as a whole.
    let number = format!("CAST({value} AS NUMERIC)");
    match to {
        Kind::Bool | Kind::Integer => {
            Some(format!("NOT ({number} = ({value}) AND {number} = CAST({number} AS INTEGER))"))
        }
        Kind::Real | Kind::Numeric => Some(format!("{number} <> ({value})")),
        Kind::Text => Some(format!("typeof({value}) = 'blob'")),
        Kind::Moment | Kind::Blob | Kind::Any => None,
    }
}

/// What holds for a value that is none of these.
pub(super) fn not_among(column: &str, values: &[Box<str>]) -> String {
    format!("{column} NOT IN ({})", quote::list(values.iter().map(|value| quote::text(value))))
}
