//! The observation's table in a database: reading it with one query, replacing what it holds.

use super::{FORMAT, Observation, body};
use crate::diagnostic::Diagnostic;
use crate::dialect::Books;
use crate::hash::StateHash;
use crate::runner::connection::{Connection, DatabaseError, ErrorKind, Row};
use crate::runner::errors::E729;
use crate::runner::journal::Location;

/// The longest piece of the text in one row, in bytes: SQLite takes statements of up to a million.
const PIECE_MAX: usize = 500_000;

/// Where a database keeps what was observed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The table's name.
    name: String,
    /// The table's name as it stands in SQL.
    table: String,
}

impl Place {
    /// Beside a journal.
    #[must_use]
    pub fn beside(journal: &Location) -> Self {
        let name = journal.name().observed();
        Self { table: journal.beside(&name), name }
    }

    /// What was last observed; `None` if nothing was, or it can't be read by this version.
    ///
    /// # Errors
    /// What the database says.
    pub async fn read(&self, connection: &mut Connection) -> Result<Option<Observation>, Diagnostic> {
        let sql = format!("SELECT format, journal, state, taken, body FROM {} ORDER BY part", self.table);
        match connection.query(&sql).await {
            Ok(rows) => Ok(observation(&rows)),
            Err(error) if matches!(error.kind, ErrorKind::MissingTable | ErrorKind::MissingColumn) => {
                Ok(None)
            }
            Err(error) => Err(error.diagnostic("can't read what was observed last")),
        }
    }

    /// The number of the journal's row and the declared state of what was last observed, without what was seen.
    ///
    /// # Errors
    /// What the database says.
    pub async fn known_state(
        &self,
        connection: &mut Connection,
    ) -> Result<Option<(u64, StateHash)>, Diagnostic> {
        let sql = format!("SELECT journal, state FROM {} WHERE part = 1 AND format = '{FORMAT}'", self.table);
        match connection.query(&sql).await {
            Ok(rows) => Ok(rows.first().and_then(|row| {
                Some((row.named("journal")?.parse().ok()?, row.named("state")?.parse().ok()?))
            })),
            Err(error) if matches!(error.kind, ErrorKind::MissingTable | ErrorKind::MissingColumn) => {
                Ok(None)
            }
            Err(error) => Err(error.diagnostic("can't read what was observed last")),
        }
    }

    /// Keeps an observation instead of the last one, in a transaction of its own.
    ///
    /// # Errors
    /// E729: it can't be kept.
    pub async fn keep(
        &self,
        connection: &mut Connection,
        observation: &Observation,
    ) -> Result<(), Diagnostic> {
        // By itself: it would end the transaction on databases whose changes of the schema are in none.
        if let Err(error) = self.create(connection).await {
            return Err(unkept(&error));
        }
        let kept = match connection.begin().await {
            Ok(()) => match self.replace(connection, observation).await {
                Ok(()) => connection.commit().await,
                Err(error) => Err(error),
            },
            Err(error) => return Err(unkept(&error)),
        };
        if kept.is_err() {
            // The first error is what counts; a lost connection rolls back by itself.
            let _ = connection.rollback().await;
        }
        kept.map_err(|error| unkept(&error))
    }

    async fn create(&self, connection: &mut Connection) -> Result<(), DatabaseError> {
        let table = &self.table;
        let books = connection.books();
        let (Books { text, options, .. }, key) = (books, books.key(&self.name));
        let sql = format!(
            "CREATE TABLE IF NOT EXISTS {table} (part bigint NOT NULL {key}, \
             format {text} NOT NULL, journal bigint NOT NULL, state {text}, taken {text} NOT NULL, \
             tool {text} NOT NULL, body {text} NOT NULL){options}"
        );
        connection.execute(&sql).await.map(drop)
    }

    async fn replace(
        &self,
        connection: &mut Connection,
        observation: &Observation,
    ) -> Result<(), DatabaseError> {
        let Observation { journal, state, taken, server, inspection } = observation;
        let table = &self.table;
        let rules = connection.rules();
        let literal = |text: &str| rules.literal(text);
        connection.execute(&format!("DELETE FROM {table}")).await?;
        let text = body::encode(inspection, *server);
        let state = state.map_or_else(|| "NULL".to_owned(), |state| literal(&state.to_string()));
        let tool = literal(env!("CARGO_PKG_VERSION"));
        let mut rest = text.as_str();
        let mut part = 0;
        while !rest.is_empty() {
            part += 1;
            let (piece, more) = rest.split_at_checked(PIECE_MAX).unwrap_or((rest, ""));
            rest = more;
            let format = literal(FORMAT);
            let taken = literal(&taken.to_string());
            connection
                .execute(&format!(
                    "INSERT INTO {table} (part, format, journal, state, taken, tool, body) \
                     VALUES ({part}, {format}, {journal}, {state}, {taken}, {tool}, {})",
                    literal(piece)
                ))
                .await?;
        }
        Ok(())
    }
}

fn observation(rows: &[Row]) -> Option<Observation> {
    let first = rows.first()?;
    if rows.iter().any(|row| row.named("format") != Some(FORMAT)) {
        return None;
    }
    let text: String = rows.iter().filter_map(|row| row.named("body")).collect();
    let state = match first.named("state") {
        Some(text) => Some(text.parse().ok()?),
        None => None,
    };
    let (inspection, server) = body::decode(&text)?;
    Some(Observation {
        journal: first.named("journal")?.parse().ok()?,
        state,
        taken: first.named("taken")?.parse().ok()?,
        server,
        inspection,
    })
}

fn unkept(error: &DatabaseError) -> Diagnostic {
    let later = "write it down with `schemactl drift --accept` when nobody else has changed the schema";
    let help = match &error.hint {
        Some(granted) if error.kind == ErrorKind::Permission => format!("{granted}; then {later}"),
        Some(_) | None => later.to_owned(),
    };
    Diagnostic::warning(&E729, format!("what the database looks like now was not written down: {error}"))
        .help(help)
}
