//! The fast tests: everything that needs no server. Run with `cargo test --test it`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(unreachable_pub, reason = "`pub` says what a test module offers to the others")]

mod architecture;
mod cli;
mod docs;
mod harness;
mod laws;
mod projects;
mod strategies;
mod support;
