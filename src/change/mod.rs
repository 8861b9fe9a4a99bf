//! Changes as data: one reversible operation each, complete in itself, so that it can be stored, inverted,
//! applied to a state and rendered without looking anything up.

mod apply;
mod edit;
mod hook;
mod op;
mod projection;

pub use apply::{ApplyError, ops, replay};
pub use edit::Edit;
pub use hook::{Down, Expectation, Hook, Script, ScriptText, Step};
pub use op::{Op, RowEdit, TableEdit};
