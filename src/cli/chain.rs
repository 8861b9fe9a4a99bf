//! The chain as commands ask for it: a revision by the name that a person gives it, the states around it.

use crate::change::{Op, Step, ops};
use crate::diagnostic::Diagnostic;
use crate::model::State;
use crate::plan::Direction;
use crate::revision::{History, Link, RevisionId, Target};

use super::errors::E823;

/// The place in the chain that a name means, without a database to count from.
///
/// # Errors
/// Nothing goes by this name, or only a database tells what it means.
pub(super) fn place(history: &History, name: &str) -> Result<Target, Diagnostic> {
    if Target::is_relative(name) {
        let message = format!("`{name}` is counted from where a database is, and no database is asked here");
        return Err(Diagnostic::error(&E823, message)
            .help("name the revision; `schemactl status` says where a database is"));
    }
    Target::resolve(history, name, &[])
}

/// The one revision that a name means, without a database to count from.
///
/// # Errors
/// None or several go by this name.
pub(super) fn find<'h>(history: &'h History, name: &str) -> Result<&'h Link, Diagnostic> {
    one(history, name, &place(history, name)?)
}

/// The one revision that a name means, counted from where a database is.
///
/// # Errors
/// None or several go by this name.
pub(super) fn find_at<'h>(
    history: &'h History,
    name: &str,
    position: &[RevisionId],
) -> Result<&'h Link, Diagnostic> {
    one(history, name, &Target::resolve(history, name, position)?)
}

fn one<'h>(history: &'h History, name: &str, target: &Target) -> Result<&'h Link, Diagnostic> {
    let found: Vec<&Link> = target.ids().iter().filter_map(|id| history.get(*id)).collect();
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(Diagnostic::error(&E823, format!("`{name}` is no revision: nothing has run there"))
            .help("name a revision; `schemactl log` lists them")),
        several => {
            let names: Vec<&str> = several.iter().map(|link| link.revision.name.as_str()).collect();
            Err(Diagnostic::error(
                &E823,
                format!("`{name}` means several revisions: `{}`", names.join("`, `")),
            )
            .help("name one of them"))
        }
    }
}

/// The states before and after a revision.
///
/// # Errors
/// A step doesn't fit.
pub(super) fn states(history: &History, link: &Link) -> Result<(State, State), Diagnostic> {
    let id = link.revision.id;
    let parents: Vec<RevisionId> = history.needs(id).map(|parent| parent.revision.id).collect();
    Ok((history.state_at(&parents)?, history.checked_state(id)?))
}

/// The operations of steps, as they run in a direction.
pub(super) fn operations(steps: &[Step], direction: Direction) -> Vec<Op> {
    match direction {
        Direction::Up => ops(steps).cloned().collect(),
        Direction::Down => ops(steps).rev().cloned().map(Op::inverse).collect(),
    }
}
