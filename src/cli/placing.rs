//! Where in the chain a new revision goes: what it builds on, what else has to run before it, and what its branch is
//! called.

use super::chain;
use super::errors::{E816, E817};
use super::failure::Failure;
use crate::diagnostic::Diagnostic;
use crate::revision::{Dependency, History, Link, Mark, Revision, RevisionId, mark_name};

/// Where a new revision goes.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Placing {
    /// Put the revision on this head, where there are several: `billing@head`
    #[arg(long, visible_alias = "head", value_name = "REVISION")]
    parent: Option<String>,

    /// Let it be a revision that others build on already: a branch begins there
    #[arg(long, visible_alias = "splice", requires = "parent")]
    fork: bool,

    /// Run this revision before it, of another branch
    #[arg(long = "depends-on", value_name = "REVISION")]
    depends_on: Vec<String>,

    /// Name the branch that begins with the revision: `billing@head` is where it has come to
    #[arg(long = "label", visible_alias = "branch-label", value_name = "NAME")]
    labels: Vec<String>,
}

/// A place in the chain.
pub(super) struct Spot<'h> {
    /// What a revision there builds on; nothing is the base.
    pub(super) parent: Option<&'h Link>,
    /// What else must have run before it.
    pub(super) depends_on: Vec<&'h Link>,
}

impl Spot<'_> {
    /// The revisions whose state a revision there starts from.
    pub(super) fn ids(&self) -> Vec<RevisionId> {
        self.parent.iter().chain(&self.depends_on).map(|link| link.revision.id).collect()
    }
}

impl Placing {
    /// The place that is meant: on top of the one head, unless another is named.
    ///
    /// # Errors
    /// There are several heads, the named one is none, or a dependency adds nothing.
    pub(super) fn spot<'h>(&self, history: &'h History) -> Result<Spot<'h>, Failure> {
        let parent = match &self.parent {
            None => history.head().map_err(choose)?,
            Some(text) => {
                let link = chain::find(history, text)?;
                if let Some(child) = history.children(link.revision.id).next().filter(|_| !self.fork) {
                    let (name, child) = (&link.revision.name, &child.revision.name);
                    let message = format!("`{name}` is no head: `{child}` builds on it");
                    let help = format!(
                        "name a head, which `schemactl heads` lists, or begin a branch there: `--parent {name} --fork`"
                    );
                    return Err(Diagnostic::error(&E816, message).help(help).into());
                }
                Some(link)
            }
        };
        let below = history.ancestors(parent.map(|link| link.revision.id));
        let mut depends_on: Vec<&Link> = Vec::new();
        for text in &self.depends_on {
            let link = chain::find(history, text)?;
            if below.iter().any(|one| one.revision.id == link.revision.id) {
                let message = format!("a revision there builds on `{}` anyway", link.revision.name);
                let help = "leave `--depends-on` out; it is for revisions of other branches";
                return Err(Diagnostic::error(&E817, message).help(help).into());
            }
            if !depends_on.iter().any(|one| one.revision.id == link.revision.id) {
                depends_on.push(link);
            }
        }
        Ok(Spot { parent, depends_on })
    }

    /// Gives the revision its labels.
    ///
    /// # Errors
    /// Something goes by one of them already, or by the revision's name.
    pub(super) fn mark(&self, history: &History, revision: &mut Revision) -> Result<(), Failure> {
        for text in &self.labels {
            let label = mark_name(Mark::Label, text)?;
            if let Some(problem) = history.taken(Mark::Label, &label, Some(revision.id)) {
                return Err(problem.into());
            }
            if !revision.labels.contains(&label) {
                revision.labels.push(label);
            }
        }
        match history.message_taken(&revision.message, &revision.labels) {
            Some(problem) => Err(problem.into()),
            None => Ok(()),
        }
    }
}

/// Dependencies as a revision's file has them.
pub(super) fn dependencies(links: &[&Link]) -> Vec<Dependency> {
    let pin = |link: &&Link| Dependency { name: link.revision.name.clone(), id: link.revision.id };
    links.iter().map(pin).collect()
}

fn choose(problem: Diagnostic) -> Failure {
    let help = "say which of them the revision goes on: `--parent REVISION`; or make one of them with `schemactl merge` or `schemactl rebase`";
    Failure::from(problem.help(help))
}
