//! What rows must be like for a change of their table: asked before the statement, which the server would refuse, and say
//! of one row at most. No condition here holds for a row that the server would take.

use super::super::misfit;
use super::super::options::{self, CHARSET, COLLATION, ENFORCED};
use super::super::quote::{expression, ident, object};
use super::super::types::{Kind, MyType};
use super::change::{Change, Key};
use crate::dialect::{Misfit, Rule, Version};
use crate::model::{
    Collection, Column, EnumType, ForeignKey, Index, IndexKey, KeyPart, Options, Table, TableSettings,
};
use crate::name::Name;

/// Character sets that have a place for every character.
const UNICODE: [&str; 4] = ["utf8mb4", "utf16", "utf16le", "utf32"];

/// A table that is about to change.
pub(super) struct Fit<'a> {
    pub(super) version: Version,
    /// The table before the changes.
    pub(super) table: &'a Table,
    /// The enums before the changes, and after them.
    pub(super) enums: [&'a Collection<EnumType>; 2],
}

impl Fit<'_> {
    /// What rows can contradict in a change.
    pub(super) fn misfits(&self, change: &Change) -> Vec<Misfit> {
        let table = &self.table.name;
        match change {
            Change::SetColumn { from, to } => self.column(from, to),
            Change::Settings { to, columns, .. } => {
                let charsets = |column| self.lost_characters(column, column, to);
                columns.iter().filter_map(charsets).collect()
            }
            Change::AddPrimaryKey(key) | Change::ReplacePrimaryKey(key) => {
                let keys = key.columns.iter().map(ident).collect();
                self.repeated(&key.name, "the primary key", keys, &key.columns)
            }
            Change::AddKey(Key::Unique(unique)) | Change::ReplaceKey(Key::Unique(unique)) => {
                let keys = unique.columns.iter().map(ident).collect();
                self.repeated(&unique.name, &format!("`{}`", unique.name), keys, &unique.columns)
            }
            Change::AddKey(Key::Index(index)) | Change::ReplaceKey(Key::Index(index)) => self.index(index),
            Change::AddForeignKey { key, .. } => vec![dangling(self.table, key)],
            Change::AddCheck(check) | Change::ReplaceCheck(check)
                if options::switch(&check.options, ENFORCED, true) =>
            {
                let what = format!("rows of `{table}` contradict the check `{}`", check.name);
                let condition = format!("NOT {}", expression(&check.expression.common));
                let misfit = self.rows(Rule::Check, what, &condition);
                vec![Misfit { constraint: Some(check.name.to_string()), ..misfit }]
            }
            _ => Vec::new(),
        }
    }

    fn rows(&self, rule: Rule, what: String, condition: &str) -> Misfit {
        Misfit {
            what,
            query: format!("SELECT * FROM {} WHERE {condition}", object(&self.table.name)),
            rule,
            table: self.table.name.name.to_string(),
            constraint: None,
            columns: Vec::new(),
        }
    }

    fn of_column(&self, rule: Rule, column: &Name, what: String, condition: &str) -> Misfit {
        Misfit { columns: vec![column.to_string()], ..self.rows(rule, what, condition) }
    }

    fn column(&self, from: &Column, to: &Column) -> Vec<Misfit> {
        let (name, place) = (ident(&from.name), format!("`{}.{}`", self.table.name, from.name));
        if from.generated.is_some() || to.generated.is_some() || to.identity.is_some() {
            return Vec::new();
        }
        let mut found = Vec::new();
        if from.nullable && !to.nullable {
            let (what, condition) = (format!("rows have no value in {place}"), format!("{name} IS NULL"));
            found.push(self.of_column(Rule::NotNull, &from.name, what, &condition));
        }
        let types = (MyType::of(&from.ty.common, self.enums[0]), MyType::of(&to.ty.common, self.enums[1]));
        let condition = match (&types.0.kind, &types.1.kind) {
            _ if types.0 == types.1 => None,
            (Kind::Enum(before), Kind::Enum(after)) if before.iter().all(|value| after.contains(value)) => {
                None
            }
            (_, Kind::Enum(values)) if types.0.is_text() => {
                Some(misfit::not_among(&name, &to.ty.common, values))
            }
            (_, Kind::Enum(_) | Kind::Set(_)) => None,
            _ => misfit::refused(&name, &from.ty.common, &to.ty.common, self.version),
        };
        found.extend(condition.map(|condition| {
            let what = format!("rows have a value in {place} that `{}` has no place for", to.ty.common);
            self.of_column(Rule::Type, &from.name, what, &condition)
        }));
        found.extend(self.lost_characters(from, to, &self.table.settings));
        found
    }

    /// The rows with characters that another character set doesn't have.
    fn lost_characters(&self, from: &Column, to: &Column, settings: &TableSettings) -> Option<Misfit> {
        let ty = MyType::of(&from.ty.common, self.enums[0]);
        let after = charset(to, settings)?;
        let same = charset(from, &self.table.settings).is_some_and(|before| before == after);
        if !ty.is_text() || same || after == "binary" || UNICODE.contains(&after.as_str()) {
            return None;
        }
        let name = ident(&from.name);
        let what = format!(
            "rows have characters in `{}.{}` that `{after}` doesn't have",
            self.table.name, from.name
        );
        let bytes = |text: &str| format!("CAST(CONVERT({text} USING utf8mb4) AS BINARY)");
        let there_and_back = bytes(&format!("CONVERT({name} USING {after})"));
        let condition = format!("{there_and_back} <> {}", bytes(&name));
        Some(self.of_column(Rule::Type, &from.name, what, &condition))
    }

    fn index(&self, index: &Index) -> Vec<Misfit> {
        if !index.unique {
            return Vec::new();
        }
        let mut columns = Vec::new();
        let mut keys = Vec::new();
        for IndexKey { on, prefix, .. } in &index.keys {
            keys.push(match (on, prefix) {
                (KeyPart::Column(name), Some(length)) => format!("LEFT({}, {length})", ident(name)),
                (KeyPart::Column(name), None) => ident(name),
                (KeyPart::Expression(text), _) => expression(&text.common),
            });
            columns.extend(match on {
                KeyPart::Column(name) => Some(name.clone()),
                KeyPart::Expression(_) => None,
            });
        }
        self.repeated(&index.name, &format!("`{}`", index.name), keys, &columns)
    }

    /// The values that stand in several rows, where all columns are there already.
    fn repeated(&self, name: &Name, what: &str, keys: Vec<String>, columns: &[Name]) -> Vec<Misfit> {
        if !columns.iter().all(|column| self.table.columns.contains(column)) {
            return Vec::new();
        }
        let values: Vec<String> = keys.iter().map(|key| format!("{key} IS NOT NULL")).collect();
        let (table, keys, values) = (object(&self.table.name), keys.join(", "), values.join(" AND "));
        vec![Misfit {
            query: format!(
                "SELECT {keys}, count(*) FROM {table} WHERE {values} GROUP BY {keys} HAVING count(*) > 1"
            ),
            constraint: Some(name.to_string()),
            ..self.rows(Rule::Unique, format!("rows of `{}` are the same in {what}", self.table.name), "")
        }]
    }
}

fn dangling(table: &Table, key: &ForeignKey) -> Misfit {
    let pairs = || key.references.iter().zip(&key.columns);
    let values: Vec<String> =
        key.columns.iter().map(|name| format!("c.{} IS NOT NULL", ident(name))).collect();
    let same: Vec<String> =
        pairs().map(|(there, here)| format!("p.{} = c.{}", ident(there), ident(here))).collect();
    Misfit {
        what: format!("rows of `{}` refer by `{}` to rows that are not there", table.name, key.name),
        query: format!(
            "SELECT * FROM {} AS c WHERE {} AND NOT EXISTS (SELECT 1 FROM {} AS p WHERE {})",
            object(&table.name),
            values.join(" AND "),
            object(&key.table),
            same.join(" AND ")
        ),
        rule: Rule::ForeignKey,
        table: table.name.name.to_string(),
        constraint: Some(key.name.to_string()),
        columns: Vec::new(),
    }
}

/// The character set of a column's values, as far as it or the table says.
fn charset(column: &Column, settings: &TableSettings) -> Option<String> {
    let of = |options: &Options, collation: Option<&str>| {
        let name = options::word(options, CHARSET).or(collation)?;
        name.split('_').next().map(str::to_ascii_lowercase)
    };
    of(&column.options, column.collation.common.as_deref())
        .or_else(|| of(&settings.options, options::word(&settings.options, COLLATION)))
}
