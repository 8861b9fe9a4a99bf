//! What leads from one definition of a table to another, in an order in which every single change can be made.

use std::collections::BTreeSet;

use super::super::definition::{behind_sources, is_computed_from};
use super::super::implied::{Implied, implied_indexes};
use super::super::options;
use super::super::types::MyType;
use super::algorithm::mentions;
use super::change::{Change, Key, inherits_charset};
use super::relied::{Relied, columns};
use super::renames::Texts;
use super::together::together;
use crate::change::is_required;
use crate::model::{
    Check, Collection, Column, EnumType, ForeignKey, Index, KeyPart, Options, Storage, Table,
};
use crate::name::Name;

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
    relied.unbroken(together(changes, from.table), from.table)
}

struct Difference<'a> {
    from: Shape<'a>,
    to: Shape<'a>,
    texts: &'a Texts,
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
        new.map(Change::AddImplied).collect()
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
            && self.texts.same(&self.to.table.name, &two.name, &one.expression.common, &two.expression.common)
    }

    /// Whether a check can be exchanged in one statement: nothing that it speaks of goes before that.
    fn is_replaced(&self, check: &Check) -> bool {
        let columns = self.from.table.columns.keys();
        let mut gone =
            columns.filter(|name| !self.to.table.columns.contains(name) || self.is_made_anew(name));
        !gone.any(|name| mentions(&check.expression.common, name))
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
                let name = &two.name;
                let mut followed = Index { only: two.only.clone(), ..one.clone() };
                for (key, other) in followed.keys.iter_mut().zip(&two.keys) {
                    if let (KeyPart::Expression(one), KeyPart::Expression(two)) = (&key.on, &other.on)
                        && self.texts.same(&self.to.table.name, name, &one.common, &two.common)
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

    fn columns(&self) -> Vec<Change> {
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
            match with_source {
                Some(source) => source.join(self.changed(known, column)),
                None => changes.extend(self.changed(known, column)),
            }
        }
        changes.extend(sources.into_iter().map(drop));
        changes
    }

    /// What is computed from a column is computed from others first, and another key has taken the place of its own.
    fn columns_gone(&self) -> Vec<Change> {
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

    /// The next number that a column gives, once it numbers the rows.
    fn starts(&self) -> Option<Change> {
        let start = |shape: Shape<'_>, name: &Name| shape.table.columns.get(name)?.identity?.start;
        let mut columns = self.to.table.columns.keys();
        columns.find_map(|name| {
            let next = start(self.to, name)?;
            (start(self.from, name) != Some(next)).then_some(Change::Start(next))
        })
    }

    fn is_made_anew(&self, name: &Name) -> bool {
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
                one.storage == two.storage && self.texts.same(&self.to.table.name, &to.name, before, after)
            }
            (None, None) => true,
            (Some(_), None) | (None, Some(_)) => false,
        };
        let default = match (&from.default.common, &to.default.common) {
            (Some(crate::model::Value::Sql(one)), Some(crate::model::Value::Sql(two))) => {
                self.texts.same(&self.to.table.name, &to.name, one, two)
            }
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

fn storage(column: &Column) -> Option<Storage> {
    column.generated.as_ref().map(|generated| generated.storage)
}

/// All keys of a table but the primary one.
pub(super) fn keys(table: &Table) -> Vec<Key> {
    let uniques = table.uniques.iter().cloned().map(Key::Unique);
    uniques.chain(table.indexes.iter().cloned().map(Key::Index)).collect()
}

/// The columns that are dropped and come again, because the server turns none of one kind into the other, and with them
/// those that are computed from them.
fn made_anew<'t>(from: &'t Table, to: &Table) -> BTreeSet<&'t Name> {
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
