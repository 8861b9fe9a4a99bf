//! Puts reference rows into a database whatever it holds: one that is there is updated, one that isn't is added.

use super::database::Database;
use super::failure::Failure;
use super::{sql_view, wording};
use crate::change::{Op, RowEdit, Step};
use crate::model::{DataSet, Row, State, Value};
use crate::name::Name;
use crate::plan::{Direction, lower};
use crate::runner::connection::{Connection, DatabaseError, ErrorKind};
use crate::runner::jobs::Server;

/// A row: the query for what it holds, the statements that update it, and those that add it where there was nothing to
/// update.
struct Put {
    held: String,
    update: Vec<String>,
    insert: Vec<String>,
}

/// Puts the rows of a state that the database is in. Returns how many were added or held something else.
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
    let held = held(set, row, server);
    let update = RowEdit::Update { from: key.clone(), to: row.clone() };
    Ok(Put {
        held,
        update: statements(set, Some(key), update, state, server)?,
        insert: statements(set, None, RowEdit::Insert(row.clone()), state, server)?,
    })
}

/// The query for what a row's cells hold.
fn held(set: &DataSet, row: &Row, server: Server) -> String {
    let rules = server.dialect.rules();
    let columns: Vec<String> = row.cells.keys().map(|column| rules.quoted(column.as_str())).collect();
    let found = row.cells.iter().filter(|(column, _)| set.key.contains(column)).map(|(column, value)| {
        let column = rules.quoted(column.as_str());
        match value {
            Value::Null => format!("{column} IS NULL"),
            value => format!("{column} = {}", wording::expression(value, rules)),
        }
    });
    let (table, found) = (wording::object(&set.name, rules), found.collect::<Vec<_>>().join(" AND "));
    format!("SELECT {} FROM {table} WHERE {found}", columns.join(", "))
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
    for Put { held, update, insert } in puts {
        let before = cells(connection, held).await?;
        let mut updated = 0;
        for sql in update {
            updated += connection.execute(sql).await?;
        }
        if updated == 0 {
            put += add(connection, insert).await?;
        } else if cells(connection, held).await? != before {
            put += 1;
        }
    }
    Ok(put)
}

async fn cells(connection: &mut Connection, query: &str) -> Result<Vec<Vec<Option<String>>>, DatabaseError> {
    let rows = connection.query(query).await?;
    Ok(rows.into_iter().map(crate::runner::connection::Row::into_cells).collect())
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
