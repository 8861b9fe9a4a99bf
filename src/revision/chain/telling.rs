//! The ways to tell one chain: by the revisions that are in it now, and by those that databases know parts of it by. Whatever
//! tells it, it is made of the same single revisions, its parts, and these compare places.

use std::collections::{BTreeMap, BTreeSet};

use super::{History, Link};
use crate::diagnostic::Diagnostic;
use crate::revision::RevisionId;

impl Link {
    /// The single revisions that this one stands for: itself, or those that it stands in place of.
    #[must_use]
    pub fn parts(&self) -> Vec<RevisionId> {
        match self.revision.replaces.as_slice() {
            [] => vec![self.revision.id],
            parts => parts.iter().map(|part| part.id).collect(),
        }
    }

    /// Whether it stands for nothing but these.
    #[must_use]
    pub fn is_of(&self, parts: &BTreeSet<RevisionId>) -> bool {
        self.parts().iter().all(|part| parts.contains(part))
    }
}

impl History {
    /// The single revisions that these, and all that they build on, stand for.
    #[must_use]
    pub fn parts(&self, ids: &[RevisionId]) -> BTreeSet<RevisionId> {
        self.ancestors(ids.iter().copied()).into_iter().flat_map(Link::parts).collect()
    }

    /// The revisions of this telling that stand for nothing but these parts.
    #[must_use]
    pub fn made_of(&self, parts: &BTreeSet<RevisionId>) -> BTreeSet<RevisionId> {
        self.links.iter().filter(|link| link.is_of(parts)).map(|link| link.revision.id).collect()
    }

    /// All parts, numbered in the order in which they ran.
    #[must_use]
    pub fn ranks(&self) -> BTreeMap<RevisionId, usize> {
        self.links.iter().flat_map(Link::parts).zip(0..).collect()
    }

    /// The other ways to tell the chain, so many that each revision that lies aside and fits is in one of them.
    ///
    /// # Errors
    /// What is wrong with the links between those that one of them is made of.
    pub fn tellings(&self, aside: &[Link]) -> Result<Vec<Self>, Vec<Diagnostic>> {
        let mut found: Vec<Self> = Vec::new();
        let mut left: BTreeSet<RevisionId> = aside.iter().map(|link| link.revision.id).collect();
        while !left.is_empty() {
            let told = self.told_by(aside, &left)?;
            let before = left.len();
            left.retain(|id| told.get(*id).is_none());
            if left.len() == before {
                break;
            }
            found.push(told);
        }
        Ok(found)
    }
}
