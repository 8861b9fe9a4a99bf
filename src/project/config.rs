//! The configuration, `schemactl.kdl`:
//!
//! ```kdl
//! project bookshop {
//!     dialects sqlite postgres      // the databases that every revision must run on
//!     servers mariadb               // which products of a dialect that several speak; without it all
//!     schema schema                 // folders, relative to this file
//!     revisions revisions
//!     snapshots snapshots
//!     lock-timeout "60s"            // how long a run waits for locks of others
//!     var tenant type=text default="acme"    // for hooks: see `values`
//!     journal schemactl_journal     // the table in each database that says what has run
//! }
//! env dev default=#true { url "sqlite://bookshop.db" }
//! env prod {
//!     url (env)"DATABASE_URL"       // or (file)"/run/secrets/database-url"
//!     protect                       // ask before anything changes
//!     lock-timeout "1min"
//!     create #false                 // never make a database file
//!     var tenant (env)"TENANT"      // the value of a variable here
//!     before-run (sql)"SET ROLE owner"
//!     after-run (sql)"ANALYZE"
//! }
//! ```
//!
//! There may be several projects, see `several`; an `env` in a project is its own, and has precedence over another of
//! its name. `decode` reads all of it.

use std::path::{Path, PathBuf};
use std::time::Duration;

use super::journal::JournalName;
use super::url::DatabaseUrl;
use super::values::{GivenValue, HookVariable};
use crate::diagnostic::Span;
use crate::dialect::Product;
use crate::name::{DialectName, Name};

/// How long a run waits for another one unless told otherwise.
pub(super) const LOCK_TIMEOUT: Duration = Duration::from_secs(60);

/// What the configuration says of a project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Config {
    /// The project's name.
    pub name: Name,
    /// Where its name stands.
    pub span: Span,
    /// Whether it is taken when none of several is named.
    pub is_default: bool,
    /// The table that says what has run on a database, and where that is said.
    pub journal: (JournalName, Span),
    /// The dialects that every revision must run on, with their places.
    pub dialects: Vec<(DialectName, Span)>,
    /// The products that dialects are limited to which several speak, with their places.
    pub servers: Vec<(Product, Span)>,
    /// The folder of the schema files. Like the other two: relative to the configuration, with `/` between its parts, and
    /// `..` at its beginning alone.
    pub schema: PathBuf,
    /// The folder of the revisions.
    pub revisions: String,
    /// The folder of the snapshots.
    pub snapshots: String,
    /// The variables that hooks may use.
    pub variables: Vec<HookVariable>,
    /// Where the three folders are named, in that order.
    pub folder_spans: [Span; 3],
    /// The environments, in the order in which they are declared.
    pub environments: Vec<Environment>,
}

impl Config {
    /// The environment of this name.
    #[must_use]
    pub fn environment(&self, name: &str) -> Option<&Environment> {
        self.environments.iter().find(|environment| environment.name.as_str() == name)
    }

    /// The folders, each with the place where it is named.
    #[must_use]
    pub fn folders(&self) -> [(&Path, Span); 3] {
        let [schema, revisions, snapshots] = self.folder_spans;
        [(&self.schema, schema), (self.revisions.as_ref(), revisions), (self.snapshots.as_ref(), snapshots)]
    }
}

/// A named target with its policies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Environment {
    /// Its name.
    pub name: Name,
    /// Where its name stands.
    pub span: Span,
    /// Whether it is taken when none is named.
    pub is_default: bool,
    /// Where its URL comes from; without one it must be given by `--url`.
    pub url: Option<UrlSource>,
    /// What it gives to the project's variables.
    pub values: Vec<GivenValue>,
    /// What holds for runs on it.
    pub policy: Policy,
}

/// Where a URL comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UrlSource {
    /// It stands in the configuration.
    Text(DatabaseUrl),
    /// It is the value of a variable.
    Variable(String, Span),
    /// It is the content of a file, relative to the configuration.
    File(PathBuf, Span),
}

/// What holds for runs on an environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Whether to ask before anything changes.
    pub protect: bool,
    /// Whether to make a database that is a file and doesn't exist. Without a word on it: unless protected.
    pub create: bool,
    /// How long to wait for another run, and to try again when other connections hold locks.
    pub lock_timeout: Duration,
    /// SQL that runs on the connection before a run changes anything.
    pub before_run: Vec<String>,
    /// SQL that runs on the connection after all of a run succeeded.
    pub after_run: Vec<String>,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            protect: false,
            create: true,
            lock_timeout: LOCK_TIMEOUT,
            before_run: Vec::new(),
            after_run: Vec::new(),
        }
    }
}
