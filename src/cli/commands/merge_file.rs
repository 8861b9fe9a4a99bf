//! `schemactl merge-file`: what git runs for a project's files, as `init --git` has told it.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::cli::context::Context;
use crate::cli::errors::{E804, E875};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::diagnostic::Diagnostic;
use crate::project::git::{self, Merged};
use crate::revision::RevisionName;

/// Merge a file of the project for git, which runs this itself after `init --git`
///
/// Changes of the schema that don't overlap are merged by text. Where they overlap, the current branch's file stays, and
/// `schemactl merge` or `schemactl rebase` writes what both say. Of two revisions of the same name, theirs is written
/// beside ours under a name with its id; one that both branches have is merged by text.
#[derive(Debug, clap::Args)]
#[command(hide = true)]
pub(crate) struct Args {
    /// The file as both began with it: `%O`
    base: PathBuf,

    /// The file of the current branch, which is replaced: `%A`
    ours: PathBuf,

    /// The file of the other branch: `%B`
    theirs: PathBuf,

    /// Where it lies: `%P`
    path: PathBuf,
}

/// Merges it.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args { base, ours, theirs, path } = args;
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let name = stem.parse::<RevisionName>().ok();
    if let Some(name) = &name {
        let read = |file: &Path| fs::read_to_string(file).map_err(|error| unwritten(file, &error));
        let (own, other) = (read(&ours)?, read(&theirs)?);
        if id(&own) != id(&other) {
            return beside(&other, &path, name);
        }
    }
    let write = |text: &[u8]| fs::write(&ours, text).map_err(|error| unwritten(&ours, &error));
    match (git::merge_text(&base, &ours, &theirs)?, name) {
        (Merged::Whole(text), _) => write(&text)?,
        (Merged::Conflicting(text), Some(_)) => {
            write(&text)?;
            context.printer.note(format_args!(
                "{}: both branches changed the same lines of this revision; write what both say, then `schemactl check`",
                path.display()
            ));
            return Ok(Exit::FAILED);
        }
        (Merged::Conflicting(_), None) => context.printer.note(format_args!(
            "{}: both branches changed the same lines; yours stay until `schemactl merge` or `schemactl rebase` has \
             written what both say",
            path.display()
        )),
    }
    Ok(Exit::DONE)
}

/// The id of a revision, as its file has it.
fn id(text: &str) -> Option<&str> {
    text.lines().find_map(|line| line.trim().strip_prefix("id "))
}

/// Writes a revision of the other branch beside the one that has its name.
fn beside(other: &str, path: &Path, name: &RevisionName) -> Result<Exit, Failure> {
    let digits = id(other).unwrap_or_default().chars().filter(char::is_ascii_hexdigit);
    let digits: String = digits.take(6).collect();
    let renamed = RevisionName::new(name.number(), &format!("{} {digits}", name.slug()));
    let place = path.with_file_name(renamed.file());
    let text = other.replacen(&format!("\"{name}\""), &format!("\"{renamed}\""), 1);
    let written = fs::OpenOptions::new().write(true).create_new(true).open(&place);
    written
        .and_then(|mut file| io::Write::write_all(&mut file, text.as_bytes()))
        .map_err(|error| unwritten(&place, &error))?;
    let message = format!("both branches have a revision `{name}`; theirs is `{}` now", place.display());
    Err(Diagnostic::error(&E875, message)
        .help("run `git add` for both files, then `schemactl merge` or `schemactl rebase`")
        .into())
}

fn unwritten(path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::error(&E804, format!("`{}` can't be read or written: {error}", path.display()))
        .help("merge the file by hand")
}
