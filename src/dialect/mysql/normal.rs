//! A state in the spelling that what was declared and what was read back have in common, by rules alone.

use super::NAME;
use crate::model::State;

/// The state in that spelling.
pub(super) fn normal(state: &State) -> State {
    state.for_dialect(&NAME)
}
