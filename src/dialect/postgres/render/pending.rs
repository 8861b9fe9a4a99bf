//! Drops parts that stand in the way, and creates at the end what is missing.

use std::collections::{BTreeMap, BTreeSet};

use crate::change::{Edit, Op};
use crate::dialect::{Carry, Class, Lock, Transaction};
use crate::model::{Column, Index};
use crate::name::{Name, ObjectName};

use super::super::definition;
use super::super::quote::{beside, ident, object};
use super::super::script;
use super::Renderer;
use super::carry;
use super::output::{Clause, Pass};
use super::part::{Member, Part};

/// The parts that are in the state but not in the database.
#[derive(Default)]
pub(super) struct Pending(BTreeMap<Part, Missing>);

/// Why a part is not in the database.
#[derive(Default)]
pub(super) struct Missing {
    /// The operations that are to blame.
    ops: BTreeSet<usize>,
    /// Under which number is kept what it had, if it was there before.
    slot: Option<usize>,
}

impl Pending {
    pub(super) fn add(&mut self, part: Part, ops: &BTreeSet<usize>) {
        self.0.entry(part).or_default().ops.extend(ops);
    }

    pub(super) fn contains(&self, part: &Part) -> bool {
        self.0.contains_key(part)
    }

    pub(super) fn remove(&mut self, part: &Part) -> Option<Missing> {
        self.0.remove(part)
    }

    /// Keeps what a part had under a number that is its own.
    fn keep(&mut self, part: &Part, slot: usize) {
        if let Some(missing) = self.0.get_mut(part) {
            missing.slot = Some(slot);
        }
    }

    /// Gives a part another name; true if it was pending.
    pub(super) fn rename(&mut self, from: &Part, to: Part) -> bool {
        let missing = self.0.remove(from);
        let was = missing.is_some();
        self.0.extend(missing.map(|missing| (to, missing)));
        was
    }

    /// Lets every part follow when a table, view or object gets another name.
    pub(super) fn follow(&mut self, from: &ObjectName, to: &ObjectName) {
        let parts = std::mem::take(&mut self.0);
        self.0 = parts.into_iter().map(|(part, missing)| (part.moved(from, to), missing)).collect();
    }

    /// Lets every part follow when its namespace gets another name.
    pub(super) fn follow_namespace(&mut self, from: &Name, to: &Name) {
        let inside = |name: &ObjectName| name.namespace.as_ref() == Some(from);
        let names = |part: &Part| match part {
            Part::Member(name, _) | Part::Object(name) | Part::View(name) => name.clone(),
        };
        let parts = std::mem::take(&mut self.0);
        let moved = parts.into_iter().map(|(part, missing)| {
            let name = names(&part);
            let target = ObjectName::qualified(to.clone(), name.name.clone());
            (if inside(&name) { part.moved(&name, &target) } else { part }, missing)
        });
        self.0 = moved.collect();
    }

    /// Forgets what belonged to a table.
    pub(super) fn forget_table(&mut self, name: &ObjectName) {
        self.0.retain(|part, _| !matches!(part, Part::Member(table, _) if table == name));
    }

    /// Whether any part is like that.
    pub(super) fn any(&self, like: impl Fn(&Part) -> bool) -> bool {
        self.parts().any(like)
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        self.0.keys()
    }
}

impl Renderer<'_> {
    /// Drops a part for now, and before it whatever PostgreSQL would not let it go for.
    pub(super) fn take_out(&mut self, part: &Part) {
        if self.pending.contains(part) {
            return;
        }
        self.pending.add(part.clone(), &self.out.serving);
        for over in self.over_part(part) {
            self.take_out(&over);
        }
        self.drop_statement(part);
    }

    /// Drops several parts for now.
    pub(super) fn take_out_all(&mut self, parts: impl IntoIterator<Item = Part>) {
        for part in parts {
            self.take_out(&part);
        }
    }

    /// Drops a part for good.
    pub(super) fn remove(&mut self, part: &Part) {
        self.take_out(part);
        if let Some(Missing { slot: Some(slot), .. }) = self.pending.remove(part) {
            self.out.save_nothing(slot);
        }
    }

    fn drop_statement(&mut self, part: &Part) {
        match part {
            Part::View(name) => {
                self.out.drop_first(format!("DROP VIEW {}", object(name)));
                self.save_view(name);
            }
            Part::Object(name) => {
                let drop = self.live.objects.get(name).map(|item| self.renames.followed(&item.drop.common));
                let drop = drop.unwrap_or_default();
                let saved = self.save_object(name, &drop);
                let is_saved = saved.is_some();
                self.script(name, &drop, saved);
                if is_saved {
                    self.slots += 1;
                    self.pending.keep(part, self.slots);
                }
            }
            Part::Member(table, member) => {
                let constraint = match member {
                    Member::PrimaryKey => {
                        let table = self.live.tables.get(table);
                        table.and_then(|table| table.primary_key.as_ref()).map(|key| key.name.clone())
                    }
                    Member::Unique(name) | Member::Check(name) | Member::ForeignKey(name) => {
                        Some(name.clone())
                    }
                    Member::Index(name) => {
                        return self.out.drop_first(format!("DROP INDEX {}", beside(table, name)));
                    }
                    Member::Generated(name) => {
                        return self.drop_column_clause(table, name);
                    }
                    Member::NotNull(_) => None,
                };
                if let Some(name) = constraint {
                    let sql = format!("DROP CONSTRAINT {}", ident(&name));
                    self.clause(table, Pass::DropConstraint, &name, sql, Class::Metadata);
                }
            }
        }
    }

    /// Adds a clause of ALTER TABLE.
    pub(super) fn clause(&mut self, table: &ObjectName, pass: Pass, about: &Name, sql: String, class: Class) {
        self.clause_with(table, pass, about, sql, (class, Lock::Everybody));
    }

    fn clause_with(
        &mut self,
        table: &ObjectName,
        pass: Pass,
        about: &Name,
        sql: String,
        (class, lock): (Class, Lock),
    ) {
        let class = self.cost(table, class);
        self.out.alter(table, Clause { pass, subject: about.to_string(), sql, class, lock });
    }

    /// What saves that which somebody gave to an object, for the next number.
    fn save_object(&self, name: &ObjectName, drop: &str) -> Option<Carry> {
        let item = self.live.objects.get(name)?;
        let altered = self.ops.iter().rev().find_map(|op| match op {
            Op::Object(Edit::Alter { from: _, to }) if to.name == *name => Some(&**to),
            _ => None,
        });
        carry::save_object(self.slots + 1, item, drop, altered.unwrap_or(item))
    }

    /// The statements of a raw object's script, the first of which saves something or the last gives it back; one that
    /// can't be used is an error.
    fn script(&mut self, name: &ObjectName, text: &str, carry: Option<Carry>) {
        match script::statements(&format!("object `{name}`"), text) {
            Ok(statements) => {
                let carrying = match carry {
                    Some(Carry::Save { .. }) => 0,
                    Some(Carry::Restore { .. }) | None => statements.len().saturating_sub(1),
                };
                let mut carry = carry;
                for (place, statement) in statements.into_iter().enumerate() {
                    let (class, transaction) = (script::class(statement), script::transaction(statement));
                    self.out.push_in(statement, class, transaction);
                    if let Some(carry) = carry.take_if(|_| place == carrying) {
                        self.out.carry(carry);
                    }
                }
            }
            Err(problem) => self.errors.push(problem),
        }
    }

    /// Creates everything that is pending: table by table, beginning with the one that is being altered, then
    /// objects and views.
    pub(super) fn restore_all(&mut self) {
        let open = self.out.open_table().cloned();
        let mut parts: Vec<Part> = self.pending.parts().cloned().collect();
        parts.sort_by_key(|part| match part {
            Part::Member(table, _) => (0, Some(table) != open.as_ref(), Some(table.clone())),
            Part::Object(_) | Part::View(_) => (1, true, None),
        });
        for part in &parts {
            self.restore(part);
        }
    }

    /// Creates the generated columns of a table whose columns are as they will be: while the ALTER TABLE that changed
    /// them is open, so that the table is written anew once.
    pub(super) fn restore_generated(&mut self, table: &ObjectName) {
        let generated = |part: &&Part| matches!(part, Part::Member(of, Member::Generated(_)) if of == table);
        let parts: Vec<Part> = self.pending.parts().filter(generated).cloned().collect();
        parts.iter().for_each(|part| self.restore(part));
    }

    /// Creates a part that is pending, and before it what is pending and needed by it.
    pub(super) fn restore(&mut self, part: &Part) {
        let Some(Missing { ops, slot }) = self.pending.remove(part) else { return };
        for needed in self.needed_by(part) {
            self.restore(&needed);
        }
        self.out.serving = ops;
        match part {
            Part::View(name) => self.create_view(name, slot),
            Part::Object(name) => {
                let item = self.live.objects.get(name);
                let create = item.map(|item| item.create.common.to_string()).unwrap_or_default();
                let given = slot.and_then(|slot| carry::restore_object(slot, item?));
                self.script(name, &create, given);
            }
            Part::Member(table, member) => self.create_member(table, member),
        }
    }

    /// The pending parts that a part needs.
    fn needed_by(&self, part: &Part) -> Vec<Part> {
        let pending = self.pending.parts();
        match part {
            Part::View(_) | Part::Object(_) => pending
                .filter(|other| match other {
                    Part::View(name) | Part::Object(name) => self.is_over(part, name),
                    Part::Member(_, Member::Generated(_)) => true,
                    Part::Member(..) => false,
                })
                .cloned()
                .collect(),
            Part::Member(table, member) => {
                let key = match member {
                    Member::ForeignKey(name) => {
                        let table = self.live.tables.get(table);
                        table.and_then(|table| table.foreign_keys.get(name)).map(|key| key.table.clone())
                    }
                    Member::Generated(_)
                    | Member::NotNull(_)
                    | Member::PrimaryKey
                    | Member::Unique(_)
                    | Member::Check(_)
                    | Member::Index(_) => None,
                };
                pending
                    .filter(|other| match other {
                        Part::Object(_) => self.over_part(other).contains(part),
                        Part::Member(..) => key.as_ref().is_some_and(|table| other.is_key_of(table)),
                        Part::View(_) => false,
                    })
                    .cloned()
                    .collect()
            }
        }
    }

    /// Lets the statement that drops a view, the last one, save what somebody gave to it.
    fn save_view(&mut self, name: &ObjectName) {
        let is_commented = self.live.views.get(name).is_some_and(|view| view.comment.is_some());
        self.slots += 1;
        self.pending.keep(&Part::View(name.clone()), self.slots);
        self.out.carry(carry::save(self.slots, name, is_commented));
    }

    fn create_view(&mut self, name: &ObjectName, slot: Option<usize>) {
        let Some(view) = self.live.views.get(name) else { return };
        self.out.push(definition::create_view(view), Class::Metadata);
        if let Some(slot) = slot {
            self.out.carry(carry::restore(slot, name));
        }
        if view.comment.is_some() {
            let comment = definition::comment(&format!("VIEW {}", object(name)), view.comment.as_deref());
            self.out.push(comment, Class::Metadata);
        }
    }

    fn create_member(&mut self, name: &ObjectName, member: &Member) {
        let Some(table) = self.live.tables.get(name) else { return };
        let constraint = match member {
            Member::PrimaryKey => {
                table.primary_key.as_ref().map(|key| (key.name.clone(), definition::primary_key(key)))
            }
            Member::Unique(unique) => {
                table.uniques.get(unique).map(|item| (unique.clone(), definition::unique(item)))
            }
            Member::Check(check) => {
                table.checks.get(check).map(|item| (check.clone(), definition::check(item)))
            }
            Member::ForeignKey(key) => {
                table.foreign_keys.get(key).map(|item| (key.clone(), definition::foreign_key(item)))
            }
            Member::Generated(column) => {
                let column = table.columns.get(column).cloned();
                return column.iter().for_each(|column| self.add_column(name, column));
            }
            Member::NotNull(column) => {
                let sql = format!("ALTER COLUMN {} SET NOT NULL", ident(column));
                return self.clause(name, Pass::Attribute, column, sql, Class::Validate);
            }
            Member::Index(index) => {
                let index = table.indexes.get(index).cloned();
                return index.iter().for_each(|index| self.create_index(name, index));
            }
        };
        if let Some((about, sql)) = constraint {
            // Foreign keys are checked while others read either table.
            let lock = if matches!(member, Member::ForeignKey(_)) { Lock::Writers } else { Lock::Everybody };
            self.clause_with(name, Pass::Add, &about, format!("ADD {sql}"), (Class::Validate, lock));
        }
    }

    /// `ADD COLUMN`, with the column's comment.
    pub(super) fn add_column(&mut self, table: &ObjectName, column: &Column) {
        let sql = format!("ADD COLUMN {}", definition::column(column));
        let class = super::column::cost_of_adding(column);
        self.clause(table, Pass::AddColumn, &column.name, sql, class);
        if column.comment.is_some() {
            self.comment_column(table, &column.name, column.comment.as_deref());
        }
    }

    /// `COMMENT ON COLUMN`.
    pub(super) fn comment_column(&mut self, table: &ObjectName, column: &Name, comment: Option<&str>) {
        let what = format!("COLUMN {}.{}", object(table), ident(column));
        self.out.comment(column.as_str(), definition::comment(&what, comment));
    }

    /// `CREATE INDEX`, with the index's comment.
    pub(super) fn create_index(&mut self, table: &ObjectName, index: &Index) {
        let class = self.cost(table, Class::Validate);
        self.out.push_in(definition::create_index(table, index), class, Transaction::Inside);
        if index.comment.is_some() {
            self.comment_index(table, &index.name, index.comment.as_deref());
        }
    }

    /// `COMMENT ON INDEX`.
    pub(super) fn comment_index(&mut self, table: &ObjectName, index: &Name, comment: Option<&str>) {
        let what = format!("INDEX {}", beside(table, index));
        self.out.comment("", definition::comment(&what, comment));
    }
}
