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
        let inner: Option<BTreeSet<usize>> =
            covered.iter().map(|link| self.ids.get(&link.revision.id).copied()).collect();
        let Some(inner) = inner else { return Ok(()) };
        for index in self.within(&inner) {
            let link = &self.links[index];
            if let Some(told) = links.get_mut(&link.revision.id) {
                *told = self.on_top(link, coarse, covered)?;
            }
        }
        Ok(())
    }

    /// The revisions that build on some of these, but not on all. In one pass, since a chain may have thousands behind a
    /// checkpoint.
    fn within(&self, inner: &BTreeSet<usize>) -> Vec<usize> {
        let (mut above, mut behind) = (inner.clone(), BTreeSet::from_iter(self.tips_of(inner)));
        let mut within = Vec::new();
        for (index, needs) in self.needs.iter().enumerate() {
            if inner.contains(&index) || !needs.iter().any(|needed| above.contains(needed)) {
                continue;
            }
            above.insert(index);
            if needs.iter().any(|needed| behind.contains(needed)) {
                behind.insert(index);
            } else {
                within.push(index);
            }
        }
        within
    }

    /// A revision as it runs on top of all that it builds on and all that is covered.
    fn on_top(&self, link: &Link, coarse: &Link, covered: &[Link]) -> Result<Link, Diagnostic> {
        let id = link.revision.id;
        let inner: BTreeSet<RevisionId> = covered.iter().map(|link| link.revision.id).collect();
        let below = self.ancestors([id]).into_iter().map(|link| link.revision.id);
        let mut ids: BTreeSet<RevisionId> = below.filter(|below| *below != id).chain(inner.clone()).collect();
        let state = |ids: &BTreeSet<RevisionId>| {
            let ids: Vec<RevisionId> = ids.iter().copied().collect();
            self.state_at(&ids).map(|state| snapshot::hash(&state))
        };
        let steps = self.steps_on(link, &ids)?.into_owned();
        let from = state(&ids)?;
        ids.insert(id);
        let revision = Revision {
            parents: parents(link, coarse, covered),
            depends_on: dependencies(link, coarse, &inner),
            from,
            to: state(&ids)?,
            steps,
            ..link.revision.clone()
        };
        Ok(Link { revision, ..link.clone() })
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
