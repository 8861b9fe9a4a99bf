//! `schemactl rollback`: brings a database back.

use std::borrow::Cow;

use crate::cli::context::Context;
use crate::cli::database::{Access, Database, with_database};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::offline::{self, Offline, ScriptArgs};
use crate::cli::resume::Compensate;
use crate::cli::running::{Plan, Run, RunArgs, run as go};
use crate::plan::Direction;
use crate::revision::Target;
use crate::runner::jobs;
use crate::runner::run::Job;

/// The target that means the last revision.
const LAST: &str = "-1";

/// Undo revisions on a database
///
/// Without a target the last revision is undone, or what is left of an interrupted one, which goes first in any case.
#[derive(Debug, clap::Args)]
#[command(visible_alias = "downgrade")]
#[command(
    after_long_help = "Examples:\n  schemactl rollback\n  schemactl rollback base --env dev\n  schemactl rollback 0003 --sql > back.sql"
)]
pub(crate) struct Args {
    /// Where to: a revision's name or id, `-N`, `base`, `LABEL@base`
    #[arg(default_value = LAST, allow_negative_numbers = true)]
    target: String,

    #[command(flatten)]
    run: RunArgs,

    #[command(flatten)]
    script: ScriptArgs,
}

/// Runs it.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    context.variables = args.run.variables.by_name()?;
    if args.script.sql {
        let (from, target) = offline::range(&args.target);
        let mut offline = Offline::open(context, &args.script, from.unwrap_or("head"), None)?;
        offline.with_secrets = args.run.with_secrets;
        let way = offline.back(target, args.run.single_transaction)?;
        offline.print(context, "rollback", &way, args.run.single_transaction)?;
        return Ok(Exit::DONE);
    }
    offline::no_range(&args.target, "rollback")?;
    let access = if args.run.dry_run { Access::Read } else { Access::Change };
    with_database(context, "rollback", access, async |context, database| {
        let work_out = |database: &Database| back(database, &args.target);
        let plan = Plan::new(&work_out);
        let compensate = Compensate::Never;
        let is_last = args.target == LAST;
        let run = Run { args: &args.run, direction: Direction::Down, plan: &plan, compensate, is_last };
        go(context, database, run).await
    })
}

/// What is left of a target once one revision is undone that counts as the first of those back.
fn behind(target: &str) -> Cow<'_, str> {
    let count = target.strip_prefix('-').and_then(|count| count.parse::<u32>().ok());
    count.map_or(Cow::Borrowed(target), |count| format!("-{}", count.saturating_sub(1)).into())
}

fn back(database: &Database, target: &str) -> Result<Vec<Job>, Failure> {
    let Database { history, standing, .. } = database;
    if let Some(open) = &standing.unfinished
        && !standing.applied.iter().any(|id| id.to_string() == open.revision.id)
    {
        let Some(undo) = jobs::undo(history, standing, open, database.server())? else {
            return Ok(Vec::new());
        };
        let target = Target::resolve(history, &behind(target), &standing.position)?;
        let back = jobs::back(history, standing, target.ids(), database.server())?;
        return Ok([vec![undo], back].concat());
    }
    if target == LAST && standing.applied.is_empty() {
        return Ok(Vec::new());
    }
    let resolved = Target::resolve(history, target, &standing.position)?;
    Ok(jobs::back(history, standing, resolved.ids(), database.server())?)
}
