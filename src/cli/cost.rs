//! What running a revision costs, dialect by dialect: how often it commits, and which steps make others wait.

use std::collections::BTreeMap;

use crate::dialect::{Hazard, Lock, Pass};
use crate::plan::{Segment, effect, hazards};

/// What one dialect does for a revision.
#[derive(Debug)]
pub(crate) struct Cost {
    /// The dialect's name.
    pub(crate) dialect: String,
    /// How often it commits.
    pub(crate) commits: usize,
    /// How many of its statements commit by themselves, because no transaction takes back what they do.
    pub(crate) alone: usize,
    /// What makes others wait, by the place of the step.
    pub(crate) hazards: BTreeMap<usize, Hazard>,
}

impl Cost {
    /// Of segments that a dialect lowered the revision to.
    pub(crate) fn of(dialect: &str, segments: &[Segment]) -> Self {
        let work = segments.iter().flat_map(|segment| &segment.work);
        let alone = work.filter(|work| effect(work).is_some()).count();
        Self { dialect: dialect.to_owned(), commits: segments.len(), alone, hazards: hazards(segments) }
    }

    /// The same for steps in another order: each by its place so far.
    pub(crate) fn ordered(self, places: &[usize]) -> Self {
        let moved = |(now, place): (usize, &usize)| Some((now, *self.hazards.get(place)?));
        Self { hazards: places.iter().enumerate().filter_map(moved).collect(), ..self }
    }

    /// The hazard of a step, in words that follow the dialect's name.
    fn words(&self, step: usize) -> Option<String> {
        let Hazard { pass, lock } = self.hazards.get(&step)?;
        let what = match pass {
            Pass::Read => "all rows are read",
            Pass::Write => "all rows are written anew",
        };
        let meanwhile = match lock {
            Lock::Writers => "written to",
            Lock::Everybody => "used",
        };
        Some(format!("{what}, and their table can't be {meanwhile} meanwhile"))
    }
}

/// The hazards of a step on all dialects, in words.
pub(crate) fn hazards_of(costs: &[Cost], step: usize) -> Vec<String> {
    let said = each_once(costs, |cost| cost.words(step));
    said.into_iter().map(|(words, dialects)| format!("on {dialects} {words}")).collect()
}

/// What there is to say of dialects, each time with those of which it is said, such as `mysql and mariadb`.
pub(crate) fn each_once(costs: &[Cost], say: impl Fn(&Cost) -> Option<String>) -> Vec<(String, String)> {
    let mut said: Vec<(String, Vec<&str>)> = Vec::new();
    for cost in costs {
        let Some(words) = say(cost) else { continue };
        match said.iter_mut().find(|(known, _)| *known == words) {
            Some((_, dialects)) => dialects.push(&cost.dialect),
            None => said.push((words, vec![&cost.dialect])),
        }
    }
    let named = |dialects: Vec<&str>| match dialects.split_last() {
        Some((last, others)) if !others.is_empty() => format!("{} and {last}", others.join(", ")),
        Some(_) | None => dialects.concat(),
    };
    said.into_iter().map(|(words, dialects)| (words, named(dialects))).collect()
}
