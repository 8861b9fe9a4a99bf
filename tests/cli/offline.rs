//! `--sql`: scripts that a database's own client runs instead of a run.

use insta::assert_snapshot;

use super::plan::shop;
use crate::support::project::Project;
use crate::support::sql;

/// A shop with a second revision that makes a table anew and has a hook.
fn two_revisions() -> Project {
    let project = shop();
    project.replace("schema/shop.kdl", "column name text nullable", "column name text\n    column age int");
    project.replace("schema/shop.kdl", "varchar(80)", "varchar(90)");
    project.run(&["plan", "-q", "-m", "names", "--default", "users.age=18"]).ok();
    project
}

/// Runs a script on a database of the project; the lines for the client's own ears are left out.
fn play(project: &Project, file: &str, script: &str) -> Result<(), String> {
    let script: String =
        script.lines().filter(|line| *line != ".bail on").map(|line| format!("{line}\n")).collect();
    if !project.path(file).exists() {
        project.write(file, "");
    }
    let mut session = sql::Session::open(&project.sqlite(file));
    session.try_rows(&script).map(drop).map_err(|error| error.to_string())
}

/// What a database holds: its catalog, and the journal apart from who ran it, when and why.
fn holdings(project: &Project, file: &str) -> Vec<String> {
    let url = project.sqlite(file);
    let mut found = sql::rows(
        &url,
        "SELECT type, name, tbl_name, sql FROM sqlite_schema WHERE tbl_name <> 'schemactl_observed' ORDER BY type, name",
    );
    found.extend(sql::rows(
        &url,
        "SELECT seq, format, event, revision, name, digest, state, direction, segment, statement, sql_digest, \
         tool FROM schemactl_journal ORDER BY seq",
    ));
    found
}

#[test]
fn a_script_does_what_a_run_does() {
    let project = two_revisions();
    for (command, place) in [("apply", "head"), ("rollback", "base"), ("apply", "+1"), ("apply", "1:2")] {
        let script = project.run(&[command, place, "--sql"]).ok();
        play(&project, "script.db", &script).unwrap();
        let place = if place == "1:2" { "2" } else { place };
        project.run(&[command, place, "-q", "--url=sqlite://run.db", "--allow-destructive=all"]).ok();
        assert_eq!(holdings(&project, "script.db"), holdings(&project, "run.db"), "{command} {place}");
    }
    assert_snapshot!(project.run(&["status", "--url=sqlite://script.db"]), @"
    database   sqlite://script.db
    at         0002_names
    applied    2
    pending    0
    ");
}

#[test]
fn a_script_runs_only_where_it_was_written_for() {
    let project = two_revisions();
    let second = project.run(&["apply", "--sql", "--from", "1"]).ok();
    assert_snapshot!(play(&project, "shop.db", &second).unwrap_err(), @"error returned from database: (code: 275) CHECK constraint failed: the database is not at 0001_first_tables");
    assert_eq!(sql::rows(&project.sqlite("shop.db"), "SELECT count(*) FROM sqlite_schema"), ["0"]);
    project.run(&["apply", "1", "-q"]).ok();
    sql::execute(&project.sqlite("shop.db"), "CREATE TRIGGER t AFTER DELETE ON users BEGIN SELECT 1; END");
    assert_snapshot!(play(&project, "shop.db", &second).unwrap_err(), @"error returned from database: (code: 275) CHECK constraint failed: table users has indexes or triggers that no revision created: use schemactl apply");
    sql::execute(&project.sqlite("shop.db"), "DROP TRIGGER t");
    sql::execute(&project.sqlite("shop.db"), "INSERT INTO users (email) VALUES ('a@b')");
    assert_snapshot!(play(&project, "shop.db", &second).unwrap_err(), @"error returned from database: (code: 1299) NOT NULL constraint failed: _schemactl_new_users.name");
    sql::execute(&project.sqlite("shop.db"), "UPDATE users SET name = 'a'");
    play(&project, "shop.db", &second).unwrap();
    assert_snapshot!(play(&project, "shop.db", &second).unwrap_err(), @"error returned from database: (code: 275) CHECK constraint failed: the database is not at 0001_first_tables");
}

#[test]
fn scripts_are_read_before_they_are_run() {
    let project = shop();
    assert_snapshot!(project.run(&["apply", "--sql", "--dialect=postgres"]), @r#"
    -- apply from base to 0001_first_tables
    -- written by schemactl 0.1.0 for postgres; run it with: psql --file FILE
    \set ON_ERROR_STOP on
    SET standard_conforming_strings = on;
    SET client_min_messages = warning;
    SET TimeZone = 'UTC';
    SET DateStyle = 'ISO, MDY';

    -- 0001_first_tables (up)
    BEGIN;
    CREATE TABLE IF NOT EXISTS "schemactl_journal" (seq bigint NOT NULL CONSTRAINT schemactl_journal_pkey PRIMARY KEY, format text NOT NULL, run text NOT NULL, event text NOT NULL, revision text, name text, digest text, state text, direction text, segment bigint, statement bigint, sql_digest text, started text NOT NULL, finished text NOT NULL, duration_ms bigint NOT NULL, tool text NOT NULL, actor text NOT NULL, message text);
    LOCK TABLE "schemactl_journal" IN SHARE ROW EXCLUSIVE MODE;
    DO $schemactl$
    BEGIN
        IF ((SELECT count(*) FROM "schemactl_journal" AS held WHERE held.event IN ('applied', 'stamped') AND held.seq > coalesce((SELECT max(seq) FROM "schemactl_journal" WHERE event = 'purged'), 0) AND NOT EXISTS (SELECT 1 FROM "schemactl_journal" AS later WHERE later.revision = held.revision AND later.seq > held.seq AND later.event IN ('applied', 'rolled-back', 'stamped', 'unstamped'))) = 0 AND NOT EXISTS (SELECT 1 FROM "schemactl_journal" AS part WHERE part.seq > coalesce((SELECT max(seq) FROM "schemactl_journal" WHERE event IN ('applied', 'rolled-back', 'stamped', 'unstamped', 'purged')), 0) AND (part.event = 'done' OR part.event = 'intended' AND NOT EXISTS (SELECT 1 FROM "schemactl_journal" AS later WHERE later.event = 'failed' AND later.seq > part.seq AND later.revision = part.revision AND later.direction = part.direction AND later.segment = part.segment AND coalesce(later.statement, -1) = coalesce(part.statement, -1))))) IS NOT TRUE THEN
            RAISE EXCEPTION USING MESSAGE = 'the database is not at base';
        END IF;
    END
    $schemactl$;
    CREATE TYPE "status" AS ENUM ('draft', 'published', 'archived');
    CREATE TABLE "users" (
        "id" bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL,
        "email" varchar(320) NOT NULL,
        "name" text,
        CONSTRAINT "users_pkey" PRIMARY KEY ("id"),
        CONSTRAINT "users_email_key" UNIQUE ("email")
    );
    CREATE TABLE "posts" (
        "id" bigint GENERATED BY DEFAULT AS IDENTITY NOT NULL,
        "author_id" bigint NOT NULL,
        "title" varchar(80) NOT NULL,
        "status" "status" DEFAULT 'draft' NOT NULL,
        CONSTRAINT "posts_pkey" PRIMARY KEY ("id"),
        CONSTRAINT "posts_author_id_fkey" FOREIGN KEY ("author_id") REFERENCES "users" ("id") ON DELETE CASCADE
    );
    CREATE INDEX "posts_author_id_idx" ON "posts" ("author_id");
    INSERT INTO "schemactl_journal" (seq, format, run, event, revision, name, digest, state, direction, segment, statement, sql_digest, started, finished, duration_ms, tool, actor, message) VALUES ((SELECT next FROM (SELECT coalesce(max(seq), 0) + 1 AS next FROM "schemactl_journal") AS known), 'j1', 'script', 'applied', '8a9efc16423f', '0001_first_tables', 'r1:5d6b7dd306d36895439d3408408c9eb9de6f1f68a95d417001012bfe434ae993', 's1:aef2f35051bd0d8bf77ae9285710bafbdd4fa886f9dce0b3f4a2adfd64078a82', NULL, NULL, NULL, 't1:85f4962ae0d3d3fb0951f974f93b44134054bf3e1d2e59897d419780aa164073', to_char(transaction_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), (extract(epoch FROM clock_timestamp() - transaction_timestamp()) * 1000)::bigint, '0.1.0', session_user || '@' || coalesce(host(inet_client_addr()), 'localhost'), NULL);
    COMMIT;
    "#);
    assert_snapshot!(project.run(&["rollback", "--sql"]), @r#"
    -- rollback from 0001_first_tables to base
    -- written by schemactl 0.1.0 for sqlite; run it with: sqlite3 DATABASE < FILE
    .bail on
    PRAGMA foreign_keys = ON;

    -- 0001_first_tables (down)
    -- loses all rows of `posts`
    -- loses all rows of `users`
    PRAGMA foreign_keys = OFF;
    BEGIN IMMEDIATE;
    CREATE TEMP TABLE schemactl_clock AS SELECT julianday('now') AS started;
    CREATE TEMP TABLE schemactl_violations AS SELECT "table", rowid AS number, parent FROM pragma_foreign_key_check;
    CREATE TABLE IF NOT EXISTS "schemactl_journal" (seq bigint NOT NULL CONSTRAINT schemactl_journal_pkey PRIMARY KEY, format text NOT NULL, run text NOT NULL, event text NOT NULL, revision text, name text, digest text, state text, direction text, segment bigint, statement bigint, sql_digest text, started text NOT NULL, finished text NOT NULL, duration_ms bigint NOT NULL, tool text NOT NULL, actor text NOT NULL, message text);
    CREATE TEMP TABLE schemactl_check (holds CONSTRAINT "the database is not at 0001_first_tables" CHECK (holds IS TRUE));
    INSERT INTO temp.schemactl_check SELECT ((SELECT count(*) FROM "schemactl_journal" AS held WHERE held.event IN ('applied', 'stamped') AND held.seq > coalesce((SELECT max(seq) FROM "schemactl_journal" WHERE event = 'purged'), 0) AND NOT EXISTS (SELECT 1 FROM "schemactl_journal" AS later WHERE later.revision = held.revision AND later.seq > held.seq AND later.event IN ('applied', 'rolled-back', 'stamped', 'unstamped'))) = 1 AND NOT EXISTS (SELECT 1 FROM "schemactl_journal" AS part WHERE part.seq > coalesce((SELECT max(seq) FROM "schemactl_journal" WHERE event IN ('applied', 'rolled-back', 'stamped', 'unstamped', 'purged')), 0) AND (part.event = 'done' OR part.event = 'intended' AND NOT EXISTS (SELECT 1 FROM "schemactl_journal" AS later WHERE later.event = 'failed' AND later.seq > part.seq AND later.revision = part.revision AND later.direction = part.direction AND later.segment = part.segment AND coalesce(later.statement, -1) = coalesce(part.statement, -1)))) AND (SELECT count(*) FROM "schemactl_journal" AS held WHERE held.event IN ('applied', 'stamped') AND held.seq > coalesce((SELECT max(seq) FROM "schemactl_journal" WHERE event = 'purged'), 0) AND NOT EXISTS (SELECT 1 FROM "schemactl_journal" AS later WHERE later.revision = held.revision AND later.seq > held.seq AND later.event IN ('applied', 'rolled-back', 'stamped', 'unstamped')) AND held.digest IN ('r1:5d6b7dd306d36895439d3408408c9eb9de6f1f68a95d417001012bfe434ae993')) = 1);
    DROP TABLE temp.schemactl_check;
    DROP TABLE "posts";
    DROP TABLE "users";
    INSERT INTO "schemactl_journal" (seq, format, run, event, revision, name, digest, state, direction, segment, statement, sql_digest, started, finished, duration_ms, tool, actor, message) VALUES ((SELECT next FROM (SELECT coalesce(max(seq), 0) + 1 AS next FROM "schemactl_journal") AS known), 'j1', 'script', 'rolled-back', '8a9efc16423f', '0001_first_tables', 'r1:5d6b7dd306d36895439d3408408c9eb9de6f1f68a95d417001012bfe434ae993', 's1:af1349b9f5f9a1a6a0404dea36dcc9499bcb25c9adc112b7cc9a93cae41f3262', NULL, NULL, NULL, 't1:775d697be42410d0b7b8581dd7c1cc80ae6eae80ca26aa819614d4f2ede7ceb1', strftime('%Y-%m-%dT%H:%M:%fZ', (SELECT started FROM temp.schemactl_clock)), strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), CAST(round((julianday('now') - (SELECT started FROM temp.schemactl_clock)) * 86400000) AS integer), '0.1.0', 'sqlite3@localhost', NULL);
    CREATE TEMP TABLE schemactl_check (holds CONSTRAINT "a row refers to a row that is not there: see PRAGMA foreign_key_check" CHECK (holds IS TRUE));
    INSERT INTO temp.schemactl_check SELECT (NOT EXISTS (SELECT "table", rowid AS number, parent FROM pragma_foreign_key_check EXCEPT SELECT * FROM temp.schemactl_violations));
    DROP TABLE temp.schemactl_check;
    DROP TABLE temp.schemactl_violations;
    DROP TABLE temp.schemactl_clock;
    COMMIT;
    PRAGMA foreign_keys = ON;
    "#);
    assert_snapshot!(project.run(&["stamp", "head", "--sql", "--dialect=postgres"]), @r#"
    -- stamp from base to 0001_first_tables
    -- written by schemactl 0.1.0 for postgres; run it with: psql --file FILE
    \set ON_ERROR_STOP on
    SET standard_conforming_strings = on;
    SET client_min_messages = warning;
    SET TimeZone = 'UTC';
    SET DateStyle = 'ISO, MDY';

    BEGIN;
    CREATE TABLE IF NOT EXISTS "schemactl_journal" (seq bigint NOT NULL CONSTRAINT schemactl_journal_pkey PRIMARY KEY, format text NOT NULL, run text NOT NULL, event text NOT NULL, revision text, name text, digest text, state text, direction text, segment bigint, statement bigint, sql_digest text, started text NOT NULL, finished text NOT NULL, duration_ms bigint NOT NULL, tool text NOT NULL, actor text NOT NULL, message text);
    LOCK TABLE "schemactl_journal" IN SHARE ROW EXCLUSIVE MODE;
    DO $schemactl$
    BEGIN
        IF ((SELECT count(*) FROM "schemactl_journal" AS held WHERE held.event IN ('applied', 'stamped') AND held.seq > coalesce((SELECT max(seq) FROM "schemactl_journal" WHERE event = 'purged'), 0) AND NOT EXISTS (SELECT 1 FROM "schemactl_journal" AS later WHERE later.revision = held.revision AND later.seq > held.seq AND later.event IN ('applied', 'rolled-back', 'stamped', 'unstamped'))) = 0 AND NOT EXISTS (SELECT 1 FROM "schemactl_journal" AS part WHERE part.seq > coalesce((SELECT max(seq) FROM "schemactl_journal" WHERE event IN ('applied', 'rolled-back', 'stamped', 'unstamped', 'purged')), 0) AND (part.event = 'done' OR part.event = 'intended' AND NOT EXISTS (SELECT 1 FROM "schemactl_journal" AS later WHERE later.event = 'failed' AND later.seq > part.seq AND later.revision = part.revision AND later.direction = part.direction AND later.segment = part.segment AND coalesce(later.statement, -1) = coalesce(part.statement, -1))))) IS NOT TRUE THEN
            RAISE EXCEPTION USING MESSAGE = 'the database is not at base';
        END IF;
    END
    $schemactl$;
    INSERT INTO "schemactl_journal" (seq, format, run, event, revision, name, digest, state, direction, segment, statement, sql_digest, started, finished, duration_ms, tool, actor, message) VALUES ((SELECT next FROM (SELECT coalesce(max(seq), 0) + 1 AS next FROM "schemactl_journal") AS known), 'j1', 'script', 'stamped', '8a9efc16423f', '0001_first_tables', 'r1:5d6b7dd306d36895439d3408408c9eb9de6f1f68a95d417001012bfe434ae993', 's1:aef2f35051bd0d8bf77ae9285710bafbdd4fa886f9dce0b3f4a2adfd64078a82', NULL, NULL, NULL, NULL, to_char(transaction_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), (extract(epoch FROM clock_timestamp() - transaction_timestamp()) * 1000)::bigint, '0.1.0', session_user || '@' || coalesce(host(inet_client_addr()), 'localhost'), NULL);
    COMMIT;
    "#);
    assert_snapshot!(project.run(&["apply", "head:base", "--sql"]), @"
    ----- stderr
    error[E835]: the target lies behind `head`, where the script begins
    help: use `schemactl rollback --sql`, or name another beginning with `--from`
    explain: schemactl explain E835
    ----- exit 2
    ");
    assert_snapshot!(project.run(&["apply", "--from", "1"]), @"
    ----- stderr
    error: the following required arguments were not provided:
      --sql

    Usage: schemactl apply --sql --from <REVISION> [TARGET]

    For more information, try '--help'.
    ----- exit 2
    ");
    assert!(!project.path("shop.db").exists());
}

#[test]
fn a_stamp_by_script_is_the_stamp_of_a_run() {
    let project = two_revisions();
    for arguments in [&["head"][..], &["head:1"], &["base", "--from=1"], &["head", "--purge"]] {
        let script = [&["stamp", "--sql"], arguments].concat();
        play(&project, "script.db", &project.run(&script).ok()).unwrap();
        let place = arguments[0].trim_start_matches("head:");
        let mut stamp = vec!["stamp", place, "-q", "--force", "--url=sqlite://run.db"];
        stamp.extend(arguments.iter().filter(|word| **word == "--purge"));
        project.run(&stamp).ok();
        assert_eq!(holdings(&project, "script.db"), holdings(&project, "run.db"), "{arguments:?}");
    }
}

#[test]
fn what_a_client_cannot_run_on_a_condition_is_named() {
    let project = Project::empty();
    project.write("schemactl.kdl", "project shop { dialects mysql }\n").write(
        "schema/shop.kdl",
        "table users { column id bigint primary-key }\n\
         object touch { depends-on users; create \"CREATE PROCEDURE touch() UPDATE users SET id = id\"; \
         drop \"DROP PROCEDURE touch\" }\n",
    );
    project.run(&["plan", "-q", "-m", "first"]).ok();
    assert_snapshot!(project.run(&["sql", "base..head", "--idempotent", "--dialect=mysql"]), @"
    ----- stderr
    error[E753]: a client of MySQL can't run this on a condition: `CREATE PROCEDURE touch() UPDATE users SET id = id`
    help: leave out `--idempotent`, and name with `--from` where the database is
    explain: schemactl explain E753
    ----- exit 1
    ");
    // Without the condition, and with the client of MariaDB. Both would leave out comments.
    let script = project.run(&["sql", "base..head", "--dialect=mysql"]).ok();
    assert!(script.contains("run it with: mysql --comments DATABASE < FILE"), "{script}");
    let script = project.run(&["sql", "base..head", "--idempotent", "--dialect=mariadb"]).ok();
    assert!(script.contains("run it with: mariadb --comments DATABASE < FILE"), "{script}");
}
