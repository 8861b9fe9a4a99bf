//! `schemactl heads`: the revisions that nothing builds on.

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::plan_view;

/// List the revisions that nothing builds on; there should be one
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Example:\n  schemactl heads")]
pub(crate) struct Args {}

/// Lists them.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args {} = args;
    let project = context.project()?;
    let history = project.read_history(&mut context.sources)?;
    let heads = history.heads();
    if context.printer.is_json() {
        let heads: Vec<_> = heads.iter().map(|head| plan_view::revision_json(&head.revision)).collect();
        context.printer.json(json!({ "heads": heads }));
        return Ok(Exit::DONE);
    }
    for head in heads {
        context.printer.line(plan_view::line(&head.revision));
    }
    Ok(Exit::DONE)
}
