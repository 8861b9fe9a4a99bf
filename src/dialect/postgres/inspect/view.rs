//! Views. One with options is a raw object, because the schema language has no words for them.

use super::build::{Build, Draft};
use super::cells_of;
use super::expression::settled;
use crate::diagnostic::Diagnostic;
use crate::dialect::CatalogRows;
use crate::dialect::cells::Cells;
use crate::dialect::postgres::definition;
use crate::dialect::postgres::quote::{ident, object, string};
use crate::model::{SqlText, View};
use crate::name::ObjectName;

/// All views.
pub(super) fn read(rows: &CatalogRows, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    for cells in cells_of(rows, "view") {
        let name = build.object(cells, 0)?;
        let text = settled(cells.text(2)?.trim().trim_end_matches(';'));
        let view = View {
            name: name.clone(),
            only: None,
            query: SqlText::from(&*text),
            depends_on: Vec::new(),
            comment: cells.kept(8)?,
        };
        let options: Vec<String> = cells.list(6)?;
        if options.is_empty() {
            build.inspection.state.views.replace(view);
        } else {
            build.drafts.push(raw(&view, &options, cells.text(7)?));
        }
        extras(cells, &name, build)?;
    }
    Ok(())
}

/// `identity` is what the catalog's dependencies call it.
fn raw(view: &View, options: &[String], identity: &str) -> Draft {
    let View { name, only: _, query, depends_on: _, comment } = view;
    let options: Vec<String> = options
        .iter()
        .map(|option| option.split_once('=').unwrap_or((option, "true")))
        .map(|(key, value)| format!("{key} = {}", string(value)))
        .collect();
    let mut create =
        format!("CREATE VIEW {} WITH ({}) AS\n{}", object(name), options.join(", "), query.common);
    if comment.is_some() {
        create +=
            &format!(";\n{}", definition::comment(&format!("VIEW {}", object(name)), comment.as_deref()));
    }
    Draft {
        kind: "view",
        name: name.clone(),
        key: format!("relation {identity}"),
        create,
        drop: format!("DROP VIEW {}", object(name)),
        needs: Vec::new(),
    }
}

/// What is said of a view's columns.
fn extras(cells: Cells<'_>, view: &ObjectName, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    for (column, comment) in cells.list::<(String, String)>(4)? {
        let what = format!("COLUMN {}.{}", object(view), ident(&column));
        let (create, drop) = (definition::comment(&what, Some(&comment)), definition::comment(&what, None));
        build.belonging(view, "comment", &format!("{column}_comment"), &create, &drop, Vec::new());
    }
    for (column, default) in cells.list::<(String, String)>(5)? {
        let alter =
            |clause: String| format!("ALTER VIEW {} ALTER COLUMN {} {clause}", object(view), ident(&column));
        let (create, drop) = (alter(format!("SET DEFAULT {default}")), alter("DROP DEFAULT".to_owned()));
        build.belonging(view, "default", &format!("{column}_default"), &create, &drop, Vec::new());
    }
    Ok(())
}
