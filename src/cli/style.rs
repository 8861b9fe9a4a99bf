//! The colours, by what they mean. A sign or a word says the same, so that nothing is told by colour alone.

use std::fmt;

use anstyle::{AnsiColor, Style};

/// What is added, and success.
pub(crate) const ADD: Style = AnsiColor::Green.on_default();
/// What is dropped.
pub(crate) const DROP: Style = AnsiColor::Red.on_default();
/// What is changed.
pub(crate) const CHANGE: Style = AnsiColor::Yellow.on_default();
/// Names, paths, commands.
pub(crate) const NAME: Style = AnsiColor::Cyan.on_default();
/// Titles.
pub(crate) const TITLE: Style = Style::new().bold();
/// What matters less: digests, times.
pub(crate) const DIM: Style = Style::new().dimmed();
/// The verb of a status line.
pub(crate) const VERB: Style = AnsiColor::Green.on_default().bold();
/// The words `help`, `note`, `next`.
pub(crate) const HINT: Style = AnsiColor::Cyan.on_default().bold();

/// A text in a style; the stream that it is written to takes the colour out where there is none.
#[must_use]
pub(crate) fn paint<T: fmt::Display>(style: Style, text: T) -> String {
    format!("{style}{text}{style:#}")
}
