//! The repository's own project, the bookshop, with rows in every table: up revision by revision, down again, and
//! up once more, on every database.

use std::collections::BTreeMap;

use super::corpora::{Database, expect_contents};
use crate::support::project::Project;

/// The rows of a shop, each batch put in behind the revision that made room for it.
const ROWS: [(&str, &str); 5] = [
    ("0001_the_first_shelf", include_str!("0001_the_first_shelf.sql")),
    ("0002_customers_and_orders", include_str!("0002_customers_and_orders.sql")),
    ("0003_genres_and_clearer_names", include_str!("0003_genres_and_clearer_names.sql")),
    ("0005_stock", include_str!("0005_stock.sql")),
    ("0008_reviews_and_reports", include_str!("0008_reviews_and_reports.sql")),
];

/// What must hold once all revisions ran over these rows.
const FACTS: [(&str, &[&str]); 8] = [
    // The renames kept what was there.
    ("SELECT name FROM authors WHERE biography IS NOT NULL", &["Ursula K. Le Guin"]),
    // The split: one customer has a single name, another one three.
    (
        "SELECT given_name, family_name FROM customers ORDER BY id",
        &["Ada|King Lovelace", "Plato|NULL", "Grace|Hopper"],
    ),
    // The enum: what was packed is paid.
    ("SELECT id, status FROM orders ORDER BY id", &["1|paid", "2|shipped", "3|paid", "4|placed"]),
    // The numbers: the book with ten digits has 13 now, the other one is as it was.
    ("SELECT isbn FROM books ORDER BY id", &["9780061054884", "9780441013593", "9783518188576"]),
    ("SELECT name FROM genres WHERE code = 'crime'", &["Crime"]),
    // The views.
    (
        "SELECT title, copies FROM stock_levels ORDER BY title",
        &["Dune|0", "Sonnets|-2", "The Dispossessed|7"],
    ),
    ("SELECT title, copies FROM bestsellers ORDER BY title", &["Dune|3", "The Dispossessed|3"]),
    ("SELECT title, reviews FROM book_ratings", &["Dune|2"]),
];

fn revisions(project: &Project) -> Vec<String> {
    let files = project.files();
    let names = files.iter().filter_map(|file| file.strip_prefix("revisions/")?.strip_suffix(".kdl"));
    names.map(str::to_owned).collect()
}

fn there_and_back(database: &Database, empty: &Database) {
    let project = Project::sample();
    let revisions = revisions(&project);
    empty.run(&project, &["apply"]);
    let last = empty.catalog();

    let mut stages = Vec::new();
    for name in &revisions {
        database.run(&project, &["apply", name, "--allow-destructive", "all"]);
        for (_, rows) in ROWS.iter().filter(|(at, _)| at == name) {
            database.execute(rows);
        }
        stages.push((name, database.catalog(), database.contents()));
    }
    database.expect_catalog(&last, "as a database that got everything at once");
    for (query, expected) in FACTS {
        assert_eq!(database.rows(query), expected, "{}: {query}", database.dialect);
    }

    for (name, catalog, mut contents) in stages.into_iter().rev().skip(1) {
        database.run(&project, &["rollback", name, "--allow-destructive", "all"]);
        database.expect_catalog(&catalog, &format!("back at {name}"));
        forget(&mut contents);
        expect_contents(&database.contents(), &contents, &format!("{} back at {name}", database.dialect));
    }
    database.run(&project, &["rollback", "base", "--allow-destructive", "all"]);
    assert!(database.contents().is_empty(), "{}: {:?}", database.dialect, database.contents());

    database.run(&project, &["apply"]);
    database.expect_catalog(&last, "up again");
}

/// Puts what the shop decided not to keep in place of what it was: a packed order is just paid afterwards, and a
/// book keeps its new number.
fn forget(contents: &mut BTreeMap<String, Vec<String>>) {
    for (table, before, after) in [("orders", "packed", "paid"), ("books", "0061054887", "9780061054884")] {
        for row in contents.get_mut(table).into_iter().flatten() {
            *row = row.replace(before, after);
        }
    }
    contents.values_mut().for_each(|rows| rows.sort_unstable());
}

#[test]
fn the_bookshop_goes_there_and_back_on_sqlite() {
    there_and_back(&Database::sqlite(), &Database::sqlite());
}

#[test]
fn the_bookshop_goes_there_and_back_on_postgres() {
    there_and_back(&Database::postgres(), &Database::postgres());
}

#[test]
fn the_bookshop_goes_there_and_back_on_mysql() {
    there_and_back(&Database::mysql(), &Database::mysql());
}
