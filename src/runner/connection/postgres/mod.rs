//! A connection to a PostgreSQL server.

mod error;

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use sqlx::postgres::{PgConnectOptions, PgRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection as _, Row as _};

use super::answer::{self, Answer};
use super::batch::Batch;
use super::cancel::{CancelRequest, Way};
use super::error::of_driver;
use super::reach::{Kind, reach};
use super::target::PostgresServer;
use super::{
    Begins, Canceller, DatabaseError, ErrorKind, Holder, LockMethod, Options, Refused, Row, shown_run,
};
use crate::dialect::{Product, Version};
use crate::sql::{Rules, client_command, identifiers};

/// How many sessions are named that are in the way.
const BLOCKERS_MAX: usize = 3;
/// What is enough to find names in statements, and to quote. Backslashes stand for themselves by a setting that
/// connecting makes.
pub(super) const RULES: Rules = Rules { dollar_quotes: true, ..Rules::STANDARD };
/// Who holds locks on tables and views, the oldest transactions first.
const BLOCKERS: &str = "SELECT c.relname, a.pid, a.application_name, a.usename, \
    coalesce(host(a.client_addr), 'this host'), a.state, date_trunc('second', a.xact_start) \
    FROM pg_catalog.pg_locks AS l JOIN pg_catalog.pg_stat_activity AS a ON a.pid = l.pid \
    JOIN pg_catalog.pg_class AS c ON c.oid = l.relation \
    WHERE l.locktype = 'relation' AND l.granted AND l.pid <> pg_catalog.pg_backend_pid() \
    AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()) \
    AND c.relkind IN ('r', 'p', 'v', 'm') AND c.relnamespace <> 'pg_catalog'::regnamespace \
    ORDER BY a.xact_start, a.pid, c.relname";

/// How often the server looks, while a statement runs, whether this process is still there: one that was killed would
/// keep its locks for as long as the statement takes. Not every system can tell, and where it can't, it is an error.
const WATCH: &str = "1s";

/// A connection to PostgreSQL.
pub struct Session {
    connection: sqlx::PgConnection,
    version: Version,
    namespace: Option<String>,
    /// The role that the session has the rights of, as SQL has it, unless a statement may have set another one.
    role: Option<String>,
    process: String,
    /// How long the session waits for a lock, in milliseconds, as far as this side has set it.
    lock_wait: Option<u128>,
    /// Whether the server looks, while a statement runs, if this side is still there.
    watched: bool,
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
        let driver = server.options().application_name(&shown_run(&options.run));
        // Statements may hold secrets of hooks; the driver would log slow ones.
        let driver = driver.disable_statement_logging();
        let limit = server.connect_timeout().unwrap_or(options.connect_timeout);
        let connected = reach(driver.connect(), limit, Kind::Postgres, server.place()).await?;
        let connection = connected.map_err(|error| error::on_connecting(&error, &driver))?;
        let server = ServerCancel { options: Arc::new(driver), process: String::new() };
        let mut session = Self {
            connection,
            version: Product::Postgres.version(0, 0, 0),
            namespace: None,
            role: None,
            process: String::new(),
            lock_wait: None,
            watched: false,
            cancel: CancelRequest::default(),
            server,
        };
        session.identify().await?;
        Ok(session)
    }

    async fn identify(&mut self) -> Result<(), DatabaseError> {
        let rows = self
            .query(&format!(
                "SELECT pg_catalog.pg_backend_pid(), pg_catalog.current_setting('server_version_num'), \
                 pg_catalog.current_schema(), \
                 pg_catalog.set_config('standard_conforming_strings', 'on', false), \
                 pg_catalog.set_config('statement_timeout', '0', false), \
                 CASE WHEN pg_catalog.current_setting('server_version_num')::int >= 140000 \
                 AND pg_catalog.version() LIKE '%linux%' THEN \
                 pg_catalog.set_config('client_connection_check_interval', '{WATCH}', false) END, \
                 pg_catalog.quote_ident(current_user)",
            ))
            .await?;
        let cell = |at: usize| rows.first().and_then(|row| row.get(at));
        let number: u32 = cell(1).and_then(|text| text.parse().ok()).unwrap_or(0);
        self.version = Product::Postgres.version(number / 10_000, number % 10_000, 0);
        self.namespace = cell(2).map(str::to_owned);
        self.watched = cell(5).is_some();
        self.role = cell(6).map(str::to_owned);
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

    /// The search path is fixed, too: a schema that a statement creates may be the first of the path, as `"$user"`
    /// often is, and whatever comes without a namespace afterwards would be created in there.
    pub(super) async fn settle_namespace(&mut self, table: &str) -> Result<(), DatabaseError> {
        let table = table.replace('\'', "''");
        let rows = self
            .query(&format!(
                "WITH path AS (SELECT * FROM unnest(pg_catalog.current_schemas(false)) \
                 WITH ORDINALITY AS p (name, place)), \
                 home AS (SELECT path.name FROM path \
                 JOIN pg_catalog.pg_namespace AS n ON n.nspname = path.name \
                 LEFT JOIN pg_catalog.pg_class AS c ON c.relnamespace = n.oid AND c.relname = '{table}' \
                 ORDER BY c.oid IS NULL, path.place LIMIT 1) \
                 SELECT home.name, pg_catalog.set_config('search_path', (SELECT string_agg(\
                 pg_catalog.quote_ident(path.name), ', ' ORDER BY path.name <> home.name, path.place) \
                 FROM path), false) FROM home",
            ))
            .await?;
        self.namespace = rows.first().and_then(|row| row.get(0)).map(str::to_owned);
        match self.namespace {
            Some(_) => Ok(()),
            None => Err(DatabaseError::new(
                ErrorKind::MissingNamespace,
                "the search path of the connection names no schema that exists and that the role may use",
            )),
        }
    }

    pub(super) async fn execute(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        self.admit(sql)?;
        if error::may_set_role(sql) {
            self.role = None;
        }
        let done = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut self.connection).await;
        done.map(|done| done.rows_affected()).map_err(|error| self.classify(&error, sql))
    }

    /// Sends statements of our own as one text.
    pub(super) async fn together(
        &mut self,
        statements: &[&str],
        begins: &mut Begins<'_>,
    ) -> Result<(), Refused> {
        let batch = Batch::of(statements);
        self.cancel.refuse().map_err(|error| batch.refused(0, error))?;
        let answers = sqlx::raw_sql(AssertSqlSafe(batch.sql.as_str())).execute_many(&mut self.connection);
        let done = batch.answered(answers, begins).await;
        done.map_err(|(answers, error)| batch.refused(answers, self.classify(&error, &batch.sql)))
    }

    pub(super) async fn query(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError> {
        self.admit(sql)?;
        let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(&mut self.connection).await;
        let rows = rows.map_err(|error| self.classify(&error, sql))?;
        let mut answer = Answer::default();
        let read = rows.iter().try_for_each(|row| answer.read(row, cell));
        read.map(|()| answer.rows).map_err(|error| self.classify(&error, sql))
    }

    /// Sends queries of our own as one text. Rows are read as they come, while the server works.
    pub(super) async fn query_each(&mut self, queries: &[&str]) -> Result<Vec<Vec<Row>>, DatabaseError> {
        let batch = Batch::of(queries);
        self.cancel.refuse()?;
        let incoming = sqlx::raw_sql(AssertSqlSafe(batch.sql.as_str())).fetch_many(&mut self.connection);
        let answers = answer::each(incoming, cell).await;
        answers.map_err(|(answered, error)| batch.refused(answered, self.classify(&error, &batch.sql)).error)
    }

    /// # Errors
    /// A cancel is requested, or the statement would wait for a client's data and hang the connection.
    fn admit(&self, sql: &str) -> Result<(), DatabaseError> {
        self.cancel.refuse()?;
        match client_command(sql, &RULES) {
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

    /// The setting comes first: if a cancel meets it, no transaction has begun.
    pub(super) async fn begin_waiting(&mut self, limit: Option<Duration>) -> Result<(), DatabaseError> {
        let milliseconds = milliseconds(limit);
        if self.lock_wait == Some(milliseconds) {
            return self.begin().await;
        }
        let begun = self.together(&[&lock_timeout(milliseconds), "BEGIN"], &mut |_| {}).await;
        begun.map_err(|refused| refused.error)?;
        self.lock_wait = Some(milliseconds);
        Ok(())
    }

    /// Every query sees the same moment, the server writes every name outside of the namespace of unqualified names with
    /// its own, compiles nothing, since that costs more than the queries, and sorts and hashes without a disk.
    pub(super) async fn begin_reading(&mut self) -> Result<(), DatabaseError> {
        self.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?;
        let path = self.namespace.as_deref().map_or_else(|| "''".to_owned(), |name| RULES.quoted(name));
        let settings =
            format!("SET LOCAL search_path = {path}; SET LOCAL jit = off; SET LOCAL work_mem = '64MB'");
        self.execute(&settings).await.map(drop)
    }

    pub(super) async fn commit(&mut self) -> Result<(), DatabaseError> {
        self.execute("COMMIT").await.map(drop)
    }

    pub(super) async fn rollback(&mut self) -> Result<(), DatabaseError> {
        let requested = self.cancel.is_set();
        self.cancel.set(false);
        // A setting is taken back with the transaction that it was made in.
        self.lock_wait = None;
        let mut done = self.execute("ROLLBACK").await;
        // A cancel that arrives late hits this statement instead of the one that it was meant for.
        if done.as_ref().is_err_and(|error| error.code.as_deref() == Some("57014")) {
            done = self.execute("ROLLBACK").await;
        }
        self.cancel.set(requested);
        // What the transaction set is unset again.
        self.lock_wait = None;
        done.map(drop)
    }

    pub(super) async fn wait_for_locks(&mut self, limit: Option<Duration>) -> Result<(), DatabaseError> {
        let milliseconds = milliseconds(limit);
        if self.lock_wait == Some(milliseconds) {
            return Ok(());
        }
        self.execute(&lock_timeout(milliseconds)).await?;
        self.lock_wait = Some(milliseconds);
        Ok(())
    }

    pub(super) async fn execute_alone(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        if !self.watched {
            return self.execute(sql).await;
        }
        self.execute("SET client_connection_check_interval = 0").await?;
        let done = self.execute(sql).await;
        if !self.is_cancelled() && !done.as_ref().is_err_and(|error| error.kind == ErrorKind::ConnectionLost)
        {
            self.execute(&format!("SET client_connection_check_interval = '{WATCH}'")).await?;
        }
        done
    }

    pub(super) async fn blockers(&mut self, sql: &str) -> Result<Vec<String>, DatabaseError> {
        let rows = self.query(BLOCKERS).await?;
        let named: HashSet<String> =
            identifiers(sql, &RULES).map(|identifier| identifier.name.into_owned()).collect();
        let is_named = |row: &&Row| row.get(0).is_some_and(|relation| named.contains(relation));
        // A foreign key's other table is locked without being named.
        let anywhere = !rows.iter().any(|row| is_named(&row));
        let mut seen = HashSet::new();
        let rows = rows.iter().filter(|row| anywhere || is_named(row));
        let rows = rows.filter(|row| seen.insert(row.get(1).map(str::to_owned)));
        Ok(rows.take(BLOCKERS_MAX).map(blocker).collect())
    }

    pub(super) async fn enforce_foreign_keys(&mut self, _on: bool) -> Result<(), DatabaseError> {
        Ok(())
    }

    pub(super) async fn tag(&mut self, text: &str) -> Result<(), DatabaseError> {
        let name = shown_run(text).replace('\'', "''");
        self.execute(&format!("SET application_name = '{name}'")).await.map(drop)
    }

    pub(super) fn canceller(&self) -> Canceller {
        Canceller { request: self.cancel.clone(), way: Way::Postgres(self.server.clone()) }
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
        let mut report = error::classify(error, sql, self.role.as_deref());
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
        let second = self.options.connect().await;
        let mut second = second.map_err(|error| error::on_connecting(&error, &self.options))?;
        let sql = format!("SELECT pg_catalog.pg_cancel_backend({})", self.process);
        let asked = sqlx::raw_sql(AssertSqlSafe(sql.as_str())).execute(&mut second).await;
        asked.map_err(|error| error::classify(&error, &sql, None))?;
        second.close().await.map_err(|error| of_driver(&error))
    }
}

/// How long to wait for a lock; zero is the server's word for as long as it takes.
/// Sent as text, every type arrives as text.
fn cell(row: &PgRow, at: usize) -> sqlx::Result<Option<String>> {
    row.try_get_unchecked(at)
}

fn milliseconds(limit: Option<Duration>) -> u128 {
    limit.map_or(0, |limit| limit.as_millis().max(1))
}

fn lock_timeout(milliseconds: u128) -> String {
    format!("SET lock_timeout = {milliseconds}")
}

/// A row of [`BLOCKERS`] as a sentence; a role without the right to see them gets no state and no time.
fn blocker(row: &Row) -> String {
    let cell = |at: usize| row.get(at).filter(|text| !text.is_empty());
    let or = |at: usize| cell(at).unwrap_or("?");
    let (relation, process, user, host) = (or(0), or(1), or(3), or(4));
    let name = cell(2).map(|name| format!(", `{name}`")).unwrap_or_default();
    let state = cell(5).map(|state| format!(", {state}")).unwrap_or_default();
    let since = cell(6).map(|since| format!(", in a transaction since {since}")).unwrap_or_default();
    format!("`{relation}` is in use by process {process}{name} as `{user}` from {host}{state}{since}")
}
