//! Places on a branch: `billing@head`, `0004_invoices@base`, `billing@+1`. What lies beside the branch stays as it is.

use std::collections::BTreeSet;

use super::{Resolver, Target};
use crate::diagnostic::Diagnostic;
use crate::revision::RevisionId;
use crate::revision::chain::{Branch, Link};
use crate::revision::errors::{E423, E430};

impl Resolver<'_> {
    /// The branch that a text before the `@` means.
    pub(super) fn branch(&self, text: &str) -> Result<Branch, Diagnostic> {
        match self.named(text)?.as_ref().map(Target::ids) {
            Some([id]) => Ok(self.history.branch(*id)),
            Some([]) => {
                let message = format!("`{}` means no branch: `{text}` is before all of them", self.text);
                Err(Diagnostic::error(&E430, message).help("write a label or a revision before the `@`"))
            }
            Some(several) => Err(self.ambiguous(text, &self.links(several))),
            None => Err(self.unknown(text)),
        }
    }

    /// A place on a branch; `None` when nothing on it goes by this name.
    pub(super) fn on_branch(&self, branch: &Branch, text: &str) -> Result<Option<Target>, Diagnostic> {
        let heads = || {
            let heads = self.history.heads().into_iter();
            heads.filter(|head| branch.all.contains(&head.revision.id)).collect::<Vec<_>>()
        };
        let ids = |links: &[&Link]| Target::new(links.iter().map(|link| link.revision.id).collect());
        match text {
            "heads" => Ok(Some(ids(&heads()))),
            "head" => match heads().as_slice() {
                [one] => Ok(Some(ids(&[one]))),
                several => Err(self.several_heads(several)),
            },
            "base" => Ok(Some(self.before(branch))),
            "current" => Ok(Some(Target::new(self.tips(branch)))),
            _ => self.one_of(text, &|link| branch.all.contains(&link.revision.id)),
        }
    }

    /// Before the branch: what the database has and the branch isn't needed for, or, with nothing of it applied and
    /// nothing else either, what its first revision builds on.
    fn before(&self, branch: &Branch) -> Target {
        if self.position.is_empty() {
            let parents = self.history.parents(branch.first);
            return Target::new(parents.map(|link| link.revision.id).collect());
        }
        let left = self.without(self.applied(), &branch.all);
        Target::new(self.history.tips(&left))
    }

    /// Counts revisions of a branch from where the database is on it.
    pub(super) fn walk_branch(&self, branch: &Branch, count: i64) -> Result<Target, Diagnostic> {
        let mut applied = self.applied();
        for step in 0..count.abs() {
            let on: BTreeSet<RevisionId> = applied.intersection(&branch.all).copied().collect();
            let tip = match self.history.tips(&on).as_slice() {
                [] => None,
                [one] => Some(*one),
                several => return Err(self.ambiguous(self.text, &self.links(several))),
            };
            match (tip, count > 0) {
                (None, true) => applied.extend(self.below(branch.first)),
                (None, false) => return Err(self.outside(step)),
                (Some(tip), true) => {
                    let next: Vec<&Link> = self.history.children(tip).collect();
                    match next.as_slice() {
                        [] => return Err(self.outside(step)),
                        [one] => applied.extend(self.below(one.revision.id)),
                        several => return Err(self.ambiguous(self.text, several)),
                    }
                }
                (Some(tip), false) => applied = self.without(applied, &BTreeSet::from([tip])),
            }
        }
        Ok(Target::new(self.history.tips(&applied)))
    }

    /// What the database has of a branch, without what it is below.
    fn tips(&self, branch: &Branch) -> Vec<RevisionId> {
        self.history.tips(&self.applied().intersection(&branch.all).copied().collect())
    }

    fn applied(&self) -> BTreeSet<RevisionId> {
        self.position.iter().flat_map(|id| self.below(*id)).collect()
    }

    fn below(&self, id: RevisionId) -> BTreeSet<RevisionId> {
        self.history.ancestors([id]).iter().map(|link| link.revision.id).collect()
    }

    /// A set without some revisions and all that needs them.
    fn without(&self, set: BTreeSet<RevisionId>, gone: &BTreeSet<RevisionId>) -> BTreeSet<RevisionId> {
        set.into_iter().filter(|id| self.below(*id).is_disjoint(gone)).collect()
    }

    fn several_heads(&self, heads: &[&Link]) -> Diagnostic {
        let names: Vec<String> = heads.iter().map(|link| format!("`{}`", link.revision.name)).collect();
        let message = format!("`{}` means {} heads: {}", self.text, heads.len(), names.join(", "));
        let mut diagnostic = Diagnostic::error(&E423, message);
        for link in heads {
            diagnostic = diagnostic.at(link.places.name, "nothing builds on this one");
        }
        diagnostic.help("name one of them, join them with `schemactl merge`, or write `heads` behind the `@`")
    }
}
