//! Operations lead from one state to the other and back, whatever order they were found in.

use proptest::prelude::*;
use schemactl::change::{Op, References, order, replay};
use schemactl::diff::{changes, condense, diff};
use schemactl::model::{ForDialect, State};
use schemactl::name::{DialectName, Name};

use crate::strategies::{Pair, Profile, cases, pair, state};

/// The state that operations lead to.
fn replayed<'a>(from: &State, ops: impl IntoIterator<Item = &'a Op>) -> Result<State, TestCaseError> {
    let mut state = from.clone();
    let result = replay(&mut state, ops);
    result.map_err(|(index, error)| TestCaseError::fail(format!("operation {index}: {error}")))?;
    Ok(state)
}

/// Whether a dialect sees something as it is, if all dialects are said to.
fn unchanged<T: ForDialect + PartialEq>(item: &T, dialect: &DialectName) -> bool {
    !item.is_common() || item.for_dialect(dialect).as_ref() == Some(item)
}

proptest! {
    #![proptest_config(cases(512))]

    #[test]
    fn operations_lead_to_the_state_that_they_were_made_for(Pair { from, to, renames } in pair(Profile::Any)) {
        let ops = diff(&from, &to, &renames)?;
        prop_assert_eq!(replayed(&from, &ops)?, to, "after {:#?}", ops);
    }

    #[test]
    fn inverses_lead_back(Pair { from, to, renames } in pair(Profile::Any)) {
        let inverses: Vec<Op> = diff(&from, &to, &renames)?.into_iter().rev().map(Op::inverse).collect();
        prop_assert_eq!(replayed(&to, &inverses)?, from, "after {:#?}", inverses);
    }

    /// From nothing to the second state over the first, and from the first to the second and back.
    #[test]
    fn operations_in_a_row_come_to_fewer_that_lead_as_far(Pair { from, to, renames } in pair(Profile::Any)) {
        let (empty, up) = (State::default(), diff(&from, &to, &renames)?);
        let down = up.iter().rev().cloned().map(Op::inverse);
        let ways = [
            (&empty, &to, diff(&empty, &from, &[])?.into_iter().chain(up.iter().cloned()).collect::<Vec<_>>()),
            (&from, &from, up.iter().cloned().chain(down).collect()),
        ];
        for (start, end, ops) in ways {
            let few = condense(start, &ops);
            prop_assert!(few.len() <= ops.len());
            prop_assert_eq!(&replayed(start, &few)?, end, "after {:#?}", few);
            let back: Vec<Op> = few.into_iter().rev().map(Op::inverse).collect();
            prop_assert_eq!(&replayed(end, &back)?, start, "after {:#?}", back);
        }
    }

    #[test]
    fn unrelated_states_are_led_to_each_other(from in state(Profile::Any), mut to in state(Profile::Any)) {
        // A table that stays can't become limited to another dialect.
        for table in to.tables.iter_mut() {
            if let Some(before) = from.tables.get(&table.name) {
                table.settings.only = before.settings.only.clone();
            }
        }
        let ops = diff(&from, &to, &[])?;
        prop_assert_eq!(replayed(&from, &ops)?, to, "after {:#?}", ops);
    }

    #[test]
    fn the_inverse_of_an_inverse_is_the_operation(Pair { from, to, renames } in pair(Profile::Any)) {
        for op in diff(&from, &to, &renames)? {
            prop_assert_eq!(op.clone().inverse().inverse(), op);
        }
    }

    /// What operations note of each other's foreign keys never changes what they do.
    #[test]
    fn operations_do_the_same_alone_as_in_a_row(Pair { from, to, renames } in pair(Profile::Any)) {
        let up = diff(&from, &to, &renames)?;
        let down: Vec<Op> = up.iter().rev().cloned().map(Op::inverse).collect();
        let (mut alone, mut in_a_row, mut references) = (from.clone(), from, References::default());
        for op in up.iter().chain(&down) {
            prop_assert_eq!(op.apply(&mut alone), op.apply_along(&mut in_a_row, &mut references));
            prop_assert_eq!(&alone, &in_a_row, "after {:#?}", op);
        }
    }

    /// Everything goes, in the order in which it was found: what is still needed is refused alike.
    #[test]
    fn operations_are_refused_alike_alone_and_in_a_row(from in state(Profile::Any)) {
        let (mut alone, mut in_a_row, mut references) = (from.clone(), from.clone(), References::default());
        for op in changes(&from, &State::default())? {
            let (one, other) = (op.apply(&mut alone), op.apply_along(&mut in_a_row, &mut references));
            prop_assert_eq!(one, other, "at {:#?}", op);
        }
        prop_assert_eq!(alone, in_a_row);
    }

    #[test]
    fn what_is_common_to_all_dialects_looks_the_same_to_each(state in state(Profile::Any)) {
        for dialect in ["sqlite", "postgres"].map(|name| DialectName::new(Name::new(name).expect("it is a name"))) {
            let seen = state.for_dialect(&dialect);
            prop_assert_eq!(&seen.for_dialect(&dialect), &seen);
            for table in &state.tables {
                prop_assert!(unchanged(table, &dialect));
                prop_assert!(!table.is_common() || seen.tables.get(&table.name) == Some(table));
                prop_assert!(table.columns.iter().all(|column| unchanged(column, &dialect)));
                prop_assert!(table.checks.iter().all(|check| unchanged(check, &dialect)));
                prop_assert!(table.indexes.iter().all(|index| unchanged(index, &dialect)));
            }
            prop_assert!(state.views.iter().all(|view| unchanged(view, &dialect)));
            prop_assert!(state.objects.iter().all(|object| unchanged(object, &dialect)));
        }
    }

    #[test]
    fn nothing_leads_from_a_state_to_itself(state in state(Profile::Any)) {
        prop_assert_eq!(diff(&state, &state, &[])?, Vec::<Op>::new());
    }

    /// What hides behind the order in which differences are found comes out when they are found in another.
    #[test]
    fn the_order_does_not_depend_on_the_order_of_finding(
        (pair, found, shuffled) in pair(Profile::Any).prop_flat_map(|pair| {
            let found = changes(&pair.from, &pair.to).expect("no table changes its limit");
            (Just(pair), Just(found.clone()), Just(found).prop_shuffle())
        })
    ) {
        let ordered = order(shuffled, &pair.from, &pair.to)?;
        prop_assert_eq!(&ordered, &order(found, &pair.from, &pair.to)?);
        prop_assert_eq!(replayed(&pair.from, &ordered)?, pair.to);
    }
}
