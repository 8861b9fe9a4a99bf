//! Operations lead from one state to the other and back, whatever order they were found in.

use proptest::prelude::*;
use schemactl::change::{Op, order, replay};
use schemactl::diff::{changes, diff};
use schemactl::model::State;

use crate::strategies::{Pair, Profile, cases, pair, state};

/// The state that operations lead to.
fn replayed<'a>(from: &State, ops: impl IntoIterator<Item = &'a Op>) -> Result<State, TestCaseError> {
    let mut state = from.clone();
    let result = replay(&mut state, ops);
    result.map_err(|(index, error)| TestCaseError::fail(format!("operation {index}: {error}")))?;
    Ok(state)
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
