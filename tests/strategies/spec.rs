//! A schema as plain choices: small numbers that `build` reads modulo what there is to choose from, zero being the
//! plainest, so that shrinking ends at something a person can read.

use proptest::collection::vec;
use proptest::prelude::*;

use super::names::{PICKS, TEXTS};
use super::types::KINDS;

/// What makes a thing the same thing after an edit, and which name it has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Id {
    /// Different for every thing of a schema.
    pub key: u32,
    /// Which name it has; zero for what may derive its own.
    pub name: u16,
}

#[derive(Debug, Clone)]
pub struct Schema {
    pub namespaces: Vec<Namespace>,
    pub enums: Vec<Enum>,
    pub tables: Vec<Table>,
    pub views: Vec<View>,
    pub objects: Vec<Object>,
}

#[derive(Debug, Clone)]
pub struct Namespace {
    pub id: Id,
    pub comment: u8,
}

#[derive(Debug, Clone)]
pub struct Enum {
    pub id: Id,
    pub namespace: u8,
    pub values: Vec<EnumValue>,
    pub comment: u8,
}

#[derive(Debug, Clone)]
pub struct EnumValue {
    pub id: Id,
}

#[derive(Debug, Clone)]
pub struct Table {
    pub id: Id,
    pub namespace: u8,
    pub only: u8,
    pub settings: Settings,
    pub columns: Vec<Column>,
    pub primary_key: Vec<Key>,
    pub uniques: Vec<Key>,
    pub foreign_keys: Vec<ForeignKey>,
    pub checks: Vec<Check>,
    pub indexes: Vec<Index>,
    pub rows: Rows,
}

#[derive(Debug, Clone)]
pub struct Settings {
    pub comment: u8,
    pub options: u8,
}

#[derive(Debug, Clone)]
pub struct Rows {
    pub first: u8,
    pub count: u8,
    pub cells: u8,
}

#[derive(Debug, Clone)]
pub struct Column {
    pub id: Id,
    pub kind: u8,
    pub nullable: bool,
    pub default: u8,
    pub generated: u8,
    pub identity: u8,
    pub collation: u8,
    pub comment: u8,
    pub only: u8,
    pub overrides: u8,
    pub options: u8,
}

/// A primary key or a unique constraint.
#[derive(Debug, Clone)]
pub struct Key {
    pub id: Id,
    pub columns: Vec<u8>,
    pub nulls_not_distinct: bool,
    pub deferrable: u8,
    pub only: u8,
}

#[derive(Debug, Clone)]
pub struct ForeignKey {
    pub id: Id,
    pub table: u8,
    pub target: u8,
    pub column: u16,
    pub nullable: bool,
    pub on_delete: u8,
    pub on_update: u8,
    pub deferrable: u8,
    pub only: u8,
}

#[derive(Debug, Clone)]
pub struct Check {
    pub id: Id,
    pub columns: Vec<u8>,
    pub overrides: u8,
    pub options: u8,
    pub only: u8,
}

#[derive(Debug, Clone)]
pub struct Index {
    pub id: Id,
    pub keys: Vec<IndexKey>,
    pub unique: bool,
    pub nulls_not_distinct: bool,
    pub predicate: u8,
    pub include: u8,
    pub method: u8,
    pub options: u8,
    pub comment: u8,
    pub only: u8,
}

#[derive(Debug, Clone)]
pub struct IndexKey {
    pub column: u8,
    pub expression: bool,
    pub descending: bool,
    pub nulls: u8,
    pub operator_class: bool,
    pub collation: bool,
    pub prefix: u8,
}

#[derive(Debug, Clone)]
pub struct View {
    pub id: Id,
    pub namespace: u8,
    pub of: u8,
    pub over_view: bool,
    pub columns: u8,
    pub overrides: u8,
    pub comment: u8,
    pub only: u8,
}

#[derive(Debug, Clone)]
pub struct Object {
    pub id: Id,
    pub table: u8,
    pub body: u8,
    pub only: u8,
}

/// Zero in four of five cases, else something below `end`.
fn rarely(end: u8) -> impl Strategy<Value = u8> {
    prop_oneof![4 => Just(0), 1 => 0..end]
}

fn comment() -> impl Strategy<Value = u8> {
    rarely(TEXTS.len() as u8 + 1)
}

fn only() -> impl Strategy<Value = u8> {
    prop_oneof![9 => Just(0), 1 => 1..3_u8]
}

/// A thing with a name of its own.
fn named() -> impl Strategy<Value = Id> {
    (any::<u32>().no_shrink(), 0..PICKS).prop_map(|(key, name)| Id { key, name })
}

/// A thing that derives its name half of the time.
fn derived() -> impl Strategy<Value = Id> {
    (any::<u32>().no_shrink(), prop_oneof![Just(0), 0..PICKS]).prop_map(|(key, name)| Id { key, name })
}

/// A schema of any size up to what is worth reading.
pub fn schema() -> impl Strategy<Value = Schema> {
    (vec(namespace(), 0..3), vec(enum_(), 0..4), vec(table(), 0..5), vec(view(), 0..3), vec(object(), 0..3))
        .prop_map(|(namespaces, enums, tables, views, objects)| Schema {
            namespaces,
            enums,
            tables,
            views,
            objects,
        })
}

pub fn namespace() -> impl Strategy<Value = Namespace> {
    (named(), comment()).prop_map(|(id, comment)| Namespace { id, comment })
}

pub fn enum_() -> impl Strategy<Value = Enum> {
    let values = vec(named().prop_map(|id| EnumValue { id }), 1..5);
    (named(), rarely(3), values, comment()).prop_map(|(id, namespace, values, comment)| Enum {
        id,
        namespace,
        values,
        comment,
    })
}

pub fn table() -> impl Strategy<Value = Table> {
    let keys = (vec(key(), 0..2), vec(key(), 0..3), vec(foreign_key(), 0..3));
    let rest = (vec(check(), 0..3), vec(index(), 0..4), (0..5_u8, rarely(4), any::<u8>()));
    let settings = (comment(), rarely(6)).prop_map(|(comment, options)| Settings { comment, options });
    (named(), rarely(3), only(), settings, vec(column(), 1..7), keys, rest).prop_map(
        |(
            id,
            namespace,
            only,
            settings,
            columns,
            (primary_key, uniques, foreign_keys),
            (checks, indexes, rows),
        )| {
            let (first, count, cells) = rows;
            let rows = Rows { first, count, cells };
            Table {
                id,
                namespace,
                only,
                settings,
                columns,
                primary_key,
                uniques,
                foreign_keys,
                checks,
                indexes,
                rows,
            }
        },
    )
}

pub fn column() -> impl Strategy<Value = Column> {
    let values = (any::<bool>(), prop_oneof![Just(0), 0..5_u8], rarely(3), rarely(5), rarely(4));
    (named(), 0..KINDS, values, comment(), only(), rarely(4), rarely(4)).prop_map(
        |(
            id,
            kind,
            (nullable, default, generated, identity, collation),
            comment,
            only,
            overrides,
            options,
        )| Column {
            id,
            kind,
            nullable,
            default,
            generated,
            identity,
            collation,
            comment,
            only,
            overrides,
            options,
        },
    )
}

pub fn key() -> impl Strategy<Value = Key> {
    (derived(), vec(any::<u8>(), 1..4), any::<bool>(), rarely(3), only()).prop_map(
        |(id, columns, nulls_not_distinct, deferrable, only)| Key {
            id,
            columns,
            nulls_not_distinct,
            deferrable,
            only,
        },
    )
}

pub fn foreign_key() -> impl Strategy<Value = ForeignKey> {
    let actions = (0..5_u8, 0..5_u8, rarely(3));
    (derived(), any::<u8>(), any::<u8>(), 0..PICKS, any::<bool>(), actions, only()).prop_map(
        |(id, table, target, column, nullable, (on_delete, on_update, deferrable), only)| ForeignKey {
            id,
            table,
            target,
            column,
            nullable,
            on_delete,
            on_update,
            deferrable,
            only,
        },
    )
}

pub fn check() -> impl Strategy<Value = Check> {
    (derived(), vec(any::<u8>(), 1..3), rarely(3), rarely(3), only())
        .prop_map(|(id, columns, overrides, options, only)| Check { id, columns, overrides, options, only })
}

pub fn index() -> impl Strategy<Value = Index> {
    let key =
        (any::<u8>(), any::<bool>(), any::<bool>(), rarely(3), any::<bool>(), any::<bool>(), rarely(3))
            .prop_map(|(column, expression, descending, nulls, operator_class, collation, prefix)| {
                IndexKey { column, expression, descending, nulls, operator_class, collation, prefix }
            });
    let flags = (any::<bool>(), any::<bool>(), rarely(4), rarely(3), rarely(4), rarely(3));
    (derived(), vec(key, 1..4), flags, comment(), only()).prop_map(
        |(id, keys, (unique, nulls_not_distinct, predicate, include, method, options), comment, only)| {
            Index { id, keys, unique, nulls_not_distinct, predicate, include, method, options, comment, only }
        },
    )
}

pub fn view() -> impl Strategy<Value = View> {
    (named(), rarely(3), any::<u8>(), any::<bool>(), any::<u8>(), rarely(3), comment(), only()).prop_map(
        |(id, namespace, of, over_view, columns, overrides, comment, only)| View {
            id,
            namespace,
            of,
            over_view,
            columns,
            overrides,
            comment,
            only,
        },
    )
}

pub fn object() -> impl Strategy<Value = Object> {
    (named(), any::<u8>(), any::<u8>(), only()).prop_map(|(id, table, body, only)| Object {
        id,
        table,
        body,
        only,
    })
}
