//! SQLite, op by op: a database that a change was applied to has the catalog of one that was created with the result,
//! and after the way back that of the start, with its rows.

mod change;
mod fidelity;
mod object;
mod program;
mod refusal;
mod words;

use schemactl::change::Step;
use schemactl::diagnostic::{Sources, render};
use schemactl::dialect::Dialect;
use schemactl::dialect::sqlite::Sqlite;
use schemactl::diff::diff;
use schemactl::model::{Rename, State};
use schemactl::name::{Name, ObjectName};
use schemactl::plan::{Direction, Segment, Task};
use schemactl::syntax::{Parsed, parse};

use super::stage::{Refused, Stage, differences, script};
use crate::support::sql;

/// Two schemas, the steps between them, and a database that begins at the first.
pub struct Change {
    before: State,
    after: State,
    steps: Vec<Step>,
    stage: Stage,
}

fn read(text: &str) -> Parsed {
    let mut sources = Sources::default();
    let file = sources.add("schema.kdl", text);
    let (parsed, problems) = parse(&sources, &[file], &[Sqlite.name()]);
    let shown: String = problems.iter().map(|problem| render(problem, &sources, 100, false)).collect();
    parsed.unwrap_or_else(|| panic!("{shown}"))
}

fn steps(from: &State, to: &State, renames: &[Rename]) -> Vec<Step> {
    diff(from, to, renames).unwrap().into_iter().map(Step::Op).collect()
}

impl Change {
    /// A database with the first schema and what `rows` puts into it.
    pub fn new(before: &str, rows: &str, after: &str) -> Self {
        let (before, after) = (read(before), read(after));
        let mut stage = Stage::sqlite_file();
        stage.create(&before.state).unwrap_or_else(|refused| panic!("{refused}"));
        sql::execute(stage.url(), rows);
        let steps = steps(&before.state, &after.state, &after.renames);
        Self { before: before.state, after: after.state, steps, stage }
    }

    /// Says that what was dropped and added is a value of an enum with another name.
    pub fn rename_value(&mut self, of: &str, from: &str, to: &str) {
        let of = ObjectName::unqualified(Name::new(of).unwrap());
        let rename = Rename::EnumValue { of, from: from.into(), to: to.into() };
        self.steps = steps(&self.before, &self.after, &[rename]);
    }

    pub fn up(&mut self) -> Result<(), Refused> {
        self.stage.run(&self.steps, &self.before, Direction::Up)
    }

    pub fn down(&mut self) -> Result<(), Refused> {
        self.stage.run(&self.steps, &self.after, Direction::Down)
    }

    /// Why the way up stops.
    pub fn refusal(&mut self) -> String {
        match self.up().expect_err("it is refused") {
            Refused::Stopped(stopped, _) => {
                let failure = stopped.failure.diagnostic;
                format!("{failure}\n{}", failure.help.as_deref().unwrap_or(""))
            }
            refused @ Refused::Lowered(_) => panic!("it never ran: {refused}"),
        }
    }

    pub fn rows(&self, query: &str) -> Vec<String> {
        sql::rows(self.stage.url(), query)
    }

    pub fn execute(&self, sql: &str) {
        sql::execute(self.stage.url(), sql);
    }

    /// There and back, with the catalog compared at both ends, and twice, so that the second time meets what the
    /// first one left.
    pub fn there_and_back(&mut self) {
        for round in ["first", "second"] {
            self.up().unwrap_or_else(|refused| panic!("{round} up: {refused}"));
            let wanted = self.after.clone();
            self.compare(&wanted, &format!("{round} up\n{}", self.sql()));
            self.down().unwrap_or_else(|refused| panic!("{round} down: {refused}"));
            let wanted = self.before.clone();
            self.compare(&wanted, &format!("{round} down"));
        }
    }

    /// Compares the catalog with that of a new database.
    fn compare(&mut self, state: &State, when: &str) {
        let mut fresh = Stage::sqlite();
        fresh.create(state).unwrap_or_else(|refused| panic!("{refused}"));
        let differences = differences(&fresh.catalog(), &self.stage.catalog());
        assert!(differences.is_empty(), "{when}:\n{differences}");
    }

    fn segments(&self) -> Vec<Segment> {
        let lowered = self.stage.lower(&self.steps, &self.before, Direction::Up);
        lowered.unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    /// What runs on the way up; a rebuild as its script.
    pub fn sql(&self) -> String {
        script(&self.segments())
    }

    /// How many tables are made anew on the way up.
    pub fn rebuilds(&self) -> usize {
        let segments = self.segments();
        let tasks = segments.iter().flat_map(|segment| &segment.work);
        tasks.filter(|work| matches!(work.task, Task::Rebuild(_))).count()
    }
}
