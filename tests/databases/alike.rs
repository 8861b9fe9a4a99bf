//! Scripts for databases that stand at one place and know it by different revisions: they began with a checkpoint, or have what
//! was squashed since. Each does what a run on that database does, in the catalog and in the journal.

use crate::scripts::{Client, KINDS, Kind};
use crate::squash::project;
use crate::support::project::Project;

/// Brings a database somewhere by runs.
type Prepare<'p> = &'p dyn Fn(&Client);

const AGREED: [&str; 2] = ["--allow-destructive", "all"];

/// Two databases that were prepared alike.
fn pair(project: &Project, kind: Kind, name: &str, prepare: Prepare<'_>) -> [Client; 2] {
    ["scripted", "run"].map(|what| {
        let client = kind(project, &format!("{what}_{name}"));
        if let Client::Sqlite(url) = &client {
            std::fs::File::create(url.trim_start_matches("sqlite://")).unwrap();
        }
        prepare(&client);
        client
    })
}

/// The script of a command for the dialect of a database.
fn script(project: &Project, client: &Client, arguments: &[&str]) -> String {
    project.run(&[arguments, &["--dialect", client.dialect()]].concat()).ok()
}

/// Plays a script on one database, runs a command on the other, and compares them.
#[track_caller]
fn same(project: &Project, [scripted, run]: &[Client; 2], by_script: &[&str], by_run: &[&str]) {
    let text = script(project, scripted, by_script);
    let when = format!("{} {by_script:?}", scripted.dialect());
    scripted.play(project, &text).unwrap_or_else(|said| panic!("{when}: {said}\n{text}"));
    if !by_run.is_empty() {
        run.run(project, by_run);
    }
    assert_eq!(scripted.holdings(project), run.holdings(project), "{when}\n{text}");
}

/// Databases at the head that began where a new one did when there were so many revisions, checkpoints and squashed ones.
fn at_head(project: &Project, kind: Kind) -> [[Client; 2]; 4] {
    let apply = |client: &Client| drop(client.run(project, &["apply"]));
    let plain = pair(project, kind, "plain", &apply);
    let half = pair(project, kind, "half", &|client| drop(client.run(project, &["apply", "2"])));
    project.run(&["checkpoint", "2", "-q"]).ok();
    let early = pair(project, kind, "early", &apply);
    project.run(&["checkpoint", "4", "-q"]).ok();
    let late = pair(project, kind, "late", &apply);
    half.iter().for_each(apply);
    [plain, half, early, late]
}

#[test]
fn a_script_for_a_new_database_begins_at_the_newest_checkpoint() {
    for kind in KINDS {
        let project = project();
        project.run(&["checkpoint", "2", "-q"]).ok();
        project.run(&["checkpoint", "4", "-q"]).ok();
        let ways: [(&[&str], &[&str]); 7] = [
            (&["apply", "--sql"], &["apply"]),
            (&["sql"], &["apply"]),
            (&["sql", "--idempotent"], &["apply"]),
            (&["apply", "3", "--sql"], &["apply", "3"]),
            (&["apply", "+1", "--sql"], &["apply", "+1"]),
            (&["apply", "--sql", "--no-checkpoint"], &["apply", "--no-checkpoint"]),
            (&["sql", "..3", "--idempotent", "--no-checkpoint"], &["apply", "3", "--no-checkpoint"]),
        ];
        for (number, (by_script, by_run)) in ways.iter().enumerate() {
            let databases = pair(&project, kind, &number.to_string(), &|_| {});
            same(&project, &databases, by_script, by_run);
        }
    }
}

#[test]
fn a_script_recognises_databases_that_know_a_place_by_other_revisions() {
    for kind in KINDS {
        let project = project();
        let databases = at_head(&project, kind);
        // The first three become one, which no database here has run.
        project.run(&["squash", "base..3", "-m", "the beginning", "-q"]).ok();
        project.run(&["check"]).ok();
        let back = [&["rollback", "4", "-q"][..], &AGREED].concat();
        let base = [&["rollback", "base", "-q"][..], &AGREED].concat();
        for pair in &databases {
            same(&project, pair, &["rollback", "4", "--sql"], &back);
            same(&project, pair, &["apply", "4:head", "--sql"], &["apply"]);
            same(&project, pair, &["sql", "4..head", "--idempotent"], &[]);
            same(&project, pair, &["rollback", "4", "--sql"], &back);
            same(&project, pair, &["rollback", "4:base", "--sql"], &base);
            // From the base on all are alike.
            same(&project, pair, &["apply", "--sql"], &["apply"]);
        }
    }
}

#[test]
fn a_script_for_every_place_on_the_way_does_for_each_database_what_it_lacks() {
    for kind in KINDS {
        let project = project();
        let databases = at_head(&project, kind);
        let partly = pair(&project, kind, "partly", &|client| drop(client.run(&project, &["apply", "1"])));
        let new = pair(&project, kind, "new", &|_| {});
        project.run(&["squash", "1..3", "-m", "the middle", "-q"]).ok();
        let squashed = pair(&project, kind, "squashed", &|client| {
            drop(client.run(&project, &["apply", "--no-checkpoint"]));
        });
        let more = pair(&project, kind, "more", &|client| {
            drop(client.run(&project, &["apply", "1", "--no-checkpoint"]));
        });
        let base = [&["rollback", "base", "-q"][..], &AGREED].concat();
        for pair in databases.iter().chain([&partly, &new, &squashed, &more]) {
            same(&project, pair, &["sql", "--idempotent"], &["apply"]);
            same(&project, pair, &["sql", "head..base", "--idempotent"], &base);
            same(&project, pair, &["sql", "--idempotent", "--no-checkpoint"], &["apply", "--no-checkpoint"]);
        }
    }
}

#[test]
fn a_script_for_every_place_goes_on_with_half_of_what_became_one() {
    for kind in KINDS {
        let project = project();
        let halves = ["1", "2", "3"].map(|count| {
            pair(&project, kind, &format!("half_{count}"), &|client| {
                drop(client.run(&project, &["apply", count]))
            })
        });
        project.run(&["squash", "base..4", "-m", "all of it", "-q"]).ok();
        let base = [&["rollback", "base", "-q"][..], &AGREED].concat();
        for pair in &halves {
            // It stands at no place that there still is.
            let text = script(&project, &pair[0], &["sql", "4..head"]);
            let said = pair[0].play(&project, &text).unwrap_err();
            assert!(said.contains("the database is not at 0004_all_of_it"), "{said}");
            same(&project, pair, &["sql", "--idempotent"], &["apply"]);
            same(&project, pair, &["rollback", "base", "--sql"], &base);
        }
    }
}

#[test]
fn a_place_within_a_checkpoint_is_refused_by_run_and_script() {
    let project = project();
    project.run(&["checkpoint", "4", "-q"]).ok();
    for kind in KINDS {
        let database = kind(&project, "begun");
        database.run(&project, &["apply"]);
        let text = script(&project, &database, &["rollback", "2", "--sql"]);
        let said = database.play(&project, &text).unwrap_err();
        assert!(said.contains("the database is not at 0005_step_5"), "{said}");
        let said = project.run(&["rollback", "2", "--url", database.url()]).fails(2);
        assert!(said.contains("there is no revision `2`"), "{said}");
    }
}

#[test]
fn stamps_by_script_know_a_place_by_other_revisions() {
    for kind in KINDS {
        let project = project();
        let databases = at_head(&project, kind);
        project.run(&["squash", "base..3", "-m", "the beginning", "-q"]).ok();
        for pair in &databases {
            same(&project, pair, &["stamp", "head:4", "--sql"], &["stamp", "4", "--force"]);
            same(&project, pair, &["stamp", "4:head", "--sql"], &["stamp", "head", "--force"]);
            same(&project, pair, &["stamp", "head:base", "--sql"], &["stamp", "base", "--force"]);
        }
    }
}

#[test]
fn a_branch_from_within_a_checkpoint_comes_to_databases_that_began_with_it() {
    const FIRST: &str = "table a { column id int primary-key; column n text nullable }\n";
    for kind in KINDS {
        let project = Project::empty();
        project.run(&["init", "-q", "--dialects", "sqlite,postgres,mysql"]).ok();
        let plan = |schema: &str, arguments: &[&str]| {
            project.write("schema/schema.kdl", schema);
            project.run(&[&["plan", "-q"], arguments].concat()).ok();
        };
        let ours = FIRST.replace("n text", "n \"varchar(20)\"") + "table c { column id int primary-key }\n";
        plan(FIRST, &["-m", "a"]);
        plan(&ours, &["-m", "c"]);
        project.run(&["checkpoint", "-q"]).ok();
        let [began, plain] = [&["apply"][..], &["apply", "--no-checkpoint"]].map(|begin| {
            let [database, _] = pair(&project, kind, &begin.len().to_string(), &|_| {});
            database.run(&project, begin);
            database
        });
        // The files say what both branches come to together.
        let both = ours.replace("column n", "column m was=n") + "table b { column id int primary-key }\n";
        plan(&both, &["-m", "b", "--parent", "0001_a", "--fork"]);
        let both = both.replace(" was=n", "") + "table d { column id int primary-key }\n";
        plan(&both, &["-m", "d", "--parent", "0002_b"]);
        project.run(&["merge", "-q"]).ok();
        let inspected = |client: &Client| project.run(&["inspect", "--url", client.url()]).ok();
        let back = |client: &Client, target: &str| {
            client.run(&project, &[&["rollback", target, "-q"][..], &AGREED].concat());
        };
        for database in [&began, &plain] {
            let before = inspected(database);
            database.run(&project, &["apply"]);
            let after = inspected(database);
            assert!(
                after.contains("column m \"varchar(20)\" nullable") && after.contains("table d"),
                "{after}"
            );
            assert_eq!(database.run(&project, &["drift"]), "");
            back(database, "0002_c");
            assert_eq!(inspected(database), before);
            database.run(&project, &["apply"]);
            assert_eq!(inspected(database), after);
            back(database, "base");
        }
        assert_eq!(inspected(&began), inspected(&plain));
    }
}
