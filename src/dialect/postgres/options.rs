//! The options that a table can have for PostgreSQL beside columns and constraints: which there are, what
//! values they take, and how they change.

use std::collections::BTreeMap;

use super::errors::E532;
use super::quote::string;
use crate::diagnostic::{Diagnostic, near};
use crate::model::{TableSettings, Value};
use crate::name::ObjectName;

pub(super) const UNLOGGED: &str = "unlogged";
pub(super) const ROW_SECURITY: &str = "row-level-security";
pub(super) const FORCED_ROW_SECURITY: &str = "force-row-level-security";
const SWITCHES: [&str; 3] = [UNLOGGED, ROW_SECURITY, FORCED_ROW_SECURITY];

/// The storage parameters of tables, without those for TOAST tables, which have `toast.` in front.
const STORAGE: &[&str] = &[
    "autovacuum_analyze_scale_factor",
    "autovacuum_analyze_threshold",
    "autovacuum_enabled",
    "autovacuum_freeze_max_age",
    "autovacuum_freeze_min_age",
    "autovacuum_freeze_table_age",
    "autovacuum_multixact_freeze_max_age",
    "autovacuum_multixact_freeze_min_age",
    "autovacuum_multixact_freeze_table_age",
    "autovacuum_vacuum_cost_delay",
    "autovacuum_vacuum_cost_limit",
    "autovacuum_vacuum_insert_scale_factor",
    "autovacuum_vacuum_insert_threshold",
    "autovacuum_vacuum_max_threshold",
    "autovacuum_vacuum_scale_factor",
    "autovacuum_vacuum_threshold",
    "fillfactor",
    "log_autovacuum_min_duration",
    "parallel_workers",
    "toast_tuple_target",
    "user_catalog_table",
    "vacuum_index_cleanup",
    "vacuum_max_eager_freeze_failure_rate",
    "vacuum_truncate",
];

/// The options of projected settings.
fn options(settings: &TableSettings) -> impl Iterator<Item = (&str, &Value)> {
    settings.options.values().flatten().map(|(key, value)| (&**key, value))
}

fn is_on(settings: &TableSettings, switch: &str) -> bool {
    options(settings).any(|(key, value)| key == switch && *value == Value::Bool(true))
}

/// Whether a table's rows are left out of the write-ahead log.
pub(super) fn is_unlogged(settings: &TableSettings) -> bool {
    is_on(settings, UNLOGGED)
}

/// The storage parameters.
pub(super) fn storage(settings: &TableSettings) -> impl Iterator<Item = (&str, &Value)> {
    options(settings).filter(|(key, _)| !SWITCHES.contains(key))
}

/// Whether there is such a storage parameter.
pub(super) fn is_storage(key: &str) -> bool {
    STORAGE.contains(&key.strip_prefix("toast.").unwrap_or(key))
}

/// The value of a storage parameter in SQL.
pub(super) fn parameter(value: &Value) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(on) => on.to_string(),
        Value::Number(text) => text.to_string(),
        Value::Text(text) | Value::Sql(text) => string(text),
    }
}

/// What is wrong with a table's options.
pub(super) fn check(table: &ObjectName, settings: &TableSettings) -> Vec<Diagnostic> {
    let known = || SWITCHES.iter().chain(STORAGE).copied();
    let mut problems = Vec::new();
    for (key, value) in options(settings) {
        let storage = is_storage(key);
        let fits = match value {
            Value::Bool(_) => true,
            Value::Number(_) | Value::Text(_) => storage,
            Value::Null | Value::Sql(_) => false,
        };
        if !storage && !SWITCHES.contains(&key) {
            let help = match near(key, known()) {
                Some(known) => format!("write `{known}`"),
                None => "remove it, or set it in a raw `object`".to_owned(),
            };
            let message = format!("table `{table}` has an option `{key}`, which PostgreSQL doesn't know");
            problems.push(Diagnostic::error(&E532, message).help(help));
        } else if !fits {
            let expected = if storage { "a number, a word or a truth value" } else { "`#true` or `#false`" };
            let message = format!("option `{key}` of table `{table}` can't have this value");
            problems.push(Diagnostic::error(&E532, message).help(format!("give it {expected}")));
        }
    }
    problems
}

/// A change of a table's options as a clause of ALTER TABLE.
pub(super) struct Change {
    /// The clause.
    pub(super) clause: String,
    /// Whether the table is written anew.
    pub(super) rewrites: bool,
}

/// The clauses that give a table its switches after CREATE TABLE.
pub(super) fn after_create(settings: &TableSettings) -> Vec<Change> {
    let plain = TableSettings { only: None, comment: None, options: BTreeMap::new() };
    row_security(&plain, settings)
}

/// The clauses that lead from one set of options to another.
pub(super) fn changes(from: &TableSettings, to: &TableSettings) -> Vec<Change> {
    let mut changes = row_security(from, to);
    let before: BTreeMap<&str, &Value> = storage(from).collect();
    let after: BTreeMap<&str, &Value> = storage(to).collect();
    let set: Vec<String> = after
        .iter()
        .filter(|(key, value)| before.get(*key) != Some(*value))
        .map(|(key, value)| format!("{key} = {}", parameter(value)))
        .collect();
    let reset: Vec<&str> = before.keys().filter(|key| !after.contains_key(*key)).copied().collect();
    let plain = |clause: String| Change { clause, rewrites: false };
    if !reset.is_empty() {
        changes.push(plain(format!("RESET ({})", reset.join(", "))));
    }
    if !set.is_empty() {
        changes.push(plain(format!("SET ({})", set.join(", "))));
    }
    match (is_unlogged(from), is_unlogged(to)) {
        (false, true) => changes.push(Change { clause: "SET UNLOGGED".to_owned(), rewrites: true }),
        (true, false) => changes.push(Change { clause: "SET LOGGED".to_owned(), rewrites: true }),
        (true, true) | (false, false) => {}
    }
    changes
}

fn row_security(from: &TableSettings, to: &TableSettings) -> Vec<Change> {
    let switches = [
        (ROW_SECURITY, "ENABLE ROW LEVEL SECURITY", "DISABLE ROW LEVEL SECURITY"),
        (FORCED_ROW_SECURITY, "FORCE ROW LEVEL SECURITY", "NO FORCE ROW LEVEL SECURITY"),
    ];
    switches
        .into_iter()
        .filter(|(switch, ..)| is_on(from, switch) != is_on(to, switch))
        .map(|(switch, on, off)| Change {
            clause: if is_on(to, switch) { on } else { off }.to_owned(),
            rewrites: false,
        })
        .collect()
}
