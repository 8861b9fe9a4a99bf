//! Tests of the document layer: KDL's own suite, hostile input, what is said of mistakes, decoding.

mod bombs;
mod cursor;
mod differential;
mod format;
mod meaning;
mod messages;
mod suite;
mod write;

use super::*;
use crate::diagnostic::render;

/// Reads a text that must be fine.
fn accepted(text: &str) -> Document<'_> {
    let (document, diagnostics) = read(SourceId(0), text);
    assert!(diagnostics.is_empty(), "{text:?}: {}", shown(text, &diagnostics));
    document
}

/// Reads a text that must be refused, and returns the diagnostics as people see them.
fn refused(text: &str) -> String {
    let (_, diagnostics) = read(SourceId(0), text);
    assert!(!diagnostics.is_empty(), "{text:?} was accepted");
    shown(text, &diagnostics)
}

fn shown(text: &str, diagnostics: &[Diagnostic]) -> String {
    let mut sources = Sources::default();
    sources.add("schema.kdl", text);
    let shown = diagnostics.iter().map(|diagnostic| render(diagnostic, &sources, 100, false));
    shown.collect::<Vec<_>>().concat()
}
