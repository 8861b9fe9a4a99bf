//! `schemactl merge`: a revision that joins two branches, proven to be the same in either order.

use std::collections::BTreeSet;

use serde_json::json;

use crate::change::{Op, Step, ops, replay};
use crate::cli::context::Context;
use crate::cli::errors::{E870, E872, E873};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::joining::{self, Branch, Files};
use crate::cli::{chain, clock, plan_view, sql_view};
use crate::diagnostic::Diagnostic;
use crate::diff;
use crate::diff::merge::{Conflict, Version};
use crate::document::errors::E017;
use crate::model::{Rename, State};
use crate::project::Project;
use crate::revision::errors::E433;
use crate::revision::{self, Decision, History, Link, Revision, RevisionId, Unjoined, object};
use crate::snapshot::{self, Snapshot, Store};
use crate::syntax::Parsed;

/// Join two branches of the chain with a revision that builds on both
///
/// Each attribute of each object is taken from the branch that changed it, whatever either of them renamed. Nothing
/// asks in which order databases get the branches: the merge proves that either order leads to the same state. Where
/// both branches changed the same, each conflict is shown, nothing is written, and the exit code is 3. The schema's
/// files are brought to the joined state.
#[derive(Debug, clap::Args)]
#[command(
    after_long_help = "Examples:\n  schemactl merge\n  schemactl merge 0002_add_tags 0002_rename_users\n  \
    schemactl merge --ours users.name --theirs posts"
)]
pub(crate) struct Args {
    /// The two heads; without them, or with `heads`, those that there are
    #[arg(value_name = "REVISION", num_args = 0..)]
    heads: Vec<String>,

    /// What the revision is for; its file is named after it
    #[arg(short, long, value_name = "TEXT")]
    message: Option<String>,

    /// Where both changed this, the first branch counts: `users`, `users.name`
    #[arg(long, value_name = "OBJECT")]
    ours: Vec<String>,

    /// Where both changed this, the second branch counts
    #[arg(long, value_name = "OBJECT")]
    theirs: Vec<String>,

    /// Where both changed something, the schema's files count, as they are now
    #[arg(long, conflicts_with_all = ["ours", "theirs"])]
    schema: bool,

    /// Show the merge and write nothing
    #[arg(long)]
    dry_run: bool,
}

/// Joins them.
pub(crate) fn run(args: Args, context: &mut Context) -> Result<Exit, Failure> {
    let project = context.project()?;
    let (schema, history) = project.read(&mut context.sources);
    let history = history?;
    let Some([ours, theirs]) = heads(&history, &args.heads)? else {
        return Ok(nothing(context));
    };
    let (parsed, _) = schema.map_err(unreadable)?;
    let branches = [branch(&history, ours, theirs, "--ours"), branch(&history, theirs, ours, "--theirs")];
    let merged = Merged::new(&history, &branches, &args, &parsed)?;
    joining::sound(&merged.to, &project)?;
    let revision = merged.revision(&history, &branches, args.message.as_deref());
    let with = history.with(&project.revisions(), &revision, &mut context.sources)?;
    prove(&with, &revision, &project)?;
    let states = [ours, theirs].map(|link| history.checked_state(link.revision.id));
    let [one, two] = states;
    let (one, two) = (one?, two?);
    let known = [&one, &two, &merged.base, &merged.version.state, &merged.to];
    let files = match args.schema {
        true => Files::Same,
        false => joining::bring(&context.sources, &project, &parsed, &merged.to, &known, args.dry_run)?,
    };
    let mut written = Vec::new();
    if !args.dry_run {
        let own = branches.iter().flat_map(|branch| branch.own.iter().copied());
        joining::settle(context, &project, &history, own)?;
        written = write(&project, &revision, &merged.to)?;
    }
    show(context, &revision, &written, &files);
    Ok(Exit::DONE)
}

/// The heads that are meant; `None` where there is nothing to join.
fn heads<'h>(history: &'h History, named: &[String]) -> Result<Option<[&'h Link; 2]>, Failure> {
    let found: Vec<&Link> = match named {
        [] => history.heads(),
        [all] if all == "heads" => history.heads(),
        [one] => {
            let name = &chain::find(history, one)?.revision.name;
            let message = format!("`{name}` alone is named, and two are joined");
            return Err(Diagnostic::error(&E873, message)
                .help("name the other one behind it, or none: then the heads are joined")
                .into());
        }
        named => named.iter().map(|name| chain::find(history, name)).collect::<Result<_, _>>()?,
    };
    match *found.as_slice() {
        [] | [_] => Ok(None),
        [one, two] => {
            let is_below = |link: &Link, of: &Link| {
                history.ancestors([of.revision.id]).iter().any(|other| other.revision.id == link.revision.id)
            };
            let (a, b) = (&one.revision.name, &two.revision.name);
            if is_below(one, two) || is_below(two, one) {
                let message = format!("of `{a}` and `{b}` one builds on the other: there is nothing to join");
                return Err(Diagnostic::error(&E873, message)
                    .help("run `schemactl heads` for what can be joined")
                    .into());
            }
            Ok(Some([one, two]))
        }
        [one, two, ..] => {
            let message = format!("these are {} revisions, and two are joined at a time", found.len());
            let (one, two) = (&one.revision.name, &two.revision.name);
            Err(Diagnostic::error(&E873, message)
                .help(format!(
                    "begin with two, `schemactl merge {one} {two}`, then join the next with the result"
                ))
                .into())
        }
    }
}

fn branch<'h>(history: &'h History, tip: &'h Link, other: &Link, option: &'static str) -> Branch<'h> {
    let below = history.ancestors([other.revision.id]).iter().map(|link| link.revision.id).collect();
    Branch { option, tip, own: history.missing(&[tip.revision.id], &below) }
}

fn nothing(context: &mut Context) -> Exit {
    if context.printer.is_json() {
        context.printer.json(json!({ "revision": null, "steps": [], "written": [], "updated": [] }));
    } else {
        context.printer.note("nothing to join: the chain has one head");
    }
    Exit::DONE
}

/// Says of a conflict that git left in the schema's files how this command goes on from there.
fn unreadable(mut problems: Vec<Diagnostic>) -> Failure {
    for problem in problems.iter_mut().filter(|problem| problem.code == &E017) {
        problem.help = Some(
            "take either side, `git checkout --ours schema`, and run `schemactl merge` again, which writes what both \
             say; or solve it by hand and run `schemactl merge --schema`"
                .to_owned(),
        );
    }
    problems.into()
}

/// Two branches in one state.
struct Merged {
    base: State,
    /// What the branches lead to, before the merge's own steps.
    version: Version,
    decisions: Vec<Decision>,
    steps: Vec<Step>,
    to: State,
}

impl Merged {
    fn new(
        history: &History,
        branches: &[Branch<'_>; 2],
        args: &Args,
        parsed: &Parsed,
    ) -> Result<Self, Failure> {
        let [ours, theirs] = branches.each_ref().map(|branch| branch.tip.revision.id);
        let refused = |why| joining::refused(why, &branches[0], &branches[1], "merge");
        let conflicts = match history.joined(&[ours, theirs], &[]) {
            Ok(_) => Vec::new(),
            Err(Unjoined::Conflicts(conflicts)) => conflicts,
            Err(why) => return Err(refused(why)),
        };
        let decision = |revision: RevisionId| {
            move |object: &String| Decision { revision, object: object.as_str().into() }
        };
        let mut decisions: Vec<Decision> =
            args.ours.iter().map(decision(ours)).chain(args.theirs.iter().map(decision(theirs))).collect();
        idle(&decisions, &conflicts)?;
        if args.schema {
            decisions = by_schema(history, [ours, theirs], &conflicts, parsed)?;
        }
        let version = history.joined(&[ours, theirs], &decisions).map_err(refused)?;
        let common: Vec<RevisionId> = {
            let below =
                |id| history.ancestors([id]).iter().map(|link| link.revision.id).collect::<BTreeSet<_>>();
            history.tips(&below(ours).intersection(&below(theirs)).copied().collect())
        };
        let base = history.state_at(&common)?;
        let (steps, to) = match args.schema {
            false => (Vec::new(), version.state.clone()),
            true => (lead(&version.state, &parsed.state, &parsed.renames)?, parsed.state.clone()),
        };
        Ok(Self { base, version, decisions, steps, to })
    }

    fn revision(&self, history: &History, branches: &[Branch<'_>; 2], message: Option<&str>) -> Revision {
        let tips = branches.each_ref().map(|branch| branch.tip);
        let slugs = tips.map(|tip| tip.revision.name.slug().replace('_', " "));
        let message = message.map_or_else(|| format!("merge {} and {}", slugs[0], slugs[1]), str::to_owned);
        let parents: Vec<&Link> = tips.iter().filter_map(|tip| history.get(tip.revision.id)).collect();
        let (from, to) = (snapshot::hash(&self.version.state), snapshot::hash(&self.to));
        let mut revision = Revision::new(&parents, from, to, &message, clock::now(), self.steps.clone());
        for (parent, tip) in revision.parents.iter_mut().zip(tips) {
            let own = self.decisions.iter().filter(|decision| decision.revision == tip.revision.id);
            parent.wins = own.map(|decision| decision.object.clone()).collect();
        }
        revision
    }
}

/// Refuses decisions that decide nothing.
fn idle(decisions: &[Decision], conflicts: &[Conflict]) -> Result<(), Failure> {
    let is_idle = |decision: &&Decision| {
        !conflicts.iter().any(|conflict| {
            let around = conflict.place.parent().map(|place| object(&place));
            object(&conflict.place) == *decision.object || around.as_deref() == Some(&*decision.object)
        })
    };
    let problems: Vec<Diagnostic> = decisions
        .iter()
        .filter(is_idle)
        .map(|decision| {
            let message = format!("`{}` is nothing that both branches changed", decision.object);
            Diagnostic::error(&E873, message).help("leave it out; `schemactl merge` lists the conflicts")
        })
        .collect();
    if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
}

/// For each conflict the branch that is nearest to what the schema's files say.
fn by_schema(
    history: &History,
    heads: [RevisionId; 2],
    conflicts: &[Conflict],
    parsed: &Parsed,
) -> Result<Vec<Decision>, Failure> {
    let [ours, theirs] = heads;
    let mut decisions: Vec<Decision> = conflicts
        .iter()
        .map(|conflict| Decision { revision: ours, object: object(&conflict.place).into() })
        .collect();
    decisions.dedup();
    let distance = |decisions: &[Decision]| -> usize {
        let joined = history.joined(&heads, decisions).ok();
        let ops = joined.and_then(|version| diff::diff(&version.state, &parsed.state, &parsed.renames).ok());
        ops.map_or(usize::MAX, |ops| ops.len())
    };
    let mut best = distance(&decisions);
    for at in 0..decisions.len() {
        decisions[at].revision = theirs;
        let other = distance(&decisions);
        if other < best {
            best = other;
        } else {
            decisions[at].revision = ours;
        }
    }
    Ok(decisions)
}

/// The steps from the joined state to what the schema's files say.
fn lead(from: &State, to: &State, renames: &[Rename]) -> Result<Vec<Step>, Failure> {
    let asks = diff::questions(from, to, renames).map_or(true, |questions| !questions.is_empty());
    let ops = diff::diff(from, to, renames).ok().filter(|_| !asks);
    let ops = ops.ok_or_else(|| {
        let message = "the schema's files say more than the two branches, and something of it has to be asked";
        Diagnostic::error(&E870, message)
            .help("decide with `--ours` and `--theirs`, and put the rest into a revision of its own: `schemactl plan`")
    })?;
    Ok(ops.into_iter().map(Step::Op).collect())
}

/// For branches of more revisions together, only the whole of either is taken to be on a database already.
const PARTS_MAX: usize = 12;

/// Applies both branches in every order in which databases come to have them, in memory, and renders what runs for every
/// dialect of the project.
fn prove(history: &History, merge: &Revision, project: &Project) -> Result<(), Failure> {
    let parents: Vec<RevisionId> = history.parents(merge.id).map(|parent| parent.revision.id).collect();
    for had in beginnings(history, &parents) {
        let mut state = history.state_at(&history.tips(&had))?;
        let mut applied = had;
        let mut last = None;
        for link in history.missing(&parents, &applied.clone()) {
            let before = state.clone();
            let steps = history.steps_on(link, &applied).map_err(contrary)?;
            there_and_back(&mut state, &steps).map_err(|why| broken(link, &why))?;
            for server in project.servers() {
                sql_view::render(&steps, &before, &state, server)?;
            }
            applied.insert(link.revision.id);
            last = Some(&link.revision.name);
        }
        if snapshot::hash(&state) != merge.from {
            let name = last.map_or_else(String::new, ToString::to_string);
            let message = format!("with `{name}` applied last, the branches lead to another state");
            return Err(Diagnostic::error(&E872, message)
                .help("put one branch on top of the other with `schemactl rebase`")
                .into());
        }
        there_and_back(&mut state, &merge.steps).map_err(|why| {
            Diagnostic::error(&E872, why).help("run `schemactl plan` after a merge without `--schema`")
        })?;
    }
    Ok(())
}

/// What databases may have of the branches before they get the rest: none of them, either, or the first revisions of
/// either.
fn beginnings(history: &History, heads: &[RevisionId]) -> Vec<BTreeSet<RevisionId>> {
    let below = |id: RevisionId| -> BTreeSet<RevisionId> {
        history.ancestors([id]).iter().map(|link| link.revision.id).collect()
    };
    let whole: Vec<BTreeSet<RevisionId>> = heads.iter().map(|head| below(*head)).collect();
    let common = whole.iter().skip(1).fold(whole.first().cloned().unwrap_or_default(), |all, one| &all & one);
    let mut beginnings = whole;
    let own: Vec<RevisionId> = history.missing(heads, &common).iter().map(|link| link.revision.id).collect();
    if own.len() <= PARTS_MAX {
        let parts = own.iter().filter(|id| !heads.contains(id)).map(|id| &below(*id) | &common);
        beginnings.extend(parts);
    }
    beginnings.push(common);
    beginnings
}

/// Says of revisions that contradict each other on the way to heads that don't how they come together all the same.
fn contrary(problem: Diagnostic) -> Diagnostic {
    if problem.code != &E433 {
        return problem;
    }
    let message = format!("on the way, {}", problem.message);
    Diagnostic::error(&E872, message).help(
        "put one branch on top of the other with `schemactl rebase`, or make its revisions one with `schemactl squash`",
    )
}

/// Runs operations there, and there and back.
fn there_and_back(state: &mut State, steps: &[Step]) -> Result<(), String> {
    let start = state.clone();
    replay(state, ops(steps)).map_err(|(at, why)| format!("operation {} doesn't fit: {why}", at + 1))?;
    let mut back = state.clone();
    let inverse: Vec<Op> = ops(steps).rev().cloned().map(Op::inverse).collect();
    replay(&mut back, &inverse).map_err(|(_, why)| format!("the way back doesn't fit: {why}"))?;
    if back == start { Ok(()) } else { Err("the way back leads to another state".to_owned()) }
}

fn broken(link: &Link, why: &str) -> Diagnostic {
    let name = &link.revision.name;
    let message = format!("`{name}` can't run behind the other branch: {why}");
    Diagnostic::error(&E872, message).help(format!("put it on top with `schemactl rebase {name}`"))
}

/// Writes the snapshot, then the revision.
fn write(project: &Project, revision: &Revision, to: &State) -> Result<Vec<String>, Failure> {
    let (files, snapshots) = (project.files(), project.snapshots());
    let store = Store::new(&files, &snapshots);
    let mut written = Vec::new();
    let snapshot = Snapshot::of(to);
    if store.put(&snapshot)? != snapshot::Put::Present {
        written.push(store.path(snapshot.hash));
    }
    written.push(revision::write(&files, &project.revisions(), revision)?);
    Ok(written)
}

fn show(context: &mut Context, revision: &Revision, written: &[String], files: &Files) {
    let printer = &mut context.printer;
    if printer.is_json() {
        let updated: &[String] = if let Files::Written(paths) = files { paths } else { &[] };
        printer.json(json!({
            "revision": plan_view::revision_json(revision),
            "steps": plan_view::json(&revision.steps, &[]),
            "written": written,
            "updated": updated,
        }));
        return;
    }
    printer.lines(plan_view::revision(revision, &[]));
    printer.status("Proved", "either order of the branches leads to this state");
    written.iter().for_each(|path| printer.status("Wrote", path));
    joining::tell(printer, files);
    if !written.is_empty() && !matches!(files, Files::Ahead) {
        printer.next("`schemactl apply`");
    }
}
