//! A command's view of the other projects on its database: what belongs to them is none of its business, and what both
//! would have under one name is refused before anything runs.

use super::database::Database;
use super::errors::E885;
use super::failure::Failure;
use crate::change::Op;
use crate::diagnostic::{Diagnostic, Sources};
use crate::dialect::Inspection;
use crate::model::State;
use crate::name::Name;
use crate::project::{JournalName, Project};
use crate::runner::claims::Claims;
use crate::runner::errors::E722;
use crate::runner::journal::Journal;
use crate::runner::neighbours::{self, Neighbour};
use crate::runner::session::Session;
use crate::runner::standing::Standing;

/// How many names a refusal spells out.
const SHOWN_MAX: usize = 10;

/// The other projects on a database, each with what people call it and what belongs to it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Others(Vec<(String, Claims)>);

impl Others {
    /// Takes what belongs to them out of what was seen.
    pub(crate) fn leave_out(&self, inspection: &mut Inspection) {
        self.0.iter().for_each(|(_, claims)| claims.leave_out(inspection));
    }
}

/// Looks which other projects there are on the database of a project, or of none. What is in `own`, its own state, is
/// nobody else's.
pub(crate) async fn on(
    session: &mut Session,
    project: Option<&Project>,
    own: &State,
) -> Result<Others, Diagnostic> {
    let Session { connection, dialect, location, .. } = session;
    let neighbours = neighbours::find(connection, *dialect, location).await?;
    let home = connection.namespace().and_then(|name| Name::new(name).ok());
    let claim = |neighbour: Neighbour| {
        let sibling =
            project.and_then(|project| project.others().find(|other| *other.journal() == neighbour.name));
        let words = match &sibling {
            Some(sibling) => format!("the project `{}`", sibling.config().name),
            None => format!("the project with the journal `{}`", neighbour.name),
        };
        let claims = claims(&neighbour, sibling.as_ref());
        let theirs = neighbour.namespace.as_deref().and_then(|name| Name::new(name).ok());
        let claims = match (&theirs, &home) {
            (Some(theirs), Some(ours)) if theirs != ours => claims.seen_from(theirs, ours),
            (_, _) => claims,
        };
        (words, claims.without(own))
    };
    Ok(Others(neighbours.into_iter().map(claim).collect()))
}

/// Looks which other projects there are on the database of a project of which nothing is read yet. What its own revisions
/// make is its own, as far as they can be read.
pub(crate) async fn beside(session: &mut Session, project: &Project) -> Result<Others, Diagnostic> {
    let journal = session.journal().await?;
    let history = project.read_history(&mut Sources::default()).ok();
    let own = history.and_then(|history| {
        let standing = Standing::new(&journal, &history, None);
        history.state_at(&standing.position).ok()
    });
    on(session, Some(project), &own.unwrap_or_default()).await
}

/// Says whose a journal is that has unknown revisions, where that is another project of the configuration: in place of what
/// is unknown about it.
pub(crate) fn attribute(project: &Project, journal: &Journal, problems: &mut Vec<Diagnostic>) {
    if problems.iter().all(|problem| problem.code != &E722) {
        return;
    }
    let has = |sibling: &Project| {
        let Ok(history) = sibling.read_history(&mut Sources::default()) else { return false };
        let mut ids = journal.applied.iter().filter_map(|entry| entry.revision.id.parse().ok());
        ids.any(|id| history.get(id).is_some())
    };
    let Some(sibling) = project.others().find(has) else { return };
    let (own, theirs) = (&project.config().name, &sibling.config().name);
    let message = format!(
        "the journal `{}` of this database is that of the project `{theirs}`, not of `{own}`",
        project.journal()
    );
    let help = format!(
        "name another database, or that project with `--name {theirs}`; to share the database, write `journal {}` into \
         `project {own}`",
        JournalName::of_project(own)
    );
    problems.retain(|problem| problem.code != &E722);
    problems.push(Diagnostic::error(&E722, message).help(help));
}

/// What its last run observed; where that was not the last thing that happened, what its revisions make.
fn claims(neighbour: &Neighbour, sibling: Option<&Project>) -> Claims {
    let told = || {
        let history = sibling?.read_history(&mut Sources::default()).ok()?;
        let standing = Standing::new(&neighbour.journal, &history, None);
        let state = history.state_at(&standing.position).ok()?;
        Some(Claims::of_state(&state)).filter(|_| standing.problems.is_empty())
    };
    let seen = || neighbour.seen.as_ref().map(|seen| Claims::of_inspection(&seen.inspection));
    let claims = if neighbour.is_seen() { seen() } else { told().or_else(seen) };
    claims.unwrap_or_default()
}

/// The other projects on the database of a run, looked for once until the journal is read again.
pub(crate) async fn of(database: &mut Database) -> Result<&Others, Diagnostic> {
    if database.others.is_none() {
        let own = database.history.state_at(&database.standing.position)?;
        let project = database.project().clone();
        database.others = Some(on(&mut database.session, Some(&project), &own).await?);
    }
    Ok(database.others.get_or_insert_default())
}

/// Refuses operations that would make something under a name that another project on the database has.
///
/// # Errors
/// E885: the names, and whose they are.
pub(crate) async fn refuse_taken(database: &mut Database, ops: &[Op]) -> Result<(), Failure> {
    let Others(others) = of(database).await?;
    let refused = others.iter().filter_map(|(words, claims)| {
        let taken = claims.taken_by(ops);
        (!taken.is_empty()).then(|| taken_names(&taken, words))
    });
    let problems: Vec<Diagnostic> = refused.collect();
    if problems.is_empty() { Ok(()) } else { Err(problems.into()) }
}

/// E885, for names that belong to somebody else.
pub(crate) fn taken_names(names: &[String], whose: &str) -> Diagnostic {
    let shown: Vec<String> = names.iter().take(SHOWN_MAX).map(|name| format!("`{name}`")).collect();
    let more = match names.len().saturating_sub(SHOWN_MAX) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    let (verb, them) = if names.len() == 1 { ("belongs", "it") } else { ("belong", "them") };
    let message = format!("{}{more} {verb} to {whose} on the same database", shown.join(", "));
    let help = format!("give {them} another name in one of the projects, or leave {them} to the other");
    Diagnostic::error(&E885, message).help(help)
}
