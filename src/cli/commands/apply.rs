//! `schemactl apply`: brings a database forward.

use crate::cli::context::Context;
use crate::cli::database::{Access, Database, with_database};
use crate::cli::errors::E830;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::offline::{self, Offline, ScriptArgs};
use crate::cli::resume::Compensate;
use crate::cli::running::{Plan, Run, RunArgs, run as go};
use crate::diagnostic::Diagnostic;
use crate::plan::Direction;
use crate::revision::{Link, Target};
use crate::runner::jobs;
use crate::runner::run::Job;

/// Run on a database what it still lacks
///
/// Each revision runs in one transaction with its row in the journal, where the database allows it. A failure rolls
/// it back. With nothing to do, nothing is locked or written.
#[derive(Debug, clap::Args)]
#[command(visible_alias = "upgrade")]
#[command(
    after_long_help = "Examples:\n  schemactl apply\n  schemactl apply +1 --env prod\n  schemactl apply --sql --from 0003 > upgrade.sql"
)]
pub(crate) struct Args {
    /// How far: `head`, a revision's name or id, `+N`, `LABEL@head`
    #[arg(default_value = "head", allow_negative_numbers = true)]
    target: String,

    #[command(flatten)]
    run: RunArgs,

    /// If a revision fails after a part of it was committed, undo that part; unless protected, that is the default
    #[arg(long, overrides_with = "no_compensate")]
    compensate: bool,

    /// Leave what was committed of a revision that failed, to go on with it or to undo it later
    #[arg(long)]
    no_compensate: bool,

    /// Run every revision also on a new database, not the newest checkpoint in place of those before it
    #[arg(long)]
    no_checkpoint: bool,

    #[command(flatten)]
    script: ScriptArgs,
}

/// Runs it.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    context.variables = args.run.variables.by_name()?;
    if args.script.sql {
        let (from, target) = offline::range(&args.target);
        let begin = (!args.no_checkpoint).then_some(target);
        let mut offline = Offline::open(context, &args.script, from.unwrap_or("base"), begin)?;
        offline.with_secrets = args.run.with_secrets;
        let way = offline.forward(target)?;
        offline.print(context, "apply", &way, args.run.single_transaction)?;
        return Ok(Exit::DONE);
    }
    offline::no_range(&args.target, "apply")?;
    let work_out = |database: &Database| forward(database, &args.target);
    let plan = Plan::new(&work_out);
    let is_needed = |database: &Database| Ok(!plan.jobs(database)?.is_empty());
    let access = match (args.run.dry_run, args.no_checkpoint) {
        (true, true) => Access::Read,
        (true, false) => Access::Foresee(&args.target),
        (false, true) => Access::Create(&is_needed),
        (false, false) => Access::Begin(&args.target, &is_needed),
    };
    with_database(context, "apply", access, async |context, database| {
        let compensate = match (args.compensate, args.no_compensate) {
            (true, _) => Compensate::Always,
            (false, true) => Compensate::Never,
            (false, false) => Compensate::of(&database.target.policy, args.run.yes),
        };
        let run = Run { args: &args.run, direction: Direction::Up, plan: &plan, compensate, is_last: false };
        go(context, database, run).await
    })
}

fn forward(database: &Database, target: &str) -> Result<Vec<Job>, Failure> {
    let Database { history, standing, .. } = database;
    let resolved = Target::resolve(history, target, &standing.position)?;
    let missing = history.missing(resolved.ids(), &standing.applied);
    // What the database has beside the target, on another branch, doesn't lie before it.
    let lies_before = |link: &&Link| {
        let below = history.ancestors([link.revision.id]);
        resolved.ids().iter().all(|id| below.iter().any(|one| one.revision.id == *id))
    };
    if missing.is_empty() && history.surplus(resolved.ids(), &standing.applied).iter().any(lies_before) {
        let message = format!("`{target}` lies behind the database, and `apply` only goes forward");
        return Err(Diagnostic::error(&E830, message)
            .help(format!("go back with `schemactl rollback {target}`"))
            .into());
    }
    Ok(jobs::forward(history, standing, resolved.ids(), database.server())?)
}
