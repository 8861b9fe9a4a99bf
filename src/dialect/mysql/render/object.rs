//! Views and raw objects.

use super::super::definition::create_view;
use super::super::quote::object;
use super::super::script::{self, Part};
use super::Renderer;
use super::output::{of_object, of_view};
use crate::change::{Edit, Op};
use crate::dialect::{Class, Effect};
use crate::model::{RawObject, SqlText, State, View};
use crate::name::ObjectName;

impl Renderer<'_> {
    /// A view that comes or changes waits for the end: the server reads its query at once.
    pub(super) fn view(&mut self, index: usize, edit: &Edit<View>, op: &Op) {
        self.apply(index, op);
        match edit {
            Edit::Create(view) => self.views.push((view.name.clone(), index)),
            Edit::Alter { from, to } => {
                if from.query != to.query {
                    self.views.push((to.name.clone(), index));
                }
            }
            Edit::Drop(view) => {
                self.views.retain(|(name, _)| *name != view.name);
                if let Some(gone) = self.database.views.remove(&view.name) {
                    let effect = Effect { before: of_view(&gone), after: State::default() };
                    let sql = format!("DROP VIEW {}", object(&view.name));
                    self.out.outside(sql, Class::Metadata, Some(effect));
                }
            }
            Edit::Rename { from, to } => self.rename_view(from, to),
        }
    }

    fn rename_view(&mut self, from: &ObjectName, to: &ObjectName) {
        for (name, _) in self.views.iter_mut().filter(|(name, _)| name == from) {
            name.clone_from(to);
        }
        let Some(before) = self.database.views.get(from).map(of_view) else { return };
        self.database.views.rename(from, to.clone());
        let after = self.database.views.get(to).map(of_view).unwrap_or_default();
        let sql = format!("RENAME TABLE {} TO {}", object(from), object(to));
        self.out.outside(sql, Class::Metadata, Some(Effect { before, after }));
    }

    /// Creates the views that wait: all, or those of these names and what they rest on. Each comes behind those that it
    /// reads, in whatever order the operations name them: a change of what a view reads need not come before its own.
    pub(super) fn views_come(&mut self, only: Option<&[ObjectName]>) {
        let waiting = self.views.iter().map(|(name, _)| name);
        let names: Vec<ObjectName> =
            waiting.filter(|name| only.is_none_or(|only| only.contains(name))).cloned().collect();
        for name in names {
            self.view_comes(&name);
        }
    }

    fn view_comes(&mut self, name: &ObjectName) {
        let Some((_, index)) = self.views.iter().rfind(|(waiting, _)| waiting == name).cloned() else {
            return;
        };
        self.views.retain(|(waiting, _)| waiting != name);
        let Some(view) = self.live.views.get(name).cloned() else { return };
        for source in self.live.sources_of_view(&view) {
            self.view_comes(&source);
        }
        let before = self.database.views.get(name).map(of_view);
        self.serve(&[index]);
        let sql = create_view(&view, before.is_some());
        let effect = Effect { before: before.unwrap_or_default(), after: of_view(&view) };
        self.out.outside(sql, Class::Metadata, Some(effect));
        self.database.views.replace(view);
    }

    pub(super) fn object(&mut self, index: usize, edit: &Edit<RawObject>, op: &Op) {
        self.apply(index, op);
        match edit {
            Edit::Create(item) => self.create_object(index, item),
            Edit::Drop(item) => self.drop_object(item),
            Edit::Alter { from, to } => {
                if from.create != to.create {
                    self.drop_object(from);
                    self.create_object(index, to);
                }
            }
            // The SQL says how the database calls it.
            Edit::Rename { from, to } => {
                self.database.objects.rename(from, to.clone());
            }
        }
    }

    fn create_object(&mut self, index: usize, item: &RawObject) {
        self.views_come(Some(&item.depends_on));
        self.serve(&[index]);
        // An object whose drop could never run would close the way back.
        let what = format!("object `{}`", item.name);
        self.errors.extend(script::statements(&what, &item.drop.common).err());
        let partly = |create: Option<&str>| match create {
            Some("") => State::default(),
            Some(create) => of_object(&RawObject { create: SqlText::from(create), ..item.clone() }),
            None => of_object(item),
        };
        self.script(&what, &item.create.common, &partly);
        self.database.objects.replace(item.clone());
    }

    fn drop_object(&mut self, item: &RawObject) {
        // What is left of it is what its creation and the statements so far come to.
        let partly = |drop: Option<&str>| match drop {
            Some("") => of_object(item),
            None => State::default(),
            Some(drop) => {
                let create =
                    item.create.common.trim_end_matches(|end: char| end == ';' || end.is_whitespace());
                let create = SqlText::from(format!("{create}\n;\n{drop}").as_str());
                of_object(&RawObject { create, ..item.clone() })
            }
        };
        self.script(&format!("object `{}`", item.name), &item.drop.common, &partly);
        self.database.objects.remove(&item.name);
    }

    /// The statements of a script. Each that commits by itself has what the script comes to in front of it and with it.
    fn script(&mut self, what: &str, script: &str, partly: &dyn Fn(Option<&str>) -> State) {
        let parts = match script::parts(what, script) {
            Ok(parts) => parts,
            Err(problem) => return self.errors.push(problem),
        };
        for Part { sql, before, with, changes_rows } in parts {
            if changes_rows {
                self.out.inside(sql);
            } else {
                let effect = Effect { before: partly(Some(before)), after: partly(with) };
                self.out.outside(sql, Class::Metadata, Some(effect));
            }
        }
    }
}
