//! Two people edit the same schema. Their branches have a state together that doesn't depend on the order in which they
//! are applied, or are refused.

use std::collections::BTreeSet;

use proptest::prelude::*;
use schemactl::change::{Op, ops, replay};
use schemactl::model::{Naming, State, validate};
use schemactl::revision::{History, RevisionId, Unjoined};

use crate::strategies::chain::Chain;
use crate::strategies::{Fork, Profile, cases, fork};

/// The chain of a fork: the base and its two branches, which stand in either order in it.
fn chain(fork: &Fork, swapped: bool) -> (History, [RevisionId; 3]) {
    let Fork { base, ours, theirs } = fork;
    let chain = Chain::default();
    let first = chain.add(&[], "base", &State::default(), base, &[]);
    let names = if swapped { ["b", "a"] } else { ["a", "b"] };
    let [ours, theirs] = [(names[0], ours), (names[1], theirs)]
        .map(|(name, (state, renames))| chain.add(&[first], name, base, state, renames));
    (chain.history(), [first, ours, theirs])
}

/// The state that a revision leads to on a database that has others; and back again.
fn there_and_back(
    history: &History,
    id: RevisionId,
    applied: &[RevisionId],
    expected: &State,
) -> Result<(), TestCaseError> {
    let link = history.get(id).expect("it was written");
    let start = history.state_at(applied).map_err(|problem| TestCaseError::fail(problem.to_string()))?;
    let set: BTreeSet<RevisionId> = applied.iter().copied().collect();
    let steps = history.steps_on(link, &set).map_err(|problem| TestCaseError::fail(problem.to_string()))?;
    let mut state = start.clone();
    let run = |state: &mut State, ops: &[Op]| {
        replay(state, ops)
            .map_err(|(at, why)| TestCaseError::fail(format!("operation {at}: {why} in {ops:#?}")))
    };
    let up: Vec<Op> = ops(&steps).cloned().collect();
    run(&mut state, &up)?;
    prop_assert_eq!(&state, expected, "after {:#?}", up);
    let down: Vec<Op> = up.into_iter().rev().map(Op::inverse).collect();
    run(&mut state, &down)?;
    prop_assert_eq!(state, start);
    Ok(())
}

proptest! {
    #![proptest_config(cases(192))]

    #[test]
    fn both_orders_lead_to_one_state(fork in fork(Profile::Any)) {
        let (history, [base, ours, theirs]) = chain(&fork, false);
        let (swapped, [.., first, second]) = chain(&fork, true);
        let joined = history.joined(&[ours, theirs], &[]);
        let other = swapped.joined(&[first, second], &[]);
        let (joined, other) = match (joined, other) {
            (Ok(joined), Ok(other)) => (joined.state, other.state),
            (Err(Unjoined::Conflicts(one)), Err(Unjoined::Conflicts(two))) => {
                prop_assert_eq!(one.len(), two.len(), "{:?}\n{:?}", one, two);
                return Ok(());
            }
            (one, two) => return Err(TestCaseError::fail(format!("{one:?}\n{two:?}"))),
        };
        prop_assert_eq!(&joined, &other);
        // What doesn't fit together is refused when branches are merged.
        if !validate(&joined, Naming::Common).is_empty() {
            return Ok(());
        }
        there_and_back(&history, theirs, &[base, ours], &joined)?;
        there_and_back(&history, ours, &[base, theirs], &joined)?;
    }
}
