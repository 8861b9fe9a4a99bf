//! How MySQL hands out the expressions that it keeps: with the escapes of a string literal, and each byte of a character
//! that is not ASCII as a character of its own. MariaDB hands them out as they are.

use std::borrow::Cow;

use crate::dialect::Version;
use crate::dialect::mysql::version::is_mariadb;

/// The characters that MySQL's `latin1` has for the bytes from 0x80 to 0x9F.
const HIGH: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The expression of a cell of the catalog.
pub(super) fn expression(cell: &str, version: Version) -> Cow<'_, str> {
    if is_mariadb(version) {
        return Cow::Borrowed(cell);
    }
    let whole = if cell.is_ascii() { Cow::Borrowed(cell) } else { characters(cell) };
    if whole.contains('\\') { Cow::Owned(unescaped(&whole)) } else { whole }
}

/// The characters whose bytes stand for them; the text itself if that is not what it is.
fn characters(text: &str) -> Cow<'_, str> {
    let bytes: Option<Vec<u8>> = text.chars().map(byte).collect();
    match bytes.and_then(|bytes| String::from_utf8(bytes).ok()) {
        Some(whole) => Cow::Owned(whole),
        None => Cow::Borrowed(text),
    }
}

fn byte(character: char) -> Option<u8> {
    if let Some(at) = HIGH.iter().position(|high| *high == character) {
        return u8::try_from(0x80 + at).ok();
    }
    u8::try_from(u32::from(character)).ok()
}

fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some('n') => out.push('\n'),
                Some('r') => out.push('\r'),
                Some('t') => out.push('\t'),
                Some('0') => out.push('\0'),
                Some('Z') => out.push('\u{1a}'),
                Some(other) => out.push(other),
                None => out.push('\\'),
            },
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Product;

    #[test]
    fn mysqls_escapes_and_bytes_are_undone() {
        let mysql = Product::MySql.version(9, 7, 0);
        for (cell, text) in [
            (r"concat(`s`,_utf8mb4\'it\\\'s\')", r"concat(`s`,_utf8mb4'it\'s')"),
            (r"(`s` <> _utf8mb4\'Ã©\')", "(`s` <> _utf8mb4'é')"),
            (r"_utf8mb4\'â‚¬ðŸ˜€\'", "_utf8mb4'€😀'"),
            (r"_utf8mb4\'é\'", "_utf8mb4'é'"),
            (r"(`s` <> _utf8mb4\'a\\nb\')", r"(`s` <> _utf8mb4'a\nb')"),
        ] {
            assert_eq!(expression(cell, mysql), text);
        }
        let mariadb = Product::MariaDb.version(10, 11, 0);
        assert_eq!(expression(r"'it\'s Ã©'", mariadb), r"'it\'s Ã©'");
    }
}
