//! Where in the files each thing of a state stands.

use foldhash::{HashMap, HashMapExt};

use crate::diagnostic::{Sources, Span};
use crate::document::Node;
use crate::model::Place;

/// Where a thing stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spot {
    /// Its name, or the word that it begins with.
    pub head: Span,
    /// All of it, with its block.
    pub whole: Span,
}

impl Spot {
    /// A node without a name of its own.
    pub(super) fn of(node: &Node<'_>) -> Self {
        Self { head: node.name.span, whole: node.span }
    }

    /// A node whose name stands at `head`.
    pub(super) fn named(node: &Node<'_>, head: Span) -> Self {
        Self { head, whole: node.span }
    }
}

/// The places of a state in its files.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Places(HashMap<Place, Spot>);

impl Places {
    pub(super) fn with_capacity(places: usize) -> Self {
        Self(HashMap::with_capacity(places))
    }

    pub(super) fn insert(&mut self, place: Place, spot: Spot) {
        self.0.insert(place, spot);
    }

    /// Where a thing stands; for one without a place of its own, the thing that it belongs to.
    #[must_use]
    pub fn get(&self, place: &Place) -> Option<Spot> {
        self.0.get(place).copied().or_else(|| self.get(&place.parent()?))
    }

    /// Where a word stands inside of a thing; the head of the thing if the word isn't there.
    #[must_use]
    pub fn find(&self, place: &Place, word: &str, sources: &Sources) -> Option<Span> {
        let Spot { head, whole } = self.get(place)?;
        let text = &sources.get(whole.source).text;
        let inside = text.get(whole.range()).unwrap_or("");
        let continues = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let found = inside.match_indices(word).map(|(at, _)| at).find(|at| {
            !inside[..*at].ends_with(continues) && !inside[at + word.len()..].starts_with(continues)
        });
        let span = |at: usize| {
            let start = whole.start + u32::try_from(at).ok()?;
            Some(Span { start, end: start + u32::try_from(word.len()).ok()?, ..whole })
        };
        Some(found.and_then(span).unwrap_or(head))
    }
}
