//! Which values fit which type: what a strict server converts by itself, and what holds for the values that it would refuse.

use super::quote::string;
use super::types::{
    BIGINT, BLOBS, CHAR, DATE, DATETIME, DECIMAL, DOUBLE, FLOAT, INT, INTEGERS, JSON, Kind, MEDIUMINT,
    MyType, SMALLINT, TEXTS, TIME, TIMESTAMP, TINYINT, UUID, VARBINARY, VARCHAR, YEAR,
};
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
pub(super) fn misfit(column: &str, from: &Type, to: &Type, _version: Version) -> Option<String> {
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
            Some(format!("({column} NOT REGEXP {} OR DAYOFMONTH({column}) IS NULL)", string(date)))
        }
        (Family::Text, Family::Uuid) => {
            let uuid = r"^[{]?[0-9a-fA-F]{8}-?([0-9a-fA-F]{4}-?){3}[0-9a-fA-F]{12}[}]?$";
            Some(format!("{column} NOT REGEXP {}", string(uuid)))
        }
        (Family::Day | Family::Moment, Family::Moment) if to.is(TIMESTAMP) => {
            Some(format!("{column} NOT BETWEEN '1970-01-01 00:00:01' AND '2038-01-19 03:14:07'"))
        }
        _ => None,
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
    let bits = [(TINYINT, 8), (SMALLINT, 16), (MEDIUMINT, 24), (INT, 32), (BIGINT, 64)];
    let (_, bits) = bits.iter().find(|(word, _)| to.is(word) && INTEGERS.contains(word))?;
    let (low, high) = if to.unsigned {
        (0, (1_i128 << bits) - 1)
    } else {
        (-(1_i128 << (bits - 1)), (1_i128 << (bits - 1)) - 1)
    };
    Some(format!("ROUND({value}) NOT BETWEEN {low} AND {high}"))
}

/// What holds for the values of a column of an enum that are none of these.
pub(super) fn not_among(column: &str, _ty: &Type, values: &[Box<str>]) -> String {
    let values: Vec<String> = values.iter().map(|value| string(value)).collect();
    format!("{column} NOT IN ({})", values.join(", "))
}
