//! How the parts of a schema are written in CREATE and ALTER statements. Whatever a definition can't hold
//! (comments, indexes of a table) is a statement of its own elsewhere.

use crate::model::{
    Check, Column, Deferrable, EnumType, ForeignKey, Identity, IdentityMode, Index, IndexKey, KeyPart, Nulls,
    Order, PrimaryKey, Storage, Table, Unique, View,
};
use crate::name::ObjectName;

use super::options;
use super::quote::{self, default, expression, ident, line_end, list, object, string};
use super::types::{BIGINT, INTEGER, PgType, SMALLINT};
use crate::dialect::referential::referential_action;

/// `CREATE TABLE` with columns and constraints; foreign keys are those that the table is given with.
pub(super) fn create_table(table: &Table) -> String {
    let Table { name, settings, columns, primary_key, uniques, foreign_keys, checks, indexes: _ } = table;
    let mut lines: Vec<String> = columns.iter().map(column).collect();
    lines.extend(primary_key.iter().map(self::primary_key));
    lines.extend(uniques.iter().map(unique));
    lines.extend(checks.iter().map(check));
    lines.extend(foreign_keys.iter().map(foreign_key));
    let body =
        if lines.is_empty() { "()".to_owned() } else { format!("(\n    {}\n)", lines.join(",\n    ")) };
    let kind = if options::is_unlogged(settings) { "UNLOGGED TABLE" } else { "TABLE" };
    let with = options::storage(settings)
        .map(|(key, value)| format!("{key} = {}", options::parameter(value)))
        .collect::<Vec<_>>();
    let with = if with.is_empty() { String::new() } else { format!(" WITH ({})", with.join(", ")) };
    format!("CREATE {kind} {} {body}{with}", object(name))
}

/// A column as it stands in CREATE TABLE and behind ADD COLUMN.
pub(super) fn column(column: &Column) -> String {
    let Column {
        name,
        only: _,
        ty,
        nullable,
        default: value,
        generated,
        identity,
        collation,
        comment: _,
        options: _,
    } = column;
    let ty = PgType::of(&ty.common);
    let numbered_by = identity.as_ref().map(|identity| identity.mode);
    let word = if numbered_by == Some(IdentityMode::Serial) { serial(&ty) } else { ty.sql() };
    let mut sql = format!("{} {word}", ident(name));
    if let Some(collation) = &collation.common {
        sql += &format!(" COLLATE {}", quote::collation(collation));
    }
    if let Some(value) = &value.common {
        sql += &format!(" DEFAULT {}", default(value));
    }
    if let Some(generated) = generated {
        let storage = match generated.storage {
            Storage::Stored => "STORED",
            Storage::Virtual => "VIRTUAL",
        };
        sql += &format!(" GENERATED ALWAYS AS {} {storage}", expression(&generated.expression.common));
    }
    if let Some(words) = identity.as_ref().and_then(self::identity) {
        sql += &format!(" {words}");
    }
    if !nullable {
        sql += " NOT NULL";
    }
    sql
}

/// The word for a whole number that a sequence gives.
fn serial(ty: &PgType) -> String {
    match ty.sql().as_str() {
        SMALLINT => "smallserial".to_owned(),
        INTEGER => "serial".to_owned(),
        BIGINT => "bigserial".to_owned(),
        // No other type is numbered.
        other => other.to_owned(),
    }
}

/// `GENERATED … AS IDENTITY`. `None` where the type says it.
pub(super) fn identity(identity: &Identity) -> Option<String> {
    let Identity { mode, start, increment } = identity;
    let mut options = Vec::new();
    options.extend(start.map(|start| format!("START WITH {start}")));
    options.extend(increment.map(|increment| format!("INCREMENT BY {increment}")));
    let options = if options.is_empty() { String::new() } else { format!(" ({})", options.join(" ")) };
    Some(format!("GENERATED {} AS IDENTITY{options}", identity_mode(*mode)?))
}

/// Whether a writer may give the number. `None` where no identity gives it.
pub(super) fn identity_mode(mode: IdentityMode) -> Option<&'static str> {
    match mode {
        IdentityMode::Always => Some("ALWAYS"),
        IdentityMode::ByDefault => Some("BY DEFAULT"),
        IdentityMode::Serial => None,
    }
}

/// A primary key with its name.
pub(super) fn primary_key(key: &PrimaryKey) -> String {
    let PrimaryKey { name, columns, options: _ } = key;
    format!("CONSTRAINT {} PRIMARY KEY ({})", ident(name), list(columns))
}

/// A unique constraint with its name.
pub(super) fn unique(unique: &Unique) -> String {
    let Unique { name, only: _, columns, nulls_not_distinct, deferrable, options: _ } = unique;
    let nulls = if *nulls_not_distinct { " NULLS NOT DISTINCT" } else { "" };
    format!("CONSTRAINT {} UNIQUE{nulls} ({}){}", ident(name), list(columns), self::deferrable(*deferrable))
}

/// A check with its name.
pub(super) fn check(check: &Check) -> String {
    let Check { name, only: _, expression: text, options: _ } = check;
    format!("CONSTRAINT {} CHECK {}", ident(name), expression(&text.common))
}

/// A foreign key with its name.
pub(super) fn foreign_key(key: &ForeignKey) -> String {
    let ForeignKey { name, only: _, columns, table, references, on_delete, on_update, deferrable } = key;
    let mut sql = format!(
        "CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({})",
        ident(name),
        list(columns),
        object(table),
        list(references)
    );
    for (event, action) in [("DELETE", on_delete), ("UPDATE", on_update)] {
        if let Some(words) = referential_action(*action) {
            sql += &format!(" ON {event} {words}");
        }
    }
    sql + self::deferrable(*deferrable)
}

fn deferrable(deferrable: Deferrable) -> &'static str {
    match deferrable {
        Deferrable::No => "",
        Deferrable::Immediate => " DEFERRABLE",
        Deferrable::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    }
}

/// `CREATE INDEX`.
pub(super) fn create_index(table: &ObjectName, index: &Index) -> String {
    let Index {
        name,
        only: _,
        keys,
        unique,
        nulls_not_distinct,
        predicate,
        include,
        method,
        comment: _,
        options: _,
    } = index;
    let kind = if *unique { "UNIQUE INDEX" } else { "INDEX" };
    let method = method.as_ref().map(|method| format!(" USING {}", ident(method))).unwrap_or_default();
    let keys: Vec<String> = keys.iter().map(index_key).collect();
    let mut sql = format!("CREATE {kind} {} ON {}{method} ({})", ident(name), object(table), keys.join(", "));
    if !include.is_empty() {
        sql += &format!(" INCLUDE ({})", list(include));
    }
    if *nulls_not_distinct {
        sql += " NULLS NOT DISTINCT";
    }
    if let Some(predicate) = predicate {
        sql += &format!(" WHERE {}", expression(&predicate.common));
    }
    sql
}

fn index_key(key: &IndexKey) -> String {
    let IndexKey { on, order, nulls, operator_class, collation, prefix: _ } = key;
    let mut sql = match on {
        KeyPart::Column(column) => ident(column),
        KeyPart::Expression(text) => expression(&text.common),
    };
    if let Some(collation) = collation {
        sql += &format!(" COLLATE {}", quote::collation(collation));
    }
    if let Some(class) = operator_class {
        sql += &format!(" {}", operator_class_name(class));
    }
    match order {
        Order::Ascending => {}
        Order::Descending => sql += " DESC",
    }
    match nulls {
        None => {}
        Some(Nulls::First) => sql += " NULLS FIRST",
        Some(Nulls::Last) => sql += " NULLS LAST",
    }
    sql
}

/// An operator class as it was written if it has a namespace or parameters, and in quotes if it is one name.
fn operator_class_name(class: &str) -> String {
    if class.contains(['.', '(', '"']) { class.to_owned() } else { ident(class) }
}

/// `CREATE VIEW`.
pub(super) fn create_view(view: &View) -> String {
    let query = view.query.common.trim().trim_end_matches(';').trim_end();
    format!("CREATE VIEW {} AS\n{query}{}", object(&view.name), line_end(query))
}

/// `CREATE TYPE … AS ENUM`.
pub(super) fn create_enum(item: &EnumType) -> String {
    let values: Vec<String> = item.values.iter().map(|value| string(value)).collect();
    format!("CREATE TYPE {} AS ENUM ({})", object(&item.name), values.join(", "))
}

/// `COMMENT ON`, where `what` is the kind and the name in SQL.
pub(super) fn comment(what: &str, comment: Option<&str>) -> String {
    format!("COMMENT ON {what} IS {}", comment.map_or_else(|| "NULL".to_owned(), string))
}
