//! Files in a folder of the file system. What is written goes through a temporary file beside it, so that a crash
//! leaves the old content or the new, never half of it.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use super::{Files, plain};

/// The files of a folder.
#[derive(Debug, Clone)]
pub struct Disk(PathBuf);

impl Disk {
    /// The files of this folder, which need not exist yet.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self(root.into())
    }

    fn at(&self, path: &str) -> io::Result<PathBuf> {
        Ok(self.0.join(plain(path)?))
    }
}

/// Writes a file as a whole or not at all, making the folders above it. One that is there keeps its rights, and where a
/// link leads to it, the link stays.
///
/// # Errors
/// The system refuses; the file is as it was.
pub fn replace_file(place: &Path, content: &[u8]) -> io::Result<()> {
    let place = match place.canonicalize() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => place.to_owned(),
        found => found?,
    };
    let file = staged(&place, content)?;
    match fs::metadata(&place) {
        Ok(old) => file.as_file().set_permissions(old.permissions())?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    file.persist(place)?;
    Ok(())
}

/// The content in a temporary file beside its place, with the rights that any new file gets: a temporary one is its
/// owner's alone.
fn staged(place: &Path, content: &[u8]) -> io::Result<NamedTempFile> {
    let folder = place.parent().unwrap_or(place);
    fs::create_dir_all(folder)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".schemactl-");
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    Ok(file)
}

impl Files for Disk {
    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let entries = match fs::read_dir(self.at(folder)?) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut names = Vec::new();
        for entry in entries {
            let entry = entry?;
            let kind = entry.file_type()?;
            // A link counts as what it leads to.
            let is_folder = if kind.is_symlink() { entry.path().is_dir() } else { kind.is_dir() };
            if let (false, Ok(name)) = (is_folder, entry.file_name().into_string()) {
                names.push(name);
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        fs::read(self.at(path)?)
    }

    fn write_new(&self, path: &str, content: &[u8]) -> io::Result<()> {
        let place = self.at(path)?;
        staged(&place, content)?.persist_noclobber(place).map_err(|error| error.error)?;
        Ok(())
    }

    fn replace(&self, path: &str, content: &[u8]) -> io::Result<()> {
        replace_file(&self.at(path)?, content)
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        fs::remove_file(self.at(path)?)
    }
}
