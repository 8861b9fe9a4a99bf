//! Revisions: files that lead from one state to the next, the chain that they form, and the names by which people
//! call them. Files are reached through [`Files`](crate::snapshot::Files) alone; nothing here runs SQL.

mod amend;
pub mod chain;
pub mod codec;
pub mod errors;
mod id;
mod mark;
mod name;
mod parents;
mod rebase;
mod script;
mod squash;
mod target;
#[cfg(test)]
mod testing;
mod write;

use jiff::Timestamp;

use crate::change::Step;
use crate::hash::{RevisionDigest, StateHash};
use crate::name::Name;

pub use amend::rebase_hooks;
pub use chain::{Carried, Decision, History, Link, Path, Unjoined, Unlinked, object, read_aside};
pub use codec::{Places, digest, print, print_steps};
pub use id::{RevisionId, RevisionIdError};
pub use mark::{Mark, add_mark, mark_name, remove_mark};
pub use name::{RevisionName, RevisionNameError, slug};
pub use parents::name_parents;
pub use rebase::Rebased;
pub use script::{UNFILLED, is_unfilled, unfilled};
pub use squash::{Moved, Squashed};
pub use target::Target;
pub use write::{amend, put_together, replace, replace_all, write};

/// One link of the chain: the steps that lead from one state to another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision {
    /// The stem of its file.
    pub name: RevisionName,
    /// What stays the same whatever becomes of the file.
    pub id: RevisionId,
    /// The revisions that it stands in place of, in their order; a database that has them needs nothing of it.
    pub replaces: Vec<Replaced>,
    /// What it builds on: none for the first, several where branches are joined.
    pub parents: Vec<Parent>,
    /// What must have run before it without being what it builds on.
    pub depends_on: Vec<Dependency>,
    /// The state that it starts from: that of all that must have run before it.
    pub from: StateHash,
    /// The state that it leads to.
    pub to: StateHash,
    /// What it is for, in a person's words.
    pub message: Box<str>,
    /// When it was written, to the second.
    pub created: Timestamp,
    /// Further names for it. They are no part of its content, so a revision in use can get one.
    pub tags: Vec<Name>,
    /// Names of the branch that begins with it. They are no part of its content either.
    pub labels: Vec<Name>,
    /// What it does, in order.
    pub steps: Vec<Step>,
}

/// A revision that another builds on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parent {
    /// Its name.
    pub name: RevisionName,
    /// The digest that it had when the other was written on top of it.
    pub digest: RevisionDigest,
    /// What both it and another parent changed, and where its word counts, as [`object`] calls it.
    pub wins: Vec<Box<str>>,
}

/// A revision that must have run before another which doesn't build on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// The name that it had, for people.
    pub name: RevisionName,
    /// Its id.
    pub id: RevisionId,
}

/// A revision that another stands in place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replaced {
    /// Its name.
    pub name: RevisionName,
    /// Its id.
    pub id: RevisionId,
    /// The digest that it had.
    pub digest: RevisionDigest,
}
