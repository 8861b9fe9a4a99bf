//! `schemactl push`: brings a development database to the edited schema, with no revision.

use serde_json::json;

use crate::change::Step;
use crate::cli::consent::consent;
use crate::cli::context::Context;
use crate::cli::database::{Access, Database, exclusively, with_database};
use crate::cli::errors::{E851, E855, E857};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::counted;
use crate::cli::unseen::refuse_blind;
use crate::cli::{observe, others, plan_view, reference_rows};
use crate::diagnostic::Diagnostic;
use crate::diff::{self, Question};
use crate::hash::{RevisionDigest, StateHash};
use crate::model::{Rename, State};
use crate::plan::{Direction, Values, lower};
use crate::runner::expected::expected;
use crate::runner::journal::{RevisionRef, Writer};
use crate::runner::run::{Job, Patience, Runner};
use crate::snapshot;
use crate::syntax::Parsed;

/// Bring a development database to the edited schema, with no revision
///
/// For trying things out: the database is compared with the schema as it is, and changed until they agree. Once the
/// schema is right, `plan` writes the revision, and `apply` sees that this database already has it. Never runs on a
/// protected environment. Reference rows are added and updated; those that left the schema stay.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  schemactl push\n  schemactl push --dry-run --env dev")]
pub(crate) struct Args {
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,

    /// Agree to the loss of this data, by the names that the plan shows, or to any with `all`
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    allow_destructive: Vec<String>,

    /// What looks like a rename is a drop and an add
    #[arg(long)]
    no_renames: bool,
}

/// Brings it there.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let (_, warnings) = read_schema(context)?;
    context.printer.diagnostics(&warnings, &context.sources);
    let is_needed = |_: &Database| Ok(true);
    let access = if args.dry_run { Access::Read } else { Access::Create(&is_needed) };
    with_database(context, "push", access, async |context, mut database| {
        refuse_protected(&database)?;
        database.fits()?;
        let timeout = database.target.policy.lock_timeout;
        exclusively(context, &mut database, "push", timeout, async |context, database| {
            // The files may have been written while it waited.
            let (parsed, _) = read_schema(context)?;
            push(context, database, &parsed, &args).await
        })
        .await
    })
}

/// The schema of the project's files, and what may be wrong with it.
fn read_schema(context: &mut Context) -> Result<(Parsed, Vec<Diagnostic>), Failure> {
    let project = context.project()?;
    let (parsed, warnings) = project.read_schema(&mut context.sources)?;
    crate::cli::dialects::check(&project, &parsed)?;
    Ok((parsed, warnings))
}

fn refuse_protected(database: &Database) -> Result<(), Failure> {
    if !database.target.policy.protect {
        return Ok(());
    }
    let name = database.target.environment.as_ref().map_or("this environment", |name| name.as_str());
    let message = format!("`{name}` is protected: it is changed by revisions only");
    Err(Diagnostic::error(&E855, message)
        .help("`schemactl plan` a revision, then `schemactl apply` it")
        .into())
}

async fn push(
    context: &mut Context,
    database: &mut Database,
    parsed: &Parsed,
    args: &Args,
) -> Result<Exit, Failure> {
    database.refresh().await?;
    database.is_whole()?;
    let now = observe::now(database).await?;
    refuse_blind(&parsed.state, &now)?;
    let now = now.state;
    let run = format!("push_{}", std::process::id());
    let dialect = database.session.dialect;
    let wanted = expected(&parsed.state, dialect, &database.address, &run).await?.state;
    let renames = diff::usable(&now, &wanted, &parsed.renames);
    if !args.no_renames {
        ask(&now, &wanted, &renames)?;
    }
    let ops = diff::diff(&now, &wanted, &renames).map_err(|error| {
        Diagnostic::error(&E851, format!("the differences can't be put in order: {error}"))
    })?;
    let steps: Vec<Step> = ops.iter().cloned().map(Step::Op).collect();
    if !context.printer.is_json() {
        context.printer.data(plan_view::steps(&steps, &[]));
    }
    consent(&ops, &args.allow_destructive)?;
    others::refuse_taken(database, &ops).await?;
    if args.dry_run {
        let rows = parsed.state.in_environment(database.target.environment.as_ref());
        return Ok(would(context, &steps, !rows.for_dialect(&dialect.name()).data.is_empty()));
    }
    execute(database, &steps, &now).await?;
    let rows = parsed.state.in_environment(database.target.environment.as_ref());
    let rows = reference_rows::put(database, &rows).await;
    // The schema is there, whatever became of the rows.
    observe::observe(context, database, Some(snapshot::hash(&parsed.state))).await;
    Ok(report(context, &steps, rows?))
}

/// Refuses to guess whether something was renamed.
fn ask(now: &State, wanted: &State, renames: &[Rename]) -> Result<(), Failure> {
    let questions = diff::questions(now, wanted, renames).unwrap_or_default();
    let problems: Vec<Diagnostic> = questions
        .iter()
        .filter_map(|question| match question {
            Question::Renamed { candidates } => candidates.first(),
            Question::Required { .. } | Question::RemovedValues { .. } => None,
        })
        .map(|rename| {
            Diagnostic::error(&E857, asked(rename))
                .help("write `was=` with the old name into the schema, or use `--no-renames` if it isn't")
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
}

fn asked(rename: &Rename) -> String {
    let (kind, before, after) = rename.names();
    format!("{kind} `{before}` goes and `{after}` comes: is it the same one under another name?")
}

/// Runs the steps; the journal, which is about revisions, hears nothing of them.
async fn execute(database: &mut Database, steps: &[Step], now: &State) -> Result<(), Failure> {
    let server = database.server();
    let segments = lower(steps, now, Direction::Up, server.dialect, server.version)?;
    if segments.is_empty() {
        return Ok(());
    }
    let name = "push".to_owned();
    let revision = RevisionRef { id: name.clone(), digest: RevisionDigest::of(&name), name };
    let reaches = StateHash::of("push");
    let job = Job {
        revision,
        environment: None,
        direction: Direction::Up,
        segments,
        done: 0,
        in_doubt: false,
        reaches,
        steps: steps.to_vec(),
        start: now.clone(),
    };
    let mut runner = Runner {
        connection: &mut database.session.connection,
        dialect: server.dialect,
        writer: Writer::silent(),
        patience: Patience::of(database.target.policy.lock_timeout),
        // Rows that left the schema stay.
        agreed: &[],
        values: &Values::default(),
        events: &mut |_| {},
    };
    runner.run(&[job]).await.map_err(|stopped| {
        let mut problem = stopped.failure.diagnostic.clone();
        if let Some(at) = &stopped.failure.at {
            problem.message.push_str(&format!("\nstatement: {}", at.sql.trim()));
        }
        Failure::from(problem).exit(if stopped.changed() { Exit::PARTIAL } else { Exit::FAILED })
    })
}

/// Says what would be pushed, beside the steps that were shown.
fn would(context: &mut Context, steps: &[Step], has_rows: bool) -> Exit {
    let printer = &mut context.printer;
    if printer.is_json() {
        printer.json(json!({ "steps": plan_view::json(steps, &[]), "rows": null }));
    } else if steps.is_empty() {
        printer.note(match has_rows {
            true => "no steps: the database has the schema but maybe its rows, which are looked at when it is pushed",
            false => "nothing to push: the database has the schema",
        });
    }
    Exit::DONE
}

fn report(context: &mut Context, steps: &[Step], rows: u64) -> Exit {
    let printer = &mut context.printer;
    if printer.is_json() {
        printer.json(json!({ "steps": plan_view::json(steps, &[]), "rows": rows }));
    } else if steps.is_empty() && rows == 0 {
        printer.note("nothing to push: the database has the schema");
    } else {
        let steps = (!steps.is_empty()).then(|| counted(steps.len(), "step"));
        let rows = usize::try_from(rows).ok().filter(|rows| *rows > 0).map(|rows| counted(rows, "row"));
        let what: Vec<String> = steps.into_iter().chain(rows).collect();
        printer.status("Pushed", what.join(" and "));
        printer.next("`schemactl plan` when the schema is right");
    }
    Exit::DONE
}
