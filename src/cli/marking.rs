//! What `tag` and `label` share: marks of revisions, given, moved, deleted and listed.

use serde_json::json;

use super::chain;
use super::context::Context;
use super::errors::E824;
use super::exit::Exit;
use super::failure::Failure;
use super::style::{DIM, NAME, paint};
use crate::diagnostic::Diagnostic;
use crate::name::Name;
use crate::revision::{self, History, Mark, Revision};

/// What is asked for.
#[derive(Debug, clap::Args)]
pub(super) struct Marking {
    /// The name; without it, all are listed
    name: Option<String>,

    /// The revision: number, name, id, tag, or the beginning of a name or id
    #[arg(value_name = "REVISION", default_value = "head", requires = "name")]
    revision: String,

    /// Take it from the revision that has it
    #[arg(long = "move", requires = "name")]
    moved: bool,

    /// Delete this name
    #[arg(long, value_name = "NAME", conflicts_with_all = ["name", "moved"])]
    delete: Option<String>,
}

/// Does it.
pub(super) fn go(mark: Mark, marking: Marking, context: &mut Context) -> Result<Exit, Failure> {
    let Marking { name, revision, moved, delete } = marking;
    let project = context.project()?;
    let history = project.read_history(&mut context.sources)?;
    let files = project.files();
    if let Some(text) = delete {
        let name = revision::mark_name(mark, &text)?;
        let link = history.with_mark(mark, &name)?;
        revision::remove_mark(&files, &context.sources, link, mark, &name)?;
        return Ok(tell(context, mark, &name, None, &link.path));
    }
    let Some(text) = name else { return Ok(list(context, &history, mark)) };
    let name = revision::mark_name(mark, &text)?;
    let link = chain::find(&history, &revision)?;
    match history.marked(mark, &name) {
        Some(known) if known.revision.id == link.revision.id => {
            if !context.printer.is_json() {
                context.printer.note(format_args!(
                    "`{}` has the {} already",
                    link.revision.name,
                    mark.word()
                ));
                return Ok(Exit::DONE);
            }
        }
        Some(known) if !moved => {
            let word = mark.word();
            let message = format!("`{}` has the {word} `{name}`", known.revision.name);
            let command = format!("schemactl {word} {name} {} --move", link.revision.name);
            return Err(Diagnostic::error(&E824, message).help(format!("move it: `{command}`")).into());
        }
        Some(known) => {
            // Between the two steps the mark is nowhere, rather than twice.
            revision::remove_mark(&files, &context.sources, known, mark, &name)?;
            revision::add_mark(&files, &context.sources, link, mark, &name)?;
        }
        None => {
            if let Some(problem) = history.taken(mark, &name, Some(link.revision.id)) {
                return Err(problem.into());
            }
            revision::add_mark(&files, &context.sources, link, mark, &name)?;
        }
    }
    Ok(tell(context, mark, &name, Some(link.revision.name.as_str()), &link.path))
}

fn tell(context: &mut Context, mark: Mark, name: &Name, revision: Option<&str>, path: &str) -> Exit {
    let printer = &mut context.printer;
    let verb = match mark {
        Mark::Tag => "Tagged",
        Mark::Label => "Labelled",
    };
    if printer.is_json() {
        printer.json(json!({ mark.word(): name.as_str(), "revision": revision, "updated": [path] }));
    } else {
        match revision {
            Some(revision) => printer.status(verb, format_args!("{revision} as {name}")),
            None => printer.status("Deleted", format_args!("{name} in {path}")),
        }
    }
    Exit::DONE
}

/// Every mark with its revision, the newest revision first.
fn list(context: &mut Context, history: &History, mark: Mark) -> Exit {
    let links = history.links().iter().rev();
    let names: Vec<(&str, &Revision)> =
        links.flat_map(|link| mark.of(link).iter().map(|name| (name.as_str(), &link.revision))).collect();
    let printer = &mut context.printer;
    let word = mark.word();
    if printer.is_json() {
        let one = |(name, of): &(&str, &Revision)| json!({ word: name, "revision": of.name.as_str(), "id": of.id.to_string() });
        printer.json(json!({ format!("{word}s"): names.iter().map(one).collect::<Vec<_>>() }));
        return Exit::DONE;
    }
    if names.is_empty() {
        printer.note(format_args!("no revision has a {word}"));
    }
    let width = names.iter().map(|(name, _)| name.chars().count()).max().unwrap_or(0);
    for (name, of) in names {
        let id = paint(DIM, of.id);
        printer.line(format_args!("{}  {}  {id}", paint(NAME, format_args!("{name:<width$}")), of.name));
    }
    Exit::DONE
}
