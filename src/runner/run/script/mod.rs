//! Runs as scripts that a database's own client runs: the same statements in the same transactions, the same rows in
//! the journal, and before each transaction a check that the journal is where the script was written for. No
//! connection here.

mod guard;

pub use guard::{Astray, Group, Held};

use std::fmt::Write;

use super::execute::{outcome, part};
use super::work::text_of;
use super::{Job, shortened};
use crate::diagnostic::Diagnostic;
use crate::dialect::{Circumstances, Dialect, Offline, Version};
use crate::hash::TextDigest;
use crate::plan::{Check, Direction, HookTask, Segment, Task, Values, Work};
use crate::project::JournalName;
use crate::runner::errors::E753;
use crate::runner::journal::{Completion, Event, Location, Progress, RevisionRef, SCRIPT, Signature, Used};
use crate::runner::rebuild;
use crate::sql::Rules;

/// Where a database has to be for a script to run on it.
#[derive(Debug, Clone)]
pub enum Start {
    /// At one place.
    At {
        /// The revisions that are applied there.
        held: Held,
        /// What people call the place.
        name: String,
        /// Whether databases there can know by other revisions what the script is about, so that not each part is for
        /// each of them.
        varies: bool,
    },
    /// Anywhere between two places; each part of the script runs where it has not run.
    Between {
        /// The revisions that are applied at both, with all that may be applied between them.
        held: Held,
        /// Where it must not be, for all that.
        astray: Vec<Astray>,
        /// What people call the way between them.
        name: String,
    },
    /// Anywhere: the script forgets what the journal says.
    Anywhere,
}

/// Which databases a part of a script is for, where it is for some of them alone.
#[derive(Debug, Clone, Default)]
pub struct For {
    /// The revisions that stand for the same, in whole or in part: what has one of them has no use for this one.
    pub others: Vec<RevisionRef>,
    /// Whether it is for databases alone on which nothing has run.
    pub new: bool,
}

/// Writes a script.
pub struct Script {
    offline: &'static dyn Offline,
    version: Version,
    location: Location,
    /// How the database reads SQL.
    rules: &'static Rules,
    /// What the hooks' variables are worth.
    values: Values,
    start: Start,
    /// Whether the journal was looked at and is there.
    is_begun: bool,
    /// What holds before the part that is being written, where databases differ.
    expected: Option<String>,
    /// Whether the part runs on that condition alone.
    is_conditional: bool,
    /// The row that was written last; in a part on a condition the last of that part.
    last: Option<Event>,
    /// What the client can't leave out.
    unconditional: Option<String>,
    out: String,
}

impl Script {
    /// Begins a script; `title` says what it does.
    #[must_use]
    pub fn new(
        dialect: &dyn Dialect,
        version: Version,
        journal: &JournalName,
        start: Start,
        title: &str,
        values: Values,
    ) -> Self {
        let offline = dialect.offline();
        let head = format!(
            "-- {title}\n-- written by schemactl {} for {}; run it with: {}\n{}",
            env!("CARGO_PKG_VERSION"),
            version.product.word(),
            offline.command(version),
            offline.head()
        );
        Self {
            offline,
            version,
            location: Location::unqualified(dialect, journal),
            rules: dialect.rules(),
            values,
            start,
            is_begun: false,
            expected: None,
            is_conditional: false,
            last: None,
            unconditional: None,
            out: head,
        }
    }

    /// Adds a line for people.
    pub fn remark(&mut self, text: &str) {
        let _ = writeln!(self.out, "-- {}", text.replace('\n', " "));
    }

    /// Adds a revision, in the transactions of a run; `remarks` are said above it.
    pub fn job(&mut self, job: &Job, on: &For, remarks: &[String]) {
        self.prelude();
        let _ = writeln!(self.out, "\n-- {} ({})", job.revision.name, job.direction.word());
        remarks.iter().for_each(|remark| self.remark(remark));
        self.part(&job.revision, job.direction == Direction::Up, on, |script| script.segments(job));
    }

    /// The transactions of a revision.
    fn segments(&mut self, job: &Job) {
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

    /// Adds rows to the journal: in one transaction, unless databases differ.
    pub fn events(&mut self, events: &[(Event, For)]) {
        self.prelude();
        self.out.push('\n');
        if !self.differs() {
            let events: Vec<Event> = events.iter().map(|(event, _)| event.clone()).collect();
            return self.rows(&events);
        }
        for (event, on) in events {
            let Event::Completed { completion, revision, state: _ } = event else { continue };
            let comes = matches!(completion, Completion::Applied | Completion::Stamped);
            self.part(revision, comes, on, |script| script.rows(std::slice::from_ref(event)));
        }
    }

    fn rows(&mut self, events: &[Event]) {
        self.begin(false);
        events.iter().for_each(|event| self.row(event, None, None));
        self.commit(false);
    }

    /// The script.
    ///
    /// # Errors
    /// E753: the client has no way to run a part of it on a condition.
    pub fn finish(self) -> Result<String, Diagnostic> {
        match self.unconditional {
            None => Ok(self.out),
            Some(sql) => {
                let title = self.version.product.title();
                let message =
                    format!("a client of {title} can't run this on a condition: `{}`", shortened(&sql));
                Err(Diagnostic::error(&E753, message)
                    .help("leave out `--idempotent`, and name with `--from` where the database is"))
            }
        }
    }

    /// Whether it is for databases that need different parts of it.
    fn differs(&self) -> bool {
        match self.start {
            Start::At { varies, .. } => varies,
            Start::Between { .. } => true,
            Start::Anywhere => false,
        }
    }

    /// Looks at the journal once, where the script is for databases that differ.
    fn prelude(&mut self) {
        let table = self.location.table();
        let (condition, message) = match &self.start {
            Start::Between { held, astray, name } => {
                let straight = astray.iter().map(|astray| guard::straight(table, astray));
                let condition = std::iter::once(guard::within(table, held)).chain(straight);
                let condition = condition.collect::<Vec<_>>().join(" AND ");
                (condition, format!("the database is not on the way {name}"))
            }
            Start::At { held, name, varies: true } => {
                (guard::at(table, held), format!("the database is not at {name}"))
            }
            Start::At { varies: false, .. } | Start::Anywhere => return,
        };
        if self.is_begun {
            return;
        }
        self.out.push('\n');
        self.open(false);
        self.statements(&self.offline.assert(&condition, &message));
        self.commit(false);
    }

    /// Writes a part that is about one revision, which `comes` or goes: on a condition where not every database needs it.
    fn part(&mut self, revision: &RevisionRef, comes: bool, on: &For, write: impl FnOnce(&mut Self)) {
        let is_conditional = match self.start {
            Start::Between { .. } => true,
            Start::At { varies: true, .. } => !on.others.is_empty(),
            Start::At { varies: false, .. } | Start::Anywhere => return write(self),
        };
        let table = self.location.table();
        let condition = match (comes, on.new) {
            (true, false) => guard::lacks(table, revision, &on.others),
            (true, true) => guard::is_new(table),
            (false, _) => guard::has(table, revision),
        };
        self.expected = Some(condition.clone());
        self.last = None;
        self.is_conditional = is_conditional;
        let outer = std::mem::take(&mut self.out);
        write(self);
        let part = std::mem::replace(&mut self.out, outer);
        self.expected = None;
        self.is_conditional = false;
        self.out.push_str(&match is_conditional {
            true => self.offline.only_if(&condition, &part),
            false => part,
        });
    }

    fn transaction(&mut self, parts: &[(&Job, usize)]) {
        let segments = parts.iter().filter_map(|(job, index)| Some((job, job.segments.get(*index)?)));
        let unguarded =
            segments.clone().flat_map(|(_, segment)| &segment.work).any(rebuild::needs_foreign_keys_off);
        self.begin(unguarded);
        for (job, index) in parts {
            let segment = job.segments.get(*index);
            segment.iter().flat_map(|segment| &segment.work).for_each(|work| self.work(work));
            let sql = segment.map(text_of);
            self.row(&outcome(job, *index), sql.as_deref(), self.used(job, *index).as_deref());
        }
        self.commit(unguarded);
    }

    /// One statement that no transaction may hold, between two that say so.
    fn outside(&mut self, job: &Job, index: usize, segment: &Segment) {
        let (sql, used) = (text_of(segment), self.used(job, index));
        self.begin(false);
        self.row(&part(job, index, Some(0), Progress::Intended), Some(&sql), used.as_deref());
        self.commit(false);
        segment.work.iter().for_each(|work| self.work(work));
        self.begin(false);
        self.row(&part(job, index, Some(0), Progress::Done), Some(&sql), used.as_deref());
        if index + 1 == job.segments.len() {
            self.row(&outcome(job, index), Some(&sql), None);
        }
        self.commit(false);
    }

    /// What a segment runs with, as the journal keeps it.
    fn used(&self, job: &Job, index: usize) -> Option<String> {
        let environment = job.environment_that_matters();
        Used::of(job.segments.get(index), environment, &self.values, self.rules).message()
    }

    /// Begins a transaction with the journal at hand, which nobody else writes meanwhile.
    fn open(&mut self, unguarded: bool) {
        let create = (!self.is_begun).then(|| self.location.create());
        let (early, late) = if self.rules.schema_commits { (create, None) } else { (None, create) };
        self.is_begun = true;
        early.iter().for_each(|sql| self.always(sql));
        self.offline.begin(unguarded).iter().for_each(|sql| self.always(sql));
        late.iter().for_each(|sql| self.always(sql));
        self.offline.lock(self.location.table()).iter().for_each(|sql| self.always(sql));
    }

    /// Begins a transaction and checks where the journal is.
    fn begin(&mut self, unguarded: bool) {
        self.open(unguarded);
        let table = self.location.table();
        let changed = "the journal was changed meanwhile".to_owned();
        let (condition, message) = match (&self.last, &self.start) {
            (Some(last), _) => (guard::after(table, last), changed),
            (None, Start::At { held, name, varies: false }) => {
                (guard::at(table, held), format!("the database is not at {name}"))
            }
            (None, Start::At { varies: true, .. } | Start::Between { .. }) => {
                let settled = guard::settled(table);
                let still = self.expected.iter().map(|condition| format!(" AND {condition}"));
                (settled + &still.collect::<String>(), changed)
            }
            (None, Start::Anywhere) => return,
        };
        self.statements(&self.offline.assert(&condition, &message));
    }

    fn commit(&mut self, unguarded: bool) {
        self.offline.commit(unguarded).iter().for_each(|sql| self.always(sql));
    }

    fn work(&mut self, Work { steps: _, task, hazards: _ }: &Work) {
        match task {
            Task::Statement(statement) => self.statement(&statement.sql),
            Task::Rebuild(rebuild) => self.statements(&self.offline.rebuild(rebuild)),
            Task::Hook(HookTask { name, only_env: _, before, statements, after }) => {
                let _ = writeln!(self.out, "-- hook {name}");
                before.iter().for_each(|check| self.check(name.as_str(), check));
                statements.iter().for_each(|sql| self.statement(&self.values.fill(sql, self.rules)));
                after.iter().for_each(|check| self.check(name.as_str(), check));
            }
        }
    }

    /// What a hook expects; truth values are the same however a database prints them.
    fn check(&mut self, hook: &str, Check { query, is }: &Check) {
        let query = self.values.fill(query, self.rules);
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
    fn row(&mut self, event: &Event, sql: Option<&str>, message: Option<&str>) {
        let Circumstances { started, finished, milliseconds, actor } = self.offline.circumstances();
        let signature = Signature {
            seq: self.location.next_seq(),
            run: self.location.literal(SCRIPT),
            started: started.to_owned(),
            finished: finished.to_owned(),
            milliseconds: milliseconds.to_owned(),
            actor: actor.to_owned(),
        };
        let digest = sql.filter(|sql| !sql.is_empty()).map(TextDigest::of);
        let row = self.location.row(event, digest, message, &signature);
        self.statement(&self.location.insert(&[row]));
        self.last = Some(event.clone());
    }

    fn statements(&mut self, statements: &[String]) {
        statements.iter().for_each(|statement| self.statement(statement));
    }

    /// A statement, on a condition within a part that is under one.
    fn statement(&mut self, sql: &str) {
        if !self.is_conditional {
            return self.always(sql);
        }
        match self.offline.conditional(sql, self.version) {
            Some(text) => self.out.push_str(&text),
            None => self.unconditional = Some(sql.to_owned()),
        }
    }

    /// A statement that does no harm where there is nothing to do.
    fn always(&mut self, sql: &str) {
        self.out.push_str(&self.offline.statement(sql));
    }
}
