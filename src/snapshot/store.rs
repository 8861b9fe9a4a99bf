//! The folder of snapshots: one file for each state, named by the state's hash, written once and checked whenever it
//! is read. Two branches that reach the same state share a file.

use std::collections::BTreeSet;
use std::io;

use super::errors::{E401, E402, E403, E404, E405};
use super::{Files, canonical};
use crate::diagnostic::{Diagnostic, Sources};
use crate::hash::StateHash;
use crate::model::State;
use crate::syntax;

/// How many digits of the hash a file's name has: few enough to read, and too many for two states to share them.
const NAME_DIGITS: usize = 16;

/// A state in canonical form with its hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// The hash of the text.
    pub hash: StateHash,
    /// The canonical text.
    pub text: String,
}

impl Snapshot {
    /// The snapshot of a state.
    #[must_use]
    pub fn of(state: &State) -> Self {
        let text = canonical(state);
        Self { hash: StateHash::of(&text), text }
    }
}

/// What became of a snapshot that was put into the store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Put {
    /// It was not there and is now.
    Written,
    /// It was there.
    Present,
    /// Its file was there and said something else; it was written again.
    Repaired,
}

/// A folder of snapshots.
#[derive(Clone, Copy)]
pub struct Store<'f> {
    files: &'f dyn Files,
    folder: &'f str,
}

impl<'f> Store<'f> {
    /// The snapshots in a folder, which need not exist yet.
    #[must_use]
    pub fn new(files: &'f dyn Files, folder: &'f str) -> Self {
        Self { files, folder }
    }

    /// Where the snapshot of a state is kept.
    #[must_use]
    pub fn path(&self, hash: StateHash) -> String {
        format!("{}/{}.kdl", self.folder, stem(hash))
    }

    /// Keeps a snapshot. The file of one that is damaged is written again: only one content fits the name.
    ///
    /// # Errors
    /// `E403` when the file can't be written.
    pub fn put(&self, snapshot: &Snapshot) -> Result<Put, Diagnostic> {
        let path = self.path(snapshot.hash);
        let old = match self.files.write_new(&path, snapshot.text.as_bytes()) {
            Ok(()) => return Ok(Put::Written),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => self.files.read(&path),
            Err(error) => Err(error),
        };
        let old = old.map_err(|error| inaccessible(&path, &error))?;
        if text_of(old).is_some_and(|text| text == snapshot.text) {
            return Ok(Put::Present);
        }
        self.files.replace(&path, snapshot.text.as_bytes()).map_err(|error| inaccessible(&path, &error))?;
        Ok(Put::Repaired)
    }

    /// The state with this hash, or `None` when there is no snapshot of it.
    ///
    /// # Errors
    /// `E401` when the file is not what its name says, `E402` when it can't be understood, `E403` when it can't be
    /// read.
    pub fn get(&self, hash: StateHash) -> Result<Option<State>, Diagnostic> {
        let path = self.path(hash);
        let content = match self.files.read(&path) {
            Ok(content) => content,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(inaccessible(&path, &error)),
        };
        let text =
            text_of(content).filter(|text| StateHash::of(text) == hash).ok_or_else(|| damaged(&path))?;
        understood(&path, &text).map(Some)
    }

    /// The state with this hash. A snapshot that is missing is made by `rebuild` and kept.
    ///
    /// # Errors
    /// Those of [`get`](Self::get), [`put`](Self::put) and `rebuild`.
    pub fn get_or_rebuild(
        &self,
        hash: StateHash,
        rebuild: impl FnOnce() -> Result<State, Diagnostic>,
    ) -> Result<State, Diagnostic> {
        if let Some(state) = self.get(hash)? {
            return Ok(state);
        }
        let state = rebuild()?;
        self.put(&Snapshot::of(&state))?;
        Ok(state)
    }

    /// Removes a snapshot. Whoever does so knows that the state can be made again.
    ///
    /// # Errors
    /// `E403` when the file can't be removed.
    pub fn remove(&self, hash: StateHash) -> Result<(), Diagnostic> {
        let path = self.path(hash);
        self.files.remove(&path).map_err(|error| inaccessible(&path, &error))
    }

    /// E405 if there is no snapshot of this state; what is wrong with one that is there, [`verify`](Self::verify) says.
    #[must_use]
    pub fn missing(&self, hash: StateHash) -> Option<Diagnostic> {
        let path = self.path(hash);
        let is_missing =
            matches!(self.files.read(&path), Err(error) if error.kind() == io::ErrorKind::NotFound);
        is_missing.then(|| {
            Diagnostic::error(&E405, format!("the snapshot `{path}` is missing"))
                .help("run `schemactl verify`, which writes it, and commit the file")
        })
    }

    /// Checks every file in the folder. The states in `proven` were made by replay: a file that has such a hash says
    /// what would be written today, and needn't be understood.
    #[must_use]
    pub fn verify(&self, proven: &BTreeSet<StateHash>) -> Vec<Diagnostic> {
        let names = match self.files.list(self.folder) {
            Ok(names) => names,
            Err(error) => return vec![inaccessible(self.folder, &error)],
        };
        let stems = names.iter().filter_map(|name| name.strip_suffix(".kdl"));
        stems.filter_map(|stem| self.fault(stem, proven)).collect()
    }

    /// What is wrong with a file.
    fn fault(&self, found: &str, proven: &BTreeSet<StateHash>) -> Option<Diagnostic> {
        let path = format!("{}/{found}.kdl", self.folder);
        if !is_stem(found) {
            let message = format!("`{path}` is not named like a snapshot");
            return Some(Diagnostic::error(&E404, message).help("move it to where it belongs"));
        }
        match self.files.read(&path).map(text_of) {
            Err(error) => Some(inaccessible(&path, &error)),
            Ok(None) => Some(damaged(&path)),
            Ok(Some(text)) => match StateHash::of(&text) {
                hash if stem(hash) != found => Some(damaged(&path)),
                hash if proven.contains(&hash) => None,
                _ => understood(&path, &text).err(),
            },
        }
    }
}

/// The name of a state's file, without its ending.
fn stem(hash: StateHash) -> String {
    format!("s1-{}", hash.0.short(NAME_DIGITS))
}

fn is_stem(text: &str) -> bool {
    let is_digit = |byte: u8| matches!(byte, b'0'..=b'9' | b'a'..=b'f');
    let digits = text.strip_prefix("s1-");
    digits.is_some_and(|digits| digits.len() == NAME_DIGITS && digits.bytes().all(is_digit))
}

/// The text of a file as it was written: version control may have changed its line ends, and the writer never leaves a
/// carriage return in a text.
fn text_of(content: Vec<u8>) -> Option<String> {
    let text = String::from_utf8(content).ok()?;
    Some(if text.contains('\r') { text.replace("\r\n", "\n") } else { text })
}

fn understood(path: &str, text: &str) -> Result<State, Diagnostic> {
    let mut sources = Sources::default();
    let source = sources.add(path, text);
    let (state, problems) = syntax::parse_canonical(&sources, source);
    state.ok_or_else(|| {
        let reason = problems.first().map_or_else(String::new, |problem| format!(": {problem}"));
        let message = format!("`{path}` can't be understood{reason}");
        Diagnostic::error(&E402, message)
            .help("update schemactl, or delete the file; `schemactl verify` writes that of a head again")
    })
}

fn damaged(path: &str) -> Diagnostic {
    let message = format!("`{path}` was edited or cut short: it is not the state that its name says");
    Diagnostic::error(&E401, message).help("delete the file; `schemactl verify` writes that of a head again")
}

fn inaccessible(path: &str, error: &io::Error) -> Diagnostic {
    let message = format!("`{path}` can't be read or written: {error}");
    Diagnostic::error(&E403, message).help("look at the rights of the folder and at the free space")
}
