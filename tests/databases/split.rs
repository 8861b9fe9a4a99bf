//! Histories that nobody here wrote, told as the work of two people: the revisions behind a point go to two branches,
//! which are joined. Whichever a database gets first, it comes to what the history leads to.

use std::collections::BTreeSet;
use std::fs;

use schemactl::change::{Step, ops, replay};
use schemactl::diagnostic::Sources;
use schemactl::model::{Naming, State, validate};
use schemactl::revision::{self, History, Link, RevisionId};
use schemactl::snapshot::Disk;
use schemactl::syntax::print;

use crate::corpora::{Database, corpus, expect_contents};
use crate::import::steps;
use crate::strategies::chain::Chain;
use crate::support::project::Project;
use crate::support::{mysql, skipped};

/// A history in two branches: how far they go, and what they are.
struct Split<'h> {
    base: usize,
    end: usize,
    branches: [Vec<&'h Link>; 2],
}

/// The words of a text.
fn words(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '_').collect()
}

/// Shares the revisions behind a point out; each goes where it fits, at random where it fits on both. What has hooks ends
/// it: their SQL may speak of anything. Other SQL may speak of what the branch doesn't have, so no word of it is missing.
fn split(history: &History, base: usize, mut bits: u64, naming: Naming) -> Split<'_> {
    let links = history.links();
    let start = history.state_at(&[links[base].revision.id]).unwrap();
    let mut states = [start.clone(), start];
    let mut split = Split { base, end: base, branches: [Vec::new(), Vec::new()] };
    for (before, link) in links[base..].iter().zip(&links[base + 1..]) {
        let is_plain = link.revision.steps.iter().all(|step| matches!(step, Step::Op(_)));
        let first = usize::from(bits & 1 == 1);
        bits = bits.rotate_right(1);
        let whole = print(&history.state_at(&[before.revision.id]).unwrap());
        let text = revision::print(&link.revision);
        let fitting = [first, 1 - first].into_iter().find_map(|side| {
            let mut state = states[side].clone();
            replay(&mut state, ops(&link.revision.steps)).ok()?;
            let own = print(&states[side]);
            let missing: BTreeSet<&str> = &words(&whole) - &words(&own);
            let is_whole = validate(&state, naming).is_empty() && missing.is_disjoint(&words(&text));
            is_whole.then_some((side, state))
        });
        let Some((side, state)) = fitting.filter(|_| is_plain) else { break };
        states[side] = state;
        split.branches[side].push(link);
        split.end += 1;
    }
    split
}

/// Writes the chain with its branches, and what the history has behind them; the heads of the branches.
fn told(history: &History, split: &Split<'_>, project: &Project) -> [RevisionId; 2] {
    let (links, chain) = (history.links(), Chain::default());
    let mut state = State::default();
    let put = |parents: &[RevisionId], name: String, state: &mut State, link: &Link| {
        let id = chain.put(parents, &name, state, link.revision.steps.clone());
        replay(state, ops(&link.revision.steps)).unwrap();
        id
    };
    let mut head = Vec::new();
    for link in &links[..=split.base] {
        head = vec![put(&head, link.revision.name.to_string(), &mut state, link)];
    }
    let heads = [("one", &split.branches[0]), ("two", &split.branches[1])].map(|(name, branch)| {
        let (mut head, mut state) = (head.clone(), state.clone());
        for link in branch {
            head = vec![put(&head, format!("{name} {}", link.revision.name), &mut state, link)];
        }
        head[0]
    });
    let joined = chain.history().joined(&heads, &[]).unwrap().state;
    assert_eq!(joined, history.state_at(&[links[split.end].revision.id]).unwrap());
    state = joined;
    head = vec![chain.put(&heads, "merge", &state, Vec::new())];
    for link in &links[split.end + 1..] {
        head = vec![put(&head, link.revision.name.to_string(), &mut state, link)];
    }
    for (name, content) in chain.files() {
        project.write(&format!("revisions/{name}"), content);
    }
    heads
}

fn comes_together(name: &str, database: fn() -> Database) {
    let naming = if name.ends_with("/mysql") { Naming::PerTable } else { Naming::Common };
    if corpus(&format!("histories/{name}/0001_up.sql")).is_none() {
        return;
    }
    let straight = Project::empty();
    steps(&format!("histories/{name}"), &straight);
    let original = database();
    // A database that is a file has to be there.
    original.execute("CREATE TABLE made (n INT); DROP TABLE made");
    original.run(&straight, &["import", "golang-migrate", "steps"]);
    original.run(&straight, &["apply", "--yes", "--allow-destructive", "all"]);
    let files = Disk::new(straight.path(""));
    let history = History::load(&files, "revisions", &mut Sources::default()).unwrap();
    let points = 0..history.links().len() - 1;
    let splits =
        points.map(|base| split(&history, base, 0x9e37_79b9_7f4a_7c15_u64.rotate_left(base as u32), naming));
    let mut splits: Vec<Split<'_>> =
        splits.filter(|split| split.branches.iter().all(|branch| !branch.is_empty())).collect();
    assert!(!splits.is_empty(), "{name}");
    // The first, and the one with the longest branches.
    splits.sort_by_key(|split| split.branches.iter().map(Vec::len).min());
    let chosen = [splits.len() - 1, 0];
    for at in &chosen[..splits.len().min(2)] {
        let project = Project::empty();
        fs::copy(straight.path("schemactl.kdl"), project.path("schemactl.kdl")).unwrap();
        let heads = told(&history, &splits[*at], &project);
        for targets in
            [vec![heads[0]], vec![heads[1]], vec![heads[0], heads[1]], vec![heads[1], heads[0]], vec![]]
        {
            let database = database();
            database.execute("CREATE TABLE made (n INT); DROP TABLE made");
            let agreed = ["--yes", "--allow-destructive", "all"];
            for target in &targets {
                database.run(&project, &[&["apply", &target.to_string()], &agreed[..]].concat());
            }
            database.run(&project, &[&["apply"], &agreed[..]].concat());
            let when = format!("{name}, by {} branches first", targets.len());
            database.expect_catalog(&original.catalog(), &when);
            expect_contents(&database.contents(), &original.contents(), &when);
        }
    }
}

#[test]
fn a_history_on_sqlite_comes_together() {
    comes_together("atuin-client/sqlite", Database::sqlite);
}

#[test]
fn a_history_on_postgres_comes_together() {
    comes_together("authelia/postgres", Database::postgres);
    comes_together("atuin-server/postgres", Database::postgres);
}

#[test]
fn a_history_on_mysql_comes_together() {
    if mysql::is_mariadb() {
        return skipped("openfga/mysql", "MariaDB doesn't take all of its SQL");
    }
    comes_together("openfga/mysql", Database::mysql);
}
