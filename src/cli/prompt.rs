//! Questions to the person at the terminal. Without a terminal nothing is ever asked: callers check first and
//! name the option that answers instead.

use std::io::{self, IsTerminal};

use dialoguer::console::Term;
use dialoguer::theme::{ColorfulTheme, SimpleTheme, Theme};
use dialoguer::{Confirm, Input, Select};

use super::context::Context;
use super::exit::Exit;
use super::failure::Failure;
use super::fit::in_lines;
use super::interrupt;
use crate::project::variable;

/// Columns for the marks in front of a question and behind it, `? … (y/n) › yes`, and for the cursor.
const MARKS: usize = 16;

/// The way to ask.
pub(crate) struct Prompt {
    theme: Box<dyn Theme>,
}

impl Prompt {
    /// A way to ask, if somebody can answer: input and words are on a terminal, and output isn't for a program.
    #[must_use]
    pub(crate) fn available(context: &Context) -> Option<Self> {
        let dumb = variable::TERM.value().is_some_and(|term| term == "dumb");
        let terminal = io::stdin().is_terminal() && io::stderr().is_terminal();
        if !terminal || dumb || context.printer.is_json() {
            return None;
        }
        let theme: Box<dyn Theme> = match context.printer.is_colored() {
            true => Box::new(ColorfulTheme::default()),
            false => Box::new(SimpleTheme),
        };
        Some(Self { theme })
    }

    /// Asks yes or no; no is the answer to an empty line.
    ///
    /// # Errors
    /// The person left.
    pub(crate) fn confirm(&self, question: &str) -> Result<bool, Failure> {
        interrupt::spare_questions();
        let answer =
            Confirm::with_theme(&*self.theme).with_prompt(fitted(question)).default(false).interact_opt();
        answer.ok().flatten().ok_or_else(left)
    }

    /// Asks for one of several answers and returns its index; the first is the answer to an empty line.
    ///
    /// # Errors
    /// The person left.
    pub(crate) fn choose(&self, question: &str, answers: &[String]) -> Result<usize, Failure> {
        interrupt::spare_questions();
        let answer = Select::with_theme(&*self.theme)
            .with_prompt(fitted(question))
            .items(answers)
            .default(0)
            .interact_opt();
        answer.ok().flatten().ok_or_else(left)
    }

    /// Asks for a line of text that may be empty.
    ///
    /// # Errors
    /// The person left.
    pub(crate) fn optional_text(&self, question: &str) -> Result<Option<String>, Failure> {
        let input: Input<'_, String> =
            Input::with_theme(&*self.theme).with_prompt(question).allow_empty(true);
        let text = input.interact_text().map_err(|_| left())?;
        Ok((!text.trim().is_empty()).then_some(text))
    }

    /// Asks for a line of text.
    ///
    /// # Errors
    /// The person left.
    pub(crate) fn text(&self, question: &str) -> Result<String, Failure> {
        interrupt::spare_questions();
        Input::with_theme(&*self.theme).with_prompt(question).interact_text().map_err(|_| left())
    }
}

/// A question in lines that the terminal has room for. One that the terminal itself breaks is counted as one line when it
/// is taken away, and its beginning would stay.
fn fitted(question: &str) -> String {
    let (_, columns) = Term::stderr().size();
    in_lines(question, usize::from(columns).saturating_sub(MARKS).max(MARKS))
}

/// The person ended the dialogue: nothing is written and nothing more is said. The question may have hidden the
/// cursor, and its line isn't ended.
fn left() -> Failure {
    let terminal = Term::stderr();
    // A terminal that is gone needs neither.
    let _ = terminal.show_cursor().and_then(|()| terminal.write_line(""));
    Failure { exit: Exit::INTERRUPTED, diagnostics: Vec::new() }
}
