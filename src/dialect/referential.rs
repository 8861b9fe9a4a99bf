//! The words of a foreign key's actions, which the SQL standard gives and all databases share.

use crate::model::Action;

/// What stands behind `ON DELETE` or `ON UPDATE`; `None` for what happens when nothing is said.
pub(super) fn referential_action(action: Action) -> Option<&'static str> {
    match action {
        Action::NoAction => None,
        Action::Restrict => Some("RESTRICT"),
        Action::Cascade => Some("CASCADE"),
        Action::SetNull => Some("SET NULL"),
        Action::SetDefault => Some("SET DEFAULT"),
    }
}
