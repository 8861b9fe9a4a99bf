//! Every kind of operation, cut off at each of its statements: before the server has it, while the server is at it, and
//! behind it but before the journal knows. The next run finishes the revision, or undoes it: in turns, which are the other
//! way round on MariaDB than on MySQL.

use std::panic::resume_unwind;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::super::{Picture, Shop};
use super::{JSON, ROLLBACK, is_unfinished, unfinished};
use crate::mysql::kind::cases::{CASES, Case};
use crate::support::gate::{Gate, Moment, Stopped};
use crate::support::running::Running;
use crate::support::{mysql, sql};

const APPLY: [&str; 5] = JSON;
pub(super) const UNDO: [&str; 5] = ["rollback", "--allow-destructive", "all", "--format", "json"];
/// How many cases are tried at once.
const WORKERS: usize = 4;
const MOMENTS: [Moment; 3] = [Moment::Before, Moment::During, Moment::After];

/// A database with the first schema of a case and rows, and a way to it on which runs can be cut off.
pub(super) struct Trial {
    pub(super) case: &'static Case,
    pub(super) shop: Shop,
    pub(super) gate: Gate,
    pub(super) before: Picture,
    pub(super) after: Picture,
}

/// How a run ends.
#[derive(Debug, Clone, Copy)]
enum End {
    /// Its process is killed.
    Process,
    /// Its connection is ended by somebody else.
    Connection,
}

impl Trial {
    pub(super) fn new(case: &'static Case, url: &str) -> Self {
        let shop = Shop::between(url, [case.before, case.after]);
        shop.project.run(&["apply", "+1", "-q"]).ok();
        sql::execute(url, case.rows);
        let before = shop.picture();
        shop.project.run(&APPLY).ok();
        let after = shop.picture();
        shop.project.run(&UNDO).ok();
        Self { case, gate: Gate::before(url), before, after, shop }.begins_anew()
    }

    /// The way back is held to give the rows again.
    fn begins_anew(self) -> Self {
        self.is_like(&self.before, "there and back");
        self
    }

    #[track_caller]
    pub(super) fn is_like(&self, picture: &Picture, when: &str) {
        super::is_like(&self.shop, picture, &format!("{} {when}", self.case.name));
    }

    /// Starts a run and stops it at one of its statements; `None` if it has not so many, and has ended.
    fn stopped(&self, arguments: &[&str], number: usize, moment: Moment) -> Option<(Running, Stopped)> {
        let told = self.gate.stop_at(number, moment);
        let mut run = self.shop.start(&[arguments, &["--url", &self.gate.url]].concat());
        match told.stopped(|| run.goes_on()) {
            Some(stopped) => Some((run, stopped)),
            None => {
                let (code, words) = run.ends();
                assert_eq!(code, Some(0), "{}: {words}", self.case.name);
                None
            }
        }
    }

    /// Cuts a run off there; returns at which statement.
    fn cut(&self, arguments: &[&str], number: usize, (moment, end): (Moment, End)) -> Option<String> {
        let (run, stopped) = self.stopped(arguments, number, moment)?;
        let sql = stopped.sql.clone();
        match end {
            End::Process => run.kill(),
            End::Connection => {
                sql::execute(&self.shop.url, &format!("KILL {}", stopped.process));
                drop(stopped);
                let (code, words) = run.ends();
                assert!(is_cut(code, &words), "{} {code:?}: {words}", self.case.name);
            }
        }
        Some(sql)
    }

    /// Undoes what a run left. What was rolled back with its transaction left nothing.
    pub(super) fn undo(&self) {
        if is_unfinished(&self.shop) {
            self.shop.project.run(&ROLLBACK).ok();
        }
    }

    /// Finishes what a run left, and goes back, or undoes it.
    pub(super) fn goes_on(&self, turn: usize, when: &str) {
        if is_undone(turn) {
            self.undo();
            self.is_like(&self.before, &format!("undone after {when}"));
        } else {
            self.shop.project.run(&APPLY).ok();
            self.is_like(&self.after, &format!("finished after {when}"));
            self.shop.project.run(&UNDO).ok();
        }
    }

    /// Cuts `apply` off at each of its statements, and lets the next run go on; then `rollback`, which the next run
    /// finishes. Returns how many statements there were.
    fn hold(&self, moment: Moment, end: End) -> usize {
        let how = (moment, end);
        let mut number = 0;
        while let Some(sql) = self.cut(&APPLY, number, how) {
            let when = format!("{moment:?} {end:?} {number}: {sql}");
            self.tells(&sql, &when);
            self.goes_on(number + moment as usize, &when);
            number += 1;
        }
        let mut back = 0;
        while let Some(sql) = self.cut(&UNDO, back, how) {
            let when = format!("back {moment:?} {end:?} {back}: {sql}");
            self.shop.project.run(&ROLLBACK).ok();
            self.is_like(&self.before, &when);
            self.shop.project.run(&APPLY).ok();
            self.is_like(&self.after, &when);
            back += 1;
        }
        self.is_like(&self.before, "in the end");
        number + back
    }

    /// What is shown of it: the statement in doubt is the one that was cut off.
    fn tells(&self, sql: &str, when: &str) {
        // Rows commit with what the journal says of them.
        let is_of_rows =
            ["INSERT", "UPDATE", "DELETE"].iter().any(|word| sql.contains(&format!("*/ {word}")));
        let unfinished = unfinished(&self.shop);
        if unfinished.is_null() {
            assert!(is_of_rows, "{when}");
            return;
        }
        let statements = unfinished["statements"].as_array().unwrap();
        let in_doubt: Vec<_> = statements.iter().filter(|one| one["stand"] == "in-doubt").collect();
        assert!(in_doubt.len() == 1 || is_of_rows, "{when}: {unfinished}");
        for one in in_doubt {
            let shown = one["sql"][0].as_str().unwrap();
            assert_eq!(bare(sql), shown, "{when}");
        }
    }
}

/// The statements of a text without the name of the run in front of each.
fn bare(text: &str) -> String {
    let statements =
        text.split("\n;\n").map(|one| one.split_once("*/ ").map_or(one, |(_, statement)| statement));
    statements.collect::<Vec<_>>().join(";\n")
}

/// Whether what a cut leaves is undone: every second time, and on MySQL where it is finished on MariaDB.
pub(super) fn is_undone(turn: usize) -> bool {
    (turn + usize::from(mysql::is_mariadb())).is_multiple_of(2)
}

/// Whether a run says what it leaves when its connection ends. Rows in a transaction are gone with it.
fn is_cut(code: Option<i32>, words: &str) -> bool {
    code == Some(7) || (code == Some(1) && words.contains("everything was rolled back"))
}

/// Does something with each of the cases, several at a time, since most of it is waiting for the server. The sum of
/// what it returns.
pub(super) fn each(cases: &'static [Case], work: impl Fn(&'static Case) -> usize + Sync) -> usize {
    let next = AtomicUsize::new(0);
    let some = || {
        let mut sum = 0;
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            sum += work(case);
        }
        sum
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..WORKERS).map(|_| scope.spawn(some)).collect();
        let ended = workers.into_iter().map(|worker| worker.join());
        ended.map(|sum| sum.unwrap_or_else(|why| resume_unwind(why))).sum()
    })
}

/// Holds all cases to it.
fn hold(end: End, moments: &[Moment]) {
    let statements = each(CASES, |case| {
        let database = mysql::database("kind");
        let trial = Trial::new(case, &database.url);
        moments.iter().map(|moment| trial.hold(*moment, end)).sum()
    });
    assert!(statements > 60, "{statements}");
}

#[test]
fn a_killed_run_of_any_kind_is_finished_or_undone() {
    hold(End::Process, &MOMENTS);
}

#[test]
fn a_run_of_any_kind_without_its_connection_is_finished_or_undone() {
    hold(End::Connection, &[Moment::During]);
}

/// Who may make no scratch databases has the objects compared by rules of spelling.
#[test]
fn a_killed_run_of_any_kind_is_finished_or_undone_without_scratch_databases() {
    let user = format!("kind_{}", std::process::id());
    sql::execute(mysql::server(), &format!("CREATE USER {user}@'%' IDENTIFIED BY 'x'"));
    let statements = each(CASES, |case| {
        let database = mysql::database("bare");
        sql::execute(mysql::server(), &format!("GRANT ALL ON `{}`.* TO {user}@'%'", database.name));
        let mut url: url::Url = database.url.parse().unwrap();
        url.set_username(&user).unwrap();
        url.set_password(Some("x")).unwrap();
        Trial::new(case, url.as_str()).hold(Moment::After, End::Process)
    });
    sql::execute(mysql::server(), &format!("DROP USER {user}@'%'"));
    assert!(statements > 60, "{statements}");
}

/// One crash for all of them, since it takes its time.
#[test]
fn a_server_that_is_killed_at_any_kind_comes_back_and_all_are_finished_or_undone() {
    let server = mysql::Own::like_server("");
    let trials = Mutex::new(Vec::new());
    each(CASES, |case| {
        let name = case.name.replace([' ', ','], "_");
        sql::execute(&server.url, &format!("CREATE DATABASE {name}"));
        let trial = Trial::new(case, &format!("{}/{name}", server.url));
        trials.lock().unwrap().push(trial);
        1
    });
    let trials = trials.into_inner().unwrap();
    for moment in MOMENTS {
        let runs: Vec<_> =
            trials.iter().filter_map(|trial| Some((trial, trial.stopped(&APPLY, 0, moment)?))).collect();
        assert!(runs.len() > 20, "{}", runs.len());
        server.crash();
        for (turn, (trial, (run, stopped))) in runs.into_iter().enumerate() {
            let when = format!("{moment:?} the server ended: {}", stopped.sql);
            drop(stopped);
            let (code, words) = run.ends();
            assert!(is_cut(code, &words), "{when} {code:?}: {words}");
            trial.goes_on(turn + moment as usize, &when);
            trial.is_like(&trial.before, &when);
        }
    }
}
