//! A connection to a MySQL or MariaDB server. Which of the two it is, the server says.

mod error;
mod others;
mod rights;
mod server;

use std::sync::Arc;
use std::time::Duration;

use sqlx::mysql::{MySqlConnectOptions, MySqlRow};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection as _, Row as _, Type, TypeInfo, ValueRef};

use super::answer::{self, Answer};
use super::batch::Batch;
use super::cancel::{CancelRequest, Way};
use super::error::of_driver;
use super::reach::{Kind, reach};
use super::target::MysqlServer;
use super::{
    Begins, Canceller, DatabaseError, ErrorKind, Holder, LockMethod, Options, Refused, Row, shown_run,
};
use crate::dialect::mysql::each_behind;
pub(super) use crate::dialect::mysql::{BOOKS, RULES};
use crate::dialect::{Product, Version};
use crate::hash::Hash;

use server::{IDENTIFY, Server};

/// How long a statement may wait for a lock when nothing limits it: a year, the longest that either server takes.
const WAIT_MAX: Duration = Duration::from_secs(31_536_000);

/// What every session of ours has, whatever the server's own settings are. The mode is stored with triggers and
/// routines; with NO_ZERO_DATE no table could be altered that has such a date, in a row or as a default. The time zone
/// decides what a `timestamp` is given as.
const SETTINGS: &str = "SET NAMES utf8mb4, SESSION sql_mode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,\
    NO_ENGINE_SUBSTITUTION', SESSION time_zone = '+00:00', SESSION autocommit = 1, \
    SESSION foreign_key_checks = 1, SESSION unique_checks = 1, SESSION sql_quote_show_create = 1, \
    SESSION sql_safe_updates = 0, SESSION sql_auto_is_null = 0, SESSION group_concat_max_len = 16777216, \
    SESSION wait_timeout = 28800, SESSION lock_wait_timeout = 31536000, \
    SESSION innodb_lock_wait_timeout = 31536000, SESSION default_storage_engine = InnoDB";

/// Gives columns something that nobody wrote where it is off: see [`ErrorKind::Implicit`].
const EXPLICIT: &str = "explicit_defaults_for_timestamp";

/// Settings that are other than they should be, where the server has them: columns that get something that nobody wrote,
/// and statements that are not as they were written without an error.
const WISHES: &str = "SHOW SESSION VARIABLES WHERE \
    (Variable_name IN ('explicit_defaults_for_timestamp', 'innodb_strict_mode') AND Value = 'OFF') \
    OR (Variable_name = 'sql_generate_invisible_primary_key' AND Value = 'ON')";

/// The databases that we make, as a GRANT names them.
const OURS: &str = r"`schemactl\_%`";

/// The column of the row in front of what a query of several gives. MariaDB answers a query over its catalog once more
/// than it should for each table with a history that it has to open, so counting the answers doesn't tell them apart.
const MARK: &str = "schemactl_next";

/// The rows behind each mark.
fn behind_marks(answers: Vec<Vec<Row>>) -> Vec<Vec<Row>> {
    let mut found: Vec<Vec<Row>> = Vec::new();
    for rows in answers {
        if rows.first().is_some_and(|row| row.named(MARK).is_some()) {
            found.push(Vec::new());
        } else if let Some(last) = found.last_mut() {
            last.extend(rows);
        }
    }
    found
}

/// A connection to MySQL or MariaDB.
pub struct Session {
    connection: sqlx::MySqlConnection,
    server: Server,
    /// What each statement begins with, for those who look at the server's list of processes.
    tag: String,
    /// How long the session waits for a lock, in seconds.
    lock_wait: u64,
    cancel: CancelRequest,
    second: ServerCancel,
}

/// How to reach the server a second time, to stop the first connection's statement.
#[derive(Clone)]
pub(super) struct ServerCancel {
    /// Holds the password, so it is never printed.
    options: Arc<MySqlConnectOptions>,
    process: String,
}

impl Session {
    pub(super) async fn connect(server: &MysqlServer, options: &Options) -> Result<Self, DatabaseError> {
        // Statements may hold secrets of hooks; the driver would log slow ones. Its own settings would be stored with
        // triggers, and change what `||` means in what is stored.
        let driver = server.options().disable_statement_logging();
        let driver =
            driver.pipes_as_concat(false).no_engine_substitution(false).timezone(None).set_names(false);
        let limit = server.connect_timeout().unwrap_or(options.connect_timeout);
        let connected = reach(driver.connect(), limit, Kind::Mysql, server.place()).await?;
        let mut connection = connected.map_err(|error| error::on_connecting(&error))?;
        let rows = rows(&mut connection, IDENTIFY).await.map_err(|error| error::on_connecting(&error))?;
        let server = Server::of(rows.first())?;
        let second = ServerCancel { options: Arc::new(driver), process: server.process.clone() };
        let mut session = Self {
            connection,
            server,
            tag: tag(&options.run),
            lock_wait: WAIT_MAX.as_secs(),
            cancel: CancelRequest::default(),
            second,
        };
        session.settle().await?;
        Ok(session)
    }

    async fn settle(&mut self) -> Result<(), DatabaseError> {
        let limit = if self.is_mariadb() { "max_statement_time" } else { "max_execution_time" };
        // The level is what `WITH CONSISTENT SNAPSHOT` needs.
        let level = "SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ";
        self.send(&format!("{SETTINGS}, SESSION {limit} = 0; {level}")).await?;
        for row in self.query(WISHES).await? {
            let (Some(name), Some(value)) = (row.get(0), row.get(1)) else { continue };
            let wanted = if value == "ON" { "OFF" } else { "ON" };
            let (is_explicit, set) = (name == EXPLICIT, format!("SET SESSION {name} = {wanted}"));
            // May need a right that few have: then the others stay as the server wants them.
            if let Err(why) = self.send(&set).await
                && is_explicit
            {
                let message = format!("`{EXPLICIT}` is off, and stays so: {}", why.message);
                return Err(DatabaseError::new(ErrorKind::Implicit, message));
            }
        }
        Ok(())
    }

    /// The two differ in what they call a thing here and there.
    fn is_mariadb(&self) -> bool {
        self.server.version.product == Product::MariaDb
    }

    pub(super) fn version(&self) -> Version {
        self.server.version
    }

    pub(super) fn namespace(&self) -> Option<&str> {
        None
    }

    pub(super) async fn execute(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        let done = self.send(sql).await;
        if done.is_err() && each_behind(&self.tag, sql).is_some() {
            self.settle_again().await;
        }
        done
    }

    async fn send(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        self.cancel.refuse()?;
        let tagged = each_behind(&self.tag, sql).unwrap_or_else(|| format!("{}{sql}", self.tag));
        let done = sqlx::raw_sql(AssertSqlSafe(tagged)).execute(&mut self.connection).await;
        done.map(|done| done.rows_affected()).map_err(|error| self.classify(&error, sql))
    }

    /// Gives the session back what the first statements of a text have set, when one behind them failed. A connection that
    /// broke tells by itself.
    async fn settle_again(&mut self) {
        let requested = self.cancel.is_set();
        self.cancel.set(false);
        self.lock_wait = WAIT_MAX.as_secs();
        let _ = self.settle().await;
        self.cancel.set(requested);
    }

    /// Sends statements of our own as one text.
    pub(super) async fn together(
        &mut self,
        statements: &[&str],
        begins: &mut Begins<'_>,
    ) -> Result<(), Refused> {
        let batch = Batch::of(statements);
        self.cancel.refuse().map_err(|error| batch.refused(0, error))?;
        let tagged = format!("{}{}", self.tag, batch.sql);
        let answers = sqlx::raw_sql(AssertSqlSafe(tagged)).execute_many(&mut self.connection);
        let done = batch.answered(answers, begins).await;
        done.map_err(|(answers, error)| batch.refused(answers, self.classify(&error, "")))
    }

    pub(super) async fn query(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError> {
        self.cancel.refuse()?;
        let tagged = format!("{}{sql}", self.tag);
        rows(&mut self.connection, &tagged).await.map_err(|error| self.classify(&error, sql))
    }

    /// Sends queries of our own as one text. Rows are read as they come, while the server works.
    pub(super) async fn query_each(&mut self, queries: &[&str]) -> Result<Vec<Vec<Row>>, DatabaseError> {
        let mark = format!("SELECT 1 AS {MARK}");
        let marked: Vec<&str> = queries.iter().flat_map(|query| [&*mark, query]).collect();
        let batch = Batch::of(&marked);
        self.cancel.refuse()?;
        let tagged = format!("{}{}", self.tag, batch.sql);
        let incoming = sqlx::raw_sql(AssertSqlSafe(tagged)).fetch_many(&mut self.connection);
        let answers = answer::each(incoming, cell).await;
        answers
            .map(behind_marks)
            .map_err(|(answered, error)| batch.refused(answered, self.classify(&error, "")).error)
    }

    pub(super) async fn begin(&mut self) -> Result<(), DatabaseError> {
        self.execute("START TRANSACTION").await.map(drop)
    }

    pub(super) async fn begin_waiting(&mut self, limit: Option<Duration>) -> Result<(), DatabaseError> {
        self.wait_for_locks(limit).await?;
        self.begin().await
    }

    pub(super) async fn begin_reading(&mut self) -> Result<(), DatabaseError> {
        self.execute("START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY").await.map(drop)
    }

    pub(super) async fn commit(&mut self) -> Result<(), DatabaseError> {
        self.execute("COMMIT").await.map(drop)
    }

    pub(super) async fn rollback(&mut self) -> Result<(), DatabaseError> {
        let requested = self.cancel.is_set();
        self.cancel.set(false);
        let mut done = self.execute("ROLLBACK").await;
        // A cancel that arrives late hits this statement instead of the one that it was meant for.
        if done.as_ref().is_err_and(|error| error.kind == ErrorKind::Timeout) {
            done = self.execute("ROLLBACK").await;
        }
        self.cancel.set(requested);
        done.map(drop)
    }

    pub(super) async fn wait_for_locks(&mut self, limit: Option<Duration>) -> Result<(), DatabaseError> {
        let seconds = seconds(limit);
        if self.lock_wait == seconds {
            return Ok(());
        }
        let sql = format!(
            "SET SESSION lock_wait_timeout = {seconds}, SESSION innodb_lock_wait_timeout = {seconds}"
        );
        self.execute(&sql).await?;
        self.lock_wait = seconds;
        Ok(())
    }

    /// A statement runs to its end whether this side is still there or not.
    pub(super) async fn execute_alone(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        self.execute(sql).await
    }

    /// Makes a database of our own of this name, which is quoted, with the character set and collation of the session's.
    pub(super) async fn create_database(&mut self, name: &str) -> Result<(), DatabaseError> {
        let rows = self.query("SELECT @@character_set_database, @@collation_database").await?;
        let cell = |at: usize| rows.first().and_then(|row| row.get(at)).unwrap_or("DEFAULT");
        let sql = format!("CREATE DATABASE {name} CHARACTER SET {} COLLATE {}", cell(0), cell(1));
        self.execute(&sql).await.map(drop).map_err(|mut error| {
            if let (ErrorKind::Permission, Some(account)) = (error.kind, &self.server.account) {
                error.hint = Some(format!("let an administrator run `GRANT ALL ON {OURS}.* TO {account}`"));
            }
            error
        })
    }

    pub(super) async fn enforce_foreign_keys(&mut self, on: bool) -> Result<(), DatabaseError> {
        self.execute(&format!("SET SESSION foreign_key_checks = {}", u8::from(on))).await.map(drop)
    }

    #[expect(clippy::unused_async, reason = "other databases are told")]
    pub(super) async fn tag(&mut self, text: &str) -> Result<(), DatabaseError> {
        self.tag = tag(text);
        Ok(())
    }

    pub(super) fn canceller(&self) -> Canceller {
        Canceller { request: self.cancel.clone(), way: Way::Mysql(self.second.clone()) }
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

    /// The name of a lock, which all databases of a server share.
    fn lock_name(&self, key: i64) -> String {
        let database = Hash::of(self.server.database.as_bytes()).short(16);
        format!("'schemactl {database} {:016x}'", key.cast_unsigned())
    }

    pub(super) async fn try_lock(&mut self, key: i64) -> Result<bool, DatabaseError> {
        let name = self.lock_name(key);
        let rows = self.query(&format!("SELECT GET_LOCK({name}, 0), CONNECTION_ID()")).await?;
        let cell = |at: usize| rows.first().and_then(|row| row.get(at));
        if cell(1) != Some(&self.server.process) {
            return Err(DatabaseError::new(
                ErrorKind::Pooled,
                "the session moved to another connection of the server, as behind a proxy that shares them",
            ));
        }
        Ok(cell(0) == Some("1"))
    }

    pub(super) async fn unlock(&mut self, key: i64) -> Result<bool, DatabaseError> {
        let rows = self.query(&format!("SELECT RELEASE_LOCK({})", self.lock_name(key))).await?;
        Ok(rows.first().and_then(|row| row.get(0)) == Some("1"))
    }

    pub(super) async fn close(self) -> Result<(), DatabaseError> {
        self.connection.close().await.map_err(|error| of_driver(&error))
    }

    fn classify(&self, error: &sqlx::Error, sql: &str) -> DatabaseError {
        let mut report = error::classify(error, sql, Some(&self.server));
        // The servers have one number for whoever asked to stop a statement.
        if report.kind == ErrorKind::Timeout && self.cancel.is_set() {
            report.kind = ErrorKind::Cancelled;
        }
        report
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "MySQL session of connection {}", self.server.process)
    }
}

impl std::fmt::Debug for ServerCancel {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "stops connection {}", self.process)
    }
}

impl ServerCancel {
    pub(super) async fn cancel(&self) -> Result<(), DatabaseError> {
        let mut second = self.options.connect().await.map_err(|error| error::on_connecting(&error))?;
        let sql = format!("KILL QUERY {}", self.process);
        let asked = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut second).await;
        asked.map_err(|error| error::classify(&error, "", None))?;
        second.close().await.map_err(|error| of_driver(&error))
    }
}

/// How long to wait for a lock: the servers count whole seconds.
fn seconds(limit: Option<Duration>) -> u64 {
    let limit = limit.map_or(WAIT_MAX, |limit| limit.min(WAIT_MAX));
    (limit.as_secs() + u64::from(limit.subsec_nanos() > 0)).max(1)
}

/// What a statement begins with.
fn tag(run: &str) -> String {
    format!("/* {} */ ", shown_run(run).replace('*', ""))
}

async fn rows(connection: &mut sqlx::MySqlConnection, sql: &str) -> Result<Vec<Row>, sqlx::Error> {
    let rows = sqlx::raw_sql(AssertSqlSafe(sql)).fetch_all(connection).await?;
    let mut answer = Answer::default();
    rows.iter().try_for_each(|row| answer.read(row, cell)).map(|()| answer.rows)
}

/// Sent as text, every type arrives as text, but for those that are bytes.
fn cell(row: &MySqlRow, at: usize) -> Result<Option<String>, sqlx::Error> {
    let value = row.try_get_raw(at)?;
    let bytes = {
        let kind = value.type_info();
        match kind.name() {
            "BIT" | "GEOMETRY" => true,
            // A text whose letters are compared as bytes has the same name.
            "BINARY" | "VARBINARY" | "TINYBLOB" | "BLOB" | "MEDIUMBLOB" | "LONGBLOB" => {
                !<String as Type<sqlx::MySql>>::compatible(&kind)
            }
            _ => false,
        }
    };
    if bytes && !value.is_null() {
        let bytes: Vec<u8> = row.try_get_unchecked(at)?;
        return Ok(Some(super::row::hexadecimal(&bytes)));
    }
    row.try_get_unchecked(at)
}
