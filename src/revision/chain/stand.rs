//! The chain as a database sees it that knows some of its revisions by others: by those that one stands in place of now,
//! or by one that stood in place of many when the database was new.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::Alias;
use super::{History, Link, marks};
use crate::change::{ops, replay};
use crate::diagnostic::Diagnostic;
use crate::model::State;
use crate::revision::errors::E443;
use crate::revision::{Mark, Replaced, RevisionId};
use crate::snapshot;

impl History {
    /// The same chain, told by the revisions that a database knows. `others` are revisions that lie aside: those that one
    /// in the chain stands in place of, and those that stand in place of some in the chain. Without a way to tell the chain
    /// by what is known, it is told as it is.
    ///
    /// # Errors
    /// What is wrong with the links between them.
    pub fn told_by(&self, others: &[Link], known: &BTreeSet<RevisionId>) -> Result<Self, Vec<Diagnostic>> {
        let mut links: BTreeMap<RevisionId, Link> =
            self.links.iter().map(|link| (link.revision.id, link.clone())).collect();
        let aside: BTreeMap<RevisionId, &Link> = others.iter().map(|link| (link.revision.id, link)).collect();
        let mut inner = BTreeSet::new();
        // Each round tells one place in more or fewer revisions; none is told twice.
        for _ in 0..=links.len() + others.len() {
            let coarse = aside.values().find(|link| {
                let id = link.revision.id;
                known.contains(&id) && !links.contains_key(&id) && covers(link, &links)
            });
            if let Some(coarse) = coarse {
                let covered = covered(coarse, &links);
                let covered: Vec<Link> = covered.iter().filter_map(|id| links.remove(id)).collect();
                self.told_on_top(coarse, &covered, &mut links).map_err(|problem| vec![problem])?;
                let told = coarse_of(coarse, &covered);
                links.insert(told.revision.id, told);
                continue;
            }
            let fine = links.values().find(|link| {
                let all: BTreeSet<RevisionId> = parts(link).collect();
                let mut within =
                    aside.values().filter(|other| all.contains(&other.revision.id) || is_within(other, &all));
                !known.contains(&link.revision.id)
                    && all.iter().all(|id| aside.contains_key(id))
                    && within.any(|other| known.contains(&other.revision.id))
            });
            let Some(fine) = fine.map(|link| link.revision.id) else { break };
            let Some(fine) = links.remove(&fine) else { break };
            inner.extend(parts(&fine).take(fine.revision.replaces.len().saturating_sub(1)));
            let mut found: Vec<Link> =
                parts(&fine).filter_map(|id| aside.get(&id)).map(|link| (*link).clone()).collect();
            for mark in [Mark::Tag, Mark::Label] {
                marks::hand_over(mark, &[&fine], &mut found);
            }
            links.extend(found.into_iter().map(|link| (link.revision.id, link)));
        }
        // Who was written on top of one that is told otherwise goes on naming it.
        let untold = self.links.iter().chain(others).filter(|link| !links.contains_key(&link.revision.id));
        let aliases = untold.filter_map(|known| {
            let last = known.revision.replaces.last()?;
            let end = links.values().find(|link| ends_as(link, last))?;
            Some(Alias { known, id: end.revision.id })
        });
        let aliases: Vec<Alias<'_>> = aliases.collect();
        let told = Self::link_known(links.into_values().collect(), &[], Some(&aliases))?;
        Ok(Self { inner, ..told })
    }
}

impl History {
    /// Whether a checkpoint is of a revision, as it was or as it is, or of the last of those that it stands in place of.
    #[must_use]
    pub fn ends(&self, checkpoint: &Link, link: &Link) -> bool {
        let last = checkpoint.revision.replaces.last().map(|last| last.id);
        let inner = link.revision.replaces.last().map_or(link.revision.id, |inner| inner.id);
        last.is_some_and(|last| last == link.revision.id || last == inner)
    }

    /// What is wrong with a revision that new databases begin with: it stands in place of others than there are, or its
    /// steps don't lead where these lead.
    #[must_use]
    pub fn doubts(&self, checkpoint: &Link) -> Option<Diagnostic> {
        let Link { revision, .. } = checkpoint;
        let last = revision.replaces.last();
        let ends = |link: &&Link| last.is_some_and(|last| ends_as(link, last));
        let end = self.links.iter().find(ends);
        // Where others have taken its place, only they say where it ends.
        let is_inner = |link: &Link| last.is_some_and(|last| link.revision.replaces.contains(last));
        if end.is_none() && !self.links.iter().any(is_inner) {
            let message =
                format!("the checkpoint `{}` is of a revision that was changed since", revision.name);
            return Some(Diagnostic::error(&E443, message).at(checkpoint.places.name, "").help(format!(
                "if no database began with it, run `schemactl checkpoint {}` again",
                revision.name
            )));
        }
        let mut state = State::default();
        let led = replay(&mut state, ops(&revision.steps)).is_ok();
        let is_right = led
            && end.is_none_or(|end| end.revision.to == revision.to)
            && snapshot::hash(&state) == revision.to;
        (!is_right).then(|| {
            let message = format!("the steps of the checkpoint `{}` lead elsewhere", revision.name);
            Diagnostic::error(&E443, message)
                .at(checkpoint.places.to, "")
                .help(format!("restore `{}` from version control", checkpoint.path))
        })
    }
}

fn parts(link: &Link) -> impl Iterator<Item = RevisionId> {
    link.revision.replaces.iter().map(|part| part.id)
}

/// The links that a revision takes the place of.
fn covered(coarse: &Link, links: &BTreeMap<RevisionId, Link>) -> BTreeSet<RevisionId> {
    let all: BTreeSet<RevisionId> = parts(coarse).collect();
    let found = links.values().filter(|link| all.contains(&link.revision.id) || is_within(link, &all));
    found.map(|link| link.revision.id).collect()
}

/// A revision with the marks of those in whose place it is told. Tags of places within it name none.
fn coarse_of(coarse: &Link, covered: &[Link]) -> Link {
    let mut told = [coarse.clone()];
    let last = coarse.revision.replaces.last();
    let ends: Vec<&Link> =
        covered.iter().filter(|link| last.is_some_and(|last| ends_as(link, last))).collect();
    marks::hand_over(Mark::Tag, &ends, &mut told);
    marks::hand_over(Mark::Label, &covered.iter().collect::<Vec<_>>(), &mut told);
    let [told] = told;
    told
}

/// Whether a revision stands in place of some of these alone.
fn is_within(link: &Link, all: &BTreeSet<RevisionId>) -> bool {
    !link.revision.replaces.is_empty() && parts(link).all(|id| all.contains(&id))
}

/// Whether a revision can take the place of links: the last of them ends where it ends.
fn covers(coarse: &Link, links: &BTreeMap<RevisionId, Link>) -> bool {
    let Some(last) = coarse.revision.replaces.last() else { return false };
    covered(coarse, links).iter().filter_map(|id| links.get(id)).any(|link| ends_as(link, last))
}

/// Whether a revision, or the last of those that it stands in place of, is this one.
fn ends_as(link: &Link, last: &Replaced) -> bool {
    let is_itself = link.revision.id == last.id && link.digest == last.digest;
    is_itself || link.revision.replaces.last().is_some_and(|inner| inner == last)
}
