//! A state as one dialect sees it: objects limited to another dialect left out, differing texts settled, so
//! that renderers meet one value each.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{
    Check, Collection, Column, DataSet, EnumType, ForeignKey, Generated, Index, IndexKey, KeyPart, Named,
    Namespace, Options, PerDialect, PrimaryKey, RawObject, Row, State, Table, TableSettings, Unique, Value,
    View,
};
use crate::name::{DialectName, Name};

/// Something that may look different, or be missing, on a dialect.
pub trait ForDialect: Sized {
    /// How it looks on this dialect; `None` when the dialect doesn't have it.
    fn for_dialect(&self, dialect: &DialectName) -> Option<Self>;

    /// The dialect that it is limited to.
    fn only(&self) -> Option<&DialectName> {
        None
    }

    /// Whether every dialect has it, and as it is.
    fn is_common(&self) -> bool;
}

fn limited(only: Option<&DialectName>, dialect: &DialectName) -> bool {
    only.is_some_and(|only| only != dialect)
}

/// The options of one dialect.
fn own(options: &Options, dialect: &DialectName) -> Options {
    options.get_key_value(dialect).map(|(of, set)| (of.clone(), set.clone())).into_iter().collect()
}

fn project<T: Named + ForDialect>(items: &Collection<T>, dialect: &DialectName) -> Collection<T> {
    // What is nobody's exception, which is nearly everything, is shared and not copied.
    if items.iter().all(T::is_common) {
        return items.clone();
    }
    items.iter().filter_map(|item| item.for_dialect(dialect)).collect()
}

impl State {
    /// The state as this dialect sees it.
    #[must_use]
    pub fn for_dialect(&self, dialect: &DialectName) -> Self {
        let Self { namespaces, enums, tables, views, objects, data } = self;
        let tables = project(tables, dialect);
        Self {
            namespaces: project(namespaces, dialect),
            enums: project(enums, dialect),
            data: rows_within(data, &tables),
            tables,
            views: project(views, dialect),
            objects: project(objects, dialect),
        }
    }
}

impl State {
    /// The state of a database that is in this environment, or in none: without the rows that are for others.
    #[must_use]
    pub fn in_environment(&self, environment: Option<&Name>) -> Cow<'_, Self> {
        let is_common = |set: &DataSet| set.rows.values().all(|row| row.only_env.is_empty());
        if self.data.iter().all(is_common) {
            return Cow::Borrowed(self);
        }
        let settled = |set: &DataSet| {
            let own = |(key, row): (&Vec<Value>, &Row)| Some((key.clone(), row.in_environment(environment)?));
            let rows: BTreeMap<_, _> = set.rows.iter().filter_map(own).collect();
            let DataSet { name, key, rows: _ } = set;
            (!rows.is_empty()).then(|| DataSet { name: name.clone(), key: key.clone(), rows })
        };
        Cow::Owned(Self { data: self.data.iter().filter_map(settled).collect(), ..self.clone() })
    }
}

/// The rows without what is about tables and columns that are not there.
fn rows_within(data: &Collection<DataSet>, tables: &Collection<Table>) -> Collection<DataSet> {
    let table = |data: &DataSet| tables.get(&data.name);
    if data.iter().all(|data| table(data).is_some_and(|table| data.is_within(table))) {
        return data.clone();
    }
    data.iter().filter_map(|data| data.within(table(data)?)).collect()
}

impl Row {
    /// The cells whose columns the table has.
    #[must_use]
    pub fn within(&self, table: &Table) -> Self {
        let Self { cells, only_env } = self;
        let cells = cells.iter().filter(|(column, _)| table.columns.contains(column));
        let cells = cells.map(|(column, value)| (column.clone(), value.clone())).collect();
        Self { cells, only_env: only_env.clone() }
    }
}

impl DataSet {
    fn is_within(&self, table: &Table) -> bool {
        let rows = self.rows.values().flat_map(|row| row.cells.keys());
        rows.chain(&self.key).all(|column| table.columns.contains(column))
    }

    /// The rows without the cells whose columns the table doesn't have; `None` when a key's column is such.
    #[must_use]
    pub fn within(&self, table: &Table) -> Option<Self> {
        let rows = self.rows.iter().map(|(key, row)| (key.clone(), row.within(table))).collect();
        let whole = self.key.iter().all(|column| table.columns.contains(column));
        whole.then(|| Self { name: self.name.clone(), key: self.key.clone(), rows })
    }
}

impl ForDialect for Namespace {
    fn for_dialect(&self, _: &DialectName) -> Option<Self> {
        Some(self.clone())
    }

    fn is_common(&self) -> bool {
        true
    }
}

impl ForDialect for EnumType {
    fn for_dialect(&self, _: &DialectName) -> Option<Self> {
        Some(self.clone())
    }

    fn is_common(&self) -> bool {
        true
    }
}

impl ForDialect for Table {
    fn for_dialect(&self, dialect: &DialectName) -> Option<Self> {
        let Self { name, settings, columns, primary_key, uniques, foreign_keys, checks, indexes } = self;
        Some(Self {
            name: name.clone(),
            settings: settings.for_dialect(dialect)?,
            columns: project(columns, dialect),
            primary_key: primary_key.as_ref().and_then(|key| key.for_dialect(dialect)),
            uniques: project(uniques, dialect),
            foreign_keys: project(foreign_keys, dialect),
            checks: project(checks, dialect),
            indexes: project(indexes, dialect),
        })
    }

    fn is_common(&self) -> bool {
        let Self { name: _, settings, columns, primary_key, uniques, foreign_keys, checks, indexes } = self;
        settings.is_common()
            && columns.iter().all(Column::is_common)
            && primary_key.iter().all(PrimaryKey::is_common)
            && uniques.iter().all(Unique::is_common)
            && foreign_keys.iter().all(ForeignKey::is_common)
            && checks.iter().all(Check::is_common)
            && indexes.iter().all(Index::is_common)
    }
}

impl ForDialect for TableSettings {
    fn for_dialect(&self, dialect: &DialectName) -> Option<Self> {
        let Self { only, comment, options } = self;
        if limited(only.as_ref(), dialect) {
            return None;
        }
        Some(Self { only: None, comment: comment.clone(), options: own(options, dialect) })
    }

    fn only(&self) -> Option<&DialectName> {
        self.only.as_ref()
    }

    fn is_common(&self) -> bool {
        let Self { only, comment: _, options } = self;
        only.is_none() && options.is_empty()
    }
}

impl ForDialect for Column {
    fn for_dialect(&self, dialect: &DialectName) -> Option<Self> {
        let Self { name, only, ty, nullable, default, generated, identity, collation, comment, options } =
            self;
        if limited(only.as_ref(), dialect) {
            return None;
        }
        Some(Self {
            name: name.clone(),
            only: None,
            ty: ty.resolved(dialect),
            nullable: *nullable,
            default: default.resolved(dialect),
            generated: generated.as_ref().map(|Generated { expression, storage }| Generated {
                expression: expression.resolved(dialect),
                storage: *storage,
            }),
            identity: *identity,
            collation: collation.resolved(dialect),
            comment: comment.clone(),
            options: own(options, dialect),
        })
    }

    fn only(&self) -> Option<&DialectName> {
        self.only.as_ref()
    }

    fn is_common(&self) -> bool {
        let Self {
            name: _,
            only,
            ty,
            nullable: _,
            default,
            generated,
            identity: _,
            collation,
            comment: _,
            options,
        } = self;
        only.is_none()
            && options.is_empty()
            && ty.is_common()
            && default.is_common()
            && generated.as_ref().is_none_or(|generated| generated.expression.is_common())
            && collation.is_common()
    }
}

impl ForDialect for PrimaryKey {
    fn for_dialect(&self, dialect: &DialectName) -> Option<Self> {
        Some(Self { options: own(&self.options, dialect), ..self.clone() })
    }

    fn is_common(&self) -> bool {
        self.options.is_empty()
    }
}

impl ForDialect for Unique {
    fn for_dialect(&self, dialect: &DialectName) -> Option<Self> {
        let options = || own(&self.options, dialect);
        (!limited(self.only.as_ref(), dialect)).then(|| Self {
            only: None,
            options: options(),
            ..self.clone()
        })
    }

    fn only(&self) -> Option<&DialectName> {
        self.only.as_ref()
    }

    fn is_common(&self) -> bool {
        self.only.is_none() && self.options.is_empty()
    }
}

impl ForDialect for ForeignKey {
    fn for_dialect(&self, dialect: &DialectName) -> Option<Self> {
        (!limited(self.only.as_ref(), dialect)).then(|| Self { only: None, ..self.clone() })
    }

    fn only(&self) -> Option<&DialectName> {
        self.only.as_ref()
    }

    fn is_common(&self) -> bool {
        self.only.is_none()
    }
}

impl ForDialect for Check {
    fn for_dialect(&self, dialect: &DialectName) -> Option<Self> {
        let Self { name, only, expression, options } = self;
        (!limited(only.as_ref(), dialect)).then(|| Self {
            name: name.clone(),
            only: None,
            expression: expression.resolved(dialect),
            options: own(options, dialect),
        })
    }

    fn only(&self) -> Option<&DialectName> {
        self.only.as_ref()
    }

    fn is_common(&self) -> bool {
        let Self { name: _, only, expression, options } = self;
        only.is_none() && options.is_empty() && expression.is_common()
    }
}

impl ForDialect for Index {
    fn for_dialect(&self, dialect: &DialectName) -> Option<Self> {
        let Self {
            name,
            only,
            keys,
            unique,
            nulls_not_distinct,
            predicate,
            include,
            method,
            comment,
            options,
        } = self;
        if limited(only.as_ref(), dialect) {
            return None;
        }
        let keys = keys.iter().map(|key| match &key.on {
            KeyPart::Column(_) => key.clone(),
            KeyPart::Expression(text) => {
                IndexKey { on: KeyPart::Expression(text.resolved(dialect)), ..key.clone() }
            }
        });
        Some(Self {
            name: name.clone(),
            only: None,
            keys: keys.collect(),
            unique: *unique,
            nulls_not_distinct: *nulls_not_distinct,
            predicate: predicate.as_ref().map(|text| text.resolved(dialect)),
            include: include.clone(),
            method: method.clone(),
            comment: comment.clone(),
            options: own(options, dialect),
        })
    }

    fn only(&self) -> Option<&DialectName> {
        self.only.as_ref()
    }

    fn is_common(&self) -> bool {
        let Self {
            name: _,
            only,
            keys,
            unique: _,
            nulls_not_distinct: _,
            predicate,
            include: _,
            method: _,
            comment: _,
            options,
        } = self;
        let is_common = |key: &IndexKey| match &key.on {
            KeyPart::Column(_) => true,
            KeyPart::Expression(text) => text.is_common(),
        };
        only.is_none()
            && options.is_empty()
            && keys.iter().all(is_common)
            && predicate.as_ref().is_none_or(PerDialect::is_common)
    }
}

impl ForDialect for View {
    fn for_dialect(&self, dialect: &DialectName) -> Option<Self> {
        let Self { name, only, query, depends_on, comment } = self;
        (!limited(only.as_ref(), dialect)).then(|| Self {
            name: name.clone(),
            only: None,
            query: query.resolved(dialect),
            depends_on: depends_on.clone(),
            comment: comment.clone(),
        })
    }

    fn only(&self) -> Option<&DialectName> {
        self.only.as_ref()
    }

    fn is_common(&self) -> bool {
        let Self { name: _, only, query, depends_on: _, comment: _ } = self;
        only.is_none() && query.is_common()
    }
}

impl ForDialect for RawObject {
    fn for_dialect(&self, dialect: &DialectName) -> Option<Self> {
        let Self { name, only, create, drop, depends_on } = self;
        (!limited(only.as_ref(), dialect)).then(|| Self {
            name: name.clone(),
            only: None,
            create: create.resolved(dialect),
            drop: drop.resolved(dialect),
            depends_on: depends_on.clone(),
        })
    }

    fn only(&self) -> Option<&DialectName> {
        self.only.as_ref()
    }

    fn is_common(&self) -> bool {
        let Self { name: _, only, create, drop, depends_on: _ } = self;
        only.is_none() && create.is_common() && drop.is_common()
    }
}
