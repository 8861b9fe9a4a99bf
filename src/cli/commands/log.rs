//! `schemactl log`: the chain of revisions, the newest first.

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::plan_view;

/// List the revisions, the newest first
#[derive(Debug, clap::Args)]
#[command(visible_alias = "history")]
#[command(after_long_help = "Examples:\n  schemactl log\n  schemactl log -n 5 --format json")]
pub(crate) struct Args {
    /// At most so many
    #[arg(short = 'n', long = "limit", value_name = "COUNT")]
    limit: Option<usize>,
}

/// Lists them.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args { limit } = args;
    let project = context.project()?;
    let history = project.read_history(&mut context.sources)?;
    let newest = history.links().iter().rev().take(limit.unwrap_or(usize::MAX));
    if context.printer.is_json() {
        let revision = |link: &crate::revision::Link| {
            let mut value = plan_view::revision_json(&link.revision);
            value["digest"] = link.digest.to_string().into();
            value
        };
        let revisions: Vec<_> = newest.map(revision).collect();
        context.printer.json(json!({ "revisions": revisions }));
        return Ok(Exit::DONE);
    }
    for link in newest {
        context.printer.line(plan_view::line(&link.revision));
    }
    if history.is_empty() {
        context.printer.note("there are no revisions yet");
        context.printer.next("`schemactl plan`");
    }
    Ok(Exit::DONE)
}
