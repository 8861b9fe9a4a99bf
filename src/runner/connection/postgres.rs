//! A connection to a PostgreSQL server.

use std::sync::Arc;

use sqlx::postgres::{PgConnectOptions, PgDatabaseError, PgErrorPosition};
use sqlx::{AssertSqlSafe, Column, ConnectOptions, Connection as _, Row as _};

use super::cancel::{CancelRequest, Way};
use super::error::of_driver;
use super::target::PostgresServer;
use super::{Canceller, DatabaseError, ErrorKind, Holder, LockMethod, Options, Row};
use crate::dialect::Version;
use crate::sql::{Rules, client_command};

/// What the server keeps of a connection's name, less our own part of it.
const TAG_BYTES_MAX: usize = 50;

/// A connection to PostgreSQL.
pub struct Session {
    connection: sqlx::PgConnection,
    version: Version,
    namespace: Option<String>,
    process: String,
    cancel: CancelRequest,
    server: ServerCancel,
}

/// How to reach the server a second time, to stop the first connection's statement.
#[derive(Clone)]
pub(super) struct ServerCancel {
    /// Holds the password, so it is never printed.
    options: Arc<PgConnectOptions>,
    process: String,
}

impl Session {
    pub(super) async fn connect(server: &PostgresServer, options: &Options) -> Result<Self, DatabaseError> {
        let driver = server.options().application_name(&application_name(&options.run));
        // Statements may hold secrets of hooks; the driver would log slow ones.
        let driver = driver.disable_statement_logging();
        let limit = server.connect_timeout().unwrap_or(options.connect_timeout);
        let connection = match tokio::time::timeout(limit, driver.connect()).await {
            Ok(connected) => connected.map_err(|error| on_connecting(&error))?,
            Err(_) => {
                let message = format!("no answer within {} s", limit.as_secs());
                return Err(DatabaseError::new(ErrorKind::Connect, message));
            }
        };
        let server = ServerCancel { options: Arc::new(driver), process: String::new() };
        let mut session = Self {
            connection,
            version: Version { major: 0, minor: 0, patch: 0 },
            namespace: None,
            process: String::new(),
            cancel: CancelRequest::default(),
            server,
        };
        session.identify().await?;
        Ok(session)
    }

    async fn identify(&mut self) -> Result<(), DatabaseError> {
        let rows = self
            .query(
                "SELECT pg_catalog.pg_backend_pid(), pg_catalog.current_setting('server_version_num'), \
                 pg_catalog.current_schema(), \
                 pg_catalog.set_config('standard_conforming_strings', 'on', false)",
            )
            .await?;
        let cell = |at: usize| rows.first().and_then(|row| row.get(at));
        let number: u32 = cell(1).and_then(|text| text.parse().ok()).unwrap_or(0);
        self.version = Version { major: number / 10_000, minor: number % 10_000, patch: 0 };
        self.namespace = cell(2).map(str::to_owned);
        self.process = cell(0).unwrap_or("0").to_owned();
        self.server.process.clone_from(&self.process);
        Ok(())
    }

    pub(super) fn version(&self) -> Version {
        self.version
    }

    pub(super) fn namespace(&self) -> Option<&str> {
        self.namespace.as_deref()
    }

    pub(super) async fn execute(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        self.admit(sql)?;
        let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.connection).await;
        done.map(|done| done.rows_affected()).map_err(|error| self.classify(&error, sql))
    }

    pub(super) async fn query(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError> {
        self.admit(sql)?;
        let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(&mut self.connection).await;
        let rows = rows.map_err(|error| self.classify(&error, sql))?;
        let columns: Arc<[String]> = rows.first().map_or_else(
            || Arc::from(Vec::new()),
            |row| row.columns().iter().map(|column| column.name().to_owned()).collect(),
        );
        rows.iter()
            .map(|row| {
                // Sent as text, every type arrives as text.
                let cells: Result<Vec<_>, _> = (0..row.len()).map(|at| row.try_get_unchecked(at)).collect();
                Ok(Row::new(Arc::clone(&columns), cells.map_err(|error| self.classify(&error, sql))?))
            })
            .collect()
    }

    /// # Errors
    /// A cancel is requested, or the statement would wait for a client's data and hang the connection.
    fn admit(&self, sql: &str) -> Result<(), DatabaseError> {
        self.cancel.refuse()?;
        match client_command(sql, &Rules { dollar_quotes: true, ..Rules::STANDARD }) {
            Some(command) => {
                let message = format!("`{command}` is a command of a client program, not of the server");
                Err(DatabaseError::new(ErrorKind::Other, message))
            }
            None => Ok(()),
        }
    }

    pub(super) async fn begin(&mut self) -> Result<(), DatabaseError> {
        self.execute("BEGIN").await.map(drop)
    }

    pub(super) async fn commit(&mut self) -> Result<(), DatabaseError> {
        self.execute("COMMIT").await.map(drop)
    }

    pub(super) async fn rollback(&mut self) -> Result<(), DatabaseError> {
        let requested = self.cancel.is_set();
        self.cancel.set(false);
        let mut done = self.execute("ROLLBACK").await;
        // A cancel that arrives late hits this statement instead of the one that it was meant for.
        if done.as_ref().is_err_and(|error| error.code.as_deref() == Some("57014")) {
            done = self.execute("ROLLBACK").await;
        }
        self.cancel.set(requested);
        done.map(drop)
    }

    pub(super) async fn enforce_foreign_keys(&mut self, _on: bool) -> Result<(), DatabaseError> {
        Ok(())
    }

    pub(super) async fn tag(&mut self, text: &str) -> Result<(), DatabaseError> {
        let name = application_name(text).replace('\'', "''");
        self.execute(&format!("SET application_name = '{name}'")).await.map(drop)
    }

    pub(super) fn canceller(&self) -> Canceller {
        Canceller { request: self.cancel.clone(), way: Way::Server(self.server.clone()) }
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.cancel.is_set()
    }

    pub(super) fn clear_cancel(&mut self) {
        self.cancel.set(false);
    }

    pub(super) fn lock_method(&self) -> LockMethod {
        LockMethod::Session
    }

    pub(super) async fn try_lock(&mut self, key: i64) -> Result<bool, DatabaseError> {
        let sql = format!("SELECT pg_catalog.pg_try_advisory_lock({key}), pg_catalog.pg_backend_pid()");
        let rows = self.query(&sql).await?;
        let cell = |at: usize| rows.first().and_then(|row| row.get(at));
        if cell(1) != Some(&self.process) {
            return Err(DatabaseError::new(
                ErrorKind::Pooled,
                "the session moved to another server process, as behind a pooler in transaction mode",
            ));
        }
        Ok(cell(0) == Some("t"))
    }

    pub(super) async fn unlock(&mut self, key: i64) -> Result<bool, DatabaseError> {
        let rows = self.query(&format!("SELECT pg_catalog.pg_advisory_unlock({key})")).await?;
        Ok(rows.first().and_then(|row| row.get(0)) == Some("t"))
    }

    pub(super) async fn holder(&mut self, key: i64) -> Result<Option<Holder>, DatabaseError> {
        // The server keeps a key of 64 bits as two halves.
        let [high, low] = [key >> 32, key & 0xffff_ffff].map(|half| half & 0xffff_ffff);
        let rows = self
            .query(&format!(
                "SELECT a.pid, a.application_name, a.usename, coalesce(host(a.client_addr), 'this host'), \
                 date_trunc('second', a.backend_start) \
                 FROM pg_catalog.pg_locks l JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid \
                 WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 1 \
                 AND l.classid = {high} AND l.objid = {low} AND l.database = \
                 (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())",
            ))
            .await?;
        Ok(rows.first().map(|row| {
            let cell = |at: usize| row.get(at).unwrap_or("?");
            let (pid, name, user, host) = (cell(0), cell(1), cell(2), cell(3));
            Holder {
                description: format!("process {pid}, `{name}` as `{user}` from {host}"),
                since: row.get(4).map(str::to_owned),
            }
        }))
    }

    pub(super) async fn close(self) -> Result<(), DatabaseError> {
        self.connection.close().await.map_err(|error| of_driver(&error))
    }

    fn classify(&self, error: &sqlx::Error, sql: &str) -> DatabaseError {
        let mut report = classify(error, sql);
        // The server has one code for a cancel and for a timeout.
        if report.kind == ErrorKind::Timeout && self.cancel.is_set() {
            report.kind = ErrorKind::Cancelled;
        }
        report
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PostgreSQL session of process {}", self.process)
    }
}

impl std::fmt::Debug for ServerCancel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "cancels process {}", self.process)
    }
}

impl ServerCancel {
    pub(super) async fn cancel(&self) -> Result<(), DatabaseError> {
        let mut second = self.options.connect().await.map_err(|error| on_connecting(&error))?;
        let sql = format!("SELECT pg_catalog.pg_cancel_backend({})", self.process);
        let asked = sqlx::raw_sql(AssertSqlSafe(sql.as_str())).execute(&mut second).await;
        asked.map_err(|error| classify(&error, &sql))?;
        second.close().await.map_err(|error| of_driver(&error))
    }
}

/// The name that the server shows: ours and the run's, without what a terminal could trip over.
fn application_name(run: &str) -> String {
    let run: String = run.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').take(TAG_BYTES_MAX).collect();
    format!("schemactl {run}").trim_end().to_owned()
}

fn on_connecting(error: &sqlx::Error) -> DatabaseError {
    let mut report = classify(error, "");
    if matches!(report.kind, ErrorKind::ConnectionLost | ErrorKind::Other | ErrorKind::MissingTable) {
        report.kind = ErrorKind::Connect;
    }
    report
}

fn classify(error: &sqlx::Error, sql: &str) -> DatabaseError {
    let sqlx::Error::Database(database) = error else { return of_driver(error) };
    let Some(server) = database.try_downcast_ref::<PgDatabaseError>() else { return of_driver(error) };
    let mut report = DatabaseError::new(kind_of(server.code()), server.message());
    let owned = |text: Option<&str>| text.map(str::to_owned);
    report.code = Some(server.code().to_owned());
    report.detail = owned(server.detail());
    report.hint = owned(server.hint());
    report.constraint = owned(server.constraint());
    report.table = owned(server.table());
    report.columns = server.column().map(str::to_owned).into_iter().collect();
    report.position = match server.position() {
        // Counted in characters, from one.
        Some(PgErrorPosition::Original(character)) => {
            sql.char_indices().nth(character.saturating_sub(1)).map(|(byte, _)| byte)
        }
        Some(PgErrorPosition::Internal { .. }) | None => None,
    };
    report
}

fn kind_of(code: &str) -> ErrorKind {
    match code {
        "28P01" | "28000" => ErrorKind::Auth,
        "42501" => ErrorKind::Permission,
        "55P03" => ErrorKind::LockTimeout,
        "40P01" | "40001" => ErrorKind::Deadlock,
        "23505" => ErrorKind::UniqueViolation,
        "23502" => ErrorKind::NotNull,
        "23503" => ErrorKind::ForeignKey,
        "23514" => ErrorKind::Check,
        "23P01" => ErrorKind::Exclusion,
        "25006" => ErrorKind::ReadOnly,
        "53100" => ErrorKind::DiskFull,
        "57014" => ErrorKind::Timeout,
        "57P01" | "57P02" | "57P03" => ErrorKind::ConnectionLost,
        "3D000" | "53300" => ErrorKind::Connect,
        "42P01" => ErrorKind::MissingTable,
        "42703" => ErrorKind::MissingColumn,
        code if code.starts_with("08") => ErrorKind::ConnectionLost,
        _ => ErrorKind::Other,
    }
}
