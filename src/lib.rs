//! Database schemas as code: states, reversible revisions, and the runner that applies them.

pub mod change;
pub mod cli;
pub mod diagnostic;
pub mod dialect;
pub mod diff;
pub mod document;
pub mod hash;
pub mod model;
pub mod name;
pub mod plan;
pub mod project;
pub mod revision;
pub mod runner;
pub mod snapshot;
pub mod sql;
pub mod syntax;
