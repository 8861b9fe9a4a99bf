//! Squashed revisions, checkpoints, and half of what became one, cut off at each piece of work: the next run finishes what was
//! begun, or undoes it.

use super::alone::{is_like, is_unfinished};
use super::{Picture, Shop};
use crate::support::gate::{Gate, Moment, Stopped};
use crate::support::running::Running;
use crate::support::sql;

const SECOND: &str = "revisions/0002_second.kdl";
const APPLY: [&str; 7] = ["apply", "--allow-destructive", "all", "--format", "json", "--env", "dev"];
const BACK: [&str; 5] = ["--allow-destructive", "all", "-q", "--env", "dev"];

/// How a database knows the first two of three revisions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Known {
    /// By the one that stands in their place.
    Squashed,
    /// By a checkpoint.
    Checkpoint,
    /// By the first of the two, and both became one since.
    Half,
}

const ALL: [Known; 3] = [Known::Squashed, Known::Checkpoint, Known::Half];

/// A database that goes there and back, and what it is like at both ends.
struct Trial {
    shop: Shop,
    known: Known,
    before: Picture,
    whole: Picture,
}

impl Trial {
    fn new(kind: &str, known: Known) -> Self {
        let shop = Shop::empty(kind);
        let older = "data older { up (sql)\"UPDATE users SET age = age + 1\"; down (sql)\"UPDATE users SET age = age - 1\" }";
        shop.insert_hook(SECOND, usize::MAX, older);
        let seed = "data seed only-env=dev { \
                    up (sql)\"INSERT INTO users (id, email, name, age) VALUES (99, 'seed@x', 'Seed', 1)\"; \
                    down (sql)\"DELETE FROM users WHERE email = 'seed@x'\" }";
        shop.insert_hook(SECOND, 5, seed);
        let shop = shop.with_new_status();
        if known == Known::Half {
            shop.project.run(&["apply", "1", "-q"]).ok();
            sql::execute(&shop.url, super::ROWS);
        }
        match known {
            Known::Squashed | Known::Half => {
                shop.project.run(&["squash", "base..2", "-m", "as one", "-q"]).ok()
            }
            Known::Checkpoint => shop.project.run(&["checkpoint", "2", "-q"]).ok(),
        };
        shop.project.run(&APPLY).ok();
        let whole = shop.picture();
        let mut trial = Self { shop, known, before: Picture::default(), whole };
        trial.goes_back();
        trial.before = trial.shop.picture();
        trial
    }

    fn begin(&self) -> &'static str {
        if self.known == Known::Half { "1" } else { "base" }
    }

    fn goes_back(&self) {
        self.shop.project.run(&[&["rollback", self.begin()][..], &BACK].concat()).ok();
    }

    /// Lets the next run finish what was left, and goes back; or lets it undo that first.
    #[track_caller]
    fn goes_on(&self, next: &str, when: &str) {
        let when = format!("{:?} {when}, then {next}", self.known);
        if next == "rollback" {
            match is_unfinished(&self.shop) {
                true => drop(self.shop.project.run(&[&["rollback"][..], &BACK].concat()).ok()),
                false => self.goes_back(),
            }
            // A revision in front of the one that was begun is there.
            self.goes_back();
            is_like(&self.shop, &self.before, &when);
        }
        self.shop.project.run(&APPLY).ok();
        is_like(&self.shop, &self.whole, &when);
        self.goes_back();
        is_like(&self.shop, &self.before, &when);
    }

    /// Starts a run and stops it at one of its statements; `None` if it has not so many, and has ended.
    fn stopped(&self, gate: &Gate, number: usize, moment: Moment) -> Option<(Running, Stopped)> {
        let told = gate.stop_at(number, moment);
        let mut run = self.shop.start(&[&APPLY[..], &["--url", &gate.url]].concat());
        match told.stopped(|| run.goes_on()) {
            Some(stopped) => Some((run, stopped)),
            None => {
                let (code, words) = run.ends();
                assert_eq!(code, Some(0), "{:?}: {words}", self.known);
                None
            }
        }
    }
}

/// What follows a cut: every second one is undone, at other places for each kind and moment.
fn next(number: usize) -> &'static str {
    if number.is_multiple_of(2) { "apply" } else { "rollback" }
}

#[test]
fn killed_at_any_piece_of_work_the_next_run_finishes_or_undoes() {
    // How a database knows revisions makes no difference to what a server does.
    for (turn, (kind, all)) in [("sqlite", &ALL[..]), ("postgres", &ALL[..1])].into_iter().enumerate() {
        for (place, known) in all.iter().copied().enumerate() {
            let trial = Trial::new(kind, known);
            let mut pieces = 1;
            loop {
                let mut run = trial.shop.start(&APPLY);
                let worked = (0..pieces).all(|_| run.reads("\"working\""));
                run.kill();
                trial.goes_on(next(turn + place + pieces), &format!("{kind}, piece {pieces}"));
                if !worked {
                    break;
                }
                pieces += 1;
            }
            assert!(pieces > 5, "{kind} {known:?}: {pieces} pieces");
        }
    }
}

#[test]
fn killed_before_during_and_after_any_statement_the_next_run_finishes_or_undoes() {
    for (place, known) in ALL.into_iter().enumerate() {
        let trial = Trial::new("mysql", known);
        let gate = Gate::before(&trial.shop.url);
        // How a database knows revisions makes no difference to the moments of a statement.
        let moments = [Moment::After, Moment::Before, Moment::During];
        let some = if known == Known::Squashed { moments.len() } else { 1 };
        for (turn, moment) in moments.into_iter().take(some).enumerate() {
            let mut number = 0;
            while let Some((run, stopped)) = trial.stopped(&gate, number, moment) {
                let when = format!("{moment:?} {number}: {}", stopped.sql);
                run.kill();
                drop(stopped);
                trial.goes_on(next(turn + place + number), &when);
                number += 1;
            }
            assert!(number > 5, "{known:?}: {number} statements");
            trial.goes_back();
        }
    }
}

/// What was begun in one environment is gone on with there, whatever the next run names: the hook is there, and goes with the
/// way back.
#[test]
fn a_limited_hook_of_a_killed_run_stays_with_its_environment() {
    for known in ALL {
        let trial = Trial::new("mysql", known);
        let config = trial.shop.project.read("schemactl.kdl");
        let other = format!("{config}env other {{ url \"{}\" }}\n", trial.shop.url);
        trial.shop.project.write("schemactl.kdl", other);
        let gate = Gate::before(&trial.shop.url);
        let seed = (0..).find(|number| {
            let (run, stopped) = trial.stopped(&gate, *number, Moment::Before).unwrap();
            let is_seed = stopped.sql.contains("seed@x");
            run.kill();
            drop(stopped);
            trial.goes_on("apply", "on the way to the hook");
            is_seed
        });
        let is_there =
            || sql::rows(&trial.shop.url, "SELECT count(*) FROM users WHERE email = 'seed@x'") == ["1"];
        let other = ["--allow-destructive", "all", "-q", "--env", "other"];
        for behind in [0, 1] {
            for next in ["apply", "rollback"] {
                let stop = seed.unwrap() + behind;
                let (run, stopped) = trial.stopped(&gate, stop, Moment::Before).unwrap();
                run.kill();
                drop(stopped);
                let when = format!("{known:?} {behind} {next}");
                if next == "rollback" {
                    trial.shop.project.run(&[&["rollback"][..], &other].concat()).ok();
                    trial.goes_back();
                    is_like(&trial.shop, &trial.before, &when);
                    continue;
                }
                trial.shop.project.run(&[&["apply"][..], &other].concat()).ok();
                assert!(is_there(), "{when}");
                trial.shop.project.run(&[&["rollback", trial.begin()][..], &other].concat()).ok();
                is_like(&trial.shop, &trial.before, &when);
            }
        }
    }
}
