//! What is kept as raw SQL: whatever has no node of its own, with the statements that create and drop it. The queries
//! give these statements; what is done here is to name the objects and to say what each rests on.

mod body;
mod dependencies;
mod names;

use std::collections::{BTreeSet, HashMap};

use super::build::{Build, Draft};
use crate::diagnostic::Diagnostic;
use crate::dialect::cells::Cells;
use crate::dialect::postgres::catalog::OBJECTS;
use crate::dialect::postgres::inspect::cells_of;
use crate::dialect::{CatalogRows, Inspection};
use crate::model::{RawObject, SqlText};
use crate::name::{Name, ObjectName};

use dependencies::Dependencies;

/// Every kind of object that is read whole, and what the catalog's dependencies call it.
const KINDS: [(&str, &str); 40] = [
    ("access method", "access method"),
    ("aggregate", "function"),
    ("base type", "type"),
    ("cast", "cast"),
    ("child table", "relation"),
    ("collation", "collation"),
    ("composite type", "type"),
    ("conversion", "conversion"),
    ("domain", "type"),
    ("event trigger", "event trigger"),
    ("extension", "extension"),
    ("foreign data wrapper", "foreign data wrapper"),
    ("foreign key", "foreign key"),
    ("foreign table", "relation"),
    ("function", "function"),
    ("language", "language"),
    ("materialized view", "relation"),
    ("operator", "operator"),
    ("operator class", "operator class"),
    ("operator family", "operator family"),
    ("partition", "relation"),
    ("partitioned table", "relation"),
    ("policy", "policy"),
    ("procedure", "function"),
    ("range type", "type"),
    ("rule", "rule"),
    ("sequence", "relation"),
    ("sequence owner", "sequence owner"),
    ("server", "server"),
    ("statistics", "statistics"),
    ("text search configuration", "text search configuration"),
    ("text search dictionary", "text search dictionary"),
    ("text search parser", "text search parser"),
    ("text search template", "text search template"),
    ("transform", "transform"),
    ("trigger", "trigger"),
    ("trigger state", "trigger"),
    ("typed table", "relation"),
    ("user mapping", "user mapping"),
    ("window function", "function"),
];

/// A row of a query of objects.
struct Listed<'a> {
    kind: &'a str,
    namespace: Option<Name>,
    name: Name,
    /// The name together with what tells it from others of that name, where there can be others.
    overloaded: Option<Name>,
    key: String,
    create: &'a str,
    drop: &'a str,
    /// Why it can't be created by its SQL, if so.
    reason: Option<&'a str>,
}

/// Reads what the schema language has no node for.
pub(super) fn read(rows: &CatalogRows, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    let mut listed: Vec<Listed<'_>> = Vec::new();
    for cells in OBJECTS.iter().flat_map(|kind| cells_of(rows, kind)) {
        let item = one(cells, build)?;
        if !follows(&item, cells, build)? {
            listed.push(item);
        }
    }
    let mut namesakes: HashMap<(&str, Option<&Name>, &Name), usize> = HashMap::new();
    for Listed { kind, namespace, name, overloaded, .. } in &listed {
        if overloaded.is_some() {
            *namesakes.entry((class(kind).unwrap_or(kind), namespace.as_ref(), name)).or_default() += 1;
        }
    }
    for item in &listed {
        let Listed { kind, namespace, name, overloaded, key, create, drop, reason } = item;
        let is_alone = namesakes
            .get(&(class(kind).unwrap_or(kind), namespace.as_ref(), name))
            .is_none_or(|count| *count == 1);
        let own = if is_alone { name } else { overloaded.as_ref().unwrap_or(name) };
        let name = ObjectName { namespace: namespace.clone(), name: own.clone() };
        match (reason, KINDS.iter().find(|(known, _)| known == kind)) {
            (None, Some((kind, _))) => build.drafts.push(Draft {
                kind,
                name,
                key: key.clone(),
                create: (*create).to_owned(),
                drop: (*drop).to_owned(),
                needs: Vec::new(),
            }),
            (reason, _) => {
                build.strangers.insert(key.clone(), build.inspection.unmanaged.len());
                build.unmanaged(kind, &name.to_string(), create, reason.unwrap_or("is of an unknown kind"));
            }
        }
    }
    Ok(())
}

/// Whether an object follows from a column: the sequence that `serial` makes, and that it belongs there, which comes
/// behind it.
fn follows(item: &Listed<'_>, cells: Cells<'_>, build: &mut Build<'_>) -> Result<bool, Diagnostic> {
    let sequence = dependencies::key("relation", cells.text(0)?);
    if item.kind == "sequence" {
        let own = (cells.text(2)?.to_owned(), cells.text(3)?.to_owned());
        let table = build.serials.get(&own).cloned();
        build.follows.extend(table.map(|table| (sequence.clone(), table)));
    }
    Ok(["sequence", "sequence owner"].contains(&item.kind) && build.follows.contains_key(&sequence))
}

fn one<'a>(cells: Cells<'a>, build: &Build<'_>) -> Result<Listed<'a>, Diagnostic> {
    let kind = cells.text(1)?;
    let namespace = if cells.optional(2)?.is_some() { build.namespace(cells.name(2)?) } else { None };
    let overloaded = if cells.optional(4)?.is_some() { Some(cells.name(4)?) } else { None };
    Ok(Listed {
        kind,
        namespace,
        name: cells.name(3)?,
        overloaded,
        key: dependencies::key(class(kind).unwrap_or(kind), cells.text(0)?),
        create: cells.text(5)?,
        drop: cells.text(6)?,
        reason: cells.optional(7)?,
    })
}

/// What dependencies call a kind of object.
fn class(kind: &str) -> Option<&'static str> {
    KINDS.iter().find(|(known, _)| *known == kind).map(|(_, class)| *class)
}

/// How many of those that need something are named.
const NEEDING_MAX: usize = 3;

/// Who can't be made without something.
fn needing(names: &BTreeSet<ObjectName>) -> String {
    let mut named: Vec<String> = names.iter().take(NEEDING_MAX).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(NEEDING_MAX);
    named.extend((more > 0).then(|| format!("{more} more")));
    let verb = if names.len() == 1 { "needs" } else { "need" };
    format!("{} {verb} it, and can't be made where it isn't", named.join(", "))
}

/// Gives the raw objects their names and what they rest on, and ends the inspection.
pub(super) fn finish(rows: &CatalogRows, mut build: Build<'_>) -> Result<Inspection, Diagnostic> {
    let drafts = names::settle(std::mem::take(&mut build.drafts), &build.inspection.state);
    let dependencies = Dependencies::read(rows, &drafts, &build)?;
    let mut inspection = build.inspection;
    for (at, names) in dependencies.of_strangers() {
        if let Some(item) = inspection.unmanaged.get_mut(at) {
            item.reason = format!("{}; {}", item.reason, needing(&names)).into();
        }
    }
    dependencies.declare(&mut inspection.state);
    for Draft { kind: _, name, key: _, create, drop, needs: _ } in drafts {
        inspection.state.objects.replace(RawObject {
            depends_on: dependencies.of(&name).into_iter().collect(),
            name,
            only: None,
            create: SqlText::from(create.as_str()),
            drop: SqlText::from(drop.as_str()),
        });
    }
    Ok(inspection)
}
