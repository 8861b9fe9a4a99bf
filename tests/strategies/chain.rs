//! Chains of revisions in memory, made of states.

use schemactl::change::{Step, ops, replay};
use schemactl::diagnostic::Sources;
use schemactl::diff::diff;
use schemactl::model::{Rename, State};
use schemactl::revision::{History, Link, Revision, RevisionId, write};
use schemactl::snapshot::{self, Memory};

const FOLDER: &str = "revisions";

/// A chain that is written revision by revision.
#[derive(Default)]
pub struct Chain {
    files: Memory,
}

impl Chain {
    /// The chain as commands read it.
    pub fn history(&self) -> History {
        let history = History::load(&self.files, FOLDER, &mut Sources::default());
        history.unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    /// Adds a revision that leads from one state to another.
    pub fn add(
        &self,
        parents: &[RevisionId],
        message: &str,
        from: &State,
        to: &State,
        renames: &[Rename],
    ) -> RevisionId {
        let ops = diff(from, to, renames).expect("the states can follow each other");
        self.put(parents, message, from, ops.into_iter().map(Step::Op).collect())
    }

    /// Adds a revision with these steps.
    pub fn put(&self, parents: &[RevisionId], message: &str, from: &State, steps: Vec<Step>) -> RevisionId {
        let history = self.history();
        let parents: Vec<&Link> = parents.iter().filter_map(|id| history.get(*id)).collect();
        let mut to = from.clone();
        replay(&mut to, ops(&steps)).expect("the steps fit");
        let created = "2026-11-21T10:00:00Z".parse().expect("it is a time");
        let (from, to) = (snapshot::hash(from), snapshot::hash(&to));
        let revision = Revision::new(&parents, from, to, message, created, steps);
        write(&self.files, FOLDER, &revision).expect("the file is new");
        revision.id
    }
}
