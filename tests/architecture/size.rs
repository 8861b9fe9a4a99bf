//! How long things may be, that every file says what it is for, and that no file is forgotten.

use super::Violation;
use super::source::{File, item_end};

const FILE_LINES_MAX: usize = 500;
const FN_LINES_MAX: usize = 70;

/// Finds files and functions that are too long, and files that don't open with what they are for. A test may be
/// longer than a function: its snapshots stand in it.
pub fn check(files: &[File]) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in files {
        let lines = file.text.lines().count();
        if lines > FILE_LINES_MAX {
            violations.push(Violation::new(
                file,
                1,
                format!("{lines} lines; at most {FILE_LINES_MAX}: split it"),
            ));
        }
        if !file.text.starts_with("//! ") {
            violations.push(Violation::new(
                file,
                1,
                "must open with `//!`: what it is for, what it must not do",
            ));
        }
        for (line, name, lines) in functions(file) {
            if lines > FN_LINES_MAX {
                let what = format!("`{name}` has {lines} lines; at most {FN_LINES_MAX}");
                violations.push(Violation::new(file, line, what));
            }
        }
    }
    violations
}

/// Finds Rust files that no `mod` line leads to, so that nothing ever compiles them.
pub fn forgotten(files: &[File]) -> Vec<Violation> {
    let is_root =
        |file: &File| ["main.rs", "lib.rs"].iter().any(|name| file.path.ends_with(&format!("/{name}")));
    let mut violations = Vec::new();
    for file in files.iter().filter(|file| !is_root(file) && !file.path.starts_with("tests/fuzz/")) {
        let module = file.path.trim_end_matches(".rs").trim_end_matches("/mod");
        let (folder, name) = module.rsplit_once('/').unwrap_or(("", module));
        let declared = format!("mod {name};");
        let parents = [format!("{folder}.rs"), format!("{folder}/mod.rs")];
        let parents = [parents, [format!("{folder}/main.rs"), format!("{folder}/lib.rs")]].concat();
        let declares = |other: &&File| {
            parents.contains(&other.path)
                && other.text.lines().any(|line| line.trim_end().ends_with(&declared))
        };
        if !files.iter().any(|other| declares(&other)) {
            violations.push(Violation::new(file, 1, "no `mod` line leads to this file"));
        }
    }
    violations
}

/// Every function that isn't a test, with its line, its name, and its number of lines.
fn functions(file: &File) -> Vec<(usize, String, usize)> {
    let mut found = Vec::new();
    let mut after_test = false;
    let mut at = 0;
    for (number, line) in (1..).zip(file.code.split_inclusive('\n')) {
        let name = name_of_function(line);
        if let Some(name) = name.filter(|_| !after_test) {
            let body = &file.code[at..item_end(&file.code, at)];
            found.push((number, name.to_owned(), body.lines().count()));
        }
        if !line.trim().is_empty() {
            after_test = line.trim() == "#[test]" || (after_test && line.trim().starts_with('#'));
        }
        at += line.len();
    }
    found
}

/// The name of the function that a line declares: `pub(crate) async fn name(…`.
fn name_of_function(line: &str) -> Option<&str> {
    let (before, after) = line.split_once("fn ")?;
    let is_modifier =
        |word: &str| ["const", "async", "unsafe", "extern"].contains(&word) || word.starts_with("pub");
    let only_modifiers = before.split_whitespace().all(is_modifier);
    let name = after.split(|c: char| !c.is_alphanumeric() && c != '_').next()?;
    (only_modifiers && !name.is_empty()).then_some(name)
}

#[test]
fn planted_violations_are_found() {
    let long = |lines: usize| {
        format!("//! A.\npub(crate) fn long(\n) {{\n{}}}\n\nfn short() {{}}\n", "    {}\n".repeat(lines))
    };
    let test = format!("//! B.\n#[test]\n#[should_panic]\nfn long() {{\n{}}}\n", "    a();\n".repeat(100));
    let trait_ = "//! C.\ntrait T {\n    fn a(&self);\n    fn b(&self) -> [u8; 3] {}\n}\n".to_owned();
    let files = [
        ("src/a.rs", long(67)),
        ("src/b.rs", long(68)),
        ("src/c.rs", test),
        ("src/d.rs", trait_),
        ("src/e.rs", "use x;\n".to_owned()),
        ("src/f.rs", format!("//! D.\n{}", "\n".repeat(500))),
    ];
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (*path, text.as_str())).collect();
    insta::assert_snapshot!(super::planted(check, &files), @r"
    src/b.rs:2 `long` has 71 lines; at most 70
    src/e.rs:1 must open with `//!`: what it is for, what it must not do
    src/f.rs:1 501 lines; at most 500: split it
    ");
}

#[test]
fn planted_orphans_are_found() {
    let files = [
        ("src/lib.rs", "pub mod a;\nmod b;\n"),
        ("src/a/mod.rs", "mod c;\n#[cfg(test)]\nmod tests;\n"),
        ("src/a/c.rs", "mod e;\n"),
        ("src/a/c/e.rs", ""),
        ("src/a/d.rs", ""),
        ("src/a/tests.rs", ""),
        ("src/b.rs", ""),
        ("tests/main.rs", ""),
        ("tests/late.rs", ""),
    ];
    insta::assert_snapshot!(super::planted(forgotten, &files), @r"
    src/a/d.rs:1 no `mod` line leads to this file
    tests/late.rs:1 no `mod` line leads to this file
    ");
}
