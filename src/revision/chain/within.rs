//! Revisions that build on a place within one that a database knows many by: a branch that began before a checkpoint, on a
//! database that began with it. They are told as they run there, on top of all that it has.

use std::collections::{BTreeMap, BTreeSet};

use super::{History, Link};
use crate::diagnostic::Diagnostic;
use crate::revision::{Dependency, Parent, Revision, RevisionId};
use crate::snapshot;

impl History {
    /// Tells the links of this chain that build on some of the covered ones, but not on all, on top of the one that covers
    /// them.
    ///
    /// # Errors
    /// What they change and what the covered ones change contradict each other.
    pub(super) fn told_on_top(
        &self,
        coarse: &Link,
        covered: &[Link],
        links: &mut BTreeMap<RevisionId, Link>,
    ) -> Result<(), Diagnostic> {
        let inner: BTreeSet<RevisionId> = covered.iter().map(|link| link.revision.id).collect();
        if !inner.iter().all(|id| self.get(*id).is_some()) {
            return Ok(());
        }
        for link in &self.links {
            let id = link.revision.id;
            let mut before: BTreeSet<RevisionId> =
                self.ancestors([id]).iter().map(|link| link.revision.id).collect();
            before.remove(&id);
            let is_within = !before.is_disjoint(&inner) && !before.is_superset(&inner);
            if !is_within || inner.contains(&id) || !links.contains_key(&id) {
                continue;
            }
            before.extend(&inner);
            let steps = self.steps_on(link, &before)?.into_owned();
            let state = |ids: &BTreeSet<RevisionId>| {
                let ids: Vec<RevisionId> = ids.iter().copied().collect();
                self.state_at(&ids).map(|state| snapshot::hash(&state))
            };
            let from = state(&before)?;
            before.insert(id);
            let revision = Revision {
                parents: parents(link, coarse, covered),
                depends_on: dependencies(link, coarse, &inner),
                from,
                to: state(&before)?,
                steps,
                ..link.revision.clone()
            };
            links.insert(id, Link { revision, ..link.clone() });
        }
        Ok(())
    }
}

/// What a revision builds on, with the one in place of those that it covers.
fn parents(link: &Link, coarse: &Link, covered: &[Link]) -> Vec<Parent> {
    let mut parents: Vec<Parent> = Vec::new();
    for parent in &link.revision.parents {
        let mut parent = parent.clone();
        if covered.iter().any(|link| link.digest == parent.digest) {
            parent.name = coarse.revision.name.clone();
            parent.digest = coarse.digest;
        }
        if parents.iter().all(|known| known.digest != parent.digest) {
            parents.push(parent);
        }
    }
    parents
}

/// What must have run before a revision, likewise.
fn dependencies(link: &Link, coarse: &Link, inner: &BTreeSet<RevisionId>) -> Vec<Dependency> {
    let told = |needed: &Dependency| match inner.contains(&needed.id) {
        true => Dependency { name: coarse.revision.name.clone(), id: coarse.revision.id },
        false => needed.clone(),
    };
    link.revision.depends_on.iter().map(told).collect()
}
