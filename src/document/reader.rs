//! The reader: nodes, entries and blocks, with recovery after each mistake. One pass, no recursion; work and
//! memory are linear in the text and bounded by [`Limits`].

use std::borrow::Cow;
use std::collections::HashMap;

use super::characters::{is_keyword, looks_like_number, newline_length, word_length};
use super::conflict;
use super::errors::{E001, E002, E004, E005, E011, E012};
use super::{Block, Document, Entry, Limits, Node, Text};
use crate::diagnostic::{Diagnostic, Severity, SourceId, Span};

/// Reads one text.
pub(super) struct Reader<'a> {
    pub(super) text: &'a str,
    /// The next byte to look at; at a character boundary whenever text is taken.
    pub(super) at: usize,
    /// Where the current line begins, as far as line ends outside of strings go.
    pub(super) line: usize,
    /// Set when the rest of the text is not worth reading.
    pub(super) stopped: bool,
    /// One past the last byte that belongs to a node.
    pub(super) end: usize,
    source: SourceId,
    limits: Limits,
    items: usize,
    diagnostics: Vec<Diagnostic>,
    /// Finished nodes, those of outer blocks first.
    nodes: Vec<Node<'a>>,
    /// The entries of the node that is being read.
    pub(super) entries: Vec<Entry<'a>>,
    open: Vec<Open<'a>>,
    /// How many nodes and blocks behind `/-` the reader is in.
    pub(super) hidden: usize,
    /// A `{` whose `}` seems to be missing, by the indentation.
    suspect: Option<Span>,
}

/// A node whose block is being read.
struct Open<'a> {
    draft: Draft<'a>,
    hidden: bool,
    first_child: usize,
    brace: Span,
}

/// A node that is not finished yet.
struct Draft<'a> {
    annotation: Option<Text<'a>>,
    name: Text<'a>,
    entries: Vec<Entry<'a>>,
    block: Option<Block<'a>>,
    /// Where a block ended, even one behind `/-`: entries can't follow.
    block_end: Option<Span>,
    start: usize,
    hidden: bool,
    /// The width of the indentation, if the node is the first thing on its line.
    indent: Option<usize>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(source: SourceId, text: &'a str, limits: Limits) -> Self {
        Self {
            text,
            at: 0,
            line: 0,
            stopped: false,
            end: 0,
            source,
            limits,
            items: 0,
            diagnostics: Vec::new(),
            nodes: Vec::new(),
            entries: Vec::new(),
            open: Vec::new(),
            hidden: 0,
            suspect: None,
        }
    }

    /// Reads the whole text.
    pub(super) fn run(mut self) -> (Document<'a>, Vec<Diagnostic>) {
        if self.text.len() > self.limits.bytes {
            return (Document::default(), vec![too_long(self.source, self.text.len(), self.limits)]);
        }
        if self.text.starts_with('\u{FEFF}') {
            self.at = '\u{FEFF}'.len_utf8();
            self.line = self.at;
        }
        self.report_disallowed();
        let mut line_before = usize::MAX;
        while !self.stopped {
            self.skip(true);
            let indent = (self.line != line_before).then(|| self.at - self.line);
            line_before = self.line;
            match self.rest().first() {
                None => break,
                Some(b'}') => self.close(indent),
                Some(_) if self.at == self.line && conflict::is_mark(self.rest()) => {
                    let unsolved = conflict::unsolved(self.text, self.at, |start, end| self.span(start, end));
                    self.report(unsolved);
                    self.stopped = true;
                }
                Some(_) => {
                    if let Some(draft) = self.head(indent) {
                        self.body(draft);
                    }
                }
            }
        }
        self.report_unclosed();
        self.diagnostics
            .sort_by_key(|diagnostic| diagnostic.labels.first().map_or(0, |label| label.span.start));
        let is_whole = !self.stopped && self.open.is_empty();
        (Document { nodes: self.nodes, is_whole }, self.diagnostics)
    }

    /// What is still to be read.
    pub(super) fn rest(&self) -> &'a [u8] {
        if self.stopped { &[] } else { self.text.as_bytes().get(self.at..).unwrap_or_default() }
    }

    pub(super) fn span(&self, start: usize, end: usize) -> Span {
        let position = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        Span { source: self.source, start: position(start), end: position(end) }
    }

    /// Keeps a diagnostic. Returns whether there is room for more; if not, reading stops.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) -> bool {
        if self.diagnostics.len() < self.limits.problems {
            self.diagnostics.push(diagnostic.shortened());
            return true;
        }
        if !self.stopped {
            let message = format!("{} problems are shown, more may follow", self.limits.problems);
            let span = self.span(self.text.len(), self.text.len());
            let note = Diagnostic { severity: Severity::Note, ..Diagnostic::error(&E001, message) };
            self.diagnostics.push(note.at(span, ""));
        }
        self.stopped = true;
        false
    }

    /// How many diagnostics there are so far.
    pub(super) fn problems(&self) -> usize {
        self.diagnostics.len()
    }

    /// Counts a node or entry against the limit.
    pub(super) fn count(&mut self) {
        self.items += 1;
        if self.items > self.limits.items && !self.stopped {
            let message = format!("the text holds more than {} nodes and values", self.limits.items);
            let span = self.span(self.at, self.at);
            self.report(Diagnostic::error(&E001, message).at(span, "one too many").help("split the file"));
            self.stopped = true;
        }
    }

    /// Whether nothing can follow here that belongs to the same node.
    pub(super) fn at_end(&self) -> bool {
        matches!(self.rest(), [] | [b';' | b'}', ..] | [b'/', b'/', ..]) || newline_length(self.rest()) > 0
    }

    /// Reads `/-` with the space behind it, if it is there.
    fn slashdash(&mut self) -> Option<Span> {
        self.rest().starts_with(b"/-").then(|| {
            let span = self.span(self.at, self.at + 2);
            self.at += 2;
            self.skip(true);
            span
        })
    }

    fn report_dangling(&mut self, slashdash: Span) {
        let diagnostic = Diagnostic::error(&E012, "`/-` has nothing to comment out");
        self.report(diagnostic.at(slashdash, "").help("delete it"));
    }

    /// Reads a node up to its name. `None` if there was none, which is reported.
    fn head(&mut self, indent: Option<usize>) -> Option<Draft<'a>> {
        let start = self.at;
        if let (Some(indent), Some(open)) = (indent, self.open.last())
            && open.draft.indent.is_some_and(|outer| indent <= outer)
        {
            self.suspect.get_or_insert(open.brace);
        }
        let slashdash = self.slashdash();
        if let Some(slashdash) = slashdash
            && matches!(self.rest(), [] | [b'}' | b';', ..])
        {
            self.report_dangling(slashdash);
            return None;
        }
        let node_start = self.at;
        let annotation = self.annotation();
        if self.at > node_start && self.at_end() {
            if let Some(annotation) = &annotation {
                self.report_nothing_behind(annotation);
            }
            return None;
        }
        let name = if self.rest().first() == Some(&b'{') {
            self.report_unexpected(
                "a node's name is missing before `{`",
                self.at,
                self.at + 1,
                "write the name first",
            );
            Text { text: Cow::Borrowed(""), span: self.span(self.at, self.at) }
        } else {
            self.name()?
        };
        self.count();
        self.entries.clear();
        let hidden = slashdash.is_some();
        self.hidden += usize::from(hidden);
        let start = if hidden { start } else { node_start };
        Some(Draft {
            annotation,
            name,
            entries: Vec::new(),
            block: None,
            block_end: None,
            start,
            hidden,
            indent,
        })
    }

    /// Reads a node's name.
    fn name(&mut self) -> Option<Text<'a>> {
        if self.rest().starts_with(b";") {
            self.report_unexpected("unexpected `;`", self.at, self.at + 1, "delete it");
            self.at += 1;
            return None;
        }
        if let [b'#', b' ' | b'#' | b'!', ..] = self.rest() {
            let start = self.at;
            while !self.rest().is_empty() && newline_length(self.rest()) == 0 {
                self.at += 1;
            }
            self.report_unexpected("comments don't begin with `#` in KDL", start, start + 1, "write `//`");
            return None;
        }
        if let Some(name) = self.called() {
            return Some(name);
        }
        let scalar = self.scalar(false)?;
        Some(self.text_of(scalar, "a node's name"))
    }

    /// Reads what follows a node's name or block, up to the node's end or to the next block.
    fn body(&mut self, draft: Draft<'a>) {
        let mut spaced = self.skip(false);
        loop {
            if self.rest().starts_with(b";") {
                self.at += 1;
                return self.finish(draft);
            }
            if self.at_end() {
                return self.finish(draft);
            }
            let slashdash = self.slashdash();
            match (self.rest(), slashdash) {
                ([b'{', ..], _) => return self.open(draft, slashdash.is_some()),
                ([] | [b'}' | b';', ..], Some(slashdash)) => self.report_dangling(slashdash),
                (_, None) if draft.block_end.is_some() => {
                    let help = "end the line behind `}`";
                    self.report_unexpected("unexpected text behind a block", self.at, self.at + 1, help);
                    return self.finish(draft);
                }
                _ => {
                    if draft.block_end.is_some() {
                        let message = "arguments and properties can't follow a block";
                        self.report_unexpected(message, self.at, self.at + 1, "write them before the block");
                    }
                    spaced = self.separate_entry(spaced, slashdash.is_some());
                    continue;
                }
            }
            spaced = self.skip(false);
        }
    }

    /// Reads an entry and forgets it if it is `hidden` behind `/-`; reports if no space was before it. Returns whether
    /// there was space behind it.
    fn separate_entry(&mut self, spaced: bool, hidden: bool) -> bool {
        let (start, problems, count) = (self.at, self.problems(), self.entries.len());
        let spaced_behind = self.entry();
        if hidden {
            self.entries.truncate(count);
        }
        if !spaced && !hidden && problems == self.problems() {
            let help = "put a space before it";
            self.report_unexpected("a space is missing before this value", start, self.end, help);
        }
        spaced_behind
    }

    /// Opens the block of a node.
    fn open(&mut self, mut draft: Draft<'a>, mut hidden: bool) {
        let brace = self.span(self.at, self.at + 1);
        if let (Some(block), false) = (&draft.block, hidden) {
            let diagnostic = Diagnostic::error(&E004, "a node has one block");
            let diagnostic = diagnostic.at(brace, "the second").at(block.span, "the first");
            self.report(diagnostic.help("join the two blocks"));
            hidden = true;
        }
        self.at += 1;
        if self.open.len() >= self.limits.depth {
            let message = format!("blocks are nested more than {} deep", self.limits.depth);
            self.report(Diagnostic::error(&E001, message).at(brace, "one too many").help("nest less deeply"));
            self.stopped = true;
        }
        if draft.block_end.is_none() {
            draft.entries = self.take_entries();
        }
        self.hidden += usize::from(hidden);
        self.open.push(Open { draft, hidden, first_child: self.nodes.len(), brace });
    }

    /// Closes the innermost block, at whose `}` the reader stands, and reads on behind it.
    fn close(&mut self, indent: Option<usize>) {
        self.at += 1;
        self.end = self.at;
        let brace = self.span(self.at - 1, self.at);
        let Some(Open { mut draft, hidden, first_child, brace: opened }) = self.open.pop() else {
            let diagnostic = Diagnostic::error(&E005, "this `}` closes nothing");
            self.report(diagnostic.at(brace, "").help("delete it, or add the missing `{` before it"));
            return;
        };
        if let (Some(inner), Some(outer)) = (indent, draft.indent)
            && inner < outer
        {
            self.suspect.get_or_insert(opened);
        }
        let nodes: Vec<Node<'a>> = self.nodes.drain(first_child..).collect();
        let span = opened.to(brace);
        draft.block_end = Some(span);
        self.hidden -= usize::from(hidden);
        if !hidden {
            draft.block = Some(Block { nodes, span });
        }
        self.body(draft);
    }

    /// Puts a node to its siblings.
    fn finish(&mut self, mut draft: Draft<'a>) {
        if draft.block_end.is_none() {
            draft.entries = self.take_entries();
        }
        let Draft { annotation, name, entries, block, block_end: _, start, hidden, indent: _ } = draft;
        if hidden {
            self.hidden -= 1;
        } else {
            let span = self.span(start, self.end);
            self.nodes.push(Node { annotation, name, entries, block, span });
        }
    }

    /// The entries that were read, in a vector of just their size.
    fn take_entries(&mut self) -> Vec<Entry<'a>> {
        if self.hidden > 0 {
            self.entries.clear();
        } else {
            self.report_duplicates();
        }
        self.entries.drain(..).collect()
    }

    fn report_duplicates(&mut self) {
        let mut duplicates = Vec::new();
        let named = self.entries.iter().filter_map(|entry| entry.name.as_ref());
        if self.entries.len() <= 8 {
            for (index, name) in named.clone().enumerate() {
                if let Some(first) = named.clone().take(index).find(|first| first.text == name.text) {
                    duplicates.push((first.clone(), name.span));
                }
            }
        } else {
            let mut seen = HashMap::new();
            for name in named {
                let first: &mut &Text<'_> = seen.entry(&*name.text).or_insert(name);
                if first.span != name.span {
                    duplicates.push((first.clone(), name.span));
                }
            }
        }
        for (first, again) in duplicates {
            let diagnostic = Diagnostic::error(&E011, format!("the property `{first}` is given twice"));
            let diagnostic = diagnostic.at(again, "again here").at(first.span, "first here");
            if !self.report(diagnostic.help("delete one of them")) {
                return;
            }
        }
    }

    fn report_unclosed(&mut self) {
        if self.stopped || self.open.is_empty() {
            return;
        }
        let count = self.open.len();
        let message = match count {
            1 => "a block is never closed".to_owned(),
            _ => format!("{count} blocks are never closed"),
        };
        let mut diagnostic = Diagnostic::error(&E005, message).help("add the missing `}`");
        let others =
            self.open.iter().rev().map(|open| open.brace).filter(|brace| Some(*brace) != self.suspect);
        for brace in self.suspect.into_iter().chain(others).take(count.min(3)) {
            diagnostic = diagnostic.at(brace, "opened here");
        }
        self.report(diagnostic);
    }

    pub(super) fn report_unexpected(&mut self, message: &str, start: usize, end: usize, help: &str) {
        let end = self.text.ceil_char_boundary(end);
        let span = self.span(start, end);
        self.report(Diagnostic::error(&E004, message).at(span, "").help(help));
    }

    /// The bare word at which the reader stands; empty if there is none.
    pub(super) fn word(&self) -> &'a str {
        &self.text[self.at..self.at + word_length(self.rest())]
    }

    /// Whether a bare word is a name and neither keyword nor number.
    pub(super) fn is_name(word: &str) -> bool {
        !is_keyword(word) && !looks_like_number(word)
    }
}

/// The diagnostic for a text of too many bytes.
pub(super) fn too_long(source: SourceId, length: usize, limits: Limits) -> Diagnostic {
    let message = format!("the file has {length} bytes, more than {}", limits.bytes);
    let start = Span { source, start: 0, end: 0 };
    Diagnostic::error(&E001, message).at(start, "").help("split the file")
}

/// The diagnostic for bytes that are not UTF-8 from `offset` on.
pub(super) fn not_utf8(source: SourceId, offset: usize, utf16: bool) -> Diagnostic {
    let start = u32::try_from(offset).unwrap_or(u32::MAX);
    // The replacement character that stands in for the bytes takes three.
    let span = Span { source, start, end: start.saturating_add(3) };
    let what = if utf16 {
        "the file is UTF-16, not UTF-8".to_owned()
    } else {
        format!("byte {offset} is not UTF-8")
    };
    Diagnostic::error(&E002, what).at(span, "").help("save the file as UTF-8")
}
