//! What stands between nodes and entries: white space, comments, line continuations. Never recursive.

use super::characters::{find_disallowed, newline_length, space_length};
use super::errors::{E003, E006};
use super::reader::Reader;
use crate::diagnostic::Diagnostic;

impl Reader<'_> {
    /// Skips white space, comments and continued lines, and with `lines` also line ends and line comments. Returns
    /// whether there was any.
    pub(super) fn skip(&mut self, lines: bool) -> bool {
        let start = self.at;
        loop {
            let rest = self.rest();
            match rest {
                [b' ' | b'\t', ..] => self.at += 1,
                [b'/', b'*', ..] => self.skip_block_comment(),
                [b'/', b'/', ..] if lines => self.skip_line_comment(),
                [b'\\', ..] => {
                    if !self.skip_continuation() {
                        break;
                    }
                }
                [b'\n'..=b'\r' | 0x80.., ..] => {
                    let space = space_length(rest);
                    let newline = if lines { newline_length(rest) } else { 0 };
                    if space + newline == 0 {
                        break;
                    }
                    self.at += space + newline;
                    if newline > 0 {
                        self.line = self.at;
                    }
                }
                _ => break,
            }
        }
        self.at > start
    }

    /// Skips a comment up to its line end, which stays.
    pub(super) fn skip_line_comment(&mut self) {
        while !self.rest().is_empty() && newline_length(self.rest()) == 0 {
            self.at += 1;
        }
    }

    /// Skips a block comment with those inside of it.
    pub(super) fn skip_block_comment(&mut self) {
        let start = self.at;
        let mut depth = 0_usize;
        loop {
            match self.rest() {
                [b'/', b'*', ..] => {
                    depth += 1;
                    self.at += 2;
                }
                [b'*', b'/', ..] => {
                    depth -= 1;
                    self.at += 2;
                    if depth == 0 {
                        return;
                    }
                }
                [_, ..] => self.at += 1,
                [] => break,
            }
        }
        let span = self.span(start, start + 2);
        self.report(
            Diagnostic::error(&E006, "the comment is never closed")
                .at(span, "begins here")
                .help("end it with `*/`"),
        );
        self.stopped = true;
    }

    /// Skips a `\` with the rest of its line, if the rest is empty or a comment. Returns whether it was.
    fn skip_continuation(&mut self) -> bool {
        let start = self.at;
        self.at += 1;
        loop {
            match self.rest() {
                [] => return true,
                [b'/', b'*', ..] => self.skip_block_comment(),
                [b'/', b'/', ..] => self.skip_line_comment(),
                rest => {
                    let (space, newline) = (space_length(rest), newline_length(rest));
                    self.at += space + newline;
                    if newline > 0 {
                        self.line = self.at;
                        return true;
                    }
                    if space == 0 {
                        self.at = start;
                        return false;
                    }
                }
            }
        }
    }

    /// Reports every disallowed character, wherever it stands, so that nothing else has to think of them.
    pub(super) fn report_disallowed(&mut self) {
        let mut at = self.at;
        while let Some((found, character)) = find_disallowed(self.text, at) {
            at = found + character.len_utf8();
            let code = u32::from(character);
            let message = format!("the character U+{code:04X} is not allowed in KDL");
            let help = format!("delete it, or write `\\u{{{code:X}}}` in a quoted string");
            let span = self.span(found, at);
            if !self.report(Diagnostic::error(&E003, message).at(span, "").help(help)) {
                return;
            }
        }
    }
}
