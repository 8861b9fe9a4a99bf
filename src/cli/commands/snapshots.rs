//! `schemactl snapshots`: what is kept of the states of the chain.

use std::collections::BTreeSet;

use serde_json::json;

use super::verify;
use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::counted;
use crate::hash::StateHash;
use crate::snapshot::Store;

/// Remove snapshots that can be made again
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  schemactl snapshots prune --dry-run\n  schemactl snapshots prune")]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Remove the snapshots of states that the chain leads through
    ///
    /// Each is made again in memory first, and only removed if that gives the same. Those of heads and of checkpoints stay, and
    /// so does every file that is of no revision.
    Prune {
        /// Say what would be removed, and remove nothing
        #[arg(long)]
        dry_run: bool,
    },
}

/// Prunes.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args { command: Command::Prune { dry_run } } = args;
    let project = context.project()?;
    let history = project.read_history(&mut context.sources)?;
    let checkpoints = project.read_checkpoints(&mut context.sources)?;
    let mut proven = BTreeSet::new();
    let faults = verify::faults(&project, &history, &checkpoints, |link, _, _| {
        proven.insert(link.revision.to);
    });
    if !faults.is_empty() {
        return Err(Failure::from(faults).exit(Exit::INTEGRITY));
    }
    let heads = history.heads().into_iter().map(|head| head.revision.to);
    let kept: BTreeSet<StateHash> =
        heads.chain(checkpoints.iter().map(|checkpoint| checkpoint.revision.to)).collect();
    let (files, folder) = (project.files(), project.snapshots());
    let store = Store::new(&files, &folder);
    let mut removed = Vec::new();
    for hash in proven.difference(&kept) {
        if store.missing(*hash).is_none() {
            if !dry_run {
                store.remove(*hash)?;
            }
            removed.push(store.path(*hash));
        }
    }
    let printer = &mut context.printer;
    if printer.is_json() {
        printer.json(json!({ "removed": removed, "dry_run": dry_run }));
        return Ok(Exit::DONE);
    }
    let verb = if dry_run { "Would remove" } else { "Removed" };
    removed.iter().for_each(|path| printer.status(verb, path));
    let count = counted(removed.len(), "snapshot");
    printer.note(format_args!("{count} can be made again, {} stay", counted(kept.len(), "state")));
    Ok(Exit::DONE)
}
