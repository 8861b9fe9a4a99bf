//! What went wrong, where, and what to do: one type for every layer. Layers declare their codes beside the
//! checks that raise them; rendering for people and as JSON is in `render`. No I/O here.

mod render;
mod source;

use std::borrow::Cow;
use std::fmt;

pub use render::{render, to_json};
pub use source::{Source, SourceId, Sources, Span};

/// The longest that is repeated as a whole of what stands in a file, in bytes. No words of ours between two backticks are
/// longer.
const WORD_MAX: usize = 400;
/// How much is repeated of what is longer, in characters.
const WORD_KEPT: usize = 60;

/// A stable code with the page that `schemactl explain` prints.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// For example `E101`.
    pub id: &'static str,
    /// What the code means, in one line.
    pub title: &'static str,
    /// Why it is raised and how to get rid of it: Markdown, one or more paragraphs.
    pub page: &'static str,
}

/// Declares a layer's codes: a constant for each, and `CODES`, the list of them.
#[macro_export]
macro_rules! codes {
    ($($(#[doc = $page:literal])+ $id:ident: $title:literal;)+) => {
        $(
            #[doc = $title]
            pub static $id: $crate::diagnostic::Code = $crate::diagnostic::Code {
                id: stringify!($id),
                title: $title,
                page: concat!($($page, "\n"),+),
            };
        )+
        /// Every code of this layer, in the order of its pages.
        pub static CODES: &[&$crate::diagnostic::Code] = &[$(&$id),+];
    };
}

/// How serious a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Nothing is wrong; worth knowing.
    Note,
    /// Probably not what was meant; work goes on.
    Warning,
    /// Work can't go on.
    Error,
}

/// A place in a source with a word on what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The bytes that are pointed at.
    pub span: Span,
    /// What to say there; may be empty.
    pub text: String,
}

/// One problem: message, place, remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The stable code.
    pub code: &'static Code,
    /// How serious it is.
    pub severity: Severity,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// Where; the first label is the main one.
    pub labels: Vec<Label>,
    /// What to do: one imperative sentence, if possible with a command.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error without a place or a remedy yet.
    #[must_use]
    pub fn error(code: &'static Code, message: impl Into<String>) -> Self {
        Self { code, severity: Severity::Error, message: message.into(), labels: Vec::new(), help: None }
    }

    /// A warning without a place or a remedy yet.
    #[must_use]
    pub fn warning(code: &'static Code, message: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(code, message) }
    }

    /// Adds a place; the first one added is the main one.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.labels.push(Label { span, text: text.into() });
        self
    }

    /// Sets the remedy.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// The same with no more than the beginning of each huge word that it repeats from a file.
    #[must_use]
    pub fn shortened(mut self) -> Self {
        let labels = self.labels.iter_mut().map(|label| &mut label.text);
        for text in labels.chain(&mut self.help).chain([&mut self.message]) {
            if text.len() > WORD_MAX {
                *text = text.split('`').map(beginning).collect::<Vec<_>>().join("`");
            }
        }
        self
    }
}

/// What stands between two backticks, or of something huge its beginning.
fn beginning(text: &str) -> Cow<'_, str> {
    match (text.len() > WORD_MAX, text.char_indices().nth(WORD_KEPT)) {
        (true, Some((end, _))) => format!("{}…", &text[..end]).into(),
        (_, _) => text.into(),
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.id, self.message)
    }
}

impl std::error::Error for Diagnostic {}

/// Finds the candidate that a misspelled word probably meant.
#[must_use]
pub fn near<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let length = word.chars().count();
    candidates
        .into_iter()
        // The distance is at least what one is longer; to find it takes the product of their lengths.
        .filter(|candidate| candidate.chars().count().abs_diff(length) <= farthest(candidate))
        .map(|candidate| (strsim::damerau_levenshtein(word, candidate), candidate))
        // A word of which nothing is left is not near.
        .filter(|(distance, candidate)| {
            *distance <= farthest(candidate) && *distance < candidate.chars().count().max(length)
        })
        .min()
        .map(|(_, candidate)| candidate)
}

/// How far from a candidate a word may be that meant it.
fn farthest(candidate: &str) -> usize {
    1 + candidate.chars().count() / 4
}
