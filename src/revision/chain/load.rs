//! Reads the folder of revisions. Files are read and parsed by several threads, since a chain only grows.

use std::num::NonZero;
use std::thread;

use super::{History, Link};
use crate::diagnostic::{Diagnostic, SourceId, Sources};
use crate::document;
use crate::revision::errors::{E410, E419};
use crate::revision::{RevisionName, codec};
use crate::snapshot::Files;

/// With fewer files for each of them, another thread costs more than it brings.
const FILES_PER_THREAD_MIN: usize = 16;

impl History {
    /// Reads all revisions of a folder and links them. The folder need not exist. Steps are not replayed.
    ///
    /// # Errors
    /// Everything that is wrong with the files and with the way they are linked.
    pub fn load(files: &dyn Files, folder: &str, sources: &mut Sources) -> Result<Self, Vec<Diagnostic>> {
        let listed = files.list(folder).map_err(|error| {
            let message = format!("the folder `{folder}` can't be read: {error}");
            vec![Diagnostic::error(&E419, message).help("make the folder readable")]
        })?;
        let mut problems = Vec::new();
        let mut names = Vec::new();
        for file in listed.iter().filter_map(|file| file.strip_suffix(".kdl")) {
            match file.parse::<RevisionName>() {
                Ok(name) => names.push(name),
                Err(_) => problems.push((format!("{file}.kdl"), misnamed(folder, file))),
            }
        }
        let contents = in_parallel(&names, |name| files.read(&format!("{folder}/{}", name.file())));
        let mut readable = Vec::with_capacity(names.len());
        let mut unread = Vec::new();
        for (name, content) in names.into_iter().zip(contents) {
            let path = format!("{folder}/{}", name.file());
            let added = match content {
                Ok(bytes) => document::add_file(sources, &path, bytes),
                Err(error) => {
                    let message = format!("`{path}` can't be read: {error}");
                    Err(Diagnostic::error(&E419, message).help("make the file readable, or restore it"))
                }
            };
            match added {
                Ok(source) => readable.push((name, source)),
                Err(problem) => {
                    problems.push((name.file(), problem));
                    unread.push(name);
                }
            }
        }
        let links = in_parallel(&readable, |(name, source)| link(files, folder, sources, name, *source));
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
        let history = Self::link(linked, &unread);
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

/// Does the same to all items, in as many threads as are worth it; the results keep the items' order.
fn in_parallel<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let threads = threads.min(items.len() / FILES_PER_THREAD_MIN).max(1);
    if threads == 1 {
        return items.iter().map(work).collect();
    }
    let work = &work;
    thread::scope(|scope| {
        let chunks = items.chunks(items.len().div_ceil(threads));
        let running: Vec<_> =
            chunks.map(|chunk| scope.spawn(move || chunk.iter().map(work).collect::<Vec<R>>())).collect();
        let finished = running.into_iter().map(|thread| match thread.join() {
            Ok(results) => results,
            Err(panic) => std::panic::resume_unwind(panic),
        });
        finished.flatten().collect()
    })
}
