//! What of a schema no version of PostgreSQL can have.

use std::collections::BTreeSet;

use super::errors::{E532, E533, E534};
use super::types::{BIGINT, CHAR, INTEGER, Kind, NUMERIC, PgType, SMALLINT, VARCHAR};
use super::{options, script, sequence};
use crate::diagnostic::Diagnostic;
use crate::dialect::partial::is_unique_by_prefix;
use crate::model::{Column, Deferrable, EnumType, ForeignKey, Index, State, Table};
use crate::name::{DERIVED_BYTES_MAX, Name, ObjectName};

/// The longest character type.
const LENGTH_MAX: u32 = 10_485_760;

/// Checks a projected state.
pub(super) fn check(state: &State) -> Vec<Diagnostic> {
    let mut problems: Vec<Diagnostic> = state.enums.iter().flat_map(enum_type).collect();
    for table in &state.tables {
        problems.extend(options::check(&table.name, &table.settings));
        problems.extend(part_options(table).map(|(part, word)| unknown_option(&part, word)));
        problems.extend(table.columns.iter().flat_map(|column| self::column(&table.name, column)));
        problems.extend(table.indexes.iter().filter_map(|index| self::index(&table.name, index)));
        problems.extend(primary_key(table));
        problems.extend(table.foreign_keys.iter().filter_map(|key| foreign_key(state, &table.name, key)));
        problems.extend(shared_name(state, &table.name, "table"));
    }
    problems.extend(state.views.iter().filter_map(|view| shared_name(state, &view.name, "view")));
    problems.extend(sequences(state));
    for object in &state.objects {
        for text in [&object.create, &object.drop] {
            problems.extend(script::statements(&format!("object `{}`", object.name), &text.common).err());
        }
    }
    problems
}

fn enum_type(item: &EnumType) -> Vec<Diagnostic> {
    let long = item.values.iter().filter(|value| value.len() > DERIVED_BYTES_MAX);
    long.map(|value| {
        let message =
            format!("the value `{value}` of enum `{}` is longer than {DERIVED_BYTES_MAX} bytes", item.name);
        Diagnostic::error(&E533, message).help("shorten the value")
    })
    .collect()
}

fn column(table: &ObjectName, column: &Column) -> Vec<Diagnostic> {
    let name = format!("`{table}.{}`", column.name);
    let ty = PgType::of(&column.ty.common);
    let mut problems: Vec<Diagnostic> = self::ty(&name, &ty).into_iter().collect();
    let mut contradict = |what: &str, help: &str| {
        problems.push(Diagnostic::error(&E534, format!("{name} {what}")).help(help));
    };
    if column.identity.is_some() {
        if ![SMALLINT, INTEGER, BIGINT].iter().any(|word| ty.is(word)) {
            contradict("has an identity and is no integer", "make it `bigint`");
        }
        if column.nullable {
            contradict("has an identity and is nullable", "remove `nullable`");
        }
        if column.default.common.is_some() {
            contradict("has an identity and a default", "remove the default");
        }
    }
    if column.generated.is_some() && (column.default.common.is_some() || column.identity.is_some()) {
        contradict("is generated and has a default or an identity", "keep one of them");
    }
    problems
}

fn ty(name: &str, ty: &PgType) -> Option<Diagnostic> {
    let refuse = |message: String, help: &str| Some(Diagnostic::error(&E533, message).help(help));
    match (&ty.kind, ty.modifiers.as_slice()) {
        (Kind::Other(text), _) => {
            let word = text.to_ascii_lowercase();
            let serials = ["serial", "bigserial", "smallserial", "serial2", "serial4", "serial8"];
            if !serials.contains(&word.as_str()) {
                return None;
            }
            refuse(format!("{name} is `{word}`, which is no type"), "write `bigint identity`")
        }
        (Kind::Known(CHAR | VARCHAR), [length]) if *length == 0 || *length > LENGTH_MAX => {
            refuse(format!("{name} has a length of {length}"), "use `text`, or a length from 1 to 10485760")
        }
        (Kind::Known(NUMERIC), [precision, ..]) if *precision == 0 || *precision > 1000 => refuse(
            format!("{name} has {precision} digits"),
            "use `decimal` without digits, or 1 to 1000 of them",
        ),
        (Kind::Known(word), [digits]) if is_temporal(word) && *digits > 6 => {
            refuse(format!("{name} has {digits} digits of a second's fraction"), "use at most 6 digits")
        }
        (Kind::Known(_) | Kind::Enum(_), _) => None,
    }
}

fn is_temporal(word: &str) -> bool {
    word.starts_with("time") || word == "interval"
}

fn unknown_option(part: &str, word: &str) -> Diagnostic {
    let message = format!("{part} has an option `{word}`, which PostgreSQL doesn't know");
    Diagnostic::error(&E532, message).help("remove it, or set it in a raw `object`")
}

fn index(table: &ObjectName, index: &Index) -> Option<Diagnostic> {
    if is_unique_by_prefix(index) {
        let message = format!("unique index `{}` of `{table}` has a `prefix`", index.name);
        return Some(
            Diagnostic::error(&E534, message).help("index an expression: `on (sql)\"left(title, 20)\"`"),
        );
    }
    (index.nulls_not_distinct && !index.unique).then(|| {
        let message =
            format!("index `{}` of `{table}` has `nulls-not-distinct` and is not unique", index.name);
        Diagnostic::error(&E534, message).help("make it `unique`")
    })
}

/// A table and a view are types, too.
fn shared_name(state: &State, name: &ObjectName, kind: &str) -> Option<Diagnostic> {
    state.enums.contains(name).then(|| {
        let message = format!("{kind} `{name}` and an enum have the same name");
        Diagnostic::error(&E534, message).help("give one of them another name")
    })
}

/// The sequence of a `serial` column has a name that nothing else may have: the server would take another one.
fn sequences(state: &State) -> Vec<Diagnostic> {
    let mut taken: BTreeSet<ObjectName> = state.tables.keys().chain(state.views.keys()).cloned().collect();
    for table in &state.tables {
        let keys = table.primary_key.iter().map(|key| &key.name).chain(table.uniques.keys());
        taken.extend(keys.chain(table.indexes.keys()).map(|name| table.name.sibling(name.clone())));
    }
    let made = state.objects.iter().filter(|object| object.kind().is_some_and(|kind| is_relation(&kind)));
    let made = made.filter_map(|object| Some(object.name.sibling(Name::new(object.created_name()?).ok()?)));
    taken.extend(made);
    let mut problems = Vec::new();
    for table in &state.tables {
        for column in table.columns.iter().filter(|column| sequence::is_serial(column)) {
            let own = sequence::of_serial(&table.name, &column.name);
            if !taken.insert(own.clone()) {
                let message = format!(
                    "the sequence of `{}.{}` has the name of another: `{own}`",
                    table.name, column.name
                );
                problems.push(Diagnostic::error(&E534, message).help("write `identity` without `serial`"));
            }
        }
    }
    problems
}

/// Whether what a raw object creates shares its names with tables.
fn is_relation(kind: &str) -> bool {
    ["foreign", "index", "materialized", "sequence", "table", "view"].contains(&kind)
}

/// The options of columns, keys, checks and indexes of a projected table, each with what it is of.
fn part_options(table: &Table) -> impl Iterator<Item = (String, &str)> {
    let columns = table.columns.iter().map(|column| ("column", &column.name, &column.options));
    let keys = table.primary_key.iter().map(|key| ("primary key", &key.name, &key.options));
    let uniques = table.uniques.iter().map(|unique| ("unique", &unique.name, &unique.options));
    let checks = table.checks.iter().map(|check| ("check", &check.name, &check.options));
    let indexes = table.indexes.iter().map(|index| ("index", &index.name, &index.options));
    columns.chain(keys).chain(uniques).chain(checks).chain(indexes).flat_map(move |(kind, name, options)| {
        let words = options.values().flat_map(|set| set.keys());
        words.map(move |word| (format!("{kind} `{name}` of `{}`", table.name), &**word))
    })
}

/// A foreign key can't rest on a constraint that may be broken for a while.
fn foreign_key(state: &State, table: &ObjectName, key: &ForeignKey) -> Option<Diagnostic> {
    let target = state.tables.get(&key.table)?;
    let columns = |columns: &[Name]| columns.iter().cloned().collect::<BTreeSet<Name>>();
    let wanted = columns(&key.references);
    let by_key = target.primary_key.iter().any(|key| columns(&key.columns) == wanted);
    let uniques = || target.uniques.iter().filter(|unique| columns(&unique.columns) == wanted);
    let deferrable = uniques().find(|unique| unique.deferrable != Deferrable::No)?;
    let by_other = uniques().any(|unique| unique.deferrable == Deferrable::No);
    (!by_key && !by_other).then(|| {
        let message = format!(
            "foreign key `{}` of `{table}` refers to `{}`, whose unique constraint `{}` is deferrable",
            key.name, key.table, deferrable.name
        );
        Diagnostic::error(&E534, message).help("remove `deferrable` from the unique constraint")
    })
}

fn primary_key(table: &Table) -> Vec<Diagnostic> {
    let columns = table.primary_key.iter().flat_map(|key| &key.columns);
    let nullable = columns.filter(|name| table.columns.get(name).is_some_and(|column| column.nullable));
    nullable
        .map(|column| {
            let message = format!("`{}.{column}` is nullable and part of the primary key", table.name);
            Diagnostic::error(&E534, message).help("remove `nullable`")
        })
        .collect()
}
