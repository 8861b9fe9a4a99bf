//! Every kind of operation, refused at each of its statements: with compensation the database is as it was, without it
//! the next run finishes the revision or undoes what ran. Also where the way back is refused.

use super::kind::{Trial, UNDO, each, is_undone};
use super::{ROLLBACK, is_unfinished};
use crate::mysql::kind::cases::CASES;
use crate::support::mysql;
use crate::support::project::Output;

const APPLY: [&str; 3] = ["apply", "--allow-destructive", "all"];
const LEAVE: [&str; 4] = ["apply", "--allow-destructive", "all", "--no-compensate"];

/// Runs with so many statements refused from one of them on; `None` if it ended before all of them were.
fn refused(trial: &Trial, arguments: &[&str], (from, count): (usize, usize)) -> Option<Output> {
    trial.gate.refuse(from, count);
    let output = trial.shop.project.run(&[arguments, &["--url", &trial.gate.url]].concat());
    trial.gate.refused().then_some(output)
}

/// Checks what is said of a run that left a part or nothing.
#[track_caller]
fn is_told(trial: &Trial, output: &Output, when: &str) {
    let left = if is_unfinished(&trial.shop) { 7 } else { 1 };
    let name = trial.case.name;
    assert_eq!(output.code, Some(left), "{name} {when}: {output}");
    assert!(output.stderr.contains("refused at the gate"), "{name} {when}: {output}");
    let end = if left == 7 { "ran before and stays" } else { "the database is as it was" };
    assert!(output.stderr.contains(end), "{name} {when}: {output}");
}

/// Refuses each statement of `apply`; returns how many there are.
fn forth(trial: &Trial) -> usize {
    let mut number = 0;
    while let Some(output) = refused(trial, &APPLY, (number, 1)) {
        let when = format!("statement {number}");
        is_told(trial, &output, &when);
        assert_eq!(output.code, Some(1), "{when}: {output}");
        trial.is_like(&trial.before, &format!("compensated after {when}"));
        let output = refused(trial, &LEAVE, (number, 1)).expect("it is the same run again");
        is_told(trial, &output, &when);
        trial.goes_on(number, &when);
        stuck(trial, number);
        number += 1;
    }
    trial.shop.project.run(&UNDO).ok();
    number
}

/// Refuses a statement and the first one that would undo what ran before it.
fn stuck(trial: &Trial, number: usize) {
    let Some(output) = refused(trial, &APPLY, (number, 2)) else { return };
    let when = format!("statement {number} and the way back: {output}");
    assert_eq!(output.code, Some(7), "{when}");
    assert!(output.stderr.contains("to undo it was tried, and stopped"), "{when}");
    if is_undone(number + 1) {
        trial.shop.project.run(&ROLLBACK).ok();
    } else {
        trial.shop.project.run(&APPLY).ok();
        trial.is_like(&trial.after, &when);
        trial.shop.project.run(&UNDO).ok();
    }
    trial.is_like(&trial.before, &when);
}

/// Refuses each statement of `rollback`; returns how many there are.
fn back(trial: &Trial) -> usize {
    trial.shop.project.run(&APPLY).ok();
    let mut number = 0;
    while let Some(output) = refused(trial, &ROLLBACK, (number, 1)) {
        let when = format!("statement {number} of the way back");
        is_told(trial, &output, &when);
        assert!(!output.stderr.contains("`schemactl apply"), "{when}: {output}");
        trial.shop.project.run(&ROLLBACK).ok();
        trial.is_like(&trial.before, &when);
        trial.shop.project.run(&APPLY).ok();
        trial.is_like(&trial.after, &when);
        number += 1;
    }
    trial.is_like(&trial.before, "in the end");
    number
}

#[test]
fn whichever_statement_of_any_kind_is_refused_the_next_run_finishes_or_undoes() {
    let statements = each(CASES, |case| {
        let database = mysql::database("refused");
        let trial = Trial::new(case, &database.url);
        forth(&trial) + back(&trial)
    });
    assert!(statements > 60, "{statements}");
}
