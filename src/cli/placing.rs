//! Where in the chain a new revision goes, and what its branch is called.

use super::failure::Failure;
use crate::revision::{History, Mark, Revision, mark_name};

/// Where a new revision goes.
#[derive(Debug, Default, clap::Args)]
pub(super) struct Placing {
    /// Name the branch that begins with the revision: `billing@head` is where it has come to
    #[arg(long = "label", visible_alias = "branch-label", value_name = "NAME")]
    labels: Vec<String>,
}

impl Placing {
    /// Gives the revision its labels.
    ///
    /// # Errors
    /// Something goes by one of them already, or by the revision's name.
    pub(super) fn mark(&self, history: &History, revision: &mut Revision) -> Result<(), Failure> {
        for text in &self.labels {
            let label = mark_name(Mark::Label, text)?;
            if let Some(problem) = history.taken(Mark::Label, &label, Some(revision.id)) {
                return Err(problem.into());
            }
            if !revision.labels.contains(&label) {
                revision.labels.push(label);
            }
        }
        match history.message_taken(&revision.message, &revision.labels) {
            Some(problem) => Err(problem.into()),
            None => Ok(()),
        }
    }
}
