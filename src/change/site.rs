//! Where steps run: what is for some environments alone is left out of the others, and keeps its place there.

use std::borrow::Cow;

use super::{Hook, Op, RowEdit, Step};
use crate::model::{Row, State, is_within};
use crate::name::Name;

/// Where steps run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Site<'e> {
    /// Nowhere in particular: nothing is left out. For what is shown and checked.
    Any,
    /// On a database of this environment, or of none.
    In(Option<&'e Name>),
}

impl Site<'_> {
    /// The state of a database there.
    #[must_use]
    pub fn state(self, state: &State) -> Cow<'_, State> {
        match self {
            Self::Any => Cow::Borrowed(state),
            Self::In(environment) => state.in_environment(environment),
        }
    }

    /// The hook as it runs there; one that is for others has nothing to do.
    #[must_use]
    pub fn hook(self, hook: &Hook) -> Cow<'_, Hook> {
        match self {
            Self::In(environment) if !is_within(&hook.only_env, environment) => Cow::Owned(hook.left_out()),
            Self::In(_) | Self::Any => Cow::Borrowed(hook),
        }
    }

    /// The operation as it runs there; `None` where there is nothing to do. What it rests on is the [`state`](Self::state)
    /// there.
    #[must_use]
    pub fn op(self, op: Op) -> Option<Op> {
        match (self, op) {
            (Self::In(environment), Op::Row { table, key, edit }) => {
                Some(Op::Row { table, key, edit: edit.in_environment(environment)? })
            }
            (Self::In(_) | Self::Any, op) => Some(op),
        }
    }
}

impl RowEdit {
    /// What it comes to in an environment, or where there is none. A row that comes to more environments is inserted in
    /// those, and one that goes from some is deleted there.
    fn in_environment(&self, environment: Option<&Name>) -> Option<Self> {
        let here = |row: &Row| row.in_environment(environment);
        match self {
            Self::Insert(row) => here(row).map(Self::Insert),
            Self::Delete(row) => here(row).map(Self::Delete),
            Self::Update { from, to } => match (here(from), here(to)) {
                (Some(from), Some(to)) => (from != to).then_some(Self::Update { from, to }),
                (Some(from), None) => Some(Self::Delete(from)),
                (None, Some(to)) => Some(Self::Insert(to)),
                (None, None) => None,
            },
        }
    }

    /// Whether one of its rows is for an environment, or for where there is none.
    #[must_use]
    pub fn is_for(&self, environment: Option<&Name>) -> bool {
        self.rows().any(|row| is_within(&row.only_env, environment))
    }

    /// The environments that its rows are limited to.
    pub fn environments(&self) -> impl Iterator<Item = &Name> {
        self.rows().flat_map(|row| &row.only_env)
    }

    fn rows(&self) -> impl Iterator<Item = &Row> {
        let (row, other) = match self {
            Self::Insert(row) | Self::Delete(row) => (row, None),
            Self::Update { from, to } => (from, Some(to)),
        };
        std::iter::once(row).chain(other)
    }
}

impl Step {
    /// Whether it is something else in some environments than in others.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        !self.environments().is_empty()
    }

    /// The environments that it names, for which it is something else than for others.
    #[must_use]
    pub fn environments(&self) -> Vec<&Name> {
        match self {
            Self::Hook(hook) => hook.only_env.iter().collect(),
            Self::Op(Op::Row { edit, .. }) => edit.environments().collect(),
            Self::Op(_) => Vec::new(),
        }
    }
}
