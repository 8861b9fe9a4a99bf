//! Rows for a proof: made one by one until a table has enough, read as text, compared as sets.

use std::collections::{BTreeMap, BTreeSet};

use super::Without;
use super::generate::Generator;
use crate::change::{Earlier, Edit, Op, RowEdit, TableEdit};
use crate::dialect::{Action, Batch, Dialect};
use crate::model::{Row, State, Table};
use crate::name::{Name, ObjectName};
use crate::runner::connection::{Connection, DatabaseError};

/// What could be made.
pub(super) struct Made {
    /// How many rows there are.
    pub(super) rows: usize,
    /// The tables for which there are none.
    pub(super) without: Vec<Without>,
}

/// The rows of tables: the columns' names, then each row's cells.
pub(super) type Contents = BTreeMap<ObjectName, (Vec<Name>, Vec<Vec<Option<String>>>)>;

/// Makes rows for every table of a projected state. A row that the database refuses is tried again with other values;
/// tables wait for those that they refer to.
pub(super) async fn make(
    connection: &mut Connection,
    dialect: &dyn Dialect,
    state: &State,
    count: usize,
) -> Made {
    let generator = Generator::new(state);
    let mut made = Made { rows: 0, without: Vec::new() };
    for table in by_reference(state) {
        let mut last = None;
        let mut some = false;
        for number in 0..count {
            for row in generator.rows(table, number) {
                match insert(connection, dialect, state, table, row).await {
                    Ok(()) => {
                        made.rows += 1;
                        some = true;
                        break;
                    }
                    Err(why) => last = Some(why),
                }
            }
        }
        if let (false, Some(why)) = (some, last) {
            let is_without = |other: &ObjectName| made.without.iter().any(|none| none.table == *other);
            let mut targets = table.foreign_keys.iter().map(|key| &key.table);
            let why = match targets.find(|other| is_without(other)) {
                Some(other) => format!("they refer to `{other}`"),
                None => why,
            };
            made.without.push(Without { table: table.name.clone(), why });
        }
    }
    made
}

/// The tables, each behind those that it refers to as far as there is no circle.
fn by_reference(state: &State) -> Vec<&Table> {
    let mut left = state.tables.sorted();
    let mut placed: BTreeSet<&ObjectName> = BTreeSet::new();
    let mut order = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let free = |table: &&Table| {
            let mut targets = table.foreign_keys.iter().map(|key| &key.table);
            targets.all(|target| *target == table.name || placed.contains(target))
        };
        let (mut ready, waiting): (Vec<&Table>, Vec<&Table>) = left.into_iter().partition(free);
        left = waiting;
        if ready.is_empty() {
            ready.append(&mut left);
        }
        placed.extend(ready.iter().map(|table| &table.name));
        order.append(&mut ready);
    }
    order
}

async fn insert(
    connection: &mut Connection,
    dialect: &dyn Dialect,
    state: &State,
    table: &Table,
    row: Row,
) -> Result<(), String> {
    // A dialect renders operations between two states, so these two have the table and, the second, the row.
    let before = State {
        enums: state.enums.clone(),
        namespaces: state.namespaces.clone(),
        tables: std::iter::once(table.clone()).collect(),
        ..State::default()
    };
    let key = row.cells.keys().cloned().collect();
    let op = Op::Row { table: table.name.clone(), key, edit: RowEdit::Insert(row) };
    let mut after = before.clone();
    op.apply(&mut after).map_err(|error| error.to_string())?;
    let (ops, earlier) = (std::slice::from_ref(&op), &Earlier::default());
    let batch = Batch { before: &before, ops, after: &after, earlier };
    let actions = dialect.render(batch, connection.version()).map_err(|problems| {
        problems.into_iter().map(|problem| problem.message).collect::<Vec<_>>().join("; ")
    })?;
    for action in actions {
        let Action::Statement(statement) = action else { continue };
        connection.execute(&statement.sql).await.map_err(|error| error.to_string())?;
    }
    Ok(())
}

/// Reads all rows of all tables of a projected state.
pub(super) async fn read(connection: &mut Connection, state: &State) -> Result<Contents, DatabaseError> {
    let mut contents = Contents::new();
    for table in &state.tables {
        let columns: Vec<Name> = stored(table).cloned().collect();
        if columns.is_empty() {
            continue;
        }
        let names: Vec<String> = columns.iter().map(|name| connection.quote_name(name.as_str())).collect();
        let namespace = table.name.namespace.as_ref();
        let namespace = namespace.map(|name| format!("{}.", connection.quote_name(name.as_str())));
        let sql = format!(
            "SELECT {} FROM {}{}",
            names.join(", "),
            namespace.unwrap_or_default(),
            connection.quote_name(table.name.name.as_str())
        );
        let rows = connection.query(&sql).await?;
        let rows = rows.into_iter().map(|row| row.cells().to_vec()).collect();
        contents.insert(table.name.clone(), (columns, rows));
    }
    Ok(contents)
}

fn stored(table: &Table) -> impl Iterator<Item = &Name> {
    table.columns.iter().filter(|column| column.generated.is_none()).map(|column| &column.name)
}

/// What is different in the rows, leaving out what operations declare as lost.
pub(super) fn differences(
    before: &State,
    losses: &[&Op],
    expected: &Contents,
    actual: &Contents,
) -> Vec<String> {
    let mut lines = Vec::new();
    for (table, (columns, rows)) in expected {
        let Some((_, now)) = actual.get(table) else { continue };
        let Some(lost) = lost_columns(before, losses, table) else { continue };
        let kept: Vec<usize> = (0..columns.len()).filter(|at| !lost.contains(&columns[*at])).collect();
        let cells = |row: &Vec<Option<String>>| -> Vec<Option<String>> {
            kept.iter().filter_map(|at| row.get(*at).cloned()).collect()
        };
        let (mut was, mut is): (Vec<_>, Vec<_>) =
            (rows.iter().map(cells).collect(), now.iter().map(cells).collect());
        was.sort();
        is.sort();
        let shown = |row: &[Option<String>]| {
            let cells = kept.iter().zip(row).filter_map(|(at, cell)| Some((columns.get(*at)?, cell)));
            let cells: Vec<String> = cells
                .map(|(column, cell)| format!("{column}={}", cell.as_deref().unwrap_or("NULL")))
                .collect();
            cells.join(" ")
        };
        lines.extend(
            was.iter().filter(|row| !is.contains(row)).map(|row| format!("- {table} {}", shown(row))),
        );
        lines.extend(
            is.iter().filter(|row| !was.contains(row)).map(|row| format!("+ {table} {}", shown(row))),
        );
        if lines.is_empty() && was.len() != is.len() {
            lines.push(format!("{table} had {} rows and has {}", was.len(), is.len()));
        }
    }
    lines
}

/// The columns of a table whose values are declared as lost; `None` when all of its rows are. Names are those before
/// the revision: a renamed table or column is left out as a whole when anything of that name is lost.
fn lost_columns<'a>(before: &State, losses: &[&'a Op], table: &ObjectName) -> Option<BTreeSet<&'a Name>> {
    let mut lost = BTreeSet::new();
    for op in losses {
        match op {
            Op::Table(TableEdit::Drop(dropped)) if dropped.name == *table => return None,
            Op::Table(TableEdit::Drop(dropped)) if !before.tables.contains(&dropped.name) => return None,
            Op::Column { table: of, edit: Edit::Drop(column) | Edit::Alter { from: column, .. } } => {
                let renamed = !before.tables.contains(of);
                if of == table || renamed {
                    let known = before.tables.get(table).is_some_and(|it| it.columns.contains(&column.name));
                    if !known {
                        return None;
                    }
                    lost.insert(&column.name);
                }
            }
            _ => {}
        }
    }
    Some(lost)
}
