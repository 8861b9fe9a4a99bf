//! Views and raw objects. SQLite looks at what they refer to when they are used, and at all of them when a table
//! is altered: so those that later operations replace or remove go before a column or table that they may use.

use std::collections::BTreeSet;

use super::{Late, Renderer};
use crate::change::{Edit, Op};
use crate::diagnostic::Diagnostic;
use crate::dialect::Class;
use crate::dialect::sqlite::ddl;
use crate::dialect::sqlite::errors::E518;
use crate::dialect::sqlite::normal::{RULES, mentions, normal, same_name};
use crate::dialect::sqlite::written::created;
use crate::model::{RawObject, SqlText, View};
use crate::name::ObjectName;
use crate::sql::split;

impl Renderer<'_> {
    pub(super) fn view(&mut self, at: usize, edit: &Edit<View>) {
        match edit {
            Edit::Create(view) => self.put_off(at, &view.name, vec![ddl::create_view(view)]),
            Edit::Drop(view) => self.drop_view(at, &view.name),
            Edit::Alter { from, to } => {
                if normal(&from.query.common) != normal(&to.query.common) {
                    self.replace_view(at, &from.name, to);
                }
            }
            Edit::Rename { from, to } => {
                let Some(view) = self.state.views.get(from) else { return };
                let renamed = View { name: to.clone(), ..view.clone() };
                self.replace_view(at, from, &renamed);
            }
        }
    }

    /// Puts the creation of a view or raw object off to the end: no table needs one, and then every table has the
    /// name and the columns that the text speaks of.
    fn put_off(&mut self, at: usize, name: &ObjectName, statements: Vec<String>) {
        self.late.insert(name.clone(), Late { at, statements });
    }

    /// Creates what was put off, views first, because triggers can be on them.
    pub(super) fn create_late(&mut self) {
        let is_view = |name: &ObjectName| self.state.views.contains(name);
        let (views, others): (Vec<_>, Vec<_>) =
            std::mem::take(&mut self.late).into_iter().partition(|(name, _)| is_view(name));
        for (_, Late { at, statements }) in views.into_iter().chain(others) {
            for statement in statements {
                self.emit(statement, Class::Metadata, &[at]);
            }
        }
    }

    /// Whether a view or raw object of the state is in the database at this moment.
    fn stands(&self, name: &ObjectName) -> bool {
        !self.down.contains(name) && !self.late.contains_key(name)
    }

    /// Notes that something is to go; false when it is not there to be dropped.
    fn goes(&mut self, name: &ObjectName) -> bool {
        let late = self.late.shift_remove(name).is_some();
        !self.down.remove(name) && !late
    }

    fn drop_view(&mut self, at: usize, name: &ObjectName) {
        if self.goes(name) {
            self.take_down(at, name);
            self.emit(ddl::drop("VIEW", name.name.as_str()), Class::Metadata, &[at]);
        }
    }

    /// Drops what speaks of a view until the end: ALTER TABLE refuses to work beside a view or trigger that speaks of
    /// something that is not there, and the triggers of the view would go with it.
    fn take_down(&mut self, at: usize, view: &ObjectName) {
        let mut names = self.views_of(view.name.as_str());
        names.remove(view);
        let others = self.state.views.iter().filter(|other| names.contains(&other.name));
        for other in others.cloned().collect::<Vec<_>>() {
            if self.stands(&other.name) {
                self.emit(ddl::drop("VIEW", other.name.name.as_str()), Class::Metadata, &[at]);
                self.put_off(at, &other.name, vec![ddl::create_view(&other)]);
            }
        }
        names.insert(view.clone());
        let speaks = |text: &str| names.iter().any(|name| mentions(text, name.name.as_str()));
        let is_trigger = |text: &str| trigger_table(text).is_some() && speaks(text);
        let triggers = self.state.objects.iter().filter(|object| is_trigger(&object.create.common));
        for trigger in triggers.cloned().collect::<Vec<_>>() {
            if self.stands(&trigger.name) {
                self.drop_object(at, &trigger);
                self.create_object(at, &trigger);
            }
        }
    }

    fn replace_view(&mut self, at: usize, from: &ObjectName, to: &View) {
        self.drop_view(at, from);
        self.put_off(at, &to.name, vec![ddl::create_view(to)]);
    }

    pub(super) fn object(&mut self, at: usize, edit: &Edit<RawObject>) {
        match edit {
            Edit::Create(object) => self.create_object(at, object),
            Edit::Drop(object) => self.drop_object(at, object),
            Edit::Alter { from, to } => {
                if normal(&from.create.common) != normal(&to.create.common) {
                    self.drop_object(at, from);
                    self.create_object(at, to);
                }
            }
            // The name is the schema's own; the SQL knows another or the same, and stays.
            Edit::Rename { from, to } => {
                if self.down.remove(from) {
                    self.down.insert(to.clone());
                }
                if let Some((place, _, late)) = self.late.shift_remove_full(from) {
                    self.late.shift_insert(place, to.clone(), late);
                }
            }
        }
    }

    fn create_object(&mut self, at: usize, object: &RawObject) {
        let statements = self.statements(&object.name, &object.create);
        self.put_off(at, &object.name, statements);
    }

    fn drop_object(&mut self, at: usize, object: &RawObject) {
        if self.goes(&object.name) {
            for statement in self.statements(&object.name, &object.drop) {
                self.emit(statement, Class::Metadata, &[at]);
            }
        }
    }

    fn statements(&mut self, object: &ObjectName, text: &SqlText) -> Vec<String> {
        match split(&text.common, &RULES) {
            Ok(statements) => statements.into_iter().map(str::to_owned).collect(),
            Err(error) => {
                let message = format!("the SQL of object `{object}` is not complete: {error}");
                self.problems.push(Diagnostic::error(&E518, message).help("close what is left open in it"));
                Vec::new()
            }
        }
    }

    /// Drops, ahead of their own operations behind `at`, the views and triggers that speak of a table.
    pub(super) fn hoist_drops(&mut self, at: usize, table: &str) {
        let views = self.views_of(table);
        for (later, op) in self.ops.iter().enumerate().skip(at + 1) {
            if let Op::View(Edit::Drop(view) | Edit::Alter { from: view, to: _ }) = op
                && views.contains(&view.name)
                && self.stands(&view.name)
                && changes_text(op)
            {
                self.drop_view(later, &view.name);
                self.down.insert(view.name.clone());
            }
            if let Op::Object(Edit::Drop(object) | Edit::Alter { from: object, to: _ }) = op
                && self.state.objects.contains(&object.name)
                && self.stands(&object.name)
                && trigger_table(&object.create.common).is_some()
                && mentions(&object.create.common, table)
                && changes_text(op)
            {
                self.drop_object(later, object);
                self.down.insert(object.name.clone());
            }
        }
    }

    /// The views that speak of a table, themselves or through other views.
    fn views_of(&self, table: &str) -> BTreeSet<ObjectName> {
        let mut found = BTreeSet::new();
        let mut sources = vec![table.to_owned()];
        while let Some(source) = sources.pop() {
            for view in &self.state.views {
                if mentions(&view.query.common, &source) && found.insert(view.name.clone()) {
                    sources.push(view.name.name.to_string());
                }
            }
        }
        found
    }

    /// Creates the triggers on a table or view that the state knows.
    pub(super) fn triggers_on(&self, table: &str) -> Vec<String> {
        let on_it = |text: &&str| trigger_table(text).is_some_and(|on| same_name(&on, table));
        let standing = self.state.objects.iter().filter(|object| self.stands(&object.name));
        let statements = standing.filter_map(|object| split(&object.create.common, &RULES).ok());
        statements.flatten().filter(on_it).map(str::to_owned).collect()
    }
}

/// Whether an operation on a view or raw object does anything here.
fn changes_text(op: &Op) -> bool {
    match op {
        Op::View(Edit::Alter { from, to }) => normal(&from.query.common) != normal(&to.query.common),
        Op::Object(Edit::Alter { from, to }) => normal(&from.create.common) != normal(&to.create.common),
        _ => true,
    }
}

/// The table that a CREATE TRIGGER is about; `None` for any other text.
fn trigger_table(text: &str) -> Option<String> {
    created(text).filter(|created| created.kind == "trigger").map(|created| created.table)
}
