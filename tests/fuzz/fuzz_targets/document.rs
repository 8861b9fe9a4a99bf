//! Any text is read without a panic; what is accepted reads back from its canonical and from its formatted spelling.

#![no_main]

use libfuzzer_sys::fuzz_target;
use schemactl::diagnostic::SourceId;
use schemactl::document::{format, read, write};

fuzz_target!(|text: &str| {
    let (document, diagnostics) = read(SourceId(0), text);
    for label in diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels) {
        assert!(text.get(label.span.range()).is_some(), "{label:?} is not a part of the text");
    }
    if diagnostics.is_empty() {
        let written = write::document(&document);
        let (again, diagnostics) = read(SourceId(0), &written);
        assert!(diagnostics.is_empty(), "{written:?}: {diagnostics:?}");
        assert_eq!(write::document(&again), written);
        let once = format::fmt(SourceId(0), text).expect("the text was accepted");
        assert_eq!(format::fmt(SourceId(0), &once).as_ref(), Ok(&once));
    }
});
