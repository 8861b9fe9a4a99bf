//! The SQL of an environment around a run, outside of any transaction: what ran of it stays, and a failure says so.

use super::database::Database;
use super::exit::Exit;
use super::failure::Failure;
use crate::diagnostic::Diagnostic;
use crate::project::config::Policy;
use crate::runner::errors::E713;
use crate::sql::split;

/// Runs `before-run`.
pub(super) async fn before(database: &mut Database) -> Result<(), Failure> {
    let statements = database.target.policy.before_run.clone();
    let Err((done, mut problem)) = all(database, "before-run", &statements).await else { return Ok(()) };
    let is_clean = done == 0;
    problem.message.push_str(match is_clean {
        true => "\nno revision ran: the database is as it was",
        false => "\nno revision ran; what `before-run` did before this statement stays",
    });
    let failure = failed(problem, "correct `before-run` in `schemactl.kdl`");
    Err(if is_clean { failure } else { partial(failure) })
}

/// Runs `after-run`.
pub(super) async fn after(database: &mut Database) -> Result<(), Failure> {
    let statements = database.target.policy.after_run.clone();
    let Err((done, mut problem)) = all(database, "after-run", &statements).await else { return Ok(()) };
    problem.message.push_str(match done {
        0 => "\nall revisions ran before and stay",
        _ => "\nall revisions ran before and stay, and so does what `after-run` did before this statement",
    });
    let help = "run by hand what is left of `after-run`: with no revision to run, `apply` doesn't run it";
    Err(partial(failed(problem, help)))
}

/// What a run that failed says of the SQL around it, if there is any.
pub(super) fn around(policy: &Policy) -> Option<&'static str> {
    match (policy.before_run.is_empty(), policy.after_run.is_empty()) {
        (true, true) => None,
        (false, true) => Some("`before-run` ran before, outside of the transaction"),
        (true, false) => Some("`after-run` did not run"),
        (false, false) => {
            Some("`before-run` ran before, outside of the transaction; `after-run` did not run")
        }
    }
}

/// Runs statements one after the other; what fails comes with how many ran before.
async fn all(database: &mut Database, when: &str, scripts: &[String]) -> Result<(), (usize, Diagnostic)> {
    let rules = database.session.dialect.rules();
    // What can't be cut into statements the database is to complain of itself.
    let cut = scripts.iter().flat_map(|script| split(script, rules).unwrap_or_else(|_| vec![script]));
    for (done, sql) in cut.enumerate() {
        if let Err(error) = database.session.connection.execute(sql).await {
            let mut problem = error.diagnostic(&format!("`{when}` of the environment failed"));
            problem.message.push_str(&format!("\nstatement: {}", sql.trim()));
            return Err((done, problem));
        }
    }
    Ok(())
}

fn failed(mut problem: Diagnostic, help: &str) -> Failure {
    problem.help.get_or_insert_with(|| help.to_owned());
    problem.into()
}

fn partial(failure: Failure) -> Failure {
    let interrupted = failure.diagnostics.iter().any(|problem| problem.code == &E713);
    if interrupted { failure } else { failure.exit(Exit::PARTIAL) }
}
