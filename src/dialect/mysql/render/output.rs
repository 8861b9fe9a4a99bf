//! Collects statements. Each changes one object and says what the object is before and after it, because it commits by
//! itself and the catalog has to tell what became of it.

use std::collections::BTreeSet;

use super::super::definition::Writer;
use super::super::implied::is_unique;
use super::super::late::{opened_anew, with_charset_of_database, with_zeros};
use super::super::quote::object;
use super::super::version::is_mariadb;
use super::algorithm::{Judge, Way};
use super::change::Change;
use super::fit::Fit;
use super::guard;
use super::hashed::has_hash;
use crate::change::Op;
use crate::dialect::{Action, Class, Effect, Guard, Misfit, Statement, Transaction, Version};
use crate::model::{Collection, EnumType, RawObject, State, Storage, Table, View};
use crate::name::{Name, ObjectName};

/// The statements so far.
pub(super) struct Output<'a> {
    pub(super) version: Version,
    ops: &'a [Op],
    /// What raw objects name: indexes that they create may be among it.
    named: BTreeSet<String>,
    statements: Vec<Statement>,
    /// The operations that the next statements serve.
    pub(super) serving: BTreeSet<usize>,
}

/// Changes of one table that share an ALTER TABLE.
struct Group {
    way: Way,
    changes: Vec<Change>,
}

impl<'a> Output<'a> {
    pub(super) fn new(ops: &'a [Op], before: &State, version: Version) -> Self {
        let named = guard::named(&before.objects);
        Self { version, ops, named, statements: Vec::new(), serving: BTreeSet::new() }
    }

    /// A statement that commits by itself.
    pub(super) fn outside(&mut self, sql: impl Into<String>, class: Class, effect: Option<Effect>) {
        self.push(sql.into(), class, Transaction::Outside, effect);
    }

    /// A statement that changes rows alone.
    pub(super) fn inside(&mut self, sql: impl Into<String>) {
        self.push(sql.into(), Class::Batch, Transaction::Inside, None);
    }

    /// A statement that changes rows alone, and what keeps it from taking more away than it should.
    pub(super) fn guarded(&mut self, sql: String, guard: Guard) {
        self.inside(sql);
        if let Some(last) = self.statements.last_mut() {
            last.guards.push(guard);
        }
    }

    fn push(&mut self, sql: String, class: Class, transaction: Transaction, effect: Option<Effect>) {
        self.statements.push(Statement {
            sql,
            ops: self.served(effect.as_ref()),
            class,
            hazards: Vec::new(),
            guards: Vec::new(),
            carry: None,
            transaction,
            effect: effect.map(Box::new),
        });
    }

    /// Those of the operations that a statement serves that it is about, or else all of them: it prepares for them. And
    /// those whose first half it is: what stands in its way goes, and changes only when it comes again.
    fn served(&self, effect: Option<&Effect>) -> Vec<usize> {
        let concerns = |index: &usize| match (self.ops.get(*index), effect) {
            (Some(op), Some(effect)) => effect.concerns(op),
            (None, _) | (_, None) => true,
        };
        let about: Vec<usize> = self.serving.iter().copied().filter(concerns).collect();
        let mut served: BTreeSet<usize> =
            if about.is_empty() { self.serving.clone() } else { about.into_iter().collect() };
        if let Some(effect) = effect.filter(|effect| effect.takes_away()) {
            let halves = self.ops.iter().enumerate().filter(|(_, op)| effect.is_half_of(op));
            served.extend(halves.map(|(index, _)| index));
        }
        served.into_iter().collect()
    }

    /// Makes changes of a table, those that go the same way in one statement. The table has the enums of `enums[0]`
    /// before all of them, and of `enums[1]` after.
    pub(super) fn alter(
        &mut self,
        table: &mut Table,
        changes: Vec<Change>,
        enums: [&Collection<EnumType>; 2],
        is_new: bool,
    ) {
        let mut group: Option<Group> = None;
        for change in self.sorted(table, changes, enums) {
            let way = Judge { version: self.version, table, enums }.way(&change);
            match group.take() {
                Some(mut shared) if shared.takes(table, way, &change, self.version) => {
                    shared.changes.push(change);
                    group = Some(shared);
                }
                full => {
                    if let Some(full) = full {
                        self.close(table, full, enums, is_new);
                    }
                    // What has changed by now can be what its way depends on.
                    let way = Judge { version: self.version, table, enums }.way(&change);
                    group = Some(Group { way, changes: vec![change] });
                }
            }
        }
        if let Some(last) = group {
            self.close(table, last, enums, is_new);
        }
    }

    /// The changes, with definitions of columns that follow each other in the order of their ways.
    fn sorted(
        &self,
        table: &Table,
        mut changes: Vec<Change>,
        enums: [&Collection<EnumType>; 2],
    ) -> Vec<Change> {
        let judge = Judge { version: self.version, table, enums };
        let is_set = |change: &Change| matches!(change, Change::SetColumn { .. });
        for run in changes.chunk_by_mut(|one, two| is_set(one) && is_set(two)) {
            run.sort_by_key(|change| judge.way(change));
        }
        changes
    }

    fn close(&mut self, table: &mut Table, group: Group, enums: [&Collection<EnumType>; 2], is_new: bool) {
        let Group { way, changes } = group;
        let writer = Writer { version: self.version, enums: enums[1] };
        let before = of_table(table, enums[0]);
        let fit = Fit { version: self.version, table, enums };
        let misfits: Vec<Misfit> = match is_new {
            true => Vec::new(),
            false => changes.iter().flat_map(|change| fit.misfits(change)).collect(),
        };
        let gone: Vec<&Name> = changes.iter().flat_map(Change::gone).collect();
        let along = (!is_new && !gone.is_empty()).then(|| guard::columns(table, &gone, &self.named));
        changes.iter().for_each(|change| change.apply(table));
        let clauses: Vec<String> = changes.iter().flat_map(|change| change.clauses(&writer, table)).collect();
        let after = of_table(table, enums[1]);
        let inherits = changes.iter().any(Change::inherits_charset);
        let numbers = !is_new && changes.iter().any(Change::numbers_rows);
        self.alter_as(&table.name, &clauses, way, Effect { before, after }, is_new);
        if let Some(last) = self.statements.last_mut() {
            last.guards.extend(along.map(Guard::Along));
            last.guards.extend((!misfits.is_empty()).then_some(Guard::Fits(misfits)));
            if inherits {
                last.sql = with_charset_of_database(&last.sql);
            }
            if numbers {
                last.sql = with_zeros(&last.sql);
            }
        }
    }

    /// One ALTER TABLE that goes this way.
    pub(super) fn alter_as(
        &mut self,
        table: &ObjectName,
        clauses: &[String],
        way: Way,
        effect: Effect,
        is_new: bool,
    ) {
        let has_hash =
            |state: &State| state.tables.iter().any(|table| has_hash(table, &state.enums, self.version));
        let way = if has_hash(&effect.before) || has_hash(&effect.after) { Way::Copy } else { way };
        let how = way.clauses(self.version).iter().map(|clause| (*clause).to_owned());
        let clauses: Vec<String> = clauses.iter().cloned().chain(how).collect();
        let sql = format!("ALTER TABLE {}\n    {}", object(table), clauses.join(",\n    "));
        let class = if is_new { Class::Metadata } else { way.class() };
        self.outside(sql, class, Some(effect));
        if let (Some(last), Some(hazard), false) = (self.statements.last_mut(), way.hazard(), is_new) {
            last.hazards = last.ops.iter().map(|op| (*op, hazard)).collect();
        }
    }

    /// The last statement finds the table as nobody has opened it before.
    pub(super) fn open_anew(&mut self, table: &ObjectName) {
        if let Some(last) = self.statements.last_mut() {
            last.sql = opened_anew(table, &last.sql);
        }
    }

    pub(super) fn finish(self) -> Vec<Action> {
        self.statements.into_iter().map(Action::Statement).collect()
    }
}

impl Group {
    /// Whether a change can share the statement.
    fn takes(&self, table: &Table, way: Way, change: &Change, version: Version) -> bool {
        let same = way == self.way;
        // One full-text index is built at a time.
        let alone = way == Way::Shared || recodes(change) || self.changes.iter().any(recodes);
        // What MariaDB does in the catalog alone it doesn't always do together with something else.
        let mixed = way <= Way::Beside && self.changes.iter().any(|known| kind(known) != kind(change));
        // In place, MySQL adds and drops what is computed by itself alone.
        let is_computed = |change: &Change| is_virtual(table, change);
        let apart =
            way < Way::Copy && self.changes.iter().any(|known| is_computed(known) != is_computed(change));
        let columns = change.columns();
        let repeats = |known: &Change| known.columns().iter().any(|name| columns.contains(name));
        let repeated = self.changes.iter().any(repeats);
        // In place, a key that the table itself referred to is not yet free.
        let refers = |known: &Change| match known {
            Change::DropForeignKey { name, .. } => {
                table.foreign_keys.get(name).is_some_and(|key| key.table == table.name)
            }
            _ => false,
        };
        let bound = way < Way::Copy && drops_key(change) && self.changes.iter().any(refers);
        // What a table refers to in itself MariaDB looks for in the table as it was.
        let ahead = is_mariadb(version) && self.refers_ahead(table, change);
        same && !alone && !mixed && !apart && !repeated && !bound && !ahead
    }

    /// Whether a foreign key leads to columns of the same table that have their type or their key only behind this group.
    fn refers_ahead(&self, table: &Table, change: &Change) -> bool {
        let Change::AddForeignKey { key, .. } = change else { return false };
        let mut columns = self.changes.iter().flat_map(Change::columns);
        key.table == table.name
            && (!is_unique(table, &key.references) || columns.any(|name| key.references.contains(name)))
    }
}

/// Whether a virtual column comes or goes.
fn is_virtual(table: &Table, change: &Change) -> bool {
    let column = match change {
        Change::AddColumn(column) => Some(column),
        Change::DropColumn(name) => table.columns.get(name),
        _ => None,
    };
    let generated = column.and_then(|column| column.generated.as_ref());
    generated.is_some_and(|generated| generated.storage == Storage::Virtual)
}

fn drops_key(change: &Change) -> bool {
    match change {
        Change::DropKey(_) | Change::ReplaceKey(_) | Change::ReplacePrimaryKey(_) => true,
        Change::Together(changes) => changes.iter().any(drops_key),
        _ => false,
    }
}

/// Whether a change defines columns that others may define as well.
fn recodes(change: &Change) -> bool {
    matches!(change, Change::Settings { columns, .. } if !columns.is_empty())
}

/// What a change is about, as far as the server's own ways differ in it.
#[derive(PartialEq, Eq)]
enum Kind {
    Gone,
    Computed,
    Table,
    Other,
}

fn kind(change: &Change) -> Kind {
    match change {
        Change::DropColumn(_) => Kind::Gone,
        Change::AddColumn(column) if column.generated.is_some() => Kind::Computed,
        Change::Settings { .. } | Change::Comment(_) | Change::Start(_) => Kind::Table,
        _ => Kind::Other,
    }
}

/// A state that is one table, with the enums that it speaks of.
pub(super) fn of_table(table: &Table, enums: &Collection<EnumType>) -> State {
    let named = table.columns.iter().filter_map(|column| column.ty.common.enum_name());
    let used: BTreeSet<&ObjectName> = named.collect();
    State {
        enums: enums.iter().filter(|item| used.contains(&item.name)).cloned().collect(),
        tables: std::iter::once(table.clone()).collect(),
        ..State::default()
    }
}

/// A state that is one view.
pub(super) fn of_view(view: &View) -> State {
    State { views: std::iter::once(view.clone()).collect(), ..State::default() }
}

/// A state that is one raw object.
pub(super) fn of_object(object: &RawObject) -> State {
    State { objects: std::iter::once(object.clone()).collect(), ..State::default() }
}
