//! Scripts held against runs: what `psql`, `sqlite3` and `mariadb` make of a script is what a run makes, in the
//! catalog and in the journal, from every place in the chain to every other.

use std::fs::File;
use std::process::Command;

use url::Url;

use crate::support::project::Project;
use crate::support::{mysql, postgres, sql};

/// A database and the program that runs scripts on it.
pub enum Client {
    Sqlite(String),
    Postgres(postgres::TestDatabase),
    Mysql(mysql::TestDatabase),
}

/// A kind of client, for databases of which there can be many.
pub type Kind = fn(&Project, &str) -> Client;

pub const KINDS: [Kind; 3] = [
    |project, name| Client::Sqlite(project.sqlite(&format!("{name}.db"))),
    |_, name| Client::Postgres(postgres::database(name)),
    |_, name| Client::Mysql(mysql::database(name)),
];

impl Client {
    pub fn url(&self) -> &str {
        match self {
            Self::Sqlite(url) => url,
            Self::Postgres(database) => &database.url,
            Self::Mysql(database) => &database.url,
        }
    }

    pub fn dialect(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Postgres(_) => "postgres",
            Self::Mysql(_) if mysql::is_mariadb() => "mariadb",
            Self::Mysql(_) => "mysql",
        }
    }

    /// Runs a script as its first lines say; what the program complained about if it failed.
    pub fn play(&self, project: &Project, script: &str) -> Result<(), String> {
        project.write("script.sql", script);
        let input = File::open(project.path("script.sql")).unwrap();
        let mut command = match self {
            Self::Sqlite(url) => {
                let mut command = Command::new("sqlite3");
                command.arg(url.trim_start_matches("sqlite://")).stdin(input);
                command
            }
            Self::Postgres(database) => {
                let mut command = Command::new("psql");
                command.args(["--no-psqlrc", "--quiet", "--dbname", &database.url, "--file", "script.sql"]);
                command
            }
            Self::Mysql(database) => {
                let url: Url = database.url.parse().unwrap();
                let mut command = Command::new("mariadb");
                command.args(["--no-defaults", "--protocol=TCP", "--host", url.host_str().unwrap()]);
                command
                    .arg(format!("--port={}", url.port().unwrap()))
                    .arg(format!("--user={}", url.username()));
                command.arg(format!("--password={}", url.password().unwrap_or_default()));
                command.arg(url.path().trim_start_matches('/')).stdin(input);
                command
            }
        };
        let output = command
            .current_dir(project.path(""))
            .output()
            .unwrap_or_else(|error| panic!("{command:?}: {error}"));
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        if output.status.success() { Ok(()) } else { Err(said) }
    }

    /// What the database holds: its catalog, its rows, and the journal apart from who ran it and when.
    pub fn holdings(&self, project: &Project) -> String {
        let mut held = project.run(&["inspect", "--url", self.url()]).ok();
        let columns = "seq, format, event, revision, name, digest, state, direction, segment, statement, sql_digest, tool";
        let mut queries = vec![format!("SELECT {columns} FROM schemactl_journal ORDER BY seq")];
        if held.contains("table birds") {
            queries.push("SELECT id, name FROM birds ORDER BY 1".to_owned());
        }
        for query in queries {
            held += &sql::rows(self.url(), &query).join("\n");
        }
        held
    }

    pub fn run(&self, project: &Project, arguments: &[&str]) -> String {
        project.run(&[arguments, &["-q", "--url", self.url()]].concat()).ok()
    }
}

const FIRST: &str = "table birds {
    column id int primary-key
    column name \"varchar(40)\" unique
    column note text default=\"it's; a -- note\"
}
data birds key=id { row id=1 name=\"wren; 'tit'\" }
";

/// SQLite makes the table anew for it.
const SECOND: &str = "table birds {
    column id int primary-key
    column name \"varchar(80)\" unique
    column note text default=\"it's; a -- note\"
    column wings int
    check (sql)\"wings >= 0\" name=birds_wings
}
data birds key=id { row id=1 name=\"wren; 'tit'\" wings=2 }
view winged { as (sql)\"SELECT id FROM birds WHERE wings > 0\"; depends-on birds }
";

const THIRD: &str = "table nests {
    column id int primary-key
    column bird_id int references=birds.id
}
";

/// A chain of three revisions; the second has a hook with an expectation.
fn project() -> Project {
    let project = Project::empty();
    project.run(&["init", "--dialects", "sqlite,postgres,mysql"]).ok();
    project.write("schema/schema.kdl", FIRST);
    project.run(&["plan", "-m", "first"]).ok();
    project.write("schema/schema.kdl", SECOND);
    project.run(&["plan", "-m", "second", "--default", "birds.wings=2"]).ok();
    project.write("schema/schema.kdl", format!("{SECOND}{THIRD}"));
    project.run(&["plan", "-m", "third"]).ok();
    project
}

/// What leads a database from one place to another without a script.
fn go(client: &Client, project: &Project, (from, to): (&str, &str)) {
    let command = if from < to { "apply" } else { "rollback" };
    client.run(project, &[command, place(to), "--allow-destructive", "all"]);
}

/// Places by their numbers, with the base as `0`.
fn place(number: &str) -> &str {
    if number == "0" { "base" } else { number }
}

#[test]
fn a_script_does_what_a_run_does_from_every_place_to_every_other() {
    let project = project();
    for kind in KINDS {
        let (scripted, run) = (kind(&project, "scripted"), kind(&project, "run"));
        let dialect = scripted.dialect();
        if let Client::Sqlite(url) = &scripted {
            File::create(url.trim_start_matches("sqlite://")).unwrap();
        }
        for (from, to) in
            ["01", "12", "21", "13", "32", "20", "03", "31", "10", "03", "30"].map(|way| way.split_at(1))
        {
            let range = format!("{}..{}", place(from), place(to));
            let script = project.run(&["sql", &range, "--dialect", dialect]).ok();
            scripted
                .play(&project, &script)
                .unwrap_or_else(|said| panic!("{dialect} {range}: {said}\n{script}"));
            go(&run, &project, (from, to));
            assert_eq!(scripted.holdings(&project), run.holdings(&project), "{dialect} {range}\n{script}");
            // It was written for one place.
            let again = scripted.play(&project, &script).unwrap_err();
            let name = ["base", "0001_first", "0002_second", "0003_third"][from.parse::<usize>().unwrap()];
            assert!(again.contains(&format!("the database is not at {name}")), "{again}");
        }
        assert_eq!(scripted.run(&project, &["drift"]), "", "{dialect}");
    }
}

#[test]
fn an_idempotent_script_runs_anywhere_on_its_way() {
    let project = project();
    for kind in KINDS {
        for (from, to, starts) in [("0", "3", ["0", "2"]), ("3", "0", ["3", "1"])] {
            let range = format!("{}..{}", place(from), place(to));
            for start in starts {
                let name = |what: &str| format!("{what}_{from}_{start}");
                let (scripted, run) = (kind(&project, &name("scripted")), kind(&project, &name("run")));
                let dialect = scripted.dialect();
                let script = project.run(&["sql", &range, "--idempotent", "--dialect", dialect]).ok();
                for client in [&scripted, &run] {
                    client.run(&project, &["apply", "1"]);
                    client.run(&project, &["rollback", "base", "--allow-destructive", "all"]);
                    if start != "0" {
                        client.run(&project, &["apply", place(start)]);
                    }
                }
                for _ in 0..2 {
                    let played = scripted.play(&project, &script);
                    played.unwrap_or_else(|said| panic!("{dialect} {range} {start}: {said}\n{script}"));
                }
                if start != to {
                    go(&run, &project, (start, to));
                }
                assert_eq!(
                    scripted.holdings(&project),
                    run.holdings(&project),
                    "{dialect} {range} {start}\n{script}"
                );
            }
        }
    }
}

#[test]
fn an_idempotent_script_stops_off_its_way_and_where_it_fails() {
    let project = project();
    for kind in KINDS {
        let database = kind(&project, "off");
        let dialect = database.dialect();
        let script = project.run(&["sql", "2..3", "--idempotent", "--dialect", dialect]).ok();
        database.run(&project, &["apply", "1"]);
        let said = database.play(&project, &script).unwrap_err();
        let message = "the database is not on the way from 0002_second to 0003_third";
        assert!(said.contains(message), "{dialect}: {said}");
        // What fails within a part stops the script, and is not in the journal.
        let script = project.run(&["sql", "1..3", "--idempotent", "--dialect", dialect]).ok();
        sql::execute(database.url(), "CREATE TABLE nests (a int)");
        let said = database.play(&project, &script).unwrap_err();
        assert!(said.contains("already exists"), "{dialect}: {said}");
        let status = database.run(&project, &["status", "--format", "json"]);
        assert!(status.contains("0002_second"), "{dialect}: {status}");
        sql::execute(database.url(), "DROP TABLE nests");
        if dialect == "mariadb" || dialect == "mysql" {
            // The statement was begun, and only a run asks the catalog what became of it.
            database.run(&project, &["apply"]);
        }
        database.play(&project, &script).unwrap_or_else(|said| panic!("{dialect}: {said}"));
    }
}

/// Two branches that were joined with a decision, and one that has nothing to do with them.
fn joined() -> Project {
    let project = Project::empty();
    project.run(&["init", "-q", "--dialects", "sqlite,postgres,mysql"]).ok();
    let schema = |length, more| {
        let table = "table birds {\n    column id int primary-key\n    column name \"varchar";
        project.write("schema/schema.kdl", format!("{table}({length})\"\n}}\n{more}"));
    };
    schema(50, "");
    project.run(&["plan", "-q", "-m", "base"]).ok();
    let branches =
        [("long", 100, ""), ("longer", 200, ""), ("nests", 50, "table nests {\n    column id int\n}\n")];
    let mut written = Vec::new();
    for (name, length, more) in branches {
        schema(length, more);
        project.run(&["plan", "-q", "-m", name]).ok();
        let file = format!("revisions/0002_{name}.kdl");
        written.push((file.clone(), project.read(&file)));
        std::fs::remove_file(project.path(&file)).unwrap();
    }
    for (file, text) in &written {
        project.write(file, text);
    }
    project.run(&["merge", "-q", "0002_long", "0002_longer", "--theirs", "birds.name", "-m", "names"]).ok();
    project.run(&["merge", "-q", "-m", "all"]).ok();
    project
}

/// A database that has a branch which a script takes for the second needs other steps for the first one: it is refused
/// where they differ, and otherwise comes to what a run comes to.
#[test]
fn an_idempotent_script_is_not_for_branches_in_another_order() {
    let project = joined();
    for kind in KINDS {
        for (start, fits) in [("0002_long", true), ("0002_longer", false), ("0002_nests", true)] {
            let name = |what: &str| format!("{what}_{start}");
            let (scripted, run) = (kind(&project, &name("scripted")), kind(&project, &name("run")));
            let dialect = scripted.dialect();
            for client in [&scripted, &run] {
                client.run(&project, &["apply", start]);
            }
            let before = scripted.holdings(&project);
            let script = project.run(&["sql", "base..head", "--idempotent", "--dialect", dialect]).ok();
            let played = scripted.play(&project, &script);
            run.run(&project, &["apply"]);
            if fits {
                played.unwrap_or_else(|said| panic!("{dialect} {start}: {said}"));
                let inspect = |client: &Client| client.run(&project, &["inspect"]);
                assert_eq!(inspect(&scripted), inspect(&run), "{dialect} {start}");
                scripted.run(&project, &["drift"]);
            } else {
                let said = played.unwrap_err();
                assert!(
                    said.contains("the database is not on the way from base to 0004_all"),
                    "{dialect}: {said}"
                );
                assert_eq!(scripted.holdings(&project), before, "{dialect} {start}");
                scripted.run(&project, &["apply"]);
            }
            // Back, with others gone already.
            let script = project.run(&["sql", "head..base", "--idempotent", "--dialect", dialect]).ok();
            scripted.run(&project, &["rollback", "0003_names", "--allow-destructive", "all"]);
            scripted.run(&project, &["rollback", start, "--allow-destructive", "all"]);
            let played = scripted.play(&project, &script);
            assert_eq!(played.is_ok(), fits, "{dialect} {start}: {played:?}");
            assert_eq!(scripted.run(&project, &["inspect"]).is_empty(), fits, "{dialect} {start}");
            // What became one revision meanwhile is held to the same.
            let squashed = Project::empty();
            for file in project.files().iter().filter(|file| file.ends_with(".kdl")) {
                squashed.write(file, project.read(file));
            }
            squashed.run(&["squash", "base..head", "-q"]).ok();
            let script = squashed.run(&["sql", "--idempotent", "--dialect", dialect]).ok();
            let again = kind(&project, &name("squashed"));
            again.run(&project, &["apply", start]);
            let played = again.play(&project, &script);
            assert_eq!(played.is_ok(), fits, "{dialect} {start}: {played:?}");
            again.run(&squashed, &["apply", "--allow-destructive", "all"]);
            assert_eq!(
                again.run(&project, &["inspect"]),
                run.run(&project, &["inspect"]),
                "{dialect} {start}"
            );
        }
    }
}

#[test]
fn rollback_and_stamp_by_script_on_every_client() {
    let project = project();
    for kind in KINDS {
        let (scripted, run) = (kind(&project, "scripted"), kind(&project, "run"));
        let dialect = scripted.dialect();
        for client in [&scripted, &run] {
            client.run(&project, &["apply"]);
        }
        let steps: [(&[&str], &[&str]); 4] = [
            (&["rollback", "2"], &["rollback", "2", "--allow-destructive", "all"]),
            (&["stamp", "2:head", "--idempotent"], &["stamp", "head", "--force"]),
            (&["stamp", "head:2", "--idempotent"], &["stamp", "2", "--force"]),
            (&["apply", "2:head", "--idempotent"], &["apply", "head"]),
        ];
        for (by_script, by_run) in steps {
            let script = project.run(&[by_script, &["--sql", "--dialect", dialect]].concat()).ok();
            scripted
                .play(&project, &script)
                .unwrap_or_else(|said| panic!("{dialect} {by_script:?}: {said}\n{script}"));
            run.run(&project, by_run);
            assert_eq!(
                scripted.holdings(&project),
                run.holdings(&project),
                "{dialect} {by_script:?}\n{script}"
            );
        }
    }
}

#[test]
fn a_script_for_postgres_reads_times_as_a_run_does() {
    let schema = "table t {\n column at timestamptz\n column day date\n}\n";
    let project = Project::empty();
    project.write("schemactl.kdl", "project shop { dialects postgres }\n").write("schema/t.kdl", schema);
    project.run(&["plan", "-m", "first"]).ok();
    let hook =
        "data fill { up (sql)\"INSERT INTO t VALUES ('2024-01-01 00:00', '02/03/2024')\"; down nothing }\n";
    let first = "revisions/0001_first.kdl";
    let text = project.read(first);
    let open = text.trim_end().strip_suffix('}').expect("the operations come last");
    project.write(first, format!("{open}{hook}}}\n"));
    for scripted in [true, false] {
        let database = postgres::database("zone");
        let setting =
            |set: &str| format!("EXECUTE format('ALTER DATABASE %I SET {set}', current_database());");
        let settings = setting("timezone TO ''America/New_York''") + &setting("datestyle TO ''SQL, DMY''");
        sql::execute(&database.url, &format!("DO $$ BEGIN {settings} END $$"));
        let client = Client::Postgres(database);
        if scripted {
            let script = project.run(&["sql", "base..1", "--dialect", "postgres"]).ok();
            client.play(&project, &script).unwrap();
        } else {
            client.run(&project, &["apply"]);
        }
        let found =
            sql::rows(client.url(), "SELECT extract(epoch FROM at)::bigint, day = date '2024-02-03' FROM t");
        assert_eq!(found, ["1704067200|t"], "scripted: {scripted}");
    }
}

#[test]
fn a_script_for_sqlite_stops_before_constraints_that_no_revision_created() {
    let project = Project::empty();
    project.write("schemactl.kdl", "project shop { dialects sqlite }\n");
    let table = |wings: &str| {
        format!(
            "table birds {{\n column id int primary-key\n column name text unique\n column wings {wings} nullable\n \
             check (sql)\"wings > 0\" name=some\n}}\ntable nests {{\n column id bigint identity primary-key\n \
             column bird int references=birds.id nullable\n column size {wings}\n}}\n"
        )
    };
    project.write("schema/schema.kdl", table("int"));
    project.run(&["plan", "-m", "first"]).ok();
    project.write("schema/schema.kdl", table("text"));
    project.run(&["plan", "-m", "second"]).ok();
    let script = project.run(&["sql", "1..2", "--dialect", "sqlite"]).ok();
    let known =
        "id int NOT NULL PRIMARY KEY, name text NOT NULL UNIQUE, wings int CONSTRAINT some CHECK (wings > 0)";
    for (more, stops) in [
        ("", false),
        (" CHECK\n (wings < 9)", true),
        (" UNIQUE", true),
        (" REFERENCES nests (id)", true),
        (" -- it's the check", false),
    ] {
        let client = Client::Sqlite(project.sqlite("birds.db"));
        client.run(&project, &["apply", "1"]);
        sql::execute(client.url(), &format!("DROP TABLE birds; CREATE TABLE birds ({known}{more}\n)"));
        sql::execute(client.url(), "INSERT INTO nests (id, size) VALUES (7, 1); DELETE FROM nests");
        let played = client.play(&project, &script);
        let message = "table birds has constraints that no revision created: use schemactl apply";
        assert_eq!(played.as_ref().is_err_and(|said| said.contains(message)), stops, "{more}: {played:?}");
        if !stops {
            played.unwrap();
            sql::execute(client.url(), "INSERT INTO nests (size) VALUES ('1')");
            assert_eq!(sql::rows(client.url(), "SELECT id FROM nests"), ["8"]);
        }
        std::fs::remove_file(project.path("birds.db")).unwrap();
    }
}
