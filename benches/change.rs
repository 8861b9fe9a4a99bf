//! From two states to statements: comparison, order, application, rendering.

use std::fmt;

use divan::{Bencher, black_box};
use schemactl::change::{Op, Step, order, replay};
use schemactl::dialect::Dialect;
use schemactl::diff::{changes, diff, questions};
use schemactl::model::State;
use schemactl::plan::{Direction, lower};

use crate::shape::{DIALECTS, TABLES, state, text, text_with_column, views};

/// The number of views, which rest on each other.
const VIEWS: &[usize] = &[10, 100, 500];

#[divan::bench(args = TABLES)]
fn one_column_found(bencher: Bencher<'_, '_>, tables: usize) {
    let (from, to) = (state(&text(tables)), state(&text_with_column(tables)));
    bencher.bench_local(|| diff(black_box(&from), black_box(&to), &[]));
}

#[divan::bench(args = TABLES)]
fn everything_new(bencher: Bencher<'_, '_>, tables: usize) {
    let to = state(&text(tables));
    bencher.bench_local(|| diff(&State::default(), black_box(&to), &[]));
}

/// Half of the tables go, as many come: each pair could be a rename.
#[divan::bench(args = TABLES)]
fn questions_between_unlike_schemas(bencher: Bencher<'_, '_>, tables: usize) {
    let from = state(&text(tables));
    let to = state(&text(tables).replace("t0", "u0"));
    bencher.bench_local(|| questions(black_box(&from), black_box(&to), &[]));
}

#[divan::bench(args = TABLES)]
fn drops_ordered(bencher: Bencher<'_, '_>, tables: usize) {
    let from = state(&text(tables));
    let ops = changes(&from, &State::default()).expect("everything can be dropped");
    bencher
        .with_inputs(|| ops.iter().rev().cloned().collect::<Vec<Op>>())
        .bench_local_values(|ops| order(ops, &from, &State::default()));
}

#[divan::bench(args = TABLES)]
fn ops_applied_there_and_back(bencher: Bencher<'_, '_>, tables: usize) {
    let to = state(&text(tables));
    let up = diff(&State::default(), &to, &[]).expect("everything can be created");
    let down: Vec<Op> = up.iter().rev().cloned().map(Op::inverse).collect();
    bencher.bench_local(|| {
        let mut state = State::default();
        replay(&mut state, up.iter().chain(&down)).expect("the operations fit");
        state
    });
}

#[divan::bench(args = TABLES)]
fn columns_added_and_dropped(bencher: Bencher<'_, '_>, tables: usize) {
    let from = state(&text(tables));
    let to = state(&text(tables).replace("    index code", "    column extra text nullable\n    index code"));
    let up = diff(&from, &to, &[]).expect("columns can be added");
    let down: Vec<Op> = up.iter().rev().cloned().map(Op::inverse).collect();
    bencher.bench_local(|| {
        let mut state = from.clone();
        replay(&mut state, up.iter().chain(&down)).expect("the operations fit");
        state
    });
}

fn steps(from: &State, to: &State) -> Vec<Step> {
    diff(from, to, &[])
        .expect("the states differ in nothing but what comes and goes")
        .into_iter()
        .map(Step::Op)
        .collect()
}

/// What is measured on a dialect.
#[derive(Clone, Copy)]
struct Case {
    dialect: &'static dyn Dialect,
    size: usize,
}

impl fmt::Display for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.dialect.name(), self.size)
    }
}

fn cases(sizes: &'static [usize]) -> impl Iterator<Item = Case> {
    DIALECTS.into_iter().flat_map(|dialect| sizes.iter().map(move |size| Case { dialect, size: *size }))
}

fn rendered(bencher: Bencher<'_, '_>, from: &State, to: &State, dialect: &dyn Dialect) {
    let steps = steps(from, to);
    bencher.bench_local(|| lower(black_box(&steps), from, Direction::Up, dialect, dialect.newest()));
}

#[divan::bench(args = cases(TABLES))]
fn creation_rendered(bencher: Bencher<'_, '_>, case: Case) {
    rendered(bencher, &State::default(), &state(&text(case.size)), case.dialect);
}

#[divan::bench(args = cases(TABLES))]
fn removal_rendered(bencher: Bencher<'_, '_>, case: Case) {
    rendered(bencher, &state(&text(case.size)), &State::default(), case.dialect);
}

#[divan::bench(args = cases(TABLES))]
fn columns_retyped(bencher: Bencher<'_, '_>, case: Case) {
    let from = text(case.size);
    rendered(bencher, &state(&from), &state(&from.replace("varchar(40)", "varchar(80)")), case.dialect);
}

#[divan::bench(args = cases(VIEWS))]
fn views_made_anew(bencher: Bencher<'_, '_>, case: Case) {
    let from = text(1) + &views(case.size);
    rendered(bencher, &state(&from), &state(&from.replace("SELECT id,", "SELECT id, code,")), case.dialect);
}
