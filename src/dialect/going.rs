//! Reference rows that go: deleted as revisions wrote them, with what is asked so that nobody's values go unnoticed. In
//! the SQL that databases have in common; how names and values are spelled, the dialect says.

use super::spelling::{Counting, Spelling, any, found};
use super::{Guard, Written};
use crate::change::Earlier;
use crate::model::{Action, Column, ForeignKey, Row, State, Table, Value};
use crate::name::Name;

/// Rows of one table that go together.
pub(super) struct Going<'a> {
    /// The state in front of it.
    pub(super) state: &'a State,
    /// What the columns were when the rows came to be.
    pub(super) earlier: &'a Earlier,
    /// The table.
    pub(super) table: &'a Table,
    /// The columns by which a row is found.
    pub(super) key: &'a [Name],
    /// The rows, by the names under which a loss is agreed to.
    pub(super) rows: Vec<(String, &'a Row)>,
    /// Whether the database follows foreign keys meanwhile.
    pub(super) follows: bool,
}

/// What somebody may have changed in a column of a row.
enum Cell<'a> {
    /// The row says what is in it.
    Said(&'a Value),
    /// The database filled it with one of these, or nobody did.
    Filled(Vec<&'a Value>),
    /// Nothing tells what was in it.
    Unknown,
}

impl Going<'_> {
    /// The statement that deletes the rows, and its guard.
    pub(super) fn delete(&self, spelling: &dyn Spelling) -> (String, Guard) {
        let unchanged = |row: &Row| {
            let cells = self.others().filter_map(|column| self.unchanged(column, row, spelling));
            std::iter::once(self.found(row, "", spelling)).chain(cells).collect::<Vec<_>>().join(" AND ")
        };
        let compared: Vec<&Column> = self.others().filter(|column| self.is_compared(column)).collect();
        let written = Written {
            names: self.rows.iter().map(|(name, _)| name.clone()).collect(),
            columns: compared.iter().map(|column| column.name.to_string()).collect(),
            along: self.along(spelling),
            unknown: self.unknown(spelling),
            left: self.left(&compared, spelling),
            regardless: self.delete_where(|row| self.found(row, "", spelling), spelling),
        };
        (self.delete_where(unchanged, spelling), Guard::Rows(Box::new(written)))
    }

    fn delete_where(&self, condition: impl Fn(&Row) -> String, spelling: &dyn Spelling) -> String {
        let conditions: Vec<String> = self.rows.iter().map(|(_, row)| condition(row)).collect();
        format!("DELETE FROM {} WHERE {}", spelling.table(&self.table.name), any(&conditions))
    }

    fn cell<'c>(&'c self, column: &'c Column, row: &'c Row) -> Cell<'c> {
        match row.cells.get(&column.name) {
            Some(Value::Sql(_)) => return Cell::Unknown,
            Some(value) => return Cell::Said(value),
            None => {}
        }
        let columns = || self.earlier.columns(&self.table.name, &column.name).iter().chain([column]);
        if columns().any(is_filled_by_others) {
            return Cell::Unknown;
        }
        let given = columns().filter_map(|column| column.default.common.as_ref());
        let mut defaults: Vec<&Value> = Vec::new();
        for value in given.filter(|value| **value != Value::Null) {
            if !defaults.contains(&value) {
                defaults.push(value);
            }
        }
        Cell::Filled(defaults)
    }

    /// The condition that a column of a row is as it was written.
    fn unchanged(&self, column: &Column, row: &Row, spelling: &dyn Spelling) -> Option<String> {
        let is_null = || format!("{} IS NULL", spelling.name(&column.name));
        match self.cell(column, row) {
            Cell::Said(Value::Null) => Some(is_null()),
            Cell::Said(value) => Some(spelling.holds(column, value)),
            Cell::Filled(values) => {
                let mut ways: Vec<String> =
                    values.into_iter().map(|value| spelling.holds(column, value)).collect();
                if column.nullable || ways.is_empty() {
                    ways.insert(0, is_null());
                }
                match ways.as_slice() {
                    [way] => Some(way.clone()),
                    ways => Some(format!("({})", ways.join(" OR "))),
                }
            }
            Cell::Unknown => None,
        }
    }

    /// The columns that somebody can have written to, but for the key's.
    fn others(&self) -> impl Iterator<Item = &Column> {
        self.table
            .columns
            .iter()
            .filter(|column| column.generated.is_none() && !self.key.contains(&column.name))
    }

    fn is_compared(&self, column: &Column) -> bool {
        self.rows.iter().any(|(_, row)| !matches!(self.cell(column, row), Cell::Unknown))
    }

    fn found(&self, row: &Row, alias: &str, spelling: &dyn Spelling) -> String {
        found(self.key, row, alias, spelling)
    }

    fn left(&self, compared: &[&Column], spelling: &dyn Spelling) -> String {
        let of_row = |(place, (_, row)): (usize, &(String, &Row))| {
            let mut shown = vec![place.to_string()];
            for column in compared {
                let held = spelling.held(column);
                let was = match self.cell(column, row) {
                    Cell::Said(value) => spelling.written(column, value),
                    Cell::Filled(values) => filled(column, &values, spelling),
                    Cell::Unknown => held.clone(),
                };
                shown.extend([held, was]);
            }
            let (table, found) = (spelling.table(&self.table.name), self.found(row, "", spelling));
            format!("SELECT {} FROM {table} WHERE {found}", shown.join(", "))
        };
        self.rows.iter().enumerate().map(of_row).collect::<Vec<_>>().join("\nUNION ALL ")
    }

    fn along(&self, spelling: &dyn Spelling) -> Option<String> {
        let mut queries = Vec::new();
        for other in self.state.tables.iter().filter(|_| self.follows) {
            let to_this = other.foreign_keys.iter().filter(|key| key.table == self.table.name);
            queries.extend(to_this.filter_map(|key| self.along_by(other, key, spelling)));
        }
        (!queries.is_empty()).then(|| queries.join("\nUNION ALL "))
    }

    /// The rows that a foreign key takes along: counted for each row that goes, but for those that go themselves.
    fn along_by(&self, other: &Table, key: &ForeignKey, spelling: &dyn Spelling) -> Option<String> {
        let what = match key.on_delete {
            Action::NoAction | Action::Restrict => return None,
            Action::Cascade => "be deleted",
            Action::SetNull => "get NULL",
            Action::SetDefault => "get the default",
        };
        let Counting { place, is_one, is_itself, .. } = self.counting(spelling);
        let joined = key.references.iter().zip(&key.columns);
        let joined = joined
            .map(|(there, here)| format!("p.{} = c.{}", spelling.name(there), spelling.name(here)))
            .collect::<Vec<_>>()
            .join(" AND ");
        let themselves =
            if other.name == self.table.name { format!(" AND NOT ({is_itself})") } else { String::new() };
        Some(format!(
            "SELECT {place}, {name}, count(*), {what} FROM {table} AS c JOIN {this} AS p ON {joined} \
             WHERE ({is_one}){themselves} GROUP BY 1",
            name = spelling.text(&other.name.to_string()),
            what = spelling.text(what),
            table = spelling.table(&other.name),
            this = spelling.table(&self.table.name),
        ))
    }

    fn unknown(&self, spelling: &dyn Spelling) -> Option<String> {
        self.follows.then(|| spelling.unknown(&self.counting(spelling))).flatten()
    }

    fn counting(&self, spelling: &dyn Spelling) -> Counting<'_> {
        let of = |alias| -> Vec<String> {
            self.rows.iter().map(|(_, row)| self.found(row, alias, spelling)).collect()
        };
        let places = of("p.").into_iter().enumerate();
        let places: Vec<String> = places.map(|(place, found)| format!("WHEN {found} THEN {place}")).collect();
        let known = self.state.tables.iter().flat_map(|other| {
            let to_this = other.foreign_keys.iter().filter(|key| key.table == self.table.name);
            to_this.map(|key| (&other.name, &key.name))
        });
        Counting {
            table: &self.table.name,
            known: known.collect(),
            place: format!("CASE {} END", places.join(" ")),
            is_one: any(&of("p.")),
            is_itself: any(&of("c.")),
        }
    }
}

/// Whether what a column gets in a row that doesn't say it is not for the schema to know: an expression, a number, or,
/// where it is required and has no default, what a hook wrote.
fn is_filled_by_others(column: &Column) -> bool {
    let by_hook = !column.nullable && column.default.common.is_none();
    let computed = matches!(column.default.common, Some(Value::Sql(_)));
    computed || by_hook || column.identity.is_some() || column.generated.is_some()
}

/// What a column holds that the database filled with one of these, as text for people.
fn filled(column: &Column, values: &[&Value], spelling: &dyn Spelling) -> String {
    let Some((last, others)) = values.split_last() else { return "NULL".to_owned() };
    let held = spelling.held(column);
    let same = others.iter().map(|value| format!("WHEN {} THEN {held} ", spelling.holds(column, value)));
    // Where somebody took the value away, nothing is lost.
    format!(
        "CASE {}WHEN {} IS NOT NULL THEN {} END",
        same.collect::<String>(),
        spelling.name(&column.name),
        spelling.written(column, last)
    )
}
