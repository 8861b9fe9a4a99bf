//! `schemactl import`: the files of other tools, on databases that are files or in memory.

use insta::assert_snapshot;

use crate::support::project::Project;
use crate::support::sql;

/// Three steps of every kind of effect, as `VERSION_name.sql`.
const STEPS: [(&str, &str, &str); 3] = [
    ("1", "create users", "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT NOT NULL);"),
    (
        "2",
        "people",
        "ALTER TABLE users RENAME TO people;\nALTER TABLE people RENAME COLUMN name TO full_name;\n\
         INSERT INTO people (full_name) VALUES ('a;b');\n",
    ),
    ("3", "posts", "CREATE TABLE posts (id INTEGER PRIMARY KEY, author INT REFERENCES people (id));"),
];

/// A folder with the steps as a tool names and marks them.
fn with_steps(tool: &str) -> Project {
    let project = Project::empty();
    for (version, name, sql) in STEPS {
        let name = name.replace(' ', "_");
        let (file, text) = match tool {
            "sqlx" | "atlas" => (format!("{version}_{name}.sql"), sql.to_owned()),
            "refinery" | "flyway" => (format!("V{version}__{name}.sql"), sql.to_owned()),
            "diesel" => (format!("2026-01-0{version}-000000_{name}/up.sql"), sql.to_owned()),
            "dbmate" => (format!("{version}_{name}.sql"), format!("-- migrate:up\n{sql}\n-- migrate:down\n")),
            "golang-migrate" => (format!("{version}_{name}.up.sql"), sql.to_owned()),
            "goose" => (format!("{version}_{name}.sql"), format!("-- +goose Up\n{sql}\n-- +goose Down\n")),
            other => panic!("{other}"),
        };
        project.write(&format!("steps/{file}"), text);
    }
    project
}

/// What the tool writes down when two of the steps have run.
fn books(tool: &str) -> &'static str {
    match tool {
        "sqlx" => {
            "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT, installed_on TIMESTAMP, \
             success BOOLEAN, checksum BLOB, execution_time BIGINT);\
             INSERT INTO _sqlx_migrations VALUES (1, '', '', TRUE, x'00', 1), (2, '', '', TRUE, x'00', 1)"
        }
        "refinery" => {
            "CREATE TABLE refinery_schema_history (version int4 PRIMARY KEY, name TEXT, applied_on TEXT, checksum TEXT);\
             INSERT INTO refinery_schema_history VALUES (1, 'a', '', ''), (2, 'b', '', '')"
        }
        "diesel" => {
            "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP);\
             INSERT INTO __diesel_schema_migrations VALUES ('20260101000000', ''), ('20260102000000', '')"
        }
        "flyway" => {
            "CREATE TABLE flyway_schema_history (installed_rank INT PRIMARY KEY, version TEXT, description TEXT, \
             type TEXT, script TEXT, checksum INT, installed_by TEXT, installed_on TEXT, execution_time INT, \
             success BOOLEAN);\
             INSERT INTO flyway_schema_history VALUES (1, '1', '', 'SQL', '', 0, '', '', 0, 1), \
             (2, '2', '', 'SQL', '', 0, '', '', 0, 1)"
        }
        "dbmate" => {
            "CREATE TABLE schema_migrations (version VARCHAR(128) PRIMARY KEY);\
             INSERT INTO schema_migrations VALUES ('1'), ('2')"
        }
        "golang-migrate" => {
            "CREATE TABLE schema_migrations (version uint64, dirty bool);\
             INSERT INTO schema_migrations VALUES (2, false)"
        }
        "goose" => {
            "CREATE TABLE goose_db_version (id INTEGER PRIMARY KEY AUTOINCREMENT, version_id INTEGER NOT NULL, \
             is_applied INTEGER NOT NULL, tstamp TIMESTAMP);\
             INSERT INTO goose_db_version (version_id, is_applied) VALUES (0, 1), (1, 1), (2, 1)"
        }
        "atlas" => {
            "CREATE TABLE atlas_schema_revisions (version TEXT PRIMARY KEY, description TEXT, type INT, applied INT, \
             total INT, executed_at TEXT, execution_time INT, error TEXT, error_stmt TEXT, hash TEXT, \
             partial_hashes TEXT, operator_version TEXT);\
             INSERT INTO atlas_schema_revisions (version, type, applied, total) VALUES ('1', 2, 1, 1), ('2', 2, 3, 3)"
        }
        other => panic!("{other}"),
    }
}

const TOOLS: [&str; 8] =
    ["sqlx", "refinery", "diesel", "flyway", "dbmate", "golang-migrate", "goose", "atlas"];

#[test]
fn every_tool_is_followed_to_where_its_database_stands() {
    for tool in TOOLS {
        let project = with_steps(tool);
        let url = project.sqlite("live.db");
        for (_, _, step) in &STEPS[..2] {
            sql::execute(&url, step);
        }
        sql::execute(&url, books(tool));
        project.run(&["import", "--from", tool, "steps", "--url", "sqlite://live.db"]).ok();
        let status = project.run(&["status"]).ok();
        assert!(status.contains("at         0002_people"), "{tool}: {status}");
        assert!(status.contains("pending    1"), "{tool}: {status}");
        project.run(&["check"]).ok();
        project.run(&["drift"]).ok();
        project.run(&["prove"]).ok();
        project.run(&["apply"]).ok();
        assert_eq!(sql::rows(&url, "SELECT full_name FROM people"), ["a;b"], "{tool}");
        project.run(&["apply", "--url", "sqlite://new.db"]).ok();
        assert_eq!(sql::rows(&project.sqlite("new.db"), "SELECT full_name FROM people"), ["a;b"], "{tool}");
    }
}

#[test]
fn a_chain_says_what_the_steps_did() {
    let project = with_steps("sqlx");
    assert_snapshot!(project.run(&["import", "sqlx", "steps"]), @"
    ----- stderr
            Read 3 steps of sqlx
         Created schemactl.kdl
         Created schema/ with 1 file
         Created revisions/ with 3 files
         Created snapshots/ with 3 files
         Created .gitattributes
    next: `schemactl log`, and `schemactl prove` tries every revision
    ");
    assert_snapshot!(project.run(&["show", "0002_people"]), @r#"
    message  people
    id       0128511c923c
    parent   0001_create_users
    created  2026-11-21T10:00:00Z

    0002_people                                             d37c7863 → 893adb55
      -> table        users              users → people
      -> column       people.name        name → full_name
      -> primary key  people.users_pkey  users_pkey → people_pkey
      »  data         insert-people      irreversible: `2_people.sql` doesn't say how its rows come back
    4 steps: 3 to rename, 1 to move data · 1 transaction · undo: no, `insert-people` is irreversible
    "#);
    assert!(
        project.read("revisions/0002_people.kdl").contains("INSERT INTO people (full_name) VALUES ('a;b')")
    );
}

#[test]
fn rows_come_back_as_the_tool_says() {
    let project = Project::empty();
    project.write("m/1_a.up.sql", "CREATE TABLE a (id INTEGER PRIMARY KEY, n INT);");
    project.write("m/1_a.down.sql", "DROP TABLE a;");
    project.write("m/2_b.up.sql", "INSERT INTO a (id, n) VALUES (70, 1);\nCREATE TABLE b (c INT);");
    project.write("m/2_b.down.sql", "DROP TABLE b;\nDELETE FROM a WHERE id = 70;");
    project.write("m/3_c.up.sql", "UPDATE a SET n = 2 WHERE id = 70;");
    project.write("m/3_c.down.sql", "UPDATE gone SET n = 1;");
    project.write("m/4_d.up.sql", "UPDATE a SET n = 3 WHERE id = 70;");
    assert_snapshot!(project.run(&["import", "golang-migrate", "m"]), @r#"
    ----- stderr
    warning[E916]: the way back of `3_c.up.sql` doesn't fit: its rows don't come back
    help: write `down` of the hook by hand: `schemactl edit`
    explain: schemactl explain E916
            Read 4 steps of golang-migrate
         Created schemactl.kdl
         Created schema/ with 1 file
         Created revisions/ with 4 files
         Created snapshots/ with 2 files
         Created .gitattributes
    next: `schemactl log`, and `schemactl prove` tries every revision
    "#);
    let hook = |file: &str| {
        let text = project.read(file);
        text.lines()
            .skip_while(|line| !line.trim().starts_with("down"))
            .take(2)
            .collect::<Vec<_>>()
            .join("\n")
    };
    assert_snapshot!([hook("revisions/0002_b.kdl"), hook("revisions/0003_c.kdl"), hook("revisions/0004_d.kdl")].join("\n"), @r#"
        down (sql)"DELETE FROM a WHERE id = 70;"
    }
        down irreversible reason="`3_c.up.sql` doesn't say how its rows come back"
    }
        down irreversible reason="`4_d.up.sql` doesn't say how its rows come back"
    }
    "#);
}

/// Rows that go through a table of the session: it is made and dropped by the hook that uses it, so the next step can have
/// one of the same name.
#[test]
fn a_temporary_table_goes_with_the_rows_that_it_was_for() {
    let project = Project::empty();
    project.write(
        "steps/1_a.sql",
        "CREATE TABLE a (id INTEGER PRIMARY KEY); INSERT INTO a VALUES (1); \
         CREATE TEMP TABLE kept (id INT); INSERT INTO kept SELECT id FROM a;",
    );
    for step in [2, 3] {
        project.write(
            &format!("steps/{step}_copy.sql"),
            format!(
                "CREATE TEMP TABLE Held (id INT); CREATE INDEX held_id ON held (id); \
                 INSERT INTO held SELECT id + {step} FROM a; INSERT OR IGNORE INTO a SELECT id FROM held; DROP TABLE held;"
            ),
        );
    }
    project.write(
        "steps/4_held.sql",
        "CREATE TABLE held (id INT); INSERT INTO held VALUES (1); DROP TABLE a; \
         ALTER TABLE held ADD COLUMN n INT; CREATE TABLE kept (id INT);",
    );
    project.run(&["import", "sqlx", "steps", "-q"]).ok();
    let shown = project.run(&["show", "2", "--sql"]).ok();
    assert!(shown.contains("DROP TABLE held"), "{shown}");
    assert!(project.read("revisions/0004_held.kdl").contains("create-table kept"));
    project.run(&["apply", "3", "-q", "--url", "sqlite://new.db"]).ok();
    assert_eq!(sql::rows(&project.sqlite("new.db"), "SELECT id FROM a ORDER BY id"), ["1", "3", "4", "6"]);
    project.run(&["apply", "-q", "--url", "sqlite://new.db", "--allow-destructive", "all"]).ok();
    assert_snapshot!(project.run(&["inspect", "--url", "sqlite://new.db"]), @"
    table held {
        column id int nullable
        column n int nullable
    }

    table kept {
        column id int nullable
    }
    ");
}

/// What went through a table of the session into one that the step made is gone with that, but not what went into another.
#[test]
fn rows_that_went_through_a_temporary_table_go_with_the_table_that_got_them() {
    let project = Project::empty();
    project.write("steps/1_a.sql", "CREATE TABLE a (id INTEGER PRIMARY KEY); INSERT INTO a VALUES (1);");
    project.write(
        "steps/2_b.sql",
        "CREATE TABLE b (id INTEGER PRIMARY KEY); CREATE TEMP TABLE held (id INT); \
         INSERT INTO held SELECT id FROM a; INSERT INTO b SELECT id FROM held; DROP TABLE held;",
    );
    project.write(
        "steps/3_c.sql",
        "CREATE TABLE c (id INTEGER PRIMARY KEY); CREATE TEMP TABLE b (id INT); INSERT INTO b SELECT id FROM a; \
         INSERT INTO c SELECT id FROM b; DROP TABLE b; INSERT INTO b SELECT id + 1 FROM a;",
    );
    project.run(&["import", "sqlx", "steps", "-q"]).ok();
    project.run(&["apply", "2", "-q", "--url", "sqlite://new.db"]).ok();
    project.run(&["rollback", "1", "-q", "--url", "sqlite://new.db", "--allow-destructive", "all"]).ok();
    project.run(&["apply", "-q", "--url", "sqlite://new.db"]).ok();
    assert_eq!(sql::rows(&project.sqlite("new.db"), "SELECT id FROM b"), ["1", "2"]);
    assert!(project.read("revisions/0003_c.kdl").contains("down irreversible"));
}

#[test]
fn a_database_that_differs_is_not_stamped() {
    let project = with_steps("sqlx");
    let url = project.sqlite("live.db");
    for (_, _, step) in &STEPS[..2] {
        sql::execute(&url, step);
    }
    sql::execute(&url, books("sqlx"));
    sql::execute(&url, "CREATE INDEX by_hand ON people (full_name)");
    assert_snapshot!(project.run(&["import", "sqlx", "steps", "--url", "sqlite://live.db"]), @"
    ----- stderr
    warning[E917]: the database is not what its steps up to `0002_people` lead to, so it is not stamped
    help: look at the differences: `schemactl stamp 0002_people`, which records it with `--force`
    explain: schemactl explain E917
            Read 3 steps of sqlx
         Created schemactl.kdl
         Created schema/ with 1 file
         Created revisions/ with 3 files
         Created snapshots/ with 3 files
         Created .gitattributes
    1 thing in the database is not part of the schema:
      table  _sqlx_migrations: keeps what sqlx has run
    `_sqlx_migrations` was left alone: drop it by hand once nobody needs it, and let schemactl alone change the schema
    next: `schemactl log`, and `schemactl prove --url URL` tries every revision
    ----- exit 4
    ");
    let stamped = project.run(&["stamp", "0002_people"]);
    assert!(stamped.stdout.contains("1 difference from the state to be stamped"), "{}", stamped.stdout);
}

#[test]
fn what_cannot_be_imported_is_named_and_nothing_is_written() {
    let project = Project::empty();
    project
        .write("broken/1_a.sql", "CREATE TABLE a (b int);")
        .write("broken/2_b.sql", "CREATE INDEX i ON gone (x);");
    project.write("open/1_a.sql", "SELECT 'x");
    project.write("empty/readme.md", "");
    project.write("gap/1_a.sql", "").write("gap/2_b.sql", "").write("gap/4_c.sql", "");
    let files = project.files();
    assert_snapshot!(project.run(&["import", "sqlx", "broken"]), @r#"
    ----- stderr
    error[E910]: `2_b.sql` fails on a scratch database: no such table: main.gone
    statement: CREATE INDEX i ON gone (x)
    help: mend the step, or make the scratch database a server of the right kind with `--url`
    explain: schemactl explain E910
    ----- exit 1
    "#);
    assert_snapshot!(project.run(&["import", "sqlx", "open"]), @r#"
    ----- stderr
    error[E906]: `1_a.sql`, read by the rules of sqlite: a string that opens at byte 7 is never closed
    help: mend the file, or name a server of the kind that it is for with `--url`, and import again
    explain: schemactl explain E906
    ----- exit 1
    "#);
    assert_snapshot!(project.run(&["import", "sqlx", "empty"]), @r#"
    ----- stderr
    error[E901]: sqlx finds no steps in the folder: its files are `VERSION_name.sql`, or `VERSION_name.up.sql` with `VERSION_name.down.sql`
    help: name the folder that the files are in, and the tool that wrote them
    explain: schemactl explain E901
    ----- exit 1
    "#);
    assert_snapshot!(project.run(&["import", "sqlx", "nowhere"]), @r#"
    ----- stderr
    error[E901]: can't read `nowhere`: it doesn't exist
    help: name the folder that the tool's files are in
    explain: schemactl explain E901
    ----- exit 1
    "#);
    assert_snapshot!(project.run(&["import", "sqlx", "gap"]), @r#"
    ----- stderr
    error[E903]: the steps are numbered, and there is no 3
    help: put the file back, or say that it never was: `--allow-gaps`
    explain: schemactl explain E903
    ----- exit 1
    "#);
    assert_snapshot!(project.run(&["import", "sqlxx", "gap"]), @r#"
    ----- stderr
    error[E914]: `sqlxx` is no tool whose files are known
    help: did you mean `sqlx`?
    explain: schemactl explain E914
    ----- exit 2
    "#);
    assert_snapshot!(project.run(&["import", "gap"]), @r#"
    ----- stderr
    error[E914]: `gap` alone doesn't say which tool wrote which folder
    help: write `schemactl import TOOL DIR`, where TOOL is one of alembic, sqlx, refinery, diesel, flyway, dbmate, golang-migrate, goose, atlas
    explain: schemactl explain E914
    ----- exit 2
    "#);
    assert_snapshot!(project.run(&["import", "sqlx", "gap", "--from", "goose"]), @r#"
    ----- stderr
    error[E914]: `--from goose` names a tool, and so do the words behind `import`
    help: write `schemactl import TOOL DIR`, where TOOL is one of alembic, sqlx, refinery, diesel, flyway, dbmate, golang-migrate, goose, atlas
    explain: schemactl explain E914
    ----- exit 2
    "#);
    assert_eq!(project.files(), files);
    project.run(&["import", "sqlx", "gap", "--allow-gaps"]).ok();
    assert_snapshot!(project.run(&["import", "sqlx", "gap", "--allow-gaps"]), @"
    ----- stderr
    error[E802]: `schemactl.kdl` exists: there is a project already
    help: work on that one, or begin the project elsewhere with `--project DIR`
    explain: schemactl explain E802
    ----- exit 2
    ");
}

/// Versions of Alembic's, and a database on which they have run up to one of them.
fn with_versions(at: &[&str]) -> Project {
    let project = Project::empty();
    project.write("app/alembic.ini", "[alembic]\nscript_location = %(here)s/db\n");
    let version = |id: &str, parents: &str, message: &str| {
        format!(
            "\"\"\"{message}\n\nRevises:\n\"\"\"\nfrom alembic import op\n\nrevision: str = '{id}'\ndown_revision = {parents}\n\n\ndef upgrade():\n    op.execute('')\n"
        )
    };
    project.write("app/db/versions/a_users.py", version("1975ea83b712", "None", "create users"));
    project.write("app/db/versions/b_posts.py", version("ae1027a6acf", "'1975ea83b712'", "add posts"));
    let url = project.sqlite("live.db");
    sql::execute(
        &url,
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL PRIMARY KEY); CREATE TABLE users (id INTEGER PRIMARY KEY)",
    );
    for id in at {
        sql::execute(&url, &format!("INSERT INTO alembic_version VALUES ('{id}')"));
    }
    project
}

#[test]
fn alembic_is_followed_by_what_its_database_has() {
    let project = with_versions(&["ae1027a6acf"]);
    assert_snapshot!(project.run(&["import", "alembic", "app", "--url", "sqlite://live.db"]), @"
    ----- stderr
            Read 2 versions of Alembic's, 1 head: `ae1027a6acf` (add posts)
         Created schemactl.kdl
         Created schema/ with 1 file
         Created revisions/ with 1 file
         Created snapshots/ with 1 file
         Created .gitattributes
         Stamped 0001_baseline_from_alembic_at_ae1027a6acf
    1 thing in the database is not part of the schema:
      table  alembic_version: keeps what Alembic has run
    `alembic_version` was left alone: drop it by hand once nobody needs it, and let schemactl alone change the schema
    next: `schemactl status`, then edit the schema and `schemactl plan`
    ");
    assert_snapshot!(project.run(&["status"]), @r#"
    database   sqlite://live.db (dev)
    at         0001_baseline_from_alembic_at_ae1027a6acf
    applied    1
    pending    0
    "#);
    project.run(&["drift"]).ok();
    project.run(&["show", "alembic-ae1027a6acf"]).ok();
}

#[test]
fn alembic_is_refused_where_its_files_and_the_database_part() {
    let project = with_versions(&["1975ea83b712"]);
    let import = |folder: &str, url: &str| project.run(&["import", "alembic", folder, "--url", url]);
    let files = project.files();
    assert_snapshot!(import("app", "sqlite://live.db"), @r#"
    ----- stderr
    error[E912]: the database lacks 1 version: `ae1027a6acf` (add posts)
    help: run `alembic upgrade heads`, then import again
    explain: schemactl explain E912
    ----- exit 1
    "#);
    assert_snapshot!(project.run(&["import", "alembic", "app"]), @r#"
    ----- stderr
    error[E911]: 2 versions of Alembic's were read, 1 head: `ae1027a6acf` (add posts); what they make only a database knows
    help: name one that is at the head: `--url URL`
    explain: schemactl explain E911
    ----- exit 1
    "#);
    sql::execute(&project.sqlite("other.db"), "CREATE TABLE t (a int)");
    assert_snapshot!(import("app", "sqlite://other.db"), @r#"
    ----- stderr
    error[E911]: `sqlite://other.db` has no table `alembic_version`, so Alembic has run nothing there
    help: name the database that Alembic works on, or begin with its schema alone: `schemactl init --from URL`
    explain: schemactl explain E911
    ----- exit 1
    "#);
    sql::execute(&project.sqlite("live.db"), "UPDATE alembic_version SET version_num = 'gone'");
    assert_snapshot!(import("app", "sqlite://live.db"), @r#"
    ----- stderr
    error[E909]: the database is at version `gone`, which no file of the folder is
    help: name the folder that this database's versions are in, as it is where they were last applied
    explain: schemactl explain E909
    ----- exit 1
    "#);
    project.write(
        "app/db/versions/c.py",
        "import uuid\nrevision = uuid.uuid4().hex\ndown_revision = 'ae1027a6acf'\n",
    );
    assert_snapshot!(import("app", "sqlite://live.db"), @r#"
    ----- stderr
    error[E907]: `c.py` computes its `revision`, and no code is run here
    help: write the value out as text, `None` or a tuple of texts: `alembic history` prints it
    explain: schemactl explain E907
    ----- exit 1
    "#);
    let now = project.files();
    assert_eq!(
        now.iter().filter(|file| !files.contains(file)).collect::<Vec<_>>(),
        ["app/db/versions/c.py", "other.db"]
    );
}

#[test]
fn folders_in_the_folder_count_where_the_tool_looks_into_them() {
    for tool in TOOLS {
        let project = with_steps(tool);
        for file in project.files() {
            let below = file.strip_prefix("steps/").unwrap();
            project.write(&format!("steps/old/{below}"), project.read(&file));
        }
        // Two files of one version are a mistake.
        let looks_into = ["refinery", "diesel", "flyway"].contains(&tool);
        let import = project.run(&["import", tool, "steps"]);
        assert_eq!(import.stderr.contains("E902"), looks_into, "{tool}: {import}");
        assert_eq!(import.code == Some(0), !looks_into, "{tool}: {import}");
    }
}
