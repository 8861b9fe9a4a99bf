//! A long chain: reading, replay, proof, and what of it is left to run.

use divan::{Bencher, black_box};
use jiff::Timestamp;
use schemactl::change::{Edit, Op, Step};
use schemactl::diagnostic::{SourceId, Sources, Span};
use schemactl::diff::diff;
use schemactl::hash::StateHash;
use schemactl::model::{Column, Portable, State, Type};
use schemactl::name::{Name, ObjectName};
use schemactl::revision::{History, Link, Places, Revision, codec, digest, print, write};
use schemactl::runner::jobs::{self, Server};
use schemactl::runner::journal::Journal;
use schemactl::runner::standing::Standing;
use schemactl::snapshot::{self, Memory};

use crate::shape::{DIALECTS, state, text};

/// Revisions behind the one that creates the tables.
const REVISIONS: &[usize] = &[200, 1_000, 2_000];

/// Tables under the chain.
const TABLES: usize = 100;

const FOLDER: &str = "revisions";

/// A folder in which a first revision creates all tables, and each of the others adds a column to one of them.
pub fn folder(tables: usize, count: usize) -> Memory {
    let files = Memory::default();
    let mut state = state(&text(tables));
    let created = diff(&State::default(), &state, &[]).expect("everything can be created");
    let first = created.into_iter().map(Step::Op).collect();
    let mut parent = add(&files, None, snapshot::hash(&State::default()), &state, first);
    for number in 0..count {
        let column = Column::new(name(&format!("c{number}")), Type::Portable(Portable::Text));
        let column = Column { nullable: true, ..column };
        let table = ObjectName::unqualified(name(&format!("t{:05}", number % tables)));
        let op = Op::Column { table, edit: Edit::Create(Box::new(column)) };
        op.apply(&mut state).expect("the column is new");
        let from = parent.revision.to;
        parent = add(&files, Some(&parent), from, &state, vec![Step::Op(op)]);
    }
    files
}

fn name(text: &str) -> Name {
    Name::new(text).expect("the text is a name")
}

fn add(files: &Memory, parent: Option<&Link>, from: StateHash, to: &State, steps: Vec<Step>) -> Link {
    let parents: Vec<&Link> = parent.into_iter().collect();
    let revision =
        Revision::new(&parents, from, snapshot::hash(to), "add a column", Timestamp::UNIX_EPOCH, steps);
    let path = write(files, FOLDER, &revision).expect("memory takes every file");
    let source = SourceId(0);
    let nowhere = Span { source, start: 0, end: 0 };
    let places = Places {
        name: nowhere,
        id: nowhere,
        parents: Vec::new(),
        depends_on: Vec::new(),
        from: nowhere,
        to: nowhere,
        tags: Vec::new(),
        labels: Vec::new(),
        steps: Vec::new(),
    };
    Link { digest: digest(&revision), revision, path, source, places }
}

pub fn load(files: &Memory) -> History {
    History::load(files, FOLDER, &mut Sources::default()).unwrap_or_else(|problems| panic!("{problems:?}"))
}

#[divan::bench(args = [100, 1_000, 5_000])]
fn revision_printed_and_read(bencher: Bencher<'_, '_>, tables: usize) {
    let files = folder(tables, 0);
    let revision = load(&files).links()[0].revision.clone();
    bencher.bench_local(|| {
        let text = print(black_box(&revision));
        codec::read(SourceId(0), &text, &revision.name, &|_| Ok(Vec::new()))
    });
}

#[divan::bench(args = REVISIONS)]
fn chain_loaded(bencher: Bencher<'_, '_>, revisions: usize) {
    let files = folder(TABLES, revisions);
    bencher.bench_local(|| load(black_box(&files)));
}

#[divan::bench(args = REVISIONS)]
fn chain_replayed(bencher: Bencher<'_, '_>, revisions: usize) {
    let history = load(&folder(TABLES, revisions));
    let head = history.heads()[0].revision.id;
    bencher.bench_local(|| history.checked_state(black_box(head)));
}

#[divan::bench(args = REVISIONS)]
fn chain_verified(bencher: Bencher<'_, '_>, revisions: usize) {
    let history = load(&folder(TABLES, revisions));
    bencher.bench_local(|| black_box(&history).verify());
}

#[divan::bench(args = REVISIONS)]
fn standing_of_an_empty_database(bencher: Bencher<'_, '_>, revisions: usize) {
    let history = load(&folder(TABLES, revisions));
    bencher.bench_local(|| Standing::new(&Journal::default(), black_box(&history), None));
}

/// All that `apply` does for a new database before it runs the first statement, by the number of tables.
#[divan::bench(args = [10, 100, 1_000])]
fn thousand_revisions_lowered(bencher: Bencher<'_, '_>, tables: usize) {
    let history = load(&folder(tables, 1_000));
    let standing = Standing::new(&Journal::default(), &history, None);
    let head = history.heads()[0].revision.id;
    let dialect = DIALECTS[1];
    let server = Server { dialect, version: dialect.newest() };
    bencher.bench_local(|| jobs::forward(&history, black_box(&standing), &[head], server));
}
