//! The files of another tool, read from the disk within bounds.

use std::fs;
use std::io;
use std::path::Path;

use crate::diagnostic::Diagnostic;
use crate::import::Folder;
use crate::import::errors::{E901, E906};

/// Folders inside each other that are searched.
const DEPTH_MAX: usize = 8;
/// How many files are read.
const FILES_MAX: usize = 20_000;
/// How large a file may be, in bytes.
const BYTES_MAX: u64 = 64 << 20;
/// The files whose texts can be steps.
const READ: [&str; 2] = ["sql", "py"];

/// Reads a folder.
pub(super) fn read(folder: &Path) -> Result<Folder, Vec<Diagnostic>> {
    let (mut files, mut problems) = (Folder::new(), Vec::new());
    find(folder, "", DEPTH_MAX, &mut files, &mut problems);
    if problems.is_empty() { Ok(files) } else { Err(problems) }
}

fn find(folder: &Path, prefix: &str, depth: usize, files: &mut Folder, problems: &mut Vec<Diagnostic>) {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let entries = match entries {
        Ok(entries) => entries,
        Err(error) => return problems.push(unreadable(folder, &error)),
    };
    for entry in entries {
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = entry.path();
        if name.starts_with('.') || name == "__pycache__" {
            continue;
        }
        if files.len() >= FILES_MAX {
            let message = format!("there are more than {FILES_MAX} files in `{}`", folder.display());
            return problems
                .push(Diagnostic::error(&E901, message).help("name the folder that has the steps"));
        }
        let below = format!("{prefix}{name}");
        if path.is_dir() {
            if depth > 0 {
                find(&path, &format!("{below}/"), depth - 1, files, problems);
            }
        } else if path.extension().is_some_and(|end| READ.iter().any(|known| end == *known)) {
            match text(&path) {
                Ok(text) => drop(files.insert(below, Some(text))),
                Err(problem) => problems.push(problem),
            }
        } else {
            files.insert(below, None);
        }
    }
}

fn text(path: &Path) -> Result<String, Diagnostic> {
    let size = fs::metadata(path).map_err(|error| unreadable(path, &error))?.len();
    if size > BYTES_MAX {
        let message = format!("`{}` has more than {} MiB", path.display(), BYTES_MAX >> 20);
        return Err(Diagnostic::error(&E906, message)
            .help("move rows out of it into a file that is loaded otherwise"));
    }
    let bytes = fs::read(path).map_err(|error| unreadable(path, &error))?;
    let text = String::from_utf8(bytes).map_err(|_| {
        Diagnostic::error(&E906, format!("`{}` is not UTF-8", path.display())).help("save it as UTF-8")
    })?;
    Ok(text.strip_prefix('\u{feff}').map_or(text.clone(), str::to_owned))
}

fn unreadable(path: &Path, error: &io::Error) -> Diagnostic {
    let why = match error.kind() {
        io::ErrorKind::NotFound => "it doesn't exist".to_owned(),
        io::ErrorKind::NotADirectory => "it is no folder".to_owned(),
        _ => error.to_string(),
    };
    Diagnostic::error(&E901, format!("can't read `{}`: {why}", path.display()))
        .help("name the folder that the tool's files are in")
}
