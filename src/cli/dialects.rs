//! What the dialects of a project make of steps: each must be able to have the state and to do the operations.

use super::cost::Cost;
use super::environments;
use super::errors::E834;
use super::locate::locate;
use super::sql_view::{self, Lowered, Server};
use crate::change::Step;
use crate::diagnostic::Diagnostic;
use crate::dialect::Dialect;
use crate::model::State;
use crate::parallel;
use crate::project::Project;
use crate::syntax::Parsed;

/// What every dialect of the project does for steps that lead to the schema.
///
/// # Errors
/// What a dialect can't have or do, at its place in the schema.
pub(super) fn render(
    project: &Project,
    steps: &[Step],
    from: &State,
    parsed: &Parsed,
) -> Result<Vec<Lowered>, Vec<Diagnostic>> {
    check(project, parsed)?;
    let mut lowered = Vec::new();
    let mut problems: Vec<Diagnostic> = Vec::new();
    let render = |server: &Server| sql_view::render(steps, from, &parsed.state, *server);
    for rendered in parallel::each(&project.servers(), 1, render) {
        match rendered {
            Ok(rendered) => lowered.push(rendered),
            Err(refused) => problems.extend(refused),
        }
    }
    if problems.is_empty() {
        return Ok(lowered);
    }
    Err(problems.into_iter().map(|problem| locate(problem, parsed)).collect())
}

/// Whether every dialect of the project can have the schema, and the project has the environments that it names.
///
/// # Errors
/// What one can't have, at its place in the schema.
pub(super) fn check(project: &Project, parsed: &Parsed) -> Result<(), Vec<Diagnostic>> {
    let dialects = project.dialects();
    let is_shared = dialects.len() > 1;
    let refused = |dialect: &&'static dyn Dialect| {
        let mut refused = dialect.check(&parsed.state.for_dialect(&dialect.name()));
        refused.extend(is_shared.then(|| dialect.check_shared(&parsed.state)).into_iter().flatten());
        refused
    };
    let refused = parallel::each(&dialects, 1, refused);
    let problems: Vec<Diagnostic> =
        refused.into_iter().flatten().map(|problem| locate(problem, parsed)).collect();
    let problems = [problems, environments::check(project, parsed)].concat();
    if problems.is_empty() { Ok(()) } else { Err(problems) }
}

/// Which of the servers the SQL is asked for that are for this product, or all.
///
/// # Errors
/// E834: none is for it.
pub(super) fn asked<'w>(
    servers: &[Server],
    product: Option<&'w str>,
) -> Result<impl Fn(&str) -> bool + use<'w>, Diagnostic> {
    let words: Vec<&str> = servers.iter().map(|(_, version)| version.product.word()).collect();
    match product.filter(|product| !words.contains(product)) {
        Some(product) => {
            let message = format!("the project is not for `{product}`, so it has no SQL for it");
            Err(Diagnostic::error(&E834, message).help(format!("name one of `{}`", words.join("`, `"))))
        }
        None => Ok(move |word: &str| product.is_none_or(|product| product == word)),
    }
}

/// What each dialect does for the steps.
pub(super) fn costs(lowered: &[Lowered]) -> Vec<Cost> {
    lowered.iter().map(|Lowered { dialect, up, .. }| Cost::of(dialect, up)).collect()
}
