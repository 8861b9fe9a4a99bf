//! Hooks: SQL among the operations that moves data, with its reverse and its checks; and the step, which is
//! an operation or a hook.

use super::Op;
use crate::model::SqlText;
use crate::name::{DialectName, Name, ObjectName};

/// An operation or a hook, at its place in a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// A change of the schema.
    Op(Op),
    /// A change of data.
    Hook(Hook),
}

/// SQL that moves data on the way up, and back on the way down.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hook {
    /// Its name, unique in the revision.
    pub name: Name,
    /// The only dialect that runs it; `None` is all of them.
    pub only: Option<DialectName>,
    /// The only environments that run it; none listed is everywhere.
    pub only_env: Vec<Name>,
    /// What runs on `apply`.
    pub up: Script,
    /// What runs on `rollback`.
    pub down: Down,
    /// What must hold before `up`.
    pub before: Vec<Expectation>,
    /// What must hold after `up`.
    pub expect: Vec<Expectation>,
    /// What must hold after `down`.
    pub after: Vec<Expectation>,
}

impl Hook {
    /// What a hook is called that a plan writes, from words.
    #[must_use]
    pub fn named(words: &[&str]) -> Name {
        let plain = |c: char| if c.is_alphanumeric() { c } else { '-' };
        let text: String = words.join("-").chars().map(plain).collect();
        Name::new(text).expect("the words are joined by a character and hold no NUL")
    }

    /// What the one is called that gives another value to rows with this one, which an enum loses; on the only dialect that
    /// runs it, if there is one.
    #[must_use]
    pub fn replacing(of: &ObjectName, value: &str, only: Option<&DialectName>) -> Name {
        let words = ["replace", of.name.as_str(), value];
        Self::named(&words.into_iter().chain(only.map(DialectName::as_str)).collect::<Vec<_>>())
    }

    /// The hook with nothing to do, in its place.
    pub(super) fn left_out(&self) -> Self {
        Self {
            up: Script::Nothing,
            down: Down::Script(Script::Nothing),
            before: Vec::new(),
            expect: Vec::new(),
            after: Vec::new(),
            ..self.clone()
        }
    }
}

/// SQL of one or more statements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Script {
    /// Not written yet: a revision with it can't be applied.
    Unfilled,
    /// Nothing to do, on purpose.
    Nothing,
    /// The statements.
    Text(ScriptText),
}

/// Where a script's text stands: in the revision or in files beside it, possibly different by dialect. The
/// text itself is always loaded and is what digests cover.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScriptText {
    /// The SQL.
    pub sql: SqlText,
    /// The file that the common text is kept in, relative to the revision's folder.
    pub file: Option<Box<str>>,
}

/// What `rollback` does about a hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Down {
    /// It runs this.
    Script(Script),
    /// It refuses.
    Irreversible {
        /// Why the data can't be brought back.
        reason: Box<str>,
    },
}

/// A query with one value, and the value that it must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Expectation {
    /// The query.
    pub query: SqlText,
    /// The value as text, or `None` for NULL.
    pub is: Option<Box<str>>,
}
