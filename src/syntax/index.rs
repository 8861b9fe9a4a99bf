//! Indexes.

use super::derive;
use super::draft::{Draft, Naming};
use super::reading::Reading;
use super::{key, options, value};
use crate::document::write::{Literal, Writer};
use crate::document::{Cursor, Entry, Node};
use crate::model::{Index, IndexKey, KeyPart, Nulls, Order};
use crate::name::{Name, ObjectName};

const ORDERS: &[(&str, Order)] = &[("asc", Order::Ascending), ("desc", Order::Descending)];
const NULLS: &[(&str, Nulls)] = &[("first", Nulls::First), ("last", Nulls::Last)];

/// Reads `index a b unique { … }`.
pub fn read_index<'d>(node: &'d Node<'_>, table: &ObjectName, cx: &Reading<'d>) -> Option<Index> {
    draft_index(node, table, cx).map(|draft| draft.item)
}

pub(super) fn draft_index<'d>(
    node: &'d Node<'_>,
    table: &ObjectName,
    cx: &Reading<'d>,
) -> Option<Draft<Index>> {
    let mut cursor = Cursor::new(node, cx.sink);
    let only = cx.only(&mut cursor);
    let unique = cursor.flag("unique");
    let nulls_not_distinct = cursor.flag("nulls-not-distinct");
    let method = cx.text_prop(&mut cursor, "method");
    let comment = cx.text_prop(&mut cursor, "comment");
    let columns = cursor.texts();
    let mut keys: Vec<IndexKey> = cx.names(&columns).into_iter().map(IndexKey::column).collect();
    let on = cursor.children_named("on");
    keys.extend(on.iter().filter_map(|node| read_key(node, cx)));
    if columns.is_empty() && on.is_empty() {
        let help = "write the columns behind it, or `on` with a column or an expression in braces";
        cursor.report_missing("`index` needs something to index", help);
    }
    let predicate = cursor.child("where").and_then(|node| value::sql_node(node, cx));
    let include = include(&mut cursor, cx);
    let options = options::children(&mut cursor, cx);
    let naming = Naming::take(&mut cursor, cx);
    cursor.finish();
    if keys.is_empty() {
        return None;
    }
    let name = naming.name(|| derive::index(table, &keys, &include));
    let index =
        Index { name, only, keys, unique, nulls_not_distinct, predicate, include, method, comment, options };
    Some(naming.draft(index))
}

/// Reads `on title order=desc` or `on (sql)"lower(title)"`.
fn read_key<'d>(node: &'d Node<'_>, cx: &Reading<'d>) -> Option<IndexKey> {
    let mut cursor = Cursor::new(node, cx.sink);
    let order = cx.word_prop(&mut cursor, "order", ORDERS).unwrap_or(Order::Ascending);
    let nulls = cx.word_prop(&mut cursor, "nulls", NULLS);
    let operator_class = cx.text_prop(&mut cursor, "operator-class");
    let collation = cx.text_prop(&mut cursor, "collate");
    let prefix = prefix(&mut cursor);
    let first = cursor.arg("column or an expression");
    let on = first.and_then(|first| part(&mut cursor, first, cx));
    cursor.finish();
    Some(IndexKey { on: on?, order, nulls, operator_class, collation, prefix })
}

/// Takes `prefix=`, the number of characters from the start that are indexed.
fn prefix(cursor: &mut Cursor<'_, '_>) -> Option<u32> {
    let entry = cursor.prop("prefix")?;
    let length = u32::try_from(cursor.integer_of(entry)?).ok().filter(|length| *length > 0);
    length.or_else(|| cursor.report_kind(entry, "a number of characters from 1"))
}

fn part<'d, 'a>(cursor: &mut Cursor<'d, 'a>, first: &'d Entry<'a>, cx: &Reading<'d>) -> Option<KeyPart> {
    if first.annotation.is_none() {
        let text = cursor.text_of(first)?;
        return cx.name(&text).map(KeyPart::Column);
    }
    let mut entries = vec![first];
    entries.extend(cursor.args());
    value::sql(cursor, &entries, cx).map(KeyPart::Expression)
}

fn include<'d>(cursor: &mut Cursor<'d, '_>, cx: &Reading<'d>) -> Vec<Name> {
    let Some(node) = cursor.child("include") else { return Vec::new() };
    let mut include = Cursor::new(node, cx.sink);
    let texts = include.texts();
    if texts.is_empty() {
        include.report_missing("`include` needs columns", "write the names of the columns behind it");
    }
    include.finish();
    cx.names(&texts)
}

/// Writes an index; its name is left out where it is the derived one.
pub fn write_index(w: &mut Writer, table: &ObjectName, index: &Index) {
    let Index { name, only, keys, unique, nulls_not_distinct, predicate, include, method, comment, options } =
        index;
    let mut line = key::start(w, only.as_ref(), "index");
    let plain: Option<Vec<&Name>> = keys.iter().map(plain_column).collect();
    if let Some(columns) = &plain {
        line.args(columns.iter().copied());
    }
    line.flag_if("unique", *unique).flag_if("nulls-not-distinct", *nulls_not_distinct);
    line.prop_if("method", method.as_deref());
    line.prop_if("name", key::unless_derived(name, &derive::index(table, keys, include)));
    line.prop_if("comment", comment.as_deref().map(Literal::quoted));
    line.children(|w| {
        options::write(w, options);
        if plain.is_none() {
            keys.iter().for_each(|key| write_key(w, key));
        }
        if !include.is_empty() {
            w.node("include").args(include);
        }
        if let Some(predicate) = predicate {
            value::write_sql(&mut w.node("where"), predicate);
        }
    });
}

/// The column of a key that is a column and nothing else, and wouldn't be read as a flag.
fn plain_column(key: &IndexKey) -> Option<&Name> {
    match key {
        IndexKey {
            on: KeyPart::Column(name),
            order: Order::Ascending,
            nulls: None,
            operator_class: None,
            collation: None,
            prefix: None,
        } => Some(name).filter(|name| !matches!(name.as_str(), "unique" | "nulls-not-distinct")),
        IndexKey { .. } => None,
    }
}

fn write_key(w: &mut Writer, key: &IndexKey) {
    let IndexKey { on, order, nulls, operator_class, collation, prefix } = key;
    let mut line = w.node("on");
    match on {
        KeyPart::Column(name) => {
            line.arg(name);
        }
        KeyPart::Expression(text) => value::write_sql(&mut line, text),
    }
    match order {
        Order::Ascending => {}
        Order::Descending => {
            line.prop("order", "desc");
        }
    }
    match nulls {
        None => {}
        Some(Nulls::First) => {
            line.prop("nulls", "first");
        }
        Some(Nulls::Last) => {
            line.prop("nulls", "last");
        }
    }
    line.prop_if("operator-class", operator_class.as_deref());
    line.prop_if("collate", collation.as_deref());
    line.prop_if("prefix", prefix.map(i64::from));
}
