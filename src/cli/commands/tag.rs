//! `schemactl tag`: further names for revisions.

use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::marking::{Marking, go};
use crate::revision::Mark;

/// Give a revision a further name, or list these names
///
/// A tag can stand wherever a revision is named: `apply v1.2`, `sql v1.1..v1.2`. It is kept in the revision's file and is no
/// part of its content, so a revision that databases have can get one.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Examples:\n  schemactl tag\n  schemactl tag v1.2\n  schemactl tag v1.1 0003_split_name\n  schemactl tag --delete v1.0"
)]
pub(crate) struct Args {
    #[command(flatten)]
    marking: Marking,
}

/// Tags.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    go(Mark::Tag, args.marking, context)
}
