//! The states along the chain, from running its steps in memory, and the check that they are what the revisions say.

use std::collections::{BTreeMap, BTreeSet};

use super::versions::Versions;
use super::{History, Link, Path};
use crate::change::{ApplyError, Earlier, Op, References, Step, ops};
use crate::diagnostic::Diagnostic;
use crate::diff;
use crate::diff::merge::Version;
use crate::hash::StateHash;
use crate::model::{Rename, State};
use crate::revision::RevisionId;
use crate::revision::errors::{E426, E427, E428};
use crate::snapshot::{self, Hasher};

impl History {
    /// The state at a place: what these revisions, and all that they build on, lead to. Base is no revisions.
    ///
    /// # Errors
    /// `E427` when a step doesn't fit, `E433` when branches contradict each other. The hash is not compared, see [`checked_state`](Self::checked_state).
    pub fn state_at(&self, ids: &[RevisionId]) -> Result<State, Diagnostic> {
        let set = self.reach(ids.iter().copied());
        let version = Versions::new(self, &[]).at(&set);
        version.map(|version| version.state).map_err(|why| self.unjoined(why, &set))
    }

    /// What columns were before they became what they are at a place.
    #[must_use]
    pub fn earlier_at(&self, ids: &[RevisionId]) -> Earlier {
        let links = self.ancestors(ids.iter().copied()).into_iter();
        Earlier::of(links.flat_map(|link| ops(&link.revision.steps)))
    }

    /// The state that a revision leads to, proven to be the one that it names.
    ///
    /// # Errors
    /// `E427` when a step doesn't fit, `E428` when the steps lead elsewhere.
    pub fn checked_state(&self, id: RevisionId) -> Result<State, Diagnostic> {
        let state = self.state_at(&[id])?;
        match self.get(id) {
            Some(link) => match expect(link, snapshot::hash(&state)) {
                Ok(()) => Ok(state),
                Err(problem) => Err(self.with_rival(link, problem)),
            },
            None => Ok(state),
        }
    }

    /// Says of a revision that doesn't lead where it should that another one joins the same and decides otherwise: branches
    /// have one state together, which the first of the two says.
    fn with_rival(&self, link: &Link, problem: Diagnostic) -> Diagnostic {
        let joined = |link: &Link| -> BTreeMap<RevisionId, Vec<Box<str>>> {
            let wins = link.revision.parents.iter().map(|parent| parent.wins.clone());
            self.parents(link.revision.id).map(|parent| parent.revision.id).zip(wins).collect()
        };
        let own = joined(link);
        let rival = self.links.iter().filter(|_| own.len() > 1).find(|other| {
            let others = joined(other);
            own.keys().eq(others.keys()) && own != others
        });
        let Some(rival) = rival else { return problem };
        let (name, rival) = (&link.revision.name, &rival.revision.name);
        problem.help(format!(
            "`{rival}` joins the same and decides otherwise: remove `{name}` or `{rival}`, and undo it first where it ran"
        ))
    }

    /// What is called otherwise at one place of the chain than at another, where one of them builds on the other: what the
    /// revisions between them rename. Nothing where neither does.
    ///
    /// # Errors
    /// `E427` when a step doesn't fit, `E433` when branches contradict each other.
    pub fn renames(&self, from: &[RevisionId], to: &[RevisionId]) -> Result<Vec<Rename>, Diagnostic> {
        let Path { back, forth } = self.path(from, to);
        match (back.is_empty(), forth.is_empty()) {
            (true, _) => Ok(diff::renames(&self.ops_behind(from, &forth)?).unwrap_or_default()),
            (false, true) => {
                let there = self.ops_behind(to, &back.into_iter().rev().collect::<Vec<_>>())?;
                let back: Vec<Op> = there.into_iter().rev().map(Op::inverse).collect();
                Ok(diff::renames(&back).unwrap_or_default())
            }
            (false, false) => Ok(Vec::new()),
        }
    }

    /// The operations of revisions that run one after the other behind a place.
    fn ops_behind(&self, place: &[RevisionId], links: &[&Link]) -> Result<Vec<Op>, Diagnostic> {
        let mut applied: BTreeSet<RevisionId> =
            self.ancestors(place.iter().copied()).iter().map(|link| link.revision.id).collect();
        let mut found = Vec::new();
        for link in links {
            found.extend(ops(&self.steps_on(link, &applied)?).cloned());
            applied.insert(link.revision.id);
        }
        Ok(found)
    }

    /// Replays the whole chain and compares the hash after each revision: a proof for every one of them, at the price
    /// of as many hashes. Behind a fault nothing is checked that builds on it.
    #[must_use]
    pub fn verify(&self) -> Vec<Diagnostic> {
        self.verify_each(|_, _, _| {})
    }

    /// [`Verifies`](Self::verify), and shows every revision that is proven, with the states before and after it.
    pub fn verify_each(&self, mut proven: impl FnMut(&Link, &State, &State)) -> Vec<Diagnostic> {
        let mut hasher = Hasher::default();
        let mut problems = Vec::new();
        let mut broken: BTreeSet<RevisionId> = BTreeSet::new();
        // The state at the revision before, which is nearly always the one that is built on.
        let mut last: Option<(RevisionId, State)> = None;
        for link in &self.links {
            let Link { revision, .. } = link;
            let parents: Vec<RevisionId> = self.needs(revision.id).map(|parent| parent.revision.id).collect();
            if parents.iter().any(|parent| broken.contains(parent)) {
                broken.insert(revision.id);
                continue;
            }
            let before = match last.take() {
                Some((id, state)) if parents == [id] => Ok(state),
                Some(_) | None => self.state_at(&parents),
            };
            let states = before.and_then(|before| {
                let after = replayed(link, before.clone(), parents.len() > 1, &mut hasher)?;
                Ok((before, after))
            });
            match states {
                Ok((before, after)) => {
                    proven(link, &before, &after);
                    last = Some((revision.id, after));
                }
                Err(problem) => {
                    broken.insert(revision.id);
                    problems.push(self.with_rival(link, problem));
                }
            }
        }
        problems
    }
}

/// The state behind a revision, compared with what the revision says of it.
fn replayed(link: &Link, mut state: State, joins: bool, hasher: &mut Hasher) -> Result<State, Diagnostic> {
    if joins {
        // With one parent, linking has compared the two hashes.
        let hash = hasher.hash(&state);
        if hash != link.revision.from {
            let message =
                format!("`{}` does not start from the state that its parents lead to", link.revision.name);
            let diagnostic = Diagnostic::error(&E426, message);
            let diagnostic = diagnostic.at(link.places.from, format!("they lead to `{hash}`"));
            return Err(diagnostic.help(remedy(link)));
        }
    }
    run(link, &mut state, &mut References::default())?;
    expect(link, hasher.hash(&state))?;
    Ok(state)
}

/// Runs the steps of a revision.
fn run(link: &Link, state: &mut State, references: &mut References) -> Result<(), Diagnostic> {
    for (index, step) in link.revision.steps.iter().enumerate() {
        let Step::Op(op) = step else { continue };
        op.apply_along(state, references).map_err(|why| unfit(link, index, &why))?;
    }
    Ok(())
}

/// Runs the steps of a revision and keeps track of names.
pub(super) fn follow(
    link: &Link,
    version: &mut Version,
    references: &mut References,
) -> Result<(), Diagnostic> {
    for (index, step) in link.revision.steps.iter().enumerate() {
        let Step::Op(op) = step else { continue };
        self::step(link, index, op, version, references)?;
    }
    Ok(())
}

/// Runs one step of a revision and keeps track of names.
pub(super) fn step(
    link: &Link,
    index: usize,
    op: &Op,
    version: &mut Version,
    references: &mut References,
) -> Result<(), Diagnostic> {
    let mark = link.revision.id.to_string();
    version.follow(op, references, &mark).map_err(|why| unfit(link, index, &why))
}

fn unfit(link: &Link, index: usize, why: &ApplyError) -> Diagnostic {
    let message = format!("step {} of `{}` can't run: {why}", index + 1, link.revision.name);
    let diagnostic = Diagnostic::error(&E427, message);
    let diagnostic = match link.places.steps.get(index) {
        Some(place) => diagnostic.at(*place, ""),
        None => diagnostic,
    };
    diagnostic.help(remedy(link))
}

fn expect(link: &Link, hash: StateHash) -> Result<(), Diagnostic> {
    if hash == link.revision.to {
        return Ok(());
    }
    let message = format!("the steps of `{}` do not lead to the state that it names", link.revision.name);
    let diagnostic =
        Diagnostic::error(&E428, message).at(link.places.to, format!("the steps lead to `{hash}`"));
    Err(diagnostic.help(remedy(link)))
}

fn remedy(link: &Link) -> String {
    format!("restore `{}` from version control, or plan it again if it is the head", link.path)
}
