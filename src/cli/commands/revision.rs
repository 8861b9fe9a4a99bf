//! `schemactl revision`: what people type who come from other tools. Does what `plan` or `new` does.

use super::{new, plan};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;

/// Write a revision: `plan` with `--autogenerate`, `new` without
#[derive(Debug, clap::Args)]
#[command(hide = true, mut_args(only_planned))]
#[group(skip)]
pub(crate) struct Args {
    /// Plan what leads to the schema
    #[arg(long)]
    autogenerate: bool,

    #[command(flatten)]
    plan: plan::Args,
}

/// What `new` takes as well.
const OF_BOTH: [&str; 6] = ["autogenerate", "message", "parent", "fork", "depends_on", "labels"];

/// Leaves all other arguments to what is planned.
fn only_planned(argument: clap::Arg) -> clap::Arg {
    if OF_BOTH.contains(&argument.get_id().as_str()) { argument } else { argument.requires("autogenerate") }
}

/// Plans, or writes a revision for work on data.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args { autogenerate, plan } = args;
    if autogenerate {
        return plan::run(plan, context);
    }
    let message = plan.message.unwrap_or_else(|| "data".to_owned());
    new::run(new::Args { message, placing: plan.placing }, context)
}
