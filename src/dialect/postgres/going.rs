//! How the reference rows that go are spelled and compared: values of types whose equality is their own by what they
//! are, all others by what the server prints of them.

use super::Postgres;
use super::quote::{ident, object, string, value};
use super::types::{BIGINT, BOOL, DOUBLE, INTEGER, PgType, SMALLINT, TEXT, VARCHAR};
use crate::dialect::spelling::Spelling;
use crate::model::{Column, Value};
use crate::name::{Name, ObjectName};

impl Spelling for Postgres {
    fn name(&self, name: &Name) -> String {
        ident(name)
    }

    fn table(&self, name: &ObjectName) -> String {
        object(name)
    }

    fn text(&self, text: &str) -> String {
        string(text)
    }

    fn value(&self, cell: &Value) -> String {
        value(cell)
    }

    fn holds(&self, column: &Column, cell: &Value) -> String {
        if is_exact(column, cell) {
            return format!("{} = {}", ident(&column.name), value(cell));
        }
        format!("{} COLLATE \"C\" = {}", self.held(column), self.written(column, cell))
    }

    fn held(&self, column: &Column) -> String {
        format!("CAST({} AS text)", ident(&column.name))
    }

    fn written(&self, column: &Column, cell: &Value) -> String {
        let ty = PgType::of(&column.ty.common).sql();
        format!("CAST(CAST({} AS {ty}) AS text)", value(cell))
    }
}

/// Whether a literal, compared with a column, is taken for just what was written to it.
fn is_exact(column: &Column, cell: &Value) -> bool {
    if column.collation.common.is_some() {
        return false;
    }
    let ty = PgType::of(&column.ty.common);
    match cell {
        Value::Number(_) => [SMALLINT, INTEGER, BIGINT, DOUBLE].iter().any(|word| ty.is(word)),
        Value::Bool(_) => ty.is(BOOL),
        Value::Text(_) => {
            let words = [TEXT, VARCHAR, "date", "uuid", "bytea"];
            words.iter().any(|word| ty.is(word)) || (ty.enum_name().is_some() && ty.dimensions == 0)
        }
        Value::Null | Value::Sql(_) => false,
    }
}
