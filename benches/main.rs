//! What the parts cost, by size of the schema and length of the chain: `cargo bench --bench parts [FILTER]`. Sizes
//! stand side by side so that what does not grow in proportion is seen. Times are reported, never asserted;
//! `benches/commands` measures whole processes.

#![allow(unreachable_pub, reason = "`pub` says what a module offers to the others")]

mod chain;
mod change;
mod database;
mod document;
mod shape;
mod text;

#[path = "../tests/support/postgres.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod postgres;
#[path = "../tests/support/private.rs"]
mod private;
#[path = "../tests/support/sql.rs"]
#[expect(dead_code, reason = "the tests use more of it")]
mod sql;

fn main() {
    divan::main();
}
