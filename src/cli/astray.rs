//! Databases that have the branches of a way in another order than a script goes it, so that other steps would have to run
//! there: the script is not for them. No connection here.

use std::collections::BTreeSet;

use super::alike::{Part, Way};
use crate::revision::{History, Link, RevisionId};
use crate::runner::run::Job;
use crate::runner::run::script::Astray;

/// What a database on the way must not have while it lacks something else: each revision with those of other branches
/// that its steps, or theirs, would be others beside. `tellings` are the ways to tell the chain.
pub(crate) fn astray<'h>(
    tellings: impl Iterator<Item = &'h History>,
    from: &BTreeSet<RevisionId>,
    way: &Way<Job>,
) -> Vec<Astray> {
    let mut found: Vec<Astray> = Vec::new();
    for told in tellings.flat_map(|history| by(history, from, way)) {
        if !found.contains(&told) {
            found.push(told);
        }
    }
    found
}

/// What is found by one telling of the chain, on the way from a place that is `from` in single revisions.
fn by(history: &History, from: &BTreeSet<RevisionId>, way: &Way<Job>) -> Vec<Astray> {
    let mut have: BTreeSet<RevisionId> = history.made_of(from);
    let mut parts: Vec<Passed<'_>> = Vec::new();
    for (at, (job, _)) in way.parts.iter().enumerate() {
        let link = job.revision.id.parse().ok().and_then(|id| history.get(id));
        let Some(link) = link else { continue };
        if job.comes() {
            parts.push(Passed::new(history, at, link, have.clone()));
            have.insert(link.revision.id);
        } else {
            have.remove(&link.revision.id);
            parts.push(Passed::new(history, at, link, have.clone()));
        }
    }
    let mut found = Vec::new();
    for (nth, first) in parts.iter().enumerate() {
        let Some((job, on)) = way.parts.get(first.at) else { continue };
        let others = parts
            .iter()
            .skip(nth + 1)
            .filter(|later| !first.below.contains(&later.id()) && !later.below.contains(&first.id()));
        // Forward, a later one may be there before the first; back, it may be gone before.
        let apart = others.filter(|later| match job.comes() {
            true => first.differs(history, &(&first.beside | &later.below)),
            false => first.differs(history, &without(history, &first.beside, later.id())),
        });
        let apart: Vec<_> =
            apart.filter_map(|later| way.parts.get(later.at)).map(|(job, _)| job.revision.clone()).collect();
        if !apart.is_empty() {
            found.push(Astray {
                revision: job.revision.clone(),
                others: on.others.clone(),
                comes: job.comes(),
                apart,
            });
        }
    }
    found
}

/// A revision on the way.
struct Passed<'h> {
    at: usize,
    link: &'h Link,
    /// It and what it builds on.
    below: BTreeSet<RevisionId>,
    /// What is there besides while it runs.
    beside: BTreeSet<RevisionId>,
}

impl<'h> Passed<'h> {
    fn new(history: &'h History, at: usize, link: &'h Link, beside: BTreeSet<RevisionId>) -> Self {
        let below = history.ancestors([link.revision.id]).iter().map(|link| link.revision.id).collect();
        Self { at, link, below, beside }
    }

    fn id(&self) -> RevisionId {
        self.link.revision.id
    }

    /// Whether its steps are others where these are there.
    fn differs(&self, history: &History, beside: &BTreeSet<RevisionId>) -> bool {
        match (history.steps_on(self.link, &self.beside), history.steps_on(self.link, beside)) {
            (Ok(steps), Ok(others)) => steps != others,
            (Err(_), _) | (_, Err(_)) => true,
        }
    }
}

/// Revisions without one of them and all that builds on it.
fn without(history: &History, revisions: &BTreeSet<RevisionId>, gone: RevisionId) -> BTreeSet<RevisionId> {
    let builds = |id: &RevisionId| history.ancestors([*id]).iter().any(|link| link.revision.id == gone);
    revisions.iter().copied().filter(|id| !builds(id)).collect()
}
