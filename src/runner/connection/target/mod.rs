//! Which database a URL names. Whatever is printed of a target (`Display`, `Debug`, every message) is free of
//! passwords; a URL that can't be read is never repeated, because no one knows where in it the password is.

#[cfg(feature = "mysql")]
mod mysql;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod server;
#[cfg(feature = "sqlite")]
mod sqlite;

use std::fmt;
use std::path::{Path, PathBuf};

#[cfg(feature = "mysql")]
pub(super) use mysql::MysqlServer;
#[cfg(feature = "postgres")]
pub(super) use postgres::PostgresServer;
#[cfg(feature = "sqlite")]
pub(super) use sqlite::{Mode, SqliteDatabase};

use crate::diagnostic::{Diagnostic, near};
use crate::runner::errors;

/// A database to connect to.
#[derive(Clone)]
pub struct Target {
    kind: Kind,
    /// How it is shown to people.
    shown: String,
    /// Texts that must never be shown: the password, as written and decoded.
    secrets: Vec<String>,
}

#[derive(Clone)]
pub(super) enum Kind {
    #[cfg(feature = "sqlite")]
    Sqlite(SqliteDatabase),
    #[cfg(feature = "postgres")]
    Postgres(Box<PostgresServer>),
    #[cfg(feature = "mysql")]
    Mysql(Box<MysqlServer>),
}

/// The schemes with the dialects that they stand for, whether they are built in or not.
const SCHEMES: [(&str, &str); 5] = [
    ("sqlite", "sqlite"),
    ("postgres", "postgres"),
    ("postgresql", "postgres"),
    ("mysql", "mysql"),
    ("mariadb", "mysql"),
];

impl Target {
    /// Reads a URL: `sqlite://path`, `sqlite:path`, `sqlite::memory:`, `mysql://…` or the same `mariadb://…`, or
    /// `postgres://…` with the parameters of PostgreSQL's own library; what that one leaves open comes from `PGHOST` and
    /// its like, as everywhere.
    ///
    /// # Errors
    /// E701: it is not a URL, or has an unknown parameter. E702: no such kind of database, or not built in.
    pub fn parse(url: &str) -> Result<Self, Diagnostic> {
        let url = url.trim();
        if url.is_empty() {
            return Err(invalid("the database URL is empty").help(format!("write one of {}", forms())));
        }
        // A file may hold more than the URL.
        if url.contains(['\r', '\n']) {
            return Err(invalid("the database URL has more than one line").help("write one URL"));
        }
        let Some((scheme, rest)) = url.split_once(':') else { return Err(without_scheme(url)) };
        let scheme = scheme.to_ascii_lowercase();
        match SCHEMES.iter().find(|(name, _)| *name == scheme).map(|(_, dialect)| *dialect) {
            #[cfg(feature = "sqlite")]
            Some("sqlite") => sqlite::parse(rest),
            #[cfg(feature = "postgres")]
            Some("postgres") => postgres::parse(url),
            #[cfg(feature = "mysql")]
            Some("mysql") => mysql::parse(url),
            Some(dialect) => {
                let message = format!("this program was built without support for `{dialect}`");
                let help = format!("install it again with the Cargo feature `{dialect}`");
                Err(Diagnostic::error(&errors::E702, message).help(help))
            }
            None => Err(unknown_scheme(&scheme, rest)),
        }
    }

    /// A server on which databases are made, by the URL of any database on it or, of MySQL and MariaDB, of none.
    ///
    /// # Errors
    /// As for [`parse`](Self::parse).
    pub fn parse_server(url: &str) -> Result<Self, Diagnostic> {
        #[cfg(feature = "mysql")]
        if let Some((scheme, _)) = url.trim().split_once(':')
            && SCHEMES.contains(&(scheme.to_ascii_lowercase().as_str(), "mysql"))
        {
            return mysql::parse_server(url.trim());
        }
        Self::parse(url)
    }

    /// A database in the memory of this process, if a kind that can be there is built in.
    #[must_use]
    pub fn in_memory() -> Option<Self> {
        Self::parse("sqlite::memory:").ok()
    }

    /// The name of the dialect that the database speaks.
    #[must_use]
    pub fn dialect(&self) -> &'static str {
        match self.kind {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite(_) => "sqlite",
            #[cfg(feature = "postgres")]
            Kind::Postgres(_) => "postgres",
            #[cfg(feature = "mysql")]
            Kind::Mysql(_) => "mysql",
        }
    }

    /// The same target with a relative path read from this folder.
    #[must_use]
    #[cfg_attr(not(feature = "sqlite"), expect(unused_variables, reason = "only files lie in folders"))]
    pub fn in_folder(self, folder: &Path) -> Self {
        let kind = match self.kind {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite(database) => Kind::Sqlite(database.in_folder(folder)),
            #[cfg(feature = "postgres")]
            Kind::Postgres(server) => Kind::Postgres(server),
            #[cfg(feature = "mysql")]
            Kind::Mysql(server) => Kind::Mysql(server),
        };
        Self { kind, ..self }
    }

    /// Whether the database is on this computer.
    #[must_use]
    pub fn is_local(&self) -> bool {
        match &self.kind {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite(_) => true,
            #[cfg(feature = "postgres")]
            Kind::Postgres(server) => server.is_local(),
            #[cfg(feature = "mysql")]
            Kind::Mysql(server) => server.is_local(),
        }
    }

    /// A URL of a database that is a file, with its path as it is seen from this folder; `None` for all others.
    #[must_use]
    #[cfg_attr(not(feature = "sqlite"), expect(unused_variables, reason = "only files lie in folders"))]
    pub fn url_within(&self, folder: &Path) -> Option<String> {
        match &self.kind {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite(database) => database.url_within(folder),
            #[cfg(feature = "postgres")]
            Kind::Postgres(_) => None,
            #[cfg(feature = "mysql")]
            Kind::Mysql(_) => None,
        }
    }

    /// The file that the database would be in and that does not exist yet: a database that nothing has been
    /// applied to.
    #[must_use]
    pub fn missing_file(&self) -> Option<&Path> {
        // Of a folder that can't be looked into nobody knows; to open the file tells why.
        self.file().filter(|path| matches!(path.try_exists(), Ok(false)))
    }

    /// The file that the database is, if it is one.
    #[must_use]
    pub fn file(&self) -> Option<&Path> {
        match &self.kind {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite(database) => database.file(),
            #[cfg(feature = "postgres")]
            Kind::Postgres(_) => None,
            #[cfg(feature = "mysql")]
            Kind::Mysql(_) => None,
        }
    }

    /// The file that runs on the database lock, if it is a file.
    #[must_use]
    pub fn lock_file(&self) -> Option<PathBuf> {
        match &self.kind {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite(database) => database.lock_file(),
            #[cfg(feature = "postgres")]
            Kind::Postgres(_) => None,
            #[cfg(feature = "mysql")]
            Kind::Mysql(_) => None,
        }
    }

    /// A database in memory in place of a file that doesn't exist yet, for those who only look: it is as empty, and
    /// nothing is made.
    #[must_use]
    pub fn stand_in(&self) -> Option<Self> {
        self.missing_file()?;
        match &self.kind {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite(_) => Some(Self { kind: Kind::Sqlite(SqliteDatabase::Memory), ..self.clone() }),
            #[cfg(feature = "postgres")]
            Kind::Postgres(_) => None,
            #[cfg(feature = "mysql")]
            Kind::Mysql(_) => None,
        }
    }

    /// The database of another name on the same server; `None` where databases are files.
    #[must_use]
    #[cfg_attr(
        not(any(feature = "postgres", feature = "mysql")),
        expect(unused_variables, reason = "files have no server")
    )]
    pub fn in_database(&self, name: &str) -> Option<Self> {
        let (kind, shown) = match &self.kind {
            #[cfg(feature = "sqlite")]
            Kind::Sqlite(_) => None,
            #[cfg(feature = "postgres")]
            Kind::Postgres(server) => {
                let server = server.in_database(name);
                let shown = server.shown();
                Some((Kind::Postgres(Box::new(server)), shown))
            }
            #[cfg(feature = "mysql")]
            Kind::Mysql(server) => {
                let server = server.in_database(name);
                let shown = server.shown();
                Some((Kind::Mysql(Box::new(server)), shown))
            }
        }?;
        Some(Self { kind, shown, secrets: self.secrets.clone() })
    }

    pub(super) fn kind(&self) -> &Kind {
        &self.kind
    }

    /// The text without the target's password.
    pub(super) fn scrub(&self, text: &str) -> String {
        self.secrets.iter().fold(text.to_owned(), |text, secret| text.replace(secret, "***"))
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Target({self})")
    }
}

fn invalid(message: impl Into<String>) -> Diagnostic {
    Diagnostic::error(&errors::E701, message)
}

fn without_scheme(text: &str) -> Diagnostic {
    let diagnostic =
        Diagnostic::error(&errors::E702, "the database URL does not begin with a kind of database");
    let is_file = [".db", ".sqlite", ".sqlite3", ".db3"].iter().any(|ending| text.ends_with(ending));
    if is_file {
        return diagnostic.help(format!("write `sqlite://{text}`"));
    }
    diagnostic.help(format!("write one of {}", forms()))
}

fn unknown_scheme(scheme: &str, rest: &str) -> Diagnostic {
    // Without `//` this may be `user:password@host`, of which nothing is repeated.
    if !rest.starts_with("//") {
        return without_scheme("");
    }
    let message = format!("there is no kind of database named `{scheme}`");
    let diagnostic = Diagnostic::error(&errors::E702, message);
    match near(scheme, SCHEMES.iter().map(|(name, _)| *name)) {
        Some(name) => diagnostic.help(format!("write `{name}://`")),
        None => diagnostic.help(format!("write one of {}", forms())),
    }
}

fn forms() -> String {
    let mut forms = Vec::new();
    if cfg!(feature = "sqlite") {
        forms.push("`sqlite://path/to/file.db`");
    }
    if cfg!(feature = "postgres") {
        forms.push("`postgres://user@host/database`");
    }
    if cfg!(feature = "mysql") {
        forms.push("`mysql://user@host/database`");
    }
    forms.join(", ")
}

/// A parameter that is not known, with the known one that it may mean. It is repeated only if it looks like a
/// parameter: it may as well be the end of a password with a `?` in it.
fn unknown_parameter(name: &str, known: &[&str]) -> Diagnostic {
    if !name.bytes().all(|byte| byte.is_ascii_lowercase() || b"_-".contains(&byte)) {
        return invalid("the part behind `?` of the database URL is not a list of parameters")
            .help("write `?` in a password or a path as `%3F`");
    }
    let diagnostic = invalid(format!("the database URL has no parameter `{name}`"));
    match near(name, known.iter().copied()) {
        Some(meant) => diagnostic.help(format!("write `{meant}`")),
        None => diagnostic.help(format!("use only {}", known.join(", "))),
    }
}

#[cfg(test)]
mod tests;
