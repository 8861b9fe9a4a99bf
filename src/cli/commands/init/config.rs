//! The configuration of a project that begins with a database.

use std::path::Path;

use crate::dialect::Product;
use crate::document::write::{Literal, Writer};
use crate::name::Name;
use crate::project::DatabaseUrl;
use crate::runner::connection::Target;

/// The variable that holds a URL with a secret in it.
pub(in crate::cli::commands) const VARIABLE: &str = "DATABASE_URL";

/// Where a project finds its database.
pub(in crate::cli::commands) enum Location {
    /// At a URL that anybody may read.
    Url(String),
    /// At the URL in a variable: it has a password in it, which belongs into no file of a project.
    Variable(&'static str),
}

impl Location {
    /// That of a database, from the project's folder.
    pub(in crate::cli::commands) fn of(url: &DatabaseUrl, target: &Target, root: &Path) -> Self {
        match target.url_within(root) {
            Some(url) => Self::Url(url),
            // What differs when its secrets are hidden has some.
            None if url.to_string() != url.expose() => Self::Variable(VARIABLE),
            None => Self::Url(url.expose().to_owned()),
        }
    }
}

/// The text of the configuration. A database of another computer is protected from changes that nobody confirms.
pub(in crate::cli::commands) fn text(
    name: &str,
    (dialects, servers): (&[String], Option<Product>),
    environment: &Name,
    (location, target): (&Location, &Target),
) -> String {
    let mut w = Writer::new();
    w.comment("The project. All paths are relative to this file.");
    w.node("project").arg(name).children(|w| {
        w.comment("The databases that every revision must run on.");
        w.node("dialects").args(dialects);
        if let Some(server) = servers {
            w.comment("Other servers that speak the dialect can't have the schema.");
            w.node("servers").arg(server.word());
        }
    });
    w.blank();
    w.comment(
        "The database that the schema was taken from, and the one without `--env NAME` or SCHEMACTL_ENV.",
    );
    w.node("env").arg(environment).prop("default", true).children(|w| {
        match location {
            Location::Url(url) => {
                w.node("url").arg(Literal::quoted(url));
            }
            Location::Variable(variable) => {
                w.comment("The value of a variable, of the process or of a file `.env` beside this one.");
                w.node("url").arg(Literal::quoted(variable).annotated("env"));
            }
        }
        if !target.is_local() {
            w.comment("Ask before anything changes.");
            w.node("protect");
        }
    });
    w.finish()
}
