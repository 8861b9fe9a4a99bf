//! Reference rows that are for some environments: a database has those of its own, however it came to its schema, and again
//! after the way back.

use std::collections::BTreeSet;

use proptest::prelude::*;
use schemactl::change::Step;
use schemactl::diff::diff;
use schemactl::model::{State, Table};
use schemactl::name::Name;
use schemactl::plan::Direction;

use super::{Outcome, Stages, create, is_expected, may_stop, try_out};
use crate::stage::{Refused, Stage};
use crate::strategies::{Pair, cases, pair};

/// What reference rows say, table by table; of tables without any, how many rows there are.
fn contents(stage: &mut Stage, seen: &State) -> Vec<(String, Vec<String>)> {
    let query = |stage: &Stage, table: &Table| {
        let rows = seen.data.get(&table.name).map(|data| &data.rows);
        let said =
            |name: &&Name| rows.is_some_and(|rows| rows.values().all(|row| row.cells.contains_key(*name)));
        let columns: Vec<String> =
            table.columns.keys().filter(said).map(|name| stage.dialect.quoted(name)).collect();
        let columns = if columns.is_empty() { "count(*)".to_owned() } else { columns.join(", ") };
        format!("SELECT {columns} FROM {}", stage.quoted(&table.name))
    };
    let queries: Vec<String> = seen.tables.iter().map(|table| query(stage, table)).collect();
    let rows = super::rows::read(stage, &queries);
    queries.into_iter().zip(rows).collect()
}

/// The law in one environment.
fn hold(stages: &mut Stages, pair: &Pair, environment: &Name) -> Result<Outcome, TestCaseError> {
    let Pair { from, to, renames } = pair;
    let Stages { changed: stage, fresh } = stages;
    stage.environment = Some(environment.clone());
    fresh.environment = Some(environment.clone());
    let steps: Vec<Step> = diff(from, to, renames)?.into_iter().map(Step::Op).collect();
    if create(stage, from)? == Outcome::Impossible {
        return Ok(Outcome::Impossible);
    }
    for (start, end, direction) in [(from, to, Direction::Up), (to, from, Direction::Down)] {
        if create(fresh, end)? == Outcome::Impossible {
            return Ok(Outcome::Impossible);
        }
        match stage.run(&steps, start, direction) {
            Ok(()) => {}
            Err(refused) if is_expected(&refused) => return Ok(Outcome::Impossible),
            Err(Refused::Stopped(..)) if may_stop(&steps, direction) => return Ok(Outcome::Impossible),
            Err(refused) => return Err(TestCaseError::fail(format!("{direction:?}: {refused}"))),
        }
        let seen = end.for_dialect(&stage.dialect.name());
        let seen = seen.in_environment(Some(environment));
        let (expected, now) = (contents(fresh, &seen), contents(stage, &seen));
        prop_assert_eq!(expected, now, "{:?} in {}", direction, environment);
    }
    Ok(Outcome::Whole)
}

/// Lets every other row be elsewhere in the end, so that rows come to environments and go from them.
fn moved(mut pair: Pair) -> Pair {
    let rows = pair.to.data.iter_mut().flat_map(|data| data.rows.values_mut());
    for row in rows.step_by(2) {
        let names: &[&str] = match row.only_env.iter().map(Name::as_str).collect::<Vec<_>>()[..] {
            [] | ["test"] => &["dev"],
            ["dev"] => &[],
            _ => &["dev", "prod"],
        };
        row.only_env = names.iter().map(|name| Name::new(*name).unwrap()).collect();
    }
    pair
}

fn rows_are_where_they_are_meant_to_be(new: fn() -> Stage, count: u32) {
    let mut stages = Stages::new(new);
    let limited = |state: &State| {
        let rows = state.data.iter().flat_map(|data| data.rows.values());
        rows.filter(|row| !row.only_env.is_empty()).count() > 0
    };
    let strategy = pair(stages.changed.profile).prop_map(moved);
    let strategy =
        strategy.prop_filter("rows for environments", move |pair| limited(&pair.from) || limited(&pair.to));
    // No row is for the last one alone.
    let names: BTreeSet<Name> = ["dev", "prod"].into_iter().map(|name| Name::new(name).unwrap()).collect();
    try_out(cases(count), &strategy, 50, |pair| {
        let outcomes = names.iter().map(|name| hold(&mut stages, &pair, name));
        let outcomes: BTreeSet<Outcome> = outcomes.collect::<Result<_, _>>()?;
        Ok(if outcomes.contains(&Outcome::Whole) { Outcome::Whole } else { Outcome::Impossible })
    });
}

#[test]
fn sqlite_has_the_rows_of_its_environment() {
    rows_are_where_they_are_meant_to_be(Stage::sqlite, 64);
}

#[test]
fn postgres_has_the_rows_of_its_environment() {
    rows_are_where_they_are_meant_to_be(Stage::postgres, 4);
}

#[test]
fn mysql_has_the_rows_of_its_environment() {
    rows_are_where_they_are_meant_to_be(Stage::mysql, 4);
}
