//! What a run tells while it works; people and machines are shown the same events.

use std::time::Duration;

use crate::plan::Direction;

/// Something that happened during a run.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A revision begins.
    Started {
        /// The revision's name.
        revision: String,
        /// Which way it runs.
        direction: Direction,
        /// How many pieces of work it has left.
        work: usize,
    },
    /// A piece of work begins.
    Working {
        /// The revision's name.
        revision: String,
        /// The piece, from 0.
        piece: usize,
        /// The SQL, or what the piece is about.
        what: String,
    },
    /// A transaction was rolled back and is tried again, because another connection was in its way.
    Retrying {
        /// The revision's name.
        revision: String,
        /// Why.
        reason: String,
        /// How long it waits first.
        #[serde(serialize_with = "milliseconds", rename = "pause_ms")]
        pause: Duration,
    },
    /// A revision is finished.
    Finished {
        /// The revision's name.
        revision: String,
        /// Which way it ran.
        direction: Direction,
        /// How long it took.
        #[serde(serialize_with = "milliseconds", rename = "duration_ms")]
        duration: Duration,
    },
}

fn milliseconds<S: serde::Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_u64(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX))
}
