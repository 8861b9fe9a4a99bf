//! What `merge` and `rebase` share: conflicts as people see them, and the schema's files brought to the joined state.

use super::context::Context;
use super::errors::{E870, E871};
use super::exit::Exit;
use super::failure::Failure;
use super::output::Printer;
use super::pull;
use crate::change::Step;
use crate::diagnostic::{Diagnostic, Sources};
use crate::diff::merge::Conflict;
use crate::model::{Collection, Named, Place, State, validate};
use crate::project::Project;
use crate::revision::{self, History, Link, Unjoined, object};
use crate::snapshot::{Snapshot, Store};
use crate::syntax::Parsed;

/// One of two branches: what people call it, the option that decides for it, and its own revisions.
pub(super) struct Branch<'h> {
    pub(super) option: &'static str,
    pub(super) tip: &'h Link,
    pub(super) own: Vec<&'h Link>,
}

/// Mends what git may have left of the branches: files of revisions that pin a parent under a name which it no longer
/// has, and snapshots of which it mixed two.
///
/// # Errors
/// A file can't be written, or the chain is broken.
pub(super) fn settle<'h>(
    context: &Context,
    project: &Project,
    history: &'h History,
    links: impl Iterator<Item = &'h Link> + Clone,
) -> Result<(), Failure> {
    let (files, snapshots) = (project.files(), project.snapshots());
    revision::name_parents(&files, &context.sources, history, links.clone())?;
    let store = Store::new(&files, &snapshots);
    for link in links {
        if store.get(link.revision.to).is_err() {
            store.put(&Snapshot::of(&history.checked_state(link.revision.id)?))?;
        }
    }
    Ok(())
}

/// Why branches can't be joined, each conflict with both sides and where they changed it.
pub(super) fn refused(why: Unjoined, ours: &Branch<'_>, theirs: &Branch<'_>, command: &str) -> Failure {
    match why {
        Unjoined::Broken(problem) => problem.into(),
        Unjoined::Conflicts(conflicts) => {
            let shown = conflicts.iter().map(|conflict| shown(conflict, ours, theirs, command));
            Failure::from(shown.collect::<Vec<_>>()).exit(Exit::DECISION)
        }
    }
}

fn shown(conflict: &Conflict, one: &Branch<'_>, two: &Branch<'_>, command: &str) -> Diagnostic {
    let Conflict { place, attributes, base, ours, theirs, users } = conflict;
    let what = match &**attributes {
        [] => place.to_string(),
        attributes => format!("`{}` of {place}", attributes.join("`, `")),
    };
    let names = [one, two].map(|branch| branch.tip.revision.name.as_str());
    let width = names.iter().map(|name| name.len()).max().unwrap_or(0).max("before".len());
    let mut message = match users.as_slice() {
        [] => format!("{what} was changed on both branches"),
        users => {
            let users: Vec<String> = users.iter().map(ToString::to_string).collect();
            format!("{what} was dropped on one branch, and used on the other by {}", users.join(", "))
        }
    };
    for (name, text) in [("before", base), (names[0], ours), (names[1], theirs)] {
        let indent = format!("\n  {:width$}  ", "");
        let text = text.as_deref().unwrap_or("(not there)").replace('\n', &indent);
        message.push_str(&format!("\n  {name:width$}  {text}"));
    }
    let mut diagnostic = Diagnostic::error(&E870, message);
    let is_any = |step: &Step| is_about(step, place) || users.iter().any(|user| is_about(step, user));
    for branch in [one, two] {
        for link in &branch.own {
            if let Some(at) = link.revision.steps.iter().position(is_any)
                && let Some(span) = link.places.steps.get(at)
            {
                diagnostic = diagnostic.at(*span, "changed here");
                break;
            }
        }
    }
    let object = object(place);
    let option = |branch: &Branch<'_>| {
        format!("`schemactl {command} {} {object}` for `{}`", branch.option, branch.tip.revision.name)
    };
    diagnostic.help(format!("decide with {}, or {}", option(one), option(two)))
}

fn is_about(step: &Step, place: &Place) -> bool {
    let Step::Op(op) = step else { return false };
    let (wanted, subject) = (object(place), op.subject());
    subject == wanted || op.describe().subject == wanted
}

/// Refuses a joined state whose parts don't fit together.
pub(super) fn sound(state: &State, project: &Project) -> Result<(), Failure> {
    let problems = validate(state, project.naming());
    let shown = problems.iter().map(|problem| {
        let message = format!("what both branches changed doesn't fit together: {}", problem.message);
        Diagnostic::error(&E871, message).help(&*problem.help)
    });
    let shown: Vec<Diagnostic> = shown.collect();
    if shown.is_empty() { Ok(()) } else { Err(Failure::from(shown).exit(Exit::DECISION)) }
}

/// What became of the schema's files.
pub(super) enum Files {
    /// They say what they should, or would.
    Same,
    /// These were written.
    Written(Vec<String>),
    /// They have changes of their own, and were left alone.
    Ahead,
}

/// Brings the schema's files to a state, where they say nothing that isn't in one of these.
pub(super) fn bring(
    sources: &Sources,
    project: &Project,
    parsed: &Parsed,
    wanted: &State,
    known: &[&State],
    dry_run: bool,
) -> Result<Files, Failure> {
    if parsed.state == *wanted {
        return Ok(Files::Same);
    }
    if !is_mixture(&parsed.state, known) {
        return Ok(Files::Ahead);
    }
    let files = pull::rewritten(sources, project, parsed, wanted)?;
    if dry_run {
        return Ok(Files::Same);
    }
    project.write_schema(files.iter().map(|file| (&*file.path, &*file.old, &*file.new)))?;
    Ok(Files::Written(files.iter().map(|file| file.path.display().to_string()).collect()))
}

/// Whether each thing in a state is as one of these has it.
fn is_mixture(state: &State, known: &[&State]) -> bool {
    fn of<T: Named + PartialEq>(
        state: &State,
        known: &[&State],
        part: impl Fn(&State) -> &Collection<T>,
    ) -> bool {
        let own = part(state);
        let keys = known.iter().flat_map(|known| part(known).keys()).chain(own.keys());
        keys.into_iter().all(|key| known.iter().any(|known| part(known).get(key) == own.get(key)))
    }
    of(state, known, |state| &state.namespaces)
        && of(state, known, |state| &state.enums)
        && of(state, known, |state| &state.tables)
        && of(state, known, |state| &state.views)
        && of(state, known, |state| &state.objects)
        && of(state, known, |state| &state.data)
}

/// Says what became of the files.
pub(super) fn tell(printer: &mut Printer, files: &Files) {
    match files {
        Files::Same => {}
        Files::Written(paths) => paths.iter().for_each(|path| printer.status("Updated", path)),
        Files::Ahead => {
            printer.note("the schema's files have changes of their own and were left as they are");
            printer.next("`schemactl plan`, which writes a revision with them");
        }
    }
}
