//! Puts reference rows into a database whatever it holds: one that is there is updated, one that isn't is added.

use super::database::Database;
use super::failure::Failure;
use super::sql_view;
use crate::change::{Op, RowEdit, Step};
use crate::model::{DataSet, Row, State, Value};
use crate::name::Name;
use crate::plan::{Direction, lower};
use crate::runner::connection::{Connection, DatabaseError, ErrorKind};
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
    let cells = |(name, value): (&Name, &Value)| (name.clone(), value.clone());
    let key =
        Row::everywhere(row.cells.iter().filter(|(name, _)| set.key.contains(name)).map(cells).collect());
    let update = RowEdit::Update { from: key.clone(), to: row.clone() };
    Ok(Put {
        update: statements(set, Some(key), update, state, server)?,
        insert: statements(set, None, RowEdit::Insert(row.clone()), state, server)?,
    })
}

/// The statements of an edit in a state that knows of this row of the table alone.
fn statements(
    set: &DataSet,
    known: Option<Row>,
    edit: RowEdit,
    state: &State,
    server: Server,
) -> Result<Vec<String>, Failure> {
    let rows = known.and_then(|row| Some((row.key(&set.key)?, row))).into_iter().collect();
    let only = DataSet { name: set.name.clone(), key: set.key.clone(), rows };
    let state = State { data: std::iter::once(only).collect(), ..state.clone() };
    let op = Op::Row { table: set.name.clone(), key: set.key.clone(), edit };
    let segments = lower(&[Step::Op(op)], &state, Direction::Up, server.dialect, server.version)?;
    Ok(sql_view::flat(&segments))
}

async fn all(connection: &mut Connection, puts: &[Put]) -> Result<u64, DatabaseError> {
    let mut put = 0;
    for Put { update, insert } in puts {
        let mut changed = 0;
        for sql in update {
            changed += connection.execute(sql).await?;
        }
        if changed == 0 {
            changed += add(connection, insert).await?;
        }
        put += changed;
    }
    Ok(put)
}

/// Adds a row, unless it is there: one that is all key can't be updated to find out.
async fn add(connection: &mut Connection, insert: &[String]) -> Result<u64, DatabaseError> {
    let mut added = 0;
    for sql in insert {
        connection.execute("SAVEPOINT reference_row").await?;
        match connection.execute(sql).await {
            Ok(count) => added += count,
            Err(error) if error.kind == ErrorKind::UniqueViolation => {
                connection.execute("ROLLBACK TO SAVEPOINT reference_row").await?;
            }
            Err(error) => return Err(error),
        }
        connection.execute("RELEASE SAVEPOINT reference_row").await?;
    }
    Ok(added)
}
