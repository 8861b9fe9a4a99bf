//! Edits that keep what people wrote: one layout for indentation and spacing, and the removal of single entries.
//! Comments, spellings and what stands behind `/-` stay as they are. The `kdl` crate's own formatter is not used: it
//! drops comments at line ends, respells numbers and puts multi-line SQL on one line.

use super::characters::{newline_length, space_length};
use super::lexer::{Kind, Token, tokens};
use super::string::{is_blank, split_line};
use super::{Entry, Node, read};
use crate::diagnostic::{Diagnostic, Severity, SourceId, Span};

const INDENT: &str = "    ";

/// Lays a text out: four spaces per block, one space between entries, one node per line except in blocks that are
/// written on one line, at most one blank line in a row, multi-line strings indented with their node. Formatting
/// twice changes nothing more.
///
/// # Errors
/// The text has errors; they are returned as the reader reports them.
pub fn fmt(source: SourceId, text: &str) -> Result<String, Vec<Diagnostic>> {
    let (before, diagnostics) = read(source, text);
    if diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error) {
        return Err(diagnostics);
    }
    let out = Printer::new(text).print();
    let out = if has_carriage_returns(text) { out.replace("\r\n", "\n").replace('\n', "\r\n") } else { out };
    // The layout must never change what a file says. Should it, the file is better left alone.
    let (after, diagnostics) = read(source, &out);
    let same = diagnostics.is_empty() && same_nodes(&before.nodes, &after.nodes);
    debug_assert!(same, "formatted {text:?} as {out:?}");
    Ok(if same { out } else { text.to_owned() })
}

/// Whether every line ends with a carriage return and a line feed, as version control writes them on some systems.
fn has_carriage_returns(text: &str) -> bool {
    let lines = text.matches('\n').count();
    lines > 0 && text.matches("\r\n").count() == lines
}

/// Removes entries from a text, given by their spans in it, with the white space before them. Nothing else changes.
#[must_use]
pub fn remove_entries(text: &str, entries: &[Span]) -> String {
    let mut spans: Vec<_> = entries.iter().map(Span::range).collect();
    spans.sort_by_key(|range| range.start);
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for range in spans.into_iter().filter(|range| text.get(range.clone()).is_some()) {
        if range.start < copied {
            continue;
        }
        out.push_str(&text[copied..range.start]);
        trim_space(&mut out);
        copied = range.end;
        let rest = &text.as_bytes()[copied..];
        let behind = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let ends_line = behind == rest.len() || newline_length(&rest[behind..]) > 0;
        if ends_line {
            drop_continuation(&mut out);
        }
    }
    out + &text[copied..]
}

/// Takes the white space off the end, but not a line end.
fn trim_space(out: &mut String) {
    let kept =
        out.trim_end_matches(|character: char| space_length(character.to_string().as_bytes()) > 0).len();
    out.truncate(kept);
}

/// Takes a line continuation off the end that has nothing left to continue with.
fn drop_continuation(out: &mut String) {
    let line = out.strip_suffix('\n').map(|line| line.strip_suffix('\r').unwrap_or(line));
    if let Some(before) = line.and_then(|line| line.strip_suffix('\\')) {
        out.truncate(before.len());
        trim_space(out);
    }
}

/// Whether nodes are equal apart from their places.
fn same_nodes(left: &[Node<'_>], right: &[Node<'_>]) -> bool {
    left.len() == right.len()
        && left.iter().zip(right).all(|(left, right)| {
            left.name.text == right.name.text
                && left.annotation.as_ref().map(|text| &text.text)
                    == right.annotation.as_ref().map(|text| &text.text)
                && left.entries.len() == right.entries.len()
                && left.entries.iter().zip(&right.entries).all(|(left, right)| same_entry(left, right))
                && left.block.is_some() == right.block.is_some()
                && same_nodes(left.children(), right.children())
        })
}

fn same_entry(left: &Entry<'_>, right: &Entry<'_>) -> bool {
    left.value == right.value
        && left.name.as_ref().map(|text| &text.text) == right.name.as_ref().map(|text| &text.text)
        && left.annotation.as_ref().map(|text| &text.text) == right.annotation.as_ref().map(|text| &text.text)
}

/// Prints the tokens of a text in the one layout.
struct Printer<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    /// For each token that opens a block: whether the block stays on its line.
    inline: Vec<bool>,
    out: String,
    /// The blocks that are open; `true` for those on one line.
    open: Vec<bool>,
    previous: Option<Kind>,
    /// Line ends since the last token.
    newlines: usize,
    /// Whether a `;` has ended a node since the last token but comments.
    ended: bool,
}

impl<'a> Printer<'a> {
    fn new(text: &'a str) -> Self {
        let tokens = tokens(text);
        let inline = inline_blocks(&tokens);
        let out = String::with_capacity(text.len() + text.len() / 8);
        Self { text, tokens, inline, out, open: Vec::new(), previous: None, newlines: 0, ended: false }
    }

    fn print(mut self) -> String {
        let tokens = std::mem::take(&mut self.tokens);
        for (index, token) in tokens.iter().enumerate() {
            match token.kind {
                Kind::Newline if self.previous == Some(Kind::Slashdash) => {}
                Kind::Newline => self.newlines += 1,
                Kind::Semicolon => self.ended = true,
                Kind::BlockEnd => self.block_end(),
                Kind::Block => {
                    self.separate(token);
                    self.out.push('{');
                    self.open.push(self.inline[index]);
                    self.put(Kind::Block);
                }
                _ => {
                    self.separate(token);
                    self.write(token);
                    self.put(token.kind);
                }
            }
        }
        if !self.out.is_empty() {
            self.out.push('\n');
        }
        self.out
    }

    /// Notes what was written last.
    fn put(&mut self, kind: Kind) {
        self.previous = Some(kind);
        self.newlines = 0;
        self.ended &= matches!(kind, Kind::BlockComment);
    }

    fn block_end(&mut self) {
        let inline = self.open.pop().unwrap_or(false);
        match (inline, self.previous) {
            (true, Some(Kind::Block)) => {}
            (true, _) => self.out.push(' '),
            (false, _) => self.break_line(1),
        }
        self.out.push('}');
        self.put(Kind::BlockEnd);
    }

    fn break_line(&mut self, count: usize) {
        let continued = self.previous == Some(Kind::Continuation) && count == 1;
        for _ in 0..count {
            self.out.push('\n');
        }
        for _ in 0..self.open.len() + usize::from(continued) {
            self.out.push_str(INDENT);
        }
    }

    /// Writes what stands between the last token and this one.
    fn separate(&mut self, token: &Token) {
        let Some(previous) = self.previous else { return };
        let inline = self.open.last() == Some(&true);
        let comment = matches!(token.kind, Kind::LineComment | Kind::BlockComment);
        match previous {
            Kind::Block if inline || (self.newlines == 0 && token.kind == Kind::LineComment) => {
                self.out.push(' ')
            }
            Kind::Block => self.break_line(1),
            // A continuation swallows the first line end, so the node ends with the second.
            Kind::Continuation if self.ended && !comment => self.break_line(2),
            _ if self.newlines > 0 => self.break_line(self.newlines.min(2)),
            _ if self.ended && inline => self.out.push_str("; "),
            _ if self.ended && !comment => self.break_line(1),
            Kind::Annotation | Kind::AnnotationEnd | Kind::Equals => {}
            Kind::Slashdash if !token.spaced => {}
            _ if matches!(token.kind, Kind::AnnotationEnd | Kind::Equals) => {}
            _ => self.out.push(' '),
        }
    }

    fn write(&mut self, token: &Token) {
        let written = &self.text[token.range.clone()];
        match token.kind {
            Kind::LineComment => self.out.push_str(written.trim_end()),
            Kind::MultiLine => self.write_multi_line(written),
            _ => self.out.push_str(written),
        }
    }

    /// Writes a multi-line string, its lines indented one step more than its node. Where escapes join lines, their
    /// layout has a meaning, so they stay.
    fn write_multi_line(&mut self, written: &str) {
        let escapes_space =
            |pair: &[u8]| pair[0] == b'\\' && space_length(&pair[1..]) + newline_length(&pair[1..]) > 0;
        let first = split_line(written, 0).1;
        let close = last_line(written);
        let prefix = &written[close..close + blank_length(&written[close..])];
        if !written.starts_with('#') && written.as_bytes().windows(2).any(escapes_space) {
            self.out.push_str(written);
            return;
        }
        let depth = self.open.len() + 1;
        self.out.push_str(written[..first].trim_end());
        self.out.push('\n');
        let mut at = first;
        while at < close {
            let (line, next) = split_line(written, at);
            if !is_blank(line) {
                (0..depth).for_each(|_| self.out.push_str(INDENT));
                self.out.push_str(line.strip_prefix(prefix).unwrap_or(line));
            }
            self.out.push('\n');
            at = next;
        }
        (0..depth).for_each(|_| self.out.push_str(INDENT));
        self.out.push_str(&written[close + prefix.len()..]);
    }
}

/// Where the last line of a text begins.
fn last_line(text: &str) -> usize {
    let mut at = 0;
    loop {
        let (line, next) = split_line(text, at);
        if at + line.len() >= text.len() {
            return at;
        }
        at = next;
    }
}

/// How many bytes of white space a line begins with.
fn blank_length(line: &str) -> usize {
    let mut length = 0;
    while space_length(&line.as_bytes()[length..]) > 0 {
        length += space_length(&line.as_bytes()[length..]);
    }
    length
}

/// For each token whether it opens a block that stands on one line or is empty.
fn inline_blocks(tokens: &[Token]) -> Vec<bool> {
    let mut inline = vec![false; tokens.len()];
    // The open blocks: where, whether on one line so far, whether empty so far.
    let mut open: Vec<(usize, bool, bool)> = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::BlockEnd => {
                if let Some((start, one_line, empty)) = open.pop() {
                    inline[start] = one_line || empty;
                    if let Some(outer) = open.last_mut() {
                        outer.1 &= one_line;
                    }
                }
                continue;
            }
            Kind::Newline => {
                if let Some(block) = open.last_mut() {
                    block.1 = false;
                }
            }
            _ => {
                if let Some(block) = open.last_mut() {
                    block.1 &= !matches!(
                        token.kind,
                        Kind::LineComment | Kind::BlockComment | Kind::MultiLine | Kind::Continuation
                    );
                    block.2 = false;
                }
            }
        }
        if token.kind == Kind::Block {
            open.push((index, true, true));
        }
    }
    inline
}
