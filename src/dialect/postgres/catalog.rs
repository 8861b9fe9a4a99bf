//! The queries that picture a schema. Their rows hold names and definitions, never object ids or positions, so
//! that two databases give the same rows exactly when their schemas are the same; the order of columns is left
//! out, and so are objects of extensions, partitions' inherited parts and the tool's own journal.
//!
//! The caller runs them in one transaction that reads a single snapshot, with `search_path` at the namespace of
//! unqualified names, so that the server's own functions print every other name with its namespace, and with `jit`
//! off, which costs more than the queries.

use crate::dialect::CatalogQuery;

macro_rules! queries {
    ($($kind:literal),+ $(,)?) => {
        /// All queries, in the order in which a person would want to read their rows.
        pub(super) const QUERIES: &[CatalogQuery] =
            &[$(CatalogQuery { kind: $kind, sql: include_str!(concat!("catalog/", $kind, ".sql")) }),+];
    };
}

queries!(
    "namespace",
    "enum",
    "type",
    "table",
    "column",
    "constraint",
    "index",
    "view",
    "function",
    "trigger",
    "sequence",
    "policy",
);
