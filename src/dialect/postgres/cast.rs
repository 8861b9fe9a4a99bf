//! What becomes of a column's values when its type changes: by itself, by a cast that has to be written, or
//! not at all. The table is PostgreSQL's `pg_cast` with the conversions over text.

use super::quote;
use super::types::{
    BIGINT, BOOL, CHAR, DOUBLE, INTEGER, Kind, NUMERIC, PgType, REAL, SMALLINT, TEXT, TIME, TIMESTAMP,
    TIMESTAMPTZ, TIMETZ, VARCHAR,
};
use crate::model::Type;
use crate::name::Name;

/// How a value gets from one type to another.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// PostgreSQL does it unasked.
    Assign,
    /// A cast must be written; the text follows the column's name.
    Explicit(String),
    /// An expression of the column.
    Computed(String),
    /// There is no way.
    None,
}

impl Rule {
    /// The clause behind `TYPE …`.
    pub(super) fn using(&self, column: &Name) -> String {
        let column = quote::ident(column);
        match self {
            Self::Assign | Self::None => String::new(),
            Self::Explicit(casts) => format!(" USING {column}{casts}"),
            Self::Computed(expression) => format!(" USING {}", expression.replace("{}", &column)),
        }
    }
}

const INTEGERS: [&str; 3] = [SMALLINT, INTEGER, BIGINT];
const NUMBERS: [&str; 6] = [SMALLINT, INTEGER, BIGINT, REAL, DOUBLE, NUMERIC];
const STRINGS: [&str; 4] = [CHAR, "bpchar", VARCHAR, TEXT];

/// Pairs that PostgreSQL converts in an assignment, beside numbers among each other and anything to a string.
const ASSIGNED: &[(&str, &str)] = &[
    ("date", TIMESTAMP),
    (TIMESTAMP, "date"),
    (TIMESTAMP, TIME),
    (TIMESTAMPTZ, TIMETZ),
    (TIME, TIMETZ),
    (TIMETZ, TIME),
    (TIME, "interval"),
    ("interval", TIME),
    ("json", "jsonb"),
    ("jsonb", "json"),
    ("inet", "cidr"),
    ("cidr", "inet"),
    ("macaddr", "macaddr8"),
    ("macaddr8", "macaddr"),
    ("bit", "bit varying"),
    ("bit varying", "bit"),
    (NUMERIC, "money"),
    ("money", NUMERIC),
    (INTEGER, "money"),
    (BIGINT, "money"),
    (SMALLINT, "oid"),
    (INTEGER, "oid"),
    (BIGINT, "oid"),
    ("oid", INTEGER),
    ("oid", BIGINT),
];

/// Pairs that need a cast.
const CAST: &[(&str, &str)] = &[
    (BOOL, INTEGER),
    (INTEGER, BOOL),
    ("jsonb", BOOL),
    ("jsonb", SMALLINT),
    ("jsonb", INTEGER),
    ("jsonb", BIGINT),
    ("jsonb", REAL),
    ("jsonb", DOUBLE),
    ("jsonb", NUMERIC),
    ("bit", INTEGER),
    ("bit", BIGINT),
    (INTEGER, "bit"),
    (BIGINT, "bit"),
];

/// The rule from one type to another that differs from it.
pub(super) fn rule(from: &PgType, to: &PgType) -> Rule {
    if from.dimensions > 0 || to.dimensions > 0 {
        return array_rule(from, to);
    }
    match (&from.kind, &to.kind) {
        // The text's bytes and not their notation; bytes that are no text fail.
        (Kind::Known("bytea"), Kind::Known(TEXT | VARCHAR)) => {
            Rule::Computed("convert_from({}, 'UTF8')".to_owned())
        }
        (Kind::Known(TEXT | VARCHAR), Kind::Known("bytea")) => {
            Rule::Computed("convert_to({}, 'UTF8')".to_owned())
        }
        (Kind::Enum(_), Kind::Enum(_)) => Rule::Explicit(format!("::text::{}", to.sql())),
        (_, Kind::Known(to)) if STRINGS.contains(to) => Rule::Assign,
        (Kind::Known(from), _) if STRINGS.contains(from) => Rule::Explicit(format!("::{}", to.sql())),
        (Kind::Known(one), Kind::Known(two)) => known_rule(one, two, to),
        (Kind::Enum(_), Kind::Known(_)) | (Kind::Known(_), Kind::Enum(_)) => Rule::None,
        // Two spellings of one type that differ in what stands in parentheses.
        (Kind::Other(one), Kind::Other(two)) if head(one) == head(two) => Rule::Assign,
        // The server knows whether there is a cast.
        (Kind::Other(_), _) | (_, Kind::Other(_)) => Rule::Explicit(format!("::{}", to.sql())),
    }
}

fn head(text: &str) -> String {
    text.split('(').next().unwrap_or(text).trim().to_ascii_lowercase()
}

fn known_rule(from: &'static str, to: &'static str, target: &PgType) -> Rule {
    let numbers = NUMBERS.contains(&from) && NUMBERS.contains(&to);
    let cast = || format!("::{}", target.sql());
    match (from, to) {
        // The session's time zone must not decide what is stored.
        (TIMESTAMP, TIMESTAMPTZ) | (TIMESTAMPTZ, TIMESTAMP) => {
            Rule::Computed("{} AT TIME ZONE 'UTC'".to_owned())
        }
        ("date", TIMESTAMPTZ) => Rule::Computed("{}::timestamp AT TIME ZONE 'UTC'".to_owned()),
        (TIMESTAMPTZ, "date" | TIME) => Rule::Computed(format!("({{}} AT TIME ZONE 'UTC'){}", cast())),
        _ if from == to || numbers || ASSIGNED.contains(&(from, to)) => Rule::Assign,
        _ if CAST.contains(&(from, to)) => Rule::Explicit(cast()),
        (BOOL, _) if NUMBERS.contains(&to) => Rule::Explicit(format!("::integer{}", cast())),
        (_, BOOL) if NUMBERS.contains(&from) => Rule::Computed("{} <> 0".to_owned()),
        ("oid", SMALLINT) => Rule::Explicit(format!("::integer{}", cast())),
        ("money", _) if NUMBERS.contains(&to) => Rule::Explicit(format!("::numeric{}", cast())),
        (_, "money") if NUMBERS.contains(&from) => Rule::Explicit(format!("::numeric{}", cast())),
        _ => Rule::None,
    }
}

/// Whether a column can change between these types without an expression for its values.
pub(super) fn converts(from: &Type, to: &Type) -> bool {
    let (from, to) = (PgType::of(from), PgType::of(to));
    from == to || rule(&from, &to) != Rule::None
}

/// An expression as a value of a type. Only strings are taken from any other type, and are not cast: a cast would cut
/// off silently what is too long.
pub(super) fn cast(expression: &str, to: &Type) -> String {
    let to = PgType::of(to);
    if to.dimensions == 0 && STRINGS.iter().any(|word| to.is(word)) {
        return expression.to_owned();
    }
    format!("CAST(({expression}) AS {})", to.sql())
}

/// Elements are converted like single values if that takes no expression; a whole array is text in braces.
fn array_rule(from: &PgType, to: &PgType) -> Rule {
    let element = |ty: &PgType| PgType { dimensions: 0, ..ty.clone() };
    if from.dimensions > 0 && to.dimensions > 0 {
        if element(from) == element(to) {
            return Rule::Assign;
        }
        let cast = |through: &str| Rule::Explicit(format!("{through}::{}", to.sql()));
        return match rule(&element(from), &element(to)) {
            Rule::Assign => Rule::Assign,
            Rule::Explicit(casts) if casts.starts_with("::text::") => cast("::text[]"),
            Rule::Explicit(casts) if casts.starts_with("::integer::") => cast("::integer[]"),
            Rule::Explicit(casts) if casts.starts_with("::numeric::") => cast("::numeric[]"),
            Rule::Explicit(_) => cast(""),
            Rule::Computed(_) | Rule::None => Rule::None,
        };
    }
    let is_string = |ty: &PgType| STRINGS.iter().any(|word| ty.is(word));
    if is_string(to) {
        Rule::Assign
    } else if is_string(from) {
        Rule::Explicit(format!("::{}", to.sql()))
    } else {
        Rule::None
    }
}

/// Whether the values stay on disk as they are when the type changes.
pub(super) fn keeps_rows(from: &PgType, to: &PgType) -> bool {
    if from.dimensions > 0 || to.dimensions > 0 {
        return from == to;
    }
    let (Kind::Known(one), Kind::Known(two)) = (&from.kind, &to.kind) else { return false };
    // An absent length is wider than any.
    let wider = match (from.modifiers.as_slice(), to.modifiers.as_slice()) {
        (_, []) => true,
        ([], _) => false,
        ([precision, scale], [wider, same]) => wider >= precision && scale == same,
        ([length], [wider]) => wider >= length,
        _ => false,
    };
    match (*one, *two) {
        (VARCHAR | TEXT, VARCHAR | TEXT) => wider,
        (NUMERIC, NUMERIC)
        | (TIME, TIME)
        | (TIMETZ, TIMETZ)
        | (TIMESTAMP, TIMESTAMP)
        | (TIMESTAMPTZ, TIMESTAMPTZ)
        | ("interval", "interval")
        | ("bit varying" | "bit", "bit varying") => wider,
        ("cidr", "inet") | ("xml", TEXT | VARCHAR) => to.modifiers.is_empty(),
        (INTEGER, "oid") => true,
        _ => false,
    }
}

/// Whether values of the two types can be compared, so that a foreign key between them stands.
pub(super) fn comparable(one: &PgType, two: &PgType) -> bool {
    const FAMILIES: [&[&str]; 4] =
        [&INTEGERS, &[VARCHAR, TEXT], &["date", TIMESTAMP, TIMESTAMPTZ], &[REAL, DOUBLE]];
    if one.bare() == two.bare() {
        return true;
    }
    let within = |family: &&[&str]| {
        let inside = |ty: &PgType| family.iter().any(|word| ty.is(word));
        inside(one) && inside(two)
    };
    FAMILIES.iter().any(within)
}
