//! The columns of a table: in which order they come, change and go.

use std::collections::BTreeSet;

use super::super::super::definition::{behind_sources, is_computed_from, mentions};
use super::super::change::{Change, Key};
use super::super::relied::columns;
use super::{Difference, keys};
use crate::change::is_required;
use crate::model::{Check, Column, Storage, Table, Value};
use crate::name::Name;

impl Difference<'_> {
    pub(super) fn columns(&self) -> Vec<Change> {
        let (before, after) = (&self.from.table.columns, &self.to.table.columns);
        let is_generated = |column: &&Column| column.generated.is_some();
        let gone = before.iter().filter(|column| !after.contains(&column.name)).filter(is_generated);
        // What one that stays is computed from goes when that is computed from others.
        let is_source = |column: &&Column| {
            after.iter().any(|other| {
                before.get(&other.name).is_some_and(|other| is_computed_from(other, &column.name))
            })
        };
        let (sources, gone): (Vec<&Column>, Vec<&Column>) = gone.partition(is_source);
        let drop = |column: &Column| Change::DropColumn(column.name.clone());
        let mut changes: Vec<Change> = gone.into_iter().map(drop).collect();
        let new = after.iter().filter(|column| !before.contains(&column.name));
        let (computed, plain): (Vec<&Column>, Vec<&Column>) = new.partition(is_generated);
        let mut required = Vec::new();
        for column in plain {
            // The server would fill in zeros and empty texts.
            if is_required(column) && !self.is_new {
                let open = Column { nullable: true, ..column.clone() };
                required
                    .push(Change::SetColumn { from: Box::new(open.clone()), to: Box::new(column.clone()) });
                changes.push(Change::AddColumn(open));
            } else {
                changes.push(Change::AddColumn(column.clone()));
            }
        }
        changes.extend(required);
        let stays = |column: &&Column| before.contains(&column.name);
        let (computed_again, changed): (Vec<&Column>, Vec<&Column>) =
            after.iter().filter(stays).partition(is_generated);
        let computed: Vec<&Column> = computed_again.into_iter().chain(computed).collect();
        let computed = behind_sources(computed.clone(), computed);
        for column in changed.into_iter().chain(computed) {
            let Some(known) = before.get(&column.name) else {
                changes.push(Change::AddColumn(column.clone()));
                continue;
            };
            // What is computed from a column goes and comes along with it.
            let with_source = changes.iter_mut().find(|change| {
                change.gone().iter().any(|gone| self.anew.contains(gone) && is_computed_from(known, gone))
            });
            let mut changed = self.changed(known, column).into_iter();
            if let Some(source) = with_source {
                source.join(changed.next());
            }
            changes.extend(changed);
        }
        changes.extend(sources.into_iter().map(drop));
        changes
    }

    /// What is computed from a column is computed from others first, and another key has taken the place of its own.
    pub(super) fn columns_gone(&self) -> Vec<Change> {
        let gone = self
            .from
            .table
            .columns
            .iter()
            .filter(|column| column.generated.is_none() && !self.to.table.columns.contains(&column.name));
        gone.map(|column| Change::DropColumn(column.name.clone())).collect()
    }

    fn changed(&self, from: &Column, to: &Column) -> Vec<Change> {
        let is_anew = self.is_made_anew(&from.name);
        if self.same_column(from, to) && !is_anew {
            return Vec::new();
        }
        let set = |from: &Column, to: &Column| Change::SetColumn {
            from: Box::new(from.clone()),
            to: Box::new(to.clone()),
        };
        match (storage(from), storage(to)) {
            (Some(Storage::Virtual), None) => {
                // Stored first, so that the values are there when nothing computes them any more.
                let stored = from.generated.clone().map(|mut generated| {
                    generated.storage = Storage::Stored;
                    generated
                });
                let stored = Column { generated: stored, ..from.clone() };
                vec![self.made_anew(&stored), set(&stored, to)]
            }
            _ if is_anew => vec![self.made_anew(to)],
            _ => vec![set(from, to)],
        }
    }

    pub(super) fn is_made_anew(&self, name: &Name) -> bool {
        self.anew.contains(name)
    }

    /// A column is dropped and comes again, with the keys and checks that stay: MariaDB would take the keys for those of
    /// the column before, and MySQL drops a check along that speaks of no other.
    fn made_anew(&self, column: &Column) -> Change {
        let stays = |key: &Key| {
            let after = keys(self.to.table);
            let next = after.iter().find(|next| next.name() == key.name());
            let first = columns(key).into_iter().find(|name| self.is_made_anew(name));
            first.is_some_and(|name| name == column.name)
                && next.is_some_and(|next| self.same_index(key, next))
        };
        let kept: Vec<Key> = keys(self.from.table).into_iter().filter(stays).collect();
        let speaks = |check: &&Check| {
            let next = self.to.table.checks.get(&check.name);
            mentions(&check.expression.common, &column.name)
                && next.is_some_and(|next| self.same_check(check, next))
        };
        let checks: Vec<&Check> = self.from.table.checks.iter().filter(speaks).collect();
        let mut changes: Vec<Change> = kept.iter().map(|key| Change::DropKey(key.name().clone())).collect();
        changes.extend(checks.iter().map(|check| Change::DropCheck((*check).clone())));
        changes.push(Change::ReplaceColumn(column.clone()));
        changes.extend(kept.into_iter().map(Change::AddKey));
        changes.extend(checks.into_iter().cloned().map(Change::AddCheck));
        if changes.len() == 1 { Change::ReplaceColumn(column.clone()) } else { Change::Together(changes) }
    }

    fn same_column(&self, from: &Column, to: &Column) -> bool {
        let generated = match (&from.generated, &to.generated) {
            (Some(one), Some(two)) => {
                let (before, after) = (&one.expression.common, &two.expression.common);
                one.storage == two.storage && self.texts.same(&self.to.table.name, before, after)
            }
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        let default = match (&from.default.common, &to.default.common) {
            (Some(Value::Sql(one)), Some(Value::Sql(two))) => self.texts.same(&self.to.table.name, one, two),
            (one, two) => one == two,
        };
        self.same_type(from, to)
            && from.nullable == to.nullable
            && default
            && generated
            && from.identity.is_some() == to.identity.is_some()
            && from.comment == to.comment
            && from.options == to.options
    }
}

/// The columns that are dropped and come again, because the server turns none of one kind into the other, and with them
/// those that are computed from them.
pub(super) fn made_anew<'t>(from: &'t Table, to: &Table) -> BTreeSet<&'t Name> {
    let is_virtual = |column: &Column| storage(column) == Some(Storage::Virtual);
    let turns = |column: &&Column| {
        to.columns.get(&column.name).is_some_and(|next| is_virtual(column) != is_virtual(next))
    };
    let mut anew: BTreeSet<&Name> = from.columns.iter().filter(turns).map(|column| &column.name).collect();
    loop {
        let follows = |column: &&Column| {
            !anew.contains(&column.name)
                && to.columns.get(&column.name).is_some_and(|next| next.generated.is_some())
                && anew.iter().any(|source| is_computed_from(column, source))
        };
        let Some(next) = from.columns.iter().find(follows) else { return anew };
        anew.insert(&next.name);
    }
}

fn storage(column: &Column) -> Option<Storage> {
    column.generated.as_ref().map(|generated| generated.storage)
}
