//! Changes as data: one reversible operation each, complete in itself, so that it can be stored, inverted,
//! applied to a state and rendered without looking anything up.

mod apply;
mod describe;
mod earlier;
mod edit;
mod effect;
mod hook;
mod loss;
mod op;
mod order;
mod projection;
mod references;
mod renames;
mod risk;
mod seen;
mod site;

pub use apply::{ApplyError, ops, replay};
pub use describe::{Line, Sign};
pub use earlier::Earlier;
pub use edit::Edit;
pub use effect::{Class, Loss, is_required};
pub use hook::{Down, Expectation, Hook, Script, ScriptText, Step};
pub use loss::{is_agreed, losses};
pub use op::{Op, RowEdit, TableEdit};
pub use order::{Cycle, needs, order};
pub use references::References;
pub use renames::Renames;
pub use risk::{risks, risks_of_undo, undone};
pub use seen::Seen;
pub use site::Site;
