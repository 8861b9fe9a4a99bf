//! A sign of life for what takes long: on a terminal, after a quarter of a second; nowhere else and never earlier.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use dialoguer::console::{Term, truncate_str};

use super::output::Printer;
use crate::project::variable;

/// How long nothing is shown.
const DELAY: Duration = Duration::from_millis(250);
/// How often the sign moves.
const TICK: Duration = Duration::from_millis(100);
/// What the sign looks like, one after the other.
const SIGNS: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];
/// Columns that stay free at the end of the line: a terminal shows `^C` there, and must not begin a line for it.
const FREE: usize = 4;

/// A line that shows what is at work and for how long; gone when it is dropped.
pub(crate) struct Progress {
    line: Arc<Mutex<Line>>,
    shower: Option<(Sender<()>, JoinHandle<()>)>,
}

impl Progress {
    /// Begins, with what is at work.
    #[must_use]
    pub(crate) fn start(printer: &Printer, message: &str) -> Self {
        let line =
            Line { message: message.to_owned(), start: Instant::now(), ticks: 0, term: Term::stderr() };
        let line = Arc::new(Mutex::new(line));
        let wanted = printer.is_terminal() && !printer.is_quiet() && !variable::NO_PROGRESS.is_set();
        let shower = wanted.then(|| {
            let (sender, receiver) = channel();
            let line = Arc::clone(&line);
            (sender, thread::spawn(move || show_later(&line, &receiver)))
        });
        Self { line, shower }
    }

    /// Says what is at work now.
    pub(crate) fn message(&self, message: &str) {
        message.clone_into(&mut locked(&self.line).message);
    }

    /// Takes the line away while `write` writes to the terminal.
    pub(crate) fn suspend<T>(&self, write: impl FnOnce() -> T) -> T {
        let line = locked(&self.line);
        line.clear();
        write()
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.shower.take() {
            drop(sender);
            // A thread that panicked has shown so.
            let _ = thread.join();
        }
        locked(&self.line).clear();
    }
}

/// What is shown. Whoever holds it has the terminal for themselves.
struct Line {
    message: String,
    start: Instant,
    /// How often it was shown.
    ticks: usize,
    term: Term,
}

impl Line {
    fn show(&mut self) {
        let (_, width) = self.term.size();
        let sign = SIGNS.get(self.ticks % SIGNS.len()).unwrap_or(&"");
        let text = text(sign, &self.message, self.start.elapsed(), width.into());
        self.ticks += 1;
        // The work goes on whether the line is shown or not.
        let _ = self.term.clear_line().and_then(|()| self.term.write_str(&text));
    }

    /// Takes the line away, if it was shown.
    fn clear(&self) {
        if self.ticks > 0 {
            let _ = self.term.clear_line();
        }
    }
}

/// The line, for a terminal of so many columns.
fn text(sign: &str, message: &str, elapsed: Duration, width: usize) -> String {
    let elapsed = format!("{} s", elapsed.as_secs());
    // The sign and a space on either side of the message.
    let room = width.saturating_sub(3 + elapsed.len() + FREE);
    format!("{sign} {} {elapsed}", truncate_str(message, room, "…"))
}

/// The line is whole whatever became of the thread that held it.
fn locked(line: &Mutex<Line>) -> MutexGuard<'_, Line> {
    line.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Shows the line until the work ends, which closes the channel; not at all if it ends at once.
fn show_later(line: &Mutex<Line>, ended: &Receiver<()>) {
    let mut pause = DELAY;
    while ended.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        locked(line).show();
        pause = TICK;
    }
}

#[cfg(test)]
mod tests {
    use dialoguer::console::measure_text_width;

    use super::*;

    #[test]
    fn an_interrupt_is_shown_on_the_same_line() {
        let long = "0002_add_posts: CREATE TABLE \"posts\" (\"id\" bigint, \"title\" text)";
        for width in [30, 40, 80] {
            let text = text("⠋", long, Duration::from_secs(75), width);
            assert!(measure_text_width(&text) + "^C".len() < width, "{text}");
            assert!(text.ends_with(" 75 s"), "{text}");
        }
        assert_eq!(text("⠋", "0002_add_posts", Duration::from_secs(1), 80), "⠋ 0002_add_posts 1 s");
    }
}
