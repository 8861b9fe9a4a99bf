//! Namespaces, views and raw objects.

use crate::change::Edit;
use crate::diagnostic::Diagnostic;
use crate::dialect::Class;
use crate::model::{Namespace, RawObject, View};

use super::super::quote::{ident, object};
use super::super::{definition, script};
use super::Renderer;
use super::part::Part;

impl Renderer<'_> {
    pub(super) fn namespace(&mut self, edit: &Edit<Namespace>) {
        let comment = |item: &Namespace| {
            definition::comment(&format!("SCHEMA {}", ident(&item.name)), item.comment.as_deref())
        };
        match edit {
            Edit::Create(item) => {
                self.out.push(format!("CREATE SCHEMA {}", ident(&item.name)), Class::Metadata);
                if item.comment.is_some() {
                    self.out.push(comment(item), Class::Metadata);
                }
            }
            Edit::Drop(item) => self.out.push(format!("DROP SCHEMA {}", ident(&item.name)), Class::Metadata),
            Edit::Alter { to, .. } => self.out.push(comment(to), Class::Metadata),
            Edit::Rename { from, to } => {
                let sql = format!("ALTER SCHEMA {} RENAME TO {}", ident(from), ident(to));
                self.out.push(sql, Class::Metadata);
                self.pending.follow_namespace(from, to);
                self.renames.other(from, to);
            }
        }
    }

    pub(super) fn view(&mut self, edit: &Edit<View>) {
        match edit {
            Edit::Create(_) => {}
            Edit::Drop(view) => self.remove(&Part::View(view.name.clone())),
            Edit::Alter { from, to } => {
                let part = Part::View(to.name.clone());
                if !self.renames.explain(None, &from.query, &to.query) {
                    self.take_out(&part);
                } else if from.comment != to.comment && !self.pending.contains(&part) {
                    let what = format!("VIEW {}", object(&to.name));
                    self.out.push(definition::comment(&what, to.comment.as_deref()), Class::Metadata);
                }
            }
            Edit::Rename { from, to } => {
                if !self.pending.contains(&Part::View(from.clone())) {
                    let taken = self.live.views.contains(&from.sibling(to.name.clone()));
                    self.rename("VIEW", from, to, taken);
                }
                self.pending.follow(from, to);
                self.renames.relation(from, to);
            }
        }
    }

    /// A raw object goes in place; the one that takes the place of an altered one comes at the end. A rename
    /// is ours alone: the SQL says how the database calls it.
    pub(super) fn object(&mut self, edit: &Edit<RawObject>) -> Result<(), Diagnostic> {
        match edit {
            Edit::Create(item) => usable(item)?,
            Edit::Drop(item) => self.remove(&Part::Object(item.name.clone())),
            Edit::Alter { from, to } => {
                usable(to)?;
                if !self.renames.explain(None, &from.create, &to.create) {
                    self.take_out(&Part::Object(to.name.clone()));
                }
            }
            Edit::Rename { from, to } => self.pending.follow(from, to),
        }
        Ok(())
    }
}

/// Refuses an object whose drop could never run: the way back would be closed.
fn usable(item: &RawObject) -> Result<(), Diagnostic> {
    script::statements(&format!("object `{}`", item.name), &item.drop.common).map(|_| ())
}
