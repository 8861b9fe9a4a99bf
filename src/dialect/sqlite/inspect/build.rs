//! One reading of a database: each object as what the exceptions let it be.

use std::collections::HashSet;

use super::raw::{self, RawNames, Relations};
use super::settle::Exceptions;
use super::table;
use crate::dialect::Inspection;
use crate::dialect::sqlite::catalog::{Content, Listing, Object};
use crate::dialect::sqlite::written::{self, WrittenIndex};
use crate::model::{EnumType, SqlText, View};
use crate::name::{Name, ObjectName};

/// Why something is left alone.
const UNNAMED: &str = "has a name that can't be written down";
const UNREADABLE: &str = "is kept as a text that is not one whole statement";
const TANGLED: &str = "needs what can't be there before it";

/// Reads the database.
pub(super) fn build(listing: &Listing, exceptions: &Exceptions) -> Inspection {
    let mut builder = Builder {
        listing,
        exceptions,
        inspection: Inspection::default(),
        raw: Vec::new(),
        views: Vec::new(),
    };
    builder.enums();
    // Tables before their indexes and views before triggers, so that a name goes to what is more of a relation.
    for kind in ["table", "view", "index", "trigger"] {
        listing.objects.iter().filter(|object| object.kind == kind).for_each(|object| builder.read(object));
    }
    builder.finish()
}

struct Builder<'a> {
    listing: &'a Listing,
    exceptions: &'a Exceptions,
    inspection: Inspection,
    /// What is to be a raw object.
    raw: Vec<&'a Object>,
    views: Vec<(&'a Object, ObjectName, &'a str)>,
}

impl<'a> Builder<'a> {
    fn enums(&mut self) {
        for (name, values) in &self.listing.enums {
            if let Ok(name) = Name::new(name) {
                let name = ObjectName::unqualified(name);
                self.inspection.state.enums.replace(EnumType { name, values: values.clone(), comment: None });
            }
        }
    }

    fn read(&mut self, object: &'a Object) {
        let Ok(name) = Name::new(&object.name).map(ObjectName::unqualified) else {
            self.inspection.unmanaged.push(raw::unmanaged(object, UNNAMED));
            return;
        };
        let understood = match &object.content {
            Content::Table(_) => self.table(object, &name),
            Content::Index(index) => self.index(object, &name.name, index),
            Content::Other if object.kind == "view" => self.view(object, &name),
            Content::Other => false,
        };
        if !understood {
            self.raw.push(object);
        }
    }

    fn table(&mut self, object: &Object, name: &ObjectName) -> bool {
        let Content::Table(definition) = &object.content else { return false };
        if self.exceptions.raw.contains(name) {
            return false;
        }
        let table = table::table(definition, self.listing, self.exceptions);
        table.is_some_and(|table| self.inspection.state.tables.insert(table).is_ok())
    }

    fn index(&mut self, object: &Object, name: &Name, index: &WrittenIndex) -> bool {
        let Ok(table) = Name::new(&object.table).map(ObjectName::unqualified) else { return false };
        let own = self.inspection.state.tables.get_mut(&table);
        let own = own.filter(|_| !self.exceptions.indexes.contains(name));
        own.is_some_and(|table| {
            table::index(&index.definition, table).is_some_and(|index| table.indexes.insert(index).is_ok())
        })
    }

    fn view(&mut self, object: &'a Object, name: &ObjectName) -> bool {
        let query = written::view(&object.sql).filter(|_| !self.exceptions.raw.contains(name));
        self.views.extend(query.map(|query| (object, name.clone(), query)));
        query.is_some()
    }

    /// Names the raw objects and says what rests on what.
    fn finish(self) -> Inspection {
        let Self { listing: _, exceptions, mut inspection, raw, views } = self;
        let state = &mut inspection.state;
        let named =
            state.tables.keys().chain(state.enums.keys()).chain(views.iter().map(|(_, name, _)| name));
        let taken: HashSet<String> = named.map(|name| name.name.to_string()).collect();
        let mut names = RawNames::new(taken);
        let raw: Vec<(&Object, ObjectName)> =
            raw.into_iter().filter_map(|object| Some((object, names.name(object)?))).collect();
        let raw_names: HashSet<&ObjectName> = raw.iter().map(|(_, name)| name).collect();
        let mut relations = Relations::default();
        let plain = state.tables.keys().chain(views.iter().map(|(_, name, _)| name));
        relations.0.extend(plain.map(|name| (name.name.as_str().to_ascii_lowercase(), name.clone())));
        let is_relation = |object: &Object| ["table", "view"].contains(&object.kind.as_str());
        let others = raw.iter().filter(|(object, _)| is_relation(object));
        relations.0.extend(others.map(|(object, name)| (object.name.to_ascii_lowercase(), name.clone())));
        for (object, name, query) in views {
            let words = raw::plain_words(query);
            let is_plain = |name: &ObjectName| words.contains(&name.name.as_str().to_lowercase());
            let mentioned = relations.mentioned(query, &object.name).into_iter();
            let depends_on =
                mentioned.filter(|other| !is_plain(other) || raw_names.contains(other)).collect();
            let query = SqlText::from(query);
            state.views.replace(View { name, only: None, query, depends_on, comment: None });
        }
        for (object, name) in raw.iter().map(|(object, name)| (*object, name.clone())) {
            let depends_on = match object.kind.as_str() {
                _ if exceptions.free.contains(&name) => Default::default(),
                // A foreign key can wait for its table, and what else a table rests on is no relation.
                "table" => Default::default(),
                "index" => relations.get(&object.table).cloned().into_iter().collect(),
                "trigger" => relations.mentioned(&object.sql, ""),
                _ => relations.mentioned(&object.sql, &object.name),
            };
            if exceptions.unmanaged.contains(&name) {
                inspection.unmanaged.push(raw::unmanaged(object, TANGLED));
                continue;
            }
            match raw::object(object, name, depends_on) {
                Some(item) => drop(state.objects.replace(item)),
                None => inspection.unmanaged.push(raw::unmanaged(object, UNREADABLE)),
            }
        }
        inspection.unmanaged.sort();
        inspection
    }
}
