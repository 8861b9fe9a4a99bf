//! Any text is read as a revision without a panic; what is accepted is printed to what reads as the same, with the
//! same digest.

#![no_main]

use std::io;

use libfuzzer_sys::fuzz_target;
use schemactl::diagnostic::SourceId;
use schemactl::revision::codec::{digest, print, read};

fuzz_target!(|text: &str| {
    let name = "0001_fuzzed".parse().expect("it is a name");
    let load = |_: &str| Ok::<_, io::Error>(b"SELECT 1".to_vec());
    match read(SourceId(0), text, &name, &load) {
        Err(diagnostics) => {
            for label in diagnostics.iter().flat_map(|diagnostic| &diagnostic.labels) {
                assert!(text.get(label.span.range()).is_some(), "{label:?} is not a part of the text");
            }
        }
        Ok((revision, _)) => {
            let printed = print(&revision);
            let again = read(SourceId(0), &printed, &name, &load);
            let (again, _) = again.unwrap_or_else(|problems| panic!("{printed}\n{problems:?}"));
            assert_eq!(digest(&again), digest(&revision), "{printed}");
            assert_eq!(again, revision, "{printed}");
        }
    }
});
