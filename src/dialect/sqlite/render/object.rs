//! Views and raw objects. SQLite looks at what they refer to when they are used, and at all of them when a table
//! is altered: so those that later operations replace or remove go before a column or table that they may use.

use std::collections::BTreeSet;

use super::Renderer;
use crate::change::{Edit, Op};
use crate::diagnostic::Diagnostic;
use crate::dialect::Class;
use crate::dialect::sqlite::ddl;
use crate::dialect::sqlite::errors::E518;
use crate::dialect::sqlite::normal::{RULES, mentions, normal, same_name, significant, unquoted};
use crate::model::{RawObject, SqlText, View};
use crate::name::ObjectName;
use crate::sql::split;

impl Renderer<'_> {
    pub(super) fn view(&mut self, at: usize, edit: &Edit<View>) {
        match edit {
            Edit::Create(view) => {
                self.flush_all(at);
                self.emit(ddl::create_view(view), Class::Metadata, &[at]);
            }
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

    fn drop_view(&mut self, at: usize, name: &ObjectName) {
        if !self.down.remove(name) {
            self.emit(ddl::drop("VIEW", name.name.as_str()), Class::Metadata, &[at]);
        }
    }

    /// The triggers of a view go with it, so those that the state knows come back after it.
    fn replace_view(&mut self, at: usize, from: &ObjectName, to: &View) {
        let triggers = self.triggers_on(from.name.as_str());
        self.drop_view(at, from);
        self.flush_all(at);
        self.emit(ddl::create_view(to), Class::Metadata, &[at]);
        if from == &to.name {
            triggers.into_iter().for_each(|sql| self.emit(sql, Class::Metadata, &[at]));
        }
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
            Edit::Rename { .. } => {}
        }
    }

    fn create_object(&mut self, at: usize, object: &RawObject) {
        self.flush_all(at);
        self.script(at, &object.name, &object.create);
    }

    fn drop_object(&mut self, at: usize, object: &RawObject) {
        if !self.down.remove(&object.name) {
            self.script(at, &object.name, &object.drop);
        }
    }

    fn script(&mut self, at: usize, object: &ObjectName, text: &SqlText) {
        match split(&text.common, &RULES) {
            Ok(statements) => {
                for statement in statements {
                    self.emit(statement.to_owned(), Class::Metadata, &[at]);
                }
            }
            Err(error) => {
                let message = format!("the SQL of object `{object}` is not complete: {error}");
                self.problems.push(Diagnostic::error(&E518, message).help("close what is left open in it"));
            }
        }
    }

    /// Drops, ahead of their own operations behind `at`, the views and triggers that speak of a table.
    pub(super) fn hoist_drops(&mut self, at: usize, table: &str) {
        let views = self.views_of(table);
        for (later, op) in self.ops.iter().enumerate().skip(at + 1) {
            match op {
                Op::View(Edit::Drop(view) | Edit::Alter { from: view, to: _ }) => {
                    let stands = self.state.views.contains(&view.name) && !self.down.contains(&view.name);
                    if stands && views.contains(&view.name) && changes_query(op) {
                        self.drop_view(later, &view.name);
                        self.down.insert(view.name.clone());
                    }
                }
                Op::Object(Edit::Drop(object) | Edit::Alter { from: object, to: _ }) => {
                    let stands =
                        self.state.objects.contains(&object.name) && !self.down.contains(&object.name);
                    let text = &object.create.common;
                    if stands && trigger_table(text).is_some() && mentions(text, table) && changes_query(op) {
                        self.drop_object(later, object);
                        self.down.insert(object.name.clone());
                    }
                }
                _ => {}
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
        let standing = self.state.objects.iter().filter(|object| !self.down.contains(&object.name));
        let statements = standing.filter_map(|object| split(&object.create.common, &RULES).ok());
        statements.flatten().filter(on_it).map(str::to_owned).collect()
    }
}

/// Whether an operation on a view or raw object does anything here.
fn changes_query(op: &Op) -> bool {
    match op {
        Op::View(Edit::Alter { from, to }) => normal(&from.query.common) != normal(&to.query.common),
        Op::Object(Edit::Alter { from, to }) => normal(&from.create.common) != normal(&to.create.common),
        _ => true,
    }
}

/// The table that a CREATE TRIGGER is about; `None` for any other text.
fn trigger_table(text: &str) -> Option<String> {
    let tokens = significant(text);
    let mut words = tokens.iter();
    let skipped = |word: &str| ["TEMP", "TEMPORARY"].iter().any(|skipped| word.eq_ignore_ascii_case(skipped));
    if !words.next()?.is_word("CREATE") {
        return None;
    }
    if !words.find(|token| !skipped(token.text))?.is_word("TRIGGER") {
        return None;
    }
    words.find(|token| token.is_word("ON"))?;
    words.next().map(unquoted)
}
