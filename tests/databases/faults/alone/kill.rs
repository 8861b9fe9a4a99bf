//! Processes that are killed, and connections: before a statement, in it, and behind it but before the journal knows.

use super::super::{APPLY, Shop};
use super::{JSON, ROLLBACK, end, is_like, is_unfinished, last_event, shop, user_of, waiting, whole};
use crate::support::running::Running;
use crate::support::sql;

#[test]
fn killed_at_any_piece_of_work_the_next_run_completes_or_undoes() {
    let whole = whole();
    for next in ["apply", "rollback"] {
        let mut pieces = 1;
        loop {
            let shop = shop();
            let before = shop.picture();
            let mut run = shop.start(&JSON);
            let worked = (0..pieces).all(|_| run.reads("\"working\""));
            run.kill();
            let when = format!("{next} after piece {pieces}");
            match next {
                "rollback" if is_unfinished(&shop) => {
                    shop.project.run(&ROLLBACK).ok();
                    is_like(&shop, &before, &when);
                    shop.apply().ok();
                }
                _ => {
                    shop.apply().ok();
                }
            }
            shop.is_whole(&whole, &when);
            if !worked {
                break;
            }
            pieces += 1;
        }
        assert!(pieces > 5, "{pieces} pieces");
    }
}

/// Starts a run and stops it at the first statement that changes posts: it waits for somebody who uses the table.
pub(super) fn stopped_at_posts(shop: &Shop) -> (sql::Session, Running) {
    let mut gate = sql::Session::open(&shop.url);
    gate.execute("DO GET_LOCK(DATABASE(), 60)");
    let mut run = shop.start(&JSON);
    shop.wait_until("it is in the hook", |shop| {
        let at = "SELECT count(*) FROM information_schema.processlist \
                  WHERE db = DATABASE() AND info LIKE '/* schemactl apply */ DO GET_LOCK%'";
        sql::rows(&shop.url, at) != ["0"]
    });
    let user = user_of(shop, "posts");
    drop(gate);
    assert!(run.reads("ALTER TABLE `posts`"));
    shop.wait_until("it waits for the table", |shop| !waiting(shop, "ALTER TABLE `posts`").is_empty());
    (user, run)
}

/// Lets another run finish or undo what the first one left, and checks what came of it.
#[track_caller]
fn goes_on(shop: &Shop, next: &str, said: &str) {
    let before = shop.project.run(&["status"]).ok();
    assert!(before.contains("in doubt"), "{before}");
    let arguments: &[&str] = if next == "apply" { &APPLY } else { &ROLLBACK };
    let output = shop.project.run(arguments);
    assert_eq!(output.code, Some(0), "{output}");
    assert!(output.stderr.contains(said), "{output}");
}

#[test]
fn killed_before_a_statement_it_is_run() {
    let whole = whole();
    for next in ["apply", "rollback"] {
        let shop = shop();
        let before = shop.picture();
        let (user, run) = stopped_at_posts(&shop);
        run.kill();
        end(&shop, &waiting(&shop, "ALTER TABLE"));
        drop(user);
        assert_eq!(last_event(&shop), "intended");
        goes_on(&shop, next, "an interrupted run had not done it");
        match next {
            "apply" => shop.is_whole(&whole, next),
            _ => is_like(&shop, &before, next),
        }
    }
}

#[test]
fn killed_behind_a_statement_and_before_its_row_it_counts_as_done() {
    let whole = whole();
    for next in ["apply", "rollback"] {
        let shop = shop();
        let before = shop.picture();
        let (user, run) = stopped_at_posts(&shop);
        let mut reader = sql::Session::open(&shop.url);
        reader.execute("LOCK TABLES schemactl_journal READ");
        drop(user);
        shop.wait_until("its row waits", |shop| !waiting(shop, "INSERT INTO").is_empty());
        run.kill();
        end(&shop, &waiting(&shop, "INSERT INTO"));
        drop(reader);
        assert_eq!(last_event(&shop), "intended");
        goes_on(&shop, next, "an interrupted run had done it");
        match next {
            "apply" => shop.is_whole(&whole, next),
            _ => is_like(&shop, &before, next),
        }
    }
}

#[test]
fn what_a_killed_run_left_to_the_server_is_waited_for() {
    let shop = shop();
    let whole = whole();
    let (user, run) = stopped_at_posts(&shop);
    run.kill();
    let status = shop.project.run(&["status"]).ok();
    let told = status.lines().find(|line| line.contains("at work on it: process "));
    let told = told.unwrap_or_else(|| panic!("nothing is told in {status}"));
    for part in [", `schemactl apply` as `", ", at a statement for ", "; the next run waits for its end"] {
        assert!(told.contains(part), "{part} in {told}");
    }
    let mut next = shop.start(&APPLY);
    assert!(next.says("Waiting for process"), "the statement of the killed run is under way");
    drop(user);
    let (code, words) = next.ends();
    assert_eq!(code, Some(0), "{words}");
    assert!(words.contains("Waiting for process") && words.contains("`schemactl apply`"), "{words}");
    shop.is_whole(&whole, "after waiting");
    assert!(!shop.project.run(&["status"]).ok().contains("at work"));
}

#[test]
fn a_connection_that_ends_in_a_statement_leaves_the_answer_to_the_catalog() {
    let whole = whole();
    for next in ["apply", "rollback"] {
        let shop = shop();
        let before = shop.picture();
        let (user, run) = stopped_at_posts(&shop);
        end(&shop, &waiting(&shop, "ALTER TABLE"));
        drop(user);
        let (code, words) = run.ends();
        assert_eq!(code, Some(7), "{words}");
        assert!(words.contains("what became of the statement, the catalog tells at the next run"), "{words}");
        goes_on(&shop, next, "an interrupted run had not done it");
        match next {
            "apply" => shop.is_whole(&whole, next),
            _ => is_like(&shop, &before, next),
        }
    }
}

#[test]
fn what_somebody_else_did_meanwhile_is_shown_and_nothing_run() {
    let shop = shop();
    let (user, run) = stopped_at_posts(&shop);
    run.kill();
    end(&shop, &waiting(&shop, "ALTER TABLE"));
    drop(user);
    sql::execute(&shop.url, "ALTER TABLE posts ADD COLUMN strange int");
    let before = shop.picture();
    for command in [&APPLY[..], &ROLLBACK] {
        let words = shop.project.run(command).fails(7);
        assert!(words.contains("error[E738]"), "{words}");
        for part in ["\nbefore it:\n", "\nafter it:\n", "\nin the database:\n", "column strange int nullable"]
        {
            assert!(words.contains(part), "{part} in {words}");
        }
        shop.is_still(&before, "neither");
    }
    sql::execute(&shop.url, "ALTER TABLE posts DROP COLUMN strange");
    shop.apply().ok();
    shop.is_whole(&whole(), "after the change was taken back");
}
