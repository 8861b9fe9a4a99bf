//! Files that are no database, or one that can't be read: one error, and nothing else.

use std::fs;

use crate::support::project::Project;
use crate::support::sql;

/// What is said of a file.
#[track_caller]
fn said(project: &Project, file: &str) -> String {
    let output = project.run(&["inspect", "--url", &format!("sqlite://{file}")]);
    assert_eq!((output.code, output.stdout.as_str()), (Some(1), ""), "{file}: {}", output.stderr);
    let lines = output.stderr.lines().filter(|line| line.starts_with("error"));
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_file_that_cannot_be_read_is_one_error() {
    let project = Project::empty();
    sql::execute(&project.sqlite("whole.db"), "CREATE TABLE t (a int); CREATE VIEW v AS SELECT * FROM t");
    let whole = fs::read(project.path("whole.db")).unwrap();
    let changed = |file: &str, change: &dyn Fn(&mut Vec<u8>)| {
        let mut bytes = whole.clone();
        change(&mut bytes);
        fs::write(project.path(file), bytes).unwrap();
    };
    changed("text.db", &|bytes| *bytes = b"no database, and long enough to be taken for one".repeat(99));
    // Encryption leaves nothing that looks like a header.
    changed("encrypted.db", &|bytes| {
        bytes.iter_mut().enumerate().for_each(|(at, byte)| *byte ^= at as u8 | 1)
    });
    changed("overwritten.db", &|bytes| bytes[100..4000].fill(0xff));
    changed("newer.db", &|bytes| bytes[47] = 9);
    changed("torn.db", &|bytes| {
        let at = bytes.windows(14).position(|text| text == b"CREATE TABLE t").unwrap();
        bytes[at + 15] = b'!';
    });
    for (file, reason) in [
        ("text.db", "file is not a database"),
        ("encrypted.db", "file is not a database"),
        ("overwritten.db", "database disk image is malformed"),
        ("newer.db", "unsupported file format"),
        ("torn.db", "malformed database schema (t) - unrecognized token: \"!\""),
    ] {
        assert_eq!(
            said(&project, file),
            format!("error[E703]: can't connect to `sqlite://{file}`: {reason}")
        );
    }
    project.run(&["inspect", "--url", "sqlite://whole.db"]).ok();
}
