//! Chains in memory, for the tests of this layer.

use crate::change::{Down, Edit, Hook, Op, Script, Step, TableEdit};
use crate::diagnostic::{Diagnostic, Sources};
use crate::model::{Column, Portable, State, Table, Type};
use crate::name::{Name, ObjectName};
use crate::snapshot::{self, Files, Memory};

use super::{History, Link, Revision, write};

/// The folder of the revisions.
pub(super) const FOLDER: &str = "revisions";

pub(super) fn name(text: &str) -> Name {
    Name::new(text).expect("tests use valid names")
}

/// An operation that creates a table with one column.
pub(super) fn create(table: &str) -> Op {
    let mut new = Table::new(ObjectName::unqualified(name(table)));
    new.columns.replace(column("id"));
    Op::Table(TableEdit::Create(Box::new(new)))
}

fn column(of: &str) -> Column {
    Column::new(name(of), Type::Portable(Portable::BigInt))
}

/// An operation that adds a column.
pub(super) fn add(table: &str, of: &str) -> Op {
    Op::Column { table: ObjectName::unqualified(name(table)), edit: Edit::Create(Box::new(column(of))) }
}

/// A hook of which only the name matters.
pub(super) fn hook(of: &str) -> Step {
    Step::Hook(Hook {
        name: name(of),
        only: None,
        only_env: Vec::new(),
        up: Script::Nothing,
        down: Down::Script(Script::Nothing),
        before: Vec::new(),
        expect: Vec::new(),
        after: Vec::new(),
    })
}

/// A folder of revisions.
#[derive(Default)]
pub(super) struct Chain {
    pub(super) files: Memory,
}

impl Chain {
    /// A chain in which each revision creates a table, one on top of the other.
    pub(super) fn of(tables: &[&str]) -> Self {
        let chain = Self::default();
        for table in tables {
            let parents: Vec<String> = match chain.history().head() {
                Ok(head) => head.map(|head| head.revision.name.to_string()).into_iter().collect(),
                Err(error) => panic!("{error}"),
            };
            chain.add(&parents, table, vec![create(table)]);
        }
        chain
    }

    /// Writes a revision on top of others.
    pub(super) fn add(&self, parents: &[impl AsRef<str>], message: &str, ops: Vec<Op>) {
        let history = self.history();
        let named = |name: &str| {
            let name = name.parse().expect("tests use valid names");
            history.by_name(&name).expect("the parent is in the chain")
        };
        let parents: Vec<&Link> = parents.iter().map(|parent| named(parent.as_ref())).collect();
        let ids: Vec<_> = parents.iter().map(|parent| parent.revision.id).collect();
        let mut state: State = history.state_at(&ids).expect("the chain can be replayed");
        let from = snapshot::hash(&state);
        ops.iter().try_for_each(|op| op.apply(&mut state)).expect("the operations fit");
        let steps = ops.into_iter().map(Step::Op).collect();
        let created = "2026-11-21T10:00:00.5Z".parse().expect("it is a time");
        let revision = Revision::new(&parents, from, snapshot::hash(&state), message, created, steps);
        write(&self.files, FOLDER, &revision).expect("the file is new");
    }

    /// Changes the text of a file.
    pub(super) fn edit(&self, file: &str, change: impl FnOnce(String) -> String) {
        let path = format!("{FOLDER}/{file}");
        let text = String::from_utf8(self.files.read(&path).expect("the file is there")).expect("it is text");
        let changed = change(text.clone());
        assert_ne!(changed, text, "the change does something");
        self.files.replace(&path, changed.as_bytes()).expect("memory takes it");
    }

    /// Gives a file another name.
    pub(super) fn rename(&self, from: &str, to: &str) {
        let content = self.files.read(&format!("{FOLDER}/{from}")).expect("the file is there");
        self.files.remove(&format!("{FOLDER}/{from}")).expect("the file is there");
        self.files.write_new(&format!("{FOLDER}/{to}"), &content).expect("the name is free");
    }

    pub(super) fn load(&self) -> Result<History, Vec<Diagnostic>> {
        History::load(&self.files, FOLDER, &mut Sources::default())
    }

    pub(super) fn history(&self) -> History {
        self.load().expect("the chain is whole")
    }

    /// What is wrong with the chain: each message with what its labels point at, and the remedy.
    pub(super) fn faults(&self) -> String {
        let mut sources = Sources::default();
        match History::load(&self.files, FOLDER, &mut sources) {
            Ok(history) => describe(&history.verify(), &sources),
            Err(problems) => describe(&problems, &sources),
        }
    }
}

/// Diagnostics in a few words each; digests are cut short.
pub(super) fn describe(problems: &[Diagnostic], sources: &Sources) -> String {
    let mut out = String::new();
    for problem in problems {
        out.push_str(&format!("{problem}\n"));
        for label in &problem.labels {
            let source = sources.get(label.span.source);
            let place = &source.text[label.span.range()];
            out.push_str(&format!("  {} [{place}] {}\n", source.path.display(), label.text));
        }
        out.push_str(&format!("  = {}\n", problem.help.as_deref().unwrap_or("no help")));
    }
    let is_digit = |c: char| c.is_ascii_hexdigit();
    let mut short = String::new();
    for word in out.split_inclusive(|c: char| !is_digit(c)) {
        let digits = word.trim_end_matches(|c: char| !is_digit(c));
        if digits.len() == 64 {
            short.push_str(&format!("{}…{}", &digits[..6], &word[64..]))
        } else {
            short.push_str(word)
        }
    }
    short
}
