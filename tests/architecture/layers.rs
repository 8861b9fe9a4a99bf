//! Who may import whom: a module uses only rows above its own in [`ROWS`], which is the one place to argue about it.

use super::Violation;
use super::source::File;

/// The layers from the bottom up. Modules of the same row don't import each other.
pub const ROWS: &[&[&str]] = &[
    &["hash", "diagnostic", "parallel"],
    &["name"],
    &["document", "sql"],
    &["model"],
    &["change", "syntax"],
    &["diff", "dialect", "snapshot", "import"],
    &["revision"],
    &["plan"],
    &["project"],
    &["runner"],
    &["cli"],
];

/// The row of a layer, counted from the bottom.
pub fn row(layer: &str) -> Option<usize> {
    ROWS.iter().position(|row| row.contains(&layer))
}

/// Finds imports that point up or sideways, and modules that have no row.
pub fn check(files: &[File]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in files.iter().filter(|file| !file.is_test()) {
        let Some(layer) = file.layer().filter(|layer| !["lib", "main"].contains(layer)) else { continue };
        let Some(own) = row(layer) else {
            violations.push(Violation::new(
                file,
                1,
                format!("`{layer}` has no row in tests/architecture/layers.rs"),
            ));
            continue;
        };
        for (line, target) in imports(file) {
            if target == layer {
                continue;
            }
            // The macro that declares codes; macros live in the crate root.
            if target == "codes" {
                continue;
            }
            match row(&target) {
                Some(row) if row < own => {}
                Some(row) => {
                    let way = if row == own { "sideways" } else { "up" };
                    violations.push(Violation::new(
                        file,
                        line,
                        format!("`{layer}` imports `{target}`: {way}"),
                    ));
                }
                // What isn't a module is a name that the crate root exports, and the root stands above all rows.
                None => violations.push(Violation::new(file, line, format!("`crate::{target}` is no layer"))),
            }
        }
    }
    violations
}

/// The layers that a file names, each with its line: behind `crate::`, in a group behind it, and behind as many
/// `super::` as lead out of its own layer.
fn imports(file: &File) -> Vec<(usize, String)> {
    let depth = file.path.trim_end_matches("/mod.rs").split('/').count() - 1;
    let escape = "super::".repeat(depth);
    let mut found = Vec::new();
    for root in ["crate::", &escape] {
        for (at, _) in file.code.match_indices(root) {
            let line = file.code[..at].lines().count().max(1);
            let heads = heads(&file.code[at + root.len()..]);
            let is_layer = |head: &String| root == "crate::" || row(head).is_some();
            found.extend(heads.into_iter().filter(is_layer).map(|head| (line, head)));
        }
    }
    found
}

/// The first words of a path: one, or one for each path in a group.
fn heads(path: &str) -> Vec<String> {
    let word = |text: &str| {
        text.trim_start().split(|c: char| !c.is_alphanumeric() && c != '_').next().map(str::to_owned)
    };
    let Some(group) = path.strip_prefix('{') else { return word(path).into_iter().collect() };
    let mut depth = 0;
    let mut start = 0;
    let mut heads = Vec::new();
    for (at, c) in group.char_indices() {
        match c {
            ',' | '}' if depth == 0 => {
                heads.extend(word(&group[start..at]).filter(|word| !word.is_empty()));
                start = at + 1;
                if c == '}' {
                    break;
                }
            }
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
    }
    heads
}

#[test]
fn planted_violations_are_found() {
    let files = [
        ("src/model/table.rs", "use crate::name::Name;\nuse crate::{hash::Hash, change::{Op, Edit}};\n"),
        ("src/change/mod.rs", "fn f() -> crate::syntax::Parsed { crate::model::State }\n"),
        ("src/diff/table.rs", "use super::super::cli;\nuse super::plan;\n// use crate::cli;\n"),
        ("src/diff/tests.rs", "use crate::cli;\n"),
        ("src/diff/mod.rs", "#[cfg(test)]\nmod tests {\n    use crate::cli;\n}\nuse crate::Everything;\n"),
        ("src/stuff.rs", ""),
        ("src/lib.rs", "pub use crate::cli::run;\n"),
    ];
    insta::assert_snapshot!(super::planted(check, &files), @r"
    src/change/mod.rs:1 `change` imports `syntax`: sideways
    src/diff/mod.rs:5 `crate::Everything` is no layer
    src/diff/table.rs:1 `diff` imports `cli`: up
    src/model/table.rs:2 `model` imports `change`: up
    src/stuff.rs:1 `stuff` has no row in tests/architecture/layers.rs
    ");
}
