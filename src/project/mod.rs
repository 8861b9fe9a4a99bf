//! A project on disk: where it is, what its configuration says, which environment a command works on. Reads files
//! and environment variables; knows nothing of terminals or databases.

pub mod config;
mod contents;
pub mod decode;
mod discover;
pub mod dotenv;
pub mod environment;
pub mod errors;
pub mod files;
pub mod git;
pub mod journal;
mod several;
pub mod staged;
#[cfg(test)]
mod tests;
pub mod url;
pub mod values;
pub mod variable;

use std::path::{Path, PathBuf};

pub use config::Config;
pub use discover::CONFIG_FILE;
pub use environment::{Choice, Target};
pub use journal::JournalName;
pub use url::DatabaseUrl;

use crate::diagnostic::{Diagnostic, Sources, Span};
use crate::dialect;
use crate::document::{self, Sink};

/// An open project.
#[derive(Debug, Clone)]
pub struct Project {
    root: PathBuf,
    config: Config,
    /// The other projects of the same configuration.
    others: Vec<Config>,
}

impl Project {
    /// Opens a project in `folder`, or of the configuration that the current folder lies below: the one of this name, or
    /// the one that the rules of `several` choose.
    ///
    /// # Errors
    /// There is none, or its configuration is broken; all that is wrong with it. Nothing tells which one is meant.
    pub fn open(
        folder: Option<&Path>,
        name: Option<&str>,
        sources: &mut Sources,
    ) -> Result<Self, Vec<Diagnostic>> {
        let (root, mut others) = read(folder, sources)?;
        let chosen = several::choose(&root, &others, name).map_err(|problem| vec![problem])?;
        let config = others.remove(chosen);
        Ok(Self { root, config, others })
    }

    /// Opens all projects of a configuration, in their order.
    ///
    /// # Errors
    /// There is none, or its configuration is broken; all that is wrong with it.
    pub fn open_all(folder: Option<&Path>, sources: &mut Sources) -> Result<Vec<Self>, Vec<Diagnostic>> {
        let (root, configs) = read(folder, sources)?;
        let one = |at: usize| {
            let mut others = configs.clone();
            let config = others.remove(at);
            Self { root: root.clone(), config, others }
        };
        Ok((0..configs.len()).map(one).collect())
    }

    /// The folder that holds the configuration.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What the configuration says of it.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The table that says what has run on a database.
    #[must_use]
    pub fn journal(&self) -> &JournalName {
        &self.config.journal.0
    }

    /// Its name, where the configuration holds others as well.
    #[must_use]
    pub fn name_among_several(&self) -> Option<&str> {
        (!self.others.is_empty()).then(|| self.config.name.as_str())
    }

    /// The other projects of its configuration.
    pub fn others(&self) -> impl Iterator<Item = Self> + '_ {
        (0..self.others.len()).map(|at| {
            let mut others = self.others.clone();
            let config = std::mem::replace(&mut others[at], self.config.clone());
            Self { root: self.root.clone(), config, others }
        })
    }
}

/// The root of a configuration, and its projects.
fn read(folder: Option<&Path>, sources: &mut Sources) -> Result<(PathBuf, Vec<Config>), Vec<Diagnostic>> {
    let root = discover::root(folder).map_err(|problem| vec![problem])?;
    let mut plain = Sources::default();
    let read = files::read(&root, Path::new(CONFIG_FILE), &mut plain);
    let text = plain.iter().next().map(|(_, source)| source.text.clone()).unwrap_or_default();
    // Diagnostics show lines of this file; passwords in it are nobody's business.
    let source = sources.add(CONFIG_FILE, url::mask(&text));
    if let Err(mut problem) = read {
        problem.labels.iter_mut().for_each(|label| label.span.source = source);
        return Err(vec![problem]);
    }
    let (document, problems) = document::read(source, &text);
    if !document.is_whole {
        return Err(problems);
    }
    let mut sink = Sink::default();
    sink.extend(problems);
    let whole = Span { source, start: 0, end: 0 };
    let configs = decode::decode(&document, whole, dialect::names(), &sink);
    match configs {
        Some(configs) if !sink.has_errors() => Ok((root, configs)),
        _ => Err(sink.into_diagnostics()),
    }
}
