//! The other projects that have a journal in the same database, found by their tables.

use super::connection::Connection;
use super::journal::{Journal, Location};
use super::observed::{Observation, Place};
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::project::JournalName;

/// Another project with a journal in the database.
#[derive(Debug, Clone)]
pub struct Neighbour {
    /// Its journal's name.
    pub name: JournalName,
    /// The namespace that the journal is in, where there are namespaces.
    pub namespace: Option<String>,
    /// What it says.
    pub journal: Journal,
    /// What its last run observed, if that is known.
    pub seen: Option<Observation>,
}

impl Neighbour {
    /// Whether nothing has run since it was observed what there is.
    #[must_use]
    pub fn is_seen(&self) -> bool {
        self.seen.as_ref().is_some_and(|seen| seen.journal == self.journal.end())
    }
}

/// Finds the projects that have a journal besides the one at `own`: with one query where there is none.
///
/// # Errors
/// What the database says, or what is wrong with their journals.
pub async fn find(
    connection: &mut Connection,
    dialect: &dyn Dialect,
    own: &Location,
) -> Result<Vec<Neighbour>, Diagnostic> {
    let listed = connection.query(dialect.journals()).await;
    let listed = listed.map_err(|error| error.diagnostic("can't look for other projects in the database"))?;
    let mut found = Vec::new();
    for row in listed {
        let namespace = row.get(0).filter(|namespace| !namespace.is_empty()).map(str::to_owned);
        let Some(name) = row.get(1).and_then(JournalName::new) else { continue };
        let location = Location::new(connection, namespace.as_deref(), &name);
        if location == *own {
            continue;
        }
        let journal = location.read(connection).await?;
        let seen = Place::beside(&location).read(connection).await?;
        found.push(Neighbour { name, namespace, journal, seen });
    }
    Ok(found)
}
