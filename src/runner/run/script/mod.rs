//! Runs as scripts that a database's own client runs: the same statements in the same transactions, the same rows in
//! the journal, and before each transaction a check that the journal is where the script was written for. No
//! connection here.

mod guard;

use std::fmt::Write;

use super::Job;
use super::execute::{outcome, part};
use super::work::text;
use crate::dialect::{Circumstances, Dialect, Offline};
use crate::hash::TextDigest;
use crate::plan::{Check, HookTask, Segment, Task, Work};
use crate::runner::journal::{Event, Location, Progress, RevisionRef, Signature};
use crate::runner::rebuild;

/// Where a database has to be for a script to run on it.
#[derive(Debug, Clone)]
pub struct Start {
    /// The revisions that are applied; `None`: whatever the journal says, because the script forgets it.
    pub applied: Option<Vec<RevisionRef>>,
    /// What people call the place.
    pub name: String,
}

/// Writes a script.
pub struct Script {
    offline: &'static dyn Offline,
    location: Location,
    start: Start,
    /// The row that was written last.
    last: Option<Event>,
    out: String,
}

impl Script {
    /// Begins a script; `title` says what it does.
    #[must_use]
    pub fn new(dialect: &dyn Dialect, start: Start, title: &str) -> Self {
        let offline = dialect.offline();
        let head = format!(
            "-- {title}\n-- written by schemactl {} for {}; run it with: {}\n{}",
            env!("CARGO_PKG_VERSION"),
            dialect.name(),
            offline.command(),
            offline.head()
        );
        Self { offline, location: Location::unqualified(dialect), start, last: None, out: head }
    }

    /// Adds a revision, in the transactions of a run; `remarks` are said above it.
    pub fn job(&mut self, job: &Job, remarks: &[String]) {
        let _ = writeln!(self.out, "\n-- {} ({})", job.revision.name, job.direction.word());
        for remark in remarks {
            let _ = writeln!(self.out, "-- {}", remark.replace('\n', " "));
        }
        if job.segments.is_empty() {
            self.transaction(&[(job, 0)]);
        }
        for (index, segment) in job.segments.iter().enumerate() {
            match segment.transactional {
                true => self.transaction(&[(job, index)]),
                false => self.outside(job, index, segment),
            }
        }
    }

    /// Adds revisions in one transaction. They must be able to share one.
    pub fn jobs_as_one(&mut self, jobs: &[Job]) {
        self.out.push('\n');
        let parts: Vec<(&Job, usize)> = jobs.iter().map(|job| (job, 0)).collect();
        self.transaction(&parts);
    }

    /// Adds rows to the journal, in one transaction.
    pub fn events(&mut self, events: &[Event]) {
        self.out.push('\n');
        self.begin(false);
        events.iter().for_each(|event| self.row(event, None));
        self.commit(false);
    }

    /// The script.
    #[must_use]
    pub fn finish(self) -> String {
        self.out
    }

    fn transaction(&mut self, parts: &[(&Job, usize)]) {
        let segments = parts.iter().filter_map(|(job, index)| Some((job, job.segments.get(*index)?)));
        let unguarded =
            segments.clone().flat_map(|(_, segment)| &segment.work).any(rebuild::needs_foreign_keys_off);
        self.begin(unguarded);
        for (job, index) in parts {
            let mut sql = String::new();
            for work in job.segments.get(*index).map(|segment| segment.work.as_slice()).unwrap_or_default() {
                self.work(work);
                sql.push_str(&text(&work.task));
                sql.push_str(";\n");
            }
            self.row(&outcome(job, *index), Some(&sql));
        }
        self.commit(unguarded);
    }

    /// One statement that no transaction may hold, between two that say so.
    fn outside(&mut self, job: &Job, index: usize, segment: &Segment) {
        self.begin(false);
        self.row(&part(job, index, Some(0), Progress::Intended), None);
        self.commit(false);
        segment.work.iter().for_each(|work| self.work(work));
        let sql: String = segment.work.iter().map(|work| text(&work.task)).collect();
        self.begin(false);
        self.row(&part(job, index, Some(0), Progress::Done), Some(&sql));
        if index + 1 == job.segments.len() {
            self.row(&outcome(job, index), Some(&sql));
        }
        self.commit(false);
    }

    /// Begins a transaction and checks where the journal is.
    fn begin(&mut self, unguarded: bool) {
        self.statements(&self.offline.begin(unguarded));
        let table = self.location.scope().to_owned();
        let (condition, message) = match (&self.last, &self.start.applied) {
            (Some(last), _) => {
                (Some(guard::after(&table, last)), "the journal was changed meanwhile".to_owned())
            }
            (None, Some(applied)) => {
                (Some(guard::at(&table, applied)), format!("the database is not at {}", self.start.name))
            }
            (None, None) => (None, String::new()),
        };
        if self.last.is_none() {
            self.statement(&self.location.create());
        }
        self.statements(self.offline.lock(&table).as_slice());
        if let Some(condition) = condition {
            self.statements(&self.offline.assert(&condition, &message));
        }
    }

    fn commit(&mut self, unguarded: bool) {
        self.statements(&self.offline.commit(unguarded));
    }

    fn work(&mut self, Work { steps: _, task, hazards: _ }: &Work) {
        match task {
            Task::Statement(statement) => self.statement(&statement.sql),
            Task::Rebuild(rebuild) => self.statements(&self.offline.rebuild(rebuild)),
            Task::Hook(HookTask { name, before, statements, after }) => {
                let _ = writeln!(self.out, "-- hook {name}");
                before.iter().for_each(|check| self.check(name.as_str(), check));
                self.statements(statements);
                after.iter().for_each(|check| self.check(name.as_str(), check));
            }
        }
    }

    /// What a hook expects; truth values are the same however a database prints them.
    fn check(&mut self, hook: &str, Check { query, is }: &Check) {
        let value = self.offline.text(&format!("(\n{}\n)", query.trim().trim_end_matches(';')));
        let condition = match is.as_deref() {
            None => format!("{value} IS NULL"),
            Some("true") => format!("{value} IN ('true', 't', '1')"),
            Some("false") => format!("{value} IN ('false', 'f', '0')"),
            Some(text) => format!("{value} = {}", self.location.literal(text)),
        };
        let shown = is.as_deref().unwrap_or("NULL");
        let message = format!("an expectation of hook {hook} does not hold: it is not {shown}");
        self.statements(&self.offline.assert(&condition, &message));
    }

    /// A row of the journal. The digest is that of the SQL that a run would have noted.
    fn row(&mut self, event: &Event, sql: Option<&str>) {
        let Circumstances { started, finished, milliseconds, actor } = self.offline.circumstances();
        let signature = Signature {
            seq: self.location.next_seq(),
            run: self.location.literal("script"),
            started: started.to_owned(),
            finished: finished.to_owned(),
            milliseconds: milliseconds.to_owned(),
            actor: actor.to_owned(),
        };
        let digest = sql.filter(|sql| !sql.is_empty()).map(TextDigest::of);
        let row = self.location.row(event, digest, None, &signature);
        self.statement(&self.location.insert(&[row]));
        self.last = Some(event.clone());
    }

    fn statements(&mut self, statements: &[String]) {
        statements.iter().for_each(|statement| self.statement(statement));
    }

    fn statement(&mut self, sql: &str) {
        self.out.push_str(&self.offline.statement(sql));
    }
}
