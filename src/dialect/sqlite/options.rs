//! The options that parts of a table can have for SQLite: what happens to a row that breaks a rule, and how a key is
//! sorted and compared. Which there are, what values they take, and how they are said in a schema.

use std::collections::BTreeMap;

use super::NAME;
use super::definition::{Conflict, Key, KeyColumn};
use super::errors::E513;
use crate::diagnostic::{Diagnostic, near};
use crate::model::{Options, Value};
use crate::name::Name;

const ON_CONFLICT: &str = "on-conflict";
const ORDER: &str = "order";
const COLLATE: &str = "collate";

const DESC: &str = "desc";
const ASC: &str = "asc";
/// In a list of collations: the column's own.
const OWN: &str = "-";

/// What is said of a part of a table.
pub(super) struct Said<'a> {
    /// The part, as it stands in a message.
    pub part: String,
    pub options: &'a Options,
    pub problems: &'a mut Vec<Diagnostic>,
}

impl Said<'_> {
    /// What happens to a row with NULL in a column; nothing else can be said of one.
    pub(super) fn of_column(mut self, nullable: bool) -> Option<Conflict> {
        self.refuse_others(&[ON_CONFLICT]);
        let conflict = self.conflict()?;
        if nullable {
            let message = format!("{} is nullable, so that NULL is no conflict", self.part);
            self.report(message, format!("remove `nullable`, or the option `{ON_CONFLICT}`"));
        }
        Some(conflict)
    }

    /// A primary key or a unique constraint.
    pub(super) fn of_key(mut self, columns: &[Name]) -> Key {
        self.refuse_others(&[ON_CONFLICT, ORDER, COLLATE]);
        let mut key = Key {
            columns: columns.iter().map(|name| KeyColumn::plain(name.as_str())).collect(),
            conflict: self.conflict(),
        };
        for (column, word) in key.columns.iter_mut().zip(self.words(ORDER, columns.len())) {
            match &*word {
                DESC => column.descending = true,
                ASC => {}
                other => {
                    let message = format!("`{other}` is no order of {}", self.part);
                    self.report(message, format!("write `{ASC}` or `{DESC}` for each column"));
                }
            }
        }
        for (column, word) in key.columns.iter_mut().zip(self.words(COLLATE, columns.len())) {
            column.collation = Some(word).filter(|word| word != OWN);
        }
        key
    }

    /// A part that has no options.
    pub(super) fn of_anything_else(mut self) {
        self.refuse_others(&[]);
    }

    fn get(&self, word: &str) -> Option<&Value> {
        self.options.get(&*NAME)?.get(word)
    }

    fn report(&mut self, message: String, help: String) {
        self.problems.push(Diagnostic::error(&E513, message).help(help));
    }

    fn refuse_others(&mut self, known: &[&'static str]) {
        let words = self.options.get(&*NAME).into_iter().flat_map(BTreeMap::keys);
        for word in words.filter(|word| !known.contains(&&***word)) {
            let message = format!("{} has an option `{word}`, which SQLite doesn't know", self.part);
            let help = match near(word, known.iter().copied()) {
                Some(known) => format!("write `{known}`"),
                None => "remove it".to_owned(),
            };
            self.problems.push(Diagnostic::error(&E513, message).help(help));
        }
    }

    fn conflict(&mut self) -> Option<Conflict> {
        let value = self.get(ON_CONFLICT)?;
        let found = match value {
            Value::Text(text) => Conflict::ALL.into_iter().find(|conflict| conflict.word() == &**text),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Sql(_) => None,
        };
        if found.is_none() {
            let help = match value {
                Value::Text(text) if &**text == "abort" => {
                    "remove it: the statement is aborted anyway".to_owned()
                }
                _ => format!("write one of `{}`", Conflict::ALL.map(Conflict::word).join("`, `")),
            };
            let message = format!("{} can't have this value for `{ON_CONFLICT}`", self.part);
            self.report(message, help);
        }
        found
    }

    /// The words of an option, which are as many as the columns; none if the option isn't given.
    fn words(&mut self, option: &'static str, count: usize) -> Vec<String> {
        let words: Option<Vec<String>> = match self.get(option) {
            None => return Vec::new(),
            Some(Value::Text(text)) => Some(text.split_whitespace().map(str::to_owned).collect()),
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Sql(_)) => None,
        };
        words.filter(|words| words.len() == count).unwrap_or_else(|| {
            let message = format!("`{option}` of {} does not have a word for each column", self.part);
            let each = match (option, count) {
                (ORDER, 1) => format!("{option}={DESC}"),
                (ORDER, _) => format!("{option}=\"{DESC} {ASC}\""),
                (_, 1) => format!("{option}=NOCASE"),
                (_, _) => format!("{option}=\"NOCASE {OWN}\""),
            };
            self.report(message, format!("write as many words as it has columns: `{each}`"));
            Vec::new()
        })
    }
}

/// What a schema says of a column whose NULLs have this fate.
pub(super) fn for_column(conflict: Option<Conflict>) -> Options {
    options([(ON_CONFLICT, conflict.map(|conflict| conflict.word().to_owned()))])
}

/// What a schema says of a key beside its columns.
pub(super) fn for_key(key: &Key) -> Options {
    let Key { columns, conflict } = key;
    let listed = |is_needed: bool, word: &dyn Fn(&KeyColumn) -> String| {
        is_needed.then(|| columns.iter().map(word).collect::<Vec<_>>().join(" "))
    };
    let order = |column: &KeyColumn| if column.descending { DESC } else { ASC }.to_owned();
    let collation = |column: &KeyColumn| column.collation.as_deref().unwrap_or(OWN).to_ascii_uppercase();
    options([
        (ON_CONFLICT, conflict.map(|conflict| conflict.word().to_owned())),
        (ORDER, listed(columns.iter().any(|column| column.descending), &order)),
        (COLLATE, listed(columns.iter().any(|column| column.collation.is_some()), &collation)),
    ])
}

fn options<const N: usize>(said: [(&str, Option<String>); N]) -> Options {
    let set: BTreeMap<Box<str>, Value> =
        said.into_iter().filter_map(|(word, text)| Some((word.into(), Value::Text(text?.into())))).collect();
    if set.is_empty() { Options::new() } else { Options::from([(NAME.clone(), set)]) }
}
