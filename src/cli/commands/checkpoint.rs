//! `schemactl checkpoint`: where new databases begin.

use serde_json::json;

use super::squash::{hooks, show, squash};
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::counted;
use crate::cli::{chain, plan_view};
use crate::revision;

/// Let new databases begin at a revision instead of running all before it
///
/// Writes a revision that makes the state of this one at once, with the hooks of all up to it, to `revisions/checkpoints`. A
/// database on which nothing has run begins with the newest checkpoint on the way to the target of `apply`. The revisions
/// stay, and so does what other databases have.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Examples:\n  schemactl checkpoint\n  schemactl checkpoint v1.0 --drop-hooks all"
)]
pub(crate) struct Args {
    /// The revision: number, name, id, tag, or the beginning of a name or id
    #[arg(value_name = "REVISION", default_value = "head")]
    revision: String,

    /// Leave out these hooks: by name, as `REVISION/NAME`, or `all`
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    drop_hooks: Vec<String>,
}

/// Writes it.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args { revision, drop_hooks } = args;
    let project = context.project()?;
    let history = project.read_history(&mut context.sources)?;
    let link = chain::find(&history, &revision)?;
    let mut squashed =
        squash(&history, "base", &link.revision.id.to_string(), &drop_hooks, &link.revision.message)?;
    squashed.revision.name = link.revision.name.clone();
    // Its tags stay where they are given and taken: in the chain.
    squashed.revision.tags.clear();
    show(context, &project, &history, &squashed)?;
    let path = revision::replace(&project.files(), &project.checkpoints(), &squashed.revision)?;
    if context.printer.is_json() {
        let revision = plan_view::revision_json(&squashed.revision);
        context.printer.json(json!({ "revision": revision, "written": [path] }));
        return Ok(Exit::DONE);
    }
    hooks(context, &squashed);
    context.printer.status("Wrote", &path);
    let count = counted(squashed.range.len(), "revision");
    context.printer.note(format_args!("new databases run it in place of {count}"));
    Ok(Exit::DONE)
}
