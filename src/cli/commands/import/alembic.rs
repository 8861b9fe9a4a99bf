//! Alembic: its graph is read and held against what the database says it has, whose schema is the first revision.

use std::path::Path;

use serde_json::{Value, json};

use super::tell::{Done, tell};
use super::versions;
use crate::cli::clock;
use crate::cli::commands::init::config::{self, Location};
use crate::cli::commands::init::from::{Baseline, Origin, observe, place_and_stamp, refuse_kept};
use crate::cli::commands::init::{FOLDERS, called, refuse_to_overwrite};
use crate::cli::context::Context;
use crate::cli::database::with_session;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::inspection::{Inspected, Split};
use crate::cli::output::counted;
use crate::diagnostic::Diagnostic;
use crate::import::errors::{E909, E911, E912};
use crate::import::{Graph, Version};
use crate::name::Name;
use crate::project::staged::Staged;
use crate::project::{CONFIG_FILE, DatabaseUrl, JournalName};
use crate::runner::connection::Target;
use crate::runner::session::Session;

/// How many pending versions a message names.
const NAMED_MAX: usize = 5;

/// Begins the project.
pub(super) fn run(root: &Path, dir: &Path, split: Split, context: &mut Context) -> Result<Exit, Failure> {
    let graph = Graph::read(&versions::read(dir)?)?;
    let url = context.global.url.clone().map(DatabaseUrl::new).ok_or_else(|| nowhere(&graph))?;
    let target = Target::parse(url.expose())?;
    refuse_to_overwrite(root, &[CONFIG_FILE], &["schema", FOLDERS[0], FOLDERS[1]])?;
    let dialects = vec![target.dialect().to_owned()];
    let environment = context.global.env.clone().unwrap_or_else(|| "dev".to_owned());
    let environment = Name::new(environment).map_err(|error| {
        Diagnostic::error(&E911, format!("`--env` has no name: {error}")).help("write a name behind it")
    })?;
    with_session(context, "import", &target, &JournalName::default(), async |context, mut session| {
        refuse_kept(&session.journal().await?, &target)?;
        let inspected = Inspected::read(&mut session).await?;
        let at = position(&mut session, &inspected, &target).await?;
        fits(&graph, &at)?;
        let location = Location::of(&url, &target, root);
        let name = called(context, root);
        let message = format!("baseline from Alembic at {}", at.join(" and "));
        let origin = Origin { message: &message, tags: tags(&at), created: clock::now() };
        let state = &inspected.inspection.state;
        let own = (inspected.dialect, session.connection.version());
        let baseline = Baseline::new(state, split, &dialects, own, origin, context)?;
        let dialects = (&*dialects, baseline.servers);
        let text = config::text(&name, dialects, &environment, (&location, &target));
        let mut files = vec![(CONFIG_FILE.to_owned(), text)];
        files.extend(baseline.files.iter().cloned());
        let texts = files.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        let staged = Staged::write(root, texts, &[])?;
        place_and_stamp(context, &mut session, staged, "import", &[&baseline.revision]).await?;
        observe(context, &mut session, &inspected, &baseline.revision).await;
        let read = format!("{} of Alembic's, {}", counted(graph.versions().len(), "version"), heads(&graph));
        let done = Done {
            root,
            name: &name,
            files: &files,
            revisions: std::slice::from_ref(&baseline.revision),
            stamped: Some(1),
            tool: "Alembic",
            read,
            source: json!({ "tool": "alembic", "versions": graph.versions().map(to_json).collect::<Vec<_>>(), "at": at }),
            inspected: Some(&inspected),
            location: Some(&location),
            notes: &[],
        };
        tell(&done, context)?;
        Ok(Exit::DONE)
    })
}

fn nowhere(graph: &Graph) -> Diagnostic {
    let message = format!(
        "{} of Alembic's were read, {}; what they make only a database knows",
        counted(graph.versions().len(), "version"),
        heads(graph)
    );
    Diagnostic::error(&E911, message).help("name one that is at the head: `--url URL`")
}

/// The heads in a few words.
fn heads(graph: &Graph) -> String {
    let heads = graph.heads();
    let named: Vec<String> = heads.iter().map(|version| described(version)).collect();
    format!("{}: {}", counted(heads.len(), "head"), named.join(", "))
}

fn described(version: &Version) -> String {
    let Version { id, message, .. } = version;
    if message.is_empty() { format!("`{id}`") } else { format!("`{id}` ({message})") }
}

/// The versions that the database says it is at.
async fn position(
    session: &mut Session,
    inspected: &Inspected,
    target: &Target,
) -> Result<Vec<String>, Diagnostic> {
    let table = inspected.bookkeeping.iter().find(|books| books.tool == "Alembic").map(|books| &books.table);
    let Some(table) = table else {
        let message = format!("`{target}` has no table `alembic_version`, so Alembic has run nothing there");
        let help = "name the database that Alembic works on, or begin with its schema alone: `schemactl init --from URL`";
        return Err(Diagnostic::error(&E911, message).help(help));
    };
    let parts = table.namespace.iter().chain([&table.name]);
    let quoted: Vec<String> = parts.map(|part| session.connection.quote_name(part.as_str())).collect();
    let query = format!("SELECT version_num FROM {} ORDER BY 1", quoted.join("."));
    let rows = session.connection.query(&query).await;
    let rows = rows.map_err(|error| error.diagnostic("can't read what Alembic has run"))?;
    Ok(rows.iter().filter_map(|row| row.get(0).map(str::to_owned)).collect())
}

/// Refuses a database that is not where the files end.
fn fits(graph: &Graph, at: &[String]) -> Result<(), Diagnostic> {
    if let Some(unknown) = at.iter().find(|id| graph.get(id).is_none()) {
        let message = format!("the database is at version `{unknown}`, which no file of the folder is");
        let help =
            "name the folder that this database's versions are in, as it is where they were last applied";
        return Err(Diagnostic::error(&E909, message).help(help));
    }
    let pending = graph.pending(at);
    if pending.is_empty() {
        return Ok(());
    }
    let named: Vec<String> = pending.iter().take(NAMED_MAX).map(|version| described(version)).collect();
    let more = pending.len().saturating_sub(NAMED_MAX);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let message =
        format!("the database lacks {}: {}{more}", counted(pending.len(), "version"), named.join(", "));
    Err(Diagnostic::error(&E912, message).help("run `alembic upgrade heads`, then import again"))
}

/// The versions as further names of the revision that stands for them, so that it is found by the id that people know.
fn tags(at: &[String]) -> Vec<Name> {
    let is_plain = |id: &&String| id.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    at.iter().filter(is_plain).filter_map(|id| Name::new(format!("alembic-{id}")).ok()).collect()
}

fn to_json(version: &Version) -> Value {
    let Version { id, parents, depends_on, labels, message, file } = version;
    json!({
        "id": id,
        "parents": parents,
        "depends_on": depends_on,
        "labels": labels,
        "message": message,
        "file": file,
    })
}
