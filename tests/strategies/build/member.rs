//! Keys, unique constraints, checks and indexes.

use std::collections::BTreeMap;

use schemactl::model::{
    Check, Column, Deferrable, Index, IndexKey, KeyPart, Member, Nulls, Options, Order, PrimaryKey, Table,
    Type, Unique, Value,
};
use schemactl::name::Name;

use super::column::Draft;
use super::{Builder, Named, dialect, only, quoted, sql};
use crate::strategies::Profile;
use crate::strategies::spec;
use crate::strategies::types::{is_integer, is_ordered, is_short, is_text};

/// What SQLite can do with a row that breaks a rule.
pub(super) const CONFLICTS: [&str; 4] = ["ignore", "replace", "fail", "rollback"];

/// An option of SQLite alone.
pub(super) fn sqlite_options(word: &str, text: &str) -> Options {
    Options::from([(dialect("sqlite"), BTreeMap::from([(word.into(), Value::Text(text.into()))]))])
}

impl Builder {
    /// The primary key, over columns that are never null, and the unique constraints.
    pub(super) fn keys(&mut self, spec: &spec::Table, draft: &Draft, table: &mut Table) {
        let numbered =
            table.columns.iter().find(|column| column.identity.is_some()).map(|column| column.name.clone());
        let is_required = |name: &&Name| table.columns.get(name).is_some_and(|column| !column.nullable);
        let required: Vec<Name> = draft.keyable.iter().filter(is_required).cloned().collect();
        let columns = match (&numbered, self.profile, spec.primary_key.first()) {
            (Some(numbered), Profile::Sqlite | Profile::Mysql, _) => vec![numbered.clone()],
            (_, _, Some(key)) => picked(&required, &key.columns),
            (_, _, None) => Vec::new(),
        };
        if !columns.is_empty() {
            let id =
                spec.primary_key.first().map_or(spec::Id { key: spec.id.key ^ 1, name: 0 }, |key| key.id);
            let options = spec.primary_key.first().map(|key| self.key_options(key, &columns, table));
            let name = self.member_name(&table.name, id, &["pkey"]);
            self.named(id, table, Member::PrimaryKey, &name);
            table.primary_key = Some(PrimaryKey { name, columns, options: options.unwrap_or_default() });
        }
        for spec in &spec.uniques {
            let columns = picked(&draft.keyable, &spec.columns);
            // The same columns twice would be one index for two constraints.
            let is_new = table.uniques.iter().all(|other| other.columns != columns)
                && table.primary_key.as_ref().is_none_or(|key| key.columns != columns);
            if columns.is_empty() || !is_new {
                continue;
            }
            let options = self.key_options(spec, &columns, table);
            let name = self.member_name(&table.name, spec.id, &with(&columns, "key"));
            self.named(spec.id, table, Member::Unique, &name);
            let plain = matches!(self.profile, Profile::Sqlite | Profile::Mysql);
            table.uniques.replace(Unique {
                name,
                only: only(spec.only),
                columns,
                nulls_not_distinct: spec.nulls_not_distinct && !plain,
                deferrable: if plain { Deferrable::No } else { deferrable(spec.deferrable) },
                options,
            });
        }
    }

    /// What SQLite knows of a key beside its columns. A key that is the number of the row is sorted by that.
    fn key_options(&self, spec: &spec::Key, columns: &[Name], table: &Table) -> Options {
        let is_number = table.columns.iter().any(|column| column.identity.is_some());
        let each = |word: &str, others: &str| {
            let words = columns.iter().enumerate().map(|(at, _)| if at == 0 { word } else { others });
            words.collect::<Vec<_>>().join(" ")
        };
        if self.profile == Profile::Mysql {
            return Options::new();
        }
        let (word, text) = match spec.deferrable {
            0 => return Options::new(),
            1 => {
                let at = columns.len() + usize::from(spec.nulls_not_distinct);
                ("on-conflict", CONFLICTS[at % CONFLICTS.len()].to_owned())
            }
            _ if is_number => return Options::new(),
            _ if spec.nulls_not_distinct => ("collate", each("BINARY", "-")),
            _ => ("order", each("desc", "asc")),
        };
        sqlite_options(word, &text)
    }

    pub(super) fn checks_and_indexes(&mut self, specs: &[spec::Table], drafts: &[Draft]) {
        for (spec, draft) in specs.iter().zip(drafts) {
            let Some(mut table) = self.state.tables.get(&draft.name).cloned() else { continue };
            for check in &spec.checks {
                self.check(check, draft, &mut table);
            }
            for index in &spec.indexes {
                self.index(index, draft, &mut table);
            }
            self.state.tables.replace(table);
        }
    }

    /// A check that the sample values pass.
    fn check(&mut self, spec: &spec::Check, draft: &Draft, table: &mut Table) {
        let columns = picked(&draft.plain, &spec.columns);
        let Some(first) = columns.first() else { return };
        let conditions = columns.iter().filter_map(|name| {
            let column = table.columns.get(name)?;
            if self.profile == Profile::Mysql && column.identity.is_some() {
                return None;
            }
            let quoted = self.quoted(name);
            Some(match &column.ty.common {
                ty if is_integer(ty) => format!("{quoted} >= 0"),
                ty if is_text(ty) => format!("length({quoted}) < 1000"),
                _ => format!("({quoted} IS NULL OR {quoted} IS NOT NULL)"),
            })
        });
        let conditions: Vec<String> = conditions.collect();
        if conditions.is_empty() {
            return;
        }
        let expression = sql(conditions.join(" AND "), spec.overrides);
        // MariaDB, which is asked less often here, holds to all of them.
        let options = match spec.options {
            0 => Options::new(),
            1 if self.profile == Profile::Mysql => Options::new(),
            _ => self.options("enforced", Value::Bool(false)),
        };
        let name = self.member_name(&table.name, spec.id, &[first.as_str(), "check"]);
        // MariaDB gives the name of a column to the check of its `json`.
        if self.profile == Profile::Mysql && table.columns.contains(&name) {
            return;
        }
        self.named(spec.id, table, Member::Check, &name);
        table.checks.replace(Check { name, only: only(spec.only), expression, options });
    }

    /// An index of words, which is over texts that compare alike.
    fn index_of_words(&mut self, spec: &spec::Index, draft: &Draft, table: &mut Table) {
        let texts = draft.plain.iter().filter_map(|name| table.columns.get(name));
        let texts: Vec<&Column> = texts.filter(|column| column.ty.values().all(is_text)).collect();
        let Some(first) = texts.first() else { return };
        let alike = texts.iter().filter(|column| column.collation == first.collation);
        let columns: Vec<Name> = alike.take(spec.keys.len()).map(|column| column.name.clone()).collect();
        let name = self.member_name(&table.name, spec.id, &with(&columns, "words"));
        self.named(spec.id, table, Member::Index, &name);
        table.indexes.replace(Index {
            name,
            only: only(spec.only),
            keys: columns.into_iter().map(IndexKey::column).collect(),
            unique: false,
            nulls_not_distinct: false,
            predicate: None,
            include: Vec::new(),
            method: Some("fulltext".into()),
            comment: self.comment(spec.comment),
            options: Options::new(),
        });
    }

    fn index(&mut self, spec: &spec::Index, draft: &Draft, table: &mut Table) {
        let profile = self.profile;
        if profile == Profile::Mysql && spec.method == 2 && !spec.unique {
            return self.index_of_words(spec, draft, table);
        }
        let limit = only(spec.only);
        let for_postgres = matches!(profile, Profile::Any | Profile::Postgres);
        let columns: Vec<Name> = table
            .columns
            .iter()
            .filter(|column| column.only.is_none() && column.ty.values().all(is_ordered))
            .filter(|column| !spec.unique || draft.keyable.contains(&column.name))
            .map(|column| column.name.clone())
            .collect();
        // Only a B-tree keeps an order; a hash index takes one column and nothing else.
        let hashed = spec.method == 2 && for_postgres && !spec.unique;
        let method = match spec.method {
            1 if profile != Profile::Sqlite => Some("btree"),
            2 if hashed => Some("hash"),
            _ => None,
        };
        let count = if hashed { 1 } else { spec.keys.len() };
        let mut keys: Vec<IndexKey> = Vec::new();
        for key in &spec.keys[..count] {
            let Some(name) = columns.get(usize::from(key.column) % columns.len().max(1)) else { return };
            let Some(column) = table.columns.get(name) else { return };
            let mut part = index_key(key, name, &column.ty.common, profile, hashed);
            // Rows are alike in their first characters.
            part.prefix = part.prefix.filter(|prefix| !spec.unique || *prefix >= 10);
            if keys.iter().all(|other| other.on != part.on) {
                keys.push(part);
            }
        }
        let parts: Vec<Name> = keys
            .iter()
            .map(|key| match &key.on {
                KeyPart::Column(name) => name.clone(),
                KeyPart::Expression(_) => Name::new("expr").expect("it is not empty"),
            })
            .collect();
        let is_included = |name: &&Name| for_postgres && !hashed && spec.include > 0 && !parts.contains(name);
        let predicate = columns.first().filter(|_| spec.predicate > 0 && profile != Profile::Mysql);
        // What is unique may be what rows are told apart by, which has to be seen.
        let options = match spec.options {
            0 => Options::new(),
            _ if spec.unique && profile == Profile::Mysql => Options::new(),
            _ => self.options("invisible", Value::Bool(true)),
        };
        let name = self.member_name(&table.name, spec.id, &with(&parts, "idx"));
        self.named(spec.id, table, Member::Index, &name);
        table.indexes.replace(Index {
            name,
            only: limit,
            keys,
            unique: spec.unique,
            nulls_not_distinct: spec.unique && spec.nulls_not_distinct && for_postgres,
            predicate: predicate
                .map(|name| sql(format!("{} IS NOT NULL", self.quoted(name)), spec.predicate - 1)),
            include: draft.plain.iter().filter(is_included).take(spec.include.into()).cloned().collect(),
            method: method.map(Into::into),
            comment: self.comment(spec.comment),
            options,
        });
    }

    pub(super) fn named(&mut self, id: spec::Id, table: &Table, member: Member, name: &Name) {
        self.names.push((id.key, Named::Member(table.name.clone(), member, name.clone())));
    }
}

fn index_key(spec: &spec::IndexKey, name: &Name, ty: &Type, profile: Profile, hashed: bool) -> IndexKey {
    let mut key = IndexKey::column(name.clone());
    // MariaDB has no keys that are expressions, and neither product has room for all of a long text.
    if profile == Profile::Mysql {
        key.prefix = match ty {
            ty if !is_short(ty) => Some(10),
            ty if is_text(ty) && spec.prefix > 0 => Some(spec.prefix.into()),
            _ => None,
        };
        key.order = if spec.descending { Order::Descending } else { Order::Ascending };
        return key;
    }
    if profile == Profile::Any && spec.prefix > 0 {
        key.prefix = Some(spec.prefix.into());
    }
    if spec.expression && is_text(ty) {
        key.on = KeyPart::Expression(format!("upper({})", quoted(name)).as_str().into());
    } else if spec.expression && is_integer(ty) {
        key.on = KeyPart::Expression(format!("({} + 1)", quoted(name)).as_str().into());
    }
    if hashed {
        return key;
    }
    if spec.descending {
        key.order = Order::Descending;
    }
    if profile != Profile::Sqlite {
        key.nulls = match spec.nulls {
            0 => None,
            1 => Some(Nulls::First),
            _ => Some(Nulls::Last),
        };
        key.operator_class = (spec.operator_class && is_text(ty)).then(|| "text_pattern_ops".into());
        key.collation = (spec.collation && is_text(ty)).then(|| "C".into());
    } else {
        key.collation = (spec.collation && is_text(ty)).then(|| "nocase".into());
    }
    key
}

pub(super) fn deferrable(choice: u8) -> Deferrable {
    match choice {
        0 => Deferrable::No,
        1 => Deferrable::Immediate,
        _ => Deferrable::Deferred,
    }
}

/// Different names, as many as there are.
pub(super) fn picked(from: &[Name], choices: &[u8]) -> Vec<Name> {
    let mut names: Vec<Name> = Vec::new();
    for choice in choices.iter().filter(|_| !from.is_empty()) {
        let name = &from[usize::from(*choice) % from.len()];
        if !names.contains(name) {
            names.push(name.clone());
        }
    }
    names
}

/// The parts of a derived name.
pub(super) fn with<'a>(names: &'a [Name], ending: &'a str) -> Vec<&'a str> {
    names.iter().map(Name::as_str).chain([ending]).collect()
}
