//! Real files with pieces taken out, doubled, moved or swapped: whatever is read, nothing panics, labels lie within the
//! text, and what is accepted prints to what reads as the same. The fuzz targets look for the same with more patience.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::sample::Index;
use schemactl::diagnostic::{Diagnostic, SourceId, Sources};
use schemactl::dialect::all;
use schemactl::revision::codec;
use schemactl::syntax;

use crate::strategies::cases;

/// The pieces of all files below a folder of the repository.
fn pieces(folder: &str) -> Vec<Vec<String>> {
    let mut left = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)];
    let mut files = Vec::new();
    while let Some(path) = left.pop() {
        if path.is_dir() {
            left.extend(fs::read_dir(&path).unwrap().flatten().map(|entry| entry.path()));
        } else if path.extension().is_some_and(|extension| extension == "kdl") {
            files.push(path);
        }
    }
    files.sort();
    files.iter().map(|file| split(&fs::read_to_string(file).unwrap())).collect()
}

/// Words, runs of space, and single marks.
fn split(text: &str) -> Vec<String> {
    let mut pieces: Vec<String> = Vec::new();
    let kind = |c: char| (c.is_alphanumeric() || c == '_', c.is_whitespace());
    for c in text.chars() {
        match pieces.last_mut() {
            Some(last) if kind(c) != (false, false) && last.chars().all(|other| kind(other) == kind(c)) => {
                last.push(c);
            }
            _ => pieces.push(c.to_string()),
        }
    }
    pieces
}

fn mutated(corpus: &'static [Vec<String>]) -> impl Strategy<Value = String> {
    let edit = (0..5_u8, any::<Index>(), any::<Index>(), 1..12_usize);
    (any::<Index>(), prop::collection::vec(edit, 0..6)).prop_map(move |(file, edits)| {
        let mut pieces = file.get(corpus).clone();
        for (kind, at, other, length) in edits {
            if pieces.is_empty() {
                break;
            }
            let (at, other) = (at.index(pieces.len()), other.index(pieces.len()));
            let end = (at + length).min(pieces.len());
            match kind {
                0 => drop(pieces.drain(at..end)),
                1 => {
                    let doubled = pieces[at..end].to_vec();
                    drop(pieces.splice(other..other, doubled));
                }
                2 => pieces.swap(at, other),
                3 => pieces[at] = pieces[other].chars().rev().collect(),
                _ => pieces[at] = ["é\u{202e}", "\"\"\"", "/-", "#", "\\u{110000}"][other % 5].to_owned(),
            }
        }
        pieces.concat()
    })
}

fn labels_lie_within(text: &str, problems: &[Diagnostic]) -> Result<(), TestCaseError> {
    for label in problems.iter().flat_map(|problem| &problem.labels) {
        prop_assert!(text.get(label.span.range()).is_some(), "{label:?} is no part of the text");
    }
    Ok(())
}

static SCHEMAS: LazyLock<Vec<Vec<String>>> =
    LazyLock::new(|| [pieces("tests/cases"), pieces("schema"), pieces("examples/chinook/schema")].concat());

static REVISIONS: LazyLock<Vec<Vec<String>>> =
    LazyLock::new(|| [pieces("src/revision/codec/golden"), pieces("revisions")].concat());

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn a_damaged_schema_is_read(text in mutated(&SCHEMAS)) {
        let dialects: Vec<_> = all().iter().map(|dialect| dialect.name()).collect();
        let mut sources = Sources::default();
        let file = sources.add("schema.kdl", text.as_str());
        let (parsed, problems) = syntax::parse(&sources, &[file], &dialects);
        labels_lie_within(&text, &problems)?;
        if let Some(parsed) = parsed {
            let printed = syntax::print(&parsed.state);
            let file = sources.add("printed.kdl", printed.as_str());
            let (again, problems) = syntax::parse(&sources, &[file], &dialects);
            let Some(again) = again else {
                return Err(TestCaseError::fail(format!("{printed}\n{problems:#?}")));
            };
            prop_assert_eq!(again.state, parsed.state, "{}", printed);
        }
    }

    #[test]
    fn a_damaged_revision_is_read(text in mutated(&REVISIONS)) {
        let load = |_: &str| Ok(b"SELECT 1".to_vec());
        // A file has the name that it says.
        let Some(Ok(name)) = text.split('"').nth(1).map(str::parse) else { return Ok(()) };
        match codec::read(SourceId(0), &text, &name, &load) {
            Err(problems) => labels_lie_within(&text, &problems)?,
            Ok((revision, _)) => {
                let printed = codec::print(&revision);
                let again = codec::read(SourceId(0), &printed, &name, &load);
                let (again, _) = again.map_err(|problems| TestCaseError::fail(format!("{printed}\n{problems:#?}")))?;
                prop_assert_eq!(codec::digest(&again), codec::digest(&revision), "{}", &printed);
                prop_assert_eq!(again, revision, "{}", printed);
            }
        }
    }
}
