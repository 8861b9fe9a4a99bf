//! What leads from one definition of a table to another, in an order in which every single change can be made.

mod columns;

use std::collections::BTreeSet;

use super::super::definition::mentions;
use super::super::implied::{Implied, implied_indexes};
use super::super::options;
use super::super::types::MyType;
use super::change::{Change, Key, inherits_charset};
use super::relied::Relied;
use super::renames::Texts;
use super::together::together;
use crate::model::{Check, Collection, Column, EnumType, ForeignKey, Index, KeyPart, Options, Table};
use crate::name::Name;
use columns::made_anew;

/// A table with the enums that its columns speak of.
#[derive(Clone, Copy)]
pub(super) struct Shape<'a> {
    pub(super) table: &'a Table,
    pub(super) enums: &'a Collection<EnumType>,
}

/// The changes that lead from one shape to another, none of which leaves a foreign key without its key. `is_new` says that
/// the table has no rows.
pub(super) fn difference(
    from: Shape<'_>,
    to: Shape<'_>,
    texts: &Texts,
    relied: &Relied,
    is_new: bool,
) -> Vec<Change> {
    let difference = Difference { from, to, texts, is_new, anew: made_anew(from.table, to.table) };
    let mut changes = difference.implied_first();
    changes.extend(difference.foreign_keys_gone());
    changes.extend(difference.checks_gone());
    changes.extend(difference.keys_gone());
    changes.extend(difference.columns());
    changes.extend(difference.keys_come());
    changes.extend(difference.columns_gone());
    changes.extend(difference.starts());
    changes.extend(difference.settings());
    changes.extend(difference.constraints_come());
    relied.unbroken(together(changes, from.table, to.enums), from.table)
}

struct Difference<'a> {
    from: Shape<'a>,
    to: Shape<'a>,
    texts: &'a Texts<'a>,
    is_new: bool,
    /// The columns that are dropped and come again.
    anew: BTreeSet<&'a Name>,
}

impl Difference<'_> {
    fn same_key(&self, one: &ForeignKey, two: &ForeignKey) -> bool {
        ForeignKey { only: None, ..one.clone() } == ForeignKey { only: None, ..two.clone() }
    }

    /// The foreign keys that stay.
    fn stays(&self, name: &Name) -> bool {
        let keys = [self.from, self.to].map(|shape| shape.table.foreign_keys.get(name));
        matches!(keys, [Some(one), Some(two)] if self.same_key(one, two))
    }

    fn implied(&self) -> [Vec<Implied>; 2] {
        [implied_indexes(self.from.table), implied_indexes(self.to.table)]
    }

    fn implied_first(&self) -> Vec<Change> {
        let [before, after] = self.implied();
        let declared = keys(self.from.table);
        let new = after.into_iter().filter(|index| {
            let is_declared = declared.iter().any(|key| *key.name() == index.name);
            self.stays(&index.name) && !before.contains(index) && !is_declared
        });
        let taken = |index: Implied| match self.taken_over(&index) {
            Some(from) => Change::RenameKey { from, to: index.name },
            None => Change::AddImplied(index),
        };
        new.map(taken).collect()
    }

    /// The index that goes and is the one that a foreign key needs, but for its name.
    fn taken_over(&self, implied: &Implied) -> Option<Name> {
        let Key::Index(wanted) = Key::of(implied) else { return None };
        let next = keys(self.to.table);
        let is_same = |index: &&Index| Index { name: wanted.name.clone(), ..(*index).clone() } == wanted;
        let goes = |index: &&Index| next.iter().all(|key| *key.name() != index.name);
        let mut indexes = self.from.table.indexes.iter().filter(is_same).filter(goes);
        indexes.next().map(|index| index.name.clone())
    }

    fn foreign_keys_gone(&self) -> Vec<Change> {
        let [before, _] = self.implied();
        let gone = self.from.table.foreign_keys.keys().filter(|name| !self.stays(name));
        let gone = gone.map(|name| Change::DropForeignKey {
            name: name.clone(),
            with_index: before.iter().any(|index| index.name == *name),
        });
        gone.collect()
    }

    fn same_check(&self, one: &Check, two: &Check) -> bool {
        one.options == two.options
            && self.texts.same(&self.to.table.name, &one.expression.common, &two.expression.common)
    }

    /// Whether a check can be exchanged in one statement: nothing that it speaks of goes before that, or numbers the rows,
    /// which no check may speak of.
    fn is_replaced(&self, check: &Check) -> bool {
        let goes = |column: &&Column| match self.to.table.columns.get(&column.name) {
            Some(next) => self.is_made_anew(&column.name) || next.identity.is_some(),
            None => true,
        };
        let mut gone = self.from.table.columns.iter().filter(goes);
        !gone.any(|column| mentions(&check.expression.common, &column.name))
    }

    fn checks_gone(&self) -> Vec<Change> {
        let gone =
            self.from.table.checks.iter().filter(|check| match self.to.table.checks.get(&check.name) {
                Some(next) => !self.same_check(check, next) && !self.is_replaced(check),
                None => true,
            });
        gone.cloned().map(Change::DropCheck).collect()
    }

    fn keys_gone(&self) -> Vec<Change> {
        let mut changes = Vec::new();
        let before = keys(self.from.table);
        let after = keys(self.to.table);
        let [_, implied] = self.implied();
        let first = self.implied_first();
        let is_kept = |name: &Name| {
            first.iter().any(|change| matches!(change, Change::RenameKey { from, to: _ } if from == name))
        };
        for key in &before {
            if let Some(index) = implied.iter().find(|index| index.name == *key.name())
                && self.stays(&index.name)
            {
                let next = Key::of(index);
                if !self.same_index(key, &next) {
                    changes.push(Change::ReplaceKey(next));
                }
                continue;
            }
            match after.iter().find(|next| next.name() == key.name()) {
                None if is_kept(key.name()) => {}
                None => changes.push(Change::DropKey(key.name().clone())),
                Some(Key::Index(next)) if self.is_shown(key, next) => {
                    changes.push(Change::ShowKey(next.clone()))
                }
                Some(next) if !self.same_index(key, next) => {
                    // What it is over now may come only later.
                    if self.has_columns(next) {
                        changes.push(Change::ReplaceKey(next.clone()));
                    } else {
                        changes.push(Change::DropKey(key.name().clone()));
                    }
                }
                Some(_) => {}
            }
        }
        if self.from.table.primary_key.is_some() && self.to.table.primary_key.is_none() {
            changes.push(Change::DropPrimaryKey);
        }
        changes
    }

    /// Whether all columns of a key are there, with the type that they keep.
    fn has_columns(&self, key: &Key) -> bool {
        let known = |name: &Name| {
            let columns = [self.from, self.to].map(|shape| shape.table.columns.get(name));
            matches!(columns, [Some(one), Some(two)] if self.same_type(one, two)) && !self.is_made_anew(name)
        };
        match key {
            Key::Unique(unique) => unique.columns.iter().all(known),
            Key::Index(index) => index.keys.iter().all(|key| match &key.on {
                KeyPart::Column(name) => known(name),
                KeyPart::Expression(_) => false,
            }),
        }
    }

    fn same_index(&self, one: &Key, two: &Key) -> bool {
        match (one, two) {
            (Key::Unique(one), Key::Unique(two)) => one.columns == two.columns,
            (Key::Index(one), Key::Index(two)) => {
                let mut followed = Index { only: two.only.clone(), ..one.clone() };
                for (key, other) in followed.keys.iter_mut().zip(&two.keys) {
                    if let (KeyPart::Expression(one), KeyPart::Expression(two)) = (&key.on, &other.on)
                        && self.texts.same(&self.to.table.name, &one.common, &two.common)
                    {
                        key.on = other.on.clone();
                    }
                }
                followed == *two
            }
            (Key::Unique(_), Key::Index(_)) | (Key::Index(_), Key::Unique(_)) => false,
        }
    }

    /// Whether all that changes of an index is that queries use it.
    fn is_shown(&self, from: &Key, to: &Index) -> bool {
        let Key::Index(from) = from else { return false };
        let with = |options: &Options| Key::Index(Index { options: options.clone(), ..from.clone() });
        let hidden = |index: &Index| options::switch(&index.options, options::INVISIBLE, false);
        let same_parser =
            options::get(&from.options, options::PARSER) == options::get(&to.options, options::PARSER);
        hidden(from) != hidden(to)
            && same_parser
            && self.same_index(&with(&to.options), &Key::Index(to.clone()))
    }

    fn same_type(&self, one: &Column, two: &Column) -> bool {
        MyType::of(&one.ty.common, self.from.enums) == MyType::of(&two.ty.common, self.to.enums)
            && one.collation == two.collation
    }

    /// The next number that a column gives, once it numbers the rows.
    fn starts(&self) -> Option<Change> {
        let start = |shape: Shape<'_>, name: &Name| shape.table.columns.get(name)?.identity?.start;
        let mut columns = self.to.table.columns.keys();
        columns.find_map(|name| {
            let next = start(self.to, name)?;
            (start(self.from, name) != Some(next)).then_some(Change::Start(next))
        })
    }

    fn keys_come(&self) -> Vec<Change> {
        let mut changes = Vec::new();
        match (&self.from.table.primary_key, &self.to.table.primary_key) {
            (None, Some(key)) => changes.push(Change::AddPrimaryKey(key.clone())),
            (Some(one), Some(two)) if one.columns != two.columns => {
                changes.push(Change::ReplacePrimaryKey(two.clone()));
            }
            (_, None) | (Some(_), Some(_)) => {}
        }
        let before = keys(self.from.table);
        let [implied, after] = self.implied();
        let implied: Vec<Implied> = implied.into_iter().filter(|index| self.stays(&index.name)).collect();
        for key in keys(self.to.table) {
            if let Some(index) = implied.iter().find(|index| index.name == *key.name()) {
                if !self.same_index(&Key::of(index), &key) {
                    changes.push(Change::ReplaceKey(key));
                }
                continue;
            }
            let known = before.iter().find(|known| known.name() == key.name());
            if let (Some(known), Key::Index(next)) = (known, &key)
                && self.is_shown(known, next)
            {
                continue;
            }
            let comes = match known {
                None => true,
                Some(known) => !self.same_index(known, &key) && !self.has_columns(&key),
            };
            if comes {
                changes.push(Change::AddKey(key));
            }
        }
        let gone = implied.into_iter().filter(|index| {
            let is_declared = keys(self.to.table).iter().any(|key| *key.name() == index.name);
            !after.contains(index) && !is_declared
        });
        changes.extend(gone.map(|index| Change::DropImplied(index.name)));
        changes
    }

    fn settings(&self) -> Vec<Change> {
        let (before, after) = (&self.from.table.settings, &self.to.table.settings);
        let mut changes = Vec::new();
        let options = options::changes(before, after);
        if !options.is_empty() {
            let charset = |word| options::get(&before.options, word) != options::get(&after.options, word);
            let recoded = charset(options::CHARSET) || charset(options::COLLATION);
            let follows = |column: &&Column| {
                // New ones have come with the character set before.
                recoded && inherits_charset(column) && MyType::of(&column.ty.common, self.to.enums).is_text()
            };
            changes.push(Change::Settings {
                to: Box::new(after.clone()),
                options,
                columns: self.to.table.columns.iter().filter(follows).cloned().collect(),
            });
        }
        if before.comment != after.comment {
            changes.push(Change::Comment(after.comment.clone()));
        }
        changes
    }

    fn constraints_come(&self) -> Vec<Change> {
        let mut changes = Vec::new();
        for check in &self.to.table.checks {
            match self.from.table.checks.get(&check.name) {
                Some(known) if self.same_check(known, check) => {}
                Some(known) if self.is_replaced(known) => changes.push(Change::ReplaceCheck(check.clone())),
                Some(_) | None => changes.push(Change::AddCheck(check.clone())),
            }
        }
        let [_, implied] = self.implied();
        for key in self.to.table.foreign_keys.iter().filter(|key| !self.stays(&key.name)) {
            let index = implied.iter().find(|index| index.name == key.name).cloned();
            changes.push(Change::AddForeignKey { key: key.clone(), index });
        }
        changes
    }
}

/// All keys of a table but the primary one.
pub(super) fn keys(table: &Table) -> Vec<Key> {
    let uniques = table.uniques.iter().cloned().map(Key::Unique);
    uniques.chain(table.indexes.iter().cloned().map(Key::Index)).collect()
}
