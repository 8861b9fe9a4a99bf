//! Indexes.

use super::collection::named;
use super::{Options, SqlText};
use crate::name::{DialectName, Name};

/// An index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Index {
    /// Its name.
    pub name: Name,
    /// The only dialect that has it; `None` is all of them.
    pub only: Option<DialectName>,
    /// What is indexed, most significant first.
    pub keys: Vec<IndexKey>,
    /// Whether no two rows may have the same keys.
    pub unique: bool,
    /// Whether two NULLs count as equal in a unique index.
    pub nulls_not_distinct: bool,
    /// Which rows are in the index; `None` is all of them.
    pub predicate: Option<SqlText>,
    /// Columns that are stored along.
    pub include: Vec<Name>,
    /// The access method, such as `gin`; `None` is the database's own choice, a B-tree.
    pub method: Option<Box<str>>,
    /// A comment for people.
    pub comment: Option<Box<str>>,
    /// Such as `invisible`.
    pub options: Options,
}

/// One key of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexKey {
    /// What is indexed.
    pub on: KeyPart,
    /// In which direction.
    pub order: Order,
    /// Where NULLs stand; `None` is the dialect's own rule.
    pub nulls: Option<Nulls>,
    /// The operator class, by the dialect's name for it.
    pub operator_class: Option<Box<str>>,
    /// The collation, by the dialect's name for it.
    pub collation: Option<Box<str>>,
    /// How many characters (of bytes: bytes) from the start are indexed, where a database can't index them all.
    pub prefix: Option<u32>,
}

impl IndexKey {
    /// A column, ascending.
    #[must_use]
    pub fn column(name: Name) -> Self {
        Self {
            on: KeyPart::Column(name),
            order: Order::Ascending,
            nulls: None,
            operator_class: None,
            collation: None,
            prefix: None,
        }
    }
}

/// What a key of an index is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KeyPart {
    /// A column.
    Column(Name),
    /// An expression over the row.
    Expression(SqlText),
}

/// The direction of an index key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Order {
    /// From small to large.
    Ascending,
    /// From large to small.
    Descending,
}

/// Where NULLs stand in an index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Nulls {
    /// Before everything else.
    First,
    /// After everything else.
    Last,
}

named!(Index: Name);
