//! The query that finds the rows which contradict an operation: for people whose database refused it. Written for the
//! database as it is afterwards, when everything that did not commit is undone.

mod before;
mod query;

use crate::change::{Edit, Op, RowEdit};
use crate::dialect::{Dialect, Rule, Version};
use crate::model::{Column, ForeignKey, IndexKey, KeyPart, Row, State, Table, Type, Value};
use crate::name::{DialectName, Name, ObjectName};

/// What a database says of rows that it refuses, as far as it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal<'a> {
    /// The kind of rule.
    pub rule: Rule,
    /// The rule's name.
    pub constraint: Option<&'a str>,
    /// The table, without its namespace.
    pub table: Option<&'a str>,
    /// The columns that it is about.
    pub columns: &'a [String],
    /// The statement that was refused.
    pub sql: &'a str,
}

/// What was undone when a statement was refused, as the dialect sees it.
#[derive(Debug, Clone, Copy)]
pub struct Undone<'a> {
    /// The operations, in the order in which they run.
    pub ops: &'a [Op],
    /// Those that the statement served, by index.
    pub served: &'a [usize],
    /// The state that the database is in.
    pub now: &'a State,
}

/// What rows contradict, and how to find them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offence {
    /// The operations, by index; where the database does not say which of them it was, several.
    pub ops: Vec<usize>,
    /// A query for the database as it is. `None`: what the rows contradict is not there any more.
    pub query: Option<String>,
    /// Where no query tells which values do not fit, ways to find out by trying.
    pub probes: Vec<Probe>,
}

/// A way to find out which values of a column do not fit another type: in a transaction that is rolled back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Probe {
    /// Makes what tries a value, for this session alone.
    pub prepare: Vec<String>,
    /// The query for some of the values.
    pub find: String,
    /// The beginning of a query for their rows; a list of the values and a closing parenthesis follow.
    pub rows: String,
}

/// Finds what rows contradict among the operations that a statement served.
#[must_use]
pub fn offending_rows(
    refusal: Refusal<'_>,
    undone: Undone<'_>,
    dialect: &dyn Dialect,
    version: Version,
) -> Option<Offence> {
    let Undone { ops, served, now } = undone;
    let mut state = now.clone();
    let mut found: Vec<(usize, Rows)> = Vec::new();
    for (index, op) in ops.iter().enumerate() {
        if served.contains(&index)
            && let Some(rows) = (Finder { refusal, state: &state, dialect, name: &dialect.name() }).rows(op)
        {
            found.push((index, rows));
        }
        // An operation that ran ahead of its place doesn't fit; no other speaks of what it made.
        let _ = op.apply(&mut state);
    }
    // A type that does not fit is often all that a database says, and rows go together; every other rule has a name or
    // columns.
    let several = |(_, rows): &(usize, Rows)| matches!(rows.which, Which::Referring { .. });
    if refusal.rule != Rule::Type && !found.iter().all(several) {
        found.truncate(1);
    }
    let table = found.first().map(|(_, rows)| rows.table.clone())?;
    found.retain(|(_, rows)| rows.table == table);
    let indices = found.iter().map(|(index, _)| *index).collect();
    let rows = found.into_iter().map(|(index, rows)| {
        let ran = ops.get(..index).unwrap_or_default();
        let rows = rows.before(ran, dialect.rules());
        rows.is_in(now, &before::made(ran), dialect.rules()).then_some(rows)
    });
    let rows = rows.collect::<Option<Vec<Rows>>>();
    let query = rows.as_ref().and_then(|rows| query::query(rows, dialect, version));
    let tried = rows.iter().flatten().filter(|_| query.is_none());
    let probes = tried.filter_map(|rows| query::probe(rows, dialect)).collect();
    Some(Offence { ops: indices, query, probes })
}

/// Rows of a table.
struct Rows {
    table: ObjectName,
    which: Which,
}

/// Which rows of a table.
enum Which {
    /// All of them.
    All,
    /// Those that have no value.
    Null(Name),
    /// Those that are the same in these keys; NULL is the same as NULL if `nulls`.
    Repeated { keys: Vec<Key>, filter: Option<String>, nulls: bool },
    /// Those for which a condition does not hold.
    Breaking(String),
    /// Those that refer to nothing.
    Dangling { columns: Vec<Name>, table: ObjectName, references: Vec<Name> },
    /// Those that refer to a row of a table: to these values of its columns.
    Referring { columns: Vec<Name>, table: ObjectName, references: Vec<Name>, values: Vec<Value> },
    /// Those with a value that another type has no room for.
    Misfit { column: Name, from: Type, to: Type },
    /// Those with other values than these, which an enum has.
    Others { columns: Vec<(Name, Type)>, of: ObjectName, values: Vec<Box<str>> },
}

/// A part of what makes rows the same.
enum Key {
    Column(Name),
    Expression(String),
}

/// Looks for the rows that an operation is about.
struct Finder<'a> {
    refusal: Refusal<'a>,
    /// The state in front of the operation.
    state: &'a State,
    dialect: &'a dyn Dialect,
    /// What the dialect is called.
    name: &'a DialectName,
}

impl Finder<'_> {
    fn rows(&self, op: &Op) -> Option<Rows> {
        let Refusal { rule, columns, .. } = self.refusal;
        let in_table = |table: &ObjectName, which| Some(Rows { table: table.clone(), which });
        match (rule, op) {
            (
                Rule::Unique,
                Op::PrimaryKey { table, edit: Edit::Create(key) | Edit::Alter { to: key, .. } },
            ) => {
                self.is_meant(&key.name, &key.columns).then_some(())?;
                in_table(table, repeated(&key.columns, false))
            }
            (
                Rule::NotNull,
                Op::PrimaryKey { table, edit: Edit::Create(key) | Edit::Alter { to: key, .. } },
            ) => {
                let column = key.columns.iter().find(|column| is_only(columns, column))?;
                in_table(table, Which::Null(column.clone()))
            }
            (Rule::Unique, Op::Unique { table, edit: Edit::Create(key) | Edit::Alter { to: key, .. } }) => {
                self.is_meant(&key.name, &key.columns).then_some(())?;
                in_table(table, repeated(&key.columns, key.nulls_not_distinct))
            }
            (
                Rule::Unique,
                Op::Index { table, edit: Edit::Create(index) | Edit::Alter { to: index, .. } },
            ) if index.unique => {
                let keys: Vec<Key> = index.keys.iter().map(|key| self.key(key)).collect();
                self.is_meant(&index.name, &plain(&keys)).then_some(())?;
                let filter = index.predicate.as_ref().map(|text| text.get(self.name).to_string());
                in_table(table, Which::Repeated { keys, filter, nulls: index.nulls_not_distinct })
            }
            (Rule::Check, Op::Check { table, edit: Edit::Create(check) | Edit::Alter { to: check, .. } }) => {
                (self.refusal.constraint == Some(check.name.as_str())).then_some(())?;
                in_table(table, Which::Breaking(check.expression.get(self.name).to_string()))
            }
            (
                Rule::ForeignKey,
                Op::ForeignKey { table, edit: Edit::Create(key) | Edit::Alter { to: key, .. } },
            ) => {
                self.is_meant(&key.name, &key.columns).then_some(())?;
                let (columns, references) = (key.columns.clone(), key.references.clone());
                in_table(table, Which::Dangling { columns, table: key.table.clone(), references })
            }
            (Rule::ForeignKey, Op::Row { table, key: _, edit: RowEdit::Delete(row) }) => {
                self.referring(table, row)
            }
            (_, Op::Column { table, edit }) => in_table(table, self.column(edit)?),
            // The check that stands for an enum, and the type that takes the place of another.
            (Rule::Check | Rule::Type, Op::Enum(Edit::Alter { from: _, to })) => {
                self.others(&to.name, &to.values)
            }
            _ => None,
        }
    }

    /// The rows that refer to one that goes, by the only foreign key that can be meant.
    fn referring(&self, to: &ObjectName, row: &Row) -> Option<Rows> {
        let meant = |table: &Table, key: &ForeignKey| match self.refusal.constraint {
            Some(constraint) => {
                constraint == key.name.as_str()
                    && self.refusal.table.is_none_or(|named| named == table.name.name.as_str())
            }
            None => true,
        };
        let all =
            self.state.tables.iter().flat_map(|table| table.foreign_keys.iter().map(move |key| (table, key)));
        let mut keys = all.filter(|(table, key)| key.table == *to && meant(table, key));
        let (table, key) = keys.next().filter(|_| keys.next().is_none())?;
        let values: Option<Vec<Value>> =
            key.references.iter().map(|name| row.cells.get(name).cloned()).collect();
        let (columns, references) = (key.columns.clone(), key.references.clone());
        let which = Which::Referring { columns, table: to.clone(), references, values: values? };
        Some(Rows { table: table.name.clone(), which })
    }

    fn column(&self, edit: &Edit<Column>) -> Option<Which> {
        let Refusal { rule, columns, .. } = self.refusal;
        match (rule, edit) {
            (Rule::NotNull, Edit::Create(column)) if is_only(columns, &column.name) => Some(Which::All),
            (Rule::NotNull, Edit::Alter { from: _, to }) if is_only(columns, &to.name) => {
                Some(Which::Null(to.name.clone()))
            }
            (Rule::Type | Rule::Check, Edit::Alter { from, to }) => {
                if !columns.is_empty() && !is_only(columns, &to.name) {
                    return None;
                }
                let (name, from, to) = (to.name.clone(), from.ty.get(self.name), to.ty.get(self.name));
                if from == to {
                    return None;
                }
                match to.enum_name().and_then(|of| self.state.enums.get(of)) {
                    Some(item) => {
                        let (of, values) = (item.name.clone(), item.values.clone());
                        Some(Which::Others { columns: vec![(name, to.clone())], of, values })
                    }
                    None if rule == Rule::Check => None,
                    None => Some(Which::Misfit { column: name, from: from.clone(), to: to.clone() }),
                }
            }
            _ => None,
        }
    }

    /// The rows of the statement's table with other values than an enum will have.
    fn others(&self, of: &ObjectName, values: &[Box<str>]) -> Option<Rows> {
        let table = self.state.tables.iter().find(|table| self.is_about(&table.name))?;
        let typed = table.columns.iter().filter(|column| column.ty.get(self.name).enum_name() == Some(of));
        let columns = typed.map(|column| (column.name.clone(), column.ty.get(self.name).clone()));
        let columns: Vec<(Name, Type)> = columns.collect();
        let which = Which::Others { columns, of: of.clone(), values: values.to_vec() };
        Some(Rows { table: table.name.clone(), which })
    }

    /// Whether the statement is about a table.
    fn is_about(&self, table: &ObjectName) -> bool {
        let begins = || {
            let rest = self
                .refusal
                .sql
                .strip_prefix("ALTER TABLE ")?
                .strip_prefix(&query::object(table, self.dialect))?;
            rest.starts_with(char::is_whitespace).then_some(())
        };
        self.refusal.table.map_or_else(|| begins().is_some(), |named| named == table.name.as_str())
    }

    /// Whether the database means the constraint of this name on these columns.
    fn is_meant(&self, name: &Name, of: &[Name]) -> bool {
        match self.refusal.constraint {
            Some(constraint) => constraint == name.as_str(),
            None => {
                let columns = self.refusal.columns;
                columns.len() == of.len()
                    && of.iter().all(|name| columns.iter().any(|column| column == name.as_str()))
            }
        }
    }

    fn key(&self, key: &IndexKey) -> Key {
        match &key.on {
            KeyPart::Column(name) => match key.prefix {
                Some(length) => Key::Expression(format!("LEFT({}, {length})", self.dialect.quoted(name))),
                None => Key::Column(name.clone()),
            },
            KeyPart::Expression(text) => Key::Expression(text.get(self.name).to_string()),
        }
    }
}

fn repeated(columns: &[Name], nulls: bool) -> Which {
    Which::Repeated { keys: columns.iter().cloned().map(Key::Column).collect(), filter: None, nulls }
}

/// The columns among keys.
fn plain(keys: &[Key]) -> Vec<Name> {
    let columns = keys.iter().filter_map(|key| match key {
        Key::Column(name) => Some(name.clone()),
        Key::Expression(_) => None,
    });
    columns.collect()
}

fn is_only(columns: &[String], name: &Name) -> bool {
    matches!(columns, [column] if column == name.as_str())
}
