//! Chains of revisions in memory, made of states.

use schemactl::change::{Step, ops, replay};
use schemactl::diagnostic::{Diagnostic, Sources};
use schemactl::diff::diff;
use schemactl::model::{Rename, State};
use schemactl::revision::{Decision, History, Link, Rebased, Revision, RevisionId, Unjoined, write};
use schemactl::snapshot::{self, Files as _, Memory};

use super::Fork;

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

    /// The files, by their names.
    #[allow(dead_code, reason = "not every test binary writes them to a disk")]
    pub fn files(&self) -> Vec<(String, Vec<u8>)> {
        let names = self.files.list(FOLDER).expect("memory has folders");
        let content = |name: &String| self.files.read(&format!("{FOLDER}/{name}")).expect("it was listed");
        names.iter().map(|name| (name.clone(), content(name))).collect()
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

/// The chain of a fork: the base, and its two branches.
pub struct Forked {
    pub history: History,
    pub base: RevisionId,
    pub ours: Vec<RevisionId>,
    pub theirs: Vec<RevisionId>,
}

impl Forked {
    /// With names that put one branch in front of the other in the chain.
    pub fn named(fork: &Fork, names: [&str; 2]) -> Self {
        let Fork { base: start, ours, theirs, order: _ } = fork;
        let chain = Chain::default();
        let base = chain.add(&[], "base", &State::default(), start, &[]);
        let branch = |name: &str, side: &[(State, Vec<Rename>)]| -> Vec<RevisionId> {
            let (mut parent, mut from) = (base, start);
            let mut ids = Vec::new();
            for (state, renames) in side {
                parent = chain.add(&[parent], name, from, state, renames);
                from = state;
                ids.push(parent);
            }
            ids
        };
        let (ours, theirs) = (branch(names[0], ours), branch(names[1], theirs));
        Self { history: chain.history(), base, ours, theirs }
    }

    /// The heads.
    pub fn heads(&self) -> [RevisionId; 2] {
        [&self.ours, &self.theirs].map(|side| *side.last().expect("a branch has a step"))
    }

    /// Both branches in one order.
    pub fn mixed(&self, order: &[bool]) -> Vec<RevisionId> {
        let (mut ours, mut theirs) = (self.ours.iter().peekable(), self.theirs.iter().peekable());
        let mut order = order.iter().cycle();
        let mut mixed = Vec::new();
        loop {
            let is_ours = match (ours.peek(), theirs.peek()) {
                (None, None) => return mixed,
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (Some(_), Some(_)) => *order.next().unwrap_or(&true),
            };
            mixed.extend(if is_ours { ours.next() } else { theirs.next() });
        }
    }

    /// The chain in which our branch was put on top of theirs, and its revisions there; `None` where they contradict each
    /// other on the way.
    pub fn rebased(&self) -> Option<(History, Vec<RevisionId>)> {
        let link = |id: &RevisionId| self.history.get(*id).expect("it was written");
        let own: Vec<&Link> = self.ours.iter().map(link).collect();
        let onto = link(self.theirs.last().expect("a branch has a step"));
        let none: [Decision; 0] = [];
        let rebased = self.history.rebased(&own, onto, &none);
        let rebased = match rebased {
            Ok(rebased) => rebased,
            Err(Unjoined::Conflicts(_)) => return None,
            Err(Unjoined::Broken(problem)) => panic!("{problem}"),
        };
        let files = Memory::default();
        let stays = self.history.links().iter().filter(|link| !self.ours.contains(&link.revision.id));
        let moved = rebased.iter().map(|Rebased { revision, .. }| revision);
        for revision in stays.map(|link| &link.revision).chain(moved) {
            write(&files, FOLDER, revision).expect("the file is new");
        }
        let ids = rebased.iter().map(|one| one.revision.id).collect();
        Some((Chain { files }.history(), ids))
    }
}

/// Whether this says that branches contradict each other on the way to heads that don't, which a merge refuses.
pub fn is_contrary(problem: &Diagnostic) -> bool {
    problem.code.id == "E433" && problem.message.contains("contradict each other")
}
