//! Where a database stands in the chain: what its journal says, held against the revisions that there are.

use std::collections::{BTreeMap, BTreeSet};

use super::errors::{E722, E723, E724};
use super::journal::{AppliedRevision, Journal, RevisionRef, Unfinished};
use crate::change::Step;
use crate::diagnostic::Diagnostic;
use crate::name::Name;
use crate::revision::{History, Link, RevisionId};

/// Where a database stands.
#[derive(Debug, Clone)]
pub struct Standing {
    /// The revisions of the chain that it has.
    pub applied: BTreeSet<RevisionId>,
    /// Those of them that no other of them builds on.
    pub position: Vec<RevisionId>,
    /// What has begun and not ended.
    pub unfinished: Option<Unfinished>,
    /// The environment that revisions run in, if any.
    pub environment: Option<Name>,
    /// Those that revisions ran in, where it matters to them: what a run left out of one, its rollback leaves out too.
    pub environments: BTreeMap<RevisionId, Option<Name>>,
    /// What doesn't fit together: nothing may be run on such a database.
    pub problems: Vec<Diagnostic>,
}

impl Standing {
    /// Holds a journal against a chain.
    #[must_use]
    pub fn new(journal: &Journal, history: &History, environment: Option<Name>) -> Self {
        let mut applied = BTreeSet::new();
        let mut problems = Vec::new();
        for entry in &journal.applied {
            match find(history, entry) {
                Some(link) => {
                    applied.insert(link.revision.id);
                    if link.digest != entry.revision.digest {
                        problems.push(edited(entry, link));
                    }
                }
                None => problems.push(unknown(entry, history)),
            }
        }
        for link in history.links().iter().filter(|link| applied.contains(&link.revision.id)) {
            let missing =
                history.needs(link.revision.id).find(|parent| !applied.contains(&parent.revision.id));
            problems.extend(missing.map(|parent| gap(link, parent)));
        }
        if let Some(open) = &journal.unfinished {
            problems.extend(unfit(history, open));
        }
        let position = history.tips(&applied);
        let ran_in = |link: &Link| {
            let name = journal.environment(&link.revision.id.to_string())?;
            Some((link.revision.id, Name::new(name).ok()))
        };
        let limited = history.links().iter().filter(|link| is_limited(link));
        let environments = limited.filter_map(ran_in).collect();
        let unfinished = journal.unfinished.clone();
        Self { applied, position, unfinished, environment, environments, problems }
    }
}

impl Standing {
    /// The environment that a revision runs in, either way.
    #[must_use]
    pub fn environment_of(&self, id: RevisionId) -> Option<&Name> {
        self.environments.get(&id).unwrap_or(&self.environment).as_ref()
    }
}

/// Whether a revision has hooks or rows that are for some environments alone.
fn is_limited(link: &Link) -> bool {
    link.revision.steps.iter().any(Step::is_limited)
}

fn find<'h>(history: &'h History, entry: &AppliedRevision) -> Option<&'h Link> {
    history.get(entry.revision.id.parse().ok()?)
}

/// What keeps an unfinished revision from being gone on with: the journal counts its parts by their places.
fn unfit(history: &History, open: &Unfinished) -> Option<Diagnostic> {
    let RevisionRef { id, name, digest } = &open.revision;
    let Some(link) = id.parse().ok().and_then(|id| history.get(id)) else {
        let message = format!("a part of `{name}` ({id}) ran on the database, and it is not in this project");
        return Some(Diagnostic::error(&E722, message).help("use the checkout that began it"));
    };
    (link.digest != *digest).then(|| {
        let message = format!("`{name}` was edited after a part of it had run");
        Diagnostic::error(&E723, message).help(format!(
            "restore `{name}.kdl` as it was and undo that part with `schemactl rollback`, then edit it"
        ))
    })
}

fn unknown(
    AppliedRevision { revision, actor, started, .. }: &AppliedRevision,
    history: &History,
) -> Diagnostic {
    let is_in = |link: &&Link| link.revision.replaces.iter().any(|part| part.id.to_string() == revision.id);
    if let Some(whole) = history.links().iter().find(is_in) {
        let (name, whole) = (&revision.name, &whole.revision.name);
        let message =
            format!("the database has `{name}`, which is part of `{whole}` now, and its file is gone");
        return Diagnostic::error(&E722, message).help(format!(
            "restore `replaced/{name}.kdl` from version control, or, if the database has all of `{whole}`, run \
             `schemactl stamp {whole} --purge`"
        ));
    }
    let message = format!(
        "the database has revision `{}` ({}), which is not in this project; {actor} applied it at {started:.0}",
        revision.name, revision.id
    );
    Diagnostic::error(&E722, message).help("get the newest revisions, or use the checkout that applied it")
}

fn edited(entry: &AppliedRevision, link: &Link) -> Diagnostic {
    let (name, now) = (&entry.revision.name, link.revision.name.as_str());
    let called = if &**name == now { String::new() } else { format!(", which is `{now}` now,") };
    let message = format!(
        "`{name}`{called} was edited, or amended by `plan --amend`, after it was applied at {:.0}",
        entry.started
    );
    Diagnostic::error(&E723, message).help(format!(
        "restore `{name}.kdl` as it was and plan the change as a revision of its own; or roll it back with the checkout that \
         applied it; or stamp the database if both do the same: `schemactl stamp {now}`"
    ))
}

fn gap(link: &Link, parent: &Link) -> Diagnostic {
    let (name, parent) = (&link.revision.name, &parent.revision.name);
    let message = format!("the database has `{name}` but not `{parent}`, which it needs");
    Diagnostic::error(&E724, message).help("find out what the database holds, then `schemactl stamp` it")
}
