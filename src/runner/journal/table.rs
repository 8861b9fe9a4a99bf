//! The journal's table in a database: where it is, reading it with one query, adding rows. The SQL here is the
//! part that all databases share. No transaction is begun or ended here.

use super::record::COLUMNS;
use super::{Entry, Event, FORMAT, Journal, RevisionRef};
use crate::diagnostic::Diagnostic;
use crate::dialect::{Books, Dialect};
use crate::hash::TextDigest;
use crate::plan::Direction;
use crate::project::JournalName;
use crate::runner::connection::{Connection, DatabaseError, ErrorKind};
use crate::runner::errors;
use crate::sql::Rules;

/// Where a journal is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The table's name.
    name: JournalName,
    /// The table's name as it stands in SQL, qualified where there are namespaces.
    table: String,
    /// What qualifies it, with the dot; empty where there are no namespaces.
    qualifier: String,
    /// How the database reads what is quoted.
    rules: &'static Rules,
    /// How tables are made there.
    books: Books,
}

impl Location {
    /// In the configured namespace, or in the one in which the connection creates unqualified names. It is kept
    /// from then on, so that a hook that changes the search path does not move the journal.
    #[must_use]
    pub fn new(connection: &Connection, namespace: Option<&str>, name: &JournalName) -> Self {
        let namespace = namespace.or(connection.namespace());
        let qualifier = namespace.map(|name| format!("{}.", connection.quote_name(name))).unwrap_or_default();
        Self {
            name: name.clone(),
            table: format!("{qualifier}{}", connection.quote_name(name.as_str())),
            qualifier,
            rules: connection.rules(),
            books: connection.books(),
        }
    }

    /// In the namespace in which whoever runs a script creates unqualified names.
    pub(in crate::runner) fn unqualified(dialect: &dyn Dialect, name: &JournalName) -> Self {
        let (rules, name) = (dialect.rules(), name.clone());
        let table = rules.quoted(name.as_str());
        Self { name, table, qualifier: String::new(), rules, books: dialect.books() }
    }

    /// The journal's name.
    #[must_use]
    pub fn name(&self) -> &JournalName {
        &self.name
    }

    /// The name of the table, as it stands in SQL.
    pub(in crate::runner) fn table(&self) -> &str {
        &self.table
    }

    /// The name, as it stands in SQL, of a table beside the journal.
    pub(in crate::runner) fn beside(&self, table: &str) -> String {
        format!("{}{}", self.qualifier, self.rules.quoted(table))
    }

    /// A string literal, as the database reads it.
    pub(in crate::runner) fn literal(&self, text: &str) -> String {
        self.rules.literal(text)
    }

    /// The number of the next row, for who does not know the rows.
    pub(in crate::runner) fn next_seq(&self) -> String {
        // Some databases insert nothing that they read from the same table, unless the reading comes first.
        format!("(SELECT next FROM (SELECT coalesce(max(seq), 0) + 1 AS next FROM {}) AS known)", self.table)
    }

    /// The scope of the run's lock: all journals here have one, since each run reads and changes a catalog that they share.
    #[must_use]
    pub fn scope(&self) -> String {
        self.beside(JournalName::DEFAULT)
    }

    /// Reads the journal, with one query. A database without the table has an empty one. Call it outside of a
    /// transaction, which a missing table would break on some databases.
    ///
    /// # Errors
    /// E715, E717: it is damaged or of another version. E708 and others: it can't be read.
    pub async fn read(&self, connection: &mut Connection) -> Result<Journal, Diagnostic> {
        let sql = format!("SELECT {} FROM {} ORDER BY seq", COLUMNS.join(", "), self.table);
        match connection.query(&sql).await {
            Ok(rows) => Journal::from_rows(&rows),
            Err(error) if error.kind == ErrorKind::MissingTable => Ok(Journal::default()),
            Err(error) if error.kind == ErrorKind::MissingColumn => {
                let message = format!("the table {} has other columns than the journal: {error}", self.table);
                Err(Diagnostic::error(&errors::E717, message).help("use a newer version of schemactl"))
            }
            Err(error) => Err(error.diagnostic("can't read the journal")),
        }
    }

    /// The statement that makes the table, if it isn't there.
    pub(in crate::runner) fn create(&self) -> String {
        let Books { text, options, .. } = self.books;
        let key = self.books.key(self.name.as_str());
        let columns: Vec<String> = COLUMNS
            .iter()
            .map(|column| match *column {
                "seq" => format!("seq bigint NOT NULL {key}"),
                "duration_ms" => "duration_ms bigint NOT NULL".to_owned(),
                "segment" | "statement" => format!("{column} bigint"),
                "format" | "run" | "event" | "started" | "finished" | "tool" | "actor" => {
                    format!("{column} {text} NOT NULL")
                }
                other => format!("{other} {text}"),
            })
            .collect();
        format!("CREATE TABLE IF NOT EXISTS {} ({}){options}", self.table, columns.join(", "))
    }

    /// The statement that adds rows, each as [`row`](Self::row) gives it.
    pub(in crate::runner) fn insert(&self, rows: &[String]) -> String {
        format!("INSERT INTO {} ({}) VALUES {}", self.table, COLUMNS.join(", "), rows.join(", "))
    }

    /// A row in brackets.
    pub(in crate::runner) fn row(
        &self,
        event: &Event,
        sql: Option<TextDigest>,
        message: Option<&str>,
        signature: &Signature,
    ) -> String {
        let (state, place) = match event {
            Event::Completed { state, .. } => (Some(*state), None),
            Event::Part { place, .. } => (None, Some(*place)),
            Event::Purged => (None, None),
        };
        let maybe =
            |value: Option<String>| value.map_or_else(|| "NULL".to_owned(), |value| self.literal(&value));
        let number = |value: Option<u32>| value.map_or_else(|| "NULL".to_owned(), |value| value.to_string());
        let of_revision = |part: fn(&RevisionRef) -> String| maybe(event.revision().map(part));
        let Signature { seq, run, started, finished, milliseconds, actor } = signature;
        let values: [String; COLUMNS.len()] = [
            seq.clone(),
            self.literal(FORMAT),
            run.clone(),
            self.literal(event.word()),
            of_revision(|revision| revision.id.clone()),
            of_revision(|revision| revision.name.clone()),
            of_revision(|revision| revision.digest.to_string()),
            maybe(state.map(|state| state.to_string())),
            maybe(place.map(|place| Direction::word(place.direction).to_owned())),
            number(place.map(|place| place.segment)),
            number(place.and_then(|place| place.statement)),
            maybe(sql.map(|sql| sql.to_string())),
            started.clone(),
            finished.clone(),
            milliseconds.clone(),
            self.literal(env!("CARGO_PKG_VERSION")),
            actor.clone(),
            maybe(message.map(str::to_owned)),
        ];
        format!("({})", values.join(", "))
    }
}

/// What a row says besides its event, as SQL expressions.
pub(in crate::runner) struct Signature {
    /// The number of the row.
    pub(in crate::runner) seq: String,
    /// The run.
    pub(in crate::runner) run: String,
    /// When the work began.
    pub(in crate::runner) started: String,
    /// When it ended.
    pub(in crate::runner) finished: String,
    /// The milliseconds between them.
    pub(in crate::runner) milliseconds: String,
    /// Who did it.
    pub(in crate::runner) actor: String,
}

/// Adds rows for one run.
///
/// It numbers them from the journal that was read: two runs that write at once, against the lock, meet in the primary
/// key, and so does a run with rows that it has not seen.
#[derive(Debug)]
pub struct Writer {
    location: Location,
    exists: bool,
    is_silent: bool,
    /// The number of the last row that is committed.
    last: u64,
    run: String,
    actor: String,
}

impl Writer {
    /// For a run on a database whose journal was just read; `actor` is `user@host`.
    #[must_use]
    pub fn new(
        location: Location,
        journal: &Journal,
        run: impl Into<String>,
        actor: impl Into<String>,
    ) -> Self {
        let (exists, last) = (journal.exists, journal.end());
        Self { location, exists, is_silent: false, last, run: run.into(), actor: actor.into() }
    }

    /// A writer for what is no matter of revisions: it adds nothing.
    #[must_use]
    pub fn silent() -> Self {
        let (table, qualifier) = (String::new(), String::new());
        let name = JournalName::default();
        let location = Location { name, table, qualifier, rules: &Rules::STANDARD, books: Books::PLAIN };
        let (run, actor) = (String::new(), String::new());
        Self { location, exists: true, is_silent: true, last: 0, run, actor }
    }

    /// The statements that add rows in one transaction; they create the table before the first row.
    #[must_use]
    pub fn rows(&self, entries: &[Entry]) -> Vec<String> {
        if self.is_silent || entries.is_empty() {
            return Vec::new();
        }
        let rows: Vec<String> =
            entries.iter().zip(self.last + 1..).map(|(entry, seq)| self.row(entry, seq)).collect();
        self.creation().into_iter().chain([self.location.insert(&rows)]).collect()
    }

    /// The statement that creates the table, if it isn't there.
    fn creation(&self) -> Option<String> {
        (!self.exists && !self.is_silent).then(|| self.location.create())
    }

    /// Creates the table, if it isn't there: for databases on which that would end the transaction of the first row.
    ///
    /// # Errors
    /// What the database says; [`explain`](Self::explain) makes a diagnostic of it.
    pub async fn create(&mut self, connection: &mut Connection) -> Result<(), DatabaseError> {
        if let Some(sql) = self.creation() {
            connection.execute(&sql).await?;
            self.exists = true;
        }
        Ok(())
    }

    fn row(&self, entry: &Entry, seq: u64) -> String {
        let Entry { event, sql, started, duration, message } = entry;
        let finished = started.checked_add(*duration).unwrap_or(*started);
        let literal = |text: &str| self.location.literal(text);
        let signature = Signature {
            seq: seq.to_string(),
            run: literal(&self.run),
            started: literal(&started.to_string()),
            finished: literal(&finished.to_string()),
            milliseconds: i64::try_from(duration.as_millis()).unwrap_or(i64::MAX).to_string(),
            actor: literal(&self.actor),
        };
        self.location.row(event, *sql, message.as_deref(), &signature)
    }

    /// Adds rows in a transaction of their own.
    ///
    /// # Errors
    /// What the database says; [`explain`](Self::explain) makes a diagnostic of it.
    pub async fn append(
        &mut self,
        connection: &mut Connection,
        entries: &[Entry],
    ) -> Result<(), DatabaseError> {
        for sql in self.rows(entries) {
            connection.execute(&sql).await?;
        }
        self.committed(entries.len() as u64);
        Ok(())
    }

    /// Tells that so many [rows](Self::rows) were committed.
    pub fn committed(&mut self, rows: u64) {
        self.exists = true;
        self.last += rows;
    }

    /// What an error of a statement of [`rows`](Self::rows) means.
    #[must_use]
    pub fn explain(&self, error: &DatabaseError) -> Diagnostic {
        let no_namespace = error.code.as_deref() == Some("3F000");
        if self.exists || !(error.kind == ErrorKind::Permission || no_namespace) {
            return error.diagnostic("can't write the journal");
        }
        let message = format!("can't create the journal {}: {error}", self.location.table);
        let general = "grant the right to create tables there, or connect as the owner of the database";
        let grant = error.hint.as_deref().filter(|_| error.kind == ErrorKind::Permission);
        Diagnostic::error(&errors::E716, message).help(grant.unwrap_or(general))
    }
}
