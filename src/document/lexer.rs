//! Tokens of a text that the reader has accepted, for edits of its layout. Every byte belongs to a token or is white
//! space between two.

use std::ops::Range;

use super::Limits;
use super::characters::{newline_length, space_length, word_length};
use super::reader::Reader;
use crate::diagnostic::SourceId;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A word, number, keyword or string on one line.
    Value,
    /// A string between lines of three quotes.
    MultiLine,
    /// `(`
    Annotation,
    /// `)`
    AnnotationEnd,
    /// `=`
    Equals,
    /// `{`
    Block,
    /// `}`
    BlockEnd,
    /// `;`
    Semicolon,
    /// A line end.
    Newline,
    /// `\` before a line end, without that line end.
    Continuation,
    /// `/-`
    Slashdash,
    /// `//` to the end of the line.
    LineComment,
    /// `/* … */`
    BlockComment,
}

/// A token with its place.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) kind: Kind,
    pub(super) range: Range<usize>,
    /// Whether white space is before it.
    pub(super) spaced: bool,
}

/// Takes an accepted text apart.
pub(super) fn tokens(text: &str) -> Vec<Token> {
    let mut reader = Reader::new(SourceId(0), text, Limits::DEFAULT);
    reader.at = if text.starts_with('\u{FEFF}') { '\u{FEFF}'.len_utf8() } else { 0 };
    let mut tokens = Vec::new();
    let mut spaced = false;
    while !reader.rest().is_empty() {
        let space = space_length(reader.rest());
        if space > 0 {
            reader.at += space;
            spaced = true;
            continue;
        }
        let start = reader.at;
        let kind = token(&mut reader);
        // An accepted text has no other bytes; were there one, it would be carried along as it is.
        if reader.at == start {
            reader.at = text.ceil_char_boundary(start + 1);
        }
        tokens.push(Token { kind, range: start..reader.at, spaced });
        spaced = false;
    }
    tokens
}

/// Reads the token at which the reader stands.
fn token(reader: &mut Reader<'_>) -> Kind {
    let rest = reader.rest();
    let newline = newline_length(rest);
    if newline > 0 {
        reader.at += newline;
        return Kind::Newline;
    }
    match rest {
        [b'/', b'/', ..] => {
            reader.skip_line_comment();
            return Kind::LineComment;
        }
        [b'/', b'*', ..] => {
            reader.skip_block_comment();
            return Kind::BlockComment;
        }
        [b'/', b'-', ..] => {
            reader.at += 2;
            return Kind::Slashdash;
        }
        [b'"' | b'#', ..] => return quoted(reader),
        _ => {}
    }
    let word = word_length(rest);
    reader.at += word.max(1);
    match rest {
        _ if word > 0 => Kind::Value,
        [b'(', ..] => Kind::Annotation,
        [b')', ..] => Kind::AnnotationEnd,
        [b'=', ..] => Kind::Equals,
        [b'{', ..] => Kind::Block,
        [b'}', ..] => Kind::BlockEnd,
        [b';', ..] => Kind::Semicolon,
        [b'\\', ..] => Kind::Continuation,
        _ => Kind::Value,
    }
}

/// Reads a string, or a keyword behind `#`.
fn quoted(reader: &mut Reader<'_>) -> Kind {
    let hashes = reader.rest().iter().take_while(|byte| **byte == b'#').count();
    reader.at += hashes;
    if reader.rest().starts_with(b"\"\"\"") {
        reader.quoted(hashes);
        return Kind::MultiLine;
    }
    if reader.rest().starts_with(b"\"") {
        reader.quoted(hashes);
    } else {
        reader.at += word_length(reader.rest());
    }
    Kind::Value
}
