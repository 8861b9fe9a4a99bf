//! The rows of queries to a server, read as they come.

use std::sync::Arc;

use futures_core::stream::BoxStream;
use sqlx::{Column, Either};

use super::Row;

/// Reads a cell as text.
pub(super) type ReadCell<R> = fn(&R, usize) -> sqlx::Result<Option<String>>;

/// The rows that have come so far.
#[derive(Default)]
pub(super) struct Answer {
    columns: Option<Arc<[String]>>,
    pub(super) rows: Vec<Row>,
}

impl Answer {
    /// Takes the next row.
    ///
    /// # Errors
    /// A cell is no text.
    pub(super) fn read<R: sqlx::Row>(&mut self, row: &R, cell: ReadCell<R>) -> sqlx::Result<()> {
        let names = || row.columns().iter().map(|column| column.name().to_owned()).collect();
        let columns = self.columns.get_or_insert_with(names);
        let cells = (0..row.len()).map(|at| cell(row, at)).collect::<sqlx::Result<_>>()?;
        self.rows.push(Row::new(Arc::clone(columns), cells));
        Ok(())
    }
}

/// The rows of each query of a text. Whatever is wrong, all is read, so that the connection has nothing left of it.
///
/// # Errors
/// How many queries were answered, and what came instead of the next one.
pub(super) async fn each<D, R: sqlx::Row>(
    mut incoming: BoxStream<'_, sqlx::Result<Either<D, R>>>,
    cell: ReadCell<R>,
) -> Result<Vec<Vec<Row>>, (usize, sqlx::Error)> {
    let (mut answers, mut answer) = (Vec::new(), Answer::default());
    let mut refused = None;
    while let Some(next) = std::future::poll_fn(|context| incoming.as_mut().poll_next(context)).await {
        let read = next.and_then(|next| match next {
            Either::Left(_) => {
                answers.push(std::mem::take(&mut answer).rows);
                Ok(())
            }
            Either::Right(row) => answer.read(&row, cell),
        });
        refused = refused.or(read.err());
    }
    match refused {
        Some(error) => Err((answers.len(), error)),
        None => Ok(answers),
    }
}
