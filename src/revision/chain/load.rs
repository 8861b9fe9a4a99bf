//! Reads the folder of revisions. Files are read and parsed by several threads, since a chain only grows.

use std::io;

use super::{History, Link};
use crate::diagnostic::{Diagnostic, SourceId, Sources};
use crate::document;
use crate::parallel;
use crate::revision::errors::{E410, E419};
use crate::revision::{Revision, RevisionName, codec};
use crate::snapshot::Files;

/// With fewer files for each of them, another thread costs more than it brings.
const FILES_PER_THREAD_MIN: usize = 16;

/// The files of a chain, of which nothing is understood yet.
#[derive(Debug)]
pub struct Unlinked {
    readable: Vec<(RevisionName, SourceId)>,
    unread: Vec<RevisionName>,
    /// What is wrong so far, with the names of the files.
    problems: Vec<(String, Diagnostic)>,
}

impl Unlinked {
    /// Reads all files of a folder. The folder need not exist.
    ///
    /// # Errors
    /// The folder can't be read. What is wrong with its files, [`link`](Self::link) says.
    pub fn read(files: &dyn Files, folder: &str, sources: &mut Sources) -> Result<Self, Vec<Diagnostic>> {
        let listed = files.list(folder).map_err(|error| {
            let message = format!("the folder `{folder}` can't be read: {error}");
            vec![Diagnostic::error(&E419, message).help("make the folder readable")]
        })?;
        let mut names = Vec::new();
        let mut read = Self { readable: Vec::new(), unread: Vec::new(), problems: Vec::new() };
        for file in listed.iter().filter_map(|file| file.strip_suffix(".kdl")) {
            match file.parse::<RevisionName>() {
                Ok(name) => names.push(name),
                Err(_) => read.problems.push((format!("{file}.kdl"), misnamed(folder, file))),
            }
        }
        let path = |name: &RevisionName| format!("{folder}/{}", name.file());
        let contents = parallel::each(&names, FILES_PER_THREAD_MIN, |name| files.read(&path(name)));
        for (name, content) in names.into_iter().zip(contents) {
            let path = path(&name);
            let added = match content {
                Ok(bytes) => document::add_file(sources, &path, bytes),
                Err(error) => {
                    let message = format!("`{path}` can't be read: {error}");
                    Err(Diagnostic::error(&E419, message).help("make the file readable, or restore it"))
                }
            };
            match added {
                Ok(source) => read.readable.push((name, source)),
                Err(problem) => {
                    read.problems.push((name.file(), problem));
                    read.unread.push(name);
                }
            }
        }
        Ok(read)
    }

    /// Understands the files and links what they say. Steps are not replayed.
    ///
    /// # Errors
    /// Everything that is wrong with the files and with the way they are linked.
    pub fn link(
        self,
        files: &dyn Files,
        folder: &str,
        sources: &Sources,
    ) -> Result<History, Vec<Diagnostic>> {
        let Self { readable, mut unread, mut problems } = self;
        let links = parallel::each(&readable, FILES_PER_THREAD_MIN, |(name, source)| {
            link(files, folder, sources, name, *source)
        });
        let mut linked = Vec::with_capacity(links.len());
        for ((name, _), link) in readable.into_iter().zip(links) {
            match link {
                Ok(link) => linked.push(link),
                Err(found) => {
                    problems.extend(found.into_iter().map(|problem| (name.file(), problem)));
                    unread.push(name);
                }
            }
        }
        let history = History::link(linked, &unread);
        problems.sort_by(|(one, _), (two, _)| one.cmp(two));
        let mut problems: Vec<Diagnostic> = problems.into_iter().map(|(_, problem)| problem).collect();
        match history {
            Ok(history) if problems.is_empty() => Ok(history),
            Ok(_) => Err(problems),
            Err(faults) => {
                problems.extend(faults);
                Err(problems)
            }
        }
    }
}

/// Reads revisions that lie aside of the chain, in folders of their own. A folder need not exist.
///
/// # Errors
/// Everything that is wrong with the files.
pub fn read_aside(
    files: &dyn Files,
    folders: &[String],
    sources: &mut Sources,
) -> Result<Vec<Link>, Vec<Diagnostic>> {
    let mut found = Vec::new();
    let mut problems = Vec::new();
    for folder in folders {
        let Unlinked { readable, unread: _, problems: unreadable } = Unlinked::read(files, folder, sources)?;
        problems.extend(unreadable.into_iter().map(|(_, problem)| problem));
        let sources = &*sources;
        let links = parallel::each(&readable, FILES_PER_THREAD_MIN, |(name, source)| {
            link(files, folder, sources, name, *source)
        });
        for link in links {
            match link {
                Ok(link) => found.push(link),
                Err(wrong) => problems.extend(wrong),
            }
        }
    }
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

impl History {
    /// Reads all revisions of a folder and links them. The folder need not exist. Steps are not replayed.
    ///
    /// # Errors
    /// Everything that is wrong with the files and with the way they are linked.
    pub fn load(files: &dyn Files, folder: &str, sources: &mut Sources) -> Result<Self, Vec<Diagnostic>> {
        Unlinked::read(files, folder, sources)?.link(files, folder, sources)
    }
}

impl History {
    /// The chain with one more revision, which is not on disk yet.
    ///
    /// # Errors
    /// It doesn't fit into the chain.
    pub fn with(
        &self,
        folder: &str,
        revision: &Revision,
        sources: &mut Sources,
    ) -> Result<Self, Vec<Diagnostic>> {
        let mut links = self.links.clone();
        links.push(Link::unwritten(folder, revision, sources)?);
        Self::link(links, &[])
    }
}

impl Link {
    /// A revision that is not on disk yet.
    ///
    /// # Errors
    /// Its text can't be read back.
    pub(in crate::revision) fn unwritten(
        folder: &str,
        revision: &Revision,
        sources: &mut Sources,
    ) -> Result<Self, Vec<Diagnostic>> {
        let path = format!("{folder}/{}", revision.name.file());
        let source = sources.add(&path, codec::print(revision));
        let none = |file: &str| Err(io::Error::other(format!("`{file}` is not written yet")));
        let (revision, places) = codec::read(source, &sources.get(source).text, &revision.name, &none)?;
        let digest = codec::digest(&revision);
        Ok(Self { revision, digest, path, source, places })
    }
}

fn misnamed(folder: &str, stem: &str) -> Diagnostic {
    let message = format!("`{folder}/{stem}.kdl` is not named like a revision");
    Diagnostic::error(&E410, message).help("name it `NNNN_slug.kdl`, or move it out of the folder")
}

fn link(
    files: &dyn Files,
    folder: &str,
    sources: &Sources,
    name: &RevisionName,
    source: SourceId,
) -> Result<Link, Vec<Diagnostic>> {
    let load = |file: &str| files.read(&format!("{folder}/{file}"));
    let (revision, places) = codec::read(source, &sources.get(source).text, name, &load)?;
    let digest = codec::digest(&revision);
    let path = format!("{folder}/{}", name.file());
    Ok(Link { revision, digest, path, source, places })
}
