//! The renames of a batch. PostgreSQL follows them in everything that it has stored as expressions, while the
//! texts of the states follow in operations of their own: here the one is compared with the other.

use crate::model::SqlText;
use crate::name::{Name, ObjectName};
use crate::sql::{rename_column, rename_identifier, rename_table, same_tokens};

use super::super::RULES;

/// What has been renamed so far, oldest first.
#[derive(Default)]
pub(super) struct Renames(Vec<Renamed>);

enum Renamed {
    /// A table or a view.
    Relation { from: ObjectName, to: ObjectName },
    Column {
        /// The table by its name at that time.
        then: ObjectName,
        /// The table by its name now.
        now: ObjectName,
        from: Name,
        to: Name,
    },
    /// An enum or a namespace.
    Other { from: Name, to: Name },
}

impl Renames {
    pub(super) fn relation(&mut self, from: &ObjectName, to: &ObjectName) {
        for renamed in &mut self.0 {
            match renamed {
                Renamed::Column { now, .. } if now == from => *now = to.clone(),
                Renamed::Column { .. } | Renamed::Relation { .. } | Renamed::Other { .. } => {}
            }
        }
        self.0.push(Renamed::Relation { from: from.clone(), to: to.clone() });
    }

    pub(super) fn column(&mut self, table: &ObjectName, from: &Name, to: &Name) {
        let (then, now) = (table.clone(), table.clone());
        self.0.push(Renamed::Column { then, now, from: from.clone(), to: to.clone() });
    }

    pub(super) fn other(&mut self, from: &Name, to: &Name) {
        self.0.push(Renamed::Other { from: from.clone(), to: to.clone() });
    }

    /// A text with all renames followed. With an owner, columns of other tables are not meant.
    fn follow(&self, text: &str, owner: Option<&ObjectName>) -> String {
        let mut text = text.to_owned();
        for renamed in &self.0 {
            text = match renamed {
                Renamed::Relation { from, to } => {
                    rename_table(&text, from.name.as_str(), to.name.as_str(), &RULES)
                }
                Renamed::Column { then, now, from, to } if owner.is_none_or(|owner| owner == now) => {
                    rename_column(&text, then.name.as_str(), from.as_str(), to.as_str(), &RULES)
                }
                Renamed::Column { .. } => text,
                Renamed::Other { from, to } => rename_identifier(&text, from.as_str(), to.as_str(), &RULES),
            };
        }
        text
    }

    /// The text as it reads after all renames.
    pub(super) fn followed(&self, text: &str) -> String {
        self.follow(text, None)
    }

    /// Whether a text of a table's part has become another only by the renames.
    pub(super) fn explain(&self, owner: Option<&ObjectName>, from: &SqlText, to: &SqlText) -> bool {
        same_tokens(&from.common, &to.common, &RULES)
            || (!self.0.is_empty() && same_tokens(&self.follow(&from.common, owner), &to.common, &RULES))
    }

    /// The names that a relation has or had, newest first.
    pub(super) fn of_relation(&self, name: &ObjectName) -> Vec<String> {
        let mut current = name.clone();
        let mut names = vec![name.name.to_string()];
        for renamed in self.0.iter().rev() {
            if let Renamed::Relation { from, to } = renamed
                && *to == current
            {
                current = from.clone();
                names.push(from.name.to_string());
            }
        }
        names
    }

    /// The names that a column has or had, newest first.
    pub(super) fn of_column(&self, table: &ObjectName, name: &Name) -> Vec<String> {
        let mut current = name.clone();
        let mut names = vec![name.to_string()];
        for renamed in self.0.iter().rev() {
            if let Renamed::Column { now, from, to, .. } = renamed
                && now == table
                && *to == current
            {
                current = from.clone();
                names.push(from.to_string());
            }
        }
        names
    }

    /// The names that an enum has or had.
    pub(super) fn of_enum(&self, name: &ObjectName) -> Vec<String> {
        let mut names = vec![name.name.to_string()];
        for renamed in self.0.iter().rev() {
            if let Renamed::Other { from, to } = renamed
                && names.last().is_some_and(|last| last == to.as_str())
            {
                names.push(from.to_string());
            }
        }
        names
    }
}
