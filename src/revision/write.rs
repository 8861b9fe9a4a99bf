//! New revisions: their names, ids and files.

use std::collections::BTreeSet;
use std::io;

use jiff::Timestamp;

use super::chain::{History, Link};
use super::codec;
use super::errors::{E435, E436};
use super::{Parent, Revision, RevisionId, RevisionName, Squashed, script};
use crate::change::{Down, Hook, Script, ScriptText, Step};
use crate::diagnostic::Diagnostic;
use crate::hash::{RevisionDigest, StateHash};
use crate::snapshot::Files;

impl Revision {
    /// A new revision on top of others, with a name and an id of its own.
    #[must_use]
    pub fn new(
        parents: &[&Link],
        from: StateHash,
        to: StateHash,
        message: &str,
        created: Timestamp,
        steps: Vec<Step>,
    ) -> Self {
        let pin =
            |link: &&Link| Parent { name: link.revision.name.clone(), digest: link.digest, wins: Vec::new() };
        Self::begun_on(parents.iter().map(pin).collect(), from, to, message, created, steps)
    }

    /// A new revision on top of another that is in no chain yet.
    #[must_use]
    pub fn after(
        parent: Option<&Self>,
        from: StateHash,
        to: StateHash,
        message: &str,
        created: Timestamp,
        steps: Vec<Step>,
    ) -> Self {
        let pin = |parent: &Self| Parent {
            name: parent.name.clone(),
            digest: codec::digest(parent),
            wins: Vec::new(),
        };
        Self::begun_on(parent.map(pin).into_iter().collect(), from, to, message, created, steps)
    }

    fn begun_on(
        parents: Vec<Parent>,
        from: StateHash,
        to: StateHash,
        message: &str,
        created: Timestamp,
        steps: Vec<Step>,
    ) -> Self {
        let depth = parents.iter().map(|parent| parent.name.number()).max().unwrap_or(0);
        let created = to_the_second(created);
        Self {
            name: RevisionName::new(depth + 1, message),
            id: RevisionId::derive(&parents, to, message, created),
            replaces: Vec::new(),
            parents,
            depends_on: Vec::new(),
            from,
            to,
            message: message.into(),
            created,
            tags: Vec::new(),
            labels: Vec::new(),
            steps,
        }
    }

    /// The same revision, planned again: it keeps its id, its parents, its time, its tags and its labels.
    #[must_use]
    pub fn amended(self, to: StateHash, message: Option<&str>, steps: Vec<Step>) -> Self {
        let Self {
            name,
            id,
            replaces,
            parents,
            depends_on,
            from,
            to: _,
            message: old,
            created,
            tags,
            labels,
            steps: _,
        } = self;
        let (name, message) = match message {
            Some(message) if *message != *old => (RevisionName::new(name.number(), message), message.into()),
            Some(_) | None => (name, old),
        };
        Self { name, id, replaces, parents, depends_on, from, to, message, created, tags, labels, steps }
    }

    /// The same revision on top of another one, with other steps: it keeps its id, its message, its time, its tags and its
    /// labels. It stands in place of no others any more: those don't lead to what it builds on now.
    #[must_use]
    pub fn on(
        self,
        parent: &Self,
        digest: RevisionDigest,
        from: StateHash,
        to: StateHash,
        steps: Vec<Step>,
    ) -> Self {
        let Self {
            name,
            id,
            replaces: _,
            parents: _,
            depends_on: _,
            from: _,
            to: _,
            message,
            created,
            tags,
            labels,
            steps: _,
        } = self;
        let name = RevisionName::new(parent.name.number() + 1, name.slug());
        let parents = vec![Parent { name: parent.name.clone(), digest, wins: Vec::new() }];
        Self {
            name,
            id,
            replaces: Vec::new(),
            parents,
            // What it depended on has come below it.
            depends_on: Vec::new(),
            from,
            to,
            message,
            created,
            tags,
            labels,
            steps,
        }
    }

    /// The files beside it that its hooks keep their texts in.
    fn script_files(&self) -> impl Iterator<Item = &str> {
        self.hooks().flat_map(scripts).filter_map(|script| script.file.as_deref())
    }

    fn hooks(&self) -> impl Iterator<Item = &Hook> {
        self.steps.iter().filter_map(|step| match step {
            Step::Hook(hook) => Some(hook),
            Step::Op(_) => None,
        })
    }
}

/// The time without a fraction of a second, which a file would be cluttered with.
fn to_the_second(time: Timestamp) -> Timestamp {
    Timestamp::from_second(time.as_second()).unwrap_or(time)
}

/// Writes a new revision and the files of its hooks, and returns the revision's path. A file of that name is never
/// overwritten.
///
/// # Errors
/// `E435` when a file can't be written or is there already.
pub fn write(files: &dyn Files, folder: &str, revision: &Revision) -> Result<String, Diagnostic> {
    write_scripts(files, folder, revision)?;
    let path = format!("{folder}/{}", revision.name.file());
    files.write_new(&path, codec::print(revision).as_bytes()).map_err(|error| unwritten(&path, &error))?;
    Ok(path)
}

/// Writes a revision, in the place of one of the same name.
///
/// # Errors
/// `E435` when the file can't be written.
pub fn replace(files: &dyn Files, folder: &str, revision: &Revision) -> Result<String, Diagnostic> {
    let path = format!("{folder}/{}", revision.name.file());
    files.replace(&path, codec::print(revision).as_bytes()).map_err(|error| unwritten(&path, &error))?;
    Ok(path)
}

/// Puts one revision in the place of many, whose files go to another folder with the texts of their hooks in them.
///
/// Copies come first, then the one, and only then the many go. Should this stop on the way, the chain is either as it was, with
/// copies aside that nobody asks for, or has the one and some of the many, which is found and told as `E446`. Doing it again
/// in the first case finds the copies and goes on.
///
/// # Errors
/// `E435` when a file can't be written or removed.
pub fn put_together(
    files: &dyn Files,
    (folder, aside): (&str, &str),
    history: &History,
    Squashed { revision, range, kept: _, dropped: _ }: &Squashed,
) -> Result<String, Diagnostic> {
    let many: Vec<&Link> = range.iter().filter_map(|id| history.get(*id)).collect();
    let (mut scripts_of_many, mut scripts_of_others) = (BTreeSet::new(), BTreeSet::new());
    for link in history.links() {
        let own = match range.contains(&link.revision.id) {
            true => &mut scripts_of_many,
            false => &mut scripts_of_others,
        };
        own.extend(link.revision.script_files());
    }
    for link in &many {
        copy(files, &link.path, aside, &link.revision)?;
    }
    let path = write(files, folder, revision)?;
    let scripts = scripts_of_many.difference(&scripts_of_others).map(|file| format!("{folder}/{file}"));
    for old in many.iter().map(|link| link.path.clone()).chain(scripts) {
        files.remove(&old).map_err(|error| unwritten(&old, &error))?;
    }
    Ok(path)
}

/// Copies the file of a revision to another folder. Where hooks keep their texts in files of their own, which others may
/// share or have names in common with, the copy has the texts itself.
fn copy(files: &dyn Files, path: &str, folder: &str, revision: &Revision) -> Result<(), Diagnostic> {
    let content = match revision.script_files().next() {
        None => files.read(path).map_err(|error| unwritten(path, &error))?,
        Some(_) => codec::print_inlined(revision).into_bytes(),
    };
    let copy = format!("{folder}/{}", revision.name.file());
    match files.read(&copy) {
        Ok(there) if there == content => Ok(()),
        Ok(_) | Err(_) => files.write_new(&copy, &content).map_err(|error| unwritten(&copy, &error)),
    }
}

/// The texts of a hook.
fn scripts(hook: &Hook) -> impl Iterator<Item = &ScriptText> {
    let down = match &hook.down {
        Down::Script(script) => Some(script),
        Down::Irreversible { reason: _ } => None,
    };
    std::iter::once(&hook.up).chain(down).filter_map(|script| match script {
        Script::Text(text) => Some(text),
        Script::Unfilled | Script::Nothing => None,
    })
}

/// Puts a revision in the place of a head, and returns its path. Comments in the old file are lost.
///
/// # Errors
/// `E436` when another revision builds on the head, `E435` when a file can't be written.
pub fn amend(
    files: &dyn Files,
    folder: &str,
    history: &History,
    revision: &Revision,
) -> Result<String, Diagnostic> {
    if let Some(child) = history.needed_by(revision.id).next() {
        let message =
            format!("`{}` builds on `{}`, which must stay as it is", child.revision.name, revision.name);
        let diagnostic = Diagnostic::error(&E436, message);
        let diagnostic = match child.places.parents.first() {
            Some(place) => diagnostic.at(*place, "it is pinned here"),
            None => diagnostic,
        };
        return Err(diagnostic.help("run `schemactl plan` without `--amend` for a new revision"));
    }
    let old = history.get(revision.id).map(|link| &link.revision.name).filter(|old| **old != revision.name);
    let Some(old) = old else {
        write_scripts(files, folder, revision)?;
        let path = format!("{folder}/{}", revision.name.file());
        files.replace(&path, codec::print(revision).as_bytes()).map_err(|error| unwritten(&path, &error))?;
        return Ok(path);
    };
    // Should this stop between the two, both are there, which is found as two revisions with the same id.
    let path = write(files, folder, revision)?;
    let old = format!("{folder}/{}", old.file());
    files.remove(&old).map_err(|error| unwritten(&old, &error))?;
    Ok(path)
}

/// Puts revisions in the place of what they were. A file is overwritten only when its content stands in its new place, and
/// nothing is removed before all are written.
///
/// # Errors
/// `E435` when a file can't be written or removed.
pub fn replace_all(
    files: &dyn Files,
    folder: &str,
    old: &[&Link],
    new: &[Revision],
) -> Result<(), Diagnostic> {
    let path = |name: &RevisionName| format!("{folder}/{}", name.file());
    let was = |revision: &Revision| old.iter().find(|link| link.revision.id == revision.id);
    // Who moves up takes a place that one above it has left; who moves down takes one from below.
    let moves_up = |revision: &&Revision| {
        was(revision).is_some_and(|link| link.revision.name.number() < revision.name.number())
    };
    let (up, down): (Vec<&Revision>, Vec<&Revision>) = new.iter().partition(moves_up);
    for revision in up.into_iter().rev().chain(down) {
        let (path, text) = (path(&revision.name), codec::print(revision));
        let written = match old.iter().any(|link| link.revision.name == revision.name) {
            true => files.replace(&path, text.as_bytes()),
            false => files.write_new(&path, text.as_bytes()),
        };
        written.map_err(|error| unwritten(&path, &error))?;
    }
    for Link { revision: Revision { name, .. }, .. } in old {
        if new.iter().any(|revision| revision.name == *name) {
            continue;
        }
        let path = path(name);
        files.remove(&path).map_err(|error| unwritten(&path, &error))?;
    }
    Ok(())
}

/// Writes the files that hooks keep their text in, unless they say the same already.
fn write_scripts(files: &dyn Files, folder: &str, revision: &Revision) -> Result<(), Diagnostic> {
    for hook in revision.hooks() {
        for ScriptText { sql, file } in scripts(hook) {
            let Some(file) = file else { continue };
            let path = format!("{folder}/{file}");
            let is_same = |old: Vec<u8>| {
                String::from_utf8(old)
                    .is_ok_and(|old| *script::normalized(&old) == *script::normalized(&sql.common))
            };
            if !files.read(&path).is_ok_and(is_same) {
                let text = format!("{}\n", script::normalized(&sql.common));
                files.write_new(&path, text.as_bytes()).map_err(|error| unwritten(&path, &error))?;
            }
        }
    }
    Ok(())
}

fn unwritten(path: &str, error: &io::Error) -> Diagnostic {
    let (message, help) = match error.kind() {
        io::ErrorKind::AlreadyExists => {
            (format!("`{path}` exists already"), "remove the file, or choose another message")
        }
        _ => (
            format!("`{path}` can't be written: {error}"),
            "make the folder writable, and look for free space",
        ),
    };
    Diagnostic::error(&E435, message).help(help)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;
    use crate::revision::testing::{Chain, FOLDER, create};

    /// Files of which the process is killed after so many changes.
    struct Cut<'f> {
        files: &'f dyn Files,
        left: AtomicUsize,
    }

    impl Cut<'_> {
        fn change(&self) -> io::Result<&dyn Files> {
            let fewer = |left: usize| left.checked_sub(1);
            let counted = self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, fewer);
            counted.map(|_| self.files).map_err(|_| io::Error::other("killed"))
        }
    }

    impl Files for Cut<'_> {
        fn list(&self, folder: &str) -> io::Result<Vec<String>> {
            self.files.list(folder)
        }

        fn read(&self, path: &str) -> io::Result<Vec<u8>> {
            self.files.read(path)
        }

        fn write_new(&self, path: &str, content: &[u8]) -> io::Result<()> {
            self.change()?.write_new(path, content)
        }

        fn replace(&self, path: &str, content: &[u8]) -> io::Result<()> {
            self.change()?.replace(path, content)
        }

        fn remove(&self, path: &str) -> io::Result<()> {
            self.change()?.remove(path)
        }
    }

    /// Moves two revisions of one name on top of another branch, killed after so many changes. Returns whether it came to the
    /// end.
    fn moved(changes: usize) -> bool {
        let chain = Chain::of(&["a"]);
        chain.add(&["0001_a"], "x", vec![create("b")]);
        chain.add(&["0002_x"], "x", vec![create("c")]);
        chain.add(&["0001_a"], "o", vec![create("d")]);
        let history = chain.history();
        let named = |name: &str| {
            history.links().iter().find(|link| link.revision.name.as_str() == name).expect("it was added")
        };
        let own = [named("0002_x"), named("0003_x")];
        let Ok(new) = history.rebased(&own, named("0002_o"), &[]) else { panic!("the branches don't meet") };
        let new: Vec<Revision> = new.into_iter().map(|one| one.revision).collect();
        let files = Cut { files: &chain.files, left: AtomicUsize::new(changes) };
        let is_done = replace_all(&files, FOLDER, &own, &new).is_ok();
        let names = files.list(FOLDER).expect("memory can be read");
        let texts: Vec<String> = names
            .iter()
            .map(|name| files.read(&format!("{FOLDER}/{name}")).expect("it is listed"))
            .map(|content| String::from_utf8(content).expect("it is text"))
            .collect();
        for link in own {
            let id = link.revision.id.to_string();
            assert!(texts.iter().any(|text| text.contains(&id)), "{changes}: {} is lost", link.revision.name);
        }
        is_done
    }

    #[test]
    fn no_revision_is_lost_while_many_move() {
        let needed = (0..10).find(|changes| moved(*changes));
        assert_eq!(needed, Some(3));
    }
}
