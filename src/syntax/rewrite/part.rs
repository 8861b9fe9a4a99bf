//! The block of a table as lists of nodes: what stands in the file now, and what is to stand there. A constraint that is
//! written behind its column is part of the column's node.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::Span;
use crate::document::write::Writer;
use crate::model::{Check, Column, ForeignKey, Index, Member, Place, PrimaryKey, Table, Unique};
use crate::name::{Name, ObjectName};
use crate::syntax::column::{self, Shorthands};
use crate::syntax::places::Places;
use crate::syntax::table::Short;
use crate::syntax::types::Marks;
use crate::syntax::{derive, index, key};

/// What a node of a table's block declares.
#[derive(Clone, Copy)]
pub(super) enum Part<'t> {
    Column(&'t Column, Shorthands<'t>),
    PrimaryKey(&'t PrimaryKey),
    Unique(&'t Unique),
    ForeignKey(&'t ForeignKey),
    Check(&'t Check),
    Index(&'t Index),
}

/// The member that a part is, by kind and name; a table has one primary key, whatever its name.
pub(super) type Key<'t> = (Member, Option<&'t Name>);

impl<'t> Part<'t> {
    pub(super) fn key(self) -> Key<'t> {
        match self {
            Self::Column(item, _) => (Member::Column, Some(&item.name)),
            Self::PrimaryKey(_) => (Member::PrimaryKey, None),
            Self::Unique(item) => (Member::Unique, Some(&item.name)),
            Self::ForeignKey(item) => (Member::ForeignKey, Some(&item.name)),
            Self::Check(item) => (Member::Check, Some(&item.name)),
            Self::Index(item) => (Member::Index, Some(&item.name)),
        }
    }

    /// The word that its node begins with.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Column(..) => "column",
            Self::PrimaryKey(_) => "primary-key",
            Self::Unique(_) => "unique",
            Self::ForeignKey(_) => "foreign-key",
            Self::Check(_) => "check",
            Self::Index(_) => "index",
        }
    }

    /// Its node.
    pub(super) fn print(self, table: &Table, marks: Marks<'_>) -> String {
        let mut w = Writer::new();
        let name = &table.name;
        match self {
            Self::Column(item, short) => column::write_with(&mut w, item, short, marks),
            Self::PrimaryKey(item) => key::write_primary_key(&mut w, name, item),
            Self::Unique(item) => key::write_unique(&mut w, name, item),
            Self::ForeignKey(item) => key::write_foreign_key(&mut w, name, item),
            Self::Check(item) => {
                let derived = derive::check(name, &item.expression.common, &table.columns);
                key::write_check_named(&mut w, item, key::unless_derived(&item.name, &derived));
            }
            Self::Index(item) => index::write_index(&mut w, name, item),
        }
        w.finish()
    }
}

/// The members of a table but its columns.
fn constraints(table: &Table) -> impl Iterator<Item = (Part<'_>, Member, &Name)> {
    let Table { name: _, settings: _, columns: _, primary_key, uniques, foreign_keys, checks, indexes } =
        table;
    let key = primary_key.iter().map(|item| (Part::PrimaryKey(item), Member::PrimaryKey, &item.name));
    let uniques = uniques.iter().map(|item| (Part::Unique(item), Member::Unique, &item.name));
    let foreign_keys =
        foreign_keys.iter().map(|item| (Part::ForeignKey(item), Member::ForeignKey, &item.name));
    let checks = checks.iter().map(|item| (Part::Check(item), Member::Check, &item.name));
    let indexes = indexes.iter().map(|item| (Part::Index(item), Member::Index, &item.name));
    key.chain(uniques).chain(foreign_keys).chain(checks).chain(indexes)
}

/// The nodes that declare a table's members now, with their places.
pub(super) fn declared<'t>(table: &'t Table, places: &Places) -> Vec<(Part<'t>, Span)> {
    let of = |member, name: &Name| {
        let place = Place::Member(table.name.clone(), member, name.clone());
        places.get(&place).map(|spot| spot.whole)
    };
    let mut behind: HashMap<Span, Shorthands<'t>> = HashMap::new();
    let spans: HashSet<Span> =
        table.columns.iter().filter_map(|column| of(Member::Column, &column.name)).collect();
    let mut own = Vec::new();
    for (part, member, name) in constraints(table) {
        let Some(span) = of(member, name) else { continue };
        if !spans.contains(&span) {
            own.push((part, span));
            continue;
        }
        add(behind.entry(span).or_default(), part);
    }
    let columns = table.columns.iter().filter_map(|column| {
        let span = of(Member::Column, &column.name)?;
        Some((Part::Column(column, behind.get(&span).copied().unwrap_or_default()), span))
    });
    columns.chain(own).collect()
}

/// The nodes that are to declare a table's members. What has a node of its own among `now` keeps it; all else stands
/// behind its column where it can.
pub(super) fn wanted<'t>(table: &'t Table, now: &HashSet<Key<'_>>) -> Vec<Part<'t>> {
    let short = Short::of(table);
    let mut behind: HashMap<&Name, Shorthands<'t>> = HashMap::new();
    let mut own = Vec::new();
    for (part, _, _) in constraints(table) {
        let column = match part.columns() {
            [column] if !now.contains(&part.key()) => Some(column),
            _ => None,
        };
        let fits = |column: &&Name| {
            let shorthands = short.behind(column);
            match part {
                Part::PrimaryKey(_) => shorthands.primary_key,
                Part::Unique(item) => shorthands.unique && short.holds_unique(item),
                Part::ForeignKey(item) => shorthands.foreign_key.is_some() && short.holds_foreign_key(item),
                Part::Column(..) | Part::Check(_) | Part::Index(_) => false,
            }
        };
        match column.filter(fits) {
            Some(column) => add(behind.entry(column).or_default(), part),
            None => own.push(part),
        }
    }
    let columns = table.columns.iter();
    let columns =
        columns.map(|column| Part::Column(column, behind.get(&column.name).copied().unwrap_or_default()));
    columns.chain(own).collect()
}

impl<'t> Part<'t> {
    fn columns(self) -> &'t [Name] {
        match self {
            Self::PrimaryKey(item) => &item.columns,
            Self::Unique(item) => &item.columns,
            Self::ForeignKey(item) => &item.columns,
            Self::Column(..) | Self::Check(_) | Self::Index(_) => &[],
        }
    }
}

fn add<'t>(shorthands: &mut Shorthands<'t>, part: Part<'t>) {
    match part {
        Part::PrimaryKey(_) => shorthands.primary_key = true,
        Part::Unique(_) => shorthands.unique = true,
        Part::ForeignKey(key) => shorthands.foreign_key = Some(key),
        Part::Column(..) | Part::Check(_) | Part::Index(_) => {}
    }
}

/// Which tables take something from the node at a place: one, or all that use a template.
#[derive(Default)]
pub(super) struct Users(HashMap<Span, HashSet<ObjectName>>);

impl Users {
    pub(super) fn add(&mut self, table: &ObjectName, span: Span) {
        self.0.entry(span).or_default().insert(table.clone());
    }

    pub(super) fn count(&self, span: Span) -> usize {
        self.0.get(&span).map_or(0, HashSet::len)
    }
}
