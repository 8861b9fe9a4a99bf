//! Ctrl-C and requests to terminate. They are heard on a thread of their own, so that they are heard whatever the
//! command is doing: planning, asking a question, or waiting for a server that doesn't answer.

use std::future::Future;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use super::exit::Exit;

/// Whether interrupts are heard already.
static LISTENS: AtomicBool = AtomicBool::new(false);

/// How long a question has to end by itself when it is interrupted.
const FAREWELL: Duration = Duration::from_millis(100);

/// Lets a question hear that it is interrupted, so that it can leave the terminal in order. Where there is no
/// question any more, the process ends all the same.
pub(crate) fn spare_questions() {
    if !LISTENS.load(Ordering::Relaxed) {
        listen(async {
            tokio::time::sleep(FAREWELL).await;
            std::process::exit(Exit::INTERRUPTED.code().into());
        });
    }
}

/// From now on the first interrupt runs `first`, and the second ends the process at once.
pub(crate) fn listen(first: impl Future<Output = ()> + Send + 'static) {
    LISTENS.store(true, Ordering::Relaxed);
    let (ready, is_ready) = mpsc::channel::<()>();
    std::thread::spawn(move || {
        // Without a runtime or signals the process ends at the first interrupt, as any other does.
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        runtime.block_on(async {
            let Ok(mut signals) = Signals::new() else { return };
            drop(ready);
            signals.next().await;
            tokio::select! {
                () = first => signals.next().await,
                () = signals.next() => {}
            }
            std::process::exit(Exit::INTERRUPTED.code().into());
        });
    });
    // Ends when the other end is dropped: the signals are heard, or never will be.
    let _ = is_ready.recv();
}

/// The signals that ask to stop.
#[cfg(unix)]
struct Signals {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

/// The signals that ask to stop.
#[cfg(windows)]
struct Signals(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Signals {
    fn new() -> std::io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) {
        let _ = self.0.recv().await;
    }
}
