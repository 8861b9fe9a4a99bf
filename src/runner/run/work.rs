//! Runs the work of a segment in the transaction that is open: statements, tables made anew, hooks. No row of the
//! journal here, no beginning and no end.

use super::carried::Carried;
use super::execute::Runner;
use super::{Event, Failure, Job, hook};
use crate::dialect::{Class, Statement};
use crate::plan::{Segment, Task, Work};
use crate::runner::connection::Refused;
use crate::runner::rebuild;

impl Runner<'_> {
    /// Runs a segment and notes the SQL.
    pub(super) async fn work(
        &mut self,
        job: &Job,
        index: usize,
        segment: &Segment,
        attempt: u32,
        sql: &mut String,
    ) -> Result<(), Failure> {
        let mut carried = Carried::default();
        let mut place = 0;
        for some in segment.work.chunk_by(go_together) {
            match some.iter().map(plain).collect::<Option<Vec<&str>>>() {
                Some(statements) => self.statements((job, index, place), some, &statements, attempt).await?,
                None => {
                    for (at, work) in some.iter().enumerate() {
                        working(self.events, job, index, place + at, &text(&work.task));
                        self.piece(work, attempt, &mut carried).await?;
                    }
                }
            }
            place += some.len();
        }
        sql.push_str(&text_of(segment));
        Ok(())
    }

    /// Runs statements that cost others the same, the first of which is in this place.
    async fn statements(
        &mut self,
        (job, index, place): (&Job, usize, usize),
        some: &[Work],
        statements: &[&str],
        attempt: u32,
    ) -> Result<(), Failure> {
        if let Some(first) = some.first() {
            self.limit_waiting(&first.task, attempt).await?;
        }
        let Self { connection, events, .. } = self;
        let mut begins = |at: usize| {
            if let Some(sql) = statements.get(at) {
                working(*events, job, index, place + at, sql);
            }
        };
        let run = connection.execute_each(statements, &mut begins).await;
        run.map_err(|Refused { at, error }| {
            let failure = Failure::of(error, "a statement failed");
            match some.get(at) {
                Some(work) => failure.at(&work.steps, &text(&work.task)),
                None => failure,
            }
        })
    }

    async fn piece(&mut self, work: &Work, attempt: u32, carried: &mut Carried) -> Result<(), Failure> {
        let Work { steps, hazards: _, task } = work;
        self.limit_waiting(task, attempt).await?;
        match task {
            Task::Statement(Statement { sql, guards, carry, .. }) => {
                carried.save(self.connection, carry.as_ref()).await?;
                self.guarded(sql, guards, steps).await?;
                carried.restore(self.connection, carry.as_ref(), steps).await
            }
            Task::Rebuild(rebuild) => {
                let run = rebuild::rebuild(self.connection, rebuild, steps).await;
                run.map_err(|failure| failure.at(steps, &rebuild.create))
            }
            Task::Hook(hook) => {
                let rules = self.dialect.rules();
                hook::run(self.connection, hook, (self.values, rules), steps).await
            }
        }
    }

    async fn limit_waiting(&mut self, task: &Task, attempt: u32) -> Result<(), Failure> {
        let limited = self.connection.wait_for_locks(self.lock_wait(class(task), attempt)).await;
        limited.map_err(|error| Failure::of(error, "can't limit how long locks are waited for"))
    }
}

/// Tells that a piece of work begins.
pub(super) fn working(
    events: &mut (dyn FnMut(Event) + Send),
    job: &Job,
    index: usize,
    place: usize,
    what: &str,
) {
    let earlier: usize = job.segments.iter().take(index).map(|segment| segment.work.len()).sum();
    events(Event::Working {
        revision: job.revision.name.clone(),
        piece: earlier + place,
        what: what.to_owned(),
    });
}

/// The statement of a piece of work that is nothing else.
fn plain(work: &Work) -> Option<&str> {
    match &work.task {
        Task::Statement(Statement { sql, guards, carry: None, .. }) if guards.is_empty() => Some(sql),
        Task::Statement(_) | Task::Rebuild(_) | Task::Hook(_) => None,
    }
}

fn go_together(a: &Work, b: &Work) -> bool {
    plain(a).is_some() && plain(b).is_some() && class(&a.task) == class(&b.task)
}

/// What a piece of work costs others.
pub(super) fn class(task: &Task) -> Class {
    match task {
        Task::Statement(statement) => statement.class,
        Task::Rebuild(_) => Class::Rewrite,
        Task::Hook(_) => Class::Batch,
    }
}

/// What a piece of work runs, as text.
pub(super) fn text(task: &Task) -> String {
    match task {
        Task::Statement(statement) => statement.sql.clone(),
        Task::Rebuild(rebuild) => rebuild.create.clone(),
        Task::Hook(hook) => hook.statements.join(";\n"),
    }
}

/// What a segment runs, as the text whose digest the journal keeps.
pub(in crate::runner) fn text_of(segment: &Segment) -> String {
    match segment.work.as_slice() {
        [Work { task: task @ Task::Statement(_), .. }] if !segment.transactional => text(task),
        several => several.iter().map(|work| text(&work.task) + ";\n").collect(),
    }
}
