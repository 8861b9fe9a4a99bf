//! States in a spelling that what was declared and what was read back have in common. A file keeps the statements that
//! created it, so that a declared schema is read as the catalog of a file that was created with it.

use crate::dialect::CatalogRow;
use crate::dialect::sqlite::catalog::Listing;
use crate::dialect::sqlite::definition::define;
use crate::dialect::sqlite::normal::{RULES, normal};
use crate::dialect::sqlite::written::{Created, created};
use crate::dialect::sqlite::{NAME, ddl};
use crate::model::{KeyPart, PerDialect, RawObject, SqlText, State, Table, Type, Value};
use crate::sql::split;

use super::settle::settle;

/// The state as SQLite has it, in the common spelling.
pub(in crate::dialect::sqlite) fn common(state: &State) -> State {
    let state = state.for_dialect(&NAME);
    let mut rows = Vec::new();
    for table in &state.tables {
        // What SQLite can't have is said where it is declared.
        let definition = define(table, &state.enums, &mut Vec::new());
        let name = definition.name.as_str();
        for index in &definition.indexes {
            rows.push(row("index", &index.name, name, &ddl::create_index(index, name)));
        }
        rows.push(row("table", name, name, &ddl::create_table(&definition, name)));
    }
    for view in &state.views {
        let name = view.name.name.as_str();
        rows.push(row("view", name, name, &ddl::create_view(view)));
    }
    let mut others = Vec::new();
    for object in &state.objects {
        match catalogued(object) {
            Some(created) => rows.extend(created),
            None => others.push(object.clone()),
        }
    }
    rows.sort_by(|one, two| (&one[1], &one[0]).cmp(&(&two[1], &two[0])));
    let mut read = settle(&Listing::new(&rows)).state;
    for other in others {
        read.objects.replace(other);
    }
    read.data = state.data;
    spell(&mut read);
    read
}

/// A row as the catalog's query gives it.
fn row(kind: &str, name: &str, table: &str, sql: &str) -> CatalogRow {
    [name, kind, table, sql].map(|cell| Some(cell.to_owned())).to_vec()
}

/// The rows of what a raw object creates; `None` if it does anything else.
fn catalogued(object: &RawObject) -> Option<Vec<CatalogRow>> {
    let statements = split(&object.create.common, &RULES).ok()?;
    let created = statements.into_iter().map(|statement| created(statement).filter(|what| !what.temporary));
    let row = |Created { kind, name, table, temporary: _, sql }: Created| row(kind, &name, &table, &sql);
    created.map(|created| created.map(row)).collect()
}

fn spell(state: &mut State) {
    state.tables.iter_mut().for_each(table);
    for view in state.views.iter_mut() {
        text(&mut view.query);
        view.depends_on.clear();
    }
    for RawObject { name: _, only: _, create, drop, depends_on } in state.objects.iter_mut() {
        text(create);
        text(drop);
        depends_on.clear();
    }
}

fn table(table: &mut Table) {
    for column in table.columns.iter_mut() {
        if let Type::Native(spelling) = &column.ty.common {
            column.ty = PerDialect::same(Type::Native(normal(spelling).into()));
        }
        if let Some(Value::Sql(sql)) = &column.default.common {
            column.default = PerDialect::same(Some(Value::Sql(normal(sql).into())));
        }
        column.generated.iter_mut().for_each(|generated| text(&mut generated.expression));
    }
    table.checks.iter_mut().for_each(|check| text(&mut check.expression));
    for index in table.indexes.iter_mut() {
        index.predicate.iter_mut().for_each(text);
        for key in &mut index.keys {
            if let KeyPart::Expression(expression) = &mut key.on {
                text(expression);
            }
        }
    }
}

fn text(text: &mut SqlText) {
    *text = SqlText::from(normal(&text.common).as_str());
}
