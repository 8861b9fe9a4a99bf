//! Keys, constraints and indexes: their columns exist, and foreign keys fit what they refer to.

use super::{Findings, is_nowhere, member, only};
use crate::model::errors::{E208, E209};
use crate::model::{Column, ForeignKey, KeyPart, Member, PerDialect, Place, Portable, Table, Type};
use crate::name::{DialectName, Name};

/// Checks what a table says of its columns.
pub(super) fn check(table: &Table, findings: &mut Findings<'_>) {
    if let Some(key) = &table.primary_key {
        let place = member(table, Member::PrimaryKey, &key.name);
        findings.columns(table, &key.columns, &place);
    }
    for unique in &table.uniques {
        let place = member(table, Member::Unique, &unique.name);
        columns(table, &unique.columns, unique.only.as_ref(), &place, findings);
    }
    for index in &table.indexes {
        let place = member(table, Member::Index, &index.name);
        let keys = index.keys.iter().filter_map(|key| match &key.on {
            // The same column in two orders or operator classes makes sense, so each is looked at alone.
            KeyPart::Column(name) => Some(std::slice::from_ref(name)),
            KeyPart::Expression(_) => None,
        });
        for name in keys {
            columns(table, name, index.only.as_ref(), &place, findings);
        }
        columns(table, &index.include, index.only.as_ref(), &place, findings);
    }
    for key in &table.foreign_keys {
        let place = member(table, Member::ForeignKey, &key.name);
        let from = columns(table, &key.columns, key.only.as_ref(), &place, findings);
        foreign_key(table, key, &from, &place, findings);
    }
}

/// The columns that something names; reports those that are missing or limited to another dialect.
fn columns<'t>(
    table: &'t Table,
    names: &[Name],
    user: Option<&DialectName>,
    place: &Place,
    findings: &mut Findings<'_>,
) -> Vec<&'t Column> {
    let columns = findings.columns(table, names, place);
    for column in columns.iter().filter(|_| !is_nowhere(table, user)) {
        let used = column.only.as_ref();
        findings.visible(only(table, user), used, &format!("the column `{}`", column.name), place);
    }
    columns
}

fn foreign_key(
    table: &Table,
    key: &ForeignKey,
    from: &[&Column],
    place: &Place,
    findings: &mut Findings<'_>,
) {
    let ForeignKey {
        name: _,
        only: own,
        columns,
        table: to,
        references,
        // SET NULL on a column that is never NULL is what databases take, and published schemas have.
        on_delete: _,
        on_update: _,
        deferrable: _,
    } = key;
    let user = only(table, own.as_ref());
    if let Some(object) = findings.state.table_as_object(to) {
        // What columns it has is for its database to say.
        if !is_nowhere(table, own.as_ref()) {
            findings.visible(user, object.only.as_ref(), &format!("the object `{to}`"), place);
        }
        return;
    }
    let Some(target) = findings.table(to, place) else { return };
    if is_nowhere(table, own.as_ref()) {
        return;
    }
    findings.visible(user, target.settings.only.as_ref(), &format!("the table `{to}`"), place);
    let referred = findings.columns(target, references, place);
    if columns.len() != references.len() {
        let message =
            format!("the foreign key has {} columns and refers to {}", columns.len(), references.len());
        findings.report(&E208, place.clone(), None, message, "name as many columns on both sides");
        return;
    }
    if from.len() != columns.len() || referred.len() != references.len() {
        return;
    }
    for (one, other) in from.iter().zip(&referred) {
        if let Some((here, there)) = mismatch(&one.ty, &other.ty) {
            let message =
                format!("`{}` is `{here}` and refers to `{}`, which is `{there}`", one.name, other.name);
            let help = format!("make `{}` of the type `{there}`, too", one.name);
            findings.report(&E208, place.clone(), Some(one.name.as_str()), message, help);
        }
    }
    if !is_unique(target, references, user) {
        let list: Vec<&str> = references.iter().map(Name::as_str).collect();
        let message = format!("nothing makes `{}` of `{to}` unique", list.join("`, `"));
        let help = format!("add `unique {}` to `{to}`, or refer to its primary key", list.join(" "));
        findings.report(&E209, place.clone(), None, message, help);
    }
}

/// Whether no two rows of a table have the same values in these columns, on the dialect of the user.
fn is_unique(table: &Table, columns: &[Name], user: Option<&DialectName>) -> bool {
    let same = |of: &[Name]| of.len() == columns.len() && of.iter().all(|name| columns.contains(name));
    let seen = |own: Option<&DialectName>| own.is_none_or(|own| user == Some(own));
    let by_index = table.indexes.iter().any(|index| {
        let keys = index.keys.iter().map(|key| match &key.on {
            KeyPart::Column(name) => Some(name.clone()),
            KeyPart::Expression(_) => None,
        });
        let keys: Option<Vec<Name>> = keys.collect();
        index.unique
            && index.predicate.is_none()
            && seen(index.only.as_ref())
            && keys.is_some_and(|keys| same(&keys))
    });
    table.primary_key.as_ref().is_some_and(|key| same(&key.columns))
        || table.uniques.iter().any(|unique| seen(unique.only.as_ref()) && same(&unique.columns))
        || by_index
}

/// The first pair of types that can't be compared.
fn mismatch<'t>(one: &'t PerDialect<Type>, other: &'t PerDialect<Type>) -> Option<(&'t Type, &'t Type)> {
    let exceptions = one.overrides.keys().chain(other.overrides.keys());
    std::iter::once((&one.common, &other.common))
        .chain(exceptions.map(|dialect| (one.get(dialect), other.get(dialect))))
        .find(|(one, other)| !comparable(one, other))
}

fn comparable(one: &Type, other: &Type) -> bool {
    match (one, other) {
        // What a native type can be compared with is for its database to say.
        (Type::Native(_), _) | (_, Type::Native(_)) => true,
        (Type::Portable(one), Type::Portable(other)) => family(*one) == family(*other),
        (one, other) => one == other,
    }
}

/// Types that can be compared with each other have the same number.
fn family(ty: Portable) -> u8 {
    match ty {
        Portable::Bool => 0,
        Portable::SmallInt | Portable::Int | Portable::BigInt | Portable::Decimal(_) => 1,
        Portable::Real | Portable::Double => 2,
        Portable::Char(_) | Portable::VarChar(_) | Portable::Text => 3,
        Portable::Bytes => 4,
        Portable::Date | Portable::Timestamp(_) | Portable::TimestampTz(_) => 5,
        Portable::Time(_) => 6,
        Portable::Interval => 7,
        Portable::Uuid => 8,
        Portable::Json => 9,
    }
}
