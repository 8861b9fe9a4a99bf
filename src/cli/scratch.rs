//! Work on scratch databases, which are gone when it ends, also when it is interrupted.

use std::sync::Arc;

use tokio::sync::Notify;

use super::exit::Exit;
use super::failure::Failure;
use super::interrupt;
use crate::diagnostic::Diagnostic;
use crate::runner::connection::Target;
use crate::runner::errors::E713;
use crate::runner::scratch::Scratches;

/// Does work with scratch databases of the kind that a target is, and drops them.
///
/// # Errors
/// E713: it was interrupted. Otherwise those of the work, and the databases that can't be dropped.
pub(crate) async fn on_scratches<T>(
    target: &Target,
    work: impl AsyncFnOnce(&mut Scratches) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let name = std::process::id().to_string();
    let interrupted = Arc::new(Notify::new());
    let heard = Arc::clone(&interrupted);
    interrupt::listen(async move { heard.notify_one() });
    let mut scratches = Scratches::open(target, &name).await?;
    let done = tokio::select! {
        done = work(&mut scratches) => done,
        _ = interrupted.notified() => {
            let problem = Diagnostic::error(&E713, "interrupted: the scratch databases are dropped");
            Err(Failure::from(problem).exit(Exit::INTERRUPTED))
        }
    };
    let closed = scratches.close().await;
    let done = done?;
    closed?;
    Ok(done)
}
