//! Expressions as the servers print them, made what a person would have written where that is the same to the server:
//! read again, the text prints as it did. Lexical: what is not sure to be redundant stays.

mod joins;
mod parentheses;
mod reserved;

use std::borrow::Cow;

use crate::dialect::mysql::RULES;
use crate::sql::{Token, TokenKind, tokens};

use joins::put_commas;
use parentheses::redundant;
use reserved::is_reserved;

/// The character set of every connection, which string literals have by themselves.
const INTRODUCER: &str = "_utf8mb4";

/// Words and operators that a server prints in place of others.
const SYNONYMS: [(&str, &str); 9] = [
    ("!=", "<>"),
    ("&&", "and"),
    ("%", "mod"),
    ("character_length", "char_length"),
    ("lower", "lcase"),
    ("octet_length", "length"),
    ("substring", "substr"),
    ("upper", "ucase"),
    ("||", "or"),
];

/// A token as it is to be written.
#[derive(Debug, Clone)]
struct Piece<'t> {
    kind: TokenKind,
    text: Cow<'t, str>,
    /// Whether there was white space before it.
    spaced: bool,
}

impl Piece<'_> {
    fn is_word(&self, word: &str) -> bool {
        self.kind == TokenKind::Word && self.text.eq_ignore_ascii_case(word)
    }

    fn is_one_of(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is_word(word))
    }

    fn is_mark(&self, mark: &str) -> bool {
        self.kind == TokenKind::Mark && self.text == mark
    }

    fn is_name(&self) -> bool {
        matches!(self.kind, TokenKind::Word | TokenKind::Quoted)
    }
}

/// The text without needless parentheses, quotes and aliases.
pub(super) fn readable(text: &str) -> String {
    let Some(mut pieces) = pieces(text) else { return text.trim().to_owned() };
    put_commas(&mut pieces);
    while let Some(keep) = redundant(&pieces) {
        drop_marks(&mut pieces, &keep);
    }
    drop_aliases(&mut pieces);
    for at in 0..pieces.len() {
        // A function can have the name of one of the server's own.
        let called = pieces.get(at + 1).is_some_and(|next| next.is_mark("("));
        let piece = &mut pieces[at];
        if piece.kind == TokenKind::Quoted && !called {
            let name = piece.text.trim_matches('`');
            if is_plain(name) {
                piece.text = Cow::Owned(name.to_owned());
            }
        }
    }
    written(&pieces)
}

/// The text with all that does not count in one spelling, for comparing.
pub(in crate::dialect::mysql) fn common(text: &str) -> String {
    let readable = readable(text);
    let words = tokens(&readable, &RULES).filter(Token::is_significant).map(|token| match token.kind {
        TokenKind::Word => {
            let word = token.text.to_ascii_lowercase();
            SYNONYMS.iter().find(|(other, _)| *other == word).map_or(word, |(_, one)| (*one).to_owned())
        }
        TokenKind::Operator => {
            let same = SYNONYMS.iter().find(|(other, _)| *other == token.text);
            same.map_or(token.text, |(_, one)| one).to_owned()
        }
        TokenKind::Quoted => token.text.to_lowercase(),
        TokenKind::String | TokenKind::Number | TokenKind::Mark | TokenKind::Space | TokenKind::Comment => {
            token.text.to_owned()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

/// Whether a name needs no quotes in an expression.
fn is_plain(name: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_alphabetic();
    name.bytes().next().is_some_and(letter)
        && name.bytes().all(|byte| letter(byte) || byte.is_ascii_digit() || byte == b'_')
        && !is_reserved(name)
}

/// The text as pieces; `None` if it is not what a server prints.
fn pieces(text: &str) -> Option<Vec<Piece<'_>>> {
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    let mut spaced = false;
    for token in tokens(text, &RULES) {
        let Token { kind, text, closed, span: _ } = token;
        if kind == TokenKind::Comment || !closed {
            return None;
        }
        if kind == TokenKind::Space {
            spaced = true;
            continue;
        }
        if kind == TokenKind::String && !spaced && pieces.last().is_some_and(|last| last.is_word(INTRODUCER))
        {
            spaced = pieces.pop().is_some_and(|introducer| introducer.spaced);
        }
        let text = if kind == TokenKind::String { quotes_doubled(text) } else { Cow::Borrowed(text) };
        pieces.push(Piece { kind, text, spaced });
        spaced = false;
    }
    Some(pieces)
}

/// A string literal with its quotes doubled, as standard SQL has it, and not behind backslashes.
fn quotes_doubled(literal: &str) -> Cow<'_, str> {
    if !literal.contains("\\'") {
        return Cow::Borrowed(literal);
    }
    let mut out = String::with_capacity(literal.len());
    let mut characters = literal.chars();
    while let Some(character) = characters.next() {
        if character != '\\' {
            out.push(character);
            continue;
        }
        match characters.next() {
            Some('\'') => out.push_str("''"),
            Some(other) => out.extend(['\\', other]),
            None => out.push('\\'),
        }
    }
    Cow::Owned(out)
}

/// Takes out the pieces that are not to be kept; what follows one stands where it stood.
fn drop_marks(pieces: &mut Vec<Piece<'_>>, keep: &[bool]) {
    let mut spaced = false;
    let mut at = 0;
    pieces.retain_mut(|piece| {
        let kept = keep[at];
        at += 1;
        if kept {
            piece.spaced |= spaced;
            spaced = false;
        } else {
            spaced |= piece.spaced && piece.is_mark("(");
        }
        kept
    });
}

/// Takes the alias from each column that is selected under its own name.
fn drop_aliases(pieces: &mut Vec<Piece<'_>>) {
    let mut keep = vec![true; pieces.len()];
    for at in 2..pieces.len().saturating_sub(1) {
        if !pieces[at].is_word("as")
            || pieces[at - 1].text != pieces[at + 1].text
            || !pieces[at - 1].is_name()
        {
            continue;
        }
        let mut start = at - 1;
        while start >= 2 && pieces[start - 1].is_mark(".") && pieces[start - 2].is_name() {
            start -= 2;
        }
        let begins = start.checked_sub(1).and_then(|before| pieces.get(before));
        let begins =
            begins.is_some_and(|piece| piece.is_mark(",") || piece.is_one_of(&["select", "distinct"]));
        let ends = pieces.get(at + 2);
        let ends = ends.is_none_or(|piece| piece.is_mark(",") || piece.is_word("from"));
        if begins && ends {
            keep[at] = false;
            keep[at + 1] = false;
        }
    }
    drop_marks(pieces, &keep);
}

/// The pieces as a text.
fn written(pieces: &[Piece<'_>]) -> String {
    let mut out = String::new();
    for (at, piece) in pieces.iter().enumerate() {
        let before = at.checked_sub(1).and_then(|before| pieces.get(before));
        let spaced = match before {
            None => false,
            Some(before) if before.is_mark("(") => false,
            Some(_) if piece.is_mark(")") || piece.is_mark(",") => false,
            Some(before) if before.is_mark(",") => true,
            Some(before) => piece.spaced || joins(&before.text, &piece.text),
        };
        if spaced {
            out.push(' ');
        }
        out.push_str(&piece.text);
    }
    out
}

/// Whether two texts would be read as one word.
fn joins(one: &str, two: &str) -> bool {
    let is_word = |character: char| character.is_alphanumeric() || character == '_' || character == '$';
    one.chars().next_back().is_some_and(is_word) && two.chars().next().is_some_and(is_word)
}

#[cfg(test)]
mod tests;
