//! A revision that has begun and not ended, for people and for programs: which of its statements is done, which is in
//! doubt, which have not run.

use serde_json::{Value, json};

use super::database::Database;
use super::output::Printer;
use super::style::{DIM, NAME, paint};
use crate::diagnostic::Diagnostic;
use crate::plan::{Direction, Segment, Task, Work};
use crate::runner::course::{Course, Stand};
use crate::runner::journal::Unfinished;
use crate::runner::lock::session_at_work;

/// Up to how many statements are all shown; of more, those around the one where it stands.
const SHOWN_MAX: usize = 12;
/// How many of them stand before and behind that one.
const AROUND: usize = 2;
/// How much of a statement is shown, in characters.
const SQL_MAX: usize = 90;

/// How it runs; nothing where the project doesn't have the revision.
///
/// # Errors
/// See [`Course::of`].
pub(crate) fn course(database: &Database, open: &Unfinished) -> Result<Option<Course>, Vec<Diagnostic>> {
    let Database { history, standing, .. } = database;
    Course::of(history, standing, open, database.server())
}

/// Who is at work on it: a run, or a statement that a run which is gone has left to the server.
pub(crate) async fn at_work(database: &mut Database) -> Result<Option<String>, Diagnostic> {
    if database.standing.unfinished.is_none() {
        return Ok(None);
    }
    let scope = database.session.location.scope().to_owned();
    session_at_work(&mut database.session.connection, &scope).await
}

/// Shows it, below a line that names it.
pub(crate) fn print(
    printer: &mut Printer,
    (database, course): (&Database, &Course),
    open: &Unfinished,
    at_work: Option<&str>,
) {
    let count = course.segments.len();
    printer.line(format_args!("  {} of {count} statements are done", course.done));
    let shown = if count > SHOWN_MAX { around(course.done) } else { 0..count };
    for (index, segment) in course.segments.iter().enumerate().filter(|(index, _)| shown.contains(index)) {
        let stand = word(course.stand(index, open.doubtful));
        printer.line(format_args!(
            "  {:>4} {} {}",
            index + 1,
            paint(NAME, format_args!("{stand:<8}")),
            sql(segment)
        ));
        let ops = served(course, segment).join("; ");
        printer.line(format_args!("                {}", paint(DIM, ops)));
    }
    if let Some(failure) = &open.failure {
        printer.line(format_args!("  it stopped: {failure}"));
    }
    if let Some(who) = at_work {
        printer.line(format_args!("  at work on it: {who}; the next run waits for its end"));
    }
    let back = course.undone(database.server()).map_err(|problems| problems.into_iter().next());
    match (open.direction, back) {
        (Direction::Up, Ok(_)) => {
            printer.line("  go on with `schemactl apply`, or undo what ran with `schemactl rollback`");
        }
        (Direction::Up, Err(why)) => {
            let why = why.map(|why| format!(": {}", why.message)).unwrap_or_default();
            printer.line(format_args!("  go on with `schemactl apply`; nothing leads back{why}"));
        }
        (Direction::Down, _) => printer.line("  go on with `schemactl rollback`"),
    }
}

fn around(done: usize) -> std::ops::Range<usize> {
    done.saturating_sub(AROUND)..done + AROUND + 1
}

/// The same for programs.
pub(crate) fn to_json(course: Option<&Course>, open: &Unfinished, at_work: Option<&str>) -> Value {
    let statements = course.map(|course| {
        let statement = |(index, segment): (usize, &Segment)| {
            let sql: Vec<String> = segment.work.iter().flat_map(|work| texts(&work.task)).collect();
            json!({
                "number": index + 1,
                "stand": course.stand(index, open.doubtful),
                "transaction": segment.transactional,
                "sql": sql,
                "operations": served(course, segment),
            })
        };
        course.segments.iter().enumerate().map(statement).collect::<Vec<Value>>()
    });
    json!({
        "revision": open.revision.name,
        "direction": open.direction,
        "failure": open.failure,
        "at_work": at_work,
        "done": course.map(|course| course.done),
        "statements": statements,
    })
}

fn word(stand: Stand) -> &'static str {
    match stand {
        Stand::Done => "done",
        Stand::InDoubt => "in doubt",
        Stand::Open => "open",
    }
}

/// The steps that a segment serves, each once.
fn served(course: &Course, segment: &Segment) -> Vec<String> {
    let mut all: Vec<String> = segment.work.iter().flat_map(|work| course.served(work)).collect();
    all.dedup();
    all
}

/// The first statement of a segment on one line.
fn sql(segment: &Segment) -> String {
    let text =
        segment.work.first().and_then(|Work { task, .. }| texts(task).into_iter().next()).unwrap_or_default();
    let text: Vec<&str> = text.split_whitespace().collect();
    let text = text.join(" ");
    let text = match text.char_indices().nth(SQL_MAX) {
        Some((end, _)) => format!("{} …", text.get(..end).unwrap_or_default()),
        None => text,
    };
    match segment.work.len() {
        0 | 1 => text,
        more => format!("{text} (and {} more in one transaction)", more - 1),
    }
}

fn texts(task: &Task) -> Vec<String> {
    match task {
        Task::Statement(statement) => vec![statement.sql.clone()],
        Task::Rebuild(rebuild) => rebuild.statements(),
        Task::Hook(hook) => hook.statements.clone(),
    }
}
