//! Primary keys and unique constraints, and what becomes of a row that breaks a rule.

/// A primary key or a unique constraint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::dialect::sqlite) struct Key {
    pub columns: Vec<KeyColumn>,
    /// What becomes of a row whose key is there already.
    pub conflict: Option<Conflict>,
}

/// A column of a key.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::dialect::sqlite) struct KeyColumn {
    pub name: String,
    /// The collation, if it is not the column's.
    pub collation: Option<String>,
    pub descending: bool,
}

/// What SQLite does with a row that breaks a rule, where it doesn't abort the statement, which it does anyway.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::dialect::sqlite) enum Conflict {
    /// The whole transaction is rolled back.
    Rollback,
    /// The statement ends, and what it did stays.
    Fail,
    /// The row is left out.
    Ignore,
    /// The rows in its way are deleted; for NULL, the default is taken.
    Replace,
}

impl Key {
    /// Ascending, in the columns' own collations.
    pub(in crate::dialect::sqlite) fn plain(column: &str) -> Self {
        Self { columns: vec![KeyColumn::plain(column)], conflict: None }
    }

    /// The one column, if there is one and it fits.
    pub(super) fn sole(&self, fits: impl Fn(&KeyColumn) -> bool) -> Option<&str> {
        match self.columns.as_slice() {
            [column] if fits(column) => Some(&column.name),
            [_] | [] | [_, _, ..] => None,
        }
    }

    pub(in crate::dialect::sqlite) fn names(&self) -> impl Iterator<Item = &String> {
        self.columns.iter().map(|column| &column.name)
    }

    pub(in crate::dialect::sqlite) fn names_mut(&mut self) -> impl Iterator<Item = &mut String> {
        self.columns.iter_mut().map(|column| &mut column.name)
    }
}

impl KeyColumn {
    /// Ascending, in the column's own collation.
    pub(in crate::dialect::sqlite) fn plain(name: &str) -> Self {
        Self { name: name.to_owned(), collation: None, descending: false }
    }
}

impl Conflict {
    pub(in crate::dialect::sqlite) const ALL: [Self; 4] =
        [Self::Ignore, Self::Replace, Self::Fail, Self::Rollback];

    /// In small letters.
    pub(in crate::dialect::sqlite) fn word(self) -> &'static str {
        match self {
            Self::Rollback => "rollback",
            Self::Fail => "fail",
            Self::Ignore => "ignore",
            Self::Replace => "replace",
        }
    }
}
