//! Branches on real databases: whichever a database gets first, it comes to the same catalog, and back again.

use std::cell::RefCell;
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
use schemactl::model::{Naming, State, validate};
use schemactl::plan::Direction;
use schemactl::revision::{History, RevisionId};

use crate::stage::{Refused, Stage, differences};
use crate::strategies::chain::Chain;
use crate::strategies::{Fork, Profile, cases, fork};

fn failed(what: impl ToString) -> TestCaseError {
    TestCaseError::fail(what.to_string())
}

/// The chain of a fork: the base and its two branches.
fn chain(fork: &Fork) -> (History, [RevisionId; 3]) {
    let Fork { base, ours, theirs } = fork;
    let chain = Chain::default();
    let first = chain.add(&[], "base", &State::default(), base, &[]);
    let [ours, theirs] = [("ours", ours), ("theirs", theirs)]
        .map(|(name, (state, renames))| chain.add(&[first], name, base, state, renames));
    (chain.history(), [first, ours, theirs])
}

/// Whether the version can't have or do it, or rows are asked for that aren't there.
fn is_expected(refused: &Refused) -> bool {
    refused.codes().iter().all(|code| ["E530", "E531"].contains(code))
}

/// Applies one branch and then the other, and undoes the first of them.
fn hold(stage: &mut Stage, fresh: &mut Stage, fork: &Fork) -> Result<(), TestCaseError> {
    let (history, [base, ours, theirs]) = chain(fork);
    let Ok(joined) = history.joined(&[ours, theirs], &[]) else { return Ok(()) };
    if !validate(&joined.state, Naming::Common).is_empty() || fresh.create(&joined.state).is_err() {
        return Ok(());
    }
    let expected = fresh.catalog();
    for [first, second] in [[ours, theirs], [theirs, ours]] {
        let start = history.state_at(&[first]).map_err(failed)?;
        if stage.create(&fork.base).is_err() {
            return Ok(());
        }
        let mut applied = BTreeSet::from([base]);
        for (id, before) in [(first, &fork.base), (second, &start)] {
            let link = history.get(id).expect("it was written");
            let steps = history.steps_on(link, &applied).map_err(failed)?;
            match stage.run_as(&id.to_string(), &steps, before, Direction::Up) {
                Ok(()) => {}
                Err(refused) if is_expected(&refused) => return Ok(()),
                Err(refused) => return Err(failed(refused)),
            }
            applied.insert(id);
        }
        let found = differences(&expected, &stage.catalog());
        prop_assert!(found.is_empty(), "the catalog differs:\n{found}");
        // Back by the branch that came first.
        applied.remove(&first);
        let link = history.get(first).expect("it was written");
        let steps = history.steps_on(link, &applied).map_err(failed)?;
        match stage.run_as(&first.to_string(), &steps, &joined.state, Direction::Down) {
            Ok(()) => {}
            Err(refused) if is_expected(&refused) => return Ok(()),
            Err(refused) => return Err(failed(refused)),
        }
        let left = history.state_at(&[second]).map_err(failed)?;
        let catalog = stage.catalog();
        if fresh.create(&left).is_ok() {
            let found = differences(&fresh.catalog(), &catalog);
            prop_assert!(found.is_empty(), "after the way back the catalog differs:\n{found}");
        }
        fresh.create(&joined.state).map_err(failed)?;
    }
    Ok(())
}

/// Forks without rows: what rows do to a change is another law.
fn generated(new: fn() -> Stage, profile: Profile, count: u32) {
    let stages = RefCell::new((new(), new()));
    let strategy = fork(profile).prop_map(|mut fork| {
        for state in [&mut fork.base, &mut fork.ours.0, &mut fork.theirs.0] {
            state.data = Default::default();
        }
        fork
    });
    let result = TestRunner::new(cases(count)).run(&strategy, |fork| {
        let (stage, fresh) = &mut *stages.borrow_mut();
        hold(stage, fresh, &fork)
    });
    result.unwrap_or_else(|problem| panic!("{problem}"));
}

#[test]
fn sqlite_comes_to_one_catalog() {
    generated(Stage::sqlite, Profile::Sqlite, 64);
}

#[test]
fn postgres_comes_to_one_catalog() {
    generated(Stage::postgres, Profile::Postgres, 16);
}

#[test]
fn mysql_comes_to_one_catalog() {
    generated(Stage::mysql, Profile::Mysql, 8);
}
