//! The catalog as a comparable picture. SQLite keeps the text of every CREATE statement and the pragmas say less
//! than that text does (no names of constraints, no checks), so the picture is made of it: cut into facts, each in
//! one spelling, wherever in the statement it stands.

mod enumeration;
mod fact;
mod listing;
mod naming;

pub(super) use enumeration::values_of;
pub(super) use fact::{normalise, unknown_constraints};
pub(super) use listing::{Content, Listing, Object};

use crate::dialect::CatalogQuery;

/// The kind of the rows of the one query.
pub(super) const OBJECT: &str = "object";

/// One query for all: what the tool itself and the library keep is left out, and so are the tables behind a virtual
/// table.
pub(super) static QUERIES: &[CatalogQuery] = &[CatalogQuery {
    kind: OBJECT,
    sql: r"SELECT name, type, tbl_name, sql FROM sqlite_schema
WHERE tbl_name NOT LIKE 'schemactl\_journal%' ESCAPE '\' AND tbl_name NOT LIKE 'schemactl\_observed%' ESCAPE '\'
AND name NOT LIKE 'sqlite\_%' ESCAPE '\'
AND tbl_name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')
ORDER BY type, name",
    about: &[],
}];
