//! The KDL of the pages, read by the program's own readers.

use std::fmt::Write as _;

use schemactl::diagnostic::{Diagnostic, SourceId, Sources, render};
use schemactl::dialect;
use schemactl::document::{self, Sink};
use schemactl::model::State;
use schemactl::name::{DialectName, Name};
use schemactl::project::decode;
use schemactl::revision::{RevisionName, codec};
use schemactl::syntax;

use crate::support::markdown::blocks;

/// What is wrong with a block; the codes that are expected of it are no problem if they are all there.
fn problems(page: &str, info: &str, text: &str) -> Option<String> {
    let mut sources = Sources::default();
    let file = sources.add("block.kdl", text);
    let words: Vec<&str> = info.split_whitespace().skip(1).collect();
    let found = match words.as_slice() {
        ["project"] => project(file, text),
        ["revision"] => revision(file, text),
        ["ops"] => revision(file, &with_head(text)),
        ["fragment"] => document::read(file, text).1,
        [path] if path.ends_with("schemactl.kdl") => project(file, text),
        _ => schema(&sources, file, &served(page)),
    };
    let expected: Vec<&str> = words.iter().copied().filter(|word| word.starts_with('E')).collect();
    let mut codes: Vec<&str> = found.iter().map(|problem| problem.code.id).collect();
    codes.sort_unstable();
    codes.dedup();
    if codes == expected {
        return None;
    }
    let shown: String = found.iter().map(|problem| render(problem, &sources, 100, false)).collect();
    Some(format!("expected {expected:?}, found {codes:?}\n{shown}"))
}

/// A revision that has these steps.
fn with_head(steps: &str) -> String {
    let hash = "0".repeat(64);
    format!(
        "revision \"0002_steps\" {{\n    id b7c1f0e2a9d4\n    from \"s1:{hash}\"\n    to \"s1:{hash}\"\n    \
         message steps\n    created \"2026-11-21T10:00:00Z\"\n}}\nops {{\n{steps}\n}}\n"
    )
}

/// Reads a revision under the name that it gives itself.
fn revision(file: SourceId, text: &str) -> Vec<Diagnostic> {
    let name = text.split('"').nth(1).unwrap_or_default();
    let name: RevisionName = name.parse().unwrap_or_else(|error| panic!("{error}"));
    codec::read(file, text, &name, &|_| Ok(Vec::new())).err().unwrap_or_default()
}

fn project(file: SourceId, text: &str) -> Vec<Diagnostic> {
    let (document, mut found) = document::read(file, text);
    let sink = Sink::default();
    let whole = schemactl::diagnostic::Span { source: file, start: 0, end: 0 };
    decode::decode(&document, whole, dialect::names(), &sink);
    found.extend(sink.into_diagnostics());
    found
}

/// The state that a schema describes.
pub(super) fn state(text: &str) -> State {
    let mut sources = Sources::default();
    let file = sources.add("schema.kdl", text);
    let (parsed, problems) = syntax::parse(
        &sources,
        &[file],
        &dialect::all().iter().map(|dialect| dialect.name()).collect::<Vec<_>>(),
    );
    parsed.unwrap_or_else(|| panic!("{problems:#?}\n{text}")).state
}

/// The dialects that a page is for.
fn served(page: &str) -> Vec<DialectName> {
    let names: &[&str] = if page == "docs/mysql.md" { &["mysql"] } else { &["postgres", "sqlite"] };
    names.iter().map(|name| DialectName::new(Name::new(name).unwrap())).collect()
}

/// Reads a schema, and asks each dialect that the pages are for whether it can have it.
fn schema(sources: &Sources, file: SourceId, dialects: &[DialectName]) -> Vec<Diagnostic> {
    let (parsed, mut found) = syntax::parse(sources, &[file], dialects);
    for dialect in dialects.iter().filter_map(dialect::find) {
        let state = parsed.as_ref().map(|parsed| parsed.state.for_dialect(&dialect.name()));
        found.extend(state.iter().flat_map(|state| dialect.check(state)));
    }
    found
}

#[test]
fn the_kdl_of_the_pages_is_what_it_says() {
    let mut wrong = String::new();
    for (page, text) in super::pages() {
        for block in blocks(&text).iter().filter(|block| block.info.split(' ').next() == Some("kdl")) {
            if let Some(problem) = problems(&page, block.info, &block.text) {
                writeln!(wrong, "{page}:{}: {problem}", block.line).unwrap();
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

#[test]
fn a_block_that_lies_is_found() {
    assert_eq!(problems("docs/schema.md", "kdl", "table t { column id int primary-key }"), None);
    assert!(
        problems("docs/schema.md", "kdl", "table t { column id \"int[]\" }")
            .is_some_and(|why| why.contains("E510"))
    );
    assert!(problems("docs/schema.md", "kdl E103", "table t { column id int }").is_some());
    assert_eq!(problems("docs/schema.md", "kdl E103", "table t { column id vachar }"), None);
    assert!(problems("docs/schema.md", "kdl project", "project x { dialects sqlit }").is_some());
    assert_eq!(problems("docs/schema.md", "kdl fragment", "anything goes"), None);
}
