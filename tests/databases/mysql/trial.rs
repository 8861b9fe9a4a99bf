//! One trial: two schemas in KDL, rows between, and the way up, down and up again.

use schemactl::change::Op;
use schemactl::diagnostic::{Sources, render};
use schemactl::dialect::mysql::Mysql;
use schemactl::dialect::{Action, Batch, Dialect, Effect, Product, Version};
use schemactl::diff::diff;
use schemactl::model::State;
use schemactl::syntax::{Parsed, parse};

use crate::support::mysql::{self, TestDatabase};
use crate::support::sql::Session;

/// A database in which states follow each other.
pub struct Trial {
    session: Session,
    version: Version,
    // Dropped after the session that is connected to it.
    database: TestDatabase,
}

/// What the rows look like after the way up and down.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    Kept,
    Changed,
}

pub fn read(text: &str) -> Parsed {
    let mut sources = Sources::default();
    let file = sources.add("schema.kdl", text);
    let (parsed, problems) = parse(&sources, &[file], &[Mysql.name()]);
    let shown: String = problems.iter().map(|problem| render(problem, &sources, 100, false)).collect();
    let parsed = parsed.unwrap_or_else(|| panic!("the schema has errors:\n{shown}"));
    Parsed { state: parsed.state.for_dialect(&Mysql.name()), ..parsed }
}

impl Trial {
    pub fn new(name: &str) -> Self {
        let database = mysql::database(name);
        let mut session = Session::open(&database.url);
        let product = if mysql::is_mariadb() { Product::MariaDb } else { Product::MySql };
        let number = session.rows("SELECT version()").remove(0);
        let mut numbers = number.split(|c: char| !c.is_ascii_digit()).map_while(|part| part.parse().ok());
        let mut next = || numbers.next().expect("a version has three numbers");
        let version = product.version(next(), next(), next());
        Self { session, version, database }
    }

    /// Tries a change both ways and returns the SQL of the way up.
    pub fn change(&mut self, before: &str, rows: &str, after: &str, expected: Rows) -> String {
        let (before, after) = (read(before), read(after));
        for state in [&before.state, &after.state] {
            assert_eq!(Mysql.check(state), []);
        }
        let ops = diff(&before.state, &after.state, &after.renames).unwrap();
        let wanted_after = self.fresh(&after.state);
        let wanted_before = self.fresh(&before.state);
        self.session.execute(rows);
        let rows_before = self.rows();
        let up = self.run(&before.state, &ops, &after.state);
        same("up", &up, &wanted_after, &self.catalog());
        let inverses: Vec<Op> = ops.iter().rev().map(|op| op.clone().inverse()).collect();
        let down = self.run(&after.state, &inverses, &before.state);
        same("down", &down, &wanted_before, &self.catalog());
        if expected == Rows::Kept {
            same("rows", &format!("{up}\n-- down\n{down}"), &rows_before, &self.rows());
        }
        let again = self.run(&before.state, &ops, &after.state);
        same("up again", &again, &wanted_after, &self.catalog());
        up
    }

    /// Makes a state from nothing and returns what the server says of it.
    fn fresh(&mut self, state: &State) -> Vec<String> {
        let name = &self.database.name;
        self.session.execute(&format!("DROP DATABASE `{name}`; CREATE DATABASE `{name}`; USE `{name}`"));
        let empty = State::default();
        let ops = diff(&empty, state, &[]).unwrap();
        self.run(&empty, &ops, state);
        self.catalog()
    }

    /// Runs what the operations are rendered to, and returns the SQL.
    pub fn run(&mut self, before: &State, ops: &[Op], after: &State) -> String {
        let actions = Mysql.render(Batch { before, ops, after }, self.version);
        let mut shown = String::new();
        for action in actions.unwrap_or_else(|problems| panic!("{problems:#?}")) {
            let Action::Statement(statement) = action else { panic!("no table is made anew") };
            shown += &format!("{};\n", statement.sql);
            if let Some(effect) = &statement.effect {
                self.is_as(&effect.before, &effect.after, &shown);
            }
            if let Err(problem) = self.session.try_rows(&statement.sql) {
                panic!("{problem}\n{shown}");
            }
            if let Some(effect) = &statement.effect {
                let Effect { before, after } = &**effect;
                self.is_as(after, before, &shown);
            }
        }
        shown
    }

    /// What a statement says of the tables that it touches holds: they have these columns, and no other is there.
    fn is_as(&mut self, state: &State, other: &State, shown: &str) {
        for table in &state.tables {
            let columns = format!(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() \
                 AND table_name = '{}' ORDER BY 1",
                table.name.name
            );
            let mut wanted: Vec<String> = table.columns.keys().map(ToString::to_string).collect();
            wanted.sort_unstable();
            assert_eq!(self.session.rows(&columns), wanted, "the columns of {} around\n{shown}", table.name);
        }
        for table in other.tables.keys().filter(|name| !state.tables.contains(name)) {
            let found = format!(
                "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() \
                 AND table_name = '{}'",
                table.name
            );
            assert!(self.session.rows(&found).is_empty(), "{table} is there around\n{shown}");
        }
    }

    fn tables(&mut self, kind: &str) -> Vec<String> {
        self.session.rows(&format!(
            "SELECT table_name FROM information_schema.tables WHERE table_schema = DATABASE() \
             AND table_type = '{kind}' ORDER BY 1"
        ))
    }

    /// What the server says of every table, line by line, and of every view.
    fn catalog(&mut self) -> Vec<String> {
        let mut all = Vec::new();
        for table in self.tables("BASE TABLE") {
            let text = self.session.rows(&format!("SHOW CREATE TABLE `{table}`")).join("\n");
            // Numbers that were given out are no difference, and neither is the order of columns.
            let lines = text.lines().map(|line| line.trim_end_matches(','));
            let counted = |line: &str| {
                let words = line.split(' ').filter(|word| !word.starts_with("AUTO_INCREMENT="));
                words.collect::<Vec<_>>().join(" ")
            };
            all.extend(lines.map(|line| format!("{table} {}", counted(line))));
        }
        for view in self.tables("VIEW") {
            all.extend(self.session.rows(&format!("SHOW CREATE VIEW `{view}`")));
        }
        all.extend(self.session.rows(
            "SELECT trigger_name, action_statement FROM information_schema.triggers \
             WHERE trigger_schema = DATABASE() ORDER BY 1",
        ));
        all.sort_unstable();
        all
    }

    /// Every row of every table.
    fn rows(&mut self) -> Vec<String> {
        let mut all = Vec::new();
        for table in self.tables("BASE TABLE") {
            let columns = self.session.rows(&format!(
                "SELECT column_name FROM information_schema.columns WHERE table_schema = DATABASE() \
                 AND table_name = '{table}' ORDER BY 1"
            ));
            let columns: Vec<String> = columns.iter().map(|column| format!("`{column}`")).collect();
            let rows = self.session.rows(&format!("SELECT {} FROM `{table}` ORDER BY 1", columns.join(", ")));
            all.extend(rows.into_iter().map(|row| format!("{table} {row}")));
        }
        all
    }
}

fn same(what: &str, sql: &str, wanted: &[String], found: &[String]) {
    if wanted != found {
        let missing = wanted.iter().filter(|row| !found.contains(row)).map(|row| format!("- {row}\n"));
        let added = found.iter().filter(|row| !wanted.contains(row)).map(|row| format!("+ {row}\n"));
        let difference: String = missing.chain(added).collect();
        panic!("{what}: wanted (-) and found (+)\n{difference}\nafter\n{sql}");
    }
}
