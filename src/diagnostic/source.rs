//! The texts that diagnostics point into, and byte spans within them.

use std::ops::Range;
use std::path::PathBuf;
use std::sync::Arc;

/// Which source a span lies in: its index in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(pub u32);

/// A range of bytes in a source; `start <= end`, both at character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// The source.
    pub source: SourceId,
    /// The first byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The span as a range of indices.
    #[must_use]
    pub fn range(&self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// From the start of this span to the end of the other; both lie in the same source.
    #[must_use]
    pub fn to(self, other: Self) -> Self {
        Self { end: other.end, ..self }
    }
}

/// A text with the path that it is known by, relative to the project.
#[derive(Debug, Clone)]
pub struct Source {
    /// How the file is named to people.
    pub path: PathBuf,
    /// Its content.
    pub text: Arc<str>,
}

/// All texts of a run, in the order in which they were read.
#[derive(Debug, Clone, Default)]
pub struct Sources(Vec<Source>);

impl Sources {
    /// Adds a text and returns its id.
    pub fn add(&mut self, path: impl Into<PathBuf>, text: impl Into<Arc<str>>) -> SourceId {
        let id = u32::try_from(self.0.len()).expect("fewer than 2^32 sources are held in memory");
        self.0.push(Source { path: path.into(), text: text.into() });
        SourceId(id)
    }

    /// The source with this id.
    ///
    /// # Panics
    /// The id is another set's.
    #[must_use]
    pub fn get(&self, id: SourceId) -> &Source {
        &self.0[id.0 as usize]
    }

    /// Every source with its id.
    pub fn iter(&self) -> impl Iterator<Item = (SourceId, &Source)> {
        (0..).map(SourceId).zip(&self.0)
    }
}
