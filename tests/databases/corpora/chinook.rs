//! `examples/chinook` with Chinook's own rows: the five revisions move them, and the way back restores them.

use super::{Database, corpus, expect_contents};
use crate::support::project::Project;
use crate::support::transcript;

/// The revision that a shop begins with.
const FIRST: &str = "0001_chinook";

/// Tables that `0006_drop_playlists` drops: agreed to and lost, they come back empty.
const DROPPED: [&str; 2] = ["playlist", "playlist_track"];

fn project() -> Project {
    Project::copy_of("examples/chinook")
}

/// Chinook's rows in this schema's words: the file for SQLite says `MediaType` where the schema says `media_type`.
fn published_rows(dialect: &str) -> Option<String> {
    let text = corpus(&format!("data/chinook.{dialect}.sql"))?;
    if dialect != "sqlite" {
        return Some(text);
    }
    let lines = text.lines().map(|line| match line.strip_prefix("INSERT INTO ") {
        Some(names) => format!("INSERT INTO {}\n", snake_case(names)),
        None => format!("{line}\n"),
    });
    Some(lines.collect())
}

/// `[MediaType] ([MediaTypeId])` as `media_type (media_type_id)`, with `VALUES` left as it is.
fn snake_case(line: &str) -> String {
    let mut text = String::new();
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '[' | ']' => quoted = letter == '[',
            _ if quoted && letter.is_ascii_uppercase() => {
                if text.ends_with(|before: char| before.is_ascii_lowercase()) {
                    text.push('_');
                }
                text.push(letter.to_ascii_lowercase());
            }
            _ => text.push(letter),
        }
    }
    text
}

fn there_and_back(database: &Database, empty: &Database) {
    let project = project();
    empty.run(&project, &["apply", "--allow-destructive", "all"]);
    let last = empty.catalog();
    database.run(&project, &["apply", FIRST]);
    let first = database.catalog();
    if let Some(rows) = published_rows(database.dialect) {
        database.execute(&rows);
        assert_eq!(database.rows("SELECT count(*) FROM playlist_track"), ["8715"]);
    }
    let before = database.contents();
    for round in ["first", "second"] {
        database.run(&project, &["apply", "--allow-destructive", "all"]);
        if before["customer"].is_empty() {
            assert_eq!(database.rows("SELECT count(*) FROM customer"), ["0"]);
        } else {
            check_moved_rows(database);
        }
        database.expect_catalog(&last, &format!("{round} up"));
        database.run(&project, &["rollback", FIRST, "--allow-destructive", "all"]);
        database.expect_catalog(&first, &format!("{round} down"));
        let mut expected = before.clone();
        for table in DROPPED {
            expected.insert(table.to_owned(), Vec::new());
        }
        expect_contents(&database.contents(), &expected, &format!("{} {round} down", database.dialect));
    }
}

/// What the five revisions made of Chinook's rows, against sums that were taken from the published file.
fn check_moved_rows(database: &Database) {
    let facts = [
        // The split: one customer has no phone.
        ("SELECT count(*), count(phone_country), count(phone_number) FROM customer", "59|58|58"),
        ("SELECT phone_country, phone_number FROM customer WHERE customer_id = 1", "+55|(12) 3923-5555"),
        ("SELECT phone_country, phone_number FROM customer WHERE customer_id = 9", "+453|3331 9991"),
        ("SELECT count(DISTINCT phone_country) FROM customer", "22"),
        // The renames: the children of a renamed table are still there.
        ("SELECT count(*), sum(quantity) FROM invoice_item", "2240|2240"),
        ("SELECT count(*), sum(duration_ms), max(bytes) FROM track", "3503|1378778040|1059546140"),
        // The type change.
        ("SELECT count(*), CAST(round(sum(total) * 100) AS int) FROM invoice", "412|232860"),
        // The required column.
        (
            "SELECT min(customer_since), max(customer_since), count(*) FROM customer",
            "2021-01-01|2022-07-13|59",
        ),
        (
            "SELECT count(*) FROM customer JOIN invoice USING (customer_id) WHERE invoice_date < customer_since",
            "0",
        ),
    ];
    for (query, expected) in facts {
        let found = database.rows(query);
        assert_eq!(found, [expected], "{}: {query}", database.dialect);
    }
}

#[test]
fn chinook_goes_there_and_back_on_sqlite() {
    there_and_back(&Database::sqlite(), &Database::sqlite());
}

#[test]
fn chinook_goes_there_and_back_on_postgres() {
    there_and_back(&Database::postgres(), &Database::postgres());
}

#[test]
fn the_first_revision_is_chinook_as_published() {
    let Some(script) = corpus("postgres/chinook.sql") else { return };
    let (published, ours) = (Database::postgres(), Database::postgres());
    published.execute(&script);
    ours.run(&project(), &["apply", FIRST]);
    ours.expect_catalog(&published.catalog(), "as published");
}

#[test]
fn the_readme_shows_what_happens() {
    transcript::replay_document(&project(), "examples/chinook/README.md");
}
