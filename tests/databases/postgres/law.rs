//! The laws of rendering, with generated schemas.

use std::cell::RefCell;

use proptest::test_runner::{TestCaseError, TestRunner};
use schemactl::change::Op;
use schemactl::diagnostic::Diagnostic;
use schemactl::dialect::Dialect;
use schemactl::dialect::postgres::Postgres;
use schemactl::diff::diff;
use schemactl::model::State;

use super::trial::Trial;
use crate::strategies::{Pair, Profile, cases, pair};

/// Refusals that a generated change may meet: types without a cast, and what the version doesn't have.
fn expected(problems: &[Diagnostic]) -> bool {
    problems.iter().all(|problem| ["E530", "E531"].contains(&problem.code.id))
}

/// Whether a table or view takes the name of an enum: they share names, and the order of operations knows
/// nothing of it.
fn swap_kinds(from: &State, to: &State) -> bool {
    from.enums.keys().any(|name| to.tables.contains(name) || to.views.contains(name))
}

#[test]
fn a_change_leads_to_what_a_fresh_database_is_and_back() {
    let trial = RefCell::new(Trial::new("law"));
    let law = |Pair { from, to, renames }: Pair| {
        let (before, after) = (from.for_dialect(&Postgres.name()), to.for_dialect(&Postgres.name()));
        if swap_kinds(&before, &after) || swap_kinds(&after, &before) {
            return Ok(());
        }
        let trial = &mut *trial.borrow_mut();
        // A rename of what another database has is none here.
        let up = diff(&before, &after, &renames).or_else(|_| diff(&before, &after, &[]))?;
        let down: Vec<Op> = up.iter().rev().map(|op| op.clone().inverse()).collect();
        for state in [&before, &after] {
            let problems = Postgres.check(state);
            if !problems.is_empty() {
                return Err(TestCaseError::fail(format!("the generator made what can't be: {problems:#?}")));
            }
            if let Err(problems) =
                trial.render(&State::default(), &diff(&State::default(), state, &[])?, state)
            {
                return if expected(&problems) {
                    Ok(())
                } else {
                    Err(TestCaseError::fail(format!("{problems:#?}")))
                };
            }
        }
        for (start, ops, end) in [(&before, &up, &after), (&after, &down, &before)] {
            if let Err(problems) = trial.render(start, ops, end) {
                return if expected(&problems) {
                    Ok(())
                } else {
                    Err(TestCaseError::fail(format!("{problems:#?}")))
                };
            }
        }
        let wanted_after = trial.try_fresh(&after).map_err(TestCaseError::fail)?;
        let wanted_before = trial.try_fresh(&before).map_err(TestCaseError::fail)?;
        let sql = trial.try_run(&before, &up, &after).map_err(TestCaseError::fail)?;
        if trial.catalog() != wanted_after {
            return Err(TestCaseError::fail(trial.difference(&wanted_after, &sql)));
        }
        let sql = trial.try_run(&after, &down, &before).map_err(TestCaseError::fail)?;
        if trial.catalog() != wanted_before {
            return Err(TestCaseError::fail(trial.difference(&wanted_before, &sql)));
        }
        Ok(())
    };
    let result = TestRunner::new(cases(40)).run(&pair(Profile::Postgres), law);
    result.unwrap_or_else(|problem| panic!("{problem}"));
}
