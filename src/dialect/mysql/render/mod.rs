//! Operations to statements. What changes a table is put off until something else comes: then the table that is in the
//! database is compared with the one that is wanted, and the difference is written out, one statement for each way in which
//! the server carries changes out. Views come at the end, because they are read when they are created.

mod algorithm;
mod along;
mod change;
mod column;
mod difference;
mod enumeration;
mod fit;
mod guard;
mod hashed;
mod namesake;
mod object;
mod output;
mod relied;
mod renames;
mod row;
mod table;
mod together;

use std::collections::{BTreeMap, BTreeSet};

use super::errors::E568;
use super::version;
use crate::change::{Earlier, Edit, Op, References};
use crate::diagnostic::Diagnostic;
use crate::dialect::row::runs;
use crate::dialect::{Action, Batch, Version};
use crate::model::State;
use crate::name::{Name, ObjectName};
use output::Output;
use renames::Texts;

/// Renders a batch.
pub(super) fn render(batch: Batch<'_>, version: Version) -> Result<Vec<Action>, Vec<Diagnostic>> {
    let mut errors = relied::left_alone(&batch);
    errors.extend(relied::left_unkeyed(&batch));
    let Batch { before, ops, after, earlier } = batch;
    let texts = Texts::of(before, ops);
    let mut database = before.clone();
    // A way back begins behind renames that the schema's expressions don't follow.
    database.tables.iter_mut().for_each(|table| column::in_present_names(table, &texts));
    let mut renderer = Renderer {
        ops,
        earlier,
        after,
        live: before.clone(),
        references: References::default(),
        database,
        open: None,
        texts,
        passing: passing(ops),
        created: BTreeSet::new(),
        unfilled: BTreeSet::new(),
        relaxed: BTreeSet::new(),
        suspended: BTreeSet::new(),
        given_up: namesake::given_up(ops),
        keeping: Some(BTreeSet::new()),
        misnamed: BTreeSet::new(),
        views: Vec::new(),
        out: Output::new(ops, before, version),
        errors,
    };
    for run in runs(ops, &[]) {
        renderer.run(&run);
    }
    renderer.finish();
    let Renderer { live, out, mut errors, .. } = renderer;
    if errors.is_empty() && live != *after {
        errors.push(Diagnostic::error(&E568, "the operations don't lead to the state where they should end"));
    }
    if errors.is_empty() { Ok(out.finish()) } else { Err(errors) }
}

fn passing(ops: &[Op]) -> BTreeMap<ObjectName, BTreeSet<Name>> {
    let mut passing: BTreeMap<ObjectName, BTreeSet<Name>> = BTreeMap::new();
    for op in ops {
        if let Op::Column { table, edit: Edit::Create(column) | Edit::Drop(column) } = op {
            passing.entry(table.clone()).or_default().insert(column.name.clone());
        }
    }
    passing
}

/// A walk through a batch.
struct Renderer<'a> {
    ops: &'a [Op],
    /// What columns were before.
    earlier: &'a Earlier,
    /// The state behind it.
    after: &'a State,
    /// The state that the operations say, so far.
    live: State,
    references: References,
    /// The state that the database is in after the statements so far. Expressions in it follow renames.
    database: State,
    /// The table whose changes are put off, with the operations.
    open: Option<(ObjectName, BTreeSet<usize>)>,
    texts: Texts<'a>,
    /// The columns of each table that come or go in this batch: an expression may speak of one that is not there.
    passing: BTreeMap<ObjectName, BTreeSet<Name>>,
    /// Tables that this batch has created: they are empty, and nobody waits for them.
    created: BTreeSet<ObjectName>,
    /// Required columns that have no value until the batch's reference rows have come.
    unfilled: BTreeSet<(ObjectName, Name)>,
    /// Columns that go in this batch and take NULL until then, because rows are written that lack them.
    relaxed: BTreeSet<(ObjectName, Name)>,
    /// Foreign keys that are gone until the end of the batch, because a column of theirs gets another type.
    suspended: BTreeSet<(ObjectName, Name)>,
    /// The names that foreign keys have no more behind this batch, or that go over to others.
    given_up: BTreeSet<Name>,
    /// Tables with a key that has to wait for the one that foreign keys rest on next; nothing at the end of the batch.
    keeping: Option<BTreeSet<ObjectName>>,
    /// Tables with constraints that the server has renamed along with them, and that get their own names again.
    misnamed: BTreeSet<ObjectName>,
    /// Views that come at the end, with the operation.
    views: Vec<(ObjectName, usize)>,
    out: Output<'a>,
    errors: Vec<Diagnostic>,
}

impl Renderer<'_> {
    /// Renders operations that belong together: one, or several on rows of one table.
    fn run(&mut self, indices: &[usize]) {
        let ops = self.ops;
        let ops: Vec<&Op> = indices.iter().filter_map(|index| ops.get(*index)).collect();
        for op in &ops {
            // Two parts that can't be together are both the reason, and told once.
            for problem in version::refusals(op, self.after, self.out.version) {
                if !self.errors.contains(&problem) {
                    self.errors.push(problem);
                }
            }
        }
        let [first, ..] = ops.as_slice() else { return };
        if let Op::Row { table, .. } = first {
            self.close();
            self.serve(indices);
            self.rows(&table.clone(), &ops);
        }
        for (index, op) in indices.iter().zip(ops) {
            self.op(*index, op);
        }
        if let Some(Op::Row { table, .. }) = indices.last().and_then(|last| self.ops.get(*last)) {
            self.filled(&table.clone(), indices);
        }
    }

    /// What the next statements are for.
    fn serve(&mut self, indices: &[usize]) {
        self.out.serving = indices.iter().copied().collect();
    }

    /// The next statements are for all such operations.
    fn serve_all(&mut self, is_such: impl Fn(&Self, &Op) -> bool) {
        self.out.serving.clear();
        self.serve_also(is_such);
    }

    /// The next statements are for all such operations as well.
    fn serve_also(&mut self, is_such: impl Fn(&Self, &Op) -> bool) {
        let such = self.ops.iter().enumerate().filter(|(_, op)| is_such(self, op));
        let such: Vec<usize> = such.map(|(index, _)| index).collect();
        self.out.serving.extend(such);
    }

    fn apply(&mut self, index: usize, op: &Op) {
        self.texts.pass(index);
        if let Err(problem) = op.apply_along(&mut self.live, &mut self.references) {
            self.errors.push(Diagnostic::error(&E568, format!("operation {}: {problem}", index + 1)));
        }
    }

    fn op(&mut self, index: usize, op: &Op) {
        match op {
            Op::Column { table, edit: Edit::Rename { from, to } } => {
                self.close();
                self.serve(&[index]);
                self.rename_column(table, from, to, op);
                self.apply(index, op);
                self.checks_come(table, [from, to]);
            }
            Op::Unique { table, edit: Edit::Rename { from, to } }
            | Op::Index { table, edit: Edit::Rename { from, to } } => {
                self.close();
                self.serve(&[index]);
                self.rename_key(table, from, to);
                self.apply(index, op);
                self.checks_come(table, [from, to]);
            }
            Op::Column { table, .. }
            | Op::PrimaryKey { table, .. }
            | Op::Unique { table, .. }
            | Op::ForeignKey { table, .. }
            | Op::Check { table, .. }
            | Op::Index { table, .. } => {
                self.touch(index, table, op);
                self.apply(index, op);
            }
            Op::Table(edit) => self.table(index, edit, op),
            Op::Namespace(_) | Op::Enum(_) | Op::EnumValue { .. } | Op::View(_) | Op::Object(_) => {
                self.close();
                self.serve(&[index]);
                match op {
                    Op::Enum(edit) => self.enum_type(edit, op, index),
                    Op::EnumValue { of, from, to } => self.enum_value(of, from, to, op, index),
                    Op::View(edit) => self.view(index, edit, op),
                    Op::Object(edit) => self.object(index, edit, op),
                    _ => self.apply(index, op),
                }
            }
            Op::Row { .. } => self.apply(index, op),
        }
    }

    /// Brings the checks that had to wait for a name, or step aside for it.
    fn checks_come(&mut self, table: &ObjectName, names: [&Name; 2]) {
        let live = self.live.tables.get(table);
        if live.is_some_and(|live| names.iter().any(|name| live.checks.contains(*name))) {
            self.flush(table);
        }
    }

    /// Brings what was put off.
    fn finish(&mut self) {
        self.close();
        for table in self.texts.renamed(&self.live.tables) {
            self.serve_all(
                |_, op| matches!(op, Op::Column { table: of, edit: Edit::Rename { .. } } if *of == table),
            );
            self.flush(&table);
        }
        for table in self.misnamed.clone() {
            self.out.serving.clear();
            self.flush(&table);
        }
        for table in self.keeping.take().unwrap_or_default() {
            self.serve_all(|_, op| op.table() == Some(&table));
            self.flush(&table);
        }
        let suspended = std::mem::take(&mut self.suspended);
        let tables: BTreeSet<&ObjectName> = suspended.iter().map(|(table, _)| table).collect();
        for table in tables {
            let keys = suspended.iter().filter(|(of, _)| of == table);
            self.serve_all(|renderer, op| keys.clone().any(|(_, key)| renderer.retypes(op, table, key)));
            self.flush(table);
        }
        self.views_come(None);
    }
}
