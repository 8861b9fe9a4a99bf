//! States on disk: canonical text in files that are named by its hash.

pub mod errors;
mod files;
mod store;

use crate::hash::StateHash;
use crate::model::State;
use crate::syntax;

pub use files::{Disk, Files, Memory, replace_file};
pub use store::{Put, Snapshot, Store};

/// The text of a state that its hash is over, and that a snapshot holds: KDL of which there is one spelling, without
/// what makes no difference. Version `s1`; another version of the text gets another tag.
#[must_use]
pub fn canonical(state: &State) -> String {
    syntax::print(state)
}

/// Hashes states of which each is much like the one before, as those along a chain are.
#[derive(Debug, Default)]
pub struct Hasher(syntax::Printer);

impl Hasher {
    /// The same as [`hash`].
    #[must_use]
    pub fn hash(&mut self, state: &State) -> StateHash {
        StateHash::of(&self.0.print(state))
    }
}

/// The identity of a state.
#[must_use]
pub fn hash(state: &State) -> StateHash {
    StateHash::of(&canonical(state))
}
