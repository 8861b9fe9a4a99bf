//! A row of a result: named cells of text.

use std::sync::Arc;

/// A row; the names of its columns are shared with the other rows of its result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    columns: Arc<[String]>,
    cells: Vec<Option<String>>,
}

impl Row {
    pub(in crate::runner) fn new(columns: Arc<[String]>, cells: Vec<Option<String>>) -> Self {
        Self { columns, cells }
    }

    /// The names of the columns.
    #[must_use]
    pub fn columns(&self) -> &[String] {
        &self.columns
    }

    /// All cells, in the order of the columns; `None` is NULL.
    #[must_use]
    pub fn cells(&self) -> &[Option<String>] {
        &self.cells
    }

    /// All cells, to be kept.
    #[must_use]
    pub fn into_cells(self) -> Vec<Option<String>> {
        self.cells
    }

    /// The cell at this place; `None` if it is NULL or there is none.
    #[must_use]
    pub fn get(&self, at: usize) -> Option<&str> {
        self.cells.get(at).and_then(Option::as_deref)
    }

    /// The cell of this column; `None` if it is NULL or there is none.
    #[must_use]
    pub fn named(&self, column: &str) -> Option<&str> {
        self.columns.iter().position(|name| name == column).and_then(|at| self.get(at))
    }
}

/// Bytes as they are shown in a cell.
#[cfg(any(feature = "sqlite", feature = "mysql"))]
pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    let digits = bytes.iter().map(|byte| format!("{byte:02x}"));
    digits.fold("\\x".to_owned(), |text, pair| text + &pair)
}
