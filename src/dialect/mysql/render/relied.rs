//! The keys that foreign keys rest on: a server refuses to be without one for a moment, so the one that goes leaves in the
//! statement in which the next one comes.

use std::collections::BTreeSet;

use super::super::errors::{E573, E574};
use super::super::implied::{Implied, implied_indexes, is_served, is_unique};
use super::change::{Change, Key};
use super::difference::keys;
use super::together::first_column;
use crate::change::{Edit, Op};
use crate::diagnostic::Diagnostic;
use crate::dialect::Batch;
use crate::model::{Collection, Column, ForeignKey, KeyPart, PrimaryKey, Table};
use crate::name::{Name, ObjectName};

/// What the foreign keys that stay ask of a table's keys.
#[derive(Debug, Default)]
pub(super) struct Relied(Vec<Need>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Need {
    columns: Vec<Name>,
    /// Whether others refer to the columns, which takes a key over just these.
    is_referred: bool,
}

/// A table, with the indexes that it has without saying so.
struct Keys {
    table: Table,
    implied: Vec<Implied>,
}

impl Relied {
    /// What is asked of a table that is about to be `wanted`, among others.
    pub(super) fn of(now: &Table, wanted: &Table, tables: &Collection<Table>) -> Self {
        let stays = |key: &&ForeignKey| {
            let next = wanted.foreign_keys.get(&key.name);
            next.is_some_and(|next| ForeignKey { only: key.only.clone(), ..next.clone() } == **key)
        };
        let own = now.foreign_keys.iter().filter(stays);
        let own = own.map(|key| Need { columns: key.columns.clone(), is_referred: false });
        let to_it = |key: &&ForeignKey| key.table == now.name;
        let others = tables.iter().filter(|table| table.name != now.name);
        let referring = others.flat_map(|table| &table.foreign_keys).filter(to_it);
        let referring = referring.chain(now.foreign_keys.iter().filter(stays).filter(to_it));
        let referred = referring.map(|key| Need { columns: key.references.clone(), is_referred: true });
        let keys = Keys::of(now);
        Self(own.chain(referred).filter(|need| keys.serve(need)).collect())
    }

    fn holds(&self, keys: &Keys) -> bool {
        self.0.iter().all(|need| keys.serve(need))
    }

    /// Lets a table that is about to be `wanted` have keys that it has now as long as the next ones aren't there; whether
    /// there are any.
    pub(super) fn keep(&self, now: &Table, wanted: &mut Table) -> bool {
        let mut keeps = false;
        for need in &self.0 {
            if Keys::of(wanted).serve(need) {
                continue;
            }
            match kept(now, wanted, need) {
                Some(Kept::Primary(key)) => {
                    let of_key =
                        wanted.columns.iter_mut().filter(|column| key.columns.contains(&column.name));
                    of_key.for_each(|column| column.nullable = false);
                    wanted.primary_key = Some(key);
                }
                Some(Kept::Other(key)) => key.add_to(wanted),
                None => continue,
            }
            keeps = true;
        }
        keeps
    }

    /// The changes of a table, those in one statement between which something that is asked of it would not be there.
    pub(super) fn unbroken(&self, changes: Vec<Change>, before: &Table) -> Vec<Change> {
        let mut keys = Keys::of(before);
        let mut done = Vec::new();
        let mut held: Vec<(Change, bool)> = Vec::new();
        for change in changes {
            let served = |keys: &Keys| self.0.iter().map(|need| keys.serve(need)).collect::<Vec<_>>();
            let earlier = served(&keys);
            keys.apply(&change);
            let is_whole = self.holds(&keys);
            if held.is_empty() && is_whole {
                done.push(change);
                continue;
            }
            held.push((change, earlier != served(&keys)));
            if is_whole {
                done.extend(joined(std::mem::take(&mut held), before));
            }
        }
        done.extend(held.into_iter().map(|(change, _)| change));
        done
    }
}

/// The foreign keys that a batch leaves without the key that they referred to. The next one can only be behind a hook:
/// without it, the state would be none that can be declared.
pub(super) fn left_alone(Batch { before, ops, after, earlier: _ }: &Batch<'_>) -> Vec<Diagnostic> {
    let takes_key = |op: &Op| match op {
        Op::PrimaryKey { edit, .. } => matches!(edit, Edit::Drop(_) | Edit::Alter { .. }),
        Op::Unique { edit, .. } => matches!(edit, Edit::Drop(_) | Edit::Alter { .. }),
        Op::Index { edit, .. } => matches!(edit, Edit::Drop(_) | Edit::Alter { .. }),
        _ => false,
    };
    if !ops.iter().any(takes_key) {
        return Vec::new();
    }
    let is_alone = |key: &ForeignKey| {
        let [was, is] = [before, after]
            .map(|state| state.tables.get(&key.table).is_some_and(|table| is_unique(table, &key.references)));
        was && !is
    };
    let keys = after.tables.iter().flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)));
    let told = keys.filter(|(_, key)| is_alone(key)).map(|(table, key)| {
        let columns: Vec<&str> = key.references.iter().map(Name::as_str).collect();
        let message = format!(
            "`{}` of `{}` refers to `{}` of `{}`, whose key goes in front of a hook and the next one comes behind it",
            key.name,
            table.name,
            columns.join("`, `"),
            key.table
        );
        Diagnostic::error(&E573, message)
            .help("move the hook in front of the step that drops the key, or behind the one that adds the next")
    });
    told.collect()
}

/// The columns that number rows and that a batch leaves without a key, which can only be behind a hook.
pub(super) fn left_unkeyed(Batch { before: _, ops, after, earlier: _ }: &Batch<'_>) -> Vec<Diagnostic> {
    let touched: BTreeSet<&ObjectName> = ops.iter().filter_map(Op::table).collect();
    let tables = touched.into_iter().filter_map(|name| after.tables.get(name));
    let columns = tables.flat_map(|table| table.columns.iter().map(move |column| (table, column)));
    let unkeyed =
        columns.filter(|(table, column)| column.identity.is_some() && !is_keyed(&column.name, table));
    let told = unkeyed.map(|(table, column)| {
        let message = format!(
            "`{}.{}` numbers the rows, and a hook stands between it and the key that begins with it",
            table.name, column.name
        );
        Diagnostic::error(&E574, message)
            .help("move the hook in front of the column or behind the key, or make two revisions of it")
    });
    told.collect()
}

/// Whether a key begins with a column.
pub(super) fn is_keyed(column: &Name, table: &Table) -> bool {
    table.primary_key.as_ref().is_some_and(|key| key.columns.first() == Some(column))
        || keys(table).iter().any(|key| first_column(key) == Some(column))
}

/// A key that stays for a while.
enum Kept {
    /// Its columns take no NULL for as long.
    Primary(PrimaryKey),
    /// Its columns may be NULL already, or no more.
    Other(Key),
}

/// A key that serves now, and can as long as its columns stay as they are.
fn kept(now: &Table, wanted: &Table, need: &Need) -> Option<Kept> {
    let stays = |name: &Name| {
        let columns = [now, wanted].map(|table| table.columns.get(name));
        matches!(columns, [Some(one), Some(two)] if Column { nullable: two.nullable, ..one.clone() } == *two)
    };
    let alone = |keep: &dyn Fn(&mut Table)| {
        let mut bare = now.clone();
        bare.primary_key = None;
        bare.uniques = Collection::default();
        bare.indexes = Collection::default();
        bare.foreign_keys = Collection::default();
        keep(&mut bare);
        Keys::of(&bare).serve(need)
    };
    // A column that numbers the rows can't be without the next one.
    let numbers = |name: &Name| wanted.columns.get(name).is_some_and(|column| column.identity.is_some());
    let can_wait = wanted.primary_key.as_ref().is_none_or(|next| !next.columns.iter().any(numbers));
    if let Some(key) = now.primary_key.as_ref().filter(|_| can_wait)
        && key.columns.iter().all(stays)
        && alone(&|table| table.primary_key = Some(key.clone()))
    {
        return Some(Kept::Primary(key.clone()));
    }
    let free = |key: &Key| !keys(wanted).iter().any(|other| other.name() == key.name());
    let serves = |key: &Key| alone(&|table| key.add_to(table));
    let all_stay = |key: &Key| columns(key).iter().all(stays);
    keys(now).into_iter().find(|key| free(key) && all_stay(key) && serves(key)).map(Kept::Other)
}

impl Keys {
    fn of(table: &Table) -> Self {
        Self { table: table.clone(), implied: implied_indexes(table) }
    }

    fn serve(&self, Need { columns, is_referred }: &Need) -> bool {
        if *is_referred {
            return is_unique(&self.table, columns);
        }
        is_served(&self.table, columns) || self.implied.iter().any(|index| index.columns.starts_with(columns))
    }

    fn apply(&mut self, change: &Change) {
        match change {
            Change::AddImplied(index) | Change::AddForeignKey { key: _, index: Some(index) } => {
                self.implied.push(index.clone());
            }
            Change::DropImplied(name) | Change::DropForeignKey { name, with_index: true } => {
                self.implied.retain(|index| index.name != *name);
            }
            Change::ReplaceKey(key) | Change::AddKey(key) => {
                self.implied.retain(|index| index.name != *key.name());
            }
            Change::Together(changes) => return changes.iter().for_each(|change| self.apply(change)),
            _ => {}
        }
        change.apply(&mut self.table);
    }
}

/// Changes of which those that are marked share a statement, with what becomes of the columns of keys that go.
fn joined(changes: Vec<(Change, bool)>, before: &Table) -> Vec<Change> {
    let mut covered: Vec<Name> = Vec::new();
    for (change, _) in changes.iter().filter(|(_, marked)| *marked) {
        covered.extend(covered_by(change, before));
    }
    let mut rest = Vec::new();
    let mut shared = Vec::new();
    for (change, marked) in changes {
        if marked || change.columns().iter().any(|name| covered.contains(name)) {
            shared.push(change);
        } else {
            rest.push(change);
        }
    }
    rest.push(Change::Together(shared));
    rest
}

/// The columns of the keys that a change takes away.
fn covered_by(change: &Change, before: &Table) -> Vec<Name> {
    let primary = || before.primary_key.iter().flat_map(|key| key.columns.clone()).collect();
    let named = |name: &Name| -> Vec<Name> {
        keys(before).iter().filter(|key| key.name() == name).flat_map(columns).collect()
    };
    match change {
        Change::DropPrimaryKey | Change::ReplacePrimaryKey(_) => primary(),
        Change::DropKey(name) => named(name),
        Change::ReplaceKey(key) => named(key.name()),
        Change::Together(changes) => changes.iter().flat_map(|change| covered_by(change, before)).collect(),
        _ => Vec::new(),
    }
}

/// The columns of a key, without expressions.
pub(super) fn columns(key: &Key) -> Vec<Name> {
    match key {
        Key::Unique(unique) => unique.columns.clone(),
        Key::Index(index) => {
            let columns = index.keys.iter().filter_map(|key| match &key.on {
                KeyPart::Column(name) => Some(name.clone()),
                KeyPart::Expression(_) => None,
            });
            columns.collect()
        }
    }
}
