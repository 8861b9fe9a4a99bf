//! The query that finds the rows which contradict an operation: for people whose database refused it. Written for the
//! database after the operation's renames, in the SQL that every dialect has.

use crate::change::{Edit, Op};
use crate::model::{Check, Column, Digits, ForeignKey, Index, IndexKey, KeyPart, Portable, Type};
use crate::name::{DialectName, Name, ObjectName};

/// What rows contradict, as far as a database says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contradiction<'a> {
    /// The kind of rule.
    pub rule: Rule,
    /// The rule's name.
    pub constraint: Option<&'a str>,
    /// The columns that it is about.
    pub columns: &'a [String],
}

/// A kind of rule that rows can contradict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// No two rows are the same in some columns.
    Unique,
    /// A column is never NULL.
    NotNull,
    /// What is referred to is there.
    ForeignKey,
    /// A condition holds.
    Check,
    /// A value fits its column's type.
    Range,
}

/// The operation that rows contradict, among those that a statement served, with the query that finds the rows.
#[must_use]
pub fn offending_rows<'o>(
    ops: &[&'o Op],
    contradiction: Contradiction<'_>,
    dialect: &DialectName,
) -> Option<(&'o Op, String)> {
    let Contradiction { rule, constraint, columns } = contradiction;
    let fits = |name: Option<&Name>, of: &[&str]| {
        let by_name = constraint.is_some() && name.map(Name::as_str) == constraint;
        by_name || (!columns.is_empty() && columns.iter().all(|column| of.contains(&column.as_str())))
    };
    ops.iter().find_map(|op| {
        let query = match (rule, op) {
            (
                Rule::Unique,
                Op::PrimaryKey { table, edit: Edit::Create(key) | Edit::Alter { to: key, .. } },
            ) => {
                let names = words(&key.columns);
                fits(Some(&key.name), &names).then(|| repeated(table, &quoted(&key.columns), None))
            }
            (Rule::Unique, Op::Unique { table, edit: Edit::Create(key) | Edit::Alter { to: key, .. } }) => {
                let names = words(&key.columns);
                fits(Some(&key.name), &names).then(|| repeated(table, &quoted(&key.columns), None))
            }
            (
                Rule::Unique,
                Op::Index { table, edit: Edit::Create(index) | Edit::Alter { to: index, .. } },
            ) if index.unique => {
                let (keys, names) = keys(index, dialect);
                let filter = index.predicate.as_ref().map(|text| &**text.get(dialect));
                fits(Some(&index.name), &names).then(|| repeated(table, &keys, filter))
            }
            (Rule::NotNull, Op::Column { table, edit: Edit::Alter { to: column, .. } }) => {
                let Column { name, nullable, .. } = &**column;
                let fits = !nullable && fits(None, &[name.as_str()]);
                fits.then(|| format!("SELECT * FROM {} WHERE {} IS NULL", object(table), quote(name)))
            }
            (Rule::Range, Op::Column { table, edit: Edit::Alter { from, to } }) => beyond(from, to, dialect)
                .map(|condition| format!("SELECT * FROM {} WHERE {condition}", object(table))),
            (Rule::Check, Op::Check { table, edit: Edit::Create(check) | Edit::Alter { to: check, .. } }) => {
                let Check { name, expression, only: _ } = &**check;
                let query =
                    || format!("SELECT * FROM {} WHERE NOT ({})", object(table), expression.get(dialect));
                fits(Some(name), &[]).then(query)
            }
            (
                Rule::ForeignKey,
                Op::ForeignKey { table, edit: Edit::Create(key) | Edit::Alter { to: key, .. } },
            ) => fits(Some(&key.name), &words(&key.columns)).then(|| dangling(table, key)),
            _ => None,
        };
        query.map(|query| (*op, query))
    })
}

fn repeated(table: &ObjectName, keys: &[String], filter: Option<&str>) -> String {
    let list = keys.join(", ");
    let conditions = keys.iter().map(|key| format!("{key} IS NOT NULL"));
    let conditions: Vec<String> = conditions.chain(filter.map(|text| format!("({text})"))).collect();
    let (table, conditions) = (object(table), conditions.join(" AND "));
    format!("SELECT {list}, count(*) FROM {table} WHERE {conditions} GROUP BY {list} HAVING count(*) > 1")
}

/// What holds for a value that fits the column before and not after.
fn beyond(from: &Column, to: &Column, dialect: &DialectName) -> Option<String> {
    let types = (from.ty.get(dialect), to.ty.get(dialect));
    let (Type::Portable(from), Type::Portable(portable)) = types else { return None };
    let name = quote(&to.name);
    let outside = |bits: u32| {
        let limit = 1_i64 << (bits - 1);
        Some(format!("{name} NOT BETWEEN -{limit} AND {}", limit - 1))
    };
    match (from, portable) {
        // Spaces at the end are cut off.
        (
            Portable::Text | Portable::VarChar(_) | Portable::Char(_),
            Portable::VarChar(most) | Portable::Char(most),
        ) => Some(format!("length(rtrim({name})) > {most}")),
        (Portable::Int | Portable::BigInt | Portable::Decimal(_), Portable::SmallInt) => outside(16),
        (Portable::BigInt | Portable::Decimal(_), Portable::Int) => outside(32),
        (
            Portable::SmallInt | Portable::Int | Portable::BigInt | Portable::Decimal(_),
            Portable::Decimal(Some(Digits { precision, scale })),
        ) => {
            let whole = precision.saturating_sub(*scale);
            Some(format!("abs(round({name}, {scale})) >= 1e{whole}"))
        }
        _ => None,
    }
}

fn dangling(table: &ObjectName, key: &ForeignKey) -> String {
    let present = key.columns.iter().map(|column| format!("c.{} IS NOT NULL", quote(column)));
    let same = key.references.iter().zip(&key.columns);
    let same = same.map(|(there, here)| format!("p.{} = c.{}", quote(there), quote(here)));
    format!(
        "SELECT * FROM {} AS c WHERE {} AND NOT EXISTS (SELECT 1 FROM {} AS p WHERE {})",
        object(table),
        present.collect::<Vec<_>>().join(" AND "),
        object(&key.table),
        same.collect::<Vec<_>>().join(" AND "),
    )
}

/// The keys of an index as SQL, and those of them that are columns by their names.
fn keys<'i>(index: &'i Index, dialect: &DialectName) -> (Vec<String>, Vec<&'i str>) {
    let key = |IndexKey { on, .. }: &'i IndexKey| match on {
        KeyPart::Column(name) => (quote(name), Some(name.as_str())),
        KeyPart::Expression(text) => (format!("({})", text.get(dialect)), None),
    };
    let (keys, names): (Vec<_>, Vec<_>) = index.keys.iter().map(key).unzip();
    (keys, names.into_iter().flatten().collect())
}

fn words(names: &[Name]) -> Vec<&str> {
    names.iter().map(Name::as_str).collect()
}

fn quoted(names: &[Name]) -> Vec<String> {
    names.iter().map(quote).collect()
}

fn quote(name: &Name) -> String {
    format!("\"{}\"", name.as_str().replace('"', "\"\""))
}

fn object(name: &ObjectName) -> String {
    match &name.namespace {
        Some(namespace) => format!("{}.{}", quote(namespace), quote(&name.name)),
        None => quote(&name.name),
    }
}
