//! `schemactl status`: where a database stands in the chain. Changes nothing.

use std::fmt::Display;

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::database::{Access, Database, with_database};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::observe;
use crate::cli::output::Printer;
use crate::cli::style::{DIM, NAME, paint};
use crate::cli::unfinished;
use crate::diagnostic::Diagnostic;
use crate::hash::StateHash;
use crate::revision::{Link, RevisionId};
use crate::runner::course::Course;

/// Show where a database stands: the last revision that it has, and those that it lacks
///
/// A database that doesn't exist yet has none, and is not made. Exits with 5 when the database doesn't fit the
/// revisions: it has one that isn't here, or one that was edited since, or has begun one that would run otherwise now.
#[derive(Debug, clap::Args)]
#[command(visible_alias = "current")]
#[command(after_long_help = "Examples:\n  schemactl status\n  schemactl status --check --env prod")]
pub(crate) struct Args {
    /// Exit with 4 when a revision is pending or unfinished
    #[arg(long, visible_short_alias = 'c', visible_alias = "check-heads")]
    check: bool,
}

/// Shows it.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args { check } = args;
    with_database(context, "status", Access::Read, async |context, mut database| {
        let pushed = observe::pushed_ahead(&mut database).await?;
        let at_work = unfinished::at_work(&mut database).await?;
        let open = database.standing.unfinished.as_ref();
        let course = open.map_or(Ok(None), |open| unfinished::course(&database, open));
        let mut problems = database.standing.problems.clone();
        let course = course.unwrap_or_else(|unfit| {
            // A journal that doesn't fit is the reason, and said.
            if problems.is_empty() {
                problems = unfit;
            }
            None
        });
        Ok(show(context, &database, &Besides { pushed, at_work, course, problems }, check))
    })
}

/// What is known of a database besides its journal.
struct Besides {
    /// The state that it was pushed to, ahead of its revisions.
    pushed: Option<StateHash>,
    /// Who is at work on what is unfinished.
    at_work: Option<String>,
    /// How what is unfinished runs.
    course: Option<Course>,
    /// What is wrong with its journal, or keeps what is unfinished from going on.
    problems: Vec<Diagnostic>,
}

fn show(context: &mut Context, database: &Database, besides: &Besides, check: bool) -> Exit {
    let Database { history, standing, .. } = database;
    let heads: Vec<RevisionId> = history.heads().iter().map(|link| link.revision.id).collect();
    let pending = history.missing(&heads, &standing.applied);
    if context.printer.is_json() {
        print_json(context, database, besides, &pending);
    } else {
        print(&mut context.printer, database, besides, &pending);
        context.printer.diagnostics(&besides.problems, &context.sources);
        // Of what is unfinished it says more above.
        if besides.problems.is_empty() && standing.unfinished.is_none() && !pending.is_empty() {
            match heads.len() {
                0 | 1 => context.printer.next("`schemactl apply`"),
                _ if history.intended_heads().is_ok() => context.printer.next("`schemactl apply heads`"),
                count => context.printer.next(format_args!("`schemactl merge`: the chain has {count} heads")),
            }
        }
    }
    match () {
        () if !besides.problems.is_empty() => Exit::INTEGRITY,
        () if check && (!pending.is_empty() || standing.unfinished.is_some()) => Exit::FINDINGS,
        () => Exit::DONE,
    }
}

fn print(printer: &mut Printer, database: &Database, besides: &Besides, pending: &[&Link]) {
    let Besides { pushed, at_work, course, problems: _ } = besides;
    let Database { target, standing, .. } = database;
    let place = match &target.environment {
        Some(name) => format!("{} ({name})", target.url),
        None => target.url.to_string(),
    };
    if let Some(project) = database.project().name_among_several() {
        row(printer, "project", project);
    }
    row(printer, "database", place);
    let at = position(database);
    let at = if at.is_empty() { "base".to_owned() } else { at.join(", ") };
    row(printer, "at", paint(NAME, at));
    row(printer, "applied", standing.applied.len().to_string());
    if let Some(open) = &standing.unfinished {
        row(printer, "unfinished", format!("{} ({})", open.revision.name, open.direction.word()));
        if let Some(course) = course {
            unfinished::print(printer, (database, course), open, at_work.as_deref());
        }
    }
    if let Some(pushed) = pushed {
        row(printer, "pushed", format!("ahead of its revisions, to {}", pushed.0.short(8)));
    }
    row(printer, "pending", pending.len().to_string());
    pending.iter().for_each(|link| printer.line(format_args!("  {}", link.revision.name)));
}

fn row(printer: &mut Printer, word: &str, value: impl Display) {
    printer.line(format_args!("{} {value}", paint(DIM, format_args!("{word:<10}"))));
}

fn print_json(context: &mut Context, database: &Database, besides: &Besides, pending: &[&Link]) {
    let Besides { pushed, at_work, course, problems } = besides;
    let Database { target, standing, .. } = database;
    let pending: Vec<&str> = pending.iter().map(|link| link.revision.name.as_str()).collect();
    let problems: Vec<_> =
        problems.iter().map(|problem| context.printer.problem(problem, &context.sources)).collect();
    let unfinished = standing.unfinished.as_ref();
    let unfinished = unfinished.map(|open| unfinished::to_json(course.as_ref(), open, at_work.as_deref()));
    context.printer.json(json!({
        "environment": target.environment.as_ref().map(|name| name.as_str()),
        "database": target.url.to_string(),
        "at": position(database),
        "applied": standing.applied.len(),
        "pending": pending,
        "unfinished": unfinished,
        "pushed": pushed.map(|state| state.to_string()),
        "problems": problems,
    }));
}

/// The names of the revisions that the database is at.
fn position(Database { history, standing, .. }: &Database) -> Vec<&str> {
    let links = standing.position.iter().filter_map(|id| history.get(*id));
    links.map(|link| link.revision.name.as_str()).collect()
}
