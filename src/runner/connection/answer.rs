//! The rows of a query to PostgreSQL, read as they come.

use std::sync::Arc;

use sqlx::postgres::PgRow;
use sqlx::{Column, Row as _};

use super::Row;

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
    pub(super) fn read(&mut self, row: &PgRow) -> sqlx::Result<()> {
        let names = || row.columns().iter().map(|column| column.name().to_owned()).collect();
        let columns = self.columns.get_or_insert_with(names);
        // Sent as text, every type arrives as text.
        let cells = (0..row.len()).map(|at| row.try_get_unchecked(at)).collect::<sqlx::Result<_>>()?;
        self.rows.push(Row::new(Arc::clone(columns), cells));
        Ok(())
    }
}
