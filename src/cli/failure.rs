//! Why a command ended without doing what it was asked for, and with which exit code.

use super::exit::Exit;
use crate::diagnostic::{Code, Diagnostic};
use crate::runner::errors::{E706, E710, E713};

/// The end of a command that didn't do what it was asked for.
#[derive(Debug)]
pub(crate) struct Failure {
    /// How the process ends.
    pub(crate) exit: Exit,
    /// Why, to be shown; empty when the command has said it itself.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Failure {
    /// Ends with another exit code than the diagnostics' own.
    #[must_use]
    pub(crate) fn exit(mut self, exit: Exit) -> Self {
        self.exit = exit;
        self
    }
}

impl From<Vec<Diagnostic>> for Failure {
    fn from(diagnostics: Vec<Diagnostic>) -> Self {
        let exit = diagnostics.iter().map(exit_of).max_by_key(|exit| exit.code()).unwrap_or(Exit::FAILED);
        Self { exit, diagnostics }
    }
}

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        vec![diagnostic].into()
    }
}

/// The exit code that a problem leads to.
fn exit_of(diagnostic: &Diagnostic) -> Exit {
    let listed = |codes: &[&Code]| codes.contains(&diagnostic.code);
    if diagnostic.code == &E713 {
        Exit::INTERRUPTED
    } else if listed(LOCKED) {
        Exit::LOCKED
    } else if listed(INTEGRITY) {
        Exit::INTEGRITY
    } else if listed(DECISION) {
        Exit::DECISION
    } else if listed(USAGE) {
        Exit::USAGE
    } else {
        Exit::FAILED
    }
}

/// Somebody else holds what is needed: trying again later may help.
const LOCKED: &[&Code] = &[&E706, &E710];

/// Somebody has to say what is meant.
const DECISION: &[&Code] = {
    use crate::cli::errors::{E818, E831, E832, E857, E870, E871};
    use crate::revision::errors::{E423, E433, E434};
    &[&E423, &E433, &E434, &E818, &E831, &E832, &E857, &E870, &E871]
};

/// Files, or a journal, that are not what they say, or don't fit each other.
const INTEGRITY: &[&Code] = {
    use crate::revision::errors::{E420, E421, E422, E424, E426, E427, E428, E445, E446};
    use crate::runner::errors::{E715, E717, E722, E723, E724, E725, E726, E739};
    use crate::snapshot::errors::E401;
    &[
        &E401, &E420, &E421, &E422, &E424, &E426, &E427, &E428, &E445, &E446, &E715, &E717, &E722, &E723,
        &E724, &E725, &E726, &E739,
    ]
};

/// Problems with how the program was called rather than with what it found.
const USAGE: &[&Code] = {
    use crate::cli::errors::{
        E801, E802, E811, E812, E815, E816, E817, E823, E830, E834, E835, E836, E840, E841, E852, E853, E854,
        E860, E865, E873, E880,
    };
    use crate::project::errors::{E601, E606, E607, E613, E614, E615, E619};
    use crate::revision::errors::{E430, E431, E432};
    use crate::runner::errors::{E701, E702};
    &[
        &E701, &E702, &E601, &E606, &E607, &E613, &E614, &E615, &E619, &E801, &E802, &E811, &E812, &E815,
        &E816, &E817, &E823, &E830, &E834, &E835, &E836, &E840, &E841, &E852, &E853, &E854, &E860, &E865,
        &E873, &E880, &E430, &E431, &E432,
    ]
};
