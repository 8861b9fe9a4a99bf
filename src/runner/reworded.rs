//! What was observed under one version of a server, in the words of another: servers print the same view, check or
//! default otherwise after an upgrade. Pure. By these rules a text is taken to say what it said before, so a change of
//! nothing but a text can't be seen; where a scratch database may be made, that tells more.

use crate::dialect::{Inspection, Unmanaged};
use crate::model::{
    Check, Collection, Column, Index, KeyPart, Named, RawObject, SqlText, State, Table, Value, View,
};

/// What was observed, with the texts of `now` for everything that is there on both sides.
#[must_use]
pub fn reworded(before: &Inspection, now: &Inspection) -> Inspection {
    let Inspection { mut state, unmanaged, unseen } = before.clone();
    let State { namespaces: _, enums: _, tables, views, objects, data: _ } = &mut state;
    pairs(tables, &now.state.tables, table);
    pairs(views, &now.state.views, |view: &mut View, now| {
        view.query.clone_from(&now.query);
        view.depends_on.clone_from(&now.depends_on);
    });
    pairs(objects, &now.state.objects, |object: &mut RawObject, now| now.clone_into(object));
    Inspection { state, unmanaged: named_alike(unmanaged, &now.unmanaged), unseen }
}

/// What no schema has words for, as it is defined now where it is there on both sides.
#[must_use]
pub fn named_alike(mut before: Vec<Unmanaged>, now: &[Unmanaged]) -> Vec<Unmanaged> {
    for item in &mut before {
        if let Some(same) = now.iter().find(|same| same.kind == item.kind && same.name == item.name) {
            item.definition.clone_from(&same.definition);
        }
    }
    before
}

fn pairs<T: Named>(before: &mut Collection<T>, now: &Collection<T>, reword: impl Fn(&mut T, &T)) {
    for item in before.iter_mut() {
        if let Some(now) = now.get(item.key()) {
            reword(item, now);
        }
    }
}

fn table(table: &mut Table, now: &Table) {
    pairs(&mut table.columns, &now.columns, column);
    pairs(&mut table.checks, &now.checks, |check: &mut Check, now| {
        check.expression.clone_from(&now.expression);
    });
    pairs(&mut table.indexes, &now.indexes, index);
}

fn column(column: &mut Column, now: &Column) {
    if let (Some(one), Some(two)) = (&mut column.default.common, &now.default.common)
        && (matches!(one, Value::Sql(_)) || matches!(two, Value::Sql(_)))
    {
        one.clone_from(two);
    }
    if let (Some(one), Some(two)) = (&mut column.generated, &now.generated) {
        one.expression.clone_from(&two.expression);
    }
}

fn index(index: &mut Index, now: &Index) {
    if let (Some(one), Some(two)) = (&mut index.predicate, &now.predicate) {
        SqlText::clone_from(one, two);
    }
    for (one, two) in index.keys.iter_mut().zip(&now.keys) {
        if let (KeyPart::Expression(one), KeyPart::Expression(two)) = (&mut one.on, &two.on) {
            one.clone_from(two);
        }
    }
}
