//! The chain as a database knows it: told by revisions that lie aside where those are the ones that it has, and begun at a
//! checkpoint where it is new.

use std::collections::BTreeSet;

use super::context::Context;
use crate::diagnostic::{Diagnostic, Sources};
use crate::project::Project;
use crate::revision::{History, Link, RevisionId, Target};
use crate::runner::journal::Journal;

/// The chain of a project with all that can stand in place of parts of it.
pub(crate) struct Chain {
    project: Project,
    plain: History,
    aside: Option<Vec<Link>>,
    /// The checkpoint that the database is to begin with, if nothing has run on it.
    begin: Option<RevisionId>,
}

impl Chain {
    /// The chain of a project.
    pub(crate) fn new(project: Project, plain: History) -> Self {
        Self { project, plain, aside: None, begin: None }
    }

    /// The project.
    pub(crate) fn project(&self) -> &Project {
        &self.project
    }

    /// Begins new databases at the newest checkpoint on the way to a target.
    ///
    /// # Errors
    /// A checkpoint can't be read.
    pub(crate) fn begin(&mut self, context: &mut Context, target: &str) -> Result<(), Vec<Diagnostic>> {
        // A target that is counted from the beginning is about single revisions.
        let target =
            (!target.starts_with('+')).then(|| Target::resolve(&self.plain, target, &[]).ok()).flatten();
        let Some(target) = target else { return Ok(()) };
        let checkpoints = self.project.read_checkpoints(&mut context.sources)?;
        let needed = self.plain.ancestors(target.ids().iter().copied());
        let newest = newest(&checkpoints, &needed);
        self.begin = newest.map(|link| link.revision.id);
        let passed = checkpoints.iter().filter(|link| stale(link, &self.plain));
        for link in passed {
            let name = &link.revision.name;
            context.printer.note(format_args!("the checkpoint `{name}` is of other revisions, and not used"));
        }
        Ok(())
    }

    /// The chain as the database with this journal knows it.
    ///
    /// # Errors
    /// What lies aside can't be read, or doesn't fit.
    pub(crate) fn told(
        &mut self,
        journal: &Journal,
        sources: &mut Sources,
    ) -> Result<History, Vec<Diagnostic>> {
        let applied = journal.applied.iter().map(|entry| &entry.revision.id);
        let open = journal.unfinished.iter().map(|open| &open.revision.id);
        let mut known: BTreeSet<RevisionId> = applied.chain(open).filter_map(|id| id.parse().ok()).collect();
        if known.is_empty() {
            known.extend(self.begin);
        }
        if known.iter().all(|id| self.plain.get(*id).is_some()) {
            return Ok(self.plain.clone());
        }
        let aside = match self.aside.take() {
            Some(aside) => aside,
            None => self.project.read_aside(sources)?,
        };
        let told = match aside.is_empty() {
            true => Ok(self.plain.clone()),
            false => self.plain.told_by(&aside, &known),
        };
        self.aside = Some(aside);
        told
    }
}

/// The checkpoint nearest to the end of these revisions.
fn newest<'c>(checkpoints: &'c [Link], needed: &[&Link]) -> Option<&'c Link> {
    let ends_at = |checkpoint: &Link| {
        let last = checkpoint.revision.replaces.last()?;
        needed.iter().position(|link| {
            let inner = link.revision.replaces.last();
            link.digest == last.digest || inner.is_some_and(|inner| inner.digest == last.digest)
        })
    };
    let found = checkpoints.iter().filter_map(|link| Some((ends_at(link)?, link)));
    found.max_by_key(|(place, link)| (*place, link.revision.created)).map(|(_, link)| link)
}

/// Whether a checkpoint stands in place of a revision that was changed since.
pub(crate) fn stale(checkpoint: &Link, history: &History) -> bool {
    let Some(last) = checkpoint.revision.replaces.last() else { return true };
    match history.get(last.id) {
        Some(link) => link.digest != last.digest,
        None => !history.links().iter().any(|link| {
            link.revision.replaces.iter().any(|inner| inner.id == last.id && inner.digest == last.digest)
        }),
    }
}
