//! How the parts of a schema are written in CREATE and ALTER statements, for one version and with the values of the
//! enums at hand.

use super::implied::{Implied, implied_indexes};
use super::options::{self, COMPRESSED, ENFORCED, INVISIBLE, ON_UPDATE, SRID};
use super::quote::{self, expression, ident, line_end, list, object, string};
use super::types::MyType;
use super::{RULES, version};
use crate::dialect::Version;
use crate::dialect::referential::referential_action;
use crate::model::{
    Check, Collection, Column, EnumType, ForeignKey, Index, IndexKey, KeyPart, Order, PrimaryKey, Storage,
    Table, Unique, Value, View,
};
use crate::name::Name;
use crate::sql::{Token, TokenKind, identifiers, tokens};

/// Writes definitions.
#[derive(Clone, Copy)]
pub(super) struct Writer<'a> {
    /// The version that reads them.
    pub(super) version: Version,
    /// The enums of the schema.
    pub(super) enums: &'a Collection<EnumType>,
}

impl Writer<'_> {
    /// `CREATE TABLE` with all that belongs to the table.
    pub(super) fn create_table(&self, table: &Table) -> String {
        let Table { name, settings, columns, primary_key, uniques, foreign_keys, checks, indexes } = table;
        let mut lines: Vec<String> =
            self.ordered(columns).into_iter().map(|column| self.column(table, column)).collect();
        lines.extend(primary_key.iter().map(self::primary_key));
        lines.extend(uniques.iter().map(unique));
        lines.extend(indexes.iter().map(|index| self.index(index)));
        lines.extend(implied_indexes(table).iter().map(implied_index));
        lines.extend(checks.iter().filter(|check| self.column_of(table, check).is_none()).map(check));
        lines.extend(foreign_keys.iter().map(foreign_key));
        let mut options = options::table(settings);
        let start = columns.iter().find_map(|column| column.identity?.start);
        options.extend(start.map(|start| format!("AUTO_INCREMENT={start}")));
        options.extend(settings.comment.iter().map(|comment| format!("COMMENT={}", string(comment))));
        let options = if options.is_empty() { String::new() } else { format!(" {}", options.join(" ")) };
        format!("CREATE TABLE {} (\n    {}\n){options}", object(name), lines.join(",\n    "))
    }

    /// The columns as they were declared, but for those that are computed from one that is itself computed and stands
    /// behind them: the servers want that to be there first.
    fn ordered<'c>(&self, columns: &'c Collection<Column>) -> Vec<&'c Column> {
        let computed = columns.iter().filter(|column| self.is_computed(column)).collect();
        behind_sources(columns.iter().collect(), computed)
    }

    /// The column behind which one has to stand that becomes computed: the last of the computed ones that it is computed
    /// from.
    pub(super) fn last_source<'t>(&self, table: &'t Table, column: &Column) -> Option<&'t Name> {
        let ordered = self.ordered(&table.columns).into_iter().rev();
        let mut sources = ordered.filter(|other| self.is_computed(other));
        sources.find(|other| is_computed_from(column, &other.name)).map(|other| &other.name)
    }

    /// Whether a column is computed, or else its default.
    fn is_computed(&self, column: &Column) -> bool {
        let ty = MyType::of(&column.ty.common, self.enums);
        let default = column.default.common.as_ref();
        column.generated.is_some() || default.is_some_and(|value| is_computed(value, &ty))
    }

    /// The column that a check belongs to. MariaDB gives a check of a column the column's name, takes it back with the
    /// column's definition, and has no other check of that name; on `json` it has one of its own.
    pub(super) fn column_of<'t>(&self, table: &'t Table, check: &Check) -> Option<&'t Column> {
        let column = table.columns.get(&check.name).filter(|_| version::is_mariadb(self.version));
        column.filter(|column| !MyType::of(&column.ty.common, self.enums).is(super::types::JSON))
    }

    /// A column of a table with all that is said of it, as CREATE TABLE, ADD COLUMN and MODIFY COLUMN take it.
    pub(super) fn column(&self, of: &Table, column: &Column) -> String {
        let Column { name, only: _, ty, nullable, default, generated, identity, collation, comment, options } =
            column;
        let ty = MyType::of(&ty.common, self.enums);
        let mut sql = format!("{} {}", ident(name), ty.sql(self.version));
        if options::switch(options, COMPRESSED, false) {
            sql += " COMPRESSED";
        }
        if let Some(charset) = options::word(options, options::CHARSET) {
            sql += &format!(" CHARACTER SET {charset}");
        }
        if let Some(collation) = &collation.common {
            sql += &format!(" COLLATE {}", ident(collation));
        }
        if let Some(generated) = generated {
            let storage = match generated.storage {
                Storage::Stored => "STORED",
                Storage::Virtual => "VIRTUAL",
            };
            sql += &format!(" GENERATED ALWAYS AS {} {storage}", expression(&generated.expression.common));
        }
        let says_null = generated.is_none() || version::has_required_generated(self.version);
        match nullable {
            false if says_null => sql += " NOT NULL",
            // Left to itself an old server makes a timestamp required.
            true if generated.is_none() && ty.is(super::types::TIMESTAMP) => sql += " NULL",
            false | true => {}
        }
        if let Some(srid) = options::word(options, SRID) {
            sql += &format!(" SRID {srid}");
        }
        if let Some(value) = &default.common {
            sql += &format!(" DEFAULT {}", self::default(value, &ty));
        }
        if let Some(value) = options::word(options, ON_UPDATE) {
            sql += &format!(" ON UPDATE {}", moment(value, &ty).unwrap_or_else(|| value.to_owned()));
        }
        if identity.is_some() {
            sql += " AUTO_INCREMENT";
        }
        if options::switch(options, INVISIBLE, false) {
            sql += " INVISIBLE";
        }
        if let Some(comment) = comment {
            sql += &format!(" COMMENT {}", string(comment));
        }
        if let Some(check) = of.checks.get(name).filter(|check| self.column_of(of, check).is_some()) {
            sql += &format!(" CHECK {}", expression(&check.expression.common));
        }
        sql
    }

    /// An index, as CREATE TABLE takes it, and ALTER TABLE behind ADD.
    pub(super) fn index(&self, index: &Index) -> String {
        let Index {
            name,
            only: _,
            keys,
            unique,
            nulls_not_distinct: _,
            predicate: _,
            include: _,
            method,
            comment,
            options,
        } = index;
        let kind = match method.as_deref() {
            Some(method) if method.eq_ignore_ascii_case("fulltext") => "FULLTEXT KEY",
            Some(method) if method.eq_ignore_ascii_case("spatial") => "SPATIAL KEY",
            Some(_) | None if *unique => "UNIQUE KEY",
            Some(_) | None => "KEY",
        };
        let keys: Vec<String> = keys.iter().map(index_key).collect();
        let mut sql = format!("{kind} {} ({}){}", ident(name), keys.join(", "), options::parser(options));
        if let Some(comment) = comment {
            sql += &format!(" COMMENT {}", string(comment));
        }
        if options::switch(options, INVISIBLE, false) {
            sql += if version::is_mariadb(self.version) { " IGNORED" } else { " INVISIBLE" };
        }
        sql
    }
}

fn index_key(key: &IndexKey) -> String {
    let IndexKey { on, order, nulls: _, operator_class: _, collation: _, prefix } = key;
    let mut sql = match on {
        KeyPart::Column(column) => ident(column),
        KeyPart::Expression(text) => expression(&text.common),
    };
    if let Some(prefix) = prefix {
        sql += &format!("({prefix})");
    }
    match order {
        Order::Ascending => {}
        Order::Descending => sql += " DESC",
    }
    sql
}

/// A primary key, which has no name.
pub(super) fn primary_key(key: &PrimaryKey) -> String {
    let PrimaryKey { name: _, columns, options } = key;
    let comment = options::word(options, options::COMMENT);
    let comment = comment.map(|comment| format!(" COMMENT {}", string(comment))).unwrap_or_default();
    format!("PRIMARY KEY ({}){comment}", list(columns))
}

/// A unique constraint.
pub(super) fn unique(unique: &Unique) -> String {
    let Unique { name, only: _, columns, nulls_not_distinct: _, deferrable: _, options: _ } = unique;
    format!("UNIQUE KEY {} ({})", ident(name), list(columns))
}

/// The index that a foreign key needs.
pub(super) fn implied_index(index: &Implied) -> String {
    let Implied { name, columns } = index;
    format!("KEY {} ({})", ident(name), list(columns))
}

/// A check with its name.
pub(super) fn check(check: &Check) -> String {
    let Check { name, only: _, expression: text, options } = check;
    let enforced = if options::switch(options, ENFORCED, true) { "" } else { " NOT ENFORCED" };
    format!("CONSTRAINT {} CHECK {}{enforced}", ident(name), expression(&text.common))
}

/// A foreign key with its name.
pub(super) fn foreign_key(key: &ForeignKey) -> String {
    let ForeignKey { name, only: _, columns, table, references, on_delete, on_update, deferrable: _ } = key;
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
    sql
}

/// `CREATE VIEW`, or what puts another query under its name.
pub(super) fn create_view(view: &View, replace: bool) -> String {
    let query = view.query.common.trim().trim_end_matches(';').trim_end();
    let create = if replace { "CREATE OR REPLACE VIEW" } else { "CREATE VIEW" };
    format!("{create} {} AS\n{query}{}", object(&view.name), line_end(query))
}

/// A value behind `DEFAULT`: constants as they are where they may stand so, anything else in parentheses.
fn default(value: &Value, ty: &MyType) -> String {
    let kept_beside = ty.is_long() || ty.is(super::types::JSON) || ty.is_shape();
    match value {
        Value::Null => "NULL".to_owned(),
        Value::Bool(_) | Value::Number(_) | Value::Text(_) if kept_beside => {
            format!("({})", quote::value(value))
        }
        Value::Bool(_) | Value::Number(_) | Value::Text(_) => quote::value(value),
        Value::Sql(text) => match moment(text, ty) {
            Some(moment) => moment,
            None if !kept_beside && is_literal(text) => text.trim().to_owned(),
            None => expression(text),
        },
    }
}

/// The columns in their order, but each behind those of the sources that it is computed from.
pub(super) fn behind_sources<'c>(
    mut columns: Vec<&'c Column>,
    mut sources: Vec<&'c Column>,
) -> Vec<&'c Column> {
    let mut placed = Vec::with_capacity(columns.len());
    while !columns.is_empty() {
        let waits = |column: &&Column| sources.iter().any(|source| is_computed_from(column, &source.name));
        // Whatever waits in a circle comes as it is, and the server says what is wrong with it.
        let next = columns.iter().position(|column| !waits(column)).unwrap_or(0);
        let column = columns.remove(next);
        sources.retain(|source| source.name != column.name);
        placed.push(column);
    }
    placed
}

/// Whether a column is computed from another one.
pub(super) fn is_computed_from(column: &Column, source: &Name) -> bool {
    let text = column.generated.as_ref().map(|generated| &*generated.expression.common);
    column.name != *source && text.is_some_and(|text| mentions(text, source))
}

/// Whether an expression speaks of a column.
pub(super) fn mentions(text: &str, name: &Name) -> bool {
    identifiers(text, &RULES).any(|found| found.is(name.as_str(), &RULES))
}

/// Whether a default is computed for each row.
pub(super) fn is_computed(value: &Value, ty: &MyType) -> bool {
    default(value, ty).starts_with('(')
}

/// Whether a text is one number or one string, be it one of bits or bytes.
fn is_literal(text: &str) -> bool {
    let tokens: Vec<Token<'_>> =
        tokens(text, &RULES).filter(|token| token.kind != TokenKind::Space).collect();
    match tokens.as_slice() {
        [one] => matches!(one.kind, TokenKind::String | TokenKind::Number) || one.is_word("NULL"),
        [mark, string] => {
            let marked = mark.is_word("b") || mark.is_word("x");
            marked && string.kind == TokenKind::String && string.span.start == mark.span.end
        }
        _ => false,
    }
}

/// The present moment with as many digits as the column has, which the server insists on.
fn moment(text: &str, ty: &MyType) -> Option<String> {
    const WORDS: [&str; 4] = ["CURRENT_TIMESTAMP", "NOW", "LOCALTIME", "LOCALTIMESTAMP"];
    let digits = ty.fraction().filter(|_| !ty.is(super::types::TIME))?;
    if !is_moment(text, &WORDS) {
        return None;
    }
    Some(if digits == 0 { "CURRENT_TIMESTAMP".to_owned() } else { format!("CURRENT_TIMESTAMP({digits})") })
}

/// Whether a text is one of these words, with or without parentheses and digits.
fn is_moment(text: &str, words: &[&str]) -> bool {
    let tokens: Vec<Token<'_>> = tokens(text, &RULES).filter(Token::is_significant).collect();
    let [first, rest @ ..] = tokens.as_slice() else { return false };
    let known = words.iter().any(|word| first.is_word(word));
    known
        && match rest {
            [] => !first.is_word("NOW"),
            [open, close] => open.is_mark("(") && close.is_mark(")"),
            [open, digits, close] => {
                open.is_mark("(") && digits.kind == TokenKind::Number && close.is_mark(")")
            }
            _ => false,
        }
}

/// Whether a text is the present moment.
pub(super) fn is_now(text: &str) -> bool {
    is_moment(text, &["CURRENT_TIMESTAMP", "NOW", "LOCALTIME", "LOCALTIMESTAMP"])
}
