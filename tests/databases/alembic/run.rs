//! Runs that meet each other, edited files, unknown revisions and wrong directions.

use std::process::Stdio;

use super::Bench;

const RUNS: usize = 6;

#[test]
fn of_many_runs_at_once_one_applies() {
    // There is no lock: the losers run everything, too, and fail late with a traceback.
    for bench in Bench::each() {
        bench.plan("table t { column id int primary-key }", &[]);
        bench.plan("table t { column id int primary-key; column a int nullable }", &[]);
        let start = |_| {
            let mut command = bench.project.command(env!("CARGO_BIN_EXE_schemactl"));
            command.args(["apply", "--lock-timeout", "60s"]).stdout(Stdio::piped()).stderr(Stdio::piped());
            command.spawn().unwrap()
        };
        let running: Vec<_> = (0..RUNS).map(start).collect();
        for run in running {
            let output = run.wait_with_output().unwrap();
            let words = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{}: {words}", bench.dialect);
        }
        let applied = bench.run(&["log", "--applied"]).ok();
        assert_eq!(applied.lines().count(), 2, "each revision ran once:\n{applied}");
    }
}

#[test]
fn a_revision_that_was_edited_after_it_ran_is_found() {
    // Never noticed.
    for bench in Bench::each() {
        bench.reach("table t { column id int primary-key }", &[]);
        let file = "revisions/0001_change.kdl";
        bench.project.replace(file, "message \"change\"", "message \"something else\"");
        let status = bench.run(&["status"]);
        assert_eq!(status.code, Some(5), "{status}");
        let applied = bench.run(&["apply"]);
        assert_eq!(applied.code, Some(5), "{applied}");
        // What only looks different is no edit.
        bench.project.replace(file, "message \"something else\"", "message  \"change\" // why");
        bench.run(&["apply"]).ok();
    }
}

#[test]
fn going_forward_to_an_older_revision_is_an_error() {
    // Nothing happens, and the exit code is 0.
    for bench in Bench::each() {
        bench.reach("table t { column id int primary-key }", &[]);
        bench.reach("table t { column id int primary-key; column a int nullable }", &[]);
        let refused = bench.run(&["apply", "0001"]);
        assert_eq!(refused.code, Some(2), "{refused}");
        assert!(refused.stderr.contains("schemactl rollback 0001"), "{refused}");
    }
}

#[test]
fn a_revision_that_the_files_lack_is_explained_and_does_not_stop_everything() {
    // Every command, `stamp` included, fails with "Can't locate revision"; a missing parent is a KeyError.
    for bench in Bench::each() {
        bench.reach("table t { column id int primary-key }", &[]);
        bench.reach("table t { column id int primary-key; column a int nullable }", &[]);
        std::fs::remove_file(bench.project.path("revisions/0002_change.kdl")).unwrap();
        let status = bench.run(&["status"]);
        assert_eq!(status.code, Some(5), "{status}");
        assert!(status.to_string().contains("0002_change"), "{status}");
        bench.run(&["log", "--applied"]).ok();
        assert_eq!(bench.run(&["apply"]).code, Some(5));
        bench.run(&["stamp", "head", "--purge", "--force"]).ok();
        bench.run(&["status", "--check"]).ok();
    }
}

#[test]
fn a_revision_is_planned_without_a_database() {
    // Needs a database, and one that is up to date.
    let mut bench = Bench::each().remove(0);
    bench.project.set("URL", "postgres://nobody@127.0.0.1:1/nowhere");
    bench.plan("table t { column id int primary-key }", &[]);
    bench.plan("table t { column id int primary-key; column a int nullable }", &[]);
    bench.run(&["check"]).ok();
    let refused = bench.run(&["status"]);
    assert_eq!(refused.code, Some(1), "{refused}");
}

#[test]
fn going_back_names_what_is_lost_and_waits_for_consent() {
    // The rows are gone without a word.
    for bench in Bench::each() {
        bench.reach("table t { column id int primary-key }", &[]);
        bench.reach("table t { column id int primary-key; column a int nullable }", &[]);
        bench.execute("INSERT INTO t VALUES (1, 7)");
        for arguments in
            [&["rollback"][..], &["rollback", "--yes"], &["rollback", "--allow-destructive", "t.b"]]
        {
            let refused = bench.run(arguments);
            assert!(matches!(refused.code, Some(2 | 3)), "{refused}");
            assert_eq!(bench.rows("SELECT a FROM t"), ["7"]);
        }
        bench.run(&["rollback", "--allow-destructive", "t.a"]).ok();
        bench.refuses("SELECT a FROM t");
        assert_eq!(bench.rows("SELECT id FROM t"), ["1"]);
    }
}

#[test]
fn what_ran_and_what_was_undone_stays_on_record() {
    // One row with a number: no time, no person, nothing of what was undone.
    for bench in Bench::each() {
        bench.reach("table t { column id int primary-key }", &[]);
        bench.back();
        bench.run(&["apply"]).ok();
        let record = bench.run(&["log", "--applied"]).ok();
        let events: Vec<&str> = record.lines().filter_map(|line| line.split_whitespace().next()).collect();
        assert_eq!(events, ["applied", "rolled-back", "applied"], "{record}");
        assert!(record.lines().all(|line| line.contains("tester@")), "{record}");
    }
}

#[test]
fn a_missing_parent_is_named() {
    for bench in Bench::each() {
        bench.plan("table t { column id int primary-key }", &[]);
        bench.plan("table t { column id int primary-key; column a int nullable }", &[]);
        std::fs::remove_file(bench.project.path("revisions/0001_change.kdl")).unwrap();
        let refused = bench.run(&["apply"]);
        assert_eq!(refused.code, Some(5), "{refused}");
        assert!(refused.stderr.contains("0001_change"), "{refused}");
    }
}

#[test]
fn what_ran_before_a_failure_stays_and_the_next_run_goes_on() {
    // On SQLite half of a revision stays, and its first statement fails the next time.
    for bench in Bench::each() {
        bench.reach("table t { column id int primary-key; column a int }", &[]);
        bench.execute("INSERT INTO t VALUES (1, 1), (2, 1)");
        bench.plan("table t { column id int primary-key; column a int; column b int nullable }", &[]);
        bench.plan(
            "table t { column id int primary-key; column a int unique; column b int nullable }
             table u { column id int primary-key }",
            &[],
        );
        let failed = bench.run(&["apply"]);
        assert_eq!(failed.code, Some(7), "{failed}");
        assert_eq!(bench.rows("SELECT id, a, b FROM t ORDER BY id"), ["1|1|NULL", "2|1|NULL"]);
        bench.refuses("SELECT * FROM u");
        bench.execute("UPDATE t SET a = 2 WHERE id = 2");
        bench.run(&["apply"]).ok();
        bench.run(&["status", "--check"]).ok();
        bench.execute("INSERT INTO u VALUES (1)");
    }
}

#[test]
fn two_heads_are_found_before_they_are_deployed() {
    // Found by `upgrade head`, at the deployment.
    for bench in Bench::each() {
        bench.plan("table t { column id int primary-key }", &[]);
        bench.plan("table t { column id int primary-key; column a int nullable }", &[]);
        let mine = bench.project.read("revisions/0002_change.kdl");
        std::fs::remove_file(bench.project.path("revisions/0002_change.kdl")).unwrap();
        bench
            .project
            .write("schema/schema.kdl", "table t { column id int primary-key; column b int nullable }");
        bench.run(&["plan", "-m", "theirs"]).ok();
        bench.project.write("revisions/0002_change.kdl", mine);
        let found = bench.run(&["check"]);
        assert!(matches!(found.code, Some(4 | 5)), "{found}");
        assert!(found.stderr.contains("0002_change") && found.stderr.contains("0002_theirs"), "{found}");
    }
}
