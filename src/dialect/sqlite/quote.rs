//! Names, literals and expressions as SQLite reads them. Every name is quoted, always: one rule, no keyword
//! list, no surprise.

use crate::model::Value;
use crate::name::Name;

use super::normal::RULES;

/// A quoted name.
pub(super) fn name(text: &str) -> String {
    RULES.quoted(text)
}

/// Quoted names, separated by commas.
pub(super) fn names<'a>(names: impl IntoIterator<Item = &'a Name>) -> String {
    list(names.into_iter().map(|part| name(part.as_str())))
}

/// Texts, separated by commas.
pub(super) fn list(items: impl IntoIterator<Item = String>) -> String {
    items.into_iter().collect::<Vec<_>>().join(", ")
}

/// A string literal.
pub(super) fn text(text: &str) -> String {
    if text.contains('\0') {
        // The library stops to read at a NUL, so the bytes are spelled out.
        let digits: String = text.bytes().map(|byte| format!("{byte:02x}")).collect();
        return format!("CAST(x'{digits}' AS TEXT)");
    }
    RULES.literal(text)
}

/// An expression in parentheses.
pub(super) fn expression(text: &str) -> String {
    let text = text.trim();
    // A comment at the end of a line would swallow the parenthesis.
    if text.contains("--") { format!("({text}\n)") } else { format!("({text})") }
}

/// A value among others of a row.
pub(super) fn value(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(true) => "TRUE".to_owned(),
        Value::Bool(false) => "FALSE".to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Text(content) => text(content),
        Value::Sql(content) => match bare_time(content) {
            Some(word) => word.to_owned(),
            None => expression(content),
        },
    }
}

/// A column's default; `None` is NULL, which needs no words.
pub(super) fn default(default: &Value) -> Option<String> {
    match default {
        Value::Null => None,
        Value::Sql(content) if content.trim().eq_ignore_ascii_case("null") => None,
        Value::Text(content) if content.contains('\0') => Some(expression(&text(content))),
        Value::Bool(_) | Value::Number(_) | Value::Text(_) | Value::Sql(_) => Some(value(default)),
    }
}

/// The three expressions that stand without parentheses.
fn bare_time(text: &str) -> Option<&'static str> {
    ["CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"]
        .into_iter()
        .find(|word| text.trim().eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_its_quotes() {
        for (given, expected) in [("a", "\"a\""), ("o\"dd;--", "\"o\"\"dd;--\""), ("select", "\"select\"")] {
            assert_eq!(name(given), expected);
        }
        for (given, expected) in [("it's", "'it''s'"), ("a\0b", "CAST(x'610062' AS TEXT)"), ("", "''")] {
            assert_eq!(text(given), expected);
        }
        assert_eq!(expression("a > 0 -- positive"), "(a > 0 -- positive\n)");
    }

    #[test]
    fn defaults_are_constants_or_stand_in_parentheses() {
        for (given, expected) in [
            (Value::Null, None),
            (Value::Bool(false), Some("FALSE")),
            (Value::Number("-1.50".into()), Some("-1.50")),
            (Value::Text("x".into()), Some("'x'")),
            (Value::Sql("current_timestamp".into()), Some("CURRENT_TIMESTAMP")),
            (Value::Sql("lower('A')".into()), Some("(lower('A'))")),
        ] {
            assert_eq!(default(&given).as_deref(), expected);
        }
    }
}
