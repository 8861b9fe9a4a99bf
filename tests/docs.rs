//! The documentation is true: its KDL is read by the program's own readers, its transcripts are replayed, its table
//! of types is what the dialects render, and its links lead somewhere. `SCHEMACTL_UPDATE_DOCS=1` rewrites what can
//! be.
//!
//! A block marked `kdl` is a schema that SQLite and PostgreSQL can have. `kdl E103` must be refused with exactly
//! these codes; `kdl project` is a `schemactl.kdl`, `kdl revision` a revision, `kdl ops` its steps,
//! `kdl fragment` a part of any of them.
//! A block with a path, `kdl schema/shop.kdl`, is that file for the `console` blocks below it.

mod blocks;
mod coverage;
mod links;
mod replay;
mod types;

use std::path::{Path, PathBuf};
use std::{env, fs};

/// The repository.
fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every page for readers, with its path below the repository.
fn pages() -> Vec<(String, String)> {
    let mut found: Vec<PathBuf> =
        ["README.md", "ARCHITECTURE.md", "CHANGELOG.md", "src/README.md"].map(PathBuf::from).into();
    for entry in fs::read_dir(root().join("docs")).expect("the folder is there").flatten() {
        let name = PathBuf::from("docs").join(entry.file_name());
        if name.extension().is_some_and(|extension| extension == "md") {
            found.push(name);
        }
    }
    found.retain(|path| root().join(path).exists());
    found.sort();
    let read = |path: &PathBuf| fs::read_to_string(root().join(path)).unwrap();
    found.iter().map(|path| (path.display().to_string(), read(path))).collect()
}

/// Compares a page with what it should be, or writes it.
fn settle(page: &str, expected: &str) {
    let path = root().join(page);
    let written = fs::read_to_string(&path).unwrap_or_default();
    if written == expected {
        return;
    }
    if env::var_os("SCHEMACTL_UPDATE_DOCS").is_some() {
        return fs::write(&path, expected).unwrap();
    }
    let (line, written, expected) = crate::support::transcript::first_difference(&written, expected)
        .unwrap_or((0, "", "the end of the file differs"));
    panic!(
        "{page}:{line} is out of date\n  written: {written}\n  now:     {expected}\n\
         SCHEMACTL_UPDATE_DOCS=1 cargo test --test it docs:: rewrites it; then read the difference"
    );
}
