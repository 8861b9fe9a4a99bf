//! The reader and the `kdl` crate on generated text, right and wrong: both accept it, with the same meaning, or both refuse.

use proptest::prelude::*;

use super::*;
use crate::document::errors::E011;

/// Pieces of which many a sequence is a document.
const PIECES: &[&str] = &[
    "a",
    "b",
    "name",
    "a=1",
    "k=v",
    "1",
    "-1.5",
    "1e3",
    "0x1F",
    "0b2",
    ".5",
    "+",
    "-",
    "\"s\"",
    "\"\\u{E9}\\n\"",
    "#\"r\"#",
    "#true",
    "#null",
    "#inf",
    "true",
    "(t)",
    "(t)a",
    "( t )",
    "()",
    "{",
    "}",
    "{}",
    ";",
    "\n",
    "\r\n",
    " ",
    "  ",
    "\t",
    "=",
    " = ",
    "//c\n",
    "/*c*/",
    "\\\n",
    "\\ //c\n",
    "\\",
    "\"\"\"\nx\n\"\"\"",
    "\"\"\"\n  x\n    y\n  \"\"\"",
    "\"\"\"\n  x \\\n  y\n\n  \"\"\"",
    "#\"\"\"\n\\\n\"\"\"#",
    "\"",
    "#",
    "é",
    "\u{3000}",
    "\u{2028}",
    "\u{85}",
];

/// Pieces on which the crate strays: it wants a space before `/-`, takes an argument behind a block if it stands behind
/// `/-`, doesn't look at all of what stands there, and lets some disallowed characters pass.
const DISPUTED: &[&str] = &["/-", "/- ", "/*", "*/", "/*/**/*/", "\u{FEFF}", "\u{7F}"];

pub(super) fn soup(disputed: bool) -> impl Strategy<Value = String> {
    let pieces = PIECES.iter().chain(if disputed { DISPUTED } else { &[] }).copied().collect::<Vec<_>>();
    prop::collection::vec(prop::sample::select(pieces), 0..16).prop_map(|pieces| pieces.concat())
}

/// Our reading, if there is nothing to say against it. Duplicate properties are for our language to refuse.
fn ours(text: &str) -> Result<Vec<meaning::Meaning>, String> {
    let (document, mut diagnostics) = read(SourceId(0), text);
    diagnostics.retain(|diagnostic| diagnostic.code != &E011);
    if diagnostics.is_empty() { Ok(meaning::of(&document)) } else { Err(shown(text, &diagnostics)) }
}

fn theirs(text: &str) -> Result<Vec<meaning::Meaning>, String> {
    kdl::KdlDocument::parse_v2(text)
        .map(|document| meaning::of_crate(&document))
        .map_err(|error| format!("{error:?}"))
}

proptest! {
    #[test]
    fn the_crate_agrees(text in soup(false)) {
        match (ours(&text), theirs(&text)) {
            (Err(_), Err(_)) => {}
            (ours, theirs) => prop_assert_eq!(ours, theirs),
        }
    }

    #[test]
    fn what_both_accept_means_the_same(text in soup(true)) {
        if let (Ok(ours), Ok(theirs)) = (ours(&text), theirs(&text)) {
            prop_assert_eq!(ours, theirs);
        }
    }

    #[test]
    fn any_text_is_read_or_refused_with_spans_inside_of_it(text in soup(true), junk in any::<String>()) {
        for text in [text, junk] {
            let (_, diagnostics) = read(SourceId(0), &text);
            for label in diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels) {
                prop_assert!(text.get(label.span.range()).is_some(), "{:?} in {:?}", label, text);
            }
        }
    }
}
