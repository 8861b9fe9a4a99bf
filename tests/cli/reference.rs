//! docs/commands.md and docs/environment.md are what the program's own definitions say. `SCHEMACTL_UPDATE_DOCS=1`
//! rewrites them.

use std::path::Path;
use std::{env, fs};

use schemactl::cli::reference;

fn check(page: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(page);
    if env::var_os("SCHEMACTL_UPDATE_DOCS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }
    let written = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        written == text,
        "docs/{page} is out of date: SCHEMACTL_UPDATE_DOCS=1 cargo test --test it reference"
    );
}

#[test]
fn the_page_of_commands_is_up_to_date() {
    check("commands.md", &reference::commands());
}

#[test]
fn the_page_of_variables_is_up_to_date() {
    check("environment.md", &reference::environment());
}
