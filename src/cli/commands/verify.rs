//! `schemactl verify`: the proof that files and chain are what they say.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::cli::context::Context;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::output::counted;
use crate::diagnostic::Diagnostic;
use crate::model::State;
use crate::project::Project;
use crate::revision::{History, Link};
use crate::snapshot::Store;

/// Prove that revisions and snapshots are what they say: digests, replay, hashes
///
/// Replays the whole chain in memory, compares the state after each revision with the hash that it names, and checks
/// every snapshot. The snapshot of a head that is missing is written again. Of several projects it verifies all, unless
/// one is named.
#[derive(Debug, clap::Args)]
#[command(after_long_help = "Example:\n  schemactl verify")]
pub(crate) struct Args {}

/// Verifies.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let Args {} = args;
    let (mut json, mut exit) = (Vec::new(), Exit::DONE);
    for project in context.projects()? {
        let (document, is_sound) = verify(&project, context)?;
        json.push(document);
        if !is_sound {
            exit = Exit::INTEGRITY;
        }
    }
    if context.printer.is_json() {
        context.printer.json_of_each(json, "projects");
    }
    Ok(exit)
}

/// Verifies one project; whether nothing was found.
fn verify(project: &Project, context: &mut Context) -> Result<(Value, bool), Failure> {
    context.printer.suggest_for(project.name_among_several());
    let history = project.read_history(&mut context.sources)?;
    let checkpoints = project.read_checkpoints(&mut context.sources)?;
    let problems = faults(project, &history, &checkpoints, |_, _, _| {});
    let written = match problems.as_slice() {
        [] => keep_heads(project, &history, context)?,
        _ => Vec::new(),
    };
    let count = history.links().len();
    let list: Vec<_> =
        problems.iter().map(|problem| context.printer.problem(problem, &context.sources)).collect();
    let mut document = json!({ "revisions": count, "findings": list, "written": written });
    let mut of = String::new();
    if let Some(name) = project.name_among_several() {
        document["project"] = name.into();
        of = format!("{name}: ");
    }
    if !context.printer.is_json() {
        context.printer.diagnostics(&problems, &context.sources);
    }
    if problems.is_empty() {
        context.printer.status("Verified", format_args!("{of}{}", counted(count, "revision")));
    }
    Ok((document, problems.is_empty()))
}

/// What is wrong with the chain's steps and with the snapshots. Shows every revision that is proven, with the states
/// before and after it.
pub(crate) fn faults(
    project: &Project,
    history: &History,
    checkpoints: &[Link],
    mut proven: impl FnMut(&Link, &State, &State),
) -> Vec<Diagnostic> {
    let files = project.files();
    let snapshots = project.snapshots();
    let mut reached = BTreeSet::new();
    let mut problems = history.verify_each(|link, before, after| {
        reached.insert(link.revision.to);
        proven(link, before, after);
    });
    problems.extend(checkpoints.iter().filter_map(|checkpoint| history.doubts(checkpoint)));
    problems.extend(Store::new(&files, &snapshots).verify(&reached));
    problems
}

/// The snapshots of heads that are missing.
pub(crate) fn missing(project: &Project, history: &History) -> Vec<Diagnostic> {
    let files = project.files();
    let snapshots = project.snapshots();
    let store = Store::new(&files, &snapshots);
    history.heads().iter().filter_map(|head| store.missing(head.revision.to)).collect()
}

/// Writes the snapshots of heads that are missing. Returns their paths.
fn keep_heads(
    project: &Project,
    history: &History,
    context: &mut Context,
) -> Result<Vec<String>, Diagnostic> {
    let mut written = Vec::new();
    let files = project.files();
    let snapshots = project.snapshots();
    let store = Store::new(&files, &snapshots);
    for head in history.heads() {
        let hash = head.revision.to;
        if store.get(hash)?.is_none() {
            store.get_or_rebuild(hash, || history.checked_state(head.revision.id))?;
            let path = store.path(hash);
            context.printer.status("Wrote", &path);
            written.push(path);
        }
    }
    Ok(written)
}
