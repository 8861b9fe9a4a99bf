//! The files of a chain: a revision for each step, the states between them, and the schema that they end in.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

use super::retrace::Trace;
use crate::cli::clock;
use crate::cli::commands::init::FOLDERS;
use crate::cli::failure::Failure;
use crate::cli::inspection::{Split, Written};
use crate::diagnostic::{Diagnostic, Sources};
use crate::dialect::Dialect;
use crate::import::Script;
use crate::import::errors::E913;
use crate::model::State;
use crate::revision::{self, History, Revision};
use crate::snapshot::{self, Files, Memory, Snapshot, Store};

/// A chain that is not written yet.
pub(super) struct Chain {
    /// The paths and texts of its files.
    pub(super) files: Vec<(String, String)>,
    /// Its revisions, in order.
    pub(super) revisions: Vec<Revision>,
}

impl Chain {
    /// Makes the files and reads them again.
    pub(super) fn new(
        scripts: &[Script],
        trace: &Trace,
        split: Split,
        dialect: &dyn Dialect,
        sources: &mut Sources,
    ) -> Result<Self, Failure> {
        let memory = Memory::default();
        let store = Store::new(&memory, FOLDERS[1]);
        let empty = State::default();
        let mut revisions: Vec<Revision> = Vec::new();
        let mut from = snapshot::hash(&empty);
        for (script, traced) in scripts.iter().zip(&trace.steps) {
            let snapshot = Snapshot::of(&traced.after);
            store.put(&snapshot)?;
            let (parent, steps) = (revisions.last(), traced.steps.clone());
            let created = written(&script.version).unwrap_or_else(clock::now);
            let revision = Revision::after(parent, from, snapshot.hash, &script.message, created, steps);
            revision::write(&memory, FOLDERS[0], &revision)?;
            from = snapshot.hash;
            revisions.push(revision);
        }
        let end = trace.steps.last().map_or(&empty, |traced| &traced.after);
        is_read_as(&memory, end, sources)?;
        let schema = Written::new(end, split, &[dialect.name()], sources)?;
        let mut files: Vec<(String, String)> =
            schema.files.into_iter().map(|(path, text)| (format!("schema/{path}"), text)).collect();
        for folder in FOLDERS {
            for name in memory.list(folder).unwrap_or_default() {
                let path = format!("{folder}/{name}");
                let text = memory.read(&path).ok().and_then(|bytes| String::from_utf8(bytes).ok());
                files.push((path, text.expect("it was written as text a moment ago")));
            }
        }
        Ok(Self { files, revisions })
    }
}

/// Refuses files that lead elsewhere when they are read again.
fn is_read_as(memory: &Memory, end: &State, sources: &mut Sources) -> Result<(), Failure> {
    let history = History::load(memory, FOLDERS[0], sources)?;
    let leads = match history.head()? {
        Some(head) => history.checked_state(head.revision.id)? == *end,
        None => true,
    };
    if leads {
        return Ok(());
    }
    let message = "the files of the chain don't lead to where its steps do";
    Err(Diagnostic::error(&E913, message).help("please report it with the folder").into())
}

/// When a step was written, where its version is a time: `20260131120000`.
fn written(version: &str) -> Option<Timestamp> {
    let is_time = version.len() == 14 && version.bytes().all(|byte| byte.is_ascii_digit());
    let time = DateTime::strptime("%Y%m%d%H%M%S", version).ok().filter(|_| is_time)?;
    TimeZone::UTC.to_timestamp(time).ok()
}
