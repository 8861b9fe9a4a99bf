//! The canonical text of a state: objects by kind and name, one spelling for everything, derived names left out. The
//! hash of a state is over these bytes, so a change here is a new version of the format.

use std::collections::HashMap;

use super::data::write_data;
use super::object::{write_enum_in, write_object_in, write_view_in};
use super::reading::Scope;
use super::table::{ColumnOrder, Style, write_in};
use crate::document::write::{Literal, Writer};
use crate::model::{DataSet, EnumType, Named, Namespace, RawObject, State, Table, View};
use crate::name::{Name, ObjectName};

/// Writes a state in canonical form: `parse` reads the same state from it, and two equal states give the same bytes.
#[must_use]
pub fn print(state: &State) -> String {
    write(state, ColumnOrder::Name, None)
}

/// The same with the columns of each table in the order in which a new one gets them, which makes no other state: for
/// texts that are read back, and not hashed.
#[must_use]
pub fn print_in_order(state: &State) -> String {
    write(state, ColumnOrder::Declared, None)
}

/// Prints states of which each is much like the one before: a table is written again only when it has changed.
#[derive(Debug, Default)]
pub struct Printer(HashMap<Name, (Table, String)>);

impl Printer {
    /// The same text as that of [`print`](fn@print).
    #[must_use]
    pub fn print(&mut self, state: &State) -> String {
        write(state, ColumnOrder::Name, Some(self))
    }

    /// The text of a table in the default namespace.
    fn table(&mut self, table: &Table) -> &str {
        let write = || {
            let mut w = Writer::new();
            write_in(&mut w, "table", table, Style::canonical(None));
            (table.clone(), w.finish())
        };
        let (known, text) = self.0.entry(table.name.name.clone()).or_insert_with(write);
        if known != table {
            (*known, *text) = write();
        }
        text
    }
}

fn write(state: &State, order: ColumnOrder, printer: Option<&mut Printer>) -> String {
    let State { namespaces, enums, tables, views, objects, data } = state;
    let sorted = Sorted {
        enums: enums.sorted(),
        tables: tables.sorted(),
        views: views.sorted(),
        objects: objects.sorted(),
        data: data.sorted(),
        order,
    };
    let mut w = Writer::new();
    let mut first = true;
    sorted.write(&mut w, None, &mut first, printer);
    for Namespace { name, comment } in namespaces.sorted() {
        separate(&mut w, &mut first);
        let mut line = w.node("schema");
        line.arg(name).prop_if("comment", comment.as_deref().map(Literal::quoted));
        line.children(|w| sorted.write(w, Some(name), &mut true, None));
    }
    w.finish()
}

/// The objects of a state, by name; the default namespace comes first.
struct Sorted<'s> {
    enums: Vec<&'s EnumType>,
    tables: Vec<&'s Table>,
    views: Vec<&'s View>,
    objects: Vec<&'s RawObject>,
    data: Vec<&'s DataSet>,
    /// That of a table's columns.
    order: ColumnOrder,
}

impl Sorted<'_> {
    /// Writes the objects of one namespace.
    fn write(
        &self,
        w: &mut Writer,
        namespace: Option<&Name>,
        first: &mut bool,
        mut printer: Option<&mut Printer>,
    ) {
        let scope = Scope::In(namespace);
        for item in within(&self.enums, namespace) {
            separate(w, first);
            write_enum_in(w, "enum", item, scope);
        }
        for item in within(&self.tables, namespace) {
            separate(w, first);
            match &mut printer {
                Some(printer) => w.finished(printer.table(item)),
                None => {
                    let style = Style { order: self.order, ..Style::canonical(namespace) };
                    write_in(w, "table", item, style);
                }
            }
        }
        for item in within(&self.views, namespace) {
            separate(w, first);
            write_view_in(w, "view", item, scope);
        }
        for item in within(&self.objects, namespace) {
            separate(w, first);
            write_object_in(w, "object", item, scope);
        }
        for item in within(&self.data, namespace) {
            separate(w, first);
            write_data(w, item, scope);
        }
    }
}

/// Puts an empty line between objects.
fn separate(w: &mut Writer, first: &mut bool) {
    if !std::mem::take(first) {
        w.blank();
    }
}

/// The part of a sorted list that is in a namespace.
fn within<'l, 's, T: Named<Key = ObjectName>>(items: &'l [&'s T], namespace: Option<&Name>) -> &'l [&'s T] {
    let start = items.partition_point(|item| item.key().namespace.as_ref() < namespace);
    let end = items.partition_point(|item| item.key().namespace.as_ref() <= namespace);
    &items[start..end]
}
