//! Names and values as PostgreSQL reads them. Every name is quoted, so that none is taken for a keyword or
//! folded to lower case; nothing here knows what a name stands for.

use crate::model::Value;
use crate::name::{Name, ObjectName};
use crate::sql::{TokenKind, tokens};

use super::RULES;

/// A name in quotes.
pub(super) fn ident(name: impl AsRef<str>) -> String {
    RULES.quoted(name.as_ref())
}

/// An object's name in quotes, with its namespace if it has one.
pub(super) fn object(name: &ObjectName) -> String {
    match &name.namespace {
        Some(namespace) => format!("{}.{}", ident(namespace), ident(&name.name)),
        None => ident(&name.name),
    }
}

/// The name of a collation: as it was written if it is in quotes already, which a namespace needs.
pub(super) fn collation(name: &str) -> String {
    if name.contains('"') { name.to_owned() } else { ident(name) }
}

/// The name of something that lives in the namespace of a table: an index, for instance.
pub(super) fn beside(table: &ObjectName, name: &Name) -> String {
    object(&table.sibling(name.clone()))
}

/// Names in quotes, separated by commas.
pub(super) fn list<'a>(names: impl IntoIterator<Item = &'a Name>) -> String {
    names.into_iter().map(ident).collect::<Vec<_>>().join(", ")
}

/// A string literal that means the same whatever `standard_conforming_strings` says.
pub(super) fn string(text: &str) -> String {
    RULES.literal(text)
}

/// A value where any expression may stand.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(true) => "true".to_owned(),
        Value::Bool(false) => "false".to_owned(),
        Value::Number(digits) => digits.to_string(),
        Value::Text(text) => string(text),
        Value::Sql(text) => expression(text),
    }
}

/// A value behind `DEFAULT`, where PostgreSQL wants parentheses around some expressions.
pub(super) fn default(value: &Value) -> String {
    match value {
        Value::Sql(text) if is_primary(text) => text.trim().to_owned(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Sql(_) => {
            self::value(value)
        }
    }
}

/// Somebody's SQL in parentheses; a line comment at its end doesn't swallow the closing one.
pub(super) fn expression(text: &str) -> String {
    format!("({}{})", text.trim(), line_end(text))
}

/// A line break where the text ends in a comment that would go on.
pub(super) fn line_end(text: &str) -> &'static str {
    let last = tokens(text.trim_end(), &RULES).last();
    if last.is_some_and(|last| last.kind == TokenKind::Comment) { "\n" } else { "" }
}

/// Whether a text is a constant, a name or a call, possibly cast: what may stand without parentheses.
fn is_primary(text: &str) -> bool {
    let mut depth = 0_usize;
    let mut expects_operand = true;
    for token in tokens(text, &RULES).filter(|token| token.kind != TokenKind::Space) {
        if token.is_mark("(") {
            if expects_operand && depth == 0 {
                return false;
            }
            depth += 1;
        } else if token.is_mark(")") {
            depth = depth.saturating_sub(1);
        } else if depth == 0 {
            let joins = token.is_mark(".") || (token.kind == TokenKind::Operator && token.text == "::");
            let operand = matches!(
                token.kind,
                TokenKind::Word | TokenKind::Quoted | TokenKind::String | TokenKind::Number
            );
            if !(joins && !expects_operand || operand && expects_operand) {
                return false;
            }
            expects_operand = joins;
        }
    }
    depth == 0 && !expects_operand
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_strings_stay_what_they_are() {
        assert_eq!(ident(r#"a"b;--"#), r#""a""b;--""#);
        assert_eq!(string("it's"), "'it''s'");
        assert_eq!(string(r"a\'b"), r"E'a\\''b'");
    }

    #[test]
    fn a_default_stands_in_parentheses_unless_it_is_one_piece() {
        let sql = |text: &str| default(&Value::Sql(text.into()));
        for plain in ["CURRENT_TIMESTAMP", "now()", "'a'::text", "pg_catalog.nextval('s'::regclass)", "1"] {
            assert_eq!(sql(plain), plain);
        }
        assert_eq!(sql("1 + 2"), "(1 + 2)");
        assert_eq!(sql("(1)"), "((1))");
        assert_eq!(sql("now() -- why"), "(now() -- why\n)");
        assert_eq!(sql("a IS NULL"), "(a IS NULL)");
    }
}
