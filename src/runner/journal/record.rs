//! A row of the journal as a value, and back: what was done to which revision, when and by whom.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;

use crate::hash::{RevisionDigest, StateHash, TextDigest};
use crate::plan::Direction;
use crate::runner::connection::Row;

/// A revision as the journal knows it: pinned by its digest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RevisionRef {
    /// Its id.
    pub id: String,
    /// Its name, for people.
    pub name: String,
    /// The digest of its content when it ran.
    pub digest: RevisionDigest,
}

/// How a revision got its place among the applied ones, or lost it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Completion {
    /// All of it ran.
    Applied,
    /// All of its reverse ran.
    RolledBack,
    /// It counts as applied; nothing ran.
    Stamped,
    /// It does not count as applied any more; nothing ran.
    Unstamped,
}

/// How far a part of a revision is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Progress {
    /// It is about to run, outside of the transaction of this row.
    Intended,
    /// It has run.
    Done,
    /// It has not run, and nothing of it is left.
    Failed,
}

/// A part of a revision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Place {
    /// Which way it runs.
    pub direction: Direction,
    /// The segment, from 0.
    pub segment: u32,
    /// The statement in the segment, from 0; `None` is the segment as a whole.
    pub statement: Option<u32>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A revision was finished, one way or the other.
    Completed {
        /// How.
        completion: Completion,
        /// Which.
        revision: RevisionRef,
        /// The state that the database is in from then on.
        state: StateHash,
    },
    /// A part of a revision is intended, done, or failed.
    Part {
        /// How far it is.
        progress: Progress,
        /// Of which revision.
        revision: RevisionRef,
        /// Which part.
        place: Place,
    },
    /// Everything before was forgotten; nothing ran.
    Purged,
}

impl Event {
    /// The word for it in the table.
    #[must_use]
    pub fn word(&self) -> &'static str {
        match self {
            Self::Completed { completion, .. } => completion.word(),
            Self::Part { progress, .. } => progress.word(),
            Self::Purged => "purged",
        }
    }

    /// The revision that it is about; none if everything was forgotten.
    #[must_use]
    pub fn revision(&self) -> Option<&RevisionRef> {
        match self {
            Self::Completed { revision, .. } | Self::Part { revision, .. } => Some(revision),
            Self::Purged => None,
        }
    }
}

/// An event to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// What happened.
    pub event: Event,
    /// The digest of the SQL that ran.
    pub sql: Option<TextDigest>,
    /// When it began.
    pub started: Timestamp,
    /// How long it took.
    pub duration: Duration,
    /// Why it failed, or a remark.
    pub message: Option<String>,
}

impl Entry {
    /// An event of this moment.
    #[must_use]
    pub fn now(event: Event) -> Self {
        Self { event, sql: None, started: Timestamp::now(), duration: Duration::ZERO, message: None }
    }
}

/// A row that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Record {
    /// Its number, from 1.
    pub seq: u64,
    /// The run that wrote it.
    pub run: String,
    /// What it says.
    pub entry: Entry,
    /// The version of the program that wrote it.
    pub tool: String,
    /// `user@host` of the run.
    pub actor: String,
}

/// The columns, in the order in which they are created, read and written.
pub(super) const COLUMNS: [&str; 18] = [
    "seq",
    "format",
    "run",
    "event",
    "revision",
    "name",
    "digest",
    "state",
    "direction",
    "segment",
    "statement",
    "sql_digest",
    "started",
    "finished",
    "duration_ms",
    "tool",
    "actor",
    "message",
];

impl Record {
    /// # Errors
    /// What is wrong with the row, as the rest of a sentence that begins with it.
    pub(super) fn from_row(row: &Row) -> Result<Self, String> {
        let needed = |column: &str| row.named(column).ok_or_else(|| format!("has no `{column}`"));
        let entry = Entry {
            event: event(row)?,
            sql: row.named("sql_digest").map(|_| parsed(row, "sql_digest")).transpose()?,
            started: parsed(row, "started")?,
            duration: Duration::from_millis(parsed(row, "duration_ms")?),
            message: row.named("message").map(str::to_owned),
        };
        Ok(Self {
            seq: parsed(row, "seq")?,
            run: needed("run")?.to_owned(),
            entry,
            tool: needed("tool")?.to_owned(),
            actor: needed("actor")?.to_owned(),
        })
    }
}

fn parsed<T: FromStr>(row: &Row, column: &str) -> Result<T, String> {
    let text = row.named(column).ok_or_else(|| format!("has no `{column}`"))?;
    text.parse().map_err(|_| format!("has `{text}` as `{column}`"))
}

fn event(row: &Row) -> Result<Event, String> {
    let kind = row.named("event").unwrap_or("");
    if kind == "purged" {
        return Ok(Event::Purged);
    }
    let revision = || -> Result<RevisionRef, String> {
        Ok(RevisionRef {
            id: parsed(row, "revision")?,
            name: parsed(row, "name")?,
            digest: parsed(row, "digest")?,
        })
    };
    if let Some(completion) = Completion::ALL.into_iter().find(|known| known.word() == kind) {
        return Ok(Event::Completed { completion, revision: revision()?, state: parsed(row, "state")? });
    }
    if let Some(progress) = Progress::ALL.into_iter().find(|known| known.word() == kind) {
        let statement = row.named("statement").map(|_| parsed(row, "statement")).transpose()?;
        let place =
            Place { direction: parsed(row, "direction")?, segment: parsed(row, "segment")?, statement };
        return Ok(Event::Part { progress, revision: revision()?, place });
    }
    Err(format!("has `{kind}` as `event`"))
}

impl Completion {
    const ALL: [Self; 4] = [Self::Applied, Self::RolledBack, Self::Stamped, Self::Unstamped];

    fn word(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::RolledBack => "rolled-back",
            Self::Stamped => "stamped",
            Self::Unstamped => "unstamped",
        }
    }
}

impl Progress {
    const ALL: [Self; 3] = [Self::Intended, Self::Done, Self::Failed];

    fn word(self) -> &'static str {
        match self {
            Self::Intended => "intended",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.statement {
            Some(statement) => write!(f, "statement {statement} of segment {}", self.segment)?,
            None => write!(f, "segment {}", self.segment)?,
        }
        write!(f, " ({})", self.direction.word())
    }
}
