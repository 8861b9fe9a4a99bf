//! What constraints have in common wherever they stand: keys, foreign keys, what happens on a conflict.

use super::cursor::Cursor;
use super::expression;
use crate::dialect::sqlite::definition::{ColumnDef, Conflict, Constraint, Key, KeyColumn, Reference, Rule};
use crate::dialect::sqlite::normal::same_name;
use crate::model::{Action, Deferrable};

/// Takes `CONSTRAINT` and the name behind it; an empty name without.
pub(super) fn constraint_name(cursor: &mut Cursor<'_, '_>) -> Option<String> {
    if cursor.words(&["CONSTRAINT"]) { cursor.name() } else { Some(String::new()) }
}

/// Takes `ON CONFLICT` and what happens then, if that doesn't happen anyway. `None` if the word is unknown.
pub(super) fn conflict(cursor: &mut Cursor<'_, '_>) -> Option<Option<Conflict>> {
    if !cursor.words(&["ON", "CONFLICT"]) || cursor.words(&["ABORT"]) {
        return Some(None);
    }
    Conflict::ALL.into_iter().find(|conflict| cursor.words(&[conflict.word()])).map(Some)
}

/// A rule as it was read.
#[derive(Debug)]
pub(super) struct Read {
    /// The rule.
    pub(super) rule: Rule,
    /// Whether it is a primary key that numbers itself.
    pub(super) numbered: bool,
}

impl Read {
    pub(super) fn plain(rule: Rule) -> Self {
        Self { rule, numbered: false }
    }
}

/// A constraint behind the columns. `None` if it is none that SQLite has.
pub(super) fn constraint(cursor: &mut Cursor<'_, '_>) -> Option<Read> {
    let mut numbered = false;
    let rule = if cursor.words(&["PRIMARY", "KEY"]) {
        let mut group = cursor.group()?;
        numbered = group.last_word(&["AUTOINCREMENT"]).is_some();
        Rule::PrimaryKey(key(group, cursor)?)
    } else if cursor.words(&["UNIQUE"]) {
        Rule::Unique(key(cursor.group()?, cursor)?)
    } else if cursor.words(&["CHECK"]) {
        let expression = expression::text(cursor.group()?);
        // SQLite reads what is to happen on a conflict, and aborts whatever it says.
        conflict(cursor)?;
        Rule::Check { expression }
    } else if cursor.words(&["FOREIGN", "KEY"]) {
        let columns = names(cursor.group()?)?;
        if !cursor.words(&["REFERENCES"]) {
            return None;
        }
        return Some(Read::plain(Rule::ForeignKey(reference(cursor, columns)?)));
    } else {
        return None;
    };
    Some(Read { rule, numbered })
}

/// The columns of a key, and what stands behind them.
fn key(group: Cursor<'_, '_>, behind: &mut Cursor<'_, '_>) -> Option<Key> {
    let column = |mut piece: Cursor<'_, '_>| {
        let descending = piece.last_word(&["ASC", "DESC"]) == Some("DESC");
        let collation = piece.last_collation();
        let mut name = piece.without_parentheses();
        Some(KeyColumn { name: name.name().filter(|_| name.is_at_end())?, collation, descending })
    };
    let columns = group.pieces().map(column).collect::<Option<_>>()?;
    Some(Key { columns, conflict: conflict(behind)? })
}

/// Names between commas, and nothing else.
fn names(group: Cursor<'_, '_>) -> Option<Vec<String>> {
    group.pieces().map(|mut piece| piece.name().filter(|_| piece.is_at_end())).collect()
}

/// What stands behind `REFERENCES`.
pub(super) fn reference(cursor: &mut Cursor<'_, '_>, columns: Vec<String>) -> Option<Reference> {
    let table = cursor.name()?;
    let referred = cursor.peek().is_some_and(|token| token.is_mark("("));
    let references = if referred { names(cursor.group()?)? } else { Vec::new() };
    let (mut on_delete, mut on_update) = (Action::NoAction, Action::NoAction);
    loop {
        if cursor.words(&["ON", "DELETE"]) {
            on_delete = action(cursor)?;
        } else if cursor.words(&["ON", "UPDATE"]) {
            on_update = action(cursor)?;
        } else if cursor.words(&["ON", "INSERT"]) {
            // Read by SQLite and without effect, as is the next.
            action(cursor)?;
        } else if cursor.words(&["MATCH"]) {
            cursor.name()?;
        } else {
            break;
        }
    }
    let deferrable = deferrable(cursor).unwrap_or_default();
    Some(Reference { columns, table, references, on_delete, on_update, deferrable })
}

fn action(cursor: &mut Cursor<'_, '_>) -> Option<Action> {
    let actions: [(&[&str], Action); 5] = [
        (&["NO", "ACTION"], Action::NoAction),
        (&["RESTRICT"], Action::Restrict),
        (&["CASCADE"], Action::Cascade),
        (&["SET", "NULL"], Action::SetNull),
        (&["SET", "DEFAULT"], Action::SetDefault),
    ];
    actions.into_iter().find(|(words, _)| cursor.words(words)).map(|(_, action)| action)
}

/// Takes when a foreign key is checked; `None` if nothing is said.
pub(super) fn deferrable(cursor: &mut Cursor<'_, '_>) -> Option<Deferrable> {
    let never = cursor.words(&["NOT", "DEFERRABLE"]);
    if !never && !cursor.words(&["DEFERRABLE"]) {
        return None;
    }
    let deferred = cursor.words(&["INITIALLY", "DEFERRED"]);
    if !deferred {
        cursor.words(&["INITIALLY", "IMMEDIATE"]);
    }
    Some(match (never, deferred) {
        (true, _) => Deferrable::No,
        (false, true) => Deferrable::Deferred,
        (false, false) => Deferrable::Immediate,
    })
}

/// Writes the table's own columns in a constraint as the columns themselves are written.
pub(super) fn spell_columns(constraint: &mut Constraint, declared: &[ColumnDef]) {
    let spell = |name: &mut String| {
        if let Some(column) = declared.iter().find(|column| same_name(&column.name, name)) {
            name.clone_from(&column.name);
        }
    };
    match &mut constraint.rule {
        Rule::PrimaryKey(key) | Rule::Unique(key) => key.names_mut().for_each(spell),
        Rule::ForeignKey(reference) => reference.columns.iter_mut().for_each(spell),
        Rule::Check { .. } => {}
    }
}
