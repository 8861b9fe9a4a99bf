//! A schema that somebody changes while it is read: what comes out is the schema of a moment, or a clear refusal.

use std::thread;

use crate::stage::Stage;
use crate::support::sql::Session;

const MAKE: &str = "BEGIN; CREATE TABLE t (id serial PRIMARY KEY, v int CHECK (v > 0) DEFAULT 3); \
    CREATE INDEX ON t ((v + 1)); CREATE VIEW w AS SELECT count(*) AS number FROM t; \
    CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT 1'; COMMIT";
const ROUNDS: usize = 60;
const DROP: [&str; 3] = ["DROP FUNCTION f", "DROP VIEW w", "DROP TABLE t"];

#[test]
fn what_changes_while_it_is_read_is_read_again() {
    let mut stage = Stage::postgres();
    stage.clear();
    let url = stage.url().to_owned();
    thread::scope(|scope| {
        let changes = scope.spawn(|| {
            let mut other = Session::open(&url);
            for _ in 0..ROUNDS {
                // Time enough to be read in between.
                other.execute("SELECT pg_sleep(0.03)");
                other.execute(MAKE);
                other.execute("SELECT pg_sleep(0.03)");
                DROP.iter().for_each(|statement| other.execute(statement));
            }
        });
        let mut seen = [0, 0];
        while !changes.is_finished() {
            let found = match stage.try_inspect() {
                Ok(found) => found,
                Err(refused) => {
                    assert_eq!(refused.code.id, "E537", "{refused}");
                    continue;
                }
            };
            let tables = found.state.tables.iter().count();
            seen[tables] += 1;
            // A view or a function is never there without the table.
            assert!(tables == 1 || found.state.views.iter().count() == 0, "{:?}", found.state);
            assert!(found.unmanaged.is_empty(), "{:?}", found.unmanaged);
        }
        assert!(seen.iter().all(|times| *times > 0), "gone and there: {seen:?}");
    });
}
