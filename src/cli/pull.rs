//! `drift --pull`: what was changed in a database is written into the schema's files, or nothing is.

use std::path::PathBuf;

use serde_json::{Value, json};
use similar::TextDiff;

use super::context::Context;
use super::database::Database;
use super::drift_view::View;
use super::errors::{E851, E856, E858, E859};
use super::exit::Exit;
use super::failure::Failure;
use super::observe;
use super::output::{Printer, counted};
use super::style::{ADD, DIM, DROP, paint};
use crate::diagnostic::{Diagnostic, Sources};
use crate::dialect::Inspection;
use crate::diff;
use crate::diff::merge::{Conflict, carry, merge};
use crate::hash::StateHash;
use crate::model::{State, validate};
use crate::project::Project;
use crate::snapshot;
use crate::syntax::{self, Care, Parsed};

/// How many lines around a change are shown.
const CONTEXT: usize = 2;

/// What was changed, and what it makes of the schema.
struct Pulled {
    before: Inspection,
    now: Inspection,
    merged: State,
    /// Whether the schema's files were what the database was last brought to.
    in_step: bool,
}

/// A file of the schema with another text.
pub(crate) struct Edited {
    pub(crate) path: PathBuf,
    pub(crate) old: String,
    pub(crate) new: String,
}

/// Writes it, or shows what it would write.
pub(crate) async fn pull(
    context: &mut Context,
    database: &mut Database,
    project: &Project,
    parsed: &Parsed,
    dry_run: bool,
) -> Result<Exit, Failure> {
    database.refresh().await?;
    let pulled = gather(context, database, project, parsed).await?;
    let files = rewritten(&context.sources, project, parsed, &pulled.merged)?;
    let drift = observe::between(&pulled.before, &pulled.now)?;
    let view = View::new(&drift, &pulled.now.state, database.server());
    if !dry_run {
        project.write_schema(files.iter().map(|file| (&*file.path, &*file.old, &*file.new)))?;
        if pulled.in_step {
            // What the schema has no words for stays a difference.
            let inspection = Inspection { unmanaged: pulled.before.unmanaged, ..pulled.now.clone() };
            observe::keep(database, inspection, Some(snapshot::hash(&pulled.merged))).await?;
        }
    }
    let printer = &mut context.printer;
    if printer.is_json() {
        let mut document = view.json();
        document["files"] = files.iter().map(Edited::json).collect();
        document["written"] = (!dry_run).into();
        printer.json(document);
        return Ok(Exit::DONE);
    }
    for strange in &drift.unmanaged {
        let (_, what) = strange.signed();
        printer.note(format_args!("the schema has no words for the {} {}", what.kind, what.name));
    }
    if files.is_empty() {
        printer.note(match drift.is_empty() {
            true => "nothing to pull: the database is what it was when it was last observed",
            false => "nothing to pull: the schema has what was changed",
        });
        return Ok(Exit::DONE);
    }
    files.iter().for_each(|file| file.print(printer));
    if !dry_run {
        printer.status(
            "Pulled",
            format_args!("{} into {}", counted(drift.ops.len(), "change"), counted(files.len(), "file")),
        );
        printer.next(match pulled.in_step {
            true => "`schemactl plan`; `apply` then sees that this database has the revision already",
            false => "`schemactl push`, since the schema had other changes as well, then `schemactl plan`",
        });
    }
    Ok(Exit::DONE)
}

async fn gather(
    context: &mut Context,
    database: &mut Database,
    project: &Project,
    parsed: &Parsed,
) -> Result<Pulled, Failure> {
    let now = observe::now(database).await?;
    let revisions = database.history.state_at(&database.standing.position)?;
    let (before, base) = match observe::last(database, &now).await? {
        Some((last, _)) => {
            let base = known(last.state, revisions, &parsed.state)?;
            (last.inspection, base)
        }
        None => (observe::fresh(database, &revisions, &now).await?, revisions),
    };
    let (name, names) = (database.session.dialect.name(), project.dialect_names());
    let theirs = carry(&before.state, &now.state, &base, &name, &names);
    let in_step = base == parsed.state;
    let (base, theirs) = renamed(base, theirs, parsed)?;
    let merged = merge(&base, &parsed.state, &theirs).map_err(|conflicts| refused(&conflicts))?;
    let problems = validate(&merged, project.naming());
    if let Some(problem) = problems.first() {
        let message =
            format!("the schema and the database were changed in ways that don't fit: {}", problem.message);
        return Err(
            Failure::from(Diagnostic::error(&E858, message).help(&*problem.help)).exit(Exit::DECISION)
        );
    }
    context.printer.detail(format_args!("schema with what was changed: {}", snapshot::hash(&merged)));
    Ok(Pulled { before, now, merged, in_step })
}

/// The declared state that the database was last brought to.
fn known(pushed: Option<StateHash>, revisions: State, files: &State) -> Result<State, Diagnostic> {
    match pushed {
        None => Ok(revisions),
        Some(hash) if hash == snapshot::hash(&revisions) => Ok(revisions),
        Some(hash) if hash == snapshot::hash(files) => Ok(files.clone()),
        Some(_) => {
            let message = "the database was pushed to another schema than the files and the revisions say";
            Err(Diagnostic::error(&E856, message).help("restore `schema/` to what was pushed, then pull"))
        }
    }
}

/// Both with the renames that the files ask for, so that all three speak of the same names.
fn renamed(base: State, mut theirs: State, parsed: &Parsed) -> Result<(State, State), Diagnostic> {
    let usable = diff::usable(&base, &parsed.state, &parsed.renames);
    let failed = |why: &dyn std::fmt::Display| {
        Diagnostic::error(&E858, format!("the schema renames what the database changed: {why}"))
            .help("take the `was=` out of the schema, pull, and rename then")
    };
    let (ops, base) = diff::renamed(&base, &parsed.state, &usable).map_err(|why| failed(&why))?;
    for op in &ops {
        op.apply(&mut theirs).map_err(|why| failed(&why))?;
    }
    Ok((base, theirs))
}

fn refused(conflicts: &[Conflict]) -> Failure {
    let problems: Vec<Diagnostic> = conflicts.iter().map(conflict).collect();
    Failure::from(problems).exit(Exit::DECISION)
}

fn conflict(Conflict { place, attributes, base, ours, theirs, users: _ }: &Conflict) -> Diagnostic {
    let what = match &**attributes {
        [] => place.to_string(),
        attributes => format!("`{}` of {place}", attributes.join("`, `")),
    };
    let side = |side: &Option<String>| {
        side.clone().unwrap_or_else(|| "(not there)".to_owned()).replace('\n', "\n            ")
    };
    let message = format!(
        "{what} was changed in the schema and in the database\n  before:   {}\n  schema:   {}\n  database: {}",
        side(base),
        side(ours),
        side(theirs)
    );
    Diagnostic::error(&E858, message)
        .help("write into the schema what it should be, as the database has it or as before")
}

/// The files as they are to be, proven to say what they should.
pub(crate) fn rewritten(
    sources: &Sources,
    project: &Project,
    parsed: &Parsed,
    merged: &State,
) -> Result<Vec<Edited>, Failure> {
    if *merged == parsed.state {
        return Ok(Vec::new());
    }
    let files = project.schema_sources(sources);
    let mut problems = Vec::new();
    for care in [Care::Entries, Care::Nodes] {
        let rewritten = syntax::rewrite(sources, &files, parsed, merged, care)?;
        let mut trial = Sources::default();
        let mut edited = Vec::new();
        for (id, source) in sources.iter().filter(|(id, _)| files.contains(id)) {
            let (path, old) = (source.path.clone(), source.text.to_string());
            let new = rewritten.edited.get(&id).unwrap_or(&old).clone();
            edited.push(Edited { path, old, new });
        }
        for (path, text) in rewritten.added {
            let path = project.config().schema.join(path);
            edited.push(Edited { path, old: String::new(), new: text });
        }
        let ids: Vec<_> = edited.iter().map(|file| trial.add(file.path.clone(), &*file.new)).collect();
        let (read, said) = syntax::parse_for(&trial, &ids, &project.dialect_names(), project.naming());
        if read.is_some_and(|read| read.state == *merged) {
            edited.retain(|file| file.old != file.new);
            return Ok(edited);
        }
        problems = said;
    }
    let why = problems.first().map_or_else(String::new, |problem| format!(": {}", problem.message));
    let ops = diff::diff(&parsed.state, merged, &[]).map_err(|error| {
        Diagnostic::error(&E851, format!("the differences can't be put in order: {error}"))
    })?;
    let lines: Vec<String> = ops.iter().map(|op| format!("\n  {}", op.describe())).collect();
    let message =
        format!("the files can't be edited so that they say what was changed{why}{}", lines.concat());
    Err(Diagnostic::error(&E859, message).help("write it into the schema by hand").into())
}

impl Edited {
    fn diff(&self) -> String {
        let path = self.path.display().to_string();
        let diff = TextDiff::from_lines(&*self.old, &*self.new);
        diff.unified_diff().context_radius(CONTEXT).header(&path, &path).to_string()
    }

    fn json(&self) -> Value {
        json!({ "path": self.path.display().to_string(), "diff": self.diff() })
    }

    fn print(&self, printer: &mut Printer) {
        for line in self.diff().lines() {
            match line.as_bytes().first() {
                Some(b'+') => printer.line(paint(ADD, line)),
                Some(b'-') => printer.line(paint(DROP, line)),
                Some(b'@') => printer.line(paint(DIM, line)),
                _ => printer.line(line),
            }
        }
    }
}
