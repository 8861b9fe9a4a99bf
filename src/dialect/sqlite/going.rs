//! How the reference rows that go are spelled and compared: a literal takes on the affinity of the column that it is
//! compared with, as it did when it was written.

use super::{Sqlite, quote};
use crate::dialect::spelling::Spelling;
use crate::model::{Column, Value};
use crate::name::{Name, ObjectName};

impl Spelling for Sqlite {
    fn name(&self, name: &Name) -> String {
        quote::name(name.as_str())
    }

    fn table(&self, name: &ObjectName) -> String {
        quote::name(name.name.as_str())
    }

    fn text(&self, text: &str) -> String {
        quote::text(text)
    }

    fn value(&self, cell: &Value) -> String {
        quote::value(cell)
    }

    fn holds(&self, column: &Column, cell: &Value) -> String {
        let name = quote::name(column.name.as_str());
        let exact = if column.collation.common.is_some() { " COLLATE BINARY" } else { "" };
        format!("{name}{exact} = {}", quote::value(cell))
    }

    fn held(&self, column: &Column) -> String {
        format!("CAST({} AS TEXT)", quote::name(column.name.as_str()))
    }

    fn written(&self, column: &Column, cell: &Value) -> String {
        // What is equal to it is what it was written as.
        let (held, written) = (self.held(column), quote::value(cell));
        format!("CASE WHEN {} THEN {held} ELSE CAST({written} AS TEXT) END", self.holds(column, cell))
    }

    /// `DEFAULT` is no word here.
    fn unsaid(&self, column: &Column) -> String {
        column.default.common.as_ref().map_or_else(|| "NULL".to_owned(), quote::value)
    }
}
