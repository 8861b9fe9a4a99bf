//! Indexes.

use super::build::Build;
use super::cells_of;
use super::column::Columns;
use super::constraint::index_options;
use super::expression::bare;
use crate::diagnostic::Diagnostic;
use crate::dialect::CatalogRows;
use crate::dialect::cells::Cells;
use crate::dialect::postgres::quote::{beside, ident};
use crate::model::{Index, IndexKey, KeyPart, Nulls, Options, Order, SqlText};
use crate::name::{Name, ObjectName};

/// A name and its namespace.
type Qualified = (String, String);

/// The indexes of all tables, but for those of constraints.
pub(super) fn read(
    rows: &CatalogRows,
    columns: &Columns<'_>,
    build: &mut Build<'_>,
) -> Result<(), Diagnostic> {
    for cells in cells_of(rows, "index") {
        let (table, name) = (build.object(cells, 0)?, cells.name(2)?);
        if cells.optional(17)?.is_some() {
            let definition = cells.optional(18)?.unwrap_or_default();
            let reason = "was never finished, and serves no query";
            build.unmanaged("index", &table.sibling(name).to_string(), definition, reason);
            continue;
        }
        extras(cells, &table, &name, build)?;
        let expression = |text: &str| SqlText::from(columns.expression(&table, text).as_str());
        let index = Index {
            keys: keys(cells, build, &expression)?,
            name,
            only: None,
            unique: cells.optional(3)?.is_some(),
            nulls_not_distinct: cells.optional(14)?.is_some(),
            predicate: cells.optional(13)?.map(expression),
            include: cells.names(12)?,
            method: cells.kept(4)?,
            comment: cells.kept(19)?,
            options: Options::new(),
        };
        if let Some(table) = build.inspection.state.tables.get_mut(&table) {
            table.indexes.replace(index);
        }
    }
    Ok(())
}

fn keys(
    cells: Cells<'_>,
    build: &Build<'_>,
    expression: &dyn Fn(&str) -> SqlText,
) -> Result<Vec<IndexKey>, Diagnostic> {
    let columns: Vec<Option<String>> = cells.list(5)?;
    let expressions: Vec<Option<String>> = cells.list(6)?;
    let mut orders = cells.text(7)?.split(' ');
    let classes: Vec<Option<Qualified>> = cells.list(8)?;
    let parameters: Vec<Option<Vec<String>>> = cells.list(9)?;
    let collations: Vec<Option<Qualified>> = cells.list(10)?;
    let definition = cells.optional(18)?.unwrap_or_default();
    let mut keys = Vec::with_capacity(columns.len());
    for (at, column) in columns.into_iter().enumerate() {
        let collation = collations.get(at).and_then(Option::as_ref);
        let mut collation = collation.map(|(namespace, name)| build.collation(namespace, name));
        let on = match column {
            Some(column) => {
                KeyPart::Column(Name::new(column).map_err(|_| cells.damaged(5, "holds no name"))?)
            }
            None => {
                let text = expressions.get(at).and_then(Option::as_deref);
                let text = text.ok_or_else(|| cells.damaged(6, "lacks an expression"))?;
                // An expression has a collation of its own, which may be that of the index.
                collation = collation.filter(|_| definition.contains(&format!("{text} COLLATE ")));
                KeyPart::Expression(expression(bare(text)))
            }
        };
        let (order, nulls) = match orders.next().unwrap_or("0") {
            "0" => (Order::Ascending, None),
            "1" => (Order::Descending, Some(Nulls::Last)),
            "2" => (Order::Ascending, Some(Nulls::First)),
            _ => (Order::Descending, None),
        };
        let class = classes.get(at).and_then(Option::as_ref);
        let parameters = parameters.get(at).and_then(Option::as_deref).unwrap_or_default();
        let operator_class = class.map(|class| operator_class(build, class, parameters));
        keys.push(IndexKey { on, order, nulls, operator_class, collation, prefix: None });
    }
    Ok(keys)
}

fn operator_class(build: &Build<'_>, (namespace, name): &Qualified, parameters: &[String]) -> Box<str> {
    let visible = namespace == "pg_catalog" || build.unqualified() == Some(namespace);
    let mut text = match (visible, parameters) {
        (true, []) => name.clone(),
        (true, _) => ident(name),
        (false, _) => format!("{}.{}", ident(namespace), ident(name)),
    };
    if !parameters.is_empty() {
        let pairs = parameters.iter().map(|option| option.split_once('=').unwrap_or((option, "")));
        let pairs: Vec<String> = pairs.map(|(key, value)| format!("{key} = '{value}'")).collect();
        text += &format!(" ({})", pairs.join(", "));
    }
    text.into()
}

/// What is said of an index beside its definition.
fn extras(
    cells: Cells<'_>,
    table: &ObjectName,
    name: &Name,
    build: &mut Build<'_>,
) -> Result<(), Diagnostic> {
    index_options(&cells.list(15)?, table, name, build);
    let targets: Vec<Option<i64>> = cells.list(11)?;
    for (at, target) in targets.into_iter().enumerate().filter_map(|(at, target)| Some((at + 1, target?))) {
        let alter = |target: i64| {
            format!("ALTER INDEX {} ALTER COLUMN {at} SET STATISTICS {target}", beside(table, name))
        };
        let what = format!("{name}_{at}_statistics");
        build.belonging(table, "statistics target", &what, &alter(target), &alter(-1), Vec::new());
    }
    if let Some(tablespace) = cells.optional(16)? {
        let reason = "says where the server keeps an index, which schemas don't";
        build.unmanaged("tablespace", &format!("{table}.{name} {tablespace}"), tablespace, reason);
    }
    Ok(())
}
