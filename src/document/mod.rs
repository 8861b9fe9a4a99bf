//! KDL 2 documents: a reader that is safe on any input ([`read`]), a writer, a cursor that decodes nodes with good
//! diagnostics, and edits that keep a file's layout. Knows nothing of schemas. No I/O here.

mod characters;
mod conflict;
pub mod cursor;
pub mod errors;
pub mod format;
mod lexer;
mod number;
mod reader;
mod scalar;
mod space;
mod string;
#[cfg(test)]
mod tests;
pub mod write;

use std::borrow::Cow;
use std::fmt;
use std::path::PathBuf;

use crate::diagnostic::{Diagnostic, SourceId, Sources, Span};

pub use cursor::{Cursor, Sink};
pub use number::Number;

/// A whole text: its nodes in their order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document<'a> {
    /// The nodes at the top.
    pub nodes: Vec<Node<'a>>,
    /// Whether the text was read to its end, and each block has one; if not, what seems to be missing may stand in the rest,
    /// or within another block.
    pub is_whole: bool,
}

/// A node: `(annotation)name entries { children }`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Node<'a> {
    /// The word in parentheses before the name.
    pub annotation: Option<Text<'a>>,
    /// What kind of node it is.
    pub name: Text<'a>,
    /// Arguments and properties in the order in which they are written.
    pub entries: Vec<Entry<'a>>,
    /// What stands in braces; `None` where there are no braces.
    pub block: Option<Block<'a>>,
    /// From the annotation or name to the last entry or the closing brace.
    pub span: Span,
}

impl<'a> Node<'a> {
    /// The children; none where there is no block.
    #[must_use]
    pub fn children(&self) -> &[Node<'a>] {
        self.block.as_ref().map_or(&[], |block| &block.nodes)
    }
}

/// The children of a node, in braces.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block<'a> {
    /// The children in their order.
    pub nodes: Vec<Node<'a>>,
    /// From brace to brace.
    pub span: Span,
}

/// An argument, or a property where it has a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The name of a property; `None` makes it an argument.
    pub name: Option<Text<'a>>,
    /// The word in parentheses before the value.
    pub annotation: Option<Text<'a>>,
    /// The value.
    pub value: Value<'a>,
    /// The value alone, without name and annotation.
    pub value_span: Span,
    /// The whole entry.
    pub span: Span,
}

impl Entry<'_> {
    /// The value, if it is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.value {
            Value::String(text) => Some(text),
            Value::Number(_) | Value::Bool(_) | Value::Null => None,
        }
    }

    /// Whether the value bears this annotation.
    #[must_use]
    pub fn is_annotated(&self, word: &str) -> bool {
        self.annotation.as_ref().is_some_and(|annotation| annotation.text == word)
    }
}

/// A word or string with its place; quotes belong to the place, not to the text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text<'a> {
    /// What it says, escapes resolved.
    pub text: Cow<'a, str>,
    /// Where it is written.
    pub span: Span,
}

impl Text<'_> {
    /// What it says.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl fmt::Display for Text<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A value. Numbers keep the text that was written: `1.50` stays `1.50`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value<'a> {
    /// A word or a quoted string.
    String(Cow<'a, str>),
    /// A number of any size.
    Number(Number<'a>),
    /// `#true` or `#false`.
    Bool(bool),
    /// `#null`.
    Null,
}

impl Value<'_> {
    /// What kind of value it is, with its article, for messages.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::String(_) => "a string",
            Self::Number(_) => "a number",
            Self::Bool(_) => "a boolean",
            Self::Null => "`#null`",
        }
    }
}

/// How much the reader takes in before it stops with an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of text.
    pub bytes: usize,
    /// Blocks inside each other.
    pub depth: usize,
    /// Nodes and entries together, those behind `/-` included.
    pub items: usize,
    /// Diagnostics.
    pub problems: usize,
}

impl Limits {
    /// What [`read`] takes in.
    pub const DEFAULT: Self = Self { bytes: 64 << 20, depth: 128, items: 4_000_000, problems: 100 };
}

/// Reads a text within [`Limits::DEFAULT`]. The document is what could be understood: after an error-severity
/// diagnostic it is good for looking at, not for acting on. A property that is given twice (`E011`) is kept twice.
#[must_use]
pub fn read(source: SourceId, text: &str) -> (Document<'_>, Vec<Diagnostic>) {
    read_within(source, text, Limits::DEFAULT)
}

/// Reads a text within other bounds than [`read`] does.
#[must_use]
pub fn read_within(source: SourceId, text: &str, limits: Limits) -> (Document<'_>, Vec<Diagnostic>) {
    reader::Reader::new(source, text, limits).run()
}

/// Adds the content of a file to the sources.
///
/// # Errors
/// The content is longer than [`Limits::DEFAULT`] allows or not UTF-8. The source is added nevertheless, so that the
/// diagnostic can be shown, with the broken bytes replaced.
pub fn add_file(
    sources: &mut Sources,
    path: impl Into<PathBuf>,
    bytes: Vec<u8>,
) -> Result<SourceId, Diagnostic> {
    if bytes.len() > Limits::DEFAULT.bytes {
        let id = sources.add(path, "");
        return Err(reader::too_long(id, bytes.len(), Limits::DEFAULT));
    }
    match String::from_utf8(bytes) {
        Ok(text) => Ok(sources.add(path, text)),
        Err(error) => {
            let offset = error.utf8_error().valid_up_to();
            let utf16 =
                error.as_bytes().starts_with(&[0xFF, 0xFE]) || error.as_bytes().starts_with(&[0xFE, 0xFF]);
            let id = sources.add(path, String::from_utf8_lossy(error.as_bytes()));
            Err(reader::not_utf8(id, offset, utf16))
        }
    }
}
