//! Placeholders in SQL, `${name}`: finding them, and putting text in their place. What a value looks like in SQL is not
//! known here.

use std::ops::Range;

use super::{Rules, TokenKind, tokens};

/// What opens a placeholder.
const OPENING: &str = "${";

/// A placeholder, or what looks like one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placeholder<'a> {
    /// The name in it; `None` where what stands behind `${` is no name with a `}` behind it.
    pub name: Option<&'a str>,
    /// Its bytes in the text.
    pub span: Range<usize>,
    /// Whether it stands in a string or in a quoted name, where it is nothing but text.
    pub is_quoted: bool,
}

/// The placeholders of a text, in order. Those in comments don't count.
#[must_use]
pub fn placeholders<'a>(text: &'a str, rules: &Rules) -> Vec<Placeholder<'a>> {
    if !text.contains(OPENING) {
        return Vec::new();
    }
    let mut tokens = tokens(text, rules).peekable();
    let mut found = Vec::new();
    for (start, _) in text.match_indices(OPENING) {
        while tokens.next_if(|token| token.span.end <= start).is_some() {}
        let is_quoted = match tokens.peek().map(|token| token.kind) {
            Some(TokenKind::Comment) => continue,
            Some(TokenKind::String | TokenKind::Quoted) => true,
            Some(_) | None => false,
        };
        let name = named(text.get(start + OPENING.len()..).unwrap_or_default());
        let length = name.map_or(OPENING.len(), |name| OPENING.len() + name.len() + 1);
        found.push(Placeholder { name, span: start..start + length, is_quoted });
    }
    found
}

fn named(text: &str) -> Option<&str> {
    let (name, _) = text.split_once('}')?;
    let belongs = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    (!name.is_empty() && name.chars().all(belongs)).then_some(name)
}

/// The text with what `value` gives in the place of each placeholder outside of quotes; those it gives nothing for stay.
/// Spaces keep a value apart from what stands beside it, so that it never becomes part of another word or string.
#[must_use]
pub fn fill(text: &str, rules: &Rules, mut value: impl FnMut(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut at = 0;
    for Placeholder { name, span, is_quoted } in placeholders(text, rules) {
        let Some(value) = name.filter(|_| !is_quoted).and_then(&mut value) else { continue };
        filled.push_str(text.get(at..span.start).unwrap_or_default());
        if !filled.chars().next_back().is_none_or(stands_apart) {
            filled.push(' ');
        }
        filled.push_str(&value);
        at = span.end;
        let rest = text.get(at..).unwrap_or_default();
        if !rest.chars().next().is_none_or(stands_apart) {
            filled.push(' ');
        }
    }
    filled.push_str(text.get(at..).unwrap_or_default());
    filled
}

fn stands_apart(c: char) -> bool {
    c.is_ascii_whitespace() || matches!(c, '(' | ')' | ',' | ';')
}

#[cfg(test)]
mod tests {
    use super::*;

    const DOLLARS: Rules = Rules { dollar_quotes: true, escape_strings: true, ..Rules::STANDARD };

    fn filled(text: &str) -> String {
        fill(text, &DOLLARS, |name| (name != "none").then(|| format!("<{name}>")))
    }

    #[test]
    fn values_stand_where_placeholders_stood_and_apart() {
        for (text, expected) in [
            ("SELECT ${a}, ${b-c}", "SELECT <a>, <b-c>"),
            ("f(${a})", "f(<a>)"),
            ("x=${a}::int", "x= <a> ::int"),
            ("E${a}'b'", "E <a> 'b'"),
            ("${a}${b}", "<a> <b>"),
            ("'a'${a}", "'a' <a>"),
            ("a$${b}", "a$ <b>"),
            ("${none} ${} ${a b} ${a", "${none} ${} ${a b} ${a"),
        ] {
            assert_eq!(filled(text), expected);
        }
    }

    #[test]
    fn in_quotes_and_comments_it_is_text() {
        let text = "'${a}' \"${b}\" $t$ ${c} $t$ -- ${d}\n/* ${e} */ E'\\'${f}'";
        assert_eq!(filled(text), text);
        let found = placeholders(text, &DOLLARS);
        let quoted: Vec<_> = found.iter().filter(|found| found.is_quoted).map(|found| found.name).collect();
        assert_eq!(quoted, [Some("a"), Some("b"), Some("c"), Some("f")]);
        assert_eq!(found.len(), 4);
    }
}
