//! What databases differ in: each dialect is one folder, and the rest of the code asks for a capability or a
//! rendering, never for a name. Nothing here talks to a database.

mod bookkeeping;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod cells;
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
mod going;
mod inspection;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod made;
#[cfg(feature = "mysql")]
pub mod mysql;
mod offline;
#[cfg(any(feature = "postgres", feature = "sqlite"))]
mod partial;
#[cfg(feature = "postgres")]
pub mod postgres;
mod referential;
mod registry;
#[cfg(any(feature = "postgres", feature = "mysql"))]
mod row;
#[cfg(any(feature = "postgres", feature = "mysql", feature = "sqlite"))]
mod spelling;
#[cfg(feature = "sqlite")]
pub mod sqlite;
mod statement;
mod version;

pub use bookkeeping::{Bookkeeping, set_aside};
pub use inspection::{CatalogRows, Hidden, Inspection, Surroundings, Unmanaged, Unseen};
pub use offline::{Books, Circumstances, Offline};
pub use registry::{all, codes, find, find_product, names, naming, products, servers};
pub use statement::{
    Action, Carry, Class, Copied, Doubt, Effect, Guard, Hazard, Lock, Misfit, Pass, Rebuild, Rule, Statement,
    Transaction, Written,
};
pub use version::{Product, Supported, Version};

use crate::change::{Earlier, Op};
use crate::diagnostic::Diagnostic;
use crate::model::{Column, Naming, State, Type};
use crate::name::{DialectName, Name, ObjectName};
use crate::sql::Rules;

/// A run of operations as one dialect sees them: states and operations are projected to it already.
#[derive(Debug, Clone, Copy)]
pub struct Batch<'a> {
    /// The state that the operations start from.
    pub before: &'a State,
    /// The operations, in an order that works.
    pub ops: &'a [Op],
    /// The state that they lead to.
    pub after: &'a State,
    /// What columns were before the operations, and between them.
    pub earlier: &'a Earlier,
}

/// A query over the catalog whose rows, as text, make up a comparable picture of the schema.
#[derive(Debug, Clone, Copy)]
pub struct CatalogQuery {
    /// What the rows describe, such as `column`.
    pub kind: &'static str,
    /// The query. Its first columns name the object, the others describe it. Rows come in an order that is good to read
    /// them in, and that says nothing that two schemas could differ in.
    pub sql: &'static str,
    /// The kinds of rows that it tells more of: where other queries gave none of these, it is not asked. Empty for those
    /// that are always asked.
    pub about: &'static [&'static str],
}

/// A query for the text of one object, where the row of a catalog query doesn't have it as it was written.
#[derive(Debug, Clone)]
pub struct DefinitionQuery {
    /// The query, which gives one row.
    pub sql: String,
    /// The cell of that row which has the definition.
    pub answer: usize,
    /// The part of the definition that the catalog's row has; `None` if it isn't there.
    pub part: fn(&str) -> Option<&str>,
    /// The kind of the catalog's row.
    pub kind: &'static str,
    /// Which of the rows of this kind it is.
    pub row: usize,
    /// The cell that gets the part.
    pub cell: usize,
}

/// A row of a catalog query; `None` is NULL.
pub type CatalogRow = Vec<Option<String>>;

/// A database that schemactl knows.
pub trait Dialect: Sync {
    /// The name in annotations and configuration.
    fn name(&self) -> DialectName;

    /// The products that speak it, the usual one first.
    fn supported(&self) -> &'static [Supported];

    /// The version that offline work assumes where nothing tells the product.
    fn newest(&self) -> Version {
        self.supported().first().expect("a dialect is spoken by a product").newest
    }

    /// What it asks of names.
    fn naming(&self) -> Naming {
        Naming::Common
    }

    /// What of a projected state this dialect can't have. Empty: it can have all of it.
    fn check(&self, state: &State) -> Vec<Diagnostic>;

    /// What of a state that is meant for several databases is surely meant for another one alone. The state is not
    /// projected.
    fn check_shared(&self, state: &State) -> Vec<Diagnostic> {
        let _ = state;
        Vec::new()
    }

    /// What SQL that a person wrote surely means otherwise than this dialect reads it; `what` names the text.
    fn misread(&self, what: &str, sql: &str) -> Option<Diagnostic> {
        let _ = (what, sql);
        None
    }

    /// What has to be done, in order, for a run of operations on a database of this version.
    ///
    /// # Errors
    /// The operations that this dialect has no way to do, each with the reason.
    fn render(&self, batch: Batch<'_>, version: Version) -> Result<Vec<Action>, Vec<Diagnostic>>;

    /// Whether values become those of another type by themselves when their column's type changes; some may not fit it.
    fn converts(&self, from: &Type, to: &Type) -> bool;

    /// An expression of the user's as a value of a type, where the database would not take it for one.
    fn cast(&self, expression: &str, to: &Type) -> String {
        let _ = to;
        expression.to_owned()
    }

    /// The object that numbers the rows of a column, where there is one beside it that the column brings along.
    fn numbering(&self, table: &ObjectName, column: &Column) -> Option<ObjectName> {
        let _ = (table, column);
        None
    }

    /// Lets such an object go on behind the numbers that a column has.
    fn renumber(&self, sequence: &ObjectName, table: &ObjectName, column: &Name) -> Option<String> {
        let _ = (sequence, table, column);
        None
    }

    /// How scripts are written that its own client runs.
    fn offline(&self) -> &'static dyn Offline;

    /// A name in quotes.
    fn quoted(&self, name: &Name) -> String {
        self.rules().quoted(name.as_str())
    }

    /// How its SQL is read as tokens.
    fn rules(&self) -> &'static Rules;

    /// How this program's own tables are made.
    fn books(&self) -> Books {
        Books::PLAIN
    }

    /// The query for the journals in a database, whatever project they are of: the namespace, or NULL where there are none,
    /// and the name of each table that is called like one.
    fn journals(&self) -> &'static str;

    /// How to find out what became of a statement that ran outside of a transaction and was cut off.
    fn doubt(&self, sql: &str) -> Doubt {
        let _ = sql;
        Doubt::Unknown
    }

    /// The queries whose rows make up the catalog, whatever the number of tables.
    fn catalog(&self) -> &'static [CatalogQuery];

    /// What is to be asked besides for texts that rows of the catalog's queries don't have as they were written.
    fn definitions(&self, rows: &CatalogRows) -> Vec<DefinitionQuery> {
        let _ = rows;
        Vec::new()
    }

    /// The schema that the rows of the catalog's queries describe.
    ///
    /// # Errors
    /// A row is not as the query gives it: the catalog changed while it was read, or is damaged.
    fn inspect(&self, rows: &CatalogRows, surroundings: Surroundings<'_>) -> Result<Inspection, Diagnostic>;

    /// The rows of one of the catalog's queries without differences of spelling: two databases have the same
    /// schema if and only if these rows are equal, as sets. Databases that print their catalog in one spelling
    /// have nothing to do.
    fn normalise(&self, kind: &'static str, rows: Vec<CatalogRow>) -> Vec<CatalogRow> {
        let _ = kind;
        rows
    }

    /// What holds for the values of a column (given as SQL) that a type has no place for when it becomes that of the
    /// column. `None`: nothing can tell.
    fn misfit(&self, column: &str, from: &Type, to: &Type, version: Version) -> Option<String>;

    /// Where [`misfit`](Self::misfit) has no condition: the statements that make a function for this session alone which
    /// tries a value, in a transaction that is rolled back, and the condition that a value of the column fits.
    fn probe(&self, column: &str, from: &Type, to: &Type) -> Option<(Vec<String>, String)> {
        let _ = (column, from, to);
        None
    }

    /// What holds for the values of a column of an enum, or of an array of it, that are none of these.
    fn not_among(&self, column: &str, ty: &Type, values: &[Box<str>]) -> String;

    /// A state as this dialect sees it, in a spelling that what was declared and what was read back from a database have
    /// in common, by rules alone: for comparing them where no database can be asked. It is not for writing.
    fn normal(&self, state: &State) -> State {
        state.for_dialect(&self.name())
    }

    /// The constraints of a table that a statement which creates it does not have, as texts, given the statement that
    /// the database keeps of it. For databases that keep one and make tables anew.
    fn unknown_constraints(&self, live: &str, known: &str) -> Vec<String> {
        let _ = (live, known);
        Vec::new()
    }
}
