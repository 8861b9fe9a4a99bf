//! The lines that git leaves in a file whose two sides it couldn't merge: known by their look, told as one mistake.

use super::characters::newline_length;
use super::errors::E017;
use crate::diagnostic::{Diagnostic, Span};

/// How many times the sign of a mark is repeated.
const LENGTH: usize = 7;

/// Whether a line begins with a mark: seven signs alone, or with a name behind them.
pub(super) fn is_mark(line: &[u8]) -> bool {
    [b'<', b'|', b'=', b'>'].into_iter().any(|sign| is_mark_of(line, sign))
}

fn is_mark_of(line: &[u8], sign: u8) -> bool {
    let Some((mark, behind)) = line.split_at_checked(LENGTH) else { return false };
    let is_alone = behind.first().is_none_or(|next| *next == b' ') || newline_length(behind) > 0;
    mark.iter().all(|byte| *byte == sign) && is_alone
}

/// The diagnostic for a text with a mark at `start`, which shows where the other side begins and where both end.
pub(super) fn unsolved(text: &str, start: usize, span: impl Fn(usize, usize) -> Span) -> Diagnostic {
    let begins = "one side begins here";
    let marks = [(b'<', begins), (b'=', "the other side begins here"), (b'>', "both end here")];
    let mut expected = marks.into_iter().peekable();
    let mut diagnostic = Diagnostic::error(&E017, "the file has a conflict of git that is not solved");
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        let found = expected.clone().position(|(sign, _)| is_mark_of(line.as_bytes(), sign));
        if let Some((_, label)) = found.and_then(|skipped| expected.nth(skipped)) {
            diagnostic = diagnostic.at(span(at, at + line.trim_end().len()), label);
        }
        if expected.peek().is_none() {
            break;
        }
        at += line.len();
    }
    if diagnostic.labels.is_empty() {
        diagnostic = diagnostic.at(span(start, start + LENGTH), "");
    }
    diagnostic
        .help("solve it with git, or take either side and run `schemactl merge`, which writes what both say")
}
