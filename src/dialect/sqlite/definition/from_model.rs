//! From the model's table to SQLite's, with a diagnostic for each thing that SQLite can't have.

use super::{ColumnDef, Computed, Constraint, Definition, IndexDef, Key, KeyDef, KeyOn, Reference, Rule};
use crate::diagnostic::{Diagnostic, near};
use crate::dialect::partial::is_unique_by_prefix;
use crate::dialect::sqlite::check::unknown_type;
use crate::dialect::sqlite::errors::{E511, E512, E513, E514, E515, E516};
use crate::dialect::sqlite::options::Said;
use crate::dialect::sqlite::types::{Kind, Stored, identity, plain_key, stored};
use crate::dialect::sqlite::{NAME, quote};
use crate::model::{
    Check, Collection, Column, Deferrable, EnumType, ForeignKey, Generated, Identity, Index, IndexKey,
    KeyPart, Nulls, Options, Order, PrimaryKey, Storage, Table, TableSettings, Type, Unique, Value,
};
use crate::name::{Name, ObjectName};

/// The table on SQLite. What it can't have is left out and reported.
pub(in crate::dialect::sqlite) fn define(
    table: &Table,
    enums: &Collection<EnumType>,
    problems: &mut Vec<Diagnostic>,
) -> Definition {
    let Table { name, settings, columns, primary_key, uniques, foreign_keys, checks, indexes } = table;
    let mut builder =
        Builder { table, enums, strict: false, without_rowid: false, autoincrement: true, problems };
    builder.refuse_namespace(name);
    builder.read_settings(settings);
    let mut constraints = Vec::new();
    constraints.extend(primary_key.as_ref().map(|key| builder.primary_key(key)));
    let columns = columns.iter().map(|column| builder.column(column, &mut constraints)).collect();
    constraints.extend(uniques.iter().map(|unique| builder.unique(unique)));
    constraints.extend(foreign_keys.iter().map(|key| builder.foreign_key(key)));
    constraints.extend(checks.iter().map(|check| builder.check(check)));
    let indexes = indexes.iter().map(|index| builder.index(index)).collect();
    let Builder { strict, without_rowid, .. } = builder;
    let name = name.name.to_string();
    let mut definition = Definition { name, columns, constraints, indexes, strict, without_rowid };
    definition.settle_key();
    definition
}

struct Builder<'a> {
    table: &'a Table,
    enums: &'a Collection<EnumType>,
    strict: bool,
    without_rowid: bool,
    autoincrement: bool,
    problems: &'a mut Vec<Diagnostic>,
}

/// The option of a table that its primary key sorts, in place of numbers of its rows.
pub(in crate::dialect::sqlite) const WITHOUT_ROWID: &str = "without-rowid";

/// The option of a table whose identity may give the number of a deleted row again.
pub(in crate::dialect::sqlite) const AUTOINCREMENT: &str = "autoincrement";

/// The collations that every SQLite has.
pub(in crate::dialect::sqlite) const COLLATIONS: &[&str] = &["BINARY", "NOCASE", "RTRIM"];

impl Builder<'_> {
    fn report(&mut self, problem: Diagnostic) {
        self.problems.push(problem);
    }

    /// What is said of a part of the table.
    fn said<'s>(&'s mut self, part: &str, options: &'s Options) -> Said<'s> {
        Said { part: format!("{part} of `{}`", self.table.name), options, problems: self.problems }
    }

    /// A primary key or a unique constraint of this name.
    fn key(&mut self, part: &str, name: &Name, columns: &[Name], options: &Options) -> Key {
        let mut key = self.said(&format!("{part} `{name}`"), options).of_key(columns);
        for column in &mut key.columns {
            column.collation = self.collation(name, column.collation.as_deref());
        }
        key
    }

    fn refuse_namespace(&mut self, name: &ObjectName) {
        if name.namespace.is_some() {
            let message = format!("table `{name}` is in a namespace, and SQLite has none");
            self.report(
                Diagnostic::error(&E511, message).help(
                    "move it out of its `schema` node, or take `sqlite` out of the project's `dialects`",
                ),
            );
        }
    }

    fn read_settings(&mut self, settings: &TableSettings) {
        let TableSettings { only: _, comment: _, options } = settings;
        for (option, value) in options.get(&*NAME).into_iter().flatten() {
            let target = match &**option {
                "strict" => &mut self.strict,
                WITHOUT_ROWID => &mut self.without_rowid,
                AUTOINCREMENT => &mut self.autoincrement,
                other => {
                    let message = format!("table `{}`: `{other}` is no option of SQLite", self.table.name);
                    let meant = near(other, ["strict", WITHOUT_ROWID, AUTOINCREMENT]);
                    let help = format!("write `{}`, or remove it", meant.unwrap_or("strict"));
                    self.report(Diagnostic::error(&E513, message).help(help));
                    continue;
                }
            };
            if let Value::Bool(on) = value {
                *target = *on;
            } else {
                let message = format!("table `{}`: the option `{option}` is not on or off", self.table.name);
                let help = format!("write `{option}=#true` or `{option}=#false`");
                self.report(Diagnostic::error(&E513, message).help(help));
            }
        }
        if self.without_rowid && self.table.primary_key.is_none() {
            let message = format!("table `{}` is `without-rowid` and has no primary key", self.table.name);
            self.report(
                Diagnostic::error(&E513, message).help("give it a primary key, or remove the option"),
            );
        }
    }

    fn primary_key(&mut self, key: &PrimaryKey) -> Constraint {
        let PrimaryKey { name, columns, options } = key;
        let key = self.key("primary key", name, columns, options);
        Constraint { name: name.to_string(), rule: Rule::PrimaryKey(key) }
    }

    /// The column; the check of its enum goes to `constraints`.
    fn column(&mut self, column: &Column, constraints: &mut Vec<Constraint>) -> ColumnDef {
        let Column {
            name,
            only: _,
            ty,
            nullable,
            default,
            generated,
            identity: numbering,
            collation,
            comment: _,
            options,
        } = column;
        let conflict = self.said(&format!("column `{name}`"), options).of_column(*nullable);
        let Stored { declared, kind, values_of } = self.stored(name, &ty.common, numbering.as_ref());
        if let Some(enum_name) = values_of {
            constraints.extend(self.enum_check(name, &enum_name));
        }
        let in_key = self.table.primary_key.as_ref().is_some_and(|key| key.columns.contains(name));
        if generated.is_some() && in_key {
            let message = format!("`{}.{name}` is computed and part of the primary key", self.table.name);
            self.report(
                Diagnostic::error(&E515, message).help("use a column that is not computed as the key"),
            );
        }
        ColumnDef {
            name: name.to_string(),
            declared,
            kind,
            not_null: !nullable,
            conflict,
            default: default.common.as_ref().and_then(quote::default),
            computed: generated.as_ref().map(|Generated { expression, storage }| Computed {
                expression: expression.common.to_string(),
                stored: matches!(storage, Storage::Stored),
            }),
            // The default needs no words at a column.
            collation: self
                .collation(name, collation.common.as_deref())
                .filter(|collation| collation != "BINARY"),
            numbered: numbering.is_some() && self.autoincrement,
        }
    }

    fn stored(&mut self, column: &Name, ty: &Type, numbering: Option<&Identity>) -> Stored {
        let found = stored(ty, self.strict);
        if let Some(numbering) = numbering {
            self.check_numbering(column, ty, numbering);
            return identity();
        }
        let found = found.unwrap_or_else(|reason| {
            self.report(unknown_type(&self.table.name, column, ty, &reason));
            Stored { declared: "text".to_owned(), kind: Kind::Text, values_of: None }
        });
        if self.is_key(column) && !self.without_rowid { plain_key(found, ty) } else { found }
    }

    /// Whether a column is the whole primary key.
    fn is_key(&self, column: &Name) -> bool {
        let key = self.table.primary_key.as_ref();
        key.is_some_and(|key| key.columns.as_slice() == std::slice::from_ref(column))
    }

    fn check_numbering(&mut self, column: &Name, ty: &Type, numbering: &Identity) {
        use crate::model::Portable::{BigInt, Int, SmallInt};
        let Identity { mode: _, start, increment } = numbering;
        let reason = if !self.is_key(column) {
            "is not the whole primary key"
        } else if !matches!(ty, Type::Portable(SmallInt | Int | BigInt)) {
            "is no integer"
        } else if self.without_rowid {
            "is in a table `without-rowid`"
        } else if start.is_some_and(|start| start != 1) || increment.is_some_and(|step| step != 1) {
            "does not count from 1 in steps of 1"
        } else {
            return;
        };
        let message = format!("`{}.{column}` is to number itself and {reason}", self.table.name);
        let help = "make it the integer primary key with nothing but `identity`, or leave `identity` away";
        self.report(Diagnostic::error(&E512, message).help(help));
    }

    fn enum_check(&mut self, column: &Name, of: &ObjectName) -> Option<Constraint> {
        let values = quote::list(self.enums.get(of)?.values.iter().map(|value| quote::text(value)));
        let expression = format!("{} IN ({values})", quote::name(column.as_str()));
        // Named after the enum, which says what is wrong, and so that a rename of the column changes nothing.
        let name = Name::derived(&[of.name.as_str(), "enum"]).to_string();
        Some(Constraint { name, rule: Rule::Check { expression } })
    }

    fn collation(&mut self, owner: &Name, collation: Option<&str>) -> Option<String> {
        let collation = collation?;
        if COLLATIONS.iter().any(|known| known.eq_ignore_ascii_case(collation)) {
            return Some(collation.to_ascii_uppercase());
        }
        let message = format!("`{}.{owner}` uses the collation `{collation}`", self.table.name);
        let help = "use BINARY, NOCASE or RTRIM on SQLite, for example `sqlite=NOCASE`";
        self.report(Diagnostic::error(&E514, message).help(help));
        None
    }

    fn unique(&mut self, unique: &Unique) -> Constraint {
        let Unique { name, only: _, columns, nulls_not_distinct, deferrable, options } = unique;
        let reason = match (nulls_not_distinct, deferrable) {
            (true, _) => Some("takes two NULLs for equal"),
            (false, Deferrable::Immediate | Deferrable::Deferred) => Some("can be deferred"),
            (false, Deferrable::No) => None,
        };
        if let Some(reason) = reason {
            let message = format!("unique `{name}` of `{}` {reason}", self.table.name);
            self.report(Diagnostic::error(&E515, message).help("limit it with `(postgres)unique`"));
        }
        let key = self.key("unique", name, columns, options);
        Constraint { name: name.to_string(), rule: Rule::Unique(key) }
    }

    fn foreign_key(&mut self, key: &ForeignKey) -> Constraint {
        let ForeignKey { name, only: _, columns, table, references, on_delete, on_update, deferrable } = key;
        if table.namespace.is_some() {
            let message = format!("foreign key `{name}` of `{}` refers to a namespace", self.table.name);
            self.report(Diagnostic::error(&E511, message).help("refer to a table that SQLite has"));
        }
        let reference = Reference {
            columns: texts(columns),
            table: table.name.to_string(),
            references: texts(references),
            on_delete: *on_delete,
            on_update: *on_update,
            deferrable: *deferrable,
        };
        Constraint { name: name.to_string(), rule: Rule::ForeignKey(reference) }
    }

    fn check(&mut self, check: &Check) -> Constraint {
        let Check { name, only: _, expression, options } = check;
        self.said(&format!("check `{name}`"), options).of_anything_else();
        Constraint { name: name.to_string(), rule: Rule::Check { expression: expression.common.to_string() } }
    }

    fn index(&mut self, index: &Index) -> IndexDef {
        let Index {
            name,
            only: _,
            keys,
            unique,
            nulls_not_distinct,
            predicate,
            include,
            method,
            comment: _,
            options,
        } = index;
        self.said(&format!("index `{name}`"), options).of_anything_else();
        let mut reasons = Vec::new();
        if is_unique_by_prefix(index) {
            reasons.push("is unique by a prefix".to_owned());
        }
        if *nulls_not_distinct && *unique {
            reasons.push("takes two NULLs for equal".to_owned());
        }
        if !include.is_empty() {
            reasons.push("includes columns".to_owned());
        }
        if let Some(method) = method.as_deref().filter(|method| *method != "btree") {
            reasons.push(format!("uses the method `{method}`"));
        }
        let keys = keys.iter().map(|key| self.index_key(name, key, &mut reasons)).collect();
        for reason in reasons {
            let message = format!("index `{name}` of `{}` {reason}", self.table.name);
            self.report(Diagnostic::error(&E516, message).help("limit it with `(postgres)index`"));
        }
        IndexDef {
            name: name.to_string(),
            unique: *unique,
            keys,
            predicate: predicate.as_ref().map(|text| text.common.to_string()),
        }
    }

    fn index_key(&mut self, index: &Name, key: &IndexKey, reasons: &mut Vec<String>) -> KeyDef {
        let IndexKey { on, order, nulls, operator_class, collation, prefix: _ } = key;
        if let Some(class) = operator_class {
            reasons.push(format!("uses the operator class `{class}`"));
        }
        let descending = match order {
            Order::Ascending => false,
            Order::Descending => true,
        };
        let own_place = match order {
            Order::Ascending => Nulls::First,
            Order::Descending => Nulls::Last,
        };
        if nulls.is_some_and(|nulls| nulls != own_place) {
            reasons.push("sorts NULLs where SQLite does not".to_owned());
        }
        let on = match on {
            KeyPart::Column(column) => KeyOn::Column(column.to_string()),
            KeyPart::Expression(text) => KeyOn::Expression(text.common.to_string()),
        };
        KeyDef { on, collation: self.collation(index, collation.as_deref()), descending }
    }
}

fn texts(names: &[Name]) -> Vec<String> {
    names.iter().map(Name::to_string).collect()
}
