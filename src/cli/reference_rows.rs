//! Puts reference rows into a database whatever it holds: one that is there is updated, one that isn't is added.

use super::database::Database;
use super::failure::Failure;
use super::sql_view;
use crate::change::{Op, RowEdit, Step};
use crate::model::{DataSet, Row, State, Value};
use crate::name::Name;
use crate::plan::{Direction, lower};
use crate::runner::connection::{Connection, DatabaseError};
use crate::runner::jobs::Server;

/// A row: the statements that update it, and those that add it where there was nothing to update.
struct Put {
    update: Vec<String>,
    insert: Vec<String>,
}

/// Puts the rows of a state that the database is in. Returns how many are in place.
///
/// # Errors
/// A row can't be had; none was put then.
pub(crate) async fn put(database: &mut Database, state: &State) -> Result<u64, Failure> {
    let server = database.server();
    let state = state.for_dialect(&server.dialect.name());
    let mut puts = Vec::new();
    for set in &state.data {
        for row in set.rows.values() {
            puts.push(of_row(set, row, &state, server)?);
        }
    }
    if puts.is_empty() {
        return Ok(0);
    }
    let connection = &mut database.session.connection;
    let failed = |error: DatabaseError| Failure::from(error.diagnostic("can't put a reference row"));
    connection.begin().await.map_err(failed)?;
    let put = match all(connection, &puts).await {
        Ok(put) => connection.commit().await.map(|()| put),
        Err(error) => Err(error),
    };
    if put.is_err() {
        // The first error is what counts; a lost connection rolls back by itself.
        let _ = connection.rollback().await;
    }
    put.map_err(failed)
}

fn of_row(set: &DataSet, row: &Row, state: &State, server: Server) -> Result<Put, Failure> {
    let statements = |edit: RowEdit| -> Result<Vec<String>, Failure> {
        let op = Op::Row { table: set.name.clone(), key: set.key.clone(), edit };
        let lowered = lower(&[Step::Op(op)], state, Direction::Up, server.dialect, server.version)?;
        Ok(sql_view::flat(&lowered))
    };
    let key = Row(row.0.iter().filter(|(name, _)| set.key.contains(name)).map(cell).collect());
    let update = statements(RowEdit::Update { from: key, to: row.clone() })?;
    Ok(Put { update, insert: statements(RowEdit::Insert(row.clone()))? })
}

fn cell((name, value): (&Name, &Value)) -> (Name, Value) {
    (name.clone(), value.clone())
}

async fn all(connection: &mut Connection, puts: &[Put]) -> Result<u64, DatabaseError> {
    let mut put = 0;
    for Put { update, insert } in puts {
        let mut changed = 0;
        for sql in update {
            changed += connection.execute(sql).await?;
        }
        if changed == 0 {
            for sql in insert {
                changed += connection.execute(sql).await?;
            }
        }
        put += changed;
    }
    Ok(put)
}
