//! What a script checks before it changes anything: that the journal says what the script was written for. Queries that
//! every database understands.

use crate::runner::journal::{Event, RevisionRef};

/// Revisions that a database has, each by itself or by another one that stands for it.
#[derive(Debug, Clone, Default)]
pub struct Held {
    /// All of them.
    pub groups: Vec<Group>,
    /// Those that may be there, whether or not they must.
    pub known: Vec<RevisionRef>,
}

/// Revisions that a database has all of, or something in place of all of them.
#[derive(Debug, Clone, Default)]
pub struct Group {
    /// The revisions; none if only something in their place can be there.
    pub each: Vec<RevisionRef>,
    /// What can be there in their place.
    pub or: Vec<RevisionRef>,
}

/// A revision whose steps are others where revisions of another branch came or went before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Astray {
    /// The revision.
    pub revision: RevisionRef,
    /// Those that stand for the same, in whole or in part.
    pub others: Vec<RevisionRef>,
    /// Whether it comes, so that it may not be lacking where one of those is there; otherwise it goes, and may not be there
    /// where one of those is lacking.
    pub comes: bool,
    /// Those of the other branch.
    pub apart: Vec<RevisionRef>,
}

/// The events after which a revision counts as applied, or as not applied.
const ENDS: &str = "'applied', 'rolled-back', 'stamped', 'unstamped'";

/// Whether all of these revisions are applied, as they are in the project, and no others, and nothing is unfinished.
pub(super) fn at(table: &str, held: &Held) -> String {
    let Held { groups, known } = held;
    let plain: Vec<RevisionRef> = match groups.as_slice() {
        [] => Vec::new(),
        [Group { each, or }] if or.is_empty() && each.len() == known.len() => each.clone(),
        _ => return within(table, held),
    };
    let (held, settled) = (applied(table), settled(table));
    let count = plain.len();
    let mut condition = format!("({held}) = {count} AND {settled}");
    if !plain.is_empty() {
        condition.push_str(&format!(" AND ({held} AND {}) = {count}", among(&plain)));
    }
    condition
}

/// Whether all of these revisions are applied, besides them none but those that are known, and nothing is unfinished.
pub(super) fn within(table: &str, Held { groups, known }: &Held) -> String {
    let (held, settled) = (applied(table), settled(table));
    let mut condition = settled;
    for Group { each, or } in groups {
        let all = format!("({held} AND {}) = {}", among(each), each.len());
        let other = format!("({held} AND {}) > 0", among(or));
        condition.push_str(" AND ");
        condition.push_str(&match (each.is_empty(), or.is_empty()) {
            (_, true) => all,
            (true, false) => other,
            (false, false) => format!("({all} OR {other})"),
        });
    }
    match known.is_empty() {
        true => condition.push_str(&format!(" AND ({held}) = 0")),
        false => condition.push_str(&format!(" AND ({held} AND NOT {}) = 0", among(known))),
    }
    condition
}

/// Whether a revision is applied, whatever it says.
pub(super) fn has(table: &str, revision: &RevisionRef) -> String {
    format!("({} AND held.revision = '{}') = 1", applied(table), revision.id)
}

/// Whether neither a revision is applied nor any of those that stand for the same.
pub(super) fn lacks(table: &str, revision: &RevisionRef, others: &[RevisionRef]) -> String {
    if others.is_empty() {
        return format!("NOT ({})", has(table, revision));
    }
    let ids = std::iter::once(revision).chain(others).map(|known| format!("'{}'", known.id));
    let ids = ids.collect::<Vec<_>>().join(", ");
    format!("({} AND held.revision IN ({ids})) = 0", applied(table))
}

/// Whether a database has nothing of another branch before its time.
pub(super) fn straight(table: &str, Astray { revision, others, comes, apart }: &Astray) -> String {
    let ids: Vec<String> = apart.iter().map(|other| format!("'{}'", other.id)).collect();
    let there = format!("{} AND held.revision IN ({})", applied(table), ids.join(", "));
    match comes {
        true => format!("(NOT ({}) OR ({there}) = 0)", lacks(table, revision, others)),
        false => format!("(NOT ({}) OR ({there}) = {})", has(table, revision), apart.len()),
    }
}

/// Whether nothing is applied.
pub(super) fn is_new(table: &str) -> String {
    format!("({}) = 0", applied(table))
}

/// Whether nothing is unfinished: since the last end nothing is done, and whatever was about to run is known to have failed.
pub(super) fn settled(table: &str) -> String {
    format!(
        "NOT EXISTS (SELECT 1 FROM {table} AS part WHERE part.seq > \
         coalesce((SELECT max(seq) FROM {table} WHERE event IN ({ENDS}, 'purged')), 0) \
         AND (part.event = 'done' OR part.event = 'intended' AND NOT EXISTS (SELECT 1 FROM {table} AS later \
         WHERE later.event = 'failed' AND later.seq > part.seq AND later.revision = part.revision \
         AND later.direction = part.direction AND later.segment = part.segment \
         AND coalesce(later.statement, -1) = coalesce(part.statement, -1))))"
    )
}

/// Counts the rows of revisions that are applied; further conditions can follow.
fn applied(table: &str) -> String {
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

#[cfg(feature = "sqlite")]
#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::settled;
    use crate::runner::connection::{Connection, Options, Target};
    use crate::runner::journal::Journal;
    use crate::runner::journal::tests::{cells, row};

    const EVENTS: [&str; 8] =
        ["intended", "done", "failed", "applied", "rolled-back", "stamped", "unstamped", "purged"];

    /// Any rows that make a journal, as `event revision direction segment statement`: one that contradicts those before it
    /// is left out.
    fn journals() -> impl Strategy<Value = Vec<String>> {
        let event = prop_oneof![4 => Just(0), 3 => Just(1), 3 => Just(2), 2 => 3..EVENTS.len()];
        let row = (event, 1..3, 0..2, prop_oneof![Just(""), Just("up"), Just("down")]);
        proptest::collection::vec(row, 0..14).prop_map(|rows| {
            let mut texts: Vec<String> = Vec::new();
            for (event, revision, segment, direction) in rows {
                let text = match (EVENTS[event], direction) {
                    ("purged", _) => "purged".to_owned(),
                    (event @ ("intended" | "done" | "failed"), "") => {
                        format!("{event} {revision} up {segment}")
                    }
                    (event @ ("intended" | "done" | "failed"), direction) => {
                        format!("{event} {revision} {direction} {segment} 0")
                    }
                    (event, _) => format!("{event} {revision}"),
                };
                texts.push(text);
                if fold(&texts).is_none() {
                    texts.pop();
                }
            }
            texts
        })
    }

    fn fold(texts: &[String]) -> Option<Journal> {
        let rows: Vec<_> = texts.iter().enumerate().map(|(at, text)| row(cells(at + 1, text))).collect();
        Journal::from_rows(&rows).ok()
    }

    /// Whether a database says so of these rows.
    async fn is_settled(texts: &[String]) -> bool {
        let target = Target::parse("sqlite::memory:").expect("it is a URL");
        let connection = Connection::connect(&target, &Options::new("test")).await;
        let mut connection = connection.expect("it needs nothing");
        let columns =
            "seq bigint, event text, revision text, direction text, segment bigint, statement bigint";
        connection.execute(&format!("CREATE TABLE journal ({columns})")).await.expect("SQLite takes it");
        for (at, text) in texts.iter().enumerate() {
            let cells = cells(at + 1, text);
            let cell = |column: &str| {
                let cell =
                    cells.iter().find(|(name, _)| *name == column).and_then(|(_, cell)| cell.as_deref());
                cell.map_or("NULL".to_owned(), |cell| format!("'{cell}'"))
            };
            let values = ["seq", "event", "revision", "direction", "segment", "statement"].map(cell);
            connection
                .execute(&format!("INSERT INTO journal VALUES ({})", values.join(", ")))
                .await
                .expect("SQLite takes it");
        }
        let query = format!("SELECT CASE WHEN {} THEN 'yes' ELSE 'no' END", settled("journal"));
        connection.query(&query).await.expect("SQLite takes it")[0].get(0) == Some("yes")
    }

    #[test]
    fn a_script_finds_unfinished_what_a_run_finds_unfinished() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        proptest!(ProptestConfig::with_cases(400), |(texts in journals())| {
            let is_finished = fold(&texts).unwrap().unfinished.is_none();
            prop_assert_eq!(runtime.block_on(is_settled(&texts)), is_finished, "{:?}", texts);
        });
    }
}
