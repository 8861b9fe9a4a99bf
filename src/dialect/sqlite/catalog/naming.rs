//! Names for constraints: SQLite takes constraints without one, and the same name twice. Both get the name that the
//! schema language derives, so that a schema which was read can be created again, and is the same.

use std::collections::{BTreeMap, HashSet};

use super::enumeration::values_of;
use super::listing::Object;
use crate::dialect::sqlite::definition::{Definition, Rule};
use crate::model::{Collection, Column, Portable, Type};
use crate::name::{DERIVED_BYTES_MAX, Name, ObjectName};
use crate::syntax::derive;

/// Names all constraints. Those that list an enum's values keep theirs, which several can have.
pub(super) fn name_constraints(objects: &mut [Object], enums: &BTreeMap<String, Vec<Box<str>>>) {
    let names = objects.iter().filter(|object| object.kind != "trigger").map(|object| &object.name);
    let mut relations: HashSet<String> = names.chain(enums.keys()).cloned().collect();
    let mut tables: Vec<(ObjectName, &mut Definition, HashSet<String>)> = Vec::new();
    for object in objects {
        let Ok(name) = Name::new(&object.name) else { continue };
        let Some(table) = object.definition_mut() else { continue };
        let members = keep_names(table, &mut relations, enums);
        tables.push((ObjectName::unqualified(name), table, members));
    }
    for (name, table, mut members) in tables {
        derive_names(&name, table, &mut members, &mut relations);
    }
}

/// Whether the name has to be different from those of all tables and indexes, and not only within its table.
fn is_relation(rule: &Rule) -> bool {
    match rule {
        Rule::PrimaryKey(_) | Rule::Unique(_) => true,
        Rule::ForeignKey(_) | Rule::Check { .. } => false,
    }
}

/// Takes names away that can't stay, and gives those that are taken within the table.
fn keep_names(
    table: &mut Definition,
    relations: &mut HashSet<String>,
    enums: &BTreeMap<String, Vec<Box<str>>>,
) -> HashSet<String> {
    let mut members = HashSet::new();
    let lists =
        |constraint| values_of(constraint, table).is_some_and(|listed| enums.contains_key(&listed.of));
    let listing: Vec<bool> = table.constraints.iter().map(lists).collect();
    for (constraint, lists) in table.constraints.iter_mut().zip(listing) {
        if lists {
            members.insert(constraint.name.clone());
            continue;
        }
        let name = &constraint.name;
        let fits = !name.is_empty() && name.len() <= DERIVED_BYTES_MAX && !members.contains(name);
        let is_free = fits && (!is_relation(&constraint.rule) || relations.insert(name.clone()));
        if is_free {
            members.insert(name.clone());
        } else {
            constraint.name.clear();
        }
    }
    members
}

fn derive_names(
    name: &ObjectName,
    table: &mut Definition,
    members: &mut HashSet<String>,
    relations: &mut HashSet<String>,
) {
    let columns = columns(table);
    for constraint in table.constraints.iter_mut().filter(|constraint| constraint.name.is_empty()) {
        let names: Result<Vec<Name>, _> = match &constraint.rule {
            Rule::PrimaryKey(key) | Rule::Unique(key) => key.names().map(Name::new).collect(),
            Rule::ForeignKey(reference) => reference.columns.iter().map(Name::new).collect(),
            Rule::Check { .. } => Ok(Vec::new()),
        };
        // A column without a name is beyond words, and so is its table.
        let Ok(names) = names else { continue };
        let base = match &constraint.rule {
            Rule::PrimaryKey(_) => derive::primary_key(name),
            Rule::Unique(_) => derive::unique(name, &names),
            Rule::ForeignKey(_) => derive::foreign_key(name, &names),
            Rule::Check { expression } => derive::check(name, expression, &columns),
        };
        let own = is_relation(&constraint.rule);
        let is_free = |text: &str| !members.contains(text) && (!own || !relations.contains(text));
        let free = (0..).map(|number| base.name(number)).find(|name| is_free(name.as_str()));
        let Some(free) = free else { continue };
        constraint.name = free.to_string();
        members.insert(constraint.name.clone());
        if own {
            relations.insert(constraint.name.clone());
        }
    }
}

/// The columns by name: all that the name of a check depends on.
fn columns(table: &Definition) -> Collection<Column> {
    let is_unnamed_check =
        table.constraints.iter().any(|one| one.name.is_empty() && matches!(one.rule, Rule::Check { .. }));
    let names = table.columns.iter().filter(|_| is_unnamed_check);
    let columns = names.filter_map(|column| Name::new(&column.name).ok());
    columns.map(|name| Column::new(name, Type::Portable(Portable::Text))).collect()
}
