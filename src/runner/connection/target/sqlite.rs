//! URLs of SQLite databases: a path, or memory.

use std::path::{Component, Path, PathBuf};

use super::{Kind, Target, invalid, unknown_parameter};
use crate::diagnostic::{Diagnostic, near};
use crate::runner::connection::{Options, sqlite};
use crate::runner::errors;

/// A file, or memory that lives as long as its connection.
#[derive(Clone)]
pub(in crate::runner::connection) enum SqliteDatabase {
    Memory,
    File { path: PathBuf, mode: Mode },
}

/// What may be done with a file, as the URL's `mode` says.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(in crate::runner::connection) enum Mode {
    Read,
    Write,
    Create,
}

const PARAMETERS: [&str; 1] = ["mode"];
const MODES: [&str; 4] = ["ro", "rw", "rwc", "memory"];

pub(super) fn parse(rest: &str) -> Result<Target, Diagnostic> {
    let rest = rest.strip_prefix("//").unwrap_or(rest);
    // The library would take `file:` for the beginning of a URL of its own, and open another file than the one here.
    let rest = rest.strip_prefix("file:").unwrap_or(rest);
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let mut mode = Mode::Create;
    let mut in_memory = path == ":memory:";
    for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
        if name != "mode" {
            return Err(unknown_parameter(&name, &PARAMETERS));
        }
        match value.as_ref() {
            "ro" => mode = Mode::Read,
            "rw" => mode = Mode::Write,
            "rwc" => mode = Mode::Create,
            "memory" => in_memory = true,
            other => {
                let help = near(other, MODES).map(|meant| format!("write `mode={meant}`"));
                let help = help.unwrap_or_else(|| format!("use one of {}", MODES.join(", ")));
                return Err(invalid("the database URL has an unknown value of `mode`").help(help));
            }
        }
    }
    let (shown, database) = if in_memory {
        ("sqlite::memory:".to_owned(), SqliteDatabase::Memory)
    } else {
        let path = decode(path).filter(|path| !path.contains('\0'));
        let path = path.ok_or_else(|| invalid("the path of the database URL is not text"))?;
        if path.is_empty() {
            return Err(invalid("the database URL names no file").help("write `sqlite://path/to/file.db`"));
        }
        (format!("sqlite://{path}"), SqliteDatabase::File { path: PathBuf::from(path), mode })
    };
    Ok(Target { kind: Kind::Sqlite(database), shown, secrets: Vec::new() })
}

/// Resolves `%XX`. A `%` that begins no such code stands for itself.
fn decode(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let code = text.get(at + 1..at + 3).filter(|_| *byte == b'%');
        let code = code.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(code.unwrap_or(*byte));
        at += if code.is_some() { 3 } else { 1 };
    }
    String::from_utf8(decoded).ok()
}

/// A path from the root on, without steps back and forth.
fn absolute(path: &Path) -> Option<PathBuf> {
    let mut plain = PathBuf::new();
    for part in std::path::absolute(path).ok()?.components() {
        if part == Component::ParentDir {
            plain.pop();
        } else {
            plain.push(part);
        }
    }
    Some(plain)
}

impl SqliteDatabase {
    pub(super) fn in_folder(self, folder: &Path) -> Self {
        match self {
            Self::Memory => Self::Memory,
            // An absolute path replaces the folder.
            Self::File { path, mode } => Self::File { path: folder.join(path), mode },
        }
    }

    /// The URL of a file, from a folder that is given as the file is: relative to the current one, or absolute.
    pub(super) fn url_within(&self, folder: &Path) -> Option<String> {
        let (file, folder) = (absolute(self.file()?)?, absolute(folder)?);
        let shared = file.components().zip(folder.components()).take_while(|(a, b)| a == b).count();
        let up = folder.components().skip(shared).map(|_| Component::ParentDir);
        let path: PathBuf = up.chain(file.components().skip(shared)).collect();
        let text = path.to_str()?.replace('%', "%25").replace('?', "%3F");
        Some(format!("sqlite://{text}"))
    }

    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::Memory => None,
            Self::File { path, mode: _ } => Some(path),
        }
    }

    /// The file that runs on this database lock.
    pub(in crate::runner::connection) fn lock_file(&self) -> Option<PathBuf> {
        self.file().map(sqlite::lock_file)
    }

    /// # Errors
    /// E705: the file does not exist and this connection may not create it. E703: it can't be created, or is a
    /// folder.
    pub(in crate::runner::connection) fn must_exist(&self, options: &Options) -> Result<(), Diagnostic> {
        let Self::File { path, mode } = self else { return Ok(()) };
        let shown = path.display();
        if path.is_dir() {
            let message = format!("can't open `{shown}`: it is a folder, not a file");
            return Err(Diagnostic::error(&errors::E703, message).help("name a file in the database URL"));
        }
        if !matches!(path.try_exists(), Ok(false)) {
            return Ok(());
        }
        if !options.create || *mode != Mode::Create {
            let message = format!("the database `{shown}` doesn't exist");
            let help = match mode {
                Mode::Create => "run `schemactl apply` to create it",
                Mode::Read | Mode::Write => "create it, or leave `mode` out of the URL",
            };
            return Err(Diagnostic::error(&errors::E705, message).help(help));
        }
        match path.parent().filter(|folder| !folder.as_os_str().is_empty() && !folder.is_dir()) {
            Some(folder) => {
                let message = format!("can't create `{shown}`: its folder doesn't exist");
                let help = format!("create the folder `{}`", folder.display());
                Err(Diagnostic::error(&errors::E703, message).help(help))
            }
            None => Ok(()),
        }
    }
}
