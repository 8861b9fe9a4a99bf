//! Tools whose steps are SQL: run again on scratch databases, written as a chain, and recorded in the database whose
//! books the tool keeps.

use std::path::Path;

use serde_json::json;

use super::chain::Chain;
use super::retrace::{Trace, retrace};
use super::tell::{Done, tell};
use crate::cli::commands::init::config::{self, Location};
use crate::cli::commands::init::from::{observe, place_and_stamp, refuse_kept};
use crate::cli::commands::init::{FOLDERS, called, configuration, refuse_to_overwrite};
use crate::cli::context::Context;
use crate::cli::database::{block_on, session};
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::inspection::{Inspected, Split};
use crate::cli::output::counted;
use crate::cli::progress::Progress;
use crate::cli::scratch::on_scratches;
use crate::diagnostic::Diagnostic;
use crate::dialect::{self, Dialect};
use crate::import::errors::{E911, E917};
use crate::import::{Script, Tool, standing};
use crate::name::{DialectName, Name};
use crate::project::staged::Staged;
use crate::project::{CONFIG_FILE, DatabaseUrl, JournalName};
use crate::revision::Revision;
use crate::runner::connection::Target;
use crate::runner::errors::E702;
use crate::runner::session::Session;

/// The steps of a tool.
pub(super) struct History<'a> {
    pub(super) tool: Tool,
    pub(super) scripts: &'a [Script],
}

/// The database whose books the tool keeps.
struct Live {
    session: Session,
    inspected: Inspected,
    location: Location,
    target: Target,
    /// How many steps it has; `None` where the tool has no books.
    applied: Option<usize>,
}

/// Begins the project.
pub(super) fn run(
    root: &Path,
    history: &History<'_>,
    split: Split,
    context: &mut Context,
) -> Result<Exit, Failure> {
    refuse_to_overwrite(root, &[CONFIG_FILE], &["schema", FOLDERS[0], FOLDERS[1]])?;
    let url = context.global.url.clone().map(DatabaseUrl::new);
    let target = match &url {
        Some(url) => Target::parse(url.expose())?,
        None => Target::in_memory().ok_or_else(|| {
            Diagnostic::error(&E911, "this build has no database that can be made in memory")
                .help("name a server that scratch databases can be made on: `--url URL`")
        })?,
    };
    let name = Name::new(target.dialect()).ok().map(DialectName::new);
    let dialect = name.and_then(|name| dialect::find(&name)).ok_or_else(|| {
        Diagnostic::error(&E702, format!("this build has no dialect `{}`", target.dialect()))
            .help("use a build with all features")
    })?;
    block_on(async {
        let mut live = match &url {
            Some(url) => Some(Live::read(history, url, &target, root).await?),
            None => None,
        };
        let progress = Progress::start(&context.printer, "importing");
        let trace = on_scratches(&target, async |scratches| {
            let begins = |script: &Script| progress.message(&format!("importing {}", script.file));
            retrace(history.scripts, dialect, scratches, begins).await
        });
        let trace = trace.await?;
        drop(progress);
        let chain = Chain::new(history.scripts, &trace, split, dialect, &mut context.sources)?;
        write(root, history, &trace, &chain, dialect, live.as_mut(), context).await
    })
}

impl Live {
    async fn read(
        history: &History<'_>,
        url: &DatabaseUrl,
        target: &Target,
        root: &Path,
    ) -> Result<Self, Failure> {
        let mut session = session(target, "import", &JournalName::default()).await?;
        refuse_kept(&session.journal().await?, target)?;
        let inspected = Inspected::read(&mut session).await?;
        let title = history.tool.title();
        let table = inspected.bookkeeping.iter().find(|books| books.tool == title).map(|books| &books.table);
        let applied = match table {
            None => None,
            Some(table) => {
                let parts = table.namespace.iter().chain([&table.name]);
                let quoted: Vec<String> =
                    parts.map(|part| session.connection.quote_name(part.as_str())).collect();
                let rows = session.connection.query(&history.tool.query(&quoted.join("."))).await;
                let rows =
                    rows.map_err(|error| error.diagnostic(&format!("can't read what {title} has run")))?;
                let rows: Vec<_> = rows.into_iter().map(|row| row.into_cells()).collect();
                Some(standing(history.tool, &rows, history.scripts)?.applied)
            }
        };
        let location = Location::of(url, target, root);
        Ok(Self { session, inspected, location, target: target.clone(), applied })
    }
}

/// Writes the files, and records in the database what it has.
async fn write(
    root: &Path,
    history: &History<'_>,
    trace: &Trace,
    chain: &Chain,
    dialect: &dyn Dialect,
    mut live: Option<&mut Live>,
    context: &mut Context,
) -> Result<Exit, Failure> {
    let name = called(context, root);
    let dialects = vec![dialect.name().to_string()];
    let environment = Name::new(context.global.env.as_deref().unwrap_or("dev")).map_err(|error| {
        Diagnostic::error(&E911, format!("`--env` has no name: {error}")).help("write a name behind it")
    })?;
    let text = match &live {
        Some(Live { location, target, .. }) => {
            config::text(&name, (&*dialects, None), &environment, (location, target))
        }
        None => configuration(&name, &dialects),
    };
    let mut files = vec![(CONFIG_FILE.to_owned(), text)];
    files.extend(chain.files.iter().cloned());
    let texts = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let staged = Staged::write(root, texts, &FOLDERS)?;
    let mut notes = trace.notes.clone();
    let (stamped, note) = place(staged, trace, chain, live.as_deref_mut(), context).await?;
    let differs = note.is_some();
    notes.extend(note);
    let title = history.tool.title();
    let steps: Vec<_> = history
        .scripts
        .iter()
        .zip(&chain.revisions)
        .map(|(script, revision)| json!({ "version": script.version, "file": script.file, "revision": revision.name.as_str() }))
        .collect();
    let done = Done {
        root,
        name: &name,
        files: &files,
        revisions: &chain.revisions,
        stamped,
        tool: title,
        read: format!("{} of {title}", counted(history.scripts.len(), "step")),
        source: json!({ "tool": history.tool.word(), "steps": steps }),
        inspected: live.as_deref().map(|live| &live.inspected),
        location: live.as_deref().map(|live| &live.location),
        notes: &notes,
    };
    tell(&done, context)?;
    Ok(if differs { Exit::FINDINGS } else { Exit::DONE })
}

/// Moves the files to their places, and records what the database has if it is what its steps lead to. How many
/// revisions those are, and why nothing was recorded where it should have been.
async fn place(
    staged: Staged,
    trace: &Trace,
    chain: &Chain,
    live: Option<&mut Live>,
    context: &mut Context,
) -> Result<(Option<usize>, Option<Diagnostic>), Failure> {
    if let Some(Live { session, inspected, applied: Some(applied), .. }) = live {
        let has: Vec<&Revision> = chain.revisions.iter().take(*applied).collect();
        let state = applied.checked_sub(1).and_then(|last| trace.steps.get(last));
        if let (Some(last), Some(traced)) = (has.last(), state) {
            if traced.after != inspected.inspection.state {
                drop(staged.place()?);
                return Ok((None, Some(differs(last))));
            }
            place_and_stamp(context, session, staged, "import", &has).await?;
            observe(context, session, inspected, last).await;
            return Ok((Some(has.len()), None));
        }
    }
    drop(staged.place()?);
    Ok((None, None))
}

fn differs(last: &Revision) -> Diagnostic {
    let message =
        format!("the database is not what its steps up to `{}` lead to, so it is not stamped", last.name);
    Diagnostic::warning(&E917, message).help(format!(
        "look at the differences: `schemactl stamp {}`, which records it with `--force`",
        last.name
    ))
}
