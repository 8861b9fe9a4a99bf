//! One connection to one database, the same for every kind: SQL text in, rows as text out. No pools, no bound
//! values, no knowledge of what the SQL means. Which kinds exist is a matter of Cargo features.

#[cfg(not(any(feature = "sqlite", feature = "postgres", feature = "mysql")))]
compile_error!("enable at least one of the features `sqlite`, `postgres` and `mysql`");

#[cfg(any(feature = "postgres", feature = "mysql"))]
mod answer;
mod batch;
mod cancel;
mod error;
#[cfg(feature = "mysql")]
mod mysql;
mod options;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod reach;
mod row;
#[cfg(feature = "sqlite")]
mod sqlite;
mod target;

use std::path::PathBuf;
use std::time::Duration;

pub use batch::{Begins, Refused};
pub use cancel::Canceller;
pub use error::{DatabaseError, ErrorKind, Report};
pub use options::Options;
pub use row::Row;
pub use target::Target;

use crate::diagnostic::Diagnostic;
use crate::dialect::{Books, Unseen, Version};
use crate::sql::Rules;

/// A connection. Dropping it closes it without waiting for the server.
#[derive(Debug)]
pub enum Connection {
    /// An SQLite file or memory.
    #[cfg(feature = "sqlite")]
    Sqlite(sqlite::Session),
    /// A PostgreSQL server.
    #[cfg(feature = "postgres")]
    Postgres(postgres::Session),
    /// A MySQL or MariaDB server.
    #[cfg(feature = "mysql")]
    Mysql(mysql::Session),
}

/// How runs on a database keep out of each other's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LockMethod {
    /// A lock of the session in the server.
    Session,
    /// A lock on this file beside the database.
    File(PathBuf),
    /// None is needed: nobody else can reach the database.
    Unshared,
}

/// What the server says about who holds a lock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holder {
    /// Who and where, such as `` process 4711, `schemactl apply` as `app` from 10.0.0.7 ``.
    pub description: String,
    /// Since when it is connected, as the server writes times.
    pub since: Option<String>,
}

macro_rules! on_session {
    ($connection:expr, $session:ident => $body:expr) => {
        match $connection {
            #[cfg(feature = "sqlite")]
            Connection::Sqlite($session) => $body,
            #[cfg(feature = "postgres")]
            Connection::Postgres($session) => $body,
            #[cfg(feature = "mysql")]
            Connection::Mysql($session) => $body,
        }
    };
}

impl Connection {
    /// Connects, with foreign keys enforced.
    ///
    /// # Errors
    /// E703 to E705: the database can't be reached, refuses the login, or is a file that is missing. E752: the server
    /// is a product that is not known.
    pub async fn connect(target: &Target, options: &Options) -> Result<Self, Diagnostic> {
        let connected = match target.kind() {
            #[cfg(feature = "sqlite")]
            target::Kind::Sqlite(database) => {
                database.must_exist(options)?;
                sqlite::Session::connect(database, options).await.map(Self::Sqlite)
            }
            #[cfg(feature = "postgres")]
            target::Kind::Postgres(server) => {
                postgres::Session::connect(server, options).await.map(Self::Postgres)
            }
            #[cfg(feature = "mysql")]
            target::Kind::Mysql(server) => mysql::Session::connect(server, options).await.map(Self::Mysql),
        };
        connected.map_err(|error| error.scrubbed(target).on_connecting(target))
    }

    /// The name of the dialect that this database speaks.
    #[must_use]
    pub fn dialect(&self) -> &'static str {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => "sqlite",
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => "postgres",
            #[cfg(feature = "mysql")]
            Self::Mysql(_) => "mysql",
        }
    }

    /// The version of the server or library.
    #[must_use]
    pub fn version(&self) -> Version {
        on_session!(self, session => session.version())
    }

    /// Whether a change of the schema is undone with its transaction. Where it isn't, each such statement commits what
    /// came before it, and itself.
    #[must_use]
    pub fn transactional_ddl(&self) -> bool {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => true,
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => true,
            #[cfg(feature = "mysql")]
            Self::Mysql(_) => false,
        }
    }

    /// The namespace in which an unqualified name is created; `None` where there are no namespaces or the search
    /// path names none that exists.
    #[must_use]
    pub fn namespace(&self) -> Option<&str> {
        on_session!(self, session => session.namespace())
    }

    /// Settles the namespace for as long as the connection lasts, where there are namespaces: the one of the search
    /// path that has a table of this name, or else the first one.
    ///
    /// # Errors
    /// There is none; otherwise as for [`execute`](Self::execute).
    #[cfg_attr(not(feature = "postgres"), expect(unused_variables, reason = "others have no namespaces"))]
    pub async fn settle_namespace(&mut self, table: &str) -> Result<(), DatabaseError> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => Ok(()),
            #[cfg(feature = "postgres")]
            Self::Postgres(session) => session.settle_namespace(table).await,
            #[cfg(feature = "mysql")]
            Self::Mysql(_) => Ok(()),
        }
    }

    /// Runs one statement and returns the number of rows that it changed. Send one at a time: what happens to
    /// the first of two when the second fails differs by database.
    ///
    /// The returned future must be polled to its end: dropping it leaves the statement running. [`Canceller`] is
    /// the way to stop it.
    ///
    /// # Errors
    /// The database refuses it, or a cancel was requested and not [cleared](Self::clear_cancel).
    pub async fn execute(&mut self, sql: &str) -> Result<u64, DatabaseError> {
        on_session!(self, session => session.execute(sql).await)
    }

    /// Runs statements in order, as [`execute`](Self::execute) runs each, and tells of each before it begins. Where a
    /// statement costs less than its way to the database, some go together.
    ///
    /// # Errors
    /// As for [`execute`](Self::execute), and at which statement. None behind it has run.
    pub async fn execute_each(
        &mut self,
        statements: &[&str],
        begins: &mut Begins<'_>,
    ) -> Result<(), Refused> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(session) => session.execute_each(statements, begins).await,
            #[cfg(any(feature = "postgres", feature = "mysql"))]
            server => batch::one_by_one(server, statements, begins).await,
        }
    }

    /// Runs one query and returns its rows, every cell as the text that the database prints; bytes as `\x…`.
    ///
    /// # Errors
    /// As for [`execute`](Self::execute).
    pub async fn query(&mut self, sql: &str) -> Result<Vec<Row>, DatabaseError> {
        on_session!(self, session => session.query(sql).await)
    }

    /// Runs queries of our own, each a single statement, and returns the rows of each. Where the server takes all of them
    /// at once, it works on the next while the rows of the one before are read.
    ///
    /// # Errors
    /// As for [`execute`](Self::execute).
    pub async fn query_each(&mut self, queries: &[&str]) -> Result<Vec<Vec<Row>>, DatabaseError> {
        match self {
            #[cfg(feature = "postgres")]
            Self::Postgres(session) => session.query_each(queries).await,
            #[cfg(feature = "mysql")]
            Self::Mysql(session) => session.query_each(queries).await,
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => {
                let mut answers = Vec::with_capacity(queries.len());
                for sql in queries {
                    answers.push(self.query(sql).await?);
                }
                Ok(answers)
            }
        }
    }

    /// Begins a transaction, with the right to write where there is one writer.
    ///
    /// # Errors
    /// As for [`execute`](Self::execute).
    pub async fn begin(&mut self) -> Result<(), DatabaseError> {
        on_session!(self, session => session.begin().await)
    }

    /// Begins a transaction whose statements [wait](Self::wait_for_locks) so long for locks.
    ///
    /// # Errors
    /// As for [`execute`](Self::execute).
    pub async fn begin_waiting(&mut self, limit: Option<Duration>) -> Result<(), DatabaseError> {
        on_session!(self, session => session.begin_waiting(limit).await)
    }

    /// Begins a transaction in which the catalog is read. Roll it back afterwards.
    ///
    /// # Errors
    /// As for [`execute`](Self::execute).
    pub async fn begin_reading(&mut self) -> Result<(), DatabaseError> {
        on_session!(self, session => session.begin_reading().await)
    }

    /// Lets every following statement wait this long for a lock of others, or as long as it takes. Embedded databases
    /// have such a limit to begin a transaction, and one for all else, in [`Options`].
    ///
    /// # Errors
    /// As for [`execute`](Self::execute).
    pub async fn wait_for_locks(&mut self, limit: Option<Duration>) -> Result<(), DatabaseError> {
        on_session!(self, session => session.wait_for_locks(limit).await)
    }

    /// As [`execute`](Self::execute) outside of a transaction, [waiting](Self::wait_for_locks) so long for locks, and to
    /// its end even when this process is gone: what stops it in the middle would leave half of its work.
    ///
    /// # Errors
    /// As for [`execute`](Self::execute).
    pub async fn execute_alone(&mut self, sql: &str, limit: Option<Duration>) -> Result<u64, DatabaseError> {
        self.wait_for_locks(limit).await?;
        on_session!(self, session => session.execute_alone(sql).await)
    }

    /// Who is in the way of a statement that did not get its locks, a sentence each, as far as the server tells.
    /// Ask outside of a transaction.
    ///
    /// # Errors
    /// As for [`execute`](Self::execute).
    pub async fn blockers(&mut self, sql: &str) -> Result<Vec<String>, DatabaseError> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => {
                let _ = sql;
                Ok(Vec::new())
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(session) => session.blockers(sql).await,
            #[cfg(feature = "mysql")]
            Self::Mysql(session) => session.blockers(sql).await,
        }
    }

    /// What the user can't see of the database's catalog, because he has no right to.
    ///
    /// # Errors
    /// As for [`execute`](Self::execute).
    pub async fn unseen(&mut self) -> Result<Vec<Unseen>, DatabaseError> {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => Ok(Vec::new()),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Ok(Vec::new()),
            #[cfg(feature = "mysql")]
            Self::Mysql(session) => session.unseen().await,
        }
    }

    /// Commits. If it fails, the transaction has to be rolled back.
    ///
    /// # Errors
    /// As for [`execute`](Self::execute); also a deferred constraint that does not hold.
    pub async fn commit(&mut self) -> Result<(), DatabaseError> {
        on_session!(self, session => session.commit().await)
    }

    /// Runs the last statements of a transaction and commits, all at once.
    ///
    /// # Errors
    /// As for [`execute`](Self::execute), and at which statement; the commit is the one behind the last. If the
    /// connection is lost, nothing tells how far it came.
    pub async fn commit_after(&mut self, statements: &[String]) -> Result<(), Refused> {
        let all: Vec<&str> = statements.iter().map(String::as_str).chain(["COMMIT"]).collect();
        on_session!(self, session => session.together(&all, &mut |_| {}).await)
    }

    /// Rolls back, also while a cancel is requested. Does nothing where the database has done so by itself.
    ///
    /// # Errors
    /// The connection is lost, with which the transaction is rolled back too.
    pub async fn rollback(&mut self) -> Result<(), DatabaseError> {
        on_session!(self, session => session.rollback().await)
    }

    /// Switches the enforcement of foreign keys, and makes sure of it, where it is the connection's to choose
    /// (elsewhere it does nothing). Call it outside of a transaction. What was written meanwhile is not checked later.
    ///
    /// # Errors
    /// As for [`execute`](Self::execute); also if a transaction is open, where the switch has no effect.
    pub async fn enforce_foreign_keys(&mut self, on: bool) -> Result<(), DatabaseError> {
        on_session!(self, session => session.enforce_foreign_keys(on).await)
    }

    /// Shows this text beside the connection on the server, so that an orphaned statement can be told; at most 50
    /// bytes are kept.
    ///
    /// # Errors
    /// As for [`execute`](Self::execute).
    pub async fn tag(&mut self, text: &str) -> Result<(), DatabaseError> {
        on_session!(self, session => session.tag(text).await)
    }

    /// A handle that stops what this connection is doing, from another task.
    #[must_use]
    pub fn canceller(&self) -> Canceller {
        on_session!(self, session => session.canceller())
    }

    /// Whether a cancel was requested and not cleared.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        on_session!(self, session => session.is_cancelled())
    }

    /// Lets statements run again after a cancel: to write down what happened.
    pub fn clear_cancel(&mut self) {
        on_session!(self, session => session.clear_cancel());
    }

    /// Waits for so long, or until a cancel is requested.
    pub async fn pause(&self, time: Duration) {
        let Canceller { request, way: _ } = self.canceller();
        tokio::select! {
            () = tokio::time::sleep(time) => {}
            () = request.requested() => {}
        }
    }

    /// How the database reads what is quoted.
    #[must_use]
    pub fn rules(&self) -> &'static Rules {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => sqlite::rules(),
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => &postgres::RULES,
            #[cfg(feature = "mysql")]
            Self::Mysql(_) => &mysql::RULES,
        }
    }

    /// How this program's own tables are made.
    #[must_use]
    pub fn books(&self) -> Books {
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => Books::PLAIN,
            #[cfg(feature = "postgres")]
            Self::Postgres(_) => Books::PLAIN,
            #[cfg(feature = "mysql")]
            Self::Mysql(_) => mysql::BOOKS,
        }
    }

    /// Makes a database on the server, empty, in which texts are as in the one of the connection.
    ///
    /// # Errors
    /// As for [`execute`](Self::execute).
    pub async fn create_database(&mut self, name: &str) -> Result<(), DatabaseError> {
        let name = self.quote_name(name);
        match self {
            #[cfg(feature = "sqlite")]
            Self::Sqlite(_) => {
                // Each is a file, or memory, of its own: connecting makes it.
                let _ = name;
                Ok(())
            }
            #[cfg(feature = "postgres")]
            Self::Postgres(session) => {
                session.execute(&format!("CREATE DATABASE {name} TEMPLATE template0")).await.map(drop)
            }
            #[cfg(feature = "mysql")]
            Self::Mysql(session) => session.create_database(&name).await,
        }
    }

    /// A string literal for SQL on this connection. U+0000 becomes U+FFFD where no text can have it.
    #[must_use]
    pub fn quote_literal(&self, text: &str) -> String {
        self.rules().literal(text)
    }

    /// A quoted identifier for SQL on this connection.
    #[must_use]
    pub fn quote_name(&self, name: &str) -> String {
        self.rules().quoted(name)
    }

    /// How runs on this database keep out of each other's way.
    #[must_use]
    pub fn lock_method(&self) -> LockMethod {
        on_session!(self, session => session.lock_method())
    }

    /// Tries to take a lock of this session, without waiting. Only for [`LockMethod::Session`]; elsewhere it
    /// succeeds.
    ///
    /// # Errors
    /// As for [`execute`](Self::execute).
    pub async fn try_lock(&mut self, key: i64) -> Result<bool, DatabaseError> {
        on_session!(self, session => session.try_lock(key).await)
    }

    /// Gives the lock back, and says whether this session had it.
    ///
    /// # Errors
    /// As for [`execute`](Self::execute).
    pub async fn unlock(&mut self, key: i64) -> Result<bool, DatabaseError> {
        on_session!(self, session => session.unlock(key).await)
    }

    /// Who holds the lock of a session, if anybody does and it may be seen.
    ///
    /// # Errors
    /// As for [`execute`](Self::execute).
    pub async fn holder(&mut self, key: i64) -> Result<Option<Holder>, DatabaseError> {
        on_session!(self, session => session.holder(key).await)
    }

    /// Closes the connection and waits until that is done.
    ///
    /// # Errors
    /// It broke before.
    pub async fn close(self) -> Result<(), DatabaseError> {
        on_session!(self, session => session.close().await)
    }
}

/// What a server keeps of a connection's name, less our own part of it.
#[cfg(any(feature = "postgres", feature = "mysql"))]
const RUN_BYTES_MAX: usize = 50;

/// What a server shows beside a connection: our name and the run's, without what a terminal could trip over.
#[cfg(any(feature = "postgres", feature = "mysql"))]
fn shown_run(run: &str) -> String {
    let shown = |c: &char| c.is_ascii_graphic() || *c == ' ';
    let run: String = run.chars().filter(shown).take(RUN_BYTES_MAX).collect();
    format!("schemactl {run}").trim_end().to_owned()
}
