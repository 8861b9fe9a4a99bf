//! The tests on real databases. SQLite is built in; PostgreSQL and MariaDB are started once per run, see
//! `support::postgres` and `support::mysql`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(unreachable_pub, reason = "`pub` says what a test module offers to the others")]

#[path = "../strategies/mod.rs"]
#[allow(dead_code, reason = "the tests without a database use more of it")]
mod strategies;
#[path = "../support/mod.rs"]
mod support;

mod alembic;
#[cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod alike;
mod cases;
mod connection;
#[cfg(all(feature = "sqlite", feature = "postgres"))]
mod corpora;
#[cfg(feature = "postgres")]
mod counts;
#[cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod dependent;
#[cfg(all(feature = "sqlite", feature = "postgres"))]
mod docs;
#[cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod drift;
#[cfg(all(feature = "sqlite", feature = "postgres"))]
mod examples;
#[cfg(all(feature = "sqlite", feature = "postgres"))]
mod faults;
mod fork;
#[cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod import;
mod inspect;
mod journal;
mod laws;
mod limited;
mod lock;
#[cfg(feature = "mysql")]
mod mysql;
mod names;
#[cfg(all(feature = "sqlite", feature = "postgres"))]
mod offending;
#[cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod onward;
mod oracle;
#[cfg(feature = "postgres")]
mod postgres;
mod prove;
#[cfg(all(feature = "sqlite", feature = "postgres"))]
mod reference;
mod sample;
#[cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod scripts;
mod servers;
#[cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod sharing;
#[cfg(all(feature = "sqlite", feature = "postgres", feature = "mysql"))]
mod split;
#[cfg(feature = "sqlite")]
mod sqlite;
mod squash;
mod stage;
#[cfg(any(feature = "mysql", feature = "postgres"))]
mod trial;
mod variables;
