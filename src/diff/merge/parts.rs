//! What the things of a state are made of, attribute by attribute, under the words of the schema language.

use std::collections::BTreeSet;

use super::mix::{Judge, Sides, Thing, collection, map, one, set};
use crate::document::write::Writer;
use crate::model::{
    Check, Column, DataSet, EnumType, ForeignKey, Generated, Index, Member, Namespace, Options, Place,
    PrimaryKey, RawObject, Row, SqlText, Table, TableSettings, Type, Unique, Value, View,
};
use crate::name::{DialectName, ObjectName};
use crate::syntax::{self, ColumnOrder};

fn written(write: impl FnOnce(&mut Writer)) -> String {
    let mut w = Writer::new();
    write(&mut w);
    w.finish().trim_end().to_owned()
}

/// SQL is one database's own until somebody says otherwise.
fn sql<J: Judge>(judge: &mut J, attribute: &'static str, sides: Sides<'_, SqlText>) -> SqlText {
    judge.pick_per_dialect(attribute, sides, |_| false)
}

fn is_portable(ty: &Type) -> bool {
    match ty {
        Type::Portable(_) | Type::Enum(_) => true,
        Type::Array(element) => is_portable(element),
        Type::Native(_) => false,
    }
}

impl Thing for Namespace {
    type Of = ();

    fn mix<J: Judge>(judge: &mut J, (): &(), sides: &Sides<'_, Self>) -> Self {
        let Self { name, comment: _ } = sides.ours;
        Self { name: name.clone(), comment: judge.pick("comment", sides.part(|item| &item.comment)) }
    }

    fn place(&self, (): &()) -> Place {
        Place::Namespace(self.name.clone())
    }

    fn text(&self, (): &()) -> String {
        let comment = self.comment.as_deref().map(crate::document::write::Literal::quoted);
        written(|w| {
            w.node("schema").arg(&self.name).prop_if("comment", comment);
        })
    }
}

impl Thing for EnumType {
    type Of = ();

    fn mix<J: Judge>(judge: &mut J, (): &(), sides: &Sides<'_, Self>) -> Self {
        let Self { name, values: _, comment: _ } = sides.ours;
        Self {
            name: name.clone(),
            values: judge.pick("values", sides.part(|item| &item.values)),
            comment: judge.pick("comment", sides.part(|item| &item.comment)),
        }
    }

    fn place(&self, (): &()) -> Place {
        Place::Enum(self.name.clone())
    }

    fn text(&self, (): &()) -> String {
        written(|w| syntax::write_enum(w, "enum", self))
    }
}

impl Thing for Table {
    type Of = ();

    fn mix<J: Judge>(judge: &mut J, (): &(), sides: &Sides<'_, Self>) -> Self {
        let Self {
            name,
            settings: _,
            columns: _,
            primary_key: _,
            uniques: _,
            foreign_keys: _,
            checks: _,
            indexes: _,
        } = sides.ours;
        let keys = sides.part(|table| &table.primary_key);
        let (base, ours, theirs) = (keys.base.as_ref(), keys.ours.as_ref(), keys.theirs.as_ref());
        // The table's own attributes come last: the judge hears of a thing as soon as it is whole.
        Self {
            name: name.clone(),
            columns: collection(judge, name, sides.part(|table| &table.columns)),
            primary_key: one(judge, name, base, ours, theirs),
            uniques: collection(judge, name, sides.part(|table| &table.uniques)),
            foreign_keys: collection(judge, name, sides.part(|table| &table.foreign_keys)),
            checks: collection(judge, name, sides.part(|table| &table.checks)),
            indexes: collection(judge, name, sides.part(|table| &table.indexes)),
            settings: settings(judge, &sides.part(|table| &table.settings)),
        }
    }

    fn place(&self, (): &()) -> Place {
        Place::Table(self.name.clone())
    }

    fn text(&self, (): &()) -> String {
        written(|w| syntax::write_table(w, "table", self, ColumnOrder::Declared))
    }

    fn head(&self, (): &()) -> String {
        written(|w| syntax::write_settings(w, "table", &self.settings))
    }
}

fn settings<J: Judge>(judge: &mut J, sides: &Sides<'_, TableSettings>) -> TableSettings {
    let TableSettings { only: _, comment: _, options: _ } = sides.ours;
    TableSettings {
        only: judge.pick("dialect", sides.part(|settings| &settings.only)),
        comment: judge.pick("comment", sides.part(|settings| &settings.comment)),
        options: options(judge, &sides.part(|settings| &settings.options)),
    }
}

fn options<J: Judge>(judge: &mut J, sides: &Sides<'_, Options>) -> Options {
    let dialects: BTreeSet<&DialectName> =
        sides.ours.keys().chain(sides.base.keys()).chain(sides.theirs.keys()).collect();
    let mut options = Options::new();
    for dialect in dialects {
        let of = |options: &'_ Options| options.get(dialect).cloned().unwrap_or_default();
        let (base, ours, theirs) = (of(sides.base), of(sides.ours), of(sides.theirs));
        let mixed = map(judge, "options", Sides { base: &base, ours: &ours, theirs: &theirs });
        if !mixed.is_empty() {
            options.insert(dialect.clone(), mixed);
        }
    }
    options
}

impl Thing for Column {
    type Of = ObjectName;

    fn mix<J: Judge>(judge: &mut J, _: &ObjectName, sides: &Sides<'_, Self>) -> Self {
        let Self {
            name,
            only: _,
            ty: _,
            nullable: _,
            default: _,
            generated: _,
            identity: _,
            collation: _,
            comment: _,
            options: _,
        } = sides.ours;
        let literal = |value: &Option<Value>| !matches!(value, Some(Value::Sql(_)));
        Self {
            name: name.clone(),
            only: judge.pick("dialect", sides.part(|column| &column.only)),
            ty: judge.pick_per_dialect("type", sides.part(|column| &column.ty), is_portable),
            nullable: judge.pick("nullable", sides.part(|column| &column.nullable)),
            default: judge.pick_per_dialect("default", sides.part(|column| &column.default), literal),
            generated: generated(judge, &sides.part(|column| &column.generated)),
            identity: judge.pick("identity", sides.part(|column| &column.identity)),
            collation: judge.pick_per_dialect(
                "collate",
                sides.part(|column| &column.collation),
                Option::is_none,
            ),
            comment: judge.pick("comment", sides.part(|column| &column.comment)),
            options: options(judge, &sides.part(|column| &column.options)),
        }
    }

    fn place(&self, of: &ObjectName) -> Place {
        Place::Member(of.clone(), Member::Column, self.name.clone())
    }

    fn text(&self, _: &ObjectName) -> String {
        written(|w| syntax::write_column(w, self))
    }
}

fn generated<J: Judge>(judge: &mut J, sides: &Sides<'_, Option<Generated>>) -> Option<Generated> {
    let (Some(base), Some(ours), Some(theirs)) = (sides.base, sides.ours, sides.theirs) else {
        return judge.pick("generated", sides.part(|generated| generated));
    };
    let sides = Sides { base, ours, theirs };
    Some(Generated {
        expression: sql(judge, "generated", sides.part(|generated| &generated.expression)),
        storage: judge.pick("virtual", sides.part(|generated| &generated.storage)),
    })
}

impl Thing for PrimaryKey {
    type Of = ObjectName;

    fn mix<J: Judge>(judge: &mut J, _: &ObjectName, sides: &Sides<'_, Self>) -> Self {
        let Self { name: _, columns: _, options: _ } = sides.ours;
        Self {
            name: judge.pick("name", sides.part(|key| &key.name)),
            columns: judge.pick("columns", sides.part(|key| &key.columns)),
            options: options(judge, &sides.part(|key| &key.options)),
        }
    }

    fn place(&self, of: &ObjectName) -> Place {
        Place::Member(of.clone(), Member::PrimaryKey, self.name.clone())
    }

    fn text(&self, of: &ObjectName) -> String {
        written(|w| syntax::write_primary_key(w, of, self))
    }
}

impl Thing for Unique {
    type Of = ObjectName;

    fn mix<J: Judge>(judge: &mut J, _: &ObjectName, sides: &Sides<'_, Self>) -> Self {
        let Self { name, only: _, columns: _, nulls_not_distinct: _, deferrable: _, options: _ } = sides.ours;
        Self {
            name: name.clone(),
            only: judge.pick("dialect", sides.part(|unique| &unique.only)),
            columns: judge.pick("columns", sides.part(|unique| &unique.columns)),
            nulls_not_distinct: judge
                .pick("nulls-not-distinct", sides.part(|unique| &unique.nulls_not_distinct)),
            deferrable: judge.pick("deferrable", sides.part(|unique| &unique.deferrable)),
            options: options(judge, &sides.part(|unique| &unique.options)),
        }
    }

    fn place(&self, of: &ObjectName) -> Place {
        Place::Member(of.clone(), Member::Unique, self.name.clone())
    }

    fn text(&self, of: &ObjectName) -> String {
        written(|w| syntax::write_unique(w, of, self))
    }
}

impl Thing for ForeignKey {
    type Of = ObjectName;

    fn mix<J: Judge>(judge: &mut J, _: &ObjectName, sides: &Sides<'_, Self>) -> Self {
        let Self {
            name,
            only: _,
            columns: _,
            table: _,
            references: _,
            on_delete: _,
            on_update: _,
            deferrable: _,
        } = sides.ours;
        Self {
            name: name.clone(),
            only: judge.pick("dialect", sides.part(|key| &key.only)),
            columns: judge.pick("columns", sides.part(|key| &key.columns)),
            table: judge.pick("references", sides.part(|key| &key.table)),
            references: judge.pick("references", sides.part(|key| &key.references)),
            on_delete: judge.pick("on-delete", sides.part(|key| &key.on_delete)),
            on_update: judge.pick("on-update", sides.part(|key| &key.on_update)),
            deferrable: judge.pick("deferrable", sides.part(|key| &key.deferrable)),
        }
    }

    fn place(&self, of: &ObjectName) -> Place {
        Place::Member(of.clone(), Member::ForeignKey, self.name.clone())
    }

    fn text(&self, of: &ObjectName) -> String {
        written(|w| syntax::write_foreign_key(w, of, self))
    }
}

impl Thing for Check {
    type Of = ObjectName;

    fn mix<J: Judge>(judge: &mut J, _: &ObjectName, sides: &Sides<'_, Self>) -> Self {
        let Self { name, only: _, expression: _, options: _ } = sides.ours;
        Self {
            name: name.clone(),
            only: judge.pick("dialect", sides.part(|check| &check.only)),
            expression: sql(judge, "expression", sides.part(|check| &check.expression)),
            options: options(judge, &sides.part(|check| &check.options)),
        }
    }

    fn place(&self, of: &ObjectName) -> Place {
        Place::Member(of.clone(), Member::Check, self.name.clone())
    }

    fn text(&self, _: &ObjectName) -> String {
        written(|w| syntax::write_check(w, self))
    }
}

impl Thing for Index {
    type Of = ObjectName;

    fn mix<J: Judge>(judge: &mut J, _: &ObjectName, sides: &Sides<'_, Self>) -> Self {
        let Self {
            name,
            only: _,
            keys: _,
            unique: _,
            nulls_not_distinct: _,
            predicate: _,
            include: _,
            method: _,
            comment: _,
            options: _,
        } = sides.ours;
        let predicates = sides.part(|index| &index.predicate);
        let predicate = match (predicates.base, predicates.ours, predicates.theirs) {
            (Some(base), Some(ours), Some(theirs)) => Some(sql(judge, "where", Sides { base, ours, theirs })),
            _ => judge.pick("where", predicates),
        };
        Self {
            name: name.clone(),
            only: judge.pick("dialect", sides.part(|index| &index.only)),
            keys: judge.pick("keys", sides.part(|index| &index.keys)),
            unique: judge.pick("unique", sides.part(|index| &index.unique)),
            nulls_not_distinct: judge
                .pick("nulls-not-distinct", sides.part(|index| &index.nulls_not_distinct)),
            predicate,
            include: judge.pick("include", sides.part(|index| &index.include)),
            method: judge.pick("method", sides.part(|index| &index.method)),
            comment: judge.pick("comment", sides.part(|index| &index.comment)),
            options: options(judge, &sides.part(|index| &index.options)),
        }
    }

    fn place(&self, of: &ObjectName) -> Place {
        Place::Member(of.clone(), Member::Index, self.name.clone())
    }

    fn text(&self, of: &ObjectName) -> String {
        written(|w| syntax::write_index(w, of, self))
    }
}

impl Thing for View {
    type Of = ();

    fn mix<J: Judge>(judge: &mut J, (): &(), sides: &Sides<'_, Self>) -> Self {
        let Self { name, only: _, query: _, depends_on: _, comment: _ } = sides.ours;
        Self {
            name: name.clone(),
            only: judge.pick("dialect", sides.part(|view| &view.only)),
            query: sql(judge, "as", sides.part(|view| &view.query)),
            depends_on: set(sides.part(|view| &view.depends_on)),
            comment: judge.pick("comment", sides.part(|view| &view.comment)),
        }
    }

    fn place(&self, (): &()) -> Place {
        Place::View(self.name.clone())
    }

    fn text(&self, (): &()) -> String {
        written(|w| syntax::write_view(w, "view", self))
    }
}

impl Thing for RawObject {
    type Of = ();

    fn mix<J: Judge>(judge: &mut J, (): &(), sides: &Sides<'_, Self>) -> Self {
        let Self { name, only: _, create: _, drop: _, depends_on: _ } = sides.ours;
        Self {
            name: name.clone(),
            only: judge.pick("dialect", sides.part(|object| &object.only)),
            create: sql(judge, "create", sides.part(|object| &object.create)),
            drop: sql(judge, "drop", sides.part(|object| &object.drop)),
            depends_on: set(sides.part(|object| &object.depends_on)),
        }
    }

    fn place(&self, (): &()) -> Place {
        Place::Object(self.name.clone())
    }

    fn text(&self, (): &()) -> String {
        written(|w| syntax::write_object(w, "object", self))
    }

    fn limited(self, dialect: &DialectName) -> Self {
        Self { only: Some(dialect.clone()), ..self }
    }
}

impl Thing for DataSet {
    type Of = ();

    fn mix<J: Judge>(judge: &mut J, (): &(), sides: &Sides<'_, Self>) -> Self {
        let Self { name, key: _, rows: _ } = sides.ours;
        let Sides { base, ours, theirs } = sides;
        let keys: BTreeSet<&Vec<Value>> =
            base.rows.keys().chain(ours.rows.keys()).chain(theirs.rows.keys()).collect();
        let rows = keys.into_iter().filter_map(|key| {
            let (base, ours, theirs) = (base.rows.get(key), ours.rows.get(key), theirs.rows.get(key));
            let row = match (base, ours, theirs) {
                (Some(base), Some(ours), Some(theirs)) => {
                    let sides = Sides { base, ours, theirs };
                    let cells = map(judge, "row", sides.part(|row| &row.cells));
                    Some(Row { cells, only_env: judge.pick("only-env", sides.part(|row| &row.only_env)) })
                }
                _ => judge.pick("row", Sides { base: &base, ours: &ours, theirs: &theirs }).cloned(),
            };
            Some((key.clone(), row?))
        });
        let rows = rows.collect();
        Self { name: name.clone(), key: judge.pick("key", sides.part(|data| &data.key)), rows }
    }

    fn place(&self, (): &()) -> Place {
        Place::Data(self.name.clone())
    }

    fn text(&self, (): &()) -> String {
        let mut w = Writer::new();
        for (only_env, rows) in self.by_environments() {
            let mut line = w.node("data");
            syntax::write_only_env(line.arg(&syntax::object_reference(&self.name)), only_env);
            line.children(|w| rows.iter().for_each(|row| syntax::write_row(w, "row", row)));
        }
        w.finish().trim_end().to_owned()
    }
}
