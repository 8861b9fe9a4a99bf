//! Every environment variable that the program reads, declared once with what it does; docs/environment.md is made
//! of this table.

use std::env;
use std::ffi::OsString;

/// An environment variable.
#[derive(Debug)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// What it does, for the documentation: Markdown, one paragraph.
    pub doc: &'static str,
}

impl Variable {
    /// What it is set to; an empty text counts as not set, and so does one that is not UTF-8.
    #[must_use]
    pub fn value(&self) -> Option<String> {
        env::var(self.name).ok().filter(|value| !value.is_empty())
    }

    /// What it is set to, as the system has it; an empty text counts as not set.
    #[must_use]
    pub fn value_os(&self) -> Option<OsString> {
        env::var_os(self.name).filter(|value| !value.is_empty())
    }

    /// Whether it is set.
    #[must_use]
    pub fn is_set(&self) -> bool {
        self.value_os().is_some()
    }
}

/// Declares variables: a constant for each, and `ALL`, the list of them.
macro_rules! variables {
    ($($(#[doc = $doc:literal])+ $id:ident = $name:literal;)+) => {
        $(
            $(#[doc = $doc])+
            pub static $id: Variable = Variable { name: $name, doc: concat!($($doc),+) };
        )+
        /// Every variable, in the order of the documentation.
        pub static ALL: &[&Variable] = &[$(&$id),+];
    };
}

variables! {
    /// The environment to work on, as `--env` names it. `--env` and `--url` have precedence. May stand in `.env`.
    ENV = "SCHEMACTL_ENV";
    /// The project's folder, as `--project` names it, which has precedence. Without either, the project is found from
    /// the current folder upwards, to the root of the repository.
    PROJECT = "SCHEMACTL_PROJECT";
    /// The project to work on where `schemactl.kdl` holds several, as `--name` names it, which has precedence. May stand in
    /// `.env`.
    NAME = "SCHEMACTL_NAME";
    /// The URL of a database, where the configuration says so: `url (env)"DATABASE_URL"`. Any other name works as
    /// well; a variable that the configuration doesn't name is never read as a URL. May stand in `.env`.
    DATABASE_URL = "DATABASE_URL";
    /// Set to anything, no progress is shown on a terminal.
    NO_PROGRESS = "SCHEMACTL_NO_PROGRESS";
    /// Set to anything, output is not coloured; `--color` has precedence.
    NO_COLOR = "NO_COLOR";
    /// Set to anything but `0`, output is coloured even where it doesn't go to a terminal; `--color` has precedence.
    CLICOLOR_FORCE = "CLICOLOR_FORCE";
    /// With `dumb`, output is not coloured and nothing is drawn on the terminal.
    TERM = "TERM";
    /// How many columns errors are laid out for; without it the terminal is asked, and then 100.
    COLUMNS = "COLUMNS";
    /// The editor that `schemactl edit` starts, with arguments; `EDITOR` where it isn't set.
    VISUAL = "VISUAL";
    /// The editor that `schemactl edit` starts where `VISUAL` isn't set.
    EDITOR = "EDITOR";
    /// The name that the journal notes for who ran what. Without it `LOGNAME`, `USERNAME` and the system are asked.
    USER = "USER";
    /// The name for the journal where `USER` isn't set.
    LOGNAME = "LOGNAME";
    /// The name for the journal where neither `USER` nor `LOGNAME` is set.
    USERNAME = "USERNAME";
    /// The user of a PostgreSQL server where the URL names none, as for `psql`. Where it isn't set either, the user has the
    /// name of the system's account; `PGHOST`, `PGPORT`, `PGDATABASE`, `PGPASSWORD` and their like count as well.
    PGUSER = "PGUSER";
    /// What the clock shows, as RFC 3339 (`2026-11-21T10:00:00Z`): for tests, so that their output doesn't change.
    TEST_NOW = "SCHEMACTL_TEST_NOW";
}
