//! The file of a database that a run makes: gone again with the run if nothing was committed to it.

use std::fs;
use std::path::{Path, PathBuf};

use super::connection::Target;
use super::lock::FileLock;

/// A file that opening a database makes. Dropping this removes it if it is still empty; drop it after the connection.
#[must_use = "the file goes with this value"]
#[derive(Debug)]
pub struct NewFile<'a>(&'a Target);

impl<'a> NewFile<'a> {
    /// The file of a database that is not there yet; `None` if it is, or is no file.
    pub fn of(target: &'a Target) -> Option<Self> {
        target.missing_file().map(|_| Self(target))
    }

    fn remove_if_empty(&self) -> Option<()> {
        let (file, lock) = (self.0.file()?, self.0.lock_file()?);
        let is_empty = || fs::metadata(file).is_ok_and(|found| found.is_file() && found.len() == 0);
        if !is_empty() {
            return None;
        }
        // Another run that holds the lock is about to use the file. One that comes later notices that the file is
        // not the one that it opened (see `Place`).
        let _lock = FileLock::try_take(&lock, "apply").ok().flatten()?;
        is_empty().then(|| fs::remove_file(file).ok()).flatten()
    }
}

impl Drop for NewFile<'_> {
    fn drop(&mut self) {
        if cfg!(unix) {
            let _ = self.remove_if_empty();
        }
    }
}

/// Where the file of a database was when it was opened.
#[derive(Debug)]
pub(super) struct Place {
    path: PathBuf,
    identity: Option<(u64, u64)>,
}

impl Place {
    /// The file of a database that was just opened; `None` if it is no file.
    pub(super) fn of(target: &Target) -> Option<Self> {
        let path = target.file()?.to_owned();
        Some(Self { identity: identity(&path), path })
    }

    /// The path.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether the path still leads to that file: what is written to one that was removed is lost.
    pub(super) fn is_unchanged(&self) -> bool {
        identity(&self.path) == self.identity
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).ok().map(|found| (found.dev(), found.ino()))
}

/// A file that is open can't be removed here.
#[cfg(not(unix))]
fn identity(_path: &Path) -> Option<(u64, u64)> {
    None
}
