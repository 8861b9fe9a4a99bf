//! What of a state SQLite can't have, all of it at once.

use foldhash::{HashMap, HashMapExt};

use super::definition::{Conflict, Constraint, Definition, KeyColumn, Rule, define};
use super::errors::{E510, E511, E512, E515, E517, E518};
use super::normal::RULES;
use super::{NAME, reference, types};
use crate::diagnostic::Diagnostic;
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
        check_columns(table, &mut problems);
        check_filled(table, &definition, &mut problems);
        check_row_number(table, &definition, &mut problems);
        check_conflicts(&definition, &mut problems);
    }
    for (table, key) in reference::unfollowable(state) {
        let message = format!(
            "foreign key `{}` of `{}` refers to what is unique in another collation than its own",
            key.name, table.name
        );
        let help = format!("give `{}` a `unique` of these columns that says no `collate`", key.table);
        problems.push(Diagnostic::error(&E515, message).help(help));
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
fn check_filled(table: &Table, definition: &Definition, problems: &mut Vec<Diagnostic>) {
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

/// A key that is the table's row number is as that is: in order, and a number.
fn check_row_number(table: &Table, definition: &Definition, problems: &mut Vec<Diagnostic>) {
    let [key] = definition.key() else { return };
    let says_order = key.descending || key.collation.is_some();
    let is_numbered = table.columns.iter().any(|column| column.identity.is_some());
    if says_order && (is_numbered || definition.has_rowid_alias()) {
        let message = format!(
            "`{}.{}` is the number of the row, and its key says how to sort it",
            table.name, key.name
        );
        problems.push(
            Diagnostic::error(&E512, message).help("remove the options `order` and `collate` of the key"),
        );
    }
}

/// Two keys of the same columns are one to SQLite, so that they can't differ in what becomes of a row.
fn check_conflicts(definition: &Definition, problems: &mut Vec<Diagnostic>) {
    let mut seen: HashMap<&[KeyColumn], (&str, Conflict)> = HashMap::new();
    for Constraint { name, rule } in &definition.constraints {
        let (Rule::PrimaryKey(key) | Rule::Unique(key)) = rule else { continue };
        let Some(conflict) = key.conflict else { continue };
        let (other, known) = *seen.entry(&key.columns).or_insert((name, conflict));
        if known != conflict {
            let message = format!(
                "`{other}` and `{name}` of `{}` are one key and differ in `on-conflict`",
                definition.name
            );
            problems.push(Diagnostic::error(&E515, message).help(format!("drop `{name}`")));
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
