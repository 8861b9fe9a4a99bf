//! What a connection is for, and how long it is waited for.

use std::time::Duration;

/// What a connection is for.
#[derive(Debug, Clone)]
pub struct Options {
    /// The run that the server shows beside the connection, such as `apply 01J9…`; at most 50 bytes are shown.
    pub run: String,
    /// Whether the file of an embedded database is created if there is none.
    pub create: bool,
    /// How long to try to connect; a `connect_timeout` in the URL takes precedence.
    pub connect_timeout: Duration,
    /// How long a statement waits for the lock of an embedded database.
    pub busy_timeout: Duration,
}

impl Options {
    /// The usual ones: 10 s each, no new file.
    #[must_use]
    pub fn new(run: impl Into<String>) -> Self {
        let wait = Duration::from_secs(10);
        Self { run: run.into(), create: false, connect_timeout: wait, busy_timeout: wait }
    }
}
