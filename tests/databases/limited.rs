//! Reference rows that are for some environments alone, on every database: they come, change and go where they are meant to, by
//! a run and by a script, and so does the way back.

use std::fs::File;

use super::scripts::{Client, KINDS};
use crate::support::project::Project;
use crate::support::sql;

const TABLES: &str = "\
table regions { column id int primary-key; column name text nullable }
table places { column id int primary-key; column region int references=regions.id }
";

/// What the rows are in each revision: those of regions by id, environments and name; places refer to those of the same id.
const ROWS: [&[(u8, &str, &str)]; 3] = [
    &[(1, "", "one"), (2, "dev", "two"), (3, "dev,test", "three"), (4, "dev", "four"), (5, "dev", "five")],
    // To everywhere with another name, from one environment to another, from some to fewer, and to nowhere.
    &[
        (1, "dev", "one"),
        (2, "", "second"),
        (3, "stage,test", "third"),
        (4, "test", "four"),
        (6, "test", "six"),
    ],
    &[],
];

/// The environments that the rows are tried in.
const PLACES: [&str; 4] = ["dev", "test", "stage", "prod"];

fn project() -> Project {
    let project = Project::empty();
    let env = |name: &str| format!("env {name} {{ url \"sqlite://{name}.db\"; }}\n");
    let environments: String = PLACES.into_iter().map(env).collect();
    project.write(
        "schemactl.kdl",
        format!("project shop {{\n    dialects sqlite postgres mysql\n}}\n{environments}"),
    );
    for rows in ROWS {
        let data: String = rows
            .iter()
            .map(|(id, only_env, name)| (id, only_env, name))
            .fold(
                std::collections::BTreeMap::<&str, [String; 2]>::new(),
                |mut parts, (id, only_env, name)| {
                    let [regions, places] = parts.entry(only_env).or_default();
                    regions.push_str(&format!("    row id={id} name={name}\n"));
                    places.push_str(&format!("    row id={id} region={id}\n"));
                    parts
                },
            )
            .into_iter()
            .map(|(only_env, [regions, places])| {
                let only =
                    if only_env.is_empty() { String::new() } else { format!(" only-env=\"{only_env}\"") };
                format!("data regions{only} {{\n{regions}}}\ndata places{only} {{\n{places}}}\n")
            })
            .collect();
        project.write("schema/schema.kdl", format!("{TABLES}{data}"));
        project.run(&["plan", "-q", "-m", "rows"]).ok();
    }
    project.run(&["check"]).ok();
    project
}

/// What the tables hold in an environment after so many revisions.
fn expected(environment: &str, revisions: usize) -> Vec<String> {
    let rows = revisions.checked_sub(1).map(|last| ROWS[last]).unwrap_or_default();
    let here = |only_env: &str| only_env.is_empty() || only_env.split(',').any(|name| name == environment);
    rows.iter()
        .filter(|(_, only_env, _)| here(only_env))
        .map(|(id, _, name)| format!("{id}|{name}|{id}"))
        .collect()
}

fn held(client: &Client) -> Vec<String> {
    let sql = "SELECT r.id, r.name, p.id FROM regions AS r JOIN places AS p ON p.region = r.id ORDER BY r.id";
    sql::rows(client.url(), sql)
}

#[test]
fn rows_are_where_they_are_meant_to_be() {
    let project = project();
    for kind in KINDS {
        for environment in PLACES {
            let name = |what: &str| format!("{what}_{environment}");
            let (scripted, run) = (kind(&project, &name("scripted")), kind(&project, &name("run")));
            let dialect = scripted.dialect();
            if let Some(file) = scripted.url().strip_prefix("sqlite://") {
                File::create(file).unwrap();
            }
            let env = ["--env", environment];
            let script =
                |range: &str| project.run(&[&["sql", range, "--dialect", dialect], &env[..]].concat()).ok();
            let play = |range: &str| {
                let script = script(range);
                scripted.play(&project, &script).unwrap_or_else(|said| panic!("{dialect}: {said}\n{script}"));
            };
            for revision in 1..=3 {
                run.run(&project, &[&["apply", &revision.to_string()], &env[..]].concat());
                play(&format!(
                    "{}..{revision}",
                    if revision == 1 { "base".to_owned() } else { (revision - 1).to_string() }
                ));
                for client in [&run, &scripted] {
                    assert_eq!(
                        held(client),
                        expected(environment, revision),
                        "{dialect} {environment} {revision}"
                    );
                }
            }
            assert_eq!(run.run(&project, &["drift"]), "", "{dialect}");
            for revision in [2, 1] {
                // What ran here is what counts, whatever this one says.
                run.run(&project, &["rollback", &revision.to_string(), "--env", "stage"]);
                play(&format!("{}..{revision}", revision + 1));
                for client in [&run, &scripted] {
                    assert_eq!(
                        held(client),
                        expected(environment, revision),
                        "{dialect} {environment} back {revision}"
                    );
                }
            }
        }
    }
}

#[test]
fn a_row_that_goes_from_an_environment_is_spared_where_it_was_changed() {
    let project = project();
    for kind in KINDS {
        let database = kind(&project, "spared");
        database.run(&project, &["apply", "1", "--env", "prod"]);
        sql::execute(database.url(), "UPDATE regions SET name = 'mine' WHERE id = 1");
        let said = project.run(&["apply", "2", "--env", "prod", "--url", database.url()]).fails(3);
        assert!(said.contains("`regions[id=1]`: `name` is `mine`, was `one`"), "{said}");
        database.run(&project, &["apply", "2", "--env", "prod", "--allow-destructive", "regions[id=1]"]);
        assert_eq!(held(&database), expected("prod", 2));
    }
}

#[test]
fn a_checkpoint_has_the_rows_that_are_for_the_environment() {
    let project = project();
    project.run(&["checkpoint", "2", "-q"]).ok();
    for kind in KINDS {
        for environment in ["dev", "prod"] {
            let database = |what: &str| {
                let client = kind(&project, &format!("{what}_{environment}"));
                if let Some(file) = client.url().strip_prefix("sqlite://") {
                    File::create(file).unwrap();
                }
                client
            };
            let (scripted, repeated, run) = (database("scripted"), database("repeated"), database("run"));
            let env = ["--env", environment];
            let play = |client: &Client, arguments: &[&str]| {
                let script = project.run(&[arguments, &["--dialect", client.dialect()], &env].concat()).ok();
                client.play(&project, &script).unwrap_or_else(|said| panic!("{said}\n{script}"));
            };
            let holds = |revision: usize, when: &str| {
                for client in [&scripted, &repeated, &run] {
                    let dialect = client.dialect();
                    assert_eq!(
                        held(client),
                        expected(environment, revision),
                        "{dialect} {environment} {when}"
                    );
                }
                assert_eq!(scripted.holdings(&project), run.holdings(&project), "{environment} {when}");
            };
            run.run(&project, &[&["apply", "2"], &env[..]].concat());
            play(&scripted, &["sql", "base..2"]);
            play(&repeated, &["sql", "base..2", "--idempotent"]);
            holds(2, "begun");
            run.run(&project, &[&["apply"], &env[..]].concat());
            play(&scripted, &["sql", "2..3"]);
            play(&repeated, &["sql", "--idempotent"]);
            holds(3, "at the end");
            run.run(&project, &["rollback", "2"]);
            play(&scripted, &["sql", "3..2"]);
            play(&repeated, &["sql", "3..2", "--idempotent"]);
            holds(2, "back");
            run.run(&project, &["rollback", "base", "--allow-destructive", "all"]);
            play(&scripted, &["rollback", "2:base", "--sql"]);
            assert_eq!(scripted.holdings(&project), run.holdings(&project), "{environment} at base");
        }
    }
}
