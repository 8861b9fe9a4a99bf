//! A project on disk: where it is, what its configuration says, which environment a command works on. Reads files
//! and environment variables; knows nothing of terminals or databases.

pub mod config;
mod contents;
mod discover;
pub mod dotenv;
pub mod environment;
pub mod errors;
pub mod files;
pub mod git;
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
pub use url::DatabaseUrl;

use crate::diagnostic::{Diagnostic, Sources, Span};
use crate::dialect;
use crate::document::{self, Sink};

/// An open project.
#[derive(Debug, Clone)]
pub struct Project {
    root: PathBuf,
    config: Config,
}

impl Project {
    /// Opens the project in `folder`, or the one that the current folder lies in.
    ///
    /// # Errors
    /// There is none, or its configuration is broken; all that is wrong with it.
    pub fn open(folder: Option<&Path>, sources: &mut Sources) -> Result<Self, Vec<Diagnostic>> {
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
        let mut sink = Sink::default();
        sink.extend(problems);
        let whole = Span { source, start: 0, end: 0 };
        let config = config::decode(&document, whole, dialect::names(), &sink);
        match config {
            Some(config) if !sink.has_errors() => Ok(Self { root, config }),
            _ => Err(sink.into_diagnostics()),
        }
    }

    /// The folder that holds the configuration.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// What the configuration says.
    #[must_use]
    pub fn config(&self) -> &Config {
        &self.config
    }
}
