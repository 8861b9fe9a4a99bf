//! Why a run stopped, where, and what it leaves, in words.

use super::consent::agreeing;
use super::database::Database;
use super::exit::Exit;
use super::failure::Failure;
use super::lifecycle;
use super::offending::{self, Found};
use super::resume::Left;
use crate::change::Step;
use crate::diagnostic::Diagnostic;
use crate::plan::Direction;
use crate::runner::connection::ErrorKind;
use crate::runner::errors::{E707, E709, E720, E725};
use crate::runner::jobs;
use crate::runner::run::{self, Job, Stopped};

/// How many steps are named where a statement serves several.
const NAMES_MAX: usize = 3;

/// Says why a run stopped, where, and what it leaves.
pub(super) async fn explain(
    database: &mut Database,
    jobs: &[Job],
    stopped: &Stopped,
    direction: Direction,
    left: Left,
) -> Failure {
    let is_undone = matches!(left, Left::Undone);
    let undone = Stopped { segments: 0, ..stopped.clone() };
    let stopped = if is_undone { &undone } else { stopped };
    let found = match offending::find(database, jobs, stopped, direction) {
        Some(found) => Some(found.tried(&mut database.session.connection).await),
        None => None,
    };
    // What was undone is no part that stays; what an earlier run left of the revision is one.
    let was_begun = jobs.get(stopped.finished).is_some_and(|job| is_begun(database, job)) && !is_undone;
    let stopped = &Stopped { segments: stopped.segments.max(usize::from(was_begun)), ..stopped.clone() };
    let failure = &stopped.failure;
    let mut problem = located(database, jobs, stopped, direction, found);
    let around = lifecycle::around(&database.target.policy);
    if problem.code == &E725 {
        return Failure::from(problem);
    }
    if failure.in_doubt {
        problem.message.push_str(match failure.at {
            None => "\nwhether the last transaction was committed, the journal tells at the next run",
            Some(_) => "\nwhat became of the statement, the catalog tells at the next run",
        });
        problem.help = Some("see what ran: `schemactl status`".to_owned());
        return Failure::from(problem).exit(Exit::PARTIAL);
    }
    if !failure.lost.is_empty() {
        problem.help.get_or_insert_with(|| format!("put it back, or if {}", agreeing(&failure.lost)));
    }
    if !stopped.changed() {
        let what = match left {
            Left::Undone => "what ran before was undone",
            Left::Stays | Left::Stuck(_) => "everything was rolled back",
        };
        problem.message.push_str(&match around {
            None => format!("\n{what}: the database is as it was"),
            Some(around) => format!("\n{what}; {around}"),
        });
        let told = Failure::from(problem);
        return if failure.lost.is_empty() { told } else { told.exit(Exit::DECISION) };
    }
    match left {
        Left::Stuck(why) => {
            stuck(&mut problem, &why);
            stays(&mut problem, jobs, stopped, direction, ways(database, direction).await);
        }
        Left::Undone => {
            problem.message.push_str("\nwhat ran of it was undone");
            stays(&mut problem, jobs, stopped, direction, Ways::Both);
        }
        Left::Stays => stays(&mut problem, jobs, stopped, direction, ways(database, direction).await),
    }
    if let Some(around) = around {
        problem.message.push_str(&format!("\n{around}"));
    }
    let interrupted = failure.kind() == Some(ErrorKind::Cancelled);
    Failure::from(problem).exit(if interrupted { Exit::INTERRUPTED } else { Exit::PARTIAL })
}

/// Whether an earlier run has left a part of the revision.
fn is_begun(database: &Database, job: &Job) -> bool {
    database.standing.unfinished.as_ref().is_some_and(|open| open.revision.id == job.revision.id)
}

/// Says why what ran could not be undone either, and what lets it be.
fn stuck(problem: &mut Diagnostic, why: &[Diagnostic]) {
    let messages: Vec<&str> = why.iter().map(|other| other.message.as_str()).collect();
    problem.message.push_str(&format!("\nto undo it was tried, and stopped: {}", messages.join("; ")));
    for help in why.iter().filter_map(|other| other.help.as_deref()) {
        problem.help = Some(match problem.help.take() {
            Some(known) if known == help => known,
            Some(known) => format!("{known}; for the way back, {help}"),
            None => format!("for the way back, {help}"),
        });
    }
}

/// Which ways lead on from where a run stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ways {
    /// What ran can be gone on with and undone.
    Both,
    /// A part of it is undone already, so that the rest has to be before anything else runs.
    Back,
    /// Nothing leads back.
    On,
}

async fn ways(database: &mut Database, direction: Direction) -> Ways {
    // Without a connection the next run tells.
    let _ = database.refresh().await;
    match &database.standing.unfinished {
        Some(open) if direction == Direction::Up => match open.direction {
            Direction::Down => Ways::Back,
            Direction::Up => {
                match jobs::undo(&database.history, &database.standing, open, database.server()) {
                    Ok(_) => Ways::Both,
                    Err(_) => Ways::On,
                }
            }
        },
        Some(_) | None => Ways::Both,
    }
}

/// Says what ran before and how to go on.
fn stays(problem: &mut Diagnostic, jobs: &[Job], stopped: &Stopped, direction: Direction, ways: Ways) {
    let names: Vec<&str> = jobs.iter().take(stopped.finished).map(|job| job.revision.name.as_str()).collect();
    let done = match (names.as_slice(), stopped.segments) {
        ([], _) => "a part of it".to_owned(),
        (names, 0) => format!("`{}`", names.join("`, `")),
        (names, _) => format!("`{}` and a part of it", names.join("`, `")),
    };
    let verb = if names.len() + stopped.segments.min(1) > 1 { "stay" } else { "stays" };
    problem.message.push_str(&format!("\n{done} ran before and {verb}"));
    let (on, off) = match (direction, stopped.finished, stopped.segments) {
        (Direction::Up, several @ 2.., 0) => ("apply", format!("rollback -{several}")),
        (Direction::Up, ..) => ("apply", "rollback".to_owned()),
        (Direction::Down, ..) => ("rollback", "apply".to_owned()),
    };
    let words = match (ways, wrong_hook(jobs, stopped, direction), stopped.segments) {
        (Ways::Back, ..) => "undo the rest with `schemactl rollback`".to_owned(),
        (Ways::On, Some(_), _) => {
            format!("let the hook run, by other rows or rights, and go on with `schemactl {on}`")
        }
        (Ways::On, None, _) => format!("go on with `schemactl {on}`"),
        // What was begun on the way back has to be ended there.
        (Ways::Both, _, 1..) if direction == Direction::Down => format!("go on with `schemactl {on}`"),
        // A revision of which a part ran must stay as it is until that part is undone.
        (Ways::Both, Some(remedy), 1..) => {
            format!("undo what ran with `schemactl {off}`, {remedy}, and run `schemactl {on}`")
        }
        (Ways::Both, ..) => format!("go on with `schemactl {on}`, or undo what ran with `schemactl {off}`"),
    };
    problem.help = Some(match problem.help.take() {
        Some(help) => format!("{help}; then {words}"),
        None => words,
    });
}

/// How to correct the hook that failed on the way forward, if one did: the way back is fixed once a revision has run.
fn wrong_hook(jobs: &[Job], stopped: &Stopped, direction: Direction) -> Option<String> {
    // An interrupt or a lost connection is no fault of the hook's.
    let by_hook = [&E707, &E709, &E720].contains(&stopped.failure.diagnostic.code);
    let job = jobs.get(stopped.at).filter(|_| by_hook && direction == Direction::Up)?;
    let steps = &job.steps;
    let mut served = stopped.failure.at.iter().flat_map(|at| &at.steps).filter_map(|step| steps.get(*step));
    let is_hook = served.any(|step| matches!(step, Step::Hook(_)));
    is_hook.then(|| format!("correct the hook with `schemactl edit {}`", job.revision.name))
}

/// The problem with the revision, the step, the statement and the rows that it is about.
fn located(
    database: &Database,
    jobs: &[Job],
    stopped: &Stopped,
    direction: Direction,
    found: Option<Found>,
) -> Diagnostic {
    let failure = &stopped.failure;
    let mut problem = failure.diagnostic.clone();
    if let Some(job) = jobs.get(stopped.at) {
        let step = place(&job.steps, failure, direction, found.as_ref());
        problem.message = format!("`{}`{step}: {}", job.revision.name, problem.message);
    }
    if let Some(at) = failure.at.as_ref().filter(|_| failure.lost.is_empty()) {
        problem.message.push_str(&format!("\nstatement: {}", at.sql.trim()));
    }
    // A part that ran has to be undone before a hook can be corrected; that is said along with the ways on.
    if problem.help.is_none() && stopped.segments == 0 {
        problem.help = wrong_hook(jobs, stopped, direction);
    }
    if let (Some(ErrorKind::Taken), Direction::Up, Some(job)) =
        (failure.kind(), direction, jobs.get(stopped.at))
    {
        problem.help.get_or_insert_with(|| taken(database, job));
    }
    let (query, hooks) = match (found, &failure.rows) {
        (Some(Found { query: Some(query), hooks, .. }), _) => (query, hooks),
        (_, Some(query)) => (query.clone(), Vec::new()),
        (_, None) => return problem,
    };
    // A value that can't be read is a mistake in any statement, but the rows' if there are such rows.
    if problem.code == &E707 {
        problem.code = &E709;
    }
    let after = match hooks.as_slice() {
        [] => String::new(),
        hooks => format!(", once `{}` has run", hooks.join("`, `")),
    };
    problem.message.push_str(&format!("\nthe rows{after}: {query}"));
    let help = "correct the rows, by hand or in a hook in front of this step";
    problem.help.get_or_insert_with(|| help.to_owned());
    problem
}

/// What to do where something is there already that a revision creates.
fn taken(database: &Database, job: &Job) -> String {
    if database.standing.applied.is_empty() {
        let name = &job.revision.name;
        format!(
            "if the database was there before its first revision, record that it has it: `schemactl stamp {name}`"
        )
    } else {
        "see what the database has besides its revisions: `schemactl drift`".to_owned()
    }
}

/// The step of the revision at which it stopped, in brackets; all of them where a statement serves several and nothing
/// tells which it was.
fn place(steps: &[Step], failure: &run::Failure, direction: Direction, found: Option<&Found>) -> String {
    let served = failure.at.iter().flat_map(|at| &at.steps).filter_map(|step| steps.get(*step));
    let names: Vec<String> = match found {
        Some(found) => found.ops.iter().map(|op| op.describe().to_string()).collect(),
        // The message names the rows.
        None if !failure.lost.is_empty() => Vec::new(),
        None => served.map(|step| described(step, direction)).collect(),
    };
    match names.as_slice() {
        [] => String::new(),
        names if names.len() <= NAMES_MAX => format!(" ({})", names.join("; ")),
        // Rows of one table share a statement.
        names => {
            format!(" ({}; … and {} more)", names[..NAMES_MAX - 1].join("; "), names.len() + 1 - NAMES_MAX)
        }
    }
}

fn described(step: &Step, direction: Direction) -> String {
    match (step, direction) {
        (Step::Op(op), Direction::Up) => op.describe().to_string(),
        (Step::Op(op), Direction::Down) => op.clone().inverse().describe().to_string(),
        (Step::Hook(hook), _) => format!("hook {}", hook.name),
    }
}
