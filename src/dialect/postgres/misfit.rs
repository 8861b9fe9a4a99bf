//! Conditions on values that have no place in what their column becomes: what `ALTER COLUMN … TYPE` would refuse, said
//! about the table that is there.

use super::cast::{Rule, rule};
use super::quote::string;
use super::types::{
    BIGINT, BOOL, CHAR, DOUBLE, INTEGER, Kind, NUMERIC, PgType, REAL, SMALLINT, TEXT, VARCHAR,
};
use crate::dialect::Version;
use crate::model::Type;

/// What holds for a value that the new type has no room for, or that it can't read.
pub(super) fn misfit(column: &str, from: &Type, to: &Type, version: Version) -> Option<String> {
    let (from, to) = (PgType::of(from), PgType::of(to));
    if from.dimensions > 0 || to.dimensions > 0 || rule(&from, &to) == Rule::None {
        return None;
    }
    let is = |ty: &PgType, words: &[&str]| words.iter().any(|word| ty.is(word));
    let strings = [TEXT, VARCHAR, CHAR, "bpchar"];
    if is(&to, &strings) {
        let [most] = to.modifiers.as_slice() else { return None };
        // Spaces at the end are cut off.
        let text = if is(&from, &strings) { column.to_owned() } else { format!("{column}::text") };
        return (!from.is("bytea")).then(|| format!("length(rtrim({text})) > {most}"));
    }
    if is(&from, &strings) {
        // From here on the server can be asked.
        if version.is_at_least(16, 0, 0) && !matches!(to.kind, Kind::Enum(_)) {
            return Some(format!("NOT pg_input_is_valid({column}, {})", string(&to.sql())));
        }
        return unreadable(column, &to);
    }
    is(&from, &[SMALLINT, INTEGER, BIGINT, REAL, DOUBLE, NUMERIC]).then(|| outside(column, &to)).flatten()
}

/// The function that tries a text, for servers that have none, and the condition that a text of the column fits.
pub(super) fn probe(column: &str, from: &Type, to: &Type) -> Option<(Vec<String>, String)> {
    let (from, to) = (PgType::of(from), PgType::of(to));
    let is_text = [TEXT, VARCHAR, CHAR, "bpchar"].iter().any(|word| from.is(word));
    if !is_text || to.dimensions > 0 {
        return None;
    }
    let make = format!(
        "CREATE FUNCTION pg_temp.schemactl_fits(value text) RETURNS boolean LANGUAGE plpgsql AS $fits$\n\
         BEGIN\n    PERFORM CAST(value AS {});\n    RETURN true;\n\
         EXCEPTION WHEN OTHERS THEN RETURN false;\nEND $fits$",
        to.sql()
    );
    // Nobody waits for a large table only to be told more.
    let limit = "SET LOCAL statement_timeout = '10s'".to_owned();
    Some((vec![limit, make], format!("pg_temp.schemactl_fits({column})")))
}

/// What holds for a number that the type has no room for.
fn outside(number: &str, to: &PgType) -> Option<String> {
    let beyond = |bits: u32| {
        let limit = 1_i128 << (bits - 1);
        Some(format!("round({number}::numeric) NOT BETWEEN -{limit} AND {}", limit - 1))
    };
    match (&to.kind, to.modifiers.as_slice()) {
        (Kind::Known(SMALLINT), _) => beyond(16),
        (Kind::Known(INTEGER), _) => beyond(32),
        (Kind::Known(BIGINT), _) => beyond(64),
        (Kind::Known(NUMERIC), [precision, scale]) => {
            let whole = precision.saturating_sub(*scale);
            Some(format!("abs(round({number}::numeric, {scale})) >= 1e{whole}"))
        }
        _ => None,
    }
}

/// What holds for a text that the type can't read, as far as a pattern can tell.
fn unreadable(column: &str, to: &PgType) -> Option<String> {
    const WHOLE: &str = r"^\s*[-+]?\d+\s*$";
    const NUMBER: &str = r"^\s*[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?\s*$";
    const SPECIAL: &str = r"^\s*(nan|[-+]?inf(inity)?)\s*$";
    const UUID: &str = r"^(([0-9a-f]{4}-?){7}[0-9a-f]{4}|\{([0-9a-f]{4}-?){7}[0-9a-f]{4}\})$";
    const WORDS: &str = r"^\s*(t|tr|tru|true|y|ye|yes|on|1|f|fa|fal|fals|false|n|no|of|off|0)\s*$";
    // Only what looks like a number may be read as one, and NULL is nothing to complain of.
    let number = |pattern: &str, otherwise: &str| {
        let too_large = outside(column, to).unwrap_or_else(|| "false".to_owned());
        let looks = format!("{column} ~* {}", string(pattern));
        format!("({column} IS NOT NULL AND CASE WHEN {looks} THEN {too_large} ELSE {otherwise} END)")
    };
    let unlike = |pattern: &str| format!("{column} !~* {}", string(pattern));
    match to.kind {
        Kind::Known(SMALLINT | INTEGER | BIGINT) => Some(number(WHOLE, "true")),
        Kind::Known(NUMERIC | REAL | DOUBLE) => Some(number(NUMBER, &unlike(SPECIAL))),
        Kind::Known(BOOL) => Some(unlike(WORDS)),
        Kind::Known("uuid") => Some(unlike(UUID)),
        Kind::Known(_) | Kind::Enum(_) | Kind::Other(_) => None,
    }
}

/// What holds for a value of an enum, or for an array of them, that is none of these.
pub(super) fn not_among(column: &str, ty: &Type, values: &[Box<str>]) -> String {
    let list = values.iter().map(|value| string(value)).collect::<Vec<_>>().join(", ");
    if PgType::of(ty).dimensions > 0 {
        return format!("NOT {column}::text[] <@ ARRAY[{list}]::text[]");
    }
    format!("{column}::text NOT IN ({list})")
}
