//! What a database's catalog was when the last run ended: kept beside the journal, and compared with what the catalog
//! is now. Both are read by the same code, so a difference is one that somebody made.
//!
//! # Format `o1`
//!
//! Table `schemactl_observed` beside the journal, or `schemactl_observed_x` beside `schemactl_journal_x`. It holds one observation, cut into rows that every database takes as
//! one statement each.
//!
//! | column | value |
//! | --- | --- |
//! | `part` | 1, 2, 3 …; the primary key |
//! | `format` | `o1`. A reader ignores an observation of a format that it doesn't know |
//! | `journal` | the number of the journal's last row at that time; 0 if it has none |
//! | `state` | the state (`s1:…`) that the catalog is known to be that of; NULL if it isn't known |
//! | `taken` | UTC, RFC 3339 |
//! | `tool` | the version of this program |
//! | `body` | a part of the text below, all parts one after the other |
//!
//! The text is base64 of a raw DEFLATE stream of a JSON object: `state` is the inspected state in canonical form,
//! `unmanaged` a list of objects with `kind`, `name`, `definition` and `reason`, and `server` the version of the database
//! that said so: a list of its product and three numbers; observations of earlier versions of this program have none.

mod body;
mod table;

pub use table::Place;

use jiff::Timestamp;

use crate::dialect::{Inspection, Version};
use crate::hash::StateHash;

/// The format that is written.
const FORMAT: &str = "o1";

/// A catalog at a moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observation {
    /// The number of the journal's last row at that moment; 0 if it had none.
    pub journal: u64,
    /// The declared state that the catalog is known to be that of.
    pub state: Option<StateHash>,
    /// When.
    pub taken: Timestamp,
    /// What the database ran then, where that is known.
    pub server: Option<Version>,
    /// What was there.
    pub inspection: Inspection,
}
