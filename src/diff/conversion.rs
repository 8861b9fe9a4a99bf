//! Columns whose type changes where a database has no cast for their values: the new column is made beside the old one,
//! for a hook to fill, and takes its place. Everything that rests on the column goes before and is made anew behind.

use std::collections::{BTreeMap, BTreeSet};

use super::{DiffError, cells, changes, dependent, rename};
use crate::change::{Edit, Op, order};
use crate::model::{Column, Index, KeyPart, PerDialect, Rename, SqlText, State, Table, Type};
use crate::name::{Name, ObjectName};
use crate::sql::{Rules, identifiers};

/// A column that exists on both sides with different types. Its names are those before and after the renames.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retyped {
    /// The table before.
    pub table: ObjectName,
    /// The column before.
    pub from: Column,
    /// The table after.
    pub table_after: ObjectName,
    /// The column after.
    pub to: Column,
    /// What the column is called that the new values are written to.
    pub scratch: Name,
}

/// What becomes of the values of a retyped column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// A hook computes the new ones.
    Computed,
    /// They are lost.
    Dropped,
}

/// The operations that replace columns, with the place for hooks between them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replacement {
    /// What comes before the hooks.
    pub before: Vec<Op>,
    /// What comes behind them.
    pub behind: Vec<Op>,
    /// The state that all of it leads to: what else there is to do starts from there.
    pub state: State,
}

/// The columns that get another type, sorted by their names before. One that is or was generated holds nothing that
/// would have to be converted.
///
/// # Errors
/// A rename that can't be.
pub fn retyped(from: &State, to: &State, renames: &[Rename]) -> Result<Vec<Retyped>, DiffError> {
    let (ops, middle) = rename::settle(from, to, renames)?;
    let mut found = Vec::new();
    for (after, before) in to.tables.iter().filter_map(|after| Some((after, middle.tables.get(&after.name)?)))
    {
        if before.columns == after.columns {
            continue;
        }
        for column in &after.columns {
            let Some(old) = before.columns.get(&column.name) else { continue };
            if old.ty == column.ty || old.generated.is_some() || column.generated.is_some() {
                continue;
            }
            let (table, name) = rename::name_before(&ops, &after.name, &column.name);
            let Some(owner) = from.tables.get(&table) else { continue };
            let Some(old) = owner.columns.get(&name) else { continue };
            found.push(Retyped {
                scratch: scratch(owner, after, &name),
                from: old.clone(),
                table,
                table_after: after.name.clone(),
                to: column.clone(),
            });
        }
    }
    found.sort_by(|a, b| (&a.table, &a.from.name).cmp(&(&b.table, &b.from.name)));
    Ok(found)
}

/// A name that no column has, before or after.
fn scratch(before: &Table, after: &Table, column: &Name) -> Name {
    let numbered = (2..).map(|number| format!("new{number}"));
    let mut names = std::iter::once("new".to_owned())
        .chain(numbered)
        .map(|suffix| Name::derived(&[column.as_str(), &suffix]));
    let free = |name: &Name| !before.columns.contains(name) && !after.columns.contains(name);
    names.find(free).unwrap_or_else(|| column.clone())
}

/// Replaces columns, before anything else is done.
///
/// # Errors
/// The changes wait for each other.
pub fn replace(
    from: &State,
    to: &State,
    renames: &[Rename],
    columns: &[(&Retyped, Fate)],
) -> Result<Replacement, DiffError> {
    let mut beside = from.clone();
    if columns.is_empty() {
        return Ok(Replacement { before: Vec::new(), behind: Vec::new(), state: beside });
    }
    cells::drop_gone(&mut beside, to, columns);
    cells::add_new(&mut beside, to, columns);
    take_out(&mut beside, columns.iter().map(|(column, _)| (&column.table, &column.from.name)));
    for (column, fate) in columns {
        if *fate == Fate::Computed {
            make_types(&mut beside, to, renames, &column.to.ty);
        }
        let Some(table) = beside.tables.get_mut(&column.table) else { continue };
        match fate {
            Fate::Dropped => drop(table.columns.remove(&column.from.name)),
            Fate::Computed => {
                table.columns.replace(emptied(
                    &column.from,
                    column.from.name.clone(),
                    column.from.ty.clone(),
                ));
                let ty = types_before(&column.to.ty, renames);
                table.columns.replace(emptied(&column.to, column.scratch.clone(), ty));
            }
        }
    }
    let before = order(changes(from, &beside)?, from, &beside)?;
    let mut state = beside;
    let mut behind = cells::drop_old(&mut state, from, to, columns);
    for (column, _) in columns.iter().filter(|(_, fate)| *fate == Fate::Computed) {
        let Some(table) = state.tables.get_mut(&column.table) else { continue };
        let Some(old) = table.columns.remove(&column.from.name) else { continue };
        table.columns.rename(&column.scratch, column.from.name.clone());
        cells::rename(&mut state, column);
        let edit = |edit| Op::Column { table: column.table.clone(), edit };
        behind.push(edit(Edit::Drop(Box::new(old))));
        let (from, to) = (column.scratch.clone(), column.from.name.clone());
        behind.push(edit(Edit::Rename { from, to }));
    }
    Ok(Replacement { before, behind, state })
}

/// A column without anything that would fill it or keep it from being empty.
fn emptied(column: &Column, name: Name, ty: PerDialect<Type>) -> Column {
    Column { name, ty, nullable: true, default: PerDialect::default(), identity: None, ..column.clone() }
}

/// Takes out what rests on these columns: keys, constraints, indexes, generated columns, views, and raw objects
/// without rows.
fn take_out<'a>(state: &mut State, columns: impl Iterator<Item = (&'a ObjectName, &'a Name)>) {
    let mut going: BTreeMap<ObjectName, BTreeSet<Name>> = BTreeMap::new();
    for (table, column) in columns {
        going.entry(table.clone()).or_default().insert(column.clone());
    }
    let touched: BTreeSet<ObjectName> = going.keys().cloned().collect();
    let (views, objects) = dependent::resting(state, touched);
    views.iter().for_each(|view| drop(state.views.remove(view)));
    objects.iter().for_each(|object| drop(state.objects.remove(object)));
    for (name, columns) in &mut going {
        if let Some(table) = state.tables.get_mut(name) {
            generated_over(table, columns);
            without(table, columns);
        }
    }
    for table in state.tables.iter_mut() {
        let refers = |key: &crate::model::ForeignKey| {
            going
                .get(&key.table)
                .is_some_and(|columns| key.references.iter().any(|name| columns.contains(name)))
        };
        table.foreign_keys.retain(|key| !refers(key));
    }
}

/// Takes out the generated columns over these columns, and adds them to these.
fn generated_over(table: &mut Table, columns: &mut BTreeSet<Name>) {
    loop {
        let over = |column: &&Column| {
            let generated = column.generated.as_ref();
            generated.is_some_and(|generated| mention(&generated.expression, columns))
        };
        let Some(name) = table.columns.iter().find(over).map(|column| column.name.clone()) else { return };
        table.columns.remove(&name);
        columns.insert(name);
    }
}

fn without(table: &mut Table, columns: &BTreeSet<Name>) {
    let has = |names: &[Name]| names.iter().any(|name| columns.contains(name));
    table.primary_key.take_if(|key| has(&key.columns));
    table.uniques.retain(|unique| !has(&unique.columns));
    table.foreign_keys.retain(|key| !has(&key.columns));
    table.checks.retain(|check| !mention(&check.expression, columns));
    let over = |index: &Index| {
        let key = |on: &KeyPart| match on {
            KeyPart::Column(name) => columns.contains(name),
            KeyPart::Expression(text) => mention(text, columns),
        };
        index.keys.iter().any(|part| key(&part.on))
            || has(&index.include)
            || index.predicate.as_ref().is_some_and(|text| mention(text, columns))
    };
    table.indexes.retain(|index| !over(index));
}

fn mention(text: &SqlText, columns: &BTreeSet<Name>) -> bool {
    let is_one = |word: &str| columns.iter().any(|name| name.as_str().eq_ignore_ascii_case(word));
    text.values().any(|text| identifiers(text, &Rules::SHARED).any(|word| is_one(&word.name)))
}

/// A type in the names from before the renames.
fn types_before(ty: &PerDialect<Type>, renames: &[Rename]) -> PerDialect<Type> {
    let overrides = ty.overrides.iter().map(|(dialect, ty)| (dialect.clone(), type_before(ty, renames)));
    PerDialect { common: type_before(&ty.common, renames), overrides: overrides.collect() }
}

fn type_before(ty: &Type, renames: &[Rename]) -> Type {
    match ty {
        Type::Enum(name) => Type::Enum(enum_before(name, renames).clone()),
        Type::Array(element) => Type::Array(Box::new(type_before(element, renames))),
        Type::Portable(_) | Type::Native(_) => ty.clone(),
    }
}

fn enum_before<'a>(name: &'a ObjectName, renames: &'a [Rename]) -> &'a ObjectName {
    let before = renames.iter().find_map(|rename| match rename {
        Rename::Enum { from, to } if to == name => Some(from),
        _ => None,
    });
    before.unwrap_or(name)
}

/// Makes the enums that a column's new type needs.
fn make_types(state: &mut State, to: &State, renames: &[Rename], ty: &PerDialect<Type>) {
    for name in ty.values().filter_map(Type::enum_name) {
        let Some(item) = to.enums.get(name) else { continue };
        if state.enums.contains(enum_before(name, renames)) {
            continue;
        }
        let namespace = name.namespace.as_ref().and_then(|name| to.namespaces.get(name));
        if let Some(namespace) = namespace.filter(|namespace| !state.namespaces.contains(&namespace.name)) {
            state.namespaces.replace(namespace.clone());
        }
        state.enums.replace(item.clone());
    }
}
