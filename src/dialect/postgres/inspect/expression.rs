//! Expressions as the server prints them, made what a person would have written where that is the same to the server:
//! read again, the text prints as it did. One form of its own making the server prints differently the second time;
//! that one is settled here.

use std::borrow::Cow;
use std::ops::Range;

use super::value::{is_number, same_type};
use crate::dialect::postgres::RULES;
use crate::sql::{Token, TokenKind, tokens};

/// The text without parentheses around all of it.
pub(in crate::dialect::postgres) fn bare(text: &str) -> &str {
    let mut text = text.trim();
    while let Some(inner) = unwrapped(text) {
        text = inner.trim();
    }
    text
}

/// What is inside, if the first parenthesis is closed by the last.
fn unwrapped(text: &str) -> Option<&str> {
    let inner = text.strip_prefix('(')?.strip_suffix(')')?;
    let mut depth = 0_usize;
    for token in tokens(inner, &RULES) {
        if token.is_mark("(") {
            depth += 1;
        } else if token.is_mark(")") {
            depth = depth.checked_sub(1)?;
        } else if token.kind == TokenKind::Comment {
            // One that ends with the line could have swallowed the parenthesis.
            return None;
        }
    }
    (depth == 0).then_some(inner)
}

/// The server prints a list of `varchar` that is compared as text with one cast around it, and when it reads that, with
/// a cast of each element, which stays. This is the second form of whatever has the first.
pub(in crate::dialect::postgres) fn settled(text: &str) -> Cow<'_, str> {
    if !text.contains("ARRAY[") || !text.contains("]::text[]") && !text.contains("])::text[]") {
        return Cow::Borrowed(text);
    }
    let tokens: Vec<Token<'_>> = tokens(text, &RULES).filter(Token::is_significant).collect();
    let mut out = String::with_capacity(text.len() + 64);
    let mut done = 0;
    let mut at = 0;
    while at < tokens.len() {
        let Some((list, end, pretty)) = cast_list(&tokens, at) else {
            at += 1;
            continue;
        };
        out.push_str(&text[done..tokens[at].span.start]);
        let elements = list.elements.iter().map(|range| &text[range.clone()]);
        let cast = |element| if pretty { format!("{element}::text") } else { format!("({element})::text") };
        let elements: Vec<String> = elements.map(cast).collect();
        out += &format!("ARRAY[{}]", elements.join(", "));
        done = tokens.get(end - 1).map_or(text.len(), |token| token.span.end);
        at = end;
    }
    out.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(out)
}

/// A list with a cast around it, where it ends, and whether the server left out what parentheses it could.
fn cast_list(tokens: &[Token<'_>], at: usize) -> Option<(List, usize, bool)> {
    let wrapped = tokens.get(at)?.is_mark("(");
    let list = List::read(tokens, at + usize::from(wrapped))?;
    let cast: &[&str] = if wrapped { &[")", "::", "text", "[", "]"] } else { &["::", "text", "[", "]"] };
    let end = list.end + cast.len();
    is(tokens, list.end, cast).then_some((list, end, !wrapped))
}

/// Whether these words and marks stand from here on.
fn is(tokens: &[Token<'_>], at: usize, words: &[&str]) -> bool {
    words.iter().enumerate().all(|(offset, word)| {
        tokens.get(at + offset).is_some_and(|token| token.text.eq_ignore_ascii_case(word))
    })
}

/// `ARRAY[…]`.
struct List {
    /// Where its elements are in the text.
    elements: Vec<Range<usize>>,
    /// The same, by token.
    parts: Vec<Range<usize>>,
    /// The token behind it.
    end: usize,
}

impl List {
    fn read(tokens: &[Token<'_>], at: usize) -> Option<Self> {
        if !is(tokens, at, &["ARRAY", "["]) {
            return None;
        }
        let mut parts = Vec::new();
        let (mut depth, mut start, mut end) = (0_usize, at + 2, at + 2);
        loop {
            let token = tokens.get(end)?;
            let closes = token.is_mark("]") && depth == 0;
            if closes || token.is_mark(",") && depth == 0 {
                parts.push(start..end);
                start = end + 1;
            }
            if closes {
                break;
            }
            if token.is_mark("(") || token.is_mark("[") {
                depth += 1;
            } else if token.is_mark(")") || token.is_mark("]") {
                depth = depth.checked_sub(1)?;
            }
            end += 1;
        }
        let span = |part: &Range<usize>| -> Option<Range<usize>> {
            let last = part.end.checked_sub(1)?;
            Some(tokens.get(part.start)?.span.start..tokens.get(last)?.span.end)
        };
        let elements: Option<Vec<Range<usize>>> = parts.iter().map(span).collect();
        Some(Self { elements: elements?, parts, end: end + 1 })
    }
}

/// The text with `IN` where the server prints `= ANY`, or `NOT IN` for `<> ALL`: where a column is compared with
/// constants of its type, the first becomes the second by itself. `types` gives the type of a column as the server
/// prints it, without length or precision; whatever it doesn't know stays as it is.
pub(super) fn readable(text: &str, types: &dyn Fn(&str) -> Option<String>) -> String {
    if !text.contains("ARRAY[") {
        return bare(text).to_owned();
    }
    let tokens: Vec<Token<'_>> = tokens(text, &RULES).filter(Token::is_significant).collect();
    let mut out = String::with_capacity(text.len());
    let (mut done, mut at) = (0, 0);
    while at < tokens.len() {
        if let Some(found) = Membership::read(text, &tokens, at, types) {
            out.push_str(&text[done..tokens[at].span.start]);
            out.push_str(&found.sql);
            done = tokens.get(found.end - 1).map_or(text.len(), |token| token.span.end);
            at = found.end;
        } else {
            at += 1;
        }
    }
    out.push_str(text.get(done..).unwrap_or_default());
    bare(&settled(&out)).to_owned()
}

/// A column that is, or is not, one of several constants.
struct Membership {
    sql: String,
    /// The token behind it.
    end: usize,
}

impl Membership {
    fn read(
        text: &str,
        tokens: &[Token<'_>],
        at: usize,
        types: &dyn Fn(&str) -> Option<String>,
    ) -> Option<Self> {
        // Only what stands behind a parenthesis is all of an operand.
        let before = at.checked_sub(1).and_then(|before| tokens.get(before));
        if !before.is_some_and(|token| token.is_mark("(")) {
            return None;
        }
        let cast = tokens.get(at)?.is_mark("(");
        let column = tokens.get(at + usize::from(cast))?;
        let name = crate::sql::identifiers(column.text, &RULES).next()?.name.into_owned();
        let ty = types(&name)?;
        let after = if cast { at + 5 } else { at + 1 };
        if cast && !(ty == "character varying" && is(tokens, at + 2, &[")", "::", "text"])) {
            return None;
        }
        let word = if is(tokens, after, &["=", "ANY", "("]) {
            "IN"
        } else if is(tokens, after, &["<>", "ALL", "("]) {
            "NOT IN"
        } else {
            return None;
        };
        let (list, end) = if cast {
            let list = tokens.get(after + 3)?.is_mark("(").then(|| List::read(tokens, after + 4))??;
            let end = list.end + 5;
            (is(tokens, list.end, &[")", "::", "text", "[", "]", ")"]).then_some(list)?, end)
        } else {
            let list = List::read(tokens, after + 3)?;
            let end = list.end;
            (is(tokens, list.end, &[")"]).then_some(list)?, end)
        };
        let constants: Option<Vec<&str>> =
            list.parts.iter().map(|part| constant(text, &tokens[part.clone()], &ty)).collect();
        let constants = constants.filter(|constants| constants.len() > 1)?;
        Some(Self { sql: format!("{} {word} ({})", column.text, constants.join(", ")), end: end + 1 })
    }
}

/// The constant of this type that is an element of a printed list, without its cast.
fn constant<'t>(text: &'t str, tokens: &[Token<'_>], ty: &str) -> Option<&'t str> {
    let cast_to = |from: usize| {
        let (first, last) = (tokens.get(from)?, tokens.last()?);
        Some(&text[first.span.start..last.span.end])
    };
    let first = tokens.first()?;
    match (first.kind, tokens.len()) {
        (TokenKind::Number, 1) if ty == "smallint" || ty == "integer" => Some(&text[first.span.clone()]),
        (TokenKind::String, 3..)
            if is(tokens, 1, &["::"]) && same_type(cast_to(2)?, ty) && !is_number(ty) =>
        {
            Some(&text[first.span.clone()])
        }
        (TokenKind::Mark, 5) if (ty == "bigint" || ty == "numeric") && is(tokens, 2, &[")", "::", ty]) => {
            let number = tokens.get(1).filter(|token| token.kind == TokenKind::Number)?;
            number.text.bytes().all(|byte| byte.is_ascii_digit()).then(|| &text[number.span.clone()])
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_parentheses_around_everything_go() {
        assert_eq!(bare("((a > 0))"), "a > 0");
        assert_eq!(bare("((a > 0) AND (b > ')'))"), "(a > 0) AND (b > ')')");
        assert_eq!(bare("(a > 0) AND (b > 0)"), "(a > 0) AND (b > 0)");
        assert_eq!(bare("lower((a)::text)"), "lower((a)::text)");
    }

    #[test]
    fn a_list_has_its_casts_inside() {
        assert_eq!(
            settled("(f(a) = ANY ((ARRAY['a,'::character varying, 'b'::character varying])::text[]))"),
            "(f(a) = ANY (ARRAY[('a,'::character varying)::text, ('b'::character varying)::text]))"
        );
        assert_eq!(
            settled("a::text = ANY (ARRAY['a'::character varying, 'b'::character varying]::text[])"),
            "a::text = ANY (ARRAY['a'::character varying::text, 'b'::character varying::text])"
        );
        let settled_already = "((a)::text = ANY (ARRAY[('a'::character varying)::text]))";
        assert_eq!(settled(settled_already), settled_already);
    }

    #[test]
    fn membership_is_written_as_people_do() {
        let types = |name: &str| match name {
            "v" => Some("character varying".to_owned()),
            "Mood" => Some("mood".to_owned()),
            "t" => Some("text".to_owned()),
            "i" => Some("integer".to_owned()),
            "b" => Some("bigint".to_owned()),
            "d" => Some("date".to_owned()),
            _ => None,
        };
        for (printed, wanted) in [
            (
                "((v)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
                "v IN ('a', 'b')",
            ),
            ("((t <> ALL (ARRAY['a'::text, 'b'::text])) OR (i = 1))", "(t NOT IN ('a', 'b')) OR (i = 1)"),
            ("(\"Mood\" = ANY (ARRAY['a'::mood, 'b'::mood]))", "\"Mood\" IN ('a', 'b')"),
            ("(i = ANY (ARRAY[1, 2]))", "i IN (1, 2)"),
            ("(b = ANY (ARRAY[(1)::bigint, (2)::bigint]))", "b IN (1, 2)"),
            // Of another type, from something that is no column, of one element.
            ("(b = ANY (ARRAY[1, 2]))", "b = ANY (ARRAY[1, 2])"),
            (
                "(d = ANY (ARRAY['a'::timestamp, 'b'::timestamp]))",
                "d = ANY (ARRAY['a'::timestamp, 'b'::timestamp])",
            ),
            (
                "(lower(t) = ANY (ARRAY['a'::text, 'b'::text]))",
                "lower(t) = ANY (ARRAY['a'::text, 'b'::text])",
            ),
            ("(t = ANY (ARRAY['a'::text]))", "t = ANY (ARRAY['a'::text])"),
        ] {
            assert_eq!(readable(printed, &types), wanted);
        }
    }
}
