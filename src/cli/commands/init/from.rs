//! `schemactl init --from`: a project for a database that is there already. The schema, the revision that leads to it
//! and the snapshot are proven before anything is written; all of it is written, or nothing.

use std::path::Path;

use jiff::Timestamp;
use serde_json::json;

use super::config::{self, Location, VARIABLE};
use super::{ATTRIBUTES, FOLDERS, called, mark_generated, refuse_to_overwrite, root_join};
use crate::change::{Step, ops, replay};
use crate::cli::actor::actor;
use crate::cli::context::Context;
use crate::cli::database::with_session;
use crate::cli::errors::{E813, E814, E863, E864, E865, E866};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::inspection::{Inspected, Split, Written, list_unmanaged, name_tools};
use crate::cli::locate::locate;
use crate::cli::output::counted;
use crate::cli::prompt::Prompt;
use crate::cli::sql_view::{self, Server};
use crate::cli::unseen::tell_unseen;
use crate::cli::{clock, plan_view, state_json};
use crate::diagnostic::Diagnostic;
use crate::dialect::{self, Inspection, Product};
use crate::diff;
use crate::model::State;
use crate::name::{DialectName, Name};
use crate::project::config::Policy;
use crate::project::staged::Staged;
use crate::project::{CONFIG_FILE, DatabaseUrl, JournalName};
use crate::revision::{self, Revision};
use crate::runner::connection::Target;
use crate::runner::journal::{Completion, Entry, Event, Journal, RevisionRef};
use crate::runner::lock::RunLock;
use crate::runner::observed::{Observation, Place};
use crate::runner::session::Session;
use crate::snapshot::{self, Files, Memory, Snapshot, Store};

/// What the first revision is for.
const MESSAGE: &str = "baseline";
/// Up to how many files of the schema are named one by one.
const NAMED_MAX: usize = 8;

/// Begins the project.
pub(super) fn run(
    root: &Path,
    url: &str,
    mut dialects: Vec<String>,
    split: Split,
    stamp: bool,
    context: &mut Context,
) -> Result<Exit, Failure> {
    let url = DatabaseUrl::new(url);
    let target = Target::parse(url.expose())?;
    refuse_to_overwrite(root, &[CONFIG_FILE], &["schema", FOLDERS[0], FOLDERS[1]])?;
    if dialects.is_empty() {
        dialects.push(target.dialect().to_owned());
    }
    if !dialects.iter().any(|dialect| dialect == target.dialect()) {
        let message = format!("the database speaks `{}`, which `--dialects` leaves out", target.dialect());
        let help = format!("add it: `--dialects {},{}`", target.dialect(), dialects.join(","));
        return Err(Diagnostic::error(&E865, message).help(help).into());
    }
    let environment = Name::new(context.global.env.as_deref().unwrap_or("dev")).map_err(|error| {
        Diagnostic::error(&E865, format!("`--env` has no name: {error}")).help("write a name behind it")
    })?;
    with_session(context, "init", &target, &JournalName::default(), async |context, mut session| {
        let journal = session.journal().await?;
        refuse_kept(&journal, &target)?;
        let inspected = Inspected::read(&mut session).await?;
        let state = &for_dialects(&inspected, dialects.len());
        if *state == State::default() {
            let message = format!("there is nothing in `{target}` that a schema could have");
            let help = format!("begin without it: `schemactl init --dialects {}`", dialects.join(","));
            return Err(Diagnostic::error(&E864, message).help(help).into());
        }
        let location = Location::of(&url, &target, root);
        let name = called(context, root);
        let origin = Origin { message: MESSAGE, tags: Vec::new(), created: clock::now() };
        let own = (inspected.dialect, session.connection.version());
        let baseline = Baseline::new(state, split, &dialects, own, origin, context)?;
        let dialects = (&*dialects, baseline.servers);
        let text = config::text(&name, dialects, &environment, (&location, &target));
        let mut files = vec![(CONFIG_FILE.to_owned(), text)];
        files.extend(baseline.files.iter().cloned());
        let texts = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let staged = Staged::write(root, texts, &[])?;
        let stamped = stamp || wants_stamp(context, &target)?;
        if stamped {
            place_and_stamp(context, &mut session, staged, "init", &[&baseline.revision]).await?;
            observe(context, &mut session, &inspected, &baseline.revision).await;
        } else {
            staged.place()?;
        }
        let attributes = mark_generated(root, &[FOLDERS[1].to_owned()])?;
        let done = Done { root, name: &name, files: &files, baseline: &baseline, stamped, attributes };
        done.tell(context, &inspected, &location);
        Ok(Exit::DONE)
    })
}

/// The schema of a project for so many dialects. Raw objects are SQL of their own dialect: others don't get them.
fn for_dialects(inspected: &Inspected, count: usize) -> State {
    let mut state = inspected.inspection.state.clone();
    if count > 1 {
        state.objects.iter_mut().for_each(|object| object.only = Some(inspected.dialect.name()));
    }
    state
}

/// Refuses a database on which a project has run revisions.
pub(in crate::cli::commands) fn refuse_kept(journal: &Journal, target: &Target) -> Result<(), Diagnostic> {
    let last = journal.applied.last().map(|last| last.revision.name.clone());
    let open = || journal.unfinished.as_ref().map(|open| open.revision.name.clone());
    let Some(name) = last.or_else(open) else { return Ok(()) };
    let message = format!("`{target}` belongs to a project already: its journal ends with `{name}`");
    let help = "work on that project; its schema without a project is what `schemactl inspect --url` prints";
    Err(Diagnostic::error(&E863, message).help(help))
}

/// The files of a project that a database is the beginning of.
pub(in crate::cli::commands) struct Baseline {
    /// Their paths and texts.
    pub(in crate::cli::commands) files: Vec<(String, String)>,
    /// The revision that leads to what is there.
    pub(in crate::cli::commands) revision: Revision,
    /// The product that the project is for, where others of its dialect can't have what is there.
    pub(in crate::cli::commands) servers: Option<Product>,
}

/// What is said of a first revision beside what it does.
pub(in crate::cli::commands) struct Origin<'a> {
    /// What it is for.
    pub(in crate::cli::commands) message: &'a str,
    /// Further names for it.
    pub(in crate::cli::commands) tags: Vec<Name>,
    /// When it is written.
    pub(in crate::cli::commands) created: Timestamp,
}

impl Baseline {
    /// Makes and proves them.
    pub(in crate::cli::commands) fn new(
        state: &State,
        split: Split,
        dialects: &[String],
        own: Server,
        origin: Origin<'_>,
        context: &mut Context,
    ) -> Result<Self, Failure> {
        let names = dialects.iter().filter_map(|dialect| Name::new(dialect).ok().map(DialectName::new));
        let names: Vec<DialectName> = names.collect();
        let written = Written::new(state, split, &names, &mut context.sources)?;
        let steps = steps(state)?;
        let empty = State::default();
        let mut problems: Vec<Diagnostic> = Vec::new();
        let mut servers = None;
        for dialect in names.iter().filter_map(dialect::find) {
            problems.extend(dialect.check(&state.for_dialect(&dialect.name())));
            problems.extend((names.len() > 1).then(|| dialect.check_shared(state)).into_iter().flatten());
            if !problems.is_empty() {
                continue;
            }
            for server in dialect::servers(&[dialect]) {
                let Err(refused) = sql_view::render(&steps, &empty, state, server) else { continue };
                let (product, its) = (server.1.product, own.1.product);
                if dialect.name() == own.0.name() && product != its {
                    servers = Some(its);
                } else {
                    problems.extend(refused);
                }
            }
        }
        if !problems.is_empty() {
            let mut located: Vec<_> = problems.into_iter().map(|one| locate(one, &written.parsed)).collect();
            located.extend((names.len() > 1).then(|| too_many(&own.0.name(), dialects)));
            return Err(located.into());
        }
        let snapshot = Snapshot::of(state);
        let Origin { message, tags, created } = origin;
        let revision = Revision::new(&[], snapshot::hash(&empty), snapshot.hash, message, created, steps);
        let revision = Revision { tags, ..revision };
        let memory = Memory::default();
        let store = Store::new(&memory, FOLDERS[1]);
        store.put(&snapshot)?;
        let paths = [revision::write(&memory, FOLDERS[0], &revision)?, store.path(snapshot.hash)];
        let files = written.files.into_iter().map(|(path, text)| (format!("schema/{path}"), text));
        let mut files: Vec<(String, String)> = files.collect();
        for path in paths {
            let text = memory.read(&path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            files.push((path, text.expect("it was written as text a moment ago")));
        }
        Ok(Self { files, revision, servers })
    }
}

/// E866, behind what the other dialects of a project can't have.
fn too_many(own: &DialectName, dialects: &[String]) -> Diagnostic {
    let others: Vec<&str> =
        dialects.iter().map(String::as_str).filter(|dialect| *dialect != own.as_str()).collect();
    let message = format!(
        "the schema of the database needs exceptions for {}, so nothing was written",
        others.join(", ")
    );
    Diagnostic::error(&E866, message).help(format!(
        "begin with `--dialects {own}`, then add {} to `dialects`, make the exceptions in the schema, and run \
         `schemactl plan --amend` before the revision is stamped",
        others.join(", ")
    ))
}

/// The steps that create a state, proven to do so and to be taken back.
fn steps(state: &State) -> Result<Vec<Step>, Failure> {
    let empty = State::default();
    let found = diff::diff(&empty, state, &[]).map_err(|error| {
        Diagnostic::error(&E813, error.to_string())
            .help("take one of them out of the database's circle, or report it with the database's schema")
    })?;
    let steps: Vec<Step> = found.into_iter().map(Step::Op).collect();
    let mut replayed = empty.clone();
    let leads = replay(&mut replayed, ops(&steps)).is_ok() && replayed == *state;
    let back: Vec<_> = ops(&steps).rev().cloned().map(crate::change::Op::inverse).collect();
    if leads && replay(&mut replayed, &back).is_ok() && replayed == empty {
        return Ok(steps);
    }
    let broken = Diagnostic::error(&E814, "the first revision doesn't lead to the schema of the database");
    Err(broken.help("please report it with the database's schema").into())
}

/// Asks whether to stamp; without somebody to ask, it isn't done.
fn wants_stamp(context: &Context, target: &Target) -> Result<bool, Failure> {
    match Prompt::available(context) {
        Some(prompt) => prompt.confirm(&format!("Record in {target} that it has this schema?")),
        None => Ok(false),
    }
}

/// Moves the files to their places while the journal's row waits for its commit: both are there, or neither is.
pub(in crate::cli::commands) async fn place_and_stamp(
    context: &mut Context,
    session: &mut Session,
    staged: Staged,
    what: &str,
    revisions: &[&Revision],
) -> Result<(), Failure> {
    let scope = session.location.scope().to_owned();
    let timeout = Policy::default().lock_timeout;
    let printer = &mut context.printer;
    let mut waiting = |holder: &str| printer.status("Waiting", format_args!("for {holder}"));
    let lock = RunLock::acquire(&mut session.connection, &scope, what, timeout, &mut waiting).await?;
    let outcome = stamp_in_lock(session, staged, what, revisions).await;
    let released = lock.release(&mut session.connection).await;
    outcome?;
    Ok(released?)
}

async fn stamp_in_lock(
    session: &mut Session,
    staged: Staged,
    what: &str,
    revisions: &[&Revision],
) -> Result<(), Failure> {
    let journal = session.journal().await?;
    let run = format!("{what}-{}", std::process::id());
    let writer = session.writer(&journal, &run, &actor());
    let stamped = |revision: &&Revision| {
        let digest = revision::digest(revision);
        let reference = RevisionRef { id: revision.id.to_string(), name: revision.name.to_string(), digest };
        Entry::now(Event::Completed {
            completion: Completion::Stamped,
            revision: reference,
            state: revision.to,
        })
    };
    let entries: Vec<Entry> = revisions.iter().map(stamped).collect();
    let connection = &mut session.connection;
    connection.begin().await.map_err(|error| writer.explain(&error))?;
    let rows = writer.rows(&entries);
    let rows: Vec<&str> = rows.iter().map(String::as_str).collect();
    if let Err(refused) = connection.execute_each(&rows, &mut |_| {}).await {
        // The first error is what counts; a lost connection rolls back by itself.
        let _ = connection.rollback().await;
        return Err(writer.explain(&refused.error).into());
    }
    let placed = match staged.place() {
        Ok(placed) => placed,
        Err(problem) => {
            let _ = connection.rollback().await;
            return Err(problem.into());
        }
    };
    if let Err(error) = connection.commit().await {
        placed.take_back();
        return Err(writer.explain(&error).into());
    }
    Ok(())
}

/// Writes down what was there at this moment, for `drift`. The stamp is there, so a failure is no more than a warning.
pub(in crate::cli::commands) async fn observe(
    context: &mut Context,
    session: &mut Session,
    inspected: &Inspected,
    revision: &Revision,
) {
    let place = Place::beside(&session.location);
    let kept = async {
        let journal = session.journal().await?.end();
        let inspection = inspected.inspection.clone();
        let observation = Observation {
            journal,
            state: Some(revision.to),
            taken: clock::now(),
            server: Some(session.connection.version()),
            inspection,
        };
        place.keep(&mut session.connection, &observation).await
    };
    if let Err(problem) = kept.await {
        context.printer.diagnostics(&[problem], &context.sources);
    }
}

/// What was done, to be told.
struct Done<'a> {
    root: &'a Path,
    name: &'a str,
    files: &'a [(String, String)],
    baseline: &'a Baseline,
    stamped: bool,
    /// What was done with the file of attributes.
    attributes: &'static str,
}

impl Done<'_> {
    fn tell(&self, context: &mut Context, inspected: &Inspected, location: &Location) {
        let Self { root, name, files, baseline, stamped, attributes } = *self;
        let Inspection { state: _, unmanaged, unseen } = &inspected.inspection;
        let revision = &baseline.revision;
        if context.printer.is_json() {
            let paths = files.iter().map(|(path, _)| path.as_str()).chain([ATTRIBUTES]);
            let paths: Vec<&str> = paths.collect();
            context.printer.json(json!({
                "project": name,
                "created": paths,
                "revision": plan_view::revision_json(revision),
                "stamped": stamped,
                "unmanaged": state_json::unmanaged(unmanaged),
                "unseen": state_json::unseen(unseen),
                "tools": state_json::tools(&inspected.bookkeeping),
            }));
            list_unmanaged(context, unmanaged);
            tell_unseen(&mut context.printer, unseen);
            return;
        }
        let printer = &mut context.printer;
        let schema = |path: &str| path.starts_with("schema/");
        let of_schema = files.iter().filter(|(path, _)| schema(path)).count();
        let mut shown: Vec<String> = files
            .iter()
            .filter(|(path, _)| of_schema <= NAMED_MAX || !schema(path))
            .map(|(path, _)| root_join(root, path).display().to_string())
            .collect();
        if of_schema > NAMED_MAX {
            shown.insert(
                1,
                format!("{}/ with {}", root_join(root, "schema").display(), counted(of_schema, "file")),
            );
        }
        for path in shown {
            printer.status("Created", path);
        }
        printer.status(attributes, root_join(root, ATTRIBUTES).display());
        if stamped {
            printer.status("Stamped", &revision.name);
        }
        list_unmanaged(context, unmanaged);
        tell_unseen(&mut context.printer, unseen);
        let printer = &mut context.printer;
        name_tools(printer, &inspected.bookkeeping);
        if let Location::Variable(_) = location {
            printer.note(format_args!(
                "the URL has a password, so set `{VARIABLE}` to it, or put it into `.env`"
            ));
        }
        printer.next(if stamped {
            "`schemactl status`, then edit the schema and `schemactl plan`"
        } else {
            "`schemactl stamp head` records in the database that it has this schema"
        });
    }
}
