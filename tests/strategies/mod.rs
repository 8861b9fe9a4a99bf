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

/// A state, and two states that it was edited to by two people who did not know of each other.
#[derive(Clone)]
pub struct Fork {
    /// Where both start.
    pub base: State,
    /// Where one leads to, and what it was told.
    pub ours: (State, Vec<Rename>),
    /// Where the other leads to, and what it was told.
    pub theirs: (State, Vec<Rename>),
}

impl fmt::Debug for Fork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "// base\n{}", print(&self.base))?;
        for (name, (state, renames)) in [("ours", &self.ours), ("theirs", &self.theirs)] {
            writeln!(f, "// {name}\n{}", print(state))?;
            renames.iter().try_for_each(|rename| writeln!(f, "// {rename:?}"))?;
        }
        Ok(())
    }
}

/// A state and two edited ones, in which most is the same.
pub fn fork(profile: Profile) -> impl Strategy<Value = Fork> {
    (spec::schema(), edit::edits(), edit::edits()).prop_map(move |(before, ours, theirs)| {
        let base = build::build(&before, profile);
        let side = |mut edits: edit::Edits| {
            let mut to = build::build(&edit::apply(&before, &edits, profile), profile);
            while limits_clash(&base.state, &to.state) && edits.pop() {
                to = build::build(&edit::apply(&before, &edits, profile), profile);
            }
            let renames = edit::renames(&base, &to);
            (to.state, renames)
        };
        let (ours, theirs) = (side(ours), side(theirs));
        Fork { base: base.state, ours, theirs }
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
