//! What tests share: private servers, hermetic projects, transcripts, and plain SQL on any of the databases.

#![allow(dead_code, reason = "each test binary uses its own part of this folder")]

pub mod gate;
pub mod markdown;
pub mod mysql;
pub mod postgres;
pub mod private;
pub mod project;
pub mod running;
pub mod sql;
pub mod terminal;
pub mod transcript;

use std::io::Write as _;

/// Says that a test leaves something out, and why: past the capture of output, which would hide it in a run that passes.
pub fn skipped(what: &str, why: &str) {
    // Without a standard error there is nobody to tell.
    let _ = writeln!(std::io::stderr(), "{why}: {what} is left out");
}
