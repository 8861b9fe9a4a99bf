//! Column types on SQLite: what is written down for each, chosen so that the library's affinity keeps the
//! value as it was given and drivers recognise the type by its name.
//!
//! | portable | declared | in a strict table |
//! | --- | --- | --- |
//! | `bool` | `boolean` | `integer` |
//! | `smallint` `int` `bigint` | `smallint` `integer` `bigint` | `integer` |
//! | the same with `identity` | `integer` | `integer` |
//! | `real` `double` | `real` `double` | `real` |
//! | `decimal(p,s)` | `decimal(p,s)` | `real` |
//! | `char(n)` `varchar(n)` `text` | `char(n)` `varchar(n)` `text` | `text` |
//! | `bytes` | `blob` | `blob` |
//! | `date` `time` | `date` `time` | `text` |
//! | `timestamp` `timestamptz` | `datetime` `timestamp` | `text` |
//! | `interval` `uuid` `json` | `text` | `text` |
//! | an enum | `text` with a check | `text` with a check |
//!
//! As the only column of a primary key `integer` is left to identity columns, because it would number rows by itself:
//! what is no identity is declared as `int` there. `interval`, `uuid` and `json` are plain text, because under their
//! own names the library would turn `5` into a number.

use super::written::declared_type;
use crate::model::{Digits, Portable, Type};
use crate::name::ObjectName;

/// What kind of values a column means to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// 0 and 1.
    Bool,
    /// Whole numbers.
    Integer,
    /// Floating point.
    Real,
    /// Whole numbers and floating point.
    Numeric,
    /// Text.
    Text,
    /// Text that a numeric affinity leaves alone: dates and times.
    Moment,
    /// Bytes.
    Blob,
    /// Whatever is given.
    Any,
}

/// A type as SQLite has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stored {
    /// What stands in CREATE TABLE.
    pub declared: String,
    /// What it means.
    pub kind: Kind,
    /// The enum whose values a check has to list.
    pub values_of: Option<ObjectName>,
}

impl Stored {
    fn new(declared: impl Into<String>, kind: Kind) -> Self {
        Self { declared: declared.into(), kind, values_of: None }
    }
}

/// What a type becomes.
///
/// # Errors
/// SQLite has nothing like it; the text says what, to stand behind the column's name.
pub(super) fn stored(ty: &Type, strict: bool) -> Result<Stored, String> {
    match ty {
        Type::Portable(portable) if strict => Ok(strict_form(*portable)),
        Type::Portable(portable) => Ok(form(*portable)),
        Type::Enum(name) => Ok(Stored { values_of: Some(name.clone()), ..Stored::new("text", Kind::Text) }),
        Type::Array(_) => Err("is an array, which SQLite does not have".to_owned()),
        Type::Native(spelling) => native(spelling, strict)
            .ok_or_else(|| format!("has the type `{spelling}`, which SQLite does not know")),
    }
}

/// The one spelling with which a primary key numbers rows by itself.
const INTEGER: &str = "integer";

/// The type of a column that numbers itself.
pub(super) fn identity() -> Stored {
    Stored::new(INTEGER, Kind::Integer)
}

/// A declared type in the one spelling of all that SQLite takes for the same. `int` and `integer` are, but in a column
/// that is the whole primary key of a table with rowids.
pub(super) fn folded(declared: &str, is_key: bool) -> String {
    let lower = declared.to_ascii_lowercase();
    if lower == "int" && !is_key { INTEGER.to_owned() } else { lower }
}

/// The type of a column that is a table's whole primary key and doesn't number itself.
pub(super) fn plain_key(stored: Stored, ty: &Type) -> Stored {
    match ty {
        Type::Portable(_) if stored.declared == INTEGER => Stored { declared: "int".to_owned(), ..stored },
        Type::Portable(_) | Type::Enum(_) | Type::Array(_) | Type::Native(_) => stored,
    }
}

fn form(portable: Portable) -> Stored {
    match portable {
        Portable::Bool => Stored::new("boolean", Kind::Bool),
        Portable::SmallInt => Stored::new("smallint", Kind::Integer),
        Portable::Int => Stored::new(INTEGER, Kind::Integer),
        Portable::BigInt => Stored::new("bigint", Kind::Integer),
        Portable::Real => Stored::new("real", Kind::Real),
        Portable::Double => Stored::new("double", Kind::Real),
        Portable::Decimal(None) => Stored::new("decimal", Kind::Numeric),
        Portable::Decimal(Some(Digits { precision, scale })) => {
            Stored::new(format!("decimal({precision},{scale})"), Kind::Numeric)
        }
        Portable::Char(length) => Stored::new(format!("char({length})"), Kind::Text),
        Portable::VarChar(length) => Stored::new(format!("varchar({length})"), Kind::Text),
        Portable::Text | Portable::Interval | Portable::Uuid | Portable::Json => {
            Stored::new("text", Kind::Text)
        }
        Portable::Bytes => Stored::new("blob", Kind::Blob),
        Portable::Date => Stored::new("date", Kind::Moment),
        Portable::Time(_) => Stored::new("time", Kind::Moment),
        Portable::Timestamp(_) => Stored::new("datetime", Kind::Moment),
        Portable::TimestampTz(_) => Stored::new("timestamp", Kind::Moment),
    }
}

fn strict_form(portable: Portable) -> Stored {
    let Stored { kind, .. } = form(portable);
    let declared = match kind {
        Kind::Bool | Kind::Integer => INTEGER,
        Kind::Real | Kind::Numeric => "real",
        Kind::Text | Kind::Moment => "text",
        Kind::Blob => "blob",
        Kind::Any => "any",
    };
    Stored::new(declared, if kind == Kind::Numeric { Kind::Real } else { kind })
}

/// Type names that SQLite's documentation lists, beyond the portable ones.
const NATIVE: &[&str] = &[
    "integer",
    "int",
    "tinyint",
    "mediumint",
    "int2",
    "int8",
    "unsigned big int",
    "character",
    "varying character",
    "nchar",
    "native character",
    "nvarchar",
    "clob",
    "blob",
    "any",
    "float",
    "double precision",
    "numeric",
    "boolean",
    "datetime",
];

const STRICT: &[&str] = &["int", "integer", "real", "text", "blob", "any"];

/// The native type of a column that has no type, which SQLite allows.
const UNTYPED: &str = "untyped";

fn native(spelling: &str, strict: bool) -> Option<Stored> {
    if spelling.eq_ignore_ascii_case(UNTYPED) && !strict {
        return Some(Stored::new("", Kind::Any));
    }
    let declared = declared_type(spelling).filter(|declared| !declared.is_empty())?;
    let allowed = !strict || STRICT.iter().any(|known| declared.eq_ignore_ascii_case(known));
    allowed.then(|| Stored::new(declared.clone(), kind_of(&declared)))
}

/// Whether a native type is surely meant for SQLite, and not for another database that has such a type.
pub(super) fn is_own(spelling: &str) -> bool {
    let word = spelling.split('(').next().unwrap_or_default().trim();
    [UNTYPED].iter().chain(NATIVE).any(|known| word.eq_ignore_ascii_case(known))
}

/// The portable types that have no digits, the first for each declaration.
const PLAIN: &[Portable] = &[
    Portable::Bool,
    Portable::SmallInt,
    Portable::Int,
    Portable::BigInt,
    Portable::Real,
    Portable::Double,
    Portable::Decimal(None),
    Portable::Text,
    Portable::Bytes,
    Portable::Date,
    Portable::Time(None),
    Portable::Timestamp(None),
    Portable::TimestampTz(None),
];

/// The portable types of a strict table, one for each declaration.
const STRICT_PLAIN: &[Portable] = &[Portable::Int, Portable::Real, Portable::Text, Portable::Bytes];

/// The type of a column that is declared so; whether it is the whole primary key of a table with rowids matters. `None`
/// for a declaration that means something else as a native type.
pub(super) fn of_declared(declared: &str, strict: bool, is_key: bool) -> Option<Type> {
    let lower = folded(declared, is_key);
    let plain = if strict { STRICT_PLAIN } else { PLAIN };
    let with_digits = digits(&lower).filter(|_| !strict);
    let is_it = |portable: &Portable| {
        let made = if strict { strict_form(*portable) } else { form(*portable) };
        let made = if is_key { plain_key(made, &Type::Portable(*portable)) } else { made };
        made.declared == lower
    };
    if let Some(portable) = plain.iter().copied().chain(with_digits).find(is_it) {
        return Some(Type::Portable(portable));
    }
    let spelling = match declared {
        "" => UNTYPED,
        declared if declared.eq_ignore_ascii_case(UNTYPED) => return None,
        declared => declared,
    };
    Some(Type::Native(spelling.into()))
}

/// The portable type with these digits, if they are in its range.
fn digits(declared: &str) -> Option<Portable> {
    let (word, digits) = declared.strip_suffix(')')?.split_once('(')?;
    match (word, digits.split_once(',')) {
        ("char", None) => Some(Portable::Char(length(digits)?)),
        ("varchar", None) => Some(Portable::VarChar(length(digits)?)),
        ("decimal", Some((precision, scale))) => {
            let digits = Digits { precision: precision.parse().ok()?, scale: scale.parse().ok()? };
            let in_range = (1..=1000).contains(&digits.precision) && digits.scale <= digits.precision;
            in_range.then_some(Portable::Decimal(Some(digits)))
        }
        _ => None,
    }
}

/// A length that PostgreSQL knows as well, as portable types go.
fn length(digits: &str) -> Option<u32> {
    digits.parse().ok().filter(|length| (1..=10_485_760).contains(length))
}

/// What a declared type means, by the library's rules of affinity and by the names that drivers go by.
pub(super) fn kind_of(declared: &str) -> Kind {
    let declared = declared.to_ascii_lowercase();
    let has = |parts: &[&str]| parts.iter().any(|part| declared.contains(part));
    let begins = |words: &[&str]| words.iter().any(|word| declared.starts_with(word));
    match () {
        () if has(&["int"]) => Kind::Integer,
        () if has(&["char", "clob", "text"]) => Kind::Text,
        () if has(&["blob"]) => Kind::Blob,
        () if declared.is_empty() || declared == "any" => Kind::Any,
        () if has(&["real", "floa", "doub"]) => Kind::Real,
        () if begins(&["bool"]) => Kind::Bool,
        () if begins(&["date", "time"]) => Kind::Moment,
        () => Kind::Numeric,
    }
}

impl Kind {
    /// The storage classes, by the names that `typeof` gives them, that values of this kind have. Empty: any.
    pub(super) fn classes(self) -> &'static [&'static str] {
        match self {
            Self::Bool | Self::Integer => &["integer"],
            Self::Real => &["real"],
            Self::Numeric => &["integer", "real"],
            Self::Text => &["text"],
            Self::Blob => &["blob"],
            Self::Moment | Self::Any => &[],
        }
    }
}

/// Whether values of one type mean something as values of the other. SQLite would store any of them; a number is no
/// date for that. What other databases know of the types is for them to say.
pub(super) fn converts(from: &Type, to: &Type) -> bool {
    match (from, to) {
        (Type::Portable(from), Type::Portable(to)) => {
            let (from, to) = (family(*from), family(*to));
            from == to
                || matches!((from, to), (Family::Text, _) | (_, Family::Text))
                || matches!((from, to), (Family::Flag, Family::Number) | (Family::Number, Family::Flag))
                || matches!((from, to), (Family::Day, Family::Moment) | (Family::Moment, Family::Day))
                || matches!((from, to), (Family::Moment, Family::Time))
        }
        (Type::Enum(_), Type::Portable(other)) | (Type::Portable(other), Type::Enum(_)) => {
            family(*other) == Family::Text
        }
        (Type::Enum(_), Type::Enum(_)) => true,
        // What a native type holds, its user knows.
        (Type::Native(_) | Type::Array(_), _) | (_, Type::Native(_) | Type::Array(_)) => true,
    }
}

/// Types whose values stand for the same things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Family {
    Flag,
    Number,
    Text,
    Bytes,
    Day,
    Time,
    Moment,
    Span,
    Uuid,
    Json,
}

fn family(portable: Portable) -> Family {
    match portable {
        Portable::Bool => Family::Flag,
        Portable::SmallInt
        | Portable::Int
        | Portable::BigInt
        | Portable::Real
        | Portable::Double
        | Portable::Decimal(_) => Family::Number,
        Portable::Char(_) | Portable::VarChar(_) | Portable::Text => Family::Text,
        Portable::Bytes => Family::Bytes,
        Portable::Date => Family::Day,
        Portable::Time(_) => Family::Time,
        Portable::Timestamp(_) | Portable::TimestampTz(_) => Family::Moment,
        Portable::Interval => Family::Span,
        Portable::Uuid => Family::Uuid,
        Portable::Json => Family::Json,
    }
}

/// The value of a column for a new type, from `from` to `to`; what the affinity of the new column does by
/// itself is left to it, because it changes only what loses nothing.
pub(super) fn converted(value: String, from: Kind, to: Kind) -> String {
    match (from, to) {
        (Kind::Bool, Kind::Text) => {
            format!("CASE {value} WHEN 1 THEN 'true' WHEN 0 THEN 'false' ELSE {value} END")
        }
        (Kind::Text, Kind::Bool) => format!(
            "CASE WHEN lower({value}) IN ('true', 't', 'yes', 'y', 'on', '1') THEN 1 \
             WHEN lower({value}) IN ('false', 'f', 'no', 'n', 'off', '0') THEN 0 ELSE {value} END"
        ),
        (Kind::Integer | Kind::Real | Kind::Numeric, Kind::Bool) => format!("{value} <> 0"),
        (Kind::Blob, Kind::Text | Kind::Moment) => format!("CAST({value} AS TEXT)"),
        (Kind::Blob, Kind::Blob) => value,
        (_, Kind::Blob) => format!("CAST({value} AS BLOB)"),
        (
            Kind::Bool
            | Kind::Integer
            | Kind::Real
            | Kind::Numeric
            | Kind::Text
            | Kind::Moment
            | Kind::Blob
            | Kind::Any,
            Kind::Bool | Kind::Integer | Kind::Real | Kind::Numeric | Kind::Text | Kind::Moment | Kind::Any,
        ) => value,
    }
}
