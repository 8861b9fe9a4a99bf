//! `examples/sakila`: an enum, a domain as a column's type, sequences, functions, triggers, views over each other and
//! tables that inherit, through three revisions and back.

use super::{Database, corpus, expect_contents};
use crate::support::project::Project;

/// The revision that holds Sakila as published.
const FIRST: &str = "0001_sakila";

fn project() -> Project {
    Project::copy_of("examples/sakila")
}

#[test]
fn the_first_revision_is_sakila_as_published() {
    let Some(script) = corpus("postgres/sakila.sql") else { return };
    let (published, ours) = (Database::postgres(), Database::postgres());
    // No revision speaks of the namespace that every database has.
    let lines = script.lines().filter(|line| !line.contains(" ON SCHEMA public "));
    published.execute(&lines.collect::<Vec<_>>().join("\n"));
    ours.run(&project(), &["apply", FIRST]);
    ours.expect_catalog(&published.catalog(), "as published");
}

/// What the views say, each with all of its rows.
fn views(database: &Database) -> Vec<String> {
    let views = [
        "actor_info",
        "customer_list",
        "film_list",
        "sales_by_film_category",
        "sales_by_store",
        "staff_list",
    ];
    let read = |view: &str| database.rows(&format!("SELECT '{view}', v::text FROM {view} AS v ORDER BY 2"));
    views.iter().flat_map(|view| read(view)).collect()
}

#[test]
fn sakila_goes_there_and_back() {
    let (database, empty, project) = (Database::postgres(), Database::postgres(), project());
    empty.run(&project, &["apply"]);
    database.run(&project, &["apply", FIRST]);
    let first = database.catalog();
    database.execute(include_str!("sakila.sql"));
    assert_eq!(database.rows("SELECT count(*) FROM payment_p2007_05"), ["1"]);
    let (rows, seen) = (database.contents(), views(&database));
    for round in ["first", "second"] {
        // Nothing gets lost on this way, so nothing asks for consent.
        database.run(&project, &["apply"]);
        database.expect_catalog(&empty.catalog(), &format!("{round} up"));
        assert_eq!(views(&database), seen, "{round} up");
        database.execute("INSERT INTO review (film_id, stars) VALUES (1, 5)");
        database.run(&project, &["rollback", FIRST, "--allow-destructive", "review"]);
        database.expect_catalog(&first, &format!("{round} down"));
        expect_contents(&database.contents(), &rows, &format!("{round} down"));
        assert_eq!(views(&database), seen, "{round} down");
    }
}
