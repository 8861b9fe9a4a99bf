//! One trial: two schemas in KDL, rows between, and the way up, down and up again. What a server has of its own stands
//! beside its tests, in `mysql/trial.rs` and `postgres/trial.rs`.

use schemactl::change::{Earlier, Op};
use schemactl::diagnostic::{Diagnostic, Sources, render};
use schemactl::dialect::{Action, Batch, Dialect, Effect, Transaction, Version};
use schemactl::diff::diff;
use schemactl::model::State;
use schemactl::syntax::{Parsed, parse};

use crate::support::sql::Session;

/// A database of a kind of server, gone with this value.
pub trait Place: Sized {
    const DIALECT: &dyn Dialect;

    /// A new database, with a session on it and the server's version.
    fn new(name: &str) -> (Self, Session, Version);

    /// Leaves nothing of what was in it.
    fn clear(&self, session: &mut Session);

    /// What the server says of everything in it, in an order that depends on nothing else.
    fn catalog(session: &mut Session) -> Vec<String>;

    /// Every row of every table.
    fn rows(session: &mut Session) -> Vec<String>;

    /// Checks what a statement says of the objects that it touches: they are like this, and of the others none is there.
    fn is_as(session: &mut Session, state: &State, other: &State, shown: &str);
}

/// A database in which states follow each other.
pub struct Trial<P> {
    session: Session,
    pub version: Version,
    // Dropped after the session that is connected to it.
    place: P,
}

/// What the rows look like after the way up and down.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    Kept,
    Changed,
}

/// A schema as a dialect sees it.
pub fn read(dialect: &dyn Dialect, text: &str) -> Parsed {
    let mut sources = Sources::default();
    let file = sources.add("schema.kdl", text);
    let (parsed, problems) = parse(&sources, &[file], &[dialect.name()]);
    let shown: String = problems.iter().map(|problem| render(problem, &sources, 100, false)).collect();
    let parsed = parsed.unwrap_or_else(|| panic!("the schema has errors:\n{shown}"));
    Parsed { state: parsed.state.for_dialect(&dialect.name()), ..parsed }
}

impl<P: Place> Trial<P> {
    pub fn new(name: &str) -> Self {
        let (place, session, version) = P::new(name);
        Self { session, version, place }
    }

    /// Tries a change both ways and returns the SQL of the way up.
    pub fn change(&mut self, before: &str, rows: &str, after: &str, expected: Rows) -> String {
        let (before, after) = (read(P::DIALECT, before), read(P::DIALECT, after));
        for state in [&before.state, &after.state] {
            assert_eq!(P::DIALECT.check(state), []);
        }
        let ops = diff(&before.state, &after.state, &after.renames).unwrap();
        let wanted_after = self.fresh(&after.state);
        let wanted_before = self.fresh(&before.state);
        self.session.execute(rows);
        let rows_before = P::rows(&mut self.session);
        let up = self.run(&before.state, &ops, &after.state);
        same("up", &up, &wanted_after, &self.catalog());
        let inverses: Vec<Op> = ops.iter().rev().map(|op| op.clone().inverse()).collect();
        let down = self.run(&after.state, &inverses, &before.state);
        same("down", &down, &wanted_before, &self.catalog());
        if expected == Rows::Kept {
            let rows = P::rows(&mut self.session);
            same("rows", &format!("{up}\n-- down\n{down}"), &rows_before, &rows);
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
        self.place.clear(&mut self.session);
        let empty = State::default();
        let ops = diff(&empty, state, &[]).unwrap();
        self.try_run(&empty, &ops, state)?;
        Ok(self.catalog())
    }

    /// What the operations are rendered to for this server.
    pub fn render(&self, before: &State, ops: &[Op], after: &State) -> Result<Vec<Action>, Vec<Diagnostic>> {
        P::DIALECT.render(Batch { before, ops, after, earlier: &Earlier::of(ops) }, self.version)
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
            let Action::Statement(statement) = action else { panic!("no table is made anew") };
            shown += &format!("{};\n", statement.sql);
            if statement.transaction == Transaction::Outside {
                self.session.execute("COMMIT");
            }
            if let Some(Effect { before, after }) = statement.effect.as_deref() {
                P::is_as(&mut self.session, before, after, &shown);
            }
            if let Err(problem) = self.session.try_rows(&statement.sql) {
                return Err(format!("{problem}\n{shown}"));
            }
            if let Some(Effect { before, after }) = statement.effect.as_deref() {
                P::is_as(&mut self.session, after, before, &shown);
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

    /// What the server says of everything.
    pub fn catalog(&mut self) -> Vec<String> {
        P::catalog(&mut self.session)
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
