//! Variables and environments of hooks on every database: a value arrives as it is, whatever is in it, and a hook runs where
//! it is meant to, by a run and by a script.

use std::fs::File;

use super::scripts::KINDS;
use crate::support::project::Project;
use crate::support::sql;

const HOOK: &str = r##"    data fill {
        before (sql)"SELECT count(*) FROM notes WHERE body = ${body}" is=0
        up (sql)"""
            -- ${nothing}
            INSERT INTO notes (id, body, size, price, done) VALUES (${size}, ${body}, 0-${size}, ${price}, ${done});
            """
        expect (sql)"SELECT count(*) FROM notes WHERE body = ${body} AND size = 0-${size} AND price = ${price} AND done = ${done}" is=1
        down (sql)"DELETE FROM notes WHERE body = ${body}"
    }
"##;

const BODIES: [&str; 5] =
    ["acme", "o'hara", r"a\'; DELETE FROM notes; --", "two\nlines ${size} \"x\" `y`", ""];

fn project() -> Project {
    let project = Project::empty();
    project.run(&["init", "--dialects", "sqlite,postgres,mysql"]).ok();
    project.replace(
        "schemactl.kdl",
        "    dialects",
        "    var body\n    var size type=int default=1\n    var price type=decimal default=-0.25\n    var done type=bool default=#true\n    dialects",
    );
    project.write(
        "schema/schema.kdl",
        "table notes { column id int primary-key; column body text; column size int; column price \"decimal(6,2)\"; column done bool }",
    );
    project.run(&["plan", "-m", "notes"]).ok();
    project.run(&["new", "-m", "fill"]).ok();
    let text = project.read("revisions/0002_fill.kdl");
    let (head, _) = text.split_once("ops {").unwrap();
    project.write("revisions/0002_fill.kdl", format!("{head}ops {{\n{HOOK}}}\n"));
    project.run(&["check"]).ok();
    project
}

#[test]
fn a_value_arrives_as_it_is_by_run_and_by_script() {
    let project = project();
    for kind in KINDS {
        let (scripted, run) = (kind(&project, "scripted"), kind(&project, "run"));
        let dialect = scripted.dialect();
        for client in [&scripted, &run] {
            client.run(&project, &["apply", "1"]);
        }
        for (number, body) in BODIES.into_iter().enumerate() {
            let (body, size) =
                (format!("body={body}"), format!("size={}", 1 - i64::try_from(number).unwrap()));
            let variables = ["--var", &body, "--var", &size];
            run.run(&project, &[&["apply"], &variables[..]].concat());
            let script = project.run(&[&["sql", "1..2", "--dialect", dialect], &variables[..]].concat()).ok();
            scripted.play(&project, &script).unwrap_or_else(|said| panic!("{dialect}: {said}\n{script}"));
            for query in [
                "SELECT id, body, size, price FROM notes",
                "SELECT event, revision, sql_digest, message FROM schemactl_journal ORDER BY seq",
            ] {
                assert_eq!(
                    sql::rows(scripted.url(), query),
                    sql::rows(run.url(), query),
                    "{dialect}\n{script}"
                );
            }
            let rows = sql::rows(run.url(), "SELECT body FROM notes");
            assert_eq!(rows, [&body["body=".len()..]], "{dialect}");
            let log = project.run(&["log", "--applied", "-n1", "--url", run.url()]).ok();
            assert!(log.contains("  done=true  price=-0.25  size="), "{log}");
            run.run(&project, &[&["rollback"], &variables[..]].concat());
            let back = project.run(&[&["sql", "2..1", "--dialect", dialect], &variables[..]].concat()).ok();
            scripted.play(&project, &back).unwrap_or_else(|said| panic!("{dialect}: {said}\n{back}"));
            assert!(sql::rows(run.url(), "SELECT * FROM notes").is_empty(), "{dialect}");
        }
    }
}

#[test]
fn what_a_hook_expects_of_a_value_is_held() {
    let project = project();
    for kind in KINDS {
        let database = kind(&project, "held");
        if let Some(file) = database.url().strip_prefix("sqlite://") {
            File::create(file).unwrap();
        }
        database.run(&project, &["apply", "1"]);
        sql::execute(
            database.url(),
            "INSERT INTO notes (id, body, size, price, done) VALUES (9, 'x', 1, 1, true)",
        );
        let failed = project.run(&["apply", "--var=body=x", "--url", database.url()]).fails(1);
        assert!(failed.contains("it is `1`, not `0`"), "{failed}");
    }
}

const LIMITED: &str = r#"    data all { up (sql)"INSERT INTO notes (id, body, size, price, done) VALUES (1, 'all', 0, 0, TRUE)"; down (sql)"DELETE FROM notes WHERE id = 1" }
    data seed only-env=dev {
        before (sql)"SELECT count(*) FROM notes" is=1
        up (sql)"INSERT INTO notes (id, body, size, price, done) VALUES (2, 'seed', 0, 0, TRUE)"
        down (sql)"DELETE FROM notes WHERE size = 0"
    }
"#;

#[test]
fn a_hook_runs_where_it_is_meant_to_by_run_and_by_script() {
    let project = project();
    let text = project.read("revisions/0002_fill.kdl");
    let (head, _) = text.split_once("ops {").unwrap();
    project.write("revisions/0002_fill.kdl", format!("{head}ops {{\n{LIMITED}}}\n"));
    let config = project.read("schemactl.kdl");
    let others: String = ["dev", "stage"]
        .into_iter()
        .filter(|name| !config.contains(&format!("env {name} ")))
        .map(|name| format!("env {name} {{ url \"sqlite://{name}.db\" }}\n"))
        .collect();
    project.write("schemactl.kdl", config + &others);
    for kind in KINDS {
        for (environment, expected) in [("dev", &["all", "seed"][..]), ("stage", &["all"])] {
            let name = |what: &str| format!("{what}_{environment}");
            let (scripted, run) = (kind(&project, &name("scripted")), kind(&project, &name("run")));
            let (dialect, rows) = (scripted.dialect(), "SELECT body FROM notes ORDER BY id");
            for client in [&scripted, &run] {
                client.run(&project, &["apply", "1"]);
            }
            run.run(&project, &["apply", "--env", environment]);
            let script = project.run(&["sql", "1..2", "--dialect", dialect, "--env", environment]).ok();
            scripted.play(&project, &script).unwrap_or_else(|said| panic!("{dialect}: {said}\n{script}"));
            for client in [&scripted, &run] {
                assert_eq!(sql::rows(client.url(), rows), expected, "{dialect} {environment}");
                sql::execute(
                    client.url(),
                    "INSERT INTO notes (id, body, size, price, done) VALUES (3, 'x', 0, 0, TRUE)",
                );
                // The way back is that of the environment it was applied in, whatever this one is.
                client.run(&project, &["rollback", "--env", "dev"]);
                let left = sql::rows(client.url(), rows);
                assert_eq!(left.is_empty(), environment == "dev", "{dialect} {environment} {left:?}");
            }
        }
    }
}

/// A project whose second revision fills a table of tokens with the same one twice, which is secret.
#[cfg(any(feature = "postgres", feature = "mysql"))]
fn with_a_secret(dialect: &str, columns: &str) -> Project {
    let mut project = Project::empty();
    project.write(
        "schemactl.kdl",
        format!("project shop {{\n    dialects {dialect}\n    var token type=text secret default=(env)\"SHOP_TOKEN\"\n}}\n"),
    );
    project.write("schema/schema.kdl", format!("table tokens {{\n    {columns}\n}}\n"));
    project.run(&["plan", "-q", "-m", "tokens"]).ok();
    project.run(&["new", "-q", "-m", "fill"]).ok();
    let text = project.read("revisions/0002_fill.kdl");
    let (head, _) = text.split_once("ops {").unwrap();
    let hook =
        "data fill { up (sql)\"INSERT INTO tokens VALUES (1, ${token}), (2, ${token})\"; down nothing }";
    project.write("revisions/0002_fill.kdl", format!("{head}ops {{\n    {hook}\n}}\n"));
    project.set("SHOP_TOKEN", "it's-s3cret");
    project
}

#[cfg(feature = "postgres")]
#[test]
fn what_is_refused_at_the_commit_is_told_without_secrets() {
    let columns = "column id int primary-key\n    column token text\n    unique token deferrable=deferred";
    let project = with_a_secret("postgres", columns);
    let database = crate::support::postgres::database("secret");
    project.run(&["apply", "1", "-q", "--url", &database.url]).ok();
    let said = project.run(&["apply", "--url", &database.url]).fails(1);
    assert!(said.contains("(token)=(***)") && !said.contains("s3cret"), "{said}");
}

#[cfg(feature = "mysql")]
#[test]
fn what_is_refused_outside_of_transactions_is_told_and_kept_without_secrets() {
    let project = with_a_secret("mysql", "column id int primary-key\n    column token \"varchar(40)\"");
    let computed = "\"varchar(40)\"\n    column n int nullable generated=(sql)\"CAST(token AS SIGNED)\"";
    project.replace("schema/schema.kdl", "\"varchar(40)\"", computed);
    project.run(&["plan", "-q", "-m", "number"]).ok();
    let database = crate::support::mysql::database("secret");
    let said = project.run(&["apply", "--no-compensate", "--url", &database.url]).fails(7);
    assert!(said.contains("***") && !said.contains("s3cret"), "{said}");
    let kept = crate::support::sql::rows(&database.url, "SELECT message FROM schemactl_journal");
    let kept = kept.join("\n");
    assert!(kept.contains("***") && !kept.contains("s3cret"), "{kept}");
}
