//! What of a schema neither MySQL nor MariaDB can have, all of it at once.

use std::collections::HashMap;

use super::definition::is_now;
use super::errors::{E560, E561, E562, E564, E565, E566, E571, E572};
use super::types::{CHAR, DECIMAL, JSON, Kind, MyType, VARCHAR};
use super::{RULES, options, script};
use crate::diagnostic::Diagnostic;
use crate::model::{
    Action, Collection, Column, Deferrable, EnumType, IdentityMode, Index, IndexKey, KeyPart, Nulls, Order,
    Portable, State, Storage, Table, Type, Value,
};
use crate::name::{Name, ObjectName};
use crate::sql::tokens;

/// Checks a projected state.
pub(super) fn check(state: &State) -> Vec<Diagnostic> {
    let State { namespaces, enums, tables, views, objects, data: _ } = state;
    let mut problems = Vec::new();
    for namespace in namespaces {
        let message = format!("`{}` is a namespace, and MySQL has none", namespace.name);
        let help = "leave it out, or take `mysql` out of the project's `dialects`";
        problems.push(Diagnostic::error(&E561, message).help(help));
    }
    let elsewhere = enums.keys().chain(tables.keys()).chain(views.keys()).chain(objects.keys());
    for name in elsewhere.filter(|name| name.namespace.is_some()) {
        let message = format!("`{name}` is in a namespace, and MySQL has none");
        problems.push(Diagnostic::error(&E561, message).help("move it out of its `schema` node"));
    }
    problems.extend(enums.iter().flat_map(enum_type));
    for table in tables {
        problems.extend(options::check_table(&table.name.to_string(), &table.settings));
        problems.extend(table.columns.iter().flat_map(|column| self::column(table, column, enums)));
        problems.extend(identities(table));
        problems.extend(constraints(table, enums));
        problems.extend(table.indexes.iter().flat_map(|index| self::index(table, index, enums)));
        problems.extend(names_within(table));
    }
    problems.extend(names(state));
    problems.extend(texts(state));
    for object in objects {
        for text in [&object.create, &object.drop] {
            problems.extend(script::statements(&format!("object `{}`", object.name), &text.common).err());
        }
    }
    problems
}

fn enum_type(item: &EnumType) -> Vec<Diagnostic> {
    let name = &item.name;
    let mut seen: HashMap<String, &str> = HashMap::new();
    let mut problems = Vec::new();
    for value in &item.values {
        if let Some(other) = seen.insert(value.trim_end().to_lowercase(), value) {
            let message = format!("the values `{other}` and `{value}` of enum `{name}` are one in MySQL");
            let help = "let them differ in more than case and spaces at the end";
            problems.push(Diagnostic::error(&E560, message).help(help));
        }
        if value.chars().count() > 255 || value.ends_with(' ') {
            let message = format!("MySQL can't keep the value `{value}` of enum `{name}`");
            let help = "shorten it to 255 characters, without spaces at the end";
            problems.push(Diagnostic::error(&E560, message).help(help));
        }
    }
    problems
}

fn column(table: &Table, column: &Column, enums: &Collection<EnumType>) -> Vec<Diagnostic> {
    let name = format!("`{}.{}`", table.name, column.name);
    let ty = MyType::of(&column.ty.common, enums);
    let widths = options::widths(column, &table.settings);
    let mut problems: Vec<Diagnostic> = type_problem(&column.name, &column.ty.common, &ty, widths)
        .map(|(reason, help)| Diagnostic::error(&E560, format!("{name} {reason}")).help(help))
        .into_iter()
        .collect();
    problems.extend(options::check_column(&format!("{}.{}", table.name, column.name), &column.options));
    let mut contradict = |what: &str, help: &str| {
        problems.push(Diagnostic::error(&E571, format!("{name} {what}")).help(help));
    };
    if column.generated.is_some() && (column.default.common.is_some() || column.identity.is_some()) {
        contradict("is generated and has a default or an identity", "keep one of them");
    }
    let has_charset = options::get(&column.options, options::CHARSET).is_some();
    if (column.collation.common.is_some() || has_charset) && !ty.is_text() {
        contradict("has a collation and is no text", "remove the collation");
    }
    if options::word(&column.options, options::ON_UPDATE).is_some_and(|text| !is_now(text))
        || (options::get(&column.options, options::ON_UPDATE).is_some() && ty.fraction().is_none())
    {
        contradict(
            "can't be set like that when its row changes",
            "write `on-update=(sql)\"CURRENT_TIMESTAMP\"` on a `timestamp`, or use a trigger",
        );
    }
    let in_key = table.primary_key.iter().any(|key| key.columns.contains(&column.name));
    if in_key && column.nullable {
        contradict("is nullable and part of the primary key", "remove `nullable`");
    }
    problems
}

/// Why a column can't have a type, to stand behind its name, and what to do.
fn type_problem(column: &Name, ty: &Type, mine: &MyType, widths: &[u32]) -> Option<(String, String)> {
    let instead =
        |word: &str| format!("say what MySQL stores instead: `column {column} \"{ty}\" mysql={word}`");
    let most = |limit: &str| format!("use at most {limit}");
    match (ty, &mine.kind, mine.numbers.as_slice()) {
        (Type::Array(_), ..) => Some(("is an array, which MySQL does not have".to_owned(), instead("json"))),
        (Type::Portable(Portable::Interval), ..) => {
            Some(("is an `interval`, which MySQL does not have".to_owned(), instead("\"varchar(64)\"")))
        }
        (_, Kind::Other(text), _) if text.eq_ignore_ascii_case("serial") => {
            Some(("is `serial`, which is no type".to_owned(), "write `bigint identity`".to_owned()))
        }
        (_, Kind::Known(DECIMAL), [precision, scale]) if *precision > 65 || *scale > 30 => Some((
            format!("has {precision} digits, {scale} of them behind the point"),
            most("65 digits, 30 of them behind the point"),
        )),
        (_, Kind::Known(CHAR), [length]) if *length > 255 => {
            Some((format!("has a length of {length}"), most("255, or `varchar`")))
        }
        (_, Kind::Known(VARCHAR), [length]) if *length > longest(widths) => {
            Some((format!("has a length of {length}"), most(&format!("{}, or `text`", longest(widths)))))
        }
        (_, Kind::Known(_), [digits]) if mine.fraction().is_some() && *digits > 6 => {
            Some((format!("has {digits} digits of a second's fraction"), most("6 digits")))
        }
        (_, Kind::Set(values), _) => {
            let value = values.iter().find(|value| value.contains(','))?;
            let help = "write the value without the comma".to_owned();
            Some((format!("has a comma within the value `{value}` of its set"), help))
        }
        _ => None,
    }
}

/// How many characters the longest text beside the others of a row can have: a row has 65535 bytes, two of which say how
/// long the text is.
fn longest(widths: &[u32]) -> u32 {
    65_533 / widths.iter().max().copied().unwrap_or(1)
}

/// Columns that number themselves.
fn identities(table: &Table) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let numbered: Vec<&Column> = table.columns.iter().filter(|column| column.identity.is_some()).collect();
    let mut refuse = |column: &Column, what: &str, help: &str| {
        let message = format!("`{}.{}` {what}", table.name, column.name);
        problems.push(Diagnostic::error(&E562, message).help(help));
    };
    for column in &numbered {
        let ty = MyType::of(&column.ty.common, &Collection::new());
        let Some(identity) = column.identity else { continue };
        if !ty.is_integer() {
            refuse(column, "has an identity and is no whole number", "make it `bigint`");
        }
        if column.nullable {
            refuse(column, "has an identity and is nullable", "remove `nullable`");
        }
        if column.default.common.is_some() {
            refuse(column, "has an identity and a default", "remove the default");
        }
        if identity.mode == IdentityMode::Always {
            refuse(column, "always numbers itself, and MySQL takes given numbers", "write `identity` alone");
        }
        if identity.increment.is_some_and(|step| step != 1) {
            refuse(column, "has steps of its own, which MySQL has not", "remove `identity-increment`");
        }
        if identity.start.is_some_and(|start| start < 1) {
            refuse(column, "starts below 1", "start from 1 or more");
        }
        if !is_first_of_key(table, &column.name) {
            refuse(column, "has an identity and is first in no key", "make it the primary key, or index it");
        }
    }
    if let [_, second, ..] = numbered.as_slice() {
        refuse(second, "is the second column with an identity", "keep one per table");
    }
    problems
}

fn is_first_of_key(table: &Table, column: &Name) -> bool {
    let by_key = table.primary_key.iter().any(|key| key.columns.first() == Some(column));
    let by_unique = table.uniques.iter().any(|unique| unique.columns.first() == Some(column));
    let first = |index: &Index| {
        index.keys.first().is_some_and(|key| matches!(&key.on, KeyPart::Column(name) if name == column))
    };
    by_key || by_unique || table.indexes.iter().any(first)
}

fn constraints(table: &Table, enums: &Collection<EnumType>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut refuse = |name: &Name, what: &str, help: &str| {
        let message = format!("`{name}` of `{}` {what}", table.name);
        problems.push(Diagnostic::error(&E564, message).help(help.to_owned()));
    };
    let uniques = table.uniques.iter().map(|unique| (&unique.name, &unique.columns));
    let foreign = table.foreign_keys.iter().map(|key| (&key.name, &key.columns));
    let keys = table.primary_key.iter().map(|key| (&key.name, &key.columns)).chain(uniques).chain(foreign);
    for (name, columns) in keys {
        for column in columns.iter().filter_map(|column| table.columns.get(column)) {
            if let Some(word) = unindexable(column, enums) {
                let help = format!(
                    "give the column a length: `column {} {word} mysql=\"varchar(200)\"`",
                    column.name
                );
                refuse(name, &format!("is over `{}`, which is too long for a key", column.name), &help);
            }
        }
    }
    for unique in &table.uniques {
        if unique.nulls_not_distinct {
            refuse(&unique.name, "takes two NULLs for the same", "remove `nulls-not-distinct`");
        }
        if unique.deferrable != Deferrable::No {
            refuse(&unique.name, "is deferrable", "remove `deferrable`");
        }
    }
    for key in &table.foreign_keys {
        if key.deferrable != Deferrable::No {
            refuse(&key.name, "is deferrable", "remove `deferrable`");
        }
        if [key.on_delete, key.on_update].contains(&Action::SetDefault) {
            refuse(&key.name, "sets a default, which InnoDB can't", "write `set-null` or `cascade`");
        }
        let is_virtual = |name: &Name| {
            let generated = table.columns.get(name).and_then(|column| column.generated.as_ref());
            generated.is_some_and(|generated| generated.storage == Storage::Virtual)
        };
        if key.columns.iter().any(is_virtual) {
            refuse(&key.name, "is over a virtual column", "store the column: remove `virtual`");
        }
    }
    let named = |name: &Name| format!("{name}` of `{}", table.name);
    if let Some(key) = &table.primary_key {
        problems.extend(options::check_primary_key(&named(&key.name), &key.options));
    }
    for unique in &table.uniques {
        problems.extend(options::check_unique(&named(&unique.name), &unique.options));
    }
    for check in &table.checks {
        let name = format!("{}` of `{}", check.name, table.name);
        problems.extend(options::check_check(&name, &check.options));
    }
    problems
}

/// The type of a column that can't be indexed whole.
fn unindexable<'c>(column: &'c Column, enums: &Collection<EnumType>) -> Option<&'c Type> {
    let ty = MyType::of(&column.ty.common, enums);
    (ty.is_long() || ty.is(JSON) || ty.is_shape()).then_some(&column.ty.common)
}

fn index(table: &Table, index: &Index, enums: &Collection<EnumType>) -> Vec<Diagnostic> {
    let mut problems = options::check_index(&format!("{}` of `{}", index.name, table.name), &index.options);
    let mut refuse = |what: &str, help: &str| {
        let message = format!("index `{}` of `{}` {what}", index.name, table.name);
        problems.push(Diagnostic::error(&E565, message).help(help.to_owned()));
    };
    let other = "limit it to the dialects that have it: `(postgres)index …`";
    if index.predicate.is_some() {
        refuse("has a condition", other);
    }
    if !index.include.is_empty() {
        refuse("stores columns along", "add them to the keys, or limit the index to other dialects");
    }
    if index.nulls_not_distinct {
        refuse("takes two NULLs for the same", "remove `nulls-not-distinct`");
    }
    let method = index.method.as_deref().unwrap_or("btree").to_ascii_lowercase();
    match method.as_str() {
        "btree" | "fulltext" | "spatial" => {}
        "hash" => refuse("is a hash, and InnoDB keeps trees alone", "remove the method"),
        other => refuse(&format!("has the method `{other}`"), "use `btree`, `fulltext` or `spatial`"),
    }
    if index.unique && method != "btree" {
        refuse("is unique and no tree", "remove `unique` or the method");
    }
    for key in &index.keys {
        let IndexKey { on, order, nulls, operator_class, collation, prefix } = key;
        let first = matches!(order, Order::Ascending);
        if nulls.is_some_and(|nulls| (nulls == Nulls::First) != first) {
            refuse("puts NULLs where MySQL doesn't", "remove the order of NULLs");
        }
        if operator_class.is_some() || collation.is_some() {
            refuse("has an operator class or a collation", other);
        }
        let KeyPart::Column(name) = on else { continue };
        let Some(column) = table.columns.get(name) else { continue };
        let Some(ty) = unindexable(column, enums) else { continue };
        let mine = MyType::of(ty, enums);
        if method == "btree" && prefix.is_none() {
            let help = if mine.is_long() {
                format!("index its beginning: `on {name} prefix=100`")
            } else {
                "index a generated column".to_owned()
            };
            refuse(&format!("is over `{name}`, which is too long for a key"), &help);
        }
    }
    problems
}

/// Names that meet within a table, where their case doesn't count.
fn names_within(table: &Table) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut meet = |kind: &str, names: &mut dyn Iterator<Item = &Name>| {
        let mut seen: HashMap<String, &Name> = HashMap::new();
        for name in names {
            if let Some(other) = seen.insert(name.as_str().to_lowercase(), name) {
                let message = format!("{kind} `{other}` and `{name}` of `{}` have one name", table.name);
                problems.push(Diagnostic::error(&E566, message).help(format!("rename `{name}`")));
            }
        }
    };
    meet("columns", &mut table.columns.keys());
    meet("indexes", &mut table.uniques.keys().chain(table.indexes.keys()));
    for name in table.uniques.keys().chain(table.indexes.keys()) {
        if name.as_str().eq_ignore_ascii_case("primary") {
            let message = format!("index `{name}` of `{}` has the name of primary keys", table.name);
            problems.push(Diagnostic::error(&E566, message).help("give the index another name"));
        }
    }
    problems
}

/// Expressions that mean something else than on other databases.
fn texts(state: &State) -> Vec<Diagnostic> {
    let mut found: Vec<(String, &str)> = Vec::new();
    for table in &state.tables {
        let of = |kind: &str, name: &Name| format!("{kind} `{name}` of `{}`", table.name);
        for column in &table.columns {
            if let Some(Value::Sql(text)) = &column.default.common {
                found.push((of("the default of column", &column.name), text));
            }
            let generated = column.generated.as_ref();
            found.extend(generated.map(|text| (of("column", &column.name), &*text.expression.common)));
        }
        found.extend(table.checks.iter().map(|check| (of("check", &check.name), &*check.expression.common)));
        for index in &table.indexes {
            for key in &index.keys {
                if let KeyPart::Expression(text) = &key.on {
                    found.push((of("index", &index.name), &text.common));
                }
            }
        }
    }
    found.extend(state.views.iter().map(|view| (format!("view `{}`", view.name), &*view.query.common)));
    found.into_iter().filter_map(|(what, text)| joined(&what, text)).collect()
}

/// That a text joins others as it can't in MySQL.
pub(super) fn joined(what: &str, sql: &str) -> Option<Diagnostic> {
    tokens(sql, &RULES).any(|token| token.text.starts_with("||")).then(|| {
        let message = format!("{what} holds `||`, which means OR in MySQL");
        Diagnostic::error(&E572, message).help("write `concat(a, b)`, or another text for `mysql`")
    })
}

/// Names that meet in the whole database. Those of checks do so on MySQL alone.
fn names(state: &State) -> Vec<Diagnostic> {
    // Whether the case of a table's name counts is for the server's settings to say.
    let part = |name: &ObjectName| name.name.as_str().to_owned();
    let tables = state.tables.keys().map(|name| ("table", name.to_string(), part(name)));
    let views = state.views.keys().map(|name| ("view", name.to_string(), part(name)));
    let mut problems = meeting(tables.chain(views));
    let keys = state.tables.iter().flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)));
    problems.extend(meeting(keys.map(|(table, key)| {
        ("foreign key", format!("{}` of `{}", key.name, table.name), folded(&key.name))
    })));
    problems
}

fn folded(name: &Name) -> String {
    name.as_str().to_lowercase()
}

/// What of these has the name of another: each with its kind, its name for people, and what must be its own.
fn meeting(named: impl Iterator<Item = (&'static str, String, String)>) -> Vec<Diagnostic> {
    let mut problems = Vec::new();
    let mut seen: HashMap<String, (&'static str, String)> = HashMap::new();
    for (kind, name, short) in named {
        if let Some((other_kind, other)) = seen.insert(short, (kind, name.clone())) {
            let message = format!("{kind} `{name}` has the name of {other_kind} `{other}`");
            problems.push(Diagnostic::error(&E566, message).help(format!("give the {kind} another name")));
        }
    }
    problems
}
