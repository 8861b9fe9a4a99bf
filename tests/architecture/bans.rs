//! What a layer must not reach for: databases by name, the network, the environment, the clock, the terminal.

use std::sync::LazyLock;

use regex::Regex;

use super::Violation;
use super::layers::row;
use super::source::File;

/// A pattern that is banned outside of some layers.
struct Ban {
    pattern: &'static str,
    /// Whether it may stand in a string.
    in_strings: bool,
    /// Whether a layer may use it all the same.
    allowed: fn(&str) -> bool,
    instead: &'static str,
}

const BANS: &[Ban] = &[
    Ban {
        pattern: r"(?i)\b\w*(postgres|sqlite|mysql|mariadb)\w*",
        in_strings: false,
        allowed: |layer| ["dialect", "runner"].contains(&layer),
        instead: "ask for a capability: a database is named in dialect/ and runner/ only",
    },
    Ban {
        pattern: r"\bsqlx::",
        in_strings: true,
        allowed: |layer| layer == "runner",
        instead: "go through the runner",
    },
    Ban {
        pattern: r"\b(std::)?env::(var|vars|args|current_dir|temp_dir|home_dir)|\bstd::env\b",
        in_strings: true,
        allowed: |layer| ["project", "cli"].contains(&layer),
        instead: "take it as an argument: the environment is read in project/ and cli/ only",
    },
    Ban {
        pattern: r"\basync\b|\.await\b",
        in_strings: true,
        allowed: |layer| row(layer) >= row("runner"),
        instead: "keep it synchronous below the runner",
    },
    Ban {
        pattern: r"\b(SystemTime|Timestamp|Zoned)::now\b|\bInstant::now\b",
        in_strings: true,
        allowed: |layer| ["runner", "cli"].contains(&layer),
        instead: "take the time as an argument",
    },
    Ban {
        pattern: r"\be?print(ln)?!|\bdbg!",
        in_strings: true,
        allowed: |layer| layer == "cli",
        instead: "return it: only cli/ prints",
    },
    Ban {
        pattern: r"\.unwrap\(\)|\b(todo|unimplemented)!",
        in_strings: true,
        allowed: |_| false,
        instead: "return an error, or `expect` with the reason why it holds",
    },
];

/// Places that a ban doesn't hold for: a start of the path, what it names there, and why.
const EXCEPTIONS: &[(&str, &str, &str)] = &[];

/// Finds what a layer must not reach for.
pub fn check(files: &[File]) -> Vec<Violation> {
    static PATTERNS: LazyLock<Vec<Regex>> =
        LazyLock::new(|| BANS.iter().map(|ban| Regex::new(ban.pattern).expect("it is valid")).collect());
    let mut violations = Vec::new();
    for file in files.iter().filter(|file| !file.is_test()) {
        let layer = file.layer().unwrap_or_default();
        for (ban, pattern) in BANS.iter().zip(PATTERNS.iter()).filter(|(ban, _)| !(ban.allowed)(layer)) {
            let text = if ban.in_strings { &file.code } else { &file.uncommented };
            for (number, line) in (1..).zip(text.lines()) {
                let found = pattern.find(line).map(|found| found.as_str());
                if let Some(found) = found.filter(|found| !is_excepted(file, line, found)) {
                    violations.push(Violation::new(file, number, format!("`{found}`: {}", ban.instead)));
                }
            }
        }
    }
    violations
}

/// A feature's name is a matter of the build, not of the code.
fn is_excepted(file: &File, line: &str, found: &str) -> bool {
    let listed = |(path, word, _): &(&str, &str, &str)| file.path.starts_with(path) && found.contains(word);
    line.contains("cfg(feature") || line.contains("cfg(any(feature") || EXCEPTIONS.iter().any(listed)
}

#[test]
fn planted_violations_are_found() {
    let files = [
        (
            "src/plan/mod.rs",
            "fn f() {\n    if dialect == \"postgres\" { x.unwrap() }\n    std::env::var(\"A\");\n}\n",
        ),
        (
            "src/diff/mod.rs",
            "async fn f() { g().await }\n// println!\nfn t() { Timestamp::now(); println!() }\n",
        ),
        ("src/project/mod.rs", "use sqlx::Connection;\nuse std::env;\n"),
        ("src/cli/mod.rs", "async fn f() { println!(\"{}\", SystemTime::now()) }\nfn todo() { todo!() }\n"),
        ("src/runner/mod.rs", "use sqlx::PgConnection;\nasync fn f() -> Postgres { Timestamp::now() }\n"),
        ("src/dialect/mod.rs", "#[cfg(feature = \"sqlite\")]\npub mod sqlite;\n"),
        ("src/lib.rs", "#[cfg(feature = \"sqlite\")]\nfn f() { SqliteThing }\n"),
    ];
    insta::assert_snapshot!(super::planted(check, &files), @r"
    src/cli/mod.rs:2 `todo!`: return an error, or `expect` with the reason why it holds
    src/diff/mod.rs:1 `async`: keep it synchronous below the runner
    src/diff/mod.rs:3 `Timestamp::now`: take the time as an argument
    src/diff/mod.rs:3 `println!`: return it: only cli/ prints
    src/lib.rs:2 `SqliteThing`: ask for a capability: a database is named in dialect/ and runner/ only
    src/plan/mod.rs:2 `.unwrap()`: return an error, or `expect` with the reason why it holds
    src/plan/mod.rs:2 `postgres`: ask for a capability: a database is named in dialect/ and runner/ only
    src/plan/mod.rs:3 `std::env::var`: take it as an argument: the environment is read in project/ and cli/ only
    src/project/mod.rs:1 `sqlx::`: go through the runner
    ");
}
