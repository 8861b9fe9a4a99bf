//! The transcripts of the pages, each replayed from its heading on in an empty folder.

use std::fs;
use std::path::Path;

use super::{pages, settle};
use crate::support::project::Project;
use crate::support::sql;
use crate::support::transcript::replayed;

/// The pages whose `console` blocks are replayed, from which heading on.
const REPLAYED: &[(&str, &str)] = &[
    ("README.md", "\n## Five minutes\n"),
    ("docs/adopting.md", "\n## A walk\n"),
    ("docs/coming-from-alembic.md", "\n## A walk\n"),
    ("docs/json.md", "\n## A walk\n"),
    ("docs/projects.md", "\n## A walk\n"),
    ("docs/team.md", "\n## A walk\n"),
    ("docs/revisions.md", "\n## What `verify` says\n"),
];

/// The databases that a page finds, with the scripts that make them.
const DATABASES: &[(&str, &str, &str)] = &[
    ("docs/adopting.md", "shop/shop.db", "examples/adopt/shop.sql"),
    ("docs/coming-from-alembic.md", "blog/blog.db", "examples/import/blog.sql"),
];

/// What differs from run to run, with what a reader is shown instead.
const STEADY: &[(&str, &str)] = &[
    ("\"duration_ms\":[TIME]", "\"duration_ms\":6"),
    ("[TIME]", "0.01 s"),
    ("[MOMENT]", "2026-11-21T10:00:00Z"),
    ("[HOST]", "laptop"),
];

#[test]
fn the_first_screen_shows_what_the_tour_shows() {
    let page = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap();
    let (head, tour) = page.split_once("\n## Five minutes\n").unwrap();
    let (_, shown) = head.split_once("```console\n$ schemactl plan").unwrap();
    let (shown, _) = shown.split_once("```").unwrap();
    for line in shown.lines().skip(1) {
        assert!(tour.lines().any(|other| other == line), "the tour doesn't show {line:?}");
    }
}

#[test]
fn the_transcripts_of_the_pages_are_true() {
    let pages = pages();
    for (name, heading) in REPLAYED {
        let Some((page, text)) = pages.iter().find(|(page, _)| page == name) else {
            panic!("{name} is gone")
        };
        let at = text.find(heading).unwrap_or_else(|| panic!("{name} has no heading {heading:?}"));
        let (head, tour) = text.split_at(at);
        let project = Project::empty();
        for (_, database, script) in DATABASES.iter().filter(|(page, ..)| page == name) {
            let script = Path::new(env!("CARGO_MANIFEST_DIR")).join(script);
            project.write(database, "");
            sql::execute(&project.sqlite(database), &fs::read_to_string(script).expect("it is there"));
        }
        let mut replayed = replayed(&project, tour);
        for (word, instead) in STEADY {
            replayed = replayed.replace(word, instead);
        }
        settle(page, &format!("{head}{replayed}"));
    }
}
