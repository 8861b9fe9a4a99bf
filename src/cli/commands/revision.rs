//! `schemactl revision`: what people type who come from other tools. Does what `plan` or `new` does.

use super::{new, plan};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::placing::Placing;

/// Write a revision: `plan` with `--autogenerate`, `new` without
#[derive(Debug, clap::Args)]
#[command(hide = true)]
pub(crate) struct Args {
    /// Plan what leads to the schema
    #[arg(long)]
    autogenerate: bool,

    /// What the revision is for
    #[arg(short, long, value_name = "TEXT")]
    message: Option<String>,

    #[command(flatten)]
    placing: Placing,
}

/// Plans, or writes a revision for work on data.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    match args {
        Args { autogenerate: true, message, placing } => plan::run(plan::Args::of(message, placing), context),
        Args { autogenerate: false, message, placing } => {
            let message = message.unwrap_or_else(|| "data".to_owned());
            new::run(new::Args { message, placing }, context)
        }
    }
}
