//! Values and SQL texts, and the way to say that one of them differs by dialect.

use std::collections::BTreeMap;
use std::fmt;

use crate::name::DialectName;

/// Something that holds for every dialect, with exceptions for some.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PerDialect<T> {
    /// What holds where there is no exception.
    pub common: T,
    /// The exceptions.
    pub overrides: BTreeMap<DialectName, T>,
}

impl<T> PerDialect<T> {
    /// The same for every dialect.
    pub fn same(common: T) -> Self {
        Self { common, overrides: BTreeMap::new() }
    }

    /// What holds for a dialect.
    pub fn get(&self, dialect: &DialectName) -> &T {
        self.overrides.get(dialect).unwrap_or(&self.common)
    }

    /// Whether all dialects have the same.
    #[must_use]
    pub fn is_common(&self) -> bool {
        self.overrides.is_empty()
    }

    /// The same, with each value changed.
    #[must_use]
    pub fn map(&self, change: impl Fn(&T) -> T) -> Self {
        let overrides = self.overrides.iter().map(|(dialect, value)| (dialect.clone(), change(value)));
        Self { common: change(&self.common), overrides: overrides.collect() }
    }

    /// Every value that occurs, the common one first.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        std::iter::once(&self.common).chain(self.overrides.values())
    }
}

impl<T: Clone> PerDialect<T> {
    /// What holds for a dialect, as the only value.
    #[must_use]
    pub fn resolved(&self, dialect: &DialectName) -> Self {
        Self::same(self.get(dialect).clone())
    }
}

/// SQL in the user's own words, possibly different by dialect.
pub type SqlText = PerDialect<Box<str>>;

impl From<&str> for SqlText {
    fn from(text: &str) -> Self {
        Self::same(text.into())
    }
}

/// A constant or an expression: a column's default, a cell of a reference row.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Value {
    /// SQL's NULL.
    Null,
    /// True or false.
    Bool(bool),
    /// A decimal number exactly as it is to be written, such as `-1.50`.
    Number(Box<str>),
    /// A text, unquoted.
    Text(Box<str>),
    /// An expression.
    Sql(Box<str>),
}

/// Writes the value for people: texts quoted, expressions as they are.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(text) | Self::Sql(text) => f.write_str(text),
            Self::Text(text) => write!(f, "'{text}'"),
        }
    }
}
