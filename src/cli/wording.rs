//! SQL of a few words, as each database reads it; hooks that a plan writes have one text where all agree.

use crate::dialect::Dialect;
use crate::model::{SqlText, Value};
use crate::name::ObjectName;
use crate::sql::Rules;

/// The databases that a text is for.
pub(super) type Dialects = [&'static dyn Dialect];

/// A text for all of them: the one that most have, and beside it those of the others.
pub(super) fn text(dialects: &Dialects, write: impl Fn(&'static dyn Dialect) -> String) -> SqlText {
    let texts: Vec<_> =
        dialects.iter().map(|dialect| (dialect.name(), write(*dialect).into_boxed_str())).collect();
    let count = |text: &str| texts.iter().filter(|(_, other)| **other == *text).count();
    let texts_from_last = texts.iter().rev().map(|(_, text)| text);
    let common = texts_from_last.max_by_key(|text| count(text)).cloned().unwrap_or_default();
    let overrides = texts.into_iter().filter(|(_, text)| *text != common).collect();
    SqlText { common, overrides }
}

/// The name of a table.
pub(super) fn object(name: &ObjectName, rules: &Rules) -> String {
    let own = rules.named(name.name.as_str());
    match &name.namespace {
        Some(namespace) => format!("{}.{own}", rules.named(namespace.as_str())),
        None => own,
    }
}

/// A value.
pub(super) fn expression(value: &Value, rules: &Rules) -> String {
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => rules.literal(text),
        Value::Sql(sql) => sql.to_string(),
    }
}
