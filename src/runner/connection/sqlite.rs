//! A connection to an SQLite file, or to a database in memory.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use sqlx::error::DatabaseError as _;
use sqlx::sqlite::{SqliteConnectOptions, SqliteError};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Connection as _, Row as _, TypeInfo, ValueRef};

use super::batch::{self, Batch};
use super::cancel::{CancelRequest, Way};
use super::error::of_driver;
use super::target::{Mode, SqliteDatabase};
use super::{Begins, Canceller, DatabaseError, ErrorKind, Holder, LockMethod, Options, Refused, Row};
use crate::dialect::sqlite::Sqlite;
use crate::dialect::{Dialect, Product, Version};
use crate::sql::Rules;

/// After how many instructions of the library's machine a cancel is looked for; about a tenth of a millisecond.
const CANCEL_INTERVAL: i32 = 10_000;

/// The pause between two tries to begin a transaction.
const BEGIN_PAUSE: Duration = Duration::from_millis(20);

/// A connection to SQLite.
#[derive(Debug)]
pub struct Session {
    connection: sqlx::SqliteConnection,
    version: Version,
    lock_method: LockMethod,
    busy_timeout: Duration,
    begin_timeout: Duration,
    cancel: CancelRequest,
}

impl Session {
    pub(super) async fn connect(database: &SqliteDatabase, options: &Options) -> Result<Self, DatabaseError> {
        let driver = SqliteConnectOptions::new().busy_timeout(options.busy_timeout).foreign_keys(true);
        let driver = match database {
            SqliteDatabase::Memory => driver.filename(":memory:").in_memory(true),
            SqliteDatabase::File { path, mode } => driver
                .filename(path)
                .read_only(*mode == Mode::Read)
                .create_if_missing(options.create && *mode == Mode::Create),
        };
        // Statements may hold secrets of hooks; the driver would log slow ones.
        let mut connection = driver.disable_statement_logging().connect().await.map_err(classify)?;
        let cancel = CancelRequest::default();
        let request = cancel.clone();
        let mut handle = connection.lock_handle().await.map_err(classify)?;
        handle.set_progress_handler(CANCEL_INTERVAL, move || !request.is_set());
        drop(handle);
        let lock_method = database.lock_file().map_or(LockMethod::Unshared, LockMethod::File);
        let version = Product::Sqlite.version(0, 0, 0);
        let mut session = Self {
            connection,
            version,
            lock_method,
            busy_timeout: options.busy_timeout,
            begin_timeout: options.busy_timeout,
            cancel,
        };
        // Reading the schema finds out whether the file is a database at all.
        let rows = session.query("SELECT sqlite_version(), count(*) FROM sqlite_schema").await?;
        session.version = parse_version(rows.first().and_then(|row| row.get(0)).unwrap_or(""));
        Ok(session)
    }

    pub(super) fn version(&self) -> Version {
        self.version
    }

    pub(super) fn namespace(&self) -> Option<&str> {
        None
    }

    pub(super) async fn execute(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        self.cancel.refuse()?;
        let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.connection).await;
        done.map(|done| done.rows_affected()).map_err(classify)
    }

    /// The way to the thread that works on the file costs more than most statements.
    pub(super) async fn execute_each(
        &mut self,
        statements: &[&str],
        begins: &mut Begins<'_>,
    ) -> Result<(), Refused> {
        for part in batch::cut(statements, rules()) {
            let first = part.start;
            let some = statements.get(part).unwrap_or_default();
            let done = self.together(some, &mut |at| begins(first + at)).await;
            done.map_err(|refused| refused.behind(first))?;
        }
        Ok(())
    }

    /// Sends statements as one text.
    pub(super) async fn together(
        &mut self,
        statements: &[&str],
        begins: &mut Begins<'_>,
    ) -> Result<(), Refused> {
        let batch = Batch::of(statements);
        self.cancel.refuse().map_err(|error| batch.refused(0, error))?;
        let answers = sqlx::raw_sql(AssertSqlSafe(batch.sql.as_str())).execute_many(&mut self.connection);
        let done = batch.answered(answers, begins).await;
        done.map_err(|(answers, error)| batch.refused(answers, classify(error)))
    }

    pub(super) async fn query(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError> {
        self.cancel.refuse()?;
        let rows =
            sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(&mut self.connection).await.map_err(classify)?;
        let columns: Arc<[String]> = rows.first().map_or_else(
            || Arc::from(Vec::new()),
            |row| row.columns().iter().map(|column| column.name().to_owned()).collect(),
        );
        rows.iter()
            .map(|row| {
                let cells: Result<Vec<_>, _> = (0..row.len()).map(|at| cell(row, at)).collect();
                Ok(Row::new(Arc::clone(&columns), cells.map_err(classify)?))
            })
            .collect()
    }

    /// At once with the right to write: a transaction that reads first and writes later would fail as busy
    /// without waiting.
    pub(super) async fn begin(&mut self) -> Result<(), DatabaseError> {
        // The library would wait without looking for a cancel. A commit waits for those who read, and what it would
        // lose is worth the wait.
        let wait = format!("PRAGMA busy_timeout = {}", self.busy_timeout.as_millis());
        let begin = ["PRAGMA busy_timeout = 0", "BEGIN IMMEDIATE", &wait];
        let start = Instant::now();
        loop {
            match self.together(&begin, &mut |_| {}).await {
                Err(Refused { error, .. })
                    if error.kind == ErrorKind::Busy && start.elapsed() < self.begin_timeout =>
                {
                    tokio::time::sleep(BEGIN_PAUSE).await;
                }
                begun => return begun.map_err(|refused| refused.error),
            }
        }
    }

    pub(super) async fn begin_waiting(&mut self, limit: Option<Duration>) -> Result<(), DatabaseError> {
        self.wait_for_locks(limit).await?;
        self.begin().await
    }

    pub(super) async fn execute_alone(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        self.execute(sql).await
    }

    pub(super) async fn begin_reading(&mut self) -> Result<(), DatabaseError> {
        self.execute("BEGIN").await.map(drop)
    }

    /// Only to begin a transaction is worth a short wait: in one there is nobody left to wait for but readers.
    #[expect(clippy::unused_async, reason = "other databases are asked for it")]
    pub(super) async fn wait_for_locks(&mut self, limit: Option<Duration>) -> Result<(), DatabaseError> {
        self.begin_timeout = limit.unwrap_or(self.busy_timeout);
        Ok(())
    }

    pub(super) async fn commit(&mut self) -> Result<(), DatabaseError> {
        self.execute("COMMIT").await.map(drop)
    }

    pub(super) async fn rollback(&mut self) -> Result<(), DatabaseError> {
        let requested = self.cancel.is_set();
        self.cancel.set(false);
        let done = self.execute("ROLLBACK").await;
        self.cancel.set(requested);
        match done {
            // Some errors (a full disk, an interrupt) roll back by themselves.
            Err(error) if error.message.contains("no transaction is active") => Ok(()),
            Ok(_) => Ok(()),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn enforce_foreign_keys(&mut self, on: bool) -> Result<(), DatabaseError> {
        let value = if on { "1" } else { "0" };
        self.execute(&format!("PRAGMA foreign_keys = {value}")).await?;
        // Inside a transaction the pragma does nothing, silently.
        let rows = self.query("PRAGMA foreign_keys").await?;
        if rows.first().and_then(|row| row.get(0)) == Some(value) {
            return Ok(());
        }
        let message = "foreign keys can't be switched while a transaction is open";
        Err(DatabaseError::new(ErrorKind::Other, message))
    }

    pub(super) async fn tag(&mut self, _text: &str) -> Result<(), DatabaseError> {
        Ok(())
    }

    pub(super) fn canceller(&self) -> Canceller {
        Canceller { request: self.cancel.clone(), way: Way::Polled }
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.cancel.is_set()
    }

    pub(super) fn clear_cancel(&mut self) {
        self.cancel.set(false);
    }

    pub(super) fn lock_method(&self) -> LockMethod {
        self.lock_method.clone()
    }

    pub(super) async fn try_lock(&mut self, _key: i64) -> Result<bool, DatabaseError> {
        Ok(true)
    }

    pub(super) async fn unlock(&mut self, _key: i64) -> Result<bool, DatabaseError> {
        Ok(true)
    }

    pub(super) async fn holder(&mut self, _key: i64) -> Result<Option<Holder>, DatabaseError> {
        Ok(None)
    }

    pub(super) async fn close(self) -> Result<(), DatabaseError> {
        self.connection.close().await.map_err(classify)
    }
}

/// How the library reads what is quoted.
pub(super) fn rules() -> &'static Rules {
    Sqlite.rules()
}

fn cell(row: &sqlx::sqlite::SqliteRow, at: usize) -> Result<Option<String>, sqlx::Error> {
    let value = row.try_get_raw(at)?;
    if !value.is_null() && value.type_info().name() == "BLOB" {
        let bytes: Vec<u8> = row.try_get_unchecked(at)?;
        return Ok(Some(super::row::hexadecimal(&bytes)));
    }
    row.try_get_unchecked(at)
}

fn parse_version(text: &str) -> Version {
    let mut numbers = text.split('.').map(|number| number.parse().unwrap_or(0));
    let mut next = || numbers.next().unwrap_or(0);
    Product::Sqlite.version(next(), next(), next())
}

fn classify(error: sqlx::Error) -> DatabaseError {
    let sqlx::Error::Database(database) = &error else { return of_driver(&error) };
    let Some(sqlite) = database.try_downcast_ref::<SqliteError>() else { return of_driver(&error) };
    let code: i32 = sqlite.code().and_then(|code| code.parse().ok()).unwrap_or(0);
    let mut report = DatabaseError::new(kind_of(code, sqlite.message()), sqlite.message());
    report.code = Some(code.to_string());
    report.hint = match code & 0xff {
        11 => Some(
            "restore the file from a backup, or save what can be read: `sqlite3 FILE .recover`".to_owned(),
        ),
        14 => Some("run as a user who may read and write the file and its folder".to_owned()),
        26 => Some("name a file that SQLite has made".to_owned()),
        _ => None,
    };
    let about = sqlite.message().split_once("failed: ").map(|(_, about)| about);
    match report.kind {
        ErrorKind::UniqueViolation | ErrorKind::NotNull => name_columns(&mut report, about),
        ErrorKind::Format => {
            let column = sqlite.message().rsplit_once(" column ").map(|(_, column)| column);
            name_columns(&mut report, column);
        }
        ErrorKind::Check => report.constraint = about.map(str::to_owned),
        ErrorKind::MissingTable => {
            report.table = sqlite.message().strip_prefix(NO_TABLE).map(str::to_owned);
        }
        _ => {}
    }
    report
}

const NO_TABLE: &str = "no such table: ";

fn kind_of(code: i32, message: &str) -> ErrorKind {
    match (code, code & 0xff) {
        (1555 | 2067 | 2579, _) => ErrorKind::UniqueViolation,
        (1299, _) => ErrorKind::NotNull,
        (787, _) => ErrorKind::ForeignKey,
        (275, _) => ErrorKind::Check,
        // What a strict table says.
        (3091, _) => ErrorKind::Format,
        (_, 3 | 23) => ErrorKind::Permission,
        (_, 5 | 6) => ErrorKind::Busy,
        (_, 8) => ErrorKind::ReadOnly,
        (_, 9) => ErrorKind::Cancelled,
        (_, 13) => ErrorKind::DiskFull,
        (_, 14 | 26) => ErrorKind::Connect,
        (_, 1) if message.contains(" already exists") => ErrorKind::Taken,
        (_, 1) if message.starts_with(NO_TABLE) => ErrorKind::MissingTable,
        (_, 1) if message.contains("no such column") || message.contains("has no column named") => {
            ErrorKind::MissingColumn
        }
        _ => ErrorKind::Other,
    }
}

/// From `users.email, users.name`, or `index 'name'` for an index on expressions.
fn name_columns(report: &mut DatabaseError, about: Option<&str>) {
    for part in about.into_iter().flat_map(|about| about.split(", ")) {
        if let Some(index) = part.strip_prefix("index '") {
            report.constraint = Some(index.trim_end_matches('\'').to_owned());
        } else if let Some((table, column)) = part.split_once('.') {
            report.table = Some(table.to_owned());
            report.columns.push(column.to_owned());
        }
    }
}

/// The file that locks a database: beside it, so that it is on the same file system.
pub(super) fn lock_file(database: &std::path::Path) -> PathBuf {
    // Two ways to the same file have to lead to the same lock.
    let path = std::fs::canonicalize(database).unwrap_or_else(|_| database.to_owned());
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push("-schemactl.lock");
    path.with_file_name(name)
}
