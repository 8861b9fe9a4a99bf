//! Any text is read as a schema without a panic; what is accepted is printed to what reads as the same state.

#![no_main]

use libfuzzer_sys::fuzz_target;
use schemactl::diagnostic::Sources;
use schemactl::dialect::all;
use schemactl::syntax::{parse, print};

fuzz_target!(|text: &str| {
    let dialects: Vec<_> = all().iter().map(|dialect| dialect.name()).collect();
    let mut sources = Sources::default();
    let file = sources.add("schema.kdl", text);
    let (parsed, diagnostics) = parse(&sources, &[file], &dialects);
    for label in diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels) {
        assert!(text.get(label.span.range()).is_some(), "{label:?} is not a part of the text");
    }
    if let Some(parsed) = parsed {
        let printed = print(&parsed.state);
        let file = sources.add("printed.kdl", printed.as_str());
        let (again, diagnostics) = parse(&sources, &[file], &dialects);
        let again = again.unwrap_or_else(|| panic!("{printed}\n{diagnostics:?}"));
        assert_eq!(again.state, parsed.state, "{printed}");
    }
});
