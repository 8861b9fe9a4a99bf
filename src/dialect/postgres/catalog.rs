//! The queries that picture a schema. Their rows hold names and definitions, never object ids or positions, so
//! that two databases give the same rows exactly when their schemas are the same; the order of columns is left
//! out, and so are objects of extensions, partitions' inherited parts and the tool's own journal.
//!
//! The caller runs them in one transaction that reads a single snapshot, with `search_path` at the namespace of
//! unqualified names, so that the server's own functions print every other name with its namespace, and with `jit`
//! off, which costs more than the queries, and with enough `work_mem` to sort the columns of some thousand tables.

use crate::dialect::CatalogQuery;

/// What depends on what, which follows from all else: it is not part of the picture.
pub(super) const DEPENDENCY: &str = "dependency";

macro_rules! queries {
    (parts: $($part:literal),+; objects: $($object:literal),+ $(,)?) => {
        /// All queries, in the order in which a person would want to read their rows.
        pub(super) const QUERIES: &[CatalogQuery] = &[
            $(CatalogQuery {
                kind: $part,
                sql: include_str!(concat!("catalog/", $part, ".sql")),
                about: &[],
            },)+
            $(CatalogQuery {
                kind: $object,
                sql: concat!(
                    include_str!("catalog/objects/before.sql"),
                    include_str!(concat!("catalog/objects/", $object, ".sql")),
                    include_str!("catalog/objects/after.sql"),
                ),
                about: &[],
            },)+
            CatalogQuery {
                kind: DEPENDENCY,
                sql: include_str!("catalog/dependency.sql"),
                // Tables and enums rest on nothing else but each other, as they say themselves.
                about: &["view", $($object),+],
            },
        ];

        /// The queries whose rows hold a whole object each, in the same cells.
        pub(super) const OBJECTS: &[&str] = &[$($object),+];
    };
}

queries!(
    parts: "namespace", "enum", "table", "column", "constraint", "index", "view";
    objects:
        "extension", "language", "type", "collation", "function", "operator", "text_search", "foreign_server",
        "sequence", "relation", "foreign_key", "materialized_view", "statistics", "trigger", "policy", "rule",
        "publication", "privilege",
);
