//! Statements that are sent as one text: what may go together, and which of them the database refused. Databases answer
//! each statement of a text by itself and stop at the first that fails, so counting the answers tells.

#[cfg(feature = "sqlite")]
use std::ops::Range;

use futures_core::stream::BoxStream;

#[cfg(any(feature = "postgres", feature = "mysql"))]
use super::Connection;
use super::DatabaseError;
#[cfg(feature = "sqlite")]
use crate::sql::{Rules, split};

/// How many statements and bytes go together. The library keeps each statement until the last one has run, and copies
/// the text behind each: with many more, both would show.
#[cfg(feature = "sqlite")]
const STATEMENTS_MAX: usize = 64;
#[cfg(feature = "sqlite")]
const BYTES_MAX: usize = 32 * 1024;

/// A statement of several that the database refused; those before it ran, those behind it did not.
#[derive(Debug, Clone)]
pub struct Refused {
    /// Which, from 0.
    pub at: usize,
    /// Why.
    pub error: DatabaseError,
}

#[cfg(feature = "sqlite")]
impl Refused {
    /// The same refusal, where this statement is the first.
    pub(super) fn behind(self, first: usize) -> Self {
        Self { at: first + self.at, ..self }
    }
}

/// Hears which statement is about to run, from 0.
pub type Begins<'a> = dyn FnMut(usize) + Send + 'a;

/// Statements as one text.
pub(super) struct Batch {
    /// The text.
    pub(super) sql: String,
    /// Where each statement begins in it.
    starts: Vec<usize>,
}

impl Batch {
    pub(super) fn of<S: AsRef<str>>(statements: &[S]) -> Self {
        let mut batch = Self { sql: String::new(), starts: Vec::new() };
        for statement in statements {
            batch.starts.push(batch.sql.len());
            batch.sql.push_str(statement.as_ref());
            // A comment at the end would hold the semicolon; without one, a line end is not for a catalog to keep.
            let last_line = statement.as_ref().lines().last().unwrap_or_default();
            batch.sql.push_str(if last_line.contains("--") { "\n;\n" } else { ";\n" });
        }
        batch
    }

    /// Waits for the answers to the end, and tells of each statement when the one before it is answered.
    ///
    /// # Errors
    /// How many answers there were, and what came instead of the next one.
    pub(super) async fn answered<A>(
        &self,
        mut answers: BoxStream<'_, sqlx::Result<A>>,
        begins: &mut Begins<'_>,
    ) -> Result<(), (usize, sqlx::Error)> {
        let mut done = 0;
        begins(done);
        while let Some(answer) = std::future::poll_fn(|context| answers.as_mut().poll_next(context)).await {
            answer.map_err(|error| (done, error))?;
            done += 1;
            if done < self.starts.len() {
                begins(done);
            }
        }
        Ok(())
    }

    /// Who was refused after so many answers. A text of one statement is to blame whatever it holds.
    pub(super) fn refused(&self, answers: usize, mut error: DatabaseError) -> Refused {
        let at = answers.min(self.starts.len().saturating_sub(1));
        let start = self.starts.get(at).copied().unwrap_or(0);
        error.position = error.position.and_then(|position| position.checked_sub(start));
        Refused { at, error }
    }
}

/// Runs statements by themselves: a server shows all of a text to whoever looks what is running, and PostgreSQL reads it as a
/// whole before it runs the first statement.
#[cfg(any(feature = "postgres", feature = "mysql"))]
pub(super) async fn one_by_one(
    server: &mut Connection,
    statements: &[&str],
    begins: &mut Begins<'_>,
) -> Result<(), Refused> {
    for (at, sql) in statements.iter().enumerate() {
        begins(at);
        server.execute(sql).await.map_err(|error| Refused { at, error })?;
    }
    Ok(())
}

/// Where to cut statements into texts. What is not one statement, as far as can be read, is a text of its own.
#[cfg(feature = "sqlite")]
pub(super) fn cut(statements: &[&str], rules: &Rules) -> Vec<Range<usize>> {
    let mut cuts: Vec<Range<usize>> = Vec::new();
    let mut bytes = 0;
    let mut open = false;
    for (at, sql) in statements.iter().enumerate() {
        let is_one = split(sql, rules).is_ok_and(|parts| parts.len() == 1);
        bytes += sql.len();
        match cuts.last_mut() {
            Some(cut) if open && is_one && cut.len() < STATEMENTS_MAX && bytes <= BYTES_MAX => {
                cut.end = at + 1;
            }
            _ => {
                cuts.push(at..at + 1);
                bytes = sql.len();
            }
        }
        open = is_one;
    }
    cuts
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use super::*;
    use crate::dialect::Dialect;
    use crate::dialect::sqlite::Sqlite;
    use crate::runner::connection::ErrorKind;

    #[test]
    fn what_is_not_one_statement_stands_alone() {
        let trigger = "CREATE TRIGGER t AFTER INSERT ON a BEGIN DELETE FROM b; DELETE FROM c; END";
        let statements = [
            "SELECT 1",
            trigger,
            "SELECT 2 -- two",
            "-- none",
            "SELECT 3; SELECT 4",
            "SELECT 'open",
            "SELECT 5",
            "SELECT 6",
        ];
        assert_eq!(cut(&statements, Sqlite.rules()), [0..3, 3..4, 4..5, 5..6, 6..8]);
    }

    #[test]
    fn texts_are_bounded() {
        let small = vec!["SELECT 1"; STATEMENTS_MAX + 1];
        assert_eq!(cut(&small, Sqlite.rules()), [0..STATEMENTS_MAX, STATEMENTS_MAX..STATEMENTS_MAX + 1]);
        let long = format!("SELECT '{}'", "x".repeat(BYTES_MAX / 2));
        assert_eq!(cut(&[&long, &long, "SELECT 1"], Sqlite.rules()), [0..1, 1..3]);
    }

    #[test]
    fn a_refusal_is_told_by_the_answers_before_it() {
        let batch = Batch::of(&["SELECT 1 --", "SELEC 2", "SELECT 3"]);
        let mut error = DatabaseError::new(ErrorKind::Other, "syntax error");
        error.position = batch.sql.find("SELEC 2");
        let refused = batch.refused(1, error.clone());
        assert_eq!((refused.at, refused.error.position), (1, Some(0)));
        assert_eq!(Batch::of(&["SELECT 1; SELECT 2"]).refused(1, error).at, 0);
    }
}
