//! How operations become SQL.

use super::version::is_mariadb;
use crate::diagnostic::Diagnostic;
use crate::dialect::{Action, Batch, Version};

/// What has to be done, in order.
pub(super) fn render(batch: Batch<'_>, version: Version) -> Result<Vec<Action>, Vec<Diagnostic>> {
    let _ = (batch, is_mariadb(version));
    Ok(Vec::new())
}
