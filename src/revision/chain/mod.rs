//! The chain that revisions form: who builds on whom, what its heads are, and which way leads from one place to
//! another. A [`History`] exists only where every check but that of the replay has passed.

mod graph;
mod join;
mod load;
mod marks;
mod replay;
mod stand;
mod telling;
#[cfg(test)]
mod tests;
mod versions;
mod within;

use std::collections::{BTreeSet, HashMap};

use super::errors::E423;
use super::{Places, Revision, RevisionId, RevisionName};
use crate::diagnostic::{Diagnostic, SourceId};
use crate::hash::RevisionDigest;

pub use join::{Carried, Decision, Unjoined, object};
pub use load::{Unlinked, read_aside};
pub use marks::Branch;

/// A revision in its chain.
#[derive(Debug, Clone)]
pub struct Link {
    /// The revision.
    pub revision: Revision,
    /// What its content amounts to; children and journals pin it.
    pub digest: RevisionDigest,
    /// Its file's path, with the folder.
    pub path: String,
    /// Its file's text.
    pub source: SourceId,
    /// Where things stand in its file.
    pub places: Places,
}

/// All revisions of a project, each behind those that it builds on.
#[derive(Debug, Clone, Default)]
pub struct History {
    links: Vec<Link>,
    /// For each link the indices of those that must have run before it: what it builds on, then what it depends on.
    needs: Vec<Vec<usize>>,
    /// For each link the indices of those that need it.
    needed_by: Vec<Vec<usize>>,
    ids: HashMap<RevisionId, usize>,
    /// Where a database tells one revision by many: those of the many that others of them lead on from, by a dependency if
    /// not as a parent.
    inner: BTreeSet<RevisionId>,
}

impl History {
    /// Every revision, each behind those that it builds on; what is left open the name decides.
    #[must_use]
    pub fn links(&self) -> &[Link] {
        &self.links
    }

    /// Whether there are no revisions yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.links.is_empty()
    }

    /// The revision with this id.
    #[must_use]
    pub fn get(&self, id: RevisionId) -> Option<&Link> {
        self.ids.get(&id).map(|index| &self.links[*index])
    }

    /// The revision with this name.
    #[must_use]
    pub fn by_name(&self, name: &RevisionName) -> Option<&Link> {
        self.links.iter().find(|link| link.revision.name == *name)
    }

    /// The revisions that nothing builds on; more than one means that the chain has forked.
    #[must_use]
    pub fn heads(&self) -> Vec<&Link> {
        let is_last = |link: &&Link| {
            let id = link.revision.id;
            !self.inner.contains(&id) && self.children(id).next().is_none()
        };
        self.links.iter().filter(is_last).collect()
    }

    /// The heads that nothing depends on either: all others run with them.
    #[must_use]
    pub fn effective_heads(&self) -> Vec<&Link> {
        let indices = self.links.iter().zip(&self.needed_by);
        indices.filter(|(_, above)| above.is_empty()).map(|(link, _)| link).collect()
    }

    /// The one revision that nothing builds on, or `None` when there are no revisions.
    ///
    /// # Errors
    /// `E423` when there are several.
    pub fn head(&self) -> Result<Option<&Link>, Diagnostic> {
        match self.heads().as_slice() {
            [] => Ok(None),
            [head] => Ok(Some(head)),
            [first, others @ ..] => Err(several_heads(first, others)),
        }
    }

    /// The revisions that this one builds on directly.
    pub fn parents(&self, id: RevisionId) -> impl Iterator<Item = &Link> {
        self.needs(id).take(self.get(id).map_or(0, |link| link.revision.parents.len()))
    }

    /// The revisions that must have run before this one: those that it builds on, then those that it depends on.
    pub fn needs(&self, id: RevisionId) -> impl Iterator<Item = &Link> {
        self.neighbours(&self.needs, id)
    }

    /// The revisions that build on this one directly.
    pub fn children(&self, id: RevisionId) -> impl Iterator<Item = &Link> {
        self.needed_by(id)
            .filter(move |child| self.parents(child.revision.id).any(|parent| parent.revision.id == id))
    }

    /// The revisions that build on this one or depend on it, directly.
    pub fn needed_by(&self, id: RevisionId) -> impl Iterator<Item = &Link> {
        self.neighbours(&self.needed_by, id)
    }

    fn neighbours<'h>(&'h self, edges: &'h [Vec<usize>], id: RevisionId) -> impl Iterator<Item = &'h Link> {
        let indices = self.ids.get(&id).map_or(&[][..], |index| &edges[*index]);
        indices.iter().map(|index| &self.links[*index])
    }

    /// These revisions and all that they build on, in the order in which they run. Unknown ids count for nothing.
    #[must_use]
    pub fn ancestors(&self, ids: impl IntoIterator<Item = RevisionId>) -> Vec<&Link> {
        self.reach(ids).into_iter().map(|index| &self.links[index]).collect()
    }

    /// What has to run, in its order, for a database that has these revisions to have those too that `target` needs.
    #[must_use]
    pub fn missing(&self, target: &[RevisionId], applied: &BTreeSet<RevisionId>) -> Vec<&Link> {
        let needed = self.ancestors(target.iter().copied());
        needed.into_iter().filter(|link| !applied.contains(&link.revision.id)).collect()
    }

    /// What has to be undone, the newest first, for a database that has these revisions to be left with those that
    /// `target` needs.
    #[must_use]
    pub fn surplus(&self, target: &[RevisionId], applied: &BTreeSet<RevisionId>) -> Vec<&Link> {
        let kept = self.reach(target.iter().copied());
        let links = self.links.iter().enumerate().rev();
        let gone = links.filter(|(index, link)| !kept.contains(index) && applied.contains(&link.revision.id));
        gone.map(|(_, link)| link).collect()
    }

    /// The way from one place to another; a place is the revisions whose ancestors are applied there, none of them
    /// for the base.
    #[must_use]
    pub fn path(&self, from: &[RevisionId], to: &[RevisionId]) -> Path<'_> {
        let applied = self.ancestors(from.iter().copied()).iter().map(|link| link.revision.id).collect();
        Path { back: self.surplus(to, &applied), forth: self.missing(to, &applied) }
    }

    /// Those of these revisions that none of the others needs.
    #[must_use]
    pub fn tips(&self, applied: &BTreeSet<RevisionId>) -> Vec<RevisionId> {
        let is_below = |id: RevisionId| self.needed_by(id).any(|child| applied.contains(&child.revision.id));
        let links = self.links.iter().map(|link| link.revision.id);
        links.filter(|id| applied.contains(id) && !is_below(*id)).collect()
    }

    fn reach(&self, ids: impl IntoIterator<Item = RevisionId>) -> BTreeSet<usize> {
        let mut open: Vec<usize> = ids.into_iter().filter_map(|id| self.ids.get(&id).copied()).collect();
        let mut reached = BTreeSet::new();
        while let Some(index) = open.pop() {
            if reached.insert(index) {
                open.extend(&self.needs[index]);
            }
        }
        reached
    }
}

/// The way from one place in the chain to another: first back, then forth.
#[derive(Debug, Clone)]
pub struct Path<'h> {
    /// What is undone, in that order.
    pub back: Vec<&'h Link>,
    /// What is run, in that order.
    pub forth: Vec<&'h Link>,
}

fn several_heads(first: &Link, others: &[&Link]) -> Diagnostic {
    let names: Vec<String> = std::iter::once(&first)
        .chain(others.iter().by_ref())
        .map(|link| format!("`{}`", link.revision.name))
        .collect();
    let message = format!("the chain has {} heads: {}", names.len(), names.join(", "));
    let mut diagnostic = Diagnostic::error(&E423, message);
    for link in std::iter::once(&first).chain(others.iter().by_ref()) {
        diagnostic = diagnostic.at(link.places.name, "nothing builds on this one");
    }
    diagnostic
        .help("join them with `schemactl merge`, or put one on top of the other with `schemactl rebase`")
}
