//! What of a schema neither MySQL nor MariaDB can have.

use crate::diagnostic::Diagnostic;
use crate::model::State;

/// Checks a projected state.
pub(super) fn check(state: &State) -> Vec<Diagnostic> {
    let _ = state;
    Vec::new()
}
