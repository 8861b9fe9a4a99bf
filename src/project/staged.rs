//! New files that appear together or not at all: written into a hidden folder first, then moved to their places, and
//! taken back should one of them not get there. Nothing that exists is replaced.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};

use tempfile::TempDir;

use super::files::io_error;
use crate::diagnostic::Diagnostic;

/// Files that wait beside their places. Dropping them leaves nothing behind.
#[derive(Debug)]
pub struct Staged {
    // Dropped in this order: the files go before the folder that was made for them.
    waiting: TempDir,
    root: Made,
    /// What stands at the top of the waiting files.
    tops: Vec<OsString>,
}

/// Files that have got to their places.
#[derive(Debug)]
pub struct Placed {
    places: Vec<PathBuf>,
    root: Made,
}

/// A folder, and which of the folders above it had to be made for it.
#[derive(Debug)]
struct Made {
    folder: PathBuf,
    /// Removed when dropped, as far as they are empty; innermost first.
    own: Vec<PathBuf>,
}

impl Staged {
    /// Writes files and folders, by their paths below a root, which is made if need be.
    ///
    /// # Errors
    /// The system refuses; nothing is left behind.
    pub fn write<'f>(
        root: &Path,
        files: impl IntoIterator<Item = (&'f str, &'f str)>,
        folders: &[&str],
    ) -> Result<Self, Diagnostic> {
        let made = Made::folder(root).map_err(|error| io_error("make", root, &error))?;
        let waiting = tempfile::Builder::new().prefix(".schemactl-").tempdir_in(root);
        let waiting = waiting.map_err(|error| io_error("write into", root, &error))?;
        let mut staged = Self { waiting, root: made, tops: Vec::new() };
        for (path, text) in files {
            staged.add(path, |place| {
                fs::create_dir_all(place.parent().unwrap_or(place))?;
                let mut file = fs::File::create_new(place)?;
                file.write_all(text.as_bytes())?;
                file.sync_all()
            })?;
        }
        for folder in folders {
            staged.add(folder, |place| fs::create_dir_all(place))?;
        }
        Ok(staged)
    }

    fn add(&mut self, path: &str, write: impl FnOnce(&Path) -> io::Result<()>) -> Result<(), Diagnostic> {
        let path = Path::new(path);
        write(&self.waiting.path().join(path)).map_err(|error| io_error("write", path, &error))?;
        if let Some(Component::Normal(top)) = path.components().next()
            && !self.tops.iter().any(|known| known == top)
        {
            self.tops.push(top.to_owned());
        }
        Ok(())
    }

    /// Moves everything to its place. Where an empty folder is in the way, it makes room.
    ///
    /// # Errors
    /// Something else is in the way, or the system refuses; nothing is left behind.
    pub fn place(self) -> Result<Placed, Diagnostic> {
        let Self { waiting, root, tops } = self;
        let mut placed = Placed { places: Vec::new(), root };
        for top in tops {
            let place = placed.root.folder.join(&top);
            if let Err(error) = move_new(&waiting.path().join(&top), &place) {
                placed.take_back();
                return Err(io_error("write", &place, &error));
            }
            placed.places.push(place);
        }
        // An empty hidden folder does no harm should it stay.
        let _ = waiting.close();
        placed.root.own.clear();
        Ok(placed)
    }
}

impl Placed {
    /// Removes what was placed: for when something else that belongs to it failed.
    pub fn take_back(self) {
        for place in &self.places {
            // What can't be removed stays; the failure that led here is what is told.
            let _ = if place.is_dir() { fs::remove_dir_all(place) } else { fs::remove_file(place) };
        }
    }
}

fn move_new(from: &Path, to: &Path) -> io::Result<()> {
    match fs::symlink_metadata(to) {
        Ok(found) if found.is_dir() => fs::remove_dir(to)?,
        Ok(_) => return Err(io::Error::new(io::ErrorKind::AlreadyExists, "it exists")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    fs::rename(from, to)
}

impl Made {
    fn folder(folder: &Path) -> io::Result<Self> {
        let missing = folder.ancestors().filter(|path| !path.as_os_str().is_empty() && !path.exists());
        let own = missing.map(Path::to_owned).collect();
        let made = Self { folder: folder.to_owned(), own };
        fs::create_dir_all(folder)?;
        Ok(made)
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        for folder in &self.own {
            // A folder that something is in by now is not ours alone.
            let _ = fs::remove_dir(folder);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> = fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn files_appear_together() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("a/b");
        let staged = Staged::write(&root, [("x.kdl", "1"), ("s/y.kdl", "2")], &["empty"]).unwrap();
        assert!(!root.join("x.kdl").exists());
        fs::create_dir(root.join("s")).unwrap();
        staged.place().unwrap();
        assert_eq!(found(&root), ["empty", "s", "x.kdl"]);
        assert_eq!(fs::read_to_string(root.join("s/y.kdl")).unwrap(), "2");
    }

    #[test]
    fn what_is_in_the_way_keeps_all_away() {
        let folder = tempfile::tempdir().unwrap();
        let staged = Staged::write(folder.path(), [("a.kdl", "1"), ("s/y.kdl", "2")], &[]).unwrap();
        fs::create_dir(folder.path().join("s")).unwrap();
        fs::write(folder.path().join("s/mine"), "").unwrap();
        assert!(staged.place().is_err());
        assert_eq!(found(folder.path()), ["s"]);
        assert_eq!(found(&folder.path().join("s")), ["mine"]);
    }

    #[test]
    fn what_is_given_up_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().join("a/b");
        drop(Staged::write(&root, [("x.kdl", "1")], &[]).unwrap());
        assert_eq!(found(folder.path()), [""; 0]);
        let placed = Staged::write(&root, [("x.kdl", "1"), ("s/y.kdl", "2")], &[]).unwrap().place().unwrap();
        placed.take_back();
        assert_eq!(found(&root), [""; 0]);
    }
}
