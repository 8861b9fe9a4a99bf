//! What a script needs that a database's own client runs, without schemactl: to stop at the first error, to check what
//! it stands on, and to tell the time. Each dialect says it in its own SQL.

use super::{Rebuild, Version};

/// How a dialect's scripts are written. Statements have no final semicolon.
pub trait Offline: Sync {
    /// How the script is run, for its first line; `FILE` is its name.
    fn command(&self, version: Version) -> &'static str;

    /// The lines that make the client stop at the first error, and the connection like one of a run.
    fn head(&self) -> &'static str;

    /// Begins a transaction; an unguarded one doesn't enforce foreign keys where they can be switched off.
    fn begin(&self, unguarded: bool) -> Vec<String>;

    /// Ends it.
    fn commit(&self, unguarded: bool) -> Vec<String>;

    /// Keeps others from writing this table until the transaction ends; nothing where the transaction does so.
    fn lock(&self, table: &str) -> Option<String>;

    /// Fails with the message unless the condition is true; NULL is not.
    fn assert(&self, condition: &str, message: &str) -> Vec<String>;

    /// Makes a table anew, with the checks that a run makes where tables are made anew at all.
    fn rebuild(&self, rebuild: &Rebuild) -> Vec<String> {
        rebuild.statements()
    }

    /// A value as text, however it is kept.
    fn text(&self, value: &str) -> String {
        format!("CAST({value} AS text)")
    }

    /// A statement as the client reads it, with what ends it and a line break.
    fn statement(&self, sql: &str) -> String {
        let sql = sql.trim_end().trim_end_matches(';');
        // A comment at the end would hold the semicolon.
        let last_line = sql.lines().next_back().unwrap_or_default();
        let end = if last_line.contains("--") { "\n;\n" } else { ";\n" };
        sql.to_owned() + end
    }

    /// Lets the client run a part of a script only where a query's condition holds; each statement in it is written
    /// by [`conditional`](Self::conditional), but for those that only begin and end transactions.
    fn only_if(&self, condition: &str, part: &str) -> String;

    /// A statement within such a part; `None` where the client has no way to leave this one out.
    fn conditional(&self, sql: &str, version: Version) -> Option<String> {
        let _ = version;
        Some(self.statement(sql))
    }

    /// What a row of the journal says of its transaction, as expressions.
    fn circumstances(&self) -> Circumstances;
}

/// SQL expressions that the transaction of a script evaluates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Circumstances {
    /// When the transaction began: RFC 3339, in UTC.
    pub started: &'static str,
    /// This moment, likewise.
    pub finished: &'static str,
    /// The whole milliseconds between them.
    pub milliseconds: &'static str,
    /// Who runs it, `user@host`.
    pub actor: &'static str,
}

/// How the tables are made that this program keeps in a database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Books {
    /// The type of a text of any length.
    pub text: &'static str,
    /// Whether the primary key of a column has a name of its own.
    pub names_keys: bool,
    /// What stands behind the columns.
    pub options: &'static str,
}

impl Books {
    /// As most databases have it.
    pub const PLAIN: Self = Self { text: "text", names_keys: true, options: "" };

    /// What makes a column the primary key of a table of ours.
    #[must_use]
    pub fn key(&self, table: &str) -> String {
        if self.names_keys {
            format!("CONSTRAINT {table}_pkey PRIMARY KEY")
        } else {
            "PRIMARY KEY".to_owned()
        }
    }
}
