//! Why a run stopped, and what it leaves.

use crate::diagnostic::Diagnostic;
use crate::plan::Values;
use crate::runner::connection::{DatabaseError, ErrorKind};

/// Why a piece of work failed.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What to tell.
    pub diagnostic: Diagnostic,
    /// What the database said, if it was the database.
    pub error: Option<DatabaseError>,
    /// Where it happened, if it was in a piece of work.
    pub at: Option<Box<At>>,
    /// A query that finds the rows which are to blame, for the database as it was then.
    pub rows: Option<String>,
    /// What would be lost, by the names under which somebody can agree to it.
    pub lost: Vec<String>,
    /// Which of the jobs that share a transaction it was in, by index.
    pub job: usize,
    /// Whether the connection broke during a commit, so that only the journal can tell whether it happened, or during a
    /// statement outside of any transaction, of which only the catalog can.
    pub in_doubt: bool,
}

/// A place in a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct At {
    /// The steps of the revision that the work served.
    pub steps: Vec<usize>,
    /// The statement.
    pub sql: String,
}

impl Failure {
    /// A failure that the database reported; `doing` says what failed.
    #[must_use]
    pub fn of(error: DatabaseError, doing: &str) -> Self {
        Self { error: Some(error.clone()), ..Self::from(error.diagnostic(doing)) }
    }

    /// A failure that the runner found out before the database did: what the database would have said of rows.
    #[must_use]
    pub fn of_rows(diagnostic: Diagnostic, kind: ErrorKind, table: &str, columns: Vec<String>) -> Self {
        let mut error = DatabaseError::new(kind, diagnostic.message.clone());
        error.table = Some(table.to_owned());
        error.columns = columns;
        Self { error: Some(error), ..Self::from(diagnostic) }
    }

    /// The same failure with its place, unless it has one.
    #[must_use]
    pub fn at(mut self, steps: &[usize], sql: &str) -> Self {
        self.at.get_or_insert_with(|| Box::new(At { steps: steps.to_vec(), sql: sql.to_owned() }));
        self
    }

    /// A commit that failed.
    #[must_use]
    pub fn of_commit(error: DatabaseError) -> Self {
        let in_doubt = error.kind == ErrorKind::ConnectionLost;
        Self { in_doubt, ..Self::of(error, "the commit was refused") }
    }

    /// The same failure without the values of secret variables in it.
    #[must_use]
    pub fn masked(mut self, values: &Values) -> Self {
        let mask = |text: &mut String| *text = values.masked(text);
        mask(&mut self.diagnostic.message);
        self.diagnostic.help.iter_mut().for_each(mask);
        if let Some(error) = &mut self.error {
            mask(&mut error.message);
            error.detail.iter_mut().for_each(mask);
            error.hint.iter_mut().for_each(mask);
        }
        self
    }

    /// What kind of error the database reported.
    #[must_use]
    pub fn kind(&self) -> Option<ErrorKind> {
        self.error.as_ref().map(|error| error.kind)
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self { diagnostic, error: None, at: None, rows: None, lost: Vec::new(), job: 0, in_doubt: false }
    }
}

/// A run that did not come to its end.
#[derive(Debug, Clone)]
pub struct Stopped {
    /// How many of the jobs are finished.
    pub finished: usize,
    /// How many segments of the next job this run has committed.
    pub segments: usize,
    /// At which of the jobs it stopped, by index: the next one, or one that shares its transaction.
    pub at: usize,
    /// Why it stopped.
    pub failure: Box<Failure>,
}

impl Stopped {
    /// Whether the database is not as it was before the run.
    #[must_use]
    pub fn changed(&self) -> bool {
        self.finished > 0 || self.segments > 0
    }
}
