//! The law of statements that commit by themselves, with schemas that nobody wrote: before each of them the catalog tells
//! that it has not happened, behind it that it has, and from there a way leads back to the catalog of the start.

use proptest::prelude::*;
use proptest::test_runner::{Config, TestCaseError};
use schemactl::change::{Site, Step};
use schemactl::dialect::Effect;
use schemactl::diff::diff;
use schemactl::model::State;
use schemactl::plan::{Direction, Partway, Segment, Task, effect};
use schemactl::runner::settle::{Became, Views};
use schemactl::syntax::print;

use super::{Outcome, create, is_expected, same, try_out};
use crate::stage::{Refused, Stage, script};
use crate::strategies::{Pair, cases, pair};

/// Runs the statements of segments, without a journal; or says which is refused, and why.
fn run(stage: &mut Stage, segments: &[Segment]) -> Result<(), String> {
    for work in segments.iter().flat_map(|segment| &segment.work) {
        if let Task::Statement(statement) = &work.task {
            stage.attempt(&statement.sql).map_err(|error| format!("{}: {error}", statement.sql))?;
        }
    }
    Ok(())
}

/// What became of a statement, as people would write it.
fn shown(became: &Became) -> String {
    match became {
        Became::Done => "done".to_owned(),
        Became::Open => "open".to_owned(),
        Became::Other(views) => {
            let Views { before, live, after } = &**views;
            format!("before\n{}live\n{}after\n{}", print(before), print(live), print(after))
        }
    }
}

pub fn hold(stage: &mut Stage, Pair { from, to, renames }: &Pair) -> Result<Outcome, TestCaseError> {
    let mut from = from.clone();
    let mut to = to.clone();
    // Rows commit in transactions of their own, and are the matter of other laws.
    from.data = Default::default();
    to.data = Default::default();
    let steps: Vec<Step> = diff(&from, &to, renames)?.into_iter().map(Step::Op).collect();
    let segments = match stage.lower(&steps, &from, Direction::Up).map_err(Refused::Lowered) {
        Ok(segments) => segments,
        Err(refused) if is_expected(&refused) => return Ok(Outcome::Impossible),
        Err(refused) => return Err(TestCaseError::fail(refused.to_string())),
    };
    let text = script(&segments);
    let whole = (segments.as_slice(), steps.as_slice(), Direction::Up);
    let partway = |done: usize, stage: &Stage| {
        let partway = Partway::after(done, whole, (&from, Site::Any), stage.dialect);
        partway.map_err(|problem| TestCaseError::fail(format!("after {done} of\n{text}{problem}")))
    };
    if create(stage, &from)? == Outcome::Impossible {
        return Ok(Outcome::Impossible);
    }
    let start = stage.catalog();
    for (index, segment) in segments.iter().enumerate() {
        let around = partway(index, stage)?.state;
        // What makes no difference to the server leaves no trace, and can be done again.
        let normal = |state: &State| stage.dialect.normal(state);
        let leaves_a_trace = |effect: &&Effect| normal(&effect.before) != normal(&effect.after);
        let effect = segment.work.first().and_then(effect).filter(leaves_a_trace);
        if let Some(effect) = effect {
            let before = stage.settle(&around, effect);
            prop_assert!(before == Became::Open, "before {index} of\n{text}it is {}", shown(&before));
        }
        run(stage, std::slice::from_ref(segment)).map_err(TestCaseError::fail)?;
        if let Some(effect) = effect {
            let after = stage.settle(&around, effect);
            prop_assert!(after == Became::Done, "after {index} of\n{text}it is {}", shown(&after));
        }
    }
    for done in 1..segments.len() {
        create(stage, &from)?;
        run(stage, segments.get(..done).unwrap_or_default()).map_err(TestCaseError::fail)?;
        let partway = partway(done, stage)?;
        let back = stage.lower(&partway.steps, &partway.state, Direction::Down);
        let back = back.map_err(|problems| TestCaseError::fail(Refused::Lowered(problems).to_string()))?;
        let refused =
            |why| TestCaseError::fail(format!("after {done} of\n{text}and then\n{}{why}", script(&back)));
        run(stage, &back).map_err(refused)?;
        same(&start, &stage.catalog(), &format!("{done} of\n{text}and then\n{}", script(&back)))?;
    }
    Ok(Outcome::Whole)
}

#[test]
fn mysql_tells_where_it_stands_and_finds_the_way_back() {
    let mut stage = Stage::mysql();
    let config = Config { max_shrink_iters: 8, ..cases(3) };
    try_out(config, &pair(stage.profile), 50, |pair| hold(&mut stage, &pair));
}
