//! `schemactl heads`: the revisions that nothing builds on.

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::plan_view;
use crate::name::Name;
use crate::revision::Link;

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
        let head = |head: &&Link| {
            let mut value = plan_view::revision_json(&head.revision);
            value["branches"] = words(&history.labels(head.revision.id)).into();
            value
        };
        let heads: Vec<_> = heads.iter().map(head).collect();
        context.printer.json(json!({ "heads": heads }));
        return Ok(Exit::DONE);
    }
    for head in heads {
        let labels = history.labels(head.revision.id);
        context.printer.line(plan_view::line_on(&head.revision, &labels));
    }
    Ok(Exit::DONE)
}

fn words<'n>(labels: &[&'n Name]) -> Vec<&'n str> {
    labels.iter().map(|label| label.as_str()).collect()
}
