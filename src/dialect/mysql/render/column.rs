//! Columns that get other names. MariaDB rewrites what speaks of them; MySQL wants to be told, and to have some of it out of
//! the way meanwhile.

use super::super::definition::{Writer, mentions};
use super::super::quote::ident;
use super::super::types::{JSON, MyType};
use super::super::{RULES, version};
use super::Renderer;
use super::algorithm::{Judge, Way, costly_checks};
use super::change::{Change, Key};
use super::output::of_table;
use super::renames::{Part, Texts, is_spoken_of};
use super::table::speaks;
use crate::change::{Edit, Op};
use crate::dialect::Effect;
use crate::model::{Check, Column, Index, KeyPart, Table, Value};
use crate::name::{Name, ObjectName};
use crate::sql::rename_column;

/// What speaks of a column that gets another name, where the server doesn't rewrite it.
#[derive(Default)]
struct Speaking {
    /// What follows in the same statement.
    along: Vec<Change>,
    /// The indexes that go before it, and come back.
    indexes: Vec<Index>,
    /// The checks that go before it, as they come back.
    checks: Vec<Check>,
}

impl Renderer<'_> {
    /// Gives a column another name.
    pub(super) fn rename_column(&mut self, table: &ObjectName, from: &Name, to: &Name, op: &Op) {
        let follow = |text: &str| -> Box<str> {
            rename_column(text, table.name.as_str(), from.as_str(), to.as_str(), &RULES).into()
        };
        let Speaking { along, indexes, checks } = self.speaking(table, from, &follow);
        let Some(mut bare) = self.database.tables.get(table).cloned() else { return };
        let enums = self.database.enums.clone();
        let is_new = self.created.contains(table);
        let mut gone: Vec<Change> = indexes.iter().map(|index| Change::DropKey(index.name.clone())).collect();
        // A check becomes one of a column, or ceases to be, with the name of the column.
        let own = [from, to].into_iter().filter(|_| version::is_mariadb(self.out.version));
        let aside = checks.iter().map(|check| &check.name).chain(own);
        gone.extend(aside.filter_map(|name| bare.checks.get(name)).cloned().map(Change::DropCheck));
        self.out.alter(&mut bare, gone, [&enums, &enums], is_new);
        self.database.tables.replace(bare.clone());
        let way = self.way_of_rename(&bare, from, &along);
        let before = of_table(&bare, &enums);
        // Keys and foreign keys follow, those of other tables too.
        if op.apply(&mut self.database).is_err() {
            return;
        }
        if let Some(table) = self.database.tables.get_mut(table) {
            follow_texts(table, |_, _, text| Some(follow(text)));
        }
        let Some(mut renamed) = self.database.tables.get(table).cloned() else { return };
        let writer = Writer { version: self.out.version, enums: &enums };
        let mut clauses = vec![self.rename_clause(&renamed, from, to)];
        clauses.extend(along.iter().flat_map(|change| change.clauses(&writer, &renamed)));
        let after = of_table(&renamed, &enums);
        self.out.alter_as(table, &clauses, way, Effect { before, after }, is_new);
        if version::renames_within_expressions(self.out.version) && !is_new && is_spoken_of(&bare, from) {
            self.out.open_anew(table);
        }
        let back = indexes.into_iter().map(|mut index| {
            follow_index(&mut index, from, to, &follow);
            Change::AddKey(Key::Index(index))
        });
        let back: Vec<Change> = back.chain(checks.into_iter().map(Change::AddCheck)).collect();
        self.serve_parts(table, &back);
        self.out.alter(&mut renamed, back, [&enums, &enums], is_new);
        self.database.tables.replace(renamed);
        for places in [&mut self.unfilled, &mut self.relaxed] {
            if places.remove(&(table.clone(), from.clone())) {
                places.insert((table.clone(), to.clone()));
            }
        }
    }

    /// What speaks of a column. MySQL copies no table while a column of a foreign key gets another name: checks come back
    /// behind it, and where computed columns make a copy of it all the same, the foreign keys step aside.
    fn speaking(&mut self, table: &ObjectName, column: &Name, follow: &dyn Fn(&str) -> Box<str>) -> Speaking {
        let mut speaking = Speaking::default();
        let Some(now) = self.database.tables.get(table) else { return speaking };
        if version::renames_within_expressions(self.out.version) {
            return speaking;
        }
        let in_keys = self.foreign_keys_over(table, |name| name == column);
        speaking.indexes = now.indexes.iter().filter(|index| speaks(index, column)).cloned().collect();
        for known in now.columns.iter() {
            let mut next = known.clone();
            if let Some(generated) = &mut next.generated {
                generated.expression.common = follow(&generated.expression.common);
            }
            if let Some(Value::Sql(text)) = &mut next.default.common {
                *text = follow(text);
            }
            if next != *known {
                let from = Box::new(known.clone());
                speaking.along.push(Change::SetColumn { from, to: Box::new(next) });
            }
        }
        let about = |check: &&Check| mentions(&check.expression.common, column);
        let mut checks: Vec<Check> = now.checks.iter().filter(about).cloned().collect();
        checks.iter_mut().for_each(|check| check.expression.common = follow(&check.expression.common));
        if in_keys.is_empty() {
            speaking.along.extend(checks.into_iter().map(Change::ReplaceCheck));
            return speaking;
        }
        let costly = costly_checks(now, &self.database.enums).filter(|check| !about(check));
        speaking.checks = checks.into_iter().chain(costly.cloned()).collect();
        if self.copies(now, &speaking.along) {
            in_keys.iter().for_each(|(table, key)| self.suspend(table, key));
        }
        speaking
    }

    /// What comes back of a table serves the operations about it too, which are half done as long as it is gone.
    fn serve_parts(&mut self, table: &ObjectName, back: &[Change]) {
        let is_back = |name: &Name| {
            back.iter().any(|change| match change {
                Change::AddKey(key) => key.name() == name,
                Change::AddCheck(check) => check.name == *name,
                _ => false,
            })
        };
        self.serve_also(|_, op| match op {
            Op::Index { table: of, edit: Edit::Alter { to, .. } } => of == table && is_back(&to.name),
            Op::Check { table: of, edit: Edit::Alter { to, .. } } => of == table && is_back(&to.name),
            _ => false,
        });
    }

    /// MariaDB makes documents of texts by a check of the column, which is called like it and keeps its name where the
    /// column alone is renamed.
    fn rename_clause(&self, renamed: &Table, from: &Name, to: &Name) -> String {
        let enums = &self.database.enums;
        let is_document = |column: &&Column| MyType::of(&column.ty.common, enums).is(JSON);
        match renamed.columns.get(to).filter(is_document) {
            Some(column) if version::is_mariadb(self.out.version) => {
                let writer = Writer { version: self.out.version, enums };
                format!("CHANGE COLUMN {} {}", ident(from), writer.column(renamed, column))
            }
            Some(_) | None => format!("RENAME COLUMN {} TO {}", ident(from), ident(to)),
        }
    }

    /// Whether changes of a table take a copy of it.
    fn copies(&self, table: &Table, changes: &[Change]) -> bool {
        let enums = [&self.database.enums; 2];
        let judge = Judge { version: self.out.version, table, enums };
        changes.iter().any(|change| judge.way(change) == Way::Copy)
    }

    fn way_of_rename(&self, table: &Table, column: &Name, along: &[Change]) -> Way {
        let mariadb = version::is_mariadb(self.out.version);
        if self.copies(table, along)
            || (!mariadb && costly_checks(table, &self.database.enums).next().is_some())
        {
            return Way::Copy;
        }
        let mut keys = self.database.tables.iter().flat_map(|table| &table.foreign_keys);
        let is_referred = keys.any(|key| key.table == table.name && key.references.contains(column));
        if is_referred && !mariadb { Way::Beside } else { Way::Instant }
    }
}

/// Puts the expressions of a table into the names that its columns have at the moment.
pub(super) fn in_present_names(table: &mut Table, texts: &Texts) {
    let name = table.name.clone();
    follow_texts(table, |part, of, text| texts.present(&name, part, of, text).map(Into::into));
}

/// Gives the expressions of a table other texts, where there are such.
fn follow_texts(table: &mut Table, follow: impl Fn(Part, &Name, &str) -> Option<Box<str>>) {
    let put = |part: Part, name: &Name, text: &mut Box<str>| {
        if let Some(followed) = follow(part, name, text) {
            *text = followed;
        }
    };
    for column in table.columns.iter_mut() {
        if let Some(generated) = &mut column.generated {
            put(Part::Column, &column.name, &mut generated.expression.common);
        }
        if let Some(Value::Sql(text)) = &mut column.default.common {
            put(Part::Column, &column.name, text);
        }
    }
    for check in table.checks.iter_mut() {
        put(Part::Check, &check.name, &mut check.expression.common);
    }
    for index in table.indexes.iter_mut() {
        for key in &mut index.keys {
            if let KeyPart::Expression(text) = &mut key.on {
                put(Part::Index, &index.name, &mut text.common);
            }
        }
    }
}

fn follow_index(index: &mut Index, from: &Name, to: &Name, follow: &dyn Fn(&str) -> Box<str>) {
    for key in &mut index.keys {
        match &mut key.on {
            KeyPart::Expression(text) => text.common = follow(&text.common),
            KeyPart::Column(name) if name == from => name.clone_from(to),
            KeyPart::Column(_) => {}
        }
    }
}
