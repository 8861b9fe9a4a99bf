//! What a database says when it refuses: classified, with every field that it names, never the driver's own
//! wording (which adds places in the server's source) and never a password.

use std::fmt;
use std::io;
use std::ops::{Deref, DerefMut};

use super::Target;
use crate::diagnostic::{Code, Diagnostic};
use crate::runner::errors;

/// An error of a database or of the connection to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseError(Box<Report>);

/// What an error says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// What kind of error it is.
    pub kind: ErrorKind,
    /// The database's code: an SQLSTATE, SQLite's extended result code, or the number of MySQL and MariaDB.
    pub code: Option<String>,
    /// The message of the database.
    pub message: String,
    /// More about this case.
    pub detail: Option<String>,
    /// What the database advises.
    pub hint: Option<String>,
    /// The constraint that does not hold.
    pub constraint: Option<String>,
    /// The table that it is about.
    pub table: Option<String>,
    /// The columns that it is about.
    pub columns: Vec<String>,
    /// Where in the SQL that was sent, in bytes.
    pub position: Option<usize>,
}

/// What kind of error it is, the same for every database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// No connection could be made.
    Connect,
    /// The login was refused.
    Auth,
    /// The connection can't be encrypted, or the server's certificate is not trusted.
    Tls,
    /// A right is missing.
    Permission,
    /// A lock was not obtained in time.
    LockTimeout,
    /// A statement took longer than it may.
    Timeout,
    /// A conflict of transactions that were under way at once.
    Deadlock,
    /// Another connection is writing.
    Busy,
    /// The server keeps a table open under a name that a query gave it, and can't change it so.
    Aliased,
    /// Two rows have the same key.
    UniqueViolation,
    /// A required value is missing.
    NotNull,
    /// A row refers to one that does not exist, or one that is referred to would go.
    ForeignKey,
    /// A check does not hold.
    Check,
    /// An exclusion constraint does not hold.
    Exclusion,
    /// A value is too large or too long for its type.
    Range,
    /// A value can't be read as one of a type.
    Format,
    /// The database can't be written.
    ReadOnly,
    /// There is no space left.
    DiskFull,
    /// It was cancelled on request.
    Cancelled,
    /// The connection broke.
    ConnectionLost,
    /// A pooler moves the session between connections of the server.
    Pooled,
    /// The server is a product that is not known.
    OtherProduct,
    /// The server gives columns what nobody wrote, and lets no session say otherwise.
    Implicit,
    /// Something else depends on what was to be changed or dropped.
    Dependents,
    /// There is no namespace to work in.
    MissingNamespace,
    /// There is something of this name already.
    Taken,
    /// There is no such table.
    MissingTable,
    /// There is no such column.
    MissingColumn,
    /// Anything else.
    Other,
}

impl ErrorKind {
    /// Whether the same transaction may succeed when it is tried again.
    #[must_use]
    pub fn is_transient(self) -> bool {
        matches!(self, Self::LockTimeout | Self::Deadlock | Self::Busy | Self::Aliased)
    }

    /// Whether rows contradict a constraint, or a type.
    #[must_use]
    pub fn is_constraint(self) -> bool {
        matches!(
            self,
            Self::UniqueViolation
                | Self::NotNull
                | Self::ForeignKey
                | Self::Check
                | Self::Exclusion
                | Self::Range
        )
    }

    /// What is always the thing to do, whatever the database advises.
    fn help(self) -> Option<&'static str> {
        match self {
            // The database advises to drop it as well.
            Self::Dependents => Some(
                "drop what depends on it and create it again afterwards, or take it into the schema, which carries it along",
            ),
            Self::MissingNamespace => Some(
                "create the schema or grant the role USAGE on it, or name another: `?options=-csearch_path%3Dpublic` in the URL",
            ),
            Self::Permission => Some("connect as the owner, or as a role that is granted the right"),
            Self::LockTimeout | Self::Deadlock | Self::Busy => {
                Some("wait until the others are done, or give more time with `--lock-timeout 5m`")
            }
            Self::Aliased => Some(
                "run it when fewer queries name the table by an alias (`FROM orders AS o`): MariaDB keeps it open under that, and then renames no column that a check, a default or a computed column speaks of",
            ),
            Self::Implicit => Some(
                "put `explicit_defaults_for_timestamp=ON` into the server's configuration, or bring it to MariaDB 10.6.9 or later, which lets a session say so",
            ),
            Self::ReadOnly => Some(
                "connect where it can be written: not to a standby, not with `mode=ro`, and as a user who may write the file",
            ),
            Self::DiskFull => Some("make room on the disk of the database, then run the command again"),
            Self::Connect
            | Self::Auth
            | Self::Tls
            | Self::Timeout
            | Self::UniqueViolation
            | Self::NotNull
            | Self::ForeignKey
            | Self::Check
            | Self::Exclusion
            | Self::Range
            | Self::Format
            | Self::Cancelled
            | Self::ConnectionLost
            | Self::Pooled
            | Self::OtherProduct
            | Self::Taken
            | Self::MissingTable
            | Self::MissingColumn
            | Self::Other => None,
        }
    }

    /// The code under which it is reported.
    #[must_use]
    pub fn code(self) -> &'static Code {
        match self {
            Self::Connect => &errors::E703,
            Self::Auth => &errors::E704,
            Self::Tls => &errors::E728,
            Self::Permission => &errors::E708,
            Self::LockTimeout | Self::Deadlock | Self::Busy | Self::Aliased => &errors::E710,
            Self::UniqueViolation
            | Self::NotNull
            | Self::ForeignKey
            | Self::Check
            | Self::Exclusion
            | Self::Range => &errors::E709,
            Self::ReadOnly => &errors::E711,
            Self::DiskFull => &errors::E712,
            Self::Cancelled => &errors::E713,
            Self::ConnectionLost => &errors::E714,
            Self::Pooled => &errors::E718,
            Self::OtherProduct => &errors::E752,
            Self::Implicit => &errors::E754,
            Self::MissingNamespace => &errors::E719,
            Self::Dependents => &errors::E727,
            Self::Format
            | Self::Timeout
            | Self::Taken
            | Self::MissingTable
            | Self::MissingColumn
            | Self::Other => &errors::E707,
        }
    }
}

impl DatabaseError {
    /// An error of which only a message is known.
    #[must_use]
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self(Box::new(Report {
            kind,
            code: None,
            message: message.into(),
            detail: None,
            hint: None,
            constraint: None,
            table: None,
            columns: Vec::new(),
            position: None,
        }))
    }

    pub(super) fn cancelled() -> Self {
        Self::new(ErrorKind::Cancelled, "cancelled on request")
    }

    /// The error as a diagnostic; `doing` says what failed, such as `` can't create the table `users` ``.
    #[must_use]
    pub fn diagnostic(&self, doing: &str) -> Diagnostic {
        let mut message = format!("{doing}: {}", self.message);
        if let Some(detail) = &self.detail {
            message.push_str("; ");
            message.push_str(detail);
        }
        let diagnostic = Diagnostic::error(self.kind.code(), message);
        match (self.kind.help(), &self.hint) {
            // The right that is missing is named.
            (_, Some(hint)) if self.kind == ErrorKind::Permission => diagnostic.help(hint),
            (Some(help), _) => diagnostic.help(help),
            (None, Some(hint)) => diagnostic.help(hint),
            (None, None) => diagnostic,
        }
    }

    /// The error as a diagnostic about a connection that was not made.
    pub(super) fn on_connecting(&self, target: &Target) -> Diagnostic {
        let mut code = self.kind.code();
        // A database that is missing, full or starting up has the code of its own, and still is out of reach.
        if code == &errors::E707 || code == &errors::E714 {
            code = &errors::E703;
        }
        let help = match self.kind {
            ErrorKind::Auth => "check the user and the password of the URL",
            ErrorKind::Tls => "see `schemactl explain E728` for what the URL can ask of the server",
            _ => "check the URL, and that the database is there and may be used",
        };
        let diagnostic = Diagnostic { code, ..self.diagnostic(&format!("can't connect to `{target}`")) };
        if diagnostic.help.is_some() { diagnostic } else { diagnostic.help(help) }
    }

    /// The same error with every trace of the target's password removed.
    pub(super) fn scrubbed(mut self, target: &Target) -> Self {
        self.message = target.scrub(&self.message);
        self.detail = self.detail.take().map(|detail| target.scrub(&detail));
        self
    }
}

impl Deref for DatabaseError {
    type Target = Report;

    fn deref(&self) -> &Report {
        &self.0
    }
}

impl DerefMut for DatabaseError {
    fn deref_mut(&mut self) -> &mut Report {
        &mut self.0
    }
}

impl fmt::Display for DatabaseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for DatabaseError {}

/// What the driver says where the error is not the database's own answer.
pub(super) fn of_driver(error: &sqlx::Error) -> DatabaseError {
    match error {
        // In the middle of an answer, or instead of one.
        sqlx::Error::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
            DatabaseError::new(ErrorKind::ConnectionLost, "the server closed the connection")
        }
        sqlx::Error::Io(error) => match certificate(&error.to_string()) {
            Some(message) => DatabaseError::new(ErrorKind::Tls, message),
            None => DatabaseError::new(ErrorKind::ConnectionLost, error.to_string()),
        },
        sqlx::Error::Tls(error) => {
            let text = error.to_string();
            let message = certificate(&text).unwrap_or_else(|| format!("no TLS: {text}"));
            DatabaseError::new(ErrorKind::Tls, message)
        }
        sqlx::Error::WorkerCrashed => {
            DatabaseError::new(ErrorKind::ConnectionLost, "the connection is closed")
        }
        sqlx::Error::Protocol(error) => DatabaseError::new(ErrorKind::Other, error.clone()),
        sqlx::Error::Decode(error) | sqlx::Error::Configuration(error) => {
            DatabaseError::new(ErrorKind::Other, error.to_string())
        }
        sqlx::Error::ColumnDecode { index, source } => {
            DatabaseError::new(ErrorKind::Other, format!("column {index} can't be read as text: {source}"))
        }
        // Not raised for statements that are sent as text; the enum is open, so there is a rest.
        error => DatabaseError::new(ErrorKind::Other, error.to_string()),
    }
}

/// What is wrong with the server's certificate, in words that say what to do about it.
fn certificate(text: &str) -> Option<String> {
    let (_, why) = text.split_once("invalid peer certificate: ")?;
    let known = [
        (
            "UnknownIssuer",
            "nobody who is trusted here has signed it; name the file of its authority in the URL",
        ),
        (
            "CaUsedAsEndEntity",
            "it is the certificate of an authority, which none can be that a server shows; issue one with `basicConstraints=CA:FALSE`",
        ),
        ("Expired", "it has expired"),
        ("NotValidYet", "it is not valid yet"),
        ("Revoked", "it is revoked"),
    ];
    let found = known.iter().find(|(word, _)| why.contains(word)).map(|(_, words)| *words);
    Some(format!("the server's certificate is refused: {}", found.unwrap_or(why)))
}
