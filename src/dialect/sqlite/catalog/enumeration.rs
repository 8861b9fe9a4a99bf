//! Enums, which live in checks: the tool writes each as a check that is named after it and lists its values. What
//! looks just like that and contradicts nothing is read as an enum again.

use std::collections::{BTreeMap, BTreeSet};

use super::listing::Object;
use crate::dialect::sqlite::definition::{Constraint, Definition, Rule};
use crate::dialect::sqlite::normal::significant;
use crate::dialect::sqlite::{normal, quote, written};
use crate::model::Value;
use crate::name::{DERIVED_BYTES_MAX, Name};
use crate::sql::TokenKind;

/// What the name of such a check ends in.
const ENDING: &str = "_enum";

/// A check that lists values of an enum.
pub(in crate::dialect::sqlite) struct Listed {
    pub of: String,
    pub column: String,
    pub values: Vec<Box<str>>,
}

/// The enum whose values a check of a table lists, if it is written as the tool writes it.
pub(in crate::dialect::sqlite) fn values_of(constraint: &Constraint, table: &Definition) -> Option<Listed> {
    let Rule::Check { expression } = &constraint.rule else { return None };
    let of = constraint.name.strip_suffix(ENDING).filter(|of| !of.is_empty())?;
    let tokens = significant(expression);
    let [name, within, list @ ..] = tokens.as_slice() else { return None };
    let column = table.column(&normal::unquoted(name)).filter(|_| name.kind == TokenKind::Quoted)?;
    if !within.is_word("IN") || !column.declared.eq_ignore_ascii_case("text") {
        return None;
    }
    let texts = list.iter().filter(|token| token.kind == TokenKind::String);
    let values: Vec<Box<str>> = texts.map(|token| normal::unquoted(token).into()).collect();
    let printed = quote::list(values.iter().map(|value| quote::text(value)));
    let as_written = format!("{} IN ({printed})", quote::name(&column.name));
    (*expression == as_written && !values.is_empty()).then(|| Listed {
        of: of.to_owned(),
        column: column.name.clone(),
        values,
    })
}

/// The enums. Where two checks of one name disagree, neither is one, and both lose their name: they can't keep it in
/// one table.
pub(super) fn find(objects: &mut [Object]) -> BTreeMap<String, Vec<Box<str>>> {
    let mut found: BTreeMap<String, Vec<Box<str>>> = BTreeMap::new();
    let mut doubtful: BTreeSet<String> = BTreeSet::new();
    for table in objects.iter().filter_map(Object::definition) {
        let mut columns = BTreeSet::new();
        for Listed { of, column, values } in lists(table) {
            let fits = default_fits(table, &column, &values) && is_possible(&of, &values);
            let known = found.entry(of.clone()).or_insert_with(|| values.clone());
            if !fits || *known != values || !columns.insert(column) {
                doubtful.insert(of);
            }
        }
    }
    let taken = objects.iter().filter(|object| object.kind != "trigger").map(|object| &object.name);
    doubtful.extend(taken.filter(|name| found.contains_key(*name)).cloned());
    found.retain(|of, _| !doubtful.contains(of));
    for table in objects.iter_mut().filter_map(Object::definition_mut) {
        let is_doubtful =
            |constraint| values_of(constraint, table).is_some_and(|listed| doubtful.contains(&listed.of));
        let unnamed: Vec<bool> = table.constraints.iter().map(is_doubtful).collect();
        for (constraint, _) in table.constraints.iter_mut().zip(unnamed).filter(|(_, unnamed)| *unnamed) {
            constraint.name.clear();
        }
    }
    found
}

fn lists(table: &Definition) -> impl Iterator<Item = Listed> {
    table.constraints.iter().filter_map(|constraint| values_of(constraint, table))
}

/// Whether an enum can be called so and have these values.
fn is_possible(of: &str, values: &[Box<str>]) -> bool {
    let different: BTreeSet<&str> = values.iter().map(|value| &**value).collect();
    different.len() == values.len() && !may_be_shortened(of) && Name::new(of).is_ok()
}

/// Whether the check's name may be that of a longer enum: then it ends in digits of a hash, and is as long as it can.
fn may_be_shortened(of: &str) -> bool {
    let hash = of.rsplit_once('_').map_or("", |(_, hash)| hash);
    let is_hash = hash.len() == 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
    let length = of.len() + ENDING.len();
    // A character of four bytes may not have fitted in.
    length > DERIVED_BYTES_MAX || (is_hash && length + 4 > DERIVED_BYTES_MAX)
}

fn default_fits(table: &Definition, column: &str, values: &[Box<str>]) -> bool {
    let default = table.column(column).and_then(|column| column.default.as_deref());
    match default.and_then(written::value) {
        None | Some(Value::Null | Value::Sql(_)) => true,
        Some(Value::Text(text)) => values.contains(&text),
        Some(Value::Bool(_) | Value::Number(_)) => false,
    }
}
