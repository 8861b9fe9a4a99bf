//! The laws on real databases, with schemas that nobody wrote: a database that changes were applied to has the
//! catalog of one that was created with the result, and after the way back that of the start, with its rows.

mod environments;
mod found;
mod found_on_mysql;
mod halfway_on_mysql;
mod partway;
mod renamed_on_mysql;
mod rows;

use std::cell::RefCell;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use schemactl::change::{Loss, Op, Seen, Step, ops};
use schemactl::diagnostic::{Sources, render};
use schemactl::dialect::all;
use schemactl::diff::diff;
use schemactl::model::{Collection, Naming, State};
use schemactl::name::DialectName;
use schemactl::plan::Direction;
use schemactl::runner::catalog::Catalog;
use schemactl::syntax::{Parsed, parse_for};

use crate::stage::{Refused, Stage, differences};
use crate::strategies::{Pair, cases, pair};

/// Whether this is what a generated change may meet: types without a cast, what the version doesn't have.
pub fn is_expected(refused: &Refused) -> bool {
    refused.is_cast() || refused.codes().iter().all(|code| ["E530", "E531", "E569"].contains(code))
}

/// Creates a schema, if the database can have it.
pub fn create(stage: &mut Stage, state: &State) -> Result<Outcome, TestCaseError> {
    match stage.create(state) {
        Ok(()) => Ok(Outcome::Whole),
        Err(refused) if is_expected(&refused) => Ok(Outcome::Impossible),
        Err(refused) => Err(TestCaseError::fail(format!("on creation: {refused}"))),
    }
}

/// Holds a law to generated cases, and asks that at least so many percent of them were tried to their end.
pub fn try_out<S: Strategy>(
    config: Config,
    strategy: &S,
    least: usize,
    law: impl FnMut(S::Value) -> Result<Outcome, TestCaseError>,
) {
    let trial = RefCell::new((law, 0, 0));
    let result = TestRunner::new(config).run(strategy, |case| {
        let (law, tried, whole) = &mut *trial.borrow_mut();
        let outcome = law(case)?;
        *tried += 1;
        *whole += usize::from(outcome == Outcome::Whole);
        Ok(())
    });
    result.unwrap_or_else(|problem| panic!("{problem}"));
    let (_, tried, whole) = trial.into_inner();
    assert!(whole * 100 >= least * tried, "only {whole} of {tried} cases were tried to their end");
}

fn same(expected: &Catalog, now: &Catalog, when: &str) -> Result<(), TestCaseError> {
    let differences = differences(expected, now);
    prop_assert!(differences.is_empty(), "{when} the catalog differs:\n{differences}");
    Ok(())
}

/// The operations as the dialect sees them.
fn projected(ops: &[Op], from: &State, dialect: DialectName) -> Result<Vec<Op>, TestCaseError> {
    let mut seen = Seen::new(from, dialect);
    let mut projected = Vec::new();
    for op in ops {
        projected.extend(seen.follow(op)?);
    }
    Ok(projected)
}

/// A schema in files that is limited to no dialect.
pub fn read(text: &str) -> Parsed {
    read_for(text, Naming::Common)
}

/// As `read`, for what a database asks of names.
pub fn read_for(text: &str, naming: Naming) -> Parsed {
    let mut sources = Sources::default();
    let file = sources.add("schema.kdl", text);
    let dialects: Vec<_> = all().iter().map(|dialect| dialect.name()).collect();
    let (parsed, problems) = parse_for(&sources, &[file], &dialects, naming);
    let shown: String = problems.iter().map(|problem| render(problem, &sources, 100, false)).collect();
    parsed.unwrap_or_else(|| panic!("{shown}"))
}

/// The database that is changed, and one that is created anew.
pub struct Stages {
    changed: Stage,
    fresh: Stage,
}

/// How a case ended that nothing is wrong with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Whole,
    /// This database or version can't have or do it, or it is refused before anything runs.
    Impossible,
    /// Rows stood in the way of something that says of itself that they can.
    StoppedByRows,
}

impl Stages {
    pub fn new(stage: fn() -> Stage) -> Self {
        Self { changed: stage(), fresh: stage() }
    }

    /// The law, with rows; and without any where rows have stopped it.
    pub fn hold(&mut self, pair: &Pair) -> Result<Outcome, TestCaseError> {
        let outcome = self.there_and_back(pair, true)?;
        if outcome != Outcome::StoppedByRows {
            return Ok(outcome);
        }
        let mut bare = pair.clone();
        bare.from.data = Collection::default();
        bare.to.data = Collection::default();
        let outcome = self.there_and_back(&bare, false)?;
        prop_assert!(outcome != Outcome::StoppedByRows, "it stops without rows");
        Ok(outcome)
    }

    /// The law, to its end.
    #[track_caller]
    pub fn demand(&mut self, pair: &Pair) {
        let outcome = self.hold(pair).unwrap_or_else(|problem| panic!("{problem}\n{pair:?}"));
        assert_eq!(outcome, Outcome::Whole, "{}: {pair:?}", self.changed.dialect.name());
    }

    /// There and back: the catalogs at both ends, and the rows that no operation declares as lost.
    fn there_and_back(&mut self, pair: &Pair, filled: bool) -> Result<Outcome, TestCaseError> {
        let Pair { from, to, renames } = pair;
        let Self { changed: stage, fresh } = self;
        let ops = diff(from, to, renames)?;
        let (seen, after) = (from.for_dialect(&stage.dialect.name()), to.for_dialect(&stage.dialect.name()));
        for (stage, state, seen) in [(&mut *fresh, to, &after), (&mut *stage, from, &seen)] {
            prop_assert_eq!(stage.dialect.check(seen), []);
            if create(stage, state)? == Outcome::Impossible {
                return Ok(Outcome::Impossible);
            }
        }
        let projected = projected(&ops, from, stage.dialect.name())?;
        for statement in rows::inserts(stage, &seen, &projected).into_iter().filter(|_| filled) {
            let done = stage.attempt(&statement);
            done.map_err(|error| TestCaseError::fail(format!("{statement}: {error:?}")))?;
        }
        let queries = rows::queries(stage, &seen, &after, &projected);
        let (before, rows) = (stage.catalog(), rows::read(stage, &queries));
        let steps: Vec<Step> = ops.into_iter().map(Step::Op).collect();
        for (start, direction) in [(from, Direction::Up), (to, Direction::Down)] {
            let script = match stage.lower(&steps, start, direction).map_err(Refused::Lowered) {
                Ok(segments) => crate::stage::script(&segments),
                Err(refused) if is_expected(&refused) => return Ok(Outcome::Impossible),
                Err(refused) => return Err(TestCaseError::fail(format!("{direction:?}: {refused}"))),
            };
            let when = format!("{direction:?} after\n{script}");
            let previous = stage.catalog();
            match stage.run(&steps, start, direction) {
                Ok(()) => {}
                Err(Refused::Stopped(stopped, _)) if filled && may_stop(&steps, direction) => {
                    if !stopped.changed() {
                        same(&previous, &stage.catalog(), &when)?;
                    }
                    return Ok(Outcome::StoppedByRows);
                }
                Err(refused) if refused.is_cast() => return Ok(Outcome::Impossible),
                Err(refused) => return Err(TestCaseError::fail(format!("{direction:?}: {refused}"))),
            }
            match direction {
                Direction::Up => same(&fresh.catalog(), &stage.catalog(), &when)?,
                Direction::Down => same(&before, &stage.catalog(), &when)?,
            }
        }
        prop_assert_eq!(&rows, &rows::read(stage, &queries), "rows differ");
        Ok(Outcome::Whole)
    }
}

/// Whether an operation says of itself that rows can stand in its way.
fn may_stop(steps: &[Step], direction: Direction) -> bool {
    let mut losses = ops(steps).map(|op| match direction {
        Direction::Up => op.loss(),
        Direction::Down => op.clone().inverse().loss(),
    });
    losses.any(|loss| loss != Loss::Nothing)
}

fn hold(mut stages: Stages, count: u32) {
    let strategy = pair(stages.changed.profile);
    let config = Config { max_shrink_iters: 300, ..cases(count) };
    try_out(config, &strategy, 50, |pair| stages.hold(&pair));
}

#[test]
fn sqlite_goes_there_and_back() {
    hold(Stages::new(Stage::sqlite), 256);
}

#[test]
fn postgres_goes_there_and_back() {
    hold(Stages::new(Stage::postgres), 16);
}

#[test]
fn mysql_goes_there_and_back() {
    hold(Stages::new(Stage::mysql), 12);
}
