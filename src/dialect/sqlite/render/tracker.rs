//! What is known of a table while operations are being rendered: how it is in the database, and what operations
//! said of it that is not done yet.

use crate::dialect::sqlite::definition::{Constraint, Definition, KeyOn, Rule};
use crate::dialect::sqlite::normal::{RULES, normal, same_name};
use crate::model::{ForeignKey, KeyPart, SqlText, Table};
use crate::name::Name;
use crate::sql::rename_column;

/// A table that operations touched.
#[derive(Debug, Default)]
pub(super) struct Tracker {
    /// How it is in the database now; `None` until it is created.
    pub live: Option<Definition>,
    /// The operations that are not done yet.
    pub ops: Vec<usize>,
    /// Columns of `live` that are to go with their values, even if one with the same name comes.
    pub dropped: Vec<String>,
    /// Columns of this table that got another name in this batch, in order.
    pub renamed: Vec<(String, String)>,
    /// What becomes of the values of a column: the name of the column, and the values before and after.
    pub values: Vec<(String, Vec<(String, String)>)>,
    /// Foreign keys that a later operation adds to this new table, and that it gets at once.
    pub ahead: Vec<ForeignKey>,
}

impl Tracker {
    pub(super) fn live_has(&self, column: &str) -> bool {
        self.live.as_ref().is_some_and(|live| live.column(column).is_some())
    }

    /// Notes that a value of a column gets another name.
    pub(super) fn rename_value(&mut self, column: &str, from: &str, to: &str) {
        let at = self.values.iter().position(|(name, _)| same_name(name, column)).unwrap_or_else(|| {
            self.values.push((column.to_owned(), Vec::new()));
            self.values.len() - 1
        });
        let map = &mut self.values[at].1;
        let mut chained = false;
        for (_, value) in map.iter_mut().filter(|(_, value)| value == from) {
            to.clone_into(value);
            chained = true;
        }
        if !chained {
            map.push((from.to_owned(), to.to_owned()));
        }
    }

    /// Follows a native rename of one of its columns.
    pub(super) fn rename_column(&mut self, from: &str, to: &str) {
        if let Some(live) = &mut self.live {
            live.rename_column(from, to);
        }
        for (column, _) in self.values.iter_mut().filter(|(column, _)| same_name(column, from)) {
            to.clone_into(column);
        }
        self.renamed.push((from.to_owned(), to.to_owned()));
    }

    /// Puts new texts of a table in the words of before renames that are still to come: SQLite will rewrite them.
    /// Texts that the live table has already are in those words.
    pub(super) fn put_texts_ahead_of(&self, table: &mut Table, upcoming: &[(Name, Name)]) {
        if upcoming.is_empty() {
            return;
        }
        let name = table.name.name.as_str().to_owned();
        let put = |text: &mut SqlText, live: Option<&str>| {
            if live.is_some_and(|live| normal(live) == normal(&text.common)) {
                return;
            }
            for (from, to) in upcoming.iter().rev() {
                text.common = rename_column(&text.common, &name, to.as_str(), from.as_str(), &RULES).into();
            }
        };
        let live = self.live.as_ref();
        for column in table.columns.iter_mut() {
            let live = live.and_then(|live| live.column(column.name.as_str())?.computed.as_ref());
            if let Some(generated) = &mut column.generated {
                put(&mut generated.expression, live.map(|live| live.expression.as_str()));
            }
        }
        for check in table.checks.iter_mut() {
            let mut live = live.into_iter().flat_map(|live| &live.constraints);
            let live = live.find(|live| live.name == check.name.as_str());
            put(&mut check.expression, live.and_then(check_text));
        }
        for index in table.indexes.iter_mut() {
            let mut live = live.into_iter().flat_map(|live| &live.indexes);
            let live = live.find(|live| live.name == index.name.as_str());
            if let Some(predicate) = &mut index.predicate {
                put(predicate, live.and_then(|live| live.predicate.as_deref()));
            }
            for (place, key) in index.keys.iter_mut().enumerate() {
                let live = live.and_then(|live| match &live.keys.get(place)?.on {
                    KeyOn::Expression(text) => Some(text.as_str()),
                    KeyOn::Column(_) => None,
                });
                if let KeyPart::Expression(text) = &mut key.on {
                    put(text, live);
                }
            }
        }
    }

    /// Takes over the texts of the live table that differ from the goal's by renamed columns alone: SQLite
    /// renamed them there, and the operation that repeats it in the state comes later or need not come.
    pub(super) fn adopt_renamed_texts(&self, goal: &mut Definition) {
        let Some(live) = self.live.as_ref().filter(|_| !self.renamed.is_empty()) else { return };
        let table = goal.name.clone();
        let adopt = |text: &mut String, live: &str| {
            let followed = self
                .renamed
                .iter()
                .fold(text.clone(), |text, (from, to)| rename_column(&text, &table, from, to, &RULES));
            if normal(&followed) == normal(live) {
                live.clone_into(text);
            }
        };
        for column in &mut goal.columns {
            let live = live.column(&column.name).and_then(|column| column.computed.as_ref());
            if let (Some(computed), Some(live)) = (&mut column.computed, live) {
                adopt(&mut computed.expression, &live.expression);
            }
        }
        for constraint in &mut goal.constraints {
            let live = live.constraints.iter().filter(|live| live.name == constraint.name);
            if let Rule::Check { expression } = &mut constraint.rule {
                live.filter_map(check_text).for_each(|live| adopt(expression, live));
            }
        }
        for index in &mut goal.indexes {
            let Some(live) = live.indexes.iter().find(|live| live.name == index.name) else { continue };
            if let (Some(predicate), Some(live)) = (&mut index.predicate, &live.predicate) {
                adopt(predicate, live);
            }
            for (key, live) in index.keys.iter_mut().zip(&live.keys) {
                if let (KeyOn::Expression(expression), KeyOn::Expression(live)) = (&mut key.on, &live.on) {
                    adopt(expression, live);
                }
            }
        }
    }
}

fn check_text(constraint: &Constraint) -> Option<&str> {
    match &constraint.rule {
        Rule::Check { expression } => Some(expression),
        Rule::PrimaryKey(_) | Rule::Unique(_) | Rule::ForeignKey(_) => None,
    }
}
