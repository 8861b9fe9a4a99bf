//! Names: how long they are, and which of them have to be different.

use std::fmt;

use foldhash::{HashMap, HashMapExt};

use super::{Findings, member};
use crate::model::errors::{E201, E213};
use crate::model::{Member, Place, Table};
use crate::name::{DERIVED_BYTES_MAX, Name, ObjectName};

/// What the databases of a project ask of names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Naming {
    /// What every database takes: at most 63 bytes, and the keys and indexes of a namespace share one set of names with
    /// its tables.
    #[default]
    Common,
    /// At most 64 characters, and each table has a set of names for its keys and indexes, and others for its foreign keys
    /// and its checks.
    PerTable,
}

/// The longest name where each table has its own.
const CHARACTERS_MAX: usize = 64;

impl Naming {
    /// Why a name is too long; `None` if it isn't.
    fn too_long(self, name: &Name) -> Option<String> {
        let name = name.as_str();
        match self {
            Self::Common if name.len() > DERIVED_BYTES_MAX => Some(format!(
                "the name `{name}` has {} bytes, and {DERIVED_BYTES_MAX} are possible",
                name.len()
            )),
            // As many bytes are more characters never.
            Self::PerTable if name.len() > CHARACTERS_MAX && name.chars().count() > CHARACTERS_MAX => {
                Some(format!(
                    "the name `{name}` has {} characters, and {CHARACTERS_MAX} are possible",
                    name.chars().count()
                ))
            }
            Self::Common | Self::PerTable => None,
        }
    }
}

/// Checks all names of a state.
pub(super) fn check(naming: Naming, findings: &mut Findings<'_>) {
    let state = findings.state;
    for name in state.namespaces.keys() {
        length(naming, name, &Place::Namespace(name.clone()), findings);
    }
    for item in &state.enums {
        length(naming, &item.name.name, &Place::Enum(item.name.clone()), findings);
    }
    for item in &state.views {
        length(naming, &item.name.name, &Place::View(item.name.clone()), findings);
    }
    for table in &state.tables {
        length(naming, &table.name.name, &Place::Table(table.name.clone()), findings);
        for (of, name) in members(table) {
            if name.as_str().len() > DERIVED_BYTES_MAX {
                length(naming, name, &member(table, of, name), findings);
            }
        }
        match naming {
            Naming::Common => within_table(table, findings),
            Naming::PerTable => among_indexes(table, findings),
        }
    }
    within_namespaces(naming, findings);
}

fn length(naming: Naming, name: &Name, place: &Place, findings: &mut Findings<'_>) {
    if let Some(message) = naming.too_long(name) {
        findings.report(&E201, place.clone(), Some(name.as_str()), message, "shorten the name");
    }
}

fn members(table: &Table) -> impl Iterator<Item = (Member, &Name)> {
    let columns = table.columns.keys().map(|name| (Member::Column, name));
    columns.chain(relations(table)).chain(constraints(table))
}

/// What has a name among the tables and views of a namespace.
fn relations(table: &Table) -> impl Iterator<Item = (Member, &Name)> {
    let key = table.primary_key.iter().map(|key| (Member::PrimaryKey, &key.name));
    let uniques = table.uniques.keys().map(|name| (Member::Unique, name));
    key.chain(uniques).chain(table.indexes.keys().map(|name| (Member::Index, name)))
}

/// What has a name among the constraints of its table alone.
fn constraints(table: &Table) -> impl Iterator<Item = (Member, &Name)> {
    let keys = table.foreign_keys.keys().map(|name| (Member::ForeignKey, name));
    keys.chain(table.checks.keys().map(|name| (Member::Check, name)))
}

fn within_table(table: &Table, findings: &mut Findings<'_>) {
    let mut seen: HashMap<&Name, Member> = HashMap::new();
    let indexes = |of: &Member| *of != Member::Index;
    for (of, name) in relations(table).filter(|(of, _)| indexes(of)).chain(constraints(table)) {
        if let Some(other) = seen.insert(name, of).filter(|other| *other != of) {
            // Relations are compared below, in the whole namespace.
            if matches!(of, Member::ForeignKey | Member::Check) {
                let message =
                    format!("`{}` has a {} and a {} named `{name}`", table.name, other.word(), of.word());
                let help = "give one of them another name";
                findings.report(&E213, member(table, of, name), Some(name.as_str()), message, help);
            }
        }
    }
}

/// Keys and indexes of one table that have the same name.
fn among_indexes(table: &Table, findings: &mut Findings<'_>) {
    let mut seen: HashMap<&Name, Member> = HashMap::new();
    for (of, name) in relations(table) {
        if let Some(other) = seen.insert(name, of) {
            let message =
                format!("`{}` has a {} and a {} named `{name}`", table.name, other.word(), of.word());
            let help = "give one of them another name";
            findings.report(&E213, member(table, of, name), Some(name.as_str()), message, help);
        }
    }
}

fn within_namespaces(naming: Naming, findings: &mut Findings<'_>) {
    let state = findings.state;
    let mut seen: HashMap<(Option<&Name>, &Name), Taken<'_>> = HashMap::new();
    for item in state.tables.keys() {
        seen.insert(key(item), Taken::Whole("table", item));
    }
    for (name, what, place) in state
        .enums
        .keys()
        .map(|name| (name, "enum", Place::Enum(name.clone())))
        .chain(state.views.keys().map(|name| (name, "view", Place::View(name.clone()))))
    {
        if let Some(other) = seen.insert(key(name), Taken::Whole(what, name)) {
            let message = format!("the name `{name}` is taken by {other}");
            findings.report(&E213, place, Some(name.name.as_str()), message, "give one of them another name");
        }
    }
    if naming == Naming::PerTable {
        return;
    }
    for table in &state.tables {
        for (of, name) in relations(table) {
            let Some(other) = seen.get(&(table.name.namespace.as_ref(), name)) else {
                seen.insert((table.name.namespace.as_ref(), name), Taken::Part(of, &table.name));
                continue;
            };
            let message = format!("the name `{name}` is taken by {other}");
            let help = "give one of them another name";
            findings.report(&E213, member(table, of, name), Some(name.as_str()), message, help);
        }
    }
}

/// What has a name already.
enum Taken<'s> {
    Whole(&'static str, &'s ObjectName),
    Part(Member, &'s ObjectName),
}

impl fmt::Display for Taken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(kind, name) => write!(f, "the {kind} `{name}`"),
            Self::Part(member, table) => write!(f, "the {} of `{table}`", member.word()),
        }
    }
}

fn key(name: &ObjectName) -> (Option<&Name>, &Name) {
    (name.namespace.as_ref(), &name.name)
}
