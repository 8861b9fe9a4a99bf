//! Plain SQL on any database, for arranging and observing: blocking, and apart from the code under test.

use std::fmt::Write as _;

use sqlx::mysql::MySqlConnectOptions;
use sqlx::{
    AssertSqlSafe, Connection, Executor, MySqlConnection, PgConnection, Row, SqliteConnection, ValueRef,
};
use tokio::runtime::Runtime;

/// Runs one or more statements, and panics with the server's words when one fails.
pub fn execute(url: &str, sql: &str) {
    Session::open(url).execute(sql);
}

/// Runs a query and returns each row as text, its columns joined by `|` and null as `NULL`.
pub fn rows(url: &str, sql: &str) -> Vec<String> {
    Session::open(url).rows(sql)
}

/// Runs statements that put things in order at the end of a test: one that has failed already says why itself, and a
/// second failure would end the whole program.
pub fn clean_up(url: &str, sql: &str) {
    if std::thread::panicking() {
        let _ = Session::try_open(url).and_then(|mut session| session.try_rows(sql));
    } else {
        execute(url, sql);
    }
}

/// A connection that stays open, for tests in which somebody else holds locks or transactions.
pub struct Session(Option<(Runtime, Driver)>);

/// The drivers that tests speak to directly.
enum Driver {
    Postgres(PgConnection),
    Sqlite(SqliteConnection),
    Mysql(MySqlConnection),
}

impl Session {
    /// Connects; a missing SQLite file is created.
    pub fn open(url: &str) -> Self {
        Self::try_open(url).unwrap_or_else(|error| panic!("can't connect to {url}: {error}"))
    }

    /// Connects, or says why not.
    pub fn try_open(url: &str) -> Result<Self, sqlx::Error> {
        on_thread(|| {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
            let connection = runtime.block_on(Driver::connect(url))?;
            Ok(Self(Some((runtime, connection))))
        })
    }

    /// Runs one or more statements, and panics with the server's words when one fails.
    pub fn execute(&mut self, sql: &str) {
        self.try_rows(sql).unwrap_or_else(|error| panic!("{error}\nin {sql}"));
    }

    /// Runs a query and returns its rows as text.
    pub fn rows(&mut self, sql: &str) -> Vec<String> {
        self.try_rows(sql).unwrap_or_else(|error| panic!("{error}\nin {sql}"))
    }

    /// Runs one or more statements and returns their rows as text, or why the first failing one failed.
    pub fn try_rows(&mut self, sql: &str) -> Result<Vec<String>, sqlx::Error> {
        let (runtime, connection) = self.0.as_mut().expect("it is taken only when the session is dropped");
        on_thread(|| runtime.block_on(connection.rows(sql)))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        let Some((runtime, connection)) = self.0.take() else { return };
        on_thread(move || {
            // The other side may be gone already, which is as good as closed.
            let _ = runtime.block_on(async {
                match connection {
                    Driver::Postgres(connection) => connection.close().await,
                    Driver::Sqlite(connection) => connection.close().await,
                    Driver::Mysql(connection) => connection.close().await,
                }
            });
        });
    }
}

impl Driver {
    async fn connect(url: &str) -> Result<Self, sqlx::Error> {
        if url.starts_with("sqlite:") {
            let options: sqlx::sqlite::SqliteConnectOptions = url.parse()?;
            let connection = SqliteConnection::connect_with(&options.create_if_missing(true)).await?;
            return Ok(Self::Sqlite(connection));
        }
        if url.starts_with("mysql:") || url.starts_with("mariadb:") {
            // Strict, and without the driver's settings, which would be stored with triggers.
            let options: MySqlConnectOptions = url.parse()?;
            let options = options.pipes_as_concat(false).no_engine_substitution(false).timezone(None);
            let mut connection = MySqlConnection::connect_with(&options).await?;
            connection.execute("SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'").await?;
            return Ok(Self::Mysql(connection));
        }
        Ok(Self::Postgres(PgConnection::connect(url).await?))
    }

    async fn rows(&mut self, sql: &str) -> Result<Vec<String>, sqlx::Error> {
        let sql = sqlx::raw_sql(AssertSqlSafe(sql.to_owned()));
        match self {
            Self::Postgres(connection) => {
                let rows = connection.fetch_all(sql).await?;
                Ok(rows.iter().map(|row| joined(row.len(), |index| text_of(row, index))).collect())
            }
            Self::Mysql(connection) => {
                let rows = connection.fetch_all(sql).await?;
                let text = |row: &sqlx::mysql::MySqlRow, index: usize| {
                    let bytes = row.get_unchecked::<Option<Vec<u8>>, _>(index);
                    bytes.map_or_else(
                        || "NULL".to_owned(),
                        |bytes| String::from_utf8_lossy(&bytes).into_owned(),
                    )
                };
                Ok(rows.iter().map(|row| joined(row.len(), |index| text(row, index))).collect())
            }
            Self::Sqlite(connection) => {
                let rows = connection.fetch_all(sql).await?;
                let text = |row: &sqlx::sqlite::SqliteRow, index: usize| {
                    row.get_unchecked::<Option<String>, _>(index).unwrap_or_else(|| "NULL".to_owned())
                };
                Ok(rows.iter().map(|row| joined(row.len(), |index| text(row, index))).collect())
            }
        }
    }
}

/// The text that PostgreSQL sent: unprepared statements answer in text.
fn text_of(row: &sqlx::postgres::PgRow, index: usize) -> String {
    let value = row.try_get_raw(index).expect("the index is below the number of columns");
    if value.is_null() {
        return "NULL".to_owned();
    }
    value.as_str().expect("the database speaks UTF-8").to_owned()
}

fn joined(columns: usize, text: impl Fn(usize) -> String) -> String {
    let mut line = String::new();
    for index in 0..columns {
        let separator = if index == 0 { "" } else { "|" };
        write!(line, "{separator}{}", text(index)).expect("a string takes any text");
    }
    line
}

/// Runs on a thread of its own, so that blocking works inside of an async test too.
fn on_thread<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    std::thread::scope(|scope| match scope.spawn(work).join() {
        Ok(value) => value,
        Err(panic) => std::panic::resume_unwind(panic),
    })
}
