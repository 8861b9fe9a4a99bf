//! Defaults: constants of the column's type as values, all else as SQL.

use super::expression::readable;
use super::printed;
use crate::dialect::Version;
use crate::dialect::mysql::RULES;
use crate::dialect::mysql::definition::is_now;
use crate::dialect::mysql::quote::unquoted;
use crate::dialect::mysql::types::{
    BIGINT, BINARY, BIT, DECIMAL, DOUBLE, FLOAT, INT, JSON, MEDIUMINT, MyType, SMALLINT, TINYINT, VARBINARY,
    YEAR,
};
use crate::dialect::mysql::version::is_mariadb;
use crate::model::Value;
use crate::sql::{Token, TokenKind, tokens};

/// The present moment, however it is printed; its digits are the column's.
const NOW: &str = "CURRENT_TIMESTAMP";

const NUMBERS: [&str; 9] = [TINYINT, SMALLINT, MEDIUMINT, INT, BIGINT, FLOAT, DOUBLE, DECIMAL, YEAR];

/// The default that the catalog prints for a column of this type. MySQL says of one whether it is `computed`.
pub(super) fn read(text: &str, ty: &MyType, computed: bool, version: Version) -> Option<Value> {
    if is_mariadb(version) {
        return mariadb(text, ty);
    }
    if !computed {
        return Some(constant(text, ty));
    }
    let text = printed::expression(text, version);
    if is_now(&text) && !text.contains("()") && !text.starts_with(['n', 'N']) {
        return Some(Value::Sql(NOW.into()));
    }
    let readable = readable(&text);
    let kept_beside = ty.is_long() || ty.is(JSON) || ty.is_shape();
    match single(&readable) {
        Some(TokenKind::String) if kept_beside => Some(Value::Text(unquoted(&readable))),
        // In parentheses a constant stays the expression that it was.
        Some(_) => Some(Value::Sql(format!("({readable})").into())),
        None if is_now(&readable) => Some(Value::Sql(format!("({readable})").into())),
        None => Some(Value::Sql(readable.into())),
    }
}

/// What stands behind `ON UPDATE`.
pub(super) fn on_update(text: &str) -> Value {
    Value::Sql(if is_now(text) { NOW } else { text }.into())
}

/// The text of a constant, which MySQL prints without quotes.
fn constant(text: &str, ty: &MyType) -> Value {
    if ty.is(BIT) {
        return Value::Sql(text.into());
    }
    if ty.is_any(&[BINARY, VARBINARY]) {
        return bytes(text).map_or_else(|| Value::Sql(text.into()), |text| Value::Text(text.into()));
    }
    number(text, ty).unwrap_or_else(|| Value::Text(text.into()))
}

/// The characters that `0x6162` stands for, if all of them can be seen.
fn bytes(text: &str) -> Option<String> {
    let digits = text.strip_prefix("0x")?;
    let pairs =
        digits.as_bytes().chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    let bytes = pairs.collect::<Option<Vec<u8>>>()?;
    let seen = bytes.iter().all(|byte| byte.is_ascii_graphic() || *byte == b' ');
    seen.then(|| String::from_utf8(bytes).ok()).flatten()
}

fn mariadb(text: &str, ty: &MyType) -> Option<Value> {
    if text == "NULL" {
        return None;
    }
    if is_now(text) && !text.starts_with(['n', 'N']) {
        return Some(Value::Sql(NOW.into()));
    }
    match single(text) {
        Some(TokenKind::String) => Some(Value::Text(unquoted(text))),
        Some(_) | None => Some(number(text, ty).unwrap_or_else(|| Value::Sql(readable(text).into()))),
    }
}

/// A number, as it is to be written, for a column of numbers.
fn number(text: &str, ty: &MyType) -> Option<Value> {
    let is_bool = ty.is(TINYINT) && ty.numbers == [1];
    match text {
        "0" if is_bool => return Some(Value::Bool(false)),
        "1" if is_bool => return Some(Value::Bool(true)),
        _ => {}
    }
    let is_number = ty.is_any(&NUMBERS) && is_plain(text.strip_prefix('-').unwrap_or(text));
    is_number.then(|| Value::Number(text.into()))
}

/// Whether a text is a number in its one spelling.
fn is_plain(text: &str) -> bool {
    let (whole, fraction) =
        text.split_once('.').map_or((text, None), |(whole, fraction)| (whole, Some(fraction)));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole) && (whole == "0" || !whole.starts_with('0')) && fraction.is_none_or(digits)
}

/// What the text is, if it is one constant alone.
fn single(text: &str) -> Option<TokenKind> {
    let tokens: Vec<Token<'_>> = tokens(text, &RULES).filter(Token::is_significant).collect();
    match tokens.as_slice() {
        [one] => matches!(one.kind, TokenKind::String | TokenKind::Number).then_some(one.kind),
        // `x'41'`, `b'0'`
        [Token { kind: TokenKind::Word, text: mark, .. }, Token { kind: TokenKind::String, .. }]
            if mark.len() == 1 =>
        {
            Some(TokenKind::Number)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Product;

    #[test]
    fn each_product_prints_the_same_default_in_its_own_way() {
        let mysql = Product::MySql.version(9, 7, 0);
        let mariadb = Product::MariaDb.version(10, 11, 0);
        let (text, number) = (|text: &str| Value::Text(text.into()), |text: &str| Value::Number(text.into()));
        let sql = |text: &str| Value::Sql(text.into());
        for (ty, of_mysql, computed, of_mariadb, value) in [
            ("varchar(20)", "it's \\", false, r"'it''s \\'", text("it's \\")),
            ("varchar(20)", "", false, "''", text("")),
            ("varchar(20)", "NULL", false, "'NULL'", text("NULL")),
            ("int", "5", false, "5", number("5")),
            ("decimal(10,2)", "-1.50", false, "-1.50", number("-1.50")),
            ("tinyint(1)", "1", false, "1", Value::Bool(true)),
            ("tinyint(1)", "2", false, "2", number("2")),
            ("datetime(6)", "CURRENT_TIMESTAMP(6)", true, "current_timestamp(6)", sql("CURRENT_TIMESTAMP")),
            ("timestamp", "CURRENT_TIMESTAMP", true, "current_timestamp()", sql("CURRENT_TIMESTAMP")),
            ("bit(1)", "b'0'", false, "b'0'", sql("b'0'")),
            ("binary(3)", "0x616263", false, "'abc'", text("abc")),
            ("int", "(1 + 2)", true, "(1 + 2)", sql("1 + 2")),
            ("varchar(40)", "uuid()", true, "uuid()", sql("uuid()")),
            ("text", r"_utf8mb4\'it\\\'s\'", true, r"'it\'s'", text("it's")),
            ("json", r"_utf8mb4\'{}\'", true, "'{}'", text("{}")),
        ] {
            let ty = MyType::native(ty);
            assert_eq!(read(of_mysql, &ty, computed, mysql), Some(value.clone()), "{of_mysql}");
            assert_eq!(read(of_mariadb, &ty, false, mariadb), Some(value), "{of_mariadb}");
        }
        assert_eq!(read("NULL", &MyType::native("int"), false, mariadb), None);
        assert_eq!(read("5", &MyType::native("int"), true, mysql), Some(sql("(5)")));
        assert_eq!(read("now()", &MyType::native("datetime"), true, mysql), Some(sql("(now())")));
        assert_eq!(read("0x0AFF", &MyType::native("varbinary(9)"), false, mysql), Some(sql("0x0AFF")));
    }
}
