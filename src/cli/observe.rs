//! A command's view of what a database's catalog was and is: written down when a run ends, asked before the next one
//! changes what somebody else has changed.

use super::context::Context;
use super::database::Database;
use super::errors::{E850, E851, E856};
use super::exit::Exit;
use super::failure::Failure;
use super::others;
use super::unseen::refuse_blind;
use super::upgrade::{self, Upgrade};
use crate::change::Op;
use crate::diagnostic::Diagnostic;
use crate::dialect::{Inspection, set_aside};
use crate::diff::merge::carry;
use crate::hash::StateHash;
use crate::model::{Collection, State};
use crate::name::DialectName;
use crate::plan::Direction;
use crate::runner::catalog;
use crate::runner::drift::{self, Drift, Strange};
use crate::runner::errors::E740;
use crate::runner::expected::expected;
use crate::runner::observed::{Observation, Place};
use crate::runner::run::Job;
use crate::snapshot;

/// How many changes a refusal spells out.
const SHOWN_MAX: usize = 10;

/// What was observed when the last run on the database ended, in the words in which `now` is; `None` if that run could
/// not observe it.
pub(crate) async fn last(
    database: &mut Database,
    now: &Inspection,
) -> Result<Option<(Observation, Option<Upgrade>)>, Diagnostic> {
    Ok(match seen(database).await? {
        Some(seen) => Some(upgrade::in_words_of_now(database, seen, now).await),
        None => None,
    })
}

/// What was observed when the last run on the database ended, in the words of that time.
async fn seen(database: &mut Database) -> Result<Option<Observation>, Diagnostic> {
    let place = Place::beside(&database.session.location);
    let seen = place.read(&mut database.session.connection).await?;
    let end = database.journal.end();
    let Some(mut seen) = seen.filter(|seen| seen.journal == end) else { return Ok(None) };
    others::of(database).await?.leave_out(&mut seen.inspection);
    Ok(Some(seen))
}

/// What the catalog says now. The tables of other tools are no part of the schema, nor is what belongs to other projects.
pub(crate) async fn now(database: &mut Database) -> Result<Inspection, Diagnostic> {
    let mut inspection = catalog::inspect(&mut database.session.connection, database.session.dialect).await?;
    set_aside(&mut inspection);
    others::of(database).await?.leave_out(&mut inspection);
    Ok(inspection)
}

/// What others had changed when a run began: it stays a difference when the run has ended.
pub(crate) struct Earlier {
    /// What was observed.
    known: Inspection,
    /// What was there.
    found: Inspection,
}

impl Earlier {
    /// A catalog at the end of the run, without what others had changed.
    fn taken_from(&self, mut now: Inspection, dialect: &DialectName) -> Inspection {
        let Self { known, found } = self;
        now.state = carry(&found.state, &now.state, &known.state, dialect, &[]);
        for strange in drift::strange(&known.unmanaged, &found.unmanaged) {
            let (_, what) = strange.signed();
            now.unmanaged.retain(|other| other.kind != what.kind || other.name != what.name);
            match &strange {
                Strange::Added(_) => {}
                Strange::Gone(from) | Strange::Changed { from, to: _ } => now.unmanaged.push(from.clone()),
            }
        }
        now
    }
}

/// Writes down what the catalog says at the end of a run; `state` is the declared state that it is known to be that of.
/// The run has ended well or badly, so a failure here is no more than a warning.
pub(crate) async fn observe(context: &mut Context, database: &mut Database, state: Option<StateHash>) {
    let observed = async {
        let mut inspection = now(database).await?;
        if let Some(earlier) = database.earlier.take() {
            inspection = earlier.taken_from(inspection, &database.session.dialect.name());
        }
        database.journal = database.session.journal().await?;
        keep(database, inspection, state).await
    };
    if let Err(problem) = observed.await {
        context.printer.diagnostics(&[problem], &context.sources);
    }
}

/// Keeps an inspection of this moment as what was observed last.
pub(crate) async fn keep(
    database: &mut Database,
    inspection: Inspection,
    state: Option<StateHash>,
) -> Result<(), Diagnostic> {
    let observation = Observation {
        journal: database.journal.end(),
        state,
        taken: super::clock::now(),
        server: Some(database.session.connection.version()),
        inspection,
    };
    let place = Place::beside(&database.session.location);
    place.keep(&mut database.session.connection, &observation).await
}

/// The state that the database was pushed to, if that is not the one that its revisions lead to.
pub(crate) async fn pushed_ahead(database: &mut Database) -> Result<Option<StateHash>, Diagnostic> {
    let place = Place::beside(&database.session.location);
    let known = place.known_state(&mut database.session.connection).await?;
    let end = database.journal.end();
    let pushed = known.filter(|(journal, _)| *journal == end).map(|(_, state)| state);
    Ok(pushed.filter(|state| database.journal.state.unwrap_or_else(empty) != *state))
}

fn empty() -> StateHash {
    snapshot::hash(&State::default())
}

/// The revisions among these, from the first on, that the database has already because their schema was pushed to it.
///
/// # Errors
/// E856: it was pushed to a schema that none of them leads to.
pub(crate) async fn pushed(database: &mut Database, jobs: &[Job]) -> Result<usize, Failure> {
    if jobs.is_empty() {
        return Ok(0);
    }
    let Some(pushed) = pushed_ahead(database).await? else { return Ok(0) };
    let reached = jobs.iter().position(|job| job.direction == Direction::Up && job.reaches == pushed);
    let found = now(database).await?;
    let same = match last(database, &found).await? {
        Some((last, _)) => between(&last.inspection, &found)?.ops.is_empty(),
        None => false,
    };
    match reached {
        Some(place) if same => Ok(place + 1),
        Some(_) | None => Err(Diagnostic::error(
            &E856,
            "the database was pushed to a schema that no revision leads to",
        )
        .help("`schemactl push` if the schema was edited since, then `schemactl plan` and `schemactl apply`")
        .into()),
    }
}

/// Refuses to run operations over changes that somebody else has made to the same objects since the last run, unless
/// that is allowed. Other changes are remembered until the run has ended.
///
/// # Errors
/// E850: what was changed.
pub(crate) async fn guard(database: &mut Database, ops: &[Op], allowed: bool) -> Result<(), Failure> {
    let Some(seen) = seen(database).await? else { return Ok(()) };
    let found = now(database).await?;
    let (before, _) = upgrade::in_words_of_now(database, seen, &found).await;
    if allowed && refuse_blind(&before.inspection.state, &found).is_err() {
        return Ok(());
    }
    let drift = between(&before.inspection, &found)?;
    let met = drift.met_by(ops);
    if !drift.is_empty() {
        database.earlier = Some(Earlier { known: before.inspection, found });
    }
    if met.is_empty() || allowed {
        return Ok(());
    }
    let shown: Vec<String> = met.iter().take(SHOWN_MAX).map(|op| format!("`{}`", op.describe())).collect();
    let more = met.len().saturating_sub(SHOWN_MAX);
    let more = if more == 0 { String::new() } else { format!(" and {more} more") };
    let message = format!(
        "what would run meets changes that no revision made since {}: {}{more}",
        before.taken,
        shown.join(", ")
    );
    let problem = Diagnostic::error(&E850, message)
        .help("see them with `schemactl drift`; to run all the same: `--allow-drift`");
    Err(Failure::from(problem).exit(Exit::FINDINGS))
}

/// The differences of a catalog from that of a database freshly created in a state, and the catalog in the words of the
/// differences. Where no such database may be made, both are compared by rules of spelling, and not what views say, which
/// servers write in words of their own: a note says so. What schemas have no words for is not looked at.
pub(crate) async fn from_state(
    context: &mut Context,
    database: &Database,
    state: &State,
    now: &Inspection,
) -> Result<(Drift, State), Failure> {
    let mut problems = match fresh(database, state, now).await {
        Ok(fresh) => return Ok((between(&fresh, now)?, now.state.clone())),
        Err(failure) => failure.diagnostics,
    };
    let Some(refused) = problems.iter().position(|problem| problem.code == &E740) else {
        return Err(problems.into());
    };
    let refused = problems.swap_remove(refused);
    let state = State { data: Collection::new(), ..state.clone() };
    let normal = |state: &State| Inspection {
        state: database.session.dialect.normal(state),
        unmanaged: now.unmanaged.clone(),
        unseen: now.unseen.clone(),
    };
    let (mut before, mut now) = (normal(&state), normal(&now.state));
    let views = alike(&mut before.state, &mut now.state);
    if !views.is_empty() {
        let help = refused.help.unwrap_or_default();
        context.printer.note(format_args!(
            "not compared: what {} say ({}); to compare it, {help}",
            views.join(", "),
            refused.message
        ));
    }
    Ok((between(&before, &now)?, now.state))
}

/// Lets views with the same names say the same; returns those that did not.
fn alike(before: &mut State, now: &mut State) -> Vec<String> {
    let mut names = Vec::new();
    for view in now.views.iter_mut() {
        let Some(known) = before.views.get_mut(&view.name).filter(|known| known.query != view.query) else {
            continue;
        };
        known.query.clone_from(&view.query);
        known.depends_on.clone_from(&view.depends_on);
        names.push(format!("`{}`", view.name));
    }
    names
}

/// The inspection of a database freshly created in a state, beside which `now` is looked at: what schemas have no words
/// for is taken from there.
pub(crate) async fn fresh(
    database: &Database,
    state: &State,
    now: &Inspection,
) -> Result<Inspection, Failure> {
    let run = format!("compare_{}", std::process::id());
    let fresh = expected(state, database.session.dialect, &database.address, &run).await?;
    Ok(Inspection { unmanaged: now.unmanaged.clone(), ..fresh })
}

/// The differences between two inspections.
///
/// # Errors
/// E750: some could not be seen. E851: they have no order.
pub(crate) fn between(before: &Inspection, now: &Inspection) -> Result<Drift, Diagnostic> {
    refuse_blind(&before.state, now)?;
    Drift::between(before, now)
        .map_err(|error| Diagnostic::error(&E851, format!("the differences can't be put in order: {error}")))
}
