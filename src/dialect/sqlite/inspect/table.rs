//! Definitions as tables and indexes of the model.

use std::collections::BTreeMap;

use super::settle::Exceptions;
use crate::dialect::sqlite::catalog::{Listing, values_of};
use crate::dialect::sqlite::definition::{
    AUTOINCREMENT, COLLATIONS, ColumnDef, Computed, Definition, IndexDef, KeyDef, KeyOn, Reference, Rule,
    WITHOUT_ROWID,
};
use crate::dialect::sqlite::normal::same_name;
use crate::dialect::sqlite::{NAME, options, quote, types, written};
use crate::model::{
    Check, Column, Deferrable, ForeignKey, Generated, Identity, IdentityMode, Index, IndexKey, KeyPart,
    Options, Order, PerDialect, Portable, PrimaryKey, SqlText, State, Storage, Table, Type, Unique, Value,
    misfit,
};
use crate::name::{Name, ObjectName};

/// The table, without its indexes. `None` if there are no words for it.
pub(super) fn table(definition: &Definition, listing: &Listing, exceptions: &Exceptions) -> Option<Table> {
    let Definition { name, columns, constraints, indexes: _, strict, without_rowid } = definition;
    let mut table = Table::new(ObjectName::unqualified(Name::new(name).ok()?));
    let mut autoincrement = true;
    for own in columns {
        let mut column = column(own, definition)?;
        if exceptions.native.contains(&(table.name.clone(), column.name.clone())) {
            column.ty = PerDialect::same(Type::Native(own.declared.as_str().into()));
            column.identity = column.identity.filter(|_| own.numbered);
        }
        autoincrement &= column.identity.is_none() || own.numbered;
        column.default = PerDialect::same(default(own, &column));
        table.columns.insert(column).ok()?;
    }
    let options = [
        ("strict", strict.then_some(true)),
        (WITHOUT_ROWID, without_rowid.then_some(true)),
        (AUTOINCREMENT, (!autoincrement).then_some(false)),
    ];
    let options: BTreeMap<Box<str>, Value> = options
        .into_iter()
        .filter_map(|(option, value)| Some((option.into(), Value::Bool(value?))))
        .collect();
    if !options.is_empty() {
        table.settings.options.insert(NAME.clone(), options);
    }
    for constraint in constraints {
        let listed =
            values_of(constraint, definition).filter(|listed| listing.enums.contains_key(&listed.of));
        if let Some(listed) = listed {
            let of = ObjectName::unqualified(Name::new(listed.of).ok()?);
            let column = table.columns.get_mut(&Name::new(listed.column).ok()?)?;
            column.ty = PerDialect::same(Type::Enum(of));
            continue;
        }
        add(&mut table, Name::new(&constraint.name).ok()?, &constraint.rule)?;
    }
    Some(table)
}

fn add(table: &mut Table, name: Name, rule: &Rule) -> Option<()> {
    match rule {
        Rule::PrimaryKey(key) => {
            let (columns, options) = (names(key.names())?, options::for_key(key));
            table.primary_key = Some(PrimaryKey { name, columns, options });
        }
        Rule::Unique(key) => {
            let unique = Unique {
                name,
                only: None,
                columns: names(key.names())?,
                nulls_not_distinct: false,
                deferrable: Deferrable::No,
                options: options::for_key(key),
            };
            table.uniques.insert(unique).ok()?;
        }
        Rule::ForeignKey(reference) => {
            let Reference { columns, table: to, references, on_delete, on_update, deferrable } = reference;
            let key = ForeignKey {
                name,
                only: None,
                columns: names(columns)?,
                table: ObjectName::unqualified(Name::new(to).ok()?),
                references: Some(names(references)?).filter(|names| !names.is_empty())?,
                on_delete: *on_delete,
                on_update: *on_update,
                deferrable: *deferrable,
            };
            table.foreign_keys.insert(key).ok()?;
        }
        Rule::Check { expression } => {
            let check = Check {
                name,
                only: None,
                expression: SqlText::from(expression.as_str()),
                options: Options::new(),
            };
            table.checks.insert(check).ok()?;
        }
    }
    Some(())
}

fn names<'a>(texts: impl IntoIterator<Item = &'a String>) -> Option<Vec<Name>> {
    texts.into_iter().map(|text| Name::new(text).ok()).collect()
}

fn column(definition: &ColumnDef, table: &Definition) -> Option<Column> {
    let ColumnDef { name, declared, kind: _, not_null, conflict, default: _, computed, collation, numbered } =
        definition;
    let is_key = table.rowid_key().is_some_and(|key| key.name == *name);
    let is_identity = *numbered || (is_key && is_plain_alias(definition, table));
    let ty = if is_identity {
        Type::Portable(Portable::BigInt)
    } else {
        types::of_declared(declared, table.strict, is_key)?
    };
    Some(Column {
        nullable: !not_null,
        generated: computed.as_ref().map(|Computed { expression, stored }| Generated {
            expression: SqlText::from(expression.as_str()),
            storage: if *stored { Storage::Stored } else { Storage::Virtual },
        }),
        identity: is_identity.then_some(Identity {
            mode: IdentityMode::ByDefault,
            start: None,
            increment: None,
        }),
        collation: PerDialect::same(collation.as_deref().map(Into::into)),
        options: options::for_column(*conflict),
        ..Column::new(Name::new(name).ok()?, ty)
    })
}

/// Whether a key numbers rows as an alias of the rowid and says nothing else. One that refers to another table gets its
/// numbers from there.
fn is_plain_alias(key: &ColumnDef, table: &Definition) -> bool {
    let refers = table.constraints.iter().any(|constraint| match &constraint.rule {
        Rule::ForeignKey(reference) => reference.columns.iter().any(|column| same_name(column, &key.name)),
        Rule::PrimaryKey(_) | Rule::Unique(_) | Rule::Check { .. } => false,
    });
    table.has_rowid_alias() && key.default.is_none() && key.collation.is_none() && !refers
}

/// The default of a column, as a literal where its type has such.
fn default(definition: &ColumnDef, column: &Column) -> Option<Value> {
    let value = definition.default.as_deref().and_then(written::value)?;
    let value = match (&column.ty.common, value) {
        (Type::Portable(Portable::Bool), Value::Number(digit)) if &*digit == "0" => Value::Bool(false),
        (Type::Portable(Portable::Bool), Value::Number(digit)) if &*digit == "1" => Value::Bool(true),
        (_, value) => value,
    };
    let fits = misfit(&value, column, &State::default()).is_none();
    Some(if fits { value } else { Value::Sql(quote::value(&value).into()) })
}

/// An index of a table. `None` if there are no words for it.
pub(super) fn index(definition: &IndexDef, table: &Table) -> Option<Index> {
    let IndexDef { name, unique, keys, predicate } = definition;
    Some(Index {
        name: Name::new(name).ok()?,
        only: None,
        keys: keys.iter().map(|key| index_key(key, table)).collect::<Option<_>>()?,
        unique: *unique,
        nulls_not_distinct: false,
        predicate: predicate.as_deref().map(SqlText::from),
        include: Vec::new(),
        method: None,
        comment: None,
        options: Options::new(),
    })
}

fn index_key(definition: &KeyDef, table: &Table) -> Option<IndexKey> {
    let KeyDef { on, collation, descending } = definition;
    let on = match on {
        KeyOn::Column(name) => {
            let mut columns = table.columns.keys();
            KeyPart::Column(columns.find(|column| same_name(column.as_str(), name))?.clone())
        }
        KeyOn::Expression(text) => KeyPart::Expression(SqlText::from(text.as_str())),
    };
    let known = |name: &str| COLLATIONS.iter().any(|known| known.eq_ignore_ascii_case(name));
    if collation.as_deref().is_some_and(|name| !known(name)) {
        return None;
    }
    Some(IndexKey {
        on,
        order: if *descending { Order::Descending } else { Order::Ascending },
        nulls: None,
        operator_class: None,
        collation: collation.as_deref().map(|name| name.to_ascii_uppercase().into()),
        prefix: None,
    })
}
