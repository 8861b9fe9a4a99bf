//! Operations to actions. The operations are played on a copy of the state; what they change of a table is put
//! off until something needs the table or the end comes, and is then done at once: with ALTER where SQLite has
//! it, otherwise in one rebuild. Renames are done at once and natively, because SQLite lets everything follow
//! them, even what the state does not know.

mod difference;
mod flush;
mod object;
mod rebuild;
mod row;
mod table;
mod tracker;

use std::collections::BTreeSet;

use indexmap::IndexMap;

use self::tracker::Tracker;
use super::errors::E519;
use crate::change::{Earlier, Op, References};
use crate::diagnostic::Diagnostic;
use crate::dialect::{Action, Batch, Class, Guard, Statement, Transaction};
use crate::model::State;
use crate::name::ObjectName;

/// What has to be done for a batch.
///
/// # Errors
/// What SQLite has no way to do.
pub(super) fn render(batch: Batch<'_>) -> Result<Vec<Action>, Vec<Diagnostic>> {
    let Batch { before, ops, after: _, earlier } = batch;
    let mut renderer = Renderer {
        ops,
        earlier,
        state: before.clone(),
        trackers: IndexMap::new(),
        down: BTreeSet::new(),
        late: IndexMap::new(),
        actions: Vec::new(),
        problems: Vec::new(),
    };
    let mut references = References::default();
    for (at, op) in ops.iter().enumerate() {
        renderer.step(at, op);
        if let Err(error) = op.apply_along(&mut renderer.state, &mut references) {
            renderer.problems.push(Diagnostic::error(&E519, format!("operation {}: {error}", at + 1)));
            return Err(renderer.problems);
        }
    }
    renderer.flush_all(ops.len());
    renderer.create_late();
    if renderer.problems.is_empty() { Ok(renderer.actions) } else { Err(renderer.problems) }
}

struct Renderer<'a> {
    ops: &'a [Op],
    /// What columns were before.
    earlier: &'a Earlier,
    /// The state in front of the operation that is being rendered.
    state: State,
    /// The tables that operations touched, by their current names, in the order of the first touch.
    trackers: IndexMap<ObjectName, Tracker>,
    /// Views and raw objects that were dropped ahead of their own operation.
    down: BTreeSet<ObjectName>,
    /// Views and raw objects that are created at the end.
    late: IndexMap<ObjectName, Late>,
    actions: Vec<Action>,
    problems: Vec<Diagnostic>,
}

/// The creation of something, for the end.
struct Late {
    /// The operation that it serves.
    at: usize,
    statements: Vec<String>,
}

impl Renderer<'_> {
    fn step(&mut self, at: usize, op: &Op) {
        match op {
            // Refused by the check of the state; nothing can be done for one.
            Op::Namespace(_) => {}
            Op::Enum(edit) => self.enum_type(at, edit),
            Op::EnumValue { of, from, to } => self.enum_value(at, of, from, to),
            Op::Table(edit) => self.table(at, edit),
            Op::Column { table, edit } => self.column(at, table, edit),
            Op::PrimaryKey { table, edit: _ }
            | Op::Unique { table, edit: _ }
            | Op::ForeignKey { table, edit: _ }
            | Op::Check { table, edit: _ } => self.touch(at, table),
            Op::Index { table, edit } => self.index(at, table, edit),
            Op::View(edit) => self.view(at, edit),
            Op::Object(edit) => self.object(at, edit),
            Op::Row { table, key, edit } => self.row(at, table, key, edit),
        }
    }

    fn emit(&mut self, sql: String, class: Class, ops: &[usize]) {
        self.emit_in(Transaction::Inside, sql, class, ops, None);
    }

    fn emit_in(
        &mut self,
        transaction: Transaction,
        sql: String,
        class: Class,
        ops: &[usize],
        guard: Option<Guard>,
    ) {
        // A file has one writer whatever it does, so that a slow statement is nothing that a plan has to tell.
        let hazards = Vec::new();
        self.actions.push(Action::Statement(Statement {
            sql,
            ops: ops.to_vec(),
            class,
            hazards,
            guards: guard.into_iter().collect(),
            carry: None,
            effect: None,
            transaction,
        }));
    }
}
