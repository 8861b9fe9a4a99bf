//! Two people edit the same schema. Their branches have a state together that doesn't depend on the order in which they
//! are applied, or are refused; put on top of each other they lead to the same.

use std::collections::BTreeSet;

use proptest::prelude::*;
use schemactl::change::{Op, Step, ops, replay};
use schemactl::model::{Naming, State, validate};
use schemactl::revision::{History, RevisionId, Unjoined};

use crate::strategies::chain::{Forked, is_contrary};
use crate::strategies::{Profile, cases, fork};

fn failed(what: impl ToString) -> TestCaseError {
    TestCaseError::fail(what.to_string())
}

/// Runs steps on a state, and back, and there again.
fn there_and_back(state: &mut State, steps: &[Step]) -> Result<(), TestCaseError> {
    let start = state.clone();
    let run = |state: &mut State, ops: &[Op]| {
        replay(state, ops).map_err(|(at, why)| failed(format!("operation {at}: {why} in {ops:#?}")))
    };
    let up: Vec<Op> = ops(steps).cloned().collect();
    run(state, &up)?;
    let mut back = state.clone();
    let down: Vec<Op> = up.into_iter().rev().map(Op::inverse).collect();
    run(&mut back, &down)?;
    prop_assert_eq!(back, start);
    Ok(())
}

/// Applies revisions in an order to a database that has these.
fn walk(
    history: &History,
    applied: &[RevisionId],
    order: &[RevisionId],
    expected: &State,
) -> Result<(), TestCaseError> {
    let mut state = history.state_at(applied).map_err(failed)?;
    let mut applied: BTreeSet<RevisionId> = applied.iter().copied().collect();
    for id in order {
        let link = history.get(*id).expect("it was written");
        let steps = match history.steps_on(link, &applied) {
            Ok(steps) => steps,
            Err(problem) if is_contrary(&problem) => return Ok(()),
            Err(problem) => return Err(failed(problem)),
        };
        there_and_back(&mut state, &steps)?;
        applied.insert(*id);
    }
    prop_assert_eq!(&state, expected);
    Ok(())
}

proptest! {
    #![proptest_config(cases(64))]

    #[test]
    fn both_orders_lead_to_one_state(fork in fork(Profile::Any)) {
        let forked = Forked::named(&fork, ["a", "b"]);
        let swapped = Forked::named(&fork, ["b", "a"]);
        let joined = forked.history.joined(&forked.heads(), &[]);
        let other = swapped.history.joined(&swapped.heads(), &[]);
        let (joined, other) = match (joined, other) {
            (Ok(joined), Ok(other)) => (joined.state, other.state),
            (Err(Unjoined::Conflicts(one)), Err(Unjoined::Conflicts(two))) => {
                prop_assert_eq!(one.len(), two.len(), "{:?}\n{:?}", one, two);
                return Ok(());
            }
            (one, two) => return Err(failed(format!("{one:?}\n{two:?}"))),
        };
        prop_assert_eq!(&joined, &other);
        // What doesn't fit together is refused when branches are merged.
        if !validate(&joined, Naming::Common).is_empty() {
            return Ok(());
        }
        let Forked { history, base, .. } = &forked;
        let orders = [&[true][..], &[false], &fork.order];
        for order in orders {
            walk(history, &[*base], &forked.mixed(order), &joined)?;
        }
        // Put on top, ours does what it does on a database that has theirs.
        let Some((straight, ids)) = forked.rebased() else { return Ok(()) };
        let problems = straight.verify();
        prop_assert!(problems.is_empty(), "{:?}", problems);
        let [_, theirs] = forked.heads();
        walk(&straight, &[theirs], &ids, &joined)?;
    }
}
