//! Every kind of change is found and named, and nothing that the revisions did is taken for one.

use super::{Guest, Live, SCHEMA};
use crate::support::project::Project;
use crate::support::sql;

/// Changes that both databases know.
const BOTH: &[(&str, &[&str])] = &[
    ("CREATE TABLE tags (id bigint PRIMARY KEY, name text)", &["+ table tags"]),
    ("ALTER TABLE users ADD COLUMN nick text", &["+ column users.nick"]),
    ("ALTER TABLE posts DROP COLUMN title", &["- column posts.title"]),
    ("ALTER TABLE users RENAME COLUMN note TO memo", &["- column users.note", "+ column users.memo"]),
    ("CREATE INDEX users_note ON users (note)", &["+ index users.users_note"]),
    ("CREATE UNIQUE INDEX half ON users (note) WHERE age > 3", &["+ index users.half"]),
    ("DROP INDEX users_age_idx", &["- index users.users_age_idx"]),
    ("DROP VIEW adults", &["- view adults"]),
    ("CREATE VIEW names AS SELECT email FROM users", &["+ view names"]),
    (
        "DROP VIEW adults; CREATE VIEW adults AS SELECT id, email FROM users WHERE age > 20",
        &["~ view adults"],
    ),
];

const SQLITE: &[(&str, &[&str])] = &[
    ("CREATE TRIGGER seen AFTER INSERT ON users BEGIN SELECT 1; END", &["+ object seen"]),
    ("CREATE VIRTUAL TABLE words USING fts5(body)", &["+ object words"]),
    ("CREATE VIEW \"named\" (one) AS SELECT 1", &["+ object named"]),
    ("CREATE TABLE \"odd; name\" (\"a b\" int)", &["+ table odd; name"]),
    ("CREATE TEMP TABLE mine (a int)", &[]),
    ("INSERT INTO users (email, created_at) VALUES ('a', '2026-11-21 10:00:00')", &[]),
    ("ANALYZE", &[]),
];

/// What people do by making the table anew, because SQLite has no ALTER for it: what stands for what in its text.
const REWRITTEN: &[(&str, &str, &str, &[&str])] = &[
    ("users", "\"age\" integer", "\"age\" text", &["~ column users.age"]),
    ("users", "\"age\" integer", "\"age\" integer NOT NULL DEFAULT 1", &["~ column users.age"]),
    ("users", "\"age\" integer", "\"age\" integer DEFAULT 18", &["~ column users.age"]),
    ("users", "\"age\" integer", "\"age\" integer UNIQUE", &["+ unique users.users_age_key"]),
    ("users", "\"note\" text", "\"note\" text COLLATE NOCASE", &["~ column users.note"]),
    ("users", "\"note\" text", "\"note\" text CHECK (note <> '')", &["+ check users.users_note_check"]),
    ("users", "\"note\" text", "\"note\" text AS (email || '!')", &["~ column users.note"]),
    ("users", " NOT NULL DEFAULT ''", " NOT NULL", &["~ column users.email"]),
    ("users", " AUTOINCREMENT", "", &["~ table users"]),
    ("users", " CONSTRAINT \"users_email_key\" UNIQUE", "", &["- unique users.users_email_key"]),
    ("users", " CONSTRAINT \"users_age_check\" CHECK (age > 0)", "", &["- check users.users_age_check"]),
    ("users", "(age > 0)", "(age >= 0)", &["~ check users.users_age_check"]),
    ("posts", " ON DELETE CASCADE", " ON DELETE SET NULL", &["~ foreign key posts.posts_author_fkey"]),
    (
        "posts",
        " ON DELETE CASCADE",
        " ON DELETE CASCADE DEFERRABLE",
        &["~ foreign key posts.posts_author_fkey"],
    ),
    (
        "posts",
        " ON DELETE CASCADE",
        " ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED",
        &["~ foreign key posts.posts_author_fkey"],
    ),
    (
        "posts",
        " CONSTRAINT \"posts_author_fkey\" REFERENCES \"users\" (\"id\") ON DELETE CASCADE",
        "",
        &["- foreign key posts.posts_author_fkey"],
    ),
    (
        "posts",
        "integer NOT NULL CONSTRAINT \"posts_pkey\" PRIMARY KEY AUTOINCREMENT",
        "integer NOT NULL",
        &["~ column posts.id", "- primary key posts.posts_pkey"],
    ),
    ("posts", "\"title\" text NOT NULL", "\"title\" text NOT NULL, \"slug\" text", &["+ column posts.slug"]),
];

const POSTGRES: &[(&str, &[&str])] = &[
    ("ALTER TABLE users ALTER note TYPE varchar(10)", &["~ column users.note"]),
    ("ALTER TABLE users ALTER email SET DEFAULT 'x'", &["~ column users.email"]),
    ("ALTER TABLE users ALTER email DROP DEFAULT", &["~ column users.email"]),
    ("ALTER TABLE users ALTER note SET NOT NULL", &["~ column users.note"]),
    ("ALTER TABLE users ALTER email DROP NOT NULL", &["~ column users.email"]),
    ("ALTER TABLE users ALTER note TYPE text COLLATE \"C\"", &["~ column users.note"]),
    ("COMMENT ON COLUMN users.note IS 'a ''note'''", &["~ column users.note"]),
    ("COMMENT ON TABLE users IS NULL", &["~ table users"]),
    ("ALTER TABLE users ALTER id SET GENERATED ALWAYS", &["~ column users.id"]),
    ("ALTER TABLE users ADD UNIQUE (note)", &["+ unique users.users_note_key"]),
    ("ALTER TABLE users DROP CONSTRAINT users_email_key", &["- unique users.users_email_key"]),
    ("ALTER TABLE users ADD CHECK (note <> '')", &["+ check users.users_note_check"]),
    ("ALTER TABLE users DROP CONSTRAINT users_age_check", &["- check users.users_age_check"]),
    ("ALTER TABLE posts DROP CONSTRAINT posts_pkey", &["- primary key posts.posts_pkey"]),
    ("ALTER TABLE posts DROP CONSTRAINT posts_author_fkey", &["- foreign key posts.posts_author_fkey"]),
    (
        "ALTER TABLE posts DROP CONSTRAINT posts_author_fkey; \
         ALTER TABLE posts ADD FOREIGN KEY (author) REFERENCES users ON DELETE SET NULL",
        &["~ foreign key posts.posts_author_fkey"],
    ),
    ("CREATE TYPE mood AS ENUM ('a', 'b')", &["+ enum mood"]),
    ("CREATE SCHEMA other; CREATE TABLE other.users (id int)", &["+ schema other", "+ table other.users"]),
    ("CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", &["+ object f"]),
    ("CREATE SEQUENCE s START 7", &["+ object s"]),
    ("CREATE DOMAIN d AS int CHECK (VALUE > 0)", &["+ object d"]),
    ("CREATE MATERIALIZED VIEW m AS SELECT 1 AS one", &["+ object m"]),
    ("CREATE POLICY mine ON users USING (age > 1)", &["+ object users_mine"]),
    (
        "CREATE FUNCTION g() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'; \
         CREATE TRIGGER seen BEFORE INSERT ON users FOR EACH ROW EXECUTE FUNCTION g()",
        &["+ object g", "+ object users_seen"],
    ),
    ("ALTER TABLE posts SET UNLOGGED", &["~ table posts"]),
    ("ALTER TABLE posts RENAME TO articles", &["- table posts", "+ table articles"]),
    ("ALTER TABLE users ALTER id DROP IDENTITY", &["~ column users.id"]),
    ("ALTER TABLE users ALTER id SET START 7", &["~ column users.id"]),
    ("ALTER TABLE users ALTER id SET CACHE 7", &["+ object users_id_sequence"]),
    ("ALTER TABLE users ADD twice int GENERATED ALWAYS AS (age * 2) STORED", &["+ column users.twice"]),
    ("ALTER TABLE users ADD number serial", &["+ column users.number"]),
    ("ALTER INDEX users_age_idx RENAME TO by_age", &["-> index users.users_age_idx"]),
    (
        "DROP INDEX users_age_idx; CREATE INDEX users_age_idx ON users USING hash (age)",
        &["~ index users.users_age_idx"],
    ),
    ("COMMENT ON INDEX users_age_idx IS 'by age'", &["~ index users.users_age_idx"]),
    ("COMMENT ON VIEW adults IS 'of age'", &["~ view adults"]),
    ("CREATE TYPE pair AS (a int, b int)", &["+ object pair"]),
    ("CREATE RULE none AS ON DELETE TO users DO INSTEAD NOTHING", &["+ object users_none"]),
    ("CREATE STATISTICS paired ON age, note FROM users", &["+ object paired"]),
    ("CREATE AGGREGATE total (int) (SFUNC = int4pl, STYPE = int)", &["+ object total"]),
    ("ALTER TABLE users ADD CONSTRAINT apart EXCLUDE USING btree (note WITH =)", &["+ object users_apart"]),
    ("CREATE TABLE child (extra int) INHERITS (users)", &["+ object child"]),
    (
        "CREATE TABLE parts (a int) PARTITION BY LIST (a); CREATE TABLE part PARTITION OF parts DEFAULT",
        &["+ object parts", "+ object part"],
    ),
    (
        "CREATE FOREIGN DATA WRAPPER far; CREATE SERVER away FOREIGN DATA WRAPPER far; \
         CREATE FOREIGN TABLE distant (a int) SERVER away",
        &["+ object away", "+ object distant", "+ object far"],
    ),
    ("CREATE EXTENSION pg_trgm", &["+ object pg_trgm"]),
    ("CREATE TEMP TABLE users (a int); CREATE TEMP VIEW mine AS SELECT 1 AS one", &[]),
    ("ANALYZE users", &[]),
    ("CREATE TABLE \"odd; name\" (\"a b\" int, \"select\" text)", &["+ table odd; name"]),
];

#[test]
fn manual_changes_are_found_and_put_back_on_sqlite() {
    let live = Live::new("sqlite", SCHEMA);
    for (change, names) in BOTH.iter().chain(SQLITE) {
        live.expect_found(change, names);
    }
}

/// A table is made anew by hand, with its rows and its indexes.
#[test]
fn tables_that_were_made_anew_are_found_and_put_back() {
    let live = Live::new("sqlite", SCHEMA);
    let of = |table: &str, kind: &str| {
        format!(
            "SELECT sql FROM sqlite_schema WHERE tbl_name = '{table}' AND type = '{kind}' AND sql IS NOT NULL"
        )
    };
    for (table, old, new, names) in REWRITTEN {
        let text = sql::rows(&live.url, &of(table, "table")).remove(0);
        assert!(text.contains(old), "{old} is not in {text}");
        let head = format!("CREATE TABLE \"{table}\"");
        let made = text.replacen(old, new, 1).replacen(&head, "CREATE TABLE anew", 1);
        let indexes = sql::rows(&live.url, &of(table, "index")).join(";\n");
        live.expect_found(
            &format!(
                "PRAGMA foreign_keys = OFF; PRAGMA legacy_alter_table = ON; {made}; DROP TABLE {table}; \
                 ALTER TABLE anew RENAME TO {table}; {indexes}; PRAGMA legacy_alter_table = OFF"
            ),
            names,
        );
    }
}

#[test]
fn manual_changes_are_found_and_put_back_on_postgres() {
    let live = Live::new("postgres", SCHEMA);
    for (change, names) in BOTH.iter().chain(POSTGRES) {
        live.expect_found(change, names);
    }
}

/// What has no put back that schemas could say is named all the same.
#[test]
fn what_schemas_have_no_words_for_is_found() {
    let live = Live::new("postgres", SCHEMA);
    for (change, back) in [
        ("GRANT SELECT ON users TO PUBLIC", "REVOKE SELECT ON users FROM PUBLIC"),
        ("ALTER TABLE users ENABLE ROW LEVEL SECURITY", "ALTER TABLE users DISABLE ROW LEVEL SECURITY"),
        ("ALTER TABLE users SET (fillfactor = 70)", "ALTER TABLE users RESET (fillfactor)"),
        ("ALTER TABLE users REPLICA IDENTITY FULL", "ALTER TABLE users REPLICA IDENTITY DEFAULT"),
    ] {
        live.execute(change);
        let (lines, _) = live.drift();
        assert_eq!(lines.len(), 1, "{change}: {lines:?}");
        assert!(lines[0].contains("users"), "{change}: {lines:?}");
        live.execute(back);
        live.expect_no_drift(change);
    }
}

/// What is seen does not depend on who looks, and what somebody may do is shown.
#[test]
fn another_role_sees_the_same() {
    let guest = Guest::new("looks", SCHEMA);
    let owner = guest.owner.as_str();
    let looks = |url: &str| guest.live.run(&["drift", "--url", url]);
    assert_eq!(looks(owner).code, Some(0), "{}", looks(owner));
    sql::execute(&guest.live.url, "GRANT SELECT ON users TO PUBLIC");
    for url in [owner, &guest.live.url] {
        let said = looks(url);
        let expected = format!("  + privileges table users\n      + =r/{}\n", guest.role);
        assert!(said.code == Some(4) && said.stdout.contains(&expected), "{said}");
    }
}

#[test]
fn revisions_make_no_drift() {
    for (folder, kind) in [("", "sqlite"), ("", "postgres"), ("chinook", "sqlite"), ("chinook", "postgres")] {
        let project =
            if folder.is_empty() { Project::sample() } else { Project::copy_of("examples/chinook") };
        let mut live = Live::empty(kind, "");
        live.project = project;
        if kind == "sqlite" {
            live.url = live.project.sqlite("shop.db");
        }
        let url = live.url.clone();
        let on = |arguments: &[&str]| live.run(&[arguments, &["--url", &url]].concat());
        let mut applied = 0;
        loop {
            let said = on(&["apply", "+1", "--allow-destructive", "all"]);
            if said.code != Some(0) || said.to_string().contains("nothing to apply") {
                assert!(applied > 0, "{said}");
                break;
            }
            applied += 1;
            let drift = on(&["drift"]);
            assert_eq!(drift.code, Some(0), "{folder} {kind} up {applied}: {drift}");
            if applied > 30 {
                break;
            }
        }
        for step in 0..applied {
            on(&["rollback", "-1", "--allow-destructive", "all"]).ok();
            let drift = on(&["drift"]);
            assert_eq!(drift.code, Some(0), "{folder} {kind} down {step}: {drift}");
        }
    }
}

#[test]
fn apply_stops_at_what_it_would_touch() {
    for live in Live::each() {
        live.execute("ALTER TABLE users ADD COLUMN nick text");
        live.project.replace(
            "schema/shop.kdl",
            "    column title text\n",
            "    column title text\n    column slug text nullable\n",
        );
        live.run(&["plan", "-q"]).ok();
        // Another table than the changed one, which its foreign key doesn't look at.
        live.run(&["apply", "-q"]).ok();
        assert_eq!(live.drift().0, ["+ column users.nick"], "what was there before the run is not forgotten");
        live.project.replace(
            "schema/shop.kdl",
            "    column note text nullable\n",
            "    column note text nullable\n    column more text nullable\n",
        );
        live.run(&["plan", "-q"]).ok();
        let refused = live.run(&["apply"]).fails(4);
        assert!(refused.contains("E850") && refused.contains("users.nick"), "{refused}");
        live.run(&["apply", "-q", "--allow-drift"]).ok();
    }
}

#[test]
fn a_missing_or_old_observation_makes_no_alarm() {
    for live in Live::each() {
        for loss in [
            "UPDATE schemactl_observed SET journal = 0",
            "DELETE FROM schemactl_observed",
            "DROP TABLE schemactl_observed",
        ] {
            live.execute(loss);
            let drift = live.run(&["drift"]);
            assert_eq!(drift.code, Some(0), "{loss}: {drift}");
            assert!(drift.stderr.contains("the revisions that it has"), "{loss}: {drift}");
        }
        live.execute("ALTER TABLE users ADD COLUMN nick text");
        assert_eq!(live.drift().0, ["+ column users.nick"]);
    }
}

#[test]
fn what_is_accepted_is_no_drift_any_more() {
    for live in Live::each() {
        live.execute("ALTER TABLE users ADD COLUMN nick text");
        assert_eq!(live.drift().0, ["+ column users.nick"]);
        let said = live.run(&["drift", "--accept"]);
        assert!(said.code == Some(0) && said.stderr.contains("Accepted"), "{said}");
        live.expect_no_drift("accepted");
        live.execute("ALTER TABLE users DROP COLUMN nick");
        assert_eq!(live.drift().0, ["- column users.nick"]);
    }
}

/// Without the right to make databases, states are compared by rules.
#[test]
fn a_role_that_may_make_no_database_is_served() {
    let guest = Guest::new("rules", SCHEMA);
    let live = &guest.live;
    live.execute("DROP TABLE schemactl_observed");
    live.expect_no_drift("by rules");
    live.execute("ALTER TABLE users ADD COLUMN nick text");
    assert_eq!(live.drift().0, ["+ column users.nick"]);
}
