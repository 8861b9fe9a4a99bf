//! What exists through a thing and what it rests on, part by part.

use super::resource::Resource;
use crate::model::{Column, Deferrable, ForeignKey, Index, KeyPart, PrimaryKey, Table, Type, Unique, Value};
use crate::name::{Name, ObjectName};

/// What exists through one version of a thing, and what that version rests on.
#[derive(Debug, Clone, Default)]
pub(super) struct Uses {
    pub(super) makes: Vec<Resource>,
    pub(super) needs: Vec<Resource>,
}

impl Uses {
    pub(super) fn of(resource: Resource) -> Self {
        Self { makes: vec![resource], needs: Vec::new() }
    }

    pub(super) fn and(mut self, needs: Vec<Resource>) -> Self {
        self.needs.extend(needs);
        self
    }

    /// A table, view or enum, which have their names in common with each other and with indexes.
    pub(super) fn object(name: &ObjectName) -> Self {
        let slot = Resource::Slot(name.namespace.clone(), name.name.clone());
        Self { makes: vec![Resource::Object(name.clone()), slot], needs: Vec::new() }
    }

    /// A foreign key or check, whose name others in its table don't have, nor on MySQL others in its database.
    pub(super) fn constraint(table: &ObjectName, name: &Name) -> Self {
        let everywhere = Resource::Constraint(table.namespace.clone(), name.clone());
        let slot = Resource::Slot(Some(table.name.clone()), name.clone());
        Self { makes: vec![slot, everywhere], needs: Vec::new() }.on(table)
    }

    pub(super) fn on(mut self, table: &ObjectName) -> Self {
        self.needs.push(Resource::Object(table.clone()));
        self
    }

    pub(super) fn in_namespace(mut self, name: &ObjectName) -> Self {
        self.needs.extend(name.namespace.clone().map(Resource::Namespace));
        self
    }

    pub(super) fn columns(mut self, table: &ObjectName, columns: &[Name]) -> Self {
        self.needs.extend(columns.iter().map(|column| Resource::Column(table.clone(), column.clone())));
        self
    }
}

/// Unique columns, whatever their order and in it.
fn keys(table: &ObjectName, columns: &[Name]) -> Vec<Resource> {
    let mut keys = vec![Resource::Key(table.clone(), sorted(columns))];
    if columns.len() > 1 {
        keys.push(Resource::OrderedKey(table.clone(), columns.to_vec()));
    }
    keys
}

pub(super) fn sorted(columns: &[Name]) -> Vec<Name> {
    let mut columns = columns.to_vec();
    columns.sort();
    columns
}

/// A table with all that belongs to it. What it holds itself is not needed from elsewhere.
pub(super) fn whole(item: &Table) -> Uses {
    let name = &item.name;
    let mut parts: Vec<Uses> = item.columns.iter().map(|part| column(name, part)).collect();
    parts.extend(item.primary_key.iter().map(|part| primary_key(name, part)));
    parts.extend(item.uniques.iter().map(|part| unique(name, part)));
    parts.extend(item.indexes.iter().map(|part| index(name, part)));
    parts.extend(item.foreign_keys.iter().map(|part| foreign_key(name, part)));
    parts.extend(item.checks.iter().map(|part| Uses::constraint(name, &part.name)));
    let mut uses = Uses::object(name).in_namespace(name);
    for part in parts {
        uses.makes.extend(part.makes);
        uses.needs.extend(part.needs.into_iter().filter(|resource| match resource {
            Resource::Object(of)
            | Resource::Column(of, _)
            | Resource::Shape(of, _)
            | Resource::Filled(of, _)
            | Resource::Key(of, _)
            | Resource::OrderedKey(of, _) => of != name,
            _ => true,
        }));
    }
    uses
}

pub(super) fn column(table: &ObjectName, item: &Column) -> Uses {
    let mut uses = Uses::of(Resource::Column(table.clone(), item.name.clone())).on(table);
    for of in item.ty.values().filter_map(Type::enum_name) {
        uses.needs.push(Resource::Object(of.clone()));
        for value in item.default.values().flatten() {
            if let Value::Text(text) = value {
                uses.needs.push(Resource::EnumValue(of.clone(), text.clone()));
            }
        }
    }
    uses
}

pub(super) fn primary_key(table: &ObjectName, item: &PrimaryKey) -> Uses {
    let mut uses = Uses::of(Resource::Slot(table.namespace.clone(), item.name.clone())).on(table);
    uses.needs.extend(item.columns.iter().map(|column| Resource::Filled(table.clone(), column.clone())));
    uses.makes.push(Resource::PrimaryKey(table.clone()));
    uses.makes.extend(keys(table, &item.columns));
    uses.columns(table, &item.columns)
}

pub(super) fn unique(table: &ObjectName, item: &Unique) -> Uses {
    let mut uses = Uses::of(Resource::Slot(table.namespace.clone(), item.name.clone())).on(table);
    // No foreign key can rest on one that is looked at later.
    if item.deferrable == Deferrable::No {
        uses.makes.extend(keys(table, &item.columns));
    }
    uses.columns(table, &item.columns)
}

pub(super) fn index(table: &ObjectName, item: &Index) -> Uses {
    let mut uses = Uses::of(Resource::Slot(table.namespace.clone(), item.name.clone())).on(table);
    let columns: Vec<Name> = item
        .keys
        .iter()
        .filter_map(|key| match &key.on {
            KeyPart::Column(name) => Some(name.clone()),
            KeyPart::Expression(_) => None,
        })
        .collect();
    if item.unique && columns.len() == item.keys.len() {
        uses.makes.extend(keys(table, &columns));
    }
    uses.columns(table, &columns).columns(table, &item.include)
}

pub(super) fn foreign_key(table: &ObjectName, item: &ForeignKey) -> Uses {
    let mut uses = Uses::constraint(table, &item.name);
    uses.needs.push(Resource::Object(item.table.clone()));
    uses.needs.extend(keys(&item.table, &item.references));
    if item.table != *table {
        uses.needs.push(Resource::Rows(item.table.clone()));
    }
    // A server compares the types of both sides.
    let own = item.columns.iter().map(|column| Resource::Shape(table.clone(), column.clone()));
    let others = item.references.iter().map(|column| Resource::Shape(item.table.clone(), column.clone()));
    uses.needs.extend(own.chain(others));
    uses.columns(table, &item.columns).columns(&item.table, &item.references)
}
