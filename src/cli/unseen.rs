//! What a user has no right to see of a database: told where the catalog is read, and refused where it would be compared,
//! because what can't be seen looks as if it were missing.

use super::output::Printer;
use crate::diagnostic::Diagnostic;
use crate::dialect::{Inspection, Unseen};
use crate::model::State;
use crate::runner::errors::E750;

/// Refuses to hold a catalog against a state with things that whoever read the catalog can't see.
///
/// # Errors
/// E750: which they are.
pub(crate) fn refuse_blind(expected: &State, now: &Inspection) -> Result<(), Diagnostic> {
    let missed: Vec<&Unseen> = now.unseen.iter().filter(|unseen| unseen.what.is_in(expected)).collect();
    if missed.is_empty() {
        return Ok(());
    }
    let message = format!(
        "this user can't see all {}: what can't be seen would look as if it were missing",
        named(&missed)
    );
    Err(Diagnostic::error(&E750, message).help(format!("let an administrator run {}", grants(&missed))))
}

/// Says what was left out, and what lets it be seen.
pub(crate) fn tell_unseen(printer: &mut Printer, unseen: &[Unseen]) {
    let unseen: Vec<&Unseen> = unseen.iter().collect();
    if !unseen.is_empty() {
        let (things, grants) = (named(&unseen), grants(&unseen));
        printer
            .words(format_args!("this user can't see all {things}, which would be shown after {grants}\n"));
    }
}

fn named(unseen: &[&Unseen]) -> String {
    let words: Vec<&str> = unseen.iter().map(|unseen| unseen.what.words()).collect();
    match words.as_slice() {
        [words @ .., last] if !words.is_empty() => format!("{}, and {last}", words.join(", ")),
        words => words.concat(),
    }
}

fn grants(unseen: &[&Unseen]) -> String {
    // One right may let several things be seen.
    let mut grants: Vec<String> = Vec::new();
    for unseen in unseen {
        let grant = format!("`{}`", unseen.grant);
        if !grants.contains(&grant) {
            grants.push(grant);
        }
    }
    grants.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialect::Hidden;

    #[test]
    fn a_right_that_shows_several_things_is_named_once() {
        let unseen = [
            (Hidden::Views, "GRANT SHOW VIEW"),
            (Hidden::Triggers, "GRANT TRIGGER"),
            (Hidden::ForeignKeys, "GRANT SHOW VIEW"),
        ]
        .map(|(what, grant)| Unseen { what, grant: grant.into() });
        let unseen: Vec<&Unseen> = unseen.iter().collect();
        assert_eq!(grants(&unseen), "`GRANT SHOW VIEW`, `GRANT TRIGGER`");
    }
}
