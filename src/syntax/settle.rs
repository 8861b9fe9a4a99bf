//! From drafts to tables: derived names that collide are numbered, what is declared twice is reported. The outcome
//! doesn't depend on the order of declarations.

use foldhash::{HashMap, HashSet};

use super::derive::{self, Base, Derive};
use super::draft::Draft;
use super::errors::E107;
use super::places::Spot;
use super::reading::Reading;
use super::table::TableDraft;
use super::{index, key};
use crate::diagnostic::{Diagnostic, Span};
use crate::document::write::Writer;
use crate::model::{Collection, Column, Member, Named, Rename, Table};
use crate::name::{Name, ObjectName};

/// A table with what else its declaration says.
pub(super) struct Settled {
    pub(super) table: Table,
    pub(super) was: Option<ObjectName>,
    pub(super) spot: Spot,
    pub(super) members: Vec<(Member, Name, Spot)>,
    pub(super) renames: Vec<Rename>,
}

/// Makes the table. What is declared twice is reported and left out.
pub(super) fn settle(draft: TableDraft, cx: &Reading<'_>) -> Settled {
    let TableDraft {
        name,
        was,
        spot,
        settings,
        columns,
        primary_key,
        uniques,
        foreign_keys,
        checks,
        indexes,
    } = draft;
    let mut notes = Notes { table: name.clone(), members: Vec::new(), renames: Vec::new() };
    let mut table = Table::new(name);
    table.settings = settings;
    table.columns = notes.gather(columns, Member::Column, cx);
    table.primary_key = notes.gather(primary_key, Member::PrimaryKey, cx).into_iter().next();
    table.uniques = notes.gather(uniques, Member::Unique, cx);
    table.foreign_keys = notes.gather(foreign_keys, Member::ForeignKey, cx);
    table.checks = notes.gather(checks, Member::Check, cx);
    table.indexes = notes.gather(indexes, Member::Index, cx);
    let Notes { table: _, members, renames } = notes;
    Settled { table, was, spot, members, renames }
}

struct Notes {
    table: ObjectName,
    members: Vec<(Member, Name, Spot)>,
    renames: Vec<Rename>,
}

impl Notes {
    fn gather<T: Named<Key = Name>>(
        &mut self,
        drafts: impl IntoIterator<Item = Draft<T>, IntoIter: ExactSizeIterator>,
        member: Member,
        cx: &Reading<'_>,
    ) -> Collection<T> {
        let drafts = drafts.into_iter();
        let mut items = Collection::with_capacity(drafts.len());
        self.members.reserve(drafts.len());
        for Draft { item, written: _, was, spot } in drafts {
            let name = item.key().clone();
            if items.insert(item).is_err() {
                let first = self.members.iter().find(|(of, known, _)| *of == member && *known == name);
                let what = format!("the {} `{name}` of `{}`", member.word(), self.table);
                report_twice(cx, &what, spot.head, first.map(|(_, _, spot)| spot.head));
                continue;
            }
            if let Some(from) = was {
                self.renames.push(Rename::Member { of: self.table.clone(), member, from, to: name.clone() });
            }
            self.members.push((member, name, spot));
        }
        items
    }
}

/// Reports something that is declared twice.
pub(super) fn report_twice(cx: &Reading<'_>, what: &str, again: Span, first: Option<Span>) {
    let mut diagnostic =
        Diagnostic::error(&E107, format!("{what} is declared twice")).at(again, "again here");
    if let Some(first) = first {
        diagnostic = diagnostic.at(first, "first here");
    }
    cx.report(diagnostic.help("delete one of them, or give it another name"));
}

/// Tells derived names apart. Names of primary keys, unique constraints and indexes are unique in a namespace, also
/// among tables and `others`; those of foreign keys and checks are unique in a table.
pub(super) fn number(tables: &mut [TableDraft], others: &[ObjectName], cx: &Reading<'_>) {
    number_in(tables, others, Range::Namespace, cx);
    for at in 0..tables.len() {
        number_in(&mut tables[at..=at], &[], Range::Table, cx);
    }
}

/// Where a name has to be unique.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Range {
    Namespace,
    Table,
}

/// A thing in a table with the kind that says where to find it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    PrimaryKey,
    Unique(usize),
    ForeignKey(usize),
    Check(usize),
    Index(usize),
}

impl Slot {
    /// The kind, as people call it.
    fn word(self) -> &'static str {
        match self {
            Self::PrimaryKey => Member::PrimaryKey.word(),
            Self::Unique(_) => Member::Unique.word(),
            Self::ForeignKey(_) => Member::ForeignKey.word(),
            Self::Check(_) => Member::Check.word(),
            Self::Index(_) => Member::Index.word(),
        }
    }
}

fn number_in(tables: &mut [TableDraft], others: &[ObjectName], range: Range, cx: &Reading<'_>) {
    let shared = shared(tables, others, range);
    if shared.is_empty() {
        return;
    }
    // By name, table and content, so that it doesn't matter what was declared first.
    let mut queue: Vec<(ObjectName, ObjectName, String, usize, Slot)> = Vec::new();
    let mut taken: HashSet<ObjectName> = others.iter().cloned().collect();
    for (at, table) in tables.iter().enumerate() {
        taken.insert(table.name.clone());
        for (slot, name, written) in table.slots(range) {
            let name = table.name.sibling(name.clone());
            if !written && shared.contains(&name) {
                queue.push((name, table.name.clone(), table.content(slot), at, slot));
            } else {
                taken.insert(name);
            }
        }
    }
    queue.sort();
    for pair in queue.windows(2) {
        let [(.., first_content, first_at, first), (.., content, at, slot)] = pair else { continue };
        if (first_content, first_at) == (content, at) {
            let (first, again) = (tables[*at].spot_of(*first), tables[*at].spot_of(*slot));
            let what = format!("this {} of `{}`", slot.word(), tables[*at].name);
            report_twice(cx, &what, again.head, Some(first.head));
        }
    }
    for (_, table, _, at, slot) in queue {
        let columns = tables[at].checked_columns(slot);
        let base = tables[at].base(slot, &columns);
        let free =
            (0..).map(|number| base.name(number)).find(|name| taken.insert(table.sibling(name.clone())));
        if let Some(name) = free {
            tables[at].set_name(slot, name);
        }
    }
}

/// The names that several things have.
fn shared(tables: &[TableDraft], others: &[ObjectName], range: Range) -> HashSet<ObjectName> {
    let mut seen: HashMap<(Option<&Name>, &Name), bool> = HashMap::default();
    for name in others {
        seen.insert((name.namespace.as_ref(), &name.name), false);
    }
    for table in tables {
        let namespace = table.name.namespace.as_ref();
        let names = table.slots(range).map(|(_, name, _)| name);
        for name in std::iter::once(&table.name.name).chain(names) {
            seen.entry((namespace, name)).and_modify(|shared| *shared = true).or_insert(false);
        }
    }
    let shared = seen.into_iter().filter(|(_, shared)| *shared);
    shared.map(|((ns, name), _)| ObjectName { namespace: ns.cloned(), name: name.clone() }).collect()
}

impl TableDraft {
    /// The things whose names are unique there, with their names and whether these were written.
    fn slots(&self, range: Range) -> impl Iterator<Item = (Slot, &Name, bool)> {
        let (wide, narrow) = (range == Range::Namespace, range == Range::Table);
        let key = self.primary_key.iter().filter(move |_| wide);
        let uniques = self.uniques.iter().enumerate().filter(move |_| wide);
        let indexes = self.indexes.iter().enumerate().filter(move |_| wide);
        let foreign_keys = self.foreign_keys.iter().enumerate().filter(move |_| narrow);
        let checks = self.checks.iter().enumerate().filter(move |_| narrow);
        key.map(|draft| (Slot::PrimaryKey, &draft.item.name, draft.written))
            .chain(uniques.map(|(at, draft)| (Slot::Unique(at), &draft.item.name, draft.written)))
            .chain(indexes.map(|(at, draft)| (Slot::Index(at), &draft.item.name, draft.written)))
            .chain(foreign_keys.map(|(at, draft)| (Slot::ForeignKey(at), &draft.item.name, draft.written)))
            .chain(checks.map(|(at, draft)| (Slot::Check(at), &draft.item.name, draft.written)))
    }

    fn checked_columns(&self, slot: Slot) -> Collection<Column> {
        match slot {
            Slot::Check(_) => self.columns.iter().map(|draft| draft.item.clone()).collect(),
            Slot::PrimaryKey | Slot::Unique(_) | Slot::ForeignKey(_) | Slot::Index(_) => Collection::new(),
        }
    }

    fn base<'n>(&'n self, slot: Slot, columns: &'n Collection<Column>) -> Base<'n> {
        match slot {
            Slot::PrimaryKey => derive::primary_key(&self.name),
            Slot::Unique(at) => self.uniques[at].item.base(&self.name),
            Slot::ForeignKey(at) => self.foreign_keys[at].item.base(&self.name),
            Slot::Check(at) => derive::check(&self.name, &self.checks[at].item.expression.common, columns),
            Slot::Index(at) => self.indexes[at].item.base(&self.name),
        }
    }

    /// What a thing is but for its name, as text.
    fn content(&self, slot: Slot) -> String {
        let mut w = Writer::new();
        match slot {
            Slot::PrimaryKey => {}
            Slot::Unique(at) => key::write_unique(&mut w, &self.name, &self.uniques[at].item),
            Slot::ForeignKey(at) => key::write_foreign_key(&mut w, &self.name, &self.foreign_keys[at].item),
            Slot::Check(at) => key::write_check(&mut w, &self.checks[at].item),
            Slot::Index(at) => index::write_index(&mut w, &self.name, &self.indexes[at].item),
        }
        w.finish()
    }

    fn spot_of(&self, slot: Slot) -> Spot {
        match slot {
            Slot::PrimaryKey => self.primary_key.as_ref().map_or(self.spot, |draft| draft.spot),
            Slot::Unique(at) => self.uniques[at].spot,
            Slot::ForeignKey(at) => self.foreign_keys[at].spot,
            Slot::Check(at) => self.checks[at].spot,
            Slot::Index(at) => self.indexes[at].spot,
        }
    }

    fn set_name(&mut self, slot: Slot, name: Name) {
        match slot {
            Slot::PrimaryKey => {
                if let Some(draft) = &mut self.primary_key {
                    draft.item.name = name;
                }
            }
            Slot::Unique(at) => self.uniques[at].item.name = name,
            Slot::ForeignKey(at) => self.foreign_keys[at].item.name = name,
            Slot::Check(at) => self.checks[at].item.name = name,
            Slot::Index(at) => self.indexes[at].item.name = name,
        }
    }
}
