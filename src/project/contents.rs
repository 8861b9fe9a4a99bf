//! What a project holds: its schema as a state, its chain of revisions, its snapshots.

use std::path::{Path, PathBuf};

use super::{Project, errors, files};
use crate::diagnostic::{Diagnostic, Source, SourceId, Sources, Span};
use crate::dialect::{self, Dialect, Product, Version};
use crate::document;
use crate::model::Naming;
use crate::name::DialectName;
use crate::parallel;
use crate::revision::{self, History, Link, Unlinked};
use crate::snapshot::Disk;
use crate::syntax::{self, Parsed};

/// A schema and what is to be said about it, or everything that is wrong with it.
type Schema = Result<(Parsed, Vec<Diagnostic>), Vec<Diagnostic>>;

impl Project {
    /// The project's files, for the chain and the snapshots.
    #[must_use]
    pub fn files(&self) -> Disk {
        Disk::new(self.root())
    }

    /// The folder of the revisions, as the chain's functions take it.
    #[must_use]
    pub fn revisions(&self) -> String {
        self.config().revisions.clone()
    }

    /// The folder of the snapshots, as the store takes it.
    #[must_use]
    pub fn snapshots(&self) -> String {
        self.config().snapshots.clone()
    }

    /// The names of the dialects that every revision must run on.
    #[must_use]
    pub fn dialect_names(&self) -> Vec<DialectName> {
        self.config().dialects.iter().map(|(name, _)| name.clone()).collect()
    }

    /// What they ask of names.
    #[must_use]
    pub fn naming(&self) -> Naming {
        dialect::naming(&self.dialect_names())
    }

    /// The dialects that every revision must run on.
    #[must_use]
    pub fn dialects(&self) -> Vec<&'static dyn Dialect> {
        self.config().dialects.iter().filter_map(|(name, _)| dialect::find(name)).collect()
    }

    /// The newest tested version of each product that every revision must run on: those of its dialects, but for
    /// products that `servers` leaves out.
    #[must_use]
    pub fn servers(&self) -> Vec<(&'static dyn Dialect, Version)> {
        let mut all = dialect::servers(&self.dialects());
        all.retain(|(dialect, version)| {
            let limits = self.limits(*dialect);
            limits.is_empty() || limits.iter().any(|(product, _)| *product == version.product)
        });
        all
    }

    /// The products that `servers` limits a dialect to, with their places; none if it doesn't.
    fn limits(&self, dialect: &dyn Dialect) -> Vec<(Product, Span)> {
        let speaks = |(product, _): &&(Product, Span)| {
            dialect.supported().iter().any(|supported| supported.newest.product == *product)
        };
        self.config().servers.iter().filter(speaks).copied().collect()
    }

    /// Whether the project is for a server: its revisions were checked for no other dialect, and what runs on others of
    /// its dialect, this one may not have.
    ///
    /// # Errors
    /// E619: `dialects` or `servers` leaves it out.
    pub fn admits(&self, dialect: &dyn Dialect, version: Version) -> Result<(), Diagnostic> {
        let declared = &self.config().dialects;
        let name = dialect.name();
        if declared.iter().all(|(declared, _)| *declared != name) {
            let message = format!("the project is not for {}", version.product.title());
            let problem =
                declared.iter().fold(Diagnostic::error(&errors::E619, message), |problem, (_, span)| {
                    problem.at(*span, "it is for this")
                });
            return Err(problem
                .help(format!("name another URL, or add `{name}` to `dialects` and run `schemactl check`")));
        }
        let limits = self.limits(dialect);
        if limits.is_empty() || limits.iter().any(|(product, _)| *product == version.product) {
            return Ok(());
        }
        let titles: Vec<&str> = limits.iter().map(|(product, _)| product.title()).collect();
        let (wanted, is) = (titles.join(" and "), version.product);
        let message =
            format!("the project is for {wanted} alone, and the server is {} {version}", is.title());
        let problem = limits.iter().fold(Diagnostic::error(&errors::E619, message), |problem, (_, span)| {
            problem.at(*span, "written here")
        });
        Err(problem.help(format!("name the URL of another server, or write `servers {}`", is.word())))
    }

    /// Reads the desired state: every `*.kdl` file under the schema folder, in the order of their paths. Warnings
    /// come with it.
    ///
    /// # Errors
    /// Everything that is wrong with the files.
    pub fn read_schema(&self, sources: &mut Sources) -> Schema {
        let files = files::read_folder(self.root(), &self.config().schema, sources)?;
        self.parse(&files, sources)
    }

    fn parse(&self, files: &[SourceId], sources: &Sources) -> Schema {
        match syntax::parse_for(sources, files, &self.dialect_names(), self.naming()) {
            (Some(parsed), warnings) => Ok((parsed, warnings)),
            (None, problems) => Err(problems),
        }
    }

    /// Takes every `was=` out of the schema files that were read: a revision has the renames now. Returns the files
    /// that changed.
    ///
    /// # Errors
    /// A file can't be written; it is as it was.
    pub fn remove_rename_hints(&self, sources: &Sources) -> Result<Vec<PathBuf>, Diagnostic> {
        let mut changed = Vec::new();
        for (id, source) in
            sources.iter().filter(|(_, source)| source.path.starts_with(&self.config().schema))
        {
            let hints = syntax::rename_hints(id, &source.text);
            if !hints.is_empty() {
                let text = document::format::remove_entries(&source.text, &hints);
                files::write(self.root(), &source.path, &text)?;
                changed.push(source.path.clone());
            }
        }
        Ok(changed)
    }

    /// The files of the schema among those that were read.
    #[must_use]
    pub fn schema_sources(&self, sources: &Sources) -> Vec<SourceId> {
        let is_own = |source: &Source| source.path.starts_with(&self.config().schema);
        sources.iter().filter(|(_, source)| is_own(source)).map(|(id, _)| id).collect()
    }

    /// Writes files of the schema, each with its path, its text before and its new one: all of them or none.
    ///
    /// # Errors
    /// One can't be written.
    pub fn write_schema<'f>(
        &self,
        edits: impl IntoIterator<Item = (&'f Path, &'f str, &'f str)>,
    ) -> Result<(), Diagnostic> {
        let mut written: Vec<(&Path, Option<&str>)> = Vec::new();
        for (path, old, new) in edits {
            let was_there = self.root().join(path).exists();
            if let Err(problem) = files::write(self.root(), path, new) {
                for (path, old) in written.into_iter().rev() {
                    // What can't be put back stays; the failure that led here is what is told.
                    let _ = match old {
                        Some(old) => files::write(self.root(), path, old),
                        None => files::remove(self.root(), path),
                    };
                }
                return Err(problem);
            }
            written.push((path, was_there.then_some(old)));
        }
        Ok(())
    }

    /// Reads the chain of revisions and links it. Steps are not replayed.
    ///
    /// # Errors
    /// Everything that is wrong with the files and their links.
    pub fn read_history(&self, sources: &mut Sources) -> Result<History, Vec<Diagnostic>> {
        History::load(&self.files(), &self.revisions(), sources)
    }

    /// The folder of the revisions that another stands in place of.
    #[must_use]
    pub fn replaced(&self) -> String {
        format!("{}/replaced", self.revisions())
    }

    /// The folder of the revisions that new databases begin with.
    #[must_use]
    pub fn checkpoints(&self) -> String {
        format!("{}/checkpoints", self.revisions())
    }

    /// Reads the revisions that lie aside of the chain: those that another stands in place of, and those that new
    /// databases begin with.
    ///
    /// # Errors
    /// Everything that is wrong with the files.
    pub fn read_aside(&self, sources: &mut Sources) -> Result<Vec<Link>, Vec<Diagnostic>> {
        revision::read_aside(&self.files(), &[self.replaced(), self.checkpoints()], sources)
    }

    /// Reads the checkpoints alone.
    ///
    /// # Errors
    /// Everything that is wrong with the files.
    pub fn read_checkpoints(&self, sources: &mut Sources) -> Result<Vec<Link>, Vec<Diagnostic>> {
        revision::read_aside(&self.files(), &[self.checkpoints()], sources)
    }

    /// Does what [`read_schema`](Self::read_schema) and [`read_history`](Self::read_history) do, at the same time.
    pub fn read(&self, sources: &mut Sources) -> (Schema, Result<History, Vec<Diagnostic>>) {
        let (disk, revisions) = (self.files(), self.revisions());
        let schema = files::read_folder(self.root(), &self.config().schema, sources);
        let chain = Unlinked::read(&disk, &revisions, sources);
        let sources = &*sources;
        parallel::both(
            || schema.and_then(|files| self.parse(&files, sources)),
            || chain.and_then(|chain| chain.link(&disk, &revisions, sources)),
        )
    }
}
