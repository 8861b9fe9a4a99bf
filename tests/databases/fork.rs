//! Branches on real databases: whichever a database gets first, it comes to the same catalog, and back again.

use std::collections::BTreeSet;

use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use schemactl::model::{Naming, validate};
use schemactl::plan::Direction;
use schemactl::revision::{History, RevisionId};

use crate::laws::{Outcome, create, is_expected, read_for, try_out};
use crate::stage::{Stage, differences};
use crate::strategies::chain::{Forked, is_contrary};
use crate::strategies::{Fork, Profile, cases, fork};

fn failed(what: impl ToString) -> TestCaseError {
    TestCaseError::fail(what.to_string())
}

/// A database on the way along a chain.
struct Way<'a> {
    history: &'a History,
    stage: &'a mut Stage,
    applied: BTreeSet<RevisionId>,
}

impl Way<'_> {
    /// Applies a revision, or undoes it; unless the version refuses it, or a merge would have.
    fn go(&mut self, id: RevisionId, direction: Direction) -> Result<Outcome, TestCaseError> {
        let state = |applied: &BTreeSet<RevisionId>| {
            let tips = self.history.tips(applied);
            self.history.state_at(&tips)
        };
        let Ok(before) = state(&self.applied) else { return Ok(Outcome::Impossible) };
        if direction == Direction::Down {
            self.applied.remove(&id);
        }
        let link = self.history.get(id).expect("it was written");
        let steps = match self.history.steps_on(link, &self.applied) {
            Ok(steps) => steps,
            Err(problem) if is_contrary(&problem) => return Ok(Outcome::Impossible),
            Err(problem) => return Err(failed(problem)),
        };
        match self.stage.run_as(&id.to_string(), &steps, &before, direction) {
            Ok(()) => {}
            Err(refused) if is_expected(&refused) => return Ok(Outcome::Impossible),
            Err(refused) => return Err(failed(refused)),
        }
        if direction == Direction::Up {
            self.applied.insert(id);
        }
        Ok(Outcome::Whole)
    }
}

/// Applies the branches in every order, and one on top of the other; then undoes the one that came first.
fn hold(stage: &mut Stage, fresh: &mut Stage, fork: &Fork) -> Result<Outcome, TestCaseError> {
    let forked = Forked::named(fork, ["ours", "theirs"]);
    let Ok(joined) = forked.history.joined(&forked.heads(), &[]) else { return Ok(Outcome::Impossible) };
    if !validate(&joined.state, Naming::Common).is_empty()
        || create(fresh, &joined.state)? == Outcome::Impossible
    {
        return Ok(Outcome::Impossible);
    }
    let expected = fresh.catalog();
    let Some((straight, moved)) = forked.rebased() else { return Ok(Outcome::Impossible) };
    let orders = [&[true][..], &[false], &fork.order].map(|order| (&forked.history, forked.mixed(order)));
    let on_top = (&straight, forked.theirs.iter().chain(&moved).copied().collect::<Vec<_>>());
    for (history, order) in orders.into_iter().chain([on_top]) {
        if create(stage, &fork.base)? == Outcome::Impossible {
            return Ok(Outcome::Impossible);
        }
        let mut way = Way { history, stage, applied: BTreeSet::from([forked.base]) };
        for id in &order {
            if way.go(*id, Direction::Up)? == Outcome::Impossible {
                return Ok(Outcome::Impossible);
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
            if way.go(*id, Direction::Down)? == Outcome::Impossible {
                return Ok(Outcome::Impossible);
            }
        }
        let Ok(left) = history.state_at(&history.tips(&way.applied)) else { return Ok(Outcome::Impossible) };
        let catalog = way.stage.catalog();
        if create(fresh, &left)? == Outcome::Impossible {
            return Ok(Outcome::Impossible);
        }
        let found = differences(&fresh.catalog(), &catalog);
        prop_assert!(found.is_empty(), "after the way back the catalog differs:\n{found}");
    }
    Ok(Outcome::Whole)
}

/// Forks without rows: what rows do to a change is another law.
fn generated(new: fn() -> Stage, profile: Profile, count: u32) {
    let (mut stage, mut fresh) = (new(), new());
    let strategy = fork(profile).prop_map(|mut fork| {
        let steps = fork.ours.iter_mut().chain(&mut fork.theirs).map(|(state, _)| state);
        steps.chain([&mut fork.base]).for_each(|state| state.data = Default::default());
        fork
    });
    try_out(cases(count), &strategy, 50, |fork| hold(&mut stage, &mut fresh, &fork));
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

/// The way back says a text twice in the names from before, ahead of the rename.
#[test]
fn mysql_takes_a_check_over_a_renamed_column_back_beside_another_branch() {
    let [base, ours] = [
        "table t { column a int; check (sql)\"`a` >= 0\"; index a }",
        "table t { column b int was=a; check (sql)\"`b` >= 0\" was=t_a_check; index b was=t_a_idx }",
    ]
    .map(|text| read_for(text, Naming::PerTable));
    let fork = Fork {
        base: base.state.clone(),
        ours: vec![(ours.state, ours.renames)],
        theirs: vec![(base.state, Vec::new())],
        order: vec![false, true],
    };
    assert_eq!(hold(&mut Stage::mysql(), &mut Stage::mysql(), &fork).unwrap(), Outcome::Whole);
}
