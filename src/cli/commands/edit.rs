//! `schemactl edit`: a revision in the editor, checked afterwards.

use std::process::Command;

use serde_json::json;

use crate::cli::context::Context;
use crate::cli::database::position_for;
use crate::cli::errors::E822;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::{chain, plan_view};
use crate::diagnostic::{Diagnostic, Sources};
use crate::project::{Project, variable};
use crate::snapshot::Files;

/// Open a revision in the editor, and check the chain afterwards
///
/// The editor is what `VISUAL` names, or else `EDITOR`, or else `vi`. A revision that another one builds on, or that a
/// database has, must stay as it is.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  schemactl edit\n  schemactl edit 0003_split_name")]
pub(crate) struct Args {
    /// The revision: number, name, id, tag, or the beginning of a name or id; `current` asks the database
    #[arg(value_name = "REVISION", default_value = "head", allow_negative_numbers = true)]
    revision: String,
}

/// Opens and checks it.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args { revision } = args;
    let project = context.project()?;
    let file = match project.read_history(&mut context.sources) {
        Ok(history) => {
            let position = position_for(&revision, "edit", context)?;
            chain::find_at(&history, &revision, &position)?.revision.name.file()
        }
        // A chain that can't be read is what an editor is needed for.
        Err(problems) => named(&project, &revision)?.ok_or(problems)?,
    };
    let path = format!("{}/{file}", project.revisions());
    start(&project.root().join(&path).display().to_string())?;
    context.sources = Sources::default();
    let history = project.read_history(&mut context.sources)?;
    let faults = history.verify();
    if !faults.is_empty() {
        return Err(faults.into());
    }
    context.printer.status("Checked", &path);
    let edited = history.links().iter().find(|link| link.revision.name.file() == file);
    let unfilled = edited.is_some_and(|link| plan_view::unfilled(&link.revision.steps));
    if context.printer.is_json() {
        let revision = edited.map(|link| plan_view::revision_json(&link.revision));
        context.printer.json(json!({ "revision": revision, "checked": path, "unfilled": unfilled }));
    }
    if unfilled {
        context.printer.note("a hook is not written yet; `schemactl apply` refuses the revision until it is");
    }
    Ok(Exit::DONE)
}

/// The file of a revision in a chain that can't be read: by its name or the beginning of it; the last one for `head`.
fn named(project: &Project, name: &str) -> Result<Option<String>, Diagnostic> {
    let listed = project.files().list(&project.revisions());
    let names = listed.map_err(|error| {
        Diagnostic::error(&E822, format!("the folder of revisions can't be read: {error}"))
            .help("make the folder readable")
    })?;
    let mut files = names.into_iter().filter(|file| file.ends_with(".kdl"));
    Ok(match name {
        "head" => files.next_back(),
        name => files.find(|file| file.starts_with(name) || file.trim_start_matches('0').starts_with(name)),
    })
}

/// Runs the editor on a file, as a shell would, so that it may have arguments of its own.
fn start(path: &str) -> Result<(), Diagnostic> {
    let editor = variable::VISUAL.value().or_else(|| variable::EDITOR.value());
    let editor = editor.unwrap_or_else(|| "vi".to_owned());
    let line = format!("{editor} \"$@\"");
    let ended = Command::new("sh").args(["-c", &line, "schemactl", path]).status();
    let why = match ended {
        Ok(status) if status.success() => return Ok(()),
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    };
    Err(Diagnostic::error(&E822, format!("the editor `{editor}` failed: {why}"))
        .help("set `VISUAL` or `EDITOR` to an editor that is installed"))
}
