//! Column types: the portable ones, enums by name, arrays, and whatever else a dialect knows.

use std::fmt;

use crate::name::ObjectName;

/// The type of a column.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Type {
    /// A type with a documented rendering on every dialect.
    Portable(Portable),
    /// An enum of the schema.
    Enum(ObjectName),
    /// An array of another type.
    Array(Box<Type>),
    /// A dialect's own spelling, handed on as it is.
    Native(Box<str>),
}

impl Type {
    /// The enum that the type is, or is an array of.
    #[must_use]
    pub fn enum_name(&self) -> Option<&ObjectName> {
        match self {
            Self::Enum(name) => Some(name),
            Self::Array(element) => element.enum_name(),
            Self::Portable(_) | Self::Native(_) => None,
        }
    }
}

/// The portable types.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Portable {
    /// True or false.
    Bool,
    /// 16 bits, signed.
    SmallInt,
    /// 32 bits, signed.
    Int,
    /// 64 bits, signed.
    BigInt,
    /// 32-bit floating point.
    Real,
    /// 64-bit floating point.
    Double,
    /// An exact number; without digits as wide as the database allows.
    Decimal(Option<Digits>),
    /// Exactly so many characters, padded.
    Char(u32),
    /// At most so many characters.
    VarChar(u32),
    /// Text of any length.
    Text,
    /// Bytes of any length.
    Bytes,
    /// A calendar date.
    Date,
    /// A time of day, with so many digits of a second's fraction.
    Time(Option<u8>),
    /// Date and time without a zone, with so many digits of a second's fraction.
    Timestamp(Option<u8>),
    /// A point in time, with so many digits of a second's fraction.
    TimestampTz(Option<u8>),
    /// A span of time.
    Interval,
    /// A UUID.
    Uuid,
    /// JSON.
    Json,
}

/// The digits of a decimal: `scale` of `precision` stand behind the point.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digits {
    /// All digits, 1 to 1000.
    pub precision: u16,
    /// Those behind the point, at most `precision`.
    pub scale: u16,
}

/// Writes the one canonical spelling.
impl fmt::Display for Portable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let with = |f: &mut fmt::Formatter<'_>, word: &str, digits: Option<u8>| match digits {
            Some(digits) => write!(f, "{word}({digits})"),
            None => f.write_str(word),
        };
        match *self {
            Self::Bool => f.write_str("bool"),
            Self::SmallInt => f.write_str("smallint"),
            Self::Int => f.write_str("int"),
            Self::BigInt => f.write_str("bigint"),
            Self::Real => f.write_str("real"),
            Self::Double => f.write_str("double"),
            Self::Decimal(None) => f.write_str("decimal"),
            Self::Decimal(Some(Digits { precision, scale })) => write!(f, "decimal({precision},{scale})"),
            Self::Char(length) => write!(f, "char({length})"),
            Self::VarChar(length) => write!(f, "varchar({length})"),
            Self::Text => f.write_str("text"),
            Self::Bytes => f.write_str("bytes"),
            Self::Date => f.write_str("date"),
            Self::Time(digits) => with(f, "time", digits),
            Self::Timestamp(digits) => with(f, "timestamp", digits),
            Self::TimestampTz(digits) => with(f, "timestamptz", digits),
            Self::Interval => f.write_str("interval"),
            Self::Uuid => f.write_str("uuid"),
            Self::Json => f.write_str("json"),
        }
    }
}

/// Writes the schema language's spelling.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Portable(portable) => portable.fmt(f),
            Self::Enum(name) => name.fmt(f),
            Self::Array(element) => write!(f, "{element}[]"),
            Self::Native(text) => f.write_str(text),
        }
    }
}
