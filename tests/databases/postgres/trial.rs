//! One trial: two schemas in KDL, rows between, and the way up, down and up again.

use schemactl::change::Op;
use schemactl::diagnostic::{Diagnostic, Sources, render};
use schemactl::dialect::postgres::Postgres;
use schemactl::dialect::{Action, Batch, Dialect, Product, Transaction, Version};
use schemactl::diff::diff;
use schemactl::model::State;
use schemactl::syntax::{Parsed, parse};

use crate::support::postgres::{self, TestDatabase};
use crate::support::sql::Session;

/// A database in which states follow each other.
pub struct Trial {
    session: Session,
    pub version: Version,
    // Dropped after the session that is connected to it.
    _database: TestDatabase,
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
    let (parsed, problems) = parse(&sources, &[file], &[Postgres.name()]);
    let shown: String = problems.iter().map(|problem| render(problem, &sources, 100, false)).collect();
    let parsed = parsed.unwrap_or_else(|| panic!("the schema has errors:\n{shown}"));
    Parsed { state: parsed.state.for_dialect(&Postgres.name()), ..parsed }
}

impl Trial {
    pub fn new(name: &str) -> Self {
        let database = postgres::database(name);
        let mut session = Session::open(&database.url);
        let number: u32 = session.rows("SHOW server_version_num").remove(0).parse().unwrap();
        let version = Product::Postgres.version(number / 10_000, number % 10_000, 0);
        Self { session, version, _database: database }
    }

    /// Tries a change both ways and returns the SQL of the way up.
    pub fn change(&mut self, before: &str, rows: &str, after: &str, expected: Rows) -> String {
        let (before, after) = (read(before), read(after));
        for state in [&before.state, &after.state] {
            assert_eq!(Postgres.check(state), []);
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

    /// Runs a query in the database as the last change has left it.
    pub fn query(&mut self, sql: &str) -> Vec<String> {
        self.session.rows(sql)
    }

    /// Runs statements, or returns why one failed.
    pub fn attempt(&mut self, sql: &str) -> Result<Vec<String>, String> {
        self.session.try_rows(sql).map_err(|error| error.to_string())
    }

    /// Makes a state from nothing and returns its catalog.
    pub fn fresh(&mut self, state: &State) -> Vec<String> {
        self.try_fresh(state).unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// Makes a state as `fresh` does, or says what the server refused.
    pub fn try_fresh(&mut self, state: &State) -> Result<Vec<String>, String> {
        self.session.execute("ROLLBACK");
        let namespaces =
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'";
        for namespace in self.session.rows(namespaces) {
            self.session.execute(&format!("DROP SCHEMA \"{}\" CASCADE", namespace.replace('"', "\"\"")));
        }
        self.session.execute("CREATE SCHEMA public");
        let empty = State::default();
        let ops = diff(&empty, state, &[]).unwrap();
        self.try_run(&empty, &ops, state)?;
        Ok(self.catalog())
    }

    /// What the operations are rendered to for this server.
    pub fn render(&self, before: &State, ops: &[Op], after: &State) -> Result<Vec<Action>, Vec<Diagnostic>> {
        Postgres.render(Batch { before, ops, after }, self.version)
    }

    /// Runs what the operations are rendered to, each segment in its transaction, and returns the SQL.
    pub fn run(&mut self, before: &State, ops: &[Op], after: &State) -> String {
        self.try_run(before, ops, after).unwrap_or_else(|problem| panic!("{problem}"))
    }

    /// Runs as `run` does, or says what the server refused.
    pub fn try_run(&mut self, before: &State, ops: &[Op], after: &State) -> Result<String, String> {
        let actions = self.render(before, ops, after).map_err(|problems| format!("{problems:#?}"))?;
        let mut shown = String::new();
        self.session.execute("BEGIN");
        for action in actions {
            let Action::Statement(statement) = action else { panic!("PostgreSQL needs no rebuild") };
            shown += &format!("{};\n", statement.sql);
            if statement.transaction == Transaction::Outside {
                self.session.execute("COMMIT");
            }
            if let Err(problem) = self.session.try_rows(&statement.sql) {
                return Err(format!("{problem}\n{shown}"));
            }
            match statement.transaction {
                Transaction::Inside | Transaction::Unguarded => {}
                Transaction::CommitAfter => self.session.execute("COMMIT; BEGIN"),
                Transaction::Outside => self.session.execute("BEGIN"),
            }
        }
        self.attempt("COMMIT").map_err(|problem| format!("{problem}\n{shown}"))?;
        Ok(shown)
    }

    pub fn catalog(&mut self) -> Vec<String> {
        self.session.execute("SET search_path = ''; SET jit = off");
        let mut rows = Vec::new();
        for query in Postgres.catalog() {
            rows.extend(self.session.rows(query.sql).iter().map(|row| format!("{} {row}", query.kind)));
        }
        self.session.execute("RESET search_path");
        // The order of columns is no difference.
        rows.sort_unstable();
        rows
    }

    /// Every row of every table.
    fn rows(&mut self) -> Vec<String> {
        let tables = "SELECT c.oid::regclass FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace \
                      WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
                      ORDER BY c.oid::regclass::text";
        let mut all = Vec::new();
        for table in self.session.rows(tables) {
            let rows = self.session.rows(&format!("SELECT to_jsonb(t) FROM {table} AS t ORDER BY 1"));
            all.extend(rows.into_iter().map(|row| format!("{table} {row}")));
        }
        all
    }
}

/// The problems that keep a change from being rendered for a version.
pub fn problems(before: &str, after: &str, major: u32) -> Vec<Diagnostic> {
    let (before, after) = (read(before), read(after));
    let ops = diff(&before.state, &after.state, &after.renames).unwrap();
    let batch = Batch { before: &before.state, ops: &ops, after: &after.state };
    Postgres.render(batch, Product::Postgres.version(major, 0, 0)).err().unwrap_or_default()
}

fn same(what: &str, sql: &str, wanted: &[String], found: &[String]) {
    if wanted != found {
        panic!("{what}: {}", difference(sql, wanted, found));
    }
}

fn difference(sql: &str, wanted: &[String], found: &[String]) -> String {
    let missing = wanted.iter().filter(|row| !found.contains(row)).map(|row| format!("- {row}\n"));
    let added = found.iter().filter(|row| !wanted.contains(row)).map(|row| format!("+ {row}\n"));
    let difference: String = missing.chain(added).collect();
    format!("wanted (-) and found (+)\n{difference}\nafter\n{sql}")
}
