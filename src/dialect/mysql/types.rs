//! Column types as MySQL and MariaDB spell them.
//!
//! | portable | column |
//! | --- | --- |
//! | `bool` | `tinyint(1)` |
//! | `smallint`, `int`, `bigint` | the same |
//! | `real`, `double` | `float`, `double` |
//! | `decimal(p,s)` | the same; `decimal(65,30)` without digits, the widest that there is |
//! | `char(n)`, `varchar(n)` | the same |
//! | `text`, `bytes` | `longtext`, `longblob` |
//! | `date` | the same |
//! | `time(n)`, `timestamp(n)`, `timestamptz(n)` | `time(n)`, `datetime(n)`, `timestamp(n)`; 6 digits if none are given |
//! | `uuid` | `uuid` on MariaDB from 10.7 on, else `char(36)` in ASCII |
//! | `json` | `json` |
//! | an enum | `enum('a','b')` |
//!
//! There are no arrays and no type for `interval`. A `timestamptz` ends in January 2038 where MySQL's `timestamp` does.
//! Any other spelling is handed on, with the spellings that mean the same folded to one.

use crate::dialect::Version;
use crate::model::{Collection, Digits, EnumType, Portable, Type};
use crate::sql::{Token, TokenKind, tokens};

use super::quote::{string, unquoted};
use super::{RULES, version};

/// A type in the form in which two of them can be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct MyType {
    /// What it is.
    pub(super) kind: Kind,
    /// Length, precision, scale or digits, as far as they count.
    pub(super) numbers: Vec<u32>,
    /// Whether it has no negative numbers.
    pub(super) unsigned: bool,
    /// Whether it is shown with zeros in front.
    pub(super) zerofill: bool,
}

/// The types that have rules of their own here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// A type known by one word, which is its spelling.
    Known(&'static str),
    /// One of these values.
    Enum(Vec<Box<str>>),
    /// Any of these values.
    Set(Vec<Box<str>>),
    /// Anything else, as it was written.
    Other(Box<str>),
}

pub(super) const TINYINT: &str = "tinyint";
pub(super) const SMALLINT: &str = "smallint";
pub(super) const MEDIUMINT: &str = "mediumint";
pub(super) const INT: &str = "int";
pub(super) const BIGINT: &str = "bigint";
pub(super) const FLOAT: &str = "float";
pub(super) const DOUBLE: &str = "double";
pub(super) const DECIMAL: &str = "decimal";
pub(super) const BIT: &str = "bit";
pub(super) const CHAR: &str = "char";
pub(super) const VARCHAR: &str = "varchar";
pub(super) const TINYTEXT: &str = "tinytext";
pub(super) const TEXT: &str = "text";
pub(super) const MEDIUMTEXT: &str = "mediumtext";
pub(super) const LONGTEXT: &str = "longtext";
pub(super) const BINARY: &str = "binary";
pub(super) const VARBINARY: &str = "varbinary";
pub(super) const TINYBLOB: &str = "tinyblob";
pub(super) const BLOB: &str = "blob";
pub(super) const MEDIUMBLOB: &str = "mediumblob";
pub(super) const LONGBLOB: &str = "longblob";
pub(super) const DATE: &str = "date";
pub(super) const TIME: &str = "time";
pub(super) const DATETIME: &str = "datetime";
pub(super) const TIMESTAMP: &str = "timestamp";
pub(super) const YEAR: &str = "year";
pub(super) const JSON: &str = "json";
pub(super) const UUID: &str = "uuid";

pub(super) const INTEGERS: [&str; 5] = [TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT];
pub(super) const TEXTS: [&str; 4] = [TINYTEXT, TEXT, MEDIUMTEXT, LONGTEXT];
pub(super) const BLOBS: [&str; 4] = [TINYBLOB, BLOB, MEDIUMBLOB, LONGBLOB];

/// How a `uuid` is kept where there is no type for it; letters in either case are the same, as in the type.
pub(super) const UUID_TEXT: &str = "char(36) CHARACTER SET ascii COLLATE ascii_general_ci";

/// The digits of a second's fraction where none are given: as many as there can be, as elsewhere.
const FRACTION: u32 = 6;
/// The widest `decimal`.
const WIDEST: [u32; 2] = [65, 30];

/// Every spelling of a known type, in lower case and with single spaces, and the one that is used.
const SPELLINGS: &[(&str, &str)] = &[
    ("tinyint", TINYINT),
    ("int1", TINYINT),
    ("smallint", SMALLINT),
    ("int2", SMALLINT),
    ("mediumint", MEDIUMINT),
    ("middleint", MEDIUMINT),
    ("int3", MEDIUMINT),
    ("int", INT),
    ("integer", INT),
    ("int4", INT),
    ("bigint", BIGINT),
    ("int8", BIGINT),
    ("float", FLOAT),
    ("float4", FLOAT),
    ("double", DOUBLE),
    ("double precision", DOUBLE),
    ("float8", DOUBLE),
    ("real", DOUBLE),
    ("decimal", DECIMAL),
    ("numeric", DECIMAL),
    ("dec", DECIMAL),
    ("fixed", DECIMAL),
    ("bit", BIT),
    ("char", CHAR),
    ("character", CHAR),
    ("varchar", VARCHAR),
    ("character varying", VARCHAR),
    ("char varying", VARCHAR),
    ("tinytext", TINYTEXT),
    ("text", TEXT),
    ("mediumtext", MEDIUMTEXT),
    ("long", MEDIUMTEXT),
    ("long varchar", MEDIUMTEXT),
    ("longtext", LONGTEXT),
    ("binary", BINARY),
    ("varbinary", VARBINARY),
    ("tinyblob", TINYBLOB),
    ("blob", BLOB),
    ("mediumblob", MEDIUMBLOB),
    ("long varbinary", MEDIUMBLOB),
    ("longblob", LONGBLOB),
    ("date", DATE),
    ("time", TIME),
    ("datetime", DATETIME),
    ("timestamp", TIMESTAMP),
    ("year", YEAR),
    ("json", JSON),
    ("uuid", UUID),
    ("inet4", "inet4"),
    ("inet6", "inet6"),
    ("vector", "vector"),
    ("geometry", "geometry"),
    ("point", "point"),
    ("linestring", "linestring"),
    ("polygon", "polygon"),
    ("multipoint", "multipoint"),
    ("multilinestring", "multilinestring"),
    ("multipolygon", "multipolygon"),
    ("geometrycollection", "geometrycollection"),
    ("geomcollection", "geometrycollection"),
];

/// The types of places and shapes.
const SHAPES: [&str; 8] = [
    "geometry",
    "point",
    "linestring",
    "polygon",
    "multipoint",
    "multilinestring",
    "multipolygon",
    "geometrycollection",
];

impl MyType {
    /// The type of a projected column. What there is nothing for keeps its own spelling; `check::type_problem` says so.
    pub(super) fn of(ty: &Type, enums: &Collection<EnumType>) -> Self {
        match ty {
            Type::Portable(portable) => Self::portable(*portable),
            Type::Enum(name) => {
                Self::plain(Kind::Enum(enums.get(name).map(|item| item.values.clone()).unwrap_or_default()))
            }
            Type::Array(_) => Self::plain(Kind::Other(ty.to_string().into())),
            Type::Native(text) => Self::native(text),
        }
    }

    fn plain(kind: Kind) -> Self {
        Self { kind, numbers: Vec::new(), unsigned: false, zerofill: false }
    }

    fn known(word: &'static str, numbers: &[u32]) -> Self {
        Self { numbers: numbers.to_vec(), ..Self::plain(Kind::Known(word)) }
    }

    fn portable(portable: Portable) -> Self {
        let moment = |word: &'static str, digits: Option<u8>| match digits.map_or(FRACTION, u32::from) {
            0 => Self::known(word, &[]),
            digits => Self::known(word, &[digits]),
        };
        match portable {
            Portable::Bool => Self::known(TINYINT, &[1]),
            Portable::SmallInt => Self::known(SMALLINT, &[]),
            Portable::Int => Self::known(INT, &[]),
            Portable::BigInt => Self::known(BIGINT, &[]),
            Portable::Real => Self::known(FLOAT, &[]),
            Portable::Double => Self::known(DOUBLE, &[]),
            Portable::Decimal(None) => Self::known(DECIMAL, &WIDEST),
            Portable::Decimal(Some(Digits { precision, scale })) => {
                Self::known(DECIMAL, &[precision.into(), scale.into()])
            }
            Portable::Char(length) => Self::known(CHAR, &[length]),
            Portable::VarChar(length) => Self::known(VARCHAR, &[length]),
            Portable::Text => Self::known(LONGTEXT, &[]),
            Portable::Bytes => Self::known(LONGBLOB, &[]),
            Portable::Date => Self::known(DATE, &[]),
            Portable::Time(digits) => moment(TIME, digits),
            Portable::Timestamp(digits) => moment(DATETIME, digits),
            Portable::TimestampTz(digits) => moment(TIMESTAMP, digits),
            Portable::Interval => Self::plain(Kind::Other("interval".into())),
            Portable::Uuid => Self::known(UUID, &[]),
            Portable::Json => Self::known(JSON, &[]),
        }
    }

    /// A type in somebody's spelling, or in that of the catalog's `COLUMN_TYPE`.
    pub(super) fn native(text: &str) -> Self {
        parsed(text).unwrap_or_else(|| Self::plain(Kind::Other(text.trim().into())))
    }

    /// The type that the catalog prints as `COLUMN_TYPE`: portable if that stands for the very same.
    pub(super) fn printed(text: &str) -> Type {
        Self::native(text).as_printed()
    }

    /// The type as it is read from the catalog.
    pub(super) fn as_printed(&self) -> Type {
        match self.to_portable() {
            Some(portable) => Type::Portable(portable),
            None => Type::Native(self.spelling().into()),
        }
    }

    fn to_portable(&self) -> Option<Portable> {
        let Self { kind: Kind::Known(word), numbers, unsigned: false, zerofill: false } = self else {
            return None;
        };
        let digits = |of: fn(Option<u8>) -> Portable| match *numbers.as_slice() {
            [] => Some(of(Some(0))),
            [FRACTION] => Some(of(None)),
            [digits] => u8::try_from(digits).ok().map(|digits| of(Some(digits))),
            _ => None,
        };
        let portable = match (*word, numbers.as_slice()) {
            (TINYINT, [1]) => Portable::Bool,
            (SMALLINT, []) => Portable::SmallInt,
            (INT, []) => Portable::Int,
            (BIGINT, []) => Portable::BigInt,
            (FLOAT, []) => Portable::Real,
            (DOUBLE, []) => Portable::Double,
            (DECIMAL, numbers) if *numbers == WIDEST => Portable::Decimal(None),
            (DECIMAL, [precision, scale]) => Portable::Decimal(Some(Digits {
                precision: u16::try_from(*precision).ok()?,
                scale: u16::try_from(*scale).ok()?,
            })),
            (CHAR, [length]) if *length > 0 => Portable::Char(*length),
            (VARCHAR, [length]) if *length > 0 => Portable::VarChar(*length),
            (LONGTEXT, []) => Portable::Text,
            (LONGBLOB, []) => Portable::Bytes,
            (DATE, []) => Portable::Date,
            (TIME, _) => return digits(Portable::Time),
            (DATETIME, _) => return digits(Portable::Timestamp),
            (TIMESTAMP, _) => return digits(Portable::TimestampTz),
            (UUID, []) => Portable::Uuid,
            (JSON, []) => Portable::Json,
            _ => return None,
        };
        Some(portable)
    }

    /// Whether it is this known type.
    pub(super) fn is(&self, word: &str) -> bool {
        matches!(self.kind, Kind::Known(known) if known == word)
    }

    /// Whether it is one of these known types.
    pub(super) fn is_any(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    /// Whether it is a whole number.
    pub(super) fn is_integer(&self) -> bool {
        self.is_any(&INTEGERS)
    }

    /// Whether it is a place or a shape.
    pub(super) fn is_shape(&self) -> bool {
        self.is_any(&SHAPES)
    }

    /// Whether its values are characters, which a collation compares.
    pub(super) fn is_text(&self) -> bool {
        self.is_any(&[CHAR, VARCHAR]) || self.is_long_text() || self.is_choice()
    }

    /// Whether it is text that is kept beside the row.
    pub(super) fn is_long_text(&self) -> bool {
        self.is_any(&TEXTS)
    }

    /// Whether it is an enum or a set.
    pub(super) fn is_choice(&self) -> bool {
        matches!(self.kind, Kind::Enum(_) | Kind::Set(_))
    }

    /// Whether values are kept beside the row: an index takes only the beginning, and a default is an expression.
    pub(super) fn is_long(&self) -> bool {
        self.is_long_text() || self.is_any(&BLOBS)
    }

    /// Whether an index can be over the beginning of the values.
    pub(super) fn has_beginning(&self) -> bool {
        self.is_long() || self.is_any(&[CHAR, VARCHAR, BINARY, VARBINARY])
    }

    /// The digits of a second's fraction, of a type that has such.
    pub(super) fn fraction(&self) -> Option<u32> {
        let digits = self.numbers.first().copied().unwrap_or(0);
        self.is_any(&[TIME, DATETIME, TIMESTAMP]).then_some(digits)
    }

    /// The spelling in SQL for a version.
    pub(super) fn sql(&self, version: Version) -> String {
        if self.is(UUID) && !version::has_uuid(version) { UUID_TEXT.to_owned() } else { self.spelling() }
    }

    /// The one spelling of all that mean the same.
    fn spelling(&self) -> String {
        let values = |word: &str, values: &[Box<str>]| {
            let values: Vec<String> = values.iter().map(|value| string(value)).collect();
            format!("{word}({})", values.join(","))
        };
        let mut sql = match &self.kind {
            Kind::Known(word) => (*word).to_owned(),
            Kind::Enum(items) => values("enum", items),
            Kind::Set(items) => values("set", items),
            Kind::Other(text) => text.to_string(),
        };
        if !self.numbers.is_empty() {
            let numbers: Vec<String> = self.numbers.iter().map(u32::to_string).collect();
            sql += &format!("({})", numbers.join(","));
        }
        sql + if self.unsigned { " unsigned" } else { "" } + if self.zerofill { " zerofill" } else { "" }
    }
}

/// Reads words, maybe values in parentheses, and the words behind them.
fn parsed(text: &str) -> Option<MyType> {
    let tokens: Vec<Token<'_>> = tokens(text, &RULES).filter(Token::is_significant).collect();
    let open = tokens.iter().position(|token| token.is_mark("("));
    let (head, values, tail) = match open {
        Some(open) => {
            let close = tokens.iter().rposition(|token| token.is_mark(")"))?;
            (&tokens[..open], tokens.get(open + 1..close)?, &tokens[close + 1..])
        }
        None => (&tokens[..], &[][..], &[][..]),
    };
    let word = |token: &Token<'_>| (token.kind == TokenKind::Word).then(|| token.text.to_ascii_lowercase());
    let mut words = head.iter().map(word).collect::<Option<Vec<String>>>()?;
    let mut behind = tail.iter().map(word).collect::<Option<Vec<String>>>()?;
    while words.last().is_some_and(|last| ["unsigned", "signed", "zerofill"].contains(&last.as_str())) {
        behind.extend(words.pop());
    }
    let zerofill = behind.iter().any(|word| word == "zerofill");
    let unsigned = zerofill || behind.iter().any(|word| word == "unsigned");
    if behind.iter().any(|word| !["unsigned", "signed", "zerofill"].contains(&word.as_str())) {
        return None;
    }
    let words = words.join(" ");
    let values = values.iter().filter(|token| !token.is_mark(","));
    if words == "enum" || words == "set" {
        let items = values.map(|token| (token.kind == TokenKind::String).then(|| unquoted(token.text)));
        let items = items.collect::<Option<Vec<Box<str>>>>()?;
        let kind = if words == "enum" { Kind::Enum(items) } else { Kind::Set(items) };
        return (behind.is_empty()).then(|| MyType::plain(kind));
    }
    let numbers = values.map(|token| token.text.parse().ok()).collect::<Option<Vec<u32>>>()?;
    if words == "bool" || words == "boolean" {
        return (numbers.is_empty() && behind.is_empty()).then(|| MyType::known(TINYINT, &[1]));
    }
    let (_, known) = SPELLINGS.iter().find(|(spelling, _)| *spelling == words)?;
    let numbers = counted(known, numbers, unsigned, zerofill);
    let (known, numbers) = match (*known, numbers.as_slice()) {
        (FLOAT, [digits]) => (if *digits > 24 { DOUBLE } else { FLOAT }, Vec::new()),
        (known, _) => (known, numbers),
    };
    Some(MyType { unsigned, zerofill, ..MyType::known(known, &numbers) })
}

/// The numbers of a type as far as they mean something, with those that stand for none.
fn counted(word: &str, numbers: Vec<u32>, unsigned: bool, zerofill: bool) -> Vec<u32> {
    match (word, numbers.as_slice()) {
        // How wide a number is shown says nothing of its values, but programs take `tinyint(1)` for a truth value.
        (TINYINT, [1]) if !unsigned => numbers,
        (word, _) if INTEGERS.contains(&word) && !zerofill => Vec::new(),
        (YEAR, _) | (TIME | DATETIME | TIMESTAMP, [0]) => Vec::new(),
        (DECIMAL, []) => vec![10, 0],
        (DECIMAL, [precision]) => vec![*precision, 0],
        (BIT | CHAR | BINARY, []) => vec![1],
        _ => numbers,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Product;

    #[test]
    fn spellings_are_folded_and_the_rest_is_handed_on() {
        for (text, spelling) in [
            ("INTEGER(11)", "int"),
            ("int(10) unsigned", "int unsigned"),
            ("INT UNSIGNED ZEROFILL", "int unsigned zerofill"),
            ("int(5) zerofill", "int(5) unsigned zerofill"),
            ("tinyint(1)", "tinyint(1)"),
            ("tinyint(1) unsigned", "tinyint unsigned"),
            ("tinyint(4)", "tinyint"),
            ("numeric(8)", "decimal(8,0)"),
            ("dec", "decimal(10,0)"),
            ("double precision", "double"),
            ("float(30)", "double"),
            ("float(7,4)", "float(7,4)"),
            ("datetime(0)", "datetime"),
            ("year(4)", "year"),
            ("enum ( 'a', \"it's\" )", "enum('a','it''s')"),
            ("set('a','b')", "set('a','b')"),
            ("geomcollection", "geometrycollection"),
            ("varchar(20) character set latin1", "varchar(20) character set latin1"),
        ] {
            assert_eq!(MyType::native(text).spelling(), spelling);
        }
    }

    #[test]
    fn what_the_catalog_prints_is_portable_where_that_is_the_same() {
        for (text, portable) in [
            ("tinyint(1)", "bool"),
            ("int(11)", "int"),
            ("datetime(6)", "timestamp"),
            ("datetime", "timestamp(0)"),
            ("timestamp(3)", "timestamptz(3)"),
            ("decimal(65,30)", "decimal"),
            ("decimal(10,2)", "decimal(10,2)"),
            ("longtext", "text"),
            ("float", "real"),
        ] {
            let printed = MyType::printed(text);
            assert_eq!(printed.to_string(), portable);
            assert!(matches!(printed, Type::Portable(_)), "{text}");
            assert_eq!(MyType::of(&printed, &Collection::new()), MyType::native(text));
        }
        for text in ["text", "int unsigned", "tinyint", "mediumtext", "enum('a')", "year", "geometry"] {
            assert_eq!(MyType::printed(text), Type::Native(text.into()));
        }
    }

    #[test]
    fn a_uuid_is_text_where_there_is_no_type() {
        let uuid = MyType::of(&Type::Portable(Portable::Uuid), &Collection::new());
        assert_eq!(uuid.sql(Product::MariaDb.version(10, 11, 0)), "uuid");
        assert_eq!(uuid.sql(Product::MariaDb.version(10, 6, 0)), UUID_TEXT);
        assert_eq!(uuid.sql(Product::MySql.version(9, 7, 0)), UUID_TEXT);
    }
}
