//! Reading and writing a project's files: every failure names the file, nothing is half written.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::errors;
use crate::diagnostic::{Diagnostic, SourceId, Sources};
use crate::document;
use crate::snapshot::replace_file;

/// Folders inside each other that are searched for schema files; a link in a circle ends there.
const DEPTH_MAX: usize = 16;

/// Reads `root`/`path`, known to people as `path`.
///
/// # Errors
/// It can't be read, or is no text that the reader takes.
pub fn read(root: &Path, path: &Path, sources: &mut Sources) -> Result<SourceId, Diagnostic> {
    let full = root.join(path);
    let bytes = fs::read(&full).map_err(|error| io_error("read", path, &error))?;
    document::add_file(sources, path, bytes)
}

/// Reads every `*.kdl` file under `root`/`folder`, in the order of their paths. Hidden files and folders are left out.
///
/// # Errors
/// All that couldn't be read.
pub fn read_folder(
    root: &Path,
    folder: &Path,
    sources: &mut Sources,
) -> Result<Vec<SourceId>, Vec<Diagnostic>> {
    let mut paths = Vec::new();
    let mut problems = Vec::new();
    find(root, folder, DEPTH_MAX, &mut paths, &mut problems);
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        match read(root, &path, sources) {
            Ok(source) => found.push(source),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

fn find(root: &Path, folder: &Path, depth: usize, paths: &mut Vec<PathBuf>, problems: &mut Vec<Diagnostic>) {
    let entries = fs::read_dir(root.join(folder)).and_then(Iterator::collect::<io::Result<Vec<_>>>);
    let entries = match entries {
        Ok(entries) => entries,
        Err(error) => return problems.push(io_error("read", folder, &error)),
    };
    for entry in entries {
        let name = entry.file_name();
        let path = folder.join(&name);
        if is_hidden(&name) {
            continue;
        }
        // A folder with the name of a file is one that can't be read, not nothing: else all in it would be dropped.
        if is_schema_file(name.as_ref()) {
            paths.push(path);
        } else if depth > 0 && root.join(&path).is_dir() {
            find(root, &path, depth - 1, paths, problems);
        }
    }
}

/// Whether a file is one of the schema, by its path below the schema's folder.
pub(super) fn is_schema_file(below: &Path) -> bool {
    !below.iter().any(is_hidden) && below.extension().is_some_and(|extension| extension == "kdl")
}

fn is_hidden(name: &OsStr) -> bool {
    name.as_encoded_bytes().starts_with(b".")
}

/// Writes a file as a whole or not at all, making the folders above it.
///
/// # Errors
/// It can't be written; the file is as it was.
pub fn write(root: &Path, path: &Path, text: &str) -> Result<(), Diagnostic> {
    replace_file(&root.join(path), text.as_bytes()).map_err(|error| io_error("write", path, &error))
}

/// Removes a file.
///
/// # Errors
/// The system refuses.
pub fn remove(root: &Path, path: &Path) -> Result<(), Diagnostic> {
    fs::remove_file(root.join(path)).map_err(|error| io_error("remove", path, &error))
}

/// Adds lines at the end of a file, those that it lacks; whether it lacked any.
///
/// # Errors
/// It can't be read or written.
pub fn append(root: &Path, path: &Path, lines: &str) -> Result<bool, Diagnostic> {
    let full = root.join(path);
    let append = || {
        let old = fs::read(&full)?;
        let text = String::from_utf8_lossy(&old);
        let is_new = |line: &&str| !text.lines().any(|other| other == line.trim_end());
        let lines: String = lines.split_inclusive('\n').filter(is_new).collect();
        if lines.is_empty() {
            return Ok(false);
        }
        let mut file = fs::OpenOptions::new().append(true).open(&full)?;
        if old.last().is_some_and(|last| *last != b'\n') {
            file.write_all(b"\n")?;
        }
        file.write_all(lines.as_bytes())?;
        Ok(true)
    };
    append().map_err(|error: io::Error| io_error("write", path, &error))
}

/// Makes a folder with those above it; that it exists is fine.
///
/// # Errors
/// The system refuses.
pub fn create_folder(root: &Path, path: &Path) -> Result<(), Diagnostic> {
    fs::create_dir_all(root.join(path)).map_err(|error| io_error("make", path, &error))
}

/// Refuses a folder in the place of a file that is to be written.
///
/// # Errors
/// It is a folder.
pub fn refuse_folder(root: &Path, path: &Path) -> Result<(), Diagnostic> {
    let full = root.join(path);
    if full.is_dir() { Err(io_error("write", path, &io::ErrorKind::IsADirectory.into())) } else { Ok(()) }
}

/// What to say when the system refuses `what` with a file or folder.
pub(super) fn io_error(what: &str, path: &Path, error: &io::Error) -> Diagnostic {
    let (reason, help) = match error.kind() {
        io::ErrorKind::NotFound => ("it doesn't exist".to_owned(), "make it, or correct the path"),
        io::ErrorKind::PermissionDenied => ("permission denied".to_owned(), "change its rights"),
        io::ErrorKind::IsADirectory => ("it is a folder".to_owned(), "give the folder another name"),
        io::ErrorKind::StorageFull => ("the disk is full".to_owned(), "make room and run the command again"),
        _ => (error.to_string(), "look at the file and its folder"),
    };
    Diagnostic::error(&errors::E602, format!("can't {what} `{}`: {reason}", path.display())).help(help)
}
