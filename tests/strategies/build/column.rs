//! Tables with their columns and keys.

use std::collections::BTreeMap;

use schemactl::model::{
    Column, Generated, Identity, IdentityMode, Member, Options, PerDialect, Storage, Table, TableSettings,
    Type, Value,
};
use schemactl::name::{Name, ObjectName};

use super::member::{CONFLICTS, sqlite_options};
use super::{Builder, Named, dialect, only};
use crate::strategies::Profile;
use crate::strategies::names::Scope;
use crate::strategies::spec;
use crate::strategies::types::{column_type, is_integer, is_keyable, is_short, is_text};

/// What MySQL and MariaDB both have, and neither takes by default.
const COLLATION: &str = "utf8mb4_icelandic_ci";

/// A built table on its way through the builder.
pub(super) struct Draft {
    pub name: ObjectName,
    /// Names of columns.
    pub scope: Scope,
    /// Columns that everything may use: those on all dialects that aren't computed.
    pub plain: Vec<Name>,
    /// Those among them that can tell rows apart.
    pub keyable: Vec<Name>,
}

/// What a generated column takes from the column that it is computed from.
struct Computed {
    generated: Generated,
    ty: Type,
    nullable: bool,
}

impl Builder {
    pub(super) fn tables(&mut self, specs: &[spec::Table]) -> Vec<Draft> {
        specs.iter().map(|spec| self.table(spec)).collect()
    }

    fn table(&mut self, spec: &spec::Table) -> Draft {
        let name = self.object_name(spec.namespace, spec.id);
        self.names.push((spec.id.key, Named::Table(name.clone())));
        let mut table = Table::new(name.clone());
        let mut draft = Draft {
            name: name.clone(),
            scope: Scope::new(self.profile),
            plain: Vec::new(),
            keyable: Vec::new(),
        };
        for spec in &spec.columns {
            let column = self.column(spec, &mut draft.scope, &table);
            self.names.push((spec.id.key, Named::Member(name.clone(), Member::Column, column.name.clone())));
            table.columns.replace(column);
        }
        let usable =
            table.columns.iter().filter(|column| column.only.is_none() && column.generated.is_none());
        draft.plain = usable.clone().map(|column| column.name.clone()).collect();
        let fits = |ty: &Type| is_keyable(ty) && (self.profile != Profile::Mysql || is_short(ty));
        let keyable = usable.filter(|column| column.ty.values().all(fits));
        draft.keyable = keyable.map(|column| column.name.clone()).collect();
        self.keys(spec, &draft, &mut table);
        table.settings = self.settings(spec, &table);
        self.state.tables.replace(table);
        draft
    }

    fn column(&mut self, spec: &spec::Column, scope: &mut Scope, table: &Table) -> Column {
        let enums: Vec<_> = self.state.enums.iter().cloned().collect();
        let ty = column_type(spec.kind, self.profile, &enums);
        let mut column = Column::new(scope.pick(spec.id.name), ty.clone());
        // A table needs a column on every dialect.
        column.only = if table.columns.is_empty() { None } else { only(spec.only) };
        column.nullable = spec.nullable;
        column.comment = self.comment(spec.comment);
        column.options = self.column_options(spec, &ty, table);
        if is_text(&ty) {
            column.collation = self.collation(spec.collation);
        }
        if let Some(generated) = self.generated(spec, table) {
            let Computed { generated, ty, nullable } = generated;
            if !is_text(&ty) {
                column.collation = PerDialect::default();
            }
            column.ty = PerDialect::same(ty);
            column.generated = Some(generated);
            column.nullable |= nullable;
        } else if spec.identity > 0 && is_integer(&ty) && self.may_number(table, &column) {
            column.nullable = false;
            column.identity = Some(self.identity(spec.identity));
        } else {
            column.default = self.default(spec, &ty);
            // MariaDB can't alter a table that stamps a required column without a default.
            if self.profile == Profile::Mysql
                && column.options.values().any(|set| set.contains_key("on-update"))
            {
                column.default = PerDialect::same(Some(Value::Sql("CURRENT_TIMESTAMP".into())));
            }
        }
        if self.profile == Profile::Any && spec.overrides > 0 && column.generated.is_none() {
            let exception = if spec.overrides == 1 { Type::Native("blob".into()) } else { ty };
            column.ty.overrides.insert(dialect("sqlite"), exception);
        }
        // NULL is a conflict only where it isn't welcome.
        if self.profile != Profile::Mysql && spec.options == 3 && !column.nullable {
            let at = usize::from(spec.overrides) % CONFLICTS.len();
            column.options = sqlite_options("on-conflict", CONFLICTS[at]);
        }
        column
    }

    /// PostgreSQL numbers any column; SQLite only one that is the primary key by itself, see `keys`.
    fn may_number(&self, table: &Table, column: &Column) -> bool {
        let is_only_one = table.columns.iter().all(|column| column.identity.is_none());
        column.only.is_none() && is_only_one && !matches!(self.profile, Profile::Sqlite | Profile::Mysql)
            || (is_only_one && table.columns.is_empty())
    }

    fn identity(&self, choice: u8) -> Identity {
        if self.profile == Profile::Mysql {
            return Identity { mode: IdentityMode::ByDefault, start: None, increment: None };
        }
        let mode = match choice {
            1 => IdentityMode::Serial,
            choice if choice.is_multiple_of(2) => IdentityMode::Always,
            _ => IdentityMode::ByDefault,
        };
        let numbered = choice > 2 && self.profile != Profile::Sqlite;
        Identity { mode, start: numbered.then_some(1000), increment: (numbered && choice > 3).then_some(10) }
    }

    fn collation(&self, choice: u8) -> PerDialect<Option<Box<str>>> {
        let (own, other) = match self.profile {
            Profile::Sqlite => ("nocase", ("postgres", "C")),
            Profile::Any | Profile::Postgres => ("C", ("sqlite", "nocase")),
            Profile::Mysql => ("utf8mb4_bin", ("sqlite", "nocase")),
        };
        let mut collation = PerDialect::default();
        if choice & 1 > 0 {
            collation.common = Some(own.into());
        }
        if choice & 2 > 0 || choice & 1 > 0 {
            collation.overrides.insert(dialect(other.0), Some(other.1.into()));
        }
        collation
    }

    /// An expression over an earlier column.
    fn generated(&self, spec: &spec::Column, table: &Table) -> Option<Computed> {
        let storage = match (spec.generated, self.profile) {
            (0, _) => return None,
            // Before version 18 PostgreSQL has stored ones only.
            (1, _) | (_, Profile::Postgres) => Storage::Stored,
            _ => Storage::Virtual,
        };
        // MySQL computes nothing from what it numbers.
        let usable = |column: &&Column| {
            column.only.is_none()
                && column.generated.is_none()
                && (column.identity.is_none() || self.profile != Profile::Mysql)
        };
        let source = table.columns.iter().filter(usable).find(|column| {
            column.ty.overrides.is_empty() && (is_text(&column.ty.common) || is_integer(&column.ty.common))
        })?;
        let name = self.quoted(&source.name);
        let ty = source.ty.common.clone();
        let text = if is_text(&ty) { format!("lower({name})") } else { format!("{name} + 1") };
        let ty = if is_text(&ty) { Type::Portable(schemactl::model::Portable::Text) } else { ty };
        let generated = Generated { expression: text.as_str().into(), storage };
        // MariaDB has no computed columns that are required.
        let nullable = source.nullable || self.profile == Profile::Mysql;
        Some(Computed { generated, ty, nullable })
    }

    fn default(&self, spec: &spec::Column, ty: &Type) -> PerDialect<Option<Value>> {
        use schemactl::model::Portable::{Timestamp, TimestampTz};
        let expression = match ty {
            ty if is_text(ty) => Some("lower('ABC')"),
            ty if is_integer(ty) => Some("(1 + 1)"),
            Type::Portable(Timestamp(_) | TimestampTz(_)) => Some("CURRENT_TIMESTAMP"),
            _ => None,
        };
        let value = match spec.default {
            0 => None,
            1 if spec.nullable => Some(Value::Null),
            2 => expression.map(|text| Value::Sql(text.into())),
            choice => Some(self.sample(ty, u16::from(choice))).filter(|value| *value != Value::Null),
        };
        let mut default = PerDialect::same(value);
        if spec.overrides > 1 {
            let other = Some(self.sample(ty, 7)).filter(|value| *value != Value::Null);
            default.overrides.insert(dialect(if spec.overrides == 2 { "sqlite" } else { "postgres" }), other);
        }
        default
    }

    /// What the database alone knows of a column. A table needs a column that is seen, and only a moment can be that of
    /// the last change.
    fn column_options(&self, spec: &spec::Column, ty: &Type, table: &Table) -> Options {
        use schemactl::model::Portable::{Timestamp, TimestampTz};
        let is_moment = matches!(ty, Type::Portable(Timestamp(_) | TimestampTz(_)));
        match spec.options {
            // MariaDB hides a column only if rows can be added without it.
            1 if !table.columns.is_empty() && (spec.nullable || self.profile != Profile::Mysql) => {
                self.options("invisible", Value::Bool(true))
            }
            2.. if (is_moment && spec.generated == 0) || self.profile == Profile::Any => {
                self.options("on-update", Value::Sql("CURRENT_TIMESTAMP".into()))
            }
            _ => Options::new(),
        }
    }

    /// The table as a whole. A table that isn't logged has no foreign keys here: those of PostgreSQL's logged tables
    /// can't refer to it. One without row ids needs a primary key on SQLite.
    fn settings(&self, spec: &spec::Table, table: &Table) -> TableSettings {
        let is_numbered = table.columns.iter().any(|column| column.identity.is_some());
        let option = match spec.settings.options {
            1 | 2 if self.profile == Profile::Mysql => {
                Some(("mysql", "collation", Value::Text(COLLATION.into())))
            }
            1 | 2 => Some(("sqlite", "strict", Value::Bool(true))),
            3 if is_numbered => Some(("sqlite", "autoincrement", Value::Bool(false))),
            3 if table.primary_key.is_some() => Some(("sqlite", "without-rowid", Value::Bool(true))),
            4 if spec.foreign_keys.is_empty() => Some(("postgres", "unlogged", Value::Bool(true))),
            5 if self.profile == Profile::Mysql => Some(("mysql", "stats-persistent", Value::Bool(true))),
            _ => None,
        };
        let mut options = BTreeMap::new();
        if let Some((of, word, value)) = option {
            options.insert(dialect(of), BTreeMap::from([(word.into(), value)]));
        }
        TableSettings { only: only(spec.only), comment: self.comment(spec.settings.comment), options }
    }
}
