//! Schemas of real programs, made anew, as PostgreSQL's own program dumps them.

use std::process::Command;

use schemactl::syntax::print_readable;

use crate::corpora::corpora;
use crate::stage::Stage;
use crate::support::{skipped, sql};

#[test]
fn schemas_of_real_programs_are_dumped_alike() {
    let (mut first, mut second) = (Stage::postgres(), Stage::postgres());
    let mut failed = Vec::new();
    for (name, script) in corpora("postgres") {
        first.clear();
        // In a session of its own, because a dump leaves settings behind.
        sql::execute(first.url(), &script);
        let found = first.inspect();
        let unmanaged: Vec<String> =
            found.unmanaged.iter().map(|item| format!("{} {}", item.kind, item.name)).collect();
        let expected: &[&str] = match name.as_str() {
            "sakila.sql" => &["privileges namespace public"],
            _ => &[],
        };
        assert_eq!(unmanaged, expected, "{name}");
        second.clear();
        let state = crate::laws::read(&print_readable(&found.state)).state;
        second.create(&state).unwrap_or_else(|refused| panic!("{name}: {refused}"));
        let [Some(expected), Some(now)] = [&first, &second].map(|stage| dumped(stage.url())) else {
            return skipped("what pg_dump says of schemas", "there is no pg_dump that knows the server");
        };
        let missing = expected.iter().filter(|part| !now.contains(part)).map(|part| format!("- {part}\n"));
        let added = now.iter().filter(|part| !expected.contains(part)).map(|part| format!("+ {part}\n"));
        let differences: String = missing.chain(added).collect();
        if !differences.is_empty() {
            failed.push(format!("{name}:\n{differences}"));
        }
    }
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

/// What `pg_dump` says of a database, statement by statement; `None` where there is no such program that knows the
/// server.
fn dumped(url: &str) -> Option<Vec<String>> {
    let arguments = ["--schema-only", "--no-owner", "--no-privileges", "--exclude-table=schemactl*", url];
    let output = Command::new("pg_dump").args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok().filter(|_| output.status.success())?;
    // What the program says of itself differs by run; a schema says nothing of the namespace that it is in.
    let told = |part: &&str| {
        !part.starts_with("\\restrict")
            && !part.starts_with("\\unrestrict")
            && !part.contains("SCHEMA public")
    };
    Some(text.split("\n\n").map(str::trim).filter(told).map(str::to_owned).collect())
}
