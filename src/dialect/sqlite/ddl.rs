//! Prints definitions as DDL, one column a line. A constraint of one column alone stands at it, so that ALTER can
//! add or drop both together.

use super::definition::{
    ColumnDef, Computed, Conflict, Constraint, Definition, IndexDef, Key, KeyColumn, KeyDef, KeyOn,
    Reference, Rule,
};
use super::{normal, quote};
use crate::dialect::referential::referential_action;
use crate::model::{Deferrable, View};

/// CREATE TABLE under a name, which need not be the definition's own.
pub(super) fn create_table(table: &Definition, name: &str) -> String {
    let mut lines: Vec<String> = table.columns.iter().map(|column| column_line(table, column)).collect();
    let apart = table.constraints.iter().filter(|constraint| table.place(constraint).is_none());
    lines.extend(apart.map(constraint));
    let options: Vec<&str> = [(table.strict, "STRICT"), (table.without_rowid, "WITHOUT ROWID")]
        .into_iter()
        .filter_map(|(on, word)| on.then_some(word))
        .collect();
    let options = if options.is_empty() { String::new() } else { format!(" {}", options.join(", ")) };
    format!("CREATE TABLE {} (\n    {}\n){options}", quote::name(name), lines.join(",\n    "))
}

fn column_line(table: &Definition, column: &ColumnDef) -> String {
    let own = table.constraints.iter().filter(|constraint| table.place(constraint) == Some(&column.name));
    column_with(column, own)
}

/// A column with constraints that stand at it.
pub(super) fn column_with<'a>(
    column: &ColumnDef,
    constraints: impl IntoIterator<Item = &'a Constraint>,
) -> String {
    let ColumnDef { name, declared, kind: _, not_null, conflict, default, computed, collation, numbered } =
        column;
    let mut words = quote::name(name);
    if !declared.is_empty() {
        words.push_str(&format!(" {declared}"));
    }
    if let Some(collation) = collation {
        words.push_str(&format!(" COLLATE {collation}"));
    }
    if *not_null {
        words.push_str(" NOT NULL");
        words.push_str(&on_conflict(*conflict));
    }
    if let Some(default) = default {
        words.push_str(&format!(" DEFAULT {default}"));
    }
    if let Some(Computed { expression, stored }) = computed {
        let storage = if *stored { "STORED" } else { "VIRTUAL" };
        words.push_str(&format!(" GENERATED ALWAYS AS {} {storage}", quote::expression(expression)));
    }
    for constraint in constraints {
        words.push_str(&format!(" {}", inline(constraint, *numbered)));
    }
    words
}

fn inline(constraint: &Constraint, numbered: bool) -> String {
    let rule = match &constraint.rule {
        Rule::PrimaryKey(key) => {
            let order = if key.columns.iter().any(|column| column.descending) { " DESC" } else { "" };
            let numbered = if numbered { " AUTOINCREMENT" } else { "" };
            format!("PRIMARY KEY{order}{}{numbered}", on_conflict(key.conflict))
        }
        Rule::Unique(key) => format!("UNIQUE{}", on_conflict(key.conflict)),
        Rule::ForeignKey(reference) => references(reference),
        Rule::Check { expression } => format!("CHECK {}", quote::expression(expression)),
    };
    format!("CONSTRAINT {} {rule}", quote::name(&constraint.name))
}

/// A constraint as it stands behind the columns.
pub(super) fn constraint(constraint: &Constraint) -> String {
    format!("CONSTRAINT {} {}", quote::name(&constraint.name), rule(&constraint.rule))
}

/// What a constraint says, as it stands behind the columns.
pub(super) fn rule(rule: &Rule) -> String {
    match rule {
        Rule::PrimaryKey(key) => format!("PRIMARY KEY {}", self::key(key)),
        Rule::Unique(key) => format!("UNIQUE {}", self::key(key)),
        Rule::ForeignKey(reference) => {
            let columns = quote::list(reference.columns.iter().map(|column| quote::name(column)));
            format!("FOREIGN KEY ({columns}) {}", references(reference))
        }
        Rule::Check { expression } => format!("CHECK {}", quote::expression(expression)),
    }
}

/// The columns of a key and what becomes of a row whose key is there already.
fn key(key: &Key) -> String {
    let Key { columns, conflict } = key;
    let columns = columns.iter().map(|column| {
        let KeyColumn { name, collation, descending } = column;
        sorted(quote::name(name), collation.as_deref(), *descending)
    });
    format!("({}){}", quote::list(columns), on_conflict(*conflict))
}

fn on_conflict(conflict: Option<Conflict>) -> String {
    conflict
        .map(|conflict| format!(" ON CONFLICT {}", conflict.word().to_ascii_uppercase()))
        .unwrap_or_default()
}

/// Something with a collation and a direction behind it.
fn sorted(mut words: String, collation: Option<&str>, descending: bool) -> String {
    if let Some(collation) = collation {
        words.push_str(&format!(" COLLATE {collation}"));
    }
    if descending {
        words.push_str(" DESC");
    }
    words
}

fn references(reference: &Reference) -> String {
    let Reference { columns: _, table, references, on_delete, on_update, deferrable } = reference;
    let mut words = format!("REFERENCES {}", quote::name(table));
    if !references.is_empty() {
        words.push_str(&format!(" ({})", quote::list(references.iter().map(|column| quote::name(column)))));
    }
    for (event, action) in [("DELETE", *on_delete), ("UPDATE", *on_update)] {
        if let Some(action) = referential_action(action) {
            words.push_str(&format!(" ON {event} {action}"));
        }
    }
    words.push_str(match deferrable {
        Deferrable::No => "",
        Deferrable::Immediate => " DEFERRABLE INITIALLY IMMEDIATE",
        Deferrable::Deferred => " DEFERRABLE INITIALLY DEFERRED",
    });
    words
}

/// CREATE INDEX on a table.
pub(super) fn create_index(index: &IndexDef, table: &str) -> String {
    let IndexDef { name, unique, keys, predicate } = index;
    let unique = if *unique { "UNIQUE " } else { "" };
    let keys = quote::list(keys.iter().map(index_key));
    let filter = match predicate {
        Some(predicate) => format!(" WHERE {}", quote::expression(predicate)),
        None => String::new(),
    };
    format!("CREATE {unique}INDEX {} ON {} ({keys}){filter}", quote::name(name), quote::name(table))
}

fn index_key(key: &KeyDef) -> String {
    let KeyDef { on, collation, descending } = key;
    let words = match on {
        KeyOn::Column(column) => quote::name(column),
        KeyOn::Expression(expression) => quote::expression(expression),
    };
    sorted(words, collation.as_deref(), *descending)
}

/// CREATE VIEW.
pub(super) fn create_view(view: &View) -> String {
    let View { name, only: _, query, depends_on: _, comment: _ } = view;
    format!("CREATE VIEW {} AS {}", quote::name(name.name.as_str()), normal::statement(&query.common))
}

/// DROP of a kind of object.
pub(super) fn drop(kind: &str, name: &str) -> String {
    format!("DROP {kind} {}", quote::name(name))
}
