//! The rows of the catalog as objects that were read: every constraint has a name, and every foreign key its columns.

use std::collections::{BTreeMap, HashMap};

use super::{enumeration, naming};
use crate::dialect::CatalogRow;
use crate::dialect::sqlite::definition::{Definition, Rule};
use crate::dialect::sqlite::normal::same_name;
use crate::dialect::sqlite::written::{self, WrittenIndex};
use crate::parallel;

/// With fewer objects for each of them, another thread costs more than it brings.
const OBJECTS_PER_THREAD_MIN: usize = 200;

/// All objects of a database, by type and name.
#[derive(Debug)]
pub(in crate::dialect::sqlite) struct Listing {
    pub objects: Vec<Object>,
    /// The enums that checks list the values of, as the tool writes them.
    pub enums: BTreeMap<String, Vec<Box<str>>>,
}

/// An object of a database.
#[derive(Debug)]
pub(in crate::dialect::sqlite) struct Object {
    pub name: String,
    /// `table`, `index`, `view` or `trigger`.
    pub kind: String,
    /// The table that it is, or is of.
    pub table: String,
    /// The statement that creates it.
    pub sql: String,
    pub content: Content,
}

/// What of a statement was understood.
#[derive(Debug)]
pub(in crate::dialect::sqlite) enum Content {
    /// Without its indexes. Constraints have names, and a key column that is never NULL says so.
    Table(Definition),
    Index(WrittenIndex),
    Other,
}

impl Listing {
    /// Reads the rows of the query.
    pub(in crate::dialect::sqlite) fn new(rows: &[CatalogRow]) -> Self {
        let mut objects = parallel::each(rows, OBJECTS_PER_THREAD_MIN, Object::new);
        complete_references(&mut objects);
        let enums = enumeration::find(&mut objects);
        naming::name_constraints(&mut objects, &enums);
        Self { objects, enums }
    }
}

impl Object {
    fn new(row: &CatalogRow) -> Self {
        let cell = |at: usize| row.get(at).cloned().flatten().unwrap_or_default();
        let (name, kind, table, sql) = (cell(0), cell(1), cell(2), cell(3));
        let content = match kind.as_str() {
            "table" => written::table(&sql).map(Content::Table),
            "index" => written::index(&sql).map(Content::Index),
            _ => None,
        };
        Self { name, kind, table, sql, content: content.unwrap_or(Content::Other) }
    }

    /// The definition, if it is a table that was understood.
    pub(in crate::dialect::sqlite) fn definition(&self) -> Option<&Definition> {
        match &self.content {
            Content::Table(table) => Some(table),
            Content::Index(_) | Content::Other => None,
        }
    }

    pub(super) fn definition_mut(&mut self) -> Option<&mut Definition> {
        match &mut self.content {
            Content::Table(table) => Some(table),
            Content::Index(_) | Content::Other => None,
        }
    }
}

/// What a foreign key can refer to.
struct Target {
    name: String,
    columns: Vec<String>,
    key: Vec<String>,
}

/// Gives each foreign key the columns that it refers to, and its names as they are declared: it may leave the columns
/// of a primary key out, and write names in any case.
fn complete_references(objects: &mut [Object]) {
    let targets: HashMap<String, Target> = objects
        .iter()
        .filter_map(|object| {
            let table = object.definition()?;
            let columns = table.columns.iter().map(|column| column.name.clone()).collect();
            let target = Target {
                name: object.name.clone(),
                columns,
                key: table.key().iter().map(|column| column.name.clone()).collect(),
            };
            Some((object.name.to_ascii_lowercase(), target))
        })
        .collect();
    let constraints = objects.iter_mut().filter_map(Object::definition_mut);
    for constraint in constraints.flat_map(|table| &mut table.constraints) {
        let Rule::ForeignKey(reference) = &mut constraint.rule else { continue };
        let Some(target) = targets.get(&reference.table.to_ascii_lowercase()) else { continue };
        reference.table.clone_from(&target.name);
        if reference.references.is_empty() {
            reference.references.clone_from(&target.key);
        }
        for name in &mut reference.references {
            if let Some(column) = target.columns.iter().find(|column| same_name(column, name)) {
                name.clone_from(column);
            }
        }
    }
}
