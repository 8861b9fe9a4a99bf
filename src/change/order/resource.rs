//! What an operation makes, needs, releases and removes.

use std::collections::{BTreeSet, HashMap};

use super::mention::{Mentions, in_check, in_column, in_index, in_text};
use super::uses::{Uses, column, foreign_key, index, primary_key, sorted, unique, whole};
use crate::change::effect::is_required;
use crate::change::{Edit, Op, RowEdit, TableEdit};
use crate::model::{Column, ForDialect, Named, RawObject, Row, State, Table, Type, Value, View};
use crate::name::{DialectName, Name, ObjectName};
use crate::sql::{Rules, identifiers};

/// Something that one operation makes and another needs.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Resource {
    Namespace(Name),
    /// A table, view, enum or raw object.
    Object(ObjectName),
    EnumValue(ObjectName, Box<str>),
    Column(ObjectName, Name),
    /// The place of a table's one primary key.
    PrimaryKey(ObjectName),
    /// Columns of a table that together are unique, sorted.
    Key(ObjectName, Vec<Name>),
    /// The same in their order, which MySQL asks for.
    OrderedKey(ObjectName, Vec<Name>),
    /// The name of a constraint or an index, or of a table, view or enum that has it all over its namespace.
    Slot(Option<Name>, Name),
    /// The name of a foreign key or check, which MySQL has once in a database.
    Constraint(Option<Name>, Name),
    /// A row, by the values of some columns, sorted by column.
    Row(ObjectName, Vec<(Name, Value)>),
    /// The reference rows of a table. Foreign keys to it come behind those that it gets and go before those that it
    /// loses, so that rows nobody knows of refer to none that goes, on the way there and on the way back.
    Rows(ObjectName),
    /// That a table takes rows without a value for a column that the other state doesn't have.
    Room(ObjectName),
    /// The type of a column that changes, for what is computed from it and for foreign keys.
    Shape(ObjectName, Name),
    /// That a column holds no NULL and is not computed, which a primary key takes for granted.
    Filled(ObjectName, Name),
}

/// How an operation touches resources. `needs` is what its outcome rests on, `releases` what rested before.
#[derive(Debug, Default)]
pub(super) struct Footprint {
    pub(super) makes: Vec<Resource>,
    pub(super) removes: Vec<Resource>,
    pub(super) needs: Vec<Resource>,
    pub(super) releases: Vec<Resource>,
}

/// What the operations' surroundings say: which columns rows are referred to by, and what views mention.
pub(super) struct Facts<'a> {
    from: &'a State,
    to: &'a State,
    referred: HashMap<&'a ObjectName, BTreeSet<Vec<Name>>>,
    mentions: Mentions<'a>,
    /// Views and tables that are held to what they declare, whatever else their words may mean.
    declared: BTreeSet<ObjectName>,
    /// Tables whose rows come and go by themselves, whatever refers to the table.
    loose: BTreeSet<ObjectName>,
}

impl<'a> Facts<'a> {
    pub(super) fn new(from: &'a State, to: &'a State) -> Self {
        let mut referred: HashMap<&ObjectName, BTreeSet<Vec<Name>>> = HashMap::new();
        if !from.data.is_empty() || !to.data.is_empty() {
            for key in from.tables.iter().chain(&to.tables).flat_map(|table| &table.foreign_keys) {
                referred.entry(&key.table).or_default().insert(sorted(&key.references));
            }
        }
        let mentions = Mentions::new([from, to]);
        Self { from, to, referred, mentions, declared: BTreeSet::new(), loose: BTreeSet::new() }
    }

    /// From now on takes for these views and tables what they declare alone; false when that is done already.
    pub(super) fn stop_guessing(&mut self, names: impl Iterator<Item = ObjectName>) -> bool {
        let before = self.declared.len();
        self.declared.extend(names);
        self.declared.len() > before
    }

    /// From now on lets foreign keys to these tables come before their rows; false when that is so already.
    pub(super) fn let_rows_loose(&mut self, tables: impl Iterator<Item = ObjectName>) -> bool {
        let before = self.loose.len();
        self.loose.extend(tables);
        self.loose.len() > before
    }

    pub(super) fn footprint(&self, op: &Op) -> Footprint {
        let mut footprint = match op {
            Op::Namespace(edit) => edited(edit, |item| Uses::of(Resource::Namespace(item.name.clone()))),
            Op::Enum(edit) => edited(edit, |item| {
                let mut uses = Uses::object(&item.name);
                uses.makes.extend(
                    item.values.iter().map(|value| Resource::EnumValue(item.name.clone(), value.clone())),
                );
                uses.in_namespace(&item.name)
            }),
            Op::EnumValue { of, from, to } => Footprint {
                makes: vec![Resource::EnumValue(of.clone(), to.clone())],
                removes: vec![Resource::EnumValue(of.clone(), from.clone())],
                ..Footprint::default()
            },
            Op::Table(edit) => self.table(edit),
            Op::Column { table, edit } => {
                let mut footprint =
                    edited(edit, |item| column(table, item).and(self.mentioned(table, in_column(item))));
                match edit {
                    Edit::Drop(gone) if is_required(gone) => {
                        footprint.makes.push(Resource::Room(table.clone()));
                    }
                    Edit::Create(new) if is_required(new) => {
                        footprint.removes.push(Resource::Room(table.clone()));
                    }
                    Edit::Create(_) | Edit::Drop(_) | Edit::Alter { .. } | Edit::Rename { .. } => {}
                }
                shapes(table, edit, &mut footprint);
                filled(table, edit, &mut footprint);
                footprint
            }
            Op::PrimaryKey { table, edit } => edited(edit, |item| primary_key(table, item)),
            Op::Unique { table, edit } => edited(edit, |item| unique(table, item)),
            Op::ForeignKey { table, edit } => edited(edit, |item| foreign_key(table, item)),
            Op::Check { table, edit } => edited(edit, |item| {
                Uses::constraint(table, &item.name).and(self.mentioned(table, in_check(item)))
            }),
            Op::Index { table, edit } => {
                edited(edit, |item| index(table, item).and(self.mentioned(table, in_index(item))))
            }
            Op::View(edit) => self.view(edit),
            Op::Object(edit) => self.object(edit),
            Op::Row { table, key: _, edit } => self.row(table, edit),
        };
        renamed(op, &mut footprint);
        footprint
    }

    /// The raw objects that SQL of a table or view mentions.
    fn mentioned<'t>(&self, owner: &ObjectName, texts: impl IntoIterator<Item = &'t str>) -> Vec<Resource> {
        if self.declared.contains(owner) { Vec::new() } else { self.mentions.within(owner, texts) }
    }

    fn table(&self, edit: &TableEdit) -> Footprint {
        let uses = |table: &Table| {
            let columns = table.columns.iter().flat_map(in_column);
            let checks = table.checks.iter().flat_map(in_check);
            let indexes = table.indexes.iter().flat_map(in_index);
            whole(table).and(self.mentioned(&table.name, columns.chain(checks).chain(indexes)))
        };
        match edit {
            TableEdit::Create(table) => Footprint::made(uses(table)),
            TableEdit::Drop(table) => Footprint::removed(uses(table)),
            TableEdit::Alter { .. } | TableEdit::Rename { .. } => Footprint::default(),
        }
    }

    fn view(&self, edit: &Edit<View>) -> Footprint {
        let uses = |state: &State, view: &View| {
            let mut uses = Uses::object(&view.name).in_namespace(&view.name);
            if self.declared.contains(&view.name) {
                uses.needs.extend(view.depends_on.iter().cloned().map(Resource::Object));
            } else {
                uses.needs.extend(state.sources_of_view(view).into_iter().map(Resource::Object));
                uses.needs.extend(self.mentioned(&view.name, in_text(&view.query)));
            }
            uses
        };
        both(edit, |item| uses(self.from, item), |item| uses(self.to, item))
    }

    fn object(&self, edit: &Edit<RawObject>) -> Footprint {
        edited(edit, |item| {
            let mut uses = Uses::of(Resource::Object(item.name.clone())).in_namespace(&item.name);
            uses.needs.extend(item.depends_on.iter().cloned().map(Resource::Object));
            uses
        })
    }

    fn row(&self, table: &ObjectName, edit: &RowEdit) -> Footprint {
        let before = |row| self.cells(self.from, table, row);
        let after = |row| self.cells(self.to, table, row);
        let mut footprint = match edit {
            RowEdit::Insert(row) => Footprint::made(after(row)),
            RowEdit::Delete(row) => Footprint::removed(before(row)),
            RowEdit::Update { from, to } => {
                let (before, after) = (before(from), after(to));
                let (come, gone) = (after.makes.clone(), before.makes.clone());
                let mut footprint = Footprint::changed(before, after);
                // Where a row stays, it rests on what it rested on before.
                let Footprint { makes, removes, needs, releases } = &mut footprint;
                if edit.comes() {
                    *makes = come;
                    releases.retain(|resource| !needs.contains(resource));
                }
                if edit.goes() {
                    *removes = gone;
                    needs.retain(|resource| !releases.contains(resource));
                }
                footprint
            }
        };
        if !self.loose.contains(table) {
            if edit.comes() {
                footprint.makes.push(Resource::Rows(table.clone()));
                footprint.needs.push(Resource::Room(table.clone()));
            }
            if edit.goes() {
                footprint.removes.push(Resource::Rows(table.clone()));
                footprint.releases.push(Resource::Room(table.clone()));
            }
        }
        footprint
    }

    fn cells(&self, state: &State, name: &ObjectName, row: &Row) -> Uses {
        let mut uses = Uses::default().on(name);
        // Where a column only comes to other dialects, it takes the cells along.
        let has = |state: &State, column| {
            state.tables.get(name).is_some_and(|table| table.columns.contains(column))
        };
        let passing = row.cells.keys().filter(|column| !(has(self.from, column) && has(self.to, column)));
        uses.needs.extend(passing.map(|column| Resource::Column(name.clone(), column.clone())));
        let pick = |columns: &[Name]| -> Option<Vec<(Name, Value)>> {
            columns.iter().map(|column| Some((column.clone(), row.cells.get(column)?.clone()))).collect()
        };
        for columns in self.referred.get(name).into_iter().flatten() {
            uses.makes.extend(pick(columns).map(|cells| Resource::Row(name.clone(), cells)));
        }
        let Some(table) = state.tables.get(name) else { return uses };
        for key in &table.foreign_keys {
            let cells = key.columns.iter().zip(&key.references);
            let cells: Option<Vec<_>> =
                cells.map(|(own, other)| Some((other.clone(), row.cells.get(own)?.clone()))).collect();
            if let Some(mut cells) = cells {
                cells.sort();
                uses.needs.push(Resource::Row(key.table.clone(), cells));
            }
        }
        for column in &table.columns {
            if let (Type::Enum(of), Some(Value::Text(value))) =
                (&column.ty.common, row.cells.get(&column.name))
            {
                uses.needs.push(Resource::EnumValue(of.clone(), value.clone()));
            }
        }
        uses
    }
}

impl Footprint {
    fn made(after: Uses) -> Self {
        Self { makes: after.makes, needs: after.needs, ..Self::default() }
    }

    fn removed(before: Uses) -> Self {
        Self { removes: before.makes, releases: before.needs, ..Self::default() }
    }

    /// What is there before and after is neither made nor removed.
    fn changed(before: Uses, after: Uses) -> Self {
        let makes = after.makes.iter().filter(|resource| !before.makes.contains(resource)).cloned().collect();
        let removes =
            before.makes.iter().filter(|resource| !after.makes.contains(resource)).cloned().collect();
        Self { makes, removes, needs: after.needs, releases: before.needs }
    }

    /// A change of the dialects that have it: some make it, or others remove it.
    fn limited(before: Uses, after: Uses, from: Option<&DialectName>, to: Option<&DialectName>) -> Self {
        let mut footprint = Self::changed(before.clone(), after.clone());
        if from.is_some() && from != to {
            footprint.makes = after.makes;
        }
        if to.is_some() && from != to {
            footprint.removes = before.makes;
        }
        footprint
    }
}

fn edited<T: Named + ForDialect>(edit: &Edit<T>, uses: impl Fn(&T) -> Uses) -> Footprint {
    both(edit, &uses, &uses)
}

fn both<T: Named + ForDialect>(
    edit: &Edit<T>,
    before: impl Fn(&T) -> Uses,
    after: impl Fn(&T) -> Uses,
) -> Footprint {
    match edit {
        Edit::Create(item) => Footprint::made(after(item)),
        Edit::Drop(item) => Footprint::removed(before(item)),
        Edit::Alter { from, to } => Footprint::limited(before(from), after(to), from.only(), to.only()),
        Edit::Rename { .. } => Footprint::default(),
    }
}

/// A rename takes one name and gives another free. Renames of whole objects and of columns run before this
/// order; those of constraints and indexes are part of it.
fn renamed(op: &Op, footprint: &mut Footprint) {
    let (table, before, after) = match op {
        Op::PrimaryKey { table, edit: Edit::Rename { from, to } }
        | Op::Unique { table, edit: Edit::Rename { from, to } }
        | Op::Index { table, edit: Edit::Rename { from, to } } => {
            let slot = |name: &Name| vec![Resource::Slot(table.namespace.clone(), name.clone())];
            (table, slot(from), slot(to))
        }
        Op::ForeignKey { table, edit: Edit::Rename { from, to } }
        | Op::Check { table, edit: Edit::Rename { from, to } } => {
            (table, Uses::constraint(table, from).makes, Uses::constraint(table, to).makes)
        }
        _ => return,
    };
    footprint.needs.push(Resource::Object(table.clone()));
    footprint.removes.extend(before);
    footprint.makes.extend(after);
}

/// A column is computed from others after they have their new types, and no more before they get them.
fn shapes(table: &ObjectName, edit: &Edit<Column>, footprint: &mut Footprint) {
    let sources = |column: &Column| -> Vec<Resource> {
        let texts = column.generated.iter().flat_map(|generated| generated.expression.values());
        let words = texts.flat_map(|text| identifiers(text, &Rules::SHARED));
        let names = words.filter_map(|word| Name::new(&word.name).ok());
        names.map(|name| Resource::Shape(table.clone(), name)).collect()
    };
    match edit {
        Edit::Create(column) => footprint.needs.extend(sources(column)),
        Edit::Drop(column) => footprint.releases.extend(sources(column)),
        Edit::Alter { from, to } => {
            match (&from.generated, &to.generated) {
                (None, Some(_)) => footprint.needs.extend(sources(to)),
                (Some(_), None) => footprint.releases.extend(sources(from)),
                // What is computed all along is taken along.
                (None, None) | (Some(_), Some(_)) => {}
            }
            if from.ty != to.ty && from.generated.is_none() && to.generated.is_none() {
                let shape = Resource::Shape(table.clone(), to.name.clone());
                footprint.makes.push(shape.clone());
                footprint.removes.push(shape);
            }
        }
        Edit::Rename { .. } => {}
    }
}

/// A column holds NULL no more and has values of its own before it is part of the primary key, and again only after it
/// was.
fn filled(table: &ObjectName, edit: &Edit<Column>, footprint: &mut Footprint) {
    let Edit::Alter { from, to } = edit else { return };
    let filled = Resource::Filled(table.clone(), to.name.clone());
    let can_be_key = |column: &Column| !column.nullable && column.generated.is_none();
    match (can_be_key(from), can_be_key(to)) {
        (false, true) => footprint.makes.push(filled),
        (true, false) => footprint.removes.push(filled),
        (true, true) | (false, false) => {}
    }
}
