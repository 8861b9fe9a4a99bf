//! Column types as PostgreSQL spells them.
//!
//! | portable | PostgreSQL |
//! | --- | --- |
//! | `bool` | `boolean` |
//! | `smallint`, `int`, `bigint` | `smallint`, `integer`, `bigint` |
//! | `real`, `double` | `real`, `double precision` |
//! | `decimal(p,s)` | `numeric(p,s)` |
//! | `char(n)`, `varchar(n)`, `text` | the same |
//! | `bytes` | `bytea` |
//! | `date`, `time`, `timestamp`, `interval` | the same, digits kept |
//! | `timestamptz` | `timestamp with time zone` |
//! | `uuid` | `uuid` |
//! | `json` | `jsonb`, which can be compared and indexed |
//! | an enum | the type of that name |
//! | `t[]` | an array |
//!
//! Any other spelling is handed on. Spellings that PostgreSQL has several of are folded to one, so that `int8`
//! and `bigint` are no difference.

use crate::model::{Digits, Portable, Type};
use crate::name::ObjectName;

use super::quote;

/// A type in the form in which two of them can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PgType {
    /// What it is, or what its elements are.
    pub(super) kind: Kind,
    /// Length, precision and scale, as far as they are given.
    pub(super) modifiers: Vec<u32>,
    /// How many dimensions it was declared with; 0 is no array.
    pub(super) dimensions: usize,
}

/// The types that have rules of their own here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A type known by one word or phrase, which is its spelling.
    Known(&'static str),
    /// An enum of the schema.
    Enum(ObjectName),
    /// Anything else, as it was written.
    Other(Box<str>),
}

pub(super) const BOOL: &str = "boolean";
pub(super) const SMALLINT: &str = "smallint";
pub(super) const INTEGER: &str = "integer";
pub(super) const BIGINT: &str = "bigint";
pub(super) const REAL: &str = "real";
pub(super) const DOUBLE: &str = "double precision";
pub(super) const NUMERIC: &str = "numeric";
pub(super) const CHAR: &str = "char";
pub(super) const VARCHAR: &str = "varchar";
pub(super) const TEXT: &str = "text";
pub(super) const TIME: &str = "time";
pub(super) const TIMETZ: &str = "time with time zone";
pub(super) const TIMESTAMP: &str = "timestamp";
pub(super) const TIMESTAMPTZ: &str = "timestamp with time zone";

/// Every spelling of a known type, in lower case and with single spaces, and the one that is used.
const SPELLINGS: &[(&str, &str)] = &[
    ("bool", BOOL),
    ("boolean", BOOL),
    ("smallint", SMALLINT),
    ("int2", SMALLINT),
    ("int", INTEGER),
    ("integer", INTEGER),
    ("int4", INTEGER),
    ("bigint", BIGINT),
    ("int8", BIGINT),
    ("real", REAL),
    ("float4", REAL),
    ("double", DOUBLE),
    ("double precision", DOUBLE),
    ("float8", DOUBLE),
    ("numeric", NUMERIC),
    ("decimal", NUMERIC),
    ("char", CHAR),
    ("character", CHAR),
    ("bpchar", "bpchar"),
    ("varchar", VARCHAR),
    ("character varying", VARCHAR),
    ("text", TEXT),
    ("bytea", "bytea"),
    ("date", "date"),
    ("time", TIME),
    ("time without time zone", TIME),
    ("timetz", TIMETZ),
    ("time with time zone", TIMETZ),
    ("timestamp", TIMESTAMP),
    ("timestamp without time zone", TIMESTAMP),
    ("timestamptz", TIMESTAMPTZ),
    ("timestamp with time zone", TIMESTAMPTZ),
    ("interval", "interval"),
    ("uuid", "uuid"),
    ("json", "json"),
    ("jsonb", "jsonb"),
    ("xml", "xml"),
    ("inet", "inet"),
    ("cidr", "cidr"),
    ("macaddr", "macaddr"),
    ("macaddr8", "macaddr8"),
    ("money", "money"),
    ("bit", "bit"),
    ("varbit", "bit varying"),
    ("bit varying", "bit varying"),
    ("oid", "oid"),
];

impl PgType {
    /// The type of a projected column.
    pub(super) fn of(ty: &Type) -> Self {
        match ty {
            Type::Portable(portable) => Self::portable(*portable),
            Type::Enum(name) => Self::plain(Kind::Enum(name.clone()), Vec::new()),
            Type::Array(element) => {
                let element = Self::of(element);
                Self { dimensions: element.dimensions + 1, ..element }
            }
            Type::Native(text) => Self::native(text),
        }
    }

    fn plain(kind: Kind, modifiers: Vec<u32>) -> Self {
        Self { kind, modifiers, dimensions: 0 }
    }

    fn portable(portable: Portable) -> Self {
        let known = |word: &'static str| Self::plain(Kind::Known(word), Vec::new());
        let with = |word: &'static str, digits: Option<u8>| {
            Self::plain(Kind::Known(word), digits.map(u32::from).into_iter().collect())
        };
        match portable {
            Portable::Bool => known(BOOL),
            Portable::SmallInt => known(SMALLINT),
            Portable::Int => known(INTEGER),
            Portable::BigInt => known(BIGINT),
            Portable::Real => known(REAL),
            Portable::Double => known(DOUBLE),
            Portable::Decimal(None) => known(NUMERIC),
            Portable::Decimal(Some(Digits { precision, scale })) => {
                Self::plain(Kind::Known(NUMERIC), vec![precision.into(), scale.into()])
            }
            Portable::Char(length) => Self::plain(Kind::Known(CHAR), vec![length]),
            Portable::VarChar(length) => Self::plain(Kind::Known(VARCHAR), vec![length]),
            Portable::Text => known(TEXT),
            Portable::Bytes => known("bytea"),
            Portable::Date => known("date"),
            Portable::Time(digits) => with(TIME, digits),
            Portable::Timestamp(digits) => with(TIMESTAMP, digits),
            Portable::TimestampTz(digits) => with(TIMESTAMPTZ, digits),
            Portable::Interval => known("interval"),
            Portable::Uuid => known("uuid"),
            Portable::Json => known("jsonb"),
        }
    }

    fn native(text: &str) -> Self {
        let mut rest = text.trim();
        let mut dimensions = 0;
        while let Some(element) = rest.strip_suffix("[]") {
            rest = element.trim_end();
            dimensions += 1;
        }
        match recognized(rest) {
            Some((word, modifiers)) => Self { kind: Kind::Known(word), modifiers, dimensions },
            None => Self { kind: Kind::Other(rest.into()), modifiers: Vec::new(), dimensions },
        }
    }

    /// The type that the server prints, with so many dimensions: portable if that stands for the very same.
    pub(super) fn printed(text: &str, dimensions: usize) -> Type {
        let element = Self::native(text);
        let ty = match element.to_portable() {
            Some(portable) => Type::Portable(portable),
            None => Type::Native(element.sql().into()),
        };
        nested(ty, dimensions)
    }

    fn to_portable(&self) -> Option<Portable> {
        let Kind::Known(word) = self.kind else { return None };
        let digits = |of: fn(Option<u8>) -> Portable| match *self.modifiers.as_slice() {
            [] => Some(of(None)),
            [digits] => u8::try_from(digits).ok().map(|digits| of(Some(digits))),
            _ => None,
        };
        let portable = match (word, self.modifiers.as_slice()) {
            (BOOL, []) => Portable::Bool,
            (SMALLINT, []) => Portable::SmallInt,
            (INTEGER, []) => Portable::Int,
            (BIGINT, []) => Portable::BigInt,
            (REAL, []) => Portable::Real,
            (DOUBLE, []) => Portable::Double,
            (NUMERIC, []) => Portable::Decimal(None),
            (NUMERIC, [precision, scale]) if scale <= precision => Portable::Decimal(Some(Digits {
                precision: u16::try_from(*precision).ok()?,
                scale: u16::try_from(*scale).ok()?,
            })),
            (CHAR, [length]) => Portable::Char(*length),
            (VARCHAR, [length]) => Portable::VarChar(*length),
            (TEXT, []) => Portable::Text,
            ("bytea", []) => Portable::Bytes,
            ("date", []) => Portable::Date,
            (TIME, _) => return digits(Portable::Time),
            (TIMESTAMP, _) => return digits(Portable::Timestamp),
            (TIMESTAMPTZ, _) => return digits(Portable::TimestampTz),
            ("interval", []) => Portable::Interval,
            ("uuid", []) => Portable::Uuid,
            ("jsonb", []) => Portable::Json,
            _ => return None,
        };
        Some(portable)
    }

    /// Whether it is this known type and no array.
    pub(super) fn is(&self, word: &str) -> bool {
        self.dimensions == 0 && self.is_of(word)
    }

    /// Whether it, or its element, is this known type.
    pub(super) fn is_of(&self, word: &str) -> bool {
        matches!(self.kind, Kind::Known(known) if known == word)
    }

    /// The enum that it is made of.
    pub(super) fn enum_name(&self) -> Option<&ObjectName> {
        match &self.kind {
            Kind::Enum(name) => Some(name),
            Kind::Known(_) | Kind::Other(_) => None,
        }
    }

    /// Whether it is a number and no array.
    pub(super) fn is_number(&self) -> bool {
        [SMALLINT, INTEGER, BIGINT, NUMERIC, REAL, DOUBLE].iter().any(|word| self.is(word))
    }

    /// The same type without length or precision.
    pub(super) fn bare(&self) -> Self {
        Self { modifiers: Vec::new(), ..self.clone() }
    }

    /// The spelling in SQL.
    pub(super) fn sql(&self) -> String {
        let modifiers = || {
            let numbers: Vec<String> = self.modifiers.iter().map(u32::to_string).collect();
            if numbers.is_empty() { String::new() } else { format!("({})", numbers.join(",")) }
        };
        let element = match &self.kind {
            // The digits of these stand inside the phrase.
            Kind::Known(word) => match word.split_once(' ') {
                Some((first, rest)) if rest == "with time zone" => format!("{first}{} {rest}", modifiers()),
                _ => format!("{word}{}", modifiers()),
            },
            Kind::Enum(name) => quote::object(name),
            Kind::Other(text) => text.to_string(),
        };
        element + &"[]".repeat(self.dimensions)
    }
}

/// An array of arrays, and so on, of a type.
pub(super) fn nested(ty: Type, dimensions: usize) -> Type {
    (0..dimensions).fold(ty, |ty, _| Type::Array(Box::new(ty)))
}

/// Finds a known type in its spellings: words, then numbers in parentheses, then maybe words again.
fn recognized(text: &str) -> Option<(&'static str, Vec<u32>)> {
    let (words, modifiers) = match text.split_once('(') {
        None => (text.to_owned(), Vec::new()),
        Some((head, rest)) => {
            let (numbers, tail) = rest.split_once(')')?;
            let numbers: Result<Vec<u32>, _> =
                numbers.split(',').map(|number| number.trim().parse()).collect();
            (format!("{head} {tail}"), numbers.ok()?)
        }
    };
    let words = words.split_whitespace().map(str::to_ascii_lowercase).collect::<Vec<_>>().join(" ");
    let (_, word) = SPELLINGS.iter().find(|(spelling, _)| *spelling == words)?;
    // Without a length these two stand for one character; `numeric(5)` has no digits behind the point.
    let modifiers = match (*word, modifiers.as_slice()) {
        (CHAR | "bit", []) => vec![1],
        (NUMERIC, [precision]) => vec![*precision, 0],
        _ => modifiers,
    };
    Some((word, modifiers))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn native(text: &str) -> String {
        PgType::of(&Type::Native(text.into())).sql()
    }

    #[test]
    fn spellings_are_folded_and_the_rest_is_handed_on() {
        assert_eq!(native("INT8"), "bigint");
        assert_eq!(native("character varying ( 20 )[]"), "varchar(20)[]");
        assert_eq!(native("timestamp(3)  with time zone"), "timestamp(3) with time zone");
        assert_eq!(native("timestamptz(3)[][]"), "timestamp(3) with time zone[][]");
        assert_eq!(native("numeric(5)"), "numeric(5,0)");
        assert_eq!(native("char"), "char(1)");
        assert_eq!(native("geometry(Polygon,4326)"), "geometry(Polygon,4326)");
        assert_eq!(native("citext"), "citext");
    }

    #[test]
    fn what_the_server_prints_is_portable_where_that_is_the_same() {
        let printed = |text| PgType::printed(text, 0).to_string();
        for (text, portable) in [
            ("character varying(20)", "varchar(20)"),
            ("timestamp(3) with time zone", "timestamptz(3)"),
            ("numeric(5,2)", "decimal(5,2)"),
            ("numeric", "decimal"),
            ("character(3)", "char(3)"),
            ("jsonb", "json"),
        ] {
            assert_eq!(printed(text), portable);
            assert!(
                matches!(PgType::printed(text, 1), Type::Array(element) if matches!(*element, Type::Portable(_)))
            );
        }
        for text in [
            "json",
            "varchar",
            "bpchar",
            "\"char\"",
            "numeric(3,5)",
            "numeric(3,-2)",
            "interval(3)",
            "other.t",
        ] {
            assert_eq!(PgType::printed(text, 0), Type::Native(text.into()));
        }
    }

    #[test]
    fn portable_types_have_one_spelling_each() {
        let portable = |portable| PgType::of(&Type::Portable(portable)).sql();
        assert_eq!(portable(Portable::Json), "jsonb");
        assert_eq!(portable(Portable::TimestampTz(None)), "timestamp with time zone");
        assert_eq!(portable(Portable::Decimal(Some(Digits { precision: 10, scale: 2 }))), "numeric(10,2)");
        assert_eq!(PgType::of(&Type::Array(Box::new(Type::Portable(Portable::Bytes)))).sql(), "bytea[]");
    }
}
