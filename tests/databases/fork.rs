//! Branches on real databases: whichever a database gets first, it comes to the same catalog, and back again.

use std::cell::RefCell;
use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::{TestCaseError, TestRunner};
use schemactl::model::{Naming, validate};
use schemactl::plan::Direction;
use schemactl::revision::{History, RevisionId};

use crate::stage::{Refused, Stage, differences};
use crate::strategies::chain::{Forked, is_contrary};
use crate::strategies::{Fork, Profile, cases, fork};

fn failed(what: impl ToString) -> TestCaseError {
    TestCaseError::fail(what.to_string())
}

/// Whether the version can't have or do it.
fn is_expected(refused: &Refused) -> bool {
    refused.is_cast() || refused.codes().iter().all(|code| ["E530", "E531"].contains(code))
}

/// A database on the way along a chain.
struct Way<'a> {
    history: &'a History,
    stage: &'a mut Stage,
    applied: BTreeSet<RevisionId>,
}

/// How a step ended that the version refuses, or that a merge would have refused.
struct Left;

impl Way<'_> {
    /// Applies a revision, or undoes it.
    fn go(&mut self, id: RevisionId, direction: Direction) -> Result<Result<(), Left>, TestCaseError> {
        let state = |applied: &BTreeSet<RevisionId>| {
            let tips = self.history.tips(applied);
            self.history.state_at(&tips)
        };
        let Ok(before) = state(&self.applied) else { return Ok(Err(Left)) };
        if direction == Direction::Down {
            self.applied.remove(&id);
        }
        let link = self.history.get(id).expect("it was written");
        let steps = match self.history.steps_on(link, &self.applied) {
            Ok(steps) => steps,
            Err(problem) if is_contrary(&problem) => return Ok(Err(Left)),
            Err(problem) => return Err(failed(problem)),
        };
        match self.stage.run_as(&id.to_string(), &steps, &before, direction) {
            Ok(()) => {}
            Err(refused) if is_expected(&refused) => return Ok(Err(Left)),
            Err(refused) => return Err(failed(refused)),
        }
        if direction == Direction::Up {
            self.applied.insert(id);
        }
        Ok(Ok(()))
    }
}

/// Applies the branches in every order, and one on top of the other; then undoes the one that came first.
fn hold(stage: &mut Stage, fresh: &mut Stage, fork: &Fork) -> Result<(), TestCaseError> {
    let forked = Forked::named(fork, ["ours", "theirs"]);
    let Ok(joined) = forked.history.joined(&forked.heads(), &[]) else { return Ok(()) };
    if !validate(&joined.state, Naming::Common).is_empty() || fresh.create(&joined.state).is_err() {
        return Ok(());
    }
    let expected = fresh.catalog();
    let Some((straight, moved)) = forked.rebased() else { return Ok(()) };
    let orders = [&[true][..], &[false], &fork.order].map(|order| (&forked.history, forked.mixed(order)));
    let on_top = (&straight, forked.theirs.iter().chain(&moved).copied().collect::<Vec<_>>());
    for (history, order) in orders.into_iter().chain([on_top]) {
        if stage.create(&fork.base).is_err() {
            return Ok(());
        }
        let mut way = Way { history, stage, applied: BTreeSet::from([forked.base]) };
        for id in &order {
            if way.go(*id, Direction::Up)?.is_err() {
                return Ok(());
            }
        }
        let found = differences(&expected, &way.stage.catalog());
        prop_assert!(found.is_empty(), "the catalog differs:\n{found}");
        // Back by the branch that came first; where one is on top of the other, by that.
        let first = order.first().filter(|_| std::ptr::eq(history, &forked.history));
        let back = if first.is_some_and(|first| forked.ours.contains(first)) || first.is_none() {
            &forked.ours
        } else {
            &forked.theirs
        };
        for id in back.iter().rev() {
            if way.go(*id, Direction::Down)?.is_err() {
                return Ok(());
            }
        }
        let Ok(left) = history.state_at(&history.tips(&way.applied)) else { return Ok(()) };
        let catalog = way.stage.catalog();
        if fresh.create(&left).is_ok() {
            let found = differences(&fresh.catalog(), &catalog);
            prop_assert!(found.is_empty(), "after the way back the catalog differs:\n{found}");
        }
    }
    Ok(())
}

/// Forks without rows: what rows do to a change is another law.
fn generated(new: fn() -> Stage, profile: Profile, count: u32) {
    let stages = RefCell::new((new(), new()));
    let strategy = fork(profile).prop_map(|mut fork| {
        let steps = fork.ours.iter_mut().chain(&mut fork.theirs).map(|(state, _)| state);
        steps.chain([&mut fork.base]).for_each(|state| state.data = Default::default());
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
    generated(Stage::postgres, Profile::Postgres, 4);
}

#[test]
fn mysql_comes_to_one_catalog() {
    generated(Stage::mysql, Profile::Mysql, 4);
}
