//! The writer: canonical KDL text, streamed into a string. The same calls give the same bytes, and what is written reads
//! back as it was given, whatever the texts hold.
//!
//! ```
//! use schemactl::document::write::{Literal, Writer};
//!
//! let mut writer = Writer::new();
//! writer.node("table").arg("users").prop("comment", "It's people").children(|table| {
//!     table.node("column").arg("id").arg("bigint").flag_if("nullable", false).prop("default", 0);
//!     table.node("check").arg(Literal::quoted("id > 0").annotated("sql"));
//! });
//! assert_eq!(
//!     writer.finish(),
//!     "table users comment=\"It's people\" {\n    column id bigint default=0\n    check (sql)\"id > 0\"\n}\n"
//! );
//! ```

use std::fmt::{self, Write as _};

use super::characters::{is_bare_word, is_disallowed};
use super::{Document, Node, Number, Value};

const INDENT: &str = "    ";

/// A value to be written, with its annotation.
#[derive(Debug, Clone, Copy)]
pub struct Literal<'a> {
    annotation: Option<&'a str>,
    kind: Kind<'a>,
}

#[derive(Debug, Clone, Copy)]
enum Kind<'a> {
    /// Bare if it can be.
    Word(&'a str),
    /// In quotes in any case.
    Quoted(&'a str),
    Number(Number<'a>),
    Integer(i128),
    Bool(bool),
    Null,
}

impl<'a> Literal<'a> {
    /// `#null`.
    pub const NULL: Literal<'static> = Literal { annotation: None, kind: Kind::Null };

    /// A text that stands in quotes even where it needn't: prose and SQL.
    #[must_use]
    pub fn quoted(text: &'a str) -> Self {
        Self { annotation: None, kind: Kind::Quoted(text) }
    }

    /// The same value behind `(word)`.
    #[must_use]
    pub fn annotated(self, word: &'a str) -> Self {
        Self { annotation: Some(word), ..self }
    }
}

/// A text, bare if it can be.
impl<'a, T: AsRef<str> + ?Sized> From<&'a T> for Literal<'a> {
    fn from(text: &'a T) -> Self {
        Self { annotation: None, kind: Kind::Word(text.as_ref()) }
    }
}

/// A number in its own spelling.
impl<'a> From<Number<'a>> for Literal<'a> {
    fn from(number: Number<'a>) -> Self {
        Self { annotation: None, kind: Kind::Number(number) }
    }
}

impl From<bool> for Literal<'_> {
    fn from(value: bool) -> Self {
        Self { annotation: None, kind: Kind::Bool(value) }
    }
}

macro_rules! from_integers {
    ($($integer:ty),+) => {
        $(impl From<$integer> for Literal<'_> {
            fn from(value: $integer) -> Self {
                Self { annotation: None, kind: Kind::Integer(i128::from(value)) }
            }
        })+
    };
}

from_integers!(u8, u16, u32, u64, i8, i16, i32, i64, i128);

/// A value as it was read; texts are bare if they can be.
impl<'a> From<&'a Value<'_>> for Literal<'a> {
    fn from(value: &'a Value<'_>) -> Self {
        let kind = match value {
            Value::String(text) => Kind::Word(text),
            Value::Number(number) => Kind::Number(*number),
            Value::Bool(value) => Kind::Bool(*value),
            Value::Null => Kind::Null,
        };
        Self { annotation: None, kind }
    }
}

/// The value as it stands on a line.
impl fmt::Display for Literal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        write_literal(&mut text, *self, 0);
        f.write_str(&text)
    }
}

/// Writes nodes, one after the other.
#[derive(Debug, Default)]
pub struct Writer {
    out: String,
    depth: usize,
    /// Whether the last line is that of a node and still open to entries.
    open: bool,
}

impl Writer {
    /// Begins an empty document.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Begins a node.
    pub fn node(&mut self, name: &str) -> Line<'_> {
        self.begin_line();
        write_word(&mut self.out, name);
        self.open = true;
        Line { writer: self }
    }

    /// Begins a node with an annotation: `(postgres)index`.
    pub fn annotated(&mut self, annotation: &str, name: &str) -> Line<'_> {
        self.begin_line();
        write_annotation(&mut self.out, annotation);
        write_word(&mut self.out, name);
        self.open = true;
        Line { writer: self }
    }

    /// Writes a comment, each of its lines behind `//`.
    pub fn comment(&mut self, text: &str) -> &mut Self {
        for line in text.lines() {
            self.begin_line();
            self.out.push_str("//");
            if !line.is_empty() {
                self.out.push(' ');
            }
            // What ends a line or isn't allowed would break the comment; it says nothing there.
            self.out.extend(line.chars().filter(|character| !is_escaped(*character) || *character == '\t'));
            self.out.push('\n');
        }
        self
    }

    /// Writes an empty line.
    pub fn blank(&mut self) -> &mut Self {
        self.end_line();
        self.out.push('\n');
        self
    }

    /// Adds top-level nodes that another writer has finished.
    pub fn finished(&mut self, text: &str) {
        self.end_line();
        self.out.push_str(text);
    }

    /// Writes a node as it was read, in canonical spelling.
    pub fn copy(&mut self, node: &Node<'_>) {
        let Node { annotation, name, entries, block, span: _ } = node;
        let mut line = match annotation {
            Some(annotation) => self.annotated(annotation.as_str(), name.as_str()),
            None => self.node(name.as_str()),
        };
        for entry in entries {
            let literal = Literal::from(&entry.value);
            let literal = match &entry.annotation {
                Some(annotation) => literal.annotated(annotation.as_str()),
                None => literal,
            };
            match &entry.name {
                Some(name) => line.prop(name.as_str(), literal),
                None => line.arg(literal),
            };
        }
        if let Some(block) = block {
            line.children(|writer| block.nodes.iter().for_each(|node| writer.copy(node)));
        }
    }

    /// The text, which ends with a line end unless it is empty.
    #[must_use]
    pub fn finish(mut self) -> String {
        self.end_line();
        self.out
    }

    fn end_line(&mut self) {
        if self.open {
            self.out.push('\n');
            self.open = false;
        }
    }

    fn begin_line(&mut self) {
        self.end_line();
        for _ in 0..self.depth {
            self.out.push_str(INDENT);
        }
    }
}

/// The line of one node, open to entries and a block.
#[derive(Debug)]
pub struct Line<'w> {
    writer: &'w mut Writer,
}

impl Line<'_> {
    /// Adds an argument.
    pub fn arg<'v>(&mut self, value: impl Into<Literal<'v>>) -> &mut Self {
        self.writer.out.push(' ');
        write_literal(&mut self.writer.out, value.into(), self.writer.depth + 1);
        self
    }

    /// Adds arguments.
    pub fn args<'v, T: Into<Literal<'v>>>(&mut self, values: impl IntoIterator<Item = T>) -> &mut Self {
        for value in values {
            self.arg(value);
        }
        self
    }

    /// Adds a flag: an argument that says something by standing there.
    pub fn flag(&mut self, word: &str) -> &mut Self {
        self.arg(word)
    }

    /// Adds a flag if it is set.
    pub fn flag_if(&mut self, word: &str, set: bool) -> &mut Self {
        if set { self.arg(word) } else { self }
    }

    /// Adds a property.
    pub fn prop<'v>(&mut self, name: &str, value: impl Into<Literal<'v>>) -> &mut Self {
        self.writer.out.push(' ');
        write_word(&mut self.writer.out, name);
        self.writer.out.push('=');
        write_literal(&mut self.writer.out, value.into(), self.writer.depth + 1);
        self
    }

    /// Adds a property if there is a value for it.
    pub fn prop_if<'v, T: Into<Literal<'v>>>(&mut self, name: &str, value: Option<T>) -> &mut Self {
        match value {
            Some(value) => self.prop(name, value),
            None => self,
        }
    }

    /// Adds the node's block, and ends the node. Without a child there is no block.
    pub fn children(&mut self, write: impl FnOnce(&mut Writer)) {
        let writer = &mut *self.writer;
        let before = writer.out.len();
        writer.out.push_str(" {\n");
        let inside = writer.out.len();
        writer.open = false;
        writer.depth += 1;
        write(writer);
        writer.end_line();
        writer.depth -= 1;
        if writer.out.len() == inside {
            writer.out.truncate(before);
        } else {
            writer.begin_line();
            writer.out.push('}');
        }
        writer.open = true;
    }
}

/// A document in canonical spelling.
#[must_use]
pub fn document(document: &Document<'_>) -> String {
    let mut writer = Writer::new();
    document.nodes.iter().for_each(|node| writer.copy(node));
    writer.finish()
}

fn write_literal(out: &mut String, literal: Literal<'_>, depth: usize) {
    let Literal { annotation, kind } = literal;
    if let Some(annotation) = annotation {
        write_annotation(out, annotation);
    }
    match kind {
        // Behind an annotation a bare word is hard to see.
        Kind::Word(text) if annotation.is_none() && is_bare_word(text) => out.push_str(text),
        Kind::Word(text) | Kind::Quoted(text) => write_text(out, text, depth),
        Kind::Number(number) => out.push_str(number.as_str()),
        Kind::Integer(value) => drop(write!(out, "{value}")),
        Kind::Bool(true) => out.push_str("#true"),
        Kind::Bool(false) => out.push_str("#false"),
        Kind::Null => out.push_str("#null"),
    }
}

fn write_annotation(out: &mut String, word: &str) {
    out.push('(');
    write_word(out, word);
    out.push(')');
}

/// Writes a name: bare if it can be, else quoted on one line.
fn write_word(out: &mut String, word: &str) {
    if is_bare_word(word) {
        out.push_str(word);
    } else {
        write_quoted(out, word);
    }
}

/// Writes a text in quotes, in the first form that can say it: lines between three quotes, raw, escaped.
fn write_text(out: &mut String, text: &str, depth: usize) {
    if text.contains('\n') && is_multi_line(text) {
        write_multi_line(out, text, depth);
    } else if text.contains(['"', '\\']) && !text.starts_with('"') && !text.contains(is_escaped) {
        let hashes = hashes(text, "\"");
        let _ = write!(out, "{0:#<1$}\"{text}\"{0:#<1$}", "", hashes);
    } else {
        write_quoted(out, text);
    }
}

/// Whether a character is written as an escape in quotes: what ends a line, can't be seen or isn't allowed.
fn is_escaped(character: char) -> bool {
    matches!(character, '\t'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}') || is_disallowed(character)
}

/// Whether a multi-line string can say the text: it drops the white space of blank lines, and has one line end only.
fn is_multi_line(text: &str) -> bool {
    !text.contains(|character| is_escaped(character) && !matches!(character, '\n' | '\t'))
        && text
            .split('\n')
            .all(|line| line.is_empty() || line.contains(|character: char| !character.is_whitespace()))
}

fn write_multi_line(out: &mut String, text: &str, depth: usize) {
    let raw = if text.contains('\\') || text.contains("\"\"\"") { hashes(text, "\"\"\"") } else { 0 };
    let indent = |out: &mut String| (0..depth).for_each(|_| out.push_str(INDENT));
    let sign = |out: &mut String| (0..raw).for_each(|_| out.push('#'));
    sign(out);
    out.push_str("\"\"\"\n");
    for line in text.split('\n') {
        if !line.is_empty() {
            indent(out);
            out.push_str(line);
        }
        out.push('\n');
    }
    indent(out);
    out.push_str("\"\"\"");
    sign(out);
}

/// How many hash signs a raw string needs so that the text doesn't close it.
fn hashes(text: &str, quotes: &str) -> usize {
    let behind = text.match_indices(quotes).map(|(at, _)| &text[at + quotes.len()..]);
    // In a run of quotes any of them may begin the closing sign; the last one decides.
    let runs = behind.map(|rest| {
        let rest = rest.trim_start_matches('"');
        rest.len() - rest.trim_start_matches('#').len()
    });
    runs.max().unwrap_or(0) + 1
}

fn write_quoted(out: &mut String, text: &str) {
    out.push('"');
    let mut copied = 0;
    for (at, character) in text.char_indices() {
        let escape = match character {
            '"' => "\\\"",
            '\\' => "\\\\",
            '\n' => "\\n",
            '\r' => "\\r",
            '\t' => "\\t",
            '\u{8}' => "\\b",
            '\u{C}' => "\\f",
            _ if is_escaped(character) => "",
            _ => continue,
        };
        out.push_str(&text[copied..at]);
        copied = at + character.len_utf8();
        if escape.is_empty() {
            let _ = write!(out, "\\u{{{:X}}}", u32::from(character));
        } else {
            out.push_str(escape);
        }
    }
    out.push_str(&text[copied..]);
    out.push('"');
}
