//! Column types as words: the portable ones with their aliases, enums, arrays, native types. Which database has which
//! native type is not known here.

use std::borrow::Cow;
use std::collections::HashSet;

use super::errors::E103;
use super::reading::Reading;
use super::{column, reference};
use crate::diagnostic::{Diagnostic, Span, near};
use crate::document::write::Literal;
use crate::document::{Cursor, Entry, Value};
use crate::model::{Digits, Portable, Type};
use crate::name::ObjectName;

/// The most characters that `char` and `varchar` can be declared with.
const LENGTH_MAX: u32 = 10_485_760;
/// The most digits of a decimal.
const PRECISION_MAX: u16 = 1000;
/// The most digits of a second's fraction.
const FRACTION_MAX: u8 = 6;

/// The words for portable types that aren't the canonical ones, with the word that they stand for.
const ALIASES: &[(&str, &str)] = &[
    ("blob", "bytes"),
    ("boolean", "bool"),
    ("bytea", "bytes"),
    ("character", "char"),
    ("character varying", "varchar"),
    ("dec", "decimal"),
    ("double precision", "double"),
    ("float", "double"),
    ("float4", "real"),
    ("float8", "double"),
    ("int2", "smallint"),
    ("int4", "int"),
    ("int8", "bigint"),
    ("integer", "int"),
    ("numeric", "decimal"),
    ("time without time zone", "time"),
    ("timestamp with time zone", "timestamptz"),
    ("timestamp without time zone", "timestamp"),
];

/// The canonical words of the portable types.
const WORDS: &[&str] = &[
    "bigint",
    "bool",
    "bytes",
    "char",
    "date",
    "decimal",
    "double",
    "int",
    "interval",
    "json",
    "real",
    "smallint",
    "text",
    "time",
    "timestamp",
    "timestamptz",
    "uuid",
    "varchar",
];

/// Words that other systems have for what is written differently here, with what to write.
const ELSEWHERE: &[(&str, &str)] = &[
    ("bigserial", "bigint identity"),
    ("datetime", "timestamp"),
    ("guid", "uuid"),
    ("number", "decimal"),
    ("serial", "int identity"),
    ("smallserial", "smallint identity"),
    ("string", "text"),
];

/// Native types so near to a portable word that they would be taken for a slip.
const NATIVE: &[&str] = &[
    "bit", "box", "cid", "cidr", "citext", "clob", "enum", "hstore", "inet", "jsonb", "jsonpath", "line",
    "ltree", "money", "name", "nchar", "nvarchar", "oid", "path", "point", "set", "tid", "timetz", "tinyint",
    "tinytext", "xid", "xml", "year",
];

/// How a spelling fails to be a type.
#[derive(Debug, PartialEq, Eq)]
struct Refusal {
    message: String,
    help: String,
}

/// Takes the next argument as a type; reports if there is none or it isn't one.
pub(super) fn read(cursor: &mut Cursor<'_, '_>, cx: &Reading<'_>) -> Option<Type> {
    let entry = cursor.arg("type")?;
    read_entry(cursor, entry, cx)
}

/// Reads an entry as a type: `text`, `(enum)post_status`, `(native)"geometry(Polygon,4326)"`.
pub(super) fn read_entry(cursor: &Cursor<'_, '_>, entry: &Entry<'_>, cx: &Reading<'_>) -> Option<Type> {
    let Value::String(text) = &entry.value else { return cursor.report_kind(entry, "a type") };
    let refusal = match entry.annotation.as_ref().map(|mark| mark.as_str()) {
        None => match spelled(text, cx.enums) {
            Ok(ty) => return Some(ty),
            Err(refusal) => refusal,
        },
        Some("native") if !text.trim().is_empty() => {
            return Some(nested(text, |text| Type::Native(text.into())));
        }
        Some("enum") => match marked_enum(text) {
            Some(ty) => return Some(ty),
            None => Refusal {
                message: format!("`{text}` is not the name of an enum"),
                help: "write its name, or its namespace and its name: `billing.status`".to_owned(),
            },
        },
        Some(_) => return cursor.report_kind(entry, "a type, with no mark but `(enum)` or `(native)`"),
    };
    report(cx, refusal, entry.value_span);
    None
}

/// Which types are written with the mark that tells what they are.
#[derive(Debug, Clone, Copy)]
pub(super) enum Marks<'e> {
    /// All but the portable ones: they are understood without knowing the enums.
    Always,
    /// Those that would be read as something else without it, among these enums.
    WhereNeeded(&'e HashSet<ObjectName>),
}

impl Marks<'_> {
    fn can_go(self, ty: &Type, text: &str) -> bool {
        match self {
            Self::Always => false,
            Self::WhereNeeded(enums) => {
                !column::is_flag(text) && spelled(text, Some(enums)).is_ok_and(|read| read == *ty)
            }
        }
    }
}

/// Hands the literal of a type to `write`: a portable type is a word, others can bear a mark.
pub(super) fn with_literal(ty: &Type, marks: Marks<'_>, write: impl FnOnce(Literal<'_>)) {
    let text = spelling(ty);
    let literal = Literal::from(&*text);
    write(match element(ty) {
        Type::Portable(_) | Type::Array(_) => literal,
        Type::Enum(_) | Type::Native(_) if marks.can_go(ty, &text) => literal,
        Type::Enum(_) => literal.annotated("enum"),
        Type::Native(_) => literal.annotated("native"),
    });
}

/// The spelling of a type, without the mark that tells what it is.
#[must_use]
pub fn spelling(ty: &Type) -> Cow<'_, str> {
    match ty {
        Type::Portable(portable) => portable.to_string().into(),
        Type::Enum(name) => reference::write_object(name).into(),
        Type::Array(element) => (spelling(element).into_owned() + "[]").into(),
        Type::Native(text) => Cow::Borrowed(text),
    }
}

fn element(ty: &Type) -> &Type {
    match ty {
        Type::Array(of) => element(of),
        Type::Portable(_) | Type::Enum(_) | Type::Native(_) => ty,
    }
}

fn report(cx: &Reading<'_>, Refusal { message, help }: Refusal, span: Span) {
    cx.report(Diagnostic::error(&E103, message).at(span, "").help(help));
}

/// Takes `[]` off the end as long as there is one, and puts as many arrays around what is left.
fn nested(text: &str, of: impl FnOnce(&str) -> Type) -> Type {
    match text.trim().strip_suffix("[]") {
        Some(inner) if !inner.trim().is_empty() => Type::Array(Box::new(nested(inner, of))),
        Some(_) | None => of(text.trim()),
    }
}

fn marked_enum(text: &str) -> Option<Type> {
    match text.strip_suffix("[]") {
        Some(inner) => marked_enum(inner).map(|ty| Type::Array(Box::new(ty))),
        None => reference::read_object(text).map(Type::Enum),
    }
}

/// Reads a type without a mark.
fn spelled(text: &str, enums: Option<&HashSet<ObjectName>>) -> Result<Type, Refusal> {
    let text = text.trim();
    if let Some(inner) = text.strip_suffix("[]") {
        return Ok(Type::Array(Box::new(spelled(inner, enums)?)));
    }
    if let Some(portable) = portable(text)? {
        return Ok(Type::Portable(portable));
    }
    let reference = reference::read_object(text);
    if let (Some(enums), Some(name)) = (enums, reference)
        && enums.contains(&name)
    {
        return Ok(Type::Enum(name));
    }
    match suspicion(text, enums) {
        Some(refusal) => Err(refusal),
        None => Ok(Type::Native(text.into())),
    }
}

/// What a word was probably meant to be, when it is neither portable nor an enum nor surely native.
fn suspicion(text: &str, enums: Option<&HashSet<ObjectName>>) -> Option<Refusal> {
    let (word, arguments) = text.split_at(text.find('(').unwrap_or(text.len()));
    let lower = word.trim().to_ascii_lowercase();
    if lower.is_empty() {
        return Some(Refusal {
            message: "a type can't be empty".to_owned(),
            help: "write a type, such as `text` or `\"varchar(20)\"`".to_owned(),
        });
    }
    if text.matches('(').count() != text.matches(')').count() {
        return Some(Refusal {
            message: format!("the parentheses of the type `{text}` don't match"),
            help: "write as many `)` as `(`".to_owned(),
        });
    }
    let elsewhere = ELSEWHERE.iter().find(|(theirs, _)| *theirs == lower).map(|(_, ours)| (*ours).to_owned());
    let portable = || {
        let known = WORDS.iter().copied().chain(ALIASES.iter().map(|(alias, _)| *alias));
        near(&lower, known).filter(|_| !NATIVE.contains(&lower.as_str())).map(str::to_owned)
    };
    let declared = || {
        let names: Vec<String> = enums.into_iter().flatten().map(reference::write_object).collect();
        near(word, names.iter().map(String::as_str)).map(str::to_owned)
    };
    let meant = elsewhere.map(|meant| format!("`{meant}`")).or_else(|| {
        let meant = portable().or_else(declared)?;
        Some(if arguments.is_empty() { format!("`{meant}`") } else { format!("`\"{meant}{arguments}\"`") })
    })?;
    Some(Refusal {
        message: format!("unknown type `{text}`"),
        help: format!("write {meant}, or `(native)\"{text}\"` if the database has such a type"),
    })
}

/// Reads a portable type; `None` if the word isn't one.
fn portable(text: &str) -> Result<Option<Portable>, Refusal> {
    let Some(Spelling { word, arguments }) = Spelling::of(text) else { return Ok(None) };
    let plain = |portable| match arguments {
        None => Ok(Some(portable)),
        Some(_) => refuse(text, &format!("write `{word}`")),
    };
    match &*word {
        "bool" => plain(Portable::Bool),
        "smallint" => plain(Portable::SmallInt),
        "int" => plain(Portable::Int),
        "bigint" => plain(Portable::BigInt),
        "real" => plain(Portable::Real),
        "double" => plain(Portable::Double),
        "text" => plain(Portable::Text),
        "bytes" => plain(Portable::Bytes),
        "date" => plain(Portable::Date),
        "interval" if arguments.is_none() => plain(Portable::Interval),
        "uuid" => plain(Portable::Uuid),
        "json" => plain(Portable::Json),
        "decimal" => decimal(text, arguments),
        "char" => length(text, arguments.or(Some("1"))).map(|n| Some(Portable::Char(n))),
        "varchar" => length(text, arguments).map(|n| Some(Portable::VarChar(n))),
        "time" => fraction(text, arguments).map(|n| Some(Portable::Time(n))),
        "timestamp" => fraction(text, arguments).map(|n| Some(Portable::Timestamp(n))),
        "timestamptz" => fraction(text, arguments).map(|n| Some(Portable::TimestampTz(n))),
        _ => Ok(None),
    }
}

/// A spelling taken apart: `timestamp(3) with time zone` is the word `timestamptz` with the argument `3`.
struct Spelling<'t> {
    word: Cow<'t, str>,
    arguments: Option<&'t str>,
}

impl<'t> Spelling<'t> {
    fn of(text: &'t str) -> Option<Self> {
        let (head, arguments, tail) = match text.split_once('(') {
            None => (text, None, ""),
            Some((head, rest)) => {
                let (arguments, tail) = rest.split_once(')')?;
                (head, Some(arguments), tail)
            }
        };
        let is_word = tail.is_empty() && head.bytes().all(|byte| byte.is_ascii_lowercase());
        let word = if is_word {
            Cow::Borrowed(head)
        } else {
            let words: Vec<&str> =
                head.split_ascii_whitespace().chain(tail.split_ascii_whitespace()).collect();
            Cow::Owned(words.join(" ").to_ascii_lowercase())
        };
        let folded = ALIASES.binary_search_by(|(alias, _)| (*alias).cmp(&*word));
        let word = folded.map_or(word, |at| ALIASES[at].1.into());
        Some(Self { word, arguments })
    }
}

fn refuse<T>(text: &str, help: &str) -> Result<T, Refusal> {
    Err(Refusal { message: format!("`{text}` is not a type"), help: help.to_owned() })
}

fn length(text: &str, arguments: Option<&str>) -> Result<u32, Refusal> {
    let Some(arguments) = arguments else {
        let help = "write the greatest length, `\"varchar(200)\"`, or `text` for any";
        return Err(Refusal { message: format!("`{text}` needs a length"), help: help.to_owned() });
    };
    match arguments.trim().parse() {
        Ok(length) if (1..=LENGTH_MAX).contains(&length) => Ok(length),
        Ok(_) | Err(_) => refuse(text, &format!("write a length from 1 to {LENGTH_MAX}")),
    }
}

fn fraction(text: &str, arguments: Option<&str>) -> Result<Option<u8>, Refusal> {
    let Some(arguments) = arguments else { return Ok(None) };
    match arguments.trim().parse() {
        Ok(digits) if digits <= FRACTION_MAX => Ok(Some(digits)),
        Ok(_) | Err(_) => refuse(text, &format!("write 0 to {FRACTION_MAX} digits of a second's fraction")),
    }
}

fn decimal(text: &str, arguments: Option<&str>) -> Result<Option<Portable>, Refusal> {
    let Some(arguments) = arguments else { return Ok(Some(Portable::Decimal(None))) };
    let (precision, scale) = arguments.split_once(',').unwrap_or((arguments, "0"));
    match (precision.trim().parse(), scale.trim().parse()) {
        (Ok(precision), Ok(scale)) if (1..=PRECISION_MAX).contains(&precision) && scale <= precision => {
            Ok(Some(Portable::Decimal(Some(Digits { precision, scale }))))
        }
        _ => refuse(
            text,
            "write up to 1000 digits, and how many of them stand behind the point: `\"decimal(10,2)\"`",
        ),
    }
}
