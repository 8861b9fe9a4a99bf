//! Database schemas as code: states, reversible revisions, and the runner that applies them.

pub mod diagnostic;
pub mod hash;
pub mod name;
