//! The catalog of a database as a comparable picture: the rows of its dialect's catalog queries, without
//! differences of spelling. Two databases have the same schema if and only if their pictures are equal.

use std::collections::BTreeSet;
use std::fmt;

use super::connection::{Connection, DatabaseError, ErrorKind, Row};
use super::errors::E750;
use crate::diagnostic::Diagnostic;
use crate::dialect::{CatalogQuery, CatalogRow, CatalogRows, Dialect, Inspection, Surroundings};

/// What a database's catalog says.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Catalog(BTreeSet<Entry>);

/// One row of the catalog.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// What it describes, such as `column`.
    pub kind: &'static str,
    /// The object's name, then what is said of it.
    pub row: CatalogRow,
}

/// A row that one of two catalogs has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference<'a> {
    /// The second has it and the first has not.
    Added(&'a Entry),
    /// The first has it and the second has not.
    Missing(&'a Entry),
}

impl Catalog {
    /// Reads the catalog in a transaction of its own, with as many queries as the dialect has, whatever the number of
    /// tables; MySQL and MariaDB are asked for each body with strings besides.
    ///
    /// # Errors
    /// What the database says.
    pub async fn read(connection: &mut Connection, dialect: &dyn Dialect) -> Result<Self, DatabaseError> {
        let rows = read(connection, dialect).await?;
        let entries = rows.into_iter().flat_map(|(kind, rows)| {
            dialect.normalise(kind, rows).into_iter().map(move |row| Entry { kind, row })
        });
        Ok(Self(entries.collect()))
    }

    /// What is different in another catalog, by kind and name.
    #[must_use]
    pub fn differences<'a>(&'a self, other: &'a Self) -> Vec<Difference<'a>> {
        let missing = self.0.difference(&other.0).map(|entry| (entry, Difference::Missing(entry)));
        let added = other.0.difference(&self.0).map(|entry| (entry, Difference::Added(entry)));
        let mut differences: Vec<(&Entry, Difference<'_>)> = missing.chain(added).collect();
        differences.sort_by_key(|(entry, _)| *entry);
        differences.into_iter().map(|(_, difference)| difference).collect()
    }
}

/// How often a catalog is read that others change meanwhile: what a server prints of an object is as of the moment of
/// printing, whatever the transaction sees.
const READS_MAX: usize = 5;

/// What PostgreSQL says of an object that has gone in between.
const GONE: &str = "XX000";

/// Reads the catalog as a schema, in a transaction of its own, with as many queries as the dialect has, whatever the
/// number of tables; again where it changed meanwhile.
///
/// # Errors
/// What the database says; or the catalog goes on changing while it is read, or is damaged.
pub async fn inspect(connection: &mut Connection, dialect: &dyn Dialect) -> Result<Inspection, Diagnostic> {
    let mut reads = 0;
    loop {
        reads += 1;
        let problem = match read(connection, dialect).await {
            Ok(rows) => {
                let surroundings =
                    Surroundings { namespace: connection.namespace(), version: connection.version() };
                match dialect.inspect(&rows, surroundings) {
                    Ok(inspection) => {
                        let unseen = connection.unseen().await.map_err(|error| unreadable(&error))?;
                        return Ok(Inspection { unseen, ..inspection });
                    }
                    Err(problem) => problem,
                }
            }
            Err(error) if error.code.as_deref() == Some(GONE) => unreadable(&error),
            Err(error) => return Err(unreadable(&error)),
        };
        if reads == READS_MAX {
            return Err(problem);
        }
    }
}

fn unreadable(error: &DatabaseError) -> Diagnostic {
    let diagnostic = error.diagnostic("can't read the catalog");
    if error.code.as_deref() == Some(GONE) {
        return diagnostic.help("run it again when nobody changes the schema");
    }
    if error.kind != ErrorKind::Permission {
        return diagnostic;
    }
    let message = format!("{}: what can't be seen would look as if it were missing", diagnostic.message);
    let granted = diagnostic
        .help
        .unwrap_or_else(|| "grant the user SELECT on it, or connect as a role that may read it".into());
    Diagnostic::error(&E750, message).help(granted)
}

async fn read(connection: &mut Connection, dialect: &dyn Dialect) -> Result<CatalogRows, DatabaseError> {
    connection.begin_reading().await?;
    let read = read_inside(connection, dialect).await;
    let ended = connection.rollback().await;
    let read = read?;
    ended.map(|()| read)
}

async fn read_inside(
    connection: &mut Connection,
    dialect: &dyn Dialect,
) -> Result<CatalogRows, DatabaseError> {
    let mut catalog = CatalogRows::default();
    let (always, sometimes): (Vec<_>, Vec<_>) =
        dialect.catalog().iter().partition(|query| query.about.is_empty());
    ask(connection, &always, &mut catalog).await?;
    let is_needed = |query: &&CatalogQuery| query.about.iter().any(|kind| !catalog.of(kind).is_empty());
    let needed: Vec<&CatalogQuery> = sometimes.into_iter().filter(is_needed).collect();
    ask(connection, &needed, &mut catalog).await?;
    ask_for_definitions(connection, dialect, &mut catalog).await?;
    Ok(catalog)
}

/// Puts texts as they were written in the place of those that rows have of them.
async fn ask_for_definitions(
    connection: &mut Connection,
    dialect: &dyn Dialect,
    catalog: &mut CatalogRows,
) -> Result<(), DatabaseError> {
    let queries = dialect.definitions(catalog);
    if queries.is_empty() {
        return Ok(());
    }
    let texts: Vec<&str> = queries.iter().map(|query| query.sql.as_str()).collect();
    for (query, rows) in queries.iter().zip(connection.query_each(&texts).await?) {
        let definition = rows.first().and_then(|row| row.get(query.answer));
        if let Some(part) = definition.and_then(query.part) {
            catalog.amend(query.kind, query.row, query.cell, part);
        }
    }
    Ok(())
}

/// Adds what queries give.
async fn ask(
    connection: &mut Connection,
    queries: &[&CatalogQuery],
    catalog: &mut CatalogRows,
) -> Result<(), DatabaseError> {
    if queries.is_empty() {
        return Ok(());
    }
    let texts: Vec<&str> = queries.iter().map(|query| query.sql).collect();
    for (query, rows) in queries.iter().zip(connection.query_each(&texts).await?) {
        catalog.push(query.kind, rows.into_iter().map(Row::into_cells).collect());
    }
    Ok(())
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        self.row.iter().try_for_each(|cell| write!(f, " {}", cell.as_deref().unwrap_or("null")))
    }
}

impl fmt::Display for Difference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Added(entry) => write!(f, "+ {entry}"),
            Self::Missing(entry) => write!(f, "- {entry}"),
        }
    }
}
