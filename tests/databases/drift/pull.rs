//! `drift --pull`: what was changed in a database becomes an edit of the schema's files.

use insta::assert_snapshot;

use super::Live;
use crate::support::project::Project;

/// Changes on any database.
const CHANGES: &str = "
    DROP VIEW adults;
    ALTER TABLE posts DROP COLUMN title;
";

/// Changes that have other words on MySQL.
const WORDED: [&str; 2] = [
    "DROP INDEX users_age_idx;
     ALTER TABLE users ADD COLUMN nick text NOT NULL DEFAULT 'n';
     CREATE UNIQUE INDEX one_each ON posts (author) WHERE author > 0;
     CREATE TABLE tags (id bigint NOT NULL PRIMARY KEY, post bigint REFERENCES posts)",
    "DROP INDEX users_age_idx ON users;
     ALTER TABLE users ADD COLUMN nick text NOT NULL DEFAULT ('n');
     CREATE UNIQUE INDEX one_each ON posts (created_at, author);
     CREATE TABLE tags (
        id bigint NOT NULL PRIMARY KEY, post bigint, CONSTRAINT tags_post_fkey FOREIGN KEY (post) REFERENCES posts (id)
     )",
];

fn applied(project: &Project) -> String {
    project.run(&["status", "--format", "json"]).ok()
}

#[test]
fn changes_become_edits_that_leave_all_else_alone() {
    for live in Live::each() {
        let before = live.project.read("schema/shop.kdl");
        let kind = live.url.split(':').next().unwrap_or_default();
        live.execute(CHANGES);
        live.execute(WORDED[usize::from(kind == "mysql")]);
        let shown = live.run(&["drift", "--pull", "--dry-run"]).ok();
        assert_eq!(live.project.read("schema/shop.kdl"), before, "a dry run writes nothing");
        assert_eq!(live.drift().0.len(), 6);
        let written = live.run(&["drift", "--pull"]);
        assert_eq!(written.stdout, shown);
        let kind = if kind == "postgresql" { "postgres" } else { kind };
        assert_snapshot!(format!("pulled_{kind}"), live.project.read("schema/shop.kdl"));
        live.expect_no_drift("pulled");
        live.run(&["check", "-q"]).fails(4);
        live.run(&["plan", "-q", "-m", "second", "--no-renames"]).ok();
        let said = live.run(&["apply"]).to_string();
        assert!(said.contains("Recorded 0002_second"), "{said}");
        assert!(
            applied(&live.project).contains("\"applied\":2")
                || applied(&live.project).contains("\"applied\": 2")
        );
        live.expect_no_drift("recorded");
        let again = live.run(&["drift", "--pull"]).to_string();
        assert!(again.contains("nothing to pull"), "{again}");
        live.run(&["rollback", "-1", "--allow-destructive", "all", "-q"]).ok();
        live.expect_no_drift("rolled back");
    }
}

#[test]
fn a_change_on_both_sides_is_a_conflict() {
    let live = Live::new("postgres", super::SCHEMA);
    live.execute("ALTER TABLE users ALTER email SET DEFAULT 'theirs', ALTER age SET DEFAULT 7");
    live.project.replace("schema/shop.kdl", "default=\"\"", "default=mine");
    let before = live.project.read("schema/shop.kdl");
    assert_snapshot!(live.run(&["drift", "--pull"]).fails(3));
    assert_eq!(live.project.read("schema/shop.kdl"), before);
    // What doesn't meet is taken from both.
    live.execute("ALTER TABLE users ALTER email SET DEFAULT ''");
    live.run(&["drift", "--pull", "-q"]).ok();
    let after = live.project.read("schema/shop.kdl");
    assert!(
        after.contains("default=mine // trailing") && after.contains("column age int nullable default=7"),
        "{after}"
    );
}

#[test]
fn a_template_changes_for_all_or_not_at_all() {
    let live = Live::new("postgres", super::SCHEMA);
    live.execute("ALTER TABLE users ALTER created_at SET DEFAULT now()");
    assert_snapshot!(live.run(&["drift", "--pull"]).fails(1));
    live.execute("ALTER TABLE posts ALTER created_at SET DEFAULT now()");
    live.run(&["drift", "--pull", "-q"]).ok();
    let after = live.project.read("schema/shop.kdl");
    assert!(after.contains("column created_at timestamptz default=(sql)\"now()\" // when"), "{after}");
}

/// A table gets a file of its own where each has one; a shorthand that says too little becomes a node; line ends stay.
#[test]
fn edits_fit_the_files_that_are_there() {
    let live = Live::empty("postgres", "");
    live.project.write("schema/shop.kdl", "enum mood a b\r\n");
    live.project.write(
        "schema/users.kdl",
        "table users {\r\n    column id int primary-key\r\n    column name text unique\r\n}\r\n",
    );
    live.project.write("schema/posts.kdl", "table posts { column id int primary-key; column mood mood; }\n");
    live.run(&["plan", "-q", "-m", "first"]).ok();
    live.run(&["apply", "-q"]).ok();
    live.execute(
        "ALTER TABLE users DROP CONSTRAINT users_name_key;
         ALTER TABLE users ADD CONSTRAINT users_name_key UNIQUE (name) DEFERRABLE;
         ALTER TABLE users ADD COLUMN age int;
         ALTER TABLE posts ADD COLUMN title text;
         ALTER TYPE mood ADD VALUE 'c';
         CREATE TABLE tags (id int PRIMARY KEY);
         CREATE SCHEMA other; CREATE TABLE other.users (id int PRIMARY KEY)",
    );
    live.run(&["drift", "--pull", "-q"]).ok();
    let files: Vec<String> =
        live.project.files().into_iter().filter(|file| file.starts_with("schema/")).collect();
    let shown: String = files
        .iter()
        .map(|file| format!("## {file}\n{}", live.project.read(file).replace('\r', "␍")))
        .collect();
    assert_snapshot!(shown);
    live.expect_no_drift("pulled");
}
