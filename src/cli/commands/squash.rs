//! `schemactl squash`: many revisions become one.

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::errors::E823;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::counted;
use crate::cli::{chain, clock, dialects, offline, plan_view, sql_view};
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::revision::{self, History, Moved, Squashed};

/// Write one revision in place of many
///
/// It leads from the state before the first to the state behind the last, and has their hooks, in their order. The many
/// move to `revisions/replaced`: databases that have some of them go on with the others, and those that have all of them need
/// nothing. What builds on the last of them stays as it is.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Examples:\n  schemactl squash --dry-run\n  schemactl squash base..0040 -m \"the first year\"\n  schemactl squash 0010..0020 --drop-hooks backfill-slugs"
)]
pub(crate) struct Args {
    /// The revisions behind the first, up to and with the second: `FROM..TO`
    #[arg(default_value = "base..head", allow_negative_numbers = true, value_name = "RANGE")]
    range: String,

    /// What the revision is called
    #[arg(short, long, value_name = "TEXT", default_value = "squashed")]
    message: String,

    /// Leave out these hooks: by name, as `REVISION/NAME`, or `all`
    #[arg(long, value_name = "NAME", value_delimiter = ',')]
    drop_hooks: Vec<String>,

    /// Show the revision, and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Squashes.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args { range, message, drop_hooks, dry_run } = args;
    let project = context.project()?;
    let history = project.read_history(&mut context.sources)?;
    let (from, to) = offline::range(&range);
    let squashed = squash(&history, from.unwrap_or("base"), to, &drop_hooks, &message)?;
    let (folder, aside) = (project.revisions(), project.replaced());
    let known = project.read_aside(&mut context.sources)?;
    history.squashed(&folder, &squashed, known, &mut context.sources)?;
    show(context, &project, &history, &squashed)?;
    let mut written = Vec::new();
    if !dry_run {
        written.push(revision::put_together(&project.files(), (&folder, &aside), &history, &squashed)?);
    }
    report(context, &squashed, &written, &aside);
    Ok(Exit::DONE)
}

/// The revisions of a range as one.
pub(super) fn squash(
    history: &History,
    from: &str,
    to: &str,
    drop: &[String],
    message: &str,
) -> Result<Squashed, Failure> {
    let from = chain::place(history, from)?;
    let to = chain::place(history, to)?;
    let [last] = to.ids() else {
        let message = "the range ends at no single revision".to_owned();
        return Err(Diagnostic::error(&E823, message).help("name one: `FROM..TO`").into());
    };
    Ok(history.squash(from.ids(), *last, drop, message, clock::now())?)
}

/// Shows what the revision does, if every dialect of the project can do it.
pub(super) fn show(
    context: &mut Context,
    project: &Project,
    history: &History,
    squashed: &Squashed,
) -> Result<(), Failure> {
    let revision = &squashed.revision;
    let [first, last] = [squashed.range.first(), squashed.range.last()].map(|id| history.get(*id?));
    if let (Some(first), Some(last)) = (first, last) {
        let (from, _) = chain::states(history, first)?;
        let (_, to) = chain::states(history, last)?;
        let mut lowered = Vec::new();
        for server in project.servers() {
            lowered.push(sql_view::render(&revision.steps, &from, &to, server)?);
        }
        if !context.printer.is_json() && !context.printer.is_quiet() {
            context.printer.lines(plan_view::revision(revision, &dialects::costs(&lowered)));
        }
    }
    Ok(())
}

fn report(context: &mut Context, squashed: &Squashed, written: &[String], aside: &str) {
    let Squashed { revision, range, kept, dropped } = squashed;
    let printer = &mut context.printer;
    if printer.is_json() {
        let moved = |list: &[Moved]| {
            list.iter().map(|one| format!("{}/{}", one.revision, one.hook)).collect::<Vec<_>>()
        };
        return printer.json(json!({
            "revision": plan_view::revision_json(revision),
            "kept": moved(kept),
            "dropped": moved(dropped),
            "written": written,
        }));
    }
    hooks(context, squashed);
    let printer = &mut context.printer;
    let count = counted(range.len(), "revision");
    match written {
        [] => printer.note(format_args!("{count} would become one; nothing is written")),
        _ => {
            written.iter().for_each(|path| printer.status("Wrote", path));
            printer.status("Moved", format_args!("{count} to {aside}"));
            printer.next("`schemactl check`, then `schemactl prove`");
        }
    }
}

/// Says which hooks came along, and which didn't.
pub(super) fn hooks(context: &mut Context, Squashed { kept, dropped, .. }: &Squashed) {
    for (list, word) in [(kept, "kept"), (dropped, "left out")] {
        for Moved { revision, hook } in list {
            context.printer.note(format_args!("hook `{hook}` of `{revision}` is {word}"));
        }
    }
}
