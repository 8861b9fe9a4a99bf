//! What a CREATE statement creates, of whatever kind.

use super::cursor::Cursor;
use crate::dialect::sqlite::normal::{significant, statement};

/// What a statement creates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::dialect::sqlite) struct Created {
    /// `table`, `index`, `view` or `trigger`.
    pub kind: &'static str,
    pub name: String,
    /// The table that it is, or is of.
    pub table: String,
    /// Whether it goes with the connection.
    pub temporary: bool,
    /// The statement as SQLite keeps it: without what says where, and what to do if it is there.
    pub sql: String,
}

/// What a statement creates; `None` if it is none that creates something.
pub(in crate::dialect::sqlite) fn created(sql: &str) -> Option<Created> {
    let tokens = significant(sql);
    let mut cursor = Cursor::new(sql, &tokens);
    if !cursor.words(&["CREATE"]) {
        return None;
    }
    let temporary = cursor.one_of(&["TEMP", "TEMPORARY"]).is_some();
    let kinds: [(&[&str], &str); 6] = [
        (&["TABLE"], "table"),
        (&["VIRTUAL", "TABLE"], "table"),
        (&["INDEX"], "index"),
        (&["UNIQUE", "INDEX"], "index"),
        (&["VIEW"], "view"),
        (&["TRIGGER"], "trigger"),
    ];
    let (words, kind) = kinds.into_iter().find(|(words, _)| cursor.words(words))?;
    cursor.words(&["IF", "NOT", "EXISTS"]);
    let mut start = cursor.peek()?.span.start;
    let mut name = cursor.name()?;
    if cursor.mark(".") {
        start = cursor.peek()?.span.start;
        name = cursor.name()?;
    }
    let table = match kind {
        "index" | "trigger" => {
            while !cursor.words(&["ON"]) {
                cursor.next()?;
            }
            cursor.name()?
        }
        _ => name.clone(),
    };
    let sql = format!("CREATE {} {}", words.join(" "), statement(sql.get(start..)?));
    Some(Created { kind, name, table, temporary, sql })
}
