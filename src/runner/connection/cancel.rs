//! Stopping a statement from another task. Dropping the future of a statement does not stop it: the server (or
//! the thread of an embedded database) would go on, so every stop is asked for explicitly.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::Notify;

use super::DatabaseError;

/// Stops what a connection is doing. Cheap to clone, free to move to another task.
///
/// A cancel holds until [`Connection::clear_cancel`](super::Connection::clear_cancel): the statement under way
/// fails, and those behind it fail before they start; of statements sent together, short ones may still run. Rolling
/// back works all the same.
#[derive(Debug, Clone)]
pub struct Canceller {
    pub(super) request: CancelRequest,
    pub(super) way: Way,
}

/// How a kind of database is told.
#[derive(Debug, Clone)]
pub(super) enum Way {
    /// It looks at the request by itself.
    #[cfg(feature = "sqlite")]
    Polled,
    /// A second connection asks the server.
    #[cfg(feature = "postgres")]
    Postgres(super::postgres::ServerCancel),
    /// A second connection tells the server.
    #[cfg(feature = "mysql")]
    Mysql(super::mysql::ServerCancel),
}

impl Canceller {
    /// Asks for the stop. The failed statement is what tells that it happened.
    ///
    /// # Errors
    /// The server can't be asked; the request stands for the statements behind the one under way.
    pub async fn cancel(&self) -> Result<(), DatabaseError> {
        self.request.set(true);
        match &self.way {
            #[cfg(feature = "sqlite")]
            Way::Polled => Ok(()),
            #[cfg(feature = "postgres")]
            Way::Postgres(server) => server.cancel().await,
            #[cfg(feature = "mysql")]
            Way::Mysql(server) => server.cancel().await,
        }
    }
}

/// Whether a cancel is requested; shared between a connection and its cancellers.
#[derive(Debug, Clone, Default)]
pub(super) struct CancelRequest(Arc<Request>);

#[derive(Debug, Default)]
struct Request {
    is_set: AtomicBool,
    was_set: Notify,
}

impl CancelRequest {
    pub(super) fn set(&self, requested: bool) {
        self.0.is_set.store(requested, Ordering::SeqCst);
        if requested {
            self.0.was_set.notify_waiters();
        }
    }

    pub(super) fn is_set(&self) -> bool {
        self.0.is_set.load(Ordering::SeqCst)
    }

    /// Waits until a cancel is requested.
    pub(super) async fn requested(&self) {
        // Listens before it looks, so that nothing is missed in between.
        let was_set = self.0.was_set.notified();
        if !self.is_set() {
            was_set.await;
        }
    }

    /// # Errors
    /// A cancel is requested.
    pub(super) fn refuse(&self) -> Result<(), DatabaseError> {
        if self.is_set() { Err(DatabaseError::cancelled()) } else { Ok(()) }
    }
}
