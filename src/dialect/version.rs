//! What a database says that it is: a product in a version.

use std::fmt;

/// A database product. Some dialects are spoken by more than one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Product {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
    /// MySQL.
    MySql,
    /// MariaDB.
    MariaDb,
}

impl Product {
    /// The name that people know it by.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
            Self::MySql => "MySQL",
            Self::MariaDb => "MariaDB",
        }
    }

    /// The word for it on the command line.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
            Self::MySql => "mysql",
            Self::MariaDb => "mariadb",
        }
    }

    /// The product of this word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        [Self::Sqlite, Self::Postgres, Self::MySql, Self::MariaDb]
            .into_iter()
            .find(|known| known.word() == word)
    }

    /// A version of it.
    #[must_use]
    pub const fn version(self, major: u32, minor: u32, patch: u32) -> Version {
        Version { product: self, major, minor, patch }
    }
}

/// The version of a database server or library. Those of one product can be compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// Whose version it is.
    pub product: Product,
    /// The first number.
    pub major: u32,
    /// The second number.
    pub minor: u32,
    /// The third number.
    pub patch: u32,
}

impl Version {
    /// Whether it is this version of its product or a later one.
    #[must_use]
    pub fn is_at_least(self, major: u32, minor: u32, patch: u32) -> bool {
        (self.major, self.minor, self.patch) >= (major, minor, patch)
    }

    /// Whether a database in the other version prints its catalog in the same words. SQLite keeps what it was given, and
    /// PostgreSQL's words change with the first number alone.
    #[must_use]
    pub fn prints_as(self, other: Self) -> bool {
        let (one, two) = ((self.product, self.major), (other.product, other.major));
        match self.product {
            Product::Sqlite | Product::Postgres => one == two,
            Product::MySql | Product::MariaDb => one == two && self.minor == other.minor,
        }
    }
}

/// Writes the numbers: `3.51.3`.
impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { product: _, major, minor, patch } = self;
        write!(f, "{major}.{minor}.{patch}")
    }
}

/// The versions of a product that a dialect is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Supported {
    /// The oldest that is supported.
    pub oldest: Version,
    /// The newest that was tested, which offline work assumes.
    pub newest: Version,
}
