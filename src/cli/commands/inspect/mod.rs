//! `schemactl inspect`: the schema that a database has, as KDL, JSON or SQL. Changes no database.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::json;

use crate::change::Step;
use crate::cli::context::{Context, Global};
use crate::cli::database::with_session;
use crate::cli::errors::{E802, E813};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::inspection::{Inspected, Split, Written, list_unmanaged};
use crate::cli::output::Format;
use crate::cli::selection::{Chosen, Selection};
use crate::cli::unseen::tell_unseen;
use crate::cli::{others, sql_view, state_json};
use crate::diagnostic::Diagnostic;
use crate::dialect::{Dialect, Inspection};
use crate::diff;
use crate::model::State;
use crate::project::Project;
use crate::project::staged::Staged;
use crate::runner::connection::Target;
use crate::snapshot;
use crate::syntax;

/// Print the schema that a database has
///
/// Reads the catalog of the environment's database, or of the one that `--url` names, for which no project is needed.
/// What can be said in the schema language is printed in it, ready to be edited; what can't be is listed on the
/// standard error, with the reason, and never left out silently.
#[derive(Debug, clap::Args)]
#[command(after_long_help = include_str!("help.txt").trim_end())]
pub(crate) struct Args {
    /// Only what has such a name, with what it needs: `users`, `order*`, `billing.*`
    #[arg(long, value_name = "GLOB")]
    include: Vec<String>,

    /// Not what has such a name
    #[arg(long, value_name = "GLOB")]
    exclude: Vec<String>,

    /// Write KDL files into this folder, which must be empty or not exist
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,

    /// How the schema is spread over files
    #[arg(long, value_name = "HOW", value_enum, default_value_t, requires = "out")]
    split: Split,

    /// Exit with 4 if something in the database can't be part of a schema
    #[arg(long)]
    strict: bool,
}

/// Inspects.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    if let Some(folder) = &args.out {
        refuse_to_overwrite(folder)?;
    }
    let (address, project) = address(context)?;
    let journal = project.as_ref().map(|project| project.journal().clone()).unwrap_or_default();
    with_session(context, "inspect", &address, &journal, async |context, mut session| {
        let mut inspected = Inspected::read(&mut session).await?;
        if let Some(project) = &project {
            others::beside(&mut session, project).await?.leave_out(&mut inspected.inspection);
        }
        let version = session.connection.version();
        let Inspected { inspection, bookkeeping: _, dialect, namespace } = &mut inspected;
        let selection = Selection::new(&args.include, &args.exclude, dialect.rules(), namespace.as_deref());
        let chosen = selection.apply(inspection)?;
        tell(context, &chosen);
        let written = match &args.out {
            Some(folder) => Some(write(context, folder, &inspection.state, args.split, *dialect)?),
            None => None,
        };
        match context.printer.format() {
            Format::Json => {
                print_json(context, &inspected, &version.to_string(), &chosen, written);
            }
            Format::Human | Format::Kdl if written.is_some() => {}
            Format::Human | Format::Kdl => context.printer.data(syntax::print_readable(&inspection.state)),
            Format::Sql => context.printer.data(sql(&inspection.state, (*dialect, version))?),
        }
        let Inspection { state, unmanaged, unseen } = &inspected.inspection;
        if *state == State::default() && args.include.is_empty() && args.exclude.is_empty() {
            context.printer.note(format_args!("there is nothing in `{address}` that a schema could have"));
        }
        list_unmanaged(context, unmanaged);
        tell_unseen(&mut context.printer, unseen);
        Ok(if args.strict && !unmanaged.is_empty() { Exit::FINDINGS } else { Exit::DONE })
    })
}

/// The database: that of the URL if nothing else is said, or that of an environment of the project, for which what belongs
/// to other projects is left out.
fn address(context: &mut Context) -> Result<(Target, Option<Project>), Failure> {
    let Global { url, env, name, .. } = &context.global;
    match (url, env, name) {
        (Some(url), None, None) => Ok((Target::parse(url)?, None)),
        (_, _, _) => {
            let project = context.project()?;
            let target = context.target(&project)?;
            Ok((Target::parse(target.url.expose())?.in_folder(&target.base), Some(project)))
        }
    }
}

fn refuse_to_overwrite(folder: &Path) -> Result<(), Diagnostic> {
    let is_free = match fs::read_dir(folder) {
        Ok(mut entries) => entries.next().is_none(),
        Err(error) => error.kind() == std::io::ErrorKind::NotFound,
    };
    if is_free {
        return Ok(());
    }
    let message = format!("`{}` exists and is no empty folder", folder.display());
    Err(Diagnostic::error(&E802, message)
        .help("name another folder with `--out`, or move away what is there"))
}

/// Says what came along, and which patterns were about nothing.
fn tell(context: &mut Context, Chosen { brought, idle }: &Chosen) {
    for (name, by) in brought {
        context.printer.note(format_args!("`{name}` comes along, because `{by}` needs it"));
    }
    for pattern in idle {
        context.printer.note(format_args!("`--exclude {pattern}` leaves nothing out"));
    }
}

/// Writes the files and names them.
fn write(
    context: &mut Context,
    folder: &Path,
    state: &State,
    split: Split,
    dialect: &dyn Dialect,
) -> Result<Vec<String>, Failure> {
    let Written { files, .. } = Written::new(state, split, &[dialect.name()], &mut context.sources)?;
    let texts = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    Staged::write(folder, texts, &[])?.place()?;
    let paths = files.iter().map(|(path, _)| folder.join(path).display().to_string());
    let paths: Vec<String> = paths.collect();
    if !context.printer.is_json() {
        for path in &paths {
            context.printer.status("Wrote", path);
        }
    }
    Ok(paths)
}

fn print_json(
    context: &mut Context,
    inspected: &Inspected,
    version: &str,
    chosen: &Chosen,
    written: Option<Vec<String>>,
) {
    let Inspected { inspection: Inspection { state, unmanaged, unseen }, bookkeeping, dialect, namespace } =
        inspected;
    let brought: Vec<String> = chosen.brought.keys().map(ToString::to_string).collect();
    context.printer.json(json!({
        "dialect": dialect.name().as_str(),
        "version": version,
        "namespace": namespace,
        "state": snapshot::hash(state).to_string(),
        "schema": state_json::state(state),
        "brought": brought,
        "unmanaged": state_json::unmanaged(unmanaged),
        "unseen": state_json::unseen(unseen),
        "tools": state_json::tools(bookkeeping),
        "written": written,
    }));
}

/// The statements that create a state on a server like this one.
fn sql(state: &State, server: sql_view::Server) -> Result<String, Failure> {
    let empty = State::default();
    let ops = diff::diff(&empty, state, &[]).map_err(|error| {
        Diagnostic::error(&E813, error.to_string()).help("print it as KDL and break the circle there")
    })?;
    let steps: Vec<Step> = ops.into_iter().map(Step::Op).collect();
    Ok(sql_view::plain(&steps, &empty, server)?)
}
