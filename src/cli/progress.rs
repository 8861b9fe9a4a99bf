//! A sign of life for what takes long: on a terminal, after a quarter of a second; nowhere else and never earlier.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output::Printer;
use crate::project::variable;

/// How long nothing is shown.
const DELAY: Duration = Duration::from_millis(250);
/// How often the sign moves.
const TICK: Duration = Duration::from_millis(100);

/// A line that shows what is at work and for how long; gone when it is dropped.
pub(crate) struct Progress {
    bar: ProgressBar,
    shower: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins, with what is at work.
    #[must_use]
    pub(crate) fn start(printer: &Printer, message: &str) -> Self {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
        bar.set_message(message.to_owned());
        let style = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
        let wanted = printer.is_terminal() && !printer.is_quiet() && !variable::NO_PROGRESS.is_set();
        let shower = wanted.then(|| {
            let (sender, receiver) = channel();
            let bar = bar.clone();
            (sender, thread::spawn(move || show_later(&bar, &receiver)))
        });
        Self { bar, shower }
    }

    /// Says what is at work now.
    pub(crate) fn message(&self, message: &str) {
        self.bar.set_message(message.to_owned());
    }

    /// Takes the line away while `write` writes to the terminal.
    pub(crate) fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        self.bar.suspend(write)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.shower.take() {
            drop(sender);
            let _ = thread.join();
        }
        self.bar.finish_and_clear();
    }
}

/// Shows the line unless the work ends first, which closes the channel.
fn show_later(bar: &ProgressBar, ended: &Receiver<()>) {
    if ended.recv_timeout(DELAY) == Err(RecvTimeoutError::Timeout) {
        bar.set_draw_target(ProgressDrawTarget::stderr());
        bar.enable_steady_tick(TICK);
    }
}
