//! Constraints. What one says beyond the words of the schema language makes it a raw object, and so the foreign keys
//! that refer to it.

use std::collections::{BTreeMap, BTreeSet};

use super::build::{Build, Need};
use super::cells_of;
use super::column::Columns;
use crate::diagnostic::Diagnostic;
use crate::dialect::CatalogRows;
use crate::dialect::cells::Cells;
use crate::dialect::postgres::definition;
use crate::dialect::postgres::quote::{beside, ident, object, string};
use crate::model::{
    Action, Check, Deferrable, ForeignKey, KeyPart, Options, PrimaryKey, SqlText, Table, Unique,
};
use crate::name::{DERIVED_BYTES_MAX, Name, ObjectName};

/// Keys that are raw objects, by table and columns.
pub(super) type RawKeys = BTreeMap<(ObjectName, BTreeSet<Name>), String>;

/// All constraints but foreign keys.
pub(super) fn read(
    rows: &CatalogRows,
    columns: &Columns<'_>,
    build: &mut Build<'_>,
) -> Result<RawKeys, Diagnostic> {
    let mut raw = RawKeys::new();
    for cells in cells_of(rows, "constraint") {
        let kind = cells.text(3)?;
        if kind == "foreign key" {
            continue;
        }
        let (table, name) = (build.object(cells, 0)?, cells.name(2)?);
        extras(cells, &table, &name, build)?;
        if kind == "not null" {
            not_null(cells, &table, &name, build)?;
        } else if let Some(definition) = cells.optional(14)? {
            let key = self::raw(cells, (&table, &name), definition, Vec::new(), build)?;
            raw.insert((table, cells.names(4)?.into_iter().collect()), key);
        } else if let Some(table) = build.inspection.state.tables.get_mut(&table) {
            plain(cells, kind, name, columns, table)?;
            comment(cells, build)?;
        }
    }
    Ok(raw)
}

/// A NOT NULL, which has a name since PostgreSQL 18, that says more than the column does. One that was never checked
/// doesn't hold of the column yet.
fn not_null(
    cells: Cells<'_>,
    table: &ObjectName,
    name: &Name,
    build: &mut Build<'_>,
) -> Result<(), Diagnostic> {
    let (columns, definition) = (cells.names(4)?, cells.text(14)?);
    if cells.optional(15)?.is_some() {
        let owner = build.inspection.state.tables.get_mut(table);
        if let Some(column) = owner.and_then(|table| table.columns.get_mut(columns.first()?)) {
            column.nullable = true;
        }
        return raw(cells, (table, name), definition, Vec::new(), build).map(drop);
    }
    let column = columns.first().map_or("", Name::as_str);
    let usual = format!("{}_{column}_not_null", table.name);
    if usual.len() > DERIVED_BYTES_MAX {
        let reason = "is a NOT NULL that says more than its column";
        build.unmanaged("constraint", &format!("{table}.{name}"), definition, reason);
        return Ok(());
    }
    let alter = |clause: String| format!("ALTER TABLE {} {clause}", object(table));
    let (mut create, mut drop) = (Vec::new(), Vec::new());
    if usual != name.as_str() {
        let rename =
            |from: &str, to: &str| alter(format!("RENAME CONSTRAINT {} TO {}", ident(from), ident(to)));
        create.push(rename(&usual, name.as_str()));
        drop.push(rename(name.as_str(), &usual));
    }
    if definition.ends_with("NO INHERIT") {
        create.push(alter(format!("ALTER CONSTRAINT {} NO INHERIT", ident(name))));
        drop.push(alter(format!("ALTER CONSTRAINT {} INHERIT", ident(name))));
    }
    if let Some(comment) = cells.optional(18)? {
        create.push(commented(table, name, Some(comment)));
        drop.push(commented(table, name, None));
    }
    drop.reverse();
    build.belonging(table, "constraint", name.as_str(), &create.join(";\n"), &drop.join(";\n"), Vec::new());
    Ok(())
}

fn plain(
    cells: Cells<'_>,
    kind: &str,
    name: Name,
    columns: &Columns<'_>,
    table: &mut Table,
) -> Result<(), Diagnostic> {
    match kind {
        "primary key" => {
            let columns = cells.names(4)?;
            table.primary_key = Some(PrimaryKey { name, columns, options: Options::new() });
        }
        "unique" => {
            let (columns, deferrable) = (cells.names(4)?, deferrable(cells)?);
            let nulls_not_distinct = cells.optional(12)?.is_some();
            let options = Options::new();
            table.uniques.replace(Unique {
                name,
                only: None,
                columns,
                nulls_not_distinct,
                deferrable,
                options,
            });
        }
        _ => {
            let expression = SqlText::from(columns.expression(&table.name, cells.text(11)?).as_str());
            table.checks.replace(Check { name, only: None, expression, options: Options::new() });
        }
    }
    Ok(())
}

fn deferrable(cells: Cells<'_>) -> Result<Deferrable, Diagnostic> {
    Ok(match cells.optional(10)? {
        None => Deferrable::No,
        Some("deferred") => Deferrable::Deferred,
        Some(_) => Deferrable::Immediate,
    })
}

/// A constraint as a raw object, with its comment.
fn raw(
    cells: Cells<'_>,
    (table, name): (&ObjectName, &Name),
    definition: &str,
    needs: Vec<Need>,
    build: &mut Build<'_>,
) -> Result<String, Diagnostic> {
    let on = object(table);
    let mut create = format!("ALTER TABLE {on} ADD CONSTRAINT {} {definition}", ident(name));
    if let Some(comment) = cells.optional(18)? {
        create += &format!(";\n{}", commented(table, name, Some(comment)));
    }
    let drop = format!("ALTER TABLE {on} DROP CONSTRAINT {}", ident(name));
    Ok(build.belonging(table, "constraint", name.as_str(), &create, &drop, needs))
}

fn commented(table: &ObjectName, name: &Name, comment: Option<&str>) -> String {
    definition::comment(&format!("CONSTRAINT {} ON {}", ident(name), object(table)), comment)
}

/// The comment of a constraint that has a node, but no word for its comment.
fn comment(cells: Cells<'_>, build: &mut Build<'_>) -> Result<(), Diagnostic> {
    let Some(comment) = cells.optional(18)? else { return Ok(()) };
    let (table, name) = (build.object(cells, 0)?, cells.name(2)?);
    let (create, drop) = (commented(&table, &name, Some(comment)), commented(&table, &name, None));
    build.belonging(&table, "comment", &format!("{name}_comment"), &create, &drop, Vec::new());
    Ok(())
}

/// What is said of the index behind a constraint.
fn extras(
    cells: Cells<'_>,
    table: &ObjectName,
    name: &Name,
    build: &mut Build<'_>,
) -> Result<(), Diagnostic> {
    index_options(&cells.list(13)?, table, name, build);
    if let Some(tablespace) = cells.optional(16)? {
        let reason = "says where the server keeps an index, which schemas don't";
        build.unmanaged("tablespace", &format!("{table}.{name} {tablespace}"), tablespace, reason);
    }
    Ok(())
}

/// Keeps the storage options of an index.
pub(super) fn index_options(options: &[String], table: &ObjectName, index: &Name, build: &mut Build<'_>) {
    if options.is_empty() {
        return;
    }
    let alter = |clause: String| format!("ALTER INDEX {} {clause}", beside(table, index));
    let pairs = options.iter().map(|option| option.split_once('=').unwrap_or((option, "")));
    let set: Vec<String> = pairs.clone().map(|(key, value)| format!("{key} = {}", string(value))).collect();
    let unset: Vec<&str> = pairs.map(|(key, _)| key).collect();
    let (create, drop) =
        (alter(format!("SET ({})", set.join(", "))), alter(format!("RESET ({})", unset.join(", "))));
    build.belonging(table, "index options", &format!("{index}_options"), &create, &drop, Vec::new());
}

/// Foreign keys, when all keys are known that they may refer to.
pub(super) fn foreign_keys(
    rows: &CatalogRows,
    raw: &RawKeys,
    build: &mut Build<'_>,
) -> Result<(), Diagnostic> {
    for cells in cells_of(rows, "constraint") {
        // Those to tables that are raw objects are raw objects of their own.
        if cells.text(3)? != "foreign key" || cells.optional(17)?.is_some() {
            continue;
        }
        let (table, name) = (build.object(cells, 0)?, cells.name(2)?);
        let key = ForeignKey {
            name: name.clone(),
            only: None,
            columns: cells.names(4)?,
            table: build.object(cells, 5)?,
            references: cells.names(7)?,
            on_delete: action(cells, 8)?,
            on_update: action(cells, 9)?,
            deferrable: deferrable(cells)?,
        };
        let tables = &mut build.inspection.state.tables;
        let definition = cells.optional(14)?;
        let Some(target) = tables.get(&key.table) else {
            let text = definition::foreign_key(&key);
            let text = definition.unwrap_or(&text);
            let reason = "refers to a table that is not part of the schema";
            build.unmanaged("foreign key", &format!("{table}.{name}"), text, reason);
            continue;
        };
        if definition.is_none() && identifies(target, &key.references) {
            if let Some(table) = tables.get_mut(&table) {
                table.foreign_keys.replace(key);
            }
            comment(cells, build)?;
            continue;
        }
        let wanted = (key.table.clone(), key.references.iter().cloned().collect());
        let mut needs = vec![Need::Named(key.table.clone())];
        needs.extend(raw.get(&wanted).cloned().map(Need::Draft));
        let written = definition::foreign_key(&key);
        let written = written.strip_prefix(&format!("CONSTRAINT {} ", ident(&name))).unwrap_or(&written);
        self::raw(cells, (&table, &name), definition.unwrap_or(written), needs, build)?;
    }
    Ok(())
}

/// Whether columns tell the rows of a table apart by something that has a node.
fn identifies(table: &Table, columns: &[Name]) -> bool {
    let wanted: BTreeSet<&Name> = columns.iter().collect();
    let same = |columns: &[Name]| columns.iter().collect::<BTreeSet<&Name>>() == wanted;
    let by_index = || {
        table.indexes.iter().filter(|index| index.unique && index.predicate.is_none()).any(|index| {
            let keys: Option<BTreeSet<&Name>> = index
                .keys
                .iter()
                .map(|key| match &key.on {
                    KeyPart::Column(name) => Some(name),
                    KeyPart::Expression(_) => None,
                })
                .collect();
            keys.is_some_and(|keys| keys == wanted)
        })
    };
    table.primary_key.iter().any(|key| same(&key.columns))
        || table.uniques.iter().any(|unique| same(&unique.columns))
        || by_index()
}

fn action(cells: Cells<'_>, at: usize) -> Result<Action, Diagnostic> {
    Ok(match cells.text(at)? {
        "a" => Action::NoAction,
        "r" => Action::Restrict,
        "c" => Action::Cascade,
        "n" => Action::SetNull,
        "d" => Action::SetDefault,
        _ => return Err(cells.damaged(at, "is no action")),
    })
}
