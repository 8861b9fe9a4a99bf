//! Statements that no transaction may hold: journaled as intended, then as done. What became of one that was cut off
//! in between is asked of the catalog, never guessed.

use super::execute::{Clock, outcome, part};
use super::retry::Tries;
use super::work::{text, text_of, working};
use super::{Failure, Job, Runner};
use crate::diagnostic::Diagnostic;
use crate::dialect::{Class, Doubt, Statement};
use crate::hash::TextDigest;
use crate::plan::{Task, effect};
use crate::runner::connection::ErrorKind;
use crate::runner::errors;
use crate::runner::journal::{Entry, Progress};

/// What is left of a statement that was cut off.
enum Left {
    Nothing,
    All,
}

impl Runner<'_> {
    /// Runs the one statement of a segment, between two rows of the journal that say so; the first is there already if
    /// it is `intended`. Returns whether the next segment is.
    pub(super) async fn outside(&mut self, job: &Job, index: usize, intended: bool) -> Result<bool, Failure> {
        let work = job.segments.get(index).map(|segment| segment.work.as_slice());
        let Some([work]) = work else { return self.segment(job, index).await.map(|()| false) };
        let Task::Statement(statement) = &work.task else {
            return self.segment(job, index).await.map(|()| false);
        };
        let clock = Clock::start();
        let sql = text(&work.task);
        let in_doubt = job.in_doubt && index == job.done;
        let left = if in_doubt { self.settle(job, statement).await? } else { Left::Nothing };
        let message = match left {
            Left::All => Some("an interrupted run had done it".to_owned()),
            Left::Nothing => {
                if !intended {
                    self.append(&[self.intention(job, index)]).await?;
                }
                working(self.events, job, index, 0, &sql);
                self.alone(job, index, (&work.steps, statement), &clock).await?;
                None
            }
        };
        let done = clock.entry(part(job, index, Some(0), Progress::Done), &sql);
        let message = message.or_else(|| self.used(job, index));
        let mut entries = vec![Entry { message, ..done }];
        let next = is_told_by_catalog(job, index + 1);
        if next {
            // One way to the database less: should this run end here, the catalog tells that nothing happened.
            entries.push(self.intention(job, index + 1));
        }
        if index + 1 == job.segments.len() {
            entries.push(clock.entry(outcome(job, index), &sql));
        }
        self.append(&entries).await?;
        Ok(next)
    }

    /// Runs the statement; if it is refused, what it left behind is removed and the journal says that it failed.
    async fn alone(
        &mut self,
        job: &Job,
        index: usize,
        (steps, statement): (&[usize], &Statement),
        clock: &Clock,
    ) -> Result<(), Failure> {
        let mut tries = Tries::new(self.patience);
        let mut failure = loop {
            let result = self.once(steps, statement, tries.count()).await;
            // What is built beside the application leaves a half that has to be removed first.
            if statement.class == Class::Concurrent {
                let Err(failure) = result else { return Ok(()) };
                break failure;
            }
            match self.try_again(result, &mut tries, &job.revision.name).await {
                Some(Ok(())) => return Ok(()),
                Some(Err(failure)) => break failure,
                None => {}
            }
        };
        if failure.kind() == Some(ErrorKind::ConnectionLost) {
            failure.in_doubt = true;
        } else {
            // What is left is cleared away also when the failure is an interrupt.
            self.connection.clear_cancel();
            if statement.class == Class::Concurrent {
                self.name_blockers(&mut failure).await;
            }
            if let Doubt::Ask { .. } = self.dialect.doubt(&statement.sql) {
                self.settle(job, statement).await?;
            }
            let mut entry = clock.entry(part(job, index, Some(0), Progress::Failed), &statement.sql);
            entry.message = Some(failure.diagnostic.message.clone());
            self.append(&[entry]).await?;
        }
        Err(failure)
    }

    /// Says that a segment is about to run.
    fn intention(&self, job: &Job, index: usize) -> Entry {
        let sql = job.segments.get(index).map(|segment| TextDigest::of(&text_of(segment)));
        let event = part(job, index, Some(0), Progress::Intended);
        Entry { sql, message: self.used(job, index), ..Entry::now(event) }
    }

    /// Runs the statement, for the `attempt`th time from 0.
    async fn once(&mut self, steps: &[usize], statement: &Statement, attempt: u32) -> Result<(), Failure> {
        let Statement { sql, guards, class, .. } = statement;
        // A statement is refused with values of rows, and a hook before it may have written one.
        let told = |failure: Failure| failure.at(steps, sql).masked(self.values);
        self.asked(guards).await.map_err(told)?;
        let run = self.connection.execute_alone(sql, self.lock_wait(*class, attempt)).await;
        run.map(drop).map_err(|error| told(Failure::of(error, "a statement failed")))
    }

    /// Finds out what became of a statement that was cut off, and removes what is left of half of it.
    ///
    /// # Errors
    /// E725: nothing tells.
    async fn settle(&mut self, job: &Job, statement: &Statement) -> Result<Left, Failure> {
        let (query, repair) = match self.dialect.doubt(&statement.sql) {
            Doubt::Repeat => return Ok(Left::Nothing),
            Doubt::Ask { query, repair } => (query, repair),
            Doubt::Unknown => return Err(in_doubt(job, statement)),
        };
        let rows = self.connection.query(&query).await;
        let rows = rows.map_err(|error| Failure::of(error, "can't look what became of a statement"))?;
        match rows.first().and_then(|row| row.get(0)) {
            Some("done") => Ok(Left::All),
            Some("open") => Ok(Left::Nothing),
            Some("broken") => {
                let repaired = self.connection.execute(&repair).await;
                repaired.map_err(|error| Failure::of(error, "can't remove what a statement left"))?;
                Ok(Left::Nothing)
            }
            Some(_) | None => Err(in_doubt(job, statement)),
        }
    }
}

/// Whether a segment is one statement of which the catalog tells whether it happened.
fn is_told_by_catalog(job: &Job, index: usize) -> bool {
    let segment = job.segments.get(index).filter(|segment| !segment.transactional);
    matches!(segment.map(|segment| segment.work.as_slice()), Some([work]) if effect(work).is_some())
}

fn in_doubt(job: &Job, statement: &Statement) -> Failure {
    let name = &job.revision.name;
    let message = "a statement was begun outside of a transaction, and nothing says what became of it";
    let help = format!(
        "look whether it happened, then record it: `schemactl stamp {name}`, or `schemactl stamp` the one before"
    );
    Failure::from(Diagnostic::error(&errors::E725, message).help(help)).at(&[], &statement.sql)
}
