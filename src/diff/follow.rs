//! Checks, computed columns and indexes whose SQL follows a rename: databases rewrite their own copies at once, so
//! the states do too, before anything else and before any hook.

use crate::change::{Edit, Op, TableEdit};
use crate::model::{Collection, KeyPart, Named, SqlText, State, Table};
use crate::name::{Name, ObjectName};
use crate::sql::{Rules, rename_column, rename_table, same_tokens};

/// The edits of texts that say the same in new names, in no particular order; `middle` is the state that the renames
/// lead to.
pub(super) fn edits(middle: &State, to: &State, renames: &[Op]) -> Vec<Op> {
    let mut ops = Vec::new();
    for (before, after) in
        middle.tables.sorted().into_iter().filter_map(|table| Some((table, to.tables.get(&table.name)?)))
    {
        let history = history(&table_before(&before.name, renames), renames);
        if !history.is_empty() {
            in_table(before, after, &history, &mut ops);
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

fn in_table(before: &Table, after: &Table, history: &[Renamed<'_>], ops: &mut Vec<Op>) {
    let table = || before.name.clone();
    for column in before.columns.sorted() {
        let (Some(old), Some(new)) =
            (&column.generated, after.columns.get(&column.name).and_then(|column| column.generated.as_ref()))
        else {
            continue;
        };
        let mut followed = column.clone();
        let expression = &mut followed.generated.get_or_insert_with(|| old.clone()).expression;
        if follow(expression, &new.expression, history) {
            let edit = Edit::Alter { from: Box::new(column.clone()), to: Box::new(followed) };
            ops.push(Op::Column { table: table(), edit });
        }
    }
    for check in before.checks.sorted() {
        let followed = counterparts(check, &before.checks, &after.checks).find_map(|new| {
            let mut followed = check.clone();
            follow(&mut followed.expression, &new.expression, history).then_some(followed)
        });
        if let Some(followed) = followed {
            let edit = Edit::Alter { from: Box::new(check.clone()), to: Box::new(followed) };
            ops.push(Op::Check { table: table(), edit });
        }
    }
    for index in before.indexes.sorted() {
        let followed = counterparts(index, &before.indexes, &after.indexes).find_map(|new| {
            let mut followed = index.clone();
            let mut changed = match (&mut followed.predicate, &new.predicate) {
                (Some(old), Some(new)) => follow(old, new, history),
                _ => false,
            };
            for (old, new) in followed.keys.iter_mut().zip(&new.keys) {
                if let (KeyPart::Expression(old), KeyPart::Expression(new)) = (&mut old.on, &new.on) {
                    changed |= follow(old, new, history);
                }
            }
            changed.then_some(followed)
        });
        if let Some(followed) = followed {
            let edit = Edit::Alter { from: Box::new(index.clone()), to: Box::new(followed) };
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

/// Takes over a new text that is another only by the renames.
fn follow(old: &mut SqlText, new: &SqlText, history: &[Renamed<'_>]) -> bool {
    let says = |old: &str, new: &str| {
        let followed = history.iter().fold(old.to_owned(), |text, renamed| match renamed {
            Renamed::Table(from, to) => rename_table(&text, from.as_str(), to.as_str(), &Rules::STANDARD),
            Renamed::Column(table, from, to) => {
                rename_column(&text, table.name.as_str(), from.as_str(), to.as_str(), &Rules::STANDARD)
            }
        });
        same_tokens(&followed, new, &Rules::STANDARD)
    };
    let explained = old != new
        && old.overrides.len() == new.overrides.len()
        && says(&old.common, &new.common)
        && old
            .overrides
            .iter()
            .all(|(dialect, old)| new.overrides.get(dialect).is_some_and(|new| says(old, new)));
    if explained {
        old.clone_from(new);
    }
    explained
}
