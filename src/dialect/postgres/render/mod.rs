//! Operations to statements. What only stands on its own (columns, tables, rows, drops) is done in place; what
//! rests on something else (constraints, indexes, views) is created at the end of the batch, in an order that
//! works, and what stands in the way of a change is dropped before it and made anew there too.

mod carry;
mod column;
mod dependents;
mod enumeration;
mod guard;
mod identity;
mod object;
mod output;
mod part;
mod pending;
mod renames;
mod row;
mod table;

use std::collections::{BTreeMap, BTreeSet};

use super::errors::E536;
use super::version;
use crate::change::{Earlier, Edit, Op, References, TableEdit};
use crate::diagnostic::Diagnostic;
use crate::dialect::row::runs;
use crate::dialect::{Action, Batch, Class, Version};
use crate::model::State;
use crate::name::{Name, ObjectName};
use dependents::Texts;
use output::Output;
use part::{Member, Part};
use pending::Pending;
use renames::Renames;

/// Renders a batch.
pub(super) fn render(batch: Batch<'_>, version: Version) -> Result<Vec<Action>, Vec<Diagnostic>> {
    let Batch { before, ops, after, earlier } = batch;
    let (ops, first) = enumeration::hoisted(ops);
    let ops = ops.as_ref();
    let mut renderer = Renderer {
        version,
        ops,
        earlier,
        live: before.clone(),
        references: References::default(),
        out: Output::default(),
        pending: Pending::default(),
        renames: Renames::default(),
        texts: Texts::default(),
        created: BTreeSet::new(),
        relaxed: BTreeSet::new(),
        last_columns: last_columns(ops),
        slots: 0,
        errors: Vec::new(),
    };
    for run in runs(ops, &first) {
        renderer.run(&run);
    }
    renderer.restore_all();
    let Renderer { live, out, mut errors, .. } = renderer;
    if errors.is_empty() && live != *after {
        errors.push(Diagnostic::error(&E536, "the operations don't lead to the state where they should end"));
    }
    if errors.is_empty() { Ok(out.finish()) } else { Err(errors) }
}

fn last_columns(ops: &[Op]) -> BTreeMap<ObjectName, usize> {
    let columns = ops.iter().enumerate().filter_map(|(index, op)| match op {
        Op::Column { table, .. } => Some((table.clone(), index)),
        _ => None,
    });
    columns.collect()
}

/// A walk through a batch.
struct Renderer<'a> {
    version: Version,
    ops: &'a [Op],
    /// What columns were before.
    earlier: &'a Earlier,
    /// The state before the operation at hand. Parts of it may be missing from the database: see `pending`.
    live: State,
    references: References,
    out: Output,
    pending: Pending,
    renames: Renames,
    texts: Texts,
    /// Tables that this batch has created: they are empty, and nobody waits for them.
    created: BTreeSet<ObjectName>,
    /// Columns that go in this batch and take NULL until then, because rows are written that lack them.
    relaxed: BTreeSet<(ObjectName, Name)>,
    /// The last operation on a column of each table.
    last_columns: BTreeMap<ObjectName, usize>,
    /// How many numbers are given for what is carried from views that go to those that come back.
    slots: usize,
    errors: Vec<Diagnostic>,
}

impl Renderer<'_> {
    /// Renders operations that belong together: one, or several on rows of one table.
    fn run(&mut self, indices: &[usize]) {
        self.out.serving = indices.iter().copied().collect();
        let ops: Vec<&Op> = indices.iter().filter_map(|index| self.ops.get(*index)).collect();
        for op in &ops {
            self.errors.extend(version::refusals(op, self.version));
        }
        if let [Op::Row { table, .. }, ..] = ops.as_slice() {
            self.rows(&table.clone(), &ops);
        }
        for (index, op) in indices.iter().zip(ops) {
            if let Err(problem) = self.op(*index, op) {
                self.errors.push(problem);
            }
            if let Err(problem) = op.apply_along(&mut self.live, &mut self.references) {
                self.errors.push(Diagnostic::error(&E536, format!("operation {}: {problem}", index + 1)));
            }
            self.create_later(op);
            if let Op::Column { table, .. } = op
                && self.last_columns.get(table) == Some(index)
            {
                self.restore_generated(table);
            }
        }
    }

    /// What is done before the state changes: drops, renames, and all that can be done at once.
    fn op(&mut self, index: usize, op: &Op) -> Result<(), Diagnostic> {
        match op {
            Op::Namespace(edit) => self.namespace(edit),
            Op::Enum(edit) => self.enum_type(edit),
            Op::EnumValue { of, from, to } => self.enum_value(of, from, to),
            Op::Table(edit) => self.table(edit),
            Op::Column { table, edit } => return self.column(index, table, edit),
            Op::PrimaryKey { table, edit } => self.primary_key(table, edit),
            Op::Unique { table, edit } => {
                self.constraint(table, edit, Member::Unique, |_, _, _| false);
            }
            Op::ForeignKey { table, edit } => {
                self.constraint(table, edit, Member::ForeignKey, |_, _, _| false);
            }
            Op::Check { table, edit } => {
                self.constraint(table, edit, Member::Check, |renames, from, to| {
                    renames.explain(Some(table), &from.expression, &to.expression)
                });
            }
            Op::Index { table, edit } => self.index(table, edit),
            Op::View(edit) => self.view(edit),
            Op::Object(edit) => return self.object(edit),
            Op::Row { .. } => {}
        }
        Ok(())
    }

    /// What is left for later: the parts that the operation creates, or has dropped to create anew.
    fn create_later(&mut self, op: &Op) {
        let part = match op {
            Op::Column { table, edit: Edit::Create(column) } if column.generated.is_some() => {
                Part::Member(table.clone(), Member::Generated(column.name.clone()))
            }
            Op::PrimaryKey { table, edit: Edit::Create(_) } => {
                Part::Member(table.clone(), Member::PrimaryKey)
            }
            Op::Unique { table, edit: Edit::Create(item) } => {
                Part::Member(table.clone(), Member::Unique(item.name.clone()))
            }
            Op::ForeignKey { table, edit: Edit::Create(item) } => {
                Part::Member(table.clone(), Member::ForeignKey(item.name.clone()))
            }
            Op::Check { table, edit: Edit::Create(item) } => {
                Part::Member(table.clone(), Member::Check(item.name.clone()))
            }
            Op::Index { table, edit: Edit::Create(item) } => {
                Part::Member(table.clone(), Member::Index(item.name.clone()))
            }
            Op::View(Edit::Create(view)) => Part::View(view.name.clone()),
            Op::Table(TableEdit::Create(table)) => return self.foreign_keys_later(table),
            Op::Object(Edit::Create(object)) => {
                let part = Part::Object(object.name.clone());
                self.pending.add(part.clone(), &self.out.serving);
                return self.restore(&part);
            }
            Op::Namespace(_)
            | Op::Enum(_)
            | Op::EnumValue { .. }
            | Op::Table(_)
            | Op::Column { .. }
            | Op::PrimaryKey { .. }
            | Op::Unique { .. }
            | Op::ForeignKey { .. }
            | Op::Check { .. }
            | Op::Index { .. }
            | Op::View(_)
            | Op::Object(_)
            | Op::Row { .. } => return,
        };
        self.pending.add(part, &self.out.serving);
    }

    /// What a statement on a table costs: next to nothing while the table is new.
    fn cost(&self, table: &ObjectName, class: Class) -> Class {
        if self.created.contains(table) { Class::Metadata } else { class }
    }
}
