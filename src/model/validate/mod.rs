//! What is wrong with a state as a whole: references to nothing, contradictions, names that are taken. Works on any
//! state, whoever made it, and knows no database.

mod column;
mod key;
mod names;
mod objects;
mod value;

pub use names::Naming;
pub use value::{Misfit, misfit};

use super::{Collection, Member, Named, Place, State, Table};
use crate::diagnostic::{Code, near};
use crate::name::{DialectName, Name, ObjectName};

/// Something that is wrong, with the place that it is wrong at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The stable code.
    pub code: &'static Code,
    /// Where.
    pub place: Place,
    /// The word there that is to blame, if it is one.
    pub word: Option<String>,
    /// What is wrong: lower case, no full stop, names in backticks.
    pub message: String,
    /// What to do: one imperative sentence.
    pub help: String,
}

/// Finds everything that is wrong with a state, in a fixed order.
#[must_use]
pub fn validate(state: &State, naming: Naming) -> Vec<Problem> {
    let mut findings = Findings { state, problems: Vec::new() };
    names::check(naming, &mut findings);
    for table in &state.tables {
        column::check(table, &mut findings);
        key::check(table, &mut findings);
    }
    objects::check(&mut findings);
    findings.problems
}

/// A state with what was found wrong with it so far.
struct Findings<'s> {
    state: &'s State,
    problems: Vec<Problem>,
}

impl<'s> Findings<'s> {
    fn report(
        &mut self,
        code: &'static Code,
        place: Place,
        word: Option<&str>,
        message: impl Into<String>,
        help: impl Into<String>,
    ) {
        let word = word.map(str::to_owned);
        self.problems.push(Problem { code, place, word, message: message.into(), help: help.into() });
    }

    /// The table of a reference; reports if there is none.
    fn table(&mut self, name: &ObjectName, place: &Place) -> Option<&'s Table> {
        let found = self.state.tables.get(name);
        if found.is_none() {
            let help = similar(name, &self.state.tables)
                .unwrap_or_else(|| format!("declare it: `table {} {{ … }}`", name.name));
            let message = format!("there is no table `{name}`");
            self.report(&super::errors::E203, place.clone(), Some(name.name.as_str()), message, help);
        }
        found
    }

    /// The columns of a table; reports those that are missing.
    fn columns<'t>(&mut self, table: &'t Table, names: &[Name], place: &Place) -> Vec<&'t super::Column> {
        let mut found = Vec::with_capacity(names.len());
        for (at, name) in names.iter().enumerate() {
            if names[..at].contains(name) {
                let message = format!("the column `{name}` is named twice");
                let help = "delete one of them";
                self.report(&super::errors::E215, place.clone(), Some(name.as_str()), message, help);
            }
            match table.columns.get(name) {
                Some(column) => found.push(column),
                None => {
                    let message = format!("`{}` has no column `{name}`", table.name);
                    let help = match near(name.as_str(), table.columns.keys().map(Name::as_str)) {
                        Some(near) => format!("write `{near}`"),
                        None if ["asc", "desc"].contains(&name.as_str()) => {
                            format!("write an index's order in braces: `{{ on COLUMN order={name} }}`")
                        }
                        None => format!("add it to `{}`: `column {name} text`", table.name),
                    };
                    self.report(&super::errors::E202, place.clone(), Some(name.as_str()), message, help);
                }
            }
        }
        found
    }

    /// Reports that something uses what not every one of its dialects has.
    fn visible(&mut self, user: Option<&DialectName>, used: Option<&DialectName>, what: &str, place: &Place) {
        let Some(only) = used.filter(|used| user != Some(*used)) else { return };
        let message = format!("{what} exists on {only} alone");
        let help = format!("write `({only})` in front of what uses it");
        self.report(&super::errors::E206, place.clone(), None, message, help);
    }
}

/// The place of something in a table.
fn member(table: &Table, member: Member, name: &Name) -> Place {
    Place::Member(table.name.clone(), member, name.clone())
}

/// The only dialect that has something in a table.
fn only<'t>(table: &'t Table, own: Option<&'t DialectName>) -> Option<&'t DialectName> {
    own.or(table.settings.only.as_ref())
}

/// Whether no dialect has something in a table, so that nothing can be wrong with what it uses.
fn is_nowhere(table: &Table, own: Option<&DialectName>) -> bool {
    own.is_some_and(|own| table.settings.only.as_ref().is_some_and(|of| of != own))
}

/// What was probably meant by the name of an object: one of that name elsewhere, or of a similar one.
fn similar<T: Named<Key = ObjectName>>(name: &ObjectName, items: &Collection<T>) -> Option<String> {
    if let Some(elsewhere) = items.keys().find(|key| key.name == name.name) {
        return Some(format!("write `{elsewhere}`: references go from the top"));
    }
    let names: Vec<String> = items.keys().map(ToString::to_string).collect();
    near(&name.to_string(), names.iter().map(String::as_str)).map(|near| format!("write `{near}`"))
}
