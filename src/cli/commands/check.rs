//! `schemactl check`: what a pipeline asks before it lets a change through. Offline; changes nothing.

use std::collections::HashSet;

use serde_json::json;

use super::verify;
use crate::change::Step;
use crate::cli::context::Context;
use crate::cli::dialects;
use crate::cli::environments;
use crate::cli::errors::{E820, E821};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::others;
use crate::cli::output::counted;
use crate::cli::sql_view::{self, Lowered};
use crate::diagnostic::{Diagnostic, Severity, Sources};
use crate::diff;
use crate::model::State;
use crate::plan::{Task, Values};
use crate::project::{Project, values};
use crate::revision::{self, History, Link, RevisionId};
use crate::runner::claims::Claims;
use crate::snapshot;
use crate::sql::Rules;
use crate::syntax::Parsed;

/// Check everything that can be checked without a database, for a pipeline
///
/// The schema has no change that no revision makes, the chain is whole and has one head, or one on each branch with a label, every revision leads where it
/// says and can run on every dialect of the project, the head has its snapshot, and no hook waits to be written. Exits with 4 when it finds
/// something, and with 5 when a revision or snapshot isn't what it says. Of several projects it checks all, unless one is
/// named.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Examples:\n  schemactl check\n  schemactl check --format json")]
pub(crate) struct Args {}

/// Checks.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args {} = args;
    let projects = context.projects()?;
    let (mut all, mut json) = (Vec::new(), Vec::new());
    for project in &projects {
        context.printer.suggest_for(project.name_among_several());
        let (mut findings, revisions) = findings(project, context);
        findings.extend(names_of_others(project, context));
        let of = project.name_among_several().map(|name| format!("{name}: ")).unwrap_or_default();
        if context.printer.is_json() {
            let list: Vec<_> =
                findings.iter().map(|finding| context.printer.problem(finding, &context.sources)).collect();
            let mut document = json!({ "revisions": revisions, "findings": list });
            if let Some(name) = project.name_among_several() {
                document["project"] = name.into();
            }
            json.push(document);
        } else {
            context.printer.diagnostics(&findings, &context.sources);
        }
        if findings.iter().all(|finding| finding.severity < Severity::Error) {
            let names: Vec<String> = project.dialect_names().iter().map(ToString::to_string).collect();
            let count = counted(revisions, "revision");
            context.printer.status("Checked", format_args!("{of}{count} on {}", names.join(", ")));
        } else if !of.is_empty() {
            context.printer.note(format_args!("the above is about the project `{}`", project.config().name));
        }
        all.extend(findings);
    }
    if context.printer.is_json() {
        context.printer.json_of_each(json, "projects");
    }
    if all.iter().all(|finding| finding.severity < Severity::Error) {
        return Ok(Exit::DONE);
    }
    let own = Failure::from(all).exit;
    Ok(if own == Exit::INTEGRITY { own } else { Exit::FINDINGS })
}

/// Everything that is found, and how many revisions there are.
fn findings(project: &Project, context: &mut Context) -> (Vec<Diagnostic>, usize) {
    let mut findings = Vec::new();
    let (schema, history) = project.read(&mut context.sources);
    let parsed = match schema {
        Ok((parsed, warnings)) => {
            findings.extend(warnings);
            Some(parsed)
        }
        Err(problems) => {
            findings.extend(problems);
            None
        }
    };
    let history = match history {
        Ok(history) => history,
        Err(problems) => {
            findings.extend(problems);
            return (findings, 0);
        }
    };
    let mut refused = Vec::new();
    let values = values::declared(project.config());
    let checkpoints = match project.read_checkpoints(&mut context.sources) {
        Ok(checkpoints) => checkpoints,
        Err(problems) => {
            findings.extend(problems);
            Vec::new()
        }
    };
    let faults = verify::faults(project, &history, &checkpoints, |link, from, to| {
        refused.extend(refusals(project, &values, link, from, to));
    });
    let is_sound = faults.is_empty();
    findings.extend(faults);
    let heads = history.intended_heads();
    findings.extend(heads.as_ref().err().cloned());
    if is_sound {
        findings.extend(refused);
        findings.extend(verify::missing(project, &history));
        if let (Some(parsed), Ok(heads)) = (&parsed, heads) {
            findings.extend(unplanned(&history, &heads, parsed));
            if let Err(refused) = dialects::check(project, parsed) {
                findings.extend(refused);
            }
        }
    }
    (findings, history.links().len())
}

/// The names in the schema that another project has which is on the same database, as far as the configuration tells.
fn names_of_others(project: &Project, context: &mut Context) -> Vec<Diagnostic> {
    let mut neighbours = project.others().filter(|other| project.config().shares_database(other.config()));
    let Some(first) = neighbours.next() else { return Vec::new() };
    let Ok((own, _)) = project.read_schema(&mut context.sources) else { return Vec::new() };
    let own = Claims::of_state(&own.state);
    let mut found = Vec::new();
    for other in [first].into_iter().chain(neighbours) {
        // What is wrong with the other's files is told where that one is checked.
        let Ok((theirs, _)) = other.read_schema(&mut Sources::default()) else { continue };
        let names = Claims::of_state(&theirs.state).common(&own);
        if !names.is_empty() {
            found.push(others::taken_names(&names, &format!("the project `{}`", other.config().name)));
        }
    }
    found
}

/// What keeps a revision from running on a dialect of the project: operations, and hooks that nobody has written.
fn refusals(project: &Project, values: &Values, link: &Link, from: &State, to: &State) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let steps = &link.revision.steps;
    for server in project.servers() {
        let name = server.1.product.word();
        match sql_view::render(steps, from, to, server) {
            Ok(lowered) => found.extend(misused(link, &lowered, values, server.0.rules())),
            Err(problems) => {
                let of = |problem: Diagnostic| match problem.labels.is_empty() {
                    true => problem.at(link.places.name, format!("this revision can't run on {name}")),
                    false => problem,
                };
                found.extend(problems.into_iter().map(of));
            }
        }
    }
    let mut told = HashSet::new();
    found.retain(|problem| told.insert((problem.message.clone(), problem.labels.len())));
    let mut limits = HashSet::new();
    for (step, span) in steps.iter().zip(&link.places.steps) {
        let what = match step {
            Step::Op(op) => format!("`{}`", op.subject()),
            Step::Hook(hook) => format!("hook `{}`", hook.name),
        };
        // Rows come in great numbers, and have their environments in common.
        let named = step.environments();
        let is_new = matches!(step, Step::Hook(_)) || limits.insert(named.clone());
        let unknown = environments::unknown(project, &what, if is_new { named } else { Vec::new() });
        found.extend(unknown.into_iter().map(|problem| problem.at(*span, "")));
        let Step::Hook(hook) = step else { continue };
        let names = project.dialect_names();
        let parts = names.iter().map(|name| revision::unfilled(hook, name)).find(|parts| !parts.is_empty());
        if let Some(parts) = parts {
            let message = format!("hook `{}` has no {} yet", hook.name, parts.join(" and no "));
            let name = &link.revision.name;
            found.push(
                Diagnostic::error(&E821, message).at(*span, "").help(format!("run `schemactl edit {name}`")),
            );
        }
    }
    found
}

/// What is wrong with the variables that hooks use, in either direction.
fn misused(link: &Link, lowered: &Lowered, values: &Values, rules: &Rules) -> Vec<Diagnostic> {
    let segments = lowered.up.iter().chain(lowered.down.iter().flatten());
    let mut found = Vec::new();
    for work in segments.flat_map(|segment| &segment.work) {
        let Task::Hook(hook) = &work.task else { continue };
        let place = work.steps.first().and_then(|step| link.places.steps.get(*step));
        let place = *place.unwrap_or(&link.places.name);
        found.extend(values.misused(hook, rules).into_iter().map(|problem| problem.at(place, "")));
    }
    found
}

/// Whether the schema says something else than the heads lead to.
fn unplanned(history: &History, heads: &[&Link], parsed: &Parsed) -> Option<Diagnostic> {
    let hash = snapshot::hash(&parsed.state);
    if matches!(heads, [head] if hash == head.revision.to) {
        return None;
    }
    let ids: Vec<RevisionId> = heads.iter().map(|head| head.revision.id).collect();
    let state = match history.state_at(&ids) {
        Ok(state) => state,
        Err(problem) => return Some(problem),
    };
    if snapshot::hash(&state) == hash {
        return None;
    }
    let ops = diff::diff(&state, &parsed.state, &parsed.renames).unwrap_or_default();
    let message = match ops.as_slice() {
        [] => "the schema has changes that no revision makes".to_owned(),
        [one] => format!("the schema has a change that no revision makes: `{}`", one.describe()),
        [first, ..] => {
            format!("the schema has {} changes that no revision makes: `{}`, …", ops.len(), first.describe())
        }
    };
    Some(
        Diagnostic::error(&E820, message)
            .help("run `schemactl plan`, and commit the revision with the schema"),
    )
}
