//! Statements that fail, each of a revision in its turn: with compensation the database is as it was, without it the
//! revision can be finished or undone. And many runs at once.

use std::process::Stdio;

use super::super::{APPLY, Shop};
use super::{ROLLBACK, SECOND, is_like, is_unfinished, shop, user_of, whole};
use crate::support::sql;
use crate::support::terminal::Terminal;

/// Fails until there is a table `nowhere`.
const BOOM: &str = "data boom { up (sql)\"INSERT INTO nowhere VALUES (1)\"; down nothing }";

/// A shop whose second revision fails before the step with this number, or at its end.
pub(super) fn failing(place: usize) -> Shop {
    let shop = shop();
    shop.insert_hook(SECOND, place, BOOM);
    shop
}

/// Whether it fails at its end.
fn fails_last(shop: &Shop) -> bool {
    shop.project.read(SECOND).trim_end().ends_with("down nothing }\n}")
}

#[test]
fn whichever_step_fails_the_database_is_as_it_was() {
    let mut place = 0;
    loop {
        let shop = failing(place);
        let before = shop.picture();
        let when = format!("step {place}");
        let words = shop.apply().fails(1);
        assert!(words.contains("nowhere") && words.contains("the database is as it was"), "{when}: {words}");
        is_like(&shop, &before, &when);
        if fails_last(&shop) {
            break;
        }
        place += 1;
    }
    assert!(place >= 5, "{place} steps");
}

#[test]
fn whichever_step_fails_what_ran_can_be_undone_or_gone_on_with() {
    let whole = whole();
    let mut place = 0;
    loop {
        let shop = failing(place);
        let before = shop.picture();
        let when = format!("step {place}");
        let stopped = shop.project.run(&[&APPLY[..], &["--no-compensate"]].concat());
        assert!(stopped.stderr.contains("nowhere"), "{when}: {stopped}");
        assert_eq!(stopped.code, Some(if is_unfinished(&shop) { 7 } else { 1 }), "{when}: {stopped}");
        if is_unfinished(&shop) {
            shop.project.run(&ROLLBACK).ok();
            is_like(&shop, &before, &when);
            shop.project.run(&[&APPLY[..], &["--no-compensate"]].concat()).fails(7);
        }
        sql::execute(&shop.url, "CREATE TABLE nowhere (id int)");
        shop.project.run(&[&APPLY[..], &["--allow-drift"]].concat()).ok();
        sql::execute(&shop.url, "DROP TABLE nowhere");
        shop.is_whole(&whole, &when);
        if fails_last(&shop) {
            break;
        }
        place += 1;
    }
}

/// A shop on a protected environment whose second revision fails behind a part that was committed.
fn protected() -> Shop {
    let shop = failing(4);
    shop.configure("    protect");
    shop
}

#[test]
fn without_a_terminal_a_protected_environment_keeps_what_ran_unless_told_otherwise() {
    for (options, undone) in [
        (&["--yes"][..], false),
        (&["--yes", "--compensate"], true),
        (&["--yes", "--no-compensate"], false),
        (&["--yes", "--no-compensate", "--compensate"], true),
    ] {
        let shop = protected();
        let before = shop.picture();
        let output = shop.project.run(&[&APPLY[..], options].concat());
        assert_eq!(output.code, Some(if undone { 1 } else { 7 }), "{options:?}: {output}");
        if undone {
            assert!(output.stderr.contains("what ran before was undone"), "{options:?}: {output}");
        } else {
            let ways = "go on with `schemactl apply`, or undo what ran with `schemactl rollback`";
            let corrected = "undo what ran with `schemactl rollback`, correct the hook";
            assert!(output.stderr.contains("a part of it ran before and stays"), "{options:?}: {output}");
            assert!([ways, corrected].iter().any(|way| output.stderr.contains(way)), "{options:?}: {output}");
            assert!(is_unfinished(&shop), "{options:?}");
            shop.project.run(&[&ROLLBACK[..], &["--yes"]].concat()).ok();
        }
        is_like(&shop, &before, &format!("{options:?}"));
    }
    let shop = protected();
    let before = shop.picture();
    for options in [&[][..], &["--compensate"]] {
        let refused = shop.project.run(&[&APPLY[..], options].concat());
        assert!(refused.stderr.contains("error[E832]"), "{options:?}: {refused}");
        shop.is_still(&before, "nobody said yes");
    }
}

#[test]
fn on_a_terminal_a_protected_environment_is_asked_about() {
    const CTRL_C: &str = "\x03";
    for (options, answer, undone) in
        [("", "y", true), ("", "n", false), ("", CTRL_C, false), ("--compensate", "", true)]
    {
        let shop = protected();
        let before = shop.picture();
        let mut terminal = Terminal::start(&shop.project, &format!("{} {options}", APPLY.join(" ")));
        terminal.reads("`dev` is protected. Go on?").types("y");
        if !answer.is_empty() {
            terminal.reads("`0002_second` failed half-way. Undo what ran of it?").types(answer);
        }
        let (screen, code) = terminal.ends();
        assert_eq!(code, Some(if undone { 1 } else { 7 }), "{options} {answer:?}: {screen}");
        let said = if undone { "the database is as it was" } else { "a part of it ran before and stays" };
        assert!(screen.contains(said), "{options} {answer:?}: {screen}");
        assert_eq!(is_unfinished(&shop), !undone, "{options} {answer:?}");
        if !undone {
            shop.project.run(&[&ROLLBACK[..], &["--yes"]].concat()).ok();
        }
        is_like(&shop, &before, &format!("{options} {answer:?}"));
    }
}

#[test]
fn no_way_back_is_offered_where_a_hook_has_none() {
    let hook = "data gone { up (sql)\"UPDATE users SET name = upper(name)\"; down irreversible reason=case }";
    for options in [&[][..], &["--no-compensate"]] {
        let shop = failing(5);
        shop.insert_hook(SECOND, 3, hook);
        let words = shop.project.run(&[&APPLY[..], options].concat()).fails(7);
        assert!(words.contains("a part of it ran before and stays"), "{options:?}: {words}");
        assert!(words.contains("go on with `schemactl apply`"), "{options:?}: {words}");
        assert!(!words.contains("schemactl rollback"), "{options:?}: {words}");
        let status = shop.project.run(&["status"]).ok();
        assert!(status.contains("  go on with `schemactl apply`; nothing leads back: "), "{status}");
        assert!(!status.contains("schemactl rollback"), "{status}");
        shop.project.run(&ROLLBACK).fails(1);
        sql::execute(&shop.url, "CREATE TABLE nowhere (id int)");
        shop.apply().ok();
        shop.project.run(&["status", "--check"]).ok();
    }
}

#[test]
fn a_statement_that_never_gets_its_lock_leaves_the_database_as_it_was() {
    let shop = shop();
    let before = shop.picture();
    let user = user_of(&shop, "posts");
    let refused = shop.project.run(&[&APPLY[..], &["--lock-timeout", "2s"]].concat());
    let words = refused.fails(6);
    assert!(words.contains("error[E710]") && words.contains("`posts`"), "{words}");
    drop(user);
    is_like(&shop, &before, "after the lock");
    shop.apply().ok();
    shop.is_whole(&whole(), "afterwards");
}

#[test]
fn one_transaction_is_refused_with_the_reason() {
    let shop = shop();
    let before = shop.picture();
    let words = shop.project.run(&[&APPLY[..], &["--single-transaction"]].concat()).fails(1);
    assert!(words.contains("error[E721]") && words.contains("no transaction can hold"), "{words}");
    shop.is_still(&before, "refused");
}

#[test]
fn of_twenty_runs_one_does_the_work() {
    let shop = super::with_hook(Shop::empty("mysql"));
    let runs: Vec<_> = (0..20)
        .map(|_| {
            let mut command = shop.project.command(env!("CARGO_BIN_EXE_schemactl"));
            command.args(APPLY).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
        })
        .collect();
    let mut worked = 0;
    for run in runs {
        let output = run.wait_with_output().unwrap();
        let words = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(0), "{words}");
        let applied = words.matches("Applied").count();
        assert!(applied == 2 || (applied == 0 && words.contains("nothing to apply")), "{words}");
        worked += usize::from(applied == 2);
    }
    assert_eq!(worked, 1);
    shop.project.run(&["status", "--check"]).ok();
}
