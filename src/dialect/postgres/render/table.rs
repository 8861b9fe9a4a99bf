//! Tables as a whole, their constraints and indexes.

use crate::change::{Edit, TableEdit};
use crate::dialect::{Class, Lock};
use crate::model::{Index, KeyPart, Named, PrimaryKey, Table, TableSettings};
use crate::name::{Name, ObjectName};

use super::super::quote::{beside, ident, object, string};
use super::super::{definition, options};
use super::Renderer;
use super::output::{Clause, Pass};
use super::part::{Member, Part};
use super::renames::Renames;

impl Renderer<'_> {
    pub(super) fn table(&mut self, edit: &TableEdit) {
        match edit {
            TableEdit::Create(table) => self.create_table(table),
            TableEdit::Drop(table) => {
                let over = self.over(&table.name);
                self.take_out_all(over);
                self.pending.forget_table(&table.name);
                self.created.remove(&table.name);
                self.out.push(format!("DROP TABLE {}", object(&table.name)), Class::Metadata);
            }
            TableEdit::Alter { table, from, to } => self.alter_settings(table, from, to),
            TableEdit::Rename { from, to } => {
                let taken = self.live.tables.contains(&from.sibling(to.name.clone()));
                self.rename("TABLE", from, to, taken);
                self.rename_serials(from, to);
                self.pending.follow(from, to);
                self.renames.relation(from, to);
                if self.created.remove(from) {
                    self.created.insert(to.clone());
                }
            }
        }
    }

    fn create_table(&mut self, table: &Table) {
        self.created.insert(table.name.clone());
        let mut now = table.clone();
        now.foreign_keys = table.foreign_keys.iter().filter(|key| !self.waits(&key.table)).cloned().collect();
        self.out.push(definition::create_table(&now), Class::Metadata);
        for change in options::after_create(&table.settings) {
            self.option(&table.name, change);
        }
        for index in &table.indexes {
            self.create_index(&table.name, index);
        }
        if let Some(comment) = &table.settings.comment {
            self.comment_table(&table.name, Some(comment));
        }
        for column in table.columns.iter().filter(|column| column.comment.is_some()) {
            self.comment_column(&table.name, &column.name, column.comment.as_deref());
        }
    }

    /// Whether a key that foreign keys to the table may need is yet to come.
    fn waits(&self, table: &ObjectName) -> bool {
        self.pending.any(|part| part.is_key_of(table))
    }

    /// The foreign keys of a new table that CREATE TABLE had to leave out.
    pub(super) fn foreign_keys_later(&mut self, table: &Table) {
        for key in table.foreign_keys.iter().filter(|key| self.waits(&key.table)).cloned().collect::<Vec<_>>()
        {
            let part = Part::Member(table.name.clone(), Member::ForeignKey(key.name));
            self.pending.add(part, &self.out.serving);
        }
    }

    fn alter_settings(&mut self, table: &ObjectName, from: &TableSettings, to: &TableSettings) {
        for change in options::changes(from, to) {
            self.option(table, change);
        }
        if from.comment != to.comment {
            self.comment_table(table, to.comment.as_deref());
        }
    }

    fn option(&mut self, table: &ObjectName, change: options::Change) {
        let class = if change.rewrites { Class::Rewrite } else { Class::Metadata };
        let class = self.cost(table, class);
        let lock = Lock::Everybody;
        let clause = Clause { pass: Pass::Option, subject: String::new(), sql: change.clause, class, lock };
        self.out.alter(table, clause);
    }

    fn comment_table(&mut self, table: &ObjectName, comment: Option<&str>) {
        let what = format!("TABLE {}", object(table));
        self.out.comment("", definition::comment(&what, comment));
    }

    /// Renames and moves a table, view or type. Where the new name is taken in the old namespace, the move
    /// comes first.
    pub(super) fn rename(&mut self, kind: &str, from: &ObjectName, to: &ObjectName, taken: bool) {
        let rename = |at: &ObjectName| format!("ALTER {kind} {} RENAME TO {}", object(at), ident(&to.name));
        if from.namespace == to.namespace {
            return self.out.push(rename(from), Class::Metadata);
        }
        let (moved, renamed) =
            (ObjectName { namespace: to.namespace.clone(), ..from.clone() }, from.sibling(to.name.clone()));
        if from.name == to.name {
            self.out.push(set_namespace(kind, from, to.namespace.as_ref()), Class::Metadata);
        } else if taken {
            self.out.push(set_namespace(kind, from, to.namespace.as_ref()), Class::Metadata);
            self.out.push(rename(&moved), Class::Metadata);
        } else {
            self.out.push(rename(from), Class::Metadata);
            self.out.push(set_namespace(kind, &renamed, to.namespace.as_ref()), Class::Metadata);
        }
    }

    /// A constraint that is created at the end. `follows` says whether an alter only repeats renames.
    pub(super) fn constraint<T: Named<Key = Name>>(
        &mut self,
        table: &ObjectName,
        edit: &Edit<T>,
        member: fn(Name) -> Member,
        follows: impl Fn(&Renames, &T, &T) -> bool,
    ) {
        let part = |name: &Name| Part::Member(table.clone(), member(name.clone()));
        match edit {
            Edit::Create(_) => {}
            Edit::Drop(item) => self.remove(&part(item.key())),
            Edit::Alter { from, to } => {
                if !follows(&self.renames, from, to) {
                    self.take_out(&part(to.key()));
                }
            }
            Edit::Rename { from, to } => {
                if !self.pending.rename(&part(from), part(to)) {
                    self.rename_constraint(table, from, to);
                }
            }
        }
    }

    fn rename_constraint(&mut self, table: &ObjectName, from: &Name, to: &Name) {
        let sql = format!("ALTER TABLE {} RENAME CONSTRAINT {} TO {}", object(table), ident(from), ident(to));
        self.out.push(sql, Class::Metadata);
    }

    pub(super) fn primary_key(&mut self, table: &ObjectName, edit: &Edit<PrimaryKey>) {
        let part = Part::Member(table.clone(), Member::PrimaryKey);
        match edit {
            Edit::Create(_) => {}
            Edit::Drop(_) => self.remove(&part),
            Edit::Alter { .. } => self.take_out(&part),
            Edit::Rename { from, to } => {
                if !self.pending.contains(&part) {
                    self.rename_constraint(table, from, to);
                }
            }
        }
    }

    pub(super) fn index(&mut self, table: &ObjectName, edit: &Edit<Index>) {
        let part = |name: &Name| Part::Member(table.clone(), Member::Index(name.clone()));
        match edit {
            Edit::Create(_) => {}
            Edit::Drop(index) => self.remove(&part(&index.name)),
            Edit::Alter { from, to } => {
                if !self.same_index(table, from, to) {
                    self.take_out(&part(&to.name));
                } else if from.comment != to.comment && !self.pending.contains(&part(&to.name)) {
                    self.comment_index(table, &to.name, to.comment.as_deref());
                }
            }
            Edit::Rename { from, to } => {
                if !self.pending.rename(&part(from), part(to)) {
                    let sql = format!("ALTER INDEX {} RENAME TO {}", beside(table, from), ident(to));
                    self.out.push(sql, Class::Metadata);
                }
            }
        }
    }

    /// Whether two definitions of an index differ in nothing but renames and comments.
    fn same_index(&self, table: &ObjectName, from: &Index, to: &Index) -> bool {
        let same = |one: &_, two: &_| self.renames.explain(Some(table), one, two);
        let predicates = match (&from.predicate, &to.predicate) {
            (Some(one), Some(two)) => same(one, two),
            (one, two) => one.is_none() && two.is_none(),
        };
        let mut followed = from.clone();
        followed.comment.clone_from(&to.comment);
        followed.predicate.clone_from(&to.predicate);
        for (key, other) in followed.keys.iter_mut().zip(&to.keys) {
            if let (KeyPart::Expression(one), KeyPart::Expression(two)) = (&key.on, &other.on)
                && same(one, two)
            {
                key.on = other.on.clone();
            }
        }
        predicates && followed == *to
    }
}

/// `SET SCHEMA`; the default namespace has no name of its own, so that the server is asked for it.
fn set_namespace(kind: &str, name: &ObjectName, namespace: Option<&Name>) -> String {
    let alter = format!("ALTER {kind} {} SET SCHEMA ", object(name));
    match namespace {
        Some(namespace) => alter + &ident(namespace),
        None => {
            let run = format!("BEGIN EXECUTE {} || quote_ident(current_schema()); END", string(&alter));
            format!("DO {}", string(&run))
        }
    }
}
