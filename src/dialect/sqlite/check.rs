//! What of a state SQLite can't have, all of it at once.

use std::collections::HashMap;

use super::definition::define;
use super::errors::{E511, E517, E518};
use super::normal::RULES;
use crate::diagnostic::Diagnostic;
use crate::model::{State, Table};
use crate::name::ObjectName;
use crate::sql::split;

pub(super) fn check(state: &State) -> Vec<Diagnostic> {
    let State { namespaces, enums, tables, views, objects, data: _ } = state;
    let mut problems = Vec::new();
    for namespace in namespaces {
        let message = format!("`{}` is a namespace, and SQLite has none", namespace.name);
        problems.push(
            Diagnostic::error(&E511, message)
                .help("leave it out, or take `sqlite` out of the project's `dialects`"),
        );
    }
    let elsewhere = enums.keys().chain(views.keys()).chain(objects.keys());
    for name in elsewhere.filter(|name| name.namespace.is_some()) {
        let message = format!("`{name}` is in a namespace, and SQLite has none");
        problems.push(Diagnostic::error(&E511, message).help("move it out of its `schema` node"));
    }
    for table in tables {
        define(table, enums, &mut problems);
        check_columns(table, &mut problems);
    }
    check_names(state, &mut problems);
    for object in objects {
        for text in [&object.create, &object.drop] {
            if let Err(error) = split(&text.common, &RULES) {
                let message = format!("the SQL of object `{}` is not complete: {error}", object.name);
                problems.push(Diagnostic::error(&E518, message).help("close what is left open in it"));
            }
        }
    }
    problems
}

fn check_columns(table: &Table, problems: &mut Vec<Diagnostic>) {
    let mut seen = HashMap::new();
    for column in table.columns.keys() {
        if let Some(other) = seen.insert(column.as_str().to_ascii_lowercase(), column) {
            let message = format!("columns `{other}` and `{column}` of `{}` have one name", table.name);
            problems.push(Diagnostic::error(&E517, message).help(format!("rename `{column}`")));
        }
    }
}

/// Tables, views and indexes share one set of names.
fn check_names(state: &State, problems: &mut Vec<Diagnostic>) {
    fn part(name: &ObjectName) -> &str {
        name.name.as_str()
    }
    let tables = state.tables.keys().map(|name| ("table", part(name)));
    let views = state.views.keys().map(|name| ("view", part(name)));
    let indexes = state.tables.iter().flat_map(|table| table.indexes.keys());
    let indexes = indexes.map(|name| ("index", name.as_str()));
    let mut seen = HashMap::new();
    for (kind, name) in tables.chain(views).chain(indexes) {
        let folded = name.to_ascii_lowercase();
        if folded.starts_with("sqlite_") {
            let message = format!("{kind} `{name}` has a name that SQLite keeps for itself");
            problems.push(Diagnostic::error(&E517, message).help("choose a name without `sqlite_` in front"));
        }
        if let Some((other_kind, other)) = seen.insert(folded, (kind, name)) {
            let message = format!("{kind} `{name}` has the name of {other_kind} `{other}`");
            problems.push(Diagnostic::error(&E517, message).help(format!("give the {kind} another name")));
        }
    }
}
