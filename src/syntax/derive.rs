//! The names of constraints and indexes that have none written: PostgreSQL's own, so that a database that was made
//! by hand and one that was made from a schema agree. A name is left out of the canonical form exactly when it is
//! the one derived here, before any numbering.

use crate::model::{Collection, Column, ForeignKey, Index, IndexKey, KeyPart, PrimaryKey, Unique};
use crate::name::{DERIVED_BYTES_MAX, Name, ObjectName};
use crate::sql::{Rules, identifiers};

/// The parts of a derived name: the table, what it is about, and what it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Base<'n> {
    parts: Vec<&'n str>,
    ending: &'static str,
}

impl<'n> Base<'n> {
    fn new(table: &'n ObjectName, about: impl IntoIterator<Item = &'n str>, ending: &'static str) -> Self {
        Self { parts: std::iter::once(table.name.as_str()).chain(about).collect(), ending }
    }

    /// The name; `number` tells it from others with the same parts, as in `users_email_key1`. 0 is no number.
    pub(crate) fn name(&self, number: usize) -> Name {
        let numbered;
        let ending = if number == 0 {
            self.ending
        } else {
            numbered = format!("{}{number}", self.ending);
            &numbered
        };
        let mut parts = self.parts.clone();
        parts.push(ending);
        Name::derived(&parts)
    }

    /// Whether this is the name without a number.
    pub(super) fn is(&self, name: &Name) -> bool {
        let length = self.parts.iter().map(|part| part.len() + 1).sum::<usize>() + self.ending.len();
        if length > DERIVED_BYTES_MAX {
            return self.name(0) == *name;
        }
        // Compared piece by piece, since building the name would cost more than all else in printing.
        let mut rest = Some(name.as_str());
        for part in &self.parts {
            rest = rest.and_then(|rest| rest.strip_prefix(part)?.strip_prefix('_'));
        }
        rest == Some(self.ending)
    }
}

/// `posts_pkey`
pub(crate) fn primary_key(table: &ObjectName) -> Base<'_> {
    Base::new(table, None, "pkey")
}

/// `users_email_key`
pub(crate) fn unique<'n>(table: &'n ObjectName, columns: &'n [Name]) -> Base<'n> {
    Base::new(table, columns.iter().map(Name::as_str), "key")
}

/// `posts_author_id_fkey`
pub(crate) fn foreign_key<'n>(table: &'n ObjectName, columns: &'n [Name]) -> Base<'n> {
    Base::new(table, columns.iter().map(Name::as_str), "fkey")
}

/// `posts_author_id_created_at_idx`: included columns count, as they do for PostgreSQL; an expression counts as `expr`.
pub(super) fn index<'n>(table: &'n ObjectName, keys: &'n [IndexKey], include: &'n [Name]) -> Base<'n> {
    let keys = keys.iter().map(|key| match &key.on {
        KeyPart::Column(name) => name.as_str(),
        KeyPart::Expression(_) => "expr",
    });
    Base::new(table, keys.chain(include.iter().map(Name::as_str)), "idx")
}

/// `users_email_check` if the expression mentions just one column, else `users_check`.
pub(crate) fn check<'n>(
    table: &'n ObjectName,
    expression: &str,
    columns: &'n Collection<Column>,
) -> Base<'n> {
    Base::new(table, only_column(expression, columns).map(Name::as_str), "check")
}

/// The column that an expression mentions, if it mentions no other one.
fn only_column<'c>(expression: &str, columns: &'c Collection<Column>) -> Option<&'c Name> {
    let mut only: Option<&Name> = None;
    for identifier in identifiers(expression, &Rules::SHARED) {
        let called =
            expression.get(identifier.span.end..).is_some_and(|rest| rest.trim_start().starts_with('('));
        if called && !identifier.quoted {
            continue;
        }
        let column = Name::new(&identifier.name).ok().and_then(|name| columns.get(&name));
        match (column, only) {
            (None, _) => {}
            (Some(column), None) => only = Some(&column.name),
            (Some(column), Some(first)) if column.name == *first => {}
            (Some(_), Some(_)) => return None,
        }
    }
    only
}

/// Something whose name can be derived from itself and its table.
pub(super) trait Derive {
    /// The parts of its name in this table.
    fn base<'n>(&'n self, table: &'n ObjectName) -> Base<'n>;
}

impl Derive for PrimaryKey {
    fn base<'n>(&'n self, table: &'n ObjectName) -> Base<'n> {
        primary_key(table)
    }
}

impl Derive for Unique {
    fn base<'n>(&'n self, table: &'n ObjectName) -> Base<'n> {
        unique(table, &self.columns)
    }
}

impl Derive for ForeignKey {
    fn base<'n>(&'n self, table: &'n ObjectName) -> Base<'n> {
        foreign_key(table, &self.columns)
    }
}

impl Derive for Index {
    fn base<'n>(&'n self, table: &'n ObjectName) -> Base<'n> {
        index(table, &self.keys, &self.include)
    }
}
