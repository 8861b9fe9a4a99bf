//! Columns: enums that exist, attributes that go together.

use std::collections::BTreeMap;

use super::{Findings, Misfit, member, only, similar, value};
use crate::model::errors::{E204, E207, E210, E211, E216};
use crate::model::{Column, EnumType, Identity, IdentityMode, Member, Place, Portable, Table, Type, Value};

/// Checks a table's columns.
pub(super) fn check(table: &Table, findings: &mut Findings<'_>) {
    if table.columns.is_empty() {
        let place = Place::Table(table.name.clone());
        let message = format!("the table `{}` has no columns", table.name);
        findings.report(&E207, place, None, message, "give it a column: `column id bigint primary-key`");
    }
    for column in &table.columns {
        types(table, column, findings);
        defaults(table, column, findings);
        attributes(table, column, findings);
    }
}

/// A default that no row could get; that of an enum is looked at with its type.
fn defaults(table: &Table, column: &Column, findings: &mut Findings<'_>) {
    let misfits = value::defaults(column).into_iter().filter_map(|(value, ty)| value::type_misfit(value, ty));
    let misfits: BTreeMap<String, String> = misfits.map(|Misfit { message, help }| (message, help)).collect();
    for (message, help) in misfits {
        let place = member(table, Member::Column, &column.name);
        findings.report(&E216, place, Some("default"), message, help);
    }
}

fn types(table: &Table, column: &Column, findings: &mut Findings<'_>) {
    for ty in column.ty.values() {
        let Some(name) = ty.enum_name() else { continue };
        let place = member(table, Member::Column, &column.name);
        match findings.state.enums.get(name) {
            Some(of) => values(column, ty, of, &place, findings),
            None => {
                let help = similar(name, &findings.state.enums)
                    .unwrap_or_else(|| format!("declare it: `enum {} …`", name.name));
                let message = format!("there is no enum `{name}`");
                findings.report(&E204, place, Some(name.name.as_str()), message, help);
            }
        }
    }
}

fn values(column: &Column, ty: &Type, of: &EnumType, place: &Place, findings: &mut Findings<'_>) {
    if !matches!(ty, Type::Enum(_)) {
        return;
    }
    for value in column.default.values().flatten() {
        if let Some(message) = foreign_value(value, of) {
            let help = format!("write one of `{}`", of.values.join("`, `"));
            findings.report(&E211, place.clone(), None, message, help);
        }
    }
}

/// What to say of a value that an enum doesn't have.
pub(super) fn foreign_value(value: &Value, of: &EnumType) -> Option<String> {
    let text = match value {
        Value::Null | Value::Sql(_) => return None,
        Value::Text(text) if of.values.contains(text) => return None,
        Value::Text(text) | Value::Number(text) => text.to_string(),
        Value::Bool(value) => value.to_string(),
    };
    Some(format!("`{text}` is not a value of the enum `{}`", of.name))
}

fn attributes(table: &Table, column: &Column, findings: &mut Findings<'_>) {
    let Column {
        name,
        only: own,
        ty,
        nullable,
        default,
        generated,
        identity,
        collation: _,
        comment: _,
        options: _,
    } = column;
    let place = member(table, Member::Column, name);
    let mut contradiction = |word: &str, message: String, help: String| {
        findings.report(&E210, place.clone(), Some(word), message, help);
    };
    let has_default = default.values().any(Option::is_some);
    if identity.is_some() && has_default {
        let message = format!("`{name}` is numbered by the database and has a default");
        contradiction("default", message, "delete `identity` or `default`".to_owned());
    }
    let counts = |identity: &Identity| identity.start.is_some() || identity.increment.is_some();
    if identity.as_ref().is_some_and(|identity| identity.mode == IdentityMode::Serial && counts(identity)) {
        let message = format!("`{name}` is numbered as `serial` is, which starts with 1 and counts by 1");
        contradiction("identity", message, "write `identity`, or delete the start and the step".to_owned());
    }
    if generated.is_some() && has_default {
        let message = format!("`{name}` is computed and has a default");
        contradiction("default", message, "delete `generated` or `default`".to_owned());
    }
    if generated.is_some() && identity.is_some() {
        let message = format!("`{name}` is computed and numbered by the database");
        contradiction("identity", message, "delete `generated` or `identity`".to_owned());
    }
    if identity.is_some() && *nullable {
        let message = format!("`{name}` is numbered by the database and takes NULL");
        contradiction("nullable", message, "delete `nullable`".to_owned());
    }
    if identity.is_some() && !ty.values().all(is_integer) {
        let message = format!("`{name}` is numbered by the database and is no whole number");
        contradiction("identity", message, "make it a `smallint`, an `int` or a `bigint`".to_owned());
    }
    if let Some(key) = table.primary_key.as_ref().filter(|key| key.columns.contains(name)) {
        let place = member(table, Member::PrimaryKey, &key.name);
        findings.visible(
            table.settings.only.as_ref(),
            only(table, own.as_ref()),
            &format!("`{name}`"),
            &place,
        );
    }
}

fn is_integer(ty: &Type) -> bool {
    match ty {
        Type::Portable(portable) => {
            matches!(portable, Portable::SmallInt | Portable::Int | Portable::BigInt)
        }
        Type::Native(_) => true,
        Type::Enum(_) | Type::Array(_) => false,
    }
}
