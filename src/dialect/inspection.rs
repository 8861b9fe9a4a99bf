//! A catalog read back as a schema: what the rows of a dialect's catalog queries say in the model's words, and what
//! there are no words for.

use super::{CatalogRow, Version};
use crate::model::State;

/// The rows of a dialect's catalog queries, as the database printed them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CatalogRows(Vec<(&'static str, Vec<CatalogRow>)>);

impl CatalogRows {
    /// Adds the rows of a query.
    pub fn push(&mut self, kind: &'static str, rows: Vec<CatalogRow>) {
        self.0.push((kind, rows));
    }

    /// Puts a text in the place of a cell of the query of this kind.
    pub fn amend(&mut self, kind: &str, row: usize, cell: usize, text: &str) {
        let rows = self.0.iter_mut().find(|(known, _)| *known == kind).map(|(_, rows)| rows);
        if let Some(cell) = rows.and_then(|rows| rows.get_mut(row)?.get_mut(cell)) {
            *cell = Some(text.to_owned());
        }
    }

    /// The rows of the query of this kind; none if it was not asked.
    #[must_use]
    pub fn of(&self, kind: &str) -> &[CatalogRow] {
        self.0.iter().find(|(known, _)| *known == kind).map_or(&[], |(_, rows)| rows)
    }
}

/// By the query that they came from.
impl IntoIterator for CatalogRows {
    type Item = (&'static str, Vec<CatalogRow>);
    type IntoIter = std::vec::IntoIter<Self::Item>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// Where a catalog was read.
#[derive(Debug, Clone, Copy)]
pub struct Surroundings<'a> {
    /// The namespace of unqualified names; `None` where there are no namespaces.
    pub namespace: Option<&'a str>,
    /// The version of the database.
    pub version: Version,
}

/// A schema as a database has it. Between its state and what is unmanaged, nothing of the schema is left out.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inspection {
    /// All that there are words for, in the words of the one dialect: nothing in it differs by dialect.
    pub state: State,
    /// All else.
    pub unmanaged: Vec<Unmanaged>,
    /// What whoever looked could not see.
    pub unseen: Vec<Unseen>,
}

/// What somebody may have no right to see, or not whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Hidden {
    /// Tables that he has no other right to, and their columns.
    Tables,
    /// Foreign keys.
    ForeignKeys,
    /// What views select.
    Views,
    /// Triggers.
    Triggers,
    /// Procedures and functions, or what others wrote in them.
    Routines,
    /// Events.
    Events,
}

/// What can't be seen, and what lets it be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unseen {
    /// What it is.
    pub what: Hidden,
    /// The statement with which somebody else lets it be seen.
    pub grant: Box<str>,
}

impl Hidden {
    /// As the subject of a sentence.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Tables => "tables",
            Self::ForeignKeys => "foreign keys",
            Self::Views => "views",
            Self::Triggers => "triggers",
            Self::Routines => "procedures and functions",
            Self::Events => "events",
        }
    }

    /// Whether a state has such things.
    #[must_use]
    pub fn is_in(self, state: &State) -> bool {
        let creates = |kinds: &[&str]| state.objects.iter().any(|object| object.creates(kinds));
        match self {
            Self::Tables => !state.tables.is_empty(),
            Self::ForeignKeys => state.tables.iter().any(|table| !table.foreign_keys.is_empty()),
            Self::Views => !state.views.is_empty() || creates(&["view"]),
            Self::Triggers => creates(&["trigger"]),
            Self::Routines => creates(&["procedure", "function"]),
            Self::Events => creates(&["event"]),
        }
    }
}

/// Something in a database that schemas have no words for. It is named, and left alone.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub struct Unmanaged {
    /// What it is, such as `foreign table`.
    pub kind: Box<str>,
    /// Its name, qualified where it is not in the namespace of unqualified names.
    pub name: Box<str>,
    /// What is known of it: two of the same name are the same if and only if this is equal.
    pub definition: Box<str>,
    /// Why it is not part of the state, as the rest of a sentence that begins with it.
    pub reason: Box<str>,
}
