//! What tests share: private servers, hermetic projects, transcripts, and plain SQL on any of the databases.

#![allow(dead_code, reason = "each test binary uses its own part of this folder")]

pub mod gate;
pub mod markdown;
pub mod mysql;
pub mod postgres;
pub mod private;
pub mod project;
pub mod sql;
pub mod terminal;
pub mod transcript;
