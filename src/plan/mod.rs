//! Turns the steps of a revision, in one direction, into what a runner does on one dialect: segments that share
//! a transaction, each a list of statements, rebuilds and hooks. Pure: no database is asked.

pub mod errors;
mod hazard;
mod hook;
mod lower;
mod offending;
mod partway;
pub mod touched;
mod variable;

pub use hazard::hazards;
pub use hook::{Check, HookTask};
pub use lower::{Lowering, lower};
pub use offending::{Offence, Probe, Refusal, Undone, offending_rows};
pub use partway::{Partway, effect};
pub use variable::{HIDDEN, Values, VariableType, VariableValue, hooks};

use std::str::FromStr;

use crate::dialect::{Hazard, Rebuild, Statement};

/// Which way a revision runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Apply: from the revision's `from` to its `to`.
    Up,
    /// Roll back.
    Down,
}

impl Direction {
    /// The word for it in files and tables.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

impl FromStr for Direction {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        [Self::Up, Self::Down].into_iter().find(|known| known.word() == text).ok_or(())
    }
}

/// Consecutive work that shares a transaction, or one statement that must run outside of any.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Whether the work runs in a transaction.
    pub transactional: bool,
    /// What there is to do, in order; never empty.
    pub work: Vec<Work>,
}

/// One thing to do and the steps of the revision that it serves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Work {
    /// The steps, by their place in the revision (counted upwards in either direction).
    pub steps: Vec<usize>,
    /// Those of them that make others wait.
    pub hazards: Vec<(usize, Hazard)>,
    /// What to do.
    pub task: Task,
}

/// What a runner does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Task {
    /// Run a statement.
    Statement(Statement),
    /// Make a table anew and move its rows.
    Rebuild(Box<Rebuild>),
    /// Move data, and check it.
    Hook(HookTask),
}
