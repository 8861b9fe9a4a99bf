//! What a trial does on PostgreSQL alone.

use schemactl::change::Earlier;
use schemactl::diagnostic::Diagnostic;
use schemactl::dialect::postgres::Postgres;
use schemactl::dialect::{Batch, Dialect, Product, Version};
use schemactl::diff::diff;
use schemactl::model::State;
use schemactl::syntax::Parsed;

use crate::support::postgres::{self, TestDatabase};
use crate::support::sql::Session;
use crate::trial::{self, Place};

pub use crate::trial::Rows;

pub type Trial = trial::Trial<TestDatabase>;

pub fn read(text: &str) -> Parsed {
    trial::read(&Postgres, text)
}

/// The problems that keep a change from being rendered for a version.
pub fn problems(before: &str, after: &str, major: u32) -> Vec<Diagnostic> {
    let (before, after) = (read(before), read(after));
    let ops = diff(&before.state, &after.state, &after.renames).unwrap();
    let earlier = &Earlier::of(&ops);
    let batch = Batch { before: &before.state, ops: &ops, after: &after.state, earlier };
    Postgres.render(batch, Product::Postgres.version(major, 0, 0)).err().unwrap_or_default()
}

impl Place for TestDatabase {
    const DIALECT: &dyn Dialect = &Postgres;

    fn new(name: &str) -> (Self, Session, Version) {
        let database = postgres::database(name);
        let mut session = Session::open(&database.url);
        let number: u32 = session.rows("SHOW server_version_num").remove(0).parse().unwrap();
        let version = Product::Postgres.version(number / 10_000, number % 10_000, 0);
        (database, session, version)
    }

    fn clear(&self, session: &mut Session) {
        let namespaces =
            "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'";
        for namespace in session.rows(namespaces) {
            session.execute(&format!("DROP SCHEMA \"{}\" CASCADE", namespace.replace('"', "\"\"")));
        }
        session.execute("CREATE SCHEMA public");
    }

    fn catalog(session: &mut Session) -> Vec<String> {
        session.execute("SET search_path = ''; SET jit = off");
        let mut rows = Vec::new();
        for query in Postgres.catalog() {
            rows.extend(session.rows(query.sql).iter().map(|row| format!("{} {row}", query.kind)));
        }
        session.execute("RESET search_path");
        // The order of columns is no difference.
        rows.sort_unstable();
        rows
    }

    fn rows(session: &mut Session) -> Vec<String> {
        let tables = "SELECT c.oid::regclass FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace \
                      WHERE c.relkind = 'r' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' \
                      ORDER BY c.oid::regclass::text";
        let mut all = Vec::new();
        for table in session.rows(tables) {
            let rows = session.rows(&format!("SELECT to_jsonb(t) FROM {table} AS t ORDER BY 1"));
            all.extend(rows.into_iter().map(|row| format!("{table} {row}")));
        }
        all
    }

    /// Its statements share transactions, and nobody asks what became of one.
    fn is_as(_session: &mut Session, _state: &State, _other: &State, _shown: &str) {}
}
