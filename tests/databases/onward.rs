//! Revisions planned on top of a squashed one, or behind a checkpoint: databases that know the chain by the old revisions,
//! by the squashed one, or not at all, run them, go back, and take scripts.

use crate::scripts::{Client, KINDS};
use crate::squash::{begun, plan};
use crate::support::sql;

fn applied(database: &Client) -> Vec<String> {
    sql::rows(database.url(), "SELECT name FROM schemactl_journal WHERE event = 'applied' ORDER BY seq")
}

#[test]
fn what_is_planned_on_a_squashed_revision_runs_on_every_database() {
    for kind in KINDS {
        let project = begun(2);
        let names = ["none", "one", "two", "three"];
        let [none, one, two, by_script] = names.map(|name| kind(&project, name));
        let dialect = none.dialect();
        one.run(&project, &["apply", "1"]);
        for database in [&two, &by_script] {
            database.run(&project, &["apply", "2"]);
        }
        project.run(&["squash", "base..2", "-m", "s1", "-q"]).ok();
        let squashed = kind(&project, "squashed");
        squashed.run(&project, &["apply"]);
        plan(&project, 3);
        plan(&project, 4);
        project.run(&["check"]).ok();
        let script = project.run(&["apply", "--sql", "--from", "0002_s1", "--url", two.url()]).ok();
        by_script.play(&project, &script).unwrap_or_else(|said| panic!("{dialect}: {said}\n{script}"));
        for database in [&none, &one, &two, &squashed] {
            database.run(&project, &["apply"]);
        }
        let wanted = none.run(&project, &["inspect"]);
        assert_eq!(applied(&none), ["0002_s1", "0003_step_3", "0004_step_4"], "{dialect}");
        let all = [&none, &one, &two, &squashed, &by_script];
        for database in all {
            assert_eq!(database.run(&project, &["inspect"]), wanted, "{dialect}: {}", database.url());
            database.run(&project, &["drift"]);
            database.run(&project, &["log", "--applied"]);
            let status = database.run(&project, &["status", "--format", "json"]);
            assert!(status.contains("\"pending\": []"), "{dialect}: {status}");
        }
        // The squashed one lies aside as well, with one that was planned on top of it.
        two.run(&project, &["rollback", "0003_step_3", "--allow-destructive", "all"]);
        squashed.run(&project, &["rollback", "0002_s1", "--allow-destructive", "all"]);
        project.run(&["squash", "base..0003", "-m", "s2", "-q"]).ok();
        plan(&project, 5);
        project.run(&["check"]).ok();
        let new = kind(&project, "new");
        for database in all.into_iter().chain([&new]) {
            database.run(&project, &["apply"]);
        }
        let wanted = new.run(&project, &["inspect"]);
        assert_eq!(applied(&new), ["0003_s2", "0004_step_4", "0005_step_5"], "{dialect}");
        for database in all {
            assert_eq!(database.run(&project, &["inspect"]), wanted, "{dialect}: {}", database.url());
            database.run(&project, &["rollback", "base", "--allow-destructive", "all"]);
            assert!(!database.run(&project, &["inspect"]).contains("table"), "{dialect}");
        }
    }
}

#[test]
fn what_is_planned_behind_a_checkpoint_of_a_squashed_revision_runs_on_every_database() {
    for kind in KINDS {
        let project = begun(2);
        let [old, begun_at_it] = ["old", "begun"].map(|name| kind(&project, name));
        let dialect = old.dialect();
        old.run(&project, &["apply"]);
        project.run(&["squash", "-m", "s1", "-q"]).ok();
        project.run(&["checkpoint", "-q"]).ok();
        begun_at_it.run(&project, &["apply"]);
        plan(&project, 3);
        project.run(&["check"]).ok();
        let new = kind(&project, "new");
        for database in [&old, &begun_at_it, &new] {
            database.run(&project, &["apply"]);
            assert_eq!(
                database.run(&project, &["inspect"]),
                old.run(&project, &["inspect"]),
                "{dialect}: {}",
                database.url()
            );
        }
        let script = project.run(&["apply", "--sql", "--from", "base", "--url", old.url()]).ok();
        let by_script = kind(&project, "script");
        by_script.play(&project, &script).unwrap_or_else(|said| panic!("{dialect}: {said}\n{script}"));
        assert_eq!(applied(&by_script), applied(&new), "{dialect}");
        assert_eq!(by_script.run(&project, &["inspect"]), new.run(&project, &["inspect"]), "{dialect}");
    }
}
