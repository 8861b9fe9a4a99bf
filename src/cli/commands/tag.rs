//! `schemactl tag`: further names for revisions.

use serde_json::json;

use crate::cli::chain;
use crate::cli::context::Context;
use crate::cli::errors::E824;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::style::{DIM, NAME, paint};
use crate::diagnostic::Diagnostic;
use crate::revision;

/// Give a revision a further name, or list these names
///
/// A tag can stand wherever a revision is named: `apply v1.2`, `sql v1.1..v1.2`. It is kept in the revision's file and is no
/// part of its content, so a revision that databases have can get one.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Examples:\n  schemactl tag\n  schemactl tag v1.2\n  schemactl tag v1.1 0003_split_name\n  schemactl tag --delete v1.0"
)]
pub(crate) struct Args {
    /// The tag; without it, all are listed
    name: Option<String>,

    /// The revision: number, name, id, tag, or the beginning of a name or id
    #[arg(value_name = "REVISION", default_value = "head", requires = "name")]
    revision: String,

    /// Take it from the revision that has it
    #[arg(long = "move", requires = "name")]
    moved: bool,

    /// Delete the tag
    #[arg(long, value_name = "NAME", conflicts_with_all = ["name", "moved"])]
    delete: Option<String>,
}

/// Tags.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args { name, revision, moved, delete } = args;
    let project = context.project()?;
    let history = project.read_history(&mut context.sources)?;
    let files = project.files();
    if let Some(text) = delete {
        let tag = revision::tag_name(&text)?;
        let link = history.with_tag(&tag)?;
        revision::remove_tag(&files, &context.sources, link, &tag)?;
        return Ok(tell(context, "Deleted", &tag, None, &link.path));
    }
    let Some(text) = name else { return Ok(list(context, &history)) };
    let tag = revision::tag_name(&text)?;
    let link = chain::find(&history, &revision)?;
    match history.tagged(&tag) {
        Some(known) if known.revision.id == link.revision.id => {
            if !context.printer.is_json() {
                context.printer.note(format_args!("`{}` has the tag already", link.revision.name));
                return Ok(Exit::DONE);
            }
        }
        Some(known) if !moved => {
            let message = format!("`{}` has the tag `{tag}`", known.revision.name);
            let command = format!("schemactl tag {tag} {} --move", link.revision.name);
            return Err(Diagnostic::error(&E824, message).help(format!("move it: `{command}`")).into());
        }
        Some(known) => {
            // Between the two steps the tag is nowhere, rather than twice.
            revision::remove_tag(&files, &context.sources, known, &tag)?;
            revision::add_tag(&files, &context.sources, link, &tag)?;
        }
        None => revision::add_tag(&files, &context.sources, link, &tag)?,
    }
    Ok(tell(context, "Tagged", &tag, Some(link.revision.name.as_str()), &link.path))
}

fn tell(
    context: &mut Context,
    verb: &str,
    tag: &crate::name::Name,
    revision: Option<&str>,
    path: &str,
) -> Exit {
    let printer = &mut context.printer;
    if printer.is_json() {
        printer.json(json!({ "tag": tag.as_str(), "revision": revision, "updated": [path] }));
    } else {
        match revision {
            Some(revision) => printer.status(verb, format_args!("{revision} as {tag}")),
            None => printer.status(verb, format_args!("{tag} in {path}")),
        }
    }
    Exit::DONE
}

/// Every tag with its revision, the newest revision first.
fn list(context: &mut Context, history: &revision::History) -> Exit {
    let links = history.links().iter().rev();
    let tags: Vec<_> =
        links.flat_map(|link| link.revision.tags.iter().map(|tag| (tag.as_str(), &link.revision))).collect();
    let printer = &mut context.printer;
    if printer.is_json() {
        let tag = |(tag, of): &(&str, &revision::Revision)| json!({ "tag": tag, "revision": of.name.as_str(), "id": of.id.to_string() });
        printer.json(json!({ "tags": tags.iter().map(tag).collect::<Vec<_>>() }));
        return Exit::DONE;
    }
    if tags.is_empty() {
        printer.note("no revision has a tag");
    }
    let width = tags.iter().map(|(tag, _)| tag.chars().count()).max().unwrap_or(0);
    for (tag, of) in tags {
        let id = paint(DIM, of.id);
        printer.line(format_args!("{}  {}  {id}", paint(NAME, format_args!("{tag:<width$}")), of.name));
    }
    Exit::DONE
}
