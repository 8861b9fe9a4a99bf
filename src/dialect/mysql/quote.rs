//! Names and values as MySQL and MariaDB read them. Every name is quoted, so that none is taken for a keyword;
//! nothing here knows what a name stands for.

use crate::model::Value;
use crate::name::{Name, ObjectName};
use crate::sql::{TokenKind, tokens};

use super::RULES;

/// A name in quotes.
pub(super) fn ident(name: impl AsRef<str>) -> String {
    RULES.quoted(name.as_ref())
}

/// An object's name in quotes; there are no namespaces.
pub(super) fn object(name: &ObjectName) -> String {
    ident(&name.name)
}

/// Names in quotes, separated by commas.
pub(super) fn list<'a>(names: impl IntoIterator<Item = &'a Name>) -> String {
    names.into_iter().map(ident).collect::<Vec<_>>().join(", ")
}

/// A string literal, with backslashes as the escapes that they are.
pub(super) fn string(text: &str) -> String {
    RULES.literal(text)
}

/// The text of a string literal in either quotes; one that is not in quotes is its own text.
pub(super) fn unquoted(literal: &str) -> Box<str> {
    let Some(quote) = literal.chars().next().filter(|first| matches!(first, '\'' | '"')) else {
        return literal.into();
    };
    let inside = literal.strip_prefix(quote).and_then(|rest| rest.strip_suffix(quote)).unwrap_or(literal);
    let mut text = String::with_capacity(inside.len());
    let mut characters = inside.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n') => text.push('\n'),
                Some('r') => text.push('\r'),
                Some('t') => text.push('\t'),
                Some('b') => text.push('\u{8}'),
                Some('Z') => text.push('\u{1a}'),
                Some('0') => text.push('\0'),
                Some(other) => text.push(other),
                None => text.push('\\'),
            },
            _ if character == quote && characters.peek() == Some(&quote) => {
                characters.next();
                text.push(quote);
            }
            _ => text.push(character),
        }
    }
    text.into()
}

/// A value where any expression may stand.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(true) => "1".to_owned(),
        Value::Bool(false) => "0".to_owned(),
        Value::Number(digits) => digits.to_string(),
        Value::Text(text) => string(text),
        Value::Sql(text) => expression(text),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_strings_stay_what_they_are() {
        assert_eq!(ident("a`b;--"), "`a``b;--`");
        assert_eq!(string(r"it's a\b"), r"'it''s a\\b'");
        for text in ["it's", "\0", r"a\b", "\"", "a\nb", ""] {
            assert_eq!(&*unquoted(&string(text)), text);
        }
        assert_eq!(&*unquoted(r#""say ""hi"" \n""#), "say \"hi\" \n");
    }
}
