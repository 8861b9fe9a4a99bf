//! What a script checks before it changes anything: that the journal says what the script was written for. Queries that
//! every database understands.

use crate::runner::journal::{Event, RevisionRef};

/// The events after which a revision counts as applied, or as not applied.
const ENDS: &str = "'applied', 'rolled-back', 'stamped', 'unstamped'";

/// Whether exactly these revisions are applied, as they are in the project, and nothing is unfinished.
pub(super) fn at(table: &str, applied: &[RevisionRef]) -> String {
    let purge = format!("coalesce((SELECT max(seq) FROM {table} WHERE event = 'purged'), 0)");
    let held = format!(
        "SELECT count(*) FROM {table} AS held WHERE held.event IN ('applied', 'stamped') AND held.seq > {purge} \
         AND NOT EXISTS (SELECT 1 FROM {table} AS later WHERE later.revision = held.revision \
         AND later.seq > held.seq AND later.event IN ({ENDS}))"
    );
    let begun = format!(
        "SELECT 1 FROM {table} WHERE event IN ('intended', 'done') AND seq > \
         coalesce((SELECT max(seq) FROM {table} WHERE event IN ({ENDS}, 'purged')), 0)"
    );
    let count = applied.len();
    let mut condition = format!("({held}) = {count} AND NOT EXISTS ({begun})");
    if !applied.is_empty() {
        let digests: Vec<String> = applied.iter().map(|known| format!("'{}'", known.digest)).collect();
        condition.push_str(&format!(" AND ({held} AND held.digest IN ({})) = {count}", digests.join(", ")));
    }
    condition
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
