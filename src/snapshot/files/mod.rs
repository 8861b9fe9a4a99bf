//! The few file operations that a project needs, as a trait, so that everything above it runs on a folder or in
//! memory. Says nothing about what the files mean.

mod disk;
mod memory;

use std::io;

pub use disk::{Disk, replace_file};
pub use memory::Memory;

/// A folder of files. Paths are relative to it and use `/`; one leads out of it only where it begins with `..`.
pub trait Files: Sync {
    /// The names of the files in a folder, sorted; none when there is no such folder. Folders inside it are left out.
    ///
    /// # Errors
    /// The folder can't be read.
    fn list(&self, folder: &str) -> io::Result<Vec<String>>;

    /// The content of a file.
    ///
    /// # Errors
    /// The file is missing or can't be read.
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;

    /// Writes a file that must not exist yet; folders on the way are made. A reader sees the whole file or none.
    ///
    /// # Errors
    /// The file exists (`AlreadyExists`) or can't be written.
    fn write_new(&self, path: &str, content: &[u8]) -> io::Result<()>;

    /// Writes a file, in the place of an older one if there is one. A reader sees the old file or the new one.
    ///
    /// # Errors
    /// The file can't be written.
    fn replace(&self, path: &str, content: &[u8]) -> io::Result<()>;

    /// Removes a file.
    ///
    /// # Errors
    /// The file is missing or can't be removed.
    fn remove(&self, path: &str) -> io::Result<()>;
}

/// Refuses a path that leads elsewhere than its beginning says, which is the project's own: what follows may be a name
/// that stood in a file.
fn plain(path: &str) -> io::Result<&str> {
    let mut parts = path.split('/').skip_while(|part| *part == "..").peekable();
    let is_odd = path.contains('\\')
        || path.contains(':')
        || parts.peek().is_none()
        || parts.any(|part| part.is_empty() || part == "." || part == "..");
    if is_odd {
        let reason = format!("`{path}` is not a plain path");
        return Err(io::Error::new(io::ErrorKind::InvalidInput, reason));
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(files: &dyn Files) {
        assert_eq!(files.list("revisions").unwrap(), Vec::<String>::new());
        files.write_new("revisions/b.kdl", b"one").unwrap();
        files.write_new("revisions/a.kdl", b"two").unwrap();
        files.write_new("revisions/old/c.kdl", b"three").unwrap();
        assert_eq!(files.list("revisions").unwrap(), ["a.kdl", "b.kdl"]);
        let again = files.write_new("revisions/a.kdl", b"other").unwrap_err();
        assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(files.read("revisions/a.kdl").unwrap(), b"two");
        files.replace("revisions/a.kdl", b"other").unwrap();
        assert_eq!(files.read("revisions/a.kdl").unwrap(), b"other");
        files.remove("revisions/a.kdl").unwrap();
        assert_eq!(files.read("revisions/a.kdl").unwrap_err().kind(), io::ErrorKind::NotFound);
        for path in ["..", "a/..", "/a", "a//b", "../a/../b", "C:a", "a\\b", ""] {
            assert_eq!(files.write_new(path, b"").unwrap_err().kind(), io::ErrorKind::InvalidInput, "{path}");
        }
    }

    #[test]
    fn a_folder_and_memory_behave_alike() {
        check(&Memory::default());
        let folder = tempfile::tempdir().unwrap();
        check(&Disk::new(folder.path()));
        let left: Vec<_> = std::fs::read_dir(folder.path().join("revisions")).unwrap().collect();
        assert_eq!(left.len(), 2, "no temporary file stays behind: {left:?}");
    }
}
