//! Statements that no transaction may hold: journaled as intended, then as done. What became of one that was cut off
//! in between is asked of the catalog, never guessed.

use super::execute::{Clock, outcome, part};
use super::work::{text, working};
use super::{Failure, Job, Runner};
use crate::diagnostic::Diagnostic;
use crate::dialect::{Doubt, Statement};
use crate::plan::Task;
use crate::runner::connection::ErrorKind;
use crate::runner::errors;
use crate::runner::journal::{Entry, Progress};

/// What is left of a statement that was cut off.
enum Left {
    Nothing,
    All,
}

impl Runner<'_> {
    /// Runs the one statement of a segment, between two rows of the journal that say so.
    pub(super) async fn outside(&mut self, job: &Job, index: usize) -> Result<(), Failure> {
        let work = job.segments.get(index).map(|segment| segment.work.as_slice());
        let Some([work]) = work else { return self.segment(job, index).await };
        let Task::Statement(statement) = &work.task else { return self.segment(job, index).await };
        let clock = Clock::start();
        let sql = text(&work.task);
        let in_doubt = job.in_doubt && index == job.done;
        let left = if in_doubt { self.settle(job, statement).await? } else { Left::Nothing };
        match left {
            Left::All => {
                let mut entry = clock.entry(part(job, index, Some(0), Progress::Done), &sql);
                entry.message = Some("an interrupted run had done it".to_owned());
                self.append(&entry).await?;
            }
            Left::Nothing => {
                self.append(&Entry::now(part(job, index, Some(0), Progress::Intended))).await?;
                working(self.events, job, index, 0, &sql);
                self.alone(job, index, (&work.steps, statement), &clock).await?;
                self.append(&clock.entry(part(job, index, Some(0), Progress::Done), &sql)).await?;
            }
        }
        if index + 1 == job.segments.len() {
            self.append(&clock.entry(outcome(job, index), &sql)).await?;
        }
        Ok(())
    }

    /// Runs the statement; if it is refused, what it left behind is removed and the journal says that it failed.
    async fn alone(
        &mut self,
        job: &Job,
        index: usize,
        (steps, statement): (&[usize], &Statement),
        clock: &Clock,
    ) -> Result<(), Failure> {
        let Err(error) = self.connection.execute_alone(&statement.sql).await else { return Ok(()) };
        let mut failure = Failure::of(error, "a statement failed").at(steps, &statement.sql);
        if failure.kind() != Some(ErrorKind::ConnectionLost) {
            // What is left is cleared away also when the failure is an interrupt.
            self.connection.clear_cancel();
            self.name_blockers(&mut failure).await;
            if let Doubt::Ask { .. } = self.dialect.doubt(&statement.sql) {
                self.settle(job, statement).await?;
            }
            let mut entry = clock.entry(part(job, index, Some(0), Progress::Failed), &statement.sql);
            entry.message = Some(failure.diagnostic.message.clone());
            self.append(&entry).await?;
        }
        Err(failure)
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

fn in_doubt(job: &Job, statement: &Statement) -> Failure {
    let name = &job.revision.name;
    let message = "a statement was begun outside of a transaction, and nothing says what became of it";
    let help = format!(
        "look whether it happened, then record it: `schemactl stamp {name}`, or `schemactl stamp` the one before"
    );
    Failure::from(Diagnostic::error(&errors::E725, message).help(help)).at(&[], &statement.sql)
}
