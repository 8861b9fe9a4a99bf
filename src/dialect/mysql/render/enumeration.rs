//! Enums, which live in the columns of tables: every column gets its values anew.

use std::collections::BTreeMap;

use super::super::options;
use super::super::quote::{ident, object, string};
use super::Renderer;
use super::change::Change;
use crate::change::{Edit, Op};
use crate::model::{Collection, Column, EnumType, Type, Value};
use crate::name::{Name, ObjectName};

impl Renderer<'_> {
    pub(super) fn enum_type(&mut self, edit: &Edit<EnumType>, op: &Op, index: usize) {
        self.apply(index, op);
        match edit {
            Edit::Alter { from, to } if from.values != to.values => {
                let enums = self.live.enums.clone();
                self.values_change(&to.name, &enums);
            }
            // It has a name in the schema alone.
            Edit::Create(_) | Edit::Drop(_) | Edit::Alter { .. } => {}
            Edit::Rename { .. } => {
                // Columns that speak of it follow in the state.
                drop(op.apply(&mut self.database));
            }
        }
        self.database.enums = self.live.enums.clone();
    }

    /// A value gets another name: it is there under both until no row has the old one.
    pub(super) fn enum_value(&mut self, of: &ObjectName, from: &str, to: &str, op: &Op, index: usize) {
        let mut both = self.database.enums.clone();
        if let Some(item) = both.get_mut(of) {
            item.values.push(to.into());
        }
        self.values_change(of, &both);
        self.database.enums = both;
        for (table, column) in self.columns_of(of) {
            let kept = self.moments_of_update(&table);
            let column = ident(&column);
            self.out.inside(format!(
                "UPDATE {} SET {column} = {}{kept} WHERE {column} = {}",
                object(&table),
                string(to),
                string(from)
            ));
        }
        self.apply(index, op);
        let follow = |column: &mut Column| {
            let value = &mut column.default.common;
            if matches!(value, Some(Value::Text(text)) if **text == *from) {
                *value = Some(Value::Text(to.into()));
            }
        };
        let enums = self.live.enums.clone();
        for (table, columns) in by_table(self.columns_of(of)) {
            self.set_values(&table, &columns, &enums, &follow);
        }
        self.database.enums = self.live.enums.clone();
    }

    /// What keeps the columns as they are that get the present moment when their row changes: nobody changed it.
    fn moments_of_update(&self, table: &ObjectName) -> String {
        let columns = self.database.tables.get(table).into_iter().flat_map(|table| table.columns.iter());
        let moments = columns.filter(|column| options::get(&column.options, options::ON_UPDATE).is_some());
        moments.map(|column| format!(", {0} = {0}", ident(&column.name))).collect()
    }

    fn values_change(&mut self, of: &ObjectName, enums: &Collection<EnumType>) {
        for (table, columns) in by_table(self.columns_of(of)) {
            self.set_values(&table, &columns, enums, &|_| {});
        }
    }

    /// Gives columns of a table the values that their enum has among others.
    fn set_values(
        &mut self,
        table: &ObjectName,
        columns: &[Name],
        enums: &Collection<EnumType>,
        change: &dyn Fn(&mut Column),
    ) {
        let Some(mut now) = self.database.tables.get(table).cloned() else { return };
        let set = |from: &Column| {
            let mut to = from.clone();
            change(&mut to);
            Change::SetColumn { from: Box::new(from.clone()), to: Box::new(to) }
        };
        let sets = columns.iter().filter_map(|name| now.columns.get(name)).map(set).collect();
        let before = self.database.enums.clone();
        self.out.alter(&mut now, sets, [&before, enums], self.created.contains(table));
        self.database.tables.replace(now);
    }

    /// The columns in the database that have an enum as their type.
    fn columns_of(&self, of: &ObjectName) -> Vec<(ObjectName, Name)> {
        let mut found = Vec::new();
        for table in &self.database.tables {
            let uses = |column: &&Column| matches!(&column.ty.common, Type::Enum(name) if name == of);
            let columns = table.columns.iter().filter(uses);
            found.extend(columns.map(|column| (table.name.clone(), column.name.clone())));
        }
        found
    }
}

/// The columns of each table, which get their values in one statement.
fn by_table(columns: Vec<(ObjectName, Name)>) -> BTreeMap<ObjectName, Vec<Name>> {
    let mut tables: BTreeMap<ObjectName, Vec<Name>> = BTreeMap::new();
    for (table, column) in columns {
        tables.entry(table).or_default().push(column);
    }
    tables
}
