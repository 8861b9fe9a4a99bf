//! `schemactl drift`: what somebody has changed in a database besides the revisions.

use crate::cli::consent::protect;
use crate::cli::context::Context;
use crate::cli::database::{Access, Database, with_database};
use crate::cli::drift_view::View;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::observe;
use crate::cli::output::counted;
use crate::cli::style::{TITLE, paint};
use crate::dialect::Inspection;
use crate::runner::drift::Drift;
use crate::runner::lock::RunLock;

/// Show what was changed in a database besides the revisions
///
/// Compares the catalog with what it was when the last run ended, or, where that is not known, with a scratch database
/// that is made in the state of the revisions that the database has. Each difference comes with the SQL that puts it
/// back. Exits with 4 when there is one.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  schemactl drift --env prod\n  schemactl drift --accept")]
pub(crate) struct Args {
    /// Take the catalog as it is now for what it should be
    #[arg(long)]
    accept: bool,

    /// Don't ask on a protected environment
    #[arg(long, short)]
    yes: bool,
}

/// Shows it.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args { accept, yes } = args;
    let access = if accept { Access::Change } else { Access::Read };
    with_database(context, "drift", access, async |context, mut database| {
        database.fits()?;
        if !accept {
            let Seen { compared, drift, now } = look(&mut database).await?;
            return Ok(show(context, &database, &compared, &drift, &now));
        }
        protect(context, &database.target, yes)?;
        let scope = database.session.location.scope().to_owned();
        let timeout = database.target.policy.lock_timeout;
        let printer = &mut context.printer;
        let mut waiting = |holder: &str| printer.status("Waiting", format_args!("for {holder}"));
        let connection = &mut database.session.connection;
        let lock = RunLock::acquire(connection, &scope, "drift", timeout, &mut waiting).await?;
        let outcome = take(context, &mut database).await;
        lock.release(&mut database.session.connection).await?;
        outcome
    })
}

/// What the catalog was held against, and what came of it.
struct Seen {
    compared: Compared,
    drift: Drift,
    now: Inspection,
}

/// What a catalog is held against.
enum Compared {
    /// What was observed at this time.
    Observed(String),
    /// A fresh database in the state of the revisions.
    State,
}

async fn look(database: &mut Database) -> Result<Seen, Failure> {
    let now = observe::now(database).await?;
    match observe::last(database).await? {
        Some(last) => {
            let drift = observe::between(&last.inspection, &now)?;
            Ok(Seen { compared: Compared::Observed(last.taken.to_string()), drift, now })
        }
        None => {
            let state = database.history.state_at(&database.standing.position)?;
            let drift = observe::from_state(database, &state, &now).await?;
            Ok(Seen { compared: Compared::State, drift, now })
        }
    }
}

async fn take(context: &mut Context, database: &mut Database) -> Result<Exit, Failure> {
    database.refresh().await?;
    let now = observe::now(database).await?;
    observe::keep(database, now, None).await?;
    context.printer.status("Accepted", format_args!("the schema of {} as it is", database.target.url));
    Ok(Exit::DONE)
}

fn show(
    context: &mut Context,
    database: &Database,
    compared: &Compared,
    drift: &Drift,
    now: &Inspection,
) -> Exit {
    let view = View::new(drift, &now.state, database.server());
    let printer = &mut context.printer;
    if printer.is_json() {
        let mut document = view.json();
        let (compared_with, taken) = match compared {
            Compared::Observed(taken) => ("observed", Some(taken)),
            Compared::State => ("revisions", None),
        };
        document["compared_with"] = compared_with.into();
        document["observed_at"] = taken.cloned().into();
        printer.json(document);
    } else {
        let against = match compared {
            Compared::Observed(taken) => format!("what it was at {taken}"),
            Compared::State => "the revisions that it has".to_owned(),
        };
        if drift.is_empty() {
            printer.note(format_args!("no drift: the schema is {against}"));
        } else {
            let count = counted(drift.ops.len() + drift.unmanaged.len(), "difference");
            printer.line(paint(TITLE, format_args!("{count} from {against}")));
            view.print(printer);
            printer.next("`schemactl drift --accept`, which takes the schema as it is for what it should be");
        }
    }
    if drift.is_empty() { Exit::DONE } else { Exit::FINDINGS }
}
