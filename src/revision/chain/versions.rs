//! The versions at places in the chain, see [`Versions`].

use std::collections::{BTreeMap, BTreeSet};

use super::join::{Carried, Decision, Unjoined, doubt, lead, side};
use super::{History, replay};
use crate::change::{References, Step};
use crate::diff::merge::{Conflict, Side, Version, join};
use crate::model::Place;
use crate::revision::RevisionId;

/// Versions at places in the chain, each worked out once.
///
/// Several branches come together as the chain joins them, also where only a part of each is there: the parts of what a
/// merge joins are joined first, and the merge's own word counts between them. So what it decided holds on the way to
/// it as well, whatever a database gets first.
pub(super) struct Versions<'h> {
    history: &'h History,
    /// By the tips.
    known: BTreeMap<Vec<usize>, Version>,
    /// The first revision that joins all of several tips.
    joints: BTreeMap<Vec<usize>, Option<usize>>,
    /// What is decided besides what revisions say.
    decisions: &'h [Decision],
    /// The revision that is put on top of others: in a conflict, they are ours.
    carried: Option<usize>,
}

/// A revision of which some steps have run.
#[derive(Clone, Copy)]
struct Halfway<'v> {
    index: usize,
    version: &'v Version,
}

/// One of the branches that are joined.
struct Part<'h> {
    set: BTreeSet<usize>,
    /// What it wins against the others.
    wins: &'h [Box<str>],
}

impl<'h> Versions<'h> {
    pub(super) fn new(history: &'h History, decisions: &'h [Decision]) -> Self {
        Self { history, known: BTreeMap::new(), joints: BTreeMap::new(), decisions, carried: None }
    }

    /// The version that these revisions come to together, in this order.
    pub(super) fn of(&mut self, ids: &[RevisionId]) -> Result<Version, Unjoined> {
        let parts = ids.iter().map(|id| Part { set: self.history.reach([*id]), wins: &[] });
        self.join(parts.collect(), None)
    }

    /// The version that has all of a set which lacks nothing that it builds on.
    pub(super) fn at(&mut self, set: &BTreeSet<usize>) -> Result<Version, Unjoined> {
        let tips = self.history.tips_of(set);
        if let Some(known) = self.known.get(&tips) {
            return Ok(known.clone());
        }
        let version = match tips.as_slice() {
            [] => Version::default(),
            [tip] => self.along(*tip)?,
            [_, _, ..] => {
                let parts = self.parts(set, &tips);
                self.join(parts, None)?
            }
        };
        self.known.insert(tips, version.clone());
        Ok(version)
    }

    /// As [`at`](Self::at), where one revision may have run in part.
    fn amid(&mut self, set: &BTreeSet<usize>, halfway: Option<Halfway<'_>>) -> Result<Version, Unjoined> {
        let Some(half) = halfway.filter(|half| set.contains(&half.index)) else { return self.at(set) };
        let tips = self.history.tips_of(set);
        if tips == [half.index] {
            return Ok(half.version.clone());
        }
        let parts = self.parts(set, &tips);
        self.join(parts, halfway)
    }

    /// The version behind one revision: from the last fork or known version below it.
    fn along(&mut self, tip: usize) -> Result<Version, Unjoined> {
        let mut way = vec![tip];
        let mut version = loop {
            let below = way.last().map_or(&[][..], |index| self.history.needs[*index].as_slice());
            match (below, self.known.get(below)) {
                (_, Some(known)) => break known.clone(),
                ([parent], None) => way.push(*parent),
                (below, None) => break self.at(&self.history.below(below.iter().copied()))?,
            }
        };
        let mut references = References::default();
        for index in way.into_iter().rev() {
            replay::follow(&self.history.links[index], &mut version, &mut references)?;
        }
        Ok(version)
    }

    /// What of a set with several tips lies below each of those that the first revision joins which joins them all, or
    /// below each head where none does. No part is the whole set: then something earlier would join its tips.
    fn parts(&mut self, set: &BTreeSet<usize>, tips: &[usize]) -> Vec<Part<'h>> {
        let history = self.history;
        let joint = *self.joints.entry(tips.to_vec()).or_insert_with(|| history.joint(tips));
        let part = |index: usize, wins| Part { set: &history.below([index]) & set, wins };
        match joint {
            Some(joint) => {
                let parents = history.links[joint].revision.parents.iter().map(|parent| &*parent.wins);
                let wins = parents.chain(std::iter::repeat(&[][..]));
                let mut needs: Vec<_> = history.needs[joint].iter().zip(wins).collect();
                needs.sort_by_key(|(index, _)| **index);
                needs.into_iter().map(|(index, wins)| part(*index, wins)).collect()
            }
            None => {
                let heads = (0..history.links.len()).filter(|index| history.needed_by[*index].is_empty());
                heads.map(|index| part(index, &[])).collect()
            }
        }
    }

    /// The version that has all parts. What has run in part comes last: where two things come to have the same name, it is
    /// the one that its later steps speak of.
    fn join(&mut self, mut parts: Vec<Part<'h>>, halfway: Option<Halfway<'_>>) -> Result<Version, Unjoined> {
        if let Some(Halfway { index, version: _ }) = halfway {
            parts.sort_by_key(|part| part.set.contains(&index));
        }
        let mut joined = BTreeSet::new();
        let mut version = Version::default();
        let mut won: Vec<&'h str> = Vec::new();
        for Part { set: theirs, wins } in parts {
            if joined.is_subset(&theirs) {
                version = self.amid(&theirs, halfway)?;
            } else if !theirs.is_subset(&joined) {
                let base = self.amid(&(&joined & &theirs), halfway)?;
                let other = self.amid(&theirs, halfway)?;
                let mut decided = self.decided(&joined, &theirs);
                decided.extend(won.iter().map(|object| (*object, Side::Ours)));
                decided.extend(wins.iter().map(|object| (&**object, Side::Theirs)));
                // On the way the revision's own word counts.
                let own = halfway.and_then(|half| exclusive(half.index, &joined, &theirs));
                let choice = |place: &Place| side(&decided, place).or(own);
                version = join(&base, &version, &other, &choice).map_err(|conflicts| {
                    let side = self.carried.and_then(|index| exclusive(index, &joined, &theirs));
                    Unjoined::Conflicts(match side {
                        Some(Side::Ours) => conflicts.into_iter().map(Conflict::swapped).collect(),
                        Some(Side::Theirs) | None => conflicts,
                    })
                })?;
            }
            joined.extend(theirs);
            won.extend(wins.iter().map(|object| &**object));
        }
        Ok(version)
    }

    /// What is decided between two sides besides what revisions say.
    fn decided(&self, ours: &BTreeSet<usize>, theirs: &BTreeSet<usize>) -> Vec<(&'h str, Side)> {
        let side = |id| self.history.ids.get(id).and_then(|index| exclusive(*index, ours, theirs));
        let decisions = self.decisions.iter();
        decisions.filter_map(|one| side(&one.revision).map(|side| (&*one.object, side))).collect()
    }

    /// The steps of a revision on top of a set that has what it builds on and more.
    pub(super) fn carried(&mut self, index: usize, before: &BTreeSet<usize>) -> Result<Carried, Unjoined> {
        self.carried = Some(index);
        let link = &self.history.links[index];
        let base = self.at(&self.history.below(self.history.needs[index].iter().copied()))?;
        let start = self.at(before)?;
        let mut after = before.clone();
        after.insert(index);
        let end = self.at(&after)?;
        let (mut own, mut now) = (base, start);
        let mut references = References::default();
        let (mut steps, mut doubts) = (Vec::new(), Vec::new());
        let last = link.revision.steps.iter().rposition(|step| matches!(step, Step::Op(_)));
        // What an operation alone leaves behind needn't hold together with the other branch: then the next one comes along
        // with it.
        let mut waits: Option<Result<Version, Unjoined>> = None;
        for (at, step) in link.revision.steps.iter().enumerate() {
            match step {
                Step::Hook(hook) => {
                    if let Some(next) = waits.take().transpose()? {
                        steps.extend(lead(link, &now, &next)?);
                        now = next;
                    }
                    doubts.extend(doubt(hook, &own.renames(&now), link));
                    steps.push(step.clone());
                }
                Step::Op(op) => {
                    replay::step(link, at, op, &mut own, &mut references)?;
                    let next = match Some(at) == last {
                        true => Ok(end.clone()),
                        false => self.amid(&after, Some(Halfway { index, version: &own })),
                    };
                    match next.as_ref().map(|next| lead(link, &now, next)) {
                        Ok(Ok(ops)) => {
                            steps.extend(ops);
                            now = next?;
                            waits = None;
                        }
                        Ok(Err(_)) | Err(_) => waits = Some(next),
                    }
                }
            }
        }
        steps.extend(lead(link, &now, &end)?);
        Ok(Carried { steps, state: end.state, doubts })
    }
}

/// The side that alone has a revision.
fn exclusive(index: usize, ours: &BTreeSet<usize>, theirs: &BTreeSet<usize>) -> Option<Side> {
    match (ours.contains(&index), theirs.contains(&index)) {
        (true, false) => Some(Side::Ours),
        (false, true) => Some(Side::Theirs),
        (true, true) | (false, false) => None,
    }
}

impl History {
    /// The first revision that builds on all of these, of which none builds on another: the one that joins them.
    fn joint(&self, tips: &[usize]) -> Option<usize> {
        let behind = tips.iter().max().map_or(0, |last| last + 1);
        (behind..self.links.len()).find(|index| {
            self.needs[*index].len() > 1 && self.below([*index]).is_superset(&tips.iter().copied().collect())
        })
    }
}
