//! `schemactl drift`: what somebody has changed in a database besides the revisions.

use serde_json::{Value, json};

use crate::change::{Op, Step};
use crate::cli::consent::protect;
use crate::cli::context::Context;
use crate::cli::database::{Access, Database, with_database};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::{Printer, counted};
use crate::cli::style::{ADD, CHANGE, DIM, DROP, TITLE, paint};
use crate::cli::{observe, sql_view};
use crate::dialect::{Inspection, Unmanaged};
use crate::model::State;
use crate::runner::drift::{Drift, Strange};
use crate::runner::expected::expected;
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
            let run = format!("drift_{}", std::process::id());
            let fresh = expected(&state, database.session.dialect, &database.address, &run).await?;
            let fresh = Inspection { unmanaged: now.unmanaged.clone(), ..fresh };
            Ok(Seen { compared: Compared::State, drift: observe::between(&fresh, &now)?, now })
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
    let put_back = put_back(database, drift, &now.state);
    if context.printer.is_json() {
        context.printer.json(to_json(compared, drift, &put_back));
    } else {
        print(&mut context.printer, compared, drift, &put_back);
    }
    if drift.is_empty() { Exit::DONE } else { Exit::FINDINGS }
}

/// The statements that undo each difference, or why there are none.
fn put_back(database: &Database, drift: &Drift, now: &State) -> Vec<Result<Vec<String>, String>> {
    let undo: Vec<Step> = drift.ops.iter().rev().cloned().map(Op::inverse).map(Step::Op).collect();
    let server = database.server();
    match sql_view::by_step(&undo, now, server.dialect, server.version) {
        Ok(mut statements) => {
            statements.reverse();
            statements.into_iter().map(Ok).collect()
        }
        Err(problems) => {
            let why = problems.first().map_or_else(String::new, |problem| problem.message.clone());
            drift.ops.iter().map(|_| Err(why.clone())).collect()
        }
    }
}

fn print(
    printer: &mut Printer,
    compared: &Compared,
    drift: &Drift,
    put_back: &[Result<Vec<String>, String>],
) {
    let against = match compared {
        Compared::Observed(taken) => format!("what it was at {taken}"),
        Compared::State => "the revisions that it has".to_owned(),
    };
    if drift.is_empty() {
        return printer.note(format_args!("no drift: the schema is {against}"));
    }
    let count = counted(drift.ops.len() + drift.unmanaged.len(), "difference");
    printer.line(paint(TITLE, format_args!("{count} from {against}")));
    for (op, statements) in drift.ops.iter().zip(put_back) {
        let line = op.describe();
        let style = match line.sign {
            crate::change::Sign::Create => ADD,
            crate::change::Sign::Drop => DROP,
            crate::change::Sign::Alter | crate::change::Sign::Rename => CHANGE,
        };
        printer.line(paint(style, format_args!("  {line}")));
        match statements {
            Ok(statements) => {
                for statement in statements {
                    let text = statement.trim_end().replace('\n', "\n                 ");
                    printer.line(paint(DIM, format_args!("      put back:  {text};")));
                }
            }
            Err(why) => printer.line(paint(DIM, format_args!("      put back:  by hand: {why}"))),
        }
    }
    for strange in &drift.unmanaged {
        let (style, sign, Unmanaged { kind, name, .. }) = match strange {
            Strange::Added(what) => (ADD, "+", what),
            Strange::Gone(what) => (DROP, "-", what),
            Strange::Changed { to, .. } => (CHANGE, "~", to),
        };
        printer.line(paint(style, format_args!("  {sign} {kind} {name}")));
        printer.line(paint(DIM, "      not managed: put it back by hand"));
    }
    printer.next("`schemactl drift --accept`, which takes the schema as it is now for what it should be");
}

fn to_json(compared: &Compared, drift: &Drift, put_back: &[Result<Vec<String>, String>]) -> Value {
    let (compared_with, taken) = match compared {
        Compared::Observed(taken) => ("observed", Some(taken)),
        Compared::State => ("revisions", None),
    };
    let differences = drift.ops.iter().zip(put_back).map(|(op, statements)| {
        let line = op.describe();
        let (statements, why) = match statements {
            Ok(statements) => (Some(statements), None),
            Err(why) => (None, Some(why)),
        };
        json!({
            "sign": line.sign.to_string(), "kind": line.kind, "subject": line.subject, "detail": line.detail,
            "put_back": statements, "no_way_back": why,
        })
    });
    let unmanaged = drift.unmanaged.iter().map(|strange| match strange {
        Strange::Added(to) => json!({ "sign": "+", "kind": to.kind, "name": to.name, "to": to.definition }),
        Strange::Gone(from) => {
            json!({ "sign": "-", "kind": from.kind, "name": from.name, "from": from.definition })
        }
        Strange::Changed { from, to } => json!({
            "sign": "~", "kind": to.kind, "name": to.name, "from": from.definition, "to": to.definition,
        }),
    });
    json!({
        "compared_with": compared_with,
        "observed_at": taken,
        "differences": differences.collect::<Vec<_>>(),
        "unmanaged": unmanaged.collect::<Vec<_>>(),
    })
}
