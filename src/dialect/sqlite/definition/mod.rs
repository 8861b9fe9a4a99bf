//! A table as SQLite has it: the model's table with types, enums, defaults and names settled, so that two of
//! them can be compared and either can be printed. What SQLite can't have is refused on the way.

mod from_model;
mod key;

use super::normal::{mentions, normal, same_name};
use super::types::Kind;
use super::{ddl, normal};
use crate::model::{Action, Deferrable};
use crate::sql::rename_column;

pub(super) use from_model::{AUTOINCREMENT, COLLATIONS, WITHOUT_ROWID, define};
pub(super) use key::{Conflict, Key, KeyColumn};

/// A table with all that belongs to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Definition {
    pub name: String,
    pub columns: Vec<ColumnDef>,
    pub constraints: Vec<Constraint>,
    pub indexes: Vec<IndexDef>,
    pub strict: bool,
    pub without_rowid: bool,
}

/// A column, without the constraints that stand at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ColumnDef {
    pub name: String,
    pub declared: String,
    pub kind: Kind,
    pub not_null: bool,
    /// What becomes of a row with NULL in it, if it is never NULL.
    pub conflict: Option<Conflict>,
    /// What stands behind DEFAULT.
    pub default: Option<String>,
    pub computed: Option<Computed>,
    pub collation: Option<String>,
    /// Whether it is the primary key that numbers itself and never gives a number twice.
    pub numbered: bool,
}

/// How a column is computed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Computed {
    pub expression: String,
    pub stored: bool,
}

/// A constraint with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Constraint {
    pub name: String,
    pub rule: Rule,
}

/// What a constraint says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Rule {
    PrimaryKey(Key),
    Unique(Key),
    ForeignKey(Reference),
    Check { expression: String },
}

/// A foreign key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    pub columns: Vec<String>,
    pub table: String,
    pub references: Vec<String>,
    pub on_delete: Action,
    pub on_update: Action,
    pub deferrable: Deferrable,
}

/// An index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IndexDef {
    pub name: String,
    pub unique: bool,
    pub keys: Vec<KeyDef>,
    pub predicate: Option<String>,
}

/// A key of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeyDef {
    pub on: KeyOn,
    pub collation: Option<String>,
    pub descending: bool,
}

/// What a key of an index is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KeyOn {
    Column(String),
    Expression(String),
}

impl Definition {
    pub(super) fn column(&self, name: &str) -> Option<&ColumnDef> {
        self.columns.iter().find(|column| same_name(&column.name, name))
    }

    /// The column at which a constraint stands: that of a constraint of one column alone. So it goes with the
    /// column, and a column can come with it.
    pub(super) fn place<'a>(&'a self, constraint: &'a Constraint) -> Option<&'a str> {
        match &constraint.rule {
            // No collation can be said there, and of a unique constraint no order.
            Rule::PrimaryKey(key) => key.sole(|column| column.collation.is_none()),
            Rule::Unique(key) => key.sole(|column| column.collation.is_none() && !column.descending),
            Rule::ForeignKey(reference) => match reference.columns.as_slice() {
                [column] => Some(column.as_str()),
                [] | [_, _, ..] => None,
            },
            Rule::Check { expression } => {
                let mut mentioned = self.columns.iter().filter(|column| mentions(expression, &column.name));
                match (mentioned.next(), mentioned.next()) {
                    (Some(column), None) => Some(&column.name),
                    (None | Some(_), _) => None,
                }
            }
        }
    }

    /// The columns of the primary key.
    pub(super) fn key(&self) -> &[KeyColumn] {
        let key = self.constraints.iter().find_map(|constraint| match &constraint.rule {
            Rule::PrimaryKey(key) => Some(key.columns.as_slice()),
            Rule::Unique(_) | Rule::ForeignKey(_) | Rule::Check { .. } => None,
        });
        key.unwrap_or(&[])
    }

    /// What stands behind the verb that writes rows, so that one which breaks a rule aborts the statement, whatever the
    /// rules say.
    pub(super) fn or_abort(&self) -> &'static str {
        let of_constraint = |constraint: &Constraint| match &constraint.rule {
            Rule::PrimaryKey(key) | Rule::Unique(key) => key.conflict.is_some(),
            Rule::ForeignKey(_) | Rule::Check { .. } => false,
        };
        let is_needed = self.columns.iter().any(|column| column.conflict.is_some())
            || self.constraints.iter().any(of_constraint);
        if is_needed { " OR ABORT" } else { "" }
    }

    /// Whether columns of the primary key are never NULL without saying so.
    pub(super) fn has_filled_key(&self) -> bool {
        self.strict || self.without_rowid || self.has_rowid_alias()
    }

    /// Lets columns of the primary key say that they are never NULL where they never are.
    pub(super) fn settle_key(&mut self) {
        let key = if self.has_filled_key() { self.key().to_vec() } else { Vec::new() };
        let of_key = |column: &ColumnDef| key.iter().any(|key| same_name(&key.name, &column.name));
        self.columns.iter_mut().filter(|column| of_key(column)).for_each(|column| column.not_null = true);
    }

    /// Whether a column is the table's rowid by another name.
    pub(super) fn has_rowid_alias(&self) -> bool {
        let is_ascending = self.key().iter().all(|column| !column.descending);
        is_ascending && self.rowid_key().is_some_and(|column| column.declared.eq_ignore_ascii_case("integer"))
    }

    /// Forgets order and collation of a key that is the table's rowid whatever they are, as it is where the key stands
    /// behind the columns.
    pub(super) fn unsort_row_number(&mut self) {
        let is_integer = |column: &ColumnDef| column.declared.eq_ignore_ascii_case("integer");
        if !self.rowid_key().is_some_and(is_integer) {
            return;
        }
        for constraint in &mut self.constraints {
            if let Rule::PrimaryKey(key) = &mut constraint.rule {
                key.columns.iter_mut().for_each(|column| *column = KeyColumn::plain(&column.name));
            }
        }
    }

    /// The column that is the whole primary key of a table with rowids: with the right type it is an alias of these.
    pub(super) fn rowid_key(&self) -> Option<&ColumnDef> {
        match self.key() {
            [only] if !self.without_rowid => self.column(&only.name),
            _ => None,
        }
    }

    /// Follows a rename of this table's column as SQLite does: everywhere.
    pub(super) fn rename_column(&mut self, from: &str, to: &str) {
        let table = self.name.clone();
        let text = |text: &mut String| *text = rename_column(text, &table, from, to, &normal::RULES);
        let name = |name: &mut String| follow(name, from, to);
        for column in &mut self.columns {
            name(&mut column.name);
            column.computed.iter_mut().for_each(|computed| text(&mut computed.expression));
        }
        for constraint in &mut self.constraints {
            match &mut constraint.rule {
                Rule::PrimaryKey(key) | Rule::Unique(key) => key.names_mut().for_each(name),
                Rule::ForeignKey(reference) => reference.columns.iter_mut().for_each(name),
                Rule::Check { expression } => text(expression),
            }
        }
        for index in &mut self.indexes {
            index.predicate.iter_mut().for_each(text);
            for key in &mut index.keys {
                match &mut key.on {
                    KeyOn::Column(column) => name(column),
                    KeyOn::Expression(expression) => text(expression),
                }
            }
        }
        self.rename_referenced_column(&table, from, to);
    }

    /// Follows a rename of a column that this table may refer to.
    pub(super) fn rename_referenced_column(&mut self, table: &str, from: &str, to: &str) {
        for constraint in &mut self.constraints {
            if let Rule::ForeignKey(reference) = &mut constraint.rule
                && same_name(&reference.table, table)
            {
                reference.references.iter_mut().for_each(|column| follow(column, from, to));
            }
        }
    }

    /// Follows a rename of a table: this one, or one that it refers to.
    pub(super) fn rename_table(&mut self, from: &str, to: &str) {
        follow(&mut self.name, from, to);
        for constraint in &mut self.constraints {
            if let Rule::ForeignKey(reference) = &mut constraint.rule {
                follow(&mut reference.table, from, to);
            }
        }
    }
}

fn follow(name: &mut String, from: &str, to: &str) {
    if same_name(name, from) {
        to.clone_into(name);
    }
}

impl ColumnDef {
    /// Whether the two are the same column but for spelling.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let Self { name, declared, kind: _, not_null, conflict, default, computed, collation, numbered } =
            self;
        let text = |text: &Option<String>| text.as_deref().map(normal);
        let expression = |computed: &Option<Computed>| {
            computed.as_ref().map(|computed| (normal(&computed.expression), computed.stored))
        };
        same_name(name, &other.name)
            && declared.eq_ignore_ascii_case(&other.declared)
            && *not_null == other.not_null
            && *conflict == other.conflict
            && text(default) == text(&other.default)
            && expression(computed) == expression(&other.computed)
            && text(collation) == text(&other.collation)
            && *numbered == other.numbered
    }
}

impl Constraint {
    /// Whether the two are the same constraint but for spelling.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let print = |constraint: &Self| normal(&ddl::constraint(constraint));
        self.name == other.name && print(self) == print(other)
    }
}

impl IndexDef {
    /// Whether the two are the same index but for spelling.
    pub(super) fn is_like(&self, other: &Self) -> bool {
        let print = |index: &Self| normal(&ddl::create_index(index, ""));
        self.name == other.name && print(self) == print(other)
    }
}
