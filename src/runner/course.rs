//! A revision that has begun and not ended, as it runs on one server: which statement stands where, and the state that
//! the schema is in between two of them. Pure.

use super::errors::E739;
use super::jobs::{Server, is};
use super::journal::{Place, SCRIPT, Unfinished};
use super::run::text_of;
use super::standing::Standing;
use crate::change::{Site, Step};
use crate::diagnostic::Diagnostic;
use crate::dialect::Effect;
use crate::hash::TextDigest;
use crate::model::State;
use crate::name::Name;
use crate::plan::{Direction, Lowering, Partway, Segment, Task, Work};
use crate::revision::History;

/// A revision that has begun and not ended.
#[derive(Debug, Clone)]
pub struct Course {
    /// The statements, lowered for the server.
    pub segments: Vec<Segment>,
    /// How many of the segments are done.
    pub done: usize,
    /// What the segments are of.
    steps: Vec<Step>,
    /// The place in the revision of each of the steps that is one of its own.
    places: Vec<Option<usize>>,
    /// The state that the steps begin in.
    start: State,
    direction: Direction,
    /// The environment that they run in, if any.
    environment: Option<Name>,
}

/// Where a segment stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stand {
    /// It has run.
    Done,
    /// It was begun, and nothing says what became of it.
    InDoubt,
    /// It has not run, and nothing of it is left.
    Open,
}

impl Course {
    /// The course of an unfinished revision; `None` if the project doesn't have it.
    ///
    /// # Errors
    /// E739: what ran of it is no longer what it would run. Otherwise why it can't be worked out: see
    /// [`crate::plan::lower`].
    pub fn of(
        history: &History,
        standing: &Standing,
        open: &Unfinished,
        server: Server,
    ) -> Result<Option<Self>, Vec<Diagnostic>> {
        let Some(link) = history.links().iter().find(|link| is(open, link)) else { return Ok(None) };
        let start = history.state_at(&standing.position).map_err(|problem| vec![problem])?;
        let steps = history.steps_on(link, &standing.applied).map_err(|problem| vec![problem])?;
        let steps = steps.into_owned();
        let environment = standing.environment_of(link.revision.id).cloned();
        let lower = |direction| {
            let earlier = history.earlier_at(&standing.position);
            let mut lowering = Lowering::new(&start, server.dialect, server.version).behind(earlier);
            lowering.revision(&steps, Site::In(environment.as_ref()), direction)
        };
        let places = (0..steps.len()).map(Some).collect();
        let done = |direction| open.done.iter().filter(move |place| place.direction == direction);
        let is_undone = open.direction == Direction::Down && !standing.applied.contains(&link.revision.id);
        let since_turn = done(open.direction).filter(|place| open.is_done(**place)).count();
        if !is_undone {
            let (segments, direction) = (lower(open.direction)?, open.direction);
            same(open, direction, &segments, server).map_err(|problem| vec![problem])?;
            return Ok(Some(Self {
                segments,
                done: since_turn,
                steps,
                places,
                start,
                direction,
                environment,
            }));
        }
        let segments = lower(Direction::Up)?;
        same(open, Direction::Up, &segments, server).map_err(|problem| vec![problem])?;
        let done = done(Direction::Up).count();
        let direction = Direction::Up;
        let begun = Self { segments, done, steps, places, start, direction, environment };
        let undone = begun.undone(server)?;
        same(open, Direction::Down, &undone.segments, server).map_err(|problem| vec![problem])?;
        Ok(Some(Self { done: since_turn, ..undone }))
    }

    /// What leads back from where it is to where it began, of which nothing is done.
    ///
    /// # Errors
    /// Why nothing does.
    pub fn undone(&self, server: Server) -> Result<Self, Vec<Diagnostic>> {
        let partway = self.partway(self.done, server).map_err(|problem| vec![problem])?;
        let segments = partway.back(server.dialect, server.version)?;
        let Partway { steps, places, state: start } = partway;
        let environment = self.environment.clone();
        Ok(Self { segments, done: 0, steps, places, start, direction: Direction::Down, environment })
    }

    /// The state that the schema is in after so many segments, as the dialect sees it.
    ///
    /// # Errors
    /// The steps can't be told apart.
    pub fn state(&self, done: usize, server: Server) -> Result<State, Diagnostic> {
        self.partway(done, server).map(|partway| partway.state)
    }

    fn partway(&self, done: usize, server: Server) -> Result<Partway, Diagnostic> {
        let Self { segments, done: _, steps, places: _, start, direction, environment } = self;
        let site = Site::In(environment.as_ref());
        Partway::after(done, (segments, steps, *direction), (start, site), server.dialect)
    }

    /// The segments, with the steps that they serve by their places in the revision.
    #[must_use]
    pub fn segments_of_revision(&self) -> Vec<Segment> {
        let place = |step: &usize| self.places.get(*step).copied().flatten();
        let mut segments = self.segments.clone();
        for Work { steps, hazards, task: _ } in segments.iter_mut().flat_map(|segment| &mut segment.work) {
            *steps = steps.iter().filter_map(place).collect();
            *hazards = hazards.iter().filter_map(|(step, hazard)| Some((place(step)?, *hazard))).collect();
        }
        segments
    }

    /// The statement of a segment that the catalog can be asked about, with what it does.
    #[must_use]
    pub fn statement(&self, place: Place) -> Option<(&str, &Effect)> {
        let segment = self.segments.get(usize::try_from(place.segment).ok()?)?;
        let [Work { task: Task::Statement(statement), .. }] = segment.work.as_slice() else { return None };
        Some((&statement.sql, statement.effect.as_deref()?))
    }

    /// Where a segment stands.
    #[must_use]
    pub fn stand(&self, segment: usize, doubtful: Option<Place>) -> Stand {
        match doubtful {
            _ if segment < self.done => Stand::Done,
            Some(place) if usize::try_from(place.segment) == Ok(segment) => Stand::InDoubt,
            Some(_) | None => Stand::Open,
        }
    }

    /// What a piece of work serves, in words: the operations as they run.
    #[must_use]
    pub fn served(&self, work: &Work) -> Vec<String> {
        let steps = work.steps.iter().filter_map(|step| self.steps.get(*step));
        let words = |step: &Step| match (step, self.direction) {
            (Step::Op(op), Direction::Up) => op.describe().to_string(),
            (Step::Op(op), Direction::Down) => op.clone().inverse().describe().to_string(),
            (Step::Hook(hook), _) => format!("hook {}", hook.name),
        };
        steps.map(words).collect()
    }
}

/// Whether the parts of an unfinished revision that ran in a direction, or were about to, are what stands in their places
/// among the segments of now. Journals of older versions don't tell it of each.
///
/// # Errors
/// E739: one is something else.
pub(super) fn same(
    open: &Unfinished,
    direction: Direction,
    segments: &[Segment],
    server: Server,
) -> Result<(), Diagnostic> {
    let Unfinished { revision, done, doubtful, sql, .. } = open;
    let counts = |place: &&Place| open.direction != direction || open.is_done(**place);
    let of_way = |place: &&Place| place.direction == direction;
    for place in done.iter().filter(counts).chain(doubtful).filter(of_way) {
        let Some(ran) = sql.get(place) else { continue };
        let segment = usize::try_from(place.segment).ok().and_then(|index| segments.get(index));
        if segment.is_some_and(|segment| TextDigest::of(&text_of(segment)) == *ran) {
            continue;
        }
        let (name, number) = (&revision.name, u64::from(place.segment) + 1);
        let message = format!("part {number} of `{name}` has run as other SQL than it would run as now");
        return Err(told(message, open, server));
    }
    Ok(())
}

/// E739 with its cause and the ways out: only a program can go on with what it began.
fn told(message: String, Unfinished { revision, run, tool, .. }: &Unfinished, server: Server) -> Diagnostic {
    let by_hand = format!(
        "bring the database to what the revision leads to by hand, and record it: `schemactl stamp {}`",
        revision.name
    );
    if run == SCRIPT {
        let message = format!("{message}: by a script, which may be for another product or version");
        let word = server.version.product.word();
        return Diagnostic::error(&E739, message)
            .help(format!("{by_hand}; a script for this server is written with `--dialect {word}`"));
    }
    Diagnostic::error(&E739, message).help(format!(
        "go on with what began it: schemactl {tool}, the same `--env`, the server's version of then; or {by_hand}"
    ))
}
