//! The journal: a table in the target database that says what has run on it. Rows are only ever added. What the
//! database holds is what folding them, in order, says.
//!
//! # Format `j1`
//!
//! Table `schemactl_journal`, or one that begins so, in the namespace in which unqualified names are created, or in a configured one.
//! Every value but the three numbers is text.
//!
//! | column | value |
//! | --- | --- |
//! | `seq` | 1, 2, 3 … without gaps; the primary key |
//! | `format` | `j1`. A reader refuses a row of a format that it doesn't know |
//! | `run` | identifies the run that wrote the row |
//! | `event` | `applied`, `rolled-back`, `stamped`, `unstamped`, `purged`, `intended`, `done`, `failed` |
//! | `revision`, `name`, `digest` | the revision's id, its name, and its digest (`r1:…`); NULL if purged |
//! | `state` | the state (`s1:…`) that the database is in after `applied`, `rolled-back`, `stamped`, `unstamped` |
//! | `direction` | `up` or `down`, for `intended`, `done`, `failed` |
//! | `segment`, `statement` | which segment of the revision and which statement in it, from 0; `statement` is NULL where the segment commits as a whole |
//! | `sql_digest` | the digest (`t1:…`) of the SQL that ran, or is about to |
//! | `started`, `finished` | UTC, RFC 3339 |
//! | `duration_ms` | milliseconds between them, by a clock that never jumps |
//! | `tool` | the version of this program |
//! | `actor` | `user@host` of the run |
//! | `message` | why it failed, or a remark; what the hooks of the part were given, as JSON (see [`Used`]) |
//!
//! A revision that commits at once has one row, `applied`, in the same transaction. One of several segments has
//! a `done` for each segment before the last, in the segment's transaction. What can't share a transaction
//! with its row has an `intended` before and a `done` after; between them it is in doubt, and only the catalog
//! can tell. `failed` says that it did not happen and that nothing of it is left.

mod fold;
mod record;
mod table;
mod used;

pub use fold::{AppliedRevision, Journal, Unfinished};
pub use record::{Completion, Entry, Event, Place, Progress, Record, RevisionRef};
pub(in crate::runner) use table::Signature;
pub use table::{Location, Writer};
pub use used::Used;

/// The format that is written.
pub const FORMAT: &str = "j1";

/// The run of rows that a script has written.
pub const SCRIPT: &str = "script";

#[cfg(test)]
pub(in crate::runner) mod tests;
