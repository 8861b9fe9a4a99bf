//! Checks, computed columns and indexes whose SQL follows a rename: databases rewrite their own copies at once, so
//! the states do too, before anything else and before any hook.

use crate::change::{Edit, Op, TableEdit};
use crate::model::{Check, Collection, Column, Generated, Index, KeyPart, Named, SqlText, State, Table};
use crate::name::{Name, ObjectName};
use crate::sql::{Rules, rename_column, rename_table, same_tokens};

/// The edits of texts that are said in new names, in no particular order; `middle` is the state that the renames lead
/// to. What else changes in such a text is not among them.
pub(super) fn edits(middle: &State, to: &State, renames: &[Op]) -> Vec<Op> {
    let mut ops = Vec::new();
    for before in middle.tables.sorted() {
        let history = history(&table_before(&before.name, renames), renames);
        if !history.is_empty() {
            in_table(before, to.tables.get(&before.name), &history, &mut ops);
        }
    }
    ops
}

/// A rename inside of one table's texts.
enum Renamed<'a> {
    Table(&'a Name, &'a Name),
    Column(&'a ObjectName, &'a Name, &'a Name),
}

/// What a table was called before all renames.
fn table_before(now: &ObjectName, renames: &[Op]) -> ObjectName {
    let mut name = now.clone();
    for op in renames.iter().rev() {
        match op {
            Op::Table(TableEdit::Rename { from, to }) if *to == name => name = from.clone(),
            Op::Namespace(Edit::Rename { from, to }) if name.namespace.as_ref() == Some(to) => {
                name.namespace = Some(from.clone());
            }
            _ => {}
        }
    }
    name
}

fn history<'a>(first: &ObjectName, renames: &'a [Op]) -> Vec<Renamed<'a>> {
    let mut name = first.clone();
    let mut history = Vec::new();
    for op in renames {
        match op {
            Op::Table(TableEdit::Rename { from, to }) if *from == name => {
                history.push(Renamed::Table(&from.name, &to.name));
                name = to.clone();
            }
            Op::Namespace(Edit::Rename { from, to }) if name.namespace.as_ref() == Some(from) => {
                name.namespace = Some(to.clone());
            }
            Op::Column { table, edit: Edit::Rename { from, to } } if *table == name => {
                history.push(Renamed::Column(table, from, to));
            }
            _ => {}
        }
    }
    history
}

fn in_table(before: &Table, after: Option<&Table>, history: &[Renamed<'_>], ops: &mut Vec<Op>) {
    let table = || before.name.clone();
    for column in before.columns.sorted() {
        let Some(old) = &column.generated else { continue };
        let new = after.and_then(|after| after.columns.get(&column.name)?.generated.as_ref());
        if let Some(expression) = followed(&old.expression, new.map(|new| &new.expression), history) {
            let generated = Some(Generated { expression, storage: old.storage });
            let to = Column { generated, ..column.clone() };
            let edit = Edit::Alter { from: Box::new(column.clone()), to: Box::new(to) };
            ops.push(Op::Column { table: table(), edit });
        }
    }
    for check in before.checks.sorted() {
        let candidates =
            after.into_iter().flat_map(|after| counterparts(check, &before.checks, &after.checks));
        let candidates = candidates.map(|new| &new.expression);
        if let Some(expression) = followed(&check.expression, candidates, history) {
            let to = Check { expression, ..check.clone() };
            let edit = Edit::Alter { from: Box::new(check.clone()), to: Box::new(to) };
            ops.push(Op::Check { table: table(), edit });
        }
    }
    for index in before.indexes.sorted() {
        let candidates: Vec<&Index> = after
            .into_iter()
            .flat_map(|after| counterparts(index, &before.indexes, &after.indexes))
            .collect();
        let mut to = index.clone();
        if let Some(old) = &mut to.predicate {
            let new = candidates.iter().filter_map(|new| new.predicate.as_ref());
            if let Some(text) = followed(old, new, history) {
                *old = text;
            }
        }
        for (place, key) in to.keys.iter_mut().enumerate() {
            let KeyPart::Expression(old) = &mut key.on else { continue };
            let new = candidates.iter().filter_map(|new| match &new.keys.get(place)?.on {
                KeyPart::Expression(text) => Some(text),
                KeyPart::Column(_) => None,
            });
            if let Some(text) = followed(old, new, history) {
                *old = text;
            }
        }
        if to != *index {
            let edit = Edit::Alter { from: Box::new(index.clone()), to: Box::new(to) };
            ops.push(Op::Index { table: table(), edit });
        }
    }
}

/// What a thing may have become: what has its name, or else what has a new one.
fn counterparts<'a, T: Named>(
    item: &T,
    before: &'a Collection<T>,
    after: &'a Collection<T>,
) -> Box<dyn Iterator<Item = &'a T> + 'a> {
    match after.get(item.key()) {
        Some(same) => Box::new(std::iter::once(same)),
        None => Box::new(after.sorted().into_iter().filter(|other| !before.contains(other.key()))),
    }
}

/// What a text has become by the renames: in the words of one of the candidates that says just that, or else in its
/// own, with the names replaced. `None` where the renames don't concern it.
fn followed<'a>(
    old: &SqlText,
    candidates: impl IntoIterator<Item = &'a SqlText>,
    history: &[Renamed<'_>],
) -> Option<SqlText> {
    let says = |old: &str, new: &str| same_tokens(&rewritten(old, history), new, &Rules::STANDARD);
    let explains = |new: &&SqlText| {
        old.overrides.len() == new.overrides.len()
            && says(&old.common, &new.common)
            && old
                .overrides
                .iter()
                .all(|(dialect, old)| new.overrides.get(dialect).is_some_and(|new| says(old, new)))
    };
    let followed = match candidates.into_iter().find(explains) {
        Some(new) => new.clone(),
        None => old.map(|text| rewritten(text, history).into()),
    };
    // A name that has to be quoted would be quoted in the words of one dialect.
    let quotes = |text: &SqlText| text.values().map(|text| text.matches('"').count()).sum::<usize>();
    (followed != *old && quotes(&followed) <= quotes(old)).then_some(followed)
}

fn rewritten(text: &str, history: &[Renamed<'_>]) -> String {
    history.iter().fold(text.to_owned(), |text, renamed| match renamed {
        Renamed::Table(from, to) => rename_table(&text, from.as_str(), to.as_str(), &Rules::STANDARD),
        Renamed::Column(table, from, to) => {
            rename_column(&text, table.name.as_str(), from.as_str(), to.as_str(), &Rules::STANDARD)
        }
    })
}
