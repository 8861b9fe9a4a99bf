//! The journal's rows folded to what they say of the database. Pure; strict: rows that contradict each other
//! are an error, since a guess about a database is worse than a stop.

use std::collections::HashMap;
use std::time::Duration;

use jiff::Timestamp;

use super::{Completion, Entry, Event, FORMAT, Place, Progress, Record, RevisionRef};
use crate::diagnostic::Diagnostic;
use crate::hash::{StateHash, TextDigest};
use crate::plan::Direction;
use crate::runner::connection::Row;
use crate::runner::errors;

/// What the journal says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Journal {
    /// Whether the table exists; if not, nothing was ever applied.
    pub exists: bool,
    /// Every row, oldest first. What finished a revision of several parts takes from the start of the first.
    pub records: Vec<Record>,
    /// The revisions that the database has, in the order in which they came.
    pub applied: Vec<AppliedRevision>,
    /// The revision that has begun and not ended.
    pub unfinished: Option<Unfinished>,
    /// The state that the last finished revision led to; `None` if there is none, or all was purged.
    pub state: Option<StateHash>,
}

/// A revision that the database has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppliedRevision {
    /// Which.
    pub revision: RevisionRef,
    /// The state that it led to.
    pub state: StateHash,
    /// Whether it was stamped: nothing ran.
    pub stamped: bool,
    /// The number of its row.
    pub seq: u64,
    /// The run that applied it.
    pub run: String,
    /// When that began.
    pub started: Timestamp,
    /// How long it took.
    pub duration: Duration,
    /// The version of the program.
    pub tool: String,
    /// `user@host` of the run.
    pub actor: String,
}

/// A revision that has begun and not ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfinished {
    /// Which.
    pub revision: RevisionRef,
    /// Which way it was last going.
    pub direction: Direction,
    /// The parts that are done, in order. Those that were undone again stand twice, up and later down.
    pub done: Vec<Place>,
    /// The part that was begun outside of a transaction and of which only the catalog can tell what became.
    pub doubtful: Option<Place>,
    /// The digests of the SQL of parts, as far as the journal has them.
    pub sql: HashMap<Place, TextDigest>,
    /// Why the last part failed, if it did.
    pub failure: Option<String>,
    /// When it began to go that way.
    pub started: Timestamp,
    /// The run that wrote the last row of it.
    pub run: String,
    /// The version of the program that wrote it.
    pub tool: String,
}

impl Unfinished {
    /// Whether this part is done since the revision last turned round. Parts of one way don't pair with those of
    /// the other, so a revision that has turned round has to be finished that way before it can turn again.
    #[must_use]
    pub fn is_done(&self, place: Place) -> bool {
        let last_turn = self.done.iter().rposition(|done| done.direction != place.direction);
        self.done.iter().skip(last_turn.map_or(0, |at| at + 1)).any(|done| *done == place)
    }
}

impl Journal {
    /// The number of the last row; 0 if there is none.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.records.last().map_or(0, |record| record.seq)
    }

    /// Folds the rows of the table, in the order of `seq`.
    ///
    /// # Errors
    /// E715: the rows contradict each other or can't be read. E717: a row is of another format.
    pub fn from_rows(rows: &[Row]) -> Result<Self, Diagnostic> {
        let mut journal = Self { exists: true, ..Self::default() };
        for (row, seq) in rows.iter().zip(1_u64..) {
            let format = row.named("format").unwrap_or("");
            if format != FORMAT {
                let message = format!("row {seq} of the journal has the format `{format}`, not `{FORMAT}`");
                let help = "use the version of schemactl that wrote it, or a newer one";
                return Err(Diagnostic::error(&errors::E717, message).help(help));
            }
            let record = Record::from_row(row).and_then(|record| journal.take(seq, record));
            record.map_err(|what| damaged(seq, &what))?;
        }
        Ok(journal)
    }

    /// The revision with this id, if the database has it.
    #[must_use]
    pub fn applied(&self, id: &str) -> Option<&AppliedRevision> {
        self.applied.iter().find(|applied| applied.revision.id == id)
    }

    /// # Errors
    /// What is wrong with the row, as the rest of a sentence that begins with it.
    fn take(&mut self, seq: u64, mut record: Record) -> Result<(), String> {
        if record.seq != seq {
            return Err(format!("is missing: the one behind it has the number {}", record.seq));
        }
        if matches!(record.entry.event, Event::Completed { .. }) {
            self.span(&mut record.entry);
        }
        match &record.entry.event {
            Event::Completed { completion, revision, state } => {
                self.complete(*completion, revision, *state, &record)?;
            }
            Event::Part { progress, revision, place } => {
                self.advance(*progress, revision, *place, &record)?;
            }
            Event::Purged => {
                self.applied.clear();
                self.unfinished = None;
                self.state = None;
            }
        }
        self.records.push(record);
        Ok(())
    }

    /// Makes the end of a revision begin where its first part did.
    fn span(&self, end: &mut Entry) {
        let Some(open) = self.unfinished.as_ref().filter(|open| open.started < end.started) else { return };
        let before = end.started.duration_since(open.started);
        end.duration += before.unsigned_abs();
        end.started = open.started;
    }

    fn complete(
        &mut self,
        completion: Completion,
        revision: &RevisionRef,
        state: StateHash,
        record: &Record,
    ) -> Result<(), String> {
        let name = &revision.name;
        let open = self.unfinished.as_ref().map(|unfinished| &unfinished.revision);
        if let Some(open) = open.filter(|open| open.id != revision.id) {
            return Err(format!("is about `{name}` while `{}` is unfinished", open.name));
        }
        let begun = self.unfinished.take();
        // A stamp settles what a run left in doubt; a run has to settle it by itself.
        let ran = matches!(completion, Completion::Applied | Completion::RolledBack);
        if let Some(doubtful) = begun.as_ref().and_then(|begun| begun.doubtful).filter(|_| ran) {
            return Err(format!("finishes `{name}` while its {doubtful} is in doubt"));
        }
        let held = self.applied.iter().position(|applied| applied.revision.id == revision.id);
        match (completion, held) {
            (Completion::Applied, Some(_)) if begun.is_none() => {
                return Err(format!("applies `{name}` a second time"));
            }
            (Completion::RolledBack, None) if begun.is_none() => {
                return Err(format!("rolls back `{name}`, which was not applied"));
            }
            (Completion::Unstamped, None) if begun.is_none() => {
                return Err(format!("takes back `{name}`, which was not applied"));
            }
            (
                Completion::Applied | Completion::RolledBack | Completion::Stamped | Completion::Unstamped,
                Some(_) | None,
            ) => {}
        }
        if let Some(at) = held {
            self.applied.remove(at);
        }
        if matches!(completion, Completion::Applied | Completion::Stamped) {
            self.applied.push(AppliedRevision {
                revision: revision.clone(),
                state,
                stamped: completion == Completion::Stamped,
                seq: record.seq,
                run: record.run.clone(),
                started: record.entry.started,
                duration: record.entry.duration,
                tool: record.tool.clone(),
                actor: record.actor.clone(),
            });
        }
        self.state = Some(state);
        Ok(())
    }

    fn advance(
        &mut self,
        progress: Progress,
        revision: &RevisionRef,
        place: Place,
        record: &Record,
    ) -> Result<(), String> {
        let name = &revision.name;
        let mut unfinished = match self.unfinished.take() {
            Some(open) if open.revision.id == revision.id => open,
            Some(open) => {
                return Err(format!("is about `{name}` while `{}` is unfinished", open.revision.name));
            }
            None => Unfinished {
                revision: revision.clone(),
                direction: place.direction,
                done: Vec::new(),
                doubtful: None,
                sql: HashMap::new(),
                failure: None,
                started: record.entry.started,
                run: String::new(),
                tool: String::new(),
            },
        };
        if let Some(doubtful) = unfinished.doubtful.filter(|doubtful| *doubtful != place) {
            return Err(format!("goes on with {place} of `{name}` while its {doubtful} is in doubt"));
        }
        unfinished.doubtful = None;
        unfinished.failure = None;
        match (record.entry.sql, progress) {
            (Some(sql), _) => unfinished.sql.insert(place, sql),
            // It may be another statement than one that stood in this place before.
            (None, Progress::Intended) => unfinished.sql.remove(&place),
            // It is the one that was intended.
            (None, Progress::Done | Progress::Failed) => None,
        };
        match progress {
            Progress::Intended => unfinished.doubtful = Some(place),
            Progress::Done => unfinished.done.push(place),
            Progress::Failed => unfinished.failure = Some(record.entry.message.clone().unwrap_or_default()),
        }
        // It turns round with what is done, or may be; what failed first on the way back leaves both ways open.
        let direction = match progress {
            Progress::Intended | Progress::Done => place.direction,
            Progress::Failed => unfinished.done.last().map_or(place.direction, |done| done.direction),
        };
        if unfinished.direction != direction {
            unfinished.started = record.entry.started;
        }
        unfinished.direction = direction;
        unfinished.run.clone_from(&record.run);
        unfinished.tool.clone_from(&record.tool);
        // A failure before anything was done leaves the revision as if it had never begun.
        let begun = unfinished.doubtful.is_some() || !unfinished.done.is_empty();
        self.unfinished = begun.then_some(unfinished);
        Ok(())
    }
}

fn damaged(seq: u64, what: &str) -> Diagnostic {
    Diagnostic::error(&errors::E715, format!("row {seq} of the journal {what}"))
        .help("run `schemactl explain E715` for the ways out")
}
