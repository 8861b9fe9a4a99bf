//! Quoted, raw and multi-line strings: finding their end, resolving escapes, taking off the indentation.

use std::borrow::Cow;

use super::characters::{character_length, newline_length, space_length};
use super::errors::{E006, E007, E008};
use super::reader::Reader;
use crate::diagnostic::Diagnostic;

const MULTI_LINE: &str = "put the text between lines of three quotes: `\"\"\"`";

impl<'a> Reader<'a> {
    /// Reads a string in quotes, with `hashes` signs before them behind which the reader stands. Returns what it says.
    pub(super) fn quoted(&mut self, hashes: usize) -> Cow<'a, str> {
        if self.rest().starts_with(b"\"\"\"") {
            self.multi_line(hashes)
        } else if hashes > 0 {
            self.raw_line(hashes)
        } else {
            self.escaped_line()
        }
    }

    /// Reads a string between single quotes, in which `\` escapes.
    fn escaped_line(&mut self) -> Cow<'a, str> {
        let start = self.at + 1;
        self.at = start;
        let mut resolved: Option<String> = None;
        let mut copied = start;
        loop {
            let rest = self.rest();
            match rest {
                [b'"', ..] => break,
                [b'\\', ..] => {
                    let at = self.at;
                    let character = self.escape();
                    let resolved = resolved.get_or_insert_default();
                    resolved.push_str(&self.text[copied..at]);
                    resolved.extend(character);
                    copied = self.at;
                }
                [b'\n'..=b'\r' | 0xC2 | 0xE2, ..] if newline_length(rest) > 0 => {
                    return self.broken_line(start - 1, 0);
                }
                [first, ..] => self.at += character_length(*first),
                [] => return self.broken_line(start - 1, 0),
            }
        }
        let tail = &self.text[copied..self.at];
        self.at += 1;
        match resolved {
            None => Cow::Borrowed(tail),
            Some(resolved) => Cow::Owned(resolved + tail),
        }
    }

    /// Reads a string between single quotes and hash signs, in which nothing is escaped.
    pub(super) fn raw_line(&mut self, hashes: usize) -> Cow<'a, str> {
        let start = self.at + 1;
        self.at = start;
        loop {
            let rest = self.rest();
            match rest {
                [b'"', ..] if self.closes(1, hashes) => break,
                [b'\n'..=b'\r' | 0xC2 | 0xE2, ..] if newline_length(rest) > 0 => {
                    return self.broken_line(start - 1, hashes);
                }
                [_, ..] => self.at += 1,
                [] => return self.broken_line(start - 1, hashes),
            }
        }
        let body = &self.text[start..self.at];
        self.at += 1 + hashes;
        Cow::Borrowed(body)
    }

    /// Whether the reader stands at so many quotes with so many hash signs behind them.
    fn closes(&self, quotes: usize, hashes: usize) -> bool {
        let rest = self.rest();
        rest.len() >= quotes + hashes
            && rest[..quotes].iter().all(|byte| *byte == b'"')
            && rest[quotes..quotes + hashes].iter().all(|byte| *byte == b'#')
    }

    /// Reports a string that isn't closed on its line. If it looks as if the text was meant to go on over several
    /// lines, the reader goes on behind it, else at the line end, so that one slip is one diagnostic.
    fn broken_line(&mut self, open: usize, hashes: usize) -> Cow<'a, str> {
        let line_end = self.at;
        while !self.rest().is_empty() && !self.closes(1, hashes) {
            self.at += 1;
        }
        let close = self.at + 1 + hashes;
        let behind = self.text.as_bytes().get(close..).unwrap_or_default();
        let goes_on = !self.rest().is_empty()
            && (matches!(behind, [] | [b';' | b'}' | b'{', ..])
                || space_length(behind) + newline_length(behind) > 0);
        let (message, help) = if goes_on {
            ("a string in plain quotes can't span lines", MULTI_LINE.to_owned())
        } else {
            ("the string is never closed", format!("end it with `\"{}`", "#".repeat(hashes)))
        };
        let body = if goes_on { &self.text[open + 1..self.at] } else { &self.text[open + 1..line_end] };
        self.at = if goes_on { close } else { line_end };
        let span = self.span(open, line_end);
        self.report(Diagnostic::error(&E006, message).at(span, "begins here").help(help));
        Cow::Borrowed(body)
    }

    /// Reads an escape. Returns the character that it stands for; escaped white space stands for none.
    fn escape(&mut self) -> Option<char> {
        let start = self.at;
        self.at += 1;
        let kind = *self.rest().first()?;
        let character = match kind {
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'\\' => '\\',
            b'"' => '"',
            b'b' => '\u{8}',
            b'f' => '\u{C}',
            b's' => ' ',
            b'u' => return self.unicode_escape(start),
            _ => {
                let mut space = self.white_length();
                if space == 0 {
                    self.unknown_escape(start, character_length(kind));
                }
                while space > 0 {
                    self.at += space;
                    space = self.white_length();
                }
                return None;
            }
        };
        self.at += 1;
        Some(character)
    }

    /// How many bytes the white space or line end takes at which the reader stands.
    fn white_length(&self) -> usize {
        space_length(self.rest()) + newline_length(self.rest())
    }

    fn unknown_escape(&mut self, start: usize, length: usize) {
        self.at += length;
        let written = &self.text[start..self.at];
        let help = match written {
            "\\/" | "\\'" => format!("write `{}` without the backslash", &written[1..]),
            _ => "write `\\\\` for a backslash, or use a raw string: `#\"…\"#`".to_owned(),
        };
        let diagnostic = Diagnostic::error(&E007, format!("`{written}` is not an escape"));
        let span = self.span(start, self.at);
        self.report(diagnostic.at(span, "").help(help));
    }

    /// Reads `{…}` of an escape that begins at `start`.
    fn unicode_escape(&mut self, start: usize) -> Option<char> {
        self.at += 1;
        let digits = self
            .rest()
            .strip_prefix(b"{")
            .map_or(0, |rest| rest.iter().take(7).take_while(|byte| byte.is_ascii_hexdigit()).count());
        let closed = self.rest().get(1 + digits) == Some(&b'}');
        if !closed || !(1..=6).contains(&digits) {
            self.at += if digits > 0 { 1 + digits } else { 0 };
            let diagnostic =
                Diagnostic::error(&E007, "the escape `\\u` takes one to six hex digits in braces");
            let span = self.span(start, self.at);
            self.report(diagnostic.at(span, "").help("write for example `\\u{E9}`"));
            return None;
        }
        let code = u32::from_str_radix(&self.text[self.at + 1..self.at + 1 + digits], 16);
        self.at += digits + 2;
        let character = code.ok().and_then(char::from_u32);
        if character.is_none() {
            let diagnostic =
                Diagnostic::error(&E007, format!("`{}` is not a character", &self.text[start..self.at]));
            let span = self.span(start, self.at);
            self.report(diagnostic.at(span, "").help("use a code up to 10FFFF that is not in D800 to DFFF"));
        }
        character
    }

    /// Reads a string between three quotes and its hash signs.
    fn multi_line(&mut self, hashes: usize) -> Cow<'a, str> {
        let open = self.at;
        self.at += 3;
        let start = self.at;
        let mut escaped = false;
        while !self.closes(3, hashes) {
            match self.rest() {
                [] => {
                    let (span, help) =
                        (self.span(open, start), format!("end it with `\"\"\"{}`", "#".repeat(hashes)));
                    let diagnostic = Diagnostic::error(&E006, "the multi-line string is never closed");
                    self.report(diagnostic.at(span, "begins here").help(help));
                    self.stopped = true;
                    return Cow::Borrowed("");
                }
                [b'\\', ..] if hashes == 0 => {
                    escaped = true;
                    self.escape();
                }
                [_, ..] => self.at += 1,
            }
        }
        let end = self.at;
        self.at += 3 + hashes;
        let body = &self.text[start..end];
        if newline_length(body.as_bytes()) == 0 {
            let diagnostic =
                Diagnostic::error(&E008, "a multi-line string begins on the line after its quotes");
            let span = self.span(open, start);
            let help = if body.contains(['\n', '\r']) {
                "put a line end behind the opening `\"\"\"`".to_owned()
            } else {
                format!("write `\"{body}\"` in plain quotes")
            };
            self.report(diagnostic.at(span, "text follows on the same line").help(help));
            return Cow::Borrowed(body);
        }
        if escaped {
            let joined = without_escaped_space(body);
            let text = self.dedent(&joined, start, end, false);
            Cow::Owned(resolve(&text))
        } else {
            Cow::Owned(self.dedent(body, start, end, true))
        }
    }

    /// Takes the indentation of the last line off all lines. The body stands at `start..end` of the text, unchanged
    /// if it is `literal`, and begins with a line end.
    fn dedent(&mut self, body: &str, start: usize, end: usize, literal: bool) -> String {
        let first = newline_length(body.as_bytes());
        let last = line_starts(body).last().unwrap_or(first);
        let prefix = &body[last..];
        if !is_blank(prefix) {
            let diagnostic =
                Diagnostic::error(&E008, "a multi-line string ends with its quotes on a line of their own");
            let span = self.span(end, self.at);
            self.report(
                diagnostic.at(span, "text precedes them").help("put the closing `\"\"\"` on the next line"),
            );
            return body[first..].to_owned();
        }
        let mut text = String::with_capacity(body.len());
        let mut at = first;
        let mut wrong: Option<usize> = None;
        while at < last {
            let (line, next) = split_line(body, at);
            if at > first {
                text.push('\n');
            }
            match line.strip_prefix(prefix) {
                Some(line) if !is_blank(line) => text.push_str(line),
                None if !is_blank(line) => {
                    wrong.get_or_insert(at);
                    text.push_str(line.trim_start());
                }
                Some(_) | None => {}
            }
            at = next;
        }
        if let Some(at) = wrong {
            let diagnostic =
                Diagnostic::error(&E008, "a line of the multi-line string is indented less than its end");
            let close = self.span(end, self.at);
            let diagnostic = if literal {
                let line = split_line(body, at).0;
                let indent = line.len() - line.trim_start().len();
                diagnostic
                    .at(self.span(start + at, start + at + indent.max(1)), "here")
                    .at(close, "this sets the indentation")
            } else {
                diagnostic.at(close, "this sets the indentation")
            };
            self.report(diagnostic.help("begin each line with the same white space as the closing `\"\"\"`"));
        }
        text
    }
}

/// Where the lines of a text begin, but for the first.
fn line_starts(text: &str) -> impl Iterator<Item = usize> {
    let mut at = 0;
    std::iter::from_fn(move || {
        while at < text.len() {
            let newline = newline_length(&text.as_bytes()[at..]);
            at += newline.max(1);
            if newline > 0 {
                return Some(at);
            }
        }
        None
    })
}

/// The line that begins at `at`, without its end, and where the next one begins.
pub(super) fn split_line(text: &str, at: usize) -> (&str, usize) {
    let bytes = text.as_bytes();
    let mut end = at;
    while end < bytes.len() && newline_length(&bytes[end..]) == 0 {
        end += 1;
    }
    (&text[at..end], end + newline_length(&bytes[end..]))
}

/// Whether a line holds nothing but white space.
pub(super) fn is_blank(line: &str) -> bool {
    let mut rest = line.as_bytes();
    while space_length(rest) > 0 {
        rest = &rest[space_length(rest)..];
    }
    rest.is_empty()
}

/// Drops each `\` before white space together with that white space; other escapes stay.
fn without_escaped_space(body: &str) -> String {
    let mut joined = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find('\\') {
        joined.push_str(&rest[..at]);
        let behind = &rest[at + 1..];
        let white = |text: &str| space_length(text.as_bytes()) + newline_length(text.as_bytes());
        let mut space = 0;
        while white(&behind[space..]) > 0 {
            space += white(&behind[space..]);
        }
        if space > 0 {
            rest = &behind[space..];
        } else {
            let escaped = behind.chars().next().map_or(0, char::len_utf8);
            joined.push_str(&rest[at..at + 1 + escaped]);
            rest = &behind[escaped..];
        }
    }
    joined + rest
}

/// Resolves the escapes of a text in which wrong ones have been reported before.
fn resolve(text: &str) -> String {
    let mut scratch = Reader::new(crate::diagnostic::SourceId(0), text, super::Limits::DEFAULT);
    let mut resolved = String::with_capacity(text.len());
    while let Some(at) = text[scratch.at..].find('\\') {
        resolved.push_str(&text[scratch.at..scratch.at + at]);
        scratch.at += at;
        resolved.extend(scratch.escape());
    }
    resolved + &text[scratch.at..]
}
