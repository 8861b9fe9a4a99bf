//! A schema as JSON, for programs: every attribute under the name that the schema language has for it.

use serde_json::{Map, Value as Json, json};

use crate::dialect::{Bookkeeping, Unmanaged, Unseen};
use crate::model::{
    Action, Check, Column, DataSet, Deferrable, EnumType, ForeignKey, Generated, Identity, IdentityMode,
    Index, IndexKey, KeyPart, Namespace, Nulls, Options, Order, PerDialect, PrimaryKey, RawObject, Row,
    State, Storage, Table, TableSettings, Unique, Value, View,
};
use crate::name::{DialectName, Name, ObjectName};
use crate::syntax::spelling;

/// A state by kinds of objects, each list by name.
pub(crate) fn state(state: &State) -> Json {
    let State { namespaces, enums, tables, views, objects, data } = state;
    let namespaces = namespaces
        .sorted()
        .into_iter()
        .map(|Namespace { name, comment }| json!({ "name": name.as_str(), "comment": comment }));
    json!({
        "namespaces": namespaces.collect::<Vec<_>>(),
        "enums": enums.sorted().into_iter().map(enumeration).collect::<Vec<_>>(),
        "tables": tables.sorted().into_iter().map(table).collect::<Vec<_>>(),
        "views": views.sorted().into_iter().map(view).collect::<Vec<_>>(),
        "objects": objects.sorted().into_iter().map(object).collect::<Vec<_>>(),
        "data": data.sorted().into_iter().map(rows).collect::<Vec<_>>(),
    })
}

/// What is no part of a state.
pub(crate) fn unmanaged(list: &[Unmanaged]) -> Json {
    let one = |Unmanaged { kind, name, definition, reason }: &Unmanaged| json!({ "kind": kind, "name": name, "definition": definition, "reason": reason });
    list.iter().map(one).collect()
}

/// What could not be seen.
pub(crate) fn unseen(list: &[Unseen]) -> Json {
    let one = |Unseen { what, grant }: &Unseen| json!({ "what": what.words(), "grant": grant });
    list.iter().map(one).collect()
}

/// Tools whose tables were set aside.
pub(crate) fn tools(list: &[Bookkeeping]) -> Json {
    let one = |Bookkeeping { table, tool, catch_up }: &Bookkeeping| json!({ "table": table.to_string(), "tool": tool, "catch_up": catch_up });
    list.iter().map(one).collect()
}

fn named(name: &ObjectName, only: Option<&DialectName>) -> Map<String, Json> {
    let mut fields = Map::new();
    fields.insert("namespace".to_owned(), json!(name.namespace.as_ref().map(Name::as_str)));
    fields.insert("name".to_owned(), json!(name.name.as_str()));
    if let Some(only) = only {
        fields.insert("only".to_owned(), json!(only.as_str()));
    }
    fields
}

/// The fields with those of an object behind them.
fn with(mut fields: Map<String, Json>, more: Json) -> Json {
    if let Json::Object(more) = more {
        fields.extend(more);
    }
    fields.into()
}

fn part(name: &Name, only: Option<&DialectName>, more: Json) -> Json {
    let mut fields = Map::new();
    fields.insert("name".to_owned(), json!(name.as_str()));
    if let Some(only) = only {
        fields.insert("only".to_owned(), json!(only.as_str()));
    }
    with(fields, more)
}

fn enumeration(EnumType { name, values, comment }: &EnumType) -> Json {
    with(named(name, None), json!({ "values": values, "comment": comment }))
}

fn table(item: &Table) -> Json {
    let Table { name, settings, columns, primary_key, uniques, foreign_keys, checks, indexes } = item;
    let TableSettings { only, comment, options } = settings;
    with(
        named(name, only.as_ref()),
        json!({
            "comment": comment,
            "options": own(options),
            "columns": columns.iter().map(column).collect::<Vec<_>>(),
            "primary_key": primary_key.as_ref().map(|PrimaryKey { name, columns, options }| {
                json!({ "name": name.as_str(), "columns": names(columns), "options": own(options) })
            }),
            "uniques": uniques.sorted().into_iter().map(unique).collect::<Vec<_>>(),
            "foreign_keys": foreign_keys.sorted().into_iter().map(foreign_key).collect::<Vec<_>>(),
            "checks": checks.sorted().into_iter().map(check).collect::<Vec<_>>(),
            "indexes": indexes.sorted().into_iter().map(index).collect::<Vec<_>>(),
        }),
    )
}

fn own(options: &Options) -> Json {
    let each = options.iter().map(|(dialect, set)| {
        let set: Map<String, Json> = set.iter().map(|(key, set)| (key.to_string(), value(set))).collect();
        (dialect.as_str().to_owned(), set.into())
    });
    each.collect::<Map<String, Json>>().into()
}

fn column(item: &Column) -> Json {
    let Column { name, only, ty, nullable, default, generated, identity, collation, comment, options } = item;
    let identity = identity.map(|Identity { mode, start, increment }| {
        let mode = match mode {
            IdentityMode::ByDefault => "by-default",
            IdentityMode::Always => "always",
            IdentityMode::Serial => "serial",
        };
        json!({ "mode": mode, "start": start, "increment": increment })
    });
    let generated = generated.as_ref().map(|Generated { expression, storage }| {
        let storage = match storage {
            Storage::Stored => "stored",
            Storage::Virtual => "virtual",
        };
        json!({ "expression": per_dialect(expression, |text| json!(text)), "storage": storage })
    });
    let fields = json!({
        "type": per_dialect(ty, |ty| json!(spelling(ty))),
        "nullable": nullable,
        "default": per_dialect(default, |default| default.as_ref().map_or(Json::Null, value)),
        "generated": generated,
        "identity": identity,
        "collation": per_dialect(collation, |name| json!(name)),
        "comment": comment,
        "options": own(options),
    });
    part(name, only.as_ref(), fields)
}

fn unique(item: &Unique) -> Json {
    let Unique { name, only, columns, nulls_not_distinct, deferrable, options } = item;
    let fields = json!({
        "columns": names(columns),
        "nulls_not_distinct": nulls_not_distinct,
        "deferrable": deferral(*deferrable),
        "options": own(options),
    });
    part(name, only.as_ref(), fields)
}

fn foreign_key(item: &ForeignKey) -> Json {
    let ForeignKey { name, only, columns, table, references, on_delete, on_update, deferrable } = item;
    let fields = json!({
        "columns": names(columns),
        "references": with(named(table, None), json!({ "columns": names(references) })),
        "on_delete": action(*on_delete),
        "on_update": action(*on_update),
        "deferrable": deferral(*deferrable),
    });
    part(name, only.as_ref(), fields)
}

fn check(Check { name, only, expression, options }: &Check) -> Json {
    let expression = per_dialect(expression, |text| json!(text));
    part(name, only.as_ref(), json!({ "expression": expression, "options": own(options) }))
}

fn index(item: &Index) -> Json {
    let Index { name, only, keys, unique, nulls_not_distinct, predicate, include, method, comment, options } =
        item;
    let fields = json!({
        "keys": keys.iter().map(key).collect::<Vec<_>>(),
        "unique": unique,
        "nulls_not_distinct": nulls_not_distinct,
        "where": predicate.as_ref().map(|text| per_dialect(text, |text| json!(text))),
        "include": names(include),
        "method": method,
        "comment": comment,
        "options": own(options),
    });
    part(name, only.as_ref(), fields)
}

fn key(IndexKey { on, order, nulls, operator_class, collation, prefix }: &IndexKey) -> Json {
    let (word, on) = match on {
        KeyPart::Column(name) => ("column", json!(name.as_str())),
        KeyPart::Expression(text) => ("expression", per_dialect(text, |text| json!(text))),
    };
    let order = match order {
        Order::Ascending => "asc",
        Order::Descending => "desc",
    };
    let nulls = nulls.map(|nulls| match nulls {
        Nulls::First => "first",
        Nulls::Last => "last",
    });
    json!({ word: on, "order": order, "nulls": nulls, "operator_class": operator_class, "collation": collation, "prefix": prefix })
}

fn view(View { name, only, query, depends_on, comment }: &View) -> Json {
    let query = per_dialect(query, |text| json!(text));
    let fields = json!({ "query": query, "depends_on": references(depends_on), "comment": comment });
    with(named(name, only.as_ref()), fields)
}

fn object(item: &RawObject) -> Json {
    let RawObject { name, only, create, drop, depends_on } = item;
    let fields = json!({
        "kind": item.kind(),
        "create": per_dialect(create, |text| json!(text)),
        "drop": per_dialect(drop, |text| json!(text)),
        "depends_on": references(depends_on),
    });
    with(named(name, only.as_ref()), fields)
}

fn rows(data: &DataSet) -> Json {
    let row = |Row { cells, only_env: _ }: &&Row| -> Json {
        let cells = cells.iter().map(|(column, cell)| (column.as_str().to_owned(), value(cell)));
        cells.collect::<Map<String, Json>>().into()
    };
    let rows = |rows: &[&Row]| rows.iter().map(row).collect::<Vec<_>>();
    let mut parts = data.by_environments();
    let everywhere = parts.remove(&[][..]).unwrap_or_default();
    let mut fields = json!({ "key": names(&data.key), "rows": rows(&everywhere) });
    if !parts.is_empty() {
        let part = |(only_env, own): (&[Name], Vec<&Row>)| json!({ "only_env": names(only_env), "rows": rows(&own) });
        fields["limited"] = parts.into_iter().map(part).collect();
    }
    with(named(&data.name, None), fields)
}

/// The value itself, or with the exceptions by dialect if there are any.
fn per_dialect<T>(item: &PerDialect<T>, json: impl Fn(&T) -> Json) -> Json {
    let PerDialect { common, overrides } = item;
    if overrides.is_empty() {
        return json(common);
    }
    let overrides = overrides.iter().map(|(dialect, item)| (dialect.as_str().to_owned(), json(item)));
    json!({ "common": json(common), "overrides": overrides.collect::<Map<String, Json>>() })
}

/// A literal as JSON where JSON has it, and what it isn't under the word for it.
fn value(value: &Value) -> Json {
    match value {
        Value::Null => json!({ "literal": null }),
        Value::Bool(value) => json!({ "literal": value }),
        // The digits as they are: a number of JSON's could be another.
        Value::Number(digits) => json!({ "number": digits }),
        Value::Text(text) => json!({ "literal": text }),
        Value::Sql(text) => json!({ "sql": text }),
    }
}

fn names(names: &[Name]) -> Vec<&str> {
    names.iter().map(Name::as_str).collect()
}

fn references(names: &[ObjectName]) -> Vec<Json> {
    names.iter().map(|name| named(name, None).into()).collect()
}

fn action(action: Action) -> &'static str {
    match action {
        Action::NoAction => "no-action",
        Action::Restrict => "restrict",
        Action::Cascade => "cascade",
        Action::SetNull => "set-null",
        Action::SetDefault => "set-default",
    }
}

fn deferral(deferrable: Deferrable) -> Option<&'static str> {
    match deferrable {
        Deferrable::No => None,
        Deferrable::Immediate => Some("immediate"),
        Deferrable::Deferred => Some("deferred"),
    }
}
