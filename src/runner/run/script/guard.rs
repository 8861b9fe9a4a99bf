//! What a script checks before it changes anything: that the journal says what the script was written for. Queries that
//! every database understands.

use crate::runner::journal::{Event, RevisionRef};

/// The events after which a revision counts as applied, or as not applied.
const ENDS: &str = "'applied', 'rolled-back', 'stamped', 'unstamped'";

/// Whether exactly these revisions are applied, as they are in the project, and nothing is unfinished.
pub(super) fn at(table: &str, applied: &[RevisionRef]) -> String {
    let (held, settled) = (held(table), settled(table));
    let count = applied.len();
    let mut condition = format!("({held}) = {count} AND {settled}");
    if !applied.is_empty() {
        condition.push_str(&format!(" AND ({held} AND {}) = {count}", among(applied)));
    }
    condition
}

/// Whether all of the first are applied, and besides them some or none of the second and nothing else.
pub(super) fn between(table: &str, always: &[RevisionRef], sometimes: &[RevisionRef]) -> String {
    let (held, settled) = (held(table), settled(table));
    let known: Vec<RevisionRef> = always.iter().chain(sometimes).cloned().collect();
    let mut condition = settled;
    if !always.is_empty() {
        condition.push_str(&format!(" AND ({held} AND {}) = {}", among(always), always.len()));
    }
    match known.is_empty() {
        true => condition.push_str(&format!(" AND ({held}) = 0")),
        false => condition.push_str(&format!(" AND ({held} AND NOT {}) = 0", among(&known))),
    }
    condition
}

/// Whether a revision is applied, whatever it says.
pub(super) fn has(table: &str, revision: &RevisionRef) -> String {
    format!("({} AND held.revision = '{}') = 1", held(table), revision.id)
}

/// Whether nothing is unfinished.
pub(super) fn settled(table: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM {table} WHERE event IN ('intended', 'done') AND seq > \
         coalesce((SELECT max(seq) FROM {table} WHERE event IN ({ENDS}, 'purged')), 0))"
    )
}

/// Counts the rows of revisions that are applied; further conditions can follow.
fn held(table: &str) -> String {
    let purge = format!("coalesce((SELECT max(seq) FROM {table} WHERE event = 'purged'), 0)");
    format!(
        "SELECT count(*) FROM {table} AS held WHERE held.event IN ('applied', 'stamped') AND held.seq > {purge} \
         AND NOT EXISTS (SELECT 1 FROM {table} AS later WHERE later.revision = held.revision \
         AND later.seq > held.seq AND later.event IN ({ENDS}))"
    )
}

/// Whether a row is about one of these revisions, as they are in the project.
fn among(revisions: &[RevisionRef]) -> String {
    let digests: Vec<String> = revisions.iter().map(|known| format!("'{}'", known.digest)).collect();
    format!("held.digest IN ({})", digests.join(", "))
}

/// Whether the last row of the journal is the one that this script wrote before.
pub(super) fn after(table: &str, event: &Event) -> String {
    let mut condition = format!(
        "EXISTS (SELECT 1 FROM {table} WHERE seq = (SELECT max(seq) FROM {table}) AND event = '{}'",
        event.word()
    );
    if let Some(revision) = event.revision() {
        condition.push_str(&format!(" AND digest = '{}'", revision.digest));
    }
    if let Event::Part { place, .. } = event {
        condition.push_str(&format!(" AND segment = {}", place.segment));
    }
    condition + ")"
}
