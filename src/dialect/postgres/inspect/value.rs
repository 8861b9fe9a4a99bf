//! Defaults: constants of the column's type as values, all else as SQL.

use std::borrow::Cow;

use super::expression::bare;
use crate::dialect::postgres::RULES;
use crate::model::Value;
use crate::sql::{Token, TokenKind, tokens};

/// The default that the server prints for a column of this type, which is spelled as the server does and without length
/// or precision.
pub(super) fn read(text: &str, ty: &str) -> Value {
    constant(text, ty).unwrap_or_else(|| Value::Sql(bare(text).into()))
}

fn constant(text: &str, ty: &str) -> Option<Value> {
    let tokens: Vec<Token<'_>> = tokens(text, &RULES).filter(Token::is_significant).collect();
    let (first, rest) = tokens.split_first()?;
    let cast = match rest {
        [] => None,
        [operator, of @ ..] if operator.text == "::" => {
            let (start, end) = (of.first()?.span.start, of.last()?.span.end);
            Some(&text[start..end])
        }
        _ => return None,
    };
    match (first.kind, cast) {
        (TokenKind::Word, None) if ty == "boolean" && first.is_word("true") => Some(Value::Bool(true)),
        (TokenKind::Word, None) if ty == "boolean" && first.is_word("false") => Some(Value::Bool(false)),
        (TokenKind::Word, Some(cast)) if first.is_word("NULL") && same_type(cast, ty) => Some(Value::Null),
        (TokenKind::Number, None) if is_number(ty) && is_plain(first.text) => {
            Some(Value::Number(first.text.into()))
        }
        (TokenKind::String, Some(cast)) => {
            let content = content(first)?;
            if is_number(ty) {
                // A number with a minus is printed as a text.
                let digits = content.strip_prefix('-').filter(|digits| is_plain(digits))?;
                (literal_type(digits) == cast).then(|| Value::Number(content.as_ref().into()))
            } else {
                (same_type(cast, ty) && ty != "boolean").then(|| Value::Text(content.as_ref().into()))
            }
        }
        _ => None,
    }
}

/// The types that a number is written for without quotes.
pub(super) fn is_number(ty: &str) -> bool {
    ["smallint", "integer", "bigint", "numeric", "real", "double precision"].contains(&ty)
}

/// Whether a text is a number in its one spelling.
pub(in crate::dialect::postgres) fn is_plain(text: &str) -> bool {
    let (whole, fraction) =
        text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && (whole == "0" || !whole.starts_with('0')) && fraction.is_none_or(digits)
}

/// The type that the server gives to a number that is written with a minus.
fn literal_type(digits: &str) -> &'static str {
    match digits.parse::<u128>() {
        Ok(value) if value <= i32::MIN.unsigned_abs().into() => "integer",
        Ok(value) if value <= i64::MIN.unsigned_abs().into() => "bigint",
        Ok(_) | Err(_) => "numeric",
    }
}

/// Whether two spellings of a type differ in quotes alone.
pub(super) fn same_type(one: &str, two: &str) -> bool {
    let unquoted = |text: &str| -> Vec<char> { text.chars().filter(|sign| *sign != '"').collect() };
    one == two || unquoted(one) == unquoted(two)
}

/// What a string token says: the server writes `E'…'` only to double backslashes.
fn content<'t>(token: &Token<'t>) -> Option<Cow<'t, str>> {
    if let Some(inner) = token.text.strip_prefix("E'").and_then(|rest| rest.strip_suffix('\'')) {
        return Some(inner.replace("''", "'").replace("\\\\", "\\").into());
    }
    let inner = token.text.strip_prefix('\'')?.strip_suffix('\'')?;
    Some(if inner.contains("''") { inner.replace("''", "'").into() } else { inner.into() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_of_the_columns_type_are_values() {
        let text = |text: &str| Value::Text(text.into());
        let number = |text: &str| Value::Number(text.into());
        for (printed, ty, value) in [
            ("true", "boolean", Value::Bool(true)),
            ("0", "integer", number("0")),
            ("'-1'::integer", "bigint", number("-1")),
            ("'-2147483648'::integer", "integer", number("-2147483648")),
            ("'101'::\"bit\"", "bit", text("101")),
            ("'-1.50'::numeric", "numeric", number("-1.50")),
            ("'it''s'::character varying", "character varying", text("it's")),
            (r"E'a\\b'::text", "text", text(r"a\b")),
            ("'{}'::jsonb", "jsonb", text("{}")),
            ("NULL::character varying", "character varying", Value::Null),
        ] {
            assert_eq!(read(printed, ty), value, "{printed}");
        }
    }

    #[test]
    fn all_else_is_sql() {
        for (printed, ty) in [
            ("now()", "timestamp with time zone"),
            ("'-1'::bigint", "bigint"),
            ("'5'::smallint", "smallint"),
            ("'a'::text", "character varying"),
            ("('a'::text || 'b'::text)", "text"),
            ("true", "text"),
            ("CURRENT_USER", "text"),
        ] {
            assert_eq!(read(printed, ty), Value::Sql(bare(printed).into()), "{printed}");
        }
    }
}
