//! How a dialect spells reference rows, and what is written alike on all of them: which row is meant, and what becomes of
//! its cells.

use crate::change::{Edit, Op};
use crate::model::{Column, Row, Table, Value};
use crate::name::{Name, ObjectName};

/// How a dialect spells names and values.
pub(super) trait Spelling {
    /// A name, quoted.
    fn name(&self, name: &Name) -> String;
    /// The name of a table, quoted.
    fn table(&self, name: &ObjectName) -> String;
    /// A text.
    fn text(&self, text: &str) -> String;
    /// A value as it is written into a row.
    fn value(&self, value: &Value) -> String;
    /// The condition that a column holds just what it does after this value, which is not NULL, was written to it.
    fn holds(&self, column: &Column, value: &Value) -> String;
    /// What a column holds, as text for people.
    fn held(&self, column: &Column) -> String;
    /// What a column holds after a value was written to it, as text for people.
    fn written(&self, column: &Column, value: &Value) -> String;
    /// A query whose rows are queries, one for each foreign key that the schema doesn't have and that takes rows along.
    fn unknown(&self, counting: &Counting<'_>) -> Option<String> {
        let _ = counting;
        None
    }
    /// What a column gets where a row has no value for it.
    fn unsaid(&self, column: &Column) -> String {
        let _ = column;
        "DEFAULT".to_owned()
    }
}

/// A query that counts the rows which a foreign key takes along with reference rows, but for the foreign key. The table
/// of the rows is `p` in it, the one with the foreign key `c`.
#[cfg_attr(not(feature = "mysql"), expect(dead_code, reason = "the others don't look for such keys"))]
pub(super) struct Counting<'a> {
    /// The table of the reference rows.
    pub(super) table: &'a ObjectName,
    /// The foreign keys to it that the schema has, with their tables.
    pub(super) known: Vec<(&'a ObjectName, &'a Name)>,
    /// The place of a reference row.
    pub(super) place: String,
    /// The condition that a row of `p` is one of them.
    pub(super) is_one: String,
    /// The condition that a row of `c` is one of them, where both are one table.
    pub(super) is_itself: String,
}

/// The condition that finds a row by its key, in a table with this alias.
pub(super) fn found(key: &[Name], row: &Row, alias: &str, spelling: &dyn Spelling) -> String {
    let condition = |column: &Name| {
        let name = format!("{alias}{}", spelling.name(column));
        match row.cells.get(column) {
            Some(Value::Null) | None => format!("{name} IS NULL"),
            Some(cell) => format!("{name} = {}", spelling.value(cell)),
        }
    };
    key.iter().map(condition).collect::<Vec<_>>().join(" AND ")
}

/// The statement that changes the cells of a row in which two say something else; `None`: there is none. `ops` are those
/// that run with it.
pub(super) fn update(
    table: &Table,
    key: &[Name],
    (from, to): (&Row, &Row),
    ops: &[Op],
    spelling: &dyn Spelling,
) -> Option<String> {
    let set = |column: &Name, value: String| format!("{} = {value}", spelling.name(column));
    let changed = to.cells.iter().filter(|(column, value)| from.cells.get(*column) != Some(*value));
    let mut sets: Vec<String> = changed.map(|(column, cell)| set(column, spelling.value(cell))).collect();
    // A cell that is not said any more is the database's to fill, unless its column is about to go. A required one
    // without a default can only stay: its column goes later.
    let unsaid = from.cells.keys().filter(|column| !to.cells.contains_key(*column));
    let unsaid = unsaid.filter_map(|column| table.columns.get(column));
    let fillable = unsaid.filter(|column| column.nullable || column.default.common.is_some());
    let fillable = fillable.filter(|column| !goes(&table.name, &column.name, ops));
    sets.extend(fillable.map(|column| set(&column.name, spelling.unsaid(column))));
    let (name, found) = (spelling.table(&table.name), found(key, from, "", spelling));
    (!sets.is_empty()).then(|| format!("UPDATE {name} SET {} WHERE {found}", sets.join(", ")))
}

/// One of these conditions.
pub(super) fn any(conditions: &[String]) -> String {
    match conditions {
        [condition] => condition.clone(),
        conditions => format!("({})", conditions.join(")\n   OR (")),
    }
}

/// Whether a column goes with these operations.
pub(super) fn goes(table: &ObjectName, column: &Name, ops: &[Op]) -> bool {
    ops.iter().any(|op| match op {
        Op::Column { table: of, edit: Edit::Drop(gone) } => of == table && gone.name == *column,
        _ => false,
    })
}
