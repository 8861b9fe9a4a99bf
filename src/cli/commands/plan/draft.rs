//! A revision in the making: from the two states and the answers to steps that are proven to lead from one to the other
//! and that every dialect of the project can do.

use std::collections::BTreeMap;
use std::io;

use super::answers::Answers;
use super::convert::{self, Prepared};
use super::question::{self, Asked};
use super::{broken, expand};
use crate::change::{Down, Hook, Script, ScriptText, Step, ops, replay};
use crate::cli::clock;
use crate::cli::context::Context;
use crate::cli::dialects;
use crate::cli::errors::{E813, E815, E818};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::placing::{Placing, dependencies};
use crate::cli::plan_view;
use crate::cli::prompt::Prompt;
use crate::cli::sql_view::Lowered;
use crate::cli::wording::Dialects;
use crate::diagnostic::{Diagnostic, SourceId};
use crate::diff;
use crate::model::{Rename, State};
use crate::parallel;
use crate::project::Project;
use crate::revision::{self, History, Link, Revision, RevisionId};
use crate::snapshot::{self, Snapshot};
use crate::syntax::Parsed;

/// What kind of revision is planned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The next one.
    New,
    /// The last one again.
    Amend,
    /// The next one without operations.
    Empty,
}

/// What a revision builds on, and what it depends on.
type Needs = (Vec<RevisionId>, Vec<RevisionId>);

/// A revision in the making.
pub(super) struct Draft {
    pub(super) history: History,
    /// The head, if there is one and it is planned again.
    pub(super) amended: Option<RevisionId>,
    /// What the next one builds on, and what it depends on.
    pub(super) needs: Needs,
    pub(super) from: State,
    pub(super) snapshot: Snapshot,
    pub(super) parsed: Parsed,
    pub(super) steps: Vec<Step>,
    pub(super) warnings: Vec<Diagnostic>,
    /// What all branches come to together, where that is more than this revision leads to.
    wanted: Option<State>,
}

/// Plans; `None` when there is nothing to plan.
pub(super) fn draft(
    project: &Project,
    kind: Kind,
    placing: &Placing,
    mut answers: Answers,
    context: &mut Context,
) -> Result<Option<Draft>, Failure> {
    let (schema, history) = project.read(&mut context.sources);
    let ((parsed, warnings), history) = (schema?, history?);
    let (needs, is_beside) = match kind {
        Kind::New | Kind::Empty => place(&history, placing)?,
        Kind::Amend => Default::default(),
    };
    let (snapshot, before) = parallel::both(
        || Snapshot::of(&parsed.state),
        || if is_beside { beside(&history) } else { before(&history, kind) },
    );
    let (from, amended) = before?;
    let mut draft = Draft {
        amended: amended.as_ref().map(|head| head.id),
        needs,
        snapshot,
        history,
        from,
        parsed,
        steps: Vec::new(),
        warnings,
        wanted: None,
    };
    if kind == Kind::Empty {
        if is_beside {
            draft.from = draft.own_state()?;
        }
        draft.parsed.state = draft.from.clone();
        draft.snapshot = Snapshot::of(&draft.from);
        return Ok(Some(draft));
    }
    let old = amended.map(|head| head.steps);
    let dialects = project.dialects();
    let settled = settle(&draft, &dialects, old.as_deref(), &mut answers, context)?;
    draft.plan(&settled, old.as_deref(), &answers, &dialects)?;
    wrong(&answers, settled.prepared.state(), &draft.parsed.state)?;
    draft.prove()?;
    let is_same = match &old {
        Some(old) => *old == draft.steps,
        None => draft.steps.is_empty(),
    };
    if is_beside && !is_same {
        draft.settle_down()?;
    }
    Ok((!is_same).then_some(draft))
}

/// The state that the plan starts from, proven by replay, and the head if it is planned again.
fn before(history: &History, kind: Kind) -> Result<(State, Option<Revision>), Diagnostic> {
    let head = history.head()?;
    match (kind, head) {
        (Kind::New | Kind::Empty, None) => Ok((State::default(), None)),
        (Kind::New | Kind::Empty, Some(head)) => Ok((history.checked_state(head.revision.id)?, None)),
        (Kind::Amend, None) => Err(Diagnostic::error(&E815, "there is no revision to amend")
            .help("run `schemactl plan` without `--amend`")),
        (Kind::Amend, Some(head)) => {
            let parents: Vec<RevisionId> =
                history.needs(head.revision.id).map(|parent| parent.revision.id).collect();
            Ok((history.state_at(&parents)?, Some(head.revision.clone())))
        }
    }
}

/// What the next revision builds on and depends on, and whether other branches lie beside it.
fn place(history: &History, placing: &Placing) -> Result<(Needs, bool), Failure> {
    let spot = placing.spot(history)?;
    let ids = |links: &[&Link]| links.iter().map(|link| link.revision.id).collect::<Vec<_>>();
    let parents: Vec<&Link> = spot.parent.into_iter().collect();
    let needs = (ids(&parents), ids(&spot.depends_on));
    let is_beside = !spot.depends_on.is_empty() || ids(&history.heads()) != needs.0;
    Ok((needs, is_beside))
}

/// The state of all branches together, which is what the schema's files say.
fn beside(history: &History) -> Result<(State, Option<Revision>), Diagnostic> {
    let heads: Vec<RevisionId> = history.effective_heads().iter().map(|head| head.revision.id).collect();
    Ok((history.state_at(&heads)?, None))
}

/// What is decided before the operations are looked for.
struct Settled {
    renames: Vec<Rename>,
    prepared: Prepared,
}

/// Gathers the renames: what the schema says, what the answers say, and what a person says to the questions that remain.
fn settle(
    draft: &Draft,
    dialects: &Dialects,
    old: Option<&[Step]>,
    answers: &mut Answers,
    context: &mut Context,
) -> Result<Settled, Failure> {
    let to = &draft.parsed.state;
    let mut hints = draft.parsed.renames.clone();
    if let Some(old) = old {
        hints.extend(answers.learn(old));
    }
    let prompt = Prompt::available(context);
    loop {
        let mut renames = hints.clone();
        let answered = answers.resolve_renames(&draft.from, to, &renames)?;
        renames.extend(answered);
        renames.sort();
        renames.dedup();
        let prepared = convert::prepare(&draft.from, to, &renames, answers, dialects)
            .map_err(|error| impossible(&error))?;
        let questions =
            diff::questions(prepared.state(), to, &renames).map_err(|error| impossible(&error))?;
        let mut open: Vec<Asked> =
            questions.iter().filter_map(|question| question::ask(question, to, answers)).collect();
        open.extend(prepared.open.iter().map(question::conversion));
        match (open.first(), &prompt) {
            (None, _) => return Ok(Settled { renames, prepared }),
            (Some(first), Some(prompt)) => first.put(prompt, answers, [to, prepared.state()], context)?,
            (Some(_), None) => return Err(undecided(&open, context)),
        }
    }
}

/// Refuses answers that answer nothing, or with what can't be.
fn wrong(answers: &Answers, from: &State, to: &State) -> Result<(), Failure> {
    let mut wrong = answers.unused();
    wrong.extend(answers.check_replaced(to));
    wrong.extend(answers.check_defaults([to, from]));
    if wrong.is_empty() { Ok(()) } else { Err(wrong.into()) }
}

/// The files beside a revision that scripts of a step are kept in, with their texts.
fn files(step: &Step) -> Vec<(&str, &str)> {
    let Step::Hook(Hook { up, down, .. }) = step else { return Vec::new() };
    let down = match down {
        Down::Script(script) => Some(script),
        Down::Irreversible { .. } => None,
    };
    let kept = |script| match script {
        &Script::Text(ScriptText { ref sql, file: Some(ref file) }) => Some((&**file, &*sql.common)),
        Script::Text(ScriptText { file: None, .. }) | Script::Unfilled | Script::Nothing => None,
    };
    [Some(up), down].into_iter().flatten().filter_map(kept).collect()
}

/// Tells the open questions and ends.
fn undecided(open: &[Asked], context: &mut Context) -> Failure {
    if context.printer.is_json() {
        let questions: Vec<_> = open.iter().map(Asked::json).collect();
        context.printer.json(serde_json::json!({ "exit": Exit::DECISION.code(), "questions": questions }));
    } else {
        context.printer.words(question::list(open));
    }
    Failure { exit: Exit::DECISION, diagnostics: Vec::new() }
}

fn impossible(error: &diff::DiffError) -> Diagnostic {
    Diagnostic::error(&E813, error.to_string())
        .help("make the change in two revisions: first take away what is in the way, run `schemactl plan`, then add")
}

impl Draft {
    fn plan(
        &mut self,
        settled: &Settled,
        old: Option<&[Step]>,
        answers: &Answers,
        dialects: &Dialects,
    ) -> Result<(), Failure> {
        let Settled { renames, prepared } = settled;
        let from = prepared.state();
        let ops = diff::diff(from, &self.parsed.state, renames).map_err(|error| impossible(&error))?;
        let mut steps = prepared.steps(old.is_none());
        steps.extend(expand::expand(ops, from, answers, old.is_none().then_some(dialects)));
        self.steps = match old {
            None => steps,
            Some(old) => {
                let ops = steps.into_iter().filter_map(|step| match step {
                    Step::Op(op) => Some(op),
                    Step::Hook(_) => None,
                });
                let (steps, warnings) = revision::rebase_hooks(old, ops.collect());
                self.warnings.extend(warnings);
                steps
            }
        };
        Ok(())
    }

    /// The state that a revision in this place starts from.
    fn own_state(&self) -> Result<State, Diagnostic> {
        let (parents, depends_on) = &self.needs;
        self.history.state_at(&[parents.as_slice(), depends_on.as_slice()].concat())
    }

    /// Brings what was planned for all branches together to the place of the revision, on one of them.
    fn settle_down(&mut self) -> Result<(), Failure> {
        let own = self.own_state()?;
        let mut state = own.clone();
        replay(&mut state, ops(&self.steps)).map_err(|(_, why)| {
            let message = format!("what changed in the schema doesn't fit where the revision goes: {why}");
            let help = "put it on the branch that has this, name that with `--depends-on REVISION`, or join the branches: \
                        `schemactl merge`";
            Diagnostic::error(&E818, message).help(help)
        })?;
        (self.from, self.snapshot) = (own, Snapshot::of(&state));
        self.wanted = Some(std::mem::replace(&mut self.parsed.state, state));
        Ok(())
    }

    /// Joins the revision with the other branches, which must come to what the schema's files say.
    pub(super) fn prove_place(
        &self,
        project: &Project,
        revision: &Revision,
        context: &mut Context,
    ) -> Result<(), Failure> {
        let Some(wanted) = &self.wanted else { return Ok(()) };
        let with = self.history.with(&project.revisions(), revision, &mut context.sources)?;
        let (joined, _) = beside(&with)?;
        match joined == *wanted || snapshot::hash(&joined) == snapshot::hash(wanted) {
            true => Ok(()),
            false => Err(broken("with the other branches the plan leads elsewhere".to_owned()).into()),
        }
    }

    /// Replays the steps in both directions.
    fn prove(&self) -> Result<(), Failure> {
        let mut state = self.from.clone();
        replay(&mut state, ops(&self.steps)).map_err(|(step, error)| {
            broken(format!("operation {} of the plan doesn't fit: {error}", step + 1))
        })?;
        // Equal states have equal hashes, and are compared faster than they are printed.
        if state != self.parsed.state && snapshot::hash(&state) != self.snapshot.hash {
            return Err(broken("the planned operations don't lead to the schema".to_owned()).into());
        }
        let back: Vec<_> = ops(&self.steps).rev().cloned().map(crate::change::Op::inverse).collect();
        replay(&mut state, &back).map_err(|(step, error)| {
            broken(format!("the inverse of operation {} of the plan doesn't fit: {error}", back.len() - step))
        })?;
        if state != self.from {
            return Err(broken("the inverse of the plan doesn't lead back".to_owned()).into());
        }
        Ok(())
    }

    /// Reads the revision's text as the next command will.
    pub(super) fn prove_text(&self, revision: &Revision) -> Result<(), Failure> {
        let text = revision::print(revision);
        let files: BTreeMap<&str, &str> = revision.steps.iter().flat_map(files).collect();
        let beside = |file: &str| match files.get(file) {
            Some(text) => Ok(text.as_bytes().to_vec()),
            None => Err(io::ErrorKind::NotFound.into()),
        };
        match revision::codec::read(SourceId(0), &text, &revision.name, &beside) {
            Ok((read, _)) if revision::digest(&read) == revision::digest(revision) => Ok(()),
            Ok(_) => Err(broken("the revision's text says something else than the plan".to_owned()).into()),
            Err(problems) => {
                let why = problems.first().map_or_else(String::new, ToString::to_string);
                Err(broken(format!("the revision's text can't be read again: {why}")).into())
            }
        }
    }

    /// What every dialect of the project does for the steps.
    ///
    /// # Errors
    /// What a dialect can't have or do, at its place in the schema.
    pub(super) fn render(&self, project: &Project) -> Result<Vec<Lowered>, Failure> {
        Ok(dialects::render(project, &self.steps, &self.from, &self.parsed)?)
    }

    /// The revision, on top of the head or in its place. Without a message, the steps make one.
    pub(super) fn revision(&self, message: Option<&str>) -> Revision {
        if let Some(old) = self.amended.and_then(|id| self.history.get(id)) {
            return old.revision.clone().amended(self.snapshot.hash, message, self.steps.clone());
        }
        let message = message.map_or_else(|| plan_view::message(&self.steps), str::to_owned);
        let (parents, depends_on) = &self.needs;
        let links =
            |ids: &[RevisionId]| ids.iter().filter_map(|id| self.history.get(*id)).collect::<Vec<&Link>>();
        let (parents, depends_on) = (links(parents), links(depends_on));
        let from = match (parents.as_slice(), depends_on.as_slice()) {
            // The head was proven to lead to the state that it names.
            ([head], []) => head.revision.to,
            _ => snapshot::hash(&self.from),
        };
        let (to, now) = (self.snapshot.hash, clock::now());
        let mut revision = Revision::new(&parents, from, to, &message, now, self.steps.clone());
        revision.depends_on = dependencies(&depends_on);
        revision
    }
}
