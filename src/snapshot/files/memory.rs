//! Files in memory, for tests and for trying what a command would write.

use std::collections::BTreeMap;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Files, plain};

/// Files that live as long as the value does.
#[derive(Debug, Default)]
pub struct Memory(Mutex<BTreeMap<String, Vec<u8>>>);

impl Memory {
    fn files(&self) -> MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn missing(path: &str) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, format!("there is no file `{path}`"))
}

impl Files for Memory {
    fn list(&self, folder: &str) -> io::Result<Vec<String>> {
        let prefix = format!("{}/", plain(folder)?);
        let files = self.files();
        let names = files.keys().filter_map(|path| path.strip_prefix(&prefix));
        Ok(names.filter(|name| !name.contains('/')).map(str::to_owned).collect())
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.files().get(plain(path)?).cloned().ok_or_else(|| missing(path))
    }

    fn write_new(&self, path: &str, content: &[u8]) -> io::Result<()> {
        let path = plain(path)?;
        let mut files = self.files();
        if files.contains_key(path) {
            return Err(io::Error::new(io::ErrorKind::AlreadyExists, format!("`{path}` exists")));
        }
        files.insert(path.to_owned(), content.to_vec());
        Ok(())
    }

    fn replace(&self, path: &str, content: &[u8]) -> io::Result<()> {
        self.files().insert(plain(path)?.to_owned(), content.to_vec());
        Ok(())
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        self.files().remove(plain(path)?).map(|_| ()).ok_or_else(|| missing(path))
    }
}
