//! Reference rows that go: deleted as revisions wrote them, with what is asked so that nobody's values go unnoticed. In
//! the SQL that databases have in common; how names and values are spelled, the dialect says.

use super::{Guard, Written};
use crate::model::{Action, Column, ForeignKey, Row, State, Table, Value};
use crate::name::{Name, ObjectName};

/// Rows of one table that go together.
pub(super) struct Going<'a> {
    /// The state in front of it.
    pub(super) state: &'a State,
    /// The table.
    pub(super) table: &'a Table,
    /// The columns by which a row is found.
    pub(super) key: &'a [Name],
    /// The rows, by the names under which a loss is agreed to.
    pub(super) rows: Vec<(String, &'a Row)>,
    /// Whether the database follows foreign keys meanwhile.
    pub(super) follows: bool,
}

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
}

/// What somebody may have changed in a column of a row.
enum Cell<'a> {
    /// The row says what is in it.
    Said(&'a Value),
    /// The database filled it, or nobody did.
    Filled(&'a Value),
    /// Nothing tells what was in it.
    Unknown,
}

impl Going<'_> {
    /// The statement that deletes the rows, and its guard.
    pub(super) fn delete(&self, spelling: &dyn Spelling) -> (String, Guard) {
        let unchanged = |row: &Row| {
            let cells = self.others().filter_map(|column| unchanged(column, row, spelling));
            std::iter::once(self.found(row, "", spelling)).chain(cells).collect::<Vec<_>>().join(" AND ")
        };
        let compared: Vec<&Column> = self.others().filter(|column| self.is_compared(column)).collect();
        let written = Written {
            names: self.rows.iter().map(|(name, _)| name.clone()).collect(),
            columns: compared.iter().map(|column| column.name.to_string()).collect(),
            along: self.along(spelling),
            left: self.left(&compared, spelling),
            regardless: self.delete_where(|row| self.found(row, "", spelling), spelling),
        };
        (self.delete_where(unchanged, spelling), Guard::Rows(Box::new(written)))
    }

    fn delete_where(&self, condition: impl Fn(&Row) -> String, spelling: &dyn Spelling) -> String {
        let conditions: Vec<String> = self.rows.iter().map(|(_, row)| condition(row)).collect();
        format!("DELETE FROM {} WHERE {}", spelling.table(&self.table.name), any(&conditions))
    }

    /// The columns that somebody can have written to, but for the key's.
    fn others(&self) -> impl Iterator<Item = &Column> {
        self.table
            .columns
            .iter()
            .filter(|column| column.generated.is_none() && !self.key.contains(&column.name))
    }

    fn is_compared(&self, column: &Column) -> bool {
        self.rows.iter().any(|(_, row)| !matches!(cell(column, row), Cell::Unknown))
    }

    /// The condition that finds a row by its key, in a table with this alias.
    fn found(&self, row: &Row, alias: &str, spelling: &dyn Spelling) -> String {
        let condition = |column: &Name| {
            let name = format!("{alias}{}", spelling.name(column));
            match row.0.get(column) {
                Some(Value::Null) | None => format!("{name} IS NULL"),
                Some(cell) => format!("{name} = {}", spelling.value(cell)),
            }
        };
        self.key.iter().map(condition).collect::<Vec<_>>().join(" AND ")
    }

    fn left(&self, compared: &[&Column], spelling: &dyn Spelling) -> String {
        let of_row = |(place, (_, row)): (usize, &(String, &Row))| {
            let mut shown = vec![place.to_string()];
            for column in compared {
                let held = spelling.held(column);
                let was = match cell(column, row) {
                    Cell::Said(value) => spelling.written(column, value),
                    Cell::Filled(Value::Null) => "NULL".to_owned(),
                    // Where somebody took the value away, nothing is lost.
                    Cell::Filled(value) => format!(
                        "CASE WHEN {} IS NOT NULL THEN {} END",
                        spelling.name(&column.name),
                        spelling.written(column, value)
                    ),
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
        let of = |alias| -> Vec<String> {
            self.rows.iter().map(|(_, row)| self.found(row, alias, spelling)).collect()
        };
        let places = of("p.").into_iter().enumerate();
        let places: Vec<String> = places.map(|(place, found)| format!("WHEN {found} THEN {place}")).collect();
        let joined = key.references.iter().zip(&key.columns);
        let joined = joined
            .map(|(there, here)| format!("p.{} = c.{}", spelling.name(there), spelling.name(here)))
            .collect::<Vec<_>>()
            .join(" AND ");
        let themselves = if other.name == self.table.name {
            format!(" AND NOT ({})", any(&of("c.")))
        } else {
            String::new()
        };
        Some(format!(
            "SELECT CASE {places} END, {name}, count(*), {what} FROM {table} AS c JOIN {this} AS p ON {joined} \
             WHERE ({any}){themselves} GROUP BY 1",
            places = places.join(" "),
            name = spelling.text(&other.name.to_string()),
            what = spelling.text(what),
            table = spelling.table(&other.name),
            this = spelling.table(&self.table.name),
            any = any(&of("p.")),
        ))
    }
}

fn any(conditions: &[String]) -> String {
    match conditions {
        [condition] => condition.clone(),
        conditions => format!("({})", conditions.join(")\n   OR (")),
    }
}

fn cell<'a>(column: &'a Column, row: &'a Row) -> Cell<'a> {
    match (row.0.get(&column.name), &column.default.common) {
        (Some(Value::Sql(_)), _) | (None, Some(Value::Sql(_))) => Cell::Unknown,
        (Some(value), _) => Cell::Said(value),
        (None, Some(value)) => Cell::Filled(value),
        // A required column that the row does not say was filled by a hook.
        (None, None) if column.identity.is_some() || !column.nullable => Cell::Unknown,
        (None, None) => Cell::Filled(&Value::Null),
    }
}

/// The condition that a column of a row is as it was written.
fn unchanged(column: &Column, row: &Row, spelling: &dyn Spelling) -> Option<String> {
    let is_null = || format!("{} IS NULL", spelling.name(&column.name));
    match cell(column, row) {
        Cell::Said(Value::Null) | Cell::Filled(Value::Null) => Some(is_null()),
        Cell::Said(value) => Some(spelling.holds(column, value)),
        Cell::Filled(value) if column.nullable => {
            Some(format!("({} OR {})", is_null(), spelling.holds(column, value)))
        }
        Cell::Filled(value) => Some(spelling.holds(column, value)),
        Cell::Unknown => None,
    }
}
