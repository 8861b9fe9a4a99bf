//! Many runs at once: one does the work, the others wait and find nothing to do.

use std::process::Stdio;

use super::{APPLY, Shop};
use crate::support::sql;

const RUNS: usize = 20;

#[test]
fn of_twenty_runs_one_does_the_work() {
    for kind in ["sqlite", "postgres", "mysql"] {
        let shop = Shop::empty(kind).with_new_status();
        let runs: Vec<_> = (0..RUNS)
            .map(|_| {
                let mut command = shop.project.command(env!("CARGO_BIN_EXE_schemactl"));
                command.args(APPLY).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
            })
            .collect();
        let mut worked = 0;
        for run in runs {
            let output = run.wait_with_output().unwrap();
            let words = String::from_utf8(output.stderr).unwrap();
            assert_eq!(output.status.code(), Some(0), "{kind}: {words}");
            let applied = words.matches("Applied").count();
            assert!(applied == 3 || (applied == 0 && words.contains("nothing to apply")), "{kind}: {words}");
            worked += usize::from(applied == 3);
        }
        assert_eq!(worked, 1, "{kind}");
        let applied = "SELECT name FROM schemactl_journal WHERE event = 'applied' ORDER BY seq";
        assert_eq!(sql::rows(&shop.url, applied), ["0001_first", "0002_second", "0003_third"]);
        shop.project.run(&["status", "--check"]).ok();
    }
}

#[test]
fn commands_of_every_kind_at_once_get_out_of_each_others_way() {
    const COMMANDS: [&[&str]; 6] = [
        &["push", "--allow-destructive", "all"],
        &APPLY,
        &["drift", "--accept"],
        &["drift"],
        &["status"],
        &["log", "--applied"],
    ];
    for kind in ["sqlite", "postgres", "mysql"] {
        let [whole, shop] = [Shop::empty(kind), Shop::empty(kind)];
        shop.project.run(&["apply", "+1", "-q"]).ok();
        whole.apply().ok();
        let whole = whole.picture();
        let runs: Vec<_> = (0..COMMANDS.len() * 3)
            .map(|number| {
                let command = COMMANDS[number % COMMANDS.len()];
                let mut process = shop.project.command(env!("CARGO_BIN_EXE_schemactl"));
                let process = process.args(command).stdout(Stdio::piped()).stderr(Stdio::piped());
                (command, process.spawn().unwrap())
            })
            .collect();
        for (command, run) in runs {
            let output = run.wait_with_output().unwrap();
            let words = String::from_utf8(output.stderr).unwrap();
            // Between the commit of a push and its end a look sees a change that nobody has told of yet.
            let expected: &[i32] = if command == ["drift"] { &[0, 4] } else { &[0] };
            assert!(expected.contains(&output.status.code().unwrap()), "{kind}: {command:?}: {words}");
        }
        shop.is_whole(&whole, kind);
        shop.project.run(&["drift"]).ok();
        assert_eq!(
            sql::rows(&shop.url, "SELECT count(*) FROM schemactl_journal WHERE event = 'applied'"),
            ["2"]
        );
    }
}

#[test]
fn a_change_by_hand_is_pulled_once_however_many_pull() {
    for kind in ["sqlite", "postgres", "mysql"] {
        let shop = Shop::new(kind);
        shop.apply().ok();
        sql::execute(&shop.url, "CREATE INDEX by_hand ON users (age)");
        let runs: Vec<_> = (0..6)
            .map(|_| {
                let mut command = shop.project.command(env!("CARGO_BIN_EXE_schemactl"));
                command
                    .args(["drift", "--pull"])
                    .stdout(Stdio::piped())
                    .stderr(Stdio::piped())
                    .spawn()
                    .unwrap()
            })
            .collect();
        for run in runs {
            let output = run.wait_with_output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{kind}: {}", String::from_utf8_lossy(&output.stderr));
        }
        assert_eq!(shop.project.read("schema/shop.kdl").matches("by_hand").count(), 1, "{kind}");
        shop.project.run(&["plan", "-m", "by hand", "-q"]).ok();
        shop.apply().ok();
        shop.project.run(&["status", "--check"]).ok();
        shop.project.run(&["drift"]).ok();
    }
}

#[test]
fn a_run_that_has_waited_long_enough_says_for_whom() {
    for kind in ["sqlite", "postgres", "mysql"] {
        let shop = Shop::new(kind);
        let forever = match kind {
            "postgres" => "SELECT pg_sleep(600)",
            "mysql" => "DO sleep(600)",
            _ => super::FOREVER,
        };
        shop.configure(&format!("    before-run (sql)\"{forever}\""));
        let before = shop.picture();
        let holder = shop.start(&APPLY);
        shop.wait_until("it is locked", Shop::is_locked);
        let refused = shop.project.run(&["apply", "--allow-destructive", "all", "--lock-timeout", "200ms"]);
        let words = refused.fails(6);
        assert!(words.contains("error[E706]: the lock was not obtained within 0.2 s: process "), "{words}");
        assert!(words.contains("`schemactl apply`"), "{words}");
        holder.kill();
        if kind == "mysql" {
            // The server sleeps on, and keeps the lock meanwhile.
            let process = sql::rows(&shop.url, super::BEFORE_RUN).concat();
            sql::execute(&shop.url, &format!("KILL {process}"));
        }
        shop.configure("");
        shop.is_still(&before, "after both");
        shop.apply().ok();
    }
}
