//! `schemactl drift`: what somebody has changed in a database besides the revisions.

use serde_json::json;

use crate::cli::consent::protect;
use crate::cli::context::Context;
use crate::cli::database::{Access, Database, exclusively, with_database};
use crate::cli::drift_view::View;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::counted;
use crate::cli::style::{TITLE, paint};
use crate::cli::upgrade::Upgrade;
use crate::cli::{observe, pull};
use crate::model::State;
use crate::plan::Direction;
use crate::runner::drift::Drift;

/// Show what was changed in a database besides the revisions
///
/// Compares the catalog with what it was when the last run ended, or, where that is not known, with a scratch database
/// that is made in the state of the revisions that the database has. Each difference comes with the SQL that puts it
/// back. Exits with 4 when there is one.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Examples:\n  schemactl drift --env prod\n  schemactl drift --pull --dry-run\n  schemactl drift --accept"
)]
pub(crate) struct Args {
    /// Take the catalog as it is now for what it should be
    #[arg(long, conflicts_with = "pull")]
    accept: bool,

    /// Write what was changed into the files of the schema
    #[arg(long)]
    pull: bool,

    /// With `--pull`: show what would be written, and write nothing
    #[arg(long, requires = "pull")]
    dry_run: bool,

    /// Don't ask on a protected environment
    #[arg(long, short)]
    yes: bool,
}

/// Shows it.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args { accept, pull, dry_run, yes } = args;
    let access = if accept || (pull && !dry_run) { Access::Change } else { Access::Read };
    with_database(context, "drift", access, async |context, mut database| {
        database.fits()?;
        if dry_run {
            return write(context, &mut database, true).await;
        }
        if !accept && !pull {
            let Seen { compared, drift, now } = look(context, &mut database).await?;
            return Ok(show(context, &database, &compared, &drift, &now));
        }
        protect(context, &database.target, yes)?;
        let timeout = database.target.policy.lock_timeout;
        exclusively(context, &mut database, "drift", timeout, async |context, database| {
            if pull { write(context, database, false).await } else { take(context, database).await }
        })
        .await
    })
}

/// Pulls into the files as they are now: another pull may have written them while this one waited for it.
async fn write(context: &mut Context, database: &mut Database, dry_run: bool) -> Result<Exit, Failure> {
    let project = context.project()?;
    let (parsed, warnings) = project.read_schema(&mut context.sources)?;
    context.printer.diagnostics(&warnings, &context.sources);
    database.refresh().await?;
    database.is_whole()?;
    pull::pull(context, database, &project, &parsed, dry_run).await
}

/// What the catalog was held against, and what came of it.
struct Seen {
    compared: Compared,
    drift: Drift,
    now: State,
}

/// What a catalog is held against.
enum Compared {
    /// What was observed at a time, maybe before an upgrade of the server.
    Observed { taken: String, upgrade: Option<Upgrade> },
    /// A fresh database in the state of the revisions.
    State,
}

async fn look(context: &mut Context, database: &mut Database) -> Result<Seen, Failure> {
    let (now, last) = loop {
        let now = observe::now(database).await?;
        let last = observe::last(database, &now).await?;
        // A run that ended meanwhile has changed one of them and not yet the other.
        let end = database.journal.end();
        database.refresh().await?;
        if database.journal.end() == end {
            break (now, last);
        }
    };
    match last {
        Some((last, upgrade)) => {
            let drift = observe::between(&last.inspection, &now)?;
            let compared = Compared::Observed { taken: last.taken.to_string(), upgrade };
            Ok(Seen { compared, drift, now: now.state })
        }
        None => {
            let state = database.history.state_at(&database.standing.position)?;
            let (drift, now) = observe::from_state(context, database, &state, &now).await?;
            Ok(Seen { compared: Compared::State, drift, now })
        }
    }
}

async fn take(context: &mut Context, database: &mut Database) -> Result<Exit, Failure> {
    database.refresh().await?;
    database.is_whole()?;
    let now = observe::now(database).await?;
    // Where nothing was changed, what is known of it stays known.
    let state = match observe::last(database, &now).await? {
        Some((last, _)) if observe::between(&last.inspection, &now)?.is_empty() => last.state,
        Some(_) | None => None,
    };
    observe::keep(database, now, state).await?;
    if context.printer.is_json() {
        context.printer.json(json!({ "accepted": database.target.url.to_string() }));
    }
    context.printer.status("Accepted", format_args!("the schema of {} as it is", database.target.url));
    Ok(Exit::DONE)
}

fn show(context: &mut Context, database: &Database, compared: &Compared, drift: &Drift, now: &State) -> Exit {
    let view = View::new(drift, now, database.server());
    let printer = &mut context.printer;
    if printer.is_json() {
        let mut document = view.json();
        let (compared_with, taken) = match compared {
            Compared::Observed { taken, upgrade } => {
                document["upgrade"] = upgrade.as_ref().map(Upgrade::json).into();
                ("observed", Some(taken))
            }
            Compared::State => ("revisions", None),
        };
        document["compared_with"] = compared_with.into();
        document["observed_at"] = taken.cloned().into();
        printer.json(document);
    } else {
        let against = match compared {
            Compared::Observed { taken, upgrade } => {
                upgrade.iter().for_each(|upgrade| printer.note(upgrade));
                format!("what it was at {taken}")
            }
            Compared::State => "the revisions that it has".to_owned(),
        };
        if drift.is_empty() {
            printer.note(format_args!("no drift: the schema is {against}"));
        } else {
            let count = counted(drift.ops.len() + drift.unmanaged.len(), "difference");
            printer.line(paint(TITLE, format_args!("{count} from {against}")));
            view.print(printer);
            if let Some(open) = &database.standing.unfinished {
                let name = &open.revision.name;
                printer.note(format_args!("`{name}` is unfinished: what ran of it is among the differences"));
            }
            let is_new = matches!(compared, Compared::State) && database.standing.applied.is_empty();
            printer.next(match (&database.standing.unfinished, is_new) {
                (Some(open), _) => match open.direction {
                    Direction::Up => "`schemactl apply`, or `schemactl rollback`",
                    Direction::Down => "`schemactl rollback`",
                },
                (None, true) => "`schemactl stamp head`, if the database was there before its first revision",
                (None, false) => {
                    "`schemactl drift --pull`, which writes it into the schema; or `--accept`, which takes the schema as it is for what it should be"
                }
            });
        }
    }
    if drift.is_empty() { Exit::DONE } else { Exit::FINDINGS }
}
