//! Which values fit which type: what a strict server converts by itself, and what holds for the values that it would refuse.

use super::quote::string;
use super::types::{
    BIGINT, BLOBS, CHAR, DATE, DATETIME, DECIMAL, DOUBLE, FLOAT, INT, JSON, Kind, MEDIUMINT, MyType,
    SMALLINT, TEXTS, TIME, TIMESTAMP, TINYINT, UUID, VARBINARY, VARCHAR, YEAR,
};
use super::version::is_mariadb;
use crate::dialect::Version;
use crate::model::{Collection, Type};

/// What values stand for: within a family a server converts them, and to and from text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Number,
    Text,
    Bytes,
    Day,
    Time,
    Moment,
    Json,
    Uuid,
    /// Only its user knows.
    Other,
}

fn family(ty: &MyType) -> Family {
    match () {
        () if ty.is_integer() || ty.is_any(&[FLOAT, DOUBLE, DECIMAL, YEAR]) => Family::Number,
        () if ty.is_text() => Family::Text,
        () if ty.is_any(&BLOBS) || ty.is_any(&[VARBINARY, super::types::BINARY]) => Family::Bytes,
        () if ty.is(DATE) => Family::Day,
        () if ty.is(TIME) => Family::Time,
        () if ty.is_any(&[DATETIME, TIMESTAMP]) => Family::Moment,
        () if ty.is(JSON) => Family::Json,
        () if ty.is(UUID) => Family::Uuid,
        () => Family::Other,
    }
}

/// A type; the values of an enum don't matter here.
fn bare(ty: &Type) -> MyType {
    match ty {
        Type::Enum(_) => MyType::native("enum('')"),
        Type::Portable(_) | Type::Array(_) | Type::Native(_) => MyType::of(ty, &Collection::new()),
    }
}

/// Whether values become those of another type by themselves.
pub(super) fn converts(from: &Type, to: &Type) -> bool {
    let (from, to) = (family(&bare(from)), family(&bare(to)));
    from == to
        || matches!((from, to), (Family::Text, _) | (_, Family::Text | Family::Other) | (Family::Other, _))
        || matches!((from, to), (Family::Day, Family::Moment) | (Family::Moment, Family::Day | Family::Time))
}

/// What holds for the values of a column that a type has no place for.
pub(super) fn misfit(column: &str, from: &Type, to: &Type, version: Version) -> Option<String> {
    let (from, to) = (bare(from), bare(to));
    match (family(&from), family(&to)) {
        (Family::Text, Family::Text) => {
            let most = longest(&to)?;
            // Spaces at the end are cut off.
            Some(format!("CHAR_LENGTH(TRIM(TRAILING ' ' FROM {column})) > {most}"))
        }
        (Family::Bytes, Family::Bytes) => Some(format!("LENGTH({column}) > {}", longest(&to)?)),
        (_, Family::Text) if longest(&to).is_some() => {
            Some(format!("CHAR_LENGTH(CAST({column} AS CHAR)) > {}", longest(&to)?))
        }
        (Family::Number, Family::Number) => outside(column, &to),
        (Family::Text, Family::Number) => {
            let number = r"^[[:space:]]*[-+]?([0-9]+([.][0-9]*)?|[.][0-9]+)([eE][-+]?[0-9]+)?[[:space:]]*$";
            let unreadable = format!("{column} NOT REGEXP {}", string(number));
            Some(match outside(&format!("({column} + 0)"), &to) {
                Some(outside) => format!("({unreadable} OR {outside})"),
                None => unreadable,
            })
        }
        (Family::Text, Family::Json) => Some(format!("NOT JSON_VALID({column})")),
        (Family::Text, Family::Day | Family::Moment) => {
            // Anything else that a server takes for a date is told apart by the server alone.
            let date = r"^[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}";
            let unlike = format!("{column} NOT REGEXP {}", string(date));
            Some(format!("({column} IS NOT NULL AND ({unlike} OR DAYOFMONTH({column}) IS NULL))"))
        }
        (Family::Text, Family::Uuid) => {
            let uuid = r"^[{]?[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}[}]?$";
            Some(format!("{column} NOT REGEXP {}", string(uuid)))
        }
        (Family::Day | Family::Moment, Family::Moment) if to.is(TIMESTAMP) => {
            let later = is_mariadb(version) && version.is_at_least(11, 5, 0);
            let last = if later { "2106-02-07 06:28:15.999999" } else { "2038-01-19 03:14:07.999999" };
            // The date that is none has a place.
            Some(format!("({column} NOT BETWEEN '1970-01-01 00:00:01' AND '{last}' AND {column} <> 0)"))
        }
        _ => None,
    }
}

/// What holds for the values that a server surely refuses when a column becomes another type; `None` where there are
/// none, or only the server knows.
pub(super) fn refused(column: &str, from: &Type, to: &Type, version: Version) -> Option<String> {
    let (before, after) = (bare(from), bare(to));
    match (family(&before), family(&after)) {
        // There are more ways to write a moment than could be listed.
        (Family::Text, Family::Day | Family::Moment) => {
            Some(format!("({column} IS NOT NULL AND DAYOFMONTH({column}) IS NULL)"))
        }
        (_, Family::Uuid) => None,
        (Family::Text, Family::Text) | (Family::Bytes, Family::Bytes) if has_room(&before, &after) => None,
        (Family::Number, Family::Number) if holds_all(&before, &after) => None,
        _ => misfit(column, from, to, version),
    }
}

/// Whether the longest value of a type is one of the other.
fn has_room(from: &MyType, to: &MyType) -> bool {
    match (longest(from), longest(to)) {
        (_, None) => true,
        (None, Some(_)) => false,
        (Some(from), Some(to)) => from <= to,
    }
}

/// Whether the numbers of a type are all numbers of the other.
fn holds_all(from: &MyType, to: &MyType) -> bool {
    if let ([precision, scale], [most, places]) = (from.numbers.as_slice(), to.numbers.as_slice())
        && from.is(DECIMAL)
        && to.is(DECIMAL)
    {
        return precision.saturating_sub(*scale) <= most.saturating_sub(*places);
    }
    match (range(from), range(to)) {
        (Some((low, high)), Some((lowest, highest))) => lowest <= low && high <= highest,
        _ => false,
    }
}

/// The most characters or bytes that a type has room for, where that can matter.
fn longest(ty: &MyType) -> Option<u32> {
    match &ty.kind {
        Kind::Known(word) if [CHAR, VARCHAR, VARBINARY, super::types::BINARY].contains(word) => {
            ty.numbers.first().copied()
        }
        Kind::Known(word) if *word == TEXTS[0] || *word == BLOBS[0] => Some(255),
        Kind::Known(word) if *word == BLOBS[1] => Some(65_535),
        Kind::Known(_) | Kind::Enum(_) | Kind::Set(_) | Kind::Other(_) => None,
    }
}

/// What holds for numbers outside of a type's range.
fn outside(value: &str, to: &MyType) -> Option<String> {
    if to.is(DECIMAL) {
        let [precision, scale] = to.numbers.as_slice() else { return None };
        let digits = precision.saturating_sub(*scale);
        let limit = "1".to_owned() + &"0".repeat(usize::try_from(digits).ok()?);
        return Some(format!("ABS(ROUND({value}, {scale})) >= {limit}"));
    }
    let (low, high) = range(to)?;
    Some(format!("ROUND({value}) NOT BETWEEN {low} AND {high}"))
}

/// The lowest and the highest number of a type of whole numbers.
fn range(ty: &MyType) -> Option<(i128, i128)> {
    let bits = [(TINYINT, 8), (SMALLINT, 16), (MEDIUMINT, 24), (INT, 32), (BIGINT, 64)];
    let (_, bits) = bits.iter().find(|(word, _)| ty.is(word))?;
    Some(match ty.unsigned {
        true => (0, (1 << bits) - 1),
        false => (-(1 << (bits - 1)), (1 << (bits - 1)) - 1),
    })
}

/// What holds for the values of a column of an enum that are none of these.
pub(super) fn not_among(column: &str, _ty: &Type, values: &[Box<str>]) -> String {
    let values: Vec<String> = values.iter().map(|value| string(value)).collect();
    format!("{column} NOT IN ({})", values.join(", "))
}
