//! `status`: where a database stands.

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::database::{Database, with_database};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::revision::RevisionId;

/// Show where a database stands
///
/// Examples:
///   schemactl status
///   schemactl status --check --env prod
#[derive(Debug, clap::Args)]
#[command(visible_alias = "current", verbatim_doc_comment)]
pub(crate) struct Args {
    /// End with exit code 4 when something is pending
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    with_database(context, "status", false, async |context, database| Ok(show(context, &database, &args)))
}

fn show(context: &mut Context, database: &Database, args: &Args) -> Exit {
    let Database { history, standing, .. } = database;
    let heads: Vec<RevisionId> = history.heads().iter().map(|link| link.revision.id).collect();
    let pending = history.missing(&heads, &standing.applied);
    let at: Vec<&str> = standing
        .position
        .iter()
        .filter_map(|id| history.get(*id))
        .map(|link| link.revision.name.as_str())
        .collect();
    let printer = &mut context.printer;
    if printer.is_json() {
        let pending: Vec<&str> = pending.iter().map(|link| link.revision.name.as_str()).collect();
        let problems: Vec<&str> = standing.problems.iter().map(|problem| problem.message.as_str()).collect();
        printer.json(json!({
            "at": at,
            "applied": standing.applied.len(),
            "pending": pending,
            "unfinished": standing.unfinished.as_ref().map(|open| open.revision.name.as_str()),
            "problems": problems,
        }));
    } else {
        let place = if at.is_empty() { "base".to_owned() } else { at.join(", ") };
        printer.line(format_args!("at       {place}"));
        printer.line(format_args!("applied  {}", standing.applied.len()));
        printer.line(format_args!("pending  {}", pending.len()));
        pending.iter().for_each(|link| printer.line(format_args!("  {}", link.revision.name)));
        if let Some(open) = &standing.unfinished {
            printer.line(format_args!("unfinished  {} ({})", open.revision.name, open.direction.word()));
        }
        printer.diagnostics(&standing.problems, &context.sources);
        if !pending.is_empty() && standing.problems.is_empty() {
            printer.next("schemactl apply");
        }
    }
    match () {
        () if !standing.problems.is_empty() => Exit::INTEGRITY,
        () if args.check && (!pending.is_empty() || standing.unfinished.is_some()) => Exit::FINDINGS,
        () => Exit::DONE,
    }
}
