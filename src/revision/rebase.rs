//! The revisions of one branch written anew on top of another, in a row. Pure: nothing is written.

use std::collections::BTreeSet;

use super::chain::{Carried, Decision, History, Link, Unjoined};
use super::{Revision, RevisionId, codec};
use crate::diagnostic::Diagnostic;
use crate::model::State;
use crate::snapshot;

/// A revision in its new place.
#[derive(Debug, Clone)]
pub struct Rebased<'h> {
    /// What it was.
    pub was: &'h Link,
    /// What it is: its id, message, time and tags are the same.
    pub revision: Revision,
    /// The state that it leads to.
    pub state: State,
    /// Hooks whose SQL uses names that are no longer right.
    pub doubts: Vec<Diagnostic>,
}

impl History {
    /// These revisions, which `onto` doesn't build on, one behind the other on top of it. What only joined branches that
    /// lie in a row now is left out.
    ///
    /// # Errors
    /// As those of [`carried`](Self::carried); what is in place is ours.
    pub fn rebased<'h>(
        &'h self,
        own: &[&'h Link],
        onto: &Link,
        decisions: &[Decision],
    ) -> Result<Vec<Rebased<'h>>, Unjoined> {
        let below = self.ancestors([onto.revision.id]);
        let mut applied: BTreeSet<RevisionId> = below.iter().map(|link| link.revision.id).collect();
        let mut rebased: Vec<Rebased<'h>> = Vec::with_capacity(own.len());
        let mut from = onto.revision.to;
        for was in own.iter().copied() {
            let Carried { steps, state, doubts } = self.carried(was, &applied, decisions)?;
            applied.insert(was.revision.id);
            if was.revision.parents.len() > 1 && steps.is_empty() {
                continue;
            }
            let to = snapshot::hash(&state);
            let revision = match rebased.last() {
                None => was.revision.clone().on(&onto.revision, onto.digest, from, to, steps),
                Some(Rebased { revision: last, .. }) => {
                    was.revision.clone().on(last, codec::digest(last), from, to, steps)
                }
            };
            rebased.push(Rebased { was, revision, state, doubts });
            from = to;
        }
        Ok(rebased)
    }
}
