//! What `diff` compares: a schema by one of the names that it can have, read into a state or out of a database.

use std::path::Path;

use super::chain;
use super::context::Context;
use super::database::session;
use super::errors::{E852, E853};
use super::failure::Failure;
use super::others;
use crate::diagnostic::Diagnostic;
use crate::dialect::{self, Inspection, set_aside};
use crate::hash::StateHash;
use crate::model::{Rename, State};
use crate::name::DialectName;
use crate::project::environment::{self, Choice};
use crate::project::{Project, dotenv::Variables, files, git};
use crate::revision::{History, RevisionId};
use crate::runner::catalog;
use crate::runner::connection::Target;
use crate::runner::jobs::Server;
use crate::snapshot::Store;
use crate::syntax;

/// One side of a comparison.
pub(crate) enum Side {
    /// A state, with the renames that its files tell.
    Declared {
        /// The state.
        state: State,
        /// What had another name before.
        renames: Vec<Rename>,
        /// The place in the chain that the state is at, if it is one.
        place: Option<Box<(History, Vec<RevisionId>)>>,
    },
    /// A database.
    Live(Box<Live>),
}

/// A database as it is.
pub(crate) struct Live {
    /// Where it is.
    pub(crate) address: Target,
    /// What it runs.
    pub(crate) server: Server,
    /// What it holds.
    pub(crate) inspection: Inspection,
}

impl Side {
    /// The text that means it, as it may be shown: a URL may hold a password.
    pub(crate) fn shown(&self, text: &str) -> String {
        match self {
            Self::Live(live) if text.contains("://") => live.address.to_string(),
            Self::Live(_) | Self::Declared { .. } => text.to_owned(),
        }
    }
}

/// Reads the schema that a text means.
///
/// | text | schema |
/// | --- | --- |
/// | `schema` | the files of the project |
/// | `env:prod` | the database of an environment |
/// | `sqlite://…`, `postgres://…` | the database at a URL |
/// | `git:main` | the files of the project in a commit |
/// | `s1:3f9a…` | a snapshot |
/// | `./other`, `other/` | the files in a folder |
/// | anything else | the state that a revision leads to; `base` is the empty one |
pub(crate) async fn read(text: &str, context: &mut Context) -> Result<Side, Failure> {
    let side = match text.split_once(':') {
        Some(("env", name)) => {
            let project = context.project()?;
            let variables = Variables::load(project.root())?;
            let choice = Choice { url: None, environment: Some(name), said_by: text };
            let target = environment::resolve(project.root(), project.config(), choice, &variables)?;
            live(Target::parse(target.url.expose())?.in_folder(&target.base), Some(&project)).await?
        }
        Some(("git", commit)) => {
            let project = context.project()?;
            let folder = &project.config().schema;
            let files = git::read_folder(project.root(), folder, commit, &mut context.sources)?;
            parsed(context, &files, &project.dialect_names())?
        }
        Some(("s1", _)) => snapshot(text, &context.project()?)?,
        Some(_) => {
            let project = context.project().ok();
            live(Target::parse(text)?, project.as_ref()).await?
        }
        None if text == "schema" => {
            let project = context.project()?;
            let (parsed, warnings) = project.read_schema(&mut context.sources)?;
            context.printer.diagnostics(&warnings, &context.sources);
            Side::Declared { state: parsed.state, renames: parsed.renames, place: None }
        }
        None if text.contains(['/', '\\']) || Path::new(text).is_dir() => folder(context, Path::new(text))?,
        None => {
            let project = context.project()?;
            let history = project.read_history(&mut context.sources)?;
            let place = chain::place(&history, text)?;
            let state = match place.ids() {
                [] => State::default(),
                [id] => history.checked_state(*id)?,
                several => history.state_at(several)?,
            };
            let ids = place.ids().to_vec();
            Side::Declared { state, renames: Vec::new(), place: Some(Box::new((history, ids))) }
        }
    };
    Ok(side)
}

async fn live(address: Target, project: Option<&Project>) -> Result<Side, Failure> {
    let journal = project.map(|project| project.journal().clone()).unwrap_or_default();
    let mut session = session(&address, "diff", &journal).await?;
    let mut inspection = catalog::inspect(&mut session.connection, session.dialect).await?;
    set_aside(&mut inspection);
    if let Some(project) = project {
        others::beside(&mut session, project).await?.leave_out(&mut inspection);
    }
    let server = Server { dialect: session.dialect, version: session.connection.version() };
    Ok(Side::Live(Box::new(Live { address, server, inspection })))
}

/// The files in a folder, for the dialects of the project around it, or for all.
fn folder(context: &mut Context, folder: &Path) -> Result<Side, Failure> {
    let dialects: Vec<DialectName> = match context.project() {
        Ok(project) => project.dialect_names(),
        Err(_) => dialect::all().iter().map(|dialect| dialect.name()).collect(),
    };
    let files = files::read_folder(Path::new(""), folder, &mut context.sources)?;
    if files.is_empty() {
        let message = format!("`{}` holds no `.kdl` files", folder.display());
        return Err(Diagnostic::error(&E852, message).help("name a folder with a schema").into());
    }
    parsed(context, &files, &dialects)
}

fn parsed(
    context: &mut Context,
    files: &[crate::diagnostic::SourceId],
    dialects: &[DialectName],
) -> Result<Side, Failure> {
    match syntax::parse_for(&context.sources, files, dialects, dialect::naming(dialects)) {
        (Some(parsed), warnings) => {
            context.printer.diagnostics(&warnings, &context.sources);
            Ok(Side::Declared { state: parsed.state, renames: parsed.renames, place: None })
        }
        (None, problems) => Err(problems.into()),
    }
}

fn snapshot(text: &str, project: &Project) -> Result<Side, Failure> {
    let unknown = |why: &str| {
        Diagnostic::error(&E853, format!("there is no snapshot `{text}`{why}"))
            .help("give the whole hash as a revision's `from` or `to` has it")
    };
    let hash: StateHash = text.parse().map_err(|_| unknown(": this is no hash of a state"))?;
    let (files, folder) = (project.files(), project.snapshots());
    let state = Store::new(&files, &folder).get(hash)?.ok_or_else(|| unknown(""))?;
    Ok(Side::Declared { state, renames: Vec::new(), place: None })
}
