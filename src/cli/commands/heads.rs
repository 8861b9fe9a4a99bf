//! `schemactl heads`: the revisions that nothing builds on.

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::plan_view;
use crate::cli::style::{DIM, paint};
use crate::name::Name;
use crate::revision::{History, Link};

/// List the revisions that nothing builds on; there should be one
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Example:\n  schemactl heads")]
pub(crate) struct Args {
    /// Leave out heads that another revision depends on: they run with that one
    #[arg(long)]
    resolve_dependencies: bool,
}

/// Lists them.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args { resolve_dependencies } = args;
    let project = context.project()?;
    let history = project.read_history(&mut context.sources)?;
    let heads = if resolve_dependencies { history.effective_heads() } else { history.heads() };
    if context.printer.is_json() {
        let head = |head: &&Link| {
            let mut value = plan_view::revision_json(&head.revision);
            value["needed_by"] = needed_by(&history, head).into();
            value["branches"] = words(&history.labels(head.revision.id)).into();
            value
        };
        let heads: Vec<_> = heads.iter().map(head).collect();
        context.printer.json(json!({ "heads": heads }));
        return Ok(Exit::DONE);
    }
    for head in heads {
        let labels = history.labels(head.revision.id);
        let needed_by = match needed_by(&history, head).as_slice() {
            [] => String::new(),
            names => format!("  needed by {}", names.join(", ")),
        };
        let line = plan_view::line_on(&head.revision, &labels);
        context.printer.lines(format_args!("{line}{}\n", paint(DIM, needed_by)));
    }
    Ok(Exit::DONE)
}

/// The revisions that depend on a head.
fn needed_by<'h>(history: &'h History, head: &Link) -> Vec<&'h str> {
    history.needed_by(head.revision.id).map(|link| link.revision.name.as_str()).collect()
}

fn words<'n>(labels: &[&'n Name]) -> Vec<&'n str> {
    labels.iter().map(|label| label.as_str()).collect()
}
