//! CREATE VIEW.

use super::cursor::Cursor;
use super::table::head;
use crate::dialect::sqlite::normal::{significant, statement};

/// The query of a view, as it is written; `None` if its columns are named in front of it.
pub(in crate::dialect::sqlite) fn view(sql: &str) -> Option<&str> {
    let tokens = significant(sql);
    let mut cursor = Cursor::new(sql, &tokens);
    head(&mut cursor, "VIEW")?;
    let is_plain = cursor.words(&["AS"]) && tokens.iter().all(|token| token.closed);
    let query = statement(sql.get(cursor.peek()?.span.start..)?);
    (is_plain && !query.is_empty()).then_some(query)
}
