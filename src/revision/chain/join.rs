//! The state of several branches at once, and the steps of a revision on a database that has more than it was written
//! for. Both follow from joining states: by meaning, not by the order in which branches are applied.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::versions::Versions;
use super::{History, Link};
use crate::change::{Down, Hook, Script, ScriptText, Step};
use crate::diagnostic::Diagnostic;
use crate::diff::merge::{Conflict, Side, Version};
use crate::model::{Place, Rename, State};
use crate::revision::RevisionId;
use crate::revision::errors::{E433, E434};
use crate::sql::{Rules, identifiers};

/// Whose word counts for something that two branches changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// A revision on the branch that is right.
    pub revision: RevisionId,
    /// What it is about, as [`object`] calls it, or what that is part of.
    pub object: Box<str>,
}

/// The steps of a revision in another place than the one that it was written for.
#[derive(Debug, Clone)]
pub struct Carried {
    /// The steps.
    pub steps: Vec<Step>,
    /// The state that they lead to.
    pub state: State,
    /// Hooks whose SQL uses names that are no longer right.
    pub doubts: Vec<Diagnostic>,
}

/// Why branches have no state together.
#[derive(Debug, Clone)]
pub enum Unjoined {
    /// The chain is broken.
    Broken(Diagnostic),
    /// They changed the same in different ways.
    Conflicts(Vec<Conflict>),
}

impl From<Diagnostic> for Unjoined {
    fn from(problem: Diagnostic) -> Self {
        Self::Broken(problem)
    }
}

/// How a decision on a conflict calls what it is about: `users`, `users.name`.
#[must_use]
pub fn object(place: &Place) -> String {
    match place {
        Place::Namespace(name) => name.to_string(),
        Place::Enum(name)
        | Place::Table(name)
        | Place::View(name)
        | Place::Object(name)
        | Place::Data(name)
        | Place::Row(name, _) => name.to_string(),
        Place::Member(table, _, name) => format!("{table}.{name}"),
    }
}

impl History {
    /// The version that these revisions come to together, with decisions that no revision has recorded. In a conflict
    /// between two of them, the first is ours.
    ///
    /// # Errors
    /// A step doesn't fit, or branches changed the same and nobody has decided.
    pub fn joined(&self, ids: &[RevisionId], decisions: &[Decision]) -> Result<Version, Unjoined> {
        Versions::new(self, decisions).of(ids)
    }

    /// A revision in another place: on top of these, which are what it builds on and more.
    ///
    /// # Errors
    /// As those of [`joined`](Self::joined); what is in place is ours.
    pub fn carried(
        &self,
        link: &Link,
        applied: &BTreeSet<RevisionId>,
        decisions: &[Decision],
    ) -> Result<Carried, Unjoined> {
        let Some(index) = self.ids.get(&link.revision.id).copied() else {
            return Err(Unjoined::Conflicts(Vec::new()));
        };
        let mut before = self.reach(applied.iter().copied());
        before.remove(&index);
        Versions::new(self, decisions).carried(index, &before)
    }

    /// The steps of a revision as they run on a database that has these revisions: its own where they are what it
    /// builds on, and otherwise what they come to there.
    ///
    /// # Errors
    /// The branches contradict each other, a step doesn't fit, or a hook uses a name that another branch has changed.
    pub fn steps_on<'h>(
        &'h self,
        link: &'h Link,
        applied: &BTreeSet<RevisionId>,
    ) -> Result<Cow<'h, [Step]>, Diagnostic> {
        let Some(index) = self.ids.get(&link.revision.id).copied() else {
            return Ok(Cow::Borrowed(&link.revision.steps));
        };
        let mut before = self.reach(applied.iter().copied());
        before.remove(&index);
        let own = self.reach([link.revision.id]);
        if own.len() == before.len() + 1 && before.is_subset(&own) {
            return Ok(Cow::Borrowed(&link.revision.steps));
        }
        let carried = Versions::new(self, &[]).carried(index, &before);
        let Carried { steps, state: _, doubts } = carried.map_err(|why| self.explain(why, &before, link))?;
        match doubts.into_iter().next() {
            Some(doubt) => Err(doubt),
            None => Ok(Cow::Owned(steps)),
        }
    }

    /// What keeps branches from having a state, for people who did not ask for a merge.
    pub(super) fn unjoined(&self, why: Unjoined, set: &BTreeSet<usize>) -> Diagnostic {
        let tips = self.tips_of(set);
        let names: Vec<String> =
            tips.iter().map(|tip| format!("`{}`", self.links[*tip].revision.name)).collect();
        contradiction(why, &names.join(" and "))
    }

    fn explain(&self, why: Unjoined, before: &BTreeSet<usize>, link: &Link) -> Diagnostic {
        let others = self.tips_of(before);
        let names = others.iter().map(|tip| &self.links[*tip].revision.name);
        let names = names.chain([&link.revision.name]).map(|name| format!("`{name}`"));
        contradiction(why, &names.collect::<Vec<_>>().join(" and "))
    }

    pub(super) fn tips_of(&self, set: &BTreeSet<usize>) -> Vec<usize> {
        let is_below = |index: usize| self.needed_by[index].iter().any(|child| set.contains(child));
        set.iter().copied().filter(|index| !is_below(*index)).collect()
    }

    /// These revisions and all that they build on.
    pub(super) fn below(&self, indices: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
        self.reach(indices.into_iter().map(|index| self.links[index].revision.id))
    }
}

fn contradiction(why: Unjoined, names: &str) -> Diagnostic {
    match why {
        Unjoined::Broken(problem) => problem,
        Unjoined::Conflicts(conflicts) => {
            let places: Vec<String> = conflicts.iter().map(|conflict| conflict.place.to_string()).collect();
            let message = format!("{names} contradict each other over {}", places.join(", "));
            Diagnostic::error(&E433, message).help("run `schemactl merge` to see and decide it")
        }
    }
}

/// The operations from one version to the next, as steps that were tried.
pub(super) fn lead(
    link: &Link,
    from: &Version,
    to: &Version,
) -> Result<impl Iterator<Item = Step> + use<>, Unjoined> {
    let ops = from.lead(to).map_err(|why| why.to_string()).and_then(|ops| {
        let mut state = from.state.clone();
        let tried = crate::change::replay(&mut state, &ops);
        tried.map(|()| ops).map_err(|(_, why)| why.to_string())
    });
    let ops = ops.map_err(|why| {
        let message = format!("`{}` can't run behind another branch: {why}", link.revision.name);
        Diagnostic::error(&E433, message).help("put it on top of the other with `schemactl rebase`")
    })?;
    Ok(ops.into_iter().map(Step::Op))
}

pub(super) fn side(decided: &[(&str, Side)], place: &Place) -> Option<Side> {
    let exact = object(place);
    let around = place.parent().map(|parent| object(&parent));
    let of = |wanted: &str| decided.iter().find(|(name, _)| *name == wanted).map(|(_, side)| *side);
    of(&exact).or_else(|| of(&around?))
}

/// What is wrong with a hook whose SQL uses a name that something has no longer.
pub(super) fn doubt(hook: &Hook, renames: &[Rename], link: &Link) -> Option<Diagnostic> {
    let down = match &hook.down {
        Down::Script(script) => Some(script),
        Down::Irreversible { reason: _ } => None,
    };
    let texts = std::iter::once(&hook.up).chain(down).filter_map(|script| match script {
        Script::Text(ScriptText { sql, file: _ }) => Some(sql),
        Script::Nothing | Script::Unfilled => None,
    });
    let checks = hook.before.iter().chain(&hook.expect).chain(&hook.after).map(|check| &check.query);
    let texts: Vec<&str> = texts.chain(checks).flat_map(|sql| sql.values()).map(|text| &**text).collect();
    for rename in renames {
        let (kind, before, now) = rename.names();
        let own = before.rsplit('.').next().unwrap_or_default();
        let uses = |text: &&str| identifiers(text, &Rules::SHARED).any(|name| name.is(own, &Rules::SHARED));
        if texts.iter().any(uses) {
            let name = &link.revision.name;
            let message = format!(
                "hook `{}` of `{name}` uses the {kind} `{before}`, which another branch calls `{now}`",
                hook.name
            );
            let help =
                format!("put it on top with `schemactl rebase {name}`, and write the new name into it");
            return Some(Diagnostic::error(&E434, message).help(help));
        }
    }
    None
}
