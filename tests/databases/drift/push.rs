//! `push`: a development database follows the edited schema, and the revision that is written later is recognised.

use super::{Live, SCHEMA};
use crate::support::sql;

const SLUG: (&str, &str) =
    ("    column title text\n", "    column title text\n    column slug text nullable\n");

#[test]
fn a_pushed_schema_is_planned_recorded_and_rolled_back() {
    for kind in ["sqlite", "postgres", "mysql"] {
        let live = Live::empty(kind, SCHEMA);
        if kind == "sqlite" {
            live.execute("SELECT 1");
        }
        live.run(&["push", "-q"]).ok();
        live.expect_no_drift("pushed from nothing");
        let status = live.run(&["status"]).ok();
        assert!(status.contains("pushed"), "{status}");
        live.run(&["plan", "-q", "-m", "first"]).ok();
        assert!(live.run(&["apply"]).to_string().contains("Recorded 0001_first"));
        live.project.replace("schema/shop.kdl", SLUG.0, SLUG.1);
        live.run(&["push", "-q"]).ok();
        let again = live.run(&["push"]).to_string();
        assert!(again.contains("nothing to push"), "{again}");
        let status = live.run(&["status", "--format", "json"]).ok();
        let status: serde_json::Value = serde_json::from_str(&status).unwrap();
        assert!(status["pushed"].is_string(), "{status}");
        // The schema is edited once more before it is planned: no revision leads to what the database has.
        live.project.replace("schema/shop.kdl", "slug text", "slugs text");
        live.run(&["plan", "-q", "-m", "second"]).ok();
        let refused = live.run(&["apply"]).fails(1);
        assert!(refused.contains("E856"), "{refused}");
        live.run(&["push", "-q", "--no-renames", "--allow-destructive", "all"]).ok();
        assert!(live.run(&["apply"]).to_string().contains("Recorded 0002_second"));
        let status = live.run(&["status"]).ok();
        assert!(!status.contains("pushed"), "{status}");
        live.run(&["rollback", "-1", "-q", "--allow-destructive", "all"]).ok();
        live.expect_no_drift("rolled back");
        assert!(sql::rows(&live.url, "SELECT * FROM posts").is_empty());
    }
}

#[test]
fn a_push_goes_over_manual_changes() {
    for live in Live::each() {
        live.execute("ALTER TABLE users ADD COLUMN nick text; DROP VIEW adults");
        let refused = live.run(&["push"]).fails(3);
        assert!(refused.contains("users.nick"), "{refused}");
        live.run(&["push", "-q", "--allow-destructive", "users.nick"]).ok();
        live.expect_no_drift("pushed");
        assert!(sql::rows(&live.url, "SELECT * FROM adults").is_empty());
    }
}

#[test]
fn a_push_asks_what_was_renamed_and_keeps_its_rows() {
    for live in Live::each() {
        live.execute("INSERT INTO users (email, created_at) VALUES ('a@x', '2026-01-01')");
        live.project.replace("schema/shop.kdl", "column note text", "column memo text");
        let asked = live.run(&["push"]).fails(3);
        assert!(asked.contains("E857"), "{asked}");
        live.project.replace(
            "schema/shop.kdl",
            "column memo text nullable",
            "column memo text nullable was=note",
        );
        live.execute("UPDATE users SET note = 'kept'");
        live.run(&["push", "-q"]).ok();
        assert_eq!(sql::rows(&live.url, "SELECT memo FROM users"), ["kept"]);
        // The hint is behind the database by now.
        let again = live.run(&["push"]).to_string();
        assert!(again.contains("nothing to push"), "{again}");
    }
}

#[test]
fn a_push_puts_reference_rows() {
    for live in Live::each() {
        let rows = "\ntable kinds { column code \"varchar(9)\" primary-key; column name text; }\ndata kinds { row code=a name=\"A\"; row code=b name=B }\n";
        live.project.write("schema/kinds.kdl", rows);
        live.run(&["push", "-q"]).ok();
        live.project.replace("schema/kinds.kdl", "name=\"A\"", "name=AA");
        live.run(&["push", "-q"]).ok();
        assert_eq!(sql::rows(&live.url, "SELECT code, name FROM kinds ORDER BY code"), ["a|AA", "b|B"]);
        live.run(&["plan", "-q", "-m", "kinds"]).ok();
        assert!(live.run(&["apply"]).to_string().contains("Recorded 0002_kinds"));
        live.run(&["rollback", "-1", "-q", "--allow-destructive", "all"]).ok();
        live.expect_no_drift("rolled back");
    }
}

#[test]
fn a_protected_environment_is_never_pushed_to() {
    let live = Live::new("sqlite", SCHEMA);
    let url = live.url.clone();
    live.project.write(
        "schemactl.kdl",
        format!("project shop {{ dialects sqlite }}\nenv dev default=#true {{\n    url \"{url}\"\n    protect\n}}\n"),
    );
    let refused = live.run(&["push"]).fails(1);
    assert!(refused.contains("E855"), "{refused}");
}

#[test]
fn what_is_accepted_as_it_is_stays_pushed() {
    for live in Live::each() {
        live.project.replace(
            "schema/shop.kdl",
            "column note text nullable",
            "column note text nullable\n    column nick text nullable",
        );
        live.run(&["push", "-q"]).ok();
        // Nothing was changed since, so there is nothing new to accept.
        live.run(&["drift", "--accept", "-q"]).ok();
        live.run(&["plan", "-m", "nick", "-q"]).ok();
        let output = live.run(&["apply"]);
        assert!(output.code == Some(0) && output.stderr.contains("was pushed"), "{output}");
    }
}
