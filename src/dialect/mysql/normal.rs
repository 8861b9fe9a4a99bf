//! A state in the spelling that what was declared and what was read back have in common, by rules alone.

use super::definition::is_now;
use super::inspect::{common, leave_out_implied, plain_columns};
use super::options::{self, CHARSET, COLLATION, COMPRESSED, ENFORCED, ENGINE, INVISIBLE, PARSER};
use super::types::{MyType, TINYINT};
use super::{NAME, RULES};
use crate::model::{
    Action, Check, Collection, Column, Deferrable, EnumType, Identity, IdentityMode, Index, KeyPart, Options,
    PerDialect, RawObject, SqlText, State, Table, Unique, Value,
};
use crate::sql::{Token, TokenKind, tokens};
use crate::syntax::derive;

/// Character sets whose collation is the same on every server if none is given.
const COLLATIONS: [(&str, &str); 7] = [
    ("ascii", "ascii_general_ci"),
    ("binary", "binary"),
    ("latin1", "latin1_swedish_ci"),
    ("ucs2", "ucs2_general_ci"),
    ("utf16", "utf16_general_ci"),
    ("utf8", "utf8mb3_general_ci"),
    ("utf8mb3", "utf8mb3_general_ci"),
];

/// Switches, and what each is if nothing is said.
const SWITCHES: [(&str, bool); 3] = [(INVISIBLE, false), (COMPRESSED, false), (ENFORCED, true)];

/// The state in that spelling.
pub(super) fn normal(state: &State) -> State {
    let mut state = state.for_dialect(&NAME);
    // They are part of the columns' types.
    let enums = std::mem::take(&mut state.enums);
    state.tables.iter_mut().for_each(|item| table(item, &enums));
    for view in state.views.iter_mut() {
        view.query = SqlText::from(unqualified(&compared(&view.query.common)).as_str());
        view.depends_on.clear();
        view.comment = None;
    }
    for RawObject { name: _, only: _, create, drop, depends_on } in state.objects.iter_mut() {
        text(create);
        text(drop);
        depends_on.clear();
    }
    state
}

fn table(table: &mut Table, enums: &Collection<EnumType>) {
    let set = &mut table.settings.options;
    if options::word(set, ENGINE).is_some_and(|engine| engine.eq_ignore_ascii_case("innodb")) {
        remove(set, ENGINE);
    }
    if let Some(collation) = settled_charset(set)
        && options::word(set, COLLATION).is_none()
    {
        set.entry(NAME.clone()).or_default().insert(COLLATION.into(), Value::Text(collation.into()));
    }
    let inherited = options::word(set, COLLATION).map(Box::<str>::from);
    if let Some(key) = &mut table.primary_key {
        key.name = derive::primary_key(&table.name).name(0);
    }
    for column in table.columns.iter_mut() {
        self::column(column, enums, inherited.as_deref());
    }
    for Check { name: _, only: _, expression, options } in table.checks.iter_mut() {
        text(expression);
        switches(options);
    }
    for key in table.foreign_keys.iter_mut() {
        for action in [&mut key.on_delete, &mut key.on_update] {
            // The two ways to refuse are one.
            if *action == Action::Restrict {
                *action = Action::NoAction;
            }
        }
    }
    table.indexes.iter_mut().for_each(index);
    let unique: Vec<Unique> = table.indexes.iter().filter_map(constraint).collect();
    for constraint in unique {
        table.indexes.remove(&constraint.name);
        table.uniques.replace(constraint);
    }
    leave_out_implied(table);
}

/// The constraint that a unique index is, if it says nothing but its columns.
fn constraint(index: &Index) -> Option<Unique> {
    let Index {
        name,
        only: _,
        keys,
        unique,
        nulls_not_distinct,
        predicate: _,
        include: _,
        method,
        comment,
        options,
    } = index;
    let plain = *unique && method.is_none() && comment.is_none() && options.is_empty();
    let columns = plain_columns(keys).filter(|_| plain)?;
    Some(Unique {
        name: name.clone(),
        only: None,
        columns,
        nulls_not_distinct: *nulls_not_distinct,
        deferrable: Deferrable::No,
        options: Options::new(),
    })
}

fn index(index: &mut Index) {
    for key in &mut index.keys {
        if let KeyPart::Expression(expression) = &mut key.on {
            text(expression);
        }
    }
    let method = index.method.take().map(|method| method.to_ascii_lowercase());
    index.method = method.filter(|method| !["btree", "hash"].contains(&method.as_str())).map(Box::from);
    switches(&mut index.options);
    // No catalog tells it.
    remove(&mut index.options, PARSER);
}

fn column(column: &mut Column, enums: &Collection<EnumType>, inherited: Option<&str>) {
    let ty = MyType::of(&column.ty.common, enums);
    column.ty = PerDialect::same(ty.as_printed());
    let default = column.default.common.take().and_then(|value| self::default(value, &ty));
    column.default = PerDialect::same(default);
    if let Some(generated) = &mut column.generated {
        text(&mut generated.expression);
        // MariaDB has no words for one that is required.
        column.nullable = true;
    }
    if column.identity.is_some() {
        column.identity = Some(Identity { mode: IdentityMode::ByDefault, start: None, increment: None });
    }
    let of_charset = settled_charset(&mut column.options).map(Box::<str>::from);
    let collation = column.collation.common.take().or(of_charset);
    let collation = collation.map(|name| name.to_ascii_lowercase());
    let own = collation.filter(|own| Some(own.as_str()) != inherited);
    column.collation = PerDialect::same(own.map(Box::from));
    for set in column.options.values_mut() {
        for value in set.values_mut() {
            if let Value::Sql(sql) = value {
                *value = Value::Sql(expression(sql));
            }
        }
    }
    switches(&mut column.options);
}

fn default(value: Value, ty: &MyType) -> Option<Value> {
    let is_bool = ty.is(TINYINT) && ty.numbers == [1];
    Some(match value {
        Value::Null => return None,
        Value::Sql(sql) if sql.trim().eq_ignore_ascii_case("null") => return None,
        Value::Bool(on) if !is_bool => Value::Number(u8::from(on).to_string().into()),
        Value::Number(digits) if is_bool && &*digits == "0" => Value::Bool(false),
        Value::Number(digits) if is_bool && &*digits == "1" => Value::Bool(true),
        Value::Number(digits) => Value::Number(trimmed(&digits).into()),
        Value::Sql(sql) => Value::Sql(expression(&sql)),
        Value::Text(text) if ty.fraction().is_some() => Value::Text(trimmed(&text).into()),
        Value::Bool(_) | Value::Text(_) => value,
    })
}

/// A number or a moment without the zeros at the end of its fraction, which the column's scale adds.
fn trimmed(digits: &str) -> &str {
    if digits.contains('.') { digits.trim_end_matches('0').trim_end_matches('.') } else { digits }
}

/// Takes the character set out of options. The collation that it stands for, if that is the same on all servers.
fn settled_charset(set: &mut Options) -> Option<&'static str> {
    let charset = options::word(set, CHARSET)?.to_ascii_lowercase();
    remove(set, CHARSET);
    COLLATIONS.iter().find(|(known, _)| *known == charset).map(|(_, collation)| *collation)
}

/// Takes out what says nothing.
fn switches(set: &mut Options) {
    for (word, usual) in SWITCHES {
        if options::get(set, word) == Some(&Value::Bool(usual)) {
            remove(set, word);
        }
    }
}

fn remove(set: &mut Options, word: &str) {
    for words in set.values_mut() {
        words.remove(word);
    }
    set.retain(|_, words| !words.is_empty());
}

fn expression(sql: &str) -> Box<str> {
    if is_now(sql) { "current_timestamp".into() } else { compared(sql).into() }
}

fn text(text: &mut SqlText) {
    *text = SqlText::from(compared(&text.common).as_str());
}

/// A text without the names of tables in front of columns, which the servers write before all of a view's.
fn unqualified(sql: &str) -> String {
    let words: Vec<Token<'_>> = tokens(sql, &RULES).filter(Token::is_significant).collect();
    let is_point = |at: usize| words.get(at).is_some_and(|token| token.text == ".");
    let kept = words.iter().enumerate().filter(|(at, _)| !is_point(*at) && !is_point(at + 1));
    kept.map(|(_, token)| token.text).collect::<Vec<_>>().join(" ")
}

/// A text as it is compared: without the parentheses around the operands of operators, of which MySQL writes more than it
/// was given.
fn compared(sql: &str) -> String {
    let text = common(sql);
    let mut words = Vec::new();
    let mut open = Vec::new();
    for Token { kind, text, .. } in tokens(&text, &RULES).filter(Token::is_significant) {
        let is_call =
            words.last().is_some_and(|(kind, _)| matches!(kind, TokenKind::Word | TokenKind::Quoted));
        let is_kept = match text {
            "(" => {
                open.push(is_call);
                is_call
            }
            ")" => open.pop().unwrap_or(true),
            _ => true,
        };
        if is_kept {
            words.push((kind, text));
        }
    }
    words.iter().map(|(_, text)| *text).collect::<Vec<_>>().join(" ")
}
