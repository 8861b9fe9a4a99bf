//! The text of a state as a person would write it: columns in their order, kinds in the order in which people read
//! them, marks only where something would be misunderstood. It reads as the same state; the hash is over another text.

use std::collections::{HashMap, HashSet};

use super::data::write_data;
use super::object::{write_enum_in, write_object_in, write_view_in};
use super::reading::Scope;
use super::table::{ColumnOrder, Style, write_in};
use super::types::Marks;
use crate::document::write::{Literal, Writer};
use crate::model::{DataSet, EnumType, Namespace, RawObject, State, Table, View};
use crate::name::{Name, ObjectName};

/// Kinds of raw objects that others rest on, in the order in which they are written: in front of everything else.
const BENEATH: [&str; 6] = ["extension", "collation", "type", "domain", "sequence", "foreign"];
/// The kinds behind tables and views, in their order; what is not known comes last.
const ABOVE: [&str; 9] =
    ["materialized", "function", "procedure", "aggregate", "operator", "index", "trigger", "rule", "policy"];

/// Writes a state for people: `parse` reads the same state from it, and `fmt` leaves it as it is.
#[must_use]
pub fn print_readable(state: &State) -> String {
    let pieces = Pieces::of(state);
    pieces.write(&(0..pieces.list.len()).collect::<Vec<_>>())
}

/// A state taken apart into what is declared at the top, in reading order.
pub(super) struct Pieces<'s> {
    pub(super) list: Vec<Piece<'s>>,
    enums: HashSet<ObjectName>,
}

/// One declaration.
pub(super) enum Piece<'s> {
    Namespace(&'s Namespace),
    Enum(&'s EnumType),
    Table(&'s Table),
    View(&'s View),
    Object(&'s RawObject),
    Data(&'s DataSet),
}

impl<'s> Piece<'s> {
    /// The namespace that it stands in; that of its own where it declares one.
    pub(super) fn namespace(&self) -> Option<&'s Name> {
        match self {
            Self::Namespace(namespace) => Some(&namespace.name),
            Self::Enum(item) => item.name.namespace.as_ref(),
            Self::Table(item) => item.name.namespace.as_ref(),
            Self::View(item) => item.name.namespace.as_ref(),
            Self::Object(item) => item.name.namespace.as_ref(),
            Self::Data(item) => item.name.namespace.as_ref(),
        }
    }
}

impl<'s> Pieces<'s> {
    pub(super) fn of(state: &'s State) -> Self {
        let State { namespaces, enums, tables, views, objects, data } = state;
        let mut parts: HashMap<&ObjectName, Vec<&RawObject>> = HashMap::new();
        let mut alone = Vec::new();
        let wholes = state.wholes();
        for object in objects.sorted() {
            match wholes.of(object).filter(|whole| whole.namespace == object.name.namespace) {
                Some(whole) => parts.entry(whole).or_default().push(object),
                None => alone.push(object),
            }
        }
        // What is part of something stands right behind it.
        let mut behind =
            |name: &ObjectName| parts.remove(name).unwrap_or_default().into_iter().map(Piece::Object);
        let (beneath, above) = raw(alone);
        let mut list: Vec<Piece<'s>> = namespaces.sorted().into_iter().map(Piece::Namespace).collect();
        list.extend(beneath.into_iter().map(Piece::Object));
        list.extend(enums.sorted().into_iter().map(Piece::Enum));
        for table in tables.sorted() {
            list.push(Piece::Table(table));
            list.extend(behind(&table.name));
        }
        for view in views.sorted() {
            list.push(Piece::View(view));
            list.extend(behind(&view.name));
        }
        list.extend(above.into_iter().map(Piece::Object));
        list.extend(data.sorted().into_iter().map(Piece::Data));
        // Stable: within a namespace the order of kinds stays.
        list.sort_by(|a, b| a.namespace().cmp(&b.namespace()));
        Self { list, enums: enums.keys().cloned().collect() }
    }

    /// Whether a declaration says nothing but the name of a namespace that something else stands in.
    pub(super) fn is_said_elsewhere(&self, piece: &Piece<'s>) -> bool {
        let Piece::Namespace(Namespace { name, comment: None }) = piece else { return false };
        let inside =
            |other: &Piece<'s>| !matches!(other, Piece::Namespace(_)) && other.namespace() == Some(name);
        self.list.iter().any(inside)
    }

    /// Writes these pieces, which are in order, as one file.
    pub(super) fn write(&self, chosen: &[usize]) -> String {
        let mut w = Writer::new();
        let chosen: Vec<&Piece<'s>> = chosen.iter().filter_map(|at| self.list.get(*at)).collect();
        let mut first = true;
        for group in chosen.chunk_by(|a, b| a.namespace() == b.namespace()) {
            match group.first().and_then(|piece| piece.namespace()) {
                None => self.write_in(&mut w, None, group, &mut first),
                Some(name) => {
                    separate(&mut w, &mut first);
                    let comment = group.iter().find_map(|piece| match piece {
                        Piece::Namespace(namespace) => namespace.comment.as_deref(),
                        _ => None,
                    });
                    let mut line = w.node("schema");
                    line.arg(name).prop_if("comment", comment.map(Literal::quoted));
                    line.children(|w| self.write_in(w, Some(name), group, &mut true));
                }
            }
        }
        w.finish()
    }

    /// Writes one piece as it stands in its `schema` block.
    pub(super) fn write_bare(&self, at: usize) -> String {
        let mut w = Writer::new();
        if let Some(piece) = self.list.get(at) {
            self.write_in(&mut w, piece.namespace(), &[piece], &mut true);
        }
        w.finish()
    }

    fn write_in(&self, w: &mut Writer, namespace: Option<&Name>, group: &[&Piece<'s>], first: &mut bool) {
        let scope = Scope::In(namespace);
        let style = Style { order: ColumnOrder::Declared, scope, marks: Marks::WhereNeeded(&self.enums) };
        for piece in group {
            if !matches!(piece, Piece::Namespace(_)) {
                separate(w, first);
            }
            match piece {
                Piece::Namespace(_) => {}
                Piece::Enum(item) => write_enum_in(w, "enum", item, scope),
                Piece::Table(item) => write_in(w, "table", item, style),
                Piece::View(item) => write_view_in(w, "view", item, scope),
                Piece::Object(item) => write_object_in(w, "object", item, scope),
                Piece::Data(item) => write_data(w, item, scope),
            }
        }
    }
}

/// Raw objects by kind, then by name: those that go in front of tables, and those that go behind.
fn raw(objects: Vec<&RawObject>) -> (Vec<&RawObject>, Vec<&RawObject>) {
    let mut ranked: Vec<(usize, &RawObject)> = objects
        .into_iter()
        .map(|object| {
            let kind = object.kind().unwrap_or_default();
            let place = BENEATH.iter().chain(&ABOVE).position(|known| *known == kind);
            (place.unwrap_or(BENEATH.len() + ABOVE.len()), object)
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    let above = ranked.split_off(ranked.partition_point(|(rank, _)| *rank < BENEATH.len()));
    let plain = |(_, object)| object;
    (ranked.into_iter().map(plain).collect(), above.into_iter().map(plain).collect())
}

/// Puts an empty line between objects.
fn separate(w: &mut Writer, first: &mut bool) {
    if !std::mem::take(first) {
        w.blank();
    }
}
