//! Hooks as a runner meets them: the dialect's text settled, split into statements, checked for what would
//! break the transaction around it.

use super::Direction;
use super::errors::{E501, E502, E503, E504};
use crate::change::{Down, Expectation, Hook, Script};
use crate::diagnostic::Diagnostic;
use crate::name::{DialectName, Name};
use crate::sql::{Rules, client_command, executable_comment, implicit_commit, split, transaction_control};

/// A hook in one direction on one dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookTask {
    /// The hook's name.
    pub name: Name,
    /// The only environments that run it; none listed is everywhere. Elsewhere there is nothing in it.
    pub only_env: Vec<Name>,
    /// What must hold before the statements.
    pub before: Vec<Check>,
    /// The statements, in order.
    pub statements: Vec<String>,
    /// What must hold after them.
    pub after: Vec<Check>,
}

/// A query with one value, and the value that it must have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// The query.
    pub query: String,
    /// The value as text, or `None` for NULL.
    pub is: Option<Box<str>>,
}

impl HookTask {
    /// Settles a hook; `None` when the dialect doesn't run it.
    ///
    /// # Errors
    /// What keeps the hook from running in this direction.
    pub fn new(
        hook: &Hook,
        direction: Direction,
        dialect: &DialectName,
        rules: &Rules,
    ) -> Result<Option<Self>, Diagnostic> {
        if hook.only.as_ref().is_some_and(|only| only != dialect) {
            return Ok(None);
        }
        let checks = |list: &[Expectation]| {
            let check =
                |of: &Expectation| Check { query: of.query.get(dialect).to_string(), is: of.is.clone() };
            list.iter().map(check).collect()
        };
        let (script, before, after) = match direction {
            Direction::Up => (&hook.up, checks(&hook.before), checks(&hook.expect)),
            Direction::Down => (down(hook)?, Vec::new(), checks(&hook.after)),
        };
        let statements = match script {
            Script::Nothing => Vec::new(),
            Script::Text(text) => statements(hook, text.sql.get(dialect), rules)?,
            Script::Unfilled => return Err(unfilled(hook, direction)),
        };
        Ok(Some(Self { name: hook.name.clone(), only_env: hook.only_env.clone(), before, statements, after }))
    }

    /// Its queries and statements, in order.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        let Self { name: _, only_env: _, before, statements, after } = self;
        let statements = statements.iter().map(String::as_str);
        let before = before.iter().map(|check| check.query.as_str());
        before.chain(statements).chain(after.iter().map(|check| check.query.as_str()))
    }
}

fn down(hook: &Hook) -> Result<&Script, Diagnostic> {
    match &hook.down {
        Down::Script(script) => Ok(script),
        Down::Irreversible { reason } => {
            let message = format!("hook `{}` can't be rolled back: {reason}", hook.name);
            Err(Diagnostic::error(&E503, message)
                .help("restore a backup, or write a new revision that goes forward"))
        }
    }
}

fn unfilled(hook: &Hook, direction: Direction) -> Diagnostic {
    match direction {
        Direction::Up => Diagnostic::error(&E502, format!("hook `{}` has no `up` yet", hook.name))
            .help("write it with `schemactl edit`, or say that nothing is to be done: `up nothing`"),
        Direction::Down => Diagnostic::error(&E503, format!("hook `{}` has no `down`", hook.name))
            .help("write it with `schemactl edit`, or say that nothing is to be done: `down nothing`"),
    }
}

fn statements(hook: &Hook, text: &str, rules: &Rules) -> Result<Vec<String>, Diagnostic> {
    let broken = |why: String| {
        Diagnostic::error(&E504, format!("the script of hook `{}` is not SQL: {why}", hook.name))
            .help("mend the script with `schemactl edit`")
    };
    let of_client = |line: &str| Err(broken(format!("`{line}` is a command of a database client")));
    if let Some(line) = client_command(text, rules) {
        return of_client(line);
    }
    if let Some(mark) = executable_comment(text, rules) {
        let message = format!("hook `{}` holds an executable comment, `{mark}`", hook.name);
        return Err(Diagnostic::error(&E504, message).help("write its SQL without the comment"));
    }
    let statements = split(text, rules).map_err(|error| broken(error.to_string()))?;
    if let Some(line) = statements.iter().find_map(|statement| client_command(statement, rules)) {
        return of_client(line);
    }
    if let Some(word) = statements.iter().find_map(|statement| implicit_commit(statement, rules)) {
        let message = format!(
            "hook `{}` contains `{word}`, which would commit what the hook did before it, and itself",
            hook.name
        );
        return Err(Diagnostic::error(&E501, message)
            .help("declare in the schema what it makes, or as an `object` with its SQL"));
    }
    match statements.iter().find_map(|statement| transaction_control(statement, rules)) {
        Some(word) => Err(Diagnostic::error(&E501, format!("hook `{}` contains `{word}`", hook.name))
            .help("remove it: the hook runs in the revision's transaction")),
        None => Ok(statements.into_iter().map(str::to_owned).collect()),
    }
}
