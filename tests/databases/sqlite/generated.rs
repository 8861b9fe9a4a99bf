//! The laws of a database, on schemas that nobody wrote: what a change leads to is what creating the result leads to,
//! and the way back leads back.

use proptest::prelude::*;
use schemactl::change::Step;
use schemactl::dialect::Dialect;
use schemactl::dialect::sqlite::Sqlite;
use schemactl::diff::diff;
use schemactl::model::State;
use schemactl::plan::{Direction, lower};
use schemactl::runner::catalog::Catalog;
use schemactl::runner::connection::{Connection, Options, Target};

use super::{block_on, catalog, run};
use crate::strategies::{Pair, Profile, cases, pair};

async fn memory() -> Connection {
    Connection::connect(&Target::parse("sqlite::memory:").unwrap(), &Options::new("test")).await.unwrap()
}

fn steps(from: &State, to: &State, pair: &Pair) -> Result<Vec<Step>, TestCaseError> {
    Ok(diff(from, to, &pair.renames)?.into_iter().map(Step::Op).collect())
}

/// A database with this schema; `None` if its reference rows contradict its constraints.
async fn created(state: &State) -> Result<Option<Connection>, TestCaseError> {
    let empty = State::default();
    let creation: Vec<Step> = diff(&empty, state, &[])?.into_iter().map(Step::Op).collect();
    let mut connection = memory().await;
    match run(&mut connection, &creation, &empty, Direction::Up).await {
        Ok(()) => Ok(Some(connection)),
        Err(stopped) if is_about_rows(stopped.failure.diagnostic.code.id) => Ok(None),
        Err(stopped) => Err(TestCaseError::fail(format!("creation: {:?}", stopped.failure))),
    }
}

fn compare(now: &Catalog, expected: &Catalog, when: &str, sql: &str) -> Result<(), TestCaseError> {
    let differences: Vec<String> = expected.differences(now).iter().map(ToString::to_string).collect();
    prop_assert!(differences.is_empty(), "{when}:\n{}\nafter\n{sql}", differences.join("\n"));
    Ok(())
}

/// Whether a run stopped because of the rows that were there, and not because of what it was asked to do.
fn is_about_rows(code: &str) -> bool {
    ["E709", "E732", "E734"].contains(&code)
}

/// Whether the steps can be lowered; where something becomes limited to another dialect, their order is not always
/// one that this dialect can follow.
fn fit(steps: &[Step], start: &State, direction: Direction) -> bool {
    let lowered = lower(steps, start, direction, &Sqlite, Sqlite.newest());
    !lowered.is_err_and(|problems| problems.iter().any(|problem| problem.code.id == "E505"))
}

async fn there_and_back(pair: &Pair) -> Result<(), TestCaseError> {
    let Pair { from, to, renames: _ } = pair;
    let steps = steps(from, to, pair)?;
    if !fit(&steps, from, Direction::Up) || !fit(&steps, to, Direction::Down) {
        return Ok(());
    }
    let described = steps.iter().map(|step| match step {
        Step::Op(op) => format!("{}\n", op.describe()),
        Step::Hook(_) => String::new(),
    });
    let sql: String = described.collect();
    let (Some(mut connection), Some(mut result)) = (created(from).await?, created(to).await?) else {
        return Ok(());
    };
    let start = catalog(&mut connection).await;
    for (start_state, direction, end, when) in [
        (from, Direction::Up, catalog(&mut result).await, "up"),
        (to, Direction::Down, start.clone(), "down"),
    ] {
        let before = catalog(&mut connection).await;
        if let Err(stopped) = run(&mut connection, &steps, start_state, direction).await {
            let diagnostic = &stopped.failure.diagnostic;
            prop_assert!(
                is_about_rows(diagnostic.code.id),
                "{when}: {diagnostic} at {:?}\n{sql}",
                stopped.failure.at
            );
            return compare(&catalog(&mut connection).await, &before, "stopped", &sql);
        }
        compare(&catalog(&mut connection).await, &end, when, &sql)?;
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn changes_lead_to_the_catalog_of_their_result_and_back(pair in pair(Profile::Sqlite)) {
        block_on(there_and_back(&pair))?;
    }
}
