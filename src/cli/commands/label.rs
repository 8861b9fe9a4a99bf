//! `schemactl label`: names for the branches that begin with revisions.

use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::marking::{Marking, go};
use crate::revision::Mark;

/// Name the branch that begins with a revision, or list these names
///
/// The branch is that revision and all that builds on it: `apply billing@head`, `rollback billing@base`. On its own the
/// label means the revision. It is kept in the revision's file and is no part of its content, so a revision that
/// databases have can get one.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Examples:\n  schemactl label\n  schemactl label billing 0003_add_invoices\n  schemactl label --delete billing"
)]
pub(crate) struct Args {
    #[command(flatten)]
    marking: Marking,
}

/// Labels.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    go(Mark::Label, args.marking, context)
}
