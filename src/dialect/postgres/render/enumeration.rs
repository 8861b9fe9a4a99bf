//! Enums. Values are added in place, in a transaction that ends with them; for any other change a new type takes
//! the place of the old one, and columns, defaults and whatever mentions the type move over.

use std::borrow::Cow;

use crate::change::{Edit, Op};
use crate::dialect::{Class, Transaction};
use crate::model::{Column, EnumType, Value};
use crate::name::{Name, ObjectName};

use super::super::quote::{default, ident, object, string};
use super::super::types::PgType;
use super::super::{definition, version};
use super::Renderer;
use super::dependents::Touch;
use super::output::Pass;
use super::part::Part;

/// The operations with those first, by index, that only add values to an enum: the commit behind them then leaves
/// nothing half done. Where something gets another name before that, they speak of the old one.
pub(super) fn hoisted(ops: &[Op]) -> (Cow<'_, [Op]>, Vec<usize>) {
    let mut ops = Cow::Borrowed(ops);
    let mut first = Vec::new();
    for index in 0..ops.len() {
        let Some(Op::Enum(Edit::Alter { from, to })) = ops.get(index) else { continue };
        if from.values == to.values || !adds(from, to) {
            continue;
        }
        let Some(name) = name_before(&to.name, ops.get(..index).unwrap_or_default()) else { continue };
        first.push(index);
        if name != to.name {
            let named = |item: &EnumType| Box::new(EnumType { name: name.clone(), ..item.clone() });
            let earlier = Op::Enum(Edit::Alter { from: named(from), to: named(to) });
            if let Some(op) = ops.to_mut().get_mut(index) {
                *op = earlier;
            }
        }
    }
    (ops, first)
}

/// The name that an enum has before some operations, if they do no more to it than to give it another.
fn name_before(name: &ObjectName, ops: &[Op]) -> Option<ObjectName> {
    let mut name = name.clone();
    for op in ops.iter().rev() {
        match op {
            Op::Enum(edit) => match edit {
                Edit::Create(item) | Edit::Drop(item) | Edit::Alter { to: item, .. } => {
                    if item.name == name {
                        return None;
                    }
                }
                Edit::Rename { from, to } => {
                    if *to == name {
                        name = from.clone();
                    } else if *from == name {
                        return None;
                    }
                }
            },
            Op::EnumValue { of, .. } if *of == name => return None,
            Op::Namespace(Edit::Rename { from, to }) if name.namespace.as_ref() == Some(to) => {
                name.namespace = Some(from.clone());
            }
            Op::Namespace(Edit::Create(item)) if name.namespace.as_ref() == Some(&item.name) => return None,
            Op::EnumValue { .. }
            | Op::Namespace(_)
            | Op::Table(_)
            | Op::Column { .. }
            | Op::PrimaryKey { .. }
            | Op::Unique { .. }
            | Op::ForeignKey { .. }
            | Op::Check { .. }
            | Op::Index { .. }
            | Op::View(_)
            | Op::Object(_)
            | Op::Row { .. } => {}
        }
    }
    Some(name)
}

/// Whether the old values all stay, in their order.
fn adds(from: &EnumType, to: &EnumType) -> bool {
    let mut after = to.values.iter();
    from.values.iter().all(|value| after.any(|other| other == value))
}

impl Renderer<'_> {
    pub(super) fn enum_type(&mut self, edit: &Edit<EnumType>) {
        match edit {
            Edit::Create(item) => {
                self.out.push(definition::create_enum(item), Class::Metadata);
                if item.comment.is_some() {
                    self.comment_enum(item);
                }
            }
            Edit::Drop(item) => {
                self.take_out_mentioning(&item.name);
                self.out.push(format!("DROP TYPE {}", object(&item.name)), Class::Metadata);
            }
            Edit::Alter { from, to } => {
                if from.values == to.values {
                    if from.comment != to.comment {
                        self.comment_enum(to);
                    }
                } else if adds(from, to) {
                    if from.comment != to.comment {
                        self.comment_enum(to);
                    }
                    self.add_values(from, to);
                } else {
                    self.swap(to);
                }
            }
            Edit::Rename { from, to } => {
                let taken = self.live.enums.contains(&from.sibling(to.name.clone()));
                self.rename("TYPE", from, to, taken);
                self.renames.other(&from.name, &to.name);
            }
        }
    }

    pub(super) fn enum_value(&mut self, of: &ObjectName, from: &str, to: &str) {
        let sql = format!("ALTER TYPE {} RENAME VALUE {} TO {}", object(of), string(from), string(to));
        self.out.push(sql, Class::Metadata);
    }

    fn comment_enum(&mut self, item: &EnumType) {
        let what = format!("TYPE {}", object(&item.name));
        self.out.push(definition::comment(&what, item.comment.as_deref()), Class::Metadata);
    }

    /// Each new value behind its neighbour; the first of all before the next one that is there already.
    fn add_values(&mut self, from: &EnumType, to: &EnumType) {
        let mut statements = Vec::new();
        let mut previous: Option<&str> = None;
        for (index, value) in to.values.iter().enumerate() {
            if !from.values.contains(value) {
                let next = to.values.iter().skip(index).find(|next| from.values.contains(next));
                let place = match (previous, next) {
                    (Some(previous), Some(_)) => format!(" AFTER {}", string(previous)),
                    (None, Some(next)) => format!(" BEFORE {}", string(next)),
                    (_, None) => String::new(),
                };
                let name = object(&to.name);
                statements.push(format!("ALTER TYPE {name} ADD VALUE {}{place}", string(value)));
            }
            previous = Some(value);
        }
        let last = statements.len().saturating_sub(1);
        for (index, sql) in statements.into_iter().enumerate() {
            let transaction = if !version::adds_values_in_transaction(self.version) {
                Transaction::Outside
            } else if index == last {
                Transaction::CommitAfter
            } else {
                Transaction::Inside
            };
            self.out.push_in(sql, Class::Metadata, transaction);
        }
    }

    fn take_out_mentioning(&mut self, name: &ObjectName) {
        let names = self.renames.of_enum(name);
        let mut parts = self.over_any(name, &names);
        parts.extend(self.live.tables.iter().flat_map(|table| self.mentioning(table, &names)));
        self.take_out_all(parts);
    }

    /// Puts a new type in the place of the old one.
    fn swap(&mut self, to: &EnumType) {
        let name = &to.name;
        let scratch = name.sibling(Name::derived(&[name.name.as_str(), "schemactl", "old"]));
        self.take_out_mentioning(name);
        let columns = self.columns_of(name);
        for (table, column) in &columns {
            let over = self
                .live
                .tables
                .get(table)
                .map(|table| self.over_column(table, &column.name, Touch::Retyped { comparable: false }));
            self.take_out_all(over.unwrap_or_default());
        }
        let sql = format!("ALTER TYPE {} RENAME TO {}", object(name), ident(&scratch.name));
        self.out.push(sql, Class::Metadata);
        self.out.push(definition::create_enum(to), Class::Metadata);
        if to.comment.is_some() {
            self.comment_enum(to);
        }
        for (table, column) in columns {
            if !self.is_out(&table, &column) {
                self.move_column(&table, &column, to);
            }
        }
        self.move_defaults(name);
        self.out.push(format!("DROP TYPE {}", object(&scratch)), Class::Metadata);
    }

    fn is_out(&self, table: &ObjectName, column: &Column) -> bool {
        let member = super::Member::Generated(column.name.clone());
        self.pending.contains(&Part::Member(table.clone(), member))
    }

    /// The columns of the type, or of arrays of it.
    fn columns_of(&self, name: &ObjectName) -> Vec<(ObjectName, Column)> {
        let of_type = |column: &&Column| PgType::of(&column.ty.common).enum_name() == Some(name);
        let tables = self.live.tables.sorted().into_iter();
        let columns =
            tables.flat_map(|table| table.columns.iter().filter(of_type).map(|column| (&table.name, column)));
        columns.map(|(table, column)| (table.clone(), column.clone())).collect()
    }

    fn move_column(&mut self, table: &ObjectName, column: &Column, to: &EnumType) {
        let name = ident(&column.name);
        let ty = PgType::of(&column.ty.common);
        let arrays = "[]".repeat(ty.dimensions);
        if column.default.common.is_some() {
            let sql = format!("ALTER COLUMN {name} DROP DEFAULT");
            self.clause(table, Pass::Drop, &column.name, sql, Class::Metadata);
        }
        let sql = format!("ALTER COLUMN {name} TYPE {ty} USING {name}::text{arrays}::{ty}", ty = ty.sql());
        self.clause(table, Pass::Type, &column.name, sql, Class::Rewrite);
        // A default that is removed gets its successor from an operation of its own.
        let gone = |value: &Value| match value {
            Value::Text(text) => ty.dimensions == 0 && !to.values.contains(text),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::Sql(_) => false,
        };
        if let Some(value) = column.default.common.as_ref().filter(|value| !gone(value)) {
            let sql = format!("ALTER COLUMN {name} SET DEFAULT {}", default(value));
            self.clause(table, Pass::Add, &column.name, sql, Class::Metadata);
        }
    }

    /// Defaults of other columns that mention the type are set anew, so that they mean the new one.
    fn move_defaults(&mut self, name: &ObjectName) {
        let names = self.renames.of_enum(name);
        let tables = self.live.tables.sorted().into_iter();
        let columns = tables.flat_map(|table| table.columns.iter().map(|column| (&table.name, column)));
        let mentioning = columns.filter(|(_, column)| match &column.default.common {
            Some(Value::Sql(text)) => {
                PgType::of(&column.ty.common).enum_name() != Some(name)
                    && self.texts.mention(&(&**text).into(), &names)
            }
            Some(Value::Null | Value::Bool(_) | Value::Number(_) | Value::Text(_)) | None => false,
        });
        let found: Vec<_> = mentioning.map(|(table, column)| (table.clone(), column.clone())).collect();
        for (table, column) in found {
            if let Some(value) = &column.default.common {
                let sql = format!("ALTER COLUMN {} SET DEFAULT {}", ident(&column.name), default(value));
                self.clause(&table, Pass::Add, &column.name, sql, Class::Metadata);
            }
        }
    }
}
