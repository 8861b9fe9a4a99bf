//! Whole schemas at random, and edits of them. A `spec` is plain data that shrinks well; `build` turns any spec
//! into a valid state, so no case is thrown away. Every node and attribute of the model occurs.

pub mod build;
pub mod chain;
mod edit;
mod names;
mod spec;
pub mod types;

use std::fmt;

use proptest::prelude::*;
use proptest::test_runner::{Config, RngSeed};
use schemactl::model::{Rename, State, Table};
use schemactl::syntax::print;

/// What a schema is generated for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(dead_code, reason = "each test binary uses its own profiles")]
pub enum Profile {
    /// No database: everything that the model can say.
    Any,
    /// What SQLite can have, and objects that are limited to other dialects.
    Sqlite,
    /// What PostgreSQL can have, and objects that are limited to other dialects.
    Postgres,
    /// What MySQL and MariaDB both can have, and objects that are limited to other dialects.
    Mysql,
}

/// Two states and what a plan between them is told.
#[derive(Clone)]
pub struct Pair {
    /// Where it starts.
    pub from: State,
    /// Where it leads to.
    pub to: State,
    /// What kept its identity under another name; empty when nobody says so.
    pub renames: Vec<Rename>,
}

/// As the files that people would write: a value of the model is too long to read.
impl fmt::Debug for Pair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "// from\n{}\n// to\n{}", print(&self.from), print(&self.to))?;
        self.renames.iter().try_for_each(|rename| writeln!(f, "// {rename:?}"))
    }
}

/// A state.
pub fn state(profile: Profile) -> impl Strategy<Value = State> {
    spec::schema().prop_map(move |spec| build::build(&spec, profile).state)
}

/// A state and an edited one: most of it is the same, everything can have changed.
pub fn pair(profile: Profile) -> impl Strategy<Value = Pair> {
    (spec::schema(), edit::edits(), any::<bool>()).prop_map(move |(before, mut edits, told)| {
        let from = build::build(&before, profile);
        let mut to = build::build(&edit::apply(&before, &edits, profile), profile);
        while limits_clash(&from.state, &to.state) && edits.pop() {
            to = build::build(&edit::apply(&before, &edits, profile), profile);
        }
        let renames = if told { edit::renames(&from, &to) } else { Vec::new() };
        Pair { from: from.state, to: to.state, renames }
    })
}

/// A state, and what two people who did not know of each other made of it, step by step.
#[derive(Clone)]
pub struct Fork {
    /// Where both start.
    pub base: State,
    /// Where the steps of one lead to, and what each was told.
    pub ours: Vec<(State, Vec<Rename>)>,
    /// Where those of the other lead to.
    pub theirs: Vec<(State, Vec<Rename>)>,
    /// In which order the steps of both come to a database: whether the next one is ours, while both have one.
    pub order: Vec<bool>,
}

impl fmt::Debug for Fork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "// base\n{}", print(&self.base))?;
        for (name, side) in [("ours", &self.ours), ("theirs", &self.theirs)] {
            for (state, renames) in side {
                writeln!(f, "// {name}\n{}", print(state))?;
                renames.iter().try_for_each(|rename| writeln!(f, "// {rename:?}"))?;
            }
        }
        writeln!(f, "// {:?}", self.order)
    }
}

/// A state and two edited ones, in which most is the same; each comes of one step or of several.
pub fn fork(profile: Profile) -> impl Strategy<Value = Fork> {
    let side = || proptest::collection::vec(edit::edits(), 1..3);
    let order = proptest::collection::vec(any::<bool>(), 4);
    (spec::schema(), side(), side(), order).prop_map(move |(before, ours, theirs, order)| {
        let base = build::build(&before, profile);
        let side = |steps: Vec<edit::Edits>| {
            let (mut spec, mut from) = (before.clone(), build::build(&before, profile));
            let mut side = Vec::with_capacity(steps.len());
            for mut edits in steps {
                let mut edited = edit::apply(&spec, &edits, profile);
                let mut to = build::build(&edited, profile);
                while limits_clash(&from.state, &to.state) && edits.pop() {
                    edited = edit::apply(&spec, &edits, profile);
                    to = build::build(&edited, profile);
                }
                side.push((to.state.clone(), edit::renames(&from, &to)));
                (spec, from) = (edited, to);
            }
            side
        };
        let (ours, theirs) = (side(ours), side(theirs));
        Fork { base: base.state, ours, theirs, order }
    })
}

/// Whether a table takes the name of one that other dialects have, which a plan refuses.
fn limits_clash(from: &State, to: &State) -> bool {
    let clashes = |table: &Table, other: &Table| table.settings.only != other.settings.only;
    to.tables.iter().any(|table| from.tables.get(&table.name).is_some_and(|other| clashes(table, other)))
}

/// How many cases to try: the same ones on every run, unless `SCHEMACTL_TEST_SEED` says otherwise. As many as
/// are good for a test that runs often, unless `SCHEMACTL_TEST_CASES` says otherwise.
pub fn cases(cases: u32) -> Config {
    let number = |name: &str| std::env::var(name).ok().and_then(|value| value.parse::<u64>().ok());
    Config {
        cases: number("SCHEMACTL_TEST_CASES").and_then(|cases| cases.try_into().ok()).unwrap_or(cases),
        rng_seed: RngSeed::Fixed(number("SCHEMACTL_TEST_SEED").unwrap_or(1)),
        failure_persistence: None,
        max_shrink_iters: 4096,
        ..Config::default()
    }
}
