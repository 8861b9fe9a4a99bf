//! CREATE INDEX.

use super::cursor::Cursor;
use super::{WrittenIndex, expression};
use crate::dialect::sqlite::definition::{IndexDef, KeyDef, KeyOn};
use crate::dialect::sqlite::normal::significant;
use crate::sql::TokenKind;

/// The index; `None` if the text is none.
pub(in crate::dialect::sqlite) fn index(sql: &str) -> Option<WrittenIndex> {
    let tokens = significant(sql);
    if tokens.iter().any(|token| !token.closed) {
        return None;
    }
    let mut cursor = Cursor::new(sql, &tokens);
    if !cursor.words(&["CREATE"]) {
        return None;
    }
    let unique = cursor.words(&["UNIQUE"]);
    if !cursor.words(&["INDEX"]) {
        return None;
    }
    cursor.words(&["IF", "NOT", "EXISTS"]);
    let mut name = cursor.name()?;
    if cursor.mark(".") {
        name = cursor.name()?;
    }
    if !cursor.words(&["ON"]) {
        return None;
    }
    let table = cursor.name()?;
    let keys = cursor.group()?.pieces().map(key).collect();
    let predicate = cursor.words(&["WHERE"]).then(|| expression::text(cursor));
    if predicate.is_none() && !cursor.is_at_end() && !cursor.mark(";") {
        return None;
    }
    Some(WrittenIndex { table, definition: IndexDef { name, unique, keys, predicate } })
}

fn key(mut piece: Cursor<'_, '_>) -> KeyDef {
    let descending = piece.last_word(&["ASC", "DESC"]) == Some("DESC");
    let collation = piece.last_collation();
    let inner = piece.without_parentheses();
    let is_name = |kind| matches!(kind, TokenKind::Word | TokenKind::Quoted);
    let on = match inner.tokens() {
        [only] if is_name(only.kind) => {
            let mut cursor = inner;
            KeyOn::Column(cursor.name().unwrap_or_default())
        }
        _ => KeyOn::Expression(expression::text(piece)),
    };
    KeyDef { on, collation, descending }
}
