//! The queries over `information_schema` whose rows picture a database: a fixed number of them, and each text is for both
//! products, which read different comments as SQL; besides them, [`definitions`] are asked of bodies with strings. Rows hold
//! names and definitions, never what rows of a table, a moment or a server decides; the name of the database itself stands in
//! the last cell of those that print it.

mod written;

pub(super) use written::definitions;

use std::borrow::Cow;

use crate::dialect::{CatalogQuery, CatalogRow};

use super::inspect::{Qualifier, matters, unended};

/// What is no part of the picture: what is inherited, and texts that hold counters; the other rows say the same.
const BESIDE: [&str; 2] = ["database", "created"];
/// That with a last cell which says how a check was written.
const CHECK: &str = "check";
/// Those whose last cell is the name of the database, and the cells that mention it.
const MENTIONING: [(&str, &[usize]); 2] = [("column", &[4, 6]), ("view", &[1])];
/// Those with a cell for a body, and one for the `sql_mode` that it was written in.
const BODIES: [(&str, usize, usize); 3] = [("trigger", 5, 6), ("routine", 2, 8), ("event", 10, 11)];

macro_rules! queries {
    ($($kind:literal),+ $(,)?) => {
        /// All queries, in the order in which a person would want to read their rows.
        pub(super) const QUERIES: &[CatalogQuery] =
            &[$(CatalogQuery { kind: $kind, sql: include_str!(concat!($kind, ".sql")), about: &[] }),+];
    };
}

queries!(
    "database",
    "table",
    "created",
    "partition",
    "column",
    "index",
    "foreign_key",
    "check",
    "view",
    "sequence",
    "trigger",
    "routine",
    "parameter",
    "event",
);

/// The rows of a query without what differs between two databases of the same schema.
pub(super) fn normalise(kind: &'static str, mut rows: Vec<CatalogRow>) -> Vec<CatalogRow> {
    if BESIDE.contains(&kind) {
        return Vec::new();
    }
    if kind == CHECK {
        for row in &mut rows {
            row.pop();
        }
    }
    if let Some((_, mentioning)) = MENTIONING.iter().find(|(known, _)| *known == kind) {
        for row in &mut rows {
            let Some(Some(database)) = row.pop() else { continue };
            let qualifier = Qualifier::new(&database);
            for at in *mentioning {
                let Some(Some(cell)) = row.get_mut(*at) else { continue };
                if let Cow::Owned(stripped) = qualifier.stripped(cell) {
                    *cell = stripped;
                }
            }
        }
    }
    if let Some((_, body, mode)) = BODIES.iter().find(|(known, ..)| *known == kind) {
        for row in &mut rows {
            if let Some(Some(body)) = row.get_mut(*body) {
                body.truncate(unended(body).len());
            }
            if let Some(Some(mode)) = row.get_mut(*mode) {
                *mode = matters(mode);
            }
        }
    }
    rows
}
