//! Applies an operation to a state, strictly: what a database would refuse is refused here, so that a wrong
//! order or an edited revision fails without a server.

mod member;
mod object;
mod reference;
mod row;
mod table;

use super::{Op, References, Step};
use crate::model::State;

/// Why an operation can't be applied to a state. Each names the thing by kind and name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ApplyError {
    /// Something that must be there is not.
    #[error("{0} `{1}` does not exist")]
    Missing(&'static str, String),
    /// Something that must not be there is.
    #[error("{0} `{1}` exists already")]
    Exists(&'static str, String),
    /// Something is not what the operation says that it is.
    #[error("{0} `{1}` is not what the operation expects it to be")]
    Differs(&'static str, String),
    /// Something else still needs what is to go.
    #[error("{0} `{1}` is still used by {2}")]
    InUse(&'static str, String, String),
    /// The operation contradicts itself.
    #[error("{0} `{1}`: {2}")]
    Invalid(&'static str, String, &'static str),
}

impl Op {
    /// Changes the state as the operation says.
    ///
    /// # Errors
    /// The state is not one that the operation can run on; it may then be changed in part.
    pub fn apply(&self, state: &mut State) -> Result<(), ApplyError> {
        self.apply_along(state, &mut References::default())
    }

    /// Changes the state as the operation says, as one of many: `references` begins as its default and goes along
    /// with the state.
    ///
    /// # Errors
    /// See [`apply`](Self::apply).
    pub fn apply_along(&self, state: &mut State, references: &mut References) -> Result<(), ApplyError> {
        self.run(state, references)?;
        references.follow(self, state);
        Ok(())
    }

    fn run(&self, state: &mut State, references: &mut References) -> Result<(), ApplyError> {
        match self {
            Self::Namespace(edit) => object::namespace(state, edit),
            Self::Enum(edit) => object::enum_type(state, edit),
            Self::EnumValue { of, from, to } => object::enum_value(state, of, from, to),
            Self::Table(edit) => table::table(state, edit, references),
            Self::Column { table, edit } => member::column(state, table, edit, references),
            Self::PrimaryKey { table, edit } => member::primary_key(state, table, edit),
            Self::Unique { table, edit } => member::constraint(state, table, edit),
            Self::ForeignKey { table, edit } => member::foreign_key(state, table, edit),
            Self::Check { table, edit } => member::constraint(state, table, edit),
            Self::Index { table, edit } => member::constraint(state, table, edit),
            Self::View(edit) => object::view(state, edit, references),
            Self::Object(edit) => object::object(state, edit, references),
            Self::Row { table, key, edit } => row::row(state, table, key, edit),
        }
    }
}

/// Applies operations one after the other.
///
/// # Errors
/// The index of the first operation that can't be applied, and why.
pub fn replay<'a>(
    state: &mut State,
    ops: impl IntoIterator<Item = &'a Op>,
) -> Result<(), (usize, ApplyError)> {
    let mut references = References::default();
    let mut ops = ops.into_iter().enumerate();
    ops.try_for_each(|(index, op)| op.apply_along(state, &mut references).map_err(|error| (index, error)))
}

/// The operations among steps; hooks change no schema.
pub fn ops(steps: &[Step]) -> impl DoubleEndedIterator<Item = &Op> {
    steps.iter().filter_map(|step| match step {
        Step::Op(op) => Some(op),
        Step::Hook(_) => None,
    })
}
