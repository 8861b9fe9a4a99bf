//! States in a spelling that what was declared and what was read back have in common, by rules alone: for where no
//! database can be asked how it would print an expression. Two that are equal here are meant to be the same schema; two
//! that differ may be the same nevertheless.

mod node;
mod parse;

use std::collections::BTreeMap;

use super::inspect::is_plain_number;
use super::types::{Kind, PgType, nested};
use super::{Postgres, RULES, options, sequence, types};
use crate::dialect::Dialect;
use crate::model::{
    Collection, Column, Generated, Index, IndexKey, KeyPart, Nulls, Order, PerDialect, RawObject, SqlText,
    State, Table, Type, Value, View,
};
use crate::name::Name;
use crate::sql::{Token, TokenKind, identifiers, tokens};

use node::Node;

/// The state as this dialect sees it, in the common spelling.
pub(super) fn normal(state: &State) -> State {
    let mut state = state.for_dialect(&Postgres.name());
    state.tables.iter_mut().for_each(table);
    for View { name: _, only: _, query, depends_on, comment: _ } in state.views.iter_mut() {
        *query = SqlText::from(self::query(&query.common).as_str());
        depends_on.clear();
    }
    for RawObject { name: _, only: _, create, drop, depends_on } in state.objects.iter_mut() {
        *create = SqlText::from(words(&create.common).as_str());
        *drop = SqlText::from(words(&drop.common).as_str());
        depends_on.clear();
    }
    state
}

fn table(table: &mut Table) {
    let Table { name: _, settings, columns, primary_key: _, uniques: _, foreign_keys: _, checks, indexes } =
        table;
    for values in settings.options.values_mut() {
        values.retain(|_, value| *value != Value::Bool(false) && *value != Value::Null);
        for (key, value) in values.iter_mut() {
            if options::is_storage(key) {
                *value = Value::Text(value.to_string().trim_matches('\'').into());
            }
        }
    }
    settings.options.retain(|_, values: &mut BTreeMap<_, _>| !values.is_empty());
    columns.iter_mut().for_each(column);
    for check in checks.iter_mut() {
        check.expression = text(&check.expression);
    }
    indexes.iter_mut().for_each(|item| index(item, columns));
}

fn column(column: &mut Column) {
    let Column {
        name: _,
        only: _,
        ty,
        nullable: _,
        default,
        generated,
        identity,
        collation,
        comment: _,
        options: _,
    } = column;
    let of = PgType::of(&ty.common);
    let element = match &of.kind {
        Kind::Enum(name) => Type::Enum(name.clone()),
        Kind::Known(_) | Kind::Other(_) => PgType::printed(&PgType { dimensions: 0, ..of.clone() }.sql(), 0),
    };
    *ty = PerDialect::same(nested(element, of.dimensions));
    let usual = Some("default");
    *collation = PerDialect::same(collation.common.take().filter(|name| Some(&**name) != usual));
    let is_number = of.is_number();
    *default = PerDialect::same(default.common.take().and_then(|default| value(default, is_number)));
    if let Some(Generated { expression, storage: _ }) = generated {
        *expression = text(expression);
    }
    if let Some(identity) = identity {
        let start = sequence::start(identity);
        identity.increment = identity.increment.filter(|step| *step != 1);
        identity.start = None;
        identity.start = Some(start).filter(|start| *start != sequence::start(identity));
    }
}

/// A default; NULL is none.
fn value(value: Value, is_number: bool) -> Option<Value> {
    match value {
        Value::Null => None,
        Value::Text(text) if is_number && is_plain_number(text.strip_prefix('-').unwrap_or(&text)) => {
            Some(Value::Number(text))
        }
        Value::Bool(_) | Value::Number(_) | Value::Text(_) => Some(value),
        Value::Sql(text) => Some(match parse::expression(&text) {
            None => Value::Sql(words(&text).into()),
            Some(Node::Word(word)) if word == "NULL" => return None,
            Some(Node::Word(word)) if word == "TRUE" || word == "FALSE" => Value::Bool(word == "TRUE"),
            Some(Node::Number(digits)) => Value::Number(digits.into()),
            Some(Node::Text(text)) => return self::value(Value::Text(text.into()), is_number),
            Some(node) => Value::Sql(node.to_string().into()),
        }),
    }
}

fn index(index: &mut Index, columns: &Collection<Column>) {
    let Index { keys, predicate, method, .. } = index;
    for key in keys.iter_mut() {
        unfold(key);
        let IndexKey { on, order, nulls, operator_class, collation, prefix } = key;
        *prefix = None;
        let column = match on {
            KeyPart::Column(name) => columns.get(name),
            // An expression takes after the one column that it is of.
            KeyPart::Expression(text) => {
                identifiers(&text.common, &RULES).find_map(|word| columns.get(&Name::new(&word.name).ok()?))
            }
        };
        let usual = column.and_then(|column| column.collation.common.as_deref()).or(Some("default"));
        *collation = collation.take().filter(|name| Some(&**name) != usual);
        let usual = column
            .filter(|_| matches!(on, KeyPart::Column(_)))
            .and_then(|column| usual_class(&column.ty.common));
        *operator_class = operator_class.take().filter(|class| Some(&**class) != usual);
        let usual = match order {
            Order::Ascending => Nulls::Last,
            Order::Descending => Nulls::First,
        };
        *nulls = nulls.filter(|nulls| *nulls != usual);
    }
    *predicate = predicate.as_ref().map(text);
    *method = method.take().filter(|method| &**method != "btree");
}

/// The operator class that an index of a column of this type has if none is given.
fn usual_class(ty: &Type) -> Option<&'static str> {
    const CLASSES: [(&str, &str); 14] = [
        (types::TEXT, "text_ops"),
        (types::VARCHAR, "text_ops"),
        (types::CHAR, "bpchar_ops"),
        (types::SMALLINT, "int2_ops"),
        (types::INTEGER, "int4_ops"),
        (types::BIGINT, "int8_ops"),
        (types::REAL, "float4_ops"),
        (types::DOUBLE, "float8_ops"),
        (types::NUMERIC, "numeric_ops"),
        (types::BOOL, "bool_ops"),
        (types::TIMESTAMP, "timestamp_ops"),
        (types::TIMESTAMPTZ, "timestamptz_ops"),
        ("jsonb", "jsonb_ops"),
        ("uuid", "uuid_ops"),
    ];
    let ty = PgType::of(ty);
    match &ty.kind {
        _ if ty.dimensions > 0 => Some("array_ops"),
        Kind::Enum(_) => Some("enum_ops"),
        Kind::Known(word) => CLASSES.iter().find(|(known, _)| known == word).map(|(_, class)| *class),
        Kind::Other(_) => None,
    }
}

/// Makes a column of an expression that is nothing else, but for a collation.
fn unfold(key: &mut IndexKey) {
    let KeyPart::Expression(expression) = &key.on else { return };
    let node = parse::expression(&expression.common);
    let column = |name: &str| Name::new(name).ok().filter(|_| !name.contains('.')).map(KeyPart::Column);
    let (on, collation) = match &node {
        Some(Node::Column(name)) => (column(name), None),
        Some(Node::Infix(operator, sides)) if operator == "COLLATE" => match sides.as_slice() {
            [Node::Column(name), Node::Word(collation)] => {
                (column(name), Some(Box::from(collation.as_str())))
            }
            _ => (None, None),
        },
        _ => (None, None),
    };
    if on.is_some() && collation.is_some() {
        key.collation = collation;
    }
    key.on = on.unwrap_or_else(|| KeyPart::Expression(text(expression)));
}

fn text(text: &SqlText) -> SqlText {
    let text = &text.common;
    SqlText::from(parse::expression(text).map_or_else(|| words(text), |node| node.to_string()).as_str())
}

/// A query: tokens with one space between them, and without what the server adds to names where there is one relation.
fn query(text: &str) -> String {
    let tokens: Vec<Token<'_>> = tokens(text, &RULES).filter(Token::is_significant).collect();
    let relations = tokens.iter().filter(|token| token.is_word("FROM") || token.is_word("JOIN")).count();
    let from = tokens.iter().position(|token| token.is_word("FROM")).unwrap_or(tokens.len());
    let several = relations != 1 || tokens.iter().skip(from).any(|token| token.is_mark(","));
    let mut spelled: Vec<String> = Vec::with_capacity(tokens.len());
    let mut at = 0;
    while let Some(token) = tokens.get(at) {
        let next = tokens.get(at + 1);
        let is_name = matches!(token.kind, TokenKind::Word | TokenKind::Quoted);
        if !several && is_name && next.is_some_and(|next| next.is_mark(".")) {
            at += 2;
            continue;
        }
        spelled.push(word(token));
        at += 1;
        // The cast of a column or a constant may be the server's own.
        let castable = is_name || matches!(token.kind, TokenKind::String | TokenKind::Number);
        if castable && tokens.get(at).is_some_and(|token| token.text == "::") {
            at += 2;
            while tokens.get(at).is_some_and(|token| token.is_word("varying") || token.is_word("precision")) {
                at += 1;
            }
        }
    }
    spelled.join(" ").trim_end_matches([' ', ';']).to_owned()
}

/// Tokens with one space between them.
fn words(text: &str) -> String {
    let words: Vec<String> =
        tokens(text, &RULES).filter(Token::is_significant).map(|token| word(&token)).collect();
    words.join(" ").trim_end_matches([' ', ';']).to_owned()
}

fn word(token: &Token<'_>) -> String {
    let name = || identifiers(token.text, &RULES).next().map(|identifier| identifier.name.into_owned());
    match token.kind {
        TokenKind::Word | TokenKind::Quoted => name().unwrap_or_else(|| token.text.to_owned()),
        TokenKind::Operator if token.text == "!=" => "<>".to_owned(),
        TokenKind::Operator
        | TokenKind::Number
        | TokenKind::String
        | TokenKind::Mark
        | TokenKind::Space
        | TokenKind::Comment => token.text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(one: &str, two: &str) -> bool {
        let normal = |expression: &str| parse::expression(expression).map(|node| node.to_string());
        normal(one).is_some() && normal(one) == normal(two)
    }

    #[test]
    fn what_the_server_prints_is_what_was_written() {
        for (written, printed) in [
            ("a > 0", "(a > (0)::numeric)"),
            (
                "status IN ('a', 'b')",
                "((status)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
            ),
            ("a not in (1, 2)", "(a <> ALL (ARRAY[1, 2]))"),
            ("a BETWEEN 1 AND 10 AND b", "((a >= 1) AND (a <= 10) AND b)"),
            ("email LIKE '%@%'", "((email)::text ~~ '%@%'::text)"),
            ("a != -1", "(a <> '-1'::integer)"),
            ("a + b * c = 3", "((a + (b * c)) = 3)"),
            ("CAST(a || b AS varchar(3))", "((a || b))::character varying(3)"),
            ("now() + interval '1 day'", "(now() + '1 day'::interval)"),
            ("CASE WHEN a THEN 1 END", "CASE\n    WHEN a THEN 1\n    ELSE NULL::integer\nEND"),
            ("substring(a from 1 for 2)", "SUBSTRING(a FROM 1 FOR 2)"),
            ("lower(trim(a))", "lower(TRIM(BOTH FROM a))"),
            ("\"Order\" IS NOT NULL OR NOT b", "((\"Order\" IS NOT NULL) OR (NOT b))"),
            ("data->>'k' = $$v$$", "((data ->> 'k'::text) = 'v'::text)"),
            ("current_timestamp", "CURRENT_TIMESTAMP"),
        ] {
            assert!(
                same(written, printed),
                "{written}\n{:?}\n{:?}",
                parse::expression(written),
                parse::expression(printed)
            );
        }
    }

    #[test]
    fn what_means_something_else_differs() {
        for (one, two) in [
            ("a > 0", "a >= 0"),
            ("a > 0", "a > 10"),
            ("(a OR b) AND c", "a OR b AND c"),
            ("a - (b - c)", "a - b - c"),
            ("a IN (1, 2)", "a NOT IN (1, 2)"),
            ("a = 'B'", "a = 'b'"),
            ("lower(a || b)::int", "lower(a || b)::bigint"),
        ] {
            assert!(!same(one, two), "{one} = {two}");
        }
    }
}
