//! Runs that are killed while they undo a revision, all of it or what another run left of it: the next one completes that.
//! And runs that are interrupted.

use super::super::{APPLY, Shop};
use super::failure::failing;
use super::{ROLLBACK, is_like, is_unfinished, shop, whole};
use crate::support::sql;

const JSON: [&str; 5] = ["rollback", "--allow-destructive", "all", "--format", "json"];

/// Kills a rollback when it has begun so many pieces of work; whether there were so many.
fn killed(shop: &Shop, pieces: usize) -> bool {
    let mut run = shop.start(&JSON);
    let worked = (0..pieces).all(|_| run.reads("\"working\""));
    run.kill();
    worked
}

/// Whether the second revision is on the database, whole or in part.
fn is_there(shop: &Shop) -> bool {
    let ends = "SELECT event FROM schemactl_journal WHERE name = '0002_second' ORDER BY seq DESC LIMIT 1";
    sql::rows(&shop.url, ends) != ["rolled-back"]
}

#[test]
fn killed_while_a_revision_is_undone_the_next_run_undoes_the_rest() {
    let whole = whole();
    let mut pieces = 1;
    loop {
        let shop = shop();
        let before = shop.picture();
        shop.apply().ok();
        let worked = killed(&shop, pieces);
        let when = format!("piece {pieces}");
        if is_there(&shop) {
            if is_unfinished(&shop) {
                // Unless the catalog says that nothing happened, the way that was begun has to be ended first.
                let applied = shop.apply();
                let refused = applied.code == Some(5) && applied.stderr.contains("error[E726]");
                assert!(refused || applied.code == Some(0) && !is_unfinished(&shop), "{when}: {applied}");
            }
            shop.project.run(&ROLLBACK).ok();
        }
        is_like(&shop, &before, &when);
        shop.apply().ok();
        shop.is_whole(&whole, &when);
        if !worked {
            break;
        }
        pieces += 1;
    }
    assert!(pieces > 5, "{pieces} pieces");
}

#[test]
fn killed_while_a_part_of_a_revision_is_undone_the_next_run_undoes_the_rest() {
    let mut pieces = 1;
    loop {
        let shop = failing(5);
        let before = shop.picture();
        shop.project.run(&[&APPLY[..], &["--no-compensate"]].concat()).fails(7);
        let worked = killed(&shop, pieces);
        let when = format!("piece {pieces}");
        if is_unfinished(&shop) {
            shop.project.run(&ROLLBACK).ok();
        }
        is_like(&shop, &before, &when);
        if !worked {
            break;
        }
        pieces += 1;
    }
    assert!(pieces > 3, "{pieces} pieces");
}

#[test]
fn an_interrupt_stops_the_statement_and_what_ran_stays() {
    let shop = shop();
    let before = shop.picture();
    let (user, run) = super::kill::stopped_at_posts(&shop);
    run.signal("INT");
    let (code, words) = run.ends();
    assert_eq!(code, Some(130), "{words}");
    assert!(words.contains("ran before and stays"), "{words}");
    drop(user);
    let status = shop.project.run(&["status"]).ok();
    assert!(status.contains(" of ") && !status.contains("in doubt"), "{status}");
    shop.project.run(&ROLLBACK).ok();
    is_like(&shop, &before, "undone");
    shop.apply().ok();
    shop.is_whole(&whole(), "after the interrupt");
}

#[test]
fn a_rollback_to_a_place_undoes_what_is_left_of_a_revision_first() {
    for (target, at) in [("base", ""), ("-2", ""), ("0001_first", "0001_first"), ("-1", "0001_first")] {
        let shop = failing(5);
        shop.project.run(&[&APPLY[..], &["--no-compensate"]].concat()).fails(7);
        assert!(is_unfinished(&shop), "{target}");
        shop.project.run(&[&ROLLBACK[..], &[target]].concat()).ok();
        assert!(!is_unfinished(&shop), "{target}");
        let status = shop.project.run(&["status", "--format", "json"]).ok();
        let status: serde_json::Value = serde_json::from_str(&status).expect("it is a document");
        let names: Vec<&str> =
            status["at"].as_array().into_iter().flatten().flat_map(|name| name.as_str()).collect();
        assert_eq!(names.join(" "), at, "{target}: {status}");
    }
}
