//! Values and SQL texts with their exceptions by dialect. SQL is taken as it is: nothing here understands it.

use std::collections::BTreeMap;

use super::errors::{E109, E110};
use super::reading::Reading;
use crate::diagnostic::{Diagnostic, Span};
use crate::document::write::{Line, Literal, Writer};
use crate::document::{self, Cursor, Entry, Node, Number};
use crate::model::{PerDialect, SqlText, Value};
use crate::name::Name;

/// Reads a literal or `(sql)"…"`.
pub(super) fn read(cursor: &Cursor<'_, '_>, entry: &Entry<'_>, cx: &Reading<'_>) -> Option<Value> {
    if entry.annotation.is_none() {
        return literal(entry, cx);
    }
    match (&entry.value, entry.is_annotated("sql")) {
        (document::Value::String(text), true) => Some(Value::Sql(text.as_ref().into())),
        _ => cursor.report_kind(entry, "a value or `(sql)\"…\"`"),
    }
}

fn literal(entry: &Entry<'_>, cx: &Reading<'_>) -> Option<Value> {
    match &entry.value {
        document::Value::String(text) => Some(Value::Text(text.as_ref().into())),
        document::Value::Bool(value) => Some(Value::Bool(*value)),
        document::Value::Null => Some(Value::Null),
        document::Value::Number(number) => {
            let digits = digits(*number);
            if digits.is_none() {
                let message = format!("`{number}` can't be written as digits");
                let help = "write it in decimal digits, or as SQL: `(sql)\"'Infinity'\"`";
                cx.report(Diagnostic::error(&E110, message).at(entry.value_span, "").help(help));
            }
            digits.map(Value::Number)
        }
    }
}

/// The one spelling of a number: decimal, without `_`, leading zeros or `+`. `None` if there is none.
fn digits(number: Number<'_>) -> Option<Box<str>> {
    let text = number.as_str();
    if text.contains('#') {
        return None;
    }
    let unsigned = text.trim_start_matches(['+', '-']);
    if unsigned.starts_with("0x") || unsigned.starts_with("0o") || unsigned.starts_with("0b") {
        return number.as_i128().map(|value| value.to_string().into());
    }
    let mut digits = String::with_capacity(text.len());
    if text.starts_with('-') {
        digits.push('-');
    }
    let plain = unsigned.trim_start_matches(['0', '_']);
    if !plain.starts_with(|first: char| first.is_ascii_digit()) {
        digits.push('0');
    }
    digits.extend(plain.chars().filter(|sign| *sign != '_').map(|sign| sign.to_ascii_lowercase()));
    Some(digits.into())
}

/// Takes all arguments that are left as one SQL text: `(sql)"common" (postgres)"exception"`.
pub(super) fn sql_args<'d>(cursor: &mut Cursor<'d, '_>, cx: &Reading<'d>) -> Option<SqlText> {
    let args = cursor.args();
    sql(cursor, &args, cx)
}

/// Reads entries as one SQL text. Reports at the node if nothing holds for all dialects.
pub(super) fn sql(cursor: &Cursor<'_, '_>, entries: &[&Entry<'_>], cx: &Reading<'_>) -> Option<SqlText> {
    let mut common: Option<Box<str>> = None;
    let mut overrides = BTreeMap::new();
    for entry in entries {
        let Some(text) = entry.as_str() else {
            cursor.report_kind::<()>(entry, "SQL in quotes");
            continue;
        };
        match dialect_of(entry) {
            None if let Some(first) = &common => {
                let name = entry.annotation.is_some().then(|| Name::new(first)).and_then(Result::ok);
                let help = name.map(|name| format!("{DELETE}, or write `name={name}` if that is a name"));
                let problem = twice("the SQL for all databases", entry.span);
                cx.report(problem.help(help.unwrap_or_else(|| DELETE.to_owned())));
            }
            None => common = Some(text.into()),
            Some(word) => {
                let Some(dialect) = cx.dialect(word) else { continue };
                if overrides.insert(dialect, text.into()).is_some() {
                    report_twice(cx, &format!("the SQL for `{word}`"), entry.span);
                }
            }
        }
    }
    if common.is_none() {
        let message = format!("`{}` needs SQL that holds for every database", cursor.name());
        let help = "write `(sql)\"…\"`, and behind it what one database needs instead";
        cx.report(Diagnostic::error(&E109, message).at(cursor.span(), "").help(help));
    }
    Some(PerDialect { common: common?, overrides })
}

/// Reads a property that is SQL for all dialects.
pub(super) fn sql_prop(cursor: &Cursor<'_, '_>, entry: &Entry<'_>) -> Option<SqlText> {
    match (entry.as_str(), dialect_of(entry)) {
        (Some(text), None) => Some(SqlText::from(text)),
        (Some(_) | None, _) => cursor.report_kind(entry, "SQL in quotes, `(sql)\"…\"`,"),
    }
}

/// Reads a child that is one SQL text and nothing else.
pub(super) fn sql_node<'d>(node: &'d Node<'_>, cx: &Reading<'d>) -> Option<SqlText> {
    let mut cursor = Cursor::new(node, cx.sink);
    let text = sql_args(&mut cursor, cx);
    cursor.finish();
    text
}

/// Reads a node of a value that may differ by dialect, or be missing on one: `default 0 (postgres)"random()" {
/// none sqlite }`. `read` reads the value for all dialects or in a property, `marked` one behind a dialect's name.
pub(super) fn optional_node<'d, T>(
    node: &'d Node<'_>,
    cx: &Reading<'d>,
    read: impl Fn(&Cursor<'_, '_>, &Entry<'_>) -> Option<T>,
    marked: impl Fn(&Cursor<'_, '_>, &Entry<'_>) -> Option<T>,
) -> PerDialect<Option<T>> {
    let mut cursor = Cursor::new(node, cx.sink);
    let mut value = PerDialect { common: None, overrides: BTreeMap::new() };
    let mut given = Vec::new();
    for entry in cursor.args() {
        match dialect_of(entry) {
            None if value.common.is_some() => report_twice(cx, "the value for all databases", entry.span),
            None => value.common = read(&cursor, entry),
            Some(word) => {
                if let Some(dialect) = cx.dialect(word) {
                    given.push((dialect, marked(&cursor, entry), entry.span));
                }
            }
        }
    }
    if let Some(none) = cursor.child("none") {
        let mut none = Cursor::new(none, cx.sink);
        for word in none.texts() {
            given.extend(cx.dialect(&word).map(|dialect| (dialect, None, word.span)));
        }
        none.finish();
    }
    for (dialect, entry) in cx.dialect_props(&mut cursor) {
        given.push((dialect, read(&cursor, entry), entry.span));
    }
    for (dialect, exception, span) in given {
        let message = format!("the value for `{dialect}`");
        if value.overrides.insert(dialect, exception).is_some() {
            report_twice(cx, &message, span);
        }
    }
    cursor.finish();
    value
}

/// Reads a value behind a dialect's name: text is SQL there, and all else a literal.
pub(super) fn marked(entry: &Entry<'_>, cx: &Reading<'_>) -> Option<Value> {
    match &entry.value {
        document::Value::String(text) => Some(Value::Sql(text.as_ref().into())),
        document::Value::Number(_) | document::Value::Bool(_) | document::Value::Null => literal(entry, cx),
    }
}

/// The literal of a value.
pub(super) fn literal_of(value: &Value) -> Literal<'_> {
    match value {
        Value::Null => Literal::NULL,
        Value::Bool(value) => (*value).into(),
        // What KDL doesn't know as a number is SQL all the same.
        Value::Number(digits) => Number::new(digits).map_or_else(|| sql_literal(digits), Literal::from),
        Value::Text(text) => Literal::from(&**text),
        Value::Sql(text) => sql_literal(text),
    }
}

/// `(sql)"…"`
pub(super) fn sql_literal(text: &str) -> Literal<'_> {
    Literal::quoted(text).annotated("sql")
}

/// Adds an SQL text as arguments: `(sql)"common" (postgres)"exception"`.
pub(super) fn write_sql(line: &mut Line<'_>, text: &SqlText) {
    let PerDialect { common, overrides } = text;
    line.arg(sql_literal(common));
    for (dialect, exception) in overrides {
        line.arg(Literal::quoted(exception).annotated(dialect.as_str()));
    }
}

/// Writes the node of a value that differs by dialect.
pub(super) fn write_optional<T>(
    w: &mut Writer,
    word: &str,
    value: &PerDialect<Option<T>>,
    literal: impl Fn(&T) -> Literal<'_>,
) {
    let PerDialect { common, overrides } = value;
    let mut line = w.node(word);
    if let Some(common) = common {
        line.arg(literal(common));
    }
    for (dialect, exception) in overrides {
        line.prop_if(dialect.as_str(), exception.as_ref().map(&literal));
    }
    let missing = overrides.iter().filter(|(_, exception)| exception.is_none());
    let missing: Vec<&str> = missing.map(|(dialect, _)| dialect.as_str()).collect();
    line.children(|w| {
        if !missing.is_empty() {
            w.node("none").args(missing);
        }
    });
}

/// The annotation that names a dialect; `(sql)` doesn't.
fn dialect_of<'e>(entry: &'e Entry<'_>) -> Option<&'e document::Text<'e>> {
    entry.annotation.as_ref().filter(|word| word.as_str() != "sql")
}

const DELETE: &str = "delete one of them";

fn twice(what: &str, span: Span) -> Diagnostic {
    Diagnostic::error(&E109, format!("{what} is given twice")).at(span, "again here")
}

fn report_twice(cx: &Reading<'_>, what: &str, span: Span) {
    cx.report(twice(what, span).help(DELETE));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_one_spelling() {
        for (written, kept) in [
            ("0", "0"),
            ("-0", "-0"),
            ("+7", "7"),
            ("007", "7"),
            ("1_000.50", "1000.50"),
            ("0.5", "0.5"),
            ("00_0.5", "0.5"),
            ("1E9", "1e9"),
            ("-0xFF", "-255"),
            ("0b11", "3"),
        ] {
            let number = Number::new(written).expect("the cases are numbers");
            assert_eq!(digits(number).as_deref(), Some(kept), "{written}");
        }
        assert_eq!(digits(Number::new("#inf").expect("a keyword is a number")), None);
    }
}
