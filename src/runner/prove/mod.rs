//! Proves revisions on scratch databases: each runs up, down and up again, on rows that were made for it, and the
//! catalog is compared each time with that of a database freshly created at the same state. Never touches a
//! database that it has not created.

mod generate;
mod rows;
mod trial;

use std::fmt;

use crate::change::{Site, Step};
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::model::State;
use crate::name::ObjectName;
use crate::plan::Values;
use crate::runner::journal::RevisionRef;
use crate::runner::scratch::Scratches;

/// How many rows are made for each table.
const ROWS: usize = 3;

/// A revision to prove.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// Which revision.
    pub revision: &'a RevisionRef,
    /// What it does.
    pub steps: &'a [Step],
    /// Where.
    pub site: Site<'a>,
    /// The state that it starts from.
    pub before: &'a State,
    /// The state that it leads to.
    pub after: &'a State,
    /// What the variables of its hooks are worth.
    pub values: &'a Values,
}

/// What came of proving a revision.
#[derive(Debug, Clone, Default)]
pub struct Proof {
    /// The revision's name.
    pub revision: String,
    /// Where, if its steps differ by environment: `in dev`, or `elsewhere`.
    pub place: Option<String>,
    /// How many rows went through it.
    pub rows: usize,
    /// Whether it was rolled back and applied again; not where its author says that it can't be.
    pub undone: bool,
    /// What is not as it must be.
    pub findings: Vec<Finding>,
    /// The tables without rows.
    pub without: Vec<Without>,
    /// What else a reader should know of how far the proof goes.
    pub notes: Vec<String>,
}

/// A table for which no rows could be made.
#[derive(Debug, Clone)]
pub struct Without {
    /// Which one.
    pub table: ObjectName,
    /// Why.
    pub why: String,
}

impl fmt::Display for Without {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { table, why } = self;
        write!(f, "no rows could be made for `{table}`: {why}")
    }
}

/// Something that is not as it must be.
#[derive(Debug, Clone)]
pub struct Finding {
    /// What it is.
    pub diagnostic: Diagnostic,
    /// The differences, a line each.
    pub details: Vec<String>,
}

/// Proves one revision. With no findings the revision holds what it promises on this dialect: the catalog is that
/// of its state, the rollback leads back, and no row is lost that its operations don't declare as lost.
///
/// # Errors
/// A scratch database can't be made, or a state can't be created on it at all.
pub async fn prove(
    case: Case<'_>,
    dialect: &dyn Dialect,
    scratches: &mut Scratches,
) -> Result<Proof, Vec<Diagnostic>> {
    let mut proof = trial::run(case, dialect, scratches, ROWS).await?;
    if proof.refused_rows {
        let bare = trial::run(case, dialect, scratches, 0).await?;
        // None of them went through it.
        proof.proof.rows = bare.proof.rows;
        proof.proof.notes.extend(bare.proof.notes);
        proof.proof.undone = bare.proof.undone;
        proof.proof.findings.extend(bare.proof.findings);
    }
    Ok(proof.proof)
}
