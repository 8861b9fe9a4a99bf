//! One word per thing: the glossary's, in code, tests and documentation alike. Not part of its own search.

use std::sync::LazyLock;

use regex::Regex;

use super::Violation;
use super::source::File;

/// A pattern and what to write instead.
const WORDS: &[(&str, &str)] = &[
    (
        r"(?i)migrat(e|es|ed|ing|ion|ions|or)",
        "say `revision` for the file, `apply` for the act, `move` for data",
    ),
    (r"(?i)change ?set", "say `revision` or `ops`"),
    (r"(?i)manager", "name what it does"),
    (r"(?i)\butil(s|ity|ities)?\b", "name what is in it"),
    (r"(?i)helpers?\b", "name what it does"),
    (r"\bfn (handle|process|do)_\w+", "name what it does: `order`, `lower`, `render`"),
    (r"\b(TODO|FIXME|XXX|HACK)\b", "do it, or leave it"),
    (r"\bissues? \d+", "say what it is about"),
    (r"(^|[\s`'\x22(=])/(root|Users|home)/", "write a path relative to the project"),
];

/// Places where a word is the right one: a start of the path, the word, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[
    ("Cargo.toml", "migration", "what people search a registry for"),
    ("Cargo.toml", "util", "the name of a dependency, and of a registry's category"),
    ("examples/sakila", "manager", "a column of a published schema"),
    ("src/dialect/bookkeeping.rs", "migrat", "what other tools call their tables and commands"),
    ("src/import/", "migrat", "what other tools call themselves, their files and their marks"),
    ("tests/cli/inspect.rs", "migrat", "what other tools call their tables and commands"),
    (
        "tests/databases/postgres/program/adopt.rs",
        "migrat",
        "what other tools call their tables and commands",
    ),
    ("src/cli/commands/import/", "migrat", "what other tools call themselves and their folders"),
    ("tests/cli/import.rs", "migrat", "what other tools call themselves and their folders"),
    ("tests/databases/import.rs", "migrat", "what other tools call themselves and their folders"),
    ("tests/databases/split.rs", "migrat", "what other tools call themselves and their folders"),
    ("docs/coming-from-alembic.md", "migrat", "what other tools call themselves and their folders"),
    ("docs/commands.md", "migrat", "what other tools call themselves and their folders"),
    ("src/cli/usage.rs", "migrat", "what other tools call their commands"),
    ("tests/cli/usage.rs", "migrat", "what other tools call their commands"),
    ("README.md", "migrat", "what people search for, and what other tools call their commands"),
    ("docs/adopting.md", "migrat", "what other tools call their tables and commands"),
    ("CHANGELOG.md", "migrat", "may name other tools' terms"),
];

/// Finds words that have a better one.
pub fn check(files: &[File]) -> Vec<Violation> {
    static PATTERNS: LazyLock<Vec<Regex>> =
        LazyLock::new(|| WORDS.iter().map(|(word, _)| Regex::new(word).expect("it is valid")).collect());
    let mut violations = Vec::new();
    for file in files.iter().filter(|file| !file.path.starts_with("tests/architecture")) {
        for (number, line) in (1..).zip(file.text.lines()) {
            for (pattern, (_, instead)) in PATTERNS.iter().zip(WORDS) {
                let found = pattern.find(line).map(|found| found.as_str().trim());
                if let Some(found) = found.filter(|found| !is_excepted(file, found)) {
                    violations.push(Violation::new(file, number, format!("`{found}`: {instead}")));
                }
            }
        }
    }
    violations
}

fn is_excepted(file: &File, found: &str) -> bool {
    let found = found.to_lowercase();
    EXCEPTIONS.iter().any(|(path, word, _)| file.path.starts_with(path) && found.contains(word))
}

#[test]
fn planted_violations_are_found() {
    let files = [
        (
            "src/a.rs",
            "struct TableManager;\n/// Runs the migrations.\nfn do_it() {}\n// TODO: later\nmod utils;\n",
        ),
        ("docs/a.md", "See issue 2.\nA session lock, a helpful word, a process.\n"),
        ("README.md", "Look into `/root/x`, not into src/root/x.\n"),
    ];
    insta::assert_snapshot!(super::planted(check, &files), @r"
    README.md:1 ``/root/`: write a path relative to the project
    docs/a.md:1 `issue 2`: say what it is about
    src/a.rs:1 `Manager`: name what it does
    src/a.rs:2 `migration`: say `revision` for the file, `apply` for the act, `move` for data
    src/a.rs:3 `fn do_it`: name what it does: `order`, `lower`, `render`
    src/a.rs:4 `TODO`: do it, or leave it
    src/a.rs:5 `utils`: name what is in it
    ");
}
