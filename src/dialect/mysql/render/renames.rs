//! Names that columns get in a batch, and the expressions that speak of them. An operation on an expression can be behind a
//! rename that concerns it, or ahead of it, as on the way back: its text is in the names that the columns have then.

use std::collections::{BTreeMap, BTreeSet};

use super::super::RULES;
use super::super::definition::mentions;
use crate::change::{Edit, Op, TableEdit};
use crate::model::{Check, Collection, Column, Index, KeyPart, Named, State, Table, Value};
use crate::name::{Name, ObjectName};
use crate::sql::{rename_column, same_tokens};

/// A kind of what holds expressions in a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    Column,
    Check,
    Index,
}

/// The tables of a batch of which columns get other names, and the expressions in them.
#[derive(Debug, Default)]
pub(super) struct Texts<'a> {
    /// How many operations have come.
    passed: usize,
    /// Places in `renames`.
    tables: Known<ObjectName>,
    /// Places in `histories`, by the table's place.
    parts: Known<(usize, Part, Name)>,
    renames: Vec<Renames<'a>>,
    histories: Vec<History<'a>>,
}

/// The places of what has a name, each after so many operations.
#[derive(Debug)]
struct Known<K>(BTreeMap<K, Vec<(usize, Option<usize>)>>);

/// The renames of a table's columns, in their order.
#[derive(Debug)]
struct Renames<'a> {
    /// The table before all of them.
    table: &'a Table,
    all: Vec<Renamed<'a>>,
    /// The columns that come.
    new: BTreeSet<&'a Name>,
}

/// A column gets another name.
#[derive(Debug, Clone, Copy)]
struct Renamed<'a> {
    /// It has that after so many operations.
    since: usize,
    from: &'a Name,
    to: &'a Name,
}

/// What a part of a table says, one text after the other.
#[derive(Debug)]
struct History<'a> {
    /// The table's place.
    table: usize,
    texts: Vec<Text<'a>>,
}

/// What a part of a table says after so many operations.
#[derive(Debug)]
struct Text<'a> {
    since: usize,
    /// Empty where it says nothing any more.
    expressions: Vec<&'a str>,
    /// The expressions are in the names that the columns have after so many of the table's renames.
    named: usize,
}

impl<'a> Texts<'a> {
    /// The renames among operations, and the expressions around them.
    pub(super) fn of(before: &'a State, ops: &'a [Op]) -> Self {
        let mut texts = Self::default();
        let concerned = concerned(ops);
        let tables = concerned.iter().filter_map(|name| before.tables.get(name));
        tables.for_each(|table| texts.create(table));
        for op in ops {
            texts.passed += 1;
            match op {
                Op::Table(TableEdit::Create(table)) if concerned.contains(&table.name) => texts.create(table),
                Op::Table(TableEdit::Rename { from, to }) => {
                    texts.tables.rename(from.clone(), to.clone(), texts.passed);
                }
                Op::Column { table, edit } => {
                    texts.name(table, edit);
                    texts.edit(table, Part::Column, edit, of_column);
                }
                Op::Check { table, edit } => texts.edit(table, Part::Check, edit, of_check),
                Op::Index { table, edit } => texts.edit(table, Part::Index, edit, of_index),
                _ => {}
            }
        }
        texts.passed = 0;
        for History { table, texts: history } in &mut texts.histories {
            let Some(renames) = texts.renames.get(*table) else { continue };
            let named: Vec<usize> = (0..history.len()).map(|at| renames.named(history, at)).collect();
            history.iter_mut().zip(named).for_each(|(text, named)| text.named = named);
        }
        texts
    }

    fn create(&mut self, table: &'a Table) {
        let at = self.renames.len();
        self.renames.push(Renames { table, all: Vec::new(), new: BTreeSet::new() });
        self.tables.set(table.name.clone(), self.passed, at);
        table.columns.iter().for_each(|column| self.say(at, Part::Column, &column.name, of_column(column)));
        table.checks.iter().for_each(|check| self.say(at, Part::Check, &check.name, of_check(check)));
        table.indexes.iter().for_each(|index| self.say(at, Part::Index, &index.name, of_index(index)));
    }

    fn name(&mut self, table: &ObjectName, edit: &'a Edit<Column>) {
        let place = self.tables.get(table, self.passed);
        let Some(renames) = place.and_then(|place| self.renames.get_mut(place)) else { return };
        match edit {
            Edit::Rename { from, to } => renames.all.push(Renamed { since: self.passed, from, to }),
            Edit::Create(column) => drop(renames.new.insert(&column.name)),
            Edit::Drop(_) | Edit::Alter { .. } => {}
        }
    }

    fn edit<T: Named<Key = Name>>(
        &mut self,
        table: &ObjectName,
        part: Part,
        edit: &'a Edit<T>,
        says: impl Fn(&'a T) -> Vec<&'a str>,
    ) {
        let Some(at) = self.tables.get(table, self.passed) else { return };
        match edit {
            Edit::Create(item) => self.say(at, part, item.key(), says(item)),
            Edit::Drop(item) => self.say(at, part, item.key(), Vec::new()),
            Edit::Alter { from, to } if says(from) == says(to) => {}
            Edit::Alter { from: _, to } => self.say(at, part, to.key(), says(to)),
            Edit::Rename { from, to } => {
                self.parts.rename((at, part, from.clone()), (at, part, to.clone()), self.passed);
            }
        }
    }

    /// A part of a table says something from now on.
    fn say(&mut self, table: usize, part: Part, name: &Name, expressions: Vec<&'a str>) {
        let key = (table, part, name.clone());
        let text = Text { since: self.passed, expressions, named: 0 };
        match self.parts.get(&key, self.passed).and_then(|known| self.histories.get_mut(known)) {
            Some(history) => history.texts.push(text),
            None if text.expressions.is_empty() => {}
            None => {
                self.parts.set(key, self.passed, self.histories.len());
                self.histories.push(History { table, texts: vec![text] });
            }
        }
    }

    /// An operation has come.
    pub(super) fn pass(&mut self, index: usize) {
        self.passed = self.passed.max(index + 1);
    }

    fn renames(&self, table: &ObjectName) -> Option<&Renames<'a>> {
        let at = self.tables.get(table, self.passed)?;
        self.renames.get(at).filter(|renames| !renames.all.is_empty())
    }

    /// Those of these tables of which columns get other names.
    pub(super) fn renamed(&self, tables: &Collection<Table>) -> Vec<ObjectName> {
        tables.keys().filter(|name| self.renames(name).is_some()).cloned().collect()
    }

    /// What a part of a table says, in the names that the columns have at the moment.
    pub(super) fn present(&self, table: &ObjectName, part: Part, name: &Name, text: &str) -> Option<String> {
        let at = self.tables.get(table, self.passed)?;
        let renames = self.renames.get(at)?;
        let history = self.histories.get(self.parts.get(&(at, part, name.clone()), self.passed)?)?;
        let now = history.texts.iter().rev().find(|text| text.since <= self.passed)?;
        Some(renames.carried(text, now.named, renames.passed(self.passed)))
    }

    /// Whether two expressions of a table, in the names that its columns have, are the same. Where they were put into these
    /// names, they may be quoted in other ways.
    pub(super) fn same(&self, table: &ObjectName, one: &str, two: &str) -> bool {
        one == two || (self.renames(table).is_some() && same_tokens(one, two, &RULES))
    }
}

impl Renames<'_> {
    /// How many have come after so many operations.
    fn passed(&self, passed: usize) -> usize {
        self.all.partition_point(|renamed| renamed.since <= passed)
    }

    /// An expression in the names after so many renames, in those after so many others.
    fn carried(&self, text: &str, from: usize, to: usize) -> String {
        let rename = |text: String, from: &Name, to: &Name| {
            rename_column(&text, self.table.name.name.as_str(), from.as_str(), to.as_str(), &RULES)
        };
        let on = self.all.get(from..to).into_iter().flatten();
        let back = self.all.get(to..from).into_iter().flatten().rev();
        let text = on.fold(text.to_owned(), |text, renamed| rename(text, renamed.from, renamed.to));
        back.fold(text, |text, renamed| rename(text, renamed.to, renamed.from))
    }

    /// In the names after how many renames a text is: it holds on both sides of those that come between it and the next.
    fn named(&self, texts: &[Text<'_>], at: usize) -> usize {
        let Some(text) = texts.get(at) else { return 0 };
        let (before, after) = (at.checked_sub(1).and_then(|at| texts.get(at)), texts.get(at + 1));
        let first = self.passed(text.since);
        let last = after.map_or(self.all.len(), |after| self.passed(after.since));
        let follows = |one: &Text<'_>, two: &Text<'_>| {
            let (one, two) = (&one.expressions, &two.expressions);
            let carried = one.iter().map(|text| self.carried(text, first, last));
            one.len() == two.len() && carried.zip(two).all(|(one, two)| same_tokens(&one, two, &RULES))
        };
        match (before, after) {
            _ if first == last => self.fitting(text, first),
            // The next one says the same behind the renames: this one hasn't followed them yet.
            (_, Some(after)) if follows(text, after) => first,
            // The one before said the same ahead of the renames: this one has followed them already.
            (Some(before), _) if follows(before, text) => last,
            (_, Some(_)) => first,
            // What comes in a batch and stays is right at its end; what was there, at its beginning.
            (Some(_), None) => last,
            (None, None) if text.since > 0 => last,
            (None, None) => self.fitting(text, first),
        }
    }

    /// After how many renames all columns that a text speaks of are there: after so many, or else the next number of them.
    fn fitting(&self, text: &Text<'_>, renames: usize) -> usize {
        let around = (renames..=self.all.len()).chain((0..renames).rev());
        let mut fitting = around.filter(|renames| self.fits(text, *renames));
        fitting.next().unwrap_or(renames)
    }

    fn fits(&self, text: &Text<'_>, renames: usize) -> bool {
        let names = self.all.iter().flat_map(|renamed| [renamed.from, renamed.to]);
        let mut absent: BTreeSet<&Name> = names.filter(|name| !self.table.columns.contains(name)).collect();
        for renamed in self.all.iter().take(renames) {
            absent.remove(renamed.to);
            absent.insert(renamed.from);
        }
        let is_absent = |name: &&Name| absent.contains(*name) && !self.new.contains(*name);
        let speaks = |name: &Name| text.expressions.iter().any(|text| mentions(text, name));
        !absent.iter().filter(|name| is_absent(name)).any(|name| speaks(name))
    }
}

impl<K: Ord> Known<K> {
    fn set(&mut self, key: K, passed: usize, place: usize) {
        self.0.entry(key).or_default().push((passed, Some(place)));
    }

    fn rename(&mut self, from: K, to: K, passed: usize) {
        let Some(place) = self.get(&from, passed) else { return };
        self.0.entry(from).or_default().push((passed, None));
        self.set(to, passed, place);
    }

    fn get(&self, key: &K, passed: usize) -> Option<usize> {
        let mut known = self.0.get(key)?.iter().rev();
        known.find(|(since, _)| *since <= passed)?.1
    }
}

impl<K> Default for Known<K> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

/// The tables of which columns get other names, by every name that they have up to that.
fn concerned(ops: &[Op]) -> BTreeSet<&ObjectName> {
    let mut concerned = BTreeSet::new();
    for op in ops.iter().rev() {
        match op {
            Op::Column { table, edit: Edit::Rename { .. } } => concerned.insert(table),
            Op::Table(TableEdit::Rename { from, to }) if concerned.contains(to) => concerned.insert(from),
            _ => continue,
        };
    }
    concerned
}

/// Whether the SQL of a table's columns and checks speaks of a column.
pub(super) fn is_spoken_of(table: &Table, column: &Name) -> bool {
    let checks = table.checks.iter().flat_map(of_check);
    let mut texts = table.columns.iter().flat_map(of_column).chain(checks);
    texts.any(|text| mentions(text, column))
}

fn of_column(column: &Column) -> Vec<&str> {
    let computed = column.generated.iter().map(|generated| &*generated.expression.common);
    let default = column.default.common.iter().filter_map(|value| match value {
        Value::Sql(text) => Some(&**text),
        _ => None,
    });
    computed.chain(default).collect()
}

fn of_check(check: &Check) -> Vec<&str> {
    vec![&check.expression.common]
}

fn of_index(index: &Index) -> Vec<&str> {
    let expressions = index.keys.iter().filter_map(|key| match &key.on {
        KeyPart::Expression(text) => Some(&*text.common),
        KeyPart::Column(_) => None,
    });
    expressions.collect()
}
