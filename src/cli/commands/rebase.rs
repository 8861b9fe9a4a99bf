//! `schemactl rebase`: the revisions of one branch written anew on top of another.

use std::collections::BTreeSet;

use serde_json::json;

use crate::cli::chain;
use crate::cli::context::Context;
use crate::cli::database::{Access, with_database};
use crate::cli::errors::{E873, E874};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::joining::{self, Branch, Files};
use crate::cli::plan_view;
use crate::diagnostic::{Diagnostic, Severity};
use crate::model::State;
use crate::project::Project;
use crate::revision::{self, Decision, History, Link, Rebased, RevisionId};
use crate::snapshot::{Snapshot, Store};
use crate::syntax::Parsed;

/// Put the revisions of a branch on top of another one
///
/// Each is written anew with what its steps come to there, its hooks where they were, its id, message and tags, and the
/// next number. Of a revision that joined branches only its own steps are kept. The schema's files are brought to the state of the last one. Refuses a branch that a database of
/// `--env` or `--url` has; a database that has it nevertheless is to be rolled back first. Where both branches changed
/// the same, each conflict is shown, nothing is written, and the exit code is 3.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Examples:\n  schemactl rebase\n  schemactl rebase 0002_add_tags --onto 0003_split_name --env prod"
)]
pub(crate) struct Args {
    /// The head of the branch that moves; without it, the head that was written last
    #[arg(value_name = "REVISION")]
    head: Option<String>,

    /// The head that it is put on; without it, the only other one
    #[arg(long, value_name = "REVISION")]
    onto: Option<String>,

    /// Where both changed this, the branch that moves counts: `users`, `users.name`
    #[arg(long, value_name = "OBJECT")]
    mine: Vec<String>,

    /// Where both changed this, the other branch counts
    #[arg(long, value_name = "OBJECT")]
    theirs: Vec<String>,

    /// Show what would be written and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Moves them.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    if context.global.env.is_none() && context.global.url.is_none() {
        return rebase(&args, context, &BTreeSet::new());
    }
    let mut applied = BTreeSet::new();
    with_database(context, "rebase", Access::Read, async |_, database| {
        applied.clone_from(&database.standing.applied);
        Ok(Exit::DONE)
    })?;
    context.sources = crate::diagnostic::Sources::default();
    rebase(&args, context, &applied)
}

fn rebase(args: &Args, context: &mut Context, applied: &BTreeSet<RevisionId>) -> Result<Exit, Failure> {
    let project = context.project()?;
    let (schema, history) = project.read(&mut context.sources);
    let (history, (parsed, _)) = (history?, schema?);
    let Some([head, onto]) = heads(&history, args)? else {
        return Ok(nothing(context, "the chain has one head"));
    };
    let theirs = below(&history, onto);
    let mine = Branch { option: "--mine", tip: head, own: history.missing(&[head.revision.id], &theirs) };
    let other = Branch {
        option: "--theirs",
        tip: onto,
        own: history.missing(&[onto.revision.id], &below(&history, head)),
    };
    movable(&history, &mine, applied)?;
    let rebased = moved(&history, &mine, &other, args)?;
    let Some(Rebased { state: to, .. }) = rebased.last() else {
        return Ok(nothing(context, "it is there already"));
    };
    joining::sound(to, &project)?;
    context.printer.diagnostics(&warnings(&rebased), &context.sources);
    let files = bring(context, &project, &parsed, (&history, head, onto), to, args.dry_run)?;
    if !args.dry_run {
        joining::settle(context, &project, &history, other.own.iter().chain(&mine.own).copied())?;
        write(&project, &mine, &rebased)?;
    }
    show(context, &mine, &rebased, &files, args.dry_run);
    Ok(Exit::DONE)
}

fn nothing(context: &mut Context, why: &str) -> Exit {
    if context.printer.is_json() {
        context.printer.json(json!({ "revisions": [], "written": false, "updated": [] }));
    } else {
        context.printer.note(format_args!("nothing to rebase: {why}"));
    }
    Exit::DONE
}

/// The head that moves and the one that it is put on.
fn heads<'h>(history: &'h History, args: &Args) -> Result<Option<[&'h Link; 2]>, Failure> {
    let heads = history.heads();
    let named = |name: &Option<String>| name.as_deref().map(|name| chain::find(history, name)).transpose();
    let (head, onto) = (named(&args.head)?, named(&args.onto)?);
    let head = match head {
        Some(head) => head,
        None => {
            let others =
                heads.iter().filter(|link| onto.is_none_or(|onto| onto.revision.id != link.revision.id));
            let last = others.max_by_key(|link| (link.revision.created, link.revision.name.clone()));
            let Some(last) = last else { return Ok(None) };
            last
        }
    };
    if let Some(onto) = onto {
        return Ok(Some([head, onto]));
    }
    let others: Vec<&&Link> = heads.iter().filter(|link| link.revision.id != head.revision.id).collect();
    match others.as_slice() {
        [] => Ok(None),
        [onto] => Ok(Some([head, onto])),
        several => {
            let message = format!("the chain has {} other heads", several.len());
            let help = format!("say which it is put on: `--onto {}`", several[0].revision.name);
            Err(Diagnostic::error(&E873, message).help(help).into())
        }
    }
}

fn below(history: &History, link: &Link) -> BTreeSet<RevisionId> {
    history.ancestors([link.revision.id]).iter().map(|link| link.revision.id).collect()
}

/// Refuses a branch on which others build, or that a database has.
fn movable(history: &History, mine: &Branch<'_>, applied: &BTreeSet<RevisionId>) -> Result<(), Failure> {
    let own: BTreeSet<RevisionId> = mine.own.iter().map(|link| link.revision.id).collect();
    for link in &mine.own {
        let name = &link.revision.name;
        if let Some(child) =
            history.needed_by(link.revision.id).find(|child| !own.contains(&child.revision.id))
        {
            let message = format!("`{name}` must stay where it is: `{}` needs it", child.revision.name);
            return Err(Diagnostic::error(&E874, message).help("use `schemactl merge`").into());
        }
    }
    let itself = |link: &&Link| applied.contains(&link.revision.id);
    let had = mine.own.iter().copied().filter(itself).map(|link| &link.revision.name);
    let parts = mine.own.iter().flat_map(|link| &link.revision.replaces);
    let parts = parts.filter(|part| applied.contains(&part.id)).map(|part| &part.name);
    let names: Vec<&str> = had.chain(parts).map(|name| name.as_str()).collect();
    match names.as_slice() {
        [] => Ok(()),
        names => {
            let message = format!("the database has `{}`, which must stay as it is", names.join("`, `"));
            Err(Diagnostic::error(&E874, message).help("use `schemactl merge`, or roll it back first").into())
        }
    }
}

/// The branch on top of the other.
fn moved<'h>(
    history: &'h History,
    mine: &Branch<'h>,
    other: &Branch<'_>,
    args: &Args,
) -> Result<Vec<Rebased<'h>>, Failure> {
    let decision =
        |revision: RevisionId, object: &String| Decision { revision, object: object.as_str().into() };
    let of_mine =
        mine.own.iter().flat_map(|link| args.mine.iter().map(|object| decision(link.revision.id, object)));
    let of_theirs = args.theirs.iter().map(|object| decision(other.tip.revision.id, object));
    let decisions: Vec<Decision> = of_mine.chain(of_theirs).collect();
    let rebased = history.rebased(&mine.own, other.tip, &decisions);
    rebased.map_err(|why| joining::refused(why, other, mine, "rebase"))
}

/// What is to be looked at: hooks with names that are no longer right, and squashed revisions.
fn warnings(rebased: &[Rebased<'_>]) -> Vec<Diagnostic> {
    let doubts = rebased.iter().flat_map(|one| one.doubts.iter().cloned()).map(|doubt| {
        Diagnostic { severity: Severity::Warning, ..doubt }
            .help("write the new name into the hook: `schemactl edit`")
    });
    let squashed = rebased.iter().filter(|one| !one.was.revision.replaces.is_empty()).map(|one| {
        let (name, replaces) = (&one.was.revision.name, &one.was.revision.replaces);
        let names: Vec<String> = replaces.iter().map(|part| format!("`{}`", part.name)).collect();
        let message = format!(
            "`{name}` no longer stands in place of {}: a database that has them doesn't fit the chain any more",
            names.join(", ")
        );
        Diagnostic::warning(&E874, message).help("roll such databases back before, or use `schemactl merge`")
    });
    doubts.chain(squashed).collect()
}

fn bring(
    context: &Context,
    project: &Project,
    parsed: &Parsed,
    (history, head, onto): (&History, &Link, &Link),
    to: &State,
    dry_run: bool,
) -> Result<Files, Failure> {
    let common = history.tips(&below(history, head).intersection(&below(history, onto)).copied().collect());
    let states = [
        history.state_at(&[head.revision.id])?,
        history.state_at(&[onto.revision.id])?,
        history.state_at(&common)?,
    ];
    let known = [&states[0], &states[1], &states[2], to];
    joining::bring(&context.sources, project, parsed, to, &known, dry_run)
}

/// Writes the snapshots and the new files, then removes the old ones. Should this stop on the way, both are there,
/// which is found as two revisions with the same id.
fn write(project: &Project, mine: &Branch<'_>, rebased: &[Rebased<'_>]) -> Result<(), Failure> {
    let (files, snapshots) = (project.files(), project.snapshots());
    let store = Store::new(&files, &snapshots);
    for one in rebased {
        store.put(&Snapshot::of(&one.state))?;
    }
    let new: Vec<_> = rebased.iter().map(|one| one.revision.clone()).collect();
    Ok(revision::replace_all(&files, &project.revisions(), &mine.own, &new)?)
}

fn show(context: &mut Context, mine: &Branch<'_>, rebased: &[Rebased<'_>], files: &Files, dry_run: bool) {
    let printer = &mut context.printer;
    if printer.is_json() {
        let updated: &[String] = if let Files::Written(paths) = files { paths } else { &[] };
        let revisions: Vec<_> = rebased.iter().map(|one| plan_view::revision_json(&one.revision)).collect();
        printer.json(json!({ "revisions": revisions, "written": !dry_run, "updated": updated }));
        return;
    }
    for link in &mine.own {
        let old = &link.revision.name;
        let Some(one) = rebased.iter().find(|one| one.was.revision.id == link.revision.id) else {
            printer.note(format_args!("`{old}` goes: what it joined lies in a row now"));
            continue;
        };
        printer.lines(plan_view::revision(&one.revision, &[]));
        if !dry_run {
            printer.status("Moved", format_args!("{old} to {}", one.revision.name));
        }
    }
    joining::tell(printer, files);
    let waits = rebased.iter().any(|one| plan_view::unfilled(&one.revision.steps));
    if !dry_run && !matches!(files, Files::Ahead) {
        printer.next(if waits { "`schemactl edit` to write the hook" } else { "`schemactl apply`" });
    }
}
