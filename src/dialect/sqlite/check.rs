//! What of a state SQLite can't have, all of it at once.

use foldhash::{HashMap, HashMapExt};

use super::definition::{Definition, define};
use super::errors::{E510, E511, E513, E515, E517, E518};
use super::normal::RULES;
use super::{NAME, types};
use crate::diagnostic::Diagnostic;
use crate::dialect::partial::part_options;
use crate::model::{State, Table, Type};
use crate::name::{DialectName, Name, ObjectName};
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
        let definition = define(table, enums, &mut problems);
        for (part, word) in part_options(table) {
            let message = format!("{part} has an option `{word}`, which SQLite doesn't know");
            problems.push(Diagnostic::error(&E513, message).help("remove it"));
        }
        check_columns(table, &mut problems);
        check_key(table, &definition, &mut problems);
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

/// SQLite takes any word for a type, and converts values by the letters in it. So a native type is taken for its own in
/// a project for SQLite alone; beside other databases it has to be a word that SQLite is known for.
pub(super) fn check_shared(state: &State) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let is_shared = |only: &Option<DialectName>| only.is_none();
    for table in state.tables.iter().filter(|table| is_shared(&table.settings.only)) {
        for column in table.columns.iter().filter(|column| is_shared(&column.only)) {
            let Type::Native(spelling) = &column.ty.common else { continue };
            if !column.ty.overrides.contains_key(&*NAME) && !types::is_own(spelling) {
                let reason = format!("has the type `{spelling}`, which SQLite does not know");
                problems.push(unknown_type(&table.name, &column.name, &column.ty.common, &reason));
            }
        }
    }
    problems
}

/// A column whose type SQLite doesn't have.
pub(super) fn unknown_type(table: &ObjectName, column: &Name, ty: &Type, reason: &str) -> Diagnostic {
    let hashes = if ty.to_string().contains('"') { "#" } else { "" };
    let help =
        format!("say what SQLite stores instead: `column {column} {hashes}\"{ty}\"{hashes} sqlite=text`");
    Diagnostic::error(&E510, format!("`{table}.{column}` {reason}")).help(help)
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

/// A key column that is never NULL whatever is said must not say otherwise.
fn check_key(table: &Table, definition: &Definition, problems: &mut Vec<Diagnostic>) {
    if !definition.has_filled_key() {
        return;
    }
    let key = table.primary_key.iter().flat_map(|key| &key.columns);
    for column in key.filter_map(|name| table.columns.get(name)).filter(|column| column.nullable) {
        let name = &column.name;
        let message = format!("`{}.{name}` is nullable and part of a primary key without NULL", table.name);
        problems.push(Diagnostic::error(&E515, message).help("remove `nullable`"));
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
