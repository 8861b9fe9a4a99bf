//! The loop over jobs, segments and work, with the journal's rows where they belong.

use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::retry::Tries;
use super::work::class;
use super::{Event, Failure, Job, Patience, Stopped};
use crate::dialect::{Class, Dialect};
use crate::hash::TextDigest;
use crate::plan::{Direction, Values};
use crate::runner::connection::{Connection, DatabaseError, ErrorKind, Refused};
use crate::runner::journal::{self, Completion, Entry, Place, Progress, Used, Writer};
use crate::runner::{orphans, rebuild};

/// Runs jobs on one connection, whose lock the caller holds.
pub struct Runner<'a> {
    /// The connection that everything runs on.
    pub connection: &'a mut Connection,
    /// What the connection speaks.
    pub dialect: &'a dyn Dialect,
    /// Adds the journal's rows.
    pub writer: Writer,
    /// How patient the run is with locks of others.
    pub patience: Patience,
    /// What may be lost that the operations do not say, by the names of what holds it, or `all`.
    pub agreed: &'a [String],
    /// What the hooks' variables are worth.
    pub values: &'a Values,
    /// Hears of everything that happens.
    pub events: &'a mut (dyn FnMut(Event) + Send),
}

impl Runner<'_> {
    /// Runs the jobs in order, each in its own transactions. What is finished stays when a later one fails.
    ///
    /// # Errors
    /// How far it came, and why it stopped. The transaction under way is rolled back.
    pub async fn run(&mut self, jobs: &[Job]) -> Result<(), Stopped> {
        self.prepare().await?;
        for (finished, job) in jobs.iter().enumerate() {
            let mut segments = job.done;
            if let Err(failure) = self.job(job, &mut segments).await {
                let (segments, failure) = (segments - job.done, Box::new(failure));
                return Err(Stopped { finished, segments, at: finished, failure });
            }
        }
        self.wait_again().await;
        Ok(())
    }

    /// Creates the journal where that would end the transaction of its first row.
    async fn prepare(&mut self) -> Result<(), Stopped> {
        if self.connection.transactional_ddl() {
            return Ok(());
        }
        let created = self.writer.create(self.connection).await;
        created.map_err(|error| Stopped {
            finished: 0,
            segments: 0,
            at: 0,
            failure: Box::new(self.unwritten(error)),
        })
    }

    /// What runs on the connection afterwards waits as it would without us. A connection that broke tells by itself.
    async fn wait_again(&mut self) {
        let _ = self.connection.wait_for_locks(None).await;
    }

    /// Runs all jobs in one transaction.
    ///
    /// # Errors
    /// E721: a job can't share a transaction. Otherwise nothing has happened, and why.
    pub async fn run_as_one(&mut self, jobs: &[Job]) -> Result<(), Stopped> {
        let nothing = |failure: Failure| Stopped {
            finished: 0,
            segments: 0,
            at: failure.job,
            failure: Box::new(failure),
        };
        if let Err(problem) = super::can_share(jobs) {
            return Err(nothing(problem.into()));
        }
        self.prepare().await?;
        let mut tries = Tries::new(self.patience);
        let parts: Vec<(&Job, usize)> = jobs.iter().map(|job| (job, 0)).collect();
        loop {
            let result = self.transaction(&parts, tries.count()).await;
            if let Some(result) = self.try_again(result, &mut tries, "all").await {
                self.wait_again().await;
                return result.map_err(nothing);
            }
        }
    }

    async fn job(&mut self, job: &Job, segments: &mut usize) -> Result<(), Failure> {
        let start = Instant::now();
        (self.events)(Event::Started {
            revision: job.revision.name.clone(),
            direction: job.direction,
            work: job.left(),
        });
        let mut intended = false;
        loop {
            let outside = job.segments.get(*segments).is_some_and(|segment| !segment.transactional);
            if outside {
                intended = self.outside(job, *segments, intended).await?;
            } else {
                self.segment(job, *segments).await?;
            }
            *segments += 1;
            if *segments >= job.segments.len() {
                break;
            }
        }
        (self.events)(Event::Finished {
            revision: job.revision.name.clone(),
            direction: job.direction,
            duration: start.elapsed(),
        });
        Ok(())
    }

    /// Runs one segment in a transaction, as often as patience allows.
    pub(super) async fn segment(&mut self, job: &Job, index: usize) -> Result<(), Failure> {
        let mut tries = Tries::new(self.patience);
        loop {
            let result = self.transaction(&[(job, index)], tries.count()).await;
            if let Some(result) = self.try_again(result, &mut tries, &job.revision.name).await {
                return result;
            }
        }
    }

    /// `None` after a pause, when the transaction is worth another try.
    pub(super) async fn try_again(
        &mut self,
        result: Result<(), Failure>,
        tries: &mut Tries,
        revision: &str,
    ) -> Option<Result<(), Failure>> {
        let mut failure = match result {
            Err(failure) => failure,
            done => return Some(done),
        };
        let transient =
            failure.kind().is_some_and(ErrorKind::is_transient) && !self.connection.is_cancelled();
        if transient {
            self.name_blockers(&mut failure).await;
        }
        let Some(pause) = transient.then(|| tries.pause()).flatten() else { return Some(Err(failure)) };
        let reason = failure.diagnostic.message;
        (self.events)(Event::Retrying { revision: revision.to_owned(), reason, pause });
        self.connection.pause(pause).await;
        None
    }

    /// Says who is in the way, as far as the database tells.
    pub(super) async fn name_blockers(&mut self, failure: &mut Failure) {
        let (Some(ErrorKind::LockTimeout), Some(at)) = (failure.kind(), &failure.at) else { return };
        let blockers = self.connection.blockers(&at.sql).await.unwrap_or_default();
        for blocker in blockers {
            failure.diagnostic.message.push_str("; ");
            failure.diagnostic.message.push_str(&blocker);
        }
    }

    /// Runs segments of jobs and their journal rows in one transaction, for the `attempt`th time from 0.
    async fn transaction(&mut self, parts: &[(&Job, usize)], attempt: u32) -> Result<(), Failure> {
        let mut work = parts.iter().filter_map(|(job, index)| job.segments.get(*index));
        let unguarded = work.any(|segment| segment.work.iter().any(rebuild::needs_foreign_keys_off));
        if unguarded {
            self.connection
                .enforce_foreign_keys(false)
                .await
                .map_err(|error| Failure::of(error, "can't switch foreign keys off"))?;
        }
        let result = self.committed(parts, unguarded, attempt).await;
        if unguarded {
            // A connection that can't be switched back is broken, which the next statement tells.
            let _ = self.connection.enforce_foreign_keys(true).await;
        }
        result
    }

    async fn committed(
        &mut self,
        parts: &[(&Job, usize)],
        unguarded: bool,
        attempt: u32,
    ) -> Result<(), Failure> {
        let first = parts.first().and_then(|(job, index)| job.segments.get(*index)?.work.first());
        let wait = self.lock_wait(first.map_or(Class::Metadata, |work| class(&work.task)), attempt);
        let begun = self.connection.begin_waiting(wait).await;
        begun.map_err(|error| Failure::of(error, "can't begin a transaction"))?;
        let result = match self.in_transaction(parts, unguarded, attempt).await {
            Ok(entries) => self.commit(&entries).await,
            Err(failure) => Err(failure),
        };
        if result.is_err() {
            // What can't be rolled back on a lost connection is rolled back by the database.
            let _ = self.connection.rollback().await;
        }
        // Not only a hook's own statements are refused with a value that it wrote: an index behind it is, and a constraint
        // that waits for the commit.
        result.map_err(|failure| failure.masked(self.values))
    }

    /// Writes the journal's rows and commits.
    async fn commit(&mut self, entries: &[Entry]) -> Result<(), Failure> {
        let rows = self.writer.rows(entries);
        match self.connection.commit_after(&rows).await {
            Ok(()) => {
                self.writer.committed(entries.len() as u64);
                Ok(())
            }
            // Who was lost on the way may have come to the end of it.
            Err(Refused { at, error }) if at < rows.len() && error.kind != ErrorKind::ConnectionLost => {
                Err(self.unwritten(error))
            }
            Err(Refused { error, .. }) => Err(Failure::of_commit(error)),
        }
    }

    /// What the journal is to say of the work.
    async fn in_transaction(
        &mut self,
        parts: &[(&Job, usize)],
        unguarded: bool,
        attempt: u32,
    ) -> Result<Vec<Entry>, Failure> {
        let mut entries = Vec::with_capacity(parts.len());
        let orphans = if unguarded { Some(orphans::find(self.connection).await?) } else { None };
        for (place, (job, index)) in parts.iter().enumerate() {
            let clock = Clock::start();
            let mut sql = String::new();
            if let Some(segment) = job.segments.get(*index) {
                let worked = self.work(job, *index, segment, attempt, &mut sql).await;
                worked.map_err(|failure| Failure { job: place, ..failure })?;
            }
            let message = self.used(job, *index);
            entries.push(Entry { message, ..clock.entry(outcome(job, *index), &sql) });
        }
        if let Some(before) = orphans {
            orphans::none_new(self.connection, &before).await?;
        }
        Ok(entries)
    }

    /// What a segment runs with, as the journal keeps it.
    pub(super) fn used(&self, job: &Job, index: usize) -> Option<String> {
        let environment = job.environment_that_matters();
        Used::of(job.segments.get(index), environment, self.values, self.dialect.rules()).message()
    }

    /// How long a statement waits for its locks: never longer than the run is patient.
    pub(super) fn lock_wait(&self, class: Class, attempt: u32) -> Option<Duration> {
        class.lock_wait(attempt).map(|wait| wait.min(self.patience.total))
    }

    /// Adds rows to the journal, in a transaction of their own.
    pub(super) async fn append(&mut self, entries: &[Entry]) -> Result<(), Failure> {
        let written = self.writer.append(self.connection, entries).await;
        written.map_err(|error| self.unwritten(error))
    }

    fn unwritten(&self, error: DatabaseError) -> Failure {
        let explained = self.writer.explain(&error);
        Failure { error: Some(error), ..Failure::from(explained) }
    }
}

/// What is true of the revision when this segment is committed.
pub(super) fn outcome(job: &Job, index: usize) -> journal::Event {
    if index + 1 < job.segments.len() {
        return part(job, index, None, Progress::Done);
    }
    let completion = match job.direction {
        Direction::Up => Completion::Applied,
        Direction::Down => Completion::RolledBack,
    };
    journal::Event::Completed { completion, revision: job.revision.clone(), state: job.reaches }
}

pub(super) fn part(job: &Job, index: usize, statement: Option<u32>, progress: Progress) -> journal::Event {
    // More segments than a 32-bit number counts do not fit into memory.
    let segment = u32::try_from(index).unwrap_or(u32::MAX);
    let place = Place { direction: job.direction, segment, statement };
    journal::Event::Part { progress, revision: job.revision.clone(), place }
}

/// When something began, by the calendar and by a clock that never jumps.
pub(super) struct Clock {
    started: Timestamp,
    instant: Instant,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self { started: Timestamp::now(), instant: Instant::now() }
    }

    fn duration(&self) -> Duration {
        self.instant.elapsed()
    }

    pub(super) fn entry(&self, event: journal::Event, sql: &str) -> Entry {
        let sql = (!sql.is_empty()).then(|| TextDigest::of(sql));
        Entry { event, sql, started: self.started, duration: self.duration(), message: None }
    }
}
