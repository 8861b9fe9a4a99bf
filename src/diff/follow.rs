//! Checks, computed columns and indexes whose SQL follows a rename: databases rewrite their own copies at once, so
//! the states do too, before anything else and before any hook.

use crate::change::{Edit, Op, Renames, TableEdit};
use crate::model::{Check, Collection, Column, Generated, Index, KeyPart, Named, SqlText, State, Table};
use crate::name::ObjectName;

/// The edits of texts that are said in new names, in no particular order; `middle` is the state that the renames lead
/// to. What else changes in such a text is not among them.
pub(super) fn edits(middle: &State, to: &State, renames: &[Op]) -> Vec<Op> {
    let mut ops = Vec::new();
    for before in middle.tables.sorted() {
        let renames = Renames::since(&table_before(&before.name, renames), renames);
        if !renames.is_empty() {
            in_table(before, to.tables.get(&before.name), &renames, &mut ops);
        }
    }
    ops
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

fn in_table(before: &Table, after: Option<&Table>, renames: &Renames<'_>, ops: &mut Vec<Op>) {
    let table = || before.name.clone();
    for column in before.columns.sorted() {
        let Some(old) = &column.generated else { continue };
        let new = after.and_then(|after| after.columns.get(&column.name)?.generated.as_ref());
        if let Some(expression) = followed(&old.expression, new.map(|new| &new.expression), renames) {
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
        if let Some(expression) = followed(&check.expression, candidates, renames) {
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
            if let Some(text) = followed(old, new, renames) {
                *old = text;
            }
        }
        for (place, key) in to.keys.iter_mut().enumerate() {
            let KeyPart::Expression(old) = &mut key.on else { continue };
            let new = candidates.iter().filter_map(|new| match &new.keys.get(place)?.on {
                KeyPart::Expression(text) => Some(text),
                KeyPart::Column(_) => None,
            });
            if let Some(text) = followed(old, new, renames) {
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
    renames: &Renames<'_>,
) -> Option<SqlText> {
    let followed = match candidates.into_iter().find(|new| renames.explain(old, new)) {
        Some(new) => new.clone(),
        None => old.map(|text| renames.follow(text).into()),
    };
    // A name that has to be quoted would be quoted in the words of one dialect.
    let quotes = |text: &SqlText| text.values().map(|text| text.matches('"').count()).sum::<usize>();
    (followed != *old && quotes(&followed) <= quotes(old)).then_some(followed)
}
