//! A state that operations change, as one dialect sees it, beside the whole of it: what the dialect doesn't see can come
//! to light, with the cells that reference rows have there.

use super::{ApplyError, Earlier, Edit, Op, References, RowEdit};
use crate::model::{Collection, Column, DataSet, State, View};
use crate::name::{DialectName, ObjectName};

/// A state that operations change, as one dialect sees it.
#[derive(Debug)]
pub struct Seen {
    dialect: DialectName,
    /// What the dialect sees.
    state: State,
    references: References,
    /// What columns were, as the dialect saw them.
    earlier: Earlier,
    /// What there is on all dialects together.
    whole: State,
    whole_references: References,
}

impl Seen {
    /// Begins with a whole state.
    #[must_use]
    pub fn new(whole: &State, dialect: DialectName) -> Self {
        Self {
            state: whole.for_dialect(&dialect),
            dialect,
            references: References::default(),
            earlier: Earlier::default(),
            whole: whole.clone(),
            whole_references: References::default(),
        }
    }

    /// As [`new`](Self::new), behind operations after which columns are not what they were.
    #[must_use]
    pub fn behind(self, earlier: Earlier) -> Self {
        Self { earlier: earlier.for_dialect(&self.dialect), ..self }
    }

    /// The state as the dialect sees it.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// What columns were before, as the dialect saw them.
    #[must_use]
    pub fn earlier(&self) -> &Earlier {
        &self.earlier
    }

    /// Gives the state away, as the dialect sees it.
    #[must_use]
    pub fn into_state(self) -> State {
        self.state
    }

    /// What an operation is on the dialect; empty when there is nothing to do. A column that becomes limited to another
    /// dialect takes the cells of reference rows along, and one that is so no more brings them.
    #[must_use]
    pub fn ops(&self, op: &Op) -> Vec<Op> {
        let Some(seen) = op.for_dialect(&self.state, &self.dialect) else { return Vec::new() };
        match (op, &seen) {
            (Op::Column { edit: Edit::Alter { .. }, .. }, Op::Column { table, edit: Edit::Create(to) }) => {
                let rows = self.rows(table, &self.whole, |columns| drop(columns.replace((**to).clone())));
                std::iter::once(seen).chain(rows).collect()
            }
            (Op::Column { edit: Edit::Alter { .. }, .. }, Op::Column { table, edit: Edit::Drop(from) }) => {
                let rows = self.rows(table, &self.state, |columns| drop(columns.remove(&from.name)));
                rows.into_iter().chain([seen]).collect()
            }
            _ => vec![seen],
        }
    }

    /// Changes the state as an operation says, and gives what it is on the dialect.
    ///
    /// # Errors
    /// What the dialect sees of the operation doesn't fit; the state may then be changed in part.
    pub fn follow(&mut self, op: &Op) -> Result<Vec<Op>, ApplyError> {
        let seen = self.ops(op);
        // What no statement of the dialect waits for may be passed before what it rests on has run.
        let _ = op.apply_along(&mut self.whole, &mut self.whole_references);
        for op in &seen {
            op.apply_along(&mut self.state, &mut self.references)?;
            self.earlier.follow(op);
        }
        Ok(seen)
    }

    /// As [`follow`](Self::follow), where views may still read what goes: they stay, until others take their place.
    ///
    /// # Errors
    /// As those of [`follow`](Self::follow).
    pub fn follow_below_views(&mut self, op: &Op) -> Result<Vec<Op>, ApplyError> {
        let is_dropped = |view: &View| matches!(op, Op::View(Edit::Drop(gone)) if gone.name == view.name);
        let aside: Vec<View> = self.state.views.iter().filter(|view| !is_dropped(view)).cloned().collect();
        aside.iter().for_each(|view| drop(self.state.views.remove(&view.name)));
        let followed = self.follow(op);
        aside.into_iter().for_each(|view| drop(self.state.views.replace(view)));
        followed
    }

    /// As [`follow`](Self::follow), where an operation that doesn't fit is one that ran ahead of its place.
    pub fn pass(&mut self, op: &Op) -> Vec<Op> {
        let seen = self.ops(op);
        self.follow(op).unwrap_or(seen)
    }

    /// What becomes of a table's reference rows when its columns change: those that are seen now become what there is of
    /// these rows in the columns then.
    fn rows(&self, name: &ObjectName, rows: &State, change: impl FnOnce(&mut Collection<Column>)) -> Vec<Op> {
        let (Some(table), Some(data)) = (self.state.tables.get(name), rows.data.get(name)) else {
            return Vec::new();
        };
        let mut after = table.clone();
        change(&mut after.columns);
        let of = |set: Option<&DataSet>| set.map(|set| set.rows.clone()).unwrap_or_default();
        let (mut before, after) = (of(self.state.data.get(name)), of(data.within(&after).as_ref()));
        let mut edits = Vec::new();
        for (position, to) in after {
            match before.remove(&position) {
                None => edits.push(RowEdit::Insert(to)),
                Some(from) if from == to => {}
                Some(from) => edits.push(RowEdit::Update { from, to }),
            }
        }
        // Rows that can't be told apart any more are none of the schema's.
        edits.extend(before.into_values().map(RowEdit::Delete));
        let op = |edit| Op::Row { table: name.clone(), key: data.key.clone(), edit };
        edits.into_iter().map(op).collect()
    }
}
