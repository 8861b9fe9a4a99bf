//! Expressions and literals.

use super::cursor::Cursor;
use crate::dialect::sqlite::normal::{RULES, significant, unquoted};
use crate::model::Value;
use crate::sql::{Token, TokenKind, tokens};

/// The expression as a person would write it: without parentheses around all of it, and on one line where no comment
/// stands in it.
pub(super) fn text(cursor: Cursor<'_, '_>) -> String {
    let text = cursor.without_parentheses().text();
    let mut written = String::with_capacity(text.len());
    for token in tokens(text, &RULES) {
        match token.kind {
            TokenKind::Comment => return text.to_owned(),
            TokenKind::Space => written.push(' '),
            TokenKind::Word
            | TokenKind::Quoted
            | TokenKind::String
            | TokenKind::Number
            | TokenKind::Operator
            | TokenKind::Mark => written.push_str(token.text),
        }
    }
    written
}

/// The value of what stands behind DEFAULT, with or without parentheses; `None` for NULL, which is what is there
/// without.
pub(in crate::dialect::sqlite) fn value(text: &str) -> Option<Value> {
    let tokens = significant(text);
    of_default(Cursor::new(text, &tokens), true)
}

/// The value of a default. Outside of parentheses a name stands for itself as a text.
pub(super) fn of_default(cursor: Cursor<'_, '_>, is_expression: bool) -> Option<Value> {
    let cursor = if is_expression { cursor.without_parentheses() } else { cursor };
    let sql = || Value::Sql(text(cursor).into());
    Some(match cursor.tokens() {
        [only] => match only.kind {
            TokenKind::String => Value::Text(unquoted(only).into()),
            TokenKind::Number => number("", only.text).unwrap_or_else(sql),
            TokenKind::Word if only.is_word("NULL") => return None,
            // Two more words for these numbers, and nothing else.
            TokenKind::Word if only.is_word("TRUE") => Value::Number("1".into()),
            TokenKind::Word if only.is_word("FALSE") => Value::Number("0".into()),
            TokenKind::Word if TIMES.iter().any(|word| only.is_word(word)) => {
                Value::Sql(only.text.to_ascii_uppercase().into())
            }
            TokenKind::Word | TokenKind::Quoted if !is_expression => Value::Text(unquoted(only).into()),
            TokenKind::Word
            | TokenKind::Quoted
            | TokenKind::Operator
            | TokenKind::Mark
            | TokenKind::Space
            | TokenKind::Comment => sql(),
        },
        [sign, only] if is_sign(sign) && only.kind == TokenKind::Number => {
            number(sign.text, only.text).unwrap_or_else(sql)
        }
        _ => sql(),
    })
}

/// The words of a time that stand for themselves.
const TIMES: [&str; 3] = ["CURRENT_TIMESTAMP", "CURRENT_DATE", "CURRENT_TIME"];

pub(super) fn is_sign(token: &Token<'_>) -> bool {
    token.kind == TokenKind::Operator && ["-", "+"].contains(&token.text)
}

/// A decimal number in the one spelling that the schema language has for it; `None` for all others.
fn number(sign: &str, digits: &str) -> Option<Value> {
    if sign == "+" {
        return None;
    }
    let digits = digits.to_ascii_lowercase();
    let (mantissa, exponent) = match digits.split_once('e') {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (digits.as_str(), None),
    };
    let all_digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let plain = all_digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(all_digits)
        && exponent.is_none_or(|exponent| all_digits(exponent.trim_start_matches(['-', '+'])));
    plain.then(|| Value::Number(format!("{sign}{digits}").into()))
}
