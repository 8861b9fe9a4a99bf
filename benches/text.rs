//! From text to state and back: the schema language, hashes, snapshots.

use divan::counter::BytesCount;
use divan::{Bencher, black_box};
use schemactl::diagnostic::Sources;
use schemactl::dialect::Dialect;
use schemactl::snapshot::{self, Memory, Snapshot, Store};
use schemactl::syntax::parse;

use crate::shape::{DIALECTS, TABLES, state, text};

#[divan::bench(args = TABLES)]
fn schema_read(bencher: Bencher<'_, '_>, tables: usize) {
    let text = text(tables);
    let mut sources = Sources::default();
    let file = sources.add("schema.kdl", text.as_str());
    let names = DIALECTS.map(Dialect::name);
    bencher.counter(BytesCount::of_str(&text)).bench_local(|| parse(black_box(&sources), &[file], &names));
}

#[divan::bench(args = TABLES)]
fn state_hashed(bencher: Bencher<'_, '_>, tables: usize) {
    let state = state(&text(tables));
    bencher.bench_local(|| snapshot::hash(black_box(&state)));
}

#[divan::bench(args = TABLES)]
fn snapshot_written(bencher: Bencher<'_, '_>, tables: usize) {
    let state = state(&text(tables));
    bencher.bench_local(|| Store::new(&Memory::default(), "snapshots").put(&Snapshot::of(black_box(&state))));
}

#[divan::bench(args = TABLES)]
fn snapshot_read(bencher: Bencher<'_, '_>, tables: usize) {
    let snapshot = Snapshot::of(&state(&text(tables)));
    let files = Memory::default();
    let store = Store::new(&files, "snapshots");
    store.put(&snapshot).expect("memory takes every file");
    bencher.bench_local(|| store.get(black_box(snapshot.hash)));
}
